/* internal.h: what the files of glossary/ share. */
#ifndef KANSLI_GLOSSARY_INTERNAL_H
#define KANSLI_GLOSSARY_INTERNAL_H

#include <kansli/glossary.h>

/* PATCH and DELETE /glossary/{id}. May: ACT_CHANGE_ORGANISATION. */
enum code glossary_change(struct ctx *ctx, struct answer *out);
enum code glossary_remove(struct ctx *ctx, struct answer *out);

/* Every word that q finds (all without q), by first letter: [{letter, anchor, items}]. New
 * reference. */
json_t *glossary_letters(struct ctx *ctx);

#endif
