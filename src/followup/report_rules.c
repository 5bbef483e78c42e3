/* report_rules.c: status reports are written by the group's officers and told to those who
 * commission it.
 *
 * Owns who may report and until when a report may be changed: while it is the group's newest; what
 * came after was written against it. Must not know pages. */
#include <string.h>
#include <kansli/group.h>
#include <kansli/mail.h>
#include "internal.h"

enum { FACTS_MOST = 1024 }; /* bytes */

enum code report_find(struct ctx *ctx, long long *group_key, const char **group_id, bool *newest)
{
    long long key = 0;
    json_t *seen = resource_one(ctx, &report_resource, ctx_value(ctx, "id"), &key, NULL);
    if (!seen)
        return tx_code(ctx->tx) ? tx_code(ctx->tx) : ctx_absent(ctx);
    *group_id = arena_strdup(ctx->arena, json_text(seen, "groupId"));
    json_decref(seen);
    *group_key = db_int(ctx->tx, 0, "SELECT group_key FROM status_report WHERE key = ?1", key);
    *newest = key == db_int(ctx->tx, 0,
                            "SELECT key FROM status_report WHERE group_key = ?1 "
                            "ORDER BY period_end DESC, key DESC LIMIT 1",
                            *group_key);
    return tx_code(ctx->tx);
}

/* --------------------------------------------------------------- what a field alone cannot tell */

static enum code check_input(struct ctx *ctx, const struct report_input *in, enum code read)
{
    const char *html;
    if (read && read != E_INPUT)
        return read;
    if (in->period_start && in->period_end && strcmp(in->period_end, in->period_start) < 0)
        err_field(ctx->err, "/periodEnd", N_("The last day comes before the first."), NULL);
    else if (in->period_end && strcmp(in->period_end, ctx->today) > 0)
        err_field(ctx->err, "/periodEnd",
                  N_("A report is about what has been: today at the latest."), NULL);
    if (in->text && ctx_markdown(ctx, in->text, 3, "/text", &html) && ctx->err->code != E_INPUT)
        return ctx->err->code;
    return ctx->err->code ? ctx->err->code : tx_code(ctx->tx);
}

static enum code save_facts(struct ctx *ctx, long long key, long long group_key,
                            const struct report_input *in)
{
    json_t *facts = report_facts(ctx, group_key, in->period_start, in->period_end);
    struct buf text;
    buf_init(&text, FACTS_MOST);
    json_write(&text, facts);
    enum code c = db_run(ctx->tx, "UPDATE status_report SET facts = ?2 WHERE key = ?1", key,
                         (const char *)text.data);
    buf_release(&text);
    json_decref(facts);
    return c;
}

/* ---------------------------------------------------------------- told */

static enum code tell(struct ctx *ctx, long long group_key, const char *id, const char *state)
{
    const char *label = "";
    for (const struct value *v = report_states; v->code; v++)
        if (!strcmp(v->code, state))
            label = v->label;
    const char *places[] = {"group",
                            db_text(ctx->tx, "SELECT full_name FROM workgroup WHERE key = ?1",
                                    group_key),
                            "stateLabel", label, NULL};
    struct mail mail = {
        .event = arena_printf(ctx->arena, "status-reports:%s:new", id),
        .kind = MAIL_NOTICE,
        .subject = N_("{group} has reported how it goes"),
        .paragraphs = {N_("{group} has written a status report: {stateLabel}."),
                       N_("It is shown beside the reports of the other groups that you "
                          "commission.")},
        .path = arena_printf(ctx->arena, "/status-reports/%s", id),
        .action = N_("Read the report"),
        .why = N_("You get this because your group commissions {group}."),
        .places = places,
    };
    json_t *row, *rows = db_rows(ctx->tx,
                                 "SELECT DISTINCT principal_key AS \"key\" FROM group_principal "
                                 "WHERE group_key = ?1 AND start_date <= ?2 "
                                 "AND (end_date IS NULL OR end_date >= ?2) ORDER BY 1",
                                 group_key, ctx->today);
    enum code c = tx_code(ctx->tx);
    size_t i;
    json_array_foreach(rows, i, row)
        if (!c)
            c = mail_officers(ctx, json_int(row, "key", 0), &mail);
    json_decref(rows);
    return c;
}

/* ---------------------------------------------------------------- written */

static bool in_path(const struct ctx *ctx)
{
    return ctx->names > 0 && !strcmp(ctx->name[0], "id");
}

static long long group_asked(struct ctx *ctx, struct answer *out, enum code *c)
{
    long long key = 0;
    *c = OK;
    if (in_path(ctx))
        return group_in_path(ctx, out, c);
    const char *id = params_text(ctx->body, "groupId");
    json_decref(id ? resource_one(ctx, &group_resource, id, &key, NULL) : NULL);
    return key;
}

static enum code read_new(struct ctx *ctx, long long group_key, struct report_input *in)
{
    enum code c = resource_read(ctx, &report_resource, in);
    if (c && c != E_INPUT)
        return c;
    if (!in->group.key && !in_path(ctx) && !params_text(ctx->body, "groupId"))
        err_field(ctx->err, "/groupId", N_("This is needed."), NULL);
    if (in->group.key && in->group.key != group_key)
        err_field(ctx->err, "/groupId", N_("The address names another group."), NULL);
    return check_input(ctx, in, ctx->err->code);
}

static enum code insert(struct ctx *ctx, long long group_key, const struct report_input *in,
                        const char **id)
{
    long long key = 0;
    json_t *extra = json_object();
    json_put_int(extra, "group_key", group_key);
    enum code c = resource_insert(ctx, &report_resource, in, NULL, extra, &key);
    json_decref(extra);
    if (!c)
        c = save_facts(ctx, key, group_key, in);
    *id = db_text(ctx->tx, "SELECT id FROM status_report WHERE key = ?1", key);
    return c ? c : tell(ctx, group_key, *id, in->state);
}

enum code report_create(struct ctx *ctx, struct answer *out)
{
    struct report_input in;
    const char *id = NULL;
    enum code c;
    long long group = group_asked(ctx, out, &c);
    if (c || out->moved)
        return c;
    if (group)
        c = must_may(ctx, ACT_REPORT_STATUS, group);
    if (!c)
        c = read_new(ctx, group, &in);
    if (!c)
        c = insert(ctx, group, &in, &id);
    out->flash = N_("The report is sent. Those who commission the group are told by mail.");
    return c ? c : resource_created(ctx, &report_resource, id, out);
}

/* ---------------------------------------------------------------- changed */

enum code report_change(struct ctx *ctx, struct answer *out)
{
    struct report_input in;
    struct edit edit = {0};
    long long group = 0;
    const char *group_id, *id = ctx_value(ctx, "id");
    bool newest = false;
    enum code c = report_find(ctx, &group, &group_id, &newest);
    if (!c)
        c = must_may(ctx, ACT_REPORT_STATUS, group);
    if (!c && !newest)
        c = ctx_fail(ctx, E_CONFLICT, "report-not-newest",
                     N_("The group has reported again since. This report stays as it was read."));
    if (c)
        return c;
    c = check_input(ctx, &in, resource_edit(ctx, &report_resource, id, &edit, &in));
    if (!c)
        c = resource_update(ctx, &report_resource, &edit, &in, NULL);
    if (!c)
        c = save_facts(ctx, edit.key, group, &in);
    resource_edit_end(&edit);
    out->flash = N_("The report is changed.");
    return c ? c : resource_changed(ctx, &report_resource, id, out);
}
