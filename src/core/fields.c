/* fields.c: what was sent becomes what was meant.
 *
 * Owns the types of field tables: how each is checked and where it lands in the typed struct. One
 * function per type; every message goes beside its field, all at once. Must not know any resource,
 * nor where values are kept. */
#include <string.h>
#include <kansli/access.h>
#include <kansli/identity.h>
#include <kansli/json.h>
#include <kansli/utf8.h>
#include "fields.h"

struct reading { /* one value on its way in */
    struct ctx *ctx;
    const struct field *field;
    const json_t *value;
    bool typed;
    void *slot;          /* in the typed struct */
    const char *pointer; /* "/startDate" */
};

static enum code wrong(struct reading *r, const char *msgid)
{
    return err_field(r->ctx->err, r->pointer, msgid, NULL);
}

static enum code wrong_with(struct reading *r, const char *msgid, const char *name,
                            const char *value)
{
    return err_field(r->ctx->err, r->pointer, msgid, name, value, NULL);
}

static int limit_of(const struct field *field)
{
    if (field->max)
        return field->max;
    if (field->type == T_INT)
        return 999999999;
    if (field->type == T_LINES)
        return 4000;
    return field->type == T_MARKDOWN ? 20000 : 200;
}

/* The text of the value, or NULL with a message. */
static const char *text_of(struct reading *r)
{
    const char *text = json_string_value(r->value);
    if (!text)
        wrong(r, N_("Write this as text."));
    return text;
}

/* domain.md 4. A telephone number may look like one, a password is never kept as it is. */
static bool keeps_identity(const struct reading *r, const char *text)
{
    return r->field->type != T_SECRET && !(r->field->flags & F_NUMBER) && identity_number_in(text);
}

static enum code read_text(struct reading *r)
{
    const char *text = text_of(r);
    if (!text)
        return E_INPUT;
    bool one_line = r->field->type != T_LINES && r->field->type != T_MARKDOWN;
    if (one_line && strchr(text, '\n'))
        return wrong(r, N_("Write this on one line."));
    int max = limit_of(r->field);
    if (utf8_length(text) > (size_t)max)
        return wrong_with(r, N_("At most {max} characters."), "max",
                          arena_printf(r->ctx->arena, "%d", max));
    if (keeps_identity(r, text))
        return wrong(r, N_("This holds a personal identity number. No such number may be kept "
                           "here: take it away."));
    *(const char **)r->slot = *text ? arena_strdup(r->ctx->arena, text) : NULL;
    return OK;
}

static bool slug_valid(const char *text)
{
    size_t n = strlen(text);
    if (!n || n > 80 || text[0] == '-' || text[n - 1] == '-' || strstr(text, "--"))
        return false;
    return strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-") == n;
}

static enum code read_slug(struct reading *r)
{
    const char *text = text_of(r);
    if (!text)
        return E_INPUT;
    if (!slug_valid(text))
        return wrong(r, N_("Use a–z, 0–9 and single hyphens, at most 80 characters."));
    *(const char **)r->slot = arena_strdup(r->ctx->arena, text);
    return OK;
}

static enum code read_day(struct reading *r)
{
    const char *text = text_of(r);
    if (!text)
        return E_INPUT;
    if (!day_valid(text))
        return wrong(r, N_("Write a real day as YYYY-MM-DD, for example 2026-11-22."));
    *(const char **)r->slot = arena_strdup(r->ctx->arena, text);
    return OK;
}

/* One word of `allowed` after the other, with a dot between; how many, or 0. */
static int dotted(const char *text, const char *end, const char *allowed)
{
    int n = 0;
    for (const char *at = text;; at++) {
        size_t word = strspn(at, allowed);
        if (!word)
            return 0;
        at += word;
        n++;
        if (at >= end)
            return at == end ? n : 0;
        if (*at != '.')
            return 0;
    }
}

/* What mail can be sent to without asking what a server understands: no å, no quotes. */
bool email_valid(const char *text)
{
#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-"
    const char *at = strchr(text, '@');
    if (!at || strlen(text) > 254)
        return false;
    const char *domain = at + 1, *end = domain + strlen(domain);
    bool hyphens = *domain == '-' || strstr(domain, ".-") || strstr(domain, "-.") || end[-1] == '-';
    return !hyphens && dotted(text, at, LETTERS "!#$%&'*+/=?^_`{|}~") && dotted(domain, end, LETTERS) > 1;
#undef LETTERS
}

/* What was sent as an instant is one also in a table; a form shows and takes the clock's time. */
/* The hour that clocks skip when summer time begins: an hour later there is one. */
static bool is_skipped(struct reading *r, const char *text)
{
    char instant[INSTANT_SIZE], *later = arena_strdup(r->ctx->arena, text);
    if (strlen(text) != CLOCK_SIZE - 1 || strncmp(text + DAY_SIZE, "02", 2))
        return false;
    later[DAY_SIZE + 1] = '3';
    return instant_of_clock(later, instant);
}

static enum code read_instant(struct reading *r)
{
    const char *text = text_of(r);
    char instant[INSTANT_SIZE];
    if (!text)
        return E_INPUT;
    bool known = instant_parse(text, instant) || (!r->typed && instant_of_clock(text, instant));
    if (!known && r->typed)
        return wrong(r, N_("Write an instant with its offset, for example "
                           "2026-12-03T13:00:00+01:00."));
    if (!known && is_skipped(r, text))
        return wrong(r, N_("Clocks skip this hour on that day, as summer time begins. Choose another "
                           "time."));
    if (!known)
        return wrong(r, N_("Write a day and a time that clocks show, for example "
                           "2026-12-03 13:00."));
    *(const char **)r->slot = arena_strdup(r->ctx->arena, instant);
    return OK;
}

static enum code read_email(struct reading *r)
{
    const char *text = text_of(r);
    if (!text)
        return E_INPUT;
    if (!email_valid(text) || keeps_identity(r, text))
        return wrong(r, N_("Write an e-mail address, for example name@region.example."));
    *(const char **)r->slot = arena_strdup(r->ctx->arena, text);
    return OK;
}

bool uuid_valid(const char *text)
{
    static const char shape[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
    if (strlen(text) != sizeof shape - 1)
        return false;
    for (size_t i = 0; shape[i]; i++)
        if (shape[i] == '-' ? text[i] != '-' : !strchr("0123456789abcdef", text[i]))
            return false;
    return true;
}

static enum code read_uuid(struct reading *r)
{
    const char *text = text_of(r);
    if (!text)
        return E_INPUT;
    if (!uuid_valid(text))
        return wrong(r, N_("Write an id: a lower-case UUID."));
    *(const char **)r->slot = arena_strdup(r->ctx->arena, text);
    return OK;
}

static const char *code_of(const struct value *values, const char *text)
{
    for (; values->code; values++)
        if (!strcmp(values->code, text))
            return values->code;
    return NULL;
}

static const char *codes_joined(struct ctx *ctx, const struct value *values)
{
    const char *all = "";
    for (; values->code; values++)
        all = arena_printf(ctx->arena, "%s%s%s", all, *all ? ", " : "", values->code);
    return all;
}

static enum code read_enum(struct reading *r)
{
    const char *text = text_of(r);
    if (!text)
        return E_INPUT;
    const char *code = code_of(r->field->values, text);
    if (!code)
        return wrong_with(r, N_("Choose one of: {values}."), "values",
                          codes_joined(r->ctx, r->field->values));
    *(const char **)r->slot = code;
    return OK;
}

static enum code read_int(struct reading *r)
{
    long long n = NO_INT;
    if (json_is_integer(r->value)) {
        n = json_integer_value(r->value);
    } else if (!r->typed && json_is_string(r->value)) {
        const char *text = json_string_value(r->value);
        size_t digits = strspn(text, "0123456789");
        if (digits && digits <= 9 && !text[digits])
            n = strtoll(text, NULL, 10);
    }
    if (n == NO_INT)
        return wrong(r, N_("Write a whole number."));
    int max = limit_of(r->field);
    if (n < 0 || n > max)
        return wrong_with(r, N_("Write a number from 0 to {max}."), "max",
                          arena_printf(r->ctx->arena, "%d", max));
    *(long long *)r->slot = n;
    return OK;
}

static enum code read_bool(struct reading *r)
{
    const char *text = r->typed ? NULL : json_string_value(r->value);
    if (json_is_boolean(r->value))
        *(int *)r->slot = json_is_true(r->value);
    else if (text && (!strcmp(text, "true") || !strcmp(text, "on")))
        *(int *)r->slot = 1;
    else if (text && !strcmp(text, "false"))
        *(int *)r->slot = 0;
    else
        return wrong(r, N_("Write true or false."));
    return OK;
}

long long reference_find(struct ctx *ctx, const struct reference *reference, const char *id)
{
    struct db_arg args[] = {db_arg_text(id), db_arg_int(access_sees_all(ctx)),
                            db_arg_int(ctx->actor->person_key), db_arg_text(ctx->today),
                            {.type = DB_NULL}, {.type = DB_NULL},
                            db_arg_int(ctx->actor->half ? 0 : ctx->actor->account_key)};
    return db_int_(ctx->tx, 0, reference->find, args, LEN(args));
}

json_t *reference_search(struct ctx *ctx, const struct reference *reference, const char *text,
                         int limit)
{
    struct db_arg args[] = {db_arg_text(text_fold(ctx->arena, text)),
                            db_arg_int(access_sees_all(ctx)),
                            db_arg_int(ctx->actor->person_key),
                            db_arg_text(ctx->today),
                            db_arg_int(limit),
                            {.type = DB_NULL},
                            db_arg_int(ctx->actor->half ? 0 : ctx->actor->account_key)};
    return db_rows_(ctx->tx, reference->search, args, LEN(args));
}

static bool is_named(struct reading *r, const json_t *hit, const char *name)
{
    return hit && !strcmp(text_fold(r->ctx->arena, json_text(hit, "name")),
                          text_fold(r->ctx->arena, name));
}

/* "Name (id)", as a form shows what has namesakes: the id. NULL when there is none. */
static const char *id_in_brackets(struct reading *r, const char *text)
{
    const char *from = strrchr(text, '(');
    size_t n = strlen(text);
    return from && text[n - 1] == ')' ? arena_strndup(r->ctx->arena, from + 1, strlen(from) - 2)
                                      : NULL;
}

/* By id; in a form also by name, when only one fits or only one has exactly that name. */
static enum code find_reference(struct reading *r, const char *text, struct ref_value *out)
{
    const struct reference *reference = r->field->reference;
    const char *inner = r->typed ? NULL : id_in_brackets(r, text);
    out->key = reference_find(r->ctx, reference, text);
    if (!out->key && inner && (out->key = reference_find(r->ctx, reference, inner)))
        text = inner;
    if (out->key) {
        out->id = arena_strdup(r->ctx->arena, text);
        return OK;
    }
    if (r->typed || !reference->search)
        return wrong_with(r, N_("There is no {noun} with that id."), "noun",
                          ctx_text(r->ctx, reference->noun));
    json_t *hits = reference_search(r->ctx, reference, text, 5);
    enum code c = OK;
    size_t n = json_array_size(hits);
    const json_t *first = json_array_get(hits, 0);
    bool exact = is_named(r, first, text) && !is_named(r, json_array_get(hits, 1), text);
    if (n == 1 || exact) {
        out->id = arena_strdup(r->ctx->arena, json_text(first, "id"));
        out->key = reference_find(r->ctx, reference, out->id);
    } else if (!n) {
        c = wrong_with(r, N_("No {noun} has that name or address. Check the spelling."), "noun",
                       ctx_text(r->ctx, reference->noun));
    } else {
        const char *names = "";
        for (size_t i = 0; i < n; i++)
            names = arena_printf(r->ctx->arena, "%s%s%s (%s)", names, *names ? ", " : "",
                                 json_text(json_array_get(hits, i), "name"),
                                 json_text(json_array_get(hits, i), "id"));
        c = wrong_with(r, N_("Several fit. Write the address of the one you mean: {names}."),
                       "names", names);
    }
    json_decref(hits);
    return c;
}

static enum code read_ref(struct reading *r)
{
    const char *text = text_of(r);
    return text ? find_reference(r, text, r->slot) : E_INPUT;
}

/* The elements of a list: in a form empty ones are rows that nobody filled in. */
static bool skip_element(const struct reading *r, const json_t *element)
{
    return !r->typed && json_is_string(element) && !json_string_length(element);
}

static enum code read_element(struct reading *r)
{
    if (r->field->type == T_REFS)
        return read_ref(r);
    return r->field->type == T_ENUMS ? read_enum(r) : read_text(r);
}

static enum code read_list(struct reading *r)
{
    const json_t *whole = r->value, *element;
    if (!json_is_array(whole))
        return wrong(r, N_("Write this as a list."));
    if (json_array_size(whole) > 100)
        return wrong(r, N_("At most 100 entries."));
    const char *pointer = r->pointer;
    struct ref_value *refs =
        arena_alloc(r->ctx->arena, sizeof *refs * (json_array_size(whole) + 1));
    const char **texts = arena_alloc(r->ctx->arena, sizeof *texts * (json_array_size(whole) + 1));
    size_t i, n = 0;
    enum code c = OK;
    json_array_foreach((json_t *)whole, i, element) {
        if (skip_element(r, element))
            continue;
        struct reading one = *r;
        one.value = element;
        one.pointer = r->typed ? arena_printf(r->ctx->arena, "%s/%zu", pointer, i) : pointer;
        one.slot = r->field->type == T_REFS ? (void *)&refs[n] : (void *)&texts[n];
        enum code wrong_one = read_element(&one);
        if (wrong_one)
            c = wrong_one;
        else if (refs[n].key || texts[n])
            n++;
    }
    if (c)
        return c;
    for (size_t a = 0; a < n; a++)
        for (size_t b = a + 1; b < n; b++)
            if (r->field->type == T_REFS ? refs[a].key == refs[b].key
                                         : !strcmp(texts[a], texts[b]))
                return wrong(r, N_("The same entry stands twice."));
    if (r->field->type == T_REFS)
        *(struct ref_list *)r->slot = (struct ref_list){n, refs};
    else
        *(struct text_list *)r->slot = (struct text_list){n, texts};
    return OK;
}

static enum code read_rows(struct reading *r);

static enum code read_value(struct reading *r)
{
    switch (r->field->type) {
    case T_TEXT:
    case T_LINES:
    case T_MARKDOWN:
    case T_SECRET:
        return read_text(r);
    case T_SLUG:
        return read_slug(r);
    case T_ENUM:
        return read_enum(r);
    case T_DAY:
        return read_day(r);
    case T_INT:
        return read_int(r);
    case T_BOOL:
        return read_bool(r);
    case T_EMAIL:
        return read_email(r);
    case T_UUID:
        return read_uuid(r);
    case T_REF:
        return read_ref(r);
    case T_REFS:
    case T_ENUMS:
    case T_TEXTS:
        return read_list(r);
    case T_ROWS:
        return read_rows(r);
    case T_INSTANT:
        return read_instant(r);
    case T_JSON:
        break;
    }
    BUG("%s is no input", r->field->name);
}

/* JSON as it is kept in a column. */
static const char *text_of_json(struct ctx *ctx, const json_t *value)
{
    struct buf buf;
    buf_init(&buf, 1 << 20);
    json_write(&buf, value);
    const char *text = arena_strndup(ctx->arena, buf.data, buf.len);
    buf_release(&buf);
    return text;
}

static void set_absent(const struct field *field, void *slot)
{
    if (field->type == T_INT)
        *(long long *)slot = NO_INT;
    else if (field->type == T_BOOL)
        *(int *)slot = -1;
    /* Everything else is zero when absent, and the struct was zeroed. */
}

static bool is_absent(const json_t *value, bool typed)
{
    if (!value || json_is_null(value))
        return true;
    return !typed && json_is_string(value) && !json_string_length(value);
}

static void refuse_unknown(struct ctx *ctx, const struct field *fields, const json_t *values,
                           bool typed, const char *within)
{
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)values, name, value) {
        if (!typed && name[0] == '_')
            continue;
        const struct field *field = field_find(fields, name);
        const char *pointer = arena_join(ctx->arena, within, field_pointer(ctx->arena, name), NULL);
        if (!field)
            err_field(ctx->err, pointer, N_("There is no such member here."), NULL);
        else if (!field_is_input(field))
            err_field(ctx->err, pointer, N_("This is computed and cannot be set."), NULL);
    }
}

/* One object of a list. Its fields have no struct to land in: each is read into a slot of its own
 * and kept as JSON. */
static json_t *read_row(struct reading *r, const json_t *sent)
{
    struct ctx *ctx = r->ctx;
    json_t *row = json_object();
    refuse_unknown(ctx, r->field->rows, sent, r->typed, r->pointer);
    for (const struct field *field = r->field->rows; !field_ends(field); field++) {
        union {
            const char *text;
            long long number;
            int flag;
            struct ref_value ref;
            struct text_list list;
        } slot = {0};
        struct reading one = {ctx,      field, json_object_get(sent, field->name), r->typed, &slot,
                              arena_printf(ctx->arena, "%s/%s", r->pointer, field->name)};
        set_absent(field, &slot);
        if (!is_absent(one.value, r->typed) && read_value(&one))
            continue;
        if ((field->flags & F_REQUIRED) && field_arg(ctx, field, &slot).type == DB_NULL)
            wrong(&one, N_("This is needed."));
        json_put_new(row, field->name, field_value(field, &slot));
    }
    return row;
}

static enum code read_rows(struct reading *r)
{
    const json_t *whole = r->value, *element;
    if (!json_is_array(whole))
        return wrong(r, N_("Write this as a list."));
    if (json_array_size(whole) > ROWS_MAX)
        return wrong(r, N_("At most 100 entries."));
    json_t *rows = json_array();
    size_t i;
    json_array_foreach((json_t *)whole, i, element) {
        struct reading one = *r;
        one.pointer = arena_printf(r->ctx->arena, "%s/%zu", r->pointer, i);
        if (json_is_object(element))
            json_push(rows, read_row(&one, element));
        else
            wrong(&one, N_("Write this as an object."));
    }
    *(const char **)r->slot = json_array_size(rows) ? text_of_json(r->ctx, rows) : NULL;
    json_decref(rows);
    return r->ctx->err->fields ? E_INPUT : OK;
}

enum code fields_parse(struct ctx *ctx, const struct field *fields, const json_t *values,
                       bool typed, void *in)
{
    refuse_unknown(ctx, fields, values, typed, "");
    for (const struct field *field = fields; !field_ends(field); field++) {
        if (!field_is_input(field))
            continue;
        struct reading r = {ctx,   field, json_object_get(values, field->name),
                            typed, (char *)in + field->at, field_pointer(ctx->arena, field->name)};
        set_absent(field, r.slot);
        if (!is_absent(r.value, typed) && read_value(&r))
            continue; /* its message is recorded; the others are wanted too */
        /* What has a fallback has a value always: it may be left out, never taken away. */
        bool needed = (field->flags & F_REQUIRED) || (field->fallback && json_is_null(r.value));
        if (needed && field_arg(ctx, field, in).type == DB_NULL)
            wrong(&r, N_("This is needed."));
    }
    return ctx->err->code ? ctx->err->code : tx_code(ctx->tx);
}

json_t *fields_meant(struct ctx *ctx, const struct field *fields, const json_t *texts)
{
    json_t *meant = json_object();
    for (const struct field *field = fields; !field_ends(field); field++) {
        json_t *text = json_object_get(texts, field->name);
        if (!field_is_input(field) || is_absent(text, false))
            continue;
        union {
            const char *text;
            long long number;
            int flag;
            struct ref_value ref;
            struct ref_list refs;
            struct text_list list;
        } slot = {0};
        struct field alone = *field; /* its slot is no part of a struct */
        alone.at = 0;
        struct reading r = {ctx,   &alone, text,
                            false, &slot,  field_pointer(ctx->arena, field->name)};
        set_absent(&alone, &slot);
        if (!read_value(&r))
            json_put_new(meant, field->name, field_value(&alone, &slot));
    }
    return meant;
}

const struct field *field_find(const struct field *fields, const char *name)
{
    for (const struct field *field = fields; !field_ends(field); field++)
        if (!strcmp(field->name, name))
            return field;
    return NULL;
}

static json_t *text_or_null(const char *text)
{
    return text ? json_string_nocheck(text) : json_null();
}

json_t *field_value(const struct field *field, const void *in)
{
    const void *slot = (const char *)in + field->at;
    json_t *list;
    switch (field->type) {
    case T_INT:
        return *(const long long *)slot == NO_INT ? json_null()
                                                  : json_integer(*(const long long *)slot);
    case T_BOOL:
        return *(const int *)slot < 0 ? json_null() : json_boolean(*(const int *)slot);
    case T_REF:
        return text_or_null(((const struct ref_value *)slot)->id);
    case T_REFS:
        list = json_array();
        for (size_t i = 0; i < ((const struct ref_list *)slot)->n; i++)
            json_push(list, json_string_nocheck(((const struct ref_list *)slot)->item[i].id));
        return list;
    case T_ENUMS:
    case T_TEXTS:
        list = json_array();
        for (size_t i = 0; i < ((const struct text_list *)slot)->n; i++)
            json_push(list, json_string_nocheck(((const struct text_list *)slot)->item[i]));
        return list;
    case T_ROWS: {
        const char *text = *(const char *const *)slot;
        return text ? json_loads(text, 0, NULL) : json_array();
    }
    case T_TEXT:
    case T_LINES:
    case T_MARKDOWN:
    case T_SLUG:
    case T_ENUM:
    case T_DAY:
    case T_INSTANT:
    case T_EMAIL:
    case T_UUID:
    case T_SECRET:
    case T_JSON:
        return text_or_null(*(const char *const *)slot);
    }
    BUG("a type without a value");
}

json_t *fields_values(const struct field *fields, const void *in)
{
    json_t *values = json_object();
    for (const struct field *field = fields; !field_ends(field); field++)
        if (field_is_input(field) && field->type != T_SECRET)
            json_put_new(values, field->name, field_value(field, in));
    return values;
}

struct db_arg field_arg(struct ctx *ctx, const struct field *field, const void *in)
{
    const void *slot = (const char *)in + field->at;
    struct db_arg none = {.type = DB_NULL};
    switch (field->type) {
    case T_INT:
        return *(const long long *)slot == NO_INT ? none : db_arg_int(*(const long long *)slot);
    case T_BOOL:
        return *(const int *)slot < 0 ? none : db_arg_int(*(const int *)slot);
    case T_REF:
        return db_arg_key(KEY(((const struct ref_value *)slot)->key));
    case T_REFS:
    case T_ENUMS:
    case T_TEXTS: {
        json_t *list = field_value(field, in);
        const char *text = json_array_size(list) ? text_of_json(ctx, list) : NULL;
        json_decref(list);
        return db_arg_text(text);
    }
    case T_TEXT:
    case T_LINES:
    case T_MARKDOWN:
    case T_SLUG:
    case T_ENUM:
    case T_DAY:
    case T_INSTANT:
    case T_EMAIL:
    case T_UUID:
    case T_SECRET:
    case T_ROWS:
    case T_JSON:
        return db_arg_text(*(const char *const *)slot);
    }
    BUG("a type without an argument");
}
