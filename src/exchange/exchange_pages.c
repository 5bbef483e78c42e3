/* exchange_pages.c: the routes of imports.
 *
 * Owns addresses, forms and what is said around an import: upload, review, apply, undo. Knows no
 * SQL and no file format. */
#include <string.h>
#include <kansli/access.h>
#include "internal.h"

#define IMPORTS .resource = &import_resource

static const char *id_of(struct ctx *ctx)
{
    return ctx_value(ctx, "id");
}

static const char *path_of(struct ctx *ctx, const char *rest)
{
    return arena_join(ctx->arena, "/imports/", id_of(ctx), rest, NULL);
}

static void add_crumbs(struct ctx *ctx, json_t *document, const char *href, const char *name,
                       const char *here)
{
    json_t *crumbs = json_pack("[{s:s, s:s}]", "href", "/imports", "name",
                               ctx_text(ctx, N_("Imports")));
    if (href)
        json_push(crumbs, json_pack("{s:s, s:s}", "href", href, "name", name));
    json_push(crumbs, json_pack("{s:s, s:s}", "href", ctx->path, "name", here));
    ctx_embed(ctx, document, "crumbs", crumbs);
}

/* ---------------------------------------------------------------- the list, and a new one */

static enum code list(struct ctx *ctx, struct answer *out)
{
    out->title = ctx_text(ctx, N_("Imports"));
    enum code c = resource_list(ctx, &import_resource, (struct fixed){0}, &out->document);
    if (!c && ctx_page(ctx))
        ctx_embed(ctx, out->document, "mayImport",
                  json_boolean(may_person(ctx, ACT_ENTER_PERSON, 0)));
    return c;
}

/* The parameters as a form, with the file. */
static const struct field *upload_fields(struct ctx *ctx)
{
    static const struct field file = {.name = "file",
                                      .label = N_("File"),
                                      .type = T_TEXT,
                                      .flags = F_REQUIRED,
                                      .hint =
                                          N_("CSV or Excel (.xlsx), at most 20 MB and 50,000 rows. "
                                             "The first row says what the columns hold.")};
    size_t n = 0;
    while (import_parameters[n].name)
        n++;
    struct field *fields = arena_alloc(ctx->arena, (n + 2) * sizeof *fields);
    memcpy(fields, import_parameters, n * sizeof *fields);
    fields[n] = file;
    return fields;
}

/* Files with the headings alone, one for each that can be imported. */
static json_t *templates_of(struct ctx *ctx)
{
    json_t *all = json_array();
    for (const struct value *one = import_resources; one->code; one++) {
        json_t *template = json_push(all, json_object());
        json_put(template, "href",
                 arena_join(ctx->arena, "/imports/template?resource=", one->code, NULL));
        json_put(template, "label", ctx_text(ctx, one->label));
    }
    return all;
}

static enum code new_page(struct ctx *ctx, struct answer *out)
{
    enum code c = must_may_person(ctx, ACT_ENTER_PERSON, 0);
    if (c)
        return c;
    json_t *document = json_object();
    json_t *form = resource_form(ctx, upload_fields(ctx), ctx->query->values, "/imports",
                                 ctx_text(ctx, N_("Read the file")));
    json_put(form, "cancel", "/imports");
    json_put_new(document, "form", form);
    ctx_embed(ctx, document, "templates", templates_of(ctx));
    out->title = ctx_text(ctx, N_("Import a file"));
    out->view = "exchange/new";
    add_crumbs(ctx, document, NULL, NULL, out->title);
    out->document = document;
    return OK;
}

/* A file with the headings and nothing else, as a spreadsheet opens it. */
static enum code template_file(struct ctx *ctx, struct answer *out)
{
    struct buf buf;
    const char *resource = ctx_query(ctx, "resource");
    const struct importable *kind = importable_named(resource ? resource : "persons");
    size_t i;
    json_t *heading;
    if (!kind)
        return err_field(ctx->err, "resource", N_("There is no value {value} here."), "value",
                         resource, NULL);
    json_t *headings = headings_template(ctx, kind);
    buf_init(&buf, 65536);
    buf_adds(&buf, "\xEF\xBB\xBF");
    json_array_foreach(headings, i, heading) {
        buf_adds(&buf, i ? ";" : "");
        buf_csv(&buf, json_string_value(heading), json_string_length(heading));
    }
    buf_adds(&buf, "\r\n");
    out->raw = arena_strndup(ctx->arena, buf.data, buf.len);
    out->raw_type = "text/csv; charset=utf-8";
    out->file_name = arena_join(ctx->arena, kind->resource->name, ".csv", NULL);
    json_decref(headings);
    buf_release(&buf);
    return OK;
}

/* ---------------------------------------------------------------- one import */

/* The headings that nothing was made of. */
static json_t *left_aside(const json_t *import)
{
    json_t *all = json_array(), *column;
    size_t i;
    json_array_foreach(json_object_get(import, "columns"), i, column) {
        const char *heading = json_text(column, "heading");
        if (!json_text(column, "field") && *heading)
            json_push(all, json_text_new(heading));
    }
    return all;
}

static long long rows_that(const json_t *import, const char *act)
{
    return json_int(json_object_get(import, "counts"), act, 0);
}

static json_t *count_chip(struct ctx *ctx, const json_t *import, const char *act,
                          const char *member, const char *label)
{
    json_t *chip = json_object();
    long long n = rows_that(import, member);
    json_put(chip, "act", act);
    json_put(chip, "label", ctx_text(ctx, label));
    json_put_int(chip, "count", n);
    json_put(chip, "href", arena_join(ctx->arena, path_of(ctx, "/rows"), "?act=", act, NULL));
    return chip;
}

static json_t *counts_of(struct ctx *ctx, const json_t *import)
{
    json_t *all = json_array();
    json_push(all, count_chip(ctx, import, "create", "new", N_("New rows")));
    json_push(all, count_chip(ctx, import, "update", "changed", N_("Rows that change something")));
    json_push(all, count_chip(ctx, import, "none", "same", N_("Rows that say nothing new")));
    json_push(all, count_chip(ctx, import, "error", "error", N_("Rows with an error")));
    return all;
}

/* How far it has come, while something is being done with its rows; else null. */
static json_t *working(const json_t *import)
{
    const char *status = json_text(import, "status");
    if (strcmp(status, "trying") && strcmp(status, "applying") && strcmp(status, "undoing"))
        return json_null();
    return json_pack("{s:O, s:O}", "done", json_object_get(import, "doneCount"), "total",
                     json_object_get(import, "rowCount"));
}

/* Whether the reader may do this with it now. */
static json_t *offered(const json_t *import, const char *rel)
{
    size_t i;
    json_t *link;
    json_array_foreach(json_object_get(import, "_links"), i, link)
        if (!strcmp(json_text(link, "rel"), rel))
            return json_true();
    return json_false();
}

static struct fixed of_import(struct ctx *ctx)
{
    return (struct fixed){.condition = "\"importId\" = ?6", .text = id_of(ctx)};
}

static enum code show(struct ctx *ctx, struct answer *out)
{
    struct err *err = ctx->err;
    const char *message = err->code && err->msgid
                              ? text_fill(ctx->arena, ctx_text(ctx, err->msgid), err->args)
                              : NULL;
    enum code c = resource_answer(ctx, &import_resource, id_of(ctx), out);
    if (c || out->moved)
        return c;
    json_t *import = out->document;
    if (ctx_embeds(ctx, "rows"))
        ctx_embed(ctx, import, "rows", resource_items(ctx, &import_row_resource, of_import(ctx)));
    if (!ctx_page(ctx))
        return OK;
    out->view = "exchange/show";
    out->title = json_text(import, "fileName") ? json_text(import, "fileName")
                                               : ctx_text(ctx, N_("Import"));
    ctx_embed(ctx, import, "counts", counts_of(ctx, import));
    ctx_embed(ctx, import, "working", working(import));
    bool writes = rows_that(import, "new") + rows_that(import, "changed") > 0;
    ctx_embed(ctx, import, "mayApply", writes ? offered(import, "apply") : json_false());
    ctx_embed(ctx, import, "idle", writes ? json_false() : offered(import, "apply"));
    ctx_embed(ctx, import, "wrong", json_boolean(rows_that(import, "error") > 0));
    ctx_embed(ctx, import, "mayChoose", offered(import, "choose"));
    ctx_embed(ctx, import, "mayUndo", offered(import, "undo"));
    ctx_embed(ctx, import, "mayDelete", offered(import, "delete"));
    ctx_embed(ctx, import, "leftAside", left_aside(import));
    ctx_embed(ctx, import, "refused",
              message ? json_pack("{s:s, s:O?}", "message", message, "list", err->missing)
                      : json_null());
    ctx_embed(ctx, import, "version", json_sprintf("%lld", out->version));
    ctx_embed(ctx, import, "path", json_text_new(path_of(ctx, "")));
    ctx_embed(ctx, import, "all",
              json_boolean(json_int(import, "rowCount", 0) <=
                           (long long)json_array_size(
                               json_object_get(json_object_get(import, "_embedded"), "rows"))));
    add_crumbs(ctx, import, NULL, NULL, out->title);
    return OK;
}

static enum code known(struct ctx *ctx, json_t **import)
{
    *import = resource_one(ctx, &import_resource, id_of(ctx), NULL, NULL);
    if (*import)
        return OK;
    return tx_code(ctx->tx) ? tx_code(ctx->tx) : ctx_absent(ctx);
}

static enum code list_rows(struct ctx *ctx, struct answer *out)
{
    json_t *import;
    enum code c = known(ctx, &import);
    if (!c)
        c = resource_list(ctx, &import_row_resource, of_import(ctx), &out->document);
    out->title = ctx_text(ctx, N_("Rows"));
    if (!c && ctx_page(ctx)) {
        const char *name = json_text(import, "fileName");
        ctx_embed(ctx, out->document, "path", json_text_new(path_of(ctx, "")));
        ctx_embed(ctx, out->document, "status", json_text_new(json_text(import, "status")));
        ctx_embed(ctx, out->document, "mayChoose", offered(import, "choose"));
        add_crumbs(ctx, out->document, path_of(ctx, ""), name ? name : ctx_text(ctx, N_("Import")),
                   out->title);
    }
    json_decref(import);
    return c;
}

static enum code show_row(struct ctx *ctx, struct answer *out)
{
    json_t *import;
    enum code c = known(ctx, &import);
    if (!c)
        c = resource_answer(ctx, &import_row_resource, ctx_value(ctx, "rowId"), out);
    const char *whose = c ? NULL : json_text(out->document, "importId");
    json_decref(import);
    return whose && strcmp(whose, id_of(ctx)) ? ctx_absent(ctx) : c;
}

/* ---------------------------------------------------------------- routes */

static const struct field new_query[] = {
    {.name = "resource", .label = N_("What the file holds"), .type = T_TEXT},
    {.name = "groupId", .label = N_("Group"), .type = T_TEXT},
    {0},
};

static const struct field template_query[] = {
    {.name = "resource", .label = N_("What the file holds"), .type = T_TEXT},
    {0},
};

const struct route exchange_routes[] = {
    {.method = "GET",
     .path = "/imports",
     .may = MAY_LOGIN,
     .run = list,
     .view = "exchange/list",
     .shape = SHAPE_LIST,
     IMPORTS,
     .flags = ROUTE_NO_DAY,
     .what = N_("The caller's imports; the support function sees all")},
    {.method = "POST",
     .path = "/imports",
     .may = MAY_LOGIN,
     .run = import_create,
     .prepare = import_read,
     .shape = SHAPE_CREATE,
     IMPORTS,
     .query = import_parameters,
     .form = new_page,
     .flags = ROUTE_FILE,
     .file_most = IMPORT_BYTES,
     .what = N_("Reads a file and tries its rows: at once when they are few (201, tried or "
                "applied), else in the background (201, trying: ask again until it is tried)")},
    {.method = "GET",
     .path = "/imports/new",
     .may = MAY_LOGIN,
     .run = new_page,
     .view = "exchange/new",
     .shape = SHAPE_PAGE,
     .query = new_query},
    {.method = "GET",
     .path = "/imports/template",
     .may = MAY_LOGIN,
     .run = template_file,
     .shape = SHAPE_PAGE,
     .query = template_query},
    {.method = "GET",
     .path = "/imports/{id}",
     .may = MAY_LOGIN,
     .run = show,
     .view = "exchange/show",
     .shape = SHAPE_ONE,
     IMPORTS,
     .flags = ROUTE_NO_DAY,
     .what = N_("One import: what each column was taken for, and how many rows do what")},
    {.method = "DELETE",
     .path = "/imports/{id}",
     .may = MAY_LOGIN,
     .run = import_undo,
     .shape = SHAPE_REMOVE,
     IMPORTS,
     .form = show,
     .what =
         N_("Undoes an import that was applied, and then keeps no rows of it; deletes another")},
    {.method = "GET",
     .path = "/imports/{id}/rows",
     .may = MAY_LOGIN,
     .run = list_rows,
     .view = "exchange/rows",
     .shape = SHAPE_LIST,
     .resource = &import_row_resource,
     .flags = ROUTE_NO_DAY,
     .what = N_("The rows of an import, and how each cell stands to the register")},
    {.method = "GET",
     .path = "/imports/{id}/rows/{rowId}",
     .may = MAY_LOGIN,
     .run = show_row,
     .shape = SHAPE_ONE,
     .resource = &import_row_resource,
     .flags = ROUTE_NO_DAY,
     .what = N_("One row of an import")},
    {.method = "POST",
     .path = "/imports/{id}/choices",
     .may = MAY_LOGIN,
     .run = import_choose,
     .shape = SHAPE_ACTION,
     IMPORTS,
     .body = choice_fields,
     .form = show,
     .what = N_("Says whom a row is about, and tries the rows again")},
    {.method = "POST",
     .path = "/imports/{id}/applications",
     .may = MAY_LOGIN,
     .run = import_apply,
     .shape = SHAPE_ACTION,
     IMPORTS,
     .body = application_fields,
     .form = show,
     .what = N_("Applies all rows of an import, or none: at once when they are few, else in the "
                "background (201, applying)")},
    {0},
};
