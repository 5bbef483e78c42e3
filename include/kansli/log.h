/* log.h: one line per request and per event of the world, on standard error.
 *
 * A line is `time level event key=value ...`; values go through buf_log, so nobody forges a
 * line. Never log a body, a password, a token, a cookie, a query's value or a person's name.
 * Lines are never translated. */
#ifndef KANSLI_LOG_H
#define KANSLI_LOG_H

#include <kansli/base.h>

enum log_level { LOG_DEBUG, LOG_NOTE, LOG_WARN, LOG_FAULT, LOG_SILENT };

/* Lines below `least` are dropped. Default LOG_NOTE; LOG_SILENT drops all: what fails tells so
 * itself. */
void log_level(enum log_level least);
/* One line: an event's name and key, value pairs of strings ending with NULL; a NULL value is
 * skipped. Safe from any thread; one write(2) per line. */
__attribute__((sentinel)) void log_line(enum log_level level, const char *event, ...);

#endif
