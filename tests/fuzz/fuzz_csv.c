/* fuzz_csv.c: any bytes as CSV are refused with a line, or every cell of them is clean text.
 * The first byte is the number of rows that are allowed. */
#include <kansli/csv.h>
#include <kansli/utf8.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_cell(struct arena *arena, const char *text)
{
    char *again;
    MUST(text && text_clean(arena, text, strlen(text), true, &again) == TEXT_OK);
    MUST(!strcmp(again, text));
}

static void check_rows(struct arena *arena, const struct csv *csv, size_t max_rows)
{
    MUST(csv_rows(csv) <= max_rows && csv_columns(csv) >= 1 && csv_columns(csv) <= 500);
    for (size_t c = 0; c < csv_columns(csv); c++) {
        const char *heading = csv_heading(csv, c);
        check_cell(arena, heading);
        for (size_t r = 0; r < csv_rows(csv); r++)
            check_cell(arena, csv_cell(csv, r, heading));
        for (size_t other = c + 1; other < csv_columns(csv) && *heading; other++)
            MUST(strcmp(heading, csv_heading(csv, other)) != 0);
    }
    for (size_t r = 0; r < csv_rows(csv); r++)
        MUST(!*csv_cell(csv, r, "\001 no heading"));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!size)
        return 0;
    struct arena *arena = arena_new(64 << 20);
    struct csv *csv = NULL;
    struct err err;
    err_init(&err);
    enum code c = csv_read(arena, (const char *)data + 1, size - 1, data[0], &csv, &err);
    MUST(c == err.code);
    if (c)
        MUST(c == E_INPUT && err.rule && err.msgid);
    else
        check_rows(arena, csv, data[0]);
    err_release(&err);
    arena_free(arena);
    return 0;
}
