/* match.c: whom a row is about.
 *
 * Owns: the order in which a person is looked for, and when nobody may be taken for granted. A row
 * that could be about two people, or about one whose employer or address says otherwise, is never
 * guessed: somebody chooses. Everybody's names are read once for a file, because names are folded;
 * whom the reader may know of is asked of each that fits. */
#include <string.h>
#include <kansli/person.h>
#include <kansli/utf8.h>
#include "internal.h"

enum { CANDIDATES_MOST = 10 };

struct people {
    json_t *by_email, *by_name; /* key → array of ids */
};

static void remember(json_t *index, const char *key, const char *id)
{
    size_t i;
    json_t *ids = json_object_get(index, key), *known;
    if (!*key)
        return;
    if (!ids)
        ids = json_put_new(index, key, json_array());
    json_array_foreach(ids, i, known)
        if (!strcmp(json_string_value(known), id))
            return;
    json_push(ids, json_text_new(id));
}

static const char *full_name(struct arena *arena, const json_t *person)
{
    const char *given = json_text(person, "givenName"), *family = json_text(person, "familyName");
    return text_fold(arena, arena_join(arena, given ? given : "", " ", family ? family : "", NULL));
}

void people_add(struct people *people, struct arena *arena, const json_t *person)
{
    const char *id = json_text(person, "id"), *email = json_text(person, "email");
    remember(people->by_email, email ? text_fold(arena, email) : "", id);
    remember(people->by_name, full_name(arena, person), id);
}

struct loading {
    struct people *people;
    struct arena *arena;
};

static bool load_one(json_t *row, void *arg)
{
    struct loading *loading = arg;
    people_add(loading->people, loading->arena, row);
    arena_clear(loading->arena);
    return true;
}

struct people *people_load(struct ctx *ctx)
{
    struct people *people = must_calloc(1, sizeof *people);
    struct loading loading = {people, arena_new(1 << 16)};
    people->by_email = json_object();
    people->by_name = json_object();
    db_each_(ctx->tx, load_one, &loading,
             "SELECT id AS \"id\", given_name AS \"givenName\", family_name AS \"familyName\", "
             "email AS \"email\" FROM person WHERE anonymised_date IS NULL",
             NULL, 0);
    arena_free(loading.arena);
    return people;
}

void people_free(struct people *people)
{
    if (!people)
        return;
    json_decref(people->by_email);
    json_decref(people->by_name);
    free(people);
}

/* ---------------------------------------------------------------- one row */

static json_t *visible(struct ctx *ctx, const char *id)
{
    return resource_one(ctx, &person_resource, id, NULL, NULL);
}

/* Those of the index under a key whom the reader may know of and who read the same for him: an
 * address or a name that he may not see finds nobody. */
static json_t *fitting(struct ctx *ctx, const json_t *index, const char *key, bool by_email)
{
    json_t *found = json_array(), *id;
    size_t i;
    json_array_foreach(json_object_get(index, key), i, id) {
        json_t *person =
            json_array_size(found) < CANDIDATES_MOST ? visible(ctx, json_string_value(id)) : NULL;
        const char *email = json_text(person, "email");
        bool same = person && (by_email ? email && !strcmp(text_fold(ctx->arena, email), key)
                                        : !strcmp(full_name(ctx->arena, person), key));
        if (same)
            json_array_append(found, person);
        json_decref(person);
    }
    return found;
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
        match.person = json_incref(json_array_get(persons, 0));
    } else {
        match.by = NULL;
        match.candidates = candidates_of(persons);
    }
    json_decref(persons);
    return match;
}

/* Of several with the name, the one with the employer; one alone, unless employer or address speak
 * against it. */
static struct match match_name(struct ctx *ctx, const struct people *people, const json_t *meant)
{
    json_t *persons = fitting(ctx, people->by_name, full_name(ctx->arena, meant), false), *person;
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

static struct match match_id(struct ctx *ctx, const char *id, const char *by)
{
    json_t *person = visible(ctx, id);
    return (struct match){.person = person, .by = person ? by : NULL};
}

struct match people_match(struct ctx *ctx, const struct people *people, const char *choice,
                          const char *id, const json_t *meant)
{
    const char *email = json_text(meant, "email");
    if (choice && !strcmp(choice, "new"))
        return (struct match){0};
    if (choice)
        return match_id(ctx, choice, "choice");
    if (id)
        return match_id(ctx, id, "id");
    if (email) {
        struct match match = match_of(
            fitting(ctx, people->by_email, text_fold(ctx->arena, email), true), "email", true);
        if (match.person || match.candidates)
            return match;
    }
    return json_text(meant, "familyName") ? match_name(ctx, people, meant) : (struct match){0};
}
