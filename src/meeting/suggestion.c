/* suggestion.c: who may want to stand aside (domain.md 3): suggested, never imposed.
 *
 * Owns the question of who is told: the member what concerns himself; the chair and the secretary
 * of the member's group everyone's. What a suggestion rests on is declaration/'s to tell, which
 * keeps a trace of it. Must not record any recusal. */
#include <string.h>
#include <kansli/declaration.h>
#include "internal.h"

const char recusal_suggestions_reply[] =
    "{\"type\":\"object\",\"required\":[\"items\"],\"properties\":{\"items\":{\"type\":\"array\","
    "\"items\":{\"type\":\"object\",\"required\":[\"agendaItemId\",\"agendaItemNumber\","
    "\"agendaItemTitle\",\"personId\",\"personName\",\"word\",\"own\"],"
    "\"additionalProperties\":false,\"properties\":{\"agendaItemId\":{\"type\":\"string\"},"
    "\"agendaItemNumber\":{\"type\":\"integer\"},\"agendaItemTitle\":{\"type\":\"string\"},"
    "\"personId\":{\"type\":[\"string\",\"null\"]},\"personName\":{\"type\":[\"string\",\"null\"]},"
    "\"word\":{\"type\":\"string\"},\"counterparty\":{\"type\":\"string\"},"
    "\"conditions\":{\"type\":[\"string\",\"null\"]},\"outcome\":{\"type\":[\"string\",\"null\"]},"
    "\"outcomeLabel\":{\"type\":\"string\"},\"own\":{\"type\":\"boolean\"}}}}}}";

/* Members of the meeting's groups whom the caller is told of: himself, and with ?6 = 0 those of the
 * groups where he is chair or secretary today. */
static json_t *members_told(struct ctx *ctx, long long meeting_key, bool own_only)
{
    return db_rows(ctx->tx,
                   "SELECT s.person_key AS \"person\", s.group_key AS \"group\", p.id AS \"id\", "
                   "p.name AS \"name\" FROM meeting m JOIN meeting_group g "
                   "ON g.meeting_key = m.key JOIN membership s ON s.group_key = g.group_key "
                   "LEFT JOIN person p ON p.key = s.person_key AND " MEETING_NAMED("p", "m")
                   " WHERE m.key = ?5 AND s.start_date <= m.starts_on "
                   "AND (s.end_date IS NULL OR s.end_date >= m.starts_on) "
                   "AND s.role NOT IN ('contact', 'observer') AND ?3 > 0 AND (s.person_key = ?3 "
                   "OR (?6 = 0 AND EXISTS (SELECT 1 FROM membership c WHERE c.person_key = ?3 "
                   "AND c.group_key = s.group_key AND c.role IN ('chair', 'secretary') AND "
                   ACCESS_TODAY("c") "))) ORDER BY g.position, p.name, s.key",
                   MEETING_ARGS(ctx, meeting_key, own_only));
}

/* Items that are about somebody or something, and for which the person does not stand aside yet. */
static json_t *items_open(struct ctx *ctx, long long meeting_key, long long person_key)
{
    return db_rows(ctx->tx,
                   "SELECT a.id AS \"id\", a.position AS \"number\", a.title AS \"title\", "
                   "a.tags AS \"tags\" FROM agenda_item a WHERE a.meeting_key = ?1 "
                   "AND a.tags IS NOT NULL AND NOT EXISTS (SELECT 1 FROM recusal r "
                   "WHERE r.item_key = a.key AND r.person_key = ?2) ORDER BY a.position, a.key",
                   meeting_key, person_key);
}

/* Who sits in two of the groups is asked once. */
static bool is_known(const json_t *suggestions, const json_t *match)
{
    size_t i;
    json_t *one;
    json_array_foreach((json_t *)suggestions, i, one)
        if (json_int(one, "person_key", 0) == json_int(match, "person_key", 0) &&
            !strcmp(json_text(one, "agendaItemId"), json_text(match, "agendaItemId")) &&
            !strcmp(json_text(one, "word"), json_text(match, "word")))
            return true;
    return false;
}

static void add_match(struct ctx *ctx, json_t *suggestions, const json_t *member,
                      const json_t *item, json_t *match)
{
    const char *outcome = json_text(match, "outcome");
    json_put_int(match, "person_key", json_int(member, "person", 0));
    json_put(match, "agendaItemId", json_text(item, "id"));
    json_put_int(match, "agendaItemNumber", json_int(item, "number", 0));
    json_put(match, "agendaItemTitle", json_text(item, "title"));
    json_put(match, "personId", json_text(member, "id"));
    json_put(match, "personName", json_text(member, "name"));
    json_put_bool(match, "own", json_int(member, "person", 0) == ctx->actor->person_key);
    if (outcome)
        json_put(match, "outcomeLabel", value_label(ctx, declaration_outcomes, outcome));
    if (!is_known(suggestions, match))
        json_array_append(suggestions, match);
}

static void add_member(struct ctx *ctx, json_t *suggestions, long long meeting_key,
                       const json_t *member)
{
    long long person = json_int(member, "person", 0), group = json_int(member, "group", 0);
    json_t *items = items_open(ctx, meeting_key, person), *item, *match;
    size_t i, k;
    json_array_foreach(items, i, item) {
        bool read;
        json_t *tags = json_loads(json_text(item, "tags"), 0, NULL);
        json_t *matches = declaration_matches(ctx, person, group, tags, &read);
        json_array_foreach(matches, k, match)
            add_match(ctx, suggestions, member, item, match);
        json_decref(matches);
        json_decref(tags);
    }
    json_decref(items);
}

json_t *suggestions_of(struct ctx *ctx, const struct meeting_row *meeting, bool own_only)
{
    json_t *suggestions = json_array(), *member;
    json_t *members = members_told(ctx, meeting->key, own_only);
    size_t i;
    json_array_foreach(members, i, member)
        add_member(ctx, suggestions, meeting->key, member);
    json_decref(members);
    json_array_foreach(suggestions, i, member)
        json_object_del(member, "person_key");
    return suggestions;
}

bool suggestions_for_all(struct ctx *ctx, const struct meeting_row *meeting)
{
    return db_exists(ctx->tx,
                     "SELECT 1 FROM meeting_group g JOIN membership c ON c.group_key = g.group_key "
                     "WHERE g.meeting_key = ?5 AND c.person_key = ?3 "
                     "AND c.role IN ('chair', 'secretary') AND " ACCESS_TODAY("c"),
                     MEETING_ARGS(ctx, meeting->key, 0));
}

enum code recusal_suggestions(struct ctx *ctx, struct answer *out)
{
    struct meeting_row meeting;
    enum code c;
    out->personal = true;
    meeting_in_path(ctx, &meeting, &c);
    if (!c)
        c = meeting_must_look_inside(ctx, meeting.key);
    if (c)
        return c;
    out->document = json_object();
    json_put_new(out->document, "items", suggestions_of(ctx, &meeting, false));
    return tx_code(ctx->tx);
}
