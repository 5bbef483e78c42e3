/* heading.c: what the columns of a file are.
 *
 * Owns: the words that process leaders write over their columns. A column is found by such a word,
 * by a field's name, or by its label in either language, so that what was exported comes back in.
 * Must not know what a cell may hold. */
#include <string.h>
#include <kansli/membership.h>
#include <kansli/person.h>
#include "internal.h"

/* Keys as word_key makes them. "name" is a whole name, cut in two later. */
static const struct {
    const char *key, *person, *seat; /* the field in either kind of import */
} words[] = {
    {"namn", "name", "name"},
    {"name", "name", "name"},
    {"person", "name", "name"},
    {"fornamn", "givenName", "givenName"},
    {"tilltalsnamn", "givenName", "givenName"},
    {"efternamn", "familyName", "familyName"},
    {"epost", "email", "email"},
    {"epostadress", "email", "email"},
    {"mejl", "email", "email"},
    {"mejladress", "email", "email"},
    {"mail", "email", "email"},
    {"mailadress", "email", "email"},
    {"email", "email", "email"},
    {"telefon", "phone", "phone"},
    {"telefonnummer", "phone", "phone"},
    {"mobil", "phone", "phone"},
    {"mobiltelefon", "phone", "phone"},
    {"mobilnummer", "phone", "phone"},
    {"tfn", "phone", "phone"},
    {"titel", "title", "title"},
    {"yrke", "professions", "professions"},
    {"yrken", "professions", "professions"},
    {"profession", "professions", "professions"},
    {"arbetsgivare", "employerId", "employerId"},
    {"arbetsplats", "employerId", "employerId"},
    {"anstalldi", "employerId", "employerId"},
    {"organisation", "employerId", "employerId"},
    {"region", "employerId", "onBehalfOfId"},
    {"sjukvardsregion", NULL, "onBehalfOfId"},
    {"foretrader", NULL, "onBehalfOfId"},
    {"representerar", NULL, "onBehalfOfId"},
    {"representerarregion", NULL, "onBehalfOfId"},
    {"grupp", NULL, "groupId"},
    {"arbetsgrupp", NULL, "groupId"},
    {"roll", NULL, "role"},
    {"uppdrag", NULL, "role"},
    {"funktion", NULL, "role"},
    {"rolligruppen", NULL, "role"},
    {"egenskap", NULL, "capacity"},
    {"deltarsom", NULL, "capacity"},
    {"kompetens", NULL, "competences"},
    {"kompetenser", NULL, "competences"},
    {"kompetensomrade", NULL, "competences"},
    {"fran", NULL, "startDate"},
    {"from", NULL, "startDate"},
    {"startdatum", NULL, "startDate"},
    {"start", NULL, "startDate"},
    {"mandatfran", NULL, "startDate"},
    {"mandatperiodfran", NULL, "startDate"},
    {"till", NULL, "endDate"},
    {"tom", NULL, "endDate"},
    {"slutdatum", NULL, "endDate"},
    {"slut", NULL, "endDate"},
    {"mandattill", NULL, "endDate"},
    {"mandatperiodtill", NULL, "endDate"},
    {"tjanstgoringsgrad", NULL, "workloadPercent"},
    {"omfattning", NULL, "workloadPercent"},
    {"procent", NULL, "workloadPercent"},
    {"utseddav", NULL, "appointedById"},
    {"beslutsdatum", NULL, "appointedDate"},
    {"beslut", NULL, "decisionReference"},
    {"diarienummer", NULL, "decisionReference"},
};

const char *const *headings_template(bool seats)
{
    static const char *const persons[] = {"Förnamn",      "Efternamn", "E-post", "Telefon", "Titel",
                                          "Arbetsgivare", "Yrke",      NULL};
    static const char *const memberships[] = {
        "Förnamn",    "Efternamn", "E-post", "Arbetsgivare", "Grupp",        "Roll", "Deltar som",
        "Företräder", "Kompetens", "Från",   "Till",         "Omfattning %", NULL};
    return seats ? memberships : persons;
}

static bool is_sent(const struct field *field)
{
    return field && !(field->flags & F_DERIVED);
}

const struct field *import_field(bool seats, const char *name, bool *of_person)
{
    const struct field *field = seats ? field_find(membership_resource.fields, name) : NULL;
    if (of_person)
        *of_person = !is_sent(field);
    if (!is_sent(field))
        field = field_find(person_resource.fields, name);
    return is_sent(field) ? field : NULL;
}

/* Whether a heading is this field's own: its name, its label, or the label of its id. */
static bool is_heading(struct ctx *ctx, const struct field *field, const char *key, bool *is_id)
{
    *is_id = !strcmp(key, word_key(ctx->arena, field->name));
    for (int lang = 0; !*is_id && lang < LANGS; lang++) {
        const char *label = word_key(ctx->arena, ctx->text(lang, field->label));
        if (!strcmp(key, label))
            return true;
        *is_id = !strcmp(key, arena_join(ctx->arena, label, "id", NULL));
    }
    return *is_id;
}

static const char *field_in(struct ctx *ctx, const struct field *fields, const char *key,
                            bool *is_id)
{
    for (const struct field *field = fields; field->name; field++)
        if (is_heading(ctx, field, key, is_id))
            return field->name;
    return NULL;
}

/* The name of the field, or NULL; is_id: the heading says that ids stand in it. */
static const char *field_of(struct ctx *ctx, bool seats, const char *heading, bool *is_id)
{
    const char *key = word_key(ctx->arena, heading), *name;
    *is_id = false;
    if (!*key)
        return NULL;
    for (size_t i = 0; i < LEN(words); i++)
        if (!strcmp(words[i].key, key))
            return seats ? words[i].seat : words[i].person;
    name = seats ? field_in(ctx, membership_resource.fields, key, is_id) : NULL;
    return name ? name : field_in(ctx, person_resource.fields, key, is_id);
}

/* "id" is the object's own, "name" a person's whole: neither is sent as it stands. */
static bool is_taken(bool seats, const char *name)
{
    return name &&
           (!strcmp(name, "id") || !strcmp(name, "name") || import_field(seats, name, NULL));
}

static json_t *column_of(const json_t *columns, const char *name)
{
    size_t i;
    json_t *column;
    json_array_foreach((json_t *)columns, i, column) {
        const char *field = json_text(column, "field");
        if (field && !strcmp(field, name))
            return column;
    }
    return NULL;
}

/* A whole name beside its two halves, or beside the person's id, says nothing more. */
static void leave_names(json_t *columns)
{
    json_t *name = column_of(columns, "name");
    if (name && (column_of(columns, "givenName") || column_of(columns, "familyName") ||
                 column_of(columns, "personId")))
        json_put(name, "field", NULL);
}

json_t *headings_read(struct ctx *ctx, const struct sheet *sheet, bool seats)
{
    json_t *columns = json_array();
    for (size_t i = 0; i < sheet->columns; i++) {
        bool is_id;
        const char *name = field_of(ctx, seats, sheet->heading[i], &is_id);
        json_t *column = json_object(), *other;
        json_put(column, "heading", without_number(sheet->heading[i]));
        json_put(column, "field", NULL);
        other = is_taken(seats, name) ? column_of(columns, name) : NULL;
        if (other &&
            is_id) /* an export has both: the id is sure, the name beside it is for people */
            json_put(other, "field", NULL);
        if (is_taken(seats, name) && (!other || is_id))
            json_put(column, "field", name);
        json_push(columns, column);
    }
    leave_names(columns);
    return columns;
}
