/* access.c: the table of domain.md 1 and the one function that reads it.
 *
 * Owns the rows and what an actor is to a group. Must not know how an account logged in, nor which
 * page asks. What somebody is, is computed from the register at each request: nothing to
 * invalidate, and a role taken away is gone at once. */
#include <kansli/access.h>
#include <kansli/json.h>

struct standing { /* what the actor was found to be to one group; a short list per request */
    long long group_key;
    unsigned is;
    struct standing *next;
};

struct row {
    const char *rule;
    unsigned who;
    bool reads; /* a right to see: a read token has it too */
};

static const struct row rows[] = {
    [ACT_SEE_DRAFTS] = {"may-see-drafts",
                        WHO_MEMBER | WHO_OFFICER | WHO_PRINCIPAL | WHO_COORDINATOR_TIED |
                            WHO_SUPPORT | WHO_AUDITOR,
                        true},
    [ACT_CHANGE_GROUP] = {"may-change-group",
                          WHO_OFFICER | WHO_PRINCIPAL | WHO_SUPPORT | WHO_COORDINATOR_AREA, false},
    [ACT_ESTABLISH_GROUP] = {"may-establish-group", WHO_DIRECT_PRINCIPAL | WHO_SUPPORT, false},
    [ACT_ESTABLISH_PROGRAMME_AREA] = {"may-establish-programme-area", WHO_STEERING | WHO_SUPPORT,
                                      false},
    [ACT_ESTABLISH_FREE] = {"may-establish-free", WHO_COORDINATOR_AREA | WHO_SUPPORT, false},
    [ACT_CHANGE_ORGANISATION] = {"may-change-organisation", WHO_SUPPORT, false},
    [ACT_CHANGE_KIND] = {"may-change-kind", WHO_ADMINISTRATOR, false},
    [ACT_SEE_HISTORY] = {"may-see-history",
                         WHO_OFFICER | WHO_PRINCIPAL | WHO_SUPPORT | WHO_AUDITOR |
                             WHO_ADMINISTRATOR,
                         true},
    [ACT_SEE_ALL_HISTORY] = {"may-see-all-history", WHO_SUPPORT | WHO_AUDITOR | WHO_ADMINISTRATOR,
                             true},
    [ACT_RUN_CHECKS] = {"may-run-checks",
                        WHO_OFFICER | WHO_PRINCIPAL | WHO_SUPPORT | WHO_AUDITOR | WHO_ADMINISTRATOR,
                        true},
    [ACT_CHANGE_SITE] = {"may-change-site", WHO_SUPPORT | WHO_ADMINISTRATOR, false},
    [ACT_SEE_SHORTCOMINGS] = {"may-see-shortcomings", WHO_SUPPORT | WHO_AUDITOR | WHO_ADMINISTRATOR,
                              true},
    [ACT_ENTER_MEMBERSHIP] = {"may-enter-membership", WHO_OFFICER | WHO_PRINCIPAL | WHO_SUPPORT,
                              false},
    [ACT_ENTER_CHAIR] = {"may-enter-chair", WHO_PRINCIPAL | WHO_SUPPORT, false},
    [ACT_ENTER_PROCESS_LEADER] = {"may-enter-process-leader",
                                  WHO_COORDINATOR_HOST | WHO_PRINCIPAL | WHO_SUPPORT, false},
    [ACT_CHANGE_REQUIREMENT] = {"may-change-requirement",
                                WHO_OFFICER | WHO_PRINCIPAL | WHO_SUPPORT | WHO_COORDINATOR_AREA,
                                false},
    [ACT_APPROVE_MANDATE] = {"may-approve-mandate", WHO_OFFICER | WHO_SUPPORT, false},
    [ACT_CHANGE_PERSON] = {"may-change-person",
                           WHO_SELF | WHO_OFFICER | WHO_COORDINATOR_TIED | WHO_SUPPORT, false},
    [ACT_ENTER_PERSON] = {"may-enter-person", WHO_ANY_OFFICER | WHO_ANY_COORDINATOR | WHO_SUPPORT,
                          false},
    [ACT_MERGE_PERSON] = {"may-merge-person", WHO_SUPPORT, false},
    [ACT_EXPORT_PERSON] = {"may-export-person", WHO_SELF | WHO_DATA_PROTECTION, true},
    [ACT_ERASE_PERSON] = {"may-erase-person", WHO_DATA_PROTECTION, false},
    [ACT_KEEP_RETENTION] = {"may-keep-retention", WHO_DATA_PROTECTION, false},
    [ACT_KEEP_CALL] = {"may-keep-call", WHO_OFFICER | WHO_PRINCIPAL | WHO_SUPPORT, false},
    [ACT_SEE_NOMINATIONS] = {"may-see-nominations",
                             WHO_OFFICER | WHO_PRINCIPAL | WHO_SUPPORT | WHO_AUDITOR, true},
    [ACT_DECIDE_NOMINATION] = {"may-decide-nomination", WHO_DIRECT_PRINCIPAL | WHO_SUPPORT, false},
    [ACT_NOMINATE] = {"may-nominate", WHO_SELF | WHO_COORDINATOR_OF | WHO_SUPPORT, false},
    [ACT_RECORD_CHECK] = {"may-record-check", WHO_COORDINATOR_OF | WHO_SUPPORT, false},
    [ACT_WRITE_DECLARATION] = {"may-write-declaration", WHO_SELF, false},
    [ACT_RECORD_PAPER] = {"may-record-paper", WHO_PROCESS_LEADER, false},
    [ACT_REVIEW_DECLARATION] = {"may-review-declaration", WHO_REVIEWER, false},
    [ACT_SEE_STATUSES] = {"may-see-statuses",
                          WHO_MEMBER | WHO_OFFICER | WHO_REVIEWER | WHO_SUPPORT | WHO_AUDITOR,
                          true},
    [ACT_REMIND_DECLARANTS] = {"may-remind-declarants", WHO_OFFICER | WHO_SUPPORT, false},
    [ACT_KEEP_RECUSAL] = {"may-keep-recusal",
                          WHO_SELF | WHO_OFFICER | WHO_PRINCIPAL | WHO_SUPPORT, false},
    [ACT_REPORT_STATUS] = {"may-report-status", WHO_OFFICER | WHO_SUPPORT, false},
    [ACT_SUBMIT_PLAN] = {"may-submit-plan", WHO_OFFICER | WHO_SUPPORT, false},
    [ACT_DECIDE_PLAN] = {"may-decide-plan", WHO_DIRECT_PRINCIPAL | WHO_SUPPORT, false},
    [ACT_DECIDE_NATIONAL_PLAN] = {"may-decide-plan", WHO_STEERING | WHO_SUPPORT, false},
    [ACT_DECIDE_FREE_PLAN] = {"may-decide-plan", WHO_COORDINATOR_AREA | WHO_SUPPORT, false},
    [ACT_DECIDE_PLANS] = {"may-decide-plan", WHO_OFFICER | WHO_SUPPORT, false},
    [ACT_DECIDE_AREA_PLANS] = {"may-decide-plan", WHO_COORDINATOR_OF | WHO_SUPPORT, false},
    [ACT_RAISE_GAP] = {"may-raise-gap",
                       WHO_MEMBER | WHO_OFFICER | WHO_PRINCIPAL | WHO_SUPPORT | WHO_COORDINATOR_AREA,
                       false},
    [ACT_REVIEW_GROUP] = {"may-review-group", WHO_DIRECT_PRINCIPAL | WHO_SUPPORT, false},
    [ACT_FOLLOW_ACTION] = {"may-follow-action",
                           WHO_SELF | WHO_OFFICER | WHO_PRINCIPAL | WHO_SUPPORT |
                               WHO_COORDINATOR_AREA,
                           false},
    [ACT_KEEP_MAIL] = {"may-keep-mail", WHO_ADMINISTRATOR, false},
};

/* In the order in which a refusal names them. */
static const struct {
    unsigned who;
    const char *words;
} names[] = {
    {WHO_SELF, N_("the person concerned")},
    {WHO_MEMBER, N_("members of the group")},
    {WHO_OFFICER, N_("the group's chair, vice chair, process leader and secretary")},
    {WHO_DIRECT_PRINCIPAL, N_("officers of the group's principal")},
    {WHO_PRINCIPAL, N_("officers of the groups that commission it")},
    {WHO_STEERING, N_("officers of the steering group")},
    {WHO_COORDINATOR_AREA, N_("the coordinator of its area")},
    {WHO_COORDINATOR_OF, N_("the coordinator of the organisation")},
    {WHO_CHAIR, N_("the group's chair")},
    {WHO_PROCESS_LEADER, N_("the group's process leader")},
    {WHO_REVIEWER, N_("the coordinator of the organisation represented, or of the host")},
    {WHO_COORDINATOR_HOST, N_("the coordinator of the host")},
    {WHO_ANY_OFFICER, N_("officers of a group")},
    {WHO_ANY_COORDINATOR, N_("coordinators")},
    {WHO_COORDINATOR_TIED, N_("the coordinator of a host or of an organisation represented")},
    {WHO_SUPPORT, N_("the national support function")},
    {WHO_AUDITOR, N_("auditors")},
    {WHO_ADMINISTRATOR, N_("administrators")},
    {WHO_DATA_PROTECTION, N_("the data protection role")},
};

static unsigned roles_to_who(const struct actor *actor)
{
    unsigned is = WHO_EVERYONE;
    if (actor->roles & ROLE_ADMINISTRATOR)
        is |= WHO_ADMINISTRATOR;
    if (actor->roles & ROLE_SUPPORT)
        is |= WHO_SUPPORT;
    if (actor->roles & ROLE_AUDITOR)
        is |= WHO_AUDITOR;
    if (actor->roles & ROLE_DATA_PROTECTION)
        is |= WHO_DATA_PROTECTION;
    if (actor->areas)
        is |= WHO_ANY_COORDINATOR;
    return is;
}

/* Of an officer: which of the two that rules name alone. */
static unsigned leading_role(struct ctx *ctx, long long group_key)
{
    static const struct {
        const char *role;
        unsigned is;
    } leading[] = {{"chair", WHO_CHAIR}, {"processLeader", WHO_PROCESS_LEADER}};
    unsigned is = 0;
    for (size_t i = 0; i < LEN(leading); i++)
        if (db_exists(ctx->tx,
                      "SELECT 1 FROM membership WHERE person_key = ?1 AND group_key = ?2 "
                      "AND role = ?4 AND start_date <= ?3 AND (end_date IS NULL OR end_date >= ?3)",
                      ctx->actor->person_key, group_key, ctx->today, leading[i].role))
            is |= leading[i].is;
    return is;
}

/* What the memberships make of the actor: to the group itself, and to those above it. */
static unsigned memberships_to_who(struct ctx *ctx, long long group_key)
{
    unsigned is = 0;
    long long person = ctx->actor->person_key;
    /* Of several roles at once the highest: 2 for an officer's, 1 for a member's. */
    long long rank = db_int(
        ctx->tx, 0,
        "SELECT CASE WHEN role IN ('chair', 'viceChair', 'processLeader', 'secretary') THEN 2 "
        "WHEN role IN ('contact', 'observer') THEN 0 ELSE 1 END AS \"rank\" "
        "FROM membership WHERE person_key = ?1 AND group_key = ?2 "
        "AND start_date <= ?3 AND (end_date IS NULL OR end_date >= ?3) "
        "ORDER BY \"rank\" DESC LIMIT 1",
        person, group_key, ctx->today);
    if (rank >= 1)
        is |= WHO_MEMBER;
    if (rank == 2)
        is |= WHO_OFFICER | leading_role(ctx, group_key);
    /* Upwards: 1 for a direct principal, more for those further up. UNION ends a circle, should one
     * have come in. */
    long long steps = db_int(
        ctx->tx, 0,
        "WITH RECURSIVE up (k) AS ("
        "SELECT principal_key FROM group_principal WHERE group_key = ?2 AND start_date <= ?3 "
        "AND (end_date IS NULL OR end_date >= ?3) "
        "UNION SELECT p.principal_key FROM group_principal p JOIN up ON up.k = p.group_key "
        "WHERE p.start_date <= ?3 AND (p.end_date IS NULL OR p.end_date >= ?3)) "
        "SELECT CASE WHEN EXISTS (SELECT 1 FROM group_principal d WHERE d.group_key = ?2 "
        "AND d.principal_key = m.group_key AND d.start_date <= ?3 "
        "AND (d.end_date IS NULL OR d.end_date >= ?3)) THEN 1 ELSE 2 END AS \"steps\" "
        "FROM membership m JOIN up ON up.k = m.group_key WHERE m.person_key = ?1 "
        "AND m.role IN ('chair', 'viceChair', 'processLeader', 'secretary') "
        "AND m.start_date <= ?3 AND (m.end_date IS NULL OR m.end_date >= ?3) "
        "ORDER BY \"steps\" LIMIT 1",
        person, group_key, ctx->today);
    if (steps == 1)
        is |= WHO_DIRECT_PRINCIPAL | WHO_PRINCIPAL;
    else if (steps > 1)
        is |= WHO_PRINCIPAL;
    return is;
}

static bool is_steering(struct ctx *ctx)
{
    return db_exists(ctx->tx,
                     "SELECT 1 FROM membership m JOIN workgroup g ON g.key = m.group_key "
                     "JOIN group_kind k ON k.key = g.kind_key WHERE m.person_key = ?1 "
                     "AND k.category = 'steering' AND k.level = 'national' "
                     "AND m.role IN ('chair', 'viceChair', 'processLeader', 'secretary') "
                     "AND m.start_date <= ?2 AND (m.end_date IS NULL OR m.end_date >= ?2)",
                     ctx->actor->person_key, ctx->today);
}

static bool is_officer(struct ctx *ctx)
{
    return db_exists(ctx->tx,
                     "SELECT 1 FROM membership WHERE person_key = ?1 AND start_date <= ?2 "
                     "AND (end_date IS NULL OR end_date >= ?2) "
                     "AND role IN ('chair', 'viceChair', 'processLeader', 'secretary')",
                     ctx->actor->person_key, ctx->today);
}

static unsigned areas_to_who(struct ctx *ctx, long long group_key)
{
    unsigned is = 0;
    for (int i = 0; i < ctx->actor->areas; i++) {
        long long area = ctx->actor->area[i];
        if (db_exists(ctx->tx,
                      "SELECT 1 FROM workgroup g JOIN group_kind k ON k.key = g.kind_key "
                      "WHERE g.key = ?1 AND ((k.level = 'healthcareRegion' AND "
                      "g.healthcare_region_key = ?2) OR (k.level = 'local' AND "
                      "g.region_key = ?2))",
                      group_key, area))
            is |= WHO_COORDINATOR_AREA;
        if (db_exists(ctx->tx,
                      "SELECT 1 FROM hosting WHERE group_key = ?1 AND body_key = ?2 "
                      "AND (start_date IS NULL OR start_date <= ?3) "
                      "AND (end_date IS NULL OR end_date >= ?3)",
                      group_key, area, ctx->today))
            is |= WHO_COORDINATOR_HOST | WHO_COORDINATOR_TIED;
        else if (db_exists(ctx->tx,
                           "SELECT 1 FROM membership WHERE group_key = ?1 "
                           "AND on_behalf_of_key = ?2 AND start_date <= ?3 "
                           "AND (end_date IS NULL OR end_date >= ?3)",
                           group_key, area, ctx->today))
            is |= WHO_COORDINATOR_TIED;
    }
    return is;
}

unsigned access_to_group(struct ctx *ctx, long long group_key)
{
    for (struct standing *s = ctx->standing; s; s = s->next)
        if (s->group_key == group_key)
            return s->is;
    unsigned is = roles_to_who(ctx->actor);
    if (ctx->actor->person_key) {
        if (group_key)
            is |= memberships_to_who(ctx, group_key);
        if (is_steering(ctx))
            is |= WHO_STEERING;
        if (is_officer(ctx))
            is |= WHO_ANY_OFFICER;
    }
    if (group_key && ctx->actor->areas)
        is |= areas_to_who(ctx, group_key);
    struct standing *s = arena_alloc(ctx->arena, sizeof *s);
    *s = (struct standing){group_key, is, ctx->standing};
    ctx->standing = s;
    return is;
}

/* Asked once or twice in a request, so nothing is kept. */
unsigned access_to_person(struct ctx *ctx, long long person_key)
{
    unsigned is = access_to_group(ctx, 0);
    if (!person_key)
        return is;
    if (ctx->actor->person_key == person_key)
        is |= WHO_SELF;
    json_t *groups = db_rows(ctx->tx,
                             "SELECT DISTINCT group_key AS \"key\" FROM membership "
                             "WHERE person_key = ?1 AND (end_date IS NULL OR end_date >= ?2)",
                             person_key, ctx->today);
    json_t *group;
    size_t i;
    json_array_foreach(groups, i, group)
        is |= access_to_group(ctx, json_int(group, "key", 0)) & WHO_OFFICER;
    json_decref(groups);
    for (int a = 0; a < ctx->actor->areas; a++)
        if (db_exists(ctx->tx,
                      "SELECT 1 FROM person WHERE key = ?1 AND employer_key = ?2 UNION ALL "
                      "SELECT 1 FROM membership WHERE person_key = ?1 AND on_behalf_of_key = ?2 "
                      "AND (end_date IS NULL OR end_date >= ?3)",
                      person_key, ctx->actor->area[a], ctx->today))
            is |= WHO_COORDINATOR_TIED;
    return is;
}

unsigned access_to_organisation(struct ctx *ctx, long long organisation_key)
{
    unsigned is = access_to_group(ctx, 0);
    for (int a = 0; a < ctx->actor->areas; a++)
        if (ctx->actor->area[a] == organisation_key)
            is |= WHO_COORDINATOR_OF;
    return is;
}

static const struct row *row_of(enum act act)
{
    MUST((size_t)act < LEN(rows) && rows[act].rule);
    return &rows[act];
}

/* True when the actor can be asked at all. */
static bool may_at_all(const struct ctx *ctx, const struct row *row)
{
    if (ctx->actor->half || (ctx->actor->read_only && !row->reads))
        return false;
    return ctx->actor->account_key || (row->who & WHO_EVERYONE);
}

static bool carries(struct ctx *ctx, const struct row *row, unsigned is)
{
    is &= row->who;
    if (is == WHO_SUPPORT && !row->reads && row->who != WHO_SUPPORT)
        ctx->as_support = true;
    return is != 0;
}

bool may_as(struct ctx *ctx, enum act act, unsigned is)
{
    const struct row *row = row_of(act);
    return ctx->actor->everything || (may_at_all(ctx, row) && carries(ctx, row, is));
}

/* What is nobody's without login is not looked up. */
bool may(struct ctx *ctx, enum act act, long long group_key)
{
    return ctx->actor->everything ||
           (may_at_all(ctx, row_of(act)) && may_as(ctx, act, access_to_group(ctx, group_key)));
}

bool may_person(struct ctx *ctx, enum act act, long long person_key)
{
    return ctx->actor->everything ||
           (may_at_all(ctx, row_of(act)) && may_as(ctx, act, access_to_person(ctx, person_key)));
}

bool may_organisation(struct ctx *ctx, enum act act, long long organisation_key)
{
    return ctx->actor->everything ||
           (may_at_all(ctx, row_of(act)) &&
            may_as(ctx, act, access_to_organisation(ctx, organisation_key)));
}

/* "a, b and c" in the reader's language. */
static const char *who_words(struct ctx *ctx, unsigned who)
{
    const char *list[LEN(names)];
    size_t n = 0;
    for (size_t i = 0; i < LEN(names); i++)
        if (who & names[i].who)
            list[n++] = ctx_text(ctx, names[i].words);
    const char *words = n ? list[0] : "";
    for (size_t i = 1; i < n; i++)
        words = arena_printf(ctx->arena, i + 1 < n ? "%s, %s" : "%s %s %s", words,
                             i + 1 < n ? list[i] : ctx_text(ctx, N_("and")), list[i]);
    return words;
}

/* Why not, and who may. */
static enum code refuse(struct ctx *ctx, const struct row *row)
{
    if (!ctx->actor->account_key)
        return err_setf(ctx->err, E_LOGIN, row->rule,
                        N_("Log in to do this. It may be done by {who}."), "who",
                        who_words(ctx, row->who), NULL);
    if (ctx->actor->read_only && !row->reads)
        return err_set(ctx->err, E_DENIED, "token-scope",
                       N_("This token may only read. Use one with the scope write."));
    return err_setf(ctx->err, E_DENIED, row->rule, N_("This may be done by {who}."), "who",
                    who_words(ctx, row->who), NULL);
}

enum code must_may(struct ctx *ctx, enum act act, long long group_key)
{
    return may(ctx, act, group_key) ? OK : refuse(ctx, row_of(act));
}

enum code must_may_person(struct ctx *ctx, enum act act, long long person_key)
{
    return may_person(ctx, act, person_key) ? OK : refuse(ctx, row_of(act));
}

enum code must_may_organisation(struct ctx *ctx, enum act act, long long organisation_key)
{
    return may_organisation(ctx, act, organisation_key) ? OK : refuse(ctx, row_of(act));
}

enum code must_may_as(struct ctx *ctx, enum act act, unsigned is)
{
    return may_as(ctx, act, is) ? OK : refuse(ctx, row_of(act));
}

bool access_sees_all(const struct ctx *ctx)
{
    return ctx->actor->everything || (!ctx->actor->half &&
                                      (ctx->actor->roles & (ROLE_SUPPORT | ROLE_AUDITOR)) != 0);
}
