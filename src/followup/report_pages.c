/* report_pages.c: the pages of status reports: a group's own, those of the groups that it
 * commissions side by side, one report, and the form.
 *
 * Owns what stands beside the rows. Must not know who may report (report_rules.c). */
#include <kansli/group.h>
#include "internal.h"

static const struct heading columns[] = {
    {.label = N_("Group")},
    {.name = "periodEnd", .label = N_("Period")},
    {.name = "state", .label = N_("How it goes")},
    {.label = N_("Meetings held"), .number = true},
    {.label = N_("Attendance"), .number = true},
    {.label = N_("Members"), .number = true},
    {.label = N_("Actions done"), .number = true},
    {.label = N_("Actions still open"), .number = true},
    {0},
};

static const struct scope reports = {
    .of = "\"group_key\" = ?6",
    .within = "\"group_key\" IN " FOLLOWUP_UNDER,
    .days = "(?9 IS NULL OR \"periodEnd\" >= ?9) AND (?10 IS NULL OR \"periodEnd\" <= ?10)",
};

enum code report_list(struct ctx *ctx, struct answer *out)
{
    enum code c = resource_list(ctx, &report_resource, followup_scope(ctx, &reports),
                                &out->document);
    out->title = ctx_text(ctx, N_("Status reports"));
    if (c)
        return c;
    followup_headings(ctx, out->document, columns, "-periodEnd");
    if (ctx_page(ctx)) {
        followup_filters(ctx, out->document, N_("Words of the report"), true);
        followup_filter_groups(ctx, out->document);
        followup_filters_end(ctx, out->document);
    }
    return tx_code(ctx->tx);
}

enum code report_list_of_group(struct ctx *ctx, struct answer *out)
{
    enum code c;
    const char *id = ctx_value(ctx, "id");
    struct scope of = reports;
    of.key = group_in_path(ctx, out, &c);
    if (!of.key)
        return c;
    c = must_may(ctx, ACT_SEE_DRAFTS, of.key);
    if (!c)
        c = resource_list(ctx, &report_resource, followup_scope(ctx, &of), &out->document);
    if (c)
        return c;
    followup_headings(ctx, out->document, columns, "-periodEnd");
    if (ctx_embeds(ctx, "below"))
        ctx_embed(ctx, out->document, "below", reports_side_by_side(ctx, of.key, false));
    if (ctx_embeds(ctx, "further"))
        ctx_embed(ctx, out->document, "further", reports_side_by_side(ctx, of.key, true));
    if (may(ctx, ACT_REPORT_STATUS, of.key))
        ctx_link(ctx, out->document, "create", "POST",
                 arena_printf(ctx->arena, "/groups/%s/status-reports", id));
    ctx->as_support = false; /* asked, not done */
    return group_below(ctx, id, out, "/decisions", ctx_text(ctx, N_("Status reports")));
}

enum code report_show(struct ctx *ctx, struct answer *out)
{
    long long key = 0, group_key = 0;
    const char *html, *group;
    bool open;
    enum code c = report_find(ctx, &key, &group_key, &group, &open);
    if (!c && tx_writes(ctx->tx))
        c = report_note_reading(ctx, key, group_key);
    if (!c)
        c = resource_answer(ctx, &report_resource, ctx_value(ctx, "id"), out);
    if (c || !out->document)
        return c;
    if (ctx_embeds(ctx, "textHtml")) {
        c = ctx_markdown(ctx, json_text(out->document, "text"), 3, "/text", &html);
        if (c)
            return c;
        ctx_embed(ctx, out->document, "textHtml", json_text_new(html));
    }
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
    c = give(ctx, out, form, id, report_facts(ctx, key, from, ctx->today),
             ctx_text(ctx, N_("New status report")));
    json_put_new(out->document, "matter", report_matter(ctx, key, from, ctx->today));
    return c;
}

enum code report_edit_form(struct ctx *ctx, struct answer *out)
{
    long long key = 0, group_key = 0;
    const char *group_id, *id = ctx_value(ctx, "id");
    bool open;
    json_t *object = NULL;
    enum code c = report_find(ctx, &key, &group_key, &group_id, &open);
    if (!c)
        c = must_may(ctx, ACT_REPORT_STATUS, group_key);
    if (c)
        return c;
    json_t *form = resource_form_of(ctx, &report_resource, id,
                                    arena_printf(ctx->arena, "/status-reports/%s?_method=PATCH",
                                                 id),
                                    ctx_text(ctx, N_("Save")), &object);
    c = give(ctx, out, form, group_id, json_incref(json_object_get(object, "facts")),
             ctx_text(ctx, N_("Change the status report")));
    json_put_new(out->document, "matter",
                 report_matter(ctx, group_key, json_text(object, "periodStart"),
                               json_text(object, "periodEnd")));
    json_decref(object);
    return c;
}
