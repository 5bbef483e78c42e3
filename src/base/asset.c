/* asset.c: finds the files that are embedded in the binary.
 *
 * The table is build/assets.c, made by src/tool/embed.c and sorted by name. Most files stand in one
 * pack, a quarter of their size, and are unpacked once. What a file means is for others to know. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <kansli/asset.h>
#include <kansli/gzip.h>

static struct asset *table;

static void unpack(void)
{
    const unsigned char *at = gzip_unpack(asset_pack, asset_pack_len, asset_unpacked_len);
    const unsigned char *end = at + asset_unpacked_len;
    table = must_calloc(asset_count, sizeof *table);
    memcpy(table, asset_table, asset_count * sizeof *table);
    for (size_t i = 0; i < asset_count; i++)
        if (!table[i].bytes) {
            table[i].bytes = at;
            at += table[i].len + 1;
        }
    MUST(at == end);
}

static int by_name(const void *name, const void *asset)
{
    return strcmp(name, ((const struct asset *)asset)->name);
}

const struct asset *asset_all(size_t *n)
{
    static pthread_once_t unpacked = PTHREAD_ONCE_INIT;
    pthread_once(&unpacked, unpack);
    *n = asset_count;
    return table;
}

const struct asset *asset_find(const char *name)
{
    size_t n;
    const struct asset *all = asset_all(&n);
    return bsearch(name, all, n, sizeof *all, by_name);
}
