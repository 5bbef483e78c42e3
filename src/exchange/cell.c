/* cell.c: what people write in a cell, as a form would send it.
 *
 * Owns: the ways to write a day, a yes, a role, a share of working time, a name. What it does not
 * understand it leaves as it stands: the field's own check then says what is wrong. Must not know
 * the register but for the codes of organisations. */
#include <string.h>
#include <kansli/group.h>
#include <kansli/identity.h>
#include <kansli/membership.h>
#include <kansli/organisation.h>
#include <kansli/utf8.h>
#include "internal.h"

const char *word_key(struct arena *arena, const char *text)
{
    char *key = text_fold(arena, text), *to = key;
    for (const char *c = key; *c; c++)
        if ((*c >= 'a' && *c <= 'z') || (*c >= '0' && *c <= '9'))
            *to++ = *c;
    *to = '\0';
    return key;
}

const char *without_number(const char *text)
{
    return text && identity_number_in(text) ? NUMBER_MARK : text;
}

/* ---------------------------------------------------------------- days */

static const char *day_of(struct arena *arena, long year, long month, long day)
{
    return arena_printf(arena, "%04ld-%02ld-%02ld", year, month, day);
}

/* "dec", "december", "maj", "May": 1–12, or 0. */
static long month_named(const char *word)
{
    static const char *const months[] = {"jan", "feb", "mar", "apr", "maj", "jun",
                                         "jul", "aug", "sep", "okt", "nov", "dec"};
    if (!strncmp(word, "may", 3))
        return 5;
    if (!strncmp(word, "oct", 3))
        return 10;
    for (size_t i = 0; i < LEN(months); i++)
        if (!strncmp(word, months[i], 3))
            return (long)i + 1;
    return 0;
}

/* 20261231; 31/12 2026, 31.12.2026, 31-12-2026; 31 dec 2026. */
static const char *day_written(struct arena *arena, const char *text)
{
    char *rest, *folded = text_fold(arena, text);
    size_t digits = strspn(folded, "0123456789");
    long first = strtol(folded, &rest, 10), month, year;
    if (digits == 8 && !folded[8])
        return day_of(arena, first / 10000, first / 100 % 100, first % 100);
    if (digits == 4 && strlen(folded) == 16 && folded[10] == ' ') /* a day with a time */
        return arena_strndup(arena, text, 10);
    if (!digits || digits > 2)
        return text;
    rest += strspn(rest, " ./-");
    month = strtol(rest, &rest, 10);
    if (!month) {
        month = month_named(rest);
        rest += strspn(rest, "abcdefghijklmnopqrstuvwxyz");
    }
    rest += strspn(rest, " ./-");
    year = strspn(rest, "0123456789") == 4 && !rest[4] ? strtol(rest, NULL, 10) : 0;
    return month && year ? day_of(arena, year, month, first) : text;
}

/* "3 dec 2026 kl. 13.00", "2026-12-03 13:00" as clocks show it; an instant as it stands. */
static const char *instant_written(struct arena *arena, const char *text)
{
    const char *space = strrchr(text, ' ');
    size_t hour = space ? strspn(space + 1, "0123456789") : 0;
    if (!hour || hour > 2 || !strchr(".:", space[1 + hour]) || strlen(space + 1 + hour) != 3)
        return text;
    const char *minute = space + 2 + hour;
    size_t end = (size_t)(space - text);
    while (end && strchr(" ,", text[end - 1]))
        end--;
    if (end > 4 && !strncmp(text + end - 4, " kl.", 4))
        end -= 4;
    else if (end > 3 && !strncmp(text + end - 3, " kl", 3))
        end -= 3;
    const char *day = arena_strndup(arena, text, end);
    day = day_valid(day) ? day : day_written(arena, day);
    return arena_printf(arena, "%s %s%.*s:%s", day, hour == 1 ? "0" : "", (int)hour, space + 1,
                        minute);
}

/* ---------------------------------------------------------------- words */

/* Words that stand for a role or a capacity, beside the labels. */
static const struct {
    const struct value *values;
    const char *key, *code;
} words[] = {
    {membership_roles, "ordf", "chair"},
    {membership_roles, "ordforande", "chair"},
    {membership_roles, "viceordforande", "viceChair"},
    {membership_roles, "viceordf", "viceChair"},
    {membership_roles, "vordf", "viceChair"},
    {membership_roles, "vordforande", "viceChair"},
    {membership_roles, "ledamot", "member"},
    {membership_roles, "medlem", "member"},
    {membership_roles, "deltagare", "member"},
    {membership_roles, "ordinarieledamot", "member"},
    {membership_roles, "adjungerad", "coOpted"},
    {membership_roles, "adjungeradledamot", "coOpted"},
    {membership_roles, "processledare", "processLeader"},
    {membership_roles, "processtod", "processLeader"},
    {membership_roles, "processtodjare", "processLeader"},
    {membership_roles, "sekreterare", "secretary"},
    {membership_roles, "kontaktperson", "contact"},
    {membership_roles, "kontakt", "contact"},
    {membership_roles, "observator", "observer"},
    {membership_capacities, "professionsforetradare", "profession"},
    {membership_capacities, "patientforetradare", "patient"},
    {membership_capacities, "narstaende", "nextOfKin"},
    {membership_capacities, "narstaendeforetradare", "nextOfKin"},
    {membership_capacities, "anhorig", "nextOfKin"},
    {membership_capacities, "kommun", "municipality"},
    {membership_capacities, "kvalitetsregister", "qualityRegister"},
    {membership_capacities, "vardprogram", "careProgramme"},
    {membership_capacities, "forskning", "research"},
    {membership_capacities, "myndighet", "authority"},
};

/* The code that a word stands for: by code or label in either language. */
static const char *code_written(struct ctx *ctx, const struct value *values, const char *text)
{
    const char *key = word_key(ctx->arena, text);
    for (const struct value *v = values; v->code; v++) {
        if (!strcmp(key, word_key(ctx->arena, v->code)))
            return v->code;
        for (int lang = 0; lang < LANGS; lang++)
            if (!strcmp(key, word_key(ctx->arena, ctx->text(lang, v->label))))
                return v->code;
    }
    for (size_t i = 0; i < LEN(words); i++)
        if (words[i].values == values && !strcmp(key, words[i].key))
            return words[i].code;
    return text;
}

static const char *yes_or_no(struct arena *arena, const char *text)
{
    static const char *const yes[] = {"ja", "j", "x", "1", "yes", "sant", "true"};
    static const char *const no[] = {"nej", "n", "0", "no", "falskt", "false"};
    const char *key = word_key(arena, text);
    for (size_t i = 0; i < LEN(yes); i++)
        if (!strcmp(key, yes[i]))
            return "true";
    for (size_t i = 0; i < LEN(no); i++)
        if (!strcmp(key, no[i]))
            return "false";
    return text;
}

/* "20 %", "20,0" → "20". */
static const char *number_written(struct arena *arena, const char *text)
{
    size_t digits = strspn(text, "0123456789");
    const char *rest = text + digits;
    if ((*rest == ',' || *rest == '.') && rest[1] == '0')
        rest += 1 + strspn(rest + 1, "0");
    rest += strspn(rest, " %");
    return digits && !*rest ? arena_strndup(arena, text, digits) : text;
}

/* An organisation by its code (länskod, kommunkod) or its short name ("Norrbotten"), where only one
 * fits. */
static const char *body_written(struct ctx *ctx, const struct reference *reference,
                                const char *text)
{
    if (reference != &organisation_reference && reference != &body_reference &&
        reference != &region_reference && reference != &healthcare_region_reference)
        return text;
    const char *folded = text_fold(ctx->arena, text);
    json_t *rows = db_rows(ctx->tx,
                           "SELECT b.id AS \"id\" FROM organisation o JOIN body b ON b.key = o.key "
                           "WHERE o.code = ?1 OR fold(o.short_name) = ?2 OR fold(o.name) = ?2 "
                           "LIMIT 2",
                           text, folded);
    const char *id = json_array_size(rows) == 1 ? json_text(json_array_get(rows, 0), "id") : NULL;
    text = id ? arena_strdup(ctx->arena, id) : text;
    json_decref(rows);
    return text;
}

/* ---------------------------------------------------------------- cells */

static const char *written(struct ctx *ctx, const struct field *field, const char *text)
{
    switch (field->type) {
    case T_DAY:
        return day_valid(text) ? text : day_written(ctx->arena, text);
    case T_ENUM:
    case T_ENUMS:
        return code_written(ctx, field->values, text);
    case T_BOOL:
        return yes_or_no(ctx->arena, text);
    case T_INSTANT:
        return instant_written(ctx->arena, text);
    case T_INT:
        return number_written(ctx->arena, text);
    case T_REF:
    case T_REFS:
        return body_written(ctx, field->reference, text);
    case T_TEXT:
    case T_LINES:
    case T_MARKDOWN:
    case T_SLUG:
    case T_EMAIL:
    case T_UUID:
    case T_TEXTS:
    case T_SECRET:
    case T_ROWS:
    case T_JSON:
        break;
    }
    return text;
}

static json_t *list_written(struct ctx *ctx, const struct field *field, const char *text)
{
    char *line = arena_strdup(ctx->arena, text);
    for (char *c = line; *c; c++)
        if (*c == '\n')
            *c = ';';
    json_t *list = json_array(), *parts = sheet_split(ctx->arena, line), *one;
    size_t i;
    json_array_foreach(parts, i, one)
        json_push(list, json_text_new(written(ctx, field, json_string_value(one))));
    json_decref(parts);
    return list;
}

json_t *cells_formed(struct ctx *ctx, const struct importable *kind, const json_t *texts)
{
    json_t *formed = json_object(), *value;
    const char *name;
    json_object_foreach((json_t *)texts, name, value) {
        const struct field *field = import_field(kind, name, NULL);
        const char *text = json_string_value(value);
        if (!field || !*text)
            continue;
        if (field->type == T_TEXTS || field->type == T_REFS || field->type == T_ENUMS)
            json_put_new(formed, name, list_written(ctx, field, text));
        else
            json_put(formed, name, written(ctx, field, text));
    }
    return formed;
}

/* ---------------------------------------------------------------- names */

/* "von Essen", "af Ugglas": what belongs to the name after it. */
static bool is_particle(const char *word, size_t n)
{
    static const char *const all[] = {"von", "af", "av", "de", "van", "der", "la", "da"};
    for (size_t i = 0; i < LEN(all); i++)
        if (strlen(all[i]) == n && !strncmp(all[i], word, n))
            return true;
    return false;
}

static void put_trimmed(struct arena *arena, json_t *texts, const char *field, const char *text,
                        size_t n)
{
    char *clean;
    if (!text_clean(arena, text, n, false, &clean))
        json_put(texts, field, clean);
}

void name_split(struct arena *arena, const char *name, json_t *texts)
{
    const char *comma = strchr(name, ',');
    if (comma) {
        put_trimmed(arena, texts, "familyName", name, (size_t)(comma - name));
        put_trimmed(arena, texts, "givenName", comma + 1, strlen(comma + 1));
        return;
    }
    const char *last = strrchr(name, ' ');
    while (last && last > name) {
        const char *before = last;
        while (before > name && before[-1] != ' ')
            before--;
        if (before == name || !is_particle(before, (size_t)(last - before)))
            break;
        last = before - 1;
    }
    put_trimmed(arena, texts, "givenName", name, last ? (size_t)(last - name) : strlen(name));
    if (last)
        put_trimmed(arena, texts, "familyName", last + 1, strlen(last + 1));
}
