/* agenda.c: what a meeting takes up, in which order.
 *
 * Owns the table agenda_item. Numbers are 1, 2, 3 ... without gaps: what comes in stands last, what
 * goes moves the others up, and a whole order is sent at once; versions stay, so that reordering is
 * in nobody's way who writes. Every meeting begins with the standing question about conflicts of
 * interest (domain.md 3): it may be worded and noted at, but stays what it is, where it is. Must
 * not know minutes, nor what a recusal is. */
#include <string.h>
#include <kansli/audit.h>
#include "internal.h"

enum { ITEMS_MOST = 100 };

const struct value agenda_types[] = {
    {"information", NC_("agenda", "Information")},
    {"discussion", NC_("agenda", "Discussion")},
    {"decision", NC_("agenda", "Decision")},
    {"declaration", NC_("agenda", "Conflicts of interest")},
    {NULL, NULL},
};

/* ---------------------------------------------------------------- fields */

#define AT(member) offsetof(struct agenda_input, member)

/* Items that somebody presents, as far as the reader may know of it. */
#define OF_PRESENTER                                                                               \
    "\"key\" IN (SELECT px.item_key FROM agenda_presenter px "                                     \
    "JOIN agenda_item pa ON pa.key = px.item_key JOIN meeting pm ON pm.key = pa.meeting_key "      \
    "JOIN person pp ON pp.key = px.person_key AND " MEETING_NAMED("pp", "pm") " WHERE pp.id IN"

static const struct field agenda_fields[] = {
    {.name = "id", .label = N_("Id"), .type = T_UUID, .flags = F_DERIVED},
    {.name = "meetingId", .label = N_("Meeting"), .type = T_REF, .flags = F_DERIVED,
     .reference = &meeting_reference},
    {.name = "number", .label = N_("Number"), .type = T_INT, .flags = F_DERIVED},
    {.name = "title", .label = N_("Title"), .type = T_TEXT, .at = AT(title), .flags = F_REQUIRED,
     .max = 300, .column = "title"},
    {.name = "type", .label = N_("What it is for"), .type = T_ENUM, .at = AT(type),
     .flags = F_REQUIRED | F_FILTER, .values = agenda_types, .column = "type",
     .fallback = "discussion"},
    {.name = "text", .label = N_("Background"), .type = T_MARKDOWN, .at = AT(text),
     .column = "text"},
    {.name = "presenterIds", .label = N_("Presented by"), .type = T_REFS, .at = AT(presenters),
     .flags = F_FILTER, .reference = &person_reference, .column = OF_PRESENTER},
    {.name = "minutesText", .label = N_("Notes"), .type = T_MARKDOWN, .at = AT(minutes_text),
     .column = "minutes_text",
     .hint = N_("What is noted at the meeting: the minutes begin with it. Shown to the group and "
                "to those who may see its drafts.")},
    {.name = "tags", .label = N_("Parties and topics"), .type = T_TEXTS, .at = AT(tags), .max = 100,
     .column = "tags",
     .hint = N_("Companies, organisations and topics that the item is about. Whoever has declared "
                "an interest in one is asked to consider standing aside.")},
    {.name = "postponed", .label = N_("Left for the next meeting"), .type = T_BOOL,
     .at = AT(postponed), .column = "postponed", .fallback = "false"},
    {.name = "fromId", .label = N_("Goes on with"), .type = T_UUID, .flags = F_DERIVED,
     .hint = N_("The item of an earlier meeting.")},
    {0},
};

#define SELECT                                                                                     \
    "SELECT a.key AS \"key\", a.version AS \"version\", a.modified AS \"modified\", "              \
    "a.id AS \"id\", m.id AS \"meetingId\", m.key AS \"meeting_key\", a.position AS \"number\", "  \
    "a.title AS \"title\", a.type AS \"type\", a.text AS \"text\", "                               \
    "a.minutes_text AS \"minutesText\", a.tags AS \"tags\", a.postponed AS \"postponed\", "        \
    "f.id AS \"fromId\", CASE WHEN " MEETING_INSIDE("m") " THEN 1 ELSE 0 END AS \"inside_key\" "   \
    "FROM agenda_item a JOIN meeting m ON m.key = a.meeting_key "                                  \
    "LEFT JOIN agenda_item f ON f.key = a.from_key AND EXISTS (SELECT 1 FROM meeting fm "          \
    "WHERE fm.key = f.meeting_key AND " MEETING_VISIBLE("fm") ") WHERE " MEETING_VISIBLE("m")

/* Presenters whom the reader may not know of are not among them. */
static void put_presenters(struct ctx *ctx, json_t *item)
{
    json_t *ids = json_put_new(item, "presenterIds", json_array());
    json_t *names = json_put_new(item, "presenterNames", json_array()), *row;
    json_t *rows = db_rows(ctx->tx,
                           "SELECT p.id AS \"id\", p.name AS \"name\" FROM agenda_presenter x "
                           "JOIN agenda_item a ON a.key = x.item_key "
                           "JOIN meeting m ON m.key = a.meeting_key "
                           "JOIN person p ON p.key = x.person_key AND " MEETING_NAMED("p", "m")
                           " WHERE x.item_key = ?5 ORDER BY x.position, p.key",
                           MEETING_ARGS(ctx, json_int(item, "key", 0), 0));
    size_t i;
    json_array_foreach(rows, i, row) {
        json_array_append(ids, json_object_get(row, "id"));
        json_array_append(names, json_object_get(row, "name"));
    }
    json_decref(rows);
}

/* Absent, not null: who may not read the notes does not learn whether there are any. */
static void finish(struct ctx *ctx, json_t *items)
{
    size_t i;
    json_t *item;
    json_array_foreach(items, i, item) {
        put_presenters(ctx, item);
        if (json_int(item, "inside_key", 0))
            continue;
        json_object_del(item, "minutesText");
        json_object_del(item, "postponed");
    }
}

static void links(struct ctx *ctx, json_t *object)
{
    struct meeting_row meeting;
    if (meeting_row_of(ctx, json_int(object, "meeting_key", 0), &meeting) ||
        !meeting_may_note(ctx, &meeting))
        return;
    const char *path = arena_printf(ctx->arena, "/meetings/%s/agenda-items/%s",
                                    json_text(object, "meetingId"), json_text(object, "id"));
    ctx_link(ctx, object, "edit", "PATCH", path);
    if (!agenda_is_standing(object))
        ctx_link(ctx, object, "delete", "DELETE", path);
    ctx->as_support = false; /* asked, not done */
}

bool agenda_is_standing(const json_t *item)
{
    return json_int(item, "number", 0) == 1 && !strcmp(json_text(item, "type"), "declaration");
}

const struct resource agenda_item_resource = {
    .name = "agenda-items",
    .noun = N_("agenda item"),
    .table = "agenda_item",
    .select = SELECT,
    .order = "\"number\", \"key\"",
    .size = sizeof(struct agenda_input),
    .fields = agenda_fields,
    .finish = finish,
    .links = links,
    .within = "meetings",
    .parent = "meetingId",
    .parent_column = "meeting_key",
    .texts = "SELECT title AS \"title\", text AS \"text\", minutes_text AS \"inside\" "
             "FROM agenda_item WHERE key = ?1",
};

const struct reference agenda_item_reference = {
    .noun = N_("agenda item"),
    .find = "SELECT a.key FROM agenda_item a JOIN meeting m ON m.key = a.meeting_key "
            "WHERE a.id = ?1 AND " MEETING_VISIBLE("m"),
    .name = "SELECT title FROM agenda_item WHERE key = ?1",
};

/* ---------------------------------------------------------------- read */

json_t *agenda_of(struct ctx *ctx, long long meeting_key)
{
    struct fixed within = {.condition = "\"meeting_key\" = ?6", .key = meeting_key};
    return resource_items(ctx, &agenda_item_resource, within);
}

enum code agenda_list(struct ctx *ctx, struct answer *out)
{
    struct meeting_row meeting;
    enum code c;
    struct fixed within = {.condition = "\"meeting_key\" = ?6",
                           .key = meeting_in_path(ctx, &meeting, &c)};
    return c ? c : resource_list(ctx, &agenda_item_resource, within, &out->document);
}

long long agenda_item_key(struct ctx *ctx, long long meeting_key, const char *id)
{
    return db_int(ctx->tx, 0, "SELECT key FROM agenda_item WHERE meeting_key = ?1 AND id = ?2",
                  meeting_key, id);
}

/* The item of the path, in the meeting of the path. */
static enum code find_item(struct ctx *ctx, long long meeting_key, const char **id)
{
    *id = ctx_value(ctx, "itemId");
    if (agenda_item_key(ctx, meeting_key, *id))
        return OK;
    return tx_code(ctx->tx) ? tx_code(ctx->tx) : ctx_absent(ctx);
}

enum code agenda_show(struct ctx *ctx, struct answer *out)
{
    struct meeting_row meeting;
    const char *id;
    enum code c;
    meeting_in_path(ctx, &meeting, &c);
    if (!c)
        c = find_item(ctx, meeting.key, &id);
    return c ? c : resource_answer(ctx, &agenda_item_resource, id, out);
}

/* ---------------------------------------------------------------- numbers */

static long long count_items(struct ctx *ctx, long long meeting_key)
{
    return db_int(ctx->tx, 0, "SELECT count(*) FROM agenda_item WHERE meeting_key = ?1",
                  meeting_key);
}

/* The items behind a gap move up; their versions stay. */
static enum code close_gap(struct ctx *ctx, long long meeting_key, long long number)
{
    return db_run(ctx->tx,
                  "UPDATE agenda_item SET position = position - 1, modified = ?3 "
                  "WHERE meeting_key = ?1 AND position > ?2",
                  meeting_key, number, tx_instant(ctx->tx));
}

/* --------------------------------------------------------------- what a field alone cannot tell */

static enum code check_input(struct ctx *ctx, struct agenda_input *in, enum code read)
{
    const char *html;
    if (read && read != E_INPUT)
        return read;
    if (in->postponed < 0) /* taken away. Not needed: who may not know of it never sees the member */
        in->postponed = 0;
    if (in->text && ctx_markdown(ctx, in->text, 4, "/text", &html) && ctx->err->code != E_INPUT)
        return ctx->err->code;
    if (in->minutes_text && ctx_markdown(ctx, in->minutes_text, 4, "/minutesText", &html) &&
        ctx->err->code != E_INPUT)
        return ctx->err->code;
    return ctx->err->code ? ctx->err->code : tx_code(ctx->tx);
}

/* ---------------------------------------------------------------- written */

static enum code add_presenters(struct ctx *ctx, long long key, const struct ref_list *list)
{
    enum code c = OK;
    for (size_t i = 0; !c && i < list->n; i++)
        c = db_run(ctx->tx,
                   "INSERT INTO agenda_presenter (item_key, person_key, position) "
                   "VALUES (?1, ?2, ?3) ON CONFLICT (item_key, person_key) "
                   "DO UPDATE SET position = excluded.position",
                   key, list->item[i].key, (long long)i);
    return c;
}

/* Those whom the caller may not know of stay. */
static enum code change_presenters(struct ctx *ctx, long long key, const json_t *now,
                                   const struct ref_list *list)
{
    enum code c = OK;
    size_t i;
    json_t *id;
    json_array_foreach(json_object_get(now, "presenterIds"), i, id)
        if (!c)
            c = db_run(ctx->tx,
                       "DELETE FROM agenda_presenter WHERE item_key = ?1 AND person_key = "
                       "(SELECT key FROM person WHERE id = ?2)",
                       key, json_string_value(id));
    return c ? c : add_presenters(ctx, key, list);
}

enum code agenda_append(struct ctx *ctx, long long meeting_key, const struct agenda_input *in,
                        long long from, long long *key)
{
    json_t *extra = json_object();
    json_put_int(extra, "meeting_key", meeting_key);
    json_put_int(extra, "position", count_items(ctx, meeting_key) + 1);
    if (from)
        json_put_int(extra, "from_key", from);
    enum code c = resource_insert(ctx, &agenda_item_resource, in, NULL, extra, key);
    json_decref(extra);
    return c ? c : add_presenters(ctx, *key, &in->presenters);
}

static const char *at_item(struct ctx *ctx, const struct meeting_row *meeting, const char *id)
{
    return arena_printf(ctx->arena, "/meetings/%s?item=%s#item", meeting->id, id);
}

enum code agenda_item_create(struct ctx *ctx, struct answer *out)
{
    struct meeting_row meeting;
    struct agenda_input in;
    long long key = 0;
    enum code c = meeting_find_to_note(ctx, &meeting);
    if (c)
        return c;
    c = check_input(ctx, &in, resource_read(ctx, &agenda_item_resource, &in));
    if (!c && count_items(ctx, meeting.key) >= ITEMS_MOST)
        c = ctx_fail(ctx, E_CONFLICT, "agenda-full",
                     N_("A meeting has at most 100 items. Plan another meeting."));
    if (!c)
        c = agenda_append(ctx, meeting.key, &in, 0, &key);
    if (c)
        return c;
    const char *id = db_text(ctx->tx, "SELECT id FROM agenda_item WHERE key = ?1", key);
    out->flash = N_("The item is added.");
    c = resource_created(ctx, &agenda_item_resource, id, out);
    out->see = at_item(ctx, &meeting, id);
    return c;
}

/* ---------------------------------------------------------------- changed */

/* What the standing question may be: worded anew, noted at, never another matter or left over. */
static enum code check_standing(struct ctx *ctx, const json_t *now, const struct agenda_input *in)
{
    if (!agenda_is_standing(now))
        return OK;
    if (strcmp(in->type, "declaration"))
        err_field(ctx->err, "/type", N_("The first item stays the question about conflicts of "
                                        "interest."), NULL);
    if (in->postponed == 1)
        err_field(ctx->err, "/postponed", N_("The next meeting begins with this question anyhow."),
                  NULL);
    return ctx->err->code;
}

static enum code refuse_standing(struct ctx *ctx)
{
    return ctx_fail(ctx, E_CONFLICT, "agenda-standing",
                    N_("Every meeting begins with the question about conflicts of interest. It "
                       "stays, and stays first."));
}

enum code agenda_change(struct ctx *ctx, struct answer *out)
{
    struct meeting_row meeting;
    struct agenda_input in;
    struct edit edit = {0};
    const char *id;
    enum code c = meeting_find_to_note(ctx, &meeting);
    if (!c)
        c = find_item(ctx, meeting.key, &id);
    if (c)
        return c;
    c = check_input(ctx, &in, resource_edit(ctx, &agenda_item_resource, id, &edit, &in));
    if (!c)
        c = check_standing(ctx, edit.now, &in);
    if (!c)
        c = resource_update(ctx, &agenda_item_resource, &edit, &in, NULL);
    if (!c)
        c = change_presenters(ctx, edit.key, edit.now, &in.presenters);
    resource_edit_end(&edit);
    out->flash = N_("The item is saved.");
    if (!c)
        c = resource_changed(ctx, &agenda_item_resource, id, out);
    out->see = at_item(ctx, &meeting, id);
    return c;
}

/* What the minutes or a decision stand on stays: those rows would lose their item. */
static enum code refuse_noted(struct ctx *ctx, long long key)
{
    if (!db_exists(ctx->tx,
                   "SELECT 1 FROM recusal WHERE item_key = ?1 "
                   "UNION ALL SELECT 1 FROM decision WHERE item_key = ?1 AND number IS NOT NULL",
                   key))
        return tx_code(ctx->tx);
    return ctx_fail(ctx, E_CONFLICT, "agenda-item-noted",
                    N_("Somebody stands aside for this item, or something was decided at it: it "
                       "stays."));
}

enum code agenda_remove(struct ctx *ctx, struct answer *out)
{
    struct meeting_row meeting;
    struct edit edit = {0};
    const char *id;
    enum code c = meeting_find_to_note(ctx, &meeting);
    if (!c)
        c = find_item(ctx, meeting.key, &id);
    if (c)
        return c;
    c = resource_guard(ctx, &agenda_item_resource, id, &edit);
    if (!c && agenda_is_standing(edit.now))
        c = refuse_standing(ctx);
    if (!c)
        c = refuse_noted(ctx, edit.key);
    if (!c)
        c = papers_leave_item(ctx, edit.key, id);
    if (!c)
        c = resource_delete(ctx, &agenda_item_resource, &edit);
    if (!c)
        c = close_gap(ctx, meeting.key, json_int(edit.now, "number", 0));
    resource_edit_end(&edit);
    out->see = arena_printf(ctx->arena, "/meetings/%s", meeting.id);
    out->flash = N_("The item is taken off the agenda.");
    return c;
}

/* ---------------------------------------------------------------- a whole order at once */

struct order_input {
    struct ref_list items;
};

const struct field agenda_order_fields[] = {
    {.name = "itemIds", .label = N_("Items in their order"), .type = T_REFS,
     .at = offsetof(struct order_input, items), .flags = F_REQUIRED,
     .reference = &agenda_item_reference,
     .hint = N_("All items of the agenda, each once.")},
    {0},
};

static json_t *titles_of(struct ctx *ctx, long long meeting_key)
{
    json_t *rows = db_rows(ctx->tx,
                           "SELECT title AS \"title\" FROM agenda_item WHERE meeting_key = ?1 "
                           "ORDER BY position, key",
                           meeting_key), *row, *titles = json_array();
    size_t i;
    json_array_foreach(rows, i, row)
        json_array_append(titles, json_object_get(row, "title"));
    json_decref(rows);
    return titles;
}

/* Somebody else has added or taken away an item since the list was read. */
static enum code check_complete(struct ctx *ctx, long long meeting_key,
                                const struct ref_list *items)
{
    bool same = (long long)items->n == count_items(ctx, meeting_key);
    for (size_t i = 0; same && i < items->n; i++)
        same = agenda_item_key(ctx, meeting_key, items->item[i].id) != 0;
    if (same)
        return tx_code(ctx->tx);
    return ctx_fail(ctx, E_CONFLICT, "agenda-changed",
                    N_("The agenda has got or lost an item meanwhile. Look at it as it is now, and "
                       "order it again."));
}

static enum code check_first(struct ctx *ctx, long long meeting_key, const struct ref_list *items)
{
    long long standing = db_int(ctx->tx, 0,
                                "SELECT key FROM agenda_item WHERE meeting_key = ?1 "
                                "AND position = 1 AND type = 'declaration'",
                                meeting_key);
    return standing && standing != items->item[0].key ? refuse_standing(ctx) : tx_code(ctx->tx);
}

static enum code set_order(struct ctx *ctx, const struct ref_list *items)
{
    enum code c = OK;
    for (size_t i = 0; !c && i < items->n; i++)
        c = db_run(ctx->tx,
                   "UPDATE agenda_item SET position = ?2, modified = ?3 "
                   "WHERE key = ?1 AND position <> ?2",
                   items->item[i].key, (long long)i + 1, tx_instant(ctx->tx));
    return c;
}

/* The meeting's version stays: an order is in nobody's way who changes the meeting itself. */
static enum code note_order(struct ctx *ctx, const struct meeting_row *meeting, json_t *before)
{
    json_t *after = titles_of(ctx, meeting->key);
    if (json_equal(before, after)) {
        json_decref(before);
        json_decref(after);
        return tx_code(ctx->tx);
    }
    return audit_add(ctx, (struct audit){
        .type = meeting_resource.name,
        .key = meeting->key,
        .id = meeting->id,
        .within_type = meeting_resource.within,
        .within_key = meeting->group_key,
        .act = "update",
        .version = db_int(ctx->tx, 1, "SELECT version FROM meeting WHERE key = ?1", meeting->key),
        .changes = json_pack("{s:[o, o]}", "agenda", before, after),
    });
}

enum code agenda_order(struct ctx *ctx, struct answer *out)
{
    struct meeting_row meeting;
    struct order_input in = {0};
    enum code c = meeting_find_to_note(ctx, &meeting);
    if (!c)
        c = fields_read(ctx, agenda_order_fields, &in);
    if (!c)
        c = check_complete(ctx, meeting.key, &in.items);
    if (!c)
        c = check_first(ctx, meeting.key, &in.items);
    if (c)
        return c;
    json_t *before = titles_of(ctx, meeting.key);
    c = set_order(ctx, &in.items);
    if (c) {
        json_decref(before);
        return c;
    }
    c = note_order(ctx, &meeting, before);
    out->flash = N_("The order is saved.");
    return c ? c : resource_created(ctx, &meeting_resource, meeting.id, out);
}
