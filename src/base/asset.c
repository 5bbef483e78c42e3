/* asset.c: finds the files that are embedded in the binary.
 *
 * The table is build/assets.c, made by src/tool/embed.c and sorted by name. What a file means is
 * for others to know. */
#include <kansli/asset.h>
#include <stdlib.h>
#include <string.h>

static int by_name(const void *name, const void *asset)
{
    return strcmp(name, ((const struct asset *)asset)->name);
}

const struct asset *asset_find(const char *name)
{
    return bsearch(name, asset_table, asset_count, sizeof *asset_table, by_name);
}

const struct asset *asset_all(size_t *n)
{
    *n = asset_count;
    return asset_table;
}
