/* fuzz_paper.c: any bytes as a paper are of one kind or refused with one of four reasons. The first
 * byte says whether they are a whole file, or the list of types in a workbook around them, which a
 * fuzzer would never get into a zip file by itself. */
#include <string.h>
#include <zip.h>

#include "../../src/meeting/paper.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void add(zip_t *zip, const char *name, const void *bytes, size_t n)
{
    zip_source_t *source = zip_source_buffer(zip, bytes, n, 0);
    MUST(source && zip_file_add(zip, name, source, 0) >= 0);
}

static size_t pack(const uint8_t *types, size_t n, char *out, size_t room)
{
    zip_error_t fault;
    zip_error_init(&fault);
    zip_source_t *target = zip_source_buffer_create(NULL, 0, 0, &fault);
    zip_source_keep(target);
    zip_t *zip = zip_open_from_source(target, ZIP_TRUNCATE, &fault);
    MUST(zip);
    add(zip, "[Content_Types].xml", types, n);
    add(zip, "_rels/.rels", "<r/>", 4);
    add(zip, "xl/workbook.xml", "<w/>", 4);
    MUST(zip_close(zip) == 0 && zip_source_open(target) == 0);
    zip_int64_t got = zip_source_read(target, out, room);
    zip_source_close(target);
    zip_source_free(target);
    zip_error_fini(&fault);
    return got > 0 ? (size_t)got : 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char packed[1 << 18];
    static const char *const reasons[] = {"paper-type", "paper-macros", "paper-damaged",
                                          "paper-packed"};
    const struct paper_kind *kind;
    struct err err;
    if (!size)
        return 0;
    bool whole = data[0] != 'x';
    const char *bytes = whole ? (const char *)data + 1 : packed;
    size_t n = whole ? size - 1 : pack(data + 1, size - 1, packed, sizeof packed);
    bool known = false;
    err_init(&err);
    enum code c = paper_kind_of(bytes, n, &kind, &err);
    for (size_t i = 0; c && i < LEN(reasons); i++)
        known = known || !strcmp(err.rule, reasons[i]);
    MUST(c ? c == E_INPUT && known : kind == paper_kind_named(kind->media_type));
    err_release(&err);
    return 0;
}
