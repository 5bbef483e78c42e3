/* fuzz_xlsx.c: any bytes as a workbook or a table are refused with a reason, or every cell of them
 * is text. The first byte says whether they are a whole file, or the XML of a workbook's parts (its
 * sheet, its styles, its texts), which a fuzzer would never get into a zip file by itself. */
#include <kansli/sheet.h>
#include <kansli/utf8.h>
#include <string.h>
#include <zip.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char workbook[] =
    "<workbook><workbookPr/><sheets><sheet name='a' r:id='r1' xmlns:r='x'/></sheets></workbook>";
static const char relations[] =
    "<Relationships><Relationship Id='r1' Target='worksheets/sheet1.xml'/></Relationships>";

static void add(zip_t *zip, const char *name, const void *bytes, size_t n)
{
    zip_source_t *source = zip_source_buffer(zip, bytes, n, 0);
    MUST(source && zip_file_add(zip, name, source, 0) >= 0);
}

/* The bytes, cut in three at zero bytes, as the parts of a workbook. */
static size_t pack(const uint8_t *data, size_t size, char *out, size_t room)
{
    static const char *const names[] = {"xl/worksheets/sheet1.xml", "xl/sharedStrings.xml",
                                        "xl/styles.xml"};
    zip_error_t fault;
    zip_error_init(&fault);
    zip_source_t *target = zip_source_buffer_create(NULL, 0, 0, &fault);
    zip_source_keep(target);
    zip_t *zip = zip_open_from_source(target, ZIP_TRUNCATE, &fault);
    MUST(zip);
    add(zip, "xl/workbook.xml", workbook, sizeof workbook - 1);
    add(zip, "xl/_rels/workbook.xml.rels", relations, sizeof relations - 1);
    for (size_t i = 0; i < LEN(names) && size; i++) {
        const uint8_t *zero = memchr(data, 0, size);
        size_t n = zero ? (size_t)(zero - data) : size;
        add(zip, names[i], data, n);
        size -= n + (zero != NULL);
        data += n + (zero != NULL);
    }
    MUST(zip_close(zip) == 0);
    MUST(zip_source_open(target) == 0);
    zip_int64_t got = zip_source_read(target, out, room);
    zip_source_close(target);
    zip_source_free(target);
    zip_error_fini(&fault);
    return got > 0 ? (size_t)got : 0;
}

static void check(const struct sheet *sheet)
{
    MUST(sheet->columns >= 1 && sheet->columns <= 500 && sheet->rows <= 50);
    for (size_t r = 0; r < sheet->rows; r++)
        for (size_t c = 0; c < sheet->columns; c++) {
            const char *text = sheet_cell(sheet, r, c);
            MUST(utf8_valid(text, strlen(text)));
        }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char packed[1 << 20];
    if (!size || size > 65536)
        return 0;
    bool parts = data[0] & 1;
    size_t n = parts ? pack(data + 1, size - 1, packed, sizeof packed) : size - 1;
    struct arena *arena = arena_new(256 << 20);
    struct sheet *sheet = NULL;
    struct err err;
    err_init(&err);
    enum code c = sheet_read(arena, parts ? packed : (const char *)data + 1, n, 50, &sheet, &err);
    MUST(c == err.code);
    if (c)
        MUST((c == E_INPUT || c == E_TOO_BIG) && err.rule && err.msgid);
    else
        check(sheet);
    err_release(&err);
    arena_free(arena);
    return 0;
}
