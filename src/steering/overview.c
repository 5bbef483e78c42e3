/* overview.c: rows of figures beside those of the same day a year before, as people and scripts
 * read them; sorted, and as a file.
 *
 * Owns the shape of an item, what differs from the year before, and the order. Must not know how
 * anything is counted. What was kept is shared: items are made of it, never it. */
#include <stdlib.h>
#include <string.h>
#include <kansli/kind.h>
#include <kansli/paging.h>
#include "internal.h"

const struct value steering_by[] = {
    {"area", N_("Programme area")},
    {"host", N_("Host")},
    {"healthcareRegion", N_("Healthcare region")},
    {NULL, NULL},
};

const struct value steering_sorts[] = {
    {"name", N_("By name")},
    {"-name", N_("By name, last first")},
    {"groups", N_("By groups")},
    {"-groups", N_("By groups, most first")},
    {"people", N_("By people")},
    {"-people", N_("By people, most first")},
    {"fullTimeEquivalents", N_("By full-time equivalents")},
    {"-fullTimeEquivalents", N_("By full-time equivalents, most first")},
    {"estimatedFullTimeEquivalents", N_("By the estimate")},
    {"-estimatedFullTimeEquivalents", N_("By the estimate, most first")},
    {"plans", N_("By the plan’s status")},
    {"-plans", N_("By the plan’s status, furthest first")},
    {"initiatives", N_("By initiatives")},
    {"-initiatives", N_("By initiatives, most first")},
    {"reviews", N_("By reviews left to do")},
    {"-reviews", N_("By reviews left to do, most first")},
    {"vacancies", N_("By vacancies")},
    {"-vacancies", N_("By vacancies, most first")},
    {NULL, NULL},
};

/* ---------------------------------------------------------------- places */

long long steering_place(struct ctx *ctx, const struct reference *reference, const char *id)
{
    struct db_arg arg = db_arg_text(id);
    return db_int_(ctx->tx, 0, reference->find, &arg, 1);
}

json_t *steering_places(struct ctx *ctx, const struct reference *reference)
{
    return db_rows_(ctx->tx, reference->options, NULL, 0);
}

/* ---------------------------------------------------------------- one row */

const char *steering_tenths(struct ctx *ctx, long long percent)
{
    long long n = (percent + 5) / 10;
    return arena_printf(ctx->arena, "%lld%c%lld", n / 10, ctx->lang == LANG_EN ? '.' : ',', n % 10);
}

static void put_time(struct ctx *ctx, json_t *item, const char *name, long long percent)
{
    json_put_new(item, name, json_real((double)percent / 100));
    json_put(item, arena_join(ctx->arena, name, "Text", NULL), steering_tenths(ctx, percent));
}

static void copy_int(json_t *to, const char *name, const json_t *from, const char *from_name)
{
    json_put_int(to, name, json_int(from, from_name, 0));
}

static long long decided(const json_t *row)
{
    return json_int(row, "approved", 0) + json_int(row, "followedUp", 0);
}

/* "2 done, 1 delayed": what there is of each, or NULL. */
struct word {
    const char *name, *one, *many;
};

static const char *told(struct ctx *ctx, const json_t *counts, const struct word *words, size_t n)
{
    const char *text = NULL;
    for (size_t i = 0; i < n; i++) {
        long long count = json_int(counts, words[i].name, 0);
        if (!count)
            continue;
        const char *said = count == 1 ? ctx_text(ctx, words[i].one)
                                      : ctx_textf(ctx, words[i].many, "n",
                                                  arena_int(ctx->arena, count), NULL);
        text = text ? arena_join(ctx->arena, text, ", ", said, NULL) : said;
    }
    return text;
}

/* Of one area: whether; of several: how many; NULL where no plan is asked for. */
static const char *plans_words(struct ctx *ctx, const json_t *row)
{
    long long n = decided(row), all = json_int(row, "expected", 0);
    if (all == 1)
        return ctx_text(ctx, n                               ? N_("Decided")
                             : json_int(row, "missing", 0) ? N_("Not begun")
                                                             : N_("Not decided"));
    return all ? ctx_textf(ctx, N_("{n} of {all} decided"), "n", arena_int(ctx->arena, n), "all",
                           arena_int(ctx->arena, all), NULL)
               : NULL;
}

/* What is not decided is told apart only when the reader may know it of every area of the row. */
static json_t *plans_of(struct ctx *ctx, const json_t *row)
{
    static const struct word words[] = {
        {"submitted", N_("1 submitted"), N_("{n} submitted")},
        {"returned", N_("1 returned"), N_("{n} returned")},
        {"draft", N_("1 being written"), N_("{n} being written")},
        {"missing", N_("1 not begun"), N_("{n} not begun")},
    };
    json_t *plans = json_object();
    copy_int(plans, "expected", row, "expected");
    copy_int(plans, "approved", row, "approved");
    copy_int(plans, "followedUp", row, "followedUp");
    json_put_int(plans, "undecided", json_int(row, "expected", 0) - decided(row));
    for (size_t i = 0; i < LEN(words) && !json_int(row, "unknown", 0); i++)
        copy_int(plans, words[i].name, row, words[i].name);
    json_put(plans, "text", plans_words(ctx, row));
    json_put(plans, "rest", told(ctx, plans, words, LEN(words)));
    return plans;
}

const char *steering_progress(struct ctx *ctx, const json_t *counts)
{
    static const struct word words[] = {
        {"done", N_("1 done"), N_("{n} done")},
        {"onTrack", N_("1 on track"), N_("{n} on track")},
        {"delayed", N_("1 delayed"), N_("{n} delayed")},
        {"stopped", N_("1 stopped"), N_("{n} stopped")},
    };
    return told(ctx, counts, words, LEN(words));
}

static json_t *initiatives_of(struct ctx *ctx, const json_t *row)
{
    json_t *initiatives = json_object();
    copy_int(initiatives, "total", row, "initiatives");
    copy_int(initiatives, "onTrack", row, "onTrack");
    copy_int(initiatives, "delayed", row, "delayed");
    copy_int(initiatives, "stopped", row, "stopped");
    copy_int(initiatives, "done", row, "finished");
    copy_int(initiatives, "untold", row, "untold");
    json_put(initiatives, "text", steering_progress(ctx, initiatives));
    return initiatives;
}

static json_t *reviews_of(const json_t *row)
{
    json_t *reviews = json_object();
    copy_int(reviews, "due", row, "due");
    copy_int(reviews, "done", row, "done");
    return reviews;
}

static void put_figures(struct ctx *ctx, json_t *item, const json_t *row)
{
    const char *status = json_text(row, "status");
    copy_int(item, "groups", row, "groups");
    copy_int(item, "people", row, "people");
    put_time(ctx, item, "fullTimeEquivalents", json_int(row, "actual", 0));
    put_time(ctx, item, "estimatedFullTimeEquivalents", json_int(row, "estimated", 0));
    copy_int(item, "vacancies", row, "vacancies");
    json_put_new(item, "plans", plans_of(ctx, row));
    json_put(item, "planId", json_text(row, "planId"));
    json_put(item, "planStatus", status);
    json_put(item, "planStatusLabel", status ? value_label(ctx, plan_statuses, status) : NULL);
    json_put_new(item, "initiatives", initiatives_of(ctx, row));
    json_put_new(item, "reviews", reviews_of(row));
}

/* ---------------------------------------------------------------- against the year before */

const char *steering_signed(struct ctx *ctx, const char *digits, long long n)
{
    return arena_join(ctx->arena, n > 0 ? "+" : n < 0 ? "\u2212" : "\u00b1", digits, NULL);
}

static long long size_of(long long n)
{
    return n < 0 ? -n : n;
}

/* Words where something differs, else none. */
static void put_change(struct ctx *ctx, json_t *change, const char *name, long long n)
{
    json_put_int(change, name, n);
    json_put(change, arena_join(ctx->arena, name, "Text", NULL),
             n ? steering_signed(ctx, arena_int(ctx->arena, size_of(n)), n) : NULL);
}

static void put_time_change(struct ctx *ctx, json_t *change, const char *name, long long percent)
{
    bool shown = size_of(percent) >= 5; /* what is told is tenths */
    json_put_new(change, name, json_real((double)percent / 100));
    json_put(change, arena_join(ctx->arena, name, "Text", NULL),
             shown ? steering_signed(ctx, steering_tenths(ctx, size_of(percent)), percent) : NULL);
}

static long long differs(const json_t *now, const json_t *before, const char *name)
{
    return json_int(now, name, 0) - json_int(before, name, 0);
}

static json_t *change_of(struct ctx *ctx, const json_t *now, const json_t *before)
{
    json_t *change = json_object();
    put_change(ctx, change, "groups", differs(now, before, "groups"));
    put_change(ctx, change, "people", differs(now, before, "people"));
    put_time_change(ctx, change, "fullTimeEquivalents", differs(now, before, "actual"));
    put_time_change(ctx, change, "estimatedFullTimeEquivalents",
                    differs(now, before, "estimated"));
    put_change(ctx, change, "plans", decided(now) - decided(before));
    put_change(ctx, change, "initiatives", differs(now, before, "initiatives"));
    put_change(ctx, change, "reviews", differs(now, before, "done"));
    put_change(ctx, change, "vacancies", differs(now, before, "vacancies"));
    return change;
}

/* The row with the same key, or NULL: it did not stand then. */
static const json_t *same_row(const json_t *rows, long long key)
{
    json_t *row;
    size_t i;
    json_array_foreach((json_t *)rows, i, row)
        if (json_int(row, "key", 0) == key)
            return row;
    return NULL;
}

static void put_both(struct ctx *ctx, json_t *item, const json_t *now, const json_t *before)
{
    put_figures(ctx, item, now);
    const char *status = json_text(now, "status"), *was = json_text(before, "status");
    bool differs_here = was && (!status || strcmp(status, was));
    json_put_new(item, "before", json_null());
    json_put_new(item, "change", json_null());
    json_put(item, "planWasLabel", differs_here ? value_label(ctx, plan_statuses, was) : NULL);
    if (!before)
        return;
    put_figures(ctx, json_put_new(item, "before", json_object()), before);
    json_put_new(item, "change", change_of(ctx, now, before));
}

/* ---------------------------------------------------------------- bars */

/* Per cent of the longest, for the bars; what there is shows. */
static long long share(long long n, long long most)
{
    return !n || !most ? 0 : n * 100 / most > 1 ? n * 100 / most : 1;
}

/* Where each kind of progress begins and how long it is, of a hundred. */
static json_t *progress_bar(const json_t *row)
{
    static const char *const kinds[] = {"finished", "onTrack", "delayed", "stopped"};
    json_t *bar = json_array();
    long long all = json_int(row, "initiatives", 0), sum = 0;
    for (size_t i = 0; i < LEN(kinds) && all; i++) {
        long long n = json_int(row, kinds[i], 0), from = sum * 100 / all;
        sum += n;
        if (!n)
            continue;
        json_t *piece = json_push(bar, json_object());
        json_put(piece, "kind", kinds[i]);
        json_put_int(piece, "x", from);
        json_put_int(piece, "width", sum * 100 / all - from);
    }
    return bar;
}

static void put_bars(json_t *item, const json_t *row, long long most)
{
    json_t *bars = json_put_new(item, "bars", json_object());
    json_put_int(bars, "actual", share(json_int(row, "actual", 0), most));
    json_put_new(bars, "estimated",
                 json_int(row, "estimated", 0)
                     ? json_integer(share(json_int(row, "estimated", 0), most))
                     : json_null());
    json_put_new(bars, "progress", progress_bar(row));
}

static long long most_time(const json_t *rows)
{
    long long most = 0;
    json_t *row;
    size_t i;
    json_array_foreach((json_t *)rows, i, row) {
        long long actual = json_int(row, "actual", 0), estimated = json_int(row, "estimated", 0);
        most = actual > most ? actual : most;
        most = estimated > most ? estimated : most;
    }
    return most;
}

/* ---------------------------------------------------------------- the order */

/* What an item is sorted by. */
struct place {
    double number;
    size_t at;
    json_t *item;
};

static size_t status_rank(const char *status)
{
    size_t rank = 1;
    for (const struct value *value = plan_statuses; status && value->code; value++, rank++)
        if (!strcmp(value->code, status))
            return rank;
    return 0;
}

static double number_of(const json_t *item, const char *by)
{
    const json_t *value = json_object_get(item, by);
    if (!strcmp(by, "plans")) {
        const char *status = json_text(item, "planStatus");
        return status ? (double)status_rank(status)
                      : (double)json_int(value, "approved", 0) +
                            (double)json_int(value, "followedUp", 0);
    }
    if (!strcmp(by, "initiatives"))
        return (double)json_int(value, "total", 0);
    if (!strcmp(by, "reviews")) /* what is left */
        return (double)(json_int(value, "due", 0) - json_int(value, "done", 0));
    return json_number_value(value);
}

static int compare(const void *a, const void *b)
{
    const struct place *x = a, *y = b;
    if (x->number < y->number || x->number > y->number)
        return x->number < y->number ? -1 : 1;
    return x->at < y->at ? -1 : x->at > y->at;
}

static int compare_down(const void *a, const void *b)
{
    const struct place *x = a, *y = b;
    if (x->number < y->number || x->number > y->number)
        return x->number > y->number ? -1 : 1;
    return x->at < y->at ? -1 : x->at > y->at;
}

/* Items come by name; among equals they stay so. Consumes the array. */
static json_t *sorted(struct ctx *ctx, json_t *items, const char *sort)
{
    bool down = *sort == '-', by_name = !strcmp(sort + down, "name");
    size_t n = json_array_size(items), i;
    struct place *places = arena_alloc(ctx->arena, (n + 1) * sizeof *places);
    json_t *item, *list = json_array();
    json_array_foreach(items, i, item)
        places[i] = (struct place){
            .number = by_name ? (double)i : number_of(item, sort + down), .at = i, .item = item};
    qsort(places, n, sizeof *places, down ? compare_down : compare);
    for (i = 0; i < n; i++)
        json_array_append(list, places[i].item);
    json_decref(items);
    return list;
}

/* ---------------------------------------------------------------- the document */

static void put_name(struct ctx *ctx, json_t *item, const struct scope *scope, const json_t *row)
{
    const char *id = json_text(row, "id"), *name = json_text(row, "name");
    bool area = !strcmp(scope->by, "area"), group = id && !strcmp(json_text(row, "type"), "group");
    json_put(item, "id", id);
    json_put(item, "name",
             name                          ? name
             : !strcmp(scope->by, "host") ? ctx_text(ctx, N_("Without a host"))
                                           : ctx_text(ctx, N_("No healthcare region")));
    json_put(item, "shortName", name ? json_text(row, "shortName") : json_text(item, "name"));
    json_put(item, "placeName", json_text(row, "placeName"));
    json_put(item, "href",
             !id     ? NULL
             : area  ? arena_printf(ctx->arena, "/groups/%s/progress", id)
             : group ? arena_printf(ctx->arena, "/groups/%s", id)
                     : arena_printf(ctx->arena, "/organisations/%s", id));
}

static json_t *items_of(struct ctx *ctx, const struct scope *scope, const json_t *rows,
                        const json_t *before)
{
    json_t *items = json_array(), *row;
    long long most = most_time(rows);
    size_t i;
    json_array_foreach((json_t *)rows, i, row) {
        json_t *item = json_push(items, json_object());
        put_name(ctx, item, scope, row);
        put_both(ctx, item, row, same_row(before, json_int(row, "key", 0)));
        put_bars(item, row, most);
    }
    return items;
}

json_t *overview_rows(struct ctx *ctx, const struct scope *scope, int year)
{
    char day[DAY_SIZE];
    day_add_months(ctx->day, -12, day);
    json_t *now = figures_rows(ctx, scope, ctx->day, year);
    json_t *before = figures_rows(ctx, scope, day, year - 1);
    json_t *items = items_of(ctx, scope, now, before);
    json_decref(now);
    json_decref(before);
    return items;
}

json_t *overview_of(struct ctx *ctx, const struct scope *scope, int year, const char *sort)
{
    char day[DAY_SIZE];
    day_add_months(ctx->day, -12, day);
    json_t *now = figures_of(ctx, scope, ctx->day, year);
    json_t *before = figures_of(ctx, scope, day, year - 1), *document = json_object();
    json_t *items = items_of(ctx, scope, json_object_get(now, "rows"),
                             json_object_get(before, "rows"));
    json_put(document, "asOf", ctx->day);
    json_put_int(document, "year", year);
    json_put(document, "level", scope->level);
    json_put(document, "levelLabel", value_label(ctx, level_values, scope->level));
    json_put(document, "by", scope->by);
    json_put(document, "byLabel", value_label(ctx, steering_by, scope->by));
    json_put_new(document, "before", json_pack("{s:s, s:i}", "asOf", day, "year", year - 1));
    json_put_new(document, "items", sorted(ctx, items, sort));
    put_both(ctx, json_put_new(document, "total", json_object()), json_object_get(now, "total"),
             json_object_get(before, "total"));
    json_decref(now);
    json_decref(before);
    return document;
}

/* ---------------------------------------------------------------- as a file */

static const struct paging_column columns[] = {
    {"name", N_("Name"), CELL_TEXT},
    {"groups", N_("Groups"), CELL_NUMBER},
    {"groupsChange", N_("Groups, against last year"), CELL_NUMBER},
    {"people", N_("People"), CELL_NUMBER},
    {"peopleChange", N_("People, against last year"), CELL_NUMBER},
    {"fullTimeEquivalents", N_("Full-time equivalents"), CELL_NUMBER},
    {"fullTimeEquivalentsChange", N_("Full-time equivalents, against last year"), CELL_NUMBER},
    {"estimatedFullTimeEquivalents", N_("Estimated in mandates"), CELL_NUMBER},
    {"estimatedFullTimeEquivalentsChange", N_("Estimated in mandates, against last year"),
     CELL_NUMBER},
    {"planStatusLabel", N_("The plan's status"), CELL_TEXT},
    {"planStatusBefore", N_("The plan's status last year"), CELL_TEXT},
    {"plansApproved", N_("Approved plans"), CELL_NUMBER},
    {"initiatives", N_("Initiatives"), CELL_NUMBER},
    {"initiativesChange", N_("Initiatives, against last year"), CELL_NUMBER},
    {"done", NC_("initiative", "Done"), CELL_NUMBER},
    {"onTrack", NC_("initiative", "On track"), CELL_NUMBER},
    {"delayed", NC_("initiative", "Delayed"), CELL_NUMBER},
    {"stopped", NC_("initiative", "Stopped"), CELL_NUMBER},
    {"reviewsDue", N_("Reviews to be done"), CELL_NUMBER},
    {"reviewsDone", N_("Reviews done"), CELL_NUMBER},
    {"vacancies", N_("Vacancies"), CELL_NUMBER},
    {"vacanciesChange", N_("Vacancies, against last year"), CELL_NUMBER},
    {0},
};

static void put_cell(struct ctx *ctx, json_t *row, const char *name, const json_t *value)
{
    json_put(row, name,
             json_is_integer(value) ? arena_int(ctx->arena, json_integer_value(value))
             : json_is_real(value)  ? arena_printf(ctx->arena, "%.2f", json_real_value(value))
                                    : NULL);
}

static json_t *row_of(struct ctx *ctx, const json_t *item)
{
    static const char *const plain[] = {"groups", "people", "fullTimeEquivalents",
                                        "estimatedFullTimeEquivalents", "vacancies"};
    static const char *const progress[] = {"done", "onTrack", "delayed", "stopped"};
    const json_t *change = json_object_get(item, "change");
    const json_t *initiatives = json_object_get(item, "initiatives");
    const json_t *reviews = json_object_get(item, "reviews");
    const json_t *plans = json_object_get(item, "plans");
    json_t *row = json_object();
    json_put(row, "name", json_text(item, "name"));
    for (size_t i = 0; i < LEN(plain); i++) {
        put_cell(ctx, row, plain[i], json_object_get(item, plain[i]));
        put_cell(ctx, row, arena_join(ctx->arena, plain[i], "Change", NULL),
                 json_object_get(change, plain[i]));
    }
    json_put(row, "planStatusLabel", json_text(item, "planStatusLabel"));
    json_put(row, "planStatusBefore",
             json_text(json_object_get(item, "before"), "planStatusLabel"));
    json_put(row, "plansApproved",
             arena_int(ctx->arena,
                       json_int(plans, "approved", 0) + json_int(plans, "followedUp", 0)));
    put_cell(ctx, row, "initiatives", json_object_get(initiatives, "total"));
    put_cell(ctx, row, "initiativesChange", json_object_get(change, "initiatives"));
    for (size_t i = 0; i < LEN(progress); i++)
        put_cell(ctx, row, progress[i], json_object_get(initiatives, progress[i]));
    put_cell(ctx, row, "reviewsDue", json_object_get(reviews, "due"));
    put_cell(ctx, row, "reviewsDone", json_object_get(reviews, "done"));
    return row;
}

void overview_export(struct ctx *ctx, const json_t *items)
{
    if (!ctx->sheet)
        return;
    json_t *rows = json_array(), *item;
    size_t i;
    json_array_foreach((json_t *)items, i, item)
        json_push(rows, row_of(ctx, item));
    paging_export(ctx, columns, rows);
    json_decref(rows);
}
