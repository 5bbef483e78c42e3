/* fuzz_declaration.c: any bytes as the form or the JSON body of a declaration are refused with a
 * message for each fault, or become interests that are all they may be and read the same when they
 * are sent anew. The first byte chooses: form or JSON. What names persons and groups is left out:
 * no register is asked here. */
#include <kansli/utf8.h>
#include <string.h>
#include "../../src/db/internal.h"
#include "../../src/declaration/internal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { FIELDS_MOST = 32 };

static const char *same_text(int lang, const char *msgid)
{
    (void)lang;
    return msgid;
}

/* The resource's own fields, but for references. */
static const struct field *fields_here(void)
{
    static struct field fields[FIELDS_MOST];
    size_t n = 0;
    if (fields[0].name)
        return fields;
    for (const struct field *f = declaration_resource.fields; f->name; f++)
        if (f->type != T_REF && f->type != T_REFS) {
            MUST(n + 1 < FIELDS_MOST);
            fields[n++] = *f;
        }
    return fields;
}

static bool is_one_of(const struct value *values, const char *code)
{
    while (values->code && strcmp(values->code, code))
        values++;
    return values->code;
}

static void check_member(const struct field *field, const json_t *value)
{
    const char *text = json_string_value(value);
    bool needed = field->flags & F_REQUIRED;
    MUST(!needed || (value && !json_is_null(value)));
    if (!value || json_is_null(value))
        return;
    if (field->type == T_BOOL) {
        MUST(json_is_boolean(value));
        return;
    }
    MUST(text && *text && utf8_valid(text, strlen(text)));
    MUST(field->type != T_ENUM || is_one_of(field->values, text));
    MUST(field->type != T_DAY || day_valid(text));
    MUST(utf8_length(text) <= (size_t)(field->max ? field->max : 4000));
}

/* Exactly the members of an interest, each what it may be. */
static void check_interests(const char *interests)
{
    json_t *list = json_loads(interests, 0, NULL), *one, *value;
    const char *name;
    size_t i;
    MUST(json_is_array(list));
    json_array_foreach(list, i, one) {
        MUST(json_is_object(one));
        json_object_foreach(one, name, value)
            MUST(field_find(declaration_interest_fields, name));
        for (const struct field *f = declaration_interest_fields; f->name; f++)
            check_member(f, json_object_get(one, f->name));
    }
    json_decref(list);
}

static enum code read_it(struct arena *arena, const struct params *body, struct err *err,
                         struct declaration_input *in)
{
    static const struct actor nobody;
    static const struct params nothing;
    struct tx tx = {.arena = arena}; /* nothing asks it but whether it has failed */
    struct ctx ctx = {.arena = arena, .tx = &tx, .err = err, .actor = &nobody, .text = same_text,
                      .api = body->typed, .today = "2026-11-22", .day = "2026-11-22",
                      .query = &nothing, .body = body};
    memset(in, 0, sizeof *in);
    return fields_read(&ctx, fields_here(), in);
}

/* What was taken is taken again as a script would send it, and means the same. */
static void check_again(struct arena *arena, const struct declaration_input *in)
{
    struct declaration_input again;
    struct params body = {json_object(), true};
    struct err err;
    err_init(&err);
    json_put(body.values, "formVariant", in->variant);
    json_put_new(body.values, "interests", json_loads(in->interests, 0, NULL));
    json_put_bool(body.values, "attested", in->attested == 1);
    json_put_bool(body.values, "noInterests", in->no_interests == 1);
    json_put(body.values, "signedDate", in->signed_date);
    MUST(read_it(arena, &body, &err, &again) == OK);
    MUST(!strcmp(again.interests, in->interests) && again.variant == in->variant);
    err_release(&err);
    params_release(&body);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!size)
        return 0;
    struct arena *arena = arena_new(64 << 20);
    struct declaration_input in;
    struct params body;
    struct err err;
    err_init(&err);
    params_init(&body);
    const char *text = (const char *)data + 1;
    enum code c = data[0] & 1 ? params_form(arena, text, size - 1, false, &body, &err)
                              : params_json(arena, text, size - 1, &body, &err);
    if (!c)
        c = read_it(arena, &body, &err, &in);
    MUST(c == err.code && (!c || (c == E_INPUT && json_array_size(err.fields) > 0)));
    if (!c && in.interests) {
        check_interests(in.interests);
        check_again(arena, &in);
    }
    params_release(&body);
    err_release(&err);
    arena_free(arena);
    return 0;
}
