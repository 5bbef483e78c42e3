/* initiative.c: what a group means to do (R60, R64, R65): fields, and the select.
 *
 * Owns the reading of the table initiative. Seen with its plan; what it names (a gap, the group
 * that carries it out, the initiative one level up, last year's) only as the reader may know it.
 * Must not know when it may be changed (initiative_rules.c). */
#include <string.h>
#include "internal.h"

const struct value initiative_progress[] = {
    {"onTrack", NC_("initiative", "On track")},
    {"delayed", NC_("initiative", "Delayed")},
    {"stopped", NC_("initiative", "Stopped")},
    {"done", NC_("initiative", "Done")},
    {NULL, NULL},
};

#define INITIATIVE_VISIBLE(i)                                                                      \
    "EXISTS (SELECT 1 FROM plan vp JOIN workgroup vg ON vg.key = vp.group_key "                    \
    "WHERE vp.key = " i ".plan_key AND " PLAN_VISIBLE("vp", "vg") ")"

/* ---------------------------------------------------------------- fields */

#define AT(member) offsetof(struct initiative_input, member)

const struct reference initiative_reference = {
    .noun = N_("initiative"),
    .find = "SELECT i.key FROM initiative i WHERE i.id = ?1 AND " INITIATIVE_VISIBLE("i"),
    .name = "SELECT title FROM initiative WHERE key = ?1",
};

static const struct field milestone_fields[] = {
    {.name = "text", .label = N_("Milestone"), .type = T_TEXT, .flags = F_REQUIRED, .max = 500},
    {.name = "dueDate", .label = N_("Due"), .type = T_DAY},
    {0},
};

static const struct field initiative_fields[] = {
    {.name = "id", .label = N_("Id"), .type = T_UUID, .flags = F_DERIVED},
    {.name = "planId", .label = N_("Plan"), .type = T_REF, .flags = F_DERIVED,
     .reference = &plan_reference},
    {.name = "position", .label = N_("Place in the order"), .type = T_INT, .at = AT(position),
     .max = 200, .column = "position", .hint = N_("Empty: last.")},
    {.name = "title", .label = N_("Initiative"), .type = T_TEXT, .at = AT(title),
     .flags = F_REQUIRED | F_WIDE, .max = 300, .column = "title"},
    {.name = "focusArea", .label = N_("Focus area"), .type = T_TEXT, .at = AT(focus_area),
     .flags = F_FILTER, .column = "focus_area", .hint = N_("One of the plan's.")},
    {.name = "problem", .label = N_("Problem"), .type = T_LINES, .at = AT(problem),
     .column = "problem", .hint = N_("What is not as it should be, and for whom.")},
    {.name = "gapId", .label = N_("Gap"), .type = T_REF, .at = AT(gap), .flags = F_FILTER,
     .reference = &gap_reference, .column = "gap_key",
     .hint = N_("The need or gap that it answers.")},
    {.name = "gapTitle", .label = N_("Gap"), .type = T_TEXT, .flags = F_DERIVED},
    {.name = "groupId", .label = N_("Responsible group"), .type = T_REF, .at = AT(group),
     .flags = F_FILTER, .reference = &group_reference, .column = "group_key",
     .hint = N_("Who carries it out.")},
    {.name = "deliverableType", .label = N_("What it delivers"), .type = T_TEXT,
     .at = AT(deliverable_type), .flags = F_FILTER, .column = "deliverable_type",
     .hint = N_("For example: knowledge support, a care pathway, a survey.")},
    {.name = "dimensions", .label = N_("Dimensions of good care"), .type = T_ENUMS,
     .at = AT(dimensions), .flags = F_FILTER, .values = care_dimensions, .column = "dimensions"},
    {.name = "priority", .label = N_("Priority"), .type = T_INT, .at = AT(priority),
     .flags = F_REQUIRED | F_FILTER | F_SORT, .max = 4, .column = "priority",
     .hint = N_("From 1, the highest, to 4.")},
    {.name = "priorityReason", .label = N_("Why that priority"), .type = T_LINES,
     .at = AT(priority_reason), .column = "priority_reason"},
    {.name = "cost", .label = N_("Cost, kronor"), .type = T_INT, .at = AT(cost), .column = "cost",
     .hint = N_("Beside people and process support, which are in the hosting.")},
    {.name = "prioritisationReference", .label = N_("The prioritisation decision it rests on"),
     .type = T_TEXT, .at = AT(prioritisation_reference), .column = "prioritisation_reference",
     .hint = N_("Needed with a cost.")},
    {.name = "resourceNeeds", .label = N_("Consequences for resources"), .type = T_LINES,
     .at = AT(resource_needs), .column = "resource_needs",
     .hint = N_("Of people and process support.")},
    {.name = "startDate", .label = N_("First day"), .type = T_DAY, .at = AT(start_date),
     .flags = F_SORT, .column = "start_date"},
    {.name = "endDate", .label = N_("Last day"), .type = T_DAY, .at = AT(end_date),
     .flags = F_SORT, .column = "end_date"},
    {.name = "milestones", .label = N_("Milestones"), .type = T_ROWS, .at = AT(milestones),
     .column = "milestones", .rows = milestone_fields},
    {.name = "indicators", .label = N_("How it will show"), .type = T_LINES,
     .at = AT(indicators), .column = "indicators", .hint = N_("Indicators, in words.")},
    {.name = "parentInitiativeId", .label = N_("Part of"), .type = T_REF, .at = AT(parent),
     .flags = F_FILTER, .reference = &initiative_reference, .column = "parent_key",
     .hint = N_("The initiative of the programme area one level up.")},
    {.name = "parentInitiativeTitle", .label = N_("Part of"), .type = T_TEXT, .flags = F_DERIVED},
    {.name = "progress", .label = N_("Progress"), .type = T_ENUM, .at = AT(progress),
     .flags = F_FILTER | F_SORT, .values = initiative_progress, .column = "progress"},
    {.name = "outcome", .label = N_("Outcome"), .type = T_LINES, .at = AT(outcome),
     .column = "outcome"},
    {.name = "deviation", .label = N_("Deviation"), .type = T_LINES, .at = AT(deviation),
     .column = "deviation", .hint = N_("What did not become as planned, and why.")},
    {.name = "fromInitiativeId", .label = N_("Goes on with"), .type = T_REF,
     .flags = F_DERIVED | F_FILTER,
     .reference = &initiative_reference, .hint = N_("Last year's initiative.")},
    {0},
};

#define SELECT                                                                                     \
    "SELECT i.key AS \"key\", i.version AS \"version\", i.modified AS \"modified\", "              \
    "i.id AS \"id\", p.id AS \"planId\", p.key AS \"plan_key\", p.state AS \"state_key\", "        \
    "p.group_key AS \"owner_key\", i.position AS \"position\", i.title AS \"title\", "             \
    "i.focus_area AS \"focusArea\", i.problem AS \"problem\", ga.id AS \"gapId\", "                \
    "ga.title AS \"gapTitle\", b.id AS \"groupId\", w.full_name AS \"groupName\", "                \
    "i.deliverable_type AS \"deliverableType\", i.dimensions AS \"dimensions\", "                  \
    "i.priority AS \"priority\", i.priority_reason AS \"priorityReason\", i.cost AS \"cost\", "    \
    "i.prioritisation_reference AS \"prioritisationReference\", "                                  \
    "i.resource_needs AS \"resourceNeeds\", i.start_date AS \"startDate\", "                       \
    "i.end_date AS \"endDate\", i.milestones AS \"milestones\", i.indicators AS \"indicators\", "  \
    "pi.id AS \"parentInitiativeId\", pi.title AS \"parentInitiativeTitle\", "                     \
    "i.progress AS \"progress\", i.outcome AS \"outcome\", i.deviation AS \"deviation\", "         \
    "fi.id AS \"fromInitiativeId\" FROM initiative i JOIN plan p ON p.key = i.plan_key "           \
    "JOIN workgroup g ON g.key = p.group_key "                                                     \
    "LEFT JOIN gap ga ON ga.key = i.gap_key AND " GAP_VISIBLE("ga")                                \
    " LEFT JOIN workgroup w ON w.key = i.group_key AND "                                           \
    ACCESS_GROUP_VISIBLE("w.access_mode", "w.key")                                                 \
    " LEFT JOIN body b ON b.key = w.key "                                                          \
    "LEFT JOIN initiative pi ON pi.key = i.parent_key AND " INITIATIVE_VISIBLE("pi")               \
    " LEFT JOIN initiative fi ON fi.key = i.from_key AND " INITIATIVE_VISIBLE("fi")                \
    " WHERE " PLAN_VISIBLE("p", "g")

static void links(struct ctx *ctx, json_t *object)
{
    const char *state = json_text(object, "state_key");
    bool open = !strcmp(state, "draft") || !strcmp(state, "returned");
    if ((!open && strcmp(state, "approved")) ||
        !may(ctx, ACT_CHANGE_GROUP, json_int(object, "owner_key", 0)))
        return;
    const char *path = arena_printf(ctx->arena, "/plans/%s/initiatives/%s",
                                    json_text(object, "planId"), json_text(object, "id"));
    ctx_link(ctx, object, "edit", "PATCH", path);
    if (open)
        ctx_link(ctx, object, "delete", "DELETE", path);
    ctx->as_support = false; /* asked, not done */
}

const struct resource initiative_resource = {
    .name = "initiatives",
    .noun = N_("initiative"),
    .table = "initiative",
    .select = SELECT,
    .visible = "1 = 1", /* the select says it; so a tombstone is as hidden as its row was */
    .order = "\"position\", \"key\"",
    .size = sizeof(struct initiative_input),
    .fields = initiative_fields,
    .links = links,
    .within = "plans",
    .parent = "planId",
    .parent_column = "plan_key",
    .texts = "SELECT title AS \"title\", focus_area AS \"focus\", problem AS \"problem\", "
             "deliverable_type AS \"deliverable\", priority_reason AS \"priority\", "
             "resource_needs AS \"needs\", milestones AS \"milestones_list\", "
             "indicators AS \"indicators\", outcome AS \"outcome\", "
             "deviation AS \"deviation\" FROM initiative WHERE key = ?1",
};
