/* introduction.c: what a new member of a group should know (R27): what the group is for, who is in
 * it, what the roles mean, how it fits in, the words; and for those from a municipality what is and
 * what is not their task (R24).
 *
 * Owns the gathering. Everything in it is told elsewhere too, by the same rules of who may see. */
#include <string.h>
#include <kansli/glossary.h>
#include <kansli/mandate.h>
#include "internal.h"

const char introduction_reply[] =
    "{\"type\":\"object\",\"required\":[\"groupId\",\"groupName\",\"people\",\"roles\"],"
    "\"properties\":{\"groupId\":{\"type\":\"string\"},\"groupName\":{\"type\":\"string\"},"
    "\"purpose\":{\"type\":[\"string\",\"null\"]},\"mandate\":{\"type\":[\"object\",\"null\"]},"
    "\"people\":{\"type\":\"array\",\"items\":{\"type\":\"object\"}},"
    "\"roles\":{\"type\":\"array\",\"items\":{\"type\":\"object\"}},"
    "\"words\":{\"type\":\"array\",\"items\":{\"type\":\"object\"}},"
    "\"municipal\":{\"type\":\"boolean\"},"
    "\"membershipId\":{\"type\":[\"string\",\"null\"]},"
    "\"introducedDate\":{\"type\":[\"string\",\"null\"]}}}";

static const struct {
    const char *role, *text;
} meanings[] = {
    {"chair", N_("Leads the meetings and the work, and answers to those who commission the group.")},
    {"viceChair", N_("Stands in for the chair.")},
    {"processLeader", N_("Plans and prepares the work, keeps the papers and helps every member. Ask "
                         "the process leader first.")},
    {"secretary", N_("Writes the minutes and keeps track of what was decided.")},
    {"member", N_("Brings in knowledge, and carries questions to and from those represented.")},
    {"coOpted", N_("Takes part with special knowledge, without a seat of their own.")},
};

/* The roles that somebody has, with what they mean. */
static json_t *roles_of(struct ctx *ctx, const json_t *people)
{
    json_t *roles = json_array(), *person;
    size_t i;
    for (size_t m = 0; m < LEN(meanings); m++) {
        bool held = false;
        json_array_foreach((json_t *)people, i, person)
            held = held || !strcmp(json_text(person, "role"), meanings[m].role);
        if (!held)
            continue;
        json_t *role = json_push(roles, json_object());
        json_put(role, "role", meanings[m].role);
        json_put(role, "label", value_label(ctx, membership_roles, meanings[m].role));
        json_put(role, "text", ctx_text(ctx, meanings[m].text));
    }
    return roles;
}

static bool occurs(const char *text, const char *word)
{
    return text && strstr(text, word);
}

/* The glossary's words that meet a new member here: in the names of the group and of those around
 * it, and in its purpose. */
static json_t *words_of(struct ctx *ctx, const json_t *group)
{
    json_t *tips = glossary_tips(ctx), *words = json_array(), *name, *meaning;
    const char *word;
    size_t i;
    json_object_foreach(tips, word, meaning) {
        bool met = occurs(json_text(group, "fullName"), word) ||
                   occurs(json_text(group, "purpose"), word) ||
                   occurs(json_text(group, "hostName"), word);
        json_array_foreach(json_object_get(group, "principalNames"), i, name)
            met = met || occurs(json_string_value(name), word);
        if (!met)
            continue;
        json_t *one = json_push(words, json_object());
        json_put(one, "word", word);
        json_object_set(one, "meaning", meaning);
    }
    json_decref(tips);
    return words;
}

/* What the reader is here: the own membership, whether it is a municipality's, whether the
 * introduction has been read. */
static void put_own(struct ctx *ctx, json_t *document, long long group_key)
{
    const char *own = membership_own(ctx, group_key);
    json_t *seat = own ? resource_one(ctx, &membership_resource, own, NULL, NULL) : NULL;
    const char *capacity = json_text(seat, "capacity");
    json_put(document, "membershipId", json_text(seat, "id"));
    json_put(document, "introducedDate", json_text(seat, "introducedDate"));
    json_put_bool(document, "municipal", capacity && !strcmp(capacity, "municipality"));
    json_decref(seat);
}

enum code membership_introduction(struct ctx *ctx, struct answer *out)
{
    enum code c;
    const char *id = ctx_value(ctx, "id");
    long long key = group_in_path(ctx, out, &c);
    if (!key)
        return c;
    json_t *group = resource_one(ctx, &group_resource, id, NULL, NULL);
    json_t *document = out->document = json_object();
    json_put(document, "groupId", id);
    json_put(document, "groupName", json_text(group, "fullName"));
    json_put(document, "purpose", json_text(group, "purpose"));
    json_t *people = json_put_new(document, "people", membership_of_group(ctx, id));
    json_put_new(document, "roles", roles_of(ctx, people));
    json_put_new(document, "mandate", mandate_in_force(ctx, key));
    json_put_new(document, "words", words_of(ctx, group));
    put_own(ctx, document, key);
    json_decref(group);
    return group_below(ctx, id, out, "/memberships", ctx_text(ctx, N_("Introduction")));
}
