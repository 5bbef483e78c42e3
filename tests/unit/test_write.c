/* test_write.c: no change is lost, none is without its history, and one namespace holds all bodies. */
#include "core.h"

const struct resource *const resource_registry[] = {&lamp_resource, &audit_resource, NULL};

static struct lamp lamp;
static struct edit edit;

static long long insert(const char *json, const char *id)
{
    long long key = 0;
    send_json(json);
    if (resource_read(&ctx, &lamp_resource, &lamp))
        fail_msg("%s", messages());
    assert_int_equal(resource_insert(&ctx, &lamp_resource, &lamp, id, NULL, &key), OK);
    return key;
}

/* What the form or script saw; NULL: no If-Match. */
static enum code change(const char *json, const char *if_match, bool *changed)
{
    send_json(json);
    ctx.if_match = if_match;
    enum code c = resource_edit(&ctx, &lamp_resource, "l1", &edit, &lamp);
    if (!c)
        c = resource_update(&ctx, &lamp_resource, &edit, &lamp, changed);
    resource_edit_end(&edit);
    return c;
}

static const char *last_changes(void)
{
    return read_text("SELECT changes FROM audit_event ORDER BY key DESC LIMIT 1");
}

static const char *last_event(void)
{
    return read_text(
        "SELECT actor || ' ' || act || ' ' || object_type || '/' || object_id || ' v' || "
        "version || CASE WHEN within_type IS NULL THEN '' ELSE ' in ' || within_type || ' ' "
        "|| within_key END FROM audit_event ORDER BY key DESC LIMIT 1");
}

static void an_insert_writes_the_row_and_its_history(void **state)
{
    (void)state;
    long long key = insert("{\"name\":\"Ek\",\"watts\":5,\"lit\":true,\"roomId\":\"kok\","
                           "\"colours\":[\"red\"],\"roomIds\":[\"hall\"],\"secret\":\"hush\"}",
                           "l1");
    json_t *row =
        db_row(&tx,
               "SELECT id AS \"id\", name AS \"name\", kind AS \"kind\", watts AS \"watts\", "
               "lit AS \"lit\", room_key AS \"room\", colours AS \"colours\", "
               "makers AS \"makers\", version AS \"version\" FROM lamp WHERE key = ?1",
               key);
    assert_string_equal(as_text(row),
                        "{\"id\":\"l1\",\"name\":\"Ek\",\"kind\":\"table\",\"watts\":5,\"lit\":1,"
                        "\"room\":2,\"colours\":\"[\\\"red\\\"]\",\"makers\":null,\"version\":1}");
    assert_string_equal(last_event(), "a1 create lamps/l1 v1");
    assert_string_equal(
        last_changes(),
        "{\"name\":[null,\"Ek\"],\"kind\":[null,\"table\"],\"watts\":[null,5],"
        "\"lit\":[null,true],\"roomId\":[null,\"kok\"],\"roomIds\":[null,[\"hall\"]],"
        "\"colours\":[null,[\"red\"]]}");
    assert_string_equal(read_text("SELECT modified FROM lamp"),
                        read_text("SELECT at FROM audit_event ORDER BY key DESC LIMIT 1"));
}

static void without_an_id_a_row_gets_a_uuid(void **state)
{
    (void)state;
    insert("{\"name\":\"Ek\"}", NULL);
    insert("{\"name\":\"Ek\"}", NULL);
    assert_int_equal(read_int("SELECT count(DISTINCT id) FROM lamp WHERE length(id) = 36"), 2);
    assert_int_equal(
        read_int("SELECT count(*) FROM audit_event e JOIN lamp l ON l.id = e.object_id "
                 "AND l.key = e.object_key"),
        2);
}

static void columns_that_are_no_fields_come_with_the_insert(void **state)
{
    (void)state;
    long long key = 0;
    send_json("{\"name\":\"Ek\"}");
    assert_int_equal(resource_read(&ctx, &lamp_resource, &lamp), OK);
    json_t *extra = json_pack("{s:i, s:s}", "hidden", 1, "note", "n");
    struct resource inside = lamp_resource;
    inside.within = "rooms";
    inside.parent_column = "hidden";
    struct field fields[LEN(lamp_fields)];
    memcpy(fields, lamp_fields, sizeof fields);
    fields[2].column = NULL; /* the note is kept by the caller */
    inside.fields = fields;
    assert_int_equal(resource_insert(&ctx, &inside, &lamp, "l1", extra, &key), OK);
    json_decref(extra);
    assert_int_equal(read_int("SELECT hidden FROM lamp WHERE note = 'n'"), 1);
    assert_string_equal(last_event(), "a1 create lamps/l1 v1 in rooms 1");
}

static void an_edit_changes_what_was_sent_and_nothing_else(void **state)
{
    bool changed = false;
    (void)state;
    insert("{\"name\":\"Ek\",\"watts\":5,\"lit\":false,\"roomId\":\"kok\",\"kind\":\"wall\","
           "\"colours\":[\"red\",\"blue\"],\"from\":\"2026-01-01\"}",
           "l1");
    assert_int_equal(change("{\"name\":\"Ask\",\"watts\":null,\"roomId\":\"hall\","
                            "\"colours\":[\"red\"],\"makers\":[\"A\"]}",
                            "\"1.abc\"", &changed),
                     OK);
    assert_true(changed);
    assert_string_equal(last_event(), "a1 update lamps/l1 v2");
    assert_string_equal(
        last_changes(),
        "{\"name\":[\"Ek\",\"Ask\"],\"watts\":[5,null],\"roomId\":[\"kok\",\"hall\"],"
        "\"colours\":[[\"red\",\"blue\"],[\"red\"]],\"makers\":[[],[\"A\"]]}");
    assert_string_equal(
        read_text("SELECT name || kind || start_date || lit || room_key || colours || "
                  "makers || version || (watts IS NULL) FROM lamp"),
        "Askwall2026-01-0101[\"red\"][\"A\"]21");
    assert_string_equal(read_text("SELECT modified FROM lamp"),
                        read_text("SELECT at FROM audit_event ORDER BY key DESC LIMIT 1"));
}

static void no_difference_writes_nothing(void **state)
{
    static const char *const same[] = {
        "{}",
        "{\"name\":\"Ek\"}",
        "{\"name\":\"Ek\",\"watts\":5,\"lit\":true,\"makers\":[],\"note\":null,\"roomIds\":null}",
        "{\"note\":\"\",\"serial\":null}",
    };
    (void)state;
    insert("{\"name\":\"Ek\",\"watts\":5,\"lit\":true}", "l1");
    for (size_t i = 0; i < LEN(same); i++) {
        bool changed = true;
        assert_int_equal(change(same[i], "\"1\"", &changed), OK);
        assert_false(changed);
    }
    assert_int_equal(read_int("SELECT version FROM lamp"), 1);
    assert_int_equal(read_int("SELECT count(*) FROM audit_event"), 1);
}

static void a_form_with_some_fields_leaves_the_others(void **state)
{
    bool changed;
    (void)state;
    insert("{\"name\":\"Ek\",\"watts\":5,\"lit\":true,\"colours\":[\"red\"],\"roomId\":\"kok\"}",
           "l1");
    send_form("name=Ask&watts=&_checkbox[]=lit&colours[]=&_version=1");
    ctx.if_match = "\"1\"";
    assert_int_equal(resource_edit(&ctx, &lamp_resource, "l1", &edit, &lamp), OK);
    assert_int_equal(resource_update(&ctx, &lamp_resource, &edit, &lamp, &changed), OK);
    assert_int_equal(edit.version, 2);
    resource_edit_end(&edit);
    assert_string_equal(last_changes(),
                        "{\"name\":[\"Ek\",\"Ask\"],\"watts\":[5,null],\"lit\":[true,false],"
                        "\"colours\":[[\"red\"],[]]}");
    assert_string_equal(read_text("SELECT name || lit || room_key || (colours IS NULL) FROM lamp"),
                        "Ask021");
}

static void a_list_kept_elsewhere_raises_the_version_too(void **state)
{
    bool changed;
    (void)state;
    insert("{\"name\":\"Ek\"}", "l1");
    assert_int_equal(change("{\"roomIds\":[\"hall\"]}", "\"1\"", &changed), OK);
    assert_true(changed);
    assert_string_equal(last_changes(), "{\"roomIds\":[[],[\"hall\"]]}");
    assert_int_equal(read_int("SELECT version FROM lamp"), 2);
}

static void what_is_set_once_cannot_be_changed(void **state)
{
    static const char serial[] = "{\"name\":\"Ek\",\"serial\":"
                                 "\"3f2b8c1e-5d04-4a77-9c1b-8e2d6f0a9b31\"}";
    (void)state;
    insert(serial, "l1");
    assert_int_equal(change(serial, "\"1\"", NULL), OK);
    assert_int_equal(change("{\"serial\":null}", "\"1\"", NULL), E_INPUT);
    assert_string_equal(messages(), "/serial: This is set once and cannot be changed.");
    assert_int_equal(change("{\"serial\":\"00000000-0000-0000-0000-000000000000\"}", "\"1\"", NULL),
                     E_INPUT);
    assert_int_equal(change("{\"name\":null,\"age\":1}", "\"1\"", NULL), E_INPUT);
    assert_string_equal(messages(),
                        "/age: This is computed and cannot be set.; /name: This is needed.");
    assert_int_equal(read_int("SELECT version FROM lamp"), 1);
}

static void an_edit_must_say_which_version_it_saw(void **state)
{
    static const struct {
        const char *header;
        enum code code;
        const char *rule;
    } cases[] = {
        {"\"2.abc\"", OK, NULL},
        {"\"2\"", OK, NULL},
        {"W/\"2.abc\"", OK, NULL},
        {"\"1.abc\", \"2.def\"", OK, NULL},
        {NULL, E_UNGUARDED, "if-match-needed"},
        {"*", E_INPUT, "if-match-star"},
        {"\"1.abc\"", E_STALE, "changed-meanwhile"},
        {"\"3.abc\"", E_STALE, "changed-meanwhile"},
        {"\"22.abc\"", E_STALE, "changed-meanwhile"},
        {"\"2x\"", E_STALE, "changed-meanwhile"},
        {"2", E_STALE, "changed-meanwhile"},
        {"", E_STALE, "changed-meanwhile"},
        {"\"", E_STALE, "changed-meanwhile"},
        {"\"\"", E_STALE, "changed-meanwhile"},
        {"\"abc\"2\"", E_STALE, "changed-meanwhile"},
        {"\"99999999999999999999999\"", E_STALE, "changed-meanwhile"},
        {"\"-2\"", E_STALE, "changed-meanwhile"},
        {"\" 2\"", E_STALE, "changed-meanwhile"},
        {"\"+2\"", E_STALE, "changed-meanwhile"},
    };
    (void)state;
    insert("{\"name\":\"Ek\"}", "l1");
    assert_int_equal(change("{\"name\":\"Ask\"}", "\"1\"", NULL), OK);
    for (size_t i = 0; i < LEN(cases); i++) {
        enum code c = change("{}", cases[i].header, NULL);
        if (c != cases[i].code)
            fail_msg("%s: %d", cases[i].header, c);
        if (cases[i].rule)
            assert_string_equal(err.rule, cases[i].rule);
        assert_true((c == E_STALE) == (ctx.present != NULL));
    }
    assert_int_equal(change("{\"name\":\"Bok\"}", "\"1\"", NULL), E_STALE);
    assert_string_equal(json_text(ctx.present, "name"), "Ask");
    assert_int_equal(json_int(ctx.present, "_presentVersion", 0), 2);
    assert_null(json_object_get(ctx.present, "version"));
    assert_string_equal(read_text("SELECT name FROM lamp"), "Ask");
}

static void what_is_absent_or_hidden_cannot_be_edited(void **state)
{
    (void)state;
    assert_int_equal(change("{}", "\"1\"", NULL), E_ABSENT);
    insert("{\"name\":\"Ek\"}", "l1");
    run_sql("UPDATE lamp SET hidden = 1");
    assert_int_equal(change("{}", NULL, NULL), E_ABSENT);
    assert_int_equal(change("{}", "\"9\"", NULL), E_ABSENT);
    assert_null(ctx.present);
    actor.roles = ROLE_SUPPORT;
    assert_int_equal(change("{\"watts\":1}", "\"1\"", NULL), OK);
}

static void a_delete_leaves_a_tombstone_and_what_was(void **state)
{
    (void)state;
    long long key = insert("{\"name\":\"Ek\",\"lit\":false,\"colours\":[\"red\"]}", "l1");
    assert_int_equal(db_index_put(&tx, "lamps", key, "Ek"), OK);
    next_request();
    ctx.if_match = "\"1\"";
    assert_int_equal(resource_guard(&ctx, &lamp_resource, "l1", &edit), OK);
    assert_int_equal(resource_delete(&ctx, &lamp_resource, &edit), OK);
    resource_edit_end(&edit);
    assert_int_equal(read_int("SELECT count(*) FROM lamp"), 0);
    assert_int_equal(read_int("SELECT count(*) FROM search_entry WHERE type = 'lamps'"), 0);
    assert_string_equal(read_text("SELECT type || '/' || id FROM tombstone"), "lamps/l1");
    assert_string_equal(read_text("SELECT modified FROM tombstone"),
                        read_text("SELECT at FROM audit_event WHERE act = 'delete'"));
    assert_string_equal(last_event(), "a1 delete lamps/l1 v2");
    assert_string_equal(last_changes(),
                        "{\"name\":[\"Ek\",null],\"kind\":[\"table\",null],\"lit\":[false,null],"
                        "\"roomIds\":[[],null],\"colours\":[[\"red\"],null],\"makers\":[[],null]}");
}

static void what_others_refer_to_is_in_use(void **state)
{
    (void)state;
    insert("{\"name\":\"Ek\"}", "l1");
    run_sql("INSERT INTO bulb (lamp_key) SELECT key FROM lamp");
    next_request();
    ctx.if_match = "\"1\"";
    assert_int_equal(resource_guard(&ctx, &lamp_resource, "l1", &edit), OK);
    assert_int_equal(resource_delete(&ctx, &lamp_resource, &edit), E_CONFLICT);
    assert_string_equal(tx_err(&tx)->rule, "in-use");
    resource_edit_end(&edit);
    assert_int_equal(read_int("SELECT count(*) FROM lamp"), 1);
}

static void an_act_touches_the_version_and_tells_what_it_did(void **state)
{
    (void)state;
    long long key = insert("{\"name\":\"Ek\"}", "l1");
    next_request();
    json_t *changes = json_pack("{s:[n, s]}", "until", "2026-12-31");
    assert_int_equal(resource_touch(&ctx, &lamp_resource, key, "l1", "close", changes), OK);
    assert_string_equal(last_event(), "a1 close lamps/l1 v2");
    assert_string_equal(last_changes(), "{\"until\":[null,\"2026-12-31\"]}");
    assert_int_equal(read_int("SELECT version FROM lamp"), 2);
    assert_string_equal(read_text("SELECT modified FROM lamp"),
                        read_text("SELECT at FROM audit_event WHERE act = 'close'"));
}

static void every_transaction_is_later_than_the_one_before(void **state)
{
    (void)state;
    insert("{\"name\":\"A\"}", NULL);
    insert("{\"name\":\"B\"}", NULL);
    insert("{\"name\":\"C\"}", NULL);
    assert_int_equal(read_int("SELECT count(DISTINCT modified) FROM lamp"), 3);
    assert_int_equal(read_int("SELECT count(*) FROM audit_event a JOIN audit_event b "
                              "ON b.key = a.key + 1 WHERE b.at <= a.at"),
                     0);
}

static void created_and_changed_answer_with_the_object(void **state)
{
    struct answer out = {0};
    (void)state;
    insert("{\"name\":\"Ek\"}", "l1");
    next_request();
    assert_int_equal(resource_created(&ctx, &lamp_resource, "l1", &out), OK);
    assert_int_equal(out.status, 201);
    assert_string_equal(out.location, "/lamps/l1");
    assert_int_equal(out.version, 1);
    assert_string_equal(json_text(out.document, "name"), "Ek");
    assert_null(json_object_get(out.document, "key"));
    json_decref(out.document);
    out = (struct answer){0};
    assert_int_equal(resource_answer(&ctx, &lamp_resource, "l1", &out), OK);
    assert_int_equal(json_array_size(json_object_get(out.document, "_links")), 2);
    json_decref(out.document);
    out = (struct answer){0};
    assert_int_equal(resource_answer(&ctx, &lamp_resource, "l2", &out), E_ABSENT);
    assert_null(out.document);
}

/* ---- the common namespace ---- */

static long long body_of(const char *id)
{
    long long key = 0;
    next_request();
    assert_int_equal(body_add(&ctx, "organisation", id, &key), OK);
    run_sql(arena_printf(arena,
                         "INSERT INTO organisation (key, type, name, modified) "
                         "VALUES (%lld, 'region', '%s', '2026-01-01T00:00:00.000Z')",
                         key, id));
    return key;
}

static void an_address_belongs_to_one_body(void **state)
{
    (void)state;
    long long key = body_of("skane"), other = 0;
    assert_true(key > 0);
    next_request();
    assert_int_equal(body_add(&ctx, "group", "skane", &other), E_CONFLICT);
    assert_string_equal(err.rule, "slug-taken");
    assert_int_equal(other, 0);
    next_request();
    assert_int_equal(body_rename(&ctx, body_of("blekinge"), "skane"), E_CONFLICT);
    assert_string_equal(err.rule, "slug-taken");
    assert_string_equal(json_text(err.args, "id"), "skane");
}

static void an_old_address_stays_with_its_body(void **state)
{
    (void)state;
    long long key = body_of("skane"), other = body_of("blekinge");
    next_request();
    assert_int_equal(body_rename(&ctx, key, "region-skane"), OK);
    assert_string_equal(read_text("SELECT id FROM body_alias"), "skane");
    next_request();
    assert_int_equal(body_add(&ctx, "group", "skane", &(long long){0}), E_CONFLICT);
    next_request();
    assert_int_equal(body_rename(&ctx, other, "skane"), E_CONFLICT);
    next_request();
    assert_int_equal(body_rename(&ctx, key, "rs"), OK);
    assert_string_equal(read_text("SELECT group_concat(id, ' ') FROM "
                                  "(SELECT id FROM body_alias ORDER BY id)"),
                        "region-skane skane");
    /* Back to where it came from, and to where it is. */
    assert_int_equal(body_rename(&ctx, key, "skane"), OK);
    assert_int_equal(body_rename(&ctx, key, "skane"), OK);
    assert_int_equal(body_rename(&ctx, key, "region-skane"), OK);
    assert_string_equal(read_text("SELECT group_concat(id, ' ') FROM "
                                  "(SELECT id FROM body_alias ORDER BY id)"),
                        "rs skane");
    assert_string_equal(read_text("SELECT id FROM body ORDER BY key LIMIT 1"), "region-skane");
}

static const struct field place_fields[] = {
    {.name = "id", .label = "Id", .type = T_SLUG, .flags = F_DERIVED},
    {.name = "name", .label = "Name", .type = T_TEXT, .at = AT(name), .column = "name"},
    {0},
};
static const struct resource places = {
    .name = "places",
    .noun = "place",
    .table = "organisation",
    .select = "SELECT o.key AS \"key\", o.version AS \"version\", b.id AS \"id\", "
              "o.name AS \"name\" FROM organisation o JOIN body b ON b.key = o.key",
    .visible = "\"name\" <> 'hidden'",
    .order = "\"name\"",
    .size = sizeof(struct lamp),
    .fields = place_fields,
    .body = true,
};

static void an_old_address_leads_on_with_all_that_follows(void **state)
{
    static const struct {
        const char *asked, *to;
    } cases[] = {
        {"/places/skane", "/places/region-skane"},
        {"/places/skane/history", "/places/region-skane/history"},
        {"/places/skane/edit", "/places/region-skane/edit"},
    };
    struct answer out = {0};
    (void)state;
    long long key = body_of("skane");
    next_request();
    assert_int_equal(body_rename(&ctx, key, "region-skane"), OK);
    for (size_t i = 0; i < LEN(cases); i++) {
        next_request();
        ctx.path = cases[i].asked;
        out = (struct answer){0};
        assert_int_equal(resource_answer(&ctx, &places, "skane", &out), OK);
        assert_true(out.moved);
        assert_null(out.document);
        assert_string_equal(out.location, cases[i].to);
    }
    /* Not to what the reader may not know of, nor from nowhere. */
    assert_int_equal(resource_answer(&ctx, &places, "blekinge", &out), E_ABSENT);
    run_sql("UPDATE organisation SET name = 'hidden'");
    next_request();
    out = (struct answer){0};
    assert_int_equal(resource_answer(&ctx, &places, "skane", &out), E_ABSENT);
    assert_false(out.moved);
}

static void a_body_is_inserted_and_deleted_as_a_whole(void **state)
{
    long long key = 0;
    (void)state;
    send_json("{\"name\":\"Halland\"}");
    memset(&lamp, 0, sizeof lamp);
    assert_int_equal(resource_read(&ctx, &places, &lamp), OK);
    assert_int_equal(body_add(&ctx, "organisation", "halland", &key), OK);
    long long made = key;
    json_t *extra = json_pack("{s:s}", "type", "region");
    assert_int_equal(resource_insert(&ctx, &places, &lamp, "halland", extra, &key), OK);
    json_decref(extra);
    assert_int_equal(key, made);
    assert_int_equal(body_rename(&ctx, key, "region-halland"), OK);
    next_request();
    ctx.if_match = "\"1\"";
    assert_int_equal(resource_guard(&ctx, &places, "region-halland", &edit), OK);
    assert_int_equal(resource_delete(&ctx, &places, &edit), OK);
    resource_edit_end(&edit);
    assert_int_equal(
        read_int("SELECT (SELECT count(*) FROM body) + (SELECT count(*) FROM organisation) "
                 "+ (SELECT count(*) FROM body_alias)"),
        0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_insert_writes_the_row_and_its_history),
        TEST(without_an_id_a_row_gets_a_uuid),
        TEST(columns_that_are_no_fields_come_with_the_insert),
        TEST(an_edit_changes_what_was_sent_and_nothing_else),
        TEST(no_difference_writes_nothing),
        TEST(a_form_with_some_fields_leaves_the_others),
        TEST(a_list_kept_elsewhere_raises_the_version_too),
        TEST(what_is_set_once_cannot_be_changed),
        TEST(an_edit_must_say_which_version_it_saw),
        TEST(what_is_absent_or_hidden_cannot_be_edited),
        TEST(a_delete_leaves_a_tombstone_and_what_was),
        TEST(what_others_refer_to_is_in_use),
        TEST(an_act_touches_the_version_and_tells_what_it_did),
        TEST(every_transaction_is_later_than_the_one_before),
        TEST(created_and_changed_answer_with_the_object),
        TEST(an_address_belongs_to_one_body),
        TEST(an_old_address_stays_with_its_body),
        TEST(an_old_address_leads_on_with_all_that_follows),
        TEST(a_body_is_inserted_and_deleted_as_a_whole),
    };
    return cmocka_run_group_tests(tests, open_register, close_register);
}
