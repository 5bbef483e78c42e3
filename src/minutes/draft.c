/* draft.c: what somebody writes in minutes and has not saved, kept on the server.
 *
 * Shared computers stand in hospitals: nothing is left in a browser. Owns the table minutes_draft: one
 * row for each account and minutes, with what it was begun from, so that two who write at once can
 * be put together. A draft is its writer's alone; others learn that somebody writes, never what.
 * It ends when its text is saved or thrown away, and after thirty days; if the minutes are locked
 * meanwhile it waits, to become a correction. Must not know pages. */
#include <string.h>
#include "draft.h"

enum { KEPT_DAYS = 30, WRITING_SECONDS = 30 * 60 };

bool draft_find(struct ctx *ctx, const struct minutes_row *minutes, struct draft *draft)
{
    json_t *row = db_row(ctx->tx,
                         "SELECT text AS \"text\", base_text AS \"base\", saved_at AS \"saved\", "
                         "base_version AS \"version\" FROM minutes_draft "
                         "WHERE minutes_key = ?1 AND account_key = ?2 AND text <> ?3",
                         minutes->key, ctx->actor->account_key, minutes->text);
    *draft = (struct draft){0};
    if (!row)
        return false;
    draft->text = arena_strdup(ctx->arena, json_text(row, "text"));
    draft->base_text = arena_strdup(ctx->arena, json_text(row, "base"));
    draft->saved_at = arena_strdup(ctx->arena, json_text(row, "saved"));
    draft->base_version = json_int(row, "version", 0);
    json_decref(row);
    return true;
}

/* The text of the version it was begun from: the row's own while nobody has changed it, else what
 * was kept when the draft was begun. */
static const char *base_of(const struct minutes_row *minutes, const struct draft *before,
                           long long base_version)
{
    if (base_version == minutes->version)
        return minutes->text;
    return before->base_version == base_version ? before->base_text : NULL;
}

enum code draft_keep(struct ctx *ctx, const struct minutes_row *minutes, const char *text,
                     long long base_version)
{
    struct draft before;
    draft_find(ctx, minutes, &before);
    if (!strcmp(text, minutes->text))
        return draft_drop(ctx, minutes);
    return db_run(ctx->tx,
                  "INSERT INTO minutes_draft (minutes_key, account_key, base_version, base_text, "
                  "text, begun_at, saved_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6) "
                  "ON CONFLICT (minutes_key, account_key) DO UPDATE SET "
                  "base_version = excluded.base_version, base_text = excluded.base_text, "
                  "text = excluded.text, saved_at = excluded.saved_at",
                  minutes->key, ctx->actor->account_key, base_version,
                  base_of(minutes, &before, base_version), text, tx_instant(ctx->tx));
}

enum code draft_drop(struct ctx *ctx, const struct minutes_row *minutes)
{
    return db_run(ctx->tx, "DELETE FROM minutes_draft WHERE minutes_key = ?1 AND account_key = ?2",
                  minutes->key, ctx->actor->account_key);
}

enum code draft_move(struct ctx *ctx, const struct minutes_row *from, const struct minutes_row *to)
{
    struct draft there;
    if (draft_find(ctx, to, &there))
        return ctx_fail(ctx, E_CONFLICT, "draft-exists",
                        N_("You are writing the next version already. Save or throw away that "
                           "draft first."));
    enum code c = draft_drop(ctx, to); /* one that says what is saved */
    return c ? c
             : db_run(ctx->tx,
                      "UPDATE minutes_draft SET minutes_key = ?3, base_version = 0 "
                      "WHERE minutes_key = ?1 AND account_key = ?2",
                      from->key, ctx->actor->account_key, to->key);
}

enum code drafts_settle(struct ctx *ctx, const struct minutes_row *minutes)
{
    return db_run(ctx->tx, "DELETE FROM minutes_draft WHERE minutes_key = ?1 AND text = ?2",
                  minutes->key, minutes->text);
}

const char *draft_clock(struct ctx *ctx, const char *instant)
{
    return hour_words(ctx->arena, instant, ctx->lang == LANG_EN ? "en" : "sv");
}

json_t *draft_others(struct ctx *ctx, const struct minutes_row *minutes)
{
    char since[INSTANT_SIZE];
    instant_from_seconds(instant_seconds(tx_instant(ctx->tx)) - WRITING_SECONDS, since);
    json_t *row, *rows = db_rows(
        ctx->tx,
        "SELECT CASE WHEN p.key IS NULL THEN a.name WHEN " MEETING_NAMED("p", "m")
        " THEN p.name END AS \"name\", d.begun_at AS \"begun\" FROM minutes_draft d "
        "JOIN minutes v ON v.key = d.minutes_key JOIN meeting m ON m.key = v.meeting_key "
        "JOIN account a ON a.key = d.account_key LEFT JOIN person p ON p.key = a.person_key "
        "WHERE d.minutes_key = ?5 AND d.account_key <> ?7 AND d.saved_at > ?6 "
        "ORDER BY d.begun_at, d.account_key",
        MEETING_ARGS(ctx, minutes->key, (const char *)since));
    size_t i;
    json_array_foreach(rows, i, row) {
        json_put(row, "since", draft_clock(ctx, json_text(row, "begun")));
        json_object_del(row, "begun");
    }
    return rows;
}

enum code drafts_expire(struct ctx *ctx)
{
    char before[DAY_SIZE];
    day_add(ctx->today, -KEPT_DAYS, before);
    return db_run(ctx->tx, "DELETE FROM minutes_draft WHERE saved_at < ?1", (const char *)before);
}
