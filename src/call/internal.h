/* internal.h: what the files of call/ share. Not for others. */
#ifndef KANSLI_CALL_INTERNAL_H
#define KANSLI_CALL_INTERNAL_H

#include <kansli/access.h>
#include <kansli/call.h>
#include <kansli/json.h>

/* The seven parameters of a resource's select, ?5 an object of the statement's own. */
#define CALL_ARGS(ctx, key)                                                             \
    (ctx)->day, access_sees_all(ctx), (ctx)->actor->person_key, (ctx)->today, (key), 0, \
        (ctx)->actor->account_key
#define CALL_GROUP_VISIBLE(g) ACCESS_GROUP_VISIBLE(g ".access_mode", g ".key")

/* What is out: ?4 lies on its first day or later. */
#define CALL_OUT(c) "(" c ".published_at IS NOT NULL AND " c ".opens_on <= ?4)"
/* Whom a call that is out asks may read it, also when its group is closed to others. */
#define CALL_ASKS_READER(c)                                                                        \
    "(?7 > 0 AND " CALL_OUT(c) " AND " c ".key IN (SELECT ca.call_key FROM account_role cr "       \
    "JOIN nomination_call_asked ca ON ca.organisation_key = cr.organisation_key "                  \
    "WHERE cr.account_key = ?7 AND cr.role = 'coordinator'))"

/* The open calls among a select's rows: their days first, which an index knows, then the status. */
#define CALL_IS_OPEN                                                                               \
    "(\"closesOn\" IS NULL OR \"closesOn\" >= ?1) AND \"opensOn\" <= ?1 AND \"status\" = 'open'"

enum { SEATS_MOST = 50 };

struct call_input {
    struct ref_value group;
    const char *title, *text, *opens_on, *closes_on;
    struct ref_list requirements, asked;
    long long seats;
    int self_nomination, from_gaps;
};

/* ---- call_rules.c ---- */

enum code call_change(struct ctx *ctx, struct answer *out);
enum code call_remove(struct ctx *ctx, struct answer *out);
enum code call_close(struct ctx *ctx, struct answer *out);
extern const struct field call_closure_fields[];
/* Whether a call was never published. */
bool call_is_new(struct ctx *ctx, long long key);
/* Nothing is called for to a group that is over. */
bool call_group_is_closed(struct ctx *ctx, long long group_key);

/* ---- call_gaps.c ---- */

/* What a call for the group's gaps, or for one requirement that is not held, says: {title, text,
 * requirementIds, seats, askedIds}, as a script would send it; NULL when nothing lacks. New
 * reference. */
json_t *call_of_gaps(struct ctx *ctx, long long group_key, const char *requirement_id);

/* ---- call_mail.c: who is told, and reminded ---- */

/* Tells the coordinators of everyone who is asked that a call is open: each once. */
NODISCARD enum code call_tell(struct ctx *ctx, const struct call_row *call);

/* ---- call_view.c: what pages show beside a call ---- */

enum code call_list(struct ctx *ctx, struct answer *out);
enum code call_list_of_group(struct ctx *ctx, struct answer *out);
enum code call_show(struct ctx *ctx, struct answer *out);

/* ---- call_forms.c ---- */

enum code call_new_form(struct ctx *ctx, struct answer *out);
enum code call_edit_form(struct ctx *ctx, struct answer *out);
enum code call_delete_form(struct ctx *ctx, struct answer *out);
enum code call_closure_form(struct ctx *ctx, struct answer *out);
extern const struct field call_new_query[];

/* ---- call_feed.c ---- */

enum code call_feed(struct ctx *ctx, struct answer *out);
extern const struct field call_feed_query[];

#endif
