/* followup_pages.c: the lists of decisions and actions, as registers, below a group and for
 * oneself, and the forms of actions.
 *
 * Owns what stands beside the rows: filters, chips of statuses, the group's head. Must not know who
 * may see what (the resources' selects) nor who may change it (action_rules.c). */
#include <string.h>
#include <kansli/group.h>
#include "internal.h"

enum { YEARS = 6 };

/* ---------------------------------------------------------------- above a list */

static bool is_filter(const json_t *filters, const char *name)
{
    size_t i;
    json_t *one;
    json_array_foreach((json_t *)filters, i, one)
        if (!strcmp(json_text(one, "name"), name))
            return true;
    return false;
}

/* What the address asks for and no filter shows goes along unseen. */
static void add_hidden(struct ctx *ctx, json_t *filters)
{
    static const char *const gone[] = {"page", "asOf", "embed", "after"};
    const char *name;
    json_t *value;
    json_object_foreach(ctx->query->values, name, value) {
        bool shown = !json_is_string(value) || is_filter(filters, name);
        for (size_t i = 0; i < LEN(gone); i++)
            shown = shown || !strcmp(gone[i], name);
        if (!shown)
            json_push(filters, json_pack("{s:s, s:s, s:s, s:O, s:[]}", "name", name, "label", name,
                                         "type", "hidden", "value", value, "options"));
    }
}

static void add_years(struct ctx *ctx, json_t *filters)
{
    const char *chosen = ctx_query(ctx, "year");
    json_t *one = json_push(filters, json_object());
    json_put(one, "name", "year");
    json_put(one, "label", ctx_text(ctx, N_("Year")));
    json_put(one, "type", "select");
    json_put(one, "value", chosen);
    json_t *options = json_put_new(one, "options", json_array());
    int this_year = (int)strtol(ctx->today, NULL, 10);
    for (int i = 0; i < YEARS; i++) {
        const char *year = arena_printf(ctx->arena, "%d", this_year - i);
        json_t *option = json_push(options, json_object());
        json_put(option, "value", year);
        json_put(option, "label", year);
        json_put_bool(option, "selected", chosen && !strcmp(chosen, year));
    }
}

/* Of a list's own filters the search field stays, and in the whole register the level. */
static void tidy(struct ctx *ctx, json_t *document, const char *search, bool whole, bool years)
{
    json_t *filters = json_object_get(json_object_get(document, "_embedded"), "filters");
    for (size_t i = json_array_size(filters); i-- > 0;) {
        json_t *one = json_array_get(filters, i);
        if (!strcmp(json_text(one, "name"), "q"))
            json_put(one, "label", ctx_text(ctx, search));
        else if (!whole || strcmp(json_text(one, "name"), "level"))
            json_array_remove(filters, i);
    }
    if (years)
        add_years(ctx, filters);
    add_hidden(ctx, filters);
}

/* ---------------------------------------------------------------- decisions */

/* A joint meeting's are also the other groups'. */
#define OF_GROUP                                                                                   \
    "\"meeting_key\" IN (SELECT x.meeting_key FROM meeting_group x WHERE x.group_key = ?6)"

enum code decision_list(struct ctx *ctx, struct answer *out)
{
    enum code c = resource_list(ctx, &decision_resource, (struct fixed){0}, &out->document);
    out->title = ctx_text(ctx, N_("Decisions"));
    if (!c && ctx_page(ctx))
        tidy(ctx, out->document, N_("Words of the decision"), true, true);
    return c;
}

/* Beside the decisions the page has the group's actions that are open. */
enum code decision_list_of_group(struct ctx *ctx, struct answer *out)
{
    enum code c;
    struct fixed within = {.condition = OF_GROUP, .key = group_in_path(ctx, out, &c)};
    if (!within.key)
        return c;
    c = resource_list(ctx, &decision_resource, within, &out->document);
    if (c)
        return c;
    if (ctx_embeds(ctx, "actions")) {
        struct fixed open = {.condition = "(\"of_key\" = ?6 OR " OF_GROUP ") "
                                          "AND \"status\" = 'open'",
                             .key = within.key};
        ctx_embed(ctx, out->document, "actions", resource_items(ctx, &action_resource, open));
    }
    const char *id = ctx_value(ctx, "id");
    if (may(ctx, ACT_CHANGE_GROUP, within.key))
        ctx_link(ctx, out->document, "createAction", "POST",
                 arena_printf(ctx->arena, "/groups/%s/actions", id));
    if (may(ctx, ACT_SEE_DRAFTS, within.key))
        ctx_link(ctx, out->document, "statusReports", "GET",
                 arena_printf(ctx->arena, "/groups/%s/status-reports", id));
    ctx->as_support = false; /* asked, not done */
    if (ctx_page(ctx))
        tidy(ctx, out->document, N_("Words of the decision"), false, true);
    return group_below(ctx, id, out, "/decisions", ctx_text(ctx, N_("Decisions")));
}

enum code decision_show(struct ctx *ctx, struct answer *out)
{
    return resource_answer(ctx, &decision_resource, ctx_value(ctx, "id"), out);
}

/* ---------------------------------------------------------------- actions */

/* This list with another status: a page begins with what is open. */
static json_t *choices(struct ctx *ctx)
{
    const char *now = ctx_query(ctx, "status") ? ctx_query(ctx, "status") : "open";
    json_t *all = json_array();
    for (const struct value *v = action_statuses; v->code; v++) {
        json_t *one = json_push(all, json_object());
        json_put(one, "label", ctx_text(ctx, v->label));
        json_put(one, "href",
                 v == action_statuses ? ctx->path
                                      : arena_printf(ctx->arena, "?status=%s", v->code));
        json_put_bool(one, "current", !strcmp(now, v->code));
    }
    return all;
}

#define OPEN " AND \"status\" = 'open'"

static bool begins(struct ctx *ctx)
{
    return ctx_page(ctx) && !ctx_query(ctx, "status");
}

static enum code list_actions(struct ctx *ctx, struct fixed fixed, bool whole, struct answer *out)
{
    enum code c = resource_list(ctx, &action_resource, fixed, &out->document);
    if (c)
        return c;
    if (ctx_embeds(ctx, "choices"))
        ctx_embed(ctx, out->document, "choices", choices(ctx));
    if (ctx_page(ctx))
        tidy(ctx, out->document, N_("Words of the action"), whole, false);
    return tx_code(ctx->tx);
}

enum code action_list(struct ctx *ctx, struct answer *out)
{
    struct fixed open = {.condition = begins(ctx) ? "1 = 1" OPEN : NULL};
    out->title = ctx_text(ctx, N_("Actions"));
    return list_actions(ctx, open, true, out);
}

enum code action_list_own(struct ctx *ctx, struct answer *out)
{
    struct fixed own = {.condition = begins(ctx) ? "\"whose_key\" = ?6" OPEN
                                                 : "\"whose_key\" = ?6",
                        .key = ctx->actor->person_key};
    out->title = ctx_text(ctx, N_("My actions"));
    return list_actions(ctx, own, false, out);
}

enum code action_list_of_group(struct ctx *ctx, struct answer *out)
{
    enum code c;
    struct fixed within = {.condition = "(\"of_key\" = ?6 OR " OF_GROUP ")",
                           .key = group_in_path(ctx, out, &c)};
    if (!within.key)
        return c;
    if (begins(ctx))
        within.condition = "(\"of_key\" = ?6 OR " OF_GROUP ")" OPEN;
    c = list_actions(ctx, within, false, out);
    if (c)
        return c;
    const char *id = ctx_value(ctx, "id");
    if (may(ctx, ACT_CHANGE_GROUP, within.key))
        ctx_link(ctx, out->document, "create", "POST",
                 arena_printf(ctx->arena, "/groups/%s/actions", id));
    ctx->as_support = false; /* asked, not done */
    return group_below(ctx, id, out, "/decisions", ctx_text(ctx, N_("Actions")));
}

enum code action_show(struct ctx *ctx, struct answer *out)
{
    return resource_answer(ctx, &action_resource, ctx_value(ctx, "id"), out);
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
    if (!c && !action_may_change(ctx, action.group_key, action.owner_key))
        c = must_may(ctx, ACT_CHANGE_GROUP, action.group_key);
    if (c)
        return c;
    json_t *form = resource_form_of(ctx, &action_resource, action.id,
                                    arena_printf(ctx->arena, "/actions/%s?_method=PATCH",
                                                 action.id),
                                    ctx_text(ctx, N_("Save")), &object);
    bool change = may(ctx, ACT_CHANGE_GROUP, action.group_key);
    ctx->as_support = false; /* asked, not done */
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
        c = must_may(ctx, ACT_CHANGE_GROUP, action.group_key);
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
