/* gzip.h: bytes made smaller on the way to a browser, and what the binary carries made whole. */
#ifndef KANSLI_GZIP_H
#define KANSLI_GZIP_H

#include <kansli/base.h>

/* The bytes as gzip, quickly rather than small, and how many; NULL when that spares less than a
 * tenth. The caller frees. */
char *gzip_pack(const void *bytes, size_t n, size_t *packed);
/* The `whole` bytes of which these are the gzip: of our own making, so anything else is a BUG. The
 * caller frees. */
unsigned char *gzip_unpack(const void *bytes, size_t n, size_t whole);

#endif
