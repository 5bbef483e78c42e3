/* app_file.c: a whole list as a file (format=csv|xlsx), and what is to be saved under a name.
 *
 * Owns the name that a file gets and how long making it may take. Rows come from the handler through
 * ctx->sheet and never become a document; the bytes are ready before the reply is written, because
 * writing one is a server thread's work and packing a workbook is not. Must not know any feature. */
#include <string.h>
#include <kansli/db.h>
#include "app.h"

enum { EXPORT_MS = 60000, EXPORT_BYTES = 64 << 20 };

/* A whole list as a file: the handler's rows go past the document into it (design.md 5: on a worker,
 * one at a time). */
void call_export(struct call *call)
{
    struct buf bytes;
    struct tx *tx = db_read(app.db, call->request->arena);
    db_read_limit(tx, EXPORT_MS);
    const struct resource *resource = call->route->resource;
    const char *title = resource ? resource->name : call->path, *slash = strrchr(title, '/');
    call->ctx.sheet = sheet_new(call->format, slash ? slash + 1 : title, call->ctx.day);
    call_run(call, tx);
    db_read_end(tx);
    call->ctx.tx = NULL;
    buf_init(&bytes, EXPORT_BYTES);
    if (!call->code)
        call->code = sheet_end(call->ctx.sheet, &bytes, &call->err);
    call->file = buf_steal(&bytes, &call->file_len);
    sheet_free(call->ctx.sheet);
    call->ctx.sheet = NULL;
}

/* "groups-nag-palliativ-vard-hosts-2026-11-22.csv": the path's words and the day. */
static const char *file_name(struct call *call, const char *ending)
{
    char *name = arena_printf(call->request->arena, "%s-%s.%s", call->path + 1, call->ctx.day, ending);
    for (char *c = name; *c; c++)
        if (!strchr("abcdefghijklmnopqrstuvwxyz0123456789-.", *c))
            *c = '-';
    return name;
}

void call_attach(struct reply *reply, struct arena *arena, const char *name)
{
    reply_header(reply, "Content-Disposition",
                 arena_printf(arena, "attachment; filename=\"%s\"", name));
}

void call_file(struct call *call, struct reply *reply)
{
    bool csv = call->format == SHEET_CSV;
    reply->status = 200;
    reply->type = csv ? "text/csv; charset=utf-8"
                      : "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    reply->body_heap = call->file;
    reply->body_len = call->file_len;
    call->file = NULL;
    call_attach(reply, call->request->arena, file_name(call, csv ? "csv" : "xlsx"));
    call_tag(call, reply);
}
