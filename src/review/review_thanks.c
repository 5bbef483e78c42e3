/* review_thanks.c: thanks to those who take part in a group that is to be closed.
 *
 * Owns whom they go to: everybody who has a place in the group today, once, with words that the
 * sender may add. Sending them notes the third item of the checklist as done. Who cannot be reached
 * by mail is counted here and named by nobody but the group's own page of members: they get a
 * letter. */
#include <string.h>
#include <kansli/mail.h>
#include "internal.h"

struct thanks_input {
    const char *text;
};

const struct field review_thanks_fields[] = {
    {.name = "text", .label = N_("Words of your own"), .type = T_LINES,
     .at = offsetof(struct thanks_input, text), .max = 1000},
    {0},
};

static json_t *people(struct ctx *ctx, long long group_key)
{
    return db_rows(ctx->tx,
                   "SELECT DISTINCT person_key AS \"key\" FROM membership WHERE group_key = ?1 "
                   "AND start_date <= ?2 AND (end_date IS NULL OR end_date >= ?2) "
                   "AND role NOT IN ('contact', 'observer') ORDER BY person_key",
                   group_key, ctx->today);
}

void review_put_people(struct ctx *ctx, json_t *document, long long group_key)
{
    json_t *row, *rows = people(ctx, group_key);
    long long unreached = 0;
    size_t i;
    json_array_foreach(rows, i, row)
        unreached += !mail_reaches(ctx, json_int(row, "key", 0));
    json_put_int(document, "memberCount", (long long)json_array_size(rows));
    json_put_int(document, "unreachedCount", unreached);
    json_decref(rows);
}

static enum code send(struct ctx *ctx, const struct review_row *review, const char *text)
{
    const char *places[] = {"group",
                            db_text(ctx->tx, "SELECT full_name FROM workgroup WHERE key = ?1",
                                    review->group_key),
                            "text", text, NULL};
    struct mail mail = {
        .event = arena_printf(ctx->arena, "reviews:%s:thanks", review->id),
        .kind = MAIL_NOTICE,
        .subject = N_("Thank you for your work in {group}"),
        .paragraphs = {N_("{group} is to be closed. Those who commission it thank you for what you "
                          "have done in it."),
                       text ? N_("{text}") : NULL},
        .path = arena_printf(ctx->arena, "/groups/%s", review->group_id),
        .action = N_("See the group"),
        .why = N_("You get this because you take part in {group}."),
        .places = places,
    };
    json_t *row, *rows = people(ctx, review->group_key);
    enum code c = tx_code(ctx->tx);
    size_t i;
    json_array_foreach(rows, i, row)
        if (!c)
            c = mail_person(ctx, json_int(row, "key", 0), &mail);
    json_decref(rows);
    return c;
}

enum code review_thank(struct ctx *ctx, struct answer *out)
{
    struct review_row review;
    struct thanks_input in = {0};
    enum code c = review_find(ctx, &review);
    if (!c)
        c = must_may(ctx, ACT_CHANGE_GROUP, review.group_key);
    if (!c)
        c = review_must_close(ctx, &review);
    if (!c)
        c = fields_read(ctx, review_thanks_fields, &in);
    if (!c)
        c = send(ctx, &review, in.text);
    struct review_step_input step = {.item = "thanks", .note = in.text, .done = 1};
    if (!c)
        c = review_step_save(ctx, &review, &step, ctx->today);
    out->flash = N_("Thanks are on their way to everybody who can be reached by mail.");
    if (!c)
        c = resource_created(ctx, &review_resource, review.id, out);
    out->see = arena_printf(ctx->arena, "/reviews/%s/closing", review.id);
    return c;
}
