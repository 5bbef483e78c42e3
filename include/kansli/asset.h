/* asset.h: the files that are embedded in the binary: templates, style, script, migrations,
 * reference data, catalogues.
 *
 * build/assets.c is made by src/tool/embed.c; nothing here knows what a file means. */
#ifndef KANSLI_ASSET_H
#define KANSLI_ASSET_H

#include <kansli/base.h>

struct asset {
    /* "static/style.css", "templates/group/show.html", "migrations/0001_house.sql",
     * "data/groups.csv", "i18n/sv.mo" */
    const char *name;
    const unsigned char *bytes; /* a NUL stands after them */
    size_t len;
    const unsigned char *gzip; /* level 9, or NULL when it is not at least a tenth smaller */
    size_t gzip_len;
    const char *hash; /* first 16 hex digits of SHA-256 */
    const char *type; /* media type */
};

/* NULL when absent. The first who asks for any has them unpacked. */
const struct asset *asset_find(const char *name);
/* All of them, sorted by name. */
const struct asset *asset_all(size_t *n);

/* What is generated; for asset.c only. Files that are not sent as they are have no bytes in the table:
 * they stand in one pack, in the table's order, each with its NUL. */
extern const struct asset asset_table[];
extern const size_t asset_count, asset_pack_len, asset_unpacked_len;
extern const unsigned char asset_pack[];

#endif
