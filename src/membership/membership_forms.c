/* membership_forms.c: the forms in which a membership is entered, changed, ended, extended,
 * succeeded and deleted.
 *
 * Owns what a form begins with and the words around it; a person who is not in the register yet is
 * entered in the same form and the same transaction. The rules are asked when it is sent. Knows no
 * SQL. */
#include <string.h>
#include <kansli/person.h>
#include "internal.h"

/* A page below a group's that is one form. */
static enum code give(struct ctx *ctx, struct answer *out, json_t *form, const char *group_id,
                      const char *title, const char *lead)
{
    json_t *document = out->document = json_object();
    json_put(form, "cancel", arena_printf(ctx->arena, "/groups/%s/memberships", group_id));
    json_put(document, "lead", lead ? ctx_text(ctx, lead) : NULL);
    json_put_new(document, "form", form);
    out->view = "group/form";
    return group_below(ctx, group_id, out, "/memberships", title);
}

static const char *path_of(struct ctx *ctx, const char *id, const char *rest)
{
    return arena_printf(ctx->arena, "/memberships/%s%s", id, rest);
}

/* ---------------------------------------------------------------- enter */

/* The person, then whom to enter if she is not there, then the membership. What the asking page
 * knows already is filled in. */
static const struct field *new_fields(struct ctx *ctx)
{
    enum { MOST = 40 };
    struct field *fields = arena_alloc(ctx->arena, sizeof *fields * MOST);
    const char *role = ctx_query(ctx, "role");
    size_t n = 0;
    for (const struct field *field = membership_resource.fields; field->name; field++) {
        MUST(n + NEWCOMER_FIELDS + 1 < MOST);
        fields[n] = *field;
        if (!strcmp(field->name, "role"))
            fields[n].fallback = role && *role ? role : "member";
        if (!strcmp(field->name, "capacity"))
            fields[n].fallback = "profession";
        if (!strcmp(field->name, "startDate"))
            fields[n].fallback = ctx->today;
        if (!strcmp(field->name, "endReason") || !strcmp(field->name, "introducedDate"))
            continue;
        n++;
        if (!strcmp(field->name, "personId")) {
            fields[n - 1].hint = N_("Write a name and choose. Not there? Leave this empty and fill "
                                    "in the four fields that follow.");
            n = newcomer_fields(fields, n);
        }
    }
    fields[n] = (struct field){0};
    return fields;
}

/* Who appoints: the principal the chair, the host the process leader (R26). */
static json_t *appointer(const json_t *group, const char *role)
{
    json_t *object = json_object();
    const json_t *id = NULL, *name = NULL;
    if (role && !strcmp(role, "chair")) {
        id = json_array_get(json_object_get(group, "principalIds"), 0);
        name = json_array_get(json_object_get(group, "principalNames"), 0);
    } else if (role && !strcmp(role, "processLeader")) {
        id = json_object_get(group, "hostId");
        name = json_object_get(group, "hostName");
    }
    json_put(object, "id", json_string_value(id));
    json_put(object, "name", json_string_value(name));
    return object;
}

/* Puts the appointer into the field of a form that nobody has typed into. */
static void suggest_appointer(struct ctx *ctx, json_t *form, const char *role)
{
    json_t *group = resource_one(ctx, &group_resource, ctx_value(ctx, "id"), NULL, NULL);
    json_t *by = appointer(group, role), *field;
    size_t i;
    json_array_foreach(json_object_get(form, "fields"), i, field)
        if (!strcmp(json_text(field, "name"), "appointedById") && json_text(by, "id")) {
            json_put(field, "value", json_text(by, "id"));
            json_put(field, "shown", json_text(by, "name"));
        }
    json_decref(by);
    json_decref(group);
}

enum code membership_new_form(struct ctx *ctx, struct answer *out)
{
    enum code c;
    const char *id = ctx_value(ctx, "id");
    long long key = group_in_path(ctx, out, &c);
    if (!key)
        return c;
    c = seat_must_any(ctx, key);
    if (c)
        return c;
    json_t *form = resource_form(ctx, new_fields(ctx), NULL,
                                 arena_printf(ctx->arena, "/groups/%s/memberships/new", id),
                                 ctx_text(ctx, N_("Enter the membership")));
    if (!ctx->err->code)
        suggest_appointer(ctx, form, ctx_query(ctx, "role"));
    return give(ctx, out, form, id, ctx_text(ctx, N_("New member")),
                N_("The chair is appointed by the principal, the process leader by the host."));
}

enum code membership_new(struct ctx *ctx, struct answer *out)
{
    enum code c;
    long long key = group_in_path(ctx, out, &c);
    if (!key)
        return c;
    c = seat_must_any(ctx, key);
    if (c)
        return c;
    json_t *person, *seat;
    newcomer_split(ctx, &person, &seat);
    if (person)
        c = newcomer_enter(ctx, person, seat);
    if (!c)
        c = create_with(ctx, membership_create, seat, out);
    json_decref(person);
    json_decref(seat);
    return c;
}

/* ---------------------------------------------------------------- change */

json_t *membership_row_form(struct ctx *ctx, const char *id)
{
    struct seat seat;
    json_t *form = NULL;
    if (seat_find(ctx, id, &seat))
        return NULL;
    if (may(ctx, seat_act(seat.role), seat.group_key))
        form = resource_form_of(ctx, &membership_resource, id,
                                path_of(ctx, id, "?_method=PATCH"), ctx_text(ctx, N_("Save")), NULL);
    ctx->as_support = false;
    if (form)
        json_put(form, "cancel", seat_page(ctx, &seat));
    return form;
}

/* The membership of the path, which the caller may change, and its person's name. */
static enum code begin(struct ctx *ctx, struct seat *seat, const char **name)
{
    const char *id = ctx_value(ctx, "id");
    enum code c = seat_find(ctx, id, seat);
    if (!c)
        c = must_may(ctx, seat_act(seat->role), seat->group_key);
    if (c)
        return c;
    json_t *object = resource_one(ctx, &membership_resource, id, NULL, NULL);
    const char *shown = json_text(object, "personName");
    *name = shown ? arena_strdup(ctx->arena, shown) : ctx_text(ctx, N_("Name not published"));
    json_decref(object);
    return tx_code(ctx->tx);
}

enum code membership_edit_form(struct ctx *ctx, struct answer *out)
{
    struct seat seat;
    const char *name;
    enum code c = begin(ctx, &seat, &name);
    if (c)
        return c;
    json_t *form = resource_form_of(ctx, &membership_resource, seat.id,
                                    path_of(ctx, seat.id, "?_method=PATCH"),
                                    ctx_text(ctx, N_("Save")), NULL);
    return give(ctx, out, form, seat.group_id,
                ctx_textf(ctx, N_("Change the membership of {name}"), "name", name, NULL), NULL);
}

enum code membership_delete_form(struct ctx *ctx, struct answer *out)
{
    static const struct field nothing[] = {{0}};
    struct seat seat;
    const char *name;
    long long version = 0;
    enum code c = begin(ctx, &seat, &name);
    if (c)
        return c;
    json_decref(resource_one(ctx, &membership_resource, seat.id, NULL, &version));
    json_t *form = resource_form(ctx, nothing, NULL, path_of(ctx, seat.id, "?_method=DELETE"),
                                 ctx_text(ctx, NC_("button", "Delete")));
    json_put(form, "version", arena_int(ctx->arena, version));
    return give(ctx, out, form, seat.group_id,
                ctx_textf(ctx, N_("Delete the membership of {name}"), "name", name, NULL),
                N_("For a mistake. What has been and has ended is given a last day instead."));
}

/* ---------------------------------------------------------------- the acts */

struct page {
    const struct field *fields;
    const char *rest, *title, *lead, *submit;
};

static enum code act_form(struct ctx *ctx, struct answer *out, const struct page *page)
{
    struct seat seat;
    const char *name;
    enum code c = begin(ctx, &seat, &name);
    if (c)
        return c;
    json_t *form = resource_form(ctx, page->fields, NULL, path_of(ctx, seat.id, page->rest),
                                 ctx_text(ctx, page->submit));
    return give(ctx, out, form, seat.group_id, ctx_textf(ctx, page->title, "name", name, NULL),
                page->lead);
}

enum code seat_ending_form(struct ctx *ctx, struct answer *out)
{
    static const struct page page = {seat_ending_fields, "/endings", N_("End the membership of {name}"),
                                     N_("What has been stays in the register."),
                                     N_("Set the last day")};
    return act_form(ctx, out, &page);
}

enum code seat_extension_form(struct ctx *ctx, struct answer *out)
{
    static const struct page page = {seat_extension_fields, "/extensions",
                                     N_("Extend the membership of {name}"), NULL, N_("Extend")};
    return act_form(ctx, out, &page);
}

enum code seat_succession_form(struct ctx *ctx, struct answer *out)
{
    static const struct page page = {
        seat_succession_fields, "/successions", N_("Who succeeds {name}?"),
        N_("One decision: what stands ends on the day before the new one begins."),
        N_("Save the succession")};
    return act_form(ctx, out, &page);
}

/* Ids are no words for people: the field becomes a box to tick for each membership that has not
 * ended. */
static void offer_rows(struct ctx *ctx, json_t *field, long long key)
{
    struct fixed fixed = {.condition = "\"group_key\" = ?6 AND \"status\" <> 'ended'", .key = key};
    json_t *items = resource_items(ctx, &membership_of_group_resource, fixed), *item, *one;
    json_t *chosen = json_object_get(ctx->body->values, "membershipIds");
    json_t *options = json_put_new(field, "options", json_array());
    size_t i, j;
    json_put(field, "kind", "checks");
    json_array_foreach(items, i, item) {
        const char *name = json_text(item, "personName"), *id = json_text(item, "id");
        json_t *option = json_push(options, json_object());
        bool selected = false;
        json_array_foreach(chosen, j, one)
            selected = selected || (json_is_string(one) && !strcmp(json_string_value(one), id));
        json_put(option, "value", id);
        json_put(option, "label",
                 arena_printf(ctx->arena, "%s, %s",
                              name ? name : ctx_text(ctx, N_("Name not published")),
                              json_text(item, "roleLabel")));
        json_put_bool(option, "selected", selected);
    }
    json_decref(items);
}

/* Also shown again when a batch failed: what was chosen and typed is there. */
enum code membership_changes_form(struct ctx *ctx, struct answer *out)
{
    enum code c;
    const char *id = ctx_value(ctx, "id");
    long long key = group_in_path(ctx, out, &c);
    if (!key)
        return c;
    c = seat_must_any(ctx, key);
    if (c)
        return c;
    const char *path = arena_printf(ctx->arena, "/groups/%s/membership-changes", id);
    json_t *form = resource_form(ctx, membership_changes_fields, NULL, path,
                                 ctx_text(ctx, N_("Change them")));
    offer_rows(ctx, json_array_get(json_object_get(form, "fields"), 0), key);
    return give(ctx, out, form, id, ctx_text(ctx, N_("Change several memberships")),
                N_("All of them or none."));
}
