/* params.c: what came in, as one object of clean values.
 *
 * Owns: decoding of forms and queries, and that no text enters uncleaned. Knows no field: which
 * names exist and what they may be is resource.c's. All faults of a body are told at once, each
 * at its place: a parameter's name for a query, a JSON pointer for a form or a JSON body. */
#include <string.h>

#include <kansli/params.h>
#include <kansli/utf8.h>

enum { PAIRS_MAX = 500, POINTER_MAX = 1000, PLACES_MAX = 64 };

static const char *const fault_texts[] = {
    [TEXT_INVALID] = N_("This is not valid UTF-8 text."),
    [TEXT_CONTROL] = N_("Control characters are not allowed."),
    [TEXT_BIDI] = N_("Invisible characters that turn the direction of text are not allowed."),
};

void params_init(struct params *params)
{
    params->values = json_object();
    params->typed = false;
    MUST(params->values);
}

void params_release(struct params *params)
{
    json_decref(params->values);
    *params = (struct params){ 0 };
}

const char *params_text(const struct params *params, const char *name)
{
    return json_text(params->values, name);
}

bool params_has(const struct params *params, const char *name)
{
    return json_object_get(params->values, name) != NULL;
}

/* One step of a JSON pointer (RFC 6901). */
static void add_step(struct buf *pointer, const char *name)
{
    buf_addc(pointer, '/');
    for (; *name; name++) {
        if (*name == '~' || *name == '/')
            buf_adds(pointer, *name == '~' ? "~0" : "~1");
        else
            buf_addc(pointer, *name);
    }
}

/* ---- forms and queries ---- */

struct form {
    struct arena *arena;
    bool query;
    json_t *values;
    struct err *err;
};

static enum code form_fault(const struct form *form, const char *name, const char *msgid)
{
    struct buf pointer;
    enum code c;

    if (form->query)
        return err_field(form->err, name, msgid, NULL);
    buf_init(&pointer, POINTER_MAX);
    add_step(&pointer, name);
    c = err_field(form->err, pointer.data, msgid, NULL);
    buf_release(&pointer);
    return c;
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
        return (c | 0x20) - 'a' + 10;
    return -1;
}

/* Decodes + and %XX into the arena; NULL when an escape is malformed. */
static char *decode(struct arena *arena, const char *text, size_t n, size_t *length)
{
    char *out = arena_alloc(arena, n + 1), *to = out;

    for (size_t i = 0; i < n; i++) {
        if (text[i] == '%') {
            int high = n - i > 2 ? hex_value(text[i + 1]) : -1;
            int low = n - i > 2 ? hex_value(text[i + 2]) : -1;

            if (high < 0 || low < 0)
                return NULL;
            *to++ = (char)(high << 4 | low);
            i += 2;
        } else {
            *to++ = text[i] == '+' ? ' ' : text[i];
        }
    }
    *length = (size_t)(to - out);
    return out;
}

/* A name or a value, decoded and cleaned; the fault's text in *fault and NULL when it cannot be. */
static char *clean_part(struct arena *arena, const char *text, size_t n, bool multiline,
                        const char **fault)
{
    enum text_fault found;
    size_t length;
    char *decoded = decode(arena, text, n, &length), *out;

    if (!decoded) {
        *fault = N_("A % must be followed by two hexadecimal digits.");
        return NULL;
    }
    found = text_clean(arena, decoded, length, multiline, &out);
    if (!found)
        return out;
    *fault = fault_texts[found];
    return NULL;
}

/* An empty value adds nothing but makes the list exist: so a form says "none of them". */
static enum code add_to_list(const struct form *form, const char *name, const char *value)
{
    json_t *list = json_object_get(form->values, name);

    if (!list)
        list = json_put_new(form->values, name, json_array());
    if (!json_is_array(list))
        return form_fault(form, name, N_("This was given twice."));
    if (*value)
        json_push(list, json_text_new(value));
    return OK;
}

static enum code add_pair(const struct form *form, const char *pair, size_t n)
{
    const char *equals = memchr(pair, '=', n), *fault = NULL;
    size_t n_name = equals ? (size_t)(equals - pair) : n, length;
    char *name = clean_part(form->arena, pair, n_name, false, &fault), *value;

    if (!name)
        return form_fault(form, arena_strndup(form->arena, pair, n_name), fault);
    value = clean_part(form->arena, equals ? equals + 1 : "", equals ? n - n_name - 1 : 0, true,
                       &fault);
    length = strlen(name);
    if (length > 2 && strcmp(name + length - 2, "[]") == 0) {
        name[length - 2] = '\0';
        return value ? add_to_list(form, name, value) : form_fault(form, name, fault);
    }
    if (!value)
        return form_fault(form, name, fault);
    if (json_object_get(form->values, name))
        return form_fault(form, name, N_("This was given twice."));
    json_put(form->values, name, value);
    return OK;
}

enum code params_form(struct arena *arena, const char *text, size_t n, bool query,
                      struct params *params, struct err *err)
{
    struct form form = { .arena = arena, .query = query, .values = params->values, .err = err };
    const char *end = text + n;
    enum code code = OK, c;
    int pairs = 0;

    params->typed = false;
    while (text < end) {
        const char *next = memchr(text, '&', (size_t)(end - text));

        if (!next)
            next = end;
        if (next > text && ++pairs > PAIRS_MAX)
            return err_setf(err, E_INPUT, code_rule(E_INPUT),
                            N_("More than {max} values were sent at once."), "max", "500", NULL);
        c = next > text ? add_pair(&form, text, (size_t)(next - text)) : OK;
        code = code ? code : c;
        text = next + 1;
    }
    return code;
}

/* ---- JSON ---- */

/* The way from the top to a value: a chain of steps on the stack, written out only for a fault. */
struct place {
    const struct place *up;
    const char *name; /* a member's; NULL for an element */
    size_t index;
};

struct cleaning {
    struct arena *arena;
    struct err *err;
    enum code code;
};

static void json_fault(struct cleaning *work, const struct place *place, const char *msgid)
{
    const struct place *way[PLACES_MAX];
    struct buf pointer;
    enum code c;
    int n = 0;

    for (; place->up; place = place->up) {
        MUST(n < PLACES_MAX);
        way[n++] = place;
    }
    buf_init(&pointer, POINTER_MAX);
    while (n--) {
        if (way[n]->name)
            add_step(&pointer, way[n]->name);
        else
            buf_addf(&pointer, "/%zu", way[n]->index);
    }
    c = err_field(work->err, pointer.data, msgid, NULL);
    work->code = work->code ? work->code : c;
    buf_release(&pointer);
}

static void clean_text(struct cleaning *work, json_t *v, const struct place *place)
{
    size_t n = json_string_length(v);
    char *clean;
    enum text_fault found = text_clean(work->arena, json_string_value(v), n, true, &clean);

    if (found)
        json_fault(work, place, fault_texts[found]);
    else if (strcmp(clean, json_string_value(v)) != 0)
        MUST(json_string_set(v, clean) == 0);
}

/* A name that is not clean as it stands is nobody's: to mend it could make two members one. */
static void check_name(struct cleaning *work, const struct place *place)
{
    char *clean;

    if (text_clean(work->arena, place->name, strlen(place->name), false, &clean) ||
        strcmp(clean, place->name) != 0)
        json_fault(work, place, N_("The name contains characters that are not allowed."));
}

/* Recursion is bounded: json_read refuses deep nesting. */
static void clean_value(struct cleaning *work, json_t *v, const struct place *place)
{
    struct place step = { .up = place };
    json_t *member;

    if (json_is_string(v)) {
        clean_text(work, v, place);
    } else if (json_is_array(v)) {
        for (; step.index < json_array_size(v); step.index++)
            clean_value(work, json_array_get(v, step.index), &step);
    } else if (json_is_object(v)) {
        json_object_foreach(v, step.name, member) {
            check_name(work, &step);
            clean_value(work, member, &step);
        }
    }
}

enum code params_json(struct arena *arena, const char *bytes, size_t n, struct params *params,
                      struct err *err)
{
    static const struct place top;
    struct cleaning work = { .arena = arena, .err = err };
    json_t *values;
    enum code c;

    c = json_read(bytes, n, &values, err);
    if (c)
        return c;
    json_decref(params->values);
    params->values = values;
    params->typed = true;
    clean_value(&work, values, &top);
    return work.code;
}
