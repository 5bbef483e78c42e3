/* group_rules.c: establishing, changing, moving and deleting a group (R5, R7).
 *
 * Owns the rules that a group's own fields must hold, its address and its name with the kind. A
 * rule that refuses names itself. Must not know what became of a group over time (group_life.c) nor
 * any page. */
#include <ctype.h>
#include <string.h>
#include <kansli/utf8.h>
#include <kansli/coverage.h>
#include "internal.h"

/* ---------------------------------------------------------------- rights */

long long group_in_path(struct ctx *ctx, struct answer *out, enum code *code)
{
    const char *id = ctx_value(ctx, "id");
    long long key = db_int(ctx->tx, 0,
                           "SELECT g.key FROM body b JOIN workgroup g ON g.key = b.key "
                           "WHERE b.id = ?5 AND " GROUP_VISIBLE("g"),
                           GROUP_ARGS(ctx), id);
    *code = key ? tx_code(ctx->tx) : resource_absent(ctx, &group_resource, id, out);
    return *code ? 0 : key;
}

static bool in_path(const struct ctx *ctx)
{
    return ctx->names > 0 && !strcmp(ctx->name[0], "id");
}

long long group_named(struct ctx *ctx, struct answer *out, enum code *code)
{
    long long key = 0;
    *code = OK;
    if (in_path(ctx))
        return group_in_path(ctx, out, code);
    const char *id = params_text(ctx->body, "groupId");
    json_decref(id ? resource_one(ctx, &group_resource, id, &key, NULL) : NULL);
    return key;
}

void group_check_named(struct ctx *ctx, long long group_key, const struct ref_value *sent)
{
    if (!sent->key && !in_path(ctx) && !params_text(ctx->body, "groupId"))
        err_field(ctx->err, "/groupId", N_("This is needed."), NULL);
    if (sent->key && sent->key != group_key)
        err_field(ctx->err, "/groupId", N_("The address names another group."), NULL);
}

enum act group_establish_act(struct ctx *ctx, long long kind_key)
{
    const char *row = db_text(
        ctx->tx,
        "SELECT CASE WHEN k.any_principal = 1 THEN 'group' WHEN NOT EXISTS ("
        "SELECT 1 FROM group_kind_principal p WHERE p.kind_key = k.key) THEN 'free' "
        "WHEN k.level = 'national' AND k.category IN ('programmeArea', 'collaboration') "
        "AND EXISTS (SELECT 1 FROM group_kind_principal p JOIN group_kind s ON s.key = "
        "p.principal_key WHERE p.kind_key = k.key AND s.category = 'steering' "
        "AND s.level = 'national') THEN 'area' ELSE 'group' END FROM group_kind k WHERE k.key = ?1",
        kind_key);
    if (row && !strcmp(row, "free"))
        return ACT_ESTABLISH_FREE;
    return row && !strcmp(row, "area") ? ACT_ESTABLISH_PROGRAMME_AREA : ACT_ESTABLISH_GROUP;
}

enum act group_close_act(struct ctx *ctx, long long group_key)
{
    return group_establish_act(
        ctx, db_int(ctx->tx, 0, "SELECT kind_key FROM workgroup WHERE key = ?1", group_key));
}

/* A group that is not there yet has no standing to ask for: what counts is who is named in it. The
 * coordinator of its area (as WHO_COORDINATOR_AREA in access.c), or an officer of one of its
 * principals. */
static bool stands_for_new(struct ctx *ctx, enum act act, const struct group_input *in)
{
    const struct actor *actor = ctx->actor;
    if (actor->half || actor->read_only)
        return false;
    if (act == ACT_ESTABLISH_GROUP) {
        for (size_t i = 0; i < in->principals.n; i++)
            if (access_to_group(ctx, in->principals.item[i].key) & WHO_OFFICER)
                return true;
        return false;
    }
    if (act != ACT_ESTABLISH_FREE)
        return false;
    const char *level =
        db_text(ctx->tx, "SELECT level FROM group_kind WHERE key = ?1", in->kind.key);
    long long area = !strcmp(level, "healthcareRegion") ? in->healthcare_region.key
                     : !strcmp(level, "local")          ? in->region.key
                                                        : 0;
    for (int i = 0; area && i < actor->areas; i++)
        if (actor->area[i] == area)
            return true;
    return false;
}

bool group_may_change(struct ctx *ctx)
{
    return may(ctx, ACT_CHANGE_GROUP,
               db_int(ctx->tx, 0, "SELECT key FROM body WHERE id = ?1", ctx_value(ctx, "id")));
}

bool group_may_establish(struct ctx *ctx)
{
    if (may(ctx, ACT_ESTABLISH_GROUP, 0) || ctx->actor->areas > 0)
        return true;
    return !ctx->actor->half && ctx->actor->person_key &&
           db_exists(ctx->tx,
                     "SELECT 1 FROM membership WHERE person_key = ?1 AND start_date <= ?2 "
                     "AND (end_date IS NULL OR end_date >= ?2) "
                     "AND role IN ('chair', 'viceChair', 'processLeader', 'secretary')",
                     ctx->actor->person_key, ctx->today);
}

static enum code may_establish(struct ctx *ctx, const struct group_input *in)
{
    enum act act = group_establish_act(ctx, in->kind.key);
    return stands_for_new(ctx, act, in) ? OK : must_may(ctx, act, 0);
}

/* ---------------------------------------------------------------- name and address */

const char *kind_capitals(struct ctx *ctx, const char *kind)
{
    char *text = arena_strdup(ctx->arena, kind);
    for (char *p = text; *p; p++)
        *p = (char)toupper((unsigned char)*p);
    return text;
}

/* "NPO Tandvård"; those who steer, prepare or support the whole are called by their name alone. */
static const char *full_name(struct ctx *ctx, const struct group_input *in)
{
    if (db_exists(ctx->tx,
                  "SELECT 1 FROM group_kind WHERE key = ?1 AND level = 'national' "
                  "AND category IN ('steering', 'preparation', 'support', 'other')",
                  in->kind.key))
        return in->name;
    return arena_printf(ctx->arena, "%s %s", kind_capitals(ctx, in->kind.id), in->name);
}

static bool taken(struct ctx *ctx, const char *id)
{
    return db_exists(ctx->tx,
                     "SELECT 1 FROM body WHERE id = ?1 UNION ALL "
                     "SELECT 1 FROM body_alias WHERE id = ?1",
                     id);
}

/* kind-name, and the region when that is taken; body_add refuses what is taken even so. */
static const char *choose_id(struct ctx *ctx, const struct group_input *in)
{
    const char *plain =
        text_slug(ctx->arena, arena_printf(ctx->arena, "%s %s", in->kind.id, in->name));
    const char *area = in->region.id ? in->region.id : in->healthcare_region.id;
    if (!area || !taken(ctx, plain))
        return plain;
    int room = 80 - 1 - (int)strlen(area);
    return text_slug(ctx->arena, arena_printf(ctx->arena, "%.*s %s", room, plain, area));
}

static enum code index_words(struct ctx *ctx, long long key)
{
    const char *words = db_text(ctx->tx,
                                "SELECT g.full_name || ' ' || g.name || ' ' || "
                                "coalesce(g.short_name, '') || ' ' || k.name || ' ' || b.id "
                                "FROM workgroup g JOIN body b ON b.key = g.key "
                                "JOIN group_kind k ON k.key = g.kind_key WHERE g.key = ?1",
                                key);
    return words ? db_index_put(ctx->tx, "groups", key, words) : tx_code(ctx->tx);
}

/* /groups/new is a page. */
static enum code check_id(struct ctx *ctx, const struct group_input *in)
{
    if (in->id && !strcmp(in->id, "new"))
        err_field(ctx->err, "/id", N_("This word is used by the site itself. Choose another."),
                  NULL);
    return ctx->err->code;
}

/* ---------------------------------------------------------------- dates */

/* After reading, so that this message stands beside the others. */
static enum code check_days(struct ctx *ctx, const struct group_input *in)
{
    if (in->start_date && in->end_date && strcmp(in->end_date, in->start_date) < 0)
        err_field(ctx->err, "/endDate", N_("The last day comes before the first."), NULL);
    return ctx->err->code;
}

enum code group_dates_hold(struct ctx *ctx, long long key, const char *start, const char *end)
{
    bool outside = db_exists(
        ctx->tx,
        "SELECT 1 FROM (SELECT group_key, start_date, end_date FROM hosting UNION ALL "
        "SELECT group_key, start_date, end_date FROM relation UNION ALL "
        "SELECT group_key, start_date, end_date FROM group_pause UNION ALL "
        "SELECT group_key, start_date, end_date FROM membership UNION ALL "
        "SELECT group_key, start_date, end_date FROM group_principal) AS t "
        "WHERE t.group_key = ?1 AND (t.start_date < ?2 OR t.end_date > ?3 OR t.start_date > ?3)",
        key, start, end);
    return outside ? ctx_fail(ctx, E_CONFLICT, "outside-group-dates",
                              N_("A membership, a host, a relation, a pause or a principal of the "
                                 "group lies outside its first and last day. Change that first."))
                   : tx_code(ctx->tx);
}

/* Those who have commissioned it from the first day go with it. */
static enum code move_days(struct ctx *ctx, long long key, const json_t *now,
                           const struct group_input *in)
{
    const char *was = json_text(now, "startDate"), *ended = json_text(now, "endDate");
    bool same_end = !strcmp(ended ? ended : "", in->end_date ? in->end_date : "");
    if (same_end && !strcmp(was, in->start_date))
        return OK;
    enum code c = db_run(ctx->tx,
                         "UPDATE group_principal SET start_date = ?3 "
                         "WHERE group_key = ?1 AND start_date = ?2",
                         key, was, in->start_date);
    if (!c && !in->end_date) /* without an end there is nothing that it was closed for */
        c = db_run(ctx->tx, "UPDATE workgroup SET close_reason = NULL WHERE key = ?1", key);
    if (!c && in->end_date)
        c = group_people_end(ctx, key, in->end_date, false);
    return c ? c : group_dates_hold(ctx, key, in->start_date, in->end_date);
}

/* ---------------------------------------------------------------- create */

enum code group_create(struct ctx *ctx, struct answer *out)
{
    struct group_input in;
    long long key = 0;
    enum code c = resource_read(ctx, &group_resource, &in);
    if (check_days(ctx, &in) || check_id(ctx, &in) || c)
        return ctx->err->code;
    c = may_establish(ctx, &in);
    if (!c)
        c = principals_may(ctx, in.kind.key, &in.principals, NULL);
    if (c)
        return c;
    if (!in.id)
        in.id = choose_id(ctx, &in);
    json_t *extra = json_object();
    json_put(extra, "full_name", full_name(ctx, &in));
    c = body_add(ctx, "group", in.id, &key);
    if (!c)
        c = resource_insert(ctx, &group_resource, &in, in.id, extra, &key);
    json_decref(extra);
    if (!c)
        c = principals_begin(ctx, key, &in);
    if (!c)
        c = coverage_copy_defaults(ctx, key, in.kind.key);
    if (!c)
        c = index_words(ctx, key);
    out->flash = N_("The group is established.");
    return c ? c : resource_created(ctx, &group_resource, in.id, out);
}

/* ---------------------------------------------------------------- change */

static bool differs(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "") != 0;
}

/* A form's empty address means the one it has; a script's null means none, which cannot be. */
static void keep_id(struct ctx *ctx, const struct edit *edit, struct group_input *in)
{
    if (!in->id && ctx->body->typed)
        err_field(ctx->err, "/id", N_("This is needed."), NULL);
    else if (!in->id)
        in->id = edit->id;
}

/* Another kind or another last day is decided by those who may establish and close. */
static enum code may_change(struct ctx *ctx, const struct edit *edit, const struct group_input *in)
{
    const json_t *now = edit->now;
    enum code c = OK;
    if (differs(json_text(now, "endDate"), in->end_date))
        c = must_may(ctx, group_close_act(ctx, edit->key), edit->key);
    if (!c && differs(json_text(now, "kind"), in->kind.id))
        c = may_establish(ctx, in);
    return c;
}

static enum code principals_hold(struct ctx *ctx, const struct edit *edit,
                                 const struct group_input *in, bool *changed)
{
    const json_t *before = json_object_get(edit->now, "principalIds");
    bool other_kind = differs(json_text(edit->now, "kind"), in->kind.id);
    *changed = json_array_size(before) != in->principals.n;
    for (size_t i = 0; i < in->principals.n && !*changed; i++)
        *changed = differs(json_string_value(json_array_get(before, i)), in->principals.item[i].id);
    if (*changed && in->end_date && strcmp(in->end_date, ctx->today) < 0)
        return ctx_fail(ctx, E_CONFLICT, "group-closed",
                        N_("The group is closed: its principals stand as they were. Reopen it "
                           "first."));
    enum code c = principals_may(ctx, in->kind.key, &in->principals, other_kind ? NULL : before);
    return c || !other_kind ? c : principal_may_stay(ctx, edit->key, in->kind.key);
}

static enum code write_change(struct ctx *ctx, struct edit *edit, struct group_input *in)
{
    bool principals = false;
    enum code c = principals_hold(ctx, edit, in, &principals);
    if (!c)
        c = group_no_cycle(ctx, edit->key, in);
    if (!c && differs(edit->id, in->id))
        c = body_rename(ctx, edit->key, in->id);
    edit->id = in->id;
    if (!c && principals)
        c = principals_change(ctx, edit->key, json_object_get(edit->now, "principalIds"), in);
    if (!c)
        c = move_days(ctx, edit->key, edit->now, in);
    if (!c)
        c = db_run(ctx->tx, "UPDATE workgroup SET full_name = ?2 WHERE key = ?1", edit->key,
                   full_name(ctx, in));
    if (!c)
        c = resource_update(ctx, &group_resource, edit, in, NULL);
    return c ? c : index_words(ctx, edit->key);
}

/* A gap that the caller may not know of stays, and its name is told to nobody by the way. */
static void keep_gap(struct ctx *ctx, struct edit *edit, struct group_input *in)
{
    if (in->gap.key || json_text(edit->now, "gapId"))
        return;
    in->gap.key = db_int(ctx->tx, 0, "SELECT gap_key FROM workgroup WHERE key = ?1", edit->key);
    in->gap.id = db_text(ctx->tx, "SELECT id FROM gap WHERE key = ?1", in->gap.key);
    if (in->gap.key)
        json_put(edit->now, "gapId", in->gap.id);
}

enum code group_change(struct ctx *ctx, struct answer *out)
{
    struct group_input in = {0};
    struct edit edit = {0};
    enum code c;
    long long key = group_in_path(ctx, out, &c);
    if (!key)
        return c;
    c = must_may(ctx, ACT_CHANGE_GROUP, key);
    if (!c)
        c = resource_edit(ctx, &group_resource, ctx_value(ctx, "id"), &edit, &in);
    if (c == OK || c == E_INPUT) {
        keep_id(ctx, &edit, &in);
        keep_gap(ctx, &edit, &in);
        check_id(ctx, &in);
        c = check_days(ctx, &in);
    }
    if (!c)
        c = may_change(ctx, &edit, &in);
    if (!c)
        c = write_change(ctx, &edit, &in);
    resource_edit_end(&edit);
    out->flash = N_("The change is saved.");
    return c ? c : resource_changed(ctx, &group_resource, in.id, out);
}

/* ---------------------------------------------------------------- delete */

/* What still refers to the group, or NULL. A group that has worked is closed, not deleted. */
static const char *user_of(struct ctx *ctx, long long key)
{
    return db_text(
        ctx->tx,
        "SELECT t.name FROM (SELECT full_name AS name, parent_key AS key FROM workgroup UNION ALL "
        "SELECT full_name, mirrors_key FROM workgroup UNION ALL "
        "SELECT g.full_name, p.principal_key FROM group_principal p "
        "JOIN workgroup g ON g.key = p.group_key UNION ALL "
        "SELECT g.full_name, h.body_key FROM hosting h JOIN workgroup g ON g.key = h.group_key "
        "UNION ALL SELECT g.full_name, r.body_key FROM relation r "
        "JOIN workgroup g ON g.key = r.group_key UNION ALL "
        "SELECT g.full_name, m.group_key FROM membership m JOIN workgroup g ON g.key = m.group_key "
        "UNION ALL SELECT 'kansli', m.on_behalf_of_key FROM membership m UNION ALL "
        "SELECT 'kansli', m.appointed_by_key FROM membership m UNION ALL "
        "SELECT 'kansli', p.group_key FROM plan p UNION ALL "
        "SELECT 'kansli', i.group_key FROM initiative i UNION ALL "
        "SELECT 'kansli', ga.group_key FROM gap ga UNION ALL "
        "SELECT 'kansli', ga.raised_by_key FROM gap ga UNION ALL "
        "SELECT 'kansli', v.group_key FROM review v) AS t WHERE t.key = ?1 LIMIT 1",
        key);
}

enum code group_remove(struct ctx *ctx, struct answer *out)
{
    struct edit edit = {0};
    enum code c;
    long long key = group_in_path(ctx, out, &c);
    if (!key)
        return c;
    c = must_may(ctx, group_close_act(ctx, key), key);
    if (!c)
        c = resource_guard(ctx, &group_resource, ctx_value(ctx, "id"), &edit);
    if (!c && user_of(ctx, key))
        c = ctx_fail(ctx, E_CONFLICT, "in-use",
                     N_("Other groups or members refer to this group. Close it instead: what has "
                        "been stays in the register."));
    if (!c)
        c = resource_delete_within(ctx, &group_resource, key);
    if (!c)
        c = resource_delete(ctx, &group_resource, &edit);
    resource_edit_end(&edit);
    out->see = "/groups";
    out->flash = N_("The group is deleted.");
    return c;
}

/* ---------------------------------------------------------------- who decides */

long long group_deciding_principal(struct ctx *ctx, long long group_key)
{
    return db_int(ctx->tx, 0,
                  "SELECT p.principal_key FROM group_principal p WHERE p.group_key = ?1 "
                  "AND p.start_date <= ?2 AND (p.end_date IS NULL OR p.end_date >= ?2) "
                  "ORDER BY CASE WHEN EXISTS (SELECT 1 FROM membership d WHERE d.person_key = ?3 "
                  "AND d.group_key = p.principal_key AND d.start_date <= ?2 "
                  "AND (d.end_date IS NULL OR d.end_date >= ?2) AND d.role IN " ACCESS_OFFICERS
                  ") THEN 0 ELSE 1 END, p.position, p.key LIMIT 1",
                  group_key, ctx->today, ctx->actor->person_key);
}
