/* heading.c: what the columns of a file are.
 *
 * Owns: the words that process leaders write over their columns. A column is found by such a word,
 * by a field's name, or by its label in either language, so that what was exported comes back in.
 * Must not know what a cell may hold. */
#include <string.h>
#include "internal.h"

/* Keys as word_key makes them; a word means what the resource has under it, so those that mean
 * something of their own to one come first. "name" of a person is a whole name, cut in two later. */
static const struct {
    const char *only, *key, *field; /* only: in a file of this resource */
} words[] = {
    {"memberships", "region", "onBehalfOfId"},
    {"organisations", "overordnad", "parentId"},
    {"organisations", "tillhor", "parentId"},
    {"groups", "region", "regionId"},
    {"groups", "sjukvardsregion", "healthcareRegionId"},
    {"meetings", "arbetsgrupp", "groupIds"},
    {"meetings", "grupp", "groupIds"},
    {"meetings", "start", "startsAt"},
    {"meetings", "tid", "startsAt"},
    {"meetings", "slut", "endsAt"},
    {"meetings", "rubrik", "title"},
    {NULL, "namn", "name"},
    {NULL, "name", "name"},
    {NULL, "person", "name"},
    {NULL, "fornamn", "givenName"},
    {NULL, "tilltalsnamn", "givenName"},
    {NULL, "efternamn", "familyName"},
    {NULL, "epost", "email"},
    {NULL, "epostadress", "email"},
    {NULL, "mejl", "email"},
    {NULL, "mejladress", "email"},
    {NULL, "mail", "email"},
    {NULL, "mailadress", "email"},
    {NULL, "email", "email"},
    {NULL, "telefon", "phone"},
    {NULL, "telefonnummer", "phone"},
    {NULL, "mobil", "phone"},
    {NULL, "mobiltelefon", "phone"},
    {NULL, "mobilnummer", "phone"},
    {NULL, "tfn", "phone"},
    {NULL, "titel", "title"},
    {NULL, "yrke", "professions"},
    {NULL, "yrken", "professions"},
    {NULL, "profession", "professions"},
    {NULL, "arbetsgivare", "employerId"},
    {NULL, "arbetsplats", "employerId"},
    {NULL, "anstalldi", "employerId"},
    {NULL, "organisation", "employerId"},
    {NULL, "region", "employerId"},
    {NULL, "sjukvardsregion", "onBehalfOfId"},
    {NULL, "foretrader", "onBehalfOfId"},
    {NULL, "representerar", "onBehalfOfId"},
    {NULL, "representerarregion", "onBehalfOfId"},
    {NULL, "grupp", "groupId"},
    {NULL, "arbetsgrupp", "groupId"},
    {NULL, "roll", "role"},
    {NULL, "uppdrag", "role"},
    {NULL, "funktion", "role"},
    {NULL, "rolligruppen", "role"},
    {NULL, "egenskap", "capacity"},
    {NULL, "deltarsom", "capacity"},
    {NULL, "kompetens", "competences"},
    {NULL, "kompetenser", "competences"},
    {NULL, "kompetensomrade", "competences"},
    {NULL, "fran", "startDate"},
    {NULL, "from", "startDate"},
    {NULL, "startdatum", "startDate"},
    {NULL, "start", "startDate"},
    {NULL, "mandatfran", "startDate"},
    {NULL, "mandatperiodfran", "startDate"},
    {NULL, "till", "endDate"},
    {NULL, "tom", "endDate"},
    {NULL, "slutdatum", "endDate"},
    {NULL, "slut", "endDate"},
    {NULL, "mandattill", "endDate"},
    {NULL, "mandatperiodtill", "endDate"},
    {NULL, "tjanstgoringsgrad", "workloadPercent"},
    {NULL, "omfattning", "workloadPercent"},
    {NULL, "procent", "workloadPercent"},
    {NULL, "utseddav", "appointedById"},
    {NULL, "beslutsdatum", "appointedDate"},
    {NULL, "beslut", "decisionReference"},
    {NULL, "diarienummer", "decisionReference"},
    {NULL, "lanskod", "code"},
    {NULL, "kommunkod", "code"},
    {NULL, "kod", "code"},
    {NULL, "typ", "type"},
    {NULL, "slag", "kind"},
    {NULL, "gruppslag", "kind"},
    {NULL, "uppdragsgivare", "principalIds"},
    {NULL, "syfte", "purpose"},
    {NULL, "grupper", "groupIds"},
    {NULL, "borjar", "startsAt"},
    {NULL, "slutar", "endsAt"},
    {NULL, "plats", "location"},
    {NULL, "lokal", "location"},
    {NULL, "ar", "year"},
    {NULL, "verksamhetsar", "year"},
    {NULL, "mal", "goals"},
    {NULL, "risker", "risks"},
    {NULL, "insatsomraden", "focusAreas"},
    {NULL, "samverkan", "collaboration"},
    {NULL, "resurser", "resources"},
};

/* A field that people fill in by hand. */
static bool is_for_people(const struct field *field)
{
    return !(field->flags & (F_DERIVED | F_HIDDEN)) || !strcmp(field->name, "groupId");
}

json_t *headings_template(struct ctx *ctx, const struct importable *kind)
{
    json_t *all = json_array();
    char *names = kind->begin ? arena_strdup(ctx->arena, kind->begin) : NULL, *rest = NULL;
    if (!names)
        for (const struct field *field = kind->resource->fields; field->name; field++)
            if (import_field(kind, field->name, NULL) && is_for_people(field))
                json_push(all, json_text_new(ctx_text(ctx, field->label)));
    for (char *name = names ? strtok_r(names, " ", &rest) : NULL; name;
         name = strtok_r(NULL, " ", &rest))
        json_push(all,
                  json_text_new(ctx_text(ctx, import_field(kind, name, NULL)->label)));
    return all;
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

/* What a word means here: a field that this kind of file has, or a person's whole name. */
static const char *field_meant(const struct importable *kind, const char *key)
{
    for (size_t i = 0; i < LEN(words); i++) {
        bool ours = !words[i].only || !strcmp(words[i].only, kind->resource->name);
        bool name = !strcmp(words[i].field, "name") && importable_names_people(kind);
        if (ours && !strcmp(words[i].key, key) &&
            (name || import_field(kind, words[i].field, NULL)))
            return words[i].field;
    }
    return NULL;
}

/* The name of the field, or NULL; is_id: the heading says that ids stand in it. */
static const char *field_of(struct ctx *ctx, const struct importable *kind, const char *heading,
                            bool *is_id)
{
    const char *key = word_key(ctx->arena, heading), *name;
    const struct importable *with = importable_with(kind);
    *is_id = false;
    if (!*key)
        return NULL;
    name = field_meant(kind, key);
    if (!name)
        name = field_in(ctx, kind->resource->fields, key, is_id);
    return name || !with ? name : field_in(ctx, with->resource->fields, key, is_id);
}

/* "id" is the object's own, "name" a person's whole: neither is sent as it stands. */
static bool is_taken(const struct importable *kind, const char *name)
{
    return name && (!strcmp(name, "id") || import_field(kind, name, NULL) ||
                    (!strcmp(name, "name") && importable_names_people(kind)));
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

json_t *headings_read(struct ctx *ctx, const struct sheet *sheet, const struct importable *kind)
{
    json_t *columns = json_array();
    for (size_t i = 0; i < sheet->columns; i++) {
        bool is_id;
        const char *name = field_of(ctx, kind, sheet->heading[i], &is_id);
        json_t *column = json_object(), *other;
        json_put(column, "heading", without_number(sheet->heading[i]));
        json_put(column, "field", NULL);
        other = is_taken(kind, name) ? column_of(columns, name) : NULL;
        if (other &&
            is_id) /* an export has both: the id is sure, the name beside it is for people */
            json_put(other, "field", NULL);
        if (is_taken(kind, name) && (!other || is_id))
            json_put(column, "field", name);
        json_push(columns, column);
    }
    if (importable_names_people(kind))
        leave_names(columns);
    return columns;
}
