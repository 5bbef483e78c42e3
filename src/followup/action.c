/* action.c: actions as a resource (R51): who does what until when, from minutes or entered by hand.
 *
 * Owns the reading of the table action: a lifted one is seen as its minutes, one entered by hand by
 * those who may see the group's drafts, and anybody's own by its owner. The owner is named as the
 * groups' members are. Must not know who may change what (action_rules.c). */
#include <kansli/group.h>
#include <kansli/kind.h>
#include "internal.h"

const struct value action_statuses[] = {
    {"open", NC_("action", "Open")},
    {"done", NC_("action", "Done")},
    {"dropped", NC_("action", "Dropped")},
    {NULL, NULL},
};

#define AT(member) offsetof(struct action_input, member)

static const struct field action_fields[] = {
    {.name = "id", .label = N_("Id"), .type = T_UUID, .flags = F_DERIVED},
    {.name = "groupId", .label = N_("Group"), .type = T_REF, .at = AT(group),
     .flags = F_CREATE | F_FILTER | F_HIDDEN, .reference = &group_reference,
     .hint = N_("The group that follows it up; the address may say it instead.")},
    {.name = "level", .label = N_("Level"), .type = T_ENUM, .flags = F_DERIVED | F_FILTER,
     .values = level_values},
    {.name = "principalId", .label = N_("Principal"), .type = T_REF,
     .flags = F_DERIVED | F_FILTER | F_HIDDEN, .reference = &group_reference,
     .column = FOLLOWUP_OF_PRINCIPAL, .hint = N_("Only a filter: groups that it commissions.")},
    {.name = "meetingId", .label = N_("Meeting"), .type = T_REF, .flags = F_DERIVED | F_FILTER,
     .reference = &meeting_reference,
     .column = "\"meeting_key\" IN (SELECT fm.key FROM meeting fm WHERE fm.id IN"},
    {.name = "meetingTitle", .label = N_("Meeting"), .type = T_TEXT, .flags = F_DERIVED},
    {.name = "agendaItemId", .label = N_("Agenda item"), .type = T_REF,
     .flags = F_DERIVED | F_FILTER, .reference = &agenda_item_reference},
    {.name = "agendaItemTitle", .label = N_("Agenda item"), .type = T_TEXT, .flags = F_DERIVED},
    {.name = "text", .label = N_("Action"), .type = T_LINES, .at = AT(text), .flags = F_REQUIRED,
     .max = 1000, .column = "text", .hint = N_("What is to be done.")},
    {.name = "ownerId", .label = N_("Who does it"), .type = T_REF, .at = AT(owner),
     .flags = F_FILTER, .reference = &person_reference, .column = "owner_key"},
    {.name = "ownerName", .label = N_("Who does it, in words"), .type = T_TEXT,
     .flags = F_DERIVED | F_SORT},
    {.name = "dueDate", .label = NC_("action", "By"), .type = T_DAY, .at = AT(due_date), .flags = F_SORT,
     .column = "due_date", .hint = N_("The last day. The register reminds before and after.")},
    {.name = "status", .label = N_("Status"), .type = T_ENUM, .at = AT(status),
     .flags = F_REQUIRED | F_FILTER | F_SORT, .values = action_statuses, .column = "status",
     .fallback = "open"},
    {.name = "overdue", .label = N_("Its day has passed"), .type = T_BOOL,
     .flags = F_DERIVED | F_FILTER},
    {.name = "reason", .label = N_("Reason"), .type = T_LINES, .at = AT(reason), .max = 1000,
     .column = "reason",
     .hint = N_("Needed when the action is dropped; gone when it is opened again.")},
    {.name = "closedOn", .label = N_("Done or dropped on"), .type = T_DAY,
     .flags = F_DERIVED | F_SORT},
    {0},
};

/* m is where the line stands, k the same as far as the reader may know of it: the owner of an
 * action may not. The owner p, when the reader may know of her, and of her in that group: as the
 * meeting names her. Who sees an action without a meeting stands inside the group, where only an
 * officer is told of a protected identity. */
#define KNOWN                                                                                      \
    PERSON_VISIBLE("p.key", "p.entered_by_key", "p.employer_key", "p.protected_identity",          \
                   "p.publish_name")
#define NAMED                                                                                      \
    "CASE WHEN t.meeting_key IS NOT NULL THEN " MEETING_NAMED("p", "m")                            \
    " ELSE p.key = ?3 OR p.protected_identity = 0 OR " ACCESS_GROUP_OFFICER("t.group_key") " END"

#define SELECT                                                                                     \
    "SELECT t.key AS \"key\", t.version AS \"version\", t.modified AS \"modified\", "              \
    "t.id AS \"id\", l.key AS \"group_key\", lb.id AS \"groupId\", l.full_name AS \"groupName\", " \
    "lk.level AS \"level\", m.key AS \"meeting_key\", k.id AS \"meetingId\", "                     \
    "k.title AS \"meetingTitle\", a.id AS \"agendaItemId\", a.title AS \"agendaItemTitle\", "      \
    "t.text AS \"text\", t.group_key AS \"of_key\", t.owner_key AS \"whose_key\", "               \
    "p.key AS \"owner_key\", "                                                                     \
    "p.id AS \"ownerId\", p.name AS \"ownerName\", t.due_date AS \"dueDate\", "                    \
    "t.status AS \"status\", CASE WHEN t.status = 'open' AND t.due_date < ?1 THEN 1 ELSE 0 END "   \
    "AS \"overdue\", t.reason AS \"reason\", t.closed_on AS \"closedOn\", "                        \
    "CASE t.status WHEN 'open' THEN 0 ELSE 1 END AS \"closed_key\", a.key AS \"item_key\" "        \
    "FROM action t "                                                                               \
    "JOIN workgroup w ON w.key = t.group_key "                                                     \
    "LEFT JOIN meeting m ON m.key = t.meeting_key " FOLLOWUP_GROUP("t")                            \
    "LEFT JOIN meeting k ON k.key = t.meeting_key AND " MEETING_VISIBLE("k")                       \
    " LEFT JOIN agenda_item a ON a.key = t.item_key AND a.meeting_key = k.key "                    \
    "LEFT JOIN person p ON p.key = t.owner_key AND " KNOWN " AND " NAMED                           \
    " WHERE " ACTION_VISIBLE("t", "m", "w")

static struct action_row row_of(const json_t *item)
{
    return (struct action_row){.group_key = json_int(item, "of_key", 0),
                               .meeting_key = json_int(item, "meeting_key", 0),
                               .owner_key = json_int(item, "whose_key", 0)};
}

/* On a page each row has what the reader may do with it. */
static void finish(struct ctx *ctx, json_t *items)
{
    size_t i;
    json_t *item;
    if (!ctx_page(ctx) || !ctx->actor->account_key)
        return;
    json_array_foreach(items, i, item) {
        struct action_row row = row_of(item);
        if (action_may_follow(ctx, &row))
            ctx_embed(ctx, item, "act",
                      json_pack("{s:I}", "version", (json_int_t)json_int(item, "version", 0)));
    }
}

static void links(struct ctx *ctx, json_t *object)
{
    struct action_row row = row_of(object);
    const char *path = arena_printf(ctx->arena, "/actions/%s", json_text(object, "id"));
    if (action_may_follow(ctx, &row))
        ctx_link(ctx, object, "edit", "PATCH", path);
    if (!row.meeting_key && action_may_change(ctx, &row))
        ctx_link(ctx, object, "delete", "DELETE", path);
}

const struct resource action_resource = {
    .name = "actions",
    .noun = N_("action"),
    .table = "action",
    .select = SELECT,
    .found = "fold(\"text\") LIKE '%' || ?5 || '%'",
    .found_plain = true,
    .order = "\"closed_key\", \"dueDate\" IS NULL, \"dueDate\", \"key\"",
    .visible = "1 = 1", /* the select says it; so a tombstone is as hidden as its row was */
    .size = sizeof(struct action_input),
    .fields = action_fields,
    .finish = finish,
    .links = links,
    .within = "groups",
    .parent_column = "group_key",
    .texts = "SELECT text AS \"text\" FROM action WHERE key = ?1",
};

json_t *action_owners(struct ctx *ctx, long long group_key, bool below)
{
    return db_rows(ctx->tx,
                   "SELECT DISTINCT \"ownerId\" AS \"value\", \"ownerName\" AS \"label\" "
                   "FROM (" SELECT ") AS r WHERE \"ownerId\" IS NOT NULL AND "
                   FOLLOWUP_ACTIONS_OF("IN " FOLLOWUP_ALONE_OR_UNDER)
                   " ORDER BY \"label\", \"value\"",
                   MEETING_ARGS(ctx, (long long)below, group_key));
}
