/* err.c: the first failure of a request.
 *
 * Owns: the rule that the first failure wins, and that the fields of a form are told all at once.
 * Knows no language: texts stay source texts with {places} until they are shown. */
#include <stdarg.h>

#include <kansli/err.h>
#include <kansli/json.h>

static const struct {
    int status;
    const char *rule;
} codes[] = {
    [OK] = { 200, "ok" },
    [E_INPUT] = { 400, "invalid-input" },
    [E_LOGIN] = { 401, "login-needed" },
    [E_DENIED] = { 403, "denied" },
    [E_ABSENT] = { 404, "not-found" },
    [E_METHOD] = { 405, "method-not-allowed" },
    [E_CONFLICT] = { 409, "conflict" },
    [E_STALE] = { 412, "stale" },
    [E_TOO_BIG] = { 413, "too-big" },
    [E_TYPE] = { 415, "unsupported-type" },
    [E_UNGUARDED] = { 428, "if-match-needed" },
    [E_LIMIT] = { 429, "too-many" },
    [E_INTERNAL] = { 500, "internal" },
    [E_BUSY] = { 503, "busy" },
    [E_STORAGE] = { 507, "storage" },
};

enum code err_take(struct err *err, struct err *from)
{
    enum code code = from->code;

    if (err && !err->code) {
        *err = *from;
        err_init(from);
    }
    return code;
}

int code_status(enum code code)
{
    return codes[code].status;
}

const char *code_rule(enum code code)
{
    return codes[code].rule;
}

void err_init(struct err *err)
{
    *err = (struct err){ .code = OK };
}

void err_release(struct err *err)
{
    json_decref(err->args);
    json_decref(err->fields);
    json_decref(err->missing);
    err_init(err);
}

/* The pairs of a variable list as an object, or NULL when there is none. */
static json_t *args_new(va_list pairs)
{
    json_t *args = NULL;
    const char *name;

    while ((name = va_arg(pairs, const char *))) {
        if (!args)
            args = json_object();
        json_put(args, name, va_arg(pairs, const char *));
    }
    return args;
}

enum code err_set(struct err *err, enum code code, const char *rule, const char *msgid)
{
    return err_setf(err, code, rule, msgid, NULL);
}

enum code err_setf(struct err *err, enum code code, const char *rule, const char *msgid, ...)
{
    va_list pairs;

    MUST(code != OK);
    if (!err)
        return code;
    if (err->code)
        return err->code;
    err->code = code;
    err->rule = rule;
    err->msgid = msgid;
    va_start(pairs, msgid);
    err->args = args_new(pairs);
    va_end(pairs);
    return code;
}

enum code err_field(struct err *err, const char *pointer, const char *msgid, ...)
{
    va_list pairs;
    json_t *field, *args;

    if (!err)
        return E_INPUT;
    if (!err->code)
        err_set(err, E_INPUT, code_rule(E_INPUT), N_("Something needs to be corrected."));
    if (err->code != E_INPUT)
        return err->code;
    if (!err->fields)
        err->fields = json_array();
    field = json_push(err->fields, json_object());
    json_put(field, !*pointer || *pointer == '/' ? "pointer" : "parameter", pointer);
    json_put(field, "msgid", msgid);
    va_start(pairs, msgid);
    args = args_new(pairs);
    va_end(pairs);
    if (args)
        json_put_new(field, "args", args);
    return E_INPUT;
}

void err_missing(struct err *err, const char *what)
{
    if (!err)
        return;
    if (!err->missing)
        err->missing = json_array();
    json_push(err->missing, json_text_new(what));
}
