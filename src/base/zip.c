/* zip.c: a zip file from outside; the only file that knows libzip.
 *
 * Owns: the limits that keep a bomb from going off. What a zip file says of its own sizes is never
 * believed: bytes are counted as they come out, and the number of its parts is looked at before
 * libzip is asked, because libzip makes room for each. Must not know what is in it. */
#include <stdlib.h>
#include <string.h>
#include <zip.h>
#include <kansli/zip.h>

enum {
    PARTS_MOST = 1000,
    PIECE = 16 * 1024,
    INFLATED_MOST = 64 << 20,
    RATIO_MOST = 100,
    RATIO_FROM = 1 << 20, /* what may come out of anything */
    TAIL = 65535 + 22,    /* where the end of a zip file's directory may stand */
    LOCATOR = 20          /* bytes of a 64-bit directory's locator, right before that end */
};

struct zip_file_in {
    struct zip *zip;
    size_t size, inflated;
};

static enum code broken(struct err *err)
{
    return err_set(
        err, E_INPUT, "malformed-workbook",
        N_("The workbook is damaged or locked. Open it in a spreadsheet and save it anew, "
           "without a password."));
}

static enum code too_big(struct err *err)
{
    return err_set(err, E_TOO_BIG, "import-too-big",
                   N_("The file holds too much. Take away what is not needed, or divide it."));
}

static uint64_t number(const char *at, int bytes)
{
    uint64_t n = 0;
    for (int i = bytes; i--;)
        n = n << 8 | (unsigned char)at[i];
    return n;
}

/* What any directory that libzip could choose says of the number of its parts. A directory of the
 * 64-bit kind is for files of four gigabytes. */
static bool few_parts(const char *bytes, size_t n)
{
    size_t from = n > TAIL ? n - TAIL : 0;
    for (size_t at = from; at + 22 <= n; at++) {
        if (memcmp(bytes + at, "PK\005\006", 4))
            continue;
        bool big = at >= LOCATOR && !memcmp(bytes + at - LOCATOR, "PK\006\007", 4);
        if (big || number(bytes + at + 10, 2) > PARTS_MOST)
            return false;
    }
    return true;
}

enum code zip_in_open(const char *bytes, size_t n, struct zip_file_in **out, struct err *err)
{
    zip_error_t fault;
    *out = NULL;
    if (!few_parts(bytes, n))
        return too_big(err);
    zip_error_init(&fault);
    zip_source_t *source = zip_source_buffer_create(bytes, n, 0, &fault);
    zip_t *zip = source ? zip_open_from_source(source, ZIP_RDONLY, &fault) : NULL;
    zip_error_fini(&fault);
    if (!zip) {
        if (source)
            zip_source_free(source);
        return broken(err);
    }
    *out = must_calloc(1, sizeof **out);
    (*out)->zip = zip;
    (*out)->size = n;
    return OK;
}

void zip_in_close(struct zip_file_in *zip)
{
    if (!zip)
        return;
    zip_discard(zip->zip);
    free(zip);
}

const char *zip_in_name(const struct zip_file_in *zip, size_t i)
{
    return zip_get_name(zip->zip, i, ZIP_FL_ENC_RAW);
}

bool zip_in_has(const struct zip_file_in *zip, const char *name)
{
    return zip_name_locate(zip->zip, name, 0) >= 0;
}

enum code zip_in_read(struct zip_file_in *zip, const char *name,
                      bool (*take)(void *arg, const char *bytes, size_t n), void *arg,
                      struct err *err)
{
    char piece[PIECE];
    zip_int64_t got = 0;
    bool more = true;
    zip_file_t *part = zip_fopen(zip->zip, name, 0);
    if (!part)
        return broken(err);
    while (more && (got = zip_fread(part, piece, sizeof piece)) > 0) {
        zip->inflated += (size_t)got;
        if (zip->inflated > INFLATED_MOST ||
            (zip->inflated > RATIO_FROM && zip->inflated / RATIO_MOST > zip->size)) {
            zip_fclose(part);
            return too_big(err);
        }
        more = take(arg, piece, (size_t)got);
    }
    zip_fclose(part);
    return got < 0 ? broken(err) : OK;
}
