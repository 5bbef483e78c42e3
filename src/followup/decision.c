/* decision.c: decisions as a resource (R51), for everyone who may read the minutes they stand in.
 *
 * Owns the reading of the table decision. Nobody writes one but by its line in the minutes
 * (lift.c), so there is no form and no PATCH. A decision without § is a draft's. Must not know
 * Markdown, nor when minutes are adjusted. */
#include <kansli/group.h>
#include <kansli/kind.h>
#include "internal.h"

#define AT(member) offsetof(struct decision_input, member)

static const struct field decision_fields[] = {
    {.name = "id", .label = N_("Id"), .type = T_UUID, .flags = F_DERIVED},
    {.name = "groupId", .label = N_("Group"), .type = T_REF, .flags = F_DERIVED | F_FILTER,
     .reference = &group_reference,
     .column = "\"meeting_key\" IN (SELECT fx.meeting_key FROM meeting_group fx JOIN body fb "
               "ON fb.key = fx.group_key WHERE fb.id IN",
     .hint = N_("The group that leads. As a filter: one of the meeting's groups.")},
    {.name = "level", .label = N_("Level"), .type = T_ENUM, .flags = F_DERIVED | F_FILTER,
     .values = level_values},
    {.name = "principalId", .label = N_("Principal"), .type = T_REF,
     .flags = F_DERIVED | F_FILTER | F_HIDDEN, .reference = &group_reference,
     .column = FOLLOWUP_OF_PRINCIPAL, .hint = N_("Only a filter: groups that it commissions.")},
    {.name = "meetingId", .label = N_("Meeting"), .type = T_REF, .flags = F_DERIVED | F_FILTER,
     .reference = &meeting_reference,
     .column = "\"meeting_key\" IN (SELECT fm.key FROM meeting fm WHERE fm.id IN"},
    {.name = "agendaItemId", .label = N_("Agenda item"), .type = T_REF, .flags = F_DERIVED,
     .reference = &agenda_item_reference},
    {.name = "agendaItemTitle", .label = N_("Agenda item"), .type = T_TEXT, .flags = F_DERIVED},
    {.name = "year", .label = N_("Year"), .type = T_INT, .flags = F_DERIVED | F_FILTER | F_SORT},
    {.name = "number", .label = N_("§"), .type = T_INT, .flags = F_DERIVED | F_SORT,
     .hint = N_("In the leading group's series of the year; null until the minutes are adjusted.")},
    {.name = "text", .label = N_("Decision"), .type = T_LINES, .at = AT(text), .flags = F_CREATE,
     .column = "text"},
    {.name = "decidedOn", .label = N_("Decided"), .type = T_DAY, .at = AT(decided_on),
     .flags = F_CREATE | F_SORT, .column = "decided_on"},
    {0},
};

#define SELECT                                                                                     \
    "SELECT d.key AS \"key\", d.version AS \"version\", d.modified AS \"modified\", "              \
    "d.id AS \"id\", l.key AS \"group_key\", lb.id AS \"groupId\", l.full_name AS \"groupName\", " \
    "lk.level AS \"level\", m.key AS \"meeting_key\", m.id AS \"meetingId\", "                     \
    "m.title AS \"meetingTitle\", a.id AS \"agendaItemId\", a.title AS \"agendaItemTitle\", "      \
    "d.year AS \"year\", d.number AS \"number\", d.text AS \"text\", "                             \
    "d.decided_on AS \"decidedOn\", d.position AS \"position_key\" FROM decision d "               \
    "JOIN meeting m ON m.key = d.meeting_key " FOLLOWUP_GROUP("d")                                 \
    "LEFT JOIN agenda_item a ON a.key = d.item_key "                                               \
    "WHERE " FOLLOWUP_LIFTED_VISIBLE("m", "d.number IS NOT NULL")

const struct resource decision_resource = {
    .name = "decisions",
    .noun = N_("decision"),
    .table = "decision",
    .select = SELECT,
    .found = "fold(\"text\") LIKE '%' || ?5 || '%'",
    .found_plain = true,
    .order = "\"decidedOn\" DESC, \"meeting_key\" DESC, \"position_key\", \"key\"",
    .visible = "1 = 1", /* the select says it; so a tombstone is as hidden as its row was */
    .size = sizeof(struct decision_input),
    .fields = decision_fields,
    .within = "groups",
    .parent_column = "group_key",
};
