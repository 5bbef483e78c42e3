/* membership_pages.c: the routes of memberships, and what their pages show beside the list.
 *
 * Owns handlers of a few lines. Knows no SQL and no rule. What a template shows stands in the
 * document, so that embed=page gives a script the page's twin. */
#include <string.h>
#include <kansli/buf.h>
#include "internal.h"

static const char *id_of(struct ctx *ctx)
{
    return ctx_value(ctx, "id");
}

/* ---------------------------------------------------------------- all memberships */

/* What is told within one group only is neither a filter nor an order outside it. */
static enum code refuse_gathering(struct ctx *ctx)
{
    static const char *const told[] = {"capacity", "speaksFor"};
    if (membership_within_one_group(ctx))
        return OK;
    const char *sort = ctx_query(ctx, "sort");
    for (size_t i = 0; i < LEN(told); i++) {
        const char *asked = ctx_query(ctx, told[i]);
        bool sorted = sort && strstr(sort, told[i]);
        if ((asked && *asked) || sorted)
            err_field(ctx->err, asked && *asked ? told[i] : "sort",
                      N_("This is told within one group only: give groupId."), NULL);
    }
    return ctx->err->code;
}

static void drop_filters(struct ctx *ctx, json_t *filters)
{
    size_t i = json_array_size(filters);
    while (i-- > 0) {
        const char *name = json_text(json_array_get(filters, i), "name");
        bool told = !strcmp(name, "capacity") || !strcmp(name, "speaksFor");
        if (told && !membership_within_one_group(ctx))
            json_array_remove(filters, i);
        else if (!strcmp(name, "q"))
            json_put(json_array_get(filters, i), "label", ctx_text(ctx, N_("Name or competence")));
    }
}

static json_t *filters_of(json_t *document)
{
    return json_object_get(json_object_get(document, "_embedded"), "filters");
}

/* Through whom a patient organisation speaks is told by each group: asked by organisation, the list
 * gathers them no more than the organisation's own page does. */
static struct fixed ungathered(struct ctx *ctx)
{
    bool gathers = ctx_query(ctx, "onBehalfOfId") && !membership_within_one_group(ctx);
    return (struct fixed){
        .condition = gathers ? "\"capacity\" NOT IN ('patient', 'nextOfKin')" : NULL};
}

static enum code list_all(struct ctx *ctx, struct answer *out)
{
    refuse_gathering(ctx);
    enum code c = resource_list(ctx, &membership_resource, ungathered(ctx), &out->document);
    if (ctx_page(ctx) && !c)
        drop_filters(ctx, filters_of(out->document));
    out->title = ctx_text(ctx, N_("Memberships"));
    return c;
}

/* ---------------------------------------------------------------- one group's */

static const struct field list_query[] = {
    {.name = "edit", .label = N_("Membership to change"), .type = T_UUID},
    {0},
};

/* What may be done with each row; one of them may stand as a form. */
static void mark_rows(struct ctx *ctx, json_t *items, long long key)
{
    const char *editing = ctx_query(ctx, "edit");
    bool enter = seat_may_any(ctx, key);
    size_t i;
    json_t *item;
    json_array_foreach(items, i, item) {
        const char *id = json_text(item, "id");
        bool change = may(ctx, seat_act(json_text(item, "role")), key);
        json_t *form = editing && !strcmp(editing, id) ? membership_row_form(ctx, id) : NULL;
        ctx_embed(ctx, item, "mayChange", json_boolean(change));
        ctx_embed(ctx, item, "mayEnter", json_boolean(enter));
        ctx_embed(ctx, item, "rowForm", form ? form : json_null());
        parts_embed(ctx, "group-member", item, key);
    }
    ctx->as_support = false; /* asked, not done */
}

static json_t *all_of(struct ctx *ctx, long long key)
{
    struct fixed fixed = {.condition = "\"group_key\" = ?6", .key = key};
    return resource_items(ctx, &membership_of_group_resource, fixed);
}

/* This list's address with other filters: "Current", "Past", "All". */
static json_t *choices(struct ctx *ctx)
{
    static const struct {
        const char *status, *label;
    } which[] = {{"current", NC_("memberships", "Current")},
                 {"upcoming", NC_("memberships", "To come")},
                 {"ended", NC_("memberships", "Past")},
                 {NULL, NC_("memberships", "All")}};
    const char *now = ctx_query(ctx, "status");
    json_t *all = json_array();
    for (size_t i = 0; i < LEN(which); i++) {
        json_t *one = json_push(all, json_object());
        json_put(one, "label", ctx_text(ctx, which[i].label));
        json_put(one, "href",
                 which[i].status ? arena_printf(ctx->arena, "?status=%s", which[i].status)
                                 : ctx->path);
        json_put_bool(one, "current",
                      which[i].status ? now && !strcmp(now, which[i].status) : !now || !*now);
    }
    return all;
}

static void tidy(struct ctx *ctx, json_t *document)
{
    static const char *const shown[] = {"q", "healthcareRegionId", "role", "status"};
    json_t *filters = filters_of(document);
    size_t i = json_array_size(filters);
    drop_filters(ctx, filters);
    while (i-- > 0) {
        const char *name = json_text(json_array_get(filters, i), "name");
        bool keep = false;
        for (size_t j = 0; j < LEN(shown); j++)
            keep = keep || !strcmp(shown[j], name);
        if (!keep)
            json_array_remove(filters, i);
    }
}

/* The chair, the vice chair, the process leader and the secretary of the day, apart. */
static json_t *board(struct ctx *ctx)
{
    static const char *const roles[] = {"chair", "viceChair", "processLeader", "secretary"};
    json_t *people = membership_of_group(ctx, id_of(ctx)), *some = json_array(), *one;
    size_t i;
    json_array_foreach(people, i, one)
        for (size_t r = 0; r < LEN(roles); r++)
            if (!strcmp(json_text(one, "role"), roles[r]))
                json_array_append(some, one);
    json_decref(people);
    return some;
}

static void embed_page(struct ctx *ctx, json_t *document, long long key)
{
    if (ctx_page(ctx)) {
        tidy(ctx, document);
        mark_rows(ctx, json_object_get(document, "items"), key);
    }
    if (ctx_embeds(ctx, "choices"))
        ctx_embed(ctx, document, "choices", choices(ctx));
    if (ctx_embeds(ctx, "board"))
        ctx_embed(ctx, document, "board", board(ctx));
    if (ctx_embeds(ctx, "timeline")) {
        json_t *all = all_of(ctx, key);
        ctx_embed(ctx, document, "timeline", membership_timeline(ctx, all));
        json_decref(all);
    }
    if (ctx_embeds(ctx, "genderBalance"))
        ctx_embed(ctx, document, "genderBalance", membership_gender_balance(ctx, key));
    if (ctx_embeds(ctx, "mayEnter"))
        ctx_embed(ctx, document, "mayEnter", json_boolean(seat_may_any(ctx, key)));
    if (ctx_embeds(ctx, "mayWrite"))
        ctx_embed(ctx, document, "mayWrite", json_boolean(may(ctx, ACT_SEE_DRAFTS, key)));
    ctx->as_support = false;
}

static enum code list_group(struct ctx *ctx, struct answer *out)
{
    enum code c;
    long long key = group_in_path(ctx, out, &c);
    if (!key)
        return c;
    struct fixed fixed = {.condition = "\"group_key\" = ?6", .key = key};
    c = resource_list(ctx, &membership_of_group_resource, fixed, &out->document);
    if (c)
        return c;
    if (seat_may_any(ctx, key))
        ctx_link(ctx, out->document, "create", "POST",
                 arena_printf(ctx->arena, "/groups/%s/memberships", id_of(ctx)));
    ctx->as_support = false;
    embed_page(ctx, out->document, key);
    c = tx_code(ctx->tx);
    return c ? c : group_below(ctx, id_of(ctx), out, "/memberships", ctx_text(ctx, N_("Members")));
}

/* ---------------------------------------------------------------- one membership */

static enum code show(struct ctx *ctx, struct answer *out)
{
    enum code c = resource_answer(ctx, &membership_resource, id_of(ctx), out);
    if (c || !out->document)
        return c;
    const char *group = arena_strdup(ctx->arena, json_text(out->document, "groupId"));
    return group_below(ctx, group, out, "/memberships", ctx_text(ctx, N_("Membership")));
}

static enum code change(struct ctx *ctx, struct answer *out)
{
    return membership_change(ctx, id_of(ctx), out);
}

/* ---------------------------------------------------------------- writing to all */

/* Addresses with commas between, as mail programs want them, and with line breaks to copy. */
static void put_lists(struct ctx *ctx, json_t *document)
{
    struct buf mail, copy;
    size_t i;
    json_t *one;
    long long without = 0;
    buf_init(&mail, 1 << 16);
    buf_init(&copy, 1 << 16);
    json_array_foreach(json_object_get(document, "items"), i, one) {
        const char *email = json_text(one, "email");
        without += !email;
        if (!email)
            continue;
        buf_addf(&mail, "%s%s", mail.len ? "," : "", email);
        buf_addf(&copy, "%s%s <%s>", copy.len ? ",\n" : "", json_text(one, "name"), email);
    }
    json_put(document, "mailto",
             mail.len && !mail.full ? arena_printf(ctx->arena, "mailto:%s", mail.data) : NULL);
    json_put(document, "copy", copy.full ? NULL : arena_strndup(ctx->arena, copy.data, copy.len));
    json_put_int(document, "without", without);
    buf_release(&mail);
    buf_release(&copy);
}

static enum code addresses(struct ctx *ctx, struct answer *out)
{
    enum code c;
    long long key = group_in_path(ctx, out, &c);
    if (!key)
        return c;
    c = must_may(ctx, ACT_SEE_DRAFTS, key);
    if (c)
        return c;
    out->document = json_object();
    out->personal = true;
    json_put_new(out->document, "items",
                 membership_addresses(ctx, key,
                                      json_object_get(ctx->body->values, "membershipIds")));
    put_lists(ctx, out->document);
    return group_below(ctx, id_of(ctx), out, "/memberships", ctx_text(ctx, N_("Write to the group")));
}

static const char addresses_reply[] =
    "{\"type\":\"object\",\"required\":[\"items\",\"mailto\",\"copy\",\"without\"],\"properties\":{"
    "\"items\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"required\":[\"name\",\"email\"],"
    "\"properties\":{\"name\":{\"type\":\"string\"},\"email\":{\"type\":[\"string\",\"null\"]}}}},"
    "\"mailto\":{\"type\":[\"string\",\"null\"]},\"copy\":{\"type\":[\"string\",\"null\"]},"
    "\"without\":{\"type\":\"integer\"}}}";

static const struct field chosen_fields[] = {
    {.name = "membershipIds", .label = N_("Memberships"), .type = T_TEXTS},
    {0},
};

/* ---------------------------------------------------------------- routes */

static const struct field new_query[] = {
    {.name = "role", .label = N_("Role"), .type = T_ENUM, .values = membership_roles},
    {0},
};

#define MEMBERSHIPS .resource = &membership_resource

const struct route membership_routes[] = {
    {.method = "GET", .path = "/memberships", .may = MAY_ALL, .run = list_all,
     .view = "membership/list", .shape = SHAPE_LIST, MEMBERSHIPS,
     .what = N_("Who has which role in which group; capacity and speaksFor only with one groupId")},
    {.method = "POST", .path = "/memberships", .may = MAY_LOGIN, .run = membership_create,
     .shape = SHAPE_CREATE, MEMBERSHIPS, .what = N_("Enters a membership")},
    {.method = "GET", .path = "/memberships/{id}", .may = MAY_ALL, .run = show,
     .view = "membership/show", .shape = SHAPE_ONE, MEMBERSHIPS, .what = N_("One membership")},
    {.method = "PATCH", .path = "/memberships/{id}", .may = MAY_LOGIN, .run = change,
     .shape = SHAPE_CHANGE, MEMBERSHIPS, .form = membership_edit_form,
     .what = N_("Changes a membership")},
    {.method = "DELETE", .path = "/memberships/{id}", .may = MAY_LOGIN, .run = membership_remove,
     .shape = SHAPE_REMOVE, MEMBERSHIPS, .form = membership_delete_form,
     .what = N_("Deletes a membership that was a mistake")},
    {.method = "GET", .path = "/memberships/{id}/edit", .may = MAY_LOGIN,
     .run = membership_edit_form, .view = "group/form", .shape = SHAPE_PAGE},
    {.method = "GET", .path = "/memberships/{id}/delete", .may = MAY_LOGIN,
     .run = membership_delete_form, .view = "group/form", .shape = SHAPE_PAGE},
    {.method = "POST", .path = "/memberships/{id}/endings", .may = MAY_LOGIN, .run = membership_end,
     .shape = SHAPE_ACTION, MEMBERSHIPS, .body = seat_ending_fields, .form = seat_ending_form,
     .what = N_("Sets a membership's last day")},
    {.method = "GET", .path = "/memberships/{id}/endings/new", .may = MAY_LOGIN, .run = seat_ending_form,
     .view = "group/form", .shape = SHAPE_PAGE},
    {.method = "POST", .path = "/memberships/{id}/extensions", .may = MAY_LOGIN,
     .run = membership_extend, .shape = SHAPE_ACTION, MEMBERSHIPS, .body = seat_extension_fields,
     .form = seat_extension_form, .what = N_("Extends a membership to a later day")},
    {.method = "GET", .path = "/memberships/{id}/extensions/new", .may = MAY_LOGIN,
     .run = seat_extension_form, .view = "group/form", .shape = SHAPE_PAGE},
    {.method = "POST", .path = "/memberships/{id}/successions", .may = MAY_LOGIN,
     .run = membership_succeed, .shape = SHAPE_ACTION, MEMBERSHIPS, .body = seat_succession_fields,
     .form = seat_succession_form,
     .what = N_("Ends a membership and begins another the next day: another person, or another role")},
    {.method = "GET", .path = "/memberships/{id}/successions/new", .may = MAY_LOGIN,
     .run = seat_succession_form, .view = "group/form", .shape = SHAPE_PAGE},
    {.method = "POST", .path = "/memberships/{id}/introductions", .may = MAY_LOGIN,
     .run = membership_introduce, .shape = SHAPE_ACTION, MEMBERSHIPS, .body = seat_introduction_fields,
     .what = N_("Notes that the introduction has been read: by the member, or by who enters members")},

    {.method = "GET", .path = "/groups/{id}/memberships", .may = MAY_ALL, .run = list_group,
     .view = "membership/group", .shape = SHAPE_LIST, MEMBERSHIPS, .query = list_query,
     .what = N_("The people of a group, past, present and coming")},
    {.method = "POST", .path = "/groups/{id}/memberships", .may = MAY_LOGIN,
     .run = membership_create, .shape = SHAPE_CREATE, MEMBERSHIPS, .form = membership_new_form,
     .what = N_("Enters a membership of the group")},
    {.method = "GET", .path = "/groups/{id}/memberships/new", .may = MAY_LOGIN,
     .run = membership_new_form, .view = "group/form", .shape = SHAPE_PAGE,
     .query = new_query},
    {.method = "POST", .path = "/groups/{id}/memberships/new", .may = MAY_LOGIN,
     .run = membership_new, .shape = SHAPE_PAGE, .form = membership_new_form},
    {.method = "POST", .path = "/groups/{id}/membership-changes", .may = MAY_LOGIN,
     .run = membership_change_many, .shape = SHAPE_ACTION, .resource = &group_resource,
     .body = membership_changes_fields, .form = membership_changes_form,
     .what = N_("Ends or extends several memberships of a group: all of them or none")},
    {.method = "GET", .path = "/groups/{id}/membership-changes/new", .may = MAY_LOGIN,
     .run = membership_changes_form, .view = "group/form", .shape = SHAPE_PAGE},
    {.method = "GET", .path = "/groups/{id}/addresses", .may = MAY_LOGIN, .run = addresses,
     .view = "membership/addresses", .shape = SHAPE_VIEW, .reply = addresses_reply,
     .what = N_("How the people of a group are written to")},
    {.method = "POST", .path = "/groups/{id}/addresses", .may = MAY_LOGIN, .run = addresses,
     .view = "membership/addresses", .shape = SHAPE_PAGE, .body = chosen_fields},
    {.method = "GET", .path = "/groups/{id}/introduction", .may = MAY_ALL,
     .run = membership_introduction, .view = "membership/introduction", .shape = SHAPE_VIEW,
     .reply = introduction_reply, .what = N_("What a new member of a group should know")},
    {0},
};
