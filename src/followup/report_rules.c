/* report_rules.c: status reports are written by the group's officers and told to those who
 * commission it.
 *
 * Owns who may report, until when a report may be changed (until another is written that reaches as
 * far: what came after was written against it) and who has read it as it stands. Must not know
 * pages. */
#include <string.h>
#include <kansli/audit.h>
#include <kansli/group.h>
#include <kansli/mail.h>
#include "internal.h"

enum { FACTS_MOST = 1024 }; /* bytes */

enum code report_find(struct ctx *ctx, long long *key, long long *group_key, const char **group_id,
                      bool *open)
{
    json_t *seen = resource_one(ctx, &report_resource, ctx_value(ctx, "id"), key, NULL);
    if (!seen)
        return tx_code(ctx->tx) ? tx_code(ctx->tx) : ctx_absent(ctx);
    *group_id = arena_strdup(ctx->arena, json_text(seen, "groupId"));
    json_decref(seen);
    *group_key = db_int(ctx->tx, 0, "SELECT group_key FROM status_report WHERE key = ?1", *key);
    *open = !db_exists(ctx->tx,
                       "SELECT 1 FROM status_report n JOIN status_report r ON r.key = ?1 "
                       "WHERE n.group_key = r.group_key AND n.key > r.key "
                       "AND n.period_end >= r.period_end",
                       *key);
    return tx_code(ctx->tx);
}

enum code report_note_reading(struct ctx *ctx, long long key, long long group_key)
{
    if (!(access_to_group(ctx, group_key) & WHO_DIRECT_PRINCIPAL) ||
        db_exists(ctx->tx,
                  "SELECT 1 FROM status_report_reading WHERE report_key = ?1 AND account_key = ?2",
                  key, ctx->actor->account_key))
        return tx_code(ctx->tx);
    enum code c = db_run(ctx->tx,
                         "INSERT INTO status_report_reading (report_key, account_key) "
                         "VALUES (?1, ?2)",
                         key, ctx->actor->account_key);
    if (c)
        return c;
    return audit_add(ctx, (struct audit){
                              .type = report_resource.name,
                              .key = key,
                              .id = ctx_value(ctx, "id"),
                              .within_type = report_resource.within,
                              .within_key = group_key,
                              .act = "open",
                              .version = db_int(ctx->tx, 1,
                                                "SELECT version FROM status_report WHERE key = ?1",
                                                key)});
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
    /* Who wrote it may lead the principal, too, and needs not be told. */
    json_t *row, *rows = db_rows(ctx->tx,
                                 "SELECT DISTINCT s.person_key AS \"key\" FROM group_principal p "
                                 "JOIN membership s ON s.group_key = p.principal_key "
                                 "AND s.role IN " ACCESS_OFFICERS " AND " ACCESS_TODAY("s")
                                 " WHERE p.group_key = ?5 AND " ACCESS_TODAY("p")
                                 " AND s.person_key <> ?3 ORDER BY 1",
                                 MEETING_ARGS(ctx, group_key, 0));
    enum code c = tx_code(ctx->tx);
    size_t i;
    json_array_foreach(rows, i, row)
        if (!c)
            c = mail_person(ctx, json_int(row, "key", 0), &mail);
    json_decref(rows);
    return c;
}

/* ---------------------------------------------------------------- written */

static enum code read_new(struct ctx *ctx, long long group_key, struct report_input *in)
{
    enum code c = resource_read(ctx, &report_resource, in);
    if (c && c != E_INPUT)
        return c;
    group_check_named(ctx, group_key, &in->group);
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
    return c;
}

enum code report_create(struct ctx *ctx, struct answer *out)
{
    struct report_input in;
    const char *id = NULL;
    enum code c;
    long long group = group_named(ctx, out, &c);
    if (c || out->moved)
        return c;
    if (group)
        c = must_may(ctx, ACT_REPORT_STATUS, group);
    if (!c)
        c = read_new(ctx, group, &in);
    if (!c)
        c = insert(ctx, group, &in, &id);
    if (!c && !ctx->actor->everything) /* the loader writes to nobody */
        c = tell(ctx, group, id, in.state);
    out->flash = N_("The report is sent. Those who commission the group are told by mail.");
    return c ? c : resource_created(ctx, &report_resource, id, out);
}

/* ---------------------------------------------------------------- changed */

/* Whoever has read it reads it again, but for the one who changed it. */
static enum code unread(struct ctx *ctx, long long key)
{
    return db_run(ctx->tx,
                  "DELETE FROM status_report_reading WHERE report_key = ?1 AND account_key <> ?2",
                  key, ctx->actor->account_key);
}

enum code report_change(struct ctx *ctx, struct answer *out)
{
    struct report_input in;
    struct edit edit = {0};
    long long key = 0, group = 0;
    const char *group_id, *id = ctx_value(ctx, "id");
    bool open = false, changed = false;
    enum code c = report_find(ctx, &key, &group, &group_id, &open);
    if (!c)
        c = must_may(ctx, ACT_REPORT_STATUS, group);
    if (!c && !open)
        c = ctx_fail(ctx, E_CONFLICT, "report-not-newest",
                     N_("The group has reported again since. This report stays as it was read."));
    if (c)
        return c;
    c = check_input(ctx, &in, resource_edit(ctx, &report_resource, id, &edit, &in));
    if (!c)
        c = resource_update(ctx, &report_resource, &edit, &in, &changed);
    if (!c && changed)
        c = save_facts(ctx, key, group, &in);
    if (!c && changed)
        c = unread(ctx, key);
    resource_edit_end(&edit);
    out->flash = N_("The report is changed.");
    return c ? c : resource_changed(ctx, &report_resource, id, out);
}
