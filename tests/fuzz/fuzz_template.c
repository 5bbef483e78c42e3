/* fuzz_template.c: a template, a partial "p" after the first NUL, and a .mo file after the second.
 *
 * Whatever they say: an answer or a fault, in bounded time and memory. */
#include <kansli/log.h>
#include <stdlib.h>
#include <string.h>

#include "../../src/view/internal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char document[] =
    "{\"a\":true,\"b\":false,\"n\":-1234567,\"r\":0.5,\"s\":\"<åä'\\\"&>\",\"z\":null,\"e\":[],"
    "\"d\":\"2026-11-22\",\"t\":\"2026-11-22T08:15:30.123Z\",\"l\":[{\"x\":1},{\"x\":\"y\",\"l\":[]"
    "}],"
    "\"o\":{\"x\":{\"y\":1}},\"xHtml\":\"<b>\"}";

static json_t *text_value(const uint8_t *data, size_t size)
{
    return json_stringn_nocheck((const char *)data, size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    log_level(LOG_FAULT + 1);
    const uint8_t *end = data + size, *first = memchr(data, 0, size);
    if (!first)
        first = end;
    char *text = must_calloc(1, (size_t)(first - data) + 1);
    memcpy(text, data, (size_t)(first - data));
    const uint8_t *partial = first < end ? first + 1 : end;
    const uint8_t *second = memchr(partial, 0, (size_t)(end - partial));
    if (!second)
        second = end;
    json_t *partials = json_object();
    json_object_set_new_nocheck(partials, "p", text_value(partial, (size_t)(second - partial)));
    json_t *values = json_loads(document, 0, NULL);
    /* Its own block, so that reading beyond it is seen. */
    size_t rest = (size_t)(end - second);
    unsigned char *catalogue = must_malloc(rest + 1);
    memcpy(catalogue, second, rest);
    if (rest > 1 && lang_load(catalogue + 1, rest - 1)) {
        lang_text(LANG_SV, text);
        lang_plural(LANG_SV, text, "many", 2);
    }
    lang_accept(text);

    for (int strict = 0; strict < 2; strict++) {
        struct buf out;
        struct err err;
        err_init(&err);
        buf_init(&out, 1 << 20);
        view_strict(strict);
        enum code code = view_render_text(text, partials, values, &out, &err);
        MUST(code == err.code && out.len <= out.ceiling);
        buf_release(&out);
        err_release(&err);
    }
    MUST(lang_load(NULL, 0));
    free(catalogue);
    free(text);
    json_decref(partials);
    json_decref(values);
    return 0;
}
