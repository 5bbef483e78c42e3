/* file.c: a file becomes rows.
 *
 * Owns: the way from what was sent to texts under field names, before the transaction, on a worker.
 * The rows leave as pieces of some two hundred, each one text, because that is what the register
 * keeps in a moment and what is small in memory however many there are, however long they are. Must not know what a row
 * means, nor whether it can be. */
#include <string.h>
#include <kansli/access.h>
#include <kansli/crypt.h>
#include <kansli/group.h>
#include "internal.h"

enum {
    FILE_BYTES_MOST = 64 << 20,
    PIECE_ROWS = ROWS_AT_ONCE,
    PIECE_BYTES = 1 << 20,     /* then it takes no more rows */
    ROW_TEXT_MOST = 256 << 10  /* of a row: more than its fields may hold together */
};

#define AT(member) offsetof(struct import_input, member)

const struct field import_parameters[] = {
    {.name = "resource",
     .label = N_("What the file holds"),
     .type = T_ENUM,
     .at = AT(resource),
     .flags = F_REQUIRED,
     .values = import_resources},
    {.name = "groupId",
     .label = N_("Group"),
     .type = T_REF,
     .at = AT(group),
     .reference = &group_reference,
     .hint = N_("Memberships, meetings and plans: the group of every row that names none.")},
    {.name = "dryRun",
     .label = N_("Only try"),
     .type = T_BOOL,
     .at = AT(dry_run),
     .flags = F_HIDDEN,
     .hint = N_("true, the default: the rows are tried and nothing is changed. false: they are "
                "applied at once, when none has an error.")},
    {0},
};

/* A form's fields and the address's parameters are the same thing here. */
enum code parameters_read(struct ctx *ctx, struct import_input *in)
{
    struct ctx both = *ctx;
    struct params all = {json_copy(ctx->body->values), false};
    json_object_update(all.values, ctx->query->values);
    json_object_del(all.values, "file"); /* nothing was chosen */
    memset(in, 0, sizeof *in);
    both.body = &all;
    enum code c = fields_read(&both, import_parameters, in);
    params_release(&all);
    return c;
}

static void hide_numbers(json_t *texts, const struct importable *kind)
{
    const char *name;
    json_t *text;
    void *next;
    json_object_foreach_safe(texts, next, name, text) {
        const struct field *field = import_field(kind, name, NULL);
        if (!field || !(field->flags & F_NUMBER))
            json_object_set_new(texts, name,
                                json_text_new(without_number(json_string_value(text))));
    }
}

static json_t *texts_of(struct arena *arena, const struct sheet *sheet, size_t r,
                        const struct importable *kind, const json_t *columns)
{
    json_t *texts = json_object(), *column;
    bool people = importable_names_people(kind);
    size_t i;
    json_array_foreach((json_t *)columns, i, column) {
        const char *field = json_text(column, "field");
        const char *text = sheet_unguard(sheet_cell(sheet, r, i));
        if (field && people && !strcmp(field, "name"))
            name_split(arena, text, texts);
        else if (field)
            json_put(texts, field, text);
    }
    hide_numbers(texts, kind);
    return texts;
}

/* The rows from *from on, as many as a piece has; NULL for one that holds more than a row may. */
static json_t *piece_of(struct arena *arena, const struct sheet *sheet, size_t *from,
                        const struct importable *kind, const json_t *columns)
{
    struct buf buf;
    bool fits = true;
    size_t first = *from;
    buf_init(&buf, PIECE_BYTES + 2 * ROW_TEXT_MOST);
    while (fits && *from < sheet->rows && *from < first + PIECE_ROWS && buf.len < PIECE_BYTES) {
        size_t before = buf.len;
        json_t *row = json_pack("[I, o]", (json_int_t)sheet->row[*from].line,
                                texts_of(arena, sheet, *from, kind, columns));
        buf_addc(&buf, *from == first ? '[' : ',');
        json_write(&buf, row);
        json_decref(row);
        arena_clear(arena);
        fits = !buf.full && buf.len - before <= ROW_TEXT_MOST;
        *from += fits;
    }
    buf_addc(&buf, ']');
    json_t *piece = fits ? json_text_new(buf.data) : NULL;
    buf_release(&buf);
    return piece;
}

/* All of them, new reference; an error in ctx->err when a row holds too much. */
static json_t *pieces_of(struct ctx *ctx, const struct sheet *sheet,
                         const struct importable *kind, const json_t *columns)
{
    json_t *pieces = json_array(), *piece = pieces;
    struct arena *arena = arena_new(ROW_BYTES);
    for (size_t row = 0; piece && row < sheet->rows;) {
        piece = piece_of(arena, sheet, &row, kind, columns);
        if (piece)
            json_push(pieces, piece);
        else
            err_setf(ctx->err, E_TOO_BIG, "import-too-big",
                     N_("Line {line} holds too much. Take away what is not needed."), "line",
                     arena_int(ctx->arena, (long long)sheet->row[row].line), NULL);
    }
    arena_free(arena);
    return pieces;
}

static enum code file_rows(struct ctx *ctx, const struct importable *kind,
                           const struct sheet *sheet)
{
    json_t *columns = headings_read(ctx, sheet, kind), *column;
    size_t known = 0, i;
    json_array_foreach(columns, i, column)
        known += json_text(column, "field") != NULL;
    ctx->prepared = json_object();
    json_put_new(ctx->prepared, "columns", columns);
    json_put_int(ctx->prepared, "count", (long long)sheet->rows);
    if (!known)
        return ctx_fail(ctx, E_INPUT, "import-headings",
                        N_("None of the headings is known here. The first row must say what the "
                           "columns hold: Förnamn, Efternamn, E-post …"));
    if (!sheet->rows)
        return err_field(ctx->err, "/file", N_("There are no rows under the headings."), NULL);
    json_put_new(ctx->prepared, "pieces", pieces_of(ctx, sheet, kind, columns));
    return ctx->err->code;
}

enum code import_read(struct ctx *ctx, struct answer *out)
{
    struct import_input in;
    struct sheet *sheet;
    (void)out;
    enum code c = must_may_person(ctx, ACT_ENTER_PERSON, 0);
    if (!c && !ctx->upload && ctx->api)
        c = ctx_fail(ctx, E_TYPE, "media-type",
                     N_("Send a CSV file (text/csv), an XLSX file or a form with one of them."));
    if (!c)
        c = parameters_read(ctx, &in);
    if (!ctx->upload && (!c || c == E_INPUT)) /* beside what else is wrong: all at once */
        c = err_field(ctx->err, "/file", N_("Choose a file."), NULL);
    if (c)
        return c;
    struct ctx file = *ctx;
    file.arena = arena_new(FILE_BYTES_MOST);
    c = sheet_read(file.arena, ctx->upload->bytes, ctx->upload->n, IMPORT_ROWS, &sheet, ctx->err);
    if (!c)
        c = file_rows(&file, importable_named(in.resource), sheet);
    ctx->prepared = file.prepared;
    arena_free(file.arena);
    return c;
}

/* ---------------------------------------------------------------- pieces */

static enum code insert_row(struct ctx *ctx, long long run_key, const json_t *row)
{
    char id[UUID_SIZE];
    struct buf buf;
    crypt_uuid(id);
    buf_init(&buf, ROW_BYTES);
    json_write(&buf, json_array_get(row, 1));
    enum code c = db_run(ctx->tx,
                         "INSERT INTO import_row (id, run_key, number, texts) "
                         "VALUES (?1, ?2, ?3, ?4)",
                         (const char *)id, run_key,
                         (long long)json_integer_value(json_array_get(row, 0)), buf.data);
    buf_release(&buf);
    return c;
}

enum code piece_unpack(struct ctx *ctx, long long run_key, bool *more)
{
    json_t *piece = db_row(ctx->tx,
                           "SELECT number AS \"number\", texts AS \"texts\" FROM import_piece "
                           "WHERE run_key = ?1 ORDER BY number LIMIT 1",
                           run_key);
    json_t *rows = piece ? json_loads(json_text(piece, "texts"), 0, NULL) : NULL, *row;
    size_t i;
    enum code c = tx_code(ctx->tx);
    json_array_foreach(rows, i, row)
        if (!c)
            c = insert_row(ctx, run_key, row);
    if (!c && piece)
        c = db_run(ctx->tx, "DELETE FROM import_piece WHERE run_key = ?1 AND number = ?2", run_key,
                   json_int(piece, "number", 0));
    *more = piece != NULL;
    json_decref(rows);
    json_decref(piece);
    return c ? c : tx_code(ctx->tx);
}
