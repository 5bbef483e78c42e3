/* start.c: the first page: what this is, the three levels, the areas, and for who is logged in the
 * ways to what is theirs.
 *
 * Owns its document alone. Everything personal stands under `me`, which is null for an anonymous
 * reader, so that what may be kept and what may not is seen at a glance. */
#include "internal.h"

static json_t *areas(struct ctx *ctx)
{
    return db_rows(ctx->tx,
                   "SELECT b.id AS \"id\", w.name AS \"name\", w.full_name AS \"fullName\" "
                   "FROM group_kind k CROSS JOIN workgroup w JOIN body b ON b.key = w.key "
                   "WHERE k.level = 'national' AND k.category = 'programmeArea' "
                   "AND w.kind_key = k.key AND " GROUP_STANDS " AND " GROUP_VISIBLE
                   " ORDER BY w.name",
                   LEVEL_ARGS(ctx));
}

static const struct value membership_roles[] = {
    {"chair", N_("Chair")},
    {"viceChair", N_("Vice chair")},
    {"member", N_("Member")},
    {"coOpted", N_("Co-opted")},
    {"processLeader", N_("Process leader")},
    {"secretary", N_("Secretary")},
    {"contact", N_("Contact")},
    {"observer", N_("Observer")},
    {NULL, NULL},
};

/* A contact of a restricted group knows of it, but not here: its page is not hers. */
static json_t *my_groups(struct ctx *ctx)
{
    json_t *row;
    size_t i;
    json_t *rows = db_rows(ctx->tx,
                           "SELECT b.id AS \"id\", w.full_name AS \"fullName\", "
                           "k.level AS \"level\", m.role AS \"role\" FROM membership m "
                           "JOIN workgroup w ON w.key = m.group_key JOIN body b ON b.key = w.key "
                           "JOIN group_kind k ON k.key = w.kind_key WHERE m.person_key = ?3 "
                           "AND " IN_FORCE("m") " AND "
                           ACCESS_GROUP_VISIBLE("w.access_mode", "w.key") " ORDER BY w.full_name",
                           ctx->day, access_sees_all(ctx), ctx->actor->person_key, ctx->today);
    json_array_foreach(rows, i, row) {
        json_put(row, "levelLabel", level_words(ctx, json_text(row, "level")));
        json_put(row, "roleLabel", value_label(ctx, membership_roles, json_text(row, "role")));
    }
    return rows;
}

/* The organisations coordinated, each with its level's page when it has one. */
static json_t *my_organisations(struct ctx *ctx)
{
    json_t *items = json_array();
    struct places places = places_read(ctx);
    for (int i = 0; i < ctx->actor->areas; i++) {
        long long key = ctx->actor->area[i];
        const struct place *place = place_of(&places, key);
        json_t *item = db_row(ctx->tx,
                              "SELECT b.id AS \"id\", o.name AS \"name\" FROM organisation o "
                              "JOIN body b ON b.key = o.key WHERE o.key = ?1",
                              key);
        if (!item)
            continue;
        json_put(item, "href",
                 place ? arena_printf(ctx->arena, "%s/%s", level_path(place->level), place->id)
                       : arena_printf(ctx->arena, "/organisations/%s", json_text(item, "id")));
        json_push(items, item);
    }
    return items;
}

static json_t *my_roles(struct ctx *ctx)
{
    static const struct {
        enum role role;
        struct value value;
    } roles[] = {
        {ROLE_ADMINISTRATOR, {"administrator", N_("Administrator")}},
        {ROLE_SUPPORT, {"support", N_("Support function")}},
        {ROLE_COORDINATOR, {"coordinator", N_("Coordinator")}},
        {ROLE_AUDITOR, {"auditor", N_("Auditor")}},
        {ROLE_DATA_PROTECTION, {"dataProtection", N_("Data protection")}},
    };
    json_t *items = json_array();
    for (size_t i = 0; i < LEN(roles); i++) {
        if (!(ctx->actor->roles & roles[i].role))
            continue;
        json_t *item = json_push(items, json_object());
        json_put(item, "role", roles[i].value.code);
        json_put(item, "roleLabel", ctx_text(ctx, roles[i].value.label));
    }
    return items;
}

static void shortcut(struct ctx *ctx, json_t *items, bool may_go, const char *href,
                     const char *words)
{
    if (!may_go)
        return;
    json_t *item = json_push(items, json_object());
    json_put(item, "href", href);
    json_put(item, "label", ctx_text(ctx, words));
}

static json_t *me(struct ctx *ctx)
{
    if (!ctx->actor->account_key || ctx->actor->half)
        return json_null();
    json_t *me = json_object(), *shortcuts = json_array();
    json_put(me, "name", ctx->actor->name);
    json_put_new(me, "roles", my_roles(ctx));
    json_put_new(me, "groups", ctx->actor->person_key ? my_groups(ctx) : json_array());
    json_put_new(me, "organisations", my_organisations(ctx));
    bool officer = access_to_group(ctx, 0) & WHO_ANY_OFFICER, kinds = may(ctx, ACT_CHANGE_KIND, 0);
    shortcut(ctx, shortcuts, officer || may(ctx, ACT_RUN_CHECKS, 0), "/checks",
             N_("Checks of the register"));
    shortcut(ctx, shortcuts, kinds, "/accounts", N_("Accounts"));
    shortcut(ctx, shortcuts, kinds, "/group-kinds", N_("Kinds of groups"));
    shortcut(ctx, shortcuts, may(ctx, ACT_SEE_ALL_HISTORY, 0), "/audit-events", N_("History"));
    json_put_new(me, "shortcuts", shortcuts);
    return me;
}

enum code level_start(struct ctx *ctx, json_t **out)
{
    struct tallies tallies = tallies_read(ctx);
    json_t *document = *out = level_begin(ctx, NULL);
    json_put_new(document, "levels", level_cards(ctx, &tallies));
    json_put_new(document, "programmeAreas", areas(ctx));
    json_put_new(document, "me", me(ctx));
    return tx_code(ctx->tx);
}
