/* gzip.c: bytes made smaller on the way to a browser, and what the binary carries made whole: the one
 * file of the program that knows zlib.
 *
 * Level 1: a page is packed while somebody waits for it, and what the higher levels spare is less
 * than a packet. */
#include <stdlib.h>

#include <zlib.h>

#include <kansli/gzip.h>

enum { LEVEL = 1, GZIP_WINDOW = 15 + 16, MEMORY = 8 };

char *gzip_pack(const void *bytes, size_t n, size_t *packed)
{
    z_stream z = { 0 };
    size_t most = n - n / 10;

    if (n > UINT32_MAX / 2)
        return NULL;
    if (deflateInit2(&z, LEVEL, Z_DEFLATED, GZIP_WINDOW, MEMORY, Z_DEFAULT_STRATEGY) != Z_OK)
        BUG("out of memory for zlib");
    char *out = must_malloc(most);
    z.next_in = (Bytef *)(uintptr_t)bytes; /* zlib only reads it */
    z.avail_in = (uInt)n;
    z.next_out = (Bytef *)out;
    z.avail_out = (uInt)most;
    bool smaller = deflate(&z, Z_FINISH) == Z_STREAM_END;
    *packed = z.total_out;
    deflateEnd(&z);
    if (smaller)
        return out;
    free(out);
    return NULL;
}

unsigned char *gzip_unpack(const void *bytes, size_t n, size_t whole)
{
    z_stream z = { 0 };
    unsigned char *out = must_malloc(whole + 1); /* room to see that there is no more */

    if (inflateInit2(&z, GZIP_WINDOW) != Z_OK)
        BUG("out of memory for zlib");
    z.next_in = (Bytef *)(uintptr_t)bytes; /* zlib only reads it */
    z.avail_in = (uInt)n;
    z.next_out = out;
    z.avail_out = (uInt)whole + 1;
    MUST(inflate(&z, Z_FINISH) == Z_STREAM_END && z.total_out == whole);
    inflateEnd(&z);
    return out;
}
