/* annex.c: the generic annex of a kind (R11): what every mandate of that kind also says.
 *
 * The same sheet of paper as a mandate, with a shorter life: the support function writes it and
 * approves it, and it is superseded like one. Must not know pages. */
#include <string.h>
#include <kansli/kind.h>
#include "internal.h"

json_t *annex_kind(struct ctx *ctx, struct answer *out, enum code *c)
{
    const char *id = ctx_value(ctx, "id");
    json_t *kind = resource_one(ctx, &kind_resource, id, NULL, NULL);
    *c = kind ? OK : resource_absent(ctx, &kind_resource, id, out);
    return kind;
}

const char *annex_in_path(struct ctx *ctx)
{
    const char *id = ctx_value(ctx, "mandateId");
    json_t *annex = resource_one(ctx, &annex_resource, id, NULL, NULL);
    bool here = annex && !strcmp(json_text(annex, "kindId"), ctx_value(ctx, "id"));
    json_decref(annex);
    return here ? id : NULL;
}

/* The annex of the path, which the caller may change. */
static enum code find_to_change(struct ctx *ctx, struct answer *out, struct sheet *sheet)
{
    enum code c;
    json_t *kind = annex_kind(ctx, out, &c);
    memset(sheet, 0, sizeof *sheet);
    if (!kind)
        return c;
    json_decref(kind);
    if (!annex_in_path(ctx))
        return ctx_absent(ctx);
    c = sheet_find(ctx, &annex_resource, ctx_value(ctx, "mandateId"), sheet);
    return c ? c : must_may(ctx, ACT_CHANGE_ORGANISATION, 0);
}

static void back_to_kind(struct ctx *ctx, struct answer *out)
{
    out->see = arena_printf(ctx->arena, "/group-kinds/%s/mandates", ctx_value(ctx, "id"));
}

enum code annex_create(struct ctx *ctx, struct answer *out)
{
    struct mandate_input in;
    const char *id;
    enum code c;
    json_t *kind = annex_kind(ctx, out, &c);
    if (!kind)
        return c;
    json_decref(kind);
    c = must_may(ctx, ACT_CHANGE_ORGANISATION, 0);
    if (!c)
        c = sheet_check(ctx, &in, resource_read(ctx, &annex_resource, &in));
    if (!c)
        c = sheet_insert(
            ctx, &annex_resource, "kind_key",
            db_int(ctx->tx, 0, "SELECT key FROM group_kind WHERE id = ?1", ctx_value(ctx, "id")),
            &in, &id);
    if (c)
        return c;
    out->flash = N_("The draft is saved.");
    return resource_created(ctx, &annex_resource, id, out);
}

enum code annex_change(struct ctx *ctx, struct answer *out)
{
    struct sheet sheet;
    enum code c = find_to_change(ctx, out, &sheet);
    return c || !sheet.key ? c : sheet_change(ctx, &annex_resource, &sheet, out);
}

enum code annex_remove(struct ctx *ctx, struct answer *out)
{
    struct sheet sheet;
    enum code c = find_to_change(ctx, out, &sheet);
    if (c || !sheet.key)
        return c;
    back_to_kind(ctx, out);
    return sheet_remove(ctx, &annex_resource, &sheet, out);
}

enum code annex_approve(struct ctx *ctx, struct answer *out)
{
    struct sheet sheet;
    enum code c = find_to_change(ctx, out, &sheet);
    if (c || !sheet.key)
        return c;
    c = sheet_is_draft(ctx, &sheet);
    if (!c)
        c = sheet_say(ctx, &sheet, 0, "approved", NULL, tx_instant(ctx->tx));
    if (!c)
        c = db_run(ctx->tx, "UPDATE mandate SET submitted_at = ?2, approved_at = ?2 WHERE key = ?1",
                   sheet.key, tx_instant(ctx->tx));
    if (!c)
        c = sheet_move(ctx, &annex_resource, &sheet, "approved", "approve");
    out->flash = N_("The annex is approved.");
    return c ? c : resource_created(ctx, &annex_resource, sheet.id, out);
}
