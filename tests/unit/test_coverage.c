/* The engine on registers of a few rows: every type, and exact days. */
#include "core.h"
#include <kansli/coverage.h>

const struct resource *const resource_registry[] = {&lamp_resource, &audit_resource, NULL};
const struct check *const check_tables[] = {NULL};

enum { GROUP = 900 };

/* Two healthcare regions, three regions (Halland belongs to both, primarily to the second), two
 * municipalities and a group. */
static void make_register(void)
{
    run_sql("INSERT INTO body (key, id, type) VALUES (1, 'vastra', 'organisation'), "
            "(2, 'sodra', 'organisation'), (3, 'r-vg', 'organisation'), "
            "(4, 'r-halland', 'organisation'), (5, 'r-skane', 'organisation'), "
            "(6, 'k-halmstad', 'organisation'), (7, 'k-kungsbacka', 'organisation'), "
            "(8, 'register', 'organisation'), (900, 'grupp', 'group')");
    run_sql("INSERT INTO organisation (key, type, name, parent_key, modified) VALUES "
            "(1, 'healthcareRegion', 'Västra', NULL, ''), "
            "(2, 'healthcareRegion', 'Södra', NULL, ''), "
            "(3, 'region', 'VG', NULL, ''), (4, 'region', 'Halland', NULL, ''), "
            "(5, 'region', 'Skåne', NULL, ''), (6, 'municipality', 'Halmstad', 4, ''), "
            "(7, 'municipality', 'Kungsbacka', 4, ''), "
            "(8, 'qualityRegister', 'Registret', NULL, '')");
    run_sql("INSERT INTO organisation_area (organisation_key, healthcare_region_key, is_primary) "
            "VALUES (3, 1, 1), (4, 2, 1), (4, 1, 0), (5, 2, 1), (7, 1, 1)");
    run_sql("INSERT INTO group_kind (key, id, name, name_english, level, category, modified) "
            "VALUES (1, 'nag', 'Nag', 'Nag', 'national', 'workingGroup', '')");
    run_sql("INSERT INTO workgroup (key, kind_key, name, full_name, start_date, modified) "
            "VALUES (900, 1, 'Grupp', 'Grupp', '2024-01-01', '')");
    run_sql("INSERT INTO person (key, id, given_name, family_name, modified) "
            "VALUES (1, 'p1', 'A', 'B', '')");
}

static void ask_for(const char *columns, const char *values)
{
    static int serial;
    run_sql(arena_printf(arena,
                         "INSERT INTO requirement (id, group_key, text, modified, %s) "
                         "VALUES ('r%d', 900, 'Krav', '', %s)",
                         columns, ++serial, values));
}

/* id, role, capacity, on behalf of (SQL), competences (SQL), first and last day (SQL) */
static void sit(const char *id, const char *role, const char *capacity, const char *behalf,
                const char *competences, const char *start, const char *end)
{
    run_sql(arena_printf(arena,
                         "INSERT INTO membership (id, person_key, group_key, role, capacity, "
                         "on_behalf_of_key, competences, start_date, end_date, modified) "
                         "VALUES ('%s', 1, 900, '%s', '%s', %s, %s, '%s', %s, '')",
                         id, role, capacity, behalf, competences, start, end));
}

/* "status missing since breaksOn breaksBy" of the only row, what is absent as "-". */
static const char *told_if(const char *day, const struct coverage_change *change)
{
    const char *missing = "", *since, *breaks, *by;
    size_t i;
    json_t *id;
    next_request();
    ctx.day = day;
    json_t *coverage = coverage_of_group(&ctx, GROUP, change);
    const json_t *item = json_array_get(json_object_get(coverage, "items"), 0);
    json_array_foreach (json_object_get(item, "missing"), i, id)
        missing = arena_join(arena, missing, i ? "," : "", json_string_value(id), NULL);
    since = json_text(item, "vacantSince");
    breaks = json_text(item, "breaksOn");
    by = json_text(item, "breaksBy");
    const char *text = arena_join(arena, json_text(item, "status"), " ", *missing ? missing : "-",
                                  " ", since ? since : "-", " ", breaks ? breaks : "-", " ",
                                  by ? by : "-", NULL);
    json_decref(coverage);
    return text;
}

static const char *told(const char *day)
{
    return told_if(day, NULL);
}

static void a_healthcare_region_is_held_by_its_regions(void **state)
{
    (void)state;
    make_register();
    ask_for("type", "'eachHealthcareRegion'");
    assert_string_equal(told("2026-11-22"), "missing vastra,sodra 2024-01-01 - -");
    sit("m1", "member", "profession", "4", "NULL", "2025-01-01", "NULL");
    assert_string_equal(told("2026-11-22"), "partial vastra 2024-01-01 - -");
    sit("m2", "chair", "profession", "1", "NULL", "2025-06-01", "'2027-03-31'");
    assert_string_equal(told("2026-11-22"), "covered - - 2027-04-01 m2");
    assert_string_equal(told("2025-05-31"), "partial vastra 2024-01-01 - -");
    assert_string_equal(told("2027-03-31"), "covered - - 2027-04-01 m2");
    assert_string_equal(told("2027-04-01"), "partial vastra 2027-04-01 - -");
}

static void a_municipality_counts_for_its_own_healthcare_region(void **state)
{
    (void)state;
    make_register();
    ask_for("type", "'eachHealthcareRegion'");
    sit("m1", "member", "municipality", "7", "NULL", "2025-01-01", "NULL");
    assert_string_equal(told("2026-11-22"), "partial sodra 2024-01-01 - -");
    sit("m2", "member", "municipality", "6", "NULL", "2025-01-01", "NULL");
    assert_string_equal(told("2026-11-22"), "covered - - - -");
}

static void each_region_is_each_of_the_groups_own(void **state)
{
    (void)state;
    make_register();
    ask_for("type", "'eachRegion'");
    sit("m1", "member", "profession", "5", "NULL", "2025-01-01", "NULL");
    assert_string_equal(told("2026-11-22"), "partial r-vg,r-halland 2024-01-01 - -");
    run_sql("UPDATE workgroup SET healthcare_region_key = 2");
    assert_string_equal(told("2026-11-22"), "partial r-halland 2024-01-01 - -");
    sit("m2", "member", "municipality", "6", "NULL", "2025-01-01", "NULL");
    assert_string_equal(told("2026-11-22"), "covered - - - -");
    run_sql("UPDATE workgroup SET region_key = 3");
    assert_string_equal(told("2026-11-22"), "missing r-vg 2024-01-01 - -");
}

static void conditions_of_a_row_hold_together_and_the_count_is_each_places(void **state)
{
    (void)state;
    make_register();
    run_sql("UPDATE workgroup SET healthcare_region_key = 2");
    ask_for("type, capacity, min_count", "'eachRegion', 'municipality', 2");
    sit("m1", "member", "profession", "4", "NULL", "2025-01-01", "NULL");
    assert_string_equal(told("2026-11-22"), "missing r-halland,r-skane 2024-01-01 - -");
    sit("m2", "member", "municipality", "6", "NULL", "2025-01-01", "NULL");
    sit("m3", "member", "municipality", "7", "NULL", "2025-01-01", "NULL");
    assert_string_equal(told("2026-11-22"), "partial r-skane 2024-01-01 - -");
}

static void the_co_opted_count_for_bodies_and_competences_alone(void **state)
{
    (void)state;
    make_register();
    sit("m1", "coOpted", "patient", "8", "'[\"Geriatrik\"]'", "2025-01-01", "NULL");
    ask_for("type, body_key", "'body', 8");
    assert_string_equal(told("2026-11-22"), "covered - - - -");
    run_sql("UPDATE requirement SET type = 'competence', body_key = NULL, "
            "competence = 'GERIATRIK'");
    assert_string_equal(told("2026-11-22"), "covered - - - -");
    run_sql("UPDATE requirement SET type = 'capacity', competence = NULL, capacity = 'patient'");
    assert_string_equal(told("2026-11-22"), "missing - 2024-01-01 - -");
    run_sql("UPDATE requirement SET type = 'role', capacity = NULL, role = 'coOpted'");
    assert_string_equal(told("2026-11-22"), "covered - - - -");
}

static void a_row_for_patients_takes_next_of_kin_and_not_the_other_way_round(void **state)
{
    (void)state;
    make_register();
    ask_for("type, capacity, min_count", "'capacity', 'patient', 2");
    sit("m1", "member", "patient", "NULL", "NULL", "2025-01-01", "NULL");
    assert_string_equal(told("2026-11-22"), "partial - 2024-01-01 - -");
    sit("m2", "member", "nextOfKin", "NULL", "NULL", "2025-01-01", "NULL");
    assert_string_equal(told("2026-11-22"), "covered - - - -");
    run_sql("UPDATE requirement SET capacity = 'nextOfKin'");
    assert_string_equal(told("2026-11-22"), "partial - 2024-01-01 - -");
}

static void who_follows_the_next_day_keeps_a_row_whole(void **state)
{
    (void)state;
    make_register();
    ask_for("type, competence", "'competence', 'Ångest'");
    sit("m1", "member", "profession", "NULL", "'[\"ångest\"]'", "2024-01-01", "'2026-12-31'");
    assert_string_equal(told("2026-11-22"), "covered - - 2027-01-01 m1");
    sit("m2", "member", "profession", "NULL", "'[\"ÅNGEST\"]'", "2027-01-01", "'2027-06-30'");
    assert_string_equal(told("2026-11-22"), "covered - - 2027-07-01 m2");
    run_sql("UPDATE membership SET start_date = '2027-01-02' WHERE id = 'm2'");
    assert_string_equal(told("2026-11-22"), "covered - - 2027-01-01 m1");
    assert_string_equal(told("2027-01-01"), "missing - 2027-01-01 - -");
    assert_string_equal(told("2027-01-02"), "covered - - 2027-07-01 m2");
}

static void a_group_that_ends_breaks_nothing_afterwards(void **state)
{
    (void)state;
    make_register();
    ask_for("type, body_key", "'body', 8");
    sit("m1", "member", "profession", "8", "NULL", "2025-01-01", "'2027-12-31'");
    run_sql("UPDATE workgroup SET end_date = '2027-12-31'");
    assert_string_equal(told("2026-11-22"), "covered - - - -");
    assert_string_equal(told("2029-01-01"), "covered - - - -");
    assert_string_equal(told("2020-01-01"), "missing register 2024-01-01 - -");
}

static void what_is_tried_is_from_the_day_on_and_is_not_written(void **state)
{
    (void)state;
    make_register();
    ask_for("type, body_key", "'body', 4");
    sit("m1", "member", "profession", "4", "NULL", "2025-01-01", "NULL");
    struct coverage_change less = {
        .without = read_int("SELECT key FROM membership WHERE id = 'm1'")};
    assert_string_equal(told_if("2026-11-22", &less), "missing r-halland 2026-11-22 - -");
    less.with = true;
    less.on_behalf_of = 6;
    less.end_date = "2027-01-31";
    assert_string_equal(told_if("2026-11-22", &less), "covered - - 2027-02-01 -");
    assert_string_equal(told("2026-11-22"), "covered - - - -");
    assert_int_equal(read_int("SELECT count(*) FROM membership"), 1);
}

static void counts_of_many_groups_come_at_once_and_zeros_where_nothing_is_asked(void **state)
{
    (void)state;
    make_register();
    run_sql("INSERT INTO body (key, id, type) VALUES (901, 'annan', 'group')");
    run_sql("INSERT INTO workgroup (key, kind_key, name, full_name, start_date, modified) "
            "VALUES (901, 1, 'Annan', 'Annan', '2024-01-01', '')");
    ask_for("type", "'eachHealthcareRegion'");
    ask_for("type, role", "'role', 'chair'");
    sit("m1", "chair", "profession", "2", "NULL", "2025-01-01", "NULL");
    next_request();
    json_t *items = json_pack("[{s:i}, {s:i}]", "key", 901, "key", GROUP);
    coverage_put(&ctx, items);
    assert_string_equal(as_text(items),
                        "[{\"key\":901,\"coverage\":{\"covered\":0,\"partial\":0,\"missing\":0}},"
                        "{\"key\":900,\"coverage\":{\"covered\":1,\"partial\":1,\"missing\":0}}]");
}

static void a_group_is_given_the_rows_of_its_kind_with_their_history(void **state)
{
    (void)state;
    make_register();
    run_sql("INSERT INTO requirement (id, kind_key, type, text, min_count, position, modified) "
            "VALUES "
            "('d2', 1, 'eachRegion', 'Andra', 1, 2, ''), "
            "('d1', 1, 'eachHealthcareRegion', 'Första', 1, 1, '')");
    next_request();
    assert_int_equal(coverage_copy_defaults(&ctx, GROUP, 1), OK);
    assert_string_equal(read_text("SELECT group_concat(text) FROM (SELECT text FROM requirement "
                                  "WHERE group_key = 900 ORDER BY position)"),
                        "Första,Andra");
    assert_int_equal(read_int("SELECT count(*) FROM audit_event WHERE within_type = 'groups' "
                              "AND within_key = 900 AND act = 'create'"), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_healthcare_region_is_held_by_its_regions),
        TEST(a_municipality_counts_for_its_own_healthcare_region),
        TEST(each_region_is_each_of_the_groups_own),
        TEST(conditions_of_a_row_hold_together_and_the_count_is_each_places),
        TEST(the_co_opted_count_for_bodies_and_competences_alone),
        TEST(a_row_for_patients_takes_next_of_kin_and_not_the_other_way_round),
        TEST(who_follows_the_next_day_keeps_a_row_whole),
        TEST(a_group_that_ends_breaks_nothing_afterwards),
        TEST(what_is_tried_is_from_the_day_on_and_is_not_written),
        TEST(counts_of_many_groups_come_at_once_and_zeros_where_nothing_is_asked),
        TEST(a_group_is_given_the_rows_of_its_kind_with_their_history),
    };
    return cmocka_run_group_tests(tests, open_register, close_register);
}
