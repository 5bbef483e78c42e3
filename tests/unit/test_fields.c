/* test_fields.c: what was sent becomes what was meant, and every message stands beside its field. */
#include "core.h"

const struct resource *const resource_registry[] = {&lamp_resource, &audit_resource, NULL};

static struct lamp lamp;

static const char *read_lamp(void)
{
    enum code c = resource_read(&ctx, &lamp_resource, &lamp);
    assert_int_equal(c, err.fields ? E_INPUT : OK);
    return messages();
}

/* Only the sent member matters: the name is always there. */
static const char *parse(const char *member)
{
    send_json(arena_printf(arena, "{\"name\":\"x\"%s%s}", *member ? "," : "", member));
    return read_lamp();
}

static const char *parse_form(const char *pairs)
{
    send_form(arena_printf(arena, "name=x%s%s", *pairs ? "&" : "", pairs));
    return read_lamp();
}

static char *long_text(size_t n)
{
    char *text = arena_alloc(arena, 2 * n + 1);
    for (size_t i = 0; i < n; i++)
        memcpy(text + 2 * i, "å", 2);
    return text;
}

static void right_values_land_in_the_struct(void **state)
{
    (void)state;
    assert_string_equal(parse("\"note\":\"a\\nb\",\"story\":\"*hej*\",\"slug\":\"a-1\","
                              "\"kind\":\"wall\",\"from\":\"2024-02-29\",\"watts\":2000,"
                              "\"lit\":true,\"email\":\"karin.o@region.example\","
                              "\"serial\":\"3f2b8c1e-5d04-4a77-9c1b-8e2d6f0a9b31\","
                              "\"roomId\":\"kok\",\"roomIds\":[\"hall\",\"vind\"],"
                              "\"colours\":[\"blue\",\"red\"],\"makers\":[\"A\",\"B\"],"
                              "\"secret\":\"hush\""),
                        "");
    assert_string_equal(lamp.name, "x");
    assert_string_equal(lamp.note, "a\nb");
    assert_string_equal(lamp.story, "*hej*");
    assert_string_equal(lamp.slug, "a-1");
    assert_ptr_equal(lamp.kind, lamp_kinds[2].code);
    assert_string_equal(lamp.from, "2024-02-29");
    assert_null(lamp.until);
    assert_int_equal(lamp.watts, 2000);
    assert_int_equal(lamp.lit, 1);
    assert_string_equal(lamp.email, "karin.o@region.example");
    assert_string_equal(lamp.serial, "3f2b8c1e-5d04-4a77-9c1b-8e2d6f0a9b31");
    assert_int_equal(lamp.room.key, 2);
    assert_string_equal(lamp.room.id, "kok");
    assert_int_equal(lamp.rooms.n, 2);
    assert_int_equal(lamp.rooms.item[1].key, 3);
    assert_int_equal(lamp.colours.n, 2);
    assert_string_equal(lamp.colours.item[0], "blue");
    assert_int_equal(lamp.makers.n, 2);
    assert_string_equal(lamp.makers.item[1], "B");
    assert_string_equal(lamp.secret, "hush");
}

static void absent_values_are_marked_as_absent(void **state)
{
    (void)state;
    static const char *const none[] = {
        "",
        "\"note\":null,\"watts\":null,\"lit\":null,\"roomId\":null,\"roomIds\":null,"
        "\"colours\":null,\"makers\":null,\"from\":null",
        "\"note\":\"\",\"roomIds\":[],\"colours\":[],\"makers\":[]",
    };
    for (size_t i = 0; i < LEN(none); i++) {
        assert_string_equal(parse(none[i]), "");
        assert_null(lamp.note);
        assert_null(lamp.from);
        assert_int_equal(lamp.watts, NO_INT);
        assert_int_equal(lamp.lit, -1);
        assert_int_equal(lamp.room.key, 0);
        assert_null(lamp.room.id);
        assert_int_equal(lamp.rooms.n + lamp.colours.n + lamp.makers.n, 0);
    }
    assert_string_equal(parse_form("note=&kind=&watts=&lit=&roomId=&roomIds[]=&from="), "");
    assert_null(lamp.note);
    assert_int_equal(lamp.watts, NO_INT);
    assert_int_equal(lamp.lit, -1);
    assert_int_equal(lamp.rooms.n, 0);
}

static void a_fallback_stands_in_for_what_was_not_sent(void **state)
{
    (void)state;
    parse("");
    assert_string_equal(lamp.kind, "table");
    parse_form("kind=");
    assert_string_equal(lamp.kind, "table");
    parse("\"kind\":\"floor\"");
    assert_string_equal(lamp.kind, "floor");
    assert_string_equal(parse("\"kind\":null"), "/kind: This is needed.");
}

/* One message for one member; `said` NULL: right. */
static const struct {
    const char *member, *said;
} typed[] = {
    {"\"name\":\"åäöåäöåäöåäö\"", NULL},
    {"\"name\":\"åäöåäöåäöåäöx\"", "/name: At most 12 characters."},
    {"\"name\":\"a\\nb\"", "/name: Write this on one line."},
    {"\"name\":7", "/name: Write this as text."},
    {"\"name\":[\"x\"]", "/name: Write this as text."},
    {"\"name\":{}", "/name: Write this as text."},
    {"\"name\":null", "/name: This is needed."},
    {"\"name\":\"\"", "/name: This is needed."},
    {"\"name\":\"  \"", "/name: This is needed."},
    {"\"note\":\"aaaaaaaaaaaaaaaaaaaaa\"", "/note: At most 20 characters."},
    {"\"note\":false", "/note: Write this as text."},
    {"\"slug\":\"a\"", NULL},
    {"\"slug\":\"\"", "/slug: Use a–z, 0–9 and single hyphens, at most 80 characters."},
    {"\"slug\":\"-a\"", "/slug: Use a–z, 0–9 and single hyphens, at most 80 characters."},
    {"\"slug\":\"a-\"", "/slug: Use a–z, 0–9 and single hyphens, at most 80 characters."},
    {"\"slug\":\"a--b\"", "/slug: Use a–z, 0–9 and single hyphens, at most 80 characters."},
    {"\"slug\":\"Å\"", "/slug: Use a–z, 0–9 and single hyphens, at most 80 characters."},
    {"\"slug\":\"A\"", "/slug: Use a–z, 0–9 and single hyphens, at most 80 characters."},
    {"\"slug\":\"a/b\"", "/slug: Use a–z, 0–9 and single hyphens, at most 80 characters."},
    {"\"kind\":\"Table\"", "/kind: Choose one of: table, floor, wall."},
    {"\"kind\":\"\"", "/kind: Choose one of: table, floor, wall."},
    {"\"kind\":0", "/kind: Write this as text."},
    {"\"from\":\"2023-02-29\"", "/from: Write a real day as YYYY-MM-DD, for example 2026-11-22."},
    {"\"from\":\"2026-1-1\"", "/from: Write a real day as YYYY-MM-DD, for example 2026-11-22."},
    {"\"from\":\"2026-11-22T00:00:00Z\"",
     "/from: Write a real day as YYYY-MM-DD, for example 2026-11-22."},
    {"\"from\":20261122", "/from: Write this as text."},
    {"\"watts\":0", NULL},
    {"\"watts\":-1", "/watts: Write a number from 0 to 2000."},
    {"\"watts\":2001", "/watts: Write a number from 0 to 2000."},
    {"\"watts\":9223372036854775807", "/watts: Write a number from 0 to 2000."},
    {"\"watts\":1.5", "/watts: Write a whole number."},
    {"\"watts\":\"1\"", "/watts: Write a whole number."},
    {"\"watts\":true", "/watts: Write a whole number."},
    {"\"lit\":false", NULL},
    {"\"lit\":1", "/lit: Write true or false."},
    {"\"lit\":\"true\"", "/lit: Write true or false."},
    {"\"email\":\"a@b.se\"", NULL},
    {"\"email\":\"o'neill.a+x@b-c.d.se\"", NULL},
    {"\"email\":\"åsa@b.se\"", "/email: Write an e-mail address, for example name@region.example."},
    {"\"email\":\"a..b@c.se\"", "/email: Write an e-mail address, for example name@region.example."},
    {"\"email\":\"a@-b.se\"", "/email: Write an e-mail address, for example name@region.example."},
    {"\"email\":\"a@b.se-\"", "/email: Write an e-mail address, for example name@region.example."},
    {"\"email\":\"a\"", "/email: Write an e-mail address, for example name@region.example."},
    {"\"email\":\"\"", "/email: Write an e-mail address, for example name@region.example."},
    {"\"email\":\"@b.se\"", "/email: Write an e-mail address, for example name@region.example."},
    {"\"email\":\"a@b\"", "/email: Write an e-mail address, for example name@region.example."},
    {"\"email\":\"a@.se\"", "/email: Write an e-mail address, for example name@region.example."},
    {"\"email\":\"a@b.\"", "/email: Write an e-mail address, for example name@region.example."},
    {"\"email\":\"a@b@c.se\"", "/email: Write an e-mail address, for example name@region.example."},
    {"\"email\":\"a b@c.se\"", "/email: Write an e-mail address, for example name@region.example."},
    {"\"email\":\"a@c.se,b@c.se\"",
     "/email: Write an e-mail address, for example name@region.example."},
    {"\"email\":\"A <a@c.se>\"",
     "/email: Write an e-mail address, for example name@region.example."},
    {"\"serial\":\"00000000-0000-0000-0000-000000000000\"", NULL},
    {"\"serial\":\"------------------------------------\"",
     "/serial: Write an id: a lower-case UUID."},
    {"\"serial\":\"3F2B8C1E-5D04-4A77-9C1B-8E2D6F0A9B31\"",
     "/serial: Write an id: a lower-case UUID."},
    {"\"serial\":\"3f2b8c1e5d044a779c1b8e2d6f0a9b31\"", "/serial: Write an id: a lower-case UUID."},
    {"\"serial\":\"3f2b8c1e-5d04-4a77-9c1b-8e2d6f0a9b311\"",
     "/serial: Write an id: a lower-case UUID."},
    {"\"roomId\":\"cellar\"", "/roomId: There is no room with that id."},
    {"\"roomId\":\"Köket\"", "/roomId: There is no room with that id."},
    {"\"roomId\":\"\"", "/roomId: There is no room with that id."},
    {"\"roomId\":1", "/roomId: Write this as text."},
    {"\"roomIds\":\"hall\"", "/roomIds: Write this as a list."},
    {"\"roomIds\":[\"hall\",\"cellar\",\"attic\",7]",
     "/roomIds/1: There is no room with that id.; /roomIds/2: There is no room with that id.; "
     "/roomIds/3: Write this as text."},
    {"\"roomIds\":[\"hall\",\"kok\",\"hall\"]", "/roomIds: The same entry stands twice."},
    {"\"colours\":[\"red\",\"pink\",null]",
     "/colours/1: Choose one of: red, green, blue.; /colours/2: Write this as text."},
    {"\"colours\":[\"red\",\"red\"]", "/colours: The same entry stands twice."},
    {"\"colours\":{}", "/colours: Write this as a list."},
    {"\"makers\":[\"A\",\"a\"]", NULL},
    {"\"makers\":[\"A\",\"A\"]", "/makers: The same entry stands twice."},
    {"\"makers\":[\"a\\nb\"]", "/makers/0: Write this on one line."},
    {"\"makers\":[[]]", "/makers/0: Write this as text."},
    {"\"shade\":1", "/shade: There is no such member here."},
    {"\"_version\":\"1\"", "/_version: There is no such member here."},
    {"\"id\":\"x\"", "/id: This is computed and cannot be set."},
    {"\"age\":7", "/age: This is computed and cannot be set."},
    {"\"modified\":null", "/modified: This is computed and cannot be set."},
};

static void json_is_held_to_its_types(void **state)
{
    (void)state;
    for (size_t i = 0; i < LEN(typed); i++) {
        bool named = !strncmp(typed[i].member, "\"name\"", 6);
        send_json(arena_printf(arena, "{%s%s}", named ? "" : "\"name\":\"x\",", typed[i].member));
        if (strcmp(read_lamp(), typed[i].said ? typed[i].said : ""))
            fail_msg("%s: %s", typed[i].member, messages());
    }
}

static const struct {
    const char *pairs, *said;
} forms[] = {
    {"watts=007", NULL},
    {"watts=12a", "/watts: Write a whole number."},
    {"watts=-1", "/watts: Write a whole number."},
    {"watts=1234567890", "/watts: Write a whole number."},
    {"lit=on", NULL},
    {"lit=true", NULL},
    {"lit=yes", "/lit: Write true or false."},
    {"roomId=kok", NULL},
    {"roomId=k%C3%B6ket", NULL},
    {"roomId=KOK", NULL},
    {"roomId=cellar", "/roomId: No room has that name or address. Check the spelling."},
    {"roomId=v", "/roomId: Several fit. Write the address of the one you mean: Vinden (vind), "
                 "Vindfånget (vindfang)."},
    {"roomId=salen", "/roomId: Several fit. Write the address of the one you mean: Salen (sal-1), "
                     "Salen (sal-2)."},
    {"roomIds[]=hall&roomIds[]=&roomIds[]=k%C3%B6ket", NULL},
    {"roomIds[]=hall&roomIds[]=Hallen", "/roomIds: The same entry stands twice."},
    {"roomIds[]=cellar", "/roomIds: No room has that name or address. Check the spelling."},
    {"colours[]=red&colours[]=", NULL},
    {"makers[]=", NULL},
    {"_version=3&_csrf=x&_next=/", NULL},
    {"shade=1", "/shade: There is no such member here."},
    {"age=1", "/age: This is computed and cannot be set."},
};

static void a_form_has_text_alone_and_may_say_names(void **state)
{
    (void)state;
    for (size_t i = 0; i < LEN(forms); i++)
        if (strcmp(parse_form(forms[i].pairs), forms[i].said ? forms[i].said : ""))
            fail_msg("%s: %s", forms[i].pairs, messages());
    parse_form("roomId=hallen&watts=007&lit=on&roomIds[]=&roomIds[]=k%C3%B6k");
    assert_string_equal(lamp.room.id, "hall");
    assert_int_equal(lamp.room.key, 1);
    assert_int_equal(lamp.watts, 7);
    assert_int_equal(lamp.lit, 1);
    assert_int_equal(lamp.rooms.n, 1);
    assert_string_equal(lamp.rooms.item[0].id, "kok");
}

static void an_exact_name_wins_over_longer_ones(void **state)
{
    (void)state;
    run_sql("INSERT INTO room (key, id, name) VALUES (9, 'vin', 'Vin')");
    assert_string_equal(parse_form("roomId=vin"), "");
    assert_int_equal(lamp.room.key, 9);
    assert_string_equal(parse_form("roomId=Vinden"), "");
    assert_int_equal(lamp.room.key, 3);
}

static void an_unticked_box_is_false_when_it_was_shown(void **state)
{
    (void)state;
    parse_form("_checkbox[]=lit");
    assert_int_equal(lamp.lit, 0);
    parse_form("_checkbox[]=lit&lit=true");
    assert_int_equal(lamp.lit, 1);
    parse_form("");
    assert_int_equal(lamp.lit, -1);
    assert_string_equal(parse_form("_checkbox[]=shade"), "/shade: There is no such member here.");
}

static void limits_count_characters(void **state)
{
    static const struct {
        const char *name;
        size_t max;
    } limits[] = {{"story", 20000}, {"note", 20}, {"secret", 200}};
    (void)state;
    for (size_t i = 0; i < LEN(limits); i++)
        for (size_t over = 0; over < 2; over++) {
            const char *text = long_text(limits[i].max + over);
            const char *said = parse(arena_printf(arena, "\"%s\":\"%s\"", limits[i].name, text));
            assert_string_equal(said, over ? arena_printf(arena, "/%s: At most %zu characters.",
                                                          limits[i].name, limits[i].max)
                                           : "");
        }
    char slug[82] = "";
    memset(slug, 'a', 80);
    assert_string_equal(parse(arena_printf(arena, "\"slug\":\"%s\"", slug)), "");
    slug[80] = 'a';
    assert_true(*parse(arena_printf(arena, "\"slug\":\"%s\"", slug)));
    char *local = arena_alloc(arena, 300);
    memset(local, 'a', 249);
    assert_string_equal(parse(arena_printf(arena, "\"email\":\"%s@b.se\"", local)), "");
    local[249] = 'a';
    assert_true(*parse(arena_printf(arena, "\"email\":\"%s@b.se\"", local)));
}

static void a_list_has_at_most_a_hundred_entries(void **state)
{
    (void)state;
    for (int n = 100; n <= 101; n++) {
        const char *list = "";
        for (int i = 0; i < n; i++)
            list = arena_printf(arena, "%s%s\"m%d\"", list, i ? "," : "", i);
        assert_string_equal(parse(arena_printf(arena, "\"makers\":[%s]", list)),
                            n > 100 ? "/makers: At most 100 entries." : "");
        assert_int_equal(lamp.makers.n, n > 100 ? 0 : 100);
    }
}

static void every_message_comes_at_once(void **state)
{
    (void)state;
    send_json("{\"shade\":1,\"watts\":\"x\",\"from\":\"soon\",\"roomIds\":[\"a\",\"b\"]}");
    assert_int_equal(resource_read(&ctx, &lamp_resource, &lamp), E_INPUT);
    assert_string_equal(messages(),
                        "/shade: There is no such member here.; /name: This is needed.; "
                        "/from: Write a real day as YYYY-MM-DD, for example 2026-11-22.; "
                        "/watts: Write a whole number.; "
                        "/roomIds/0: There is no room with that id.; "
                        "/roomIds/1: There is no room with that id.");
    assert_string_equal(err.rule, "invalid-input");
}

static void an_actions_body_is_read_by_its_own_table(void **state)
{
    static const struct field table[] = {
        {.name = "until", .label = "Until", .type = T_DAY, .at = AT(until), .flags = F_REQUIRED},
        {.name = "makers", .label = "M", .type = T_TEXTS, .at = AT(makers), .flags = F_REQUIRED},
        {.name = "watts", .label = "W", .type = T_INT, .at = AT(watts)},
        {0},
    };
    static const struct {
        const char *sent, *said;
    } cases[] = {
        {"{\"until\":\"2026-12-31\",\"makers\":[\"A\"],\"watts\":999999999}", ""},
        {"{\"until\":\"2026-12-31\",\"makers\":[\"A\"],\"watts\":-5}",
         "/watts: Write a number from 0 to 999999999."},
        {"{\"until\":\"2026-12-31\",\"makers\":[]}", "/makers: This is needed."},
        {"{\"until\":\"2026-12-31\",\"makers\":[\"\"]}", "/makers: This is needed."},
        {"{}", "/until: This is needed.; /makers: This is needed."},
    };
    (void)state;
    for (size_t i = 0; i < LEN(cases); i++) {
        send_json(cases[i].sent);
        memset(&lamp, 0, sizeof lamp);
        assert_int_equal(fields_read(&ctx, table, &lamp), *cases[i].said ? E_INPUT : OK);
        assert_string_equal(messages(), cases[i].said);
    }
}

static void an_instant_is_utc_from_a_script_and_stockholms_clock_from_a_form(void **state)
{
    static const struct field table[] = {
        {.name = "until", .label = "Until", .type = T_INSTANT, .at = AT(until)},
        {0},
    };
    static const struct {
        bool form;
        const char *sent, *kept; /* kept NULL: refused */
    } cases[] = {
        {false, "{\"until\":\"2026-12-03T13:00:00+01:00\"}", "2026-12-03T12:00:00.000Z"},
        {false, "{\"until\":\"2026-12-03T12:00:00Z\"}", "2026-12-03T12:00:00.000Z"},
        {false, "{\"until\":\"2026-12-03T13:00\"}", NULL},
        {false, "{\"until\":1}", NULL},
        {true, "until=2026-12-03T13:00", "2026-12-03T12:00:00.000Z"},
        {true, "until=2026-12-03T12:00:00Z", "2026-12-03T12:00:00.000Z"},
        {true, "until=2027-03-28T02:30", NULL},
        {true, "until=i+morgon", NULL},
    };
    (void)state;
    for (size_t i = 0; i < LEN(cases); i++) {
        if (cases[i].form)
            send_form(cases[i].sent);
        else
            send_json(cases[i].sent);
        memset(&lamp, 0, sizeof lamp);
        assert_int_equal(fields_read(&ctx, table, &lamp), cases[i].kept ? OK : E_INPUT);
        messages();
        if (cases[i].kept)
            assert_string_equal(lamp.until, cases[i].kept);
        else
            assert_null(lamp.until);
    }
}

static void values_go_out_as_they_came_in_and_secrets_stay(void **state)
{
    (void)state;
    assert_string_equal(parse("\"kind\":\"wall\",\"watts\":5,\"lit\":false,\"roomId\":\"kok\","
                              "\"roomIds\":[\"hall\"],\"colours\":[\"red\"],\"makers\":[],"
                              "\"secret\":\"hush\""),
                        "");
    assert_string_equal(
        as_text(fields_values(lamp_fields, &lamp)),
        "{\"name\":\"x\",\"note\":null,\"story\":null,\"slug\":null,\"kind\":\"wall\","
        "\"from\":null,\"until\":null,\"watts\":5,\"lit\":false,\"email\":null,\"serial\":null,"
        "\"roomId\":\"kok\",\"roomIds\":[\"hall\"],\"colours\":[\"red\"],\"makers\":[]}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(right_values_land_in_the_struct),
        TEST(absent_values_are_marked_as_absent),
        TEST(a_fallback_stands_in_for_what_was_not_sent),
        TEST(json_is_held_to_its_types),
        TEST(a_form_has_text_alone_and_may_say_names),
        TEST(an_exact_name_wins_over_longer_ones),
        TEST(an_unticked_box_is_false_when_it_was_shown),
        TEST(limits_count_characters),
        TEST(a_list_has_at_most_a_hundred_entries),
        TEST(every_message_comes_at_once),
        TEST(an_actions_body_is_read_by_its_own_table),
        TEST(an_instant_is_utc_from_a_script_and_stockholms_clock_from_a_form),
        TEST(values_go_out_as_they_came_in_and_secrets_stay),
    };
    return cmocka_run_group_tests(tests, open_register, close_register);
}
