/* test_list.c: filters, order, pages and links of a list; and synchronising, where nobody may miss
 * a change. */
#include "core.h"

const struct resource *const resource_registry[] = {&lamp_resource, &audit_resource, NULL};

/* Seven lamps, one of them hidden, changed in the order of their keys but for the last two, at one
 * instant. */
static const char *const lamps[] = {
    "INSERT INTO lamp (key, id, name, kind, lit, watts, room_key, start_date, end_date, colours, "
    "hidden, "
    "modified) VALUES "
    "(1, 'l1', 'Öra',  'table', 1, 5, 1, '2026-01-01', '2026-06-30', '[\"red\"]', 0, "
    "'2026-01-01T00:00:00.000Z'), "
    "(2, 'l2', 'ask',  'wall', 0, 40, 2, NULL, NULL, NULL, 0, '2026-01-02T00:00:00.000Z'), "
    "(3, 'l3', 'Älg',  'floor', 1, 40, NULL, '2026-07-01', NULL, NULL, 0, "
    "'2026-01-03T00:00:00.000Z'), "
    "(4, 'l4', 'Bok',  NULL, NULL, NULL, 1, NULL, '2026-11-22', NULL, 0, "
    "'2026-01-04T00:00:00.000Z'), "
    "(5, 'l5', 'Dold', 'wall', 1, 60, 1, NULL, NULL, NULL, 1, '2026-01-05T00:00:00.000Z'), "
    "(6, 'l6', 'ask',  'wall', 1, 15, 3, NULL, NULL, NULL, 0, '2026-01-06T00:00:00.000Z'), "
    "(7, 'l7', 'Ek, 2','table', 0, 10, 2, '2026-11-22', NULL, NULL, 0, '2026-01-06T00:00:00.000Z')",
    "INSERT INTO lamp_room (lamp_key, room_key) VALUES (1, 2), (1, 3), (7, 1)",
};

static int begin_with_lamps(void **state)
{
    begin(state);
    for (size_t i = 0; i < LEN(lamps); i++)
        run_sql(lamps[i]);
    for (int i = 1; i <= 7; i++) {
        json_t *lamp = db_row(&tx, "SELECT name AS \"name\" FROM lamp WHERE key = ?1", i);
        assert_int_equal(db_index_put(&tx, "lamps", i, json_text(lamp, "name")), OK);
        json_decref(lamp);
    }
    return 0;
}
#define LAMP_TEST(f) cmocka_unit_test_setup_teardown(f, begin_with_lamps, end)

static json_t *list_of(const char *text)
{
    json_t *out;
    ask(text);
    enum code c = resource_list(&ctx, &lamp_resource, (struct fixed){0}, &out);
    assert_int_equal(c, err.code);
    assert_true(!c == (out != NULL));
    return out;
}

/* The numbers of the ids in a list, "126"; a tombstone's with a minus; "!" and the messages when it
 * is refused. Steals nothing. */
static const char *ids_in(const json_t *list)
{
    const char *all = "";
    json_t *item;
    size_t i;
    json_array_foreach(json_object_get(list, "items"), i, item)
        all = arena_printf(arena, "%s%s%s", all, json_true_at(item, "deleted") ? "-" : "",
                           json_text(item, "id") + 1);
    return all;
}

static const char *ids(const char *text)
{
    json_t *list = list_of(text);
    if (!list)
        return arena_printf(arena, "!%s", messages());
    const char *all = ids_in(list);
    json_decref(list);
    return all;
}

/* What a link points at, after the question mark; NULL when there is no such link. */
static const char *link_of(const json_t *list, const char *rel)
{
    static const char start[] = "https://kansli.example/api/v1/lamps";
    json_t *link;
    size_t i;
    json_array_foreach(json_object_get(list, "_links"), i, link) {
        if (strcmp(json_text(link, "rel"), rel))
            continue;
        const char *href = json_text(link, "href");
        assert_memory_equal(href, start, sizeof start - 1);
        assert_string_equal(json_text(link, "method"), "GET");
        href += sizeof start - 1;
        return arena_strdup(arena, href + (*href == '?'));
    }
    return NULL;
}

static void filters_sorting_and_limits(void **state)
{
    static const struct {
        const char *query, *ids;
    } cases[] = {
        {"", "264731"},
        {"kind=wall", "26"},
        {"kind=wall,table", "2671"},
        {"kind=wall&lit=true", "6"},
        {"kind=", "264731"},
        {"kind=,", ""},
        {"kind=lava", "!kind: There is no value lava here."},
        {"kind=wall,lava", "!kind: There is no value lava here."},
        {"lit=false", "27"},
        {"lit=true,false", "26731"},
        {"lit=1", "!lit: Write true or false."},
        {"roomId=hall", "41"},
        {"roomId=hall,vind", "641"},
        {"roomId=cellar", "!roomId: There is no room with that id."},
        {"name=ask", "26"},
        {"name=Ask", ""},
        {"sort=name", "264731"},
        {"sort=-name", "137426"},
        {"sort=watts,-name", "417632"},
        {"sort=-watts,name", "236714"},
        {"sort=,", "264731"},
        {"sort=lit", "!sort: This list cannot be sorted by lit."},
        {"sort=-", "!sort: This list cannot be sorted by ."},
        {"sort=key,version", "!sort: This list cannot be sorted by key.; "
                             "sort: This list cannot be sorted by version."},
        {"sort=name,name,name,name,name,name,name,name", "264731"},
        {"sort=name,name,name,name,name,name,name,name,name", "!sort: Too many values."},
        {"limit=2", "26"},
        {"limit=2&page=2", "47"},
        {"limit=2&page=3", "31"},
        {"limit=2&page=4", ""},
        {"limit=500&page=999999999", ""},
        {"limit=0", "!limit: Write a number from 1 to 500."},
        {"limit=501", "!limit: Write a number from 1 to 500."},
        {"limit=ten&page=-1", "!page: Write a number from 1 to 999999999.; "
                              "limit: Write a number from 1 to 500."},
        {"page=0", "!page: Write a number from 1 to 999999999."},
        {"page=1000000000", "!page: Write a number from 1 to 999999999."},
        {"q=as", "26"},
        {"q=ALG", "3"},
        {"q=dold", ""},
        {"q=%2D%2D", ""},
        {"q=ek&kind=wall", ""},
        {"modifiedSince=soon",
         "!modifiedSince: Write an instant, for example 2026-11-22T08:15:30Z."},
        {"after=2026-01-01T00:00:00.000Z~1~o",
         "!after: Take this value from the next link of a list."},
        {"modifiedSince=2026-01-01&sort=name",
         "!sort: With modifiedSince the order is that of the changes."},
        {"modifiedSince=2026-01-01&page=2", "!page: With modifiedSince, go on with the next link."},
    };
    (void)state;
    for (size_t i = 0; i < LEN(cases); i++)
        if (strcmp(ids(cases[i].query), cases[i].ids))
            fail_msg("%s: %s", cases[i].query, ids(cases[i].query));
}

static void a_filter_takes_many_values_but_not_any_number(void **state)
{
    const char *text = "name=ask";
    (void)state;
    for (int i = 1; i < FILTERS_MAX; i++)
        text = arena_printf(arena, "%s,x%d", text, i);
    assert_string_equal(ids(text), "26");
    assert_string_equal(ids(arena_printf(arena, "%s,y", text)), "!name: Too many values.");
    assert_string_equal(ids(arena_printf(arena, "%s&kind=wall", text)), "!kind: Too many values.");
    /* The arguments of modifiedSince come after as many filters as fit. */
    assert_string_equal(ids(arena_printf(arena, "%s&modifiedSince=2026-01-02", text)), "26");
}

static void a_day_shows_what_was_in_force(void **state)
{
    static const char *const days[][2] = {
        {"2025-12-31", "264"},  {"2026-01-01", "2641"},  {"2026-06-30", "2641"},
        {"2026-07-01", "2643"}, {"2026-11-22", "26473"}, {"2026-11-23", "2673"},
    };
    (void)state;
    for (size_t i = 0; i < LEN(days); i++) {
        json_t *list;
        ask("");
        ctx.as_of = ctx.day = days[i][0];
        assert_int_equal(resource_list(&ctx, &lamp_resource, (struct fixed){0}, &list), OK);
        assert_string_equal(ids_in(list), days[i][1]);
        json_decref(list);
    }
}

static void those_who_see_everything_see_the_hidden(void **state)
{
    (void)state;
    actor.roles = ROLE_AUDITOR;
    assert_string_equal(ids(""), "2645731");
    assert_string_equal(ids("q=dold"), "5");
    actor.half = true;
    assert_string_equal(ids(""), "264731");
    actor = (struct actor){.everything = true};
    assert_string_equal(ids(""), "2645731");
}

static void a_fixed_condition_narrows_the_list_and_its_count(void **state)
{
    json_t *list;
    (void)state;
    ask("kind=wall&limit=1");
    struct fixed fixed = {.condition = "\"roomId\" = ?6", .text = "kok"};
    assert_int_equal(resource_list(&ctx, &lamp_resource, fixed, &list), OK);
    assert_string_equal(ids_in(list), "2");
    assert_string_equal(as_text(json_incref(json_object_get(list, "_meta"))),
                        "{\"totalRecords\":1,\"page\":1,\"limit\":1,\"count\":1}");
    json_decref(list);
    next_request();
    fixed = (struct fixed){.condition = "\"key\" > ?6", .key = 5};
    list = json_pack("{s:o}", "items", resource_items(&ctx, &lamp_resource, fixed));
    assert_string_equal(ids_in(list), "67");
    json_decref(list);
}

static void an_item_has_labels_lists_links_and_no_row_number(void **state)
{
    (void)state;
    json_t *list = list_of("q=ora&limit=7");
    assert_string_equal(
        as_text(list),
        "{\"items\":[{\"modified\":\"2026-01-01T00:00:00.000Z\",\"id\":\"l1\",\"name\":\"Öra\","
        "\"note\":null,\"story\":null,\"slug\":null,\"kind\":\"table\",\"from\":\"2026-01-01\","
        "\"until\":\"2026-06-30\",\"watts\":5,\"lit\":true,\"email\":null,\"serial\":null,"
        "\"roomId\":\"hall\",\"roomName\":\"Hallen\",\"colours\":[\"red\"],\"makers\":[],\"age\":7,"
        "\"hidden\":0,\"roomIds\":[\"kok\",\"vind\"],\"kindLabel\":\"Table lamp\","
        "\"coloursLabels\":[\"Red\"],\"_links\":[{\"rel\":\"self\","
        "\"href\":\"https://kansli.example/api/v1/lamps/l1\",\"method\":\"GET\"}]}],"
        "\"_meta\":{\"totalRecords\":1,\"page\":1,\"limit\":7,\"count\":1},\"_links\":["
        "{\"rel\":\"self\",\"href\":\"https://kansli.example/api/v1/lamps?q=ora&limit=7\","
        "\"method\":\"GET\"},"
        "{\"rel\":\"first\",\"href\":\"https://kansli.example/api/v1/lamps?q=ora&limit=7\","
        "\"method\":\"GET\"},"
        "{\"rel\":\"last\",\"href\":\"https://kansli.example/api/v1/lamps?q=ora&limit=7\","
        "\"method\":\"GET\"}]}");
}

static void links_lead_on_and_repeat_the_question(void **state)
{
    static const struct {
        const char *page, *rel, *to;
    } cases[] = {
        {"1", "self", "lit=true%2Cfalse&limit=2"},
        {"1", "prev", NULL},
        {"1", "next", "lit=true%2Cfalse&limit=2&page=2"},
        {"1", "last", "lit=true%2Cfalse&limit=2&page=3"},
        {"2", "self", "lit=true%2Cfalse&limit=2&page=2"},
        {"2", "first", "lit=true%2Cfalse&limit=2"},
        {"2", "prev", "lit=true%2Cfalse&limit=2"},
        {"2", "next", "lit=true%2Cfalse&limit=2&page=3"},
        {"3", "next", NULL},
        {"3", "prev", "lit=true%2Cfalse&limit=2&page=2"},
        {"9", "prev", "lit=true%2Cfalse&limit=2&page=3"},
        {"9", "next", NULL},
        {"9", "last", "lit=true%2Cfalse&limit=2&page=3"},
    };
    (void)state;
    for (size_t i = 0; i < LEN(cases); i++) {
        json_t *list =
            list_of(arena_printf(arena, "lit=true,false&page=%s&limit=2", cases[i].page));
        const char *to = link_of(list, cases[i].rel);
        assert_true(!to == !cases[i].to);
        if (to)
            assert_string_equal(to, cases[i].to);
        json_decref(list);
    }
    /* Following them gives everything once. */
    const char *at = "limit=4&sort=name", *all = "";
    for (int i = 0; at; i++) {
        assert_true(i < 2);
        json_t *list = list_of(at);
        all = arena_printf(arena, "%s%s", all, ids_in(list));
        at = link_of(list, "next");
        json_decref(list);
    }
    assert_string_equal(all, "264731");
}

#define FILES ",\"csv\":\"?format=csv\",\"xlsx\":\"?format=xlsx\""

static void a_page_says_where_it_is(void **state)
{
    static const struct {
        const char *query, *pages;
    } cases[] = {
        {"limit=4", "{\"from\":1,\"to\":4,\"total\":6,\"first\":null,\"prev\":null,"
                    "\"next\":\"?limit=4&page=2\",\"last\":\"?limit=4&page=2\"" FILES "}"},
        {"page=2&limit=4", "{\"from\":5,\"to\":6,\"total\":6,\"first\":\"?limit=4\","
                           "\"prev\":\"?limit=4\",\"next\":null,\"last\":null" FILES "}"},
        {"page=7", "{\"from\":0,\"to\":0,\"total\":6,\"first\":\"?\",\"prev\":\"?\","
                   "\"next\":null,\"last\":null" FILES "}"},
        {"kind=,", "null"},
    };
    (void)state;
    for (size_t i = 0; i < LEN(cases); i++) {
        json_t *list;
        ask(cases[i].query);
        ctx.api = false;
        assert_int_equal(resource_list(&ctx, &lamp_resource, (struct fixed){0}, &list), OK);
        json_t *embedded = json_object_get(list, "_embedded");
        assert_string_equal(as_text(json_incref(json_object_get(embedded, "pages"))),
                            cases[i].pages);
        json_decref(list);
    }
}

static void a_page_offers_its_filters(void **state)
{
    (void)state;
    ask("kind=wall,floor&q=a");
    ctx.embed[0] = "filters";
    json_t *list;
    assert_int_equal(resource_list(&ctx, &lamp_resource, (struct fixed){0}, &list), OK);
    assert_int_equal(ctx.embed_known, 1);
    json_t *embedded = json_object_get(list, "_embedded");
    assert_null(json_object_get(embedded, "pages"));
    assert_string_equal(
        as_text(json_incref(json_object_get(embedded, "filters"))),
        "[{\"name\":\"q\",\"label\":\"Name\",\"type\":\"text\",\"value\":\"a\"},"
        "{\"name\":\"kind\",\"label\":\"Kind\",\"type\":\"select\",\"value\":\"wall,floor\","
        "\"options\":[{\"value\":\"table\",\"label\":\"Table lamp\",\"selected\":false},"
        "{\"value\":\"floor\",\"label\":\"Floor lamp\",\"selected\":true},"
        "{\"value\":\"wall\",\"label\":\"Wall lamp\",\"selected\":true}]}]");
    json_decref(list);
}

static void only_the_fields_asked_for_come(void **state)
{
    static const struct {
        const char *query, *item;
    } cases[] = {
        {"q=ora&fields=id,name", "{\"id\":\"l1\",\"name\":\"Öra\"}"},
        {"q=ora&fields=kindLabel,watts", "{\"watts\":5,\"kindLabel\":\"Table lamp\"}"},
        {"q=ora&fields=roomName", "{\"roomName\":\"Hallen\"}"},
        {"q=ora&fields=nam", "!fields: There is no field nam here."},
        {"q=ora&fields=id,key,version",
         "!fields: There is no field key here.; fields: There is no field version here."},
        {"q=ora&fields=_links", "!fields: There is no field _links here."},
        {"q=nothing&fields=id,shade", "!fields: There is no field shade here."},
        {"q=nothing&fields=id,kindLabel,coloursLabels,roomName,age,modified", "null"},
        {"q=nothing&fields=nameLabel", "!fields: There is no field nameLabel here."},
    };
    (void)state;
    for (size_t i = 0; i < LEN(cases); i++) {
        json_t *list = list_of(cases[i].query);
        json_t *item = json_array_get(json_object_get(list, "items"), 0);
        if (item) { /* as the application does when the handler is through */
            resource_project(&ctx, item);
            json_object_del(item, "_links");
        }
        const char *got = list ? as_text(item ? json_incref(item) : json_null())
                               : arena_printf(arena, "!%s", messages());
        if (strcmp(got, cases[i].item))
            fail_msg("%s: %s", cases[i].query, got);
        json_decref(list);
    }
}

/* ---- synchronising ---- */

/* Pages of `limit` from a day on, joined: ids in the order they come, pages parted by "|". */
static const char *follow(const char *since, int limit)
{
    const char *at = arena_printf(arena, "modifiedSince=%s&limit=%d", since, limit), *all = "";
    for (int pages = 0; at; pages++) {
        assert_true(pages < 20);
        json_t *list = list_of(at);
        assert_non_null(list);
        all = arena_printf(arena, "%s%s%s", all, pages ? "|" : "", ids_in(list));
        at = link_of(list, "next");
        json_decref(list);
    }
    return all;
}

static void bury(const char *id, const char *instant)
{
    assert_int_equal(db_run(&tx, "INSERT INTO tombstone (type, id, modified) VALUES (?1, ?2, ?3)",
                            "lamps", id, instant),
                     OK);
}

static void changes_come_in_their_order_with_what_is_gone(void **state)
{
    (void)state;
    bury("x8", "2026-01-03T12:00:00.000Z");
    bury("x9", "2026-01-06T00:00:00.000Z");
    assert_int_equal(
        db_run(&tx, "INSERT INTO tombstone (type, id, modified) VALUES ('rooms', 'x0', ?1)",
               "2026-01-03T12:00:00.000Z"),
        OK);
    static const struct {
        const char *since;
        int limit;
        const char *ids;
    } cases[] = {
        {"2026-01-01", 500, "123-8467-9"},
        {"2026-01-01", 8, "123-8467-9"},
        {"2026-01-01", 7, "123-8467|-9"},
        {"2026-01-01", 1, "1|2|3|-8|4|6|7|-9"},
        {"2026-01-01", 3, "123|-846|7-9"},
        {"2026-01-03", 2, "3-8|46|7-9"},
        {"2026-01-03T12:00:00Z", 3, "-846|7-9"},
        {"2026-01-03T13:00:00%2B01:00", 3, "-846|7-9"},
        {"2026-01-06", 1, "6|7|-9"},
        {"2026-01-06T00:00:00.001Z", 5, ""},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        const char *got = follow(cases[i].since, cases[i].limit);
        if (strcmp(got, cases[i].ids))
            fail_msg("%s by %d: %s", cases[i].since, cases[i].limit, got);
    }
}

static void a_tombstone_says_which_and_nothing_else(void **state)
{
    (void)state;
    bury("x8", "2026-01-07T00:00:00.000Z");
    json_t *list = list_of("modifiedSince=2026-01-06T12:00:00Z&fields=name");
    assert_string_equal(as_text(json_incref(json_object_get(list, "items"))),
                        "[{\"id\":\"x8\",\"deleted\":true}]");
    assert_string_equal(as_text(json_incref(json_object_get(list, "_meta"))),
                        "{\"totalRecords\":1,\"page\":1,\"limit\":20,\"count\":1}");
    assert_string_equal(link_of(list, "self"),
                        "modifiedSince=2026-01-06T12%3A00%3A00Z&fields=name");
    json_decref(list);
}

static void filters_narrow_what_is_synchronised(void **state)
{
    (void)state;
    assert_string_equal(ids("modifiedSince=2026-01-02&kind=wall&lit=true"), "6");
    assert_string_equal(ids("modifiedSince=2026-01-02&q=a"), "236");
}

static void a_cursor_is_taken_as_it_was_given(void **state)
{
    static const char *const wrong[] = {
        "x",
        "~",
        "2026-01-01T00:00:00.000Z",
        "2026-01-01T00:00:00.000Z~1",
        "2026-01-01T00:00:00.000Z~1~x",
        "2026-01-01T00:00:00.000Z~1~ot",
        "2026-01-01T00:00:00.000Z~1~o~o",
        "2026-01-01T00:00:00.000Z~-1~o",
        "2026-01-01T00:00:00.000Z~1234567890123456789~o",
        "2026-13-01T00:00:00.000Z~1~o",
    };
    (void)state;
    for (size_t i = 0; i < LEN(wrong); i++)
        if (strcmp(ids(arena_printf(arena, "modifiedSince=2026-01-01&after=%s", wrong[i])),
                   "!after: Take this value from the next link of a list."))
            fail_msg("%s", wrong[i]);
    assert_string_equal(ids("modifiedSince=2026-01-01&after=2026-01-06T00:00:00.000Z~6~o"), "7");
    /* A cursor from before the day asked for shows nothing older. */
    bury("x8", "2026-01-02T12:00:00.000Z");
    assert_string_equal(ids("modifiedSince=2026-01-04&after=2026-01-01T00:00:00.000Z~1~o"), "467");
}

static void a_change_while_synchronising_comes_later(void **state)
{
    (void)state;
    json_t *list = list_of("modifiedSince=2026-01-01&limit=2");
    const char *next = link_of(list, "next"), *all = ids_in(list);
    json_decref(list);
    run_sql("UPDATE lamp SET modified = '2026-01-08T00:00:00.000Z' WHERE id = 'l1'");
    run_sql("DELETE FROM lamp_room");
    run_sql("DELETE FROM lamp WHERE id = 'l3'");
    bury("x3", "2026-01-09T00:00:00.000Z");
    list = list_of(next);
    all = arena_printf(arena, "%s|%s", all, ids_in(list));
    next = link_of(list, "next");
    json_decref(list);
    list = list_of(next);
    all = arena_printf(arena, "%s|%s", all, ids_in(list));
    next = link_of(list, "next");
    json_decref(list);
    assert_string_equal(all, "12|46|71");
    assert_string_equal(ids(next), "-3");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        LAMP_TEST(filters_sorting_and_limits),
        LAMP_TEST(a_filter_takes_many_values_but_not_any_number),
        LAMP_TEST(a_day_shows_what_was_in_force),
        LAMP_TEST(those_who_see_everything_see_the_hidden),
        LAMP_TEST(a_fixed_condition_narrows_the_list_and_its_count),
        LAMP_TEST(an_item_has_labels_lists_links_and_no_row_number),
        LAMP_TEST(links_lead_on_and_repeat_the_question),
        LAMP_TEST(a_page_says_where_it_is),
        LAMP_TEST(a_page_offers_its_filters),
        LAMP_TEST(only_the_fields_asked_for_come),
        LAMP_TEST(changes_come_in_their_order_with_what_is_gone),
        LAMP_TEST(a_tombstone_says_which_and_nothing_else),
        LAMP_TEST(filters_narrow_what_is_synchronised),
        LAMP_TEST(a_cursor_is_taken_as_it_was_given),
        LAMP_TEST(a_change_while_synchronising_comes_later),
    };
    return cmocka_run_group_tests(tests, open_register, close_register);
}
