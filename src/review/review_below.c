/* review_below.c: a year's reviews seen from those who are to make them: done, and not yet.
 *
 * Owns which groups are waited for (REVIEW_EXPECTED). Nothing is called missing before its year is
 * over; whoever sees a group sees whether it has been reviewed, as its outcome is told. */
#include "internal.h"

#define UNDER                                                                                      \
    "FROM group_principal gp JOIN workgroup g ON g.key = gp.group_key "                            \
    "JOIN body b ON b.key = g.key JOIN group_kind k ON k.key = g.kind_key "

json_t *reviews_of_principal(struct ctx *ctx, long long principal_key, int year)
{
    size_t i;
    json_t *row, *rows = db_rows(
        ctx->tx,
        "SELECT g.key AS \"key\", b.id AS \"groupId\", g.full_name AS \"groupName\", "
        "r.id AS \"id\", r.outcome AS \"outcome\", r.reviewed_on AS \"reviewedOn\" " UNDER
        "LEFT JOIN review r ON r.group_key = g.key AND r.year = ?6 WHERE gp.principal_key = ?5 AND "
        ACCESS_TODAY("gp") " AND " ACCESS_PEOPLE_VISIBLE("g.access_mode", "g.key")
        " AND (r.key IS NOT NULL OR " REVIEW_EXPECTED("?8", "?9") ") "
        "ORDER BY r.key IS NULL, g.full_name, g.key",
        REVIEW_ARGS(ctx, principal_key, year), review_july(ctx, year), review_end(ctx, year));
    json_array_foreach(rows, i, row) {
        const char *outcome = json_text(row, "outcome");
        json_put(row, "outcomeLabel", outcome ? value_label(ctx, review_outcomes, outcome) : NULL);
        json_put_bool(row, "mayReview",
                      !outcome && may(ctx, ACT_REVIEW_GROUP, json_int(row, "key", 0)));
        json_object_del(row, "key");
    }
    ctx->as_support = false; /* asked, not done */
    return rows;
}

json_t *reviews_by_principal(struct ctx *ctx, const char *level, int year)
{
    return db_rows(
        ctx->tx,
        "SELECT pb.id AS \"groupId\", u.full_name AS \"groupName\", count(*) AS \"all\", "
        "sum(CASE WHEN r.key IS NULL THEN 0 ELSE 1 END) AS \"done\" " UNDER
        "JOIN workgroup u ON u.key = gp.principal_key JOIN body pb ON pb.key = u.key "
        "LEFT JOIN review r ON r.group_key = g.key AND r.year = ?6 WHERE k.level = ?5 AND "
        ACCESS_TODAY("gp") " AND " ACCESS_PEOPLE_VISIBLE("g.access_mode", "g.key")
        " AND " ACCESS_GROUP_VISIBLE("u.access_mode", "u.key") " AND " REVIEW_EXPECTED("?8", "?9")
        " GROUP BY pb.id, u.full_name HAVING sum(CASE WHEN r.key IS NULL THEN 1 ELSE 0 END) > 0 "
        "ORDER BY count(*) - sum(CASE WHEN r.key IS NULL THEN 0 ELSE 1 END) DESC, u.full_name, "
        "pb.id LIMIT 200",
        REVIEW_ARGS(ctx, level, year), review_july(ctx, year), review_end(ctx, year));
}
