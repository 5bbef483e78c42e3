/* zip.h: the parts of a zip file from outside, unpacked in small pieces and counted. The only file
 * that knows libzip. */
#ifndef KANSLI_ZIP_H
#define KANSLI_ZIP_H

#include <kansli/err.h>

struct zip_file_in;

/* Looks at a zip file in memory, which must outlive it. E_INPUT "malformed-workbook" when it is none
 * or is locked; E_TOO_BIG "import-too-big" when it names more than 1 000 parts. */
NODISCARD enum code zip_in_open(const char *bytes, size_t n, struct zip_file_in **out,
                                struct err *err);
/* NULL is fine. */
void zip_in_close(struct zip_file_in *zip);
/* The name of its i-th part, in the order of its directory; NULL past the last. Borrowed. */
const char *zip_in_name(const struct zip_file_in *zip, size_t i);
bool zip_in_has(const struct zip_file_in *zip, const char *name);
/* Hands a part over piece by piece, at most 16 KB each; take returns false to stop, which is no
 * failure. E_TOO_BIG "import-too-big" when all parts read so far come to more than 64 MB, or more
 * than 1 MB and a hundred times the file; E_INPUT "malformed-workbook" when it cannot be unpacked. */
NODISCARD enum code zip_in_read(struct zip_file_in *zip, const char *name,
                                bool (*take)(void *arg, const char *bytes, size_t n), void *arg,
                                struct err *err);

#endif
