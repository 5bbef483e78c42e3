/* fuzz_json.c: any bytes as JSON are refused, or read the same after they were written. */
#include <kansli/params.h>
#include <kansli/utf8.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_round_trip(const json_t *v)
{
    struct buf out;
    struct err err;
    json_t *again;
    err_init(&err);
    buf_init(&out, 64 << 20);
    json_write(&out, v);
    MUST(!out.full && utf8_valid(out.data, out.len) && strlen(out.data) == out.len);
    MUST(json_read(out.data, out.len, &again, &err) == OK);
    MUST(json_equal(v, again));
    json_decref(again);
    buf_release(&out);
    err_release(&err);
}

/* json_read has bounded the depth. */
static void check_clean(struct arena *arena, const json_t *v)
{
    const char *name;
    json_t *member;
    size_t i;
    char *again;
    if (json_is_string(v)) {
        const char *text = json_string_value(v);
        MUST(strlen(text) == json_string_length(v));
        MUST(text_clean(arena, text, strlen(text), true, &again) == TEXT_OK);
        MUST(!strcmp(again, text));
    }
    json_array_foreach((json_t *)v, i, member)
        check_clean(arena, member);
    json_object_foreach((json_t *)v, name, member) {
        MUST(text_clean(arena, name, strlen(name), false, &again) == TEXT_OK);
        MUST(!strcmp(again, name));
        check_clean(arena, member);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new(64 << 20);
    struct params params;
    struct err err;
    json_t *v = NULL;
    err_init(&err);
    params_init(&params);
    enum code c = json_read((const char *)data, size, &v, &err);
    MUST(c == err.code && (!c || (c == E_INPUT && json_array_size(err.fields) > 0)));
    if (!c) {
        MUST(json_is_object(v));
        check_round_trip(v);
        json_decref(v);
    }
    err_release(&err);
    err_init(&err);
    enum code cleaned = params_json(arena, (const char *)data, size, &params, &err);
    MUST(cleaned == err.code && (!c || cleaned));
    if (!cleaned) {
        MUST(params.typed);
        check_clean(arena, params.values);
        check_round_trip(params.values);
    }
    err_release(&err);
    params_release(&params);
    arena_free(arena);
    return 0;
}
