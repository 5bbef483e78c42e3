/* nomination_pages.c: the addresses of nominations that only read, and what their pages show beside
 * the object; the forms' own addresses; the links of those without an account.
 *
 * Owns handlers of a few lines. Knows no SQL and no rule. What a template shows stands in the
 * document, so that embed=page gives a script the page's twin. */
#include <string.h>
#include <kansli/audit.h>
#include <kansli/calendar.h>
#include "internal.h"
#include "pages.h"

static const char *id_of(struct ctx *ctx)
{
    return ctx_value(ctx, "id");
}

static enum code absent(struct ctx *ctx)
{
    return tx_code(ctx->tx) ? tx_code(ctx->tx) : ctx_absent(ctx);
}

static json_t *filters_of(json_t *document)
{
    return json_object_get(json_object_get(document, "_embedded"), "filters");
}

/* The filter bar offers what one looks for; any other filter in the address goes along unseen. */
static void tidy(struct ctx *ctx, json_t *document)
{
    static const char *const shown[] = {"q", "stage", "role"};
    static const char *const gone[] = {"page", "embed", "view", "column"};
    json_t *filters = filters_of(document), *value;
    const char *name;
    for (size_t i = json_array_size(filters); i-- > 0;) {
        json_t *one = json_array_get(filters, i);
        bool keep = false;
        for (size_t j = 0; j < LEN(shown); j++)
            keep = keep || !strcmp(json_text(one, "name"), shown[j]);
        if (!keep)
            json_array_remove(filters, i);
        else if (!strcmp(json_text(one, "name"), "q"))
            json_put(one, "label", ctx_text(ctx, N_("Name")));
    }
    json_object_foreach(ctx->query->values, name, value) {
        bool keep = json_is_string(value);
        for (size_t j = 0; j < LEN(gone); j++)
            keep = keep && strcmp(name, gone[j]);
        for (size_t j = 0; j < LEN(shown); j++)
            keep = keep && strcmp(name, shown[j]);
        if (keep)
            json_push(filters, json_pack("{s:s, s:s, s:s, s:O, s:[]}", "name", name, "label", name,
                                         "type", "hidden", "value", value, "options"));
    }
}

/* ---------------------------------------------------------------- all that the reader may know
 * of */

static json_t *choices(struct ctx *ctx)
{
    static const struct {
        const char *status, *label;
    } which[] = {{NULL, NC_("nominations", "All")},
                 {"submitted", NC_("nominations", "Waiting")},
                 {"draft", NC_("nominations", "Drafts")},
                 {"appointed", NC_("nominations", "Appointed")},
                 {"reserve", NC_("nominations", "In reserve")}};
    const char *now = ctx_query(ctx, "status");
    json_t *all = json_array();
    for (size_t i = 0; i < LEN(which); i++) {
        json_t *one = json_push(all, json_object());
        json_put(one, "label", ctx_text(ctx, which[i].label));
        json_put(one, "href",
                 which[i].status ? arena_printf(ctx->arena, "?status=%s", which[i].status)
                                 : ctx->path);
        json_put_bool(one, "current", which[i].status ? now && !strcmp(now, which[i].status)
                                                      : !now || !*now);
    }
    return all;
}

static enum code list_all(struct ctx *ctx, struct answer *out)
{
    bool coordinator = ctx->actor->areas > 0;
    enum code c = nomination_list(ctx, (struct fixed){0}, out);
    if (c)
        return c;
    out->title = ctx_text(ctx, coordinator ? N_("My nominations") : N_("Nominations in person"));
    if (ctx_embeds(ctx, "choices"))
        ctx_embed(ctx, out->document, "choices", choices(ctx));
    if (ctx_page(ctx))
        tidy(ctx, out->document);
    return tx_code(ctx->tx);
}

/* ---------------------------------------------------------------- a call's */

static const struct value views[] = {
    {"board", NC_("view", "Board")},
    {"list", NC_("view", "List")},
    {NULL, NULL},
};

static const struct field call_query[] = {
    {.name = "view", .label = N_("View"), .type = T_ENUM, .values = views},
    {.name = "column", .label = N_("Column"), .type = T_ENUM, .values = nomination_stages},
    {0},
};

static json_t *views_of(struct ctx *ctx, bool board)
{
    json_t *all = json_array();
    for (size_t i = 0; i < 2; i++) {
        json_t *one = json_push(all, json_object());
        json_put(one, "label", ctx_text(ctx, views[i].label));
        json_put(one, "href", arena_printf(ctx->arena, "?view=%s", views[i].code));
        json_put_bool(one, "current", (i == 0) == board);
    }
    return all;
}

/* Who sees a group's nominations begins with the board, who has a few of his own with the list. */
static bool wants_board(struct ctx *ctx, const struct call_row *call)
{
    const char *view = ctx_query(ctx, "view");
    bool sees = may(ctx, ACT_SEE_NOMINATIONS, call->group_key);
    ctx->as_support = false; /* asked, not done */
    return view && *view ? !strcmp(view, "board") : sees;
}

static enum code list_call(struct ctx *ctx, struct answer *out)
{
    struct call_row call;
    enum code c = call_find(ctx, id_of(ctx), &call);
    if (c)
        return c;
    struct fixed fixed = {.condition = "\"call_key\" = ?6", .key = call.key};
    c = nomination_list(ctx, fixed, out);
    if (c || !ctx_page(ctx))
        return c;
    bool board = wants_board(ctx, &call);
    tidy(ctx, out->document);
    c = call_below(ctx, call.id, out, "/nominations", ctx_text(ctx, N_("Nominations")));
    ctx_embed(ctx, out->document, "views", views_of(ctx, board));
    if (!board)
        return c;
    json_t *all = resource_items(ctx, &nomination_resource, fixed);
    json_t *sought = json_object_get(json_object_get(out->document, "_embedded"), "call");
    ctx_embed(ctx, out->document, "columns", nomination_board(ctx, sought, all));
    json_decref(all);
    out->view = "nomination/board";
    return c;
}

/* ---------------------------------------------------------------- one of them */

static void embed_page(struct ctx *ctx, json_t *document)
{
    struct nomination_row row;
    if (nomination_find(ctx, json_text(document, "id"), &row))
        return;
    bool told = json_is_object(json_object_get(document, "effect"));
    json_t *call = resource_one(ctx, &call_resource, row.call_id, NULL, NULL);
    if (ctx_embeds(ctx, "checklist"))
        ctx_embed(ctx, document, "checklist", nomination_checklist(ctx, document));
    if (ctx_embeds(ctx, "marks"))
        ctx_embed(ctx, document, "marks", nomination_marks(call, document));
    if (ctx_embeds(ctx, "gains"))
        ctx_embed(ctx, document, "gains", told ? nomination_gains(ctx, &row) : json_null());
    if (ctx_embeds(ctx, "lacking"))
        ctx_embed(ctx, document, "lacking", told ? nomination_lacking(ctx, &row) : json_null());
    if (ctx_embeds(ctx, "mayRequest"))
        ctx_embed(ctx, document, "mayRequest", json_boolean(nomination_may_request(ctx, &row)));
    if (ctx_embeds(ctx, "mayHistory"))
        ctx_embed(ctx, document, "mayHistory",
                  json_boolean(may(ctx, ACT_SEE_HISTORY, row.group_key)));
    if (ctx_embeds(ctx, "next"))
        ctx_embed(ctx, document, "next", nomination_next(ctx, document));
    ctx->as_support = false; /* asked, not done */
    json_decref(call);
}

static const char *title_of(struct ctx *ctx, const json_t *nomination)
{
    const char *name = json_text(nomination, "personName");
    return ctx_textf(ctx, N_("Nomination of {name}"), "name",
                     name ? name : ctx_text(ctx, N_("Name withheld")), NULL);
}

static enum code show(struct ctx *ctx, struct answer *out)
{
    json_t *document = resource_one(ctx, &nomination_resource, id_of(ctx), NULL, &out->version);
    if (!document)
        return absent(ctx);
    out->document = document;
    out->title = title_of(ctx, document);
    embed_page(ctx, document);
    enum code c = tx_code(ctx->tx);
    return c ? c : call_below(ctx, json_text(document, "callId"), out, "/nominations", out->title);
}

static enum code history(struct ctx *ctx, struct answer *out)
{
    struct nomination_row row;
    enum code c = nomination_find(ctx, id_of(ctx), &row);
    if (!c)
        c = must_may(ctx, ACT_SEE_HISTORY, row.group_key);
    if (!c)
        c = audit_list(ctx, &nomination_resource, row.key, &out->document);
    if (c)
        return c;
    if (ctx_embeds(ctx, "nominationId"))
        ctx_embed(ctx, out->document, "nominationId", json_string(row.id));
    out->title = ctx_text(ctx, N_("History of the nomination"));
    return call_below(ctx, row.call_id, out, "/nominations", out->title);
}

/* ---------------------------------------------------------------- side by side */

static const char comparison_reply[] =
    "{\"type\":\"object\",\"required\":[\"candidates\",\"said\",\"sought\",\"checks\",\"effect\"],"
    "\"properties\":{\"candidates\":{\"type\":\"array\",\"items\":{\"type\":\"object\"}},"
    "\"said\":{\"type\":\"array\",\"items\":{\"type\":\"object\"}},"
    "\"sought\":{\"type\":\"array\",\"items\":{\"type\":\"object\"}},"
    "\"checks\":{\"type\":\"array\",\"items\":{\"type\":\"object\"}},"
    "\"effect\":{\"type\":\"array\",\"items\":{\"type\":\"object\"}}}}";

static enum code compare(struct ctx *ctx, struct answer *out)
{
    struct call_row call;
    enum code c = call_find(ctx, id_of(ctx), &call);
    if (!c)
        c = must_may(ctx, ACT_SEE_NOMINATIONS, call.group_key);
    if (c)
        return c;
    out->document = nomination_comparison(ctx, &call);
    if (ctx_embeds(ctx, "mayDecide"))
        ctx_embed(ctx, out->document, "mayDecide",
                  json_boolean(may(ctx, ACT_DECIDE_NOMINATION, call.group_key)));
    ctx->as_support = false; /* asked, not done */
    return call_below(ctx, call.id, out, "/comparison", ctx_text(ctx, N_("Comparison")));
}

/* ---------------------------------------------------------------- the letter */

static enum code letter(struct ctx *ctx, struct answer *out)
{
    enum code c = nomination_letter(ctx, id_of(ctx), &out->document);
    if (c)
        return c;
    out->title = ctx_textf(ctx, N_("Appointed to {group}"), "group",
                           json_text(out->document, "groupName"), NULL);
    return OK;
}

static enum code calendar(struct ctx *ctx, struct answer *out)
{
    json_t *said;
    enum code c = nomination_letter(ctx, id_of(ctx), &said);
    if (c)
        return c;
    const char *id = id_of(ctx), *group = json_text(said, "groupName");
    const char *last = json_text(said, "endDate");
    struct calendar_event events[2] = {
        {.uid = arena_printf(ctx->arena, "nominations/%s/first-day", id),
         .summary = ctx_textf(ctx, N_("First day in {group}"), "group", group, NULL),
         .start = json_text(said, "startDate")},
        {.uid = arena_printf(ctx->arena, "nominations/%s/last-day", id),
         .summary = ctx_textf(ctx, N_("Last day in {group}"), "group", group, NULL),
         .start = last}};
    for (size_t i = 0; i < LEN(events); i++) {
        events[i].sequence = json_int(said, "version", 0);
        events[i].changed = json_text(said, "modified");
        events[i].url = arena_printf(ctx->arena, "%s/nominations/%s/letter", ctx->base_url, id);
    }
    out->raw = calendar_file(ctx->arena, ctx->base_url, events, last ? 2 : 1);
    out->raw_type = "text/calendar; charset=utf-8";
    out->file_name = "appointment.ics";
    out->personal = true;
    json_decref(said);
    return OK;
}

/* ---------------------------------------------------------------- a part of the person's page */

/* Those that the reader may know of and name: what the list says of one person. */
static json_t *part_of_person(struct ctx *ctx, long long key, const json_t *object)
{
    struct fixed fixed = {.condition = "\"person_key\" = ?6", .key = key};
    (void)object;
    if (!ctx->actor->account_key)
        return NULL;
    json_t *items = resource_items(ctx, &nomination_resource, fixed);
    if (json_array_size(items))
        return items;
    json_decref(items);
    return NULL;
}

const struct part nomination_parts[] = {
    {.of = "persons", .name = "nominations", .make = part_of_person},
    {0},
};

/* ---------------------------------------------------------------- routes */

#define NOMINATIONS .resource = &nomination_resource
#define FORM(rest, handler)                                                                        \
    {.method = "GET", .path = "/nominations/{id}" rest, .may = MAY_LOGIN, .run = handler,          \
     .view = "nomination/form", .shape = SHAPE_PAGE}

const struct route nomination_page_routes[] = {
    {.method = "GET",
     .path = "/nominations",
     .may = MAY_LOGIN,
     .run = list_all,
     .view = "nomination/list",
     .shape = SHAPE_LIST,
     NOMINATIONS,
     .flags = ROUTE_NO_DAY,
     .what = N_("The nominations that the caller may know of")},
    {.method = "GET",
     .path = "/nomination-calls/{id}/nominations",
     .may = MAY_LOGIN,
     .run = list_call,
     .view = "nomination/call",
     .shape = SHAPE_LIST,
     NOMINATIONS,
     .query = call_query,
     .flags = ROUTE_NO_DAY,
     .what = N_("The nominations in a call that the caller may know of")},
    {.method = "GET",
     .path = "/nomination-calls/{id}/comparison",
     .may = MAY_LOGIN,
     .run = compare,
     .view = "nomination/comparison",
     .shape = SHAPE_VIEW,
     .reply = comparison_reply,
     .flags = ROUTE_NO_DAY,
     .what = N_("The candidates of a call side by side, with what each would do to the coverage")},
    {.method = "GET",
     .path = "/nomination-calls/{id}/nominations/new",
     .may = MAY_LOGIN,
     .run = nomination_new_form,
     .view = "nomination/form",
     .shape = SHAPE_PAGE},
    {.method = "POST",
     .path = "/nomination-calls/{id}/nominations/new",
     .may = MAY_LOGIN,
     .run = nomination_new,
     .shape = SHAPE_PAGE,
     .form = nomination_new_form},
    {.method = "POST",
     .path = "/nomination-calls/{id}/decisions/new",
     .may = MAY_LOGIN,
     .run = nomination_decide_many_form,
     .view = "nomination/decisions",
     .shape = SHAPE_PAGE},
    {.method = "GET",
     .path = "/nominations/{id}",
     .may = MAY_LOGIN,
     .run = show,
     .view = "nomination/show",
     .shape = SHAPE_ONE,
     NOMINATIONS,
     .flags = ROUTE_NO_DAY,
     .what = N_("One nomination")},
    {.method = "GET",
     .path = "/nominations/{id}/history",
     .may = MAY_LOGIN,
     .run = history,
     .view = "nomination/history",
     .shape = SHAPE_LIST,
     .resource = &audit_resource,
     .flags = ROUTE_NO_DAY,
     .what = N_("What happened to a nomination")},
    {.method = "GET",
     .path = "/nominations/{id}/letter",
     .may = MAY_LOGIN,
     .run = letter,
     .view = "nomination/letter",
     .shape = SHAPE_PAGE},
    {.method = "GET",
     .path = "/nominations/{id}/calendar",
     .may = MAY_LOGIN,
     .run = calendar,
     .shape = SHAPE_PAGE},
    FORM("/edit", nomination_edit_form),
    FORM("/delete", nomination_delete_form),
    FORM("/submissions/new", nomination_submit_form),
    FORM("/answers/new", nomination_answer_form),
    FORM("/region-approvals/new", nomination_region_form),
    FORM("/employer-approvals/new", nomination_employer_form),
    FORM("/employer-requests/new", nomination_request_form),
    FORM("/exemptions/new", nomination_exempt_form),
    FORM("/decisions/new", nomination_decide_form),
    FORM("/withdrawals/new", nomination_withdraw_form),
    FORM("/answer-requests/new", nomination_ask_again_form),
    {.method = "POST",
     .path = "/nominations/{id}/answer-requests",
     .may = MAY_LOGIN,
     .run = nomination_ask_again,
     .shape = SHAPE_ACTION,
     NOMINATIONS,
     .form = nomination_ask_again_form,
     .what = N_("Asks the nominee once more, by a new link")},
    {.method = "POST",
     .path = "/nominations/{id}/employer-requests",
     .may = MAY_LOGIN,
     .run = nomination_request_employer,
     .shape = SHAPE_ACTION,
     NOMINATIONS,
     .body = nomination_request_fields,
     .form = nomination_request_form,
     .what =
         N_("Sends the employer a link to answer by: once, within 21 days, without an account")},
    {.method = "GET",
     .path = "/candidates/{token}",
     .may = MAY_ALL,
     .run = candidate_page,
     .view = "nomination/candidate",
     .shape = SHAPE_PAGE,
     .flags = ROUTE_NO_DAY},
    {.method = "POST",
     .path = "/candidates/{token}",
     .may = MAY_ALL,
     .run = candidate_answer,
     .view = "nomination/candidate",
     .shape = SHAPE_PAGE,
     .body = candidate_fields,
     .form = candidate_page,
     .flags = ROUTE_NO_CSRF | ROUTE_NO_DAY},
    {.method = "GET",
     .path = "/employer-approvals/{token}",
     .may = MAY_ALL,
     .run = employer_page,
     .view = "nomination/employer",
     .shape = SHAPE_PAGE,
     .flags = ROUTE_NO_DAY},
    {.method = "POST",
     .path = "/employer-approvals/{token}",
     .may = MAY_ALL,
     .run = employer_answer,
     .view = "nomination/thanks",
     .shape = SHAPE_PAGE,
     .body = employer_fields,
     .form = employer_page,
     .flags = ROUTE_NO_CSRF | ROUTE_NO_DAY},
    {0},
};
