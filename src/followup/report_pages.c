/* report_pages.c: the pages of status reports: a group's own, those of the groups that it
 * commissions side by side, one report, and the form.
 *
 * Owns what stands beside the rows. Must not know who may report (report_rules.c). */
#include <kansli/group.h>
#include "internal.h"

enum code report_list(struct ctx *ctx, struct answer *out)
{
    out->title = ctx_text(ctx, N_("Status reports"));
    return resource_list(ctx, &report_resource, (struct fixed){0}, &out->document);
}

enum code report_list_of_group(struct ctx *ctx, struct answer *out)
{
    enum code c;
    const char *id = ctx_value(ctx, "id");
    struct fixed within = {.condition = "\"group_key\" = ?6", .key = group_in_path(ctx, out, &c)};
    if (!within.key)
        return c;
    c = must_may(ctx, ACT_SEE_DRAFTS, within.key);
    if (!c)
        c = resource_list(ctx, &report_resource, within, &out->document);
    if (c)
        return c;
    if (ctx_embeds(ctx, "below"))
        ctx_embed(ctx, out->document, "below", reports_side_by_side(ctx, within.key));
    if (may(ctx, ACT_REPORT_STATUS, within.key))
        ctx_link(ctx, out->document, "create", "POST",
                 arena_printf(ctx->arena, "/groups/%s/status-reports", id));
    ctx->as_support = false; /* asked, not done */
    return group_below(ctx, id, out, "/decisions", ctx_text(ctx, N_("Status reports")));
}

enum code report_show(struct ctx *ctx, struct answer *out)
{
    enum code c = resource_answer(ctx, &report_resource, ctx_value(ctx, "id"), out);
    if (c || !out->document || out->moved)
        return c;
    const char *html;
    if (ctx_embeds(ctx, "textHtml")) {
        c = ctx_markdown(ctx, json_text(out->document, "text"), 3, "/text", &html);
        if (c)
            return c;
        ctx_embed(ctx, out->document, "textHtml", json_text_new(html));
    }
    const char *group = arena_strdup(ctx->arena, json_text(out->document, "groupId"));
    return group_below(ctx, group, out, "/decisions", ctx_text(ctx, N_("Status report")));
}

/* ---------------------------------------------------------------- the form */

static enum code give(struct ctx *ctx, struct answer *out, json_t *form, const char *group_id,
                      json_t *facts, const char *title)
{
    json_t *document = out->document = json_object();
    json_put(form, "cancel", arena_printf(ctx->arena, "/groups/%s/status-reports", group_id));
    json_put_new(document, "form", form);
    json_put_new(document, "facts", facts);
    return group_below(ctx, group_id, out, "/decisions", title);
}

enum code report_new_form(struct ctx *ctx, struct answer *out)
{
    enum code c;
    long long key = group_in_path(ctx, out, &c);
    if (!key)
        return c;
    c = must_may(ctx, ACT_REPORT_STATUS, key);
    if (c)
        return c;
    char from[DAY_SIZE];
    const char *id = ctx_value(ctx, "id");
    report_period(ctx, key, from);
    json_t *begins = json_pack("{s:s, s:s}", "periodStart", from, "periodEnd", ctx->today);
    json_t *form = resource_form(ctx, report_resource.fields, begins,
                                 arena_printf(ctx->arena, "/groups/%s/status-reports", id),
                                 ctx_text(ctx, N_("Send the report")));
    json_decref(begins);
    return give(ctx, out, form, id, report_facts(ctx, key, from, ctx->today),
                ctx_text(ctx, N_("New status report")));
}

enum code report_edit_form(struct ctx *ctx, struct answer *out)
{
    long long key = 0;
    const char *group_id, *id = ctx_value(ctx, "id");
    bool newest;
    json_t *object = NULL;
    enum code c = report_find(ctx, &key, &group_id, &newest);
    if (!c)
        c = must_may(ctx, ACT_REPORT_STATUS, key);
    if (c)
        return c;
    json_t *form = resource_form_of(ctx, &report_resource, id,
                                    arena_printf(ctx->arena, "/status-reports/%s?_method=PATCH",
                                                 id),
                                    ctx_text(ctx, N_("Save")), &object);
    json_t *facts = json_incref(json_object_get(object, "facts"));
    json_decref(object);
    return give(ctx, out, form, group_id, facts, ctx_text(ctx, N_("Change the status report")));
}
