/* ctx.c: the small words every handler uses.
 *
 * Owns nothing but the shape of a request's shared state. Knows no route's meaning, no resource and
 * no language beyond asking for a text, so that a rule can be tested without a socket. */
#include <stdarg.h>
#include <string.h>
#include <kansli/buf.h>
#include <kansli/ctx.h>
#include <kansli/json.h>

const char *ctx_value(const struct ctx *ctx, const char *name)
{
    for (int i = 0; i < ctx->names; i++)
        if (!strcmp(ctx->name[i], name))
            return ctx->value[i];
    BUG("the path has no {%s}", name);
}

const char *ctx_query(const struct ctx *ctx, const char *name)
{
    const char *text = params_text(ctx->query, name);
    return text && *text ? text : NULL;
}

bool ctx_page(const struct ctx *ctx)
{
    if (!ctx->api)
        return true;
    for (int i = 0; ctx->embed[i]; i++)
        if (!strcmp(ctx->embed[i], "page"))
            return true;
    return false;
}

bool ctx_embeds(struct ctx *ctx, const char *name)
{
    bool wanted = ctx_page(ctx);
    for (int i = 0; ctx->embed[i]; i++) {
        if (strcmp(ctx->embed[i], name))
            continue;
        ctx->embed_known |= 1u << i;
        wanted = true;
    }
    return wanted;
}

void ctx_embed(struct ctx *ctx, json_t *document, const char *name, json_t *part)
{
    (void)ctx;
    json_t *all = json_object_get(document, "_embedded");
    if (!all)
        all = json_put_new(document, "_embedded", json_object());
    json_put_new(all, name, part);
}

void ctx_link(struct ctx *ctx, json_t *document, const char *rel, const char *method,
              const char *path)
{
    json_t *links = json_object_get(document, "_links");
    if (!links)
        links = json_put_new(document, "_links", json_array());
    json_t *link = json_push(links, json_object());
    json_put(link, "rel", rel);
    json_put(link, "href", arena_join(ctx->arena, ctx->base_url, "/api/v1", path, NULL));
    json_put(link, "method", method);
}

const char *ctx_text(const struct ctx *ctx, const char *msgid)
{
    return ctx->text(ctx->lang, msgid);
}

const char *ctx_textf(const struct ctx *ctx, const char *msgid, ...)
{
    json_t *args = json_object();
    va_list pairs;
    va_start(pairs, msgid);
    for (const char *name = va_arg(pairs, const char *); name; name = va_arg(pairs, const char *))
        json_put(args, name, va_arg(pairs, const char *));
    va_end(pairs);
    const char *filled = text_fill(ctx->arena, ctx_text(ctx, msgid), args);
    json_decref(args);
    return filled;
}

enum code ctx_markdown(struct ctx *ctx, const char *text, int heading, const char *pointer,
                       const char **html)
{
    struct buf buf;
    struct err err;
    buf_init(&buf, 1 << 20);
    err_init(&err);
    enum code c = ctx->markdown(text, heading, &buf, &err);
    if (c == E_INPUT)
        err_field(ctx->err, pointer, err.msgid, "line", json_text(err.args, "line"), NULL);
    else if (c)
        err_set(ctx->err, c, err.rule, err.msgid);
    *html = arena_strndup(ctx->arena, buf.data, buf.len);
    err_release(&err);
    buf_release(&buf);
    return c ? ctx->err->code : OK;
}

enum code ctx_fail(struct ctx *ctx, enum code code, const char *rule, const char *msgid)
{
    return err_set(ctx->err, code, rule, msgid);
}

enum code ctx_absent(struct ctx *ctx)
{
    return err_set(ctx->err, E_ABSENT, "not-found",
                   N_("There is nothing here, or nothing that you may see."));
}
