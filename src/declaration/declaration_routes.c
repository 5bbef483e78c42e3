/* declaration_routes.c: the addresses of declarations, each for scripts and for browsers.
 *
 * Owns handlers of a few lines: a rule or a document, then what its page shows beside it. Knows no
 * SQL. GET of one declaration writes: that it was read. */
#include <string.h>
#include "internal.h"

static enum code list_all(struct ctx *ctx, struct answer *out)
{
    enum code c = declaration_list(ctx, out);
    return c ? c : declaration_page_list(ctx, out);
}

static enum code show(struct ctx *ctx, struct answer *out)
{
    long long key = 0;
    out->personal = true;
    out->document = declaration_open(ctx, ctx_value(ctx, "id"), &key, &out->version);
    if (!out->document)
        return tx_code(ctx->tx) ? tx_code(ctx->tx) : ctx_absent(ctx);
    return declaration_page_show(ctx, out, key);
}

/* Who has read is the person's own to know. */
static enum code readings(struct ctx *ctx, struct answer *out)
{
    struct declared it;
    enum code c = declared_find(ctx, ctx_value(ctx, "id"), &it);
    if (!c && !it.own)
        c = ctx_fail(ctx, E_DENIED, "may-see-readings",
                     N_("Who has read a declaration is shown to the person concerned."));
    if (c)
        return c;
    out->personal = true;
    out->document = json_object();
    json_put_new(out->document, "items", declaration_readings(ctx, it.key));
    return tx_code(ctx->tx);
}

static enum code inquiries(struct ctx *ctx, struct answer *out)
{
    struct declared it;
    enum code c = declared_find(ctx, ctx_value(ctx, "id"), &it);
    if (c)
        return c;
    out->personal = true;
    out->document = json_object();
    json_put_new(out->document, "items", declaration_inquiries(ctx, it.key));
    return tx_code(ctx->tx);
}

static enum code list_statuses(struct ctx *ctx, struct answer *out)
{
    enum code c = declaration_statuses_of_all(ctx, out);
    return c ? c : declaration_page_everybody(ctx, out);
}

static enum code show_status(struct ctx *ctx, struct answer *out)
{
    return resource_answer(ctx, &declaration_status_resource, ctx_value(ctx, "id"), out);
}

static enum code list_group_statuses(struct ctx *ctx, struct answer *out)
{
    long long group_key;
    enum code c = declaration_statuses_of_group(ctx, out, &group_key);
    return c || !group_key ? c : declaration_page_statuses(ctx, out, group_key);
}

static enum code list_forms(struct ctx *ctx, struct answer *out)
{
    enum code c =
        resource_list(ctx, &declaration_form_resource, (struct fixed){0}, &out->document);
    return c ? c : declaration_page_forms(ctx, out);
}

static enum code show_form(struct ctx *ctx, struct answer *out)
{
    enum code c = resource_answer(ctx, &declaration_form_resource, ctx_value(ctx, "id"), out);
    return c ? c : declaration_page_form(ctx, out);
}

/* ---------------------------------------------------------------- what they answer */

static const char readings_reply[] =
    "{\"type\":\"object\",\"required\":[\"items\"],\"properties\":{\"items\":{\"type\":\"array\","
    "\"items\":{\"type\":\"object\",\"required\":[\"byName\",\"at\",\"parts\"],\"properties\":{"
    "\"byName\":{\"type\":[\"string\",\"null\"]},"
    "\"at\":{\"type\":\"string\",\"format\":\"date-time\"},"
    "\"parts\":{\"type\":\"array\",\"items\":{\"type\":\"string\","
    "\"enum\":[\"interests\",\"details\",\"motivation\"]}},"
    "\"partsLabel\":{\"type\":\"string\"}}}}}}";

static const char inquiries_reply[] =
    "{\"type\":\"object\",\"required\":[\"items\"],\"properties\":{\"items\":{\"type\":\"array\","
    "\"items\":{\"type\":\"object\",\"required\":[\"id\",\"groupId\",\"text\",\"at\"],"
    "\"properties\":{\"id\":{\"type\":\"string\"},\"groupId\":{\"type\":\"string\"},"
    "\"groupName\":{\"type\":\"string\"},\"text\":{\"type\":\"string\"},"
    "\"byName\":{\"type\":[\"string\",\"null\"]},"
    "\"at\":{\"type\":\"string\",\"format\":\"date-time\"}}}}}}";

/* ---------------------------------------------------------------- routes */

#define DECLARATIONS .resource = &declaration_resource
#define STATUSES .resource = &declaration_status_resource
#define FORMS .resource = &declaration_form_resource

const struct route declaration_routes[] = {
    {.method = "GET",
     .path = "/declarations",
     .may = MAY_LOGIN,
     .run = list_all,
     .view = "declaration/list",
     .shape = SHAPE_LIST,
     DECLARATIONS,
     .flags = ROUTE_NO_DAY,
     .what = N_("The declarations that one may know of: status and outcome, never what they say")},
    {.method = "POST",
     .path = "/declarations",
     .may = MAY_LOGIN,
     .run = declaration_create,
     .shape = SHAPE_CREATE,
     DECLARATIONS,
     .what = N_("Begins a declaration of one's own: a draft; or records one that was signed on "
                "paper")},
    {.method = "GET",
     .path = "/declarations/{id}",
     .may = MAY_LOGIN,
     .run = show,
     .view = "declaration/show",
     .shape = SHAPE_ONE,
     DECLARATIONS,
     .flags = ROUTE_LOGS_READ | ROUTE_NO_DAY,
     .what = N_("One declaration, with what the reader may read of it; the person sees who has "
                "read what")},
    {.method = "PATCH",
     .path = "/declarations/{id}",
     .may = MAY_LOGIN,
     .run = declaration_change,
     .shape = SHAPE_CHANGE,
     DECLARATIONS,
     .what = N_("Changes a draft of one's own")},
    {.method = "DELETE",
     .path = "/declarations/{id}",
     .may = MAY_LOGIN,
     .run = declaration_remove,
     .shape = SHAPE_REMOVE,
     DECLARATIONS,
     .form = declaration_delete_form,
     .what = N_("Deletes a draft of one's own")},
    {.method = "POST",
     .path = "/declarations/{id}/submissions",
     .may = MAY_LOGIN,
     .run = declaration_submit,
     .shape = SHAPE_ACTION,
     DECLARATIONS,
     .body = declaration_submission_fields,
     .form = declaration_check_form,
     .what = N_("Submits a declaration: from now on nobody changes it")},
    {.method = "POST",
     .path = "/declarations/{id}/reviews",
     .may = MAY_LOGIN,
     .run = declaration_review,
     .shape = SHAPE_ACTION,
     DECLARATIONS,
     .body = declaration_review_fields,
     .form = declaration_review_form,
     .what = N_("Reviews a declaration for one group")},
    {.method = "GET",
     .path = "/declarations/{id}/inquiries",
     .may = MAY_LOGIN,
     .run = inquiries,
     .shape = SHAPE_VIEW,
     .reply = inquiries_reply,
     .flags = ROUTE_NO_DAY,
     .what = N_("What reviewers need to know more of, for the person and who reviews")},
    {.method = "POST",
     .path = "/declarations/{id}/inquiries",
     .may = MAY_LOGIN,
     .run = declaration_inquire,
     .shape = SHAPE_ACTION,
     DECLARATIONS,
     .body = declaration_inquiry_fields,
     .form = declaration_inquiry_form,
     .what = N_("Asks the person for more")},
    {.method = "POST",
     .path = "/declarations/{id}/withdrawals",
     .may = MAY_LOGIN,
     .run = declaration_withdraw,
     .shape = SHAPE_ACTION,
     DECLARATIONS,
     .form = declaration_withdrawal_form,
     .what = N_("Withdraws a declaration of one's own")},
    {.method = "GET",
     .path = "/declarations/{id}/readings",
     .may = MAY_LOGIN,
     .run = readings,
     .shape = SHAPE_VIEW,
     .reply = readings_reply,
     .flags = ROUTE_NO_DAY,
     .what = N_("Who has read a declaration of one's own, and what of it")},

    {.method = "GET",
     .path = "/declaration-statuses",
     .may = MAY_LOGIN,
     .run = list_statuses,
     .view = "declaration/statuses",
     .shape = SHAPE_LIST,
     STATUSES,
     .flags = ROUTE_SLOW | ROUTE_NO_DAY,
     .what = N_("Who has declared, and until when, as far as one may know")},
    {.method = "GET",
     .path = "/declaration-statuses/{id}",
     .may = MAY_LOGIN,
     .run = show_status,
     .shape = SHAPE_ONE,
     STATUSES,
     .flags = ROUTE_NO_DAY,
     .what = N_("Whether somebody has declared for a membership or nomination")},
    {.method = "GET",
     .path = "/groups/{id}/declaration-statuses",
     .may = MAY_LOGIN,
     .run = list_group_statuses,
     .view = "declaration/group",
     .shape = SHAPE_LIST,
     STATUSES,
     .flags = ROUTE_NO_DAY,
     .what = N_("Who of a group has declared, and until when")},
    {.method = "POST",
     .path = "/groups/{id}/declaration-reminders",
     .may = MAY_LOGIN,
     .run = declaration_remind,
     .shape = SHAPE_ACTION,
     .resource = &group_resource,
     .body = declaration_reminder_fields,
     .what = N_("Reminds those of a group who have not declared, once a day")},
    {.method = "POST",
     .path = "/groups/{id}/declarations",
     .may = MAY_LOGIN,
     .run = declaration_record_paper,
     .shape = SHAPE_ACTION,
     DECLARATIONS,
     .body = declaration_paper_fields,
     .form = declaration_paper_form,
     .what = N_("Records a declaration that was signed on paper, and submits it")},
    {.method = "GET",
     .path = "/groups/{id}/declaration-concentration",
     .may = MAY_LOGIN,
     .run = declaration_concentration_of_group,
     .view = "declaration/close",
     .shape = SHAPE_VIEW,
     .reply = declaration_concentration_reply,
     .flags = ROUTE_LOGS_READ | ROUTE_NO_DAY,
     .what = N_("Whether interests lie close together in a group; with whom, for who may read")},

    {.method = "GET",
     .path = "/declaration-forms",
     .may = MAY_ALL,
     .run = list_forms,
     .view = "declaration/forms",
     .shape = SHAPE_LIST,
     FORMS,
     .what = N_("The questions of the forms, version by version")},
    {.method = "POST",
     .path = "/declaration-forms",
     .may = MAY_LOGIN,
     .run = declaration_form_create,
     .shape = SHAPE_CREATE,
     FORMS,
     .form = declaration_form_new_form,
     .what = N_("Enters a new version of a form, from a day on")},
    {.method = "GET",
     .path = "/declaration-forms/{id}",
     .may = MAY_ALL,
     .run = show_form,
     .view = "declaration/form-version",
     .shape = SHAPE_ONE,
     FORMS,
     .what = N_("One version of a form")},
    {0},
};
