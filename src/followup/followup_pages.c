/* followup_pages.c: decisions and actions as registers, below a group, for oneself and one by one,
 * and the forms of actions.
 *
 * Owns what stands beside the rows: chips of statuses, the group's head, what goes with one
 * decision or one action. Must not know who may see what (the resources' selects) nor who may
 * change it (action_rules.c). */
#include <string.h>
#include <kansli/audit.h>
#include <kansli/group.h>
#include "internal.h"

static void step(json_t *crumbs, const char *href, const char *name)
{
    json_t *crumb = json_push(crumbs, json_object());
    json_put(crumb, "href", href);
    json_put(crumb, "name", name);
}

/* From the register by the group, if the reader may know of it, to here. */
static void embed_crumbs(struct ctx *ctx, json_t *object, const char *rest, const char *label,
                         const char *here)
{
    const char *group = json_text(object, "groupId");
    if (!ctx_embeds(ctx, "crumbs"))
        return;
    json_t *crumbs = json_array();
    step(crumbs, rest, ctx_text(ctx, label));
    if (group)
        step(crumbs, arena_printf(ctx->arena, "/groups/%s%s", group, rest),
             json_text(object, "groupName"));
    step(crumbs, ctx->path, here);
    ctx_embed(ctx, object, "crumbs", crumbs);
}

static void embed_minutes(struct ctx *ctx, json_t *object)
{
    const char *meeting = json_text(object, "meetingId");
    if (ctx_embeds(ctx, "minutes"))
        ctx_embed(ctx, object, "minutes", meeting ? followup_minutes(ctx, meeting) : json_null());
}

/* ---------------------------------------------------------------- decisions */

#define DECIDED "(?9 IS NULL OR \"decidedOn\" >= ?9) AND (?10 IS NULL OR \"decidedOn\" <= ?10)"

static const struct heading decision_columns[] = {
    {.label = N_("Decision")},
    {.name = "number", .label = N_("§")},
    {.label = N_("Group")},
    {.label = N_("Meeting")},
    {.name = "decidedOn", .label = N_("Decided")},
    {0},
};

/* A joint meeting's are also the other groups'. */
static const struct scope decisions = {
    .of = FOLLOWUP_DECISIONS_OF("= ?6"),
    .within = FOLLOWUP_DECISIONS_OF("IN " FOLLOWUP_UNDER),
    .days = DECIDED,
};

static void decision_filters(struct ctx *ctx, json_t *document, long long key, bool whole)
{
    followup_headings(ctx, document, decision_columns, "-decidedOn");
    if (!ctx_page(ctx))
        return;
    json_t *people = key ? decision_presenters(ctx, key, whole) : json_array();
    followup_filters(ctx, document, N_("Words of the decision"), whole);
    followup_filter_years(ctx, document);
    followup_filter_people(ctx, document, "presenterIds", N_("Presented by"), people);
    if (whole)
        followup_filter_groups(ctx, document);
    followup_filters_end(ctx, document);
}

enum code decision_list(struct ctx *ctx, struct answer *out)
{
    struct fixed scope = followup_scope(ctx, &decisions);
    enum code c = resource_list(ctx, &decision_resource, scope, &out->document);
    out->title = ctx_text(ctx, N_("Decisions"));
    if (!c)
        decision_filters(ctx, out->document, scope.key, true);
    return c ? c : tx_code(ctx->tx);
}

static void group_links(struct ctx *ctx, json_t *document, long long key)
{
    const char *id = ctx_value(ctx, "id");
    if (may(ctx, ACT_CHANGE_GROUP, key))
        ctx_link(ctx, document, "createAction", "POST",
                 arena_printf(ctx->arena, "/groups/%s/actions", id));
    if (may(ctx, ACT_SEE_DRAFTS, key))
        ctx_link(ctx, document, "statusReports", "GET",
                 arena_printf(ctx->arena, "/groups/%s/status-reports", id));
    ctx->as_support = false; /* asked, not done */
}

/* Beside the decisions the page has the group's actions that are open, and its newest report. */
enum code decision_list_of_group(struct ctx *ctx, struct answer *out)
{
    enum code c;
    struct scope of = decisions;
    of.key = group_in_path(ctx, out, &c);
    if (!of.key)
        return c;
    c = resource_list(ctx, &decision_resource, followup_scope(ctx, &of), &out->document);
    if (c)
        return c;
    if (ctx_embeds(ctx, "actions")) {
        struct fixed open = {.condition = FOLLOWUP_ACTIONS_OF("= ?6") " AND \"status\" = 'open'",
                             .key = of.key};
        ctx_embed(ctx, out->document, "actions", resource_items(ctx, &action_resource, open));
    }
    if (ctx_embeds(ctx, "report"))
        ctx_embed(ctx, out->document, "report", report_newest(ctx, of.key));
    if (ctx_embeds(ctx, "leads"))
        ctx_embed(ctx, out->document, "leads", json_boolean(followup_leads(ctx, of.key)));
    group_links(ctx, out->document, of.key);
    decision_filters(ctx, out->document, of.key, false);
    return group_below(ctx, ctx_value(ctx, "id"), out, "/decisions",
                       ctx_text(ctx, N_("Decisions")));
}

/* "§ 12/2026", or what a draft's is called. */
static const char *decision_title(struct ctx *ctx, const json_t *decision)
{
    long long number = json_int(decision, "number", 0);
    if (!number)
        return ctx_text(ctx, N_("Decision of a draft"));
    return arena_printf(ctx->arena, "§ %lld/%lld", number, json_int(decision, "year", 0));
}

enum code decision_show(struct ctx *ctx, struct answer *out)
{
    long long key = 0;
    json_t *decision = resource_one(ctx, &decision_resource, ctx_value(ctx, "id"), &key,
                                    &out->version);
    if (!decision)
        return tx_code(ctx->tx) ? tx_code(ctx->tx) : ctx_absent(ctx);
    out->document = decision;
    out->title = decision_title(ctx, decision);
    embed_crumbs(ctx, decision, "/decisions", N_("Decisions"), out->title);
    embed_minutes(ctx, decision);
    if (ctx_embeds(ctx, "people"))
        ctx_embed(ctx, decision, "people", decision_people(ctx, key));
    if (ctx_embeds(ctx, "groups"))
        ctx_embed(ctx, decision, "groups", decision_groups(ctx, key));
    if (ctx_embeds(ctx, "actions")) {
        struct fixed beside = {.condition = "\"item_key\" = (SELECT item_key FROM decision "
                                            "WHERE key = ?6)",
                               .key = key};
        ctx_embed(ctx, decision, "actions", resource_items(ctx, &action_resource, beside));
    }
    return tx_code(ctx->tx);
}

/* ---------------------------------------------------------------- actions */

#define DUE "(?9 IS NULL OR \"dueDate\" >= ?9) AND (?10 IS NULL OR \"dueDate\" <= ?10)"

static const struct heading action_columns[] = {
    {.label = N_("Action")},
    {.name = "ownerName", .label = N_("Who does it")},
    {.name = "dueDate", .label = NC_("action", "By")},
    {.label = N_("Group")},
    {.name = "status", .label = N_("Status")},
    {.label = N_("What you can do"), .unseen = true},
    {0},
};

static const struct scope actions = {
    .of = FOLLOWUP_ACTIONS_OF("= ?6"),
    .within = FOLLOWUP_ACTIONS_OF("IN " FOLLOWUP_UNDER),
    .days = DUE,
};

/* A page begins with what is open. */
static bool begins(struct ctx *ctx)
{
    return ctx_page(ctx) && !ctx_query(ctx, "status");
}

/* This list with another status, whatever else it is narrowed by. */
static json_t *choices(struct ctx *ctx)
{
    static const struct {
        const char *label, *name, *value;
    } which[] = {
        {NC_("actions", "Open"), NULL, NULL},
        {NC_("actions", "Overdue"), "overdue", "true"},
        {NC_("actions", "Done"), "status", "done"},
        {NC_("actions", "Dropped"), "status", "dropped"},
        {NC_("actions", "All"), "status", "open,done,dropped"},
    };
    static const char *const chosen_by[] = {"status", "overdue", NULL};
    const char *status = ctx_query(ctx, "status"), *overdue = ctx_query(ctx, "overdue");
    json_t *all = json_array();
    for (size_t i = 0; i < LEN(which); i++) {
        const char *name = which[i].name;
        const char *asked = !name ? NULL : !strcmp(name, "status") ? status : overdue;
        bool now = name ? asked && !strcmp(asked, which[i].value) : !status && !overdue;
        json_t *one = json_push(all, json_object());
        json_put(one, "label", ctx_text(ctx, which[i].label));
        json_put(one, "href", followup_address(ctx, chosen_by, name, which[i].value));
        json_put_bool(one, "current", now);
    }
    return all;
}

/* `of_people`: whose they are is offered as a filter; else they are one person's. */
static enum code list_actions(struct ctx *ctx, struct fixed fixed, bool whole, bool of_people,
                              struct answer *out)
{
    enum code c = resource_list(ctx, &action_resource, fixed, &out->document);
    if (c)
        return c;
    if (ctx_embeds(ctx, "choices"))
        ctx_embed(ctx, out->document, "choices", choices(ctx));
    followup_headings(ctx, out->document, action_columns, "");
    if (!ctx_page(ctx))
        return tx_code(ctx->tx);
    json_t *people = fixed.key && of_people ? action_owners(ctx, fixed.key, whole) : json_array();
    followup_filters(ctx, out->document, N_("Words of the action"), whole);
    if (of_people)
        followup_filter_people(ctx, out->document, "ownerId", N_("Who does it"), people);
    else
        json_decref(people);
    if (whole)
        followup_filter_groups(ctx, out->document);
    followup_filters_end(ctx, out->document);
    return tx_code(ctx->tx);
}

#define OPEN "\"status\" = 'open'"

enum code action_list(struct ctx *ctx, struct answer *out)
{
    struct scope all = actions;
    all.also = begins(ctx) ? OPEN : NULL;
    out->title = ctx_text(ctx, N_("Actions"));
    return list_actions(ctx, followup_scope(ctx, &all), true, true, out);
}

enum code action_list_own(struct ctx *ctx, struct answer *out)
{
    struct scope own = {.key = ctx->actor->person_key,
                        .of = "\"whose_key\" = ?6",
                        .days = DUE,
                        .also = begins(ctx) ? OPEN : NULL};
    out->title = ctx_text(ctx, N_("My actions"));
    return list_actions(ctx, followup_scope(ctx, &own), false, false, out);
}

enum code action_list_of_group(struct ctx *ctx, struct answer *out)
{
    enum code c;
    struct scope of = actions;
    of.key = group_in_path(ctx, out, &c);
    if (!of.key)
        return c;
    of.also = begins(ctx) ? OPEN : NULL;
    c = list_actions(ctx, followup_scope(ctx, &of), false, true, out);
    if (c)
        return c;
    const char *id = ctx_value(ctx, "id");
    if (may(ctx, ACT_CHANGE_GROUP, of.key))
        ctx_link(ctx, out->document, "create", "POST",
                 arena_printf(ctx->arena, "/groups/%s/actions", id));
    ctx->as_support = false; /* asked, not done */
    return group_below(ctx, id, out, "/decisions", ctx_text(ctx, N_("Actions")));
}

/* What happened to it, for those who may see the group's history. */
static json_t *history_of(struct ctx *ctx, const struct action_row *action)
{
    struct fixed own = {.condition = "\"key\" IN (SELECT key FROM audit_event "
                                     "WHERE object_type = 'actions' AND object_key = ?6)",
                        .key = action->key};
    bool shown = may(ctx, ACT_SEE_HISTORY, action->group_key);
    ctx->as_support = false; /* asked, not done */
    return shown ? json_pack("{s:o}", "items", resource_items(ctx, &audit_resource, own))
                 : json_null();
}

static json_t *field_of(const json_t *form, const char *name)
{
    size_t i;
    json_t *field;
    json_array_foreach(json_object_get(form, "fields"), i, field)
        if (!strcmp(json_text(field, "name"), name))
            return json_incref(field);
    return json_null();
}

/* What the page's small forms have, each a field; null for who may not follow it up. */
static json_t *small_forms(struct ctx *ctx, const struct action_row *action)
{
    if (!action_may_follow(ctx, action))
        return json_null();
    json_t *form = resource_form_of(ctx, &action_resource, action->id, "", "", NULL);
    bool change = action_may_change(ctx, action);
    json_t *forms = json_object();
    json_put(forms, "version", json_text(form, "version"));
    json_put_new(forms, "day", field_of(form, "dueDate"));
    json_put_new(forms, "why", field_of(form, "reason"));
    json_put_new(forms, "owner", change ? field_of(form, "ownerId") : json_null());
    json_decref(form);
    return forms;
}

enum code action_show(struct ctx *ctx, struct answer *out)
{
    struct action_row action;
    enum code c = action_find(ctx, &action);
    if (!c)
        c = resource_answer(ctx, &action_resource, action.id, out);
    if (c || !out->document)
        return c;
    json_t *object = out->document;
    out->title = ctx_text(ctx, N_("Action"));
    embed_crumbs(ctx, object, "/actions", N_("Actions"), out->title);
    embed_minutes(ctx, object);
    if (ctx_embeds(ctx, "byHand"))
        ctx_embed(ctx, object, "byHand", json_boolean(!action.meeting_key));
    if (ctx_embeds(ctx, "history"))
        ctx_embed(ctx, object, "history", history_of(ctx, &action));
    if (ctx_embeds(ctx, "forms"))
        ctx_embed(ctx, object, "forms", small_forms(ctx, &action));
    return tx_code(ctx->tx);
}

/* ---------------------------------------------------------------- forms */

static enum code give(struct ctx *ctx, struct answer *out, json_t *form, const char *group_id,
                      const char *title, const char *lead)
{
    json_t *document = out->document = json_object();
    json_put(form, "cancel", arena_printf(ctx->arena, "/groups/%s/decisions", group_id));
    json_put(document, "lead", lead);
    json_put_new(document, "form", form);
    out->view = "group/form";
    return group_below(ctx, group_id, out, "/decisions", title);
}

static void drop_field(json_t *form, const char *name)
{
    json_t *fields = json_object_get(form, "fields");
    for (size_t i = json_array_size(fields); i-- > 0;)
        if (!strcmp(json_text(json_array_get(fields, i), "name"), name))
            json_array_remove(fields, i);
}

enum code action_new_form(struct ctx *ctx, struct answer *out)
{
    enum code c;
    long long key = group_in_path(ctx, out, &c);
    if (!key)
        return c;
    c = must_may(ctx, ACT_CHANGE_GROUP, key);
    if (c)
        return c;
    const char *id = ctx_value(ctx, "id");
    json_t *form = resource_form(ctx, action_resource.fields, NULL,
                                 arena_printf(ctx->arena, "/groups/%s/actions", id),
                                 ctx_text(ctx, N_("Save")));
    drop_field(form, "status"); /* it begins open */
    drop_field(form, "reason");
    return give(ctx, out, form, id, ctx_text(ctx, N_("New action")),
                ctx_text(ctx, N_("Actions of a meeting are written in its minutes. Here is entered "
                                 "what came up in between.")));
}

/* The owner says how it goes; the text of a lifted one is the minutes' own. */
enum code action_edit_form(struct ctx *ctx, struct answer *out)
{
    struct action_row action;
    json_t *object = NULL;
    enum code c = action_find(ctx, &action);
    if (!c)
        c = action_must_follow(ctx, &action);
    if (c)
        return c;
    json_t *form = resource_form_of(ctx, &action_resource, action.id,
                                    arena_printf(ctx->arena, "/actions/%s?_method=PATCH",
                                                 action.id),
                                    ctx_text(ctx, N_("Save")), &object);
    bool change = action_may_change(ctx, &action);
    if (action.meeting_id || !change)
        drop_field(form, "text");
    if (!change)
        drop_field(form, "ownerId");
    const char *text = arena_strdup(ctx->arena, json_text(object, "text"));
    json_decref(object);
    return give(ctx, out, form, action.group_id, ctx_text(ctx, N_("Follow up the action")),
                action.meeting_id || !change ? text : NULL);
}

enum code action_delete_form(struct ctx *ctx, struct answer *out)
{
    static const struct field nothing[] = {{0}};
    struct action_row action;
    long long version = 0;
    enum code c = action_find(ctx, &action);
    if (!c)
        c = action_must_change(ctx, &action);
    if (c)
        return c;
    json_t *object = resource_one(ctx, &action_resource, action.id, NULL, &version);
    json_t *form = resource_form(ctx, nothing, NULL,
                                 arena_printf(ctx->arena, "/actions/%s?_method=DELETE", action.id),
                                 ctx_text(ctx, NC_("button", "Delete")));
    json_put(form, "version", arena_int(ctx->arena, version));
    const char *text = arena_strdup(ctx->arena, json_text(object, "text"));
    json_decref(object);
    return give(ctx, out, form, action.group_id, ctx_text(ctx, N_("Delete the action")), text);
}
