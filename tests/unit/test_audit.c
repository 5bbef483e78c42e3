/* test_audit.c: the chain of history tells what was done to it by another hand, and what is read
 * from it. */
#include "core.h"

const struct resource *const resource_registry[] = {&lamp_resource, &audit_resource, NULL};

/* Nine rows by three requests: lamps 1, 2 and 3, each created, updated and touched. */
static int begin_with_history(void **state)
{
    begin(state);
    static const char *const act[] = {"create", "update", "close"};
    for (int i = 0; i < 9; i++) {
        if (i % 3 == 0)
            next_request();
        actor.account_id = i % 2 ? "a2" : "a1";
        json_t *changes = json_pack("{s:[i, i], s:[n, s]}", "watts", i, i + 1, "kind",
                                    i % 2 ? "wall" : "table");
        struct audit event = {.type = "lamps",
                              .key = 1 + i % 3,
                              .id = (const char *[]){"l1", "l2", "l3"}[i % 3],
                              .within_type = i % 3 == 2 ? "rooms" : NULL,
                              .within_key = i % 3 == 2 ? 7 : 0,
                              .act = act[i / 3],
                              .version = 1 + i / 3,
                              .changes = changes};
        assert_int_equal(audit_add(&ctx, event), OK);
    }
    actor.account_id = "a1";
    return 0;
}
#define AUDIT_TEST(f) cmocka_unit_test_setup_teardown(f, begin_with_history, end)

/* "4 altered, 7 missing", or "" */
static const char *faults(void)
{
    json_t *findings = json_array(), *fault;
    const char *all = "";
    size_t i;
    next_request();
    audit_verify(&tx, findings);
    assert_int_equal(tx_code(&tx), OK);
    json_array_foreach(findings, i, fault)
        all = arena_printf(arena, "%s%s%lld %s", all, i ? ", " : "", json_int(fault, "row", 0),
                           json_text(fault, "fault"));
    json_decref(findings);
    return all;
}

static void an_untouched_chain_has_no_fault(void **state)
{
    json_t *none = json_array();
    (void)state;
    assert_int_equal(audit_verify(&tx, none), 9);
    assert_int_equal(json_array_size(none), 0);
    json_decref(none);
    run_sql("DELETE FROM audit_event");
    run_sql("DELETE FROM audit_head");
    assert_string_equal(faults(), "");
}

static void rows_are_numbered_stamped_and_salted(void **state)
{
    (void)state;
    assert_string_equal(
        read_text("SELECT min(key) || ' ' || max(key) || ' ' || count(DISTINCT at) || ' ' "
                  "|| count(DISTINCT salt) || ' ' || count(DISTINCT chain) || ' ' || "
                  "count(DISTINCT id) FROM audit_event"),
        "1 9 3 9 9 9");
    assert_string_equal(read_text("SELECT length || ' ' || (chain = (SELECT chain FROM audit_event "
                                  "WHERE key = 9)) FROM audit_head"),
                        "9 1");
}

/* Done by another tool, and what is told. */
static const struct {
    const char *what, *sql[3], *faults;
} deeds[] = {
    {"another actor", {"UPDATE audit_event SET actor = 'a9' WHERE key = 4"}, "4 altered"},
    {"another day",
     {"UPDATE audit_event SET at = '2020-01-01T00:00:00.000Z' WHERE key = 4"},
     "4 reordered"},
    {"as support", {"UPDATE audit_event SET as_support = 1 WHERE key = 4"}, "4 altered"},
    {"another object", {"UPDATE audit_event SET object_key = 9 WHERE key = 4"}, "4 altered"},
    {"another type", {"UPDATE audit_event SET object_type = 'x' WHERE key = 4"}, "4 altered"},
    {"another id", {"UPDATE audit_event SET object_id = 'x' WHERE key = 4"}, "4 altered"},
    {"another event", {"UPDATE audit_event SET id = 'x' WHERE key = 4"}, "4 altered"},
    {"another act", {"UPDATE audit_event SET act = 'x' WHERE key = 4"}, "4 altered"},
    {"another version", {"UPDATE audit_event SET version = 9 WHERE key = 4"}, "4 altered"},
    {"elsewhere", {"UPDATE audit_event SET within_key = 9 WHERE key = 3"}, "3 altered"},
    {"nowhere", {"UPDATE audit_event SET within_type = NULL WHERE key = 3"}, "3 altered"},
    {"an empty text for none",
     {"UPDATE audit_event SET within_type = '' WHERE key = 4"},
     "4 altered"},
    {"content", {"UPDATE audit_event SET changes = '{}' WHERE key = 4"}, "4 altered"},
    {"content away", {"UPDATE audit_event SET changes = NULL WHERE key = 4"}, "4 altered"},
    {"another salt", {"UPDATE audit_event SET salt = 'x' WHERE key = 4"}, "4 altered"},
    {"salt away", {"UPDATE audit_event SET salt = NULL WHERE key = 4"}, "4 altered"},
    {"erased without a word",
     {"UPDATE audit_event SET salt = NULL, changes = NULL WHERE key = 4"},
     "4 altered"},
    {"another digest", {"UPDATE audit_event SET digest = chain WHERE key = 4"}, "4 altered"},
    {"a broken chain", {"UPDATE audit_event SET chain = '' WHERE key = 4"}, "4 altered, 5 altered"},
    {"a chain too long",
     {"UPDATE audit_event SET chain = chain || 'x' WHERE key = 4"},
     "4 altered"},
    {"the last row", {"UPDATE audit_event SET actor = 'a9' WHERE key = 9"}, "9 altered"},
    {"the first row", {"UPDATE audit_event SET actor = 'a9' WHERE key = 1"}, "1 altered"},
    {"one gone", {"DELETE FROM audit_event WHERE key = 5"}, "5 missing, 6 unchained"},
    {"several gone",
     {"DELETE FROM audit_event WHERE key BETWEEN 5 AND 7"},
     "5 missing, 8 unchained"},
    {"the first gone", {"DELETE FROM audit_event WHERE key = 1"}, "1 missing, 2 unchained"},
    {"gone and numbered anew",
     {"DELETE FROM audit_event WHERE key = 5",
      "UPDATE audit_event SET key = key - 1 WHERE key > 5"},
     "5 altered, 6 altered, 7 altered, 8 altered, 9 truncated"},
    {"two places changed",
     {"UPDATE audit_event SET key = 99 WHERE key = 3",
      "UPDATE audit_event SET key = 3 WHERE key = 4",
      "UPDATE audit_event SET key = 4 WHERE key = 99"},
     "3 reordered, 4 reordered, 5 unchained"},
    {"the end cut off", {"DELETE FROM audit_event WHERE key > 7"}, "8 truncated"},
    {"all cut off", {"DELETE FROM audit_event"}, "1 truncated"},
    {"a row put on the end",
     {"INSERT INTO audit_event SELECT 10, 'x', at, actor, as_support, object_type, object_key, "
      "object_id, within_type, within_key, act, version, changes, salt, digest, chain "
      "FROM audit_event WHERE key = 9"},
     "10 altered, 10 unchained"},
    {"the end's mark away", {"DELETE FROM audit_head"}, "9 unchained"},
    {"another end's mark", {"UPDATE audit_head SET chain = 'x'"}, "9 unchained"},
    {"two deeds",
     {"UPDATE audit_event SET actor = 'a9' WHERE key = 2", "DELETE FROM audit_event WHERE key = 6"},
     "2 altered, 6 missing, 7 unchained"},
};

static void what_another_hand_did_is_told_apart(void **state)
{
    (void)state;
    for (size_t i = 0; i < LEN(deeds); i++) {
        run_sql("SAVEPOINT deed");
        for (size_t j = 0; j < LEN(deeds[i].sql) && deeds[i].sql[j]; j++)
            run_sql(deeds[i].sql[j]);
        if (strcmp(faults(), deeds[i].faults))
            fail_msg("%s: %s", deeds[i].what, faults());
        run_sql("ROLLBACK TO deed");
        run_sql("RELEASE deed");
    }
    assert_string_equal(faults(), "");
}

static void an_erasure_takes_the_content_and_says_so(void **state)
{
    (void)state;
    next_request();
    assert_int_equal(audit_erase(&ctx, "lamps", 2, "l2"), OK);
    assert_string_equal(faults(), "");
    assert_int_equal(read_int("SELECT count(*) FROM audit_event WHERE changes IS NULL AND "
                              "salt IS NULL AND object_id = 'l2'"),
                     3);
    assert_int_equal(read_int("SELECT count(*) FROM audit_event WHERE changes IS NOT NULL"), 6);
    assert_string_equal(read_text("SELECT act || object_id FROM audit_event WHERE key = 10"),
                        "erasel2");
    /* The rows still cannot be altered, nor another's be blanked under its cover. */
    run_sql("SAVEPOINT deed");
    run_sql("UPDATE audit_event SET actor = 'a9' WHERE key = 2");
    assert_string_equal(faults(), "2 altered");
    run_sql("ROLLBACK TO deed");
    run_sql("UPDATE audit_event SET changes = NULL, salt = NULL WHERE key = 3");
    assert_string_equal(faults(), "3 altered");
    run_sql("ROLLBACK TO deed");
    run_sql("UPDATE audit_event SET changes = '{}' WHERE key = 2");
    assert_string_equal(faults(), "2 altered");
    run_sql("ROLLBACK TO deed");
    /* What comes after the erasure is content again. */
    next_request();
    assert_int_equal(audit_add(&ctx, (struct audit){.type = "lamps", .key = 2, .id = "l2",
                                                    .act = "update", .version = 4}),
                     OK);
    assert_string_equal(faults(), "");
    run_sql("UPDATE audit_event SET changes = NULL, salt = NULL WHERE key = 11");
    assert_string_equal(faults(), "11 altered");
}

/* ---- reading ---- */

static json_t *events(const char *asked, const struct resource *r, long long key)
{
    json_t *list;
    ask(asked);
    assert_int_equal(audit_list(&ctx, r, key, &list), OK);
    return list;
}

static const char *acts_in(const char *asked, const struct resource *r, long long key)
{
    json_t *list = events(asked, r, key), *event;
    const char *all = "";
    size_t i;
    json_array_foreach(json_object_get(list, "items"), i, event)
        all = arena_printf(arena, "%s%s%s", all, json_text(event, "act"),
                           json_text(event, "objectId") + 1);
    json_decref(list);
    return all;
}

static void history_is_read_newest_first_with_what_lives_within(void **state)
{
    struct resource rooms = lamp_resource;
    rooms.name = "rooms";
    (void)state;
    assert_string_equal(acts_in("", NULL, 0),
                        "close3close2close1update3update2update1create3create2create1");
    assert_string_equal(acts_in("", &lamp_resource, 2), "close2update2create2");
    assert_string_equal(acts_in("act=update,close", &lamp_resource, 2), "close2update2");
    assert_string_equal(acts_in("limit=2&page=2", &lamp_resource, 2), "create2");
    assert_string_equal(acts_in("", &rooms, 7), "close3update3create3");
    assert_string_equal(acts_in("", &rooms, 2), "");
    assert_string_equal(acts_in("objectType=lamps&objectId=l1", NULL, 0), "close1update1create1");
    assert_string_equal(acts_in("actor=a2&act=create", NULL, 0), "create2");
}

static void a_change_is_told_as_it_was_and_in_words(void **state)
{
    (void)state;
    run_sql("DELETE FROM audit_event");
    run_sql("DELETE FROM audit_head");
    run_sql("INSERT INTO account (id, email, email_folded, name, modified) VALUES "
            "('a1', 'k@x.example', 'k@x.example', 'Karin', '')");
    next_request();
    ctx.as_support = true;
    json_t *changes = json_pack(
        "{s:[s, n], s:[b, b], s:[[s, s], []], s:[n, i], s:[s, s], s:[n, [s]]}", "kind", "wall",
        "lit", 1, 0, "colours", "red", "blue", "watts", 40, "gone", "x", "y", "roomIds", "kok");
    assert_int_equal(audit_add(&ctx, (struct audit){.type = "lamps", .key = 1, .id = "l1",
                                                    .act = "update", .version = 2,
                                                    .changes = changes}),
                     OK);
    json_t *list = events("", &lamp_resource, 1);
    json_t *event = json_array_get(json_object_get(list, "items"), 0);
    json_object_del(event, "id");
    json_object_del(event, "at");
    json_object_del(event, "modified");
    json_object_del(event, "_links");
    assert_string_equal(
        as_text(json_incref(event)),
        "{\"actor\":\"a1\",\"actorName\":\"Karin\",\"asSupport\":true,\"objectType\":\"lamps\","
        "\"objectId\":\"l1\",\"act\":\"update\",\"changes\":["
        "{\"field\":\"kind\",\"label\":\"Kind\",\"before\":\"wall\",\"beforeText\":\"Wall lamp\","
        "\"after\":null,\"afterText\":null},"
        "{\"field\":\"lit\",\"label\":\"Lit\",\"before\":true,\"beforeText\":\"yes\","
        "\"after\":false,\"afterText\":\"no\"},"
        "{\"field\":\"colours\",\"label\":\"Colours\",\"before\":[\"red\",\"blue\"],\"beforeText\":"
        "\"Red, Blue\","
        "\"after\":[],\"afterText\":null},"
        "{\"field\":\"watts\",\"label\":\"Watts\",\"before\":null,\"beforeText\":null,"
        "\"after\":40,\"afterText\":\"40\"},"
        "{\"field\":\"gone\",\"label\":\"gone\",\"before\":\"x\",\"beforeText\":\"x\","
        "\"after\":\"y\",\"afterText\":\"y\"},"
        "{\"field\":\"roomIds\",\"label\":\"Also in\",\"before\":null,\"beforeText\":null,"
        "\"after\":[\"kok\"],\"afterText\":\"kok\"}],"
        "\"objectTypeLabel\":\"lamp\",\"actLabel\":\"changed\"}");
    json_decref(list);
}

static void what_nobody_knows_any_more_is_told_by_its_code(void **state)
{
    (void)state;
    next_request();
    actor.account_id = NULL;
    assert_int_equal(audit_add(&ctx, (struct audit){.type = "ghosts", .key = 1, .id = "g1",
                                                    .act = "haunt", .version = 1}),
                     OK);
    json_t *list = events("objectType=ghosts", NULL, 0);
    json_t *event = json_array_get(json_object_get(list, "items"), 0);
    assert_string_equal(json_text(event, "objectTypeLabel"), "ghosts");
    assert_string_equal(json_text(event, "actLabel"), "haunt");
    assert_string_equal(json_text(event, "actor"), "kansli");
    assert_string_equal(json_text(event, "actorName"), "kansli");
    assert_int_equal(json_array_size(json_object_get(event, "changes")), 0);
    json_decref(list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        AUDIT_TEST(an_untouched_chain_has_no_fault),
        AUDIT_TEST(rows_are_numbered_stamped_and_salted),
        AUDIT_TEST(what_another_hand_did_is_told_apart),
        AUDIT_TEST(an_erasure_takes_the_content_and_says_so),
        AUDIT_TEST(history_is_read_newest_first_with_what_lives_within),
        AUDIT_TEST(a_change_is_told_as_it_was_and_in_words),
        AUDIT_TEST(what_nobody_knows_any_more_is_told_by_its_code),
    };
    return cmocka_run_group_tests(tests, open_register, close_register);
}
