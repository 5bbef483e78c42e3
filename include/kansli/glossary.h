/* glossary.h: the abbreviations of the field (R8): a page, tooltips, an introduction. */
#ifndef KANSLI_GLOSSARY_H
#define KANSLI_GLOSSARY_H

#include <kansli/resource.h>

extern const struct resource glossary_resource;
extern const struct route glossary_routes[];

/* POST /glossary. Also the loader's way in. May: ACT_CHANGE_ORGANISATION. */
enum code glossary_create(struct ctx *ctx, struct answer *out);
/* Every abbreviation with its name in the reader's language, {"NPO": "Nationellt programområde"}:
 * for <abbr title="{{tips.NPO}}">. New reference. */
json_t *glossary_tips(struct ctx *ctx);

#endif
