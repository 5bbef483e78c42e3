/* test_check.c: rules over the whole register: who breaks one is named, and how it is mended. */
#include "core.h"

const struct resource *const resource_registry[] = {&lamp_resource, &audit_resource, NULL};

static json_t *dark_rooms(struct ctx *of)
{
    return db_rows(of->tx, "SELECT id AS \"id\", id AS \"groupId\", name AS \"name\" FROM room "
                           "WHERE id = 'vind' AND NOT EXISTS "
                           "(SELECT 1 FROM lamp WHERE room_key = room.key)");
}

static const struct check dim_checks[] = {
    {.rule = "lamp-too-strong", .severity = CHECK_ERROR, .object_type = "lamps",
     .label = "Too strong", .message = "{name} draws {watts} W.",
     .query = "SELECT id AS \"id\", name AS \"name\", watts AS \"watts\" FROM lamp "
              "WHERE watts > 100 ORDER BY key"},
    {.rule = "lamp-expired", .severity = CHECK_NOTICE, .object_type = "lamps",
     .label = "Expired", .message = "{name} ended on {until}.", .mend = "",
     .query = "SELECT id AS \"id\", name AS \"name\", end_date AS \"until\" FROM lamp "
              "WHERE end_date < ?1"},
    {0},
};
static const struct check no_checks[] = {{0}};
static const struct check room_checks[] = {
    {.rule = "room-dark",
     .severity = CHECK_WARNING,
     .object_type = "rooms",
     .label = "Dark",
     .message = "{name} has no lamp.",
     .at = "/houses/{groupId}/{id}",
     .mend = "/lamps/new?room={id}",
     .find = dark_rooms},
    {0},
};
const struct check *const check_tables[] = {dim_checks, no_checks, room_checks, NULL};

static void every_breach_is_a_finding(void **state)
{
    (void)state;
    run_sql("INSERT INTO lamp (id, name, watts, end_date, modified) VALUES ('l1', 'Ek', '200', "
            "NULL, ''), "
            "('l2', 'Ask', 100, '2026-11-22', ''), ('l3', 'Bok', 101, '2026-11-21', '')");
    json_t *list = check_run(&ctx);
    assert_int_equal(check_errors(list), 2);
    assert_string_equal(
        as_text(list),
        "[{\"rule\":\"lamp-too-strong\",\"ruleLabel\":\"Too strong\",\"severity\":\"error\","
        "\"severityLabel\":\"Error\",\"objectType\":\"lamps\",\"objectId\":\"l1\",\"groupId\":null,"
        "\"message\":\"Ek draws 200 W.\",\"href\":\"https://kansli.example/lamps/l1\","
        "\"mendHref\":\"https://kansli.example/lamps/l1/edit\"},"
        "{\"rule\":\"lamp-too-strong\",\"ruleLabel\":\"Too strong\",\"severity\":\"error\","
        "\"severityLabel\":\"Error\",\"objectType\":\"lamps\",\"objectId\":\"l3\",\"groupId\":null,"
        "\"message\":\"Bok draws 101 W.\",\"href\":\"https://kansli.example/lamps/l3\","
        "\"mendHref\":\"https://kansli.example/lamps/l3/edit\"},"
        "{\"rule\":\"lamp-expired\",\"ruleLabel\":\"Expired\",\"severity\":\"notice\","
        "\"severityLabel\":\"Notice\",\"objectType\":\"lamps\",\"objectId\":\"l3\",\"groupId\":"
        "null,"
        "\"message\":\"Bok ended on 2026-11-21.\",\"href\":\"https://kansli.example/lamps/l3\"},"
        "{\"rule\":\"room-dark\",\"ruleLabel\":\"Dark\",\"severity\":\"warning\","
        "\"severityLabel\":\"Warning\",\"objectType\":\"rooms\",\"objectId\":\"vind\","
        "\"groupId\":\"vind\",\"message\":\"Vinden has no lamp.\","
        "\"href\":\"https://kansli.example/houses/vind/vind\","
        "\"mendHref\":\"https://kansli.example/lamps/new?room=vind\"}]");
    assert_string_equal(check_find("room-dark")->label, "Dark");
    assert_null(check_find("room-light"));
}

static void an_altered_history_is_an_error(void **state)
{
    (void)state;
    run_sql("UPDATE room SET id = 'loft' WHERE id = 'vind'");
    struct audit event = {.type = "lamps", .key = 1, .id = "l1", .act = "create", .version = 1};
    assert_int_equal(audit_add(&ctx, event), OK);
    json_t *list = check_run(&ctx);
    assert_int_equal(json_array_size(list), 0);
    json_decref(list);
    run_sql("UPDATE audit_event SET actor = 'somebody'");
    list = check_run(&ctx);
    assert_int_equal(check_errors(list), 1);
    const json_t *finding = json_array_get(list, 0);
    assert_string_equal(json_text(finding, "rule"), "history-altered");
    assert_string_equal(json_text(finding, "objectId"), "1");
    assert_non_null(strstr(json_text(finding, "message"), "Row 1 of the history is altered"));
    json_decref(list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_breach_is_a_finding),
        TEST(an_altered_history_is_an_error),
    };
    return cmocka_run_group_tests(tests, open_register, close_register);
}
