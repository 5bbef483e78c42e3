/* test_check.c: rules over the whole register: who breaks one is named, and how it is mended. */
#include "core.h"

const struct resource *const resource_registry[] = {&lamp_resource, &audit_resource, NULL};

static const struct check dim_checks[] = {
    {"lamp-too-strong", CHECK_ERROR, "lamps", "{name} draws {watts} W.",
     "SELECT id AS \"id\", name AS \"name\", watts AS \"watts\" FROM lamp WHERE watts > 100 ORDER BY key"},
    {"lamp-expired", CHECK_NOTICE, "lamps", "{name} ended on {until}.",
     "SELECT id AS \"id\", name AS \"name\", end_date AS \"until\" FROM lamp WHERE end_date < ?1"},
    {0},
};
static const struct check no_checks[] = {{0}};
static const struct check room_checks[] = {
    {"room-dark", CHECK_WARNING, "rooms", "{name} has no lamp.",
     "SELECT id AS \"id\", name AS \"name\" FROM room WHERE id = 'vind' AND NOT EXISTS "
     "(SELECT 1 FROM lamp WHERE room_key = room.key)"},
    {0},
};
const struct check *const check_tables[] = {dim_checks, no_checks, room_checks, NULL};

static void every_breach_is_a_finding(void **state)
{
    (void)state;
    run_sql("INSERT INTO lamp (id, name, watts, end_date, modified) VALUES ('l1', 'Ek', '200', NULL, ''), "
            "('l2', 'Ask', 100, '2026-11-22', ''), ('l3', 'Bok', 101, '2026-11-21', '')");
    json_t *list = check_run(&ctx);
    assert_int_equal(check_errors(list), 2);
    assert_string_equal(
        as_text(list),
        "[{\"rule\":\"lamp-too-strong\",\"severity\":\"error\",\"severityLabel\":\"Error\","
        "\"objectType\":\"lamps\",\"objectId\":\"l1\",\"message\":\"Ek draws 200 W.\","
        "\"href\":\"https://kansli.example/lamps/l1\","
        "\"mendHref\":\"https://kansli.example/lamps/l1/edit\"},"
        "{\"rule\":\"lamp-too-strong\",\"severity\":\"error\",\"severityLabel\":\"Error\","
        "\"objectType\":\"lamps\",\"objectId\":\"l3\",\"message\":\"Bok draws 101 W.\","
        "\"href\":\"https://kansli.example/lamps/l3\","
        "\"mendHref\":\"https://kansli.example/lamps/l3/edit\"},"
        "{\"rule\":\"lamp-expired\",\"severity\":\"notice\",\"severityLabel\":\"Notice\","
        "\"objectType\":\"lamps\",\"objectId\":\"l3\",\"message\":\"Bok ended on 2026-11-21.\","
        "\"href\":\"https://kansli.example/lamps/l3\","
        "\"mendHref\":\"https://kansli.example/lamps/l3/edit\"},"
        "{\"rule\":\"room-dark\",\"severity\":\"warning\",\"severityLabel\":\"Warning\","
        "\"objectType\":\"rooms\",\"objectId\":\"vind\",\"message\":\"Vinden has no lamp.\","
        "\"href\":\"https://kansli.example/rooms/vind\","
        "\"mendHref\":\"https://kansli.example/rooms/vind/edit\"}]");
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
