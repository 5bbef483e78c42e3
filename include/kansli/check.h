/* check.h: rules over the whole register (R93).
 *
 * A rule is a row of a table: its id, severity, a query that finds the breaches, and a sentence
 * with {places} filled from the query's columns. error: what the software itself would refuse. A
 * fresh register, the demo too, has none. */
#ifndef KANSLI_CHECK_H
#define KANSLI_CHECK_H

#include <kansli/resource.h>

enum severity { CHECK_ERROR, CHECK_WARNING, CHECK_NOTICE };

struct check {
    const char *rule;       /* "kind-may-not-commission" */
    enum severity severity;
    const char *object_type;/* resource name */
    const char *message;    /* N_(), {places} are the query's other columns */
    /* → "id", and what the message names. ?1 = today. */
    const char *query;
};

/* The tables of all features, NULL-terminated, each ending with an empty row; in src/app.c. */
extern const struct check *const check_tables[];

/* Every rule, run now: array of {rule, severity, severityLabel, objectType, objectId, message,
 * href, mendHref?}. New reference. The chain of history is checked too (rule "history-altered"). */
json_t *check_run(struct ctx *ctx);
/* How many in `list` are errors. */
int check_errors(const json_t *list);

#endif
