/* core.h: a request's ctx on a real register, for tests of the declarative third.
 *
 * Included once by a test program. The register has all the binary's migrations and lives in a file of its own; each test runs in one
 * write transaction that is rolled back, on the writer's connection while its thread is idle, so that an assertion
 * stands in the test's own thread. `lamps` below is a resource with a field of every type; its tables are the test's. */
#ifndef KANSLI_TEST_CORE_H
#define KANSLI_TEST_CORE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include <kansli/access.h>
#include <kansli/audit.h>
#include <kansli/check.h>
#include <kansli/json.h>

#include "../../src/core/fields.h"
#include "../../src/core/resource.h"
#include "../../src/db/internal.h"

static char directory[64], path[128];
static struct db *db;
static struct arena *arena;
static struct tx tx;
static struct err err;
static struct params query, body;
static struct actor actor;
static struct ctx ctx;

/* ---- a request ---- */

static const char *same_text(int lang, const char *msgid)
{
    (void)lang;
    return msgid;
}

/* The next request, by the same actor, in the same transaction: what failed is forgotten. */
static void next_request(void)
{
    err_release(&err);
    err_init(&err);
    params_release(&query);
    params_init(&query);
    params_release(&body);
    params_init(&body);
    json_decref(ctx.present);
    tx_init(&tx, db, &db->writer.conn, arena, true);
    ctx = (struct ctx){
        .arena = arena,
        .tx = &tx,
        .err = &err,
        .actor = &actor,
        .text = same_text,
        .api = true,
        .base_url = "https://kansli.example",
        .path = "/lamps",
        .today = "2026-11-22",
        .day = "2026-11-22",
        .query = &query,
        .body = &body,
    };
}

/* What stands after the address's question mark. */
static UNUSED void ask(const char *text)
{
    next_request();
    assert_int_equal(params_form(arena, text, strlen(text), true, &query, &err), OK);
}

static UNUSED void send_json(const char *text)
{
    next_request();
    assert_int_equal(params_json(arena, text, strlen(text), &body, &err), OK);
}

static UNUSED void send_form(const char *text)
{
    next_request();
    assert_int_equal(params_form(arena, text, strlen(text), false, &body, &err), OK);
}

/* ---- what became of it ---- */

/* As compact JSON; takes the reference. */
static UNUSED const char *as_text(json_t *v)
{
    char *dump = v ? json_dumps(v, JSON_COMPACT | JSON_ENCODE_ANY) : NULL;
    const char *text = arena_strdup(arena, dump);
    free(dump);
    json_decref(v);
    return text;
}

/* "/name: This is needed.; /lit: ..." in the order they were told, or "" */
static UNUSED const char *messages(void)
{
    const char *all = "";
    json_t *entry;
    size_t i;
    json_array_foreach(err.fields, i, entry) {
        const char *where = json_text(entry, "pointer");
        all = arena_printf(
            arena, "%s%s%s: %s", all, i ? "; " : "", where ? where : json_text(entry, "parameter"),
            text_fill(arena, json_text(entry, "msgid"), json_object_get(entry, "args")));
    }
    return all;
}

static UNUSED void run_sql(const char *sql)
{
    struct tx own;
    tx_init(&own, db, &db->writer.conn, arena, true);
    if (db_run_(&own, sql, NULL, 0))
        fail_msg("%s", sql);
}

static UNUSED long long read_int(const char *sql)
{
    struct tx own;
    tx_init(&own, db, &db->writer.conn, arena, true);
    return db_int_(&own, -1, sql, NULL, 0);
}

static UNUSED const char *read_text(const char *sql)
{
    struct tx own;
    tx_init(&own, db, &db->writer.conn, arena, true);
    const char *text = db_text_(&own, sql, NULL, 0);
    return text ? text : "";
}

/* ---- lamps ---- */

struct lamp {
    const char *id, *name, *note, *story, *slug, *kind, *from, *until, *email, *serial, *secret;
    long long watts;
    int lit;
    struct ref_value room;
    struct ref_list rooms;
    struct text_list colours, makers;
};
#define AT(member) offsetof(struct lamp, member)

static UNUSED const struct value lamp_kinds[] = {
    {"table", "Table lamp"}, {"floor", "Floor lamp"}, {"wall", "Wall lamp"}, {NULL, NULL}};
static UNUSED const struct value lamp_colours[] = {
    {"red", "Red"}, {"green", "Green"}, {"blue", "Blue"}, {NULL, NULL}};

static UNUSED const struct reference room_reference = {
    .noun = "room",
    .find = "SELECT key FROM room WHERE id = ?1",
    .search = "SELECT id AS \"id\", name AS \"name\" FROM room "
              "WHERE fold(name) LIKE ?1 || '%' ORDER BY fold(name) = ?1 DESC, name LIMIT ?5",
    .options = "SELECT id AS \"value\", name AS \"label\" FROM room ORDER BY name, key",
};
/* Too many for a list box. */
static UNUSED const struct reference place_reference = {
    .noun = "room",
    .find = "SELECT key FROM room WHERE id = ?1",
    .search = "SELECT id AS \"id\", name AS \"name\" FROM room "
              "WHERE fold(name) LIKE ?1 || '%' ORDER BY fold(name) = ?1 DESC, name LIMIT ?5",
    .lookup = "/search?type=rooms",
    .person_or_body = true,
};

static UNUSED const struct field lamp_fields[] = {
    {.name = "id", .label = "Id", .type = T_UUID, .flags = F_DERIVED},
    {.name = "name", .label = "Name", .type = T_TEXT, .at = AT(name),
     .flags = F_REQUIRED | F_FILTER | F_SORT, .max = 12, .column = "name"},
    {.name = "note", .label = "Note", .type = T_LINES, .at = AT(note), .max = 20, .column = "note",
     .hint = "For ourselves."},
    {.name = "story", .label = "Story", .type = T_MARKDOWN, .at = AT(story), .column = "story"},
    {.name = "slug", .label = "Address", .type = T_SLUG, .at = AT(slug), .column = "slug"},
    {.name = "kind", .label = "Kind", .type = T_ENUM, .at = AT(kind), .flags = F_FILTER | F_SORT,
     .values = lamp_kinds, .column = "kind", .fallback = "table"},
    {.name = "from", .label = "From", .type = T_DAY, .at = AT(from), .flags = F_SORT,
     .column = "start_date"},
    {.name = "until", .label = "Until", .type = T_DAY, .at = AT(until), .column = "end_date"},
    {.name = "watts", .label = "Watts", .type = T_INT, .at = AT(watts), .flags = F_SORT,
     .max = 2000, .column = "watts"},
    {.name = "lit", .label = "Lit", .type = T_BOOL, .at = AT(lit), .flags = F_FILTER,
     .column = "lit"},
    {.name = "email", .label = "Owner", .type = T_EMAIL, .at = AT(email), .column = "email"},
    {.name = "serial", .label = "Serial", .type = T_UUID, .at = AT(serial), .flags = F_CREATE,
     .column = "serial"},
    {.name = "roomId", .label = "Room", .type = T_REF, .at = AT(room), .flags = F_FILTER,
     .reference = &place_reference, .column = "room_key"},
    {.name = "roomIds", .label = "Also in", .type = T_REFS, .at = AT(rooms),
     .reference = &room_reference},
    {.name = "colours", .label = "Colours", .type = T_ENUMS, .at = AT(colours),
     .values = lamp_colours, .column = "colours"},
    {.name = "makers", .label = "Makers", .type = T_TEXTS, .at = AT(makers), .column = "makers"},
    {.name = "secret", .label = "Secret", .type = T_SECRET, .at = AT(secret), .flags = F_HIDDEN},
    {.name = "age", .label = "Age", .type = T_INT, .flags = F_DERIVED},
    {.name = "modified", .label = "Changed", .type = T_INSTANT, .flags = F_DERIVED},
    {0},
};

static UNUSED const char *const lamp_tables[] = {
    "CREATE TABLE room (key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL)",
    "CREATE TABLE lamp (key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL "
    "COLLATE sv, note TEXT, story TEXT, slug TEXT, kind TEXT, start_date TEXT, end_date TEXT, "
    "watts INTEGER, lit INTEGER, email TEXT, serial TEXT, room_key INTEGER REFERENCES room (key), "
    "colours TEXT, makers TEXT, hidden INTEGER NOT NULL DEFAULT 0, "
    "version INTEGER NOT NULL DEFAULT 1, modified TEXT NOT NULL) STRICT",
    "CREATE TABLE lamp_room (lamp_key INTEGER NOT NULL REFERENCES lamp (key) ON DELETE CASCADE, "
    "room_key INTEGER NOT NULL REFERENCES room (key)) STRICT",
    "CREATE TABLE bulb (key INTEGER PRIMARY KEY, "
    "lamp_key INTEGER NOT NULL REFERENCES lamp (key)) STRICT",
    "INSERT INTO room (key, id, name) VALUES (1, 'hall', 'Hallen'), (2, 'kok', 'Köket'), "
    "(3, 'vind', 'Vinden'), (4, 'vindfang', 'Vindfånget'), (5, 'sal-1', 'Salen'), "
    "(6, 'sal-2', 'Salen')",
};

/* What one query for all of them gives. */
static void finish_lamps(struct ctx *c, json_t *items)
{
    json_t *item, *rooms, *room;
    size_t i, j;
    json_array_foreach(items, i, item) {
        json_t *ids = json_put_new(item, "roomIds", json_array());
        rooms = db_rows(c->tx,
                        "SELECT r.id AS \"id\" FROM lamp_room l JOIN room r ON r.key = l.room_key "
                        "WHERE l.lamp_key = ?1 ORDER BY r.key",
                        json_int(item, "key", 0));
        json_array_foreach(rooms, j, room)
            json_push(ids, json_text_new(json_text(room, "id")));
        json_decref(rooms);
    }
}

static void link_lamp(struct ctx *c, json_t *object)
{
    ctx_link(c, object, "edit", "PATCH",
             arena_printf(c->arena, "/lamps/%s", json_text(object, "id")));
}

static UNUSED const struct resource lamp_resource = {
    .name = "lamps",
    .noun = "lamp",
    .table = "lamp",
    .select = "SELECT l.key AS \"key\", l.version AS \"version\", l.modified AS \"modified\", "
              "l.id AS \"id\", l.name AS \"name\", l.note AS \"note\", l.story AS \"story\", "
              "l.slug AS \"slug\", l.kind AS \"kind\", l.start_date AS \"from\", "
              "l.end_date AS \"until\", l.watts AS \"watts\", l.lit AS \"lit\", "
              "l.email AS \"email\", l.serial AS \"serial\", r.id AS \"roomId\", "
              "r.name AS \"roomName\", l.colours AS \"colours\", l.makers AS \"makers\", "
              "7 AS \"age\", l.hidden AS \"hidden\" "
              "FROM lamp l LEFT JOIN room r ON r.key = l.room_key",
    .visible = "(\"hidden\" = 0 OR ?2 = 1)",
    .in_force = "(\"from\" IS NULL OR \"from\" <= ?1) AND (\"until\" IS NULL OR \"until\" >= ?1)",
    .found = DB_FOUND("\"key\"", "lamps", "?5"),
    .order = "\"name\", \"id\"",
    .size = sizeof(struct lamp),
    .fields = lamp_fields,
    .finish = finish_lamps,
    .links = link_lamp,
};

/* ---- the register ---- */

static int open_register(void **state)
{
    (void)state;
    snprintf(directory, sizeof directory, "/tmp/kansli-core-XXXXXX");
    if (!mkdtemp(directory))
        return -1;
    snprintf(path, sizeof path, "%s/register", directory);
    err_init(&err);
    if (db_create(path, &err) || db_open(path, &(struct db_options){0}, &db, &err))
        return -1;
    params_init(&query);
    params_init(&body);
    return 0;
}

static int close_register(void **state)
{
    char command[128];
    (void)state;
    db_close(db);
    err_release(&err);
    params_release(&query);
    params_release(&body);
    snprintf(command, sizeof command, "rm -r %s", directory);
    return system(command);
}

static int begin(void **state)
{
    (void)state;
    arena = arena_new(16 << 20);
    actor = (struct actor){.account_key = 1, .account_id = "a1", .name = "Karin"};
    assert_int_equal(conn_do(&db->writer.conn, "BEGIN IMMEDIATE"), 0);
    next_request();
    for (size_t i = 0; i < LEN(lamp_tables); i++)
        run_sql(lamp_tables[i]);
    return 0;
}

static int end(void **state)
{
    (void)state;
    json_decref(ctx.present);
    ctx.present = NULL;
    assert_int_equal(conn_do(&db->writer.conn, "ROLLBACK"), 0);
    arena_free(arena);
    return 0;
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, end)

#endif
