/* test_form.c: a form shows what was typed, what is there and what was wrong, each beside its
 * field. */
#include "core.h"

const struct resource *const resource_registry[] = {&lamp_resource, &audit_resource, NULL};

static struct lamp lamp;

static json_t *field_of(const json_t *form, const char *name)
{
    json_t *field;
    size_t i;
    json_array_foreach(json_object_get(form, "fields"), i, field)
        if (!strcmp(json_text(field, "name"), name))
            return field;
    return NULL;
}

/* One member of one field, as JSON; "-" when the form lacks the field. */
static const char *shown(const json_t *form, const char *name, const char *member)
{
    json_t *field = field_of(form, name);
    return field ? as_text(json_incref(json_object_get(field, member))) : "-";
}

static json_t *new_form(void)
{
    return resource_form(&ctx, lamp_fields, NULL, "/lamps", "Add");
}

/* What was typed, refused, and is shown again. */
static json_t *failed_form(const char *pairs)
{
    send_form(pairs);
    assert_int_equal(resource_read(&ctx, &lamp_resource, &lamp), E_INPUT);
    return new_form();
}

static void make_lamp(const char *json)
{
    long long key = 0;
    send_json(json);
    assert_int_equal(resource_read(&ctx, &lamp_resource, &lamp), OK);
    assert_int_equal(resource_insert(&ctx, &lamp_resource, &lamp, "l1", NULL, &key), OK);
    for (size_t i = 0; i < lamp.rooms.n; i++)
        assert_int_equal(db_run(&tx, "INSERT INTO lamp_room (lamp_key, room_key) VALUES (?1, ?2)",
                                key, lamp.rooms.item[i].key),
                         OK);
    next_request();
}

static void every_type_has_its_kind_of_control(void **state)
{
    static const char *const kinds[][2] = {
        {"name", "text"},      {"note", "lines"},  {"story", "markdown"}, {"slug", "text"},
        {"kind", "select"},    {"from", "date"},   {"watts", "number"},   {"lit", "checkbox"},
        {"email", "email"},    {"serial", "text"}, {"roomId", "lookup"},  {"roomIds", "checks"},
        {"colours", "checks"}, {"makers", "list"},
    };
    (void)state;
    json_t *form = new_form();
    for (size_t i = 0; i < LEN(kinds); i++)
        assert_string_equal(json_text(field_of(form, kinds[i][0]), "kind"), kinds[i][1]);
    /* Neither what is computed nor what is hidden. */
    static const char *const not_there[] = {"id", "age", "modified", "secret"};
    for (size_t i = 0; i < LEN(not_there); i++)
        assert_null(field_of(form, not_there[i]));
    json_decref(form);
}

static void an_empty_form_has_fallbacks_and_no_messages(void **state)
{
    (void)state;
    json_t *form = new_form();
    assert_string_equal(json_text(form, "action"), "/lamps");
    assert_string_equal(json_text(form, "method"), "post");
    assert_string_equal(json_text(form, "submit"), "Add");
    assert_null(json_text(form, "message"));
    assert_null(json_text(form, "version"));
    assert_int_equal(json_array_size(json_object_get(form, "errors")), 0);
    assert_string_equal(
        as_text(json_incref(field_of(form, "name"))),
        "{\"name\":\"name\",\"id\":\"f-name\",\"label\":\"Name\",\"hint\":null,"
        "\"required\":true,\"wide\":false,\"lookup\":null,\"error\":null,"
        "\"present\":null,\"max\":12,\"long\":false,\"kind\":\"text\",\"value\":\"\","
        "\"checked\":false}");
    assert_string_equal(shown(form, "note", "hint"), "\"For ourselves.\"");
    assert_string_equal(shown(form, "note", "wide"), "true");
    assert_string_equal(shown(form, "roomId", "lookup"), "\"/api/v1/search?type=rooms\"");
    assert_string_equal(shown(form, "kind", "options"),
                        "[{\"value\":\"table\",\"label\":\"Table lamp\",\"selected\":true},"
                        "{\"value\":\"floor\",\"label\":\"Floor lamp\",\"selected\":false},"
                        "{\"value\":\"wall\",\"label\":\"Wall lamp\",\"selected\":false}]");
    assert_string_equal(shown(form, "makers", "values"), "[]");
    json_decref(form);
}

static void a_failed_form_shows_what_was_typed(void **state)
{
    (void)state;
    json_t *form = failed_form("name=&note=%3Cb%3E&kind=wall&watts=many&_checkbox[]=lit&lit=true&"
                               "roomId=cellar&colours[]=red&colours[]=pink&makers[]=A&makers[]=&"
                               "roomIds[]=vind&secret=hush&_version=4");
    static const char *const expected[][3] = {
        {"name", "error", "\"This is needed.\""},
        {"name", "value", "\"\""},
        {"note", "value", "\"<b>\""},
        {"note", "error", "null"},
        {"watts", "value", "\"many\""},
        {"watts", "error", "\"Write a whole number.\""},
        {"lit", "checked", "true"},
        {"roomId", "value", "\"cellar\""},
        {"roomId", "error",
         "\"No room has that name or address. Check the spelling.\""},
        {"colours", "error", "\"Choose one of: red, green, blue.\""},
        {"colours", "options",
         "[{\"value\":\"red\",\"label\":\"Red\",\"selected\":true},"
         "{\"value\":\"green\",\"label\":\"Green\",\"selected\":false},"
         "{\"value\":\"blue\",\"label\":\"Blue\",\"selected\":false}]"},
        {"makers", "values", "[{\"value\":\"A\",\"shown\":null}]"},
        {"kind", "options",
         "[{\"value\":\"table\",\"label\":\"Table lamp\",\"selected\":false},"
         "{\"value\":\"floor\",\"label\":\"Floor lamp\",\"selected\":false},"
         "{\"value\":\"wall\",\"label\":\"Wall lamp\",\"selected\":true}]"},
    };
    for (size_t i = 0; i < LEN(expected); i++)
        assert_string_equal(shown(form, expected[i][0], expected[i][1]), expected[i][2]);
    assert_string_equal(as_text(json_incref(json_object_get(form, "errors"))),
                        "[{\"name\":\"name\",\"id\":\"f-name\",\"label\":\"Name\","
                        "\"message\":\"This is needed.\"},"
                        "{\"name\":\"watts\",\"id\":\"f-watts\",\"label\":\"Watts\","
                        "\"message\":\"Write a whole number.\"},"
                        "{\"name\":\"roomId\",\"id\":\"f-roomId\",\"label\":\"Room\","
                        "\"message\":\"No room has that name or address. Check the spelling.\"},"
                        "{\"name\":\"colours\",\"id\":\"f-colours\",\"label\":\"Colours\","
                        "\"message\":\"Choose one of: red, green, blue.\"}]");
    assert_string_equal(json_text(form, "version"), "4");
    assert_null(json_text(form, "message"));
    assert_null(strstr(as_text(form), "hush"));
}

static void a_fallback_does_not_come_back_over_what_was_emptied(void **state)
{
    (void)state;
    json_t *form = failed_form("name=&kind=");
    assert_null(strstr(shown(form, "kind", "options"), "true"));
    json_decref(form);
}

static void messages_for_no_field_here_stand_at_the_top(void **state)
{
    static const char *const cases[][2] = {
        {"name=x&shade=1", "shade: There is no such member here."},
        {"name=x&age=1", "age: This is computed and cannot be set."},
        {"name=x&age=1&shade=1&watts=x", "age: This is computed and cannot be set. "
                                         "shade: There is no such member here."},
    };
    (void)state;
    for (size_t i = 0; i < LEN(cases); i++) {
        json_t *form = failed_form(cases[i][0]);
        assert_string_equal(json_text(form, "message"), cases[i][1]);
        json_decref(form);
    }
    char secret[300] = "name=x&secret=";
    memset(secret + strlen(secret), 'x', 201);
    json_t *form = failed_form(secret);
    assert_string_equal(json_text(form, "message"), "secret: At most 200 characters.");
    json_decref(form);
}

static void a_rules_refusal_stands_at_the_top(void **state)
{
    (void)state;
    send_form("name=Ek");
    err_setf(&err, E_CONFLICT, "slug-taken", "The address {id} is taken.", "id", "ek", NULL);
    json_t *form = new_form();
    assert_string_equal(json_text(form, "message"), "The address ek is taken.");
    assert_string_equal(shown(form, "name", "value"), "\"Ek\"");
    json_decref(form);
}

static void an_edit_form_shows_the_object(void **state)
{
    json_t *object;
    (void)state;
    make_lamp(
        "{\"name\":\"Ek\",\"watts\":40,\"lit\":true,\"roomId\":\"kok\",\"roomIds\":[\"vind\"],"
        "\"colours\":[\"blue\"],\"makers\":[\"A\",\"B\"],\"kind\":\"floor\"}");
    json_t *form = resource_form_of(&ctx, &lamp_resource, "l1", "/lamps/l1", "Save", &object);
    static const char *const expected[][3] = {
        {"name", "value", "\"Ek\""},
        {"watts", "value", "\"40\""},
        {"lit", "checked", "true"},
        {"roomId", "value", "\"kok\""},
        {"roomId", "shown", "\"Köket\""},
        {"makers", "values",
         "[{\"value\":\"A\",\"shown\":null},{\"value\":\"B\",\"shown\":null}]"},
        {"serial", "value", "-"}, /* set once */
    };
    for (size_t i = 0; i < LEN(expected); i++)
        assert_string_equal(shown(form, expected[i][0], expected[i][1]), expected[i][2]);
    assert_non_null(strstr(shown(form, "roomIds", "options"),
                           "{\"value\":\"vind\",\"label\":\"Vinden\",\"selected\":true}"));
    assert_string_equal(json_text(form, "version"), "1");
    assert_string_equal(json_text(object, "name"), "Ek");
    json_decref(object);
    json_decref(form);
    assert_null(resource_form_of(&ctx, &lamp_resource, "l2", "/lamps/l2", "Save", NULL));
}

static void several_references_are_rows_with_names(void **state)
{
    static const struct field fields[] = {
        {.name = "roomIds", .label = "Rooms", .type = T_REFS, .at = AT(rooms),
         .reference = &place_reference},
        {0},
    };
    (void)state;
    json_t *object = json_pack("{s:[s,s], s:[s,s]}", "roomIds", "hall", "kok", "roomNames",
                               "Hallen", "Köket");
    json_t *form = resource_form(&ctx, fields, object, "/", "Save");
    assert_string_equal(shown(form, "roomIds", "kind"), "\"lookups\"");
    assert_string_equal(shown(form, "roomIds", "values"),
                        "[{\"value\":\"hall\",\"shown\":\"Hallen\"},"
                        "{\"value\":\"kok\",\"shown\":\"Köket\"}]");
    json_decref(object);
    json_decref(form);
}

static void a_lost_race_shows_both_sides_and_the_new_version(void **state)
{
    struct edit edit;
    (void)state;
    make_lamp("{\"name\":\"Ek\",\"kind\":\"floor\"}");
    run_sql("UPDATE lamp SET name = 'Ask', kind = 'wall', version = 2");
    send_form("name=Bok&kind=floor&note=n&watts=5&_version=1");
    ctx.if_match = "\"1\"";
    assert_int_equal(resource_edit(&ctx, &lamp_resource, "l1", &edit, &lamp), E_STALE);
    resource_edit_end(&edit);
    json_t *form = resource_form_of(&ctx, &lamp_resource, "l1", "/lamps/l1", "Save", NULL);
    static const char *const expected[][3] = {
        {"name", "value", "\"Bok\""},
        {"name", "present", "\"Ask\""},
        {"kind", "present", "\"Wall lamp\""},
        {"note", "present", "\"empty\""},
        {"email", "present", "null"},
    };
    for (size_t i = 0; i < LEN(expected); i++)
        assert_string_equal(shown(form, expected[i][0], expected[i][1]), expected[i][2]);
    assert_string_equal(json_text(form, "version"), "2");
    assert_non_null(strstr(json_text(form, "message"), "changed this meanwhile"));
    json_decref(form);
}

static void a_scripts_failure_is_no_forms(void **state)
{
    (void)state;
    send_json("{\"watts\":\"x\"}");
    assert_int_equal(resource_read(&ctx, &lamp_resource, &lamp), E_INPUT);
    json_t *form = new_form();
    assert_string_equal(shown(form, "watts", "value"), "\"\"");
    json_decref(form);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_type_has_its_kind_of_control),
        TEST(an_empty_form_has_fallbacks_and_no_messages),
        TEST(a_failed_form_shows_what_was_typed),
        TEST(a_fallback_does_not_come_back_over_what_was_emptied),
        TEST(messages_for_no_field_here_stand_at_the_top),
        TEST(a_rules_refusal_stands_at_the_top),
        TEST(an_edit_form_shows_the_object),
        TEST(several_references_are_rows_with_names),
        TEST(a_lost_race_shows_both_sides_and_the_new_version),
        TEST(a_scripts_failure_is_no_forms),
    };
    return cmocka_run_group_tests(tests, open_register, close_register);
}
