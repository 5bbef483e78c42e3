/* paper_file.c: the bytes of papers: kept in pieces, given back as downloads, and who got them.
 *
 * Owns the tables paper_piece and paper_reading, and what a download is called. A file is sent
 * piece by piece, each read in a snapshot of its own, so that neither a slow reader nor a large
 * file holds more than one piece in memory; pieces are written once and never change. Who may be
 * given a paper is its meeting's visibility; what not everyone may read leaves its trace in the
 * same transaction that finds it. Must never know what a file holds. */
#include <string.h>
#include <strings.h>
#include <kansli/identity.h>
#include <kansli/utf8.h>
#include "paper.h"

/* ---------------------------------------------------------------- names */

enum { STEM_MOST = 100 };

static bool ends(const char *name, size_t n, const char *ending)
{
    size_t m = strlen(ending);
    return n >= m && !strncasecmp(name + n - m, ending, m);
}

/* The text's first `most` code points, without white space and dots at its ends. */
static const char *trimmed(struct arena *arena, const char *text, size_t n, size_t most)
{
    const char *end = text;
    for (size_t i = 0; i < most && end < text + n; i++)
        utf8_next(&end);
    while (text < end && strchr(" .", *text))
        text++;
    while (end > text && strchr(" .", end[-1]))
        end--;
    return end > text ? arena_strndup(arena, text, (size_t)(end - text)) : NULL;
}

/* Browsers write %22 for a quote in a form's file name. */
static const char *unquoted(struct arena *arena, const char *name)
{
    char *text = arena_strdup(arena, name), *to = text;
    for (const char *at = text; *at; at++) {
        bool quote = !strncmp(at, "%22", 3);
        *to++ = quote ? '"' : *at;
        at += quote ? 2 : 0;
    }
    *to = '\0';
    return text;
}

const char *paper_stem(struct arena *arena, const char *name, const struct paper_kind *kind)
{
    if (!name)
        return NULL;
    for (const char *at = name; *at; at++)
        if (*at == '/' || *at == '\\')
            name = at + 1;
    name = unquoted(arena, name);
    size_t n = strlen(name);
    if (ends(name, n, kind->ending))
        n -= strlen(kind->ending);
    const char *stem = trimmed(arena, name, n, STEM_MOST);
    return stem && !identity_number_in(stem) ? stem : NULL; /* domain.md 4: in no name */
}

const char *paper_file_name(struct arena *arena, const char *stem, const char *title,
                            const struct paper_kind *kind)
{
    const char *base = stem ? stem : trimmed(arena, title, strlen(title), STEM_MOST);
    char *name = arena_join(arena, base ? base : "handling", kind->ending, NULL);
    for (char *at = name; *at; at++)
        if (strchr("\"'*/:<>?\\|%;", *at))
            *at = '_';
    return name;
}

/* ---------------------------------------------------------------- bytes */

enum code paper_keep(struct ctx *ctx, long long key, const struct upload *upload)
{
    enum code c = OK;
    for (size_t at = 0, number = 0; !c && at < upload->n; at += PAPER_PIECE, number++) {
        size_t left = upload->n - at, n = left < PAPER_PIECE ? left : PAPER_PIECE;
        c = db_run(ctx->tx,
                   "INSERT INTO paper_piece (paper_key, number, bytes) VALUES (?1, ?2, ?3)", key,
                   (long long)number, BYTES(upload->bytes + at, n));
    }
    return c;
}

struct window {
    char *room;
    size_t skip, most, got;
};

static bool copy_piece(const struct db_cells *row, void *arg)
{
    struct window *window = arg;
    size_t n;
    const char *bytes = db_cell_bytes(row, 0, &n);
    if (n <= window->skip)
        return false;
    n -= window->skip;
    window->got = n < window->most ? n : window->most;
    memcpy(window->room, bytes + window->skip, window->got);
    return false;
}

/* What stands in one piece from there on: a paper that was deleted meanwhile has none. */
static size_t read_piece(struct tx *tx, long long key, long long at, char *room, size_t n)
{
    struct window window = {.room = room, .skip = (size_t)(at % PAPER_PIECE), .most = n};
    db_scan(tx, copy_piece, &window,
            "SELECT bytes FROM paper_piece WHERE paper_key = ?1 AND number = ?2", key,
            at / PAPER_PIECE);
    return tx_code(tx) ? 0 : window.got;
}

/* ---------------------------------------------------------------- downloads and their trace */

/* What a reader without a login would be given is nobody's secret. */
bool paper_is_logged(struct ctx *ctx, long long meeting_key)
{
    return !db_exists(ctx->tx,
                      "SELECT 1 FROM meeting m WHERE m.key = ?5 AND " MEETING_VISIBLE("m"),
                      ctx->day, 0, 0, ctx->today, meeting_key, 0, 0);
}

static enum code keep_trace(struct ctx *ctx, long long meeting_key, long long key)
{
    if (!paper_is_logged(ctx, meeting_key))
        return tx_code(ctx->tx);
    return db_run(ctx->tx,
                  "INSERT INTO paper_reading (paper_key, account_key, at) VALUES (?1, ?2, ?3)", key,
                  KEY(ctx->actor->account_key), tx_instant(ctx->tx));
}

enum code paper_download(struct ctx *ctx, struct answer *out)
{
    struct meeting_row meeting;
    enum code c;
    long long key = meeting_in_path(ctx, &meeting, &c) ? paper_in_path(ctx, &meeting, &c) : 0;
    if (!key)
        return c;
    json_t *row = db_row(ctx->tx,
                         "SELECT media_type AS \"type\", file_name AS \"name\", size AS \"size\" "
                         "FROM paper WHERE key = ?1 AND media_type IS NOT NULL",
                         key);
    if (!row) /* a link */
        return tx_code(ctx->tx) ? tx_code(ctx->tx) : ctx_absent(ctx);
    struct stream *stream = arena_alloc(ctx->arena, sizeof *stream);
    *stream = (struct stream){.type = arena_strdup(ctx->arena, json_text(row, "type")),
                              .name = arena_strdup(ctx->arena, json_text(row, "name")),
                              .size = json_int(row, "size", 0),
                              .key = key,
                              .read = read_piece};
    json_decref(row);
    out->stream = stream;
    return keep_trace(ctx, meeting.key, key);
}

json_t *paper_readings(struct ctx *ctx, long long meeting_key)
{
    return db_rows(ctx->tx,
                   "SELECT CASE WHEN p.key IS NULL OR " MEETING_NAMED("p", "m")
                   " THEN coalesce(a.name, a.email) END AS \"byName\", r.at AS \"at\", "
                   "x.id AS \"paperId\", x.title AS \"paperTitle\" FROM paper_reading r "
                   "JOIN paper x ON x.key = r.paper_key JOIN meeting m ON m.key = x.meeting_key "
                   "LEFT JOIN account a ON a.key = r.account_key "
                   "LEFT JOIN person p ON p.key = a.person_key WHERE m.key = ?5 "
                   "ORDER BY r.key DESC LIMIT 200",
                   MEETING_ARGS(ctx, meeting_key, 0));
}
