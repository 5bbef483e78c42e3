#ifndef KANSLI_GROUP_H
#define KANSLI_GROUP_H
#include <kansli/check.h>
#include <kansli/resource.h>
extern const struct resource group_resource, hosting_resource, relation_resource;
extern const struct reference group_reference, body_reference;
extern const struct route group_routes[];
extern const struct check group_checks[];
enum code group_create(struct ctx *ctx, struct answer *out);
enum code hosting_create(struct ctx *ctx, struct answer *out);
enum code relation_create(struct ctx *ctx, struct answer *out);
#endif
