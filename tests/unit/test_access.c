/* test_access.c: the table of domain.md 1: every act by every actor, from days and memberships
 * alone.
 *
 * What is expected is written from the document, not from the code. The groups: SKS commissions
 * NPO, NPO the NAG, the NAG a working group under it; RPO stands in a healthcare region, LPO in a
 * region. Nobody commissions those two. */
#include "core.h"

const struct resource *const resource_registry[] = {&lamp_resource, &audit_resource, NULL};

enum { SKS = 1, NPO, NAG, SUB, RPO, LPO, NORRA = 10, VASTERBOTTEN, UMEA, LUND, OTHER };
enum { PERSON = 1 };

static const char *const world[] = {
    "INSERT INTO body (key, id, type) VALUES (1, 'sks', 'group'), (2, 'npo', 'group'), "
    "(3, 'nag', 'group'), (4, 'sub', 'group'), (5, 'rpo', 'group'), (6, 'lpo', 'group'), "
    "(10, 'norra', 'organisation'), (11, 'vasterbotten', 'organisation'), "
    "(12, 'umea', 'organisation'), (13, 'lund', 'organisation'), (14, 'other', 'organisation')",
    "INSERT INTO organisation (key, type, name, modified) VALUES "
    "(10, 'healthcareRegion', 'Norra', ''), (11, 'region', 'Västerbotten', ''), "
    "(12, 'hospital', 'Umeå', ''), (13, 'hospital', 'Lund', ''), (14, 'region', 'Annan', '')",
    "INSERT INTO group_kind (key, id, name, name_english, level, category, modified) VALUES "
    "(1, 'sks', 'SKS', '', 'national', 'steering', ''), "
    "(2, 'npo', 'NPO', '', 'national', 'programmeArea', ''), "
    "(3, 'nag', 'NAG', '', 'national', 'workingGroup', ''), "
    "(4, 'rpo', 'RPO', '', 'healthcareRegion', 'programmeArea', ''), "
    "(5, 'lpo', 'LPO', '', 'local', 'programmeArea', ''), "
    "(6, 'rsk', 'RSK', '', 'healthcareRegion', 'steering', '')",
    "INSERT INTO workgroup (key, kind_key, name, full_name, start_date, healthcare_region_key, "
    "region_key, access_mode, modified) VALUES "
    "(1, 1, 'SKS', 'SKS', '2018-01-01', NULL, NULL, 'open', ''), "
    "(2, 2, 'A', 'NPO A', '2018-01-01', NULL, NULL, 'open', ''), "
    "(3, 3, 'B', 'NAG B', '2018-01-01', NULL, NULL, 'restricted', ''), "
    "(4, 3, 'C', 'NAG C', '2018-01-01', NULL, NULL, 'restricted', ''), "
    "(5, 4, 'D', 'RPO D', '2018-01-01', 10, NULL, 'open', ''), "
    "(6, 5, 'E', 'LPO E', '2018-01-01', 10, 11, 'open', '')",
    "INSERT INTO group_principal (group_key, principal_key, start_date) VALUES "
    "(2, 1, '2018-01-01'), (3, 2, '2018-01-01'), (4, 3, '2018-01-01')",
    "INSERT INTO hosting (id, group_key, body_key, status, start_date, modified) VALUES "
    "('h', 3, 12, 'active', NULL, '')",
    "INSERT INTO person (key, id, given_name, family_name, modified) VALUES "
    "(1, 'p1', 'Karin', 'Öhman', ''), (2, 'p2', 'Nils', 'Ek', '')",
    "INSERT INTO membership (id, person_key, group_key, role, capacity, on_behalf_of_key, "
    "start_date, "
    "modified) VALUES ('m', 2, 3, 'member', 'profession', 13, '2024-01-01', '')",
};

static int begin_with_groups(void **state)
{
    begin(state);
    for (size_t i = 0; i < LEN(world); i++)
        run_sql(world[i]);
    actor.person_key = PERSON;
    return 0;
}
#define GROUP_TEST(f) cmocka_unit_test_setup_teardown(f, begin_with_groups, end)

static void join_between(int group, const char *role, const char *from, const char *until)
{
    run_sql(arena_printf(arena,
                         "INSERT INTO membership (id, person_key, group_key, role, capacity, "
                         "start_date, end_date, modified) VALUES ('%s%d%s', %d, %d, '%s', "
                         "'profession', '%s', %s, '')",
                         role, group, from, PERSON, group, role, from,
                         until ? arena_printf(arena, "'%s'", until) : "NULL"));
}

static void join(int group, const char *role)
{
    join_between(group, role, "2024-01-01", NULL);
}

/* One letter for each act, in the order of the enum. */
static const struct {
    enum act act;
    char letter;
    const char *rule;
} acts[] = {
    {ACT_SEE_DRAFTS, 'D', "may-see-drafts"},
    {ACT_CHANGE_GROUP, 'C', "may-change-group"},
    {ACT_ESTABLISH_GROUP, 'E', "may-establish-group"},
    {ACT_ESTABLISH_PROGRAMME_AREA, 'P', "may-establish-programme-area"},
    {ACT_ESTABLISH_FREE, 'F', "may-establish-free"},
    {ACT_CHANGE_ORGANISATION, 'O', "may-change-organisation"},
    {ACT_CHANGE_KIND, 'K', "may-change-kind"},
    {ACT_SEE_HISTORY, 'H', "may-see-history"},
    {ACT_SEE_ALL_HISTORY, 'A', "may-see-all-history"},
    {ACT_RUN_CHECKS, 'R', "may-run-checks"},
    {ACT_CHANGE_SITE, 'S', "may-change-site"},
    {ACT_SEE_SHORTCOMINGS, 'M', "may-see-shortcomings"},
};
_Static_assert(LEN(acts) == ACT_SEE_SHORTCOMINGS, "every act is tried");

/* The letters of what may be done; a small one where it was done as the support function. */
static const char *rights(int group)
{
    char *all = arena_alloc(arena, LEN(acts) + 1), *at = all;
    for (size_t i = 0; i < LEN(acts); i++) {
        next_request();
        bool yes = may(&ctx, acts[i].act, group);
        if (yes)
            *at++ = (char)(ctx.as_support ? acts[i].letter | 0x20 : acts[i].letter);
        else
            assert_false(ctx.as_support);
        enum code c = must_may(&ctx, acts[i].act, group);
        assert_true((c == OK) == yes);
        assert_int_equal(c, err.code);
        if (c && strcmp(err.rule, acts[i].rule))
            assert_string_equal(err.rule, "token-scope");
    }
    return all;
}

static void expect_rights(int group, const char *want, const char *who)
{
    const char *got = rights(group);
    if (strcmp(got, want))
        fail_msg("%s may %s, not %s", who, got, want);
}

static void a_membership_gives_its_rights(void **state)
{
    static const struct {
        const char *role;
        int in, to;
        const char *rights;
    } cases[] = {
        {"chair", NAG, NAG, "DCHR"},
        {"viceChair", NAG, NAG, "DCHR"},
        {"processLeader", NAG, NAG, "DCHR"},
        {"secretary", NAG, NAG, "DCHR"},
        {"member", NAG, NAG, "D"},
        {"coOpted", NAG, NAG, "D"},
        {"contact", NAG, NAG, ""},
        {"observer", NAG, NAG, ""},
        {"chair", NPO, NAG, "DCEHR"},
        {"viceChair", NPO, NAG, "DCEHR"},
        {"processLeader", NPO, NAG, "DCEHR"},
        {"secretary", NPO, NAG, "DCEHR"},
        {"member", NPO, NAG, ""},
        {"coOpted", NPO, NAG, ""},
        {"contact", NPO, NAG, ""},
        {"observer", NPO, NAG, ""},
        {"chair", NPO, SUB, "DCHR"}, /* two steps up: sees and changes, does not decide */
        {"secretary", NPO, SUB, "DCHR"},
        {"member", NPO, SUB, ""},
        {"chair", NAG, NPO, ""}, /* never upwards */
        {"chair", SUB, NAG, ""},
        {"chair", SUB, NPO, ""},
        {"chair", NPO, SKS, ""},
        {"chair", NAG, RPO, ""}, /* nor sideways */
        {"chair", SKS, SKS, "DCPHR"},
        {"chair", SKS, NPO, "DCEPHR"},
        {"processLeader", SKS, NAG, "DCPHR"},
        {"secretary", SKS, SUB, "DCPHR"},
        {"viceChair", SKS, RPO, "P"},
        {"chair", SKS, 0, "P"},
        {"member", SKS, NPO, ""},
        {"observer", SKS, 0, ""},
        {"chair", NPO, 0, ""},
    };
    (void)state;
    for (size_t i = 0; i < LEN(cases); i++) {
        run_sql("DELETE FROM membership WHERE person_key = 1");
        join(cases[i].in, cases[i].role);
        expect_rights(
            cases[i].to, cases[i].rights,
            arena_printf(arena, "%s of %d to %d", cases[i].role, cases[i].in, cases[i].to));
    }
}

static void a_healthcare_regions_steering_group_is_not_the_steering_group(void **state)
{
    (void)state;
    run_sql("UPDATE workgroup SET kind_key = 6 WHERE key = 5");
    join(RPO, "chair");
    expect_rights(RPO, "DCHR", "chair of an RSK");
    expect_rights(0, "", "chair of an RSK");
}

static void a_coordinators_area_and_ties_give_rights(void **state)
{
    static const struct {
        int area, to;
        const char *rights;
    } cases[] = {
        {NORRA, RPO, "CF"},
        {VASTERBOTTEN, LPO, "CF"},
        {NORRA, LPO, ""},           /* its own level only */
        {VASTERBOTTEN, RPO, ""},
        {OTHER, RPO, ""},
        {OTHER, LPO, ""},
        {NORRA, NAG, ""},
        {NORRA, 0, ""},
        {UMEA, NAG, "D"},           /* hosts it */
        {LUND, NAG, "D"},           /* is represented in it */
        {OTHER, NAG, ""},
        {UMEA, NPO, ""},
        {LUND, SUB, ""},
    };
    (void)state;
    actor.person_key = 0;
    for (size_t i = 0; i < LEN(cases); i++) {
        const long long area[] = {OTHER, cases[i].area};
        actor.roles = ROLE_COORDINATOR;
        actor.area = area;
        actor.areas = LEN(area);
        expect_rights(cases[i].to, cases[i].rights,
                      arena_printf(arena, "coordinator of %d to %d", cases[i].area, cases[i].to));
        actor.area = NULL;
        actor.areas = 0;
        expect_rights(cases[i].to, "", "a coordinator of nothing");
    }
}

static void roles_of_an_account_give_their_rights(void **state)
{
    static const struct {
        const char *who;
        unsigned roles;
        const char *rights, *reading;
    } cases[] = {
        {"nobody in particular", 0, "", ""},
        {"support", ROLE_SUPPORT, "DcepfOHARsM", "DHARM"},
        {"auditor", ROLE_AUDITOR, "DHARM", "DHARM"},
        {"administrator", ROLE_ADMINISTRATOR, "KHARSM", "HARM"},
        {"data protection", ROLE_DATA_PROTECTION, "", ""},
        {"support and administrator", ROLE_SUPPORT | ROLE_ADMINISTRATOR, "DcepfOKHARSM", "DHARM"},
        {"support and auditor", ROLE_SUPPORT | ROLE_AUDITOR, "DcepfOHARsM", "DHARM"},
    };
    (void)state;
    for (size_t i = 0; i < LEN(cases); i++) {
        actor.roles = cases[i].roles;
        actor.read_only = actor.half = false;
        expect_rights(NAG, cases[i].rights, cases[i].who);
        expect_rights(0, cases[i].rights, cases[i].who);
        actor.read_only = true;
        expect_rights(NAG, cases[i].reading, cases[i].who);
        actor.half = true;
        expect_rights(NAG, "", cases[i].who);
    }
}

static void support_stands_in_only_where_no_other_right_carries(void **state)
{
    (void)state;
    actor.roles = ROLE_SUPPORT;
    join(NAG, "chair");
    expect_rights(NAG, "DCepfOHARsM", "support, also chair");
    run_sql("DELETE FROM membership WHERE person_key = 1");
    join(NPO, "secretary");
    expect_rights(NAG, "DCEpfOHARsM", "support, also secretary of the principal");
    const long long area[] = {NORRA};
    actor.area = area;
    actor.areas = 1;
    expect_rights(RPO, "DCepFOHARsM", "support, also coordinator of the area");
}

static void half_a_login_and_a_reading_token_narrow_a_membership(void **state)
{
    (void)state;
    join(NAG, "chair");
    actor.read_only = true;
    expect_rights(NAG, "DHR", "a reading token of the chair");
    assert_int_equal(must_may(&ctx, ACT_CHANGE_GROUP, NAG), E_DENIED);
    actor.half = true;
    expect_rights(NAG, "", "half a login of the chair");
    actor.read_only = false;
    expect_rights(NAG, "", "half a login of the chair");
}

static void the_command_line_may_everything_and_nobody_nothing(void **state)
{
    (void)state;
    actor = (struct actor){.account_id = "kansli", .everything = true};
    expect_rights(NAG, "DCEPFOKHARSM", "the command line");
    expect_rights(0, "DCEPFOKHARSM", "the command line");
    assert_true(access_sees_all(&ctx));
    actor = (struct actor){0};
    expect_rights(NAG, "", "nobody");
    assert_int_equal(must_may(&ctx, ACT_SEE_DRAFTS, NAG), E_LOGIN);
    assert_false(access_sees_all(&ctx));
}

static void days_decide(void **state)
{
    static const struct {
        const char *from, *until;
        bool now;
    } cases[] = {
        {"2026-11-22", NULL, true},          {"2026-11-22", "2026-11-22", true},
        {"2020-01-01", "2026-11-22", true},  {"2026-11-22", "2099-12-31", true},
        {"2020-01-01", "2026-11-21", false}, {"2026-11-23", NULL, false},
        {"2026-11-23", "2026-11-30", false},
    };
    (void)state;
    const long long area[] = {UMEA, LUND};
    for (size_t i = 0; i < LEN(cases); i++) {
        const char *from = cases[i].from;
        const char *until = cases[i].until ? arena_printf(arena, "'%s'", cases[i].until) : "NULL";
        bool now = cases[i].now;
        actor.areas = 0;
        run_sql("DELETE FROM membership WHERE person_key = 1");
        join_between(NAG, "chair", from, cases[i].until);
        expect_rights(NAG, now ? "DCHR" : "", from);
        run_sql("DELETE FROM membership WHERE person_key = 1");
        join_between(SKS, "chair", from, cases[i].until);
        expect_rights(NAG, now ? "DCPHR" : "", from);
        /* A commission in the middle of the way up. */
        run_sql("DELETE FROM membership WHERE person_key = 1");
        join(NPO, "chair");
        run_sql(arena_printf(arena,
                             "UPDATE group_principal SET start_date = '%s', end_date = %s "
                             "WHERE group_key = 3", from, until));
        expect_rights(NAG, now ? "DCEHR" : "", from);
        expect_rights(SUB, now ? "DCHR" : "", from);
        /* A hosting, and another's seat. */
        actor.area = area;
        actor.areas = 1;
        run_sql("DELETE FROM membership WHERE person_key = 1");
        run_sql(arena_printf(arena, "UPDATE hosting SET start_date = '%s', end_date = %s", from,
                             until));
        expect_rights(NAG, now ? "D" : "", from);
        actor.area = area + 1;
        run_sql(arena_printf(arena, "UPDATE membership SET start_date = '%s', end_date = %s", from,
                             until));
        expect_rights(NAG, now ? "D" : "", from);
    }
}

static void of_several_roles_in_one_group_each_counts(void **state)
{
    static const char *const first[] = {"contact", "observer", "member"};
    (void)state;
    for (size_t i = 0; i < LEN(first); i++) {
        run_sql("DELETE FROM membership WHERE person_key = 1");
        join(NAG, first[i]);
        join(NAG, "secretary");
        expect_rights(NAG, "DCHR", first[i]);
        run_sql("DELETE FROM membership WHERE person_key = 1");
        join(NAG, "secretary");
        join(NAG, first[i]);
        expect_rights(NAG, "DCHR", first[i]);
    }
    join_between(NAG, "chair", "2020-01-01", "2021-01-01");
    run_sql("DELETE FROM membership WHERE role = 'secretary'");
    expect_rights(NAG, "D", "a member who was chair once");
}

static void a_circle_among_principals_ends(void **state)
{
    (void)state;
    run_sql("INSERT INTO group_principal (group_key, principal_key, start_date) VALUES "
            "(1, 4, '2018-01-01'), (3, 3, '2018-01-01')");
    join(NPO, "chair");
    expect_rights(NAG, "DCEHR", "chair of the NPO, in a circle");
    expect_rights(SKS, "DCHR", "chair of the NPO, in a circle");
    expect_rights(RPO, "", "chair of the NPO, in a circle");
}

/* The rows on calls, nominations and declarations, by what somebody is found to be. Support does not
 * act in anybody's place where a declaration is written, recorded or reviewed; an administrator's
 * role opens none of it. */
static void nominations_and_declarations_are_for_few(void **state)
{
    static const struct {
        enum act act;
        unsigned who;
    } cases[] = {
        {ACT_KEEP_CALL, WHO_OFFICER | WHO_PRINCIPAL | WHO_SUPPORT},
        {ACT_SEE_NOMINATIONS, WHO_OFFICER | WHO_PRINCIPAL | WHO_SUPPORT | WHO_AUDITOR},
        {ACT_DECIDE_NOMINATION, WHO_DIRECT_PRINCIPAL | WHO_SUPPORT},
        {ACT_NOMINATE, WHO_SELF | WHO_COORDINATOR_OF | WHO_SUPPORT},
        {ACT_RECORD_CHECK, WHO_COORDINATOR_OF | WHO_SUPPORT},
        {ACT_WRITE_DECLARATION, WHO_SELF},
        {ACT_RECORD_PAPER, WHO_PROCESS_LEADER},
        {ACT_REVIEW_DECLARATION, WHO_REVIEWER},
        {ACT_SEE_STATUSES,
         WHO_MEMBER | WHO_OFFICER | WHO_REVIEWER | WHO_SUPPORT | WHO_AUDITOR},
        {ACT_KEEP_MAIL, WHO_ADMINISTRATOR},
    };
    for (size_t i = 0; i < LEN(cases); i++)
        for (unsigned one = WHO_EVERYONE; one <= WHO_REVIEWER; one <<= 1) {
            next_request();
            bool want = (cases[i].who & one) != 0;
            if (may_as(&ctx, cases[i].act, one) != want)
                fail_msg("act %d as %#x: %s", cases[i].act, one, want ? "may not" : "may");
            assert_int_equal(must_may_as(&ctx, cases[i].act, one), want ? OK : E_DENIED);
        }
}

static void of_the_officers_two_are_told_apart(void **state)
{
    static const struct {
        const char *role;
        unsigned is;
    } cases[] = {{"chair", WHO_CHAIR},
                 {"processLeader", WHO_PROCESS_LEADER},
                 {"viceChair", 0},
                 {"secretary", 0},
                 {"member", 0}};
    for (size_t i = 0; i < LEN(cases); i++) {
        run_sql("DELETE FROM membership WHERE person_key = 1");
        join(NAG, cases[i].role);
        next_request();
        assert_int_equal(access_to_group(&ctx, NAG) & (WHO_CHAIR | WHO_PROCESS_LEADER),
                         cases[i].is);
        assert_int_equal(may(&ctx, ACT_RECORD_PAPER, NAG), cases[i].is == WHO_PROCESS_LEADER);
    }
}

static void a_coordinator_nominates_for_his_own_organisation(void **state)
{
    static const long long area[] = {10, 13};
    actor.area = area;
    actor.areas = LEN(area);
    assert_true(may_organisation(&ctx, ACT_NOMINATE, 10));
    assert_true(may_organisation(&ctx, ACT_NOMINATE, 13));
    assert_false(may_organisation(&ctx, ACT_NOMINATE, 11)); /* not for those within it */
    assert_false(may_organisation(&ctx, ACT_NOMINATE, 0));
    assert_int_equal(must_may_organisation(&ctx, ACT_RECORD_CHECK, 11), E_DENIED);
    assert_string_equal(err.rule, "may-record-check");
    actor.areas = 0;
    next_request();
    assert_false(may_organisation(&ctx, ACT_NOMINATE, 10));
}

static void standing_is_asked_once_for_each_group(void **state)
{
    (void)state;
    join(NAG, "chair");
    unsigned is = access_to_group(&ctx, NAG);
    assert_int_equal(is,
                     WHO_EVERYONE | WHO_MEMBER | WHO_OFFICER | WHO_CHAIR | WHO_ANY_OFFICER);
    run_sql("DELETE FROM membership WHERE person_key = 1");
    assert_int_equal(access_to_group(&ctx, NAG), is);
    assert_int_equal(access_to_group(&ctx, NPO), WHO_EVERYONE);
    next_request();
    assert_int_equal(access_to_group(&ctx, NAG), WHO_EVERYONE);
}

static void a_refusal_says_who_may(void **state)
{
    static const struct {
        enum act act;
        const char *who;
    } cases[] = {
        {ACT_SEE_DRAFTS,
         "members of the group, the group's chair, vice chair, process leader and secretary, "
         "officers of the groups that commission it, the coordinator of a host or of an "
         "organisation represented, the national support function and auditors"},
        {ACT_CHANGE_GROUP,
         "the group's chair, vice chair, process leader and secretary, officers of the groups that "
         "commission it, the coordinator of its area and the national support function"},
        {ACT_ESTABLISH_GROUP,
         "officers of the group's principal and the national support function"},
        {ACT_ESTABLISH_PROGRAMME_AREA,
         "officers of the steering group and the national support function"},
        {ACT_CHANGE_KIND, "administrators"},
        {ACT_RUN_CHECKS,
         "the group's chair, vice chair, process leader and secretary, officers of the groups that "
         "commission it, the national support function, auditors and administrators"},
    };
    (void)state;
    for (size_t i = 0; i < LEN(cases); i++) {
        next_request();
        assert_int_equal(must_may(&ctx, cases[i].act, NAG), E_DENIED);
        assert_string_equal(text_fill(arena, err.msgid, err.args),
                            arena_printf(arena, "This may be done by %s.", cases[i].who));
    }
    actor.read_only = true;
    next_request();
    assert_int_equal(must_may(&ctx, ACT_CHANGE_GROUP, NAG), E_DENIED);
    assert_string_equal(err.rule, "token-scope");
    actor = (struct actor){0};
    next_request();
    assert_int_equal(must_may(&ctx, ACT_CHANGE_KIND, 0), E_LOGIN);
    assert_string_equal(text_fill(arena, err.msgid, err.args),
                        "Log in to do this. It may be done by administrators.");
}

/* Both NAGs are restricted: which of the groups are seen, as their numbers. */
static const char *seen(void)
{
    struct db_arg args[FIRST_FILTER];
    next_request();
    resource_args(&ctx, args, ctx.day);
    const char *text = db_text_(&tx,
                                "SELECT group_concat(key, '') FROM (SELECT key FROM workgroup g "
                                "WHERE " ACCESS_GROUP_VISIBLE("g.access_mode", "g.key")
                                " ORDER BY key)",
                                args, FIRST_FILTER);
    return text ? text : "";
}

static void a_restricted_group_is_seen_by_its_own(void **state)
{
    static const struct {
        const char *role;
        int in;
        const char *seen;
    } cases[] = {
        {"chair", NAG, "123456"},   {"secretary", NPO, "123456"}, {"processLeader", SKS, "123456"},
        {"member", NAG, "12356"},   {"coOpted", NAG, "12356"},    {"contact", NAG, "1256"},
        {"observer", NAG, "1256"},  {"member", NPO, "1256"},      {"chair", SUB, "12456"},
        {"chair", RPO, "1256"},
    };
    (void)state;
    for (size_t i = 0; i < LEN(cases); i++) {
        run_sql("DELETE FROM membership WHERE person_key = 1");
        join(cases[i].in, cases[i].role);
        if (strcmp(seen(), cases[i].seen))
            fail_msg("%s of %d sees %s", cases[i].role, cases[i].in, seen());
    }
    run_sql("DELETE FROM membership WHERE person_key = 1");
    join_between(NAG, "chair", "2020-01-01", "2026-11-21");
    assert_string_equal(seen(), "1256");
    join_between(NAG, "chair", "2026-11-23", NULL);
    assert_string_equal(seen(), "1256");
    actor.person_key = 0;
    assert_string_equal(seen(), "1256");
    actor.roles = ROLE_ADMINISTRATOR | ROLE_DATA_PROTECTION;
    assert_string_equal(seen(), "1256");
    actor.roles = ROLE_AUDITOR;
    assert_string_equal(seen(), "123456");
    actor.half = true;
    assert_string_equal(seen(), "1256");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        GROUP_TEST(a_membership_gives_its_rights),
        GROUP_TEST(a_healthcare_regions_steering_group_is_not_the_steering_group),
        GROUP_TEST(a_coordinators_area_and_ties_give_rights),
        GROUP_TEST(nominations_and_declarations_are_for_few),
        GROUP_TEST(of_the_officers_two_are_told_apart),
        GROUP_TEST(a_coordinator_nominates_for_his_own_organisation),
        GROUP_TEST(roles_of_an_account_give_their_rights),
        GROUP_TEST(support_stands_in_only_where_no_other_right_carries),
        GROUP_TEST(half_a_login_and_a_reading_token_narrow_a_membership),
        GROUP_TEST(the_command_line_may_everything_and_nobody_nothing),
        GROUP_TEST(days_decide),
        GROUP_TEST(of_several_roles_in_one_group_each_counts),
        GROUP_TEST(a_circle_among_principals_ends),
        GROUP_TEST(standing_is_asked_once_for_each_group),
        GROUP_TEST(a_refusal_says_who_may),
        GROUP_TEST(a_restricted_group_is_seen_by_its_own),
    };
    return cmocka_run_group_tests(tests, open_register, close_register);
}
