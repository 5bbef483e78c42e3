/* site.h: the site's own pages: what the law asks for, the API explained, problems explained,
 * administration. */
#ifndef KANSLI_SITE_H
#define KANSLI_SITE_H

#include <kansli/resource.h>
#include <kansli/task.h>

extern const struct task shortcoming_tasks[];
extern const struct resource site_text_resource, shortcoming_resource, setting_resource;
extern const struct route site_routes[];

/* The API's description (OpenAPI 3.1) of the running program, made from the route and field tables;
 * new reference. base_url has no slash at its end; NULL or "": addresses without a host. */
json_t *openapi_document(const char *base_url);
/* Every row of every route table, pages too: [{method, path, api, page, shape, may, view}], for
 * tests and the command line. New reference. */
json_t *routes_document(void);
/* Reference texts of a new register. */
NODISCARD enum code site_load(struct ctx *ctx);
/* How much one caller may ask for: settings, from the moment they are saved. The least when tx has
 * failed. */
struct site_limits {
    int per_second, burst;
};
struct site_limits site_limits(struct tx *tx);
/* Before the server starts: shortcomings are counted for each address (5 an hour), unless `limits`
 * is false (--no-limits). */
void site_start(bool limits);

#endif
