/* list.c: lists: filters, order, pages, synchronising.
 *
 * Owns the list envelope of api.md 1 and the SQL text of lists. One prepared statement for each set
 * of filters used: a filter that is not asked for is not in the text (`?1 IS NULL OR ...` scans).
 * Everything in the text is a constant of the resource's table; everything sent is an argument. The
 * route has checked already that no unknown parameter was sent. */
#include <string.h>
#include <kansli/access.h>
#include <kansli/json.h>
#include <kansli/kept.h>
#include <kansli/utf8.h>
#include "fields.h"
#include "list.h"

enum { LIMIT_DEFAULT = 20, LIMIT_MAX = 500, PAGE_MAX = 999999999, SORTS_MAX = 8 };

static enum code wrong(struct list *list, const char *name, const char *msgid)
{
    return err_field(list->ctx->err, name, msgid, NULL);
}

static long long number(struct list *list, const char *name, long long fallback, long long max)
{
    const char *text = ctx_query(list->ctx, name);
    if (!text)
        return fallback;
    size_t digits = strspn(text, "0123456789");
    long long n = digits && digits <= 9 && !text[digits] ? strtoll(text, NULL, 10) : 0;
    if (n < 1 || n > max)
        err_field(list->ctx->err, name, N_("Write a number from 1 to {max}."), "max",
                  arena_printf(list->ctx->arena, "%lld", max), NULL);
    return n;
}

static void condition(struct list *list, const char *text)
{
    buf_adds(&list->where, list->where.len ? " AND " : " WHERE ");
    buf_adds(&list->where, text);
}

/* A select that gives a reference's own column under its own name, beside the id that it stands
 * for, is filtered by the key: an index serves that, and a count need not look the ids up. */
static bool by_key(const struct list *list, const struct field *field)
{
    return field->type == T_REF && field->column && !(field->flags & F_DERIVED) &&
           strstr(list->r->select, arena_printf(list->ctx->arena, "AS \"%s\"", field->column));
}

/* One value of a filter as an argument. False with a message when it cannot be one. */
static bool filter_value(struct list *list, const struct field *field, const char *text)
{
    struct db_arg *arg = &list->args[list->n];
    if (field->type == T_ENUM || field->type == T_ENUMS) {
        const struct value *v = field->values;
        while (v->code && strcmp(v->code, text))
            v++;
        if (!v->code) {
            err_field(list->ctx->err, field->name, N_("There is no value {value} here."), "value",
                      text, NULL);
            return false;
        }
    } else if (field->type == T_REF || field->type == T_REFS) {
        long long key = reference_find(list->ctx, field->reference, text);
        if (!key) {
            err_field(list->ctx->err, field->name, N_("There is no {noun} with that id."), "noun",
                      ctx_text(list->ctx, field->reference->noun), NULL);
            return false;
        }
        if (by_key(list, field)) {
            *arg = db_arg_int(key);
            list->n++;
            return true;
        }
    } else if (field->type == T_BOOL) {
        if (strcmp(text, "true") && strcmp(text, "false")) {
            wrong(list, field->name, N_("Write true or false."));
            return false;
        }
        *arg = db_arg_int(!strcmp(text, "true"));
        list->n++;
        return true;
    } else if (field->type == T_INT) {
        size_t digits = strspn(text, "0123456789");
        if (!digits || digits > 9 || text[digits]) {
            wrong(list, field->name, N_("Write a whole number."));
            return false;
        }
        *arg = db_arg_int(strtoll(text, NULL, 10));
        list->n++;
        return true;
    } else if (field->type == T_DAY && !day_valid(text)) {
        wrong(list, field->name, N_("Write a real day as YYYY-MM-DD, for example 2026-11-22."));
        return false;
    } else if (field->type == T_UUID && !uuid_valid(text)) {
        wrong(list, field->name, N_("Write an id: a lower-case UUID."));
        return false;
    }
    *arg = db_arg_text(field->type == T_ENUMS
                           ? arena_join(list->ctx->arena, "%\"", text, "\"%", NULL)
                           : arena_strdup(list->ctx->arena, text));
    list->n++;
    return true;
}

/* A list that is kept as JSON text: each of its values stands there between quotation marks. */
static const char *among(struct list *list, const struct field *field, int from)
{
    struct buf any;
    buf_init(&any, 16384);
    for (int i = from; i < list->n; i++)
        buf_addf(&any, "%s\"%s\" LIKE ?%d", i > from ? " OR " : "", field->name, i + 1);
    const char *text = arena_printf(list->ctx->arena, "(%s)", any.len ? any.data : "1 = 0");
    buf_release(&any);
    return text;
}

/* name=a,b: any of them. */
static void filter(struct list *list, const struct field *field)
{
    const char *text = ctx_query(list->ctx, field->name);
    if (!text)
        return;
    list->clock = list->clock || field->flags & F_CLOCK;
    int from = list->n;
    struct buf set;
    buf_init(&set, 16384);
    char *all = arena_strdup(list->ctx->arena, text), *rest = NULL;
    for (char *one = strtok_r(all, ",", &rest); one; one = strtok_r(NULL, ",", &rest)) {
        if (list->n >= FIRST_FILTER + FILTERS_MAX) {
            wrong(list, field->name, N_("Too many values."));
            break;
        }
        if (filter_value(list, field, one))
            buf_addf(&set, "%s?%d", set.len ? ", " : "", list->n);
    }
    if (!set.len)
        buf_adds(&set, "NULL");
    bool own = field->type == T_REFS || (field->flags & F_DERIVED);
    if (field->type == T_ENUMS)
        condition(list, among(list, field, from));
    else if (by_key(list, field))
        condition(list, arena_printf(list->ctx->arena, "\"%s\" IN (%s)", field->column, set.data));
    else if (field->column &&
             own) /* a condition of the feature's own: key IN (SELECT ... IN (%s)) */
        condition(list, arena_printf(list->ctx->arena, "%s (%s))", field->column, set.data));
    else
        condition(list, arena_printf(list->ctx->arena, "\"%s\" IN (%s)", field->name, set.data));
    buf_release(&set);
}

static void sort_by(struct list *list, const char *name, bool down)
{
    const struct field *field = field_find(list->r->fields, name);
    if (!field || !(field->flags & F_SORT)) {
        err_field(list->ctx->err, "sort", N_("This list cannot be sorted by {name}."), "name", name,
                  NULL);
        return;
    }
    buf_addf(&list->order, "%s\"%s\"%s", list->order.len ? ", " : "", field->name,
             down ? " DESC" : "");
}

static void order(struct list *list)
{
    const char *text = ctx_query(list->ctx, "sort");
    if (list->modified_since) {
        buf_adds(&list->order, "\"modified\", \"key\"");
        if (text)
            wrong(list, "sort", N_("With modifiedSince the order is that of the changes."));
        return;
    }
    if (text) {
        char *all = arena_strdup(list->ctx->arena, text), *rest = NULL;
        int n = 0;
        for (char *one = strtok_r(all, ",", &rest); one; one = strtok_r(NULL, ",", &rest)) {
            if (n++ == SORTS_MAX) {
                wrong(list, "sort", N_("Too many values."));
                break;
            }
            sort_by(list, one + (*one == '-'), *one == '-');
        }
        buf_adds(&list->order, list->order.len ? ", \"key\"" : list->r->order);
    } else {
        buf_adds(&list->order, list->r->order);
    }
}

/* Ends the text at its first ~; what follows, or NULL. */
static char *cut(char *text)
{
    char *at = strchr(text, '~');
    if (!at)
        return NULL;
    *at = '\0';
    return at + 1;
}

/* `after` is "<instant>~<row>~<o|t>": opaque to scripts, checked here. */
static void read_after(struct list *list)
{
    const char *text = ctx_query(list->ctx, "after");
    if (!text)
        return;
    char *instant = arena_strdup(list->ctx->arena, text);
    char *key = cut(instant), *kind = key ? cut(key) : NULL, canonical[INSTANT_SIZE];
    size_t digits = key ? strspn(key, "0123456789") : 0;
    if (!list->modified_since || !kind || !instant_parse(instant, canonical) || !digits ||
        digits > 18 || key[digits] || (strcmp(kind, "o") && strcmp(kind, "t"))) {
        wrong(list, "after", N_("Take this value from the next link of a list."));
        return;
    }
    list->after_instant = arena_strdup(list->ctx->arena, canonical);
    list->after_key = strtoll(key, NULL, 10);
    list->after_tombstone = *kind == 't';
}

static void read_since(struct list *list)
{
    const char *text = ctx_query(list->ctx, "modifiedSince");
    char canonical[INSTANT_SIZE];
    if (!text)
        return;
    if (day_valid(text))
        text = arena_printf(list->ctx->arena, "%sT00:00:00Z", text);
    if (!instant_parse(text, canonical)) {
        wrong(list, "modifiedSince", N_("Write an instant, for example 2026-11-22T08:15:30Z."));
        return;
    }
    list->modified_since = arena_strdup(list->ctx->arena, canonical);
}

static void fixed_args(struct list *list, struct fixed fixed)
{
    list->args[5] = fixed.text ? db_arg_text(fixed.text) : db_arg_int(fixed.key);
    list->args[8] = db_arg_text(fixed.from);
    list->args[9] = db_arg_text(fixed.to);
}

static enum code read_query(struct list *list, struct fixed fixed)
{
    struct ctx *ctx = list->ctx;
    const struct resource *r = list->r;
    resource_args(ctx, list->args, ctx->day);
    list->n = FIRST_FILTER;
    list->page = number(list, "page", 1, PAGE_MAX);
    list->limit = number(list, "limit", LIMIT_DEFAULT, LIMIT_MAX);
    read_since(list);
    read_after(list);
    if (r->visible)
        condition(list, r->visible);
    if (ctx->as_of && r->in_force)
        condition(list, r->in_force);
    if (fixed.condition) {
        condition(list, fixed.condition);
        fixed_args(list, fixed);
        if (r->within)
            list->within = fixed.text ? db_int(ctx->tx, 0, "SELECT key FROM body WHERE id = ?1",
                                               fixed.text)
                                      : fixed.key;
    }
    const char *q = r->found ? ctx_query(ctx, "q") : NULL;
    if (q) {
        const char *match =
            r->found_plain ? text_fold(ctx->arena, q) : db_index_query(ctx->arena, q);
        condition(list, match ? r->found : "1 = 0");
        list->args[4] = db_arg_text(match);
    }
    for (const struct field *field = r->fields; field->name; field++)
        if (field->flags & F_FILTER)
            filter(list, field);
    order(list);
    return ctx->err->code ? ctx->err->code : tx_code(ctx->tx);
}

/* A page's limit and offset as arguments: one statement serves every page. */
static const char *limited(struct list *list, long long limit, long long offset)
{
    list->args[list->n++] = db_arg_int(limit);
    list->args[list->n++] = db_arg_int(offset);
    return arena_printf(list->ctx->arena, " ORDER BY %s LIMIT ?%d OFFSET ?%d", list->order.data,
                        list->n - 1, list->n);
}

/* A page of the list in its order. Its rows are chosen first, by key and by what they are sorted
 * on; what a select computes is then computed for those that are shown, not for every row that was
 * skipped or sorted. */
static json_t *page_of(struct list *list, long long limit, long long offset)
{
    struct arena *arena = list->ctx->arena;
    const char *limits = limited(list, limit, offset);
    const char *sql =
        list->r->joined
            ? arena_join(arena, "SELECT * FROM (", list->r->select, ") AS r", list->where.data,
                         limits, NULL)
            : arena_join(arena, "SELECT * FROM (", list->r->select,
                         ") AS r WHERE \"key\" IN (SELECT \"key\" FROM (", list->r->select,
                         ") AS r", list->where.data, limits, ") ORDER BY ", list->order.data, NULL);
    return db_rows_(list->ctx->tx, sql, list->args, list->n);
}

/* The list, its conditions and their arguments: what a count depends on, beside the reader and the
 * day. An account's own roles may show it more than others see: its counts are its own. Arguments
 * may be any text, so each is told with its length. */
static const char *count_key(struct list *list)
{
    struct buf buf;
    const struct actor *actor = list->ctx->actor;
    bool own = actor->account_key && !access_sees_all(list->ctx);
    if (list->r->quiet || list->clock || actor->half)
        return NULL;
    buf_init(&buf, 65536);
    buf_addf(&buf, "%s %s%s", list->r->name, list->ctx->day, list->where.data);
    for (int i = 4; i < list->n; i++) {
        const struct db_arg *arg = &list->args[i];
        if (i == 7) /* now: what looks at it is F_CLOCK */
            continue;
        if (arg->type == DB_TEXT)
            buf_addf(&buf, "\n%zu:%s", strlen(arg->text), arg->text);
        else if (arg->type == DB_INT)
            buf_addf(&buf, "\n%lld", (long long)arg->integer);
        else
            buf_addc(&buf, '\n');
    }
    const char *key = buf.full ? NULL
                      : own    ? kept_key_own(list->ctx, buf.data)
                               : kept_key(list->ctx, buf.data);
    buf_release(&buf);
    return key;
}

/* Counting walks all that is counted, a page only what it shows: the last counts are kept. The
 * limit keeps the select from becoming one with the count: SQLite leaves out joins that nobody
 * looks at, but not in an aggregate. */
static long long count(struct list *list)
{
    static struct kept_slot slots[512];
    static struct kept counts = {slots, LEN(slots), 0};
    const char *key = count_key(list);
    json_t *known = kept_get(&counts, key);
    if (!known) {
        const char *sql =
            arena_join(list->ctx->arena, "SELECT count(*) FROM (SELECT \"key\" FROM (",
                       list->r->select, ") AS r", list->where.data, " LIMIT -1)", NULL);
        known = json_integer(db_int_(list->ctx->tx, 0, sql, list->args, list->n));
        if (!tx_code(list->ctx->tx))
            kept_put(&counts, key, known);
    }
    long long n = json_integer_value(known);
    json_decref(known);
    return n;
}

/* ---------------------------------------------------------------- links */

/* This list's address with page (or after, or format) replaced; every other parameter repeated. A
 * spreadsheet holds the whole list: no limit goes with it. */
static const char *address(struct list *list, const char *name, const char *value)
{
    struct buf buf;
    const char *key;
    json_t *v;
    buf_init(&buf, 8192);
    json_object_foreach(list->ctx->query->values, key, v) {
        if (!strcmp(key, "page") || !strcmp(key, "after") || !strcmp(key, "format") ||
            (!strcmp(key, "limit") && !strcmp(name, "format")) || !json_is_string(v))
            continue;
        buf_addc(&buf, buf.len ? '&' : '?');
        buf_url(&buf, key, strlen(key));
        buf_addc(&buf, '=');
        buf_url(&buf, json_string_value(v), json_string_length(v));
    }
    if (value) {
        buf_addf(&buf, "%c%s=", buf.len ? '&' : '?', name);
        buf_url(&buf, value, strlen(value));
    }
    const char *text = arena_printf(list->ctx->arena, "%s%s", list->ctx->path, buf.data);
    buf_release(&buf);
    return text;
}

static void link_page(struct list *list, json_t *envelope, const char *rel, long long page)
{
    ctx_link(list->ctx, envelope, rel, "GET",
             address(list, "page",
                     page == 1 ? NULL : arena_printf(list->ctx->arena, "%lld", page)));
}

static void link_pages(struct list *list, json_t *envelope, long long total)
{
    long long last = total ? (total + list->limit - 1) / list->limit : 1;
    link_page(list, envelope, "self", list->page);
    link_page(list, envelope, "first", 1);
    if (list->page > 1)
        link_page(list, envelope, "prev", list->page > last ? last : list->page - 1);
    if (list->page < last)
        link_page(list, envelope, "next", list->page + 1);
    link_page(list, envelope, "last", last);
}

/* "?page=2&..." on this page, null where there is nothing to go to. */
static void put_page(struct list *list, json_t *pages, const char *rel, long long page)
{
    const char *to = address(list, "page",
                             page == 1 ? NULL : arena_printf(list->ctx->arena, "%lld", page)) +
                     strlen(list->ctx->path);
    json_put(pages, rel, page == list->page || page < 1 ? NULL : *to ? to : "?");
}

/* Where in the list its reader is, in words and ways on: what part/pages.html shows. Null for an
 * empty list. */
static json_t *pages_of(struct list *list, const json_t *meta)
{
    long long total = json_int(meta, "totalRecords", 0), count = json_int(meta, "count", 0);
    long long last = (total + list->limit - 1) / list->limit;
    long long before = (list->page - 1) * list->limit;
    if (!total)
        return json_null();
    json_t *pages = json_object();
    json_put_int(pages, "from", count ? before + 1 : 0);
    json_put_int(pages, "to", count ? before + count : 0);
    json_put_int(pages, "total", total);
    put_page(list, pages, "first", 1);
    put_page(list, pages, "prev", list->page > last ? last : list->page - 1);
    put_page(list, pages, "next", list->page < last ? list->page + 1 : 0);
    put_page(list, pages, "last", list->page > last ? 0 : last);
    json_put(pages, "csv", address(list, "format", "csv") + strlen(list->ctx->path));
    json_put(pages, "xlsx", address(list, "format", "xlsx") + strlen(list->ctx->path));
    return pages;
}

static json_t *envelope_of(struct list *list, json_t *items, long long total)
{
    json_t *envelope = json_object(), *meta = json_object();
    json_put_new(envelope, "items", items);
    json_put_int(meta, "totalRecords", total);
    json_put_int(meta, "page", list->page);
    json_put_int(meta, "limit", list->limit);
    json_put_int(meta, "count", (long long)json_array_size(items));
    json_put_new(envelope, "_meta", meta);
    return envelope;
}

/* ---------------------------------------------------------------- synchronising */

static const char *cursor(struct list *list, const json_t *item)
{
    return arena_printf(list->ctx->arena, "%s~%lld~%s", json_text(item, "modified"),
                        json_int(item, "key", 0), json_true_at(item, "deleted") ? "t" : "o");
}

/* Objects and tombstones changed since, in the order of the changes: an object before a tombstone
 * of the same instant. */
static bool comes_first(const json_t *a, const json_t *b)
{
    int order = strcmp(json_text(a, "modified"), json_text(b, "modified"));
    return order <= 0;
}

/* What is gone of this list, and of what the reader could have known: type ?5, since ?6, within ?8.
 * What not everyone knew of is told to those who read the drafts of the group it lived in (?9: this
 * list's rows live in groups). */
#define GONE                                                                                       \
    " FROM tombstone WHERE type = ?5 AND modified >= ?6 AND (hidden = 0 OR ?2 = 1 OR (?9 = 1 AND " \
    ACCESS_GROUP_DRAFTS("within_key") " AND EXISTS (SELECT 1 FROM workgroup tg "                   \
    "WHERE tg.key = within_key AND " ACCESS_GROUP_VISIBLE("tg.access_mode", "tg.key") "))) "       \
    "AND (?8 IS NULL OR within_key = ?8) "
#define GONE_ARGS(list, since)                                                                     \
    (list)->ctx->day, access_sees_all((list)->ctx), (list)->ctx->actor->person_key,                \
        (list)->ctx->today, (list)->r->name, (since),                                              \
        (list)->ctx->actor->half ? 0 : (list)->ctx->actor->account_key, KEY((list)->within),       \
        lives_in_groups((list)->r)

static bool lives_in_groups(const struct resource *r)
{
    return r->within && !strcmp(r->within, "groups");
}

static json_t *tombstones(struct list *list)
{
    const char *since = list->modified_since, *after = list->after_instant;
    const char *from = after && strcmp(after, since) > 0 ? after : since;
    return db_rows(list->ctx->tx,
                   "SELECT key AS \"key\", id AS \"id\", modified AS \"modified\", "
                   "1 AS \"deleted?\"" GONE "AND (modified > ?6 OR key > ?10) "
                   "ORDER BY modified, key LIMIT ?11",
                   GONE_ARGS(list, from), list->after_tombstone ? list->after_key : 0LL,
                   list->limit + 1);
}

static long long count_tombstones(struct list *list)
{
    return db_int(list->ctx->tx, 0, "SELECT count(*)" GONE,
                  GONE_ARGS(list, list->modified_since));
}

static void condition_since(struct list *list)
{
    list->args[list->n++] = db_arg_text(list->modified_since);
    condition(list, arena_printf(list->ctx->arena, "\"modified\" >= ?%d", list->n));
}

/* Everything changed since, or after the cursor, one more than the page holds. */
static json_t *changed_since(struct list *list)
{
    if (list->after_instant) {
        list->args[list->n++] = db_arg_text(list->after_instant);
        list->args[list->n++] = db_arg_int(list->after_tombstone ? INT64_MAX : list->after_key);
        condition(list,
                  arena_printf(list->ctx->arena,
                               "(\"modified\" > ?%d OR (\"modified\" = ?%d AND \"key\" > ?%d))",
                               list->n - 1, list->n - 1, list->n));
    }
    return page_of(list, list->limit + 1, 0);
}

static enum code synchronise(struct list *list, json_t **out)
{
    if (list->page > 1)
        return wrong(list, "page", N_("With modifiedSince, go on with the next link."));
    condition_since(list);
    long long total = count(list);
    json_t *objects = changed_since(list), *gone = tombstones(list), *items = json_array();
    size_t i = 0, j = 0;
    total += count_tombstones(list);
    while ((long long)json_array_size(items) <= list->limit) {
        json_t *a = json_array_get(objects, i), *b = json_array_get(gone, j);
        if (!a && !b)
            break;
        bool object = a && (!b || comes_first(a, b));
        json_array_append(items, object ? a : b);
        object ? i++ : j++;
    }
    json_decref(objects);
    json_decref(gone);
    const char *next = NULL;
    if ((long long)json_array_size(items) > list->limit) {
        json_array_remove(items, (size_t)list->limit);
        next = cursor(list, json_array_get(items, (size_t)list->limit - 1));
    }
    json_t *alive = json_array(), *item;
    size_t n;
    json_array_foreach(items, n, item)
        if (!json_object_get(item, "deleted"))
            json_array_append(alive, item);
    resource_finish(list->ctx, list->r, alive);
    json_decref(alive);
    json_array_foreach(items, n, item) {
        if (json_object_get(item, "deleted"))
            json_object_del(item, "modified");
        resource_strip(item);
    }
    *out = envelope_of(list, items, total);
    ctx_link(list->ctx, *out, "self", "GET", address(list, "after", ctx_query(list->ctx, "after")));
    if (next)
        ctx_link(list->ctx, *out, "next", "GET", address(list, "after", next));
    return tx_code(list->ctx->tx);
}

/* Names are looked for in the table too, so that an empty list refuses what a full one does. */
static enum code check_fields(struct list *list, const json_t *envelope)
{
    const json_t *items = json_object_get(envelope, "items"), *item;
    enum code c = OK;
    size_t i;
    json_array_foreach((json_t *)items, i, item) {
        c = resource_project_check(list->ctx, list->r, item);
        if (c)
            return c;
    }
    return json_array_size(items) ? OK : resource_project_check(list->ctx, list->r, NULL);
}

/* ---------------------------------------------------------------- the two doors */

static void list_init(struct list *list, struct ctx *ctx, const struct resource *r)
{
    memset(list, 0, sizeof *list);
    list->ctx = ctx;
    list->r = r;
    buf_init(&list->where, 65536);
    buf_init(&list->order, 4096);
}

static void list_release(struct list *list)
{
    buf_release(&list->where);
    buf_release(&list->order);
}

static enum code list_pages(struct list *list, json_t **out)
{
    long long total = count(list);
    long long before = (list->page - 1) * list->limit;
    json_t *items = before < total ? page_of(list, list->limit, before) : json_array();
    resource_finish(list->ctx, list->r, items);
    size_t i;
    json_t *item;
    json_array_foreach(items, i, item)
        resource_strip(item);
    *out = envelope_of(list, items, total);
    link_pages(list, *out, total);
    return tx_code(list->ctx->tx);
}

/* The rows go where the reader wants them; what a handler goes on with is an empty list. */
static enum code list_rows(struct list *list, json_t **out)
{
    *out = envelope_of(list, json_array(), 0);
    return list_export(list);
}

enum code resource_list(struct ctx *ctx, const struct resource *r, struct fixed fixed, json_t **out)
{
    struct list *list = arena_alloc(ctx->arena, sizeof *list);
    *out = NULL;
    list_init(list, ctx, r);
    enum code c = read_query(list, fixed);
    if (!c)
        c = ctx->sheet              ? list_rows(list, out)
            : list->modified_since ? synchronise(list, out)
                                   : list_pages(list, out);
    if (!c)
        c = check_fields(list, *out);
    list_release(list);
    if (c) {
        json_decref(*out);
        *out = NULL;
        return c;
    }
    if (ctx_embeds(ctx, "filters"))
        ctx_embed(ctx, *out, "filters", resource_filters(ctx, r));
    if (!list->modified_since && ctx_embeds(ctx, "pages"))
        ctx_embed(ctx, *out, "pages", pages_of(list, json_object_get(*out, "_meta")));
    return OK;
}

json_t *resource_items(struct ctx *ctx, const struct resource *r, struct fixed fixed)
{
    struct list *list = arena_alloc(ctx->arena, sizeof *list);
    list_init(list, ctx, r);
    resource_args(ctx, list->args, ctx->day);
    list->n = FIRST_FILTER;
    if (r->visible)
        condition(list, r->visible);
    if (fixed.condition) {
        condition(list, fixed.condition);
        fixed_args(list, fixed);
    }
    buf_adds(&list->order, r->order);
    const char *sql = arena_join(ctx->arena, "SELECT * FROM (", r->select, ") AS r",
                                 list->where.data, limited(list, LIMIT_MAX, 0), NULL);
    json_t *items = db_rows_(ctx->tx, sql, list->args, list->n);
    list_release(list);
    resource_finish(ctx, r, items);
    size_t i;
    json_t *item;
    json_array_foreach(items, i, item)
        resource_strip(item);
    return items;
}
