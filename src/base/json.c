/* json.c: the house's door to Jansson.
 *
 * Owns: what a JSON body may be, and how a document becomes bytes. Knows no field, no page. The
 * reader counts nesting before Jansson recurses; the writer walks the document itself, because
 * json_dumps asks for memory and formats for every value and cost more than the SQL of a page. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <kansli/json.h>
#include <kansli/utf8.h>

enum { READ_DEPTH = 32, WRITE_DEPTH = 64, FILLED_MAX = 64 * 1024 };

static enum code refuse(struct err *err, const char *msgid, int line, int column)
{
    char lines[16], columns[16];

    snprintf(lines, sizeof lines, "%d", line > 0 ? line : 1);
    snprintf(columns, sizeof columns, "%d", column > 0 ? column : 1);
    err_setf(err, E_INPUT, "malformed-json", N_("The body is not the JSON it should be."), NULL);
    return err_field(err, "", msgid, "line", lines, "column", columns, NULL);
}

/* Refuses nesting deeper than READ_DEPTH and a top that is no object, before anything is built. */
static enum code check_shape(const char *bytes, size_t n, struct err *err)
{
    size_t i = 0, line_start = 0;
    int depth = 0, line = 1;
    bool in_string = false;

    while (i < n && bytes[i] && strchr(" \t\r\n", bytes[i]))
        i++;
    if (i < n && bytes[i] != '{')
        return refuse(err, N_("The body must be a JSON object."), 1, 1);
    for (; i < n; i++) {
        char c = bytes[i];

        if (c == '\n') {
            line++;
            line_start = i + 1;
        } else if (in_string) {
            if (c == '\\')
                i++;
            else if (c == '"')
                in_string = false;
        } else if (c == '"') {
            in_string = true;
        } else if (c == '{' || c == '[') {
            if (++depth > READ_DEPTH)
                return refuse(err, N_("Line {line}, column {column}: nested too deeply."), line,
                              (int)(i - line_start) + 1);
        } else if (c == '}' || c == ']') {
            depth--;
        }
    }
    return OK;
}

static const char *fault_text(const json_error_t *error)
{
    enum json_error_code code = json_error_code(error);

    if (code == json_error_duplicate_key)
        return N_("Line {line}, column {column}: a name occurs twice.");
    if (code == json_error_invalid_utf8)
        return N_("Line {line}, column {column}: the text is not UTF-8.");
    if (code == json_error_null_character || code == json_error_null_byte_in_key)
        return N_("Line {line}, column {column}: a NUL is not allowed.");
    if (code == json_error_numeric_overflow)
        return N_("Line {line}, column {column}: the number is too large.");
    if (code == json_error_premature_end_of_input)
        return N_("Line {line}, column {column}: the text ends too early.");
    return N_("Line {line}, column {column}: this is not JSON.");
}

enum code json_read(const char *bytes, size_t n, json_t **out, struct err *err)
{
    json_error_t error;
    enum code c;

    *out = NULL;
    c = check_shape(bytes, n, err);
    if (c)
        return c;
    *out = json_loadb(bytes, n, JSON_REJECT_DUPLICATES, &error);
    if (!*out)
        return refuse(err, fault_text(&error), error.line, error.column);
    return OK;
}

static void write_integer(struct buf *buf, json_int_t value)
{
    char digits[24], *p = digits + sizeof digits;
    unsigned long long rest = value < 0 ? 0ULL - (unsigned long long)value
                                        : (unsigned long long)value;

    do
        *--p = (char)('0' + rest % 10);
    while (rest /= 10);
    if (value < 0)
        *--p = '-';
    buf_add(buf, p, (size_t)(digits + sizeof digits - p));
}

/* The shortest of 15, 16 or 17 digits that reads back as the same number; always with a point or an
 * exponent, so that a real stays a real. */
static void write_real(struct buf *buf, double value)
{
    char text[64];
    const char *e;
    int digits = 14;

    do
        snprintf(text, sizeof text, "%.*g", ++digits, value);
    while (digits < 17 && strtod(text, NULL) != value);
    e = strchr(text, 'e');
    if (e && fabs(value) >= 1e-7 && fabs(value) < 1e21) {
        int mantissa = (int)(e - text) - (value < 0) - (text[1 + (value < 0)] == '.');
        int decimals = mantissa - 1 - (int)strtol(e + 1, NULL, 10);

        snprintf(text, sizeof text, "%.*f", decimals > 0 ? decimals : 1, value);
    }
    buf_adds(buf, text);
    if (!strpbrk(text, ".e"))
        buf_adds(buf, ".0");
}

static void write_value(struct buf *buf, const json_t *v, int depth);

static void write_text(struct buf *buf, const char *text, size_t n)
{
    buf_addc(buf, '"');
    buf_json(buf, text, n);
    buf_addc(buf, '"');
}

static void write_object(struct buf *buf, const json_t *v, int depth)
{
    json_t *object = (json_t *)(uintptr_t)v; /* Jansson's iterators lack const */
    void *at = json_object_iter(object);

    buf_addc(buf, '{');
    while (at) {
        write_text(buf, json_object_iter_key(at), json_object_iter_key_len(at));
        buf_addc(buf, ':');
        write_value(buf, json_object_iter_value(at), depth + 1);
        at = json_object_iter_next(object, at);
        if (at)
            buf_addc(buf, ',');
    }
    buf_addc(buf, '}');
}

static void write_array(struct buf *buf, const json_t *v, int depth)
{
    size_t n = json_array_size(v);

    buf_addc(buf, '[');
    for (size_t i = 0; i < n; i++) {
        if (i)
            buf_addc(buf, ',');
        write_value(buf, json_array_get(v, i), depth + 1);
    }
    buf_addc(buf, ']');
}

/* Recursion is bounded: bodies by READ_DEPTH, documents by what we build. */
static void write_value(struct buf *buf, const json_t *v, int depth)
{
    MUST(depth < WRITE_DEPTH);
    switch (json_typeof(v)) {
    case JSON_OBJECT:
        write_object(buf, v, depth);
        break;
    case JSON_ARRAY:
        write_array(buf, v, depth);
        break;
    case JSON_STRING:
        write_text(buf, json_string_value(v), json_string_length(v));
        break;
    case JSON_INTEGER:
        write_integer(buf, json_integer_value(v));
        break;
    case JSON_REAL:
        write_real(buf, json_real_value(v));
        break;
    case JSON_TRUE:
        buf_add(buf, "true", 4);
        break;
    case JSON_FALSE:
        buf_add(buf, "false", 5);
        break;
    case JSON_NULL:
        buf_add(buf, "null", 4);
        break;
    }
}

void json_write(struct buf *buf, const json_t *v)
{
    write_value(buf, v, 0);
}

const char *json_text(const json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

long long json_int(const json_t *object, const char *name, long long fallback)
{
    const json_t *v = json_object_get(object, name);

    return json_is_integer(v) ? json_integer_value(v) : fallback;
}

bool json_true_at(const json_t *object, const char *name)
{
    return json_is_true(json_object_get(object, name));
}

json_t *json_text_new(const char *text)
{
    size_t n = strlen(text);
    struct buf repaired;
    json_t *v;

    if (utf8_valid(text, n)) {
        v = json_stringn_nocheck(text, n);
        MUST(v);
        return v;
    }
    buf_init(&repaired, SIZE_MAX - 1);
    for (; *text; text++) {
        if ((unsigned char)*text < 0x80)
            buf_addc(&repaired, *text);
        else
            buf_adds(&repaired, "\xEF\xBF\xBD");
    }
    v = json_stringn_nocheck(repaired.data, repaired.len);
    buf_release(&repaired);
    MUST(v);
    return v;
}

json_t *json_put_new(json_t *object, const char *name, json_t *v)
{
    if (!v)
        v = json_null();
    MUST(json_object_set_new_nocheck(object, name, v) ==
         0); /* names are ours: no need to look for UTF-8 */
    return v;
}

void json_put(json_t *object, const char *name, const char *text)
{
    json_put_new(object, name, text ? json_text_new(text) : NULL);
}

void json_put_int(json_t *object, const char *name, long long value)
{
    json_t *v = json_integer(value);

    MUST(v);
    json_put_new(object, name, v);
}

void json_put_bool(json_t *object, const char *name, bool value)
{
    json_put_new(object, name, json_boolean(value));
}

json_t *json_push(json_t *array, json_t *v)
{
    MUST(v && json_array_append_new(array, v) == 0);
    return v;
}

const char *text_fill(struct arena *arena, const char *text, const json_t *args)
{
    struct buf filled;
    const char *open, *close, *value, *out;

    if (!args || !strchr(text, '{'))
        return text;
    buf_init(&filled, FILLED_MAX);
    while ((open = strchr(text, '{')) && (close = strchr(open, '}'))) {
        value = json_string_value(json_object_getn(args, open + 1, (size_t)(close - open) - 1));
        buf_add(&filled, text, (size_t)(open - text));
        if (value)
            buf_adds(&filled, value);
        else
            buf_add(&filled, open, (size_t)(close - open) + 1);
        text = close + 1;
    }
    buf_adds(&filled, text);
    out = arena_strndup(arena, filled.data, filled.len);
    buf_release(&filled);
    return out;
}
