/* catalogue_pages.c: the addresses where programs look for what there is.
 *
 * Owns the routes; what is written there is popolo.c's and dcat.c's. The two addresses at the root
 * have dots in them and are no part of the API's description, which the catalogue leads to. */
#include <kansli/buf.h>
#include <kansli/json.h>
#include "internal.h"

enum { CATALOGUE_MOST = 16 << 10 };

static enum code dcat(struct ctx *ctx, struct answer *out)
{
    out->raw = dcat_turtle(ctx);
    out->raw_type = "text/turtle; charset=utf-8";
    out->open_to_all = true;
    return OK;
}

static json_t *target(struct ctx *ctx, const char *path, const char *type)
{
    json_t *one = json_pack("{s:s}", "href", arena_join(ctx->arena, ctx->base_url, path, NULL));
    if (type)
        json_put(one, "type", type);
    return json_pack("[o]", one);
}

/* One catalogue of one interface: its address, how a program reads of it, how people do. */
static enum code api_catalog(struct ctx *ctx, struct answer *out)
{
    const char *self = arena_join(ctx->arena, ctx->base_url, ctx->path, NULL);
    json_t *set = json_pack("{s:[{s:s, s:o}, {s:s, s:o, s:o, s:o, s:o}]}", "linkset", "anchor", self,
                            "item", target(ctx, "/api/v1", NULL), "anchor",
                            arena_join(ctx->arena, ctx->base_url, "/api/v1", NULL), "service-desc",
                            target(ctx, "/api/v1/openapi.json", "application/json"), "service-doc",
                            target(ctx, "/api", "text/html"), "service-meta",
                            target(ctx, "/dcat.ttl", "text/turtle"), "status",
                            target(ctx, "/api/v1/api-info", "application/json"));
    struct buf text;
    buf_init(&text, CATALOGUE_MOST);
    json_write(&text, set);
    MUST(!text.full);
    out->raw = arena_strndup(ctx->arena, text.data, text.len);
    out->raw_type = "application/linkset+json; profile=\"https://www.rfc-editor.org/info/rfc9727\"";
    out->link = arena_printf(ctx->arena, "<%s>; rel=\"api-catalog\"", self);
    out->open_to_all = true;
    buf_release(&text);
    json_decref(set);
    return OK;
}

const struct route catalogue_routes[] = {
    {"GET", "/exports/popolo", MAY_ALL, popolo_export, NULL,
     N_("The public part of the register as Popolo (popoloproject.com): the names of its members are "
        "Popolo's own, in snake_case."),
     SHAPE_VIEW, .reply = popolo_schema, .flags = ROUTE_NO_DAY | ROUTE_EXPORT},
    {"GET", "/dcat.ttl", MAY_ALL, dcat, NULL,
     N_("What open data there is: DCAT-AP-SE, for catalogues of data."), SHAPE_PAGE,
     .flags = ROUTE_NO_DAY},
    {"GET", "/.well-known/api-catalog", MAY_ALL, api_catalog, NULL,
     N_("Where the API is described: RFC 9727, for programs that look for interfaces."), SHAPE_PAGE,
     .flags = ROUTE_NO_DAY},
    {0},
};
