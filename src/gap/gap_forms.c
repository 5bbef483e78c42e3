/* gap_forms.c: the pages on which a gap is raised, changed and moved on.
 *
 * Owns what a form begins with. The rules are asked when it is sent; what is asked here is only
 * whether to show it at all. Knows no SQL. */
#include <string.h>
#include "internal.h"

static enum code give(struct ctx *ctx, struct answer *out, json_t *form, const char *group_id,
                      const char *cancel, const char *title)
{
    json_t *document = out->document = json_object();
    json_put(form, "cancel", cancel);
    json_put_new(document, "form", form);
    out->view = "gap/form"; /* also when it comes back with what to mend */
    return group_below(ctx, group_id, out, "/gaps", title);
}

/* What a member raises is raised: how it is answered is for others to say. */
static void hide_answer(struct ctx *ctx, json_t *form, long long group_key)
{
    json_t *fields = json_object_get(form, "fields");
    bool answers = may(ctx, ACT_CHANGE_GROUP, group_key);
    ctx->as_support = false; /* asked, not done */
    for (size_t i = json_array_size(fields); !answers && i-- > 0;) {
        const char *name = json_text(json_array_get(fields, i), "name");
        if (!strcmp(name, "status") || !strcmp(name, "reason"))
            json_array_remove(fields, i);
    }
}

enum code gap_new_form(struct ctx *ctx, struct answer *out)
{
    enum code c;
    long long key = group_in_path(ctx, out, &c);
    if (!key)
        return c;
    const char *id = ctx_value(ctx, "id"), *own, *name;
    if (!gap_may_raise(ctx, key, &own, &name))
        return must_may(ctx, ACT_RAISE_GAP, key);
    ctx->as_support = false; /* asked, not done */
    /* An object to begin with is one that exists, whose fields that are set once are not shown:
     * so what a form begins with goes in afterwards. */
    json_t *form = resource_form(ctx, gap_resource.fields, NULL,
                                 arena_printf(ctx->arena, "/groups/%s/gaps", id),
                                 ctx_text(ctx, N_("Raise the gap"))), *field;
    size_t i;
    json_array_foreach(json_object_get(form, "fields"), i, field) {
        const char *what = json_text(field, "name"), *value = json_text(field, "value");
        bool empty = !value || !*value;
        if (!strcmp(what, "raisedById") && own && empty) {
            json_put(field, "value", own);
            json_put(field, "shown", name);
        } else if (!strcmp(what, "raisedOn") && empty)
            json_put(field, "value", ctx->today);
    }
    hide_answer(ctx, form, key);
    return give(ctx, out, form, id, arena_printf(ctx->arena, "/groups/%s/gaps", id),
                ctx_text(ctx, N_("New need or gap")));
}

/* Of a form only what moves a gap on. */
static json_t *moves(json_t *form)
{
    static const char *const shown[] = {"priority", "status", "reason"};
    json_t *fields = json_object_get(form, "fields");
    for (size_t i = json_array_size(fields); i-- > 0;) {
        bool keep = false;
        for (size_t j = 0; j < LEN(shown); j++)
            keep = keep || !strcmp(shown[j], json_text(json_array_get(fields, i), "name"));
        if (!keep)
            json_array_remove(fields, i);
    }
    return form;
}

static json_t *form_of(struct ctx *ctx, const char *id, const char *submit)
{
    return resource_form_of(ctx, &gap_resource, id,
                            arena_printf(ctx->arena, "/gaps/%s?_method=PATCH", id),
                            ctx_text(ctx, submit), NULL);
}

/* Comes back as it was sent: whole, or only what moves the gap on. */
enum code gap_edit_form(struct ctx *ctx, struct answer *out)
{
    long long key = 0, group = 0;
    const char *group_id, *id = ctx_value(ctx, "id");
    enum code c = gap_find(ctx, &key, &group, &group_id);
    if (!c)
        c = must_may(ctx, ACT_CHANGE_GROUP, group);
    if (c)
        return c;
    bool moved = params_has(ctx->body, "status") && !params_has(ctx->body, "title");
    json_t *form = moved ? gap_move_form(ctx, id) : form_of(ctx, id, N_("Save"));
    return give(ctx, out, form, group_id, arena_printf(ctx->arena, "/gaps/%s", id),
                ctx_text(ctx, moved ? N_("Where it stands") : N_("Change the gap")));
}

json_t *gap_move_form(struct ctx *ctx, const char *id)
{
    return moves(form_of(ctx, id, NC_("gap", "Move")));
}
