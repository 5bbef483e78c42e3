/* glossary.h: the abbreviations of the field (R8): a page, tooltips, an introduction. */
#ifndef KANSLI_GLOSSARY_H
#define KANSLI_GLOSSARY_H

#include <kansli/resource.h>

extern const struct resource glossary_resource;
extern const struct route glossary_routes[];

/* POST /glossary. Also the loader's way in. May: ACT_CHANGE_ORGANISATION. */
enum code glossary_create(struct ctx *ctx, struct answer *out);

#endif
