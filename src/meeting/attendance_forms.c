/* attendance_forms.c: the pages on which attendance is noted: one form for everybody, and one for a
 * guest or a deputy.
 *
 * Owns what is read of the form for everybody: it says of each person what was shown and what is
 * chosen, and only what differs is written, so that two who note at once undo nothing of each
 * other's. Knows no SQL. */
#include <string.h>
#include "pages.h"

/* ---------------------------------------------------------------- everybody */

static const char *sent(struct ctx *ctx, const char *what, const char *person_id)
{
    return json_text(ctx->body->values, arena_join(ctx->arena, what, ".", person_id, NULL));
}

/* The ids of those whose status was changed to this one. */
static json_t *changed_to(struct ctx *ctx, const json_t *people, const char *status)
{
    json_t *ids = json_array(), *one;
    size_t i;
    json_array_foreach((json_t *)people, i, one) {
        const char *id = json_text(one, "personId");
        const char *now = id ? sent(ctx, "status", id) : NULL, *was = id ? sent(ctx, "was", id)
                                                                        : NULL;
        if (now && !strcmp(now, status) && strcmp(was ? was : "", status))
            json_array_append_new(ids, json_string(id));
    }
    return ids;
}

static enum code mark(struct ctx *ctx, struct answer *out, json_t *body)
{
    json_decref(out->document); /* of the status before */
    out->document = NULL;
    enum code c = create_with(ctx, attendance_mark, body, out);
    json_decref(body);
    return c;
}

enum code attendance_send(struct ctx *ctx, struct answer *out)
{
    struct meeting_row meeting;
    enum code c = meeting_find_to_note(ctx, &meeting);
    if (c)
        return c;
    const char *all = json_text(ctx->body->values, "all");
    json_t *people = meeting_people(ctx, meeting.key);
    for (const struct value *v = attendance_statuses; !c && v->code; v++) {
        json_t *ids = changed_to(ctx, people, v->code);
        if (json_array_size(ids))
            c = mark(ctx, out, json_pack("{s:s, s:O}", "status", v->code, "personIds", ids));
        json_decref(ids);
    }
    json_decref(people);
    if (!c && all)
        c = mark(ctx, out, json_pack("{s:s}", "status", all));
    out->see = meeting_path(ctx, &meeting, "/attendance");
    out->location = out->see;
    out->flash = N_("Attendance is noted.");
    return c;
}

/* ---------------------------------------------------------------- one person */

static const char *row_path(struct ctx *ctx, const struct meeting_row *meeting, const char *rest)
{
    return meeting_path(ctx, meeting,
                        arena_join(ctx->arena, "/attendance/", ctx_value(ctx, "attendanceId"),
                                   rest, NULL));
}

/* Whose deputy somebody is: one of those who take part. */
static void offer_people(struct ctx *ctx, json_t *form, const struct meeting_row *meeting)
{
    json_t *field = meeting_form_field(form, "forId"), *people = meeting_people(ctx, meeting->key);
    meeting_make_select(ctx, field, people, "personId", "personName", json_text(field, "value"),
                        true);
    json_decref(people);
}

enum code attendance_new_form(struct ctx *ctx, struct answer *out)
{
    struct meeting_row meeting;
    enum code c = meeting_find_to_note(ctx, &meeting);
    if (c)
        return c;
    json_t *form = resource_form(ctx, attendance_resource.fields, NULL,
                                 meeting_path(ctx, &meeting, "/attendance"),
                                 ctx_text(ctx, N_("Add the person")));
    offer_people(ctx, form, &meeting);
    return meeting_give_form(ctx, out, form, &meeting, "/attendance",
                             ctx_text(ctx, N_("Add a guest or a deputy")),
                             ctx_text(ctx, N_("Somebody who is in the register and comes without "
                                              "being a member of the group.")));
}

/* The row of the path, of this meeting; its name, or NULL when the caller may not know it. */
static enum code find_row(struct ctx *ctx, struct meeting_row *meeting, const char **name,
                          long long *version)
{
    enum code c = meeting_find_to_note(ctx, meeting);
    if (c)
        return c;
    json_t *row = resource_one(ctx, &attendance_resource, ctx_value(ctx, "attendanceId"), NULL,
                               version);
    bool here = row && !strcmp(json_text(row, "meetingId"), meeting->id);
    const char *known = here ? json_text(row, "personName") : NULL;
    *name = known ? arena_strdup(ctx->arena, known) : NULL;
    json_decref(row);
    if (here)
        return OK;
    return tx_code(ctx->tx) ? tx_code(ctx->tx) : ctx_absent(ctx);
}

enum code attendance_edit_form(struct ctx *ctx, struct answer *out)
{
    struct meeting_row meeting;
    const char *name;
    long long version;
    enum code c = find_row(ctx, &meeting, &name, &version);
    if (c)
        return c;
    json_t *form = resource_form_of(ctx, &attendance_resource, ctx_value(ctx, "attendanceId"),
                                    row_path(ctx, &meeting, "?_method=PATCH"),
                                    ctx_text(ctx, N_("Save")), NULL);
    if (form)
        offer_people(ctx, form, &meeting);
    return meeting_give_form(ctx, out, form, &meeting, "/attendance",
                             ctx_text(ctx, N_("Change attendance")), name);
}

enum code attendance_delete_form(struct ctx *ctx, struct answer *out)
{
    static const struct field nothing[] = {{0}};
    struct meeting_row meeting;
    const char *name;
    long long version;
    enum code c = find_row(ctx, &meeting, &name, &version);
    if (c)
        return c;
    json_t *form = resource_form(ctx, nothing, NULL, row_path(ctx, &meeting, "?_method=DELETE"),
                                 ctx_text(ctx, NC_("button", "Delete")));
    json_put(form, "version", arena_int(ctx->arena, version));
    return meeting_give_form(ctx, out, form, &meeting, "/attendance",
                             ctx_text(ctx, N_("Take the person off the list")), name);
}
