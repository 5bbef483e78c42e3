/* recusal.c: who stands aside for an item (R42, domain.md 3): recorded, never imposed.
 *
 * Owns the table recusal. A member records his own until the meeting has ended, an officer
 * everyone's, also afterwards; the note is public, since it goes into the minutes, so it says
 * nothing that the person has not said aloud. Must not know interests: what suggests a recusal is
 * suggestion.c's. */
#include <string.h>
#include "internal.h"

const struct value recusal_actions[] = {
    {"openDeclaration", NC_("recusal", "Told of it openly, and took part")},
    {"answeredQuestionsOnly", NC_("recusal", "Answered questions only")},
    {"leftForDecision", NC_("recusal", "Left for the decision")},
    {"leftRoom", NC_("recusal", "Left the room")},
    {NULL, NULL},
};

/* ---------------------------------------------------------------- fields */

#define AT(member) offsetof(struct recusal_input, member)

static const struct field recusal_fields[] = {
    {.name = "id", .label = N_("Id"), .type = T_UUID, .flags = F_DERIVED},
    {.name = "meetingId", .label = N_("Meeting"), .type = T_REF, .flags = F_DERIVED,
     .reference = &meeting_reference},
    {.name = "agendaItemId", .label = N_("Agenda item"), .type = T_REF, .at = AT(item),
     .flags = F_REQUIRED | F_CREATE | F_FILTER, .reference = &agenda_item_reference,
     .column = "item_key"},
    {.name = "agendaItemTitle", .label = N_("Agenda item"), .type = T_TEXT, .flags = F_DERIVED},
    {.name = "personId", .label = N_("Person"), .type = T_REF, .at = AT(person),
     .flags = F_CREATE | F_FILTER, .reference = &person_reference, .column = "person_key",
     .hint = N_("Empty: yourself.")},
    {.name = "personName", .label = N_("Name"), .type = T_TEXT, .flags = F_DERIVED},
    {.name = "action", .label = N_("How"), .type = T_ENUM, .at = AT(action),
     .flags = F_REQUIRED | F_FILTER, .values = recusal_actions, .column = "action"},
    {.name = "note", .label = N_("Note in the minutes"), .type = T_TEXT, .at = AT(note), .max = 300,
     .column = "note",
     .hint = N_("Public: it goes into the minutes. Only what was said openly at the meeting.")},
    {0},
};

#define SELECT                                                                                     \
    "SELECT r.key AS \"key\", r.version AS \"version\", r.modified AS \"modified\", "              \
    "r.id AS \"id\", m.id AS \"meetingId\", m.key AS \"meeting_key\", a.key AS \"item_key\", "     \
    "a.id AS \"agendaItemId\", a.title AS \"agendaItemTitle\", a.position AS \"position_key\", "   \
    "p.key AS \"person_key\", p.id AS \"personId\", p.name AS \"personName\", "                    \
    "r.person_key AS \"who_key\", r.action AS \"action\", r.note AS \"note\" "                     \
    "FROM recusal r JOIN meeting m ON m.key = r.meeting_key "                                      \
    "JOIN agenda_item a ON a.key = r.item_key "                                                    \
    "LEFT JOIN person p ON p.key = r.person_key AND " MEETING_NAMED("p", "m")                      \
    " WHERE " MEETING_VISIBLE("m") " AND " MEETING_INSIDE("m")

static bool has_ended(const struct meeting_row *meeting)
{
    return !strcmp(meeting->status, "held");
}

/* What the caller is to a recusal of that person at that meeting. */
static unsigned standing(struct ctx *ctx, const struct meeting_row *meeting, long long person_key)
{
    json_t *rows = db_rows(ctx->tx,
                           "SELECT group_key AS \"key\" FROM meeting_group WHERE meeting_key = ?1",
                           meeting->key), *row;
    bool own = person_key && ctx->actor->person_key == person_key && !has_ended(meeting);
    unsigned is = own ? WHO_SELF : 0;
    size_t i;
    json_array_foreach(rows, i, row)
        is |= access_to_group(ctx, json_int(row, "key", 0));
    json_decref(rows);
    return is;
}

bool recusal_may_keep(struct ctx *ctx, const struct meeting_row *meeting, bool *own_only)
{
    bool shut = !strcmp(meeting->status, "cancelled") || meeting_is_locked(ctx, meeting->key);
    bool all = !shut && may_as(ctx, ACT_KEEP_RECUSAL, standing(ctx, meeting, 0));
    bool own = !shut && !all && ctx->actor->person_key &&
               meeting_takes_part(ctx, meeting->key, ctx->actor->person_key) &&
               may_as(ctx, ACT_KEEP_RECUSAL, standing(ctx, meeting, ctx->actor->person_key));
    *own_only = own;
    return all || own;
}

static void links(struct ctx *ctx, json_t *object)
{
    struct meeting_row meeting;
    if (meeting_row_of(ctx, json_int(object, "meeting_key", 0), &meeting) ||
        meeting_is_locked(ctx, meeting.key) ||
        !may_as(ctx, ACT_KEEP_RECUSAL, standing(ctx, &meeting, json_int(object, "who_key", 0))))
        return;
    const char *path = arena_printf(ctx->arena, "/meetings/%s/recusals/%s", meeting.id,
                                    json_text(object, "id"));
    ctx_link(ctx, object, "edit", "PATCH", path);
    ctx_link(ctx, object, "delete", "DELETE", path);
    ctx->as_support = false; /* asked, not done */
}

const struct resource recusal_resource = {
    .name = "recusals",
    .noun = N_("recusal"),
    .table = "recusal",
    .select = SELECT,
    .order = "\"position_key\", \"personName\", \"key\"",
    .size = sizeof(struct recusal_input),
    .fields = recusal_fields,
    .links = links,
    .within = "meetings",
    .parent = "meetingId",
    .parent_column = "meeting_key",
    .personal = true,
};

/* ---------------------------------------------------------------- read */

json_t *recusals_of(struct ctx *ctx, long long meeting_key)
{
    struct fixed within = {.condition = "\"meeting_key\" = ?6", .key = meeting_key};
    return resource_items(ctx, &recusal_resource, within);
}

enum code recusal_list(struct ctx *ctx, struct answer *out)
{
    struct meeting_row meeting;
    enum code c;
    struct fixed within = {.condition = "\"meeting_key\" = ?6",
                           .key = meeting_in_path(ctx, &meeting, &c)};
    if (!c)
        c = meeting_must_look_inside(ctx, meeting.key);
    return c ? c : resource_list(ctx, &recusal_resource, within, &out->document);
}

/* The recusal of the path in the meeting of the path, and whose it is. */
static enum code find_row(struct ctx *ctx, struct meeting_row *meeting, const char **id,
                          long long *person_key)
{
    enum code c;
    *id = ctx_value(ctx, "recusalId");
    meeting_in_path(ctx, meeting, &c);
    if (!c)
        c = meeting_must_look_inside(ctx, meeting->key);
    if (c)
        return c;
    *person_key = db_int(ctx->tx, 0,
                         "SELECT person_key FROM recusal WHERE meeting_key = ?1 AND id = ?2",
                         meeting->key, *id);
    if (*person_key)
        return OK;
    return tx_code(ctx->tx) ? tx_code(ctx->tx) : ctx_absent(ctx);
}

enum code recusal_show(struct ctx *ctx, struct answer *out)
{
    struct meeting_row meeting;
    const char *id;
    long long person;
    enum code c = find_row(ctx, &meeting, &id, &person);
    return c ? c : resource_answer(ctx, &recusal_resource, id, out);
}

/* ---------------------------------------------------------------- written */

enum code recusal_must_keep(struct ctx *ctx, const struct meeting_row *meeting,
                            long long person_key)
{
    if (!strcmp(meeting->status, "cancelled"))
        return ctx_fail(ctx, E_CONFLICT, "meeting-cancelled",
                        N_("The meeting is cancelled. Nobody stands aside at it."));
    bool own = person_key && person_key == ctx->actor->person_key;
    unsigned is = standing(ctx, meeting, person_key);
    if (own && has_ended(meeting) && !may_as(ctx, ACT_KEEP_RECUSAL, is))
        return ctx_fail(ctx, E_CONFLICT, "meeting-held",
                        N_("The meeting has been held. Ask an officer to record it."));
    enum code c = must_may_as(ctx, ACT_KEEP_RECUSAL, is);
    return c ? c : meeting_must_be_open(ctx, meeting->key);
}

static enum code check_new(struct ctx *ctx, const struct meeting_row *meeting,
                           const struct recusal_input *in)
{
    if (!agenda_item_key(ctx, meeting->key, in->item.id))
        return err_field(ctx->err, "/agendaItemId", N_("This item stands at another meeting."),
                         NULL);
    if (!meeting_takes_part(ctx, meeting->key, in->person.key))
        return ctx_fail(ctx, E_CONFLICT, "takes-no-part",
                        N_("The person takes no part in the meeting. Note the attendance first."));
    if (db_exists(ctx->tx, "SELECT 1 FROM recusal WHERE item_key = ?1 AND person_key = ?2",
                  in->item.key, in->person.key))
        return ctx_fail(ctx, E_CONFLICT, "recusal-exists",
                        N_("It is recorded already that the person stands aside for this item: "
                           "change that instead."));
    return tx_code(ctx->tx);
}

/* Without a person it is the caller. */
static void put_self(struct ctx *ctx, struct recusal_input *in)
{
    const char *sent = params_text(ctx->body, "personId");
    if (in->person.key || (sent && *sent) || !ctx->actor->person_key)
        return;
    in->person = (struct ref_value){
        db_text(ctx->tx, "SELECT id FROM person WHERE key = ?1", ctx->actor->person_key),
        ctx->actor->person_key};
}

/* The caller, when he takes part; else 0. */
static long long own_part(struct ctx *ctx, long long meeting_key)
{
    long long person = ctx->actor->person_key;
    return person && meeting_takes_part(ctx, meeting_key, person) ? person : 0;
}

bool recusal_may_enter(struct ctx *ctx, const struct meeting_row *meeting)
{
    return strcmp(meeting->status, "cancelled") && meeting_may_look_inside(ctx, meeting->key) &&
           may_as(ctx, ACT_KEEP_RECUSAL, standing(ctx, meeting, own_part(ctx, meeting->key))) &&
           !meeting_is_locked(ctx, meeting->key);
}

/* To the item: where it was read. */
static const char *back(struct ctx *ctx, const struct meeting_row *meeting, const char *item_id)
{
    return arena_printf(ctx->arena, "/meetings/%s?item=%s#item", meeting->id, item_id);
}

enum code recusal_create(struct ctx *ctx, struct answer *out)
{
    struct meeting_row meeting;
    struct recusal_input in;
    enum code c;
    meeting_in_path(ctx, &meeting, &c);
    if (!c)
        c = meeting_must_look_inside(ctx, meeting.key);
    if (!c) /* at all, before what was sent is looked at */
        c = recusal_must_keep(ctx, &meeting, own_part(ctx, meeting.key));
    if (c)
        return c;
    c = resource_read(ctx, &recusal_resource, &in);
    put_self(ctx, &in);
    if (!in.person.key && !params_text(ctx->body, "personId"))
        c = err_field(ctx->err, "/personId", N_("This is needed."), NULL);
    if (!c)
        c = recusal_must_keep(ctx, &meeting, in.person.key);
    if (!c)
        c = check_new(ctx, &meeting, &in);
    if (c)
        return c;
    long long key = 0;
    json_t *extra = json_object();
    json_put_int(extra, "meeting_key", meeting.key);
    c = resource_insert(ctx, &recusal_resource, &in, NULL, extra, &key);
    json_decref(extra);
    out->flash = N_("It is recorded that the person stands aside.");
    const char *id = db_text(ctx->tx, "SELECT id FROM recusal WHERE key = ?1", key);
    if (!c)
        c = resource_created(ctx, &recusal_resource, id, out);
    out->see = back(ctx, &meeting, in.item.id);
    return c;
}

enum code recusal_change(struct ctx *ctx, struct answer *out)
{
    struct meeting_row meeting;
    struct recusal_input in;
    struct edit edit = {0};
    const char *id;
    long long person;
    enum code c = find_row(ctx, &meeting, &id, &person);
    if (!c)
        c = recusal_must_keep(ctx, &meeting, person);
    if (!c)
        c = resource_edit(ctx, &recusal_resource, id, &edit, &in);
    if (!c) {
        in.person.key = person; /* also of somebody whom the caller may not see named */
        c = resource_update(ctx, &recusal_resource, &edit, &in, NULL);
    }
    if (!c)
        out->see = back(ctx, &meeting, json_text(edit.now, "agendaItemId"));
    resource_edit_end(&edit);
    out->flash = N_("The change is saved.");
    if (!c)
        c = resource_changed(ctx, &recusal_resource, id, out);
    return c;
}

enum code recusal_remove(struct ctx *ctx, struct answer *out)
{
    struct meeting_row meeting;
    struct edit edit = {0};
    const char *id;
    long long person;
    enum code c = find_row(ctx, &meeting, &id, &person);
    if (!c)
        c = recusal_must_keep(ctx, &meeting, person);
    if (!c)
        c = resource_guard(ctx, &recusal_resource, id, &edit);
    if (!c)
        c = resource_delete(ctx, &recusal_resource, &edit);
    if (!c)
        out->see = back(ctx, &meeting, json_text(edit.now, "agendaItemId"));
    resource_edit_end(&edit);
    out->flash = N_("It is taken away.");
    return c;
}
