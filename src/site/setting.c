/* setting.c: the settings that a person may change.
 *
 * Owns which they are and what each may be: a row of a table here, a row of a table in the
 * register. Those that are not named here (the register's secret) cannot be seen or changed by
 * anybody. Who reads a setting brings its own default. */
#include <stdlib.h>
#include <string.h>
#include <kansli/access.h>
#include <kansli/json.h>
#include <kansli/smtp.h>
#include "internal.h"

struct setting {
    const char *name, *label, *hint;
    enum code (*check)(struct ctx *ctx, const struct setting *setting, const char *text);
    long long min, max;         /* of a whole number */
    const struct value *values; /* of words */
};

/* ---------------------------------------------------------------- what each may be */

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
        if (!is_word_of(setting->values, at, n))
            return err_field(ctx->err, "/value", N_("There is no role {name}."), "name",
                             arena_strndup(ctx->arena, at, n), NULL);
        at += n;
        at += strspn(at, " ");
    }
    return OK;
}

static enum code check_choice(struct ctx *ctx, const struct setting *setting, const char *text)
{
    if (is_word_of(setting->values, text, strlen(text)))
        return OK;
    return err_field(ctx->err, "/value", N_("Write yes or no."), NULL);
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

/* 02-29 is the last of February in every year. */
static enum code check_year_day(struct ctx *ctx, const struct setting *setting, const char *text)
{
    (void)setting;
    if (strlen(text) == 5 && day_valid(arena_join(ctx->arena, "2024-", text, NULL)))
        return OK;
    return err_field(ctx->err, "/value",
                     N_("Write a day of the year as MM-DD, for example 12-15."), NULL);
}

static enum code check_nothing(struct ctx *ctx, const struct setting *setting, const char *text)
{
    (void)ctx, (void)setting, (void)text;
    return OK;
}

static enum code check_address(struct ctx *ctx, const struct setting *setting, const char *text)
{
    (void)setting;
    if (!*text || (email_valid(text) && smtp_address_valid(text)))
        return OK;
    return err_field(ctx->err, "/value",
                     N_("Write an e-mail address, for example name@region.example."), NULL);
}

/* The host that begins there, "mail.region.example" or "[::1]"; *rest is what follows it. */
static size_t host_length(const char *text, const char **rest)
{
    size_t n = *text == '[' ? 1 + strspn(text + 1, "0123456789abcdefABCDEF:.")
                            : strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                           "0123456789.-");
    if (*text == '[')
        n = n > 1 && text[n] == ']' ? n + 1 : 0;
    *rest = text + n;
    return n;
}

static bool is_this_machine(const char *host, size_t n)
{
    bool address = n > 4 && strspn(host, "0123456789.") == n;
    return (n == 9 && !strncmp(host, "localhost", n)) || (n == 5 && !strncmp(host, "[::1]", n)) ||
           (address && !strncmp(host, "127.", 4));
}

static bool is_port(const char *text)
{
    size_t digits = strspn(text, "0123456789");
    long n = digits && digits <= 5 && !text[digits] ? strtol(text, NULL, 10) : 0;
    return n >= 1 && n <= 65535;
}

/* Without TLS only to this machine: nobody listens between. */
static enum code check_server(struct ctx *ctx, const struct setting *setting, const char *text)
{
    static const char *const schemes[] = {"smtp://", "smtps://", "smtp+plain://"};
    const char *host = NULL, *rest = "";
    (void)setting;
    for (size_t i = 0; i < LEN(schemes); i++)
        if (!strncmp(text, schemes[i], strlen(schemes[i])))
            host = text + strlen(schemes[i]);
    size_t n = host ? host_length(host, &rest) : 0;
    bool whole = n && (!*rest || (*rest == ':' && is_port(rest + 1)));
    if (whole && text[4] == '+' && !is_this_machine(host, n))
        return err_field(ctx->err, "/value",
                         N_("Without encryption, mail goes only to a server on this machine: "
                            "localhost, 127.0.0.1 or [::1]."),
                         NULL);
    if (whole || !*text)
        return OK;
    return err_field(ctx->err, "/value",
                     N_("Write smtp://host:587, smtps://host:465 or smtp+plain://localhost:25."),
                     NULL);
}

/* ---------------------------------------------------------------- which there are */

static const struct value roles[] = {
    {"administrator", N_("Administrator")},    {"support", N_("Support function")},
    {"coordinator", N_("Coordinator")},        {"auditor", N_("Auditor")},
    {"dataProtection", N_("Data protection")}, {NULL, NULL},
};

static const struct value yes_no[] = {{"yes", N_("yes")}, {"no", N_("no")}, {NULL, NULL}};

static const struct setting settings[] = {
    {.name = "secondFactorRoles",
     .label = N_("Roles that must have a second factor"),
     .hint = N_("Names with a space between: administrator support coordinator auditor "
                "dataProtection. Empty: "
                "nobody must."),
     .check = check_words,
     .values = roles},
    {.name = "sessionIdleMinutes",
     .label = N_("Minutes without use until a session ends"),
     .hint = N_("From 5 to 480."),
     .check = check_number,
     .min = 5,
     .max = 480},
    {.name = "sessionHours",
     .label = N_("Hours until a session ends"),
     .hint = N_("From 1 to 24, however much it is used."),
     .check = check_number,
     .min = 1,
     .max = 24},
    {.name = "declarationMonths",
     .label = N_("Months that a declaration of interests holds"),
     .hint = N_("From 1 to 36."),
     .check = check_number,
     .min = 1,
     .max = 36},
    {.name = "planWritten",
     .label = N_("Annual plans are written from"),
     .hint = N_("A day of the year before the plan's, as MM-DD."),
     .check = check_year_day},
    {.name = "planSubmitted",
     .label = N_("Annual plans are submitted by"),
     .hint = N_("As MM-DD; a day earlier in the calendar than the first is in the plan's own "
                "year."),
     .check = check_year_day},
    {.name = "planDecided",
     .label = N_("Annual plans are decided by"),
     .hint = N_("As MM-DD; a day earlier in the calendar than the first is in the plan's own "
                "year. 02-29: the last of February."),
     .check = check_year_day},
    {.name = "operatorName",
     .label = N_("Who runs the register"),
     .hint = N_("The authority that answers for it, as catalogues of open data name it."),
     .check = check_nothing},
    {.name = "operatorEmail",
     .label = N_("Contact about the register"),
     .hint = N_("An address that anybody may write to: it is told in the description of the open "
                "data."),
     .check = check_address},
    {.name = "requestsPerSecond",
     .label = N_("Requests a second"),
     .hint = N_("From 10 to 10,000: what one token, else one address, may ask for over time."),
     .check = check_number,
     .min = 10,
     .max = 10000},
    {.name = "requestBurst",
     .label = N_("Requests at once"),
     .hint = N_("From 100 to 100,000: how many of them may come together."),
     .check = check_number,
     .min = 100,
     .max = 100000},
    {.name = "mailServer",
     .label = N_("Server for mail"),
     .hint = N_("smtp://host:587 (STARTTLS), smtps://host:465 (TLS), or smtp+plain://localhost:25 "
                "for a server on "
                "this machine. Empty: mail waits. The password is given to the program where it is "
                "started."),
     .check = check_server},
    {.name = "mailSender",
     .label = N_("Sender of mail"),
     .hint = N_("The address that mail comes from. Empty: mail waits."),
     .check = check_address},
    {.name = "mailUser",
     .label = N_("User at the server for mail"),
     .hint = N_("Empty: no login."),
     .check = check_nothing},
    {.name = "mailPaused",
     .label = N_("Mail is paused"),
     .hint = N_("While it is paused, mail waits."),
     .check = check_choice,
     .values = yes_no},
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
    {.name = "valueLabel", .label = N_("Value"), .type = T_TEXT, .flags = F_DERIVED},
    {0},
};

static const struct setting *setting_find(const char *name)
{
    for (size_t i = 0; i < LEN(settings); i++)
        if (!strcmp(settings[i].name, name))
            return &settings[i];
    return NULL;
}

static const char *label_of(const struct ctx *ctx, const struct setting *setting, const char *value)
{
    return setting->check == check_choice ? value_label(ctx, setting->values, value) : value;
}

static void finish(struct ctx *ctx, json_t *items)
{
    size_t i;
    json_t *item;
    json_array_foreach (items, i, item) {
        const struct setting *setting = setting_find(json_text(item, "id"));
        json_put(item, "label", ctx_text(ctx, setting->label));
        json_put(item, "hint", ctx_text(ctx, setting->hint));
        json_put(item, "valueLabel", label_of(ctx, setting, json_text(item, "value")));
    }
}

static void links(struct ctx *ctx, json_t *object)
{
    if (may(ctx, ACT_CHANGE_KIND, 0))
        ctx_link(ctx, object, "change", "PATCH",
                 arena_printf(ctx->arena, "/settings/%s", json_text(object, "id")));
}

/* What was never changed has its column's default, an instant without milliseconds: those who
 * synchronise compare instants as texts. */
#define MODIFIED "replace(modified, ':00Z', ':00.000Z')"

const struct resource setting_resource = {
    .name = "settings",
    .noun = N_("setting"),
    .table = "setting",
    .select =
        "SELECT key AS \"key\", version AS \"version\", " MODIFIED " AS \"modified\", "
        "name AS \"id\", value AS \"value\" FROM setting "
        "WHERE name IN ('secondFactorRoles', 'sessionIdleMinutes', 'sessionHours', "
        "'declarationMonths', 'planWritten', 'planSubmitted', 'planDecided', "
        "'operatorName', 'operatorEmail', 'requestsPerSecond', 'requestBurst', "
        "'mailServer', 'mailSender', 'mailUser', 'mailPaused')",
    .order = "\"id\"",
    .size = sizeof(struct setting_input),
    .fields = fields,
    .finish = finish,
    .links = links,
};

/* ---------------------------------------------------------------- how much one may ask for */

static int number_of(struct tx *tx, const char *name)
{
    const struct setting *setting = setting_find(name);
    const char *text = db_text(tx, "SELECT value FROM setting WHERE name = ?1", name);
    long n = text ? strtol(text, NULL, 10) : setting->min;
    return (int)(n < setting->min ? setting->min : n > setting->max ? setting->max : n);
}

struct site_limits site_limits(struct tx *tx)
{
    return (struct site_limits){number_of(tx, "requestsPerSecond"), number_of(tx, "requestBurst")};
}

/* ---------------------------------------------------------------- changing one */

static enum code change(struct ctx *ctx, struct edit *edit, struct setting_input *in)
{
    const struct setting *setting = setting_find(edit->id);
    if (!in->value)
        in->value = "";
    enum code c = setting->check(ctx, setting, in->value);
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

void setting_offer(struct ctx *ctx, const char *id, json_t *form)
{
    const struct setting *setting = setting_find(id);
    json_t *field = json_array_get(json_object_get(form, "fields"), 0);
    const char *now = json_text(field, "value");
    if (setting->check != check_choice)
        return;
    json_t *options = json_array();
    for (const struct value *one = setting->values; one->code; one++) {
        json_t *option = json_push(options, json_object());
        json_put(option, "value", one->code);
        json_put(option, "label", ctx_text(ctx, one->label));
        json_put_bool(option, "selected", now && !strcmp(one->code, now));
    }
    json_put(field, "kind", "select");
    json_put_new(field, "options", options);
}
