/* coverage.c: what the engine answers: one group's coverage, the figures of lists, the sums and the
 * vacancies of the whole register.
 *
 * Owns the documents. The rules are in evaluate.c, the queries in gather.c. Must not know pages. */
#include <stdlib.h>
#include <string.h>
#include <kansli/date.h>
#include <kansli/kept.h>
#include <kansli/utf8.h>
#include "internal.h"

const struct value coverage_statuses[] = {
    {"covered", NC_("coverage", "Covered")},
    {"partial", NC_("coverage", "Partly")},
    {"missing", NC_("coverage", "Missing")},
    {NULL, NULL},
};

bool coverage_shows_people(struct ctx *ctx, long long group_key)
{
    return db_exists(ctx->tx,
                     "SELECT 1 FROM workgroup g WHERE g.key = ?5 AND ?6 = 0 "
                     "AND " ACCESS_PEOPLE_VISIBLE("g.access_mode", "g.key"),
                     ctx->day, access_sees_all(ctx), ctx->actor->person_key, ctx->today, group_key,
                     0, ctx->actor->account_key);
}

static json_t *counts(const long long n[3])
{
    json_t *object = json_object();
    for (size_t i = 0; i < 3; i++)
        json_put_int(object, status_code[i], n[i]);
    return object;
}

/* ---------------------------------------------------------------- a change that is tried */

static void leave_out(struct profile *profile, long long key, const char *day)
{
    char last[DAY_SIZE];
    size_t i = 0;
    while (i < profile->seats && profile->seat[i].key != key)
        i++;
    if (i == profile->seats)
        return;
    struct seat *seat = &profile->seat[i];
    if (strcmp(seat->start, day) >= 0) {
        *seat = profile->seat[--profile->seats];
        return;
    }
    day_add(day, -1, last);
    if (in_force(seat->start, seat->end, day))
        seat->end = arena_strdup(profile->arena, last);
}

static void take_in(struct ctx *ctx, struct profile *profile, const struct coverage_change *change,
                    const char *day)
{
    struct seat *seat = &profile->seat[profile->seats++];
    const char **competence =
        arena_alloc(profile->arena, (change->competence_count + 1) * sizeof *competence);
    for (size_t i = 0; i < change->competence_count; i++)
        competence[i] = text_fold(profile->arena, change->competences[i]);
    *seat = (struct seat){
        .role = change->role ? change->role : "member",
        .capacity = change->capacity ? change->capacity : "other",
        .start = change->start_date ? change->start_date : day,
        .end = change->end_date,
        .behalf = change->on_behalf_of,
        .competence = competence,
        .competences = change->competence_count,
    };
    seat_places(ctx, profile->atlas, seat);
}

/* ---------------------------------------------------------------- one group */

struct one {
    struct ctx *ctx;
    const struct coverage_change *change;
    json_t *items;
    bool people;
    long long n[3];
};

/* Ids and names of the organisations that nobody, or too few, represent. */
static void put_missing(json_t *item, const struct row *row, const struct finding *found)
{
    json_t *ids = json_put_new(item, "missing", json_array());
    json_t *names = json_put_new(item, "missingNames", json_array());
    for (size_t i = 0; i < found->missings; i++) {
        json_push(ids, json_text_new(found->missing[i]->id));
        json_push(names, json_text_new(found->missing[i]->name));
    }
    if (row->type == OF_BODY && found->status != COVERED && row->body_id) {
        json_push(ids, json_text_new(row->body_id));
        json_push(names, json_text_new(row->body_name));
    }
}

static void put_days(json_t *item, const struct profile *profile, const struct row *row,
                     const struct finding *found, const char *day, bool people)
{
    const struct seat *by;
    if (found->status != COVERED) {
        json_put(item, "vacantSince", row_vacant_since(profile, row, day));
        return;
    }
    const char *breaks = row_breaks_on(profile, row, day, &by);
    if (breaks)
        json_put(item, "breaksOn", breaks);
    if (breaks && people && by && by->id)
        json_put(item, "breaksBy", by->id);
}

static void add_item(struct one *one, const struct profile *profile, const struct row *row,
                     const char *day)
{
    struct finding found = row_find(profile, row, day);
    json_t *item = json_push(one->items, json_object());
    const char *status = status_code[found.status];
    json_put(item, "requirementId", row->id);
    json_put(item, "type", row_type_code[row->type]);
    json_put(item, "text", row->text);
    json_put(item, "weight", row->weight);
    json_put(item, "status", status);
    json_put(item, "statusLabel", value_label(one->ctx, coverage_statuses, status));
    json_t *ids = json_put_new(item, "membershipIds", json_array());
    for (size_t i = 0; one->people && i < found.bys; i++)
        if (found.by[i]->id)
            json_push(ids, json_text_new(found.by[i]->id));
    put_missing(item, row, &found);
    put_days(item, profile, row, &found, day, one->people);
    one->n[found.status]++;
}

static void make_one(struct profile *profile, void *arg)
{
    struct one *one = arg;
    const char *day = profile_day(profile, one->ctx->day);
    if (one->change && one->change->without)
        leave_out(profile, one->change->without, day);
    if (one->change && one->change->with)
        take_in(one->ctx, profile, one->change, day);
    for (size_t i = 0; i < profile->rows; i++)
        add_item(one, profile, &profile->row[i], day);
}

json_t *coverage_of_group(struct ctx *ctx, long long group_key,
                          const struct coverage_change *change)
{
    struct one one = {.ctx = ctx, .change = change, .items = json_array()};
    one.people = coverage_shows_people(ctx, group_key);
    gather(ctx, (struct scope){.key = &group_key, .keys = 1}, make_one, &one);
    json_t *document = json_object();
    json_put(document, "asOf", ctx->day);
    json_put_new(document, "items", one.items);
    for (size_t i = 0; i < 3; i++)
        json_put_int(document, status_code[i], one.n[i]);
    return document;
}

/* ---------------------------------------------------------------- lists */

struct list {
    struct ctx *ctx;
    json_t *by_key; /* key's digits → counts */
    bool vacant;    /* they tell of vacancies, too */
};

/* The required rows that are not covered, and since when the oldest of them. */
static void put_vacant(json_t *one, const struct profile *profile, const char *day)
{
    const char *oldest = NULL;
    long long n = 0;
    for (size_t i = 0; i < profile->rows; i++) {
        const struct row *row = &profile->row[i];
        if (strcmp(row->weight, "required") != 0 || row_status(profile, row, day) == COVERED)
            continue;
        const char *since = row_vacant_since(profile, row, day);
        if (since && (!oldest || strcmp(since, oldest) < 0))
            oldest = since;
        n++;
    }
    json_put_int(one, "vacant", n);
    json_put(one, "vacantSince", oldest);
}

static void count_one(struct profile *profile, void *arg)
{
    struct list *list = arg;
    const char *day = profile_day(profile, list->ctx->day);
    long long n[3] = {0};
    char key[24];
    for (size_t i = 0; i < profile->rows; i++)
        n[row_status(profile, &profile->row[i], day)]++;
    snprintf(key, sizeof key, "%lld", profile->key);
    json_t *one = json_put_new(list->by_key, key, counts(n));
    if (list->vacant)
        put_vacant(one, profile, day);
}

static int by_number(const void *a, const void *b)
{
    long long x = *(const long long *)a, y = *(const long long *)b;
    return (x > y) - (x < y);
}

static void count_groups(struct list *list, const json_t *groups)
{
    size_t n = json_array_size(groups), i;
    long long *key = arena_alloc(list->ctx->arena, (n + 1) * sizeof *key);
    json_t *item;
    json_array_foreach((json_t *)groups, i, item)
        key[i] = json_int(item, "key", 0);
    qsort(key, n, sizeof *key, by_number);
    if (n)
        gather(list->ctx, (struct scope){.key = key, .keys = n}, count_one, list);
}

void coverage_put(struct ctx *ctx, json_t *groups)
{
    static const long long none[3] = {0};
    struct list list = {.ctx = ctx, .by_key = json_object()};
    json_t *item;
    size_t i;
    count_groups(&list, groups);
    json_array_foreach(groups, i, item) {
        const char *of = arena_int(ctx->arena, json_int(item, "key", 0));
        json_t *found = json_object_get(list.by_key, of);
        json_put_new(item, "coverage", found ? json_incref(found) : counts(none));
    }
    json_decref(list.by_key);
}

json_t *coverage_of_groups(struct ctx *ctx, const json_t *groups)
{
    struct list list = {.ctx = ctx, .by_key = json_object(), .vacant = true};
    count_groups(&list, groups);
    return list.by_key;
}

/* ---------------------------------------------------------------- vacancies */

struct vacancies {
    struct ctx *ctx;
    const json_t *facts; /* of the groups, in the order of keys */
    size_t at;
    json_t *items;
};

static const json_t *facts_of(struct vacancies *all, long long key)
{
    while (json_int(json_array_get(all->facts, all->at), "key", key) < key)
        all->at++;
    return json_array_get(all->facts, all->at);
}

static void add_vacancy(struct vacancies *all, const struct profile *profile,
                        const struct row *row)
{
    const char *day = all->ctx->day;
    struct finding found = row_find(profile, row, day);
    if (found.status == COVERED)
        return;
    json_t *item = json_push(all->items, json_copy((json_t *)facts_of(all, profile->key)));
    json_put(item, "requirementId", row->id);
    json_put(item, "type", row_type_code[row->type]);
    json_put(item, "capacity", row->capacity);
    json_put(item, "text", row->text);
    json_put(item, "weight", row->weight);
    json_put(item, "status", status_code[found.status]);
    put_missing(item, row, &found);
    json_put(item, "vacantSince", row_vacant_since(profile, row, day));
}

static void find_vacancies(struct profile *profile, void *arg)
{
    for (size_t i = 0; i < profile->rows; i++)
        add_vacancy(arg, profile, &profile->row[i]);
}

struct order {
    json_t *item;
    const char *since;
    size_t at;
};

static int by_age(const void *a, const void *b)
{
    const struct order *x = a, *y = b;
    int c = strcmp(x->since, y->since);
    return c ? c : (x->at > y->at) - (x->at < y->at);
}

/* Oldest first; those of the same day in the order in which they were found. Takes the list. */
static json_t *by_oldest(json_t *items)
{
    size_t n = json_array_size(items), i;
    struct order *order = must_calloc(n + 1, sizeof *order);
    json_t *item, *sorted = json_array();
    json_array_foreach(items, i, item)
        order[i] = (struct order){item, json_text(item, "vacantSince"), i};
    qsort(order, n, sizeof *order, by_age);
    for (i = 0; i < n; i++)
        json_array_append(sorted, order[i].item);
    free(order);
    json_decref(items);
    return sorted;
}

json_t *coverage_vacancies_of(struct ctx *ctx, const json_t *groups)
{
    struct vacancies all = {.ctx = ctx, .facts = groups, .items = json_array()};
    size_t n = json_array_size(groups);
    long long *key = arena_alloc(ctx->arena, (n + 1) * sizeof *key);
    for (size_t i = 0; i < n; i++)
        key[i] = json_int(json_array_get(groups, i), "key", 0);
    if (n)
        gather(ctx, (struct scope){.key = key, .keys = n}, find_vacancies, &all);
    return by_oldest(all.items);
}

static json_t *all_vacancies(struct ctx *ctx)
{
    json_t *groups = db_rows(ctx->tx, "SELECT " COVERAGE_GROUP
                                      " WHERE EXISTS (SELECT 1 FROM requirement r "
                                      "WHERE r.group_key = g.key) ORDER BY g.key");
    struct vacancies all = {.ctx = ctx, .facts = groups, .items = json_array()};
    gather(ctx, (struct scope){0}, find_vacancies, &all);
    json_decref(groups);
    return by_oldest(all.items);
}

json_t *coverage_vacancies(struct ctx *ctx)
{
    static struct kept_slot slots[8];
    static struct kept kept = {slots, LEN(slots), 0};
    const char *key = kept_key(ctx, "vacancies");
    json_t *items = kept_get(&kept, key);
    if (items)
        return items;
    items = all_vacancies(ctx);
    if (!tx_code(ctx->tx))
        kept_put(&kept, key, items);
    return items;
}
