/* part.c: lays the parts of later features into an object's document. Owns nothing else. */
#include <string.h>
#include <kansli/json.h>
#include <kansli/part.h>

void parts_embed(struct ctx *ctx, const char *of, json_t *object, long long key)
{
    for (const struct part *const *table = part_tables; *table; table++)
        for (const struct part *part = *table; part->of; part++) {
            if (strcmp(part->of, of) || !ctx_embeds(ctx, part->name))
                continue;
            json_t *made = part->make(ctx, key, object);
            ctx_embed(ctx, object, part->name, made ? made : json_null());
        }
}
