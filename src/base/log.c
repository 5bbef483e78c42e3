/* log.c: lines on standard error.
 *
 * Owns: the shape of a line and its single write(2), which keeps the lines of different threads
 * whole. Uses the real clock, never KANSLI_NOW: a log tells when a thing truly happened. Values
 * with a space are quoted and buf_log escapes quotes: a value forges neither a line nor a key. */
#include <errno.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <kansli/buf.h>
#include <kansli/log.h>

/* What a pipe takes in one piece; a longer line is cut. */
enum { LINE_MAX_SIZE = 4000 };

static const char *const level_names[] = {
    [LOG_DEBUG] = "debug", [LOG_NOTE] = "note", [LOG_WARN] = "warn", [LOG_FAULT] = "fault"
};

static _Atomic enum log_level level_least = LOG_NOTE;

void log_level(enum log_level least)
{
    atomic_store(&level_least, least);
}

/* The second is written anew when it is another one: a busy server writes some ten thousand lines
 * in each. */
static void add_time(struct buf *line)
{
    static _Thread_local time_t second = -1;
    static _Thread_local char text[sizeof "2026-11-22T08:15:30."];
    struct timespec now;
    struct tm tm;

    clock_gettime(CLOCK_REALTIME, &now);
    if (now.tv_sec != second) {
        gmtime_r(&now.tv_sec, &tm);
        strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S.", &tm);
        second = now.tv_sec;
    }
    int ms = (int)(now.tv_nsec / 1000000);
    char rest[] = {(char)('0' + ms / 100), (char)('0' + ms / 10 % 10), (char)('0' + ms % 10), 'Z',
                   ' '};
    buf_adds(line, text);
    buf_add(line, rest, sizeof rest);
}

static void add_value(struct buf *line, const char *value)
{
    bool quoted = !*value || strchr(value, ' ') || strchr(value, '=');

    if (quoted)
        buf_addc(line, '"');
    buf_log(line, value, strlen(value));
    if (quoted)
        buf_addc(line, '"');
}

void log_line(enum log_level level, const char *event, ...)
{
    struct buf line;
    va_list pairs;
    const char *key, *value;

    if (level < atomic_load(&level_least))
        return;
    buf_init(&line, LINE_MAX_SIZE);
    add_time(&line);
    buf_adds(&line, level_names[level]);
    buf_addc(&line, ' ');
    buf_adds(&line, event);
    va_start(pairs, event);
    while ((key = va_arg(pairs, const char *))) {
        value = va_arg(pairs, const char *);
        if (!value)
            continue;
        buf_addc(&line, ' ');
        buf_adds(&line, key);
        buf_addc(&line, '=');
        add_value(&line, value);
    }
    va_end(pairs);
    line.data[line.len] = '\n'; /* in the NUL's place: fits even when the line was cut */
    while (write(STDERR_FILENO, line.data, line.len + 1) < 0 && errno == EINTR)
        ;
    buf_release(&line);
}
