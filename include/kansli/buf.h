/* buf.h: bytes that grow, and one escaper per context.
 *
 * Invariants: `data` is never NULL after buf_init and always ends with a NUL that `len` does not
 * count. A buffer has a ceiling from birth; what does not fit is dropped, and all that comes
 * after it, and `full` stays true until buf_clear, so writers need no error branches and the
 * reader looks once. Text goes in through the escaper of the place where it will stand; buf_add
 * is for what is already safe there. */
#ifndef KANSLI_BUF_H
#define KANSLI_BUF_H

#include <stdarg.h>
#include <kansli/base.h>

struct buf {
    char *data;
    size_t len, room, ceiling;
    bool full;
};

/* An empty buffer that will hold at most `ceiling` bytes. */
void buf_init(struct buf *buf, size_t ceiling);
/* Frees the contents; the buffer must be initialised again before use. */
void buf_release(struct buf *buf);
/* Empties it and keeps the memory. */
void buf_clear(struct buf *buf);
/* Hands the bytes to the caller, who frees them with free(); the buffer is empty afterwards. */
char *buf_steal(struct buf *buf, size_t *len);

/* Appends bytes, a text, a character, or what printf would say. */
void buf_add(struct buf *buf, const void *bytes, size_t n);
void buf_adds(struct buf *buf, const char *text);
void buf_addc(struct buf *buf, char c);
PRINTF(2, 3) void buf_addf(struct buf *buf, const char *format, ...);

/* HTML text and quoted attribute values: & < > " ' */
void buf_html(struct buf *buf, const char *text, size_t n);
/* The inside of a JSON string, without its quotes. Input is valid UTF-8. */
void buf_json(struct buf *buf, const char *text, size_t n);
/* One segment of a path or one value of a query: everything but unreserved characters as %XX. */
void buf_url(struct buf *buf, const char *text, size_t n);
/* One CSV cell: quoted when needed, and a leading = + - @ tab or CR disarmed by an apostrophe
 * (design.md 7: such cells become formulas). */
void buf_csv(struct buf *buf, const char *text, size_t n);
/* A value of a log line: control characters, quotes and backslashes as \xNN, cut at 500 bytes. */
void buf_log(struct buf *buf, const char *text, size_t n);

#endif
