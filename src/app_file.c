/* app_file.c: a whole list as a file (format=csv|xlsx), and what is to be saved under a name.
 *
 * Owns the name that a file gets, how long making it may take, the reading of one that is kept, and
 * how many may be on their way in. Rows come from the handler through ctx->sheet and never become a
 * document; the bytes are ready before the reply is written, because writing one is a server
 * thread's work and packing a workbook is not. Must not know any feature. */
#include <pthread.h>
#include <string.h>
#include <kansli/buf.h>
#include <kansli/db.h>
#include <kansli/utf8.h>
#include "app.h"

enum {
    EXPORT_MS = 60000,
    EXPORT_BYTES = 64 << 20,
    UPLOADS_MOST = 16, /* bodies with a file, held whole */
    UPLOADS_OWN = 4    /* of them by one account */
};

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

/* RFC 6266: a name for every program, and when it could not say all, the whole one after it. */
void call_attach(struct reply *reply, struct arena *arena, const char *name)
{
    struct buf value;
    bool plain = true;
    const char *at = name;
    buf_init(&value, 4096);
    buf_adds(&value, "attachment; filename=\"");
    for (uint32_t c; (c = utf8_next(&at));) {
        bool fits = c < 0x7f && c >= ' ' && !strchr("\"\\%", (int)c);
        buf_addc(&value, fits ? (char)c : '_');
        plain = plain && fits;
    }
    buf_addc(&value, '"');
    if (!plain) {
        buf_adds(&value, "; filename*=UTF-8''");
        buf_url(&value, name, strlen(name));
    }
    reply_header(reply, "Content-Disposition", arena_strndup(arena, value.data, value.len));
    buf_release(&value);
}

/* ---------------------------------------------------------------- files on their way in */

static struct {
    pthread_mutex_t lock; /* guards the places */
    struct call *place[UPLOADS_MOST];
} uploads = {.lock = PTHREAD_MUTEX_INITIALIZER};

bool uploads_enter(struct call *call)
{
    int own = 0;
    struct call **room = NULL;
    pthread_mutex_lock(&uploads.lock);
    for (int i = 0; i < UPLOADS_MOST; i++) {
        struct call *held = uploads.place[i];
        own += held && held->actor.account_key == call->actor.account_key;
        if (!held)
            room = &uploads.place[i];
    }
    call->uploads = room && own < UPLOADS_OWN;
    if (call->uploads)
        *room = call;
    pthread_mutex_unlock(&uploads.lock);
    return call->uploads;
}

void uploads_leave(struct call *call)
{
    pthread_mutex_lock(&uploads.lock);
    for (int i = 0; i < UPLOADS_MOST; i++)
        if (uploads.place[i] == call)
            uploads.place[i] = NULL;
    pthread_mutex_unlock(&uploads.lock);
}

/* ---------------------------------------------------------------- files on their way out */

/* A piece, on a server thread: nothing of it outlives the call. */
static size_t read_on(void *source, uint64_t at, char *room, size_t n)
{
    struct call *call = source;
    const struct stream *stream = call->answer.stream;
    struct tx *tx = db_read(app.db, call->request->arena);
    size_t got = stream->read(tx, stream->key, (long long)at, room, n);
    db_read_end(tx);
    return got;
}

void call_stream(struct call *call, struct reply *reply)
{
    const struct stream *stream = call->answer.stream;
    reply->status = 200;
    reply->type = stream->type;
    reply->body_len = (size_t)stream->size;
    reply->read = read_on;
    reply->source = call;
    reply_header(reply, "Cache-Control", "no-store");
    call_attach(reply, call->request->arena, stream->name);
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
