/* declaration_access.c: who reads what of a declaration, field by field (domain.md 3), and the
 * trace that a reading leaves.
 *
 * Owns the table. What a reader is, is asked for each group that reviews the declaration and where
 * the person takes part today; who has left a group is no longer read there. Every document of a
 * declaration comes through declaration_shape, whatever page or reply it is for: what is not
 * granted is taken away there, and what is granted of another's three last rows is given only
 * together with a row of declaration_reading in the same transaction. Must not know routes. */
#include <string.h>
#include "internal.h"

/* The rows of the table. */
enum {
    EXISTS = 1 << 0,    /* that there is one, its status and validity, the group that reviews it */
    OUTCOME = 1 << 1,   /* outcome and conditions of a group's review */
    INTERESTS = 1 << 2, /* kind, counterparty, period */
    DETAILS = 1 << 3,   /* everything else of an interest; what was assured */
    MOTIVATION = 1 << 4 /* the reviewer's */
};

/* Its columns. An administrator's or data protection's role is none of them. */
static const struct {
    unsigned is, reads;
} table[] = {
    {WHO_MEMBER, EXISTS | OUTCOME},
    {WHO_CHAIR, EXISTS | OUTCOME | INTERESTS},
    {WHO_PROCESS_LEADER, EXISTS | OUTCOME | INTERESTS | DETAILS},
    {WHO_REVIEWER, EXISTS | OUTCOME | INTERESTS | DETAILS | MOTIVATION},
    {WHO_SUPPORT | WHO_AUDITOR, EXISTS | OUTCOME},
    {WHO_SELF, EXISTS | OUTCOME | INTERESTS | DETAILS | MOTIVATION},
};

/* Which members each row is; what stands in none is EXISTS. */
static const struct {
    const char *member;
    unsigned row;
} members[] = {
    {"formVariant", INTERESTS}, {"noInterests", INTERESTS}, {"interests", INTERESTS},
    {"attested", DETAILS},
};

static const char *const shown_of_interest[] = {"kind", "counterparty", "startDate", "endDate"};

/* ---------------------------------------------------------------- what the reader is */

#define OF_PERSON(p) p ".person_key = ?5 AND " p ".group_key = g.group_key AND " PARTICIPATES(p)

/* The groups that review it, with what the person is in each and what the reader is to it. */
static json_t *groups_of(struct ctx *ctx, long long key, long long person_key)
{
    return db_rows(ctx->tx,
                   "SELECT g.group_key AS \"key\", b.id AS \"id\", w.full_name AS \"name\", "
                   "EXISTS (SELECT 1 FROM participation p WHERE " OF_PERSON("p")
                   " AND p.membership_key > 0) AS \"sits?\", "
                   "EXISTS (SELECT 1 FROM participation p WHERE " OF_PERSON("p")
                   ") AS \"partakes?\", "
                   "EXISTS (SELECT 1 FROM participation p WHERE " OF_PERSON("p")
                   " AND " REVIEWS("p") ") AS \"reviews?\" "
                   "FROM declaration_group g JOIN workgroup w ON w.key = g.group_key "
                   "JOIN body b ON b.key = w.key WHERE g.declaration_key = ?8 "
                   "ORDER BY w.full_name, w.key",
                   DECLARATION_ARGS(ctx, person_key), key);
}

/* Of a nominee the officers know; the other members do when she sits. */
static unsigned relation(struct ctx *ctx, const json_t *group, bool own)
{
    unsigned is = own ? WHO_SELF : access_sees_all(ctx) ? WHO_SUPPORT : 0;
    if (own || !json_true_at(group, "partakes"))
        return is;
    unsigned to_group = access_to_group(ctx, json_int(group, "key", 0));
    if (to_group & WHO_OFFICER || json_true_at(group, "sits"))
        is |= to_group & (WHO_MEMBER | WHO_CHAIR | WHO_PROCESS_LEADER);
    if (json_true_at(group, "reviews"))
        is |= WHO_REVIEWER;
    return is;
}

static unsigned reads(unsigned is)
{
    unsigned rows = 0;
    for (size_t i = 0; i < LEN(table); i++)
        if (is & table[i].is)
            rows |= table[i].reads;
    return rows;
}

/* ---------------------------------------------------------------- the trace */

static bool may_keep_trace(struct ctx *ctx, long long key, const char *parts)
{
    if (tx_writes(ctx->tx))
        return true;
    /* A form that failed is shown once more, in a transaction that cannot write: to who read the
     * same a moment ago. */
    char since[INSTANT_SIZE];
    instant_from_seconds(instant_seconds(tx_instant(ctx->tx)) - 3600, since);
    return db_exists(ctx->tx,
                     "SELECT 1 FROM declaration_reading WHERE declaration_key = ?1 "
                     "AND account_key = ?2 AND parts = ?3 AND at >= ?4",
                     key, ctx->actor->account_key, parts, (const char *)since);
}

static void keep_trace(struct ctx *ctx, long long key, const char *parts)
{
    if (tx_writes(ctx->tx) &&
        db_run(ctx->tx,
               "INSERT INTO declaration_reading (declaration_key, account_key, parts, at) "
               "VALUES (?1, ?2, ?3, ?4)",
               key, KEY(ctx->actor->account_key), parts, tx_instant(ctx->tx)))
        return; /* the transaction has failed, and nothing is sent */
}

void declaration_read(struct ctx *ctx, long long key)
{
    if (!db_exists(ctx->tx, "SELECT 1 FROM declaration WHERE key = ?1 AND person_key = ?2", key,
                   ctx->actor->person_key))
        keep_trace(ctx, key, "interests");
}

static const char *parts_words(unsigned rows)
{
    if (rows & MOTIVATION)
        return "interests details motivation";
    return rows & DETAILS ? "interests details" : "interests";
}

/* ---------------------------------------------------------------- the document */

static void cut_interest(json_t *interest)
{
    const char *name;
    json_t *value;
    void *next;
    json_object_foreach_safe(interest, next, name, value) {
        bool shown = false;
        for (size_t i = 0; i < LEN(shown_of_interest); i++)
            shown = shown || !strcmp(name, shown_of_interest[i]);
        if (!shown)
            json_object_del(interest, name);
    }
}

static void cut_members(json_t *item, unsigned rows)
{
    for (size_t i = 0; i < LEN(members); i++)
        if (!(rows & members[i].row))
            json_object_del(item, members[i].member);
    if (rows & DETAILS || !json_text(item, "interests"))
        return;
    json_t *interests = json_loads(json_text(item, "interests"), 0, NULL), *one;
    size_t i;
    json_array_foreach(interests, i, one)
        cut_interest(one);
    json_put_new(item, "interests", interests);
}

static json_t *last_reviews(struct ctx *ctx, long long key)
{
    return db_rows(ctx->tx,
                   "SELECT r.group_key AS \"group\", b.id AS \"groupId\", "
                   "w.full_name AS \"groupName\", r.outcome AS \"outcome\", "
                   "r.conditions AS \"conditions\", r.valid_until AS \"validUntil\", "
                   "r.at AS \"at\", a.id AS \"reviewerId\", "
                   "coalesce(a.name, a.email) AS \"reviewerName\", "
                   "r.motivation AS \"motivation\" FROM declaration_review r "
                   "JOIN workgroup w ON w.key = r.group_key JOIN body b ON b.key = w.key "
                   "LEFT JOIN account a ON a.key = r.account_key WHERE r.declaration_key = ?1 "
                   "AND NOT EXISTS (SELECT 1 FROM declaration_review l "
                   "WHERE l.declaration_key = r.declaration_key AND l.group_key = r.group_key "
                   "AND (l.at > r.at OR (l.at = r.at AND l.key > r.key))) "
                   "ORDER BY w.full_name, r.key",
                   key);
}

static const json_t *group_with(const json_t *groups, long long key)
{
    size_t i;
    json_t *group;
    json_array_foreach((json_t *)groups, i, group)
        if (json_int(group, "key", 0) == key)
            return group;
    return NULL;
}

/* Each review with what is read of that group's; *motivated when a motivation is among it. */
static json_t *reviews_for(struct ctx *ctx, const json_t *item, const json_t *groups, bool whole,
                           bool *motivated)
{
    json_t *all = last_reviews(ctx, json_int(item, "key", 0)), *told = json_array(), *review;
    bool own = json_int(item, "whose_key", 0) == ctx->actor->person_key;
    size_t i;
    json_array_foreach(all, i, review) {
        const json_t *group = group_with(groups, json_int(review, "group", 0));
        unsigned rows = group ? reads(relation(ctx, group, own)) : 0;
        json_object_del(review, "group");
        if (!(rows & OUTCOME))
            continue;
        json_put(review, "outcomeLabel",
                 value_label(ctx, declaration_outcomes, json_text(review, "outcome")));
        if (!(rows & MOTIVATION) || !whole)
            json_object_del(review, "motivation");
        else if (json_text(review, "motivation"))
            *motivated = true;
        json_array_append(told, review);
    }
    json_decref(all);
    return told;
}

static void put_groups(json_t *item, const json_t *groups)
{
    json_t *ids = json_array(), *names = json_array(), *group;
    size_t i;
    json_array_foreach((json_t *)groups, i, group) {
        if (json_true_at(group, "hidden"))
            continue;
        json_push(ids, json_text_new(json_text(group, "id")));
        json_push(names, json_text_new(json_text(group, "name")));
    }
    json_put_new(item, "groupIds", ids);
    json_put_new(item, "groupNames", names);
}

/* The rows granted through any of the groups; those through which nothing is, are hidden. */
static unsigned granted(struct ctx *ctx, json_t *groups, bool own)
{
    unsigned rows = own ? reads(WHO_SELF) : access_sees_all(ctx) ? reads(WHO_SUPPORT) : 0;
    size_t i;
    json_t *group;
    json_array_foreach(groups, i, group) {
        unsigned here = reads(relation(ctx, group, own));
        json_put_bool(group, "hidden", !(here & EXISTS));
        rows |= here;
    }
    return rows;
}

static void shape_item(struct ctx *ctx, json_t *item)
{
    long long key = json_int(item, "key", 0), person = json_int(item, "whose_key", 0);
    bool draft = !strcmp(json_text(item, "state_key"), "draft"), motivated = false;
    bool own = person == ctx->actor->person_key;
    bool whole = json_object_get(item, "formVariant") != NULL; /* not an item of a list */
    json_t *groups = groups_of(ctx, key, person);
    unsigned rows = granted(ctx, groups, own || draft); /* a draft is seen by its writer alone */
    if (!own && !strcmp(json_text(item, "state_key"), "withdrawn")) /* so is what it said */
        rows &= EXISTS | OUTCOME;
    json_t *reviews = reviews_for(ctx, item, groups, whole && rows & MOTIVATION, &motivated);
    if (whole && !own && !draft && rows & INTERESTS) {
        const char *parts = parts_words(motivated ? rows : rows & ~(unsigned)MOTIVATION);
        if (may_keep_trace(ctx, key, parts)) {
            keep_trace(ctx, key, parts);
        } else {
            rows &= EXISTS | OUTCOME;
            json_decref(reviews);
            reviews = reviews_for(ctx, item, groups, false, &motivated);
        }
    }
    if (draft)
        json_decref(reviews);
    else
        json_put_new(item, "reviews", reviews);
    if (whole)
        cut_members(item, rows);
    if (!json_int(item, "paper_key", 0)) {
        json_object_del(item, "recordedBy");
        json_object_del(item, "signedDate");
    }
    put_groups(item, groups);
    json_decref(groups);
}

void declaration_shape(struct ctx *ctx, json_t *items)
{
    size_t i;
    json_t *item;
    json_array_foreach(items, i, item)
        shape_item(ctx, item);
}

json_t *declaration_open(struct ctx *ctx, const char *id, long long *key, long long *version)
{
    return resource_one(ctx, &declaration_resource, id, key, version);
}

/* ---------------------------------------------------------------- who reviews */

bool declaration_reviews_any(struct ctx *ctx, long long key)
{
    return db_exists(ctx->tx,
                     "SELECT 1 FROM declaration d JOIN declaration_group g "
                     "ON g.declaration_key = d.key JOIN participation p "
                     "ON p.person_key = d.person_key AND p.group_key = g.group_key "
                     "WHERE d.key = ?5 AND d.state <> 'draft' AND " PARTICIPATES(
                         "p") " AND " REVIEWS("p"),
                     DECLARATION_ARGS(ctx, key));
}

bool declaration_reads_interests(struct ctx *ctx, long long key)
{
    return reads(declaration_reader(ctx, key)) & INTERESTS;
}

unsigned declaration_reader(struct ctx *ctx, long long key)
{
    long long person = db_int(ctx->tx, 0, "SELECT person_key FROM declaration WHERE key = ?1", key);
    bool own = person && person == ctx->actor->person_key;
    unsigned is = own ? WHO_SELF : 0, roles = access_to_group(ctx, 0);
    if (access_sees_all(ctx))
        is |= roles & (WHO_SUPPORT | WHO_AUDITOR);
    json_t *groups = groups_of(ctx, key, person), *group;
    size_t i;
    json_array_foreach(groups, i, group)
        is |= relation(ctx, group, own) & ~(unsigned)(WHO_SUPPORT | WHO_AUDITOR);
    json_decref(groups);
    return is;
}

/* ---------------------------------------------------------------- who has read */

static const struct {
    const char *part, *label;
} parts[] = {
    {"interests", N_("which interests")},
    {"details", N_("their details")},
    {"motivation", N_("the reviewer's reasons")},
};

static void split_parts(struct ctx *ctx, json_t *row)
{
    const char *kept = arena_strdup(ctx->arena, json_text(row, "parts")), *words = "";
    json_t *list = json_array();
    for (size_t i = 0; i < LEN(parts); i++) {
        if (!strstr(kept, parts[i].part))
            continue;
        json_push(list, json_text_new(parts[i].part));
        words = arena_join(ctx->arena, words, *words ? ", " : "", ctx_text(ctx, parts[i].label),
                           NULL);
    }
    json_put_new(row, "parts", list);
    json_put(row, "partsLabel", words);
}

json_t *declaration_readings(struct ctx *ctx, long long key)
{
    json_t *row, *rows = db_rows(ctx->tx,
                                 "SELECT coalesce(a.name, a.email) AS \"byName\", r.at AS \"at\", "
                                 "r.parts AS \"parts\" FROM declaration_reading r "
                                 "JOIN declaration d ON d.key = r.declaration_key "
                                 "LEFT JOIN account a ON a.key = r.account_key "
                                 "WHERE r.declaration_key = ?1 AND d.person_key = ?2 "
                                 "AND d.person_key > 0 ORDER BY r.at DESC, r.key DESC",
                                 key, ctx->actor->person_key);
    size_t i;
    json_array_foreach(rows, i, row)
        split_parts(ctx, row);
    return rows;
}
