/* site.h: the site's own pages: what the law asks for, the API explained, problems explained, administration. */
#ifndef KANSLI_SITE_H
#define KANSLI_SITE_H

#include <kansli/resource.h>

extern const struct resource site_text_resource, shortcoming_resource;
extern const struct route site_routes[];

/* The API's description (OpenAPI 3.1) of the running program, made from the route and field tables; new reference. */
json_t *openapi_document(const char *base_url);
/* Every row of the route tables, pages too: [{method, path, api, page, shape, may}]; new reference. For the access matrix. */
json_t *routes_document(void);
/* Reference texts of a new register. */
NODISCARD enum code site_load(struct ctx *ctx);

#endif
