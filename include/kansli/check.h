/* check.h: rules over the whole register (R93).
 *
 * A rule is a row of a table, written with designated initialisers: its id and title, severity, a
 * query that finds the breaches, a sentence with {places} filled from the query's columns, and
 * where it is mended. error: what the software itself would refuse. A fresh register, the demo too,
 * has none. A message names groups, organisations, roles and days, never a person: who may run
 * checks may not know every name. */
#ifndef KANSLI_CHECK_H
#define KANSLI_CHECK_H

#include <kansli/resource.h>

enum severity { CHECK_ERROR, CHECK_WARNING, CHECK_NOTICE };

struct check {
    const char *rule;       /* "kind-may-not-commission" */
    enum severity severity;
    const char *object_type;/* resource name */
    const char *message;    /* N_(), {places} are the query's other columns */
    /* → "id", what the message and the addresses name, and "groupId" when the object is no group
     * but belongs to one: its officers see the finding. ?1 = today. */
    const char *query;
    const char *label;      /* N_(): the rule's title, "A group without a chair" */
    const char *at;         /* the object's address, "/groups/{groupId}/hosts"; NULL: type and id */
    const char *mend;       /* the page that mends it; NULL: that address + "/edit"; "": none */
    /* Instead of a query: its rows, new reference. For what SQL alone does not tell. */
    json_t *(*find)(struct ctx *ctx);
};

/* The tables of all features, NULL-terminated, each ending with an empty row;
 * src/app_features.c. */
extern const struct check *const check_tables[];

/* Every rule, run now: array of {rule, ruleLabel, severity, severityLabel, objectType, objectId,
 * groupId (null when it belongs to none), message, href, mendHref?}. New reference. The chain of
 * history is checked too (rule "history-altered"). */
json_t *check_run(struct ctx *ctx);
/* The rule with that id, or NULL. Several rules may share one: they mean the same of different
 * objects. */
const struct check *check_find(const char *rule);
/* How many in `list` are errors. */
int check_errors(const json_t *list);

#endif
