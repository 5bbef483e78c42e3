/* fuzz_form.c: any bytes as a form or a query become clean texts and lists of them, and say the
 * same when they are written anew. The first byte chooses: form or query. */
#include <kansli/params.h>
#include <kansli/utf8.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_text(struct arena *arena, const json_t *v)
{
    const char *text = json_string_value(v);
    char *again;
    MUST(text && strlen(text) == json_string_length(v));
    MUST(text_clean(arena, text, strlen(text), true, &again) == TEXT_OK && !strcmp(again, text));
}

static void write_pair(struct buf *out, const char *name, const char *list, const char *value)
{
    if (out->len)
        buf_addc(out, '&');
    buf_url(out, name, strlen(name));
    buf_url(out, list, strlen(list));
    buf_addc(out, '=');
    buf_url(out, value, strlen(value));
}

static void check_values(struct arena *arena, const json_t *values, struct buf *out)
{
    const char *name;
    json_t *value, *one;
    size_t i, pairs = 0;
    json_object_foreach((json_t *)values, name, value) {
        if (json_is_array(value)) {
            write_pair(out, name, "[]", "");
            json_array_foreach(value, i, one) {
                check_text(arena, one);
                MUST(json_string_length(one));
                write_pair(out, name, "[]", json_string_value(one));
                pairs++;
            }
        } else {
            check_text(arena, value);
            write_pair(out, name, "", json_string_value(value));
        }
        pairs++;
    }
    MUST(pairs <= 1000); /* 500 were sent; each list tells besides that it is there */
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!size)
        return 0;
    struct arena *arena = arena_new(64 << 20);
    struct params params, again;
    struct err err;
    struct buf out;
    err_init(&err);
    params_init(&params);
    params_init(&again);
    buf_init(&out, 16 << 20);
    bool query = data[0] & 1;
    enum code c = params_form(arena, (const char *)data + 1, size - 1, query, &params, &err);
    MUST(c == err.code && !params.typed);
    if (!c) {
        check_values(arena, params.values, &out);
        /* Lists are told of once more, so that many of them are too many pairs. */
        if (json_object_size(params.values) < 200 && size < 1000) {
            MUST(params_form(arena, out.data, out.len, query, &again, &err) == OK);
            MUST(json_equal(params.values, again.values));
        }
    } else {
        MUST(c == E_INPUT);
    }
    buf_release(&out);
    params_release(&params);
    params_release(&again);
    err_release(&err);
    arena_free(arena);
    return 0;
}
