/* fuzz_multipart.c: any bytes as a form with a file are refused, or the file lies within them and
 * the fields are clean. The boundary stands before the first zero byte. */
#include <kansli/params.h>
#include <kansli/utf8.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *zero = size ? memchr(data, 0, size) : NULL;
    if (!zero)
        return 0;
    struct arena *arena = arena_new(16 << 20);
    struct params params;
    struct upload upload;
    struct err err;
    const char *type =
        arena_join(arena, "multipart/form-data; boundary=", (const char *)data, NULL);
    const char *body = (const char *)zero + 1;
    size_t n = size - (size_t)(body - (const char *)data);
    json_t *value;
    const char *name;
    params_init(&params);
    err_init(&err);
    enum code c = params_multipart(arena, type, body, n, &params, &upload, &err);
    MUST(c == err.code && (!c || c == E_INPUT));
    if (!c && upload.bytes)
        MUST(upload.bytes >= body && upload.bytes + upload.n <= body + n);
    if (!c)
        json_object_foreach(params.values, name, value)
            MUST(utf8_valid(name, strlen(name)) && json_is_string(value));
    params_release(&params);
    err_release(&err);
    arena_free(arena);
    return 0;
}
