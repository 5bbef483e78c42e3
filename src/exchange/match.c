/* match.c: whom, or what, a row is about.
 *
 * Owns: the order in which a person is looked for, and when nobody may be taken for granted. A row
 * that could be about two people, or about one whose employer or address says otherwise, is never
 * guessed: somebody chooses. Other objects are found by their id, or by what their importable says
 * that they are known by. What the reader may not know of is not there. */
#include <string.h>
#include <kansli/person.h>
#include <kansli/utf8.h>
#include "internal.h"

enum { CANDIDATES_MOST = 10, NAMESAKES_MOST = 200 };

static const char *full_name(struct arena *arena, const json_t *person)
{
    const char *given = json_text(person, "givenName"), *family = json_text(person, "familyName");
    return text_fold(arena, arena_join(arena, given ? given : "", " ", family ? family : "", NULL));
}

/* ---------------------------------------------------------------- people */

static json_t *visible(struct ctx *ctx, const char *id)
{
    return resource_one(ctx, &person_resource, id, NULL, NULL);
}

/* Those of the rows whom the reader may know of and who read the same for him: an address or a name
 * that he may not see finds nobody. Steals the rows. */
static json_t *fitting(struct ctx *ctx, json_t *rows, const char *key, bool by_email)
{
    json_t *found = json_array(), *row;
    size_t i;
    json_array_foreach(rows, i, row) {
        bool room = json_array_size(found) < CANDIDATES_MOST;
        json_t *person = room ? visible(ctx, json_text(row, "id")) : NULL;
        const char *email = json_text(person, "email");
        bool same = person && (by_email ? email && !strcmp(text_fold(ctx->arena, email), key)
                                        : !strcmp(full_name(ctx->arena, person), key));
        if (same)
            json_array_append(found, person);
        json_decref(person);
    }
    json_decref(rows);
    return found;
}

static json_t *with_email(struct ctx *ctx, const char *email)
{
    const char *folded = text_fold(ctx->arena, email);
    json_t *rows = db_rows(ctx->tx,
                           "SELECT id AS \"id\" FROM person WHERE fold(email) = ?1 "
                           "AND anonymised_date IS NULL LIMIT ?2",
                           folded, (int)NAMESAKES_MOST);
    return fitting(ctx, rows, folded, true);
}

static json_t *with_name(struct ctx *ctx, const json_t *meant)
{
    const char *name = full_name(ctx->arena, meant);
    const char *words = db_index_words(ctx->arena, name);
    if (!words)
        return json_array();
    json_t *rows = db_rows(ctx->tx,
                           "SELECT p.id AS \"id\", p.name AS \"name\" FROM person p WHERE "
                           DB_FOUND("p.key", "persons", "?1")
                           " AND fold(p.name) = ?2 AND p.anonymised_date IS NULL LIMIT ?3",
                           words, name, (int)NAMESAKES_MOST);
    return fitting(ctx, rows, name, false);
}

/* Both say something, and not the same. */
static bool differ(const json_t *a, const json_t *b, const char *name)
{
    const char *one = json_text(a, name), *other = json_text(b, name);
    return one && other && strcmp(one, other);
}

static json_t *candidates_of(const json_t *persons)
{
    json_t *all = json_array(), *person;
    size_t i;
    json_array_foreach((json_t *)persons, i, person) {
        json_t *one = json_push(all, json_object());
        json_put(one, "id", json_text(person, "id"));
        json_put(one, "name", json_text(person, "name"));
        json_put(one, "employerName", json_text(person, "employerName"));
    }
    return all;
}

static struct match match_of(json_t *persons, const char *by, bool sure)
{
    struct match match = {.by = by};
    if (!json_array_size(persons)) {
        match.by = NULL;
    } else if (sure && json_array_size(persons) == 1) {
        match.object = json_incref(json_array_get(persons, 0));
    } else {
        match.by = NULL;
        match.candidates = candidates_of(persons);
    }
    json_decref(persons);
    return match;
}

/* Of several with the name, the one with the employer; one alone, unless employer or address speak
 * against it. */
static struct match match_name(struct ctx *ctx, const json_t *meant)
{
    json_t *persons = with_name(ctx, meant), *person;
    json_t *near = json_array();
    const char *employer = json_text(meant, "employerId");
    size_t i;
    json_array_foreach(persons, i, person) {
        const char *theirs = json_text(person, "employerId");
        bool colleague = employer && theirs && !strcmp(employer, theirs);
        if (colleague && !differ(person, meant, "email"))
            json_array_append(near, person);
    }
    if (json_array_size(near) == 1) {
        json_decref(persons);
        return match_of(near, "name", true);
    }
    json_decref(near);
    person = json_array_get(persons, 0);
    bool sure = !differ(person, meant, "employerId") && !differ(person, meant, "email");
    return match_of(persons, "name", sure);
}

static struct match match_id(struct ctx *ctx, const struct resource *r, const char *id,
                             const char *by)
{
    json_t *object = resource_one(ctx, r, id, NULL, NULL);
    return (struct match){.object = object, .by = object ? by : NULL};
}

struct match match_person(struct ctx *ctx, const char *choice, const char *id, const json_t *meant)
{
    const char *email = json_text(meant, "email");
    if (choice && !strcmp(choice, "new"))
        return (struct match){0};
    if (choice)
        return match_id(ctx, &person_resource, choice, "choice");
    if (id)
        return match_id(ctx, &person_resource, id, "id");
    if (email) {
        struct match match = match_of(with_email(ctx, email), "email", true);
        if (match.object || match.candidates)
            return match;
    }
    return json_text(meant, "familyName") ? match_name(ctx, meant) : (struct match){0};
}

/* ---------------------------------------------------------------- other objects */

/* What a field of the row says, as an argument; of a list its first. */
static struct db_arg argument(const json_t *meant, const char *field)
{
    json_t *value = field ? json_object_get(meant, field) : NULL;
    if (json_is_array(value))
        value = json_array_get(value, 0);
    if (json_is_integer(value))
        return db_arg_int(json_integer_value(value));
    return db_arg_text(json_string_value(value));
}

struct match match_object(struct ctx *ctx, const struct importable *kind, const char *id,
                          const json_t *meant)
{
    struct db_arg args[KNOWN_BY + 1];
    if (id)
        return match_id(ctx, kind->resource, id, "id");
    if (!kind->find)
        return (struct match){0};
    for (size_t i = 0; i < KNOWN_BY; i++)
        args[i] = argument(meant, kind->by[i]);
    args[KNOWN_BY] = db_arg_text(ctx->today);
    if (args[0].type == DB_NULL)
        return (struct match){0};
    json_t *rows = db_rows_(ctx->tx, kind->find, args, LEN(args)), *row;
    struct match match = {0};
    size_t i;
    json_array_foreach(rows, i, row) {
        struct match one = match_id(ctx, kind->resource, json_text(row, "id"), "content");
        match.several = match.object && one.object;
        if (match.several) {
            json_decref(one.object);
            break;
        }
        match = one.object ? one : match;
    }
    if (match.several) {
        json_decref(match.object);
        match = (struct match){.several = true};
    }
    json_decref(rows);
    return match;
}
