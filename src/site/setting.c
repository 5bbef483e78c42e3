/* setting.c: the settings that a person may change.
 *
 * Owns which they are and what each may be: a row of a table here, a row of a table in the
 * register. Those that are not named here (the register's secret) cannot be seen or changed by
 * anybody. Who reads a setting brings its own default. */
#include <stdlib.h>
#include <string.h>
#include <kansli/access.h>
#include <kansli/json.h>
#include "internal.h"

struct setting {
    const char *name, *label, *hint;
    long long min, max;      /* a whole number */
    const struct value *any; /* or words of these, with spaces between */
};

static const struct value roles[] = {
    {"administrator", N_("Administrator")},
    {"support", N_("Support function")},
    {"coordinator", N_("Coordinator")},
    {"auditor", N_("Auditor")},
    {"dataProtection", N_("Data protection")},
    {NULL, NULL},
};

static const struct setting settings[] = {
    {"secondFactorRoles", N_("Roles that must have a second factor"),
     N_("Names with a space between: administrator support coordinator auditor dataProtection. Empty: nobody "
        "must."),
     0, 0, roles},
    {"sessionIdleMinutes", N_("Minutes without use until a session ends"), N_("From 5 to 480."), 5, 480,
     NULL},
    {"sessionHours", N_("Hours until a session ends"), N_("From 1 to 24, however much it is used."), 1, 24,
     NULL},
};

struct setting_input {
    const char *value;
};

static const struct field fields[] = {
    {.name = "id", .label = N_("Name"), .type = T_TEXT, .flags = F_DERIVED},
    {.name = "label", .label = N_("Setting"), .type = T_TEXT, .flags = F_DERIVED},
    {.name = "hint", .label = N_("Explanation"), .type = T_TEXT, .flags = F_DERIVED},
    {.name = "value",
     .label = N_("Value"),
     .type = T_TEXT,
     .at = offsetof(struct setting_input, value),
     .column = "value"},
    {0},
};

static const struct setting *setting_find(const char *name)
{
    for (size_t i = 0; i < LEN(settings); i++)
        if (!strcmp(settings[i].name, name))
            return &settings[i];
    return NULL;
}

static void finish(struct ctx *ctx, json_t *items)
{
    size_t i;
    json_t *item;
    json_array_foreach(items, i, item) {
        const struct setting *setting = setting_find(json_text(item, "id"));
        json_put(item, "label", ctx_text(ctx, setting->label));
        json_put(item, "hint", ctx_text(ctx, setting->hint));
    }
}

static void links(struct ctx *ctx, json_t *object)
{
    if (may(ctx, ACT_CHANGE_KIND, 0))
        ctx_link(ctx, object, "change", "PATCH",
                 arena_printf(ctx->arena, "/settings/%s", json_text(object, "id")));
}

const struct resource setting_resource = {
    .name = "settings",
    .noun = N_("setting"),
    .table = "setting",
    .select = "SELECT key AS \"key\", version AS \"version\", modified AS \"modified\", name AS \"id\", "
              "value AS \"value\" FROM setting "
              "WHERE name IN ('secondFactorRoles', 'sessionIdleMinutes', 'sessionHours')",
    .order = "\"id\"",
    .size = sizeof(struct setting_input),
    .fields = fields,
    .finish = finish,
    .links = links,
};

static bool is_word_of(const struct value *values, const char *word, size_t n)
{
    for (; values->code; values++)
        if (strlen(values->code) == n && !strncmp(values->code, word, n))
            return true;
    return false;
}

static enum code check_words(struct ctx *ctx, const struct setting *setting, const char *text)
{
    for (const char *at = text; *at;) {
        size_t n = strcspn(at, " ");
        if (!is_word_of(setting->any, at, n))
            return err_field(ctx->err, "/value", N_("There is no role {name}."), "name",
                             arena_strndup(ctx->arena, at, n), NULL);
        at += n;
        at += strspn(at, " ");
    }
    return OK;
}

static enum code check_number(struct ctx *ctx, const struct setting *setting, const char *text)
{
    size_t digits = strspn(text, "0123456789");
    long long n = digits && digits <= 9 && !text[digits] ? strtoll(text, NULL, 10) : -1;
    if (n >= setting->min && n <= setting->max)
        return OK;
    return err_field(ctx->err, "/value", N_("Write a number from {min} to {max}."), "min",
                     arena_printf(ctx->arena, "%lld", setting->min), "max",
                     arena_printf(ctx->arena, "%lld", setting->max), NULL);
}

static enum code change(struct ctx *ctx, struct edit *edit, struct setting_input *in)
{
    const struct setting *setting = setting_find(edit->id);
    if (!in->value)
        in->value = "";
    enum code c = setting->any ? check_words(ctx, setting, in->value)
                               : check_number(ctx, setting, in->value);
    return c ? c : resource_update(ctx, &setting_resource, edit, in, NULL);
}

enum code setting_change(struct ctx *ctx, const char *id)
{
    struct setting_input in;
    struct edit edit = {0};
    enum code c = must_may(ctx, ACT_CHANGE_KIND, 0);
    if (c)
        return c;
    c = resource_edit(ctx, &setting_resource, id, &edit, &in);
    if (!c)
        c = change(ctx, &edit, &in);
    resource_edit_end(&edit);
    return c;
}
