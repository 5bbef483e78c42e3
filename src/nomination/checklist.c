/* checklist.c: a nomination as the routine of R33: what is done, by whom and when; and for what is
 * not, who must do it, in words, with the way there for the one who may.
 *
 * Owns the words. What it tells is in the nomination already, or asked by its own rule: when a
 * declaration was submitted is for those who may see statuses (domain.md 3). Must not change
 * anything. */
#include <string.h>
#include <kansli/declaration.h>
#include <kansli/mail.h>
#include "internal.h"
#include "pages.h"

struct list {
    struct ctx *ctx;
    const json_t *nomination;
    struct nomination_row row;
    json_t *items;
    bool waits;   /* submitted or in reserve: something can still be done */
    const char *nominator; /* or the person, in words */
};

const char *nomination_own_id(struct ctx *ctx)
{
    return db_text(ctx->tx, "SELECT id FROM person WHERE key = ?1", ctx->actor->person_key);
}

/* ---------------------------------------------------------------- one line */

static json_t *add(struct list *list, const char *code, const char *label, bool done,
                   const char *at, const char *by)
{
    json_t *one = json_push(list->items, json_object());
    json_put(one, "code", code);
    json_put(one, "label", ctx_text(list->ctx, label));
    json_put(one, "state", done ? "done" : list->waits ? "open" : "none");
    json_put(one, "at", at);
    json_put(one, "by", by);
    json_put(one, "text", NULL);
    json_put_new(one, "links", json_array());
    return one;
}

static bool done(const json_t *one)
{
    return !strcmp(json_text(one, "state"), "done") || !strcmp(json_text(one, "state"), "exempt");
}

static bool may_follow(const struct list *list, const char *rel)
{
    size_t i;
    json_t *link;
    json_array_foreach(json_object_get(list->nomination, "_links"), i, link)
        if (!strcmp(json_text(link, "rel"), rel))
            return true;
    return false;
}

static void way(struct list *list, json_t *one, bool open, const char *rest, const char *label)
{
    if (!open)
        return;
    json_t *link = json_push(json_object_get(one, "links"), json_object());
    json_put(link, "href",
             arena_printf(list->ctx->arena, "/nominations/%s%s", list->row.id, rest));
    json_put(link, "label", ctx_text(list->ctx, label));
}

/* ---------------------------------------------------------------- nominated, submitted,
 * answered */

static json_t *who_and_when(struct list *list, const char *act)
{
    return db_row(
        list->ctx->tx,
        "SELECT e.at AS \"at\", CASE WHEN p.key IS NULL THEN a.name "
        "WHEN p.protected_identity = 0 THEN p.name END AS \"by\" FROM audit_event e "
        "LEFT JOIN account a ON a.id = e.actor LEFT JOIN person p ON p.key = a.person_key "
        "WHERE e.object_type = 'nominations' AND e.object_key = ?1 AND e.act = ?2 "
        "ORDER BY e.key LIMIT 1",
        list->row.key, act);
}

static void add_beginning(struct list *list)
{
    json_t *made = who_and_when(list, "create"), *sent = who_and_when(list, "submit");
    const char *at = json_text(list->nomination, "submittedAt");
    const char *begun = json_text(made, "at");
    if (at && begun && strcmp(begun, at) > 0) /* entered in the register afterwards */
        begun = at;
    add(list, "nominated", N_("Nominated"), true, begun, list->nominator);
    json_t *one = add(list, "submitted", NC_("nomination", "Submitted"), at, at,
                       json_text(sent, "by"));
    if (!strcmp(list->row.state, "draft")) {
        json_put(one, "state", "open");
        json_put(one, "text", ctx_textf(list->ctx, N_("{who} submits the draft."), "who",
                                        list->nominator, NULL));
    }
    way(list, one, may_follow(list, "submit"), "/submissions/new", NC_("button", "Submit"));
    json_decref(made);
    json_decref(sent);
}

static void add_answer(struct list *list)
{
    const char *answer = json_text(list->nomination, "answer");
    bool reached = !answer && list->waits && mail_reaches(list->ctx, list->row.person_key);
    json_t *one = add(list, "answered", N_("The person has answered"), answer,
                      json_text(list->nomination, "answeredAt"),
                      answer ? json_text(list->nomination, "answerLabel") : NULL);
    if (answer && !strcmp(answer, "no"))
        json_put(one, "state", "declined");
    if (!answer && list->waits)
        json_put(one, "text",
                 ctx_text(list->ctx, reached
                                         ? N_("The person answers by the link in the mail.")
                                         : N_("The register has no address of the person: ask, and "
                                              "enter it.")));
    way(list, one, !answer && may_follow(list, "answer"), "/answers/new", N_("Answer"));
    way(list, one, reached && may_follow(list, "approve-region"), "/answer-requests/new",
        N_("Ask again"));
}

/* ---------------------------------------------------------------- the three checks */

static json_t *add_check(struct list *list, const char *code, const char *label)
{
    const json_t *check = json_object_get(json_object_get(list->nomination, "checks"), code);
    const char *outcome = json_text(check, "outcome");
    json_t *one = add(list, code, label, json_true_at(check, "done"), json_text(check, "at"),
                      json_text(check, "by"));
    if (json_true_at(check, "notApplicable"))
        json_put(one, "state", "exempt");
    else if (outcome && !strcmp(outcome, "declined"))
        json_put(one, "state", "declined");
    if (outcome && json_text(check, "reason"))
        json_put(one, "text", json_text(check, "reason"));
    return one;
}

static void add_region(struct list *list)
{
    json_t *one = add_check(list, "regionProcess", N_("The nominating organisation's own process"));
    bool open = list->waits && !done(one), records = open && may_follow(list, "approve-region");
    if (open && !json_text(one, "text"))
        json_put(
            one, "text",
            list->row.nominator_key
                ? ctx_textf(list->ctx, N_("{who} records what its own process came to."), "who",
                            list->nominator, NULL)
                : ctx_text(list->ctx, N_("The coordinator where the person works records it.")));
    way(list, one, records, "/region-approvals/new", N_("Record the outcome"));
    way(list, one, open && may_follow(list, "exempt"), "/exemptions/new", N_("Not applicable"));
}

/* How far the question to the employer has come. */
static const char *employer_text(struct list *list)
{
    struct ctx *ctx = list->ctx;
    json_t *link = nomination_request_open(ctx, list->row.key);
    char sent[DAY_SIZE], ends[DAY_SIZE];
    if (!link)
        return ctx_text(ctx,
                        N_("The employer approves: by a link, or by word to the coordinator who "
                           "records it."));
    day_of_instant(json_text(link, "at"), sent);
    day_of_instant(json_text(link, "expires"), ends);
    json_decref(link);
    return ctx_textf(ctx, N_("A link went to the employer on {day}. It works until {last}."), "day",
                     day_words(ctx->arena, sent, ctx->lang == LANG_SV ? "sv" : "en", false), "last",
                     day_words(ctx->arena, ends, ctx->lang == LANG_SV ? "sv" : "en", false), NULL);
}

static void add_employer(struct list *list)
{
    json_t *one = add_check(list, "employer", N_("The employer's approval"));
    bool open = list->waits && !done(one);
    if (open && !json_text(one, "text"))
        json_put(one, "text", employer_text(list));
    way(list, one, open && nomination_may_request(list->ctx, &list->row), "/employer-requests/new",
        N_("Ask the employer"));
    way(list, one, open && may_follow(list, "approve-employer"), "/employer-approvals/new",
        N_("Record the answer"));
    way(list, one, open && may_follow(list, "exempt"), "/exemptions/new", N_("Not applicable"));
    list->ctx->as_support = false; /* asked, not done */
}

static void add_declaration(struct list *list)
{
    struct ctx *ctx = list->ctx;
    struct standing_review stands = {0};
    bool reads = list->row.own || may(ctx, ACT_SEE_STATUSES, list->row.group_key);
    ctx->as_support = false;
    if (reads)
        declaration_standing(ctx, list->row.person_key, list->row.group_key, &stands);
    if (reads && list->waits) {
        json_t *sent = add(list, "declared", N_("Interests declared"), stands.submitted_at,
                           stands.submitted_at, NULL);
        if (!done(sent))
            json_put(sent, "text", ctx_text(ctx, N_("The person declares interests.")));
        if (!done(sent) && list->row.own) {
            json_t *link = json_push(json_object_get(sent, "links"), json_object());
            json_put(link, "href", "/declarations/new");
            json_put(link, "label", ctx_text(ctx, N_("Declare")));
        }
    }
    json_t *one = add_check(list, "declaration", N_("The declaration reviewed for the group"));
    if (list->waits && !done(one))
        json_put(
            one, "text",
            ctx_text(ctx, stands.submitted_at
                              ? N_("The reviewer for the group says what the declaration comes to.")
                              : N_("It is reviewed when the person has declared interests.")));
}

/* ---------------------------------------------------------------- the decision and after */

static const char *principals(struct list *list)
{
    return db_text(
        list->ctx->tx,
        "SELECT g.full_name FROM group_principal p JOIN workgroup g "
        "ON g.key = p.principal_key WHERE p.group_key = ?1 AND p.start_date <= ?2 "
        "AND (p.end_date IS NULL OR p.end_date >= ?2) ORDER BY p.position, p.key LIMIT 1",
        list->row.group_key, list->ctx->today);
}

static void add_decision(struct list *list)
{
    struct ctx *ctx = list->ctx;
    const char *at = json_text(list->nomination, "decidedAt"), *by = principals(list);
    bool final = at && strcmp(list->row.state, "reserve");
    json_t *one = add(list, "decided", N_("Decided"), at, at,
                      json_text(list->nomination, "decidedForName"));
    if (at)
        json_put(one, "text", json_text(list->nomination, "decisionReference"));
    else if (list->waits)
        json_put(
            one, "text",
            by ? ctx_textf(ctx, N_("An officer of {group} decides."), "group", by, NULL)
               : ctx_text(ctx, N_("The national support function decides: nobody commissions the "
                                  "group.")));
    way(list, one, !final && may_follow(list, "decide"), "/decisions/new", N_("Decide"));
}

/* Only where somebody was appointed: nothing is missing that is not yet due. */
static void add_end(struct list *list)
{
    if (strcmp(list->row.state, "appointed"))
        return;
    struct ctx *ctx = list->ctx;
    const char *at = json_text(list->nomination, "decidedAt");
    const char *told = json_text(list->nomination, "supportToldAt");
    bool reached = mail_reaches(ctx, list->row.person_key);
    add(list, "member", N_("Member of the group"), json_text(list->nomination, "membershipId"), at,
        NULL);
    add(list, "supportTold", N_("The support function has been told"), told, told, NULL);
    json_t *letter = add(list, "letter", N_("The letter to the person"), reached,
                         reached ? at : NULL, NULL);
    if (!reached) {
        json_put(letter, "state", "open");
        json_put(
            letter, "text",
            ctx_text(ctx, N_("The register has no address of the person: print the letter and send "
                             "it.")));
    }
    way(list, letter, true, "/letter", N_("Read the letter"));
}

json_t *nomination_checklist(struct ctx *ctx, const json_t *nomination)
{
    struct list list = {.ctx = ctx, .nomination = nomination};
    const char *name = json_text(nomination, "nominatorName");
    if (nomination_find(ctx, json_text(nomination, "id"), &list.row))
        return json_array();
    list.items = json_array();
    list.nominator = name ? name : ctx_text(ctx, N_("the person"));
    list.waits = !strcmp(list.row.state, "submitted") || !strcmp(list.row.state, "reserve");
    add_beginning(&list);
    if (!strcmp(list.row.state, "draft"))
        return list.items;
    add_answer(&list);
    add_region(&list);
    add_employer(&list);
    add_declaration(&list);
    add_decision(&list);
    add_end(&list);
    return list.items;
}
