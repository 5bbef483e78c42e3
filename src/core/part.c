/* part.c: lays the parts of later features, and the links to them, into an object's document. Owns
 * nothing else. */
#include <string.h>
#include <kansli/json.h>
#include <kansli/part.h>

void parts_embed(struct ctx *ctx, const char *of, json_t *object, long long key)
{
    for (const struct part *const *table = part_tables; *table; table++)
        for (const struct part *part = *table; part->of; part++) {
            if (!part->make || strcmp(part->of, of) || !ctx_embeds(ctx, part->name))
                continue;
            json_t *made = part->make(ctx, key, object);
            ctx_embed(ctx, object, part->name, made ? made : json_null());
        }
}

void parts_link(struct ctx *ctx, const char *of, json_t *object, long long key)
{
    for (const struct part *const *table = part_tables; *table; table++)
        for (const struct part *part = *table; part->of; part++)
            if (part->link && !strcmp(part->of, of))
                part->link(ctx, key, object);
    ctx->as_support = false; /* asked, not done */
}

void part_link_list(struct ctx *ctx, json_t *group, const char *list, const char *add)
{
    const char *path = arena_printf(ctx->arena, "/groups/%s/%s", json_text(group, "id"), list);
    ctx_link(ctx, group, list, "GET", path);
    if (add)
        ctx_link(ctx, group, add, "POST", path);
}
