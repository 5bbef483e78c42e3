/* feed_pages.c: dates as files that calendars take: a meeting, and what all may subscribe to.
 *
 * A public feed tells what everyone may see and nothing else, whoever asks: it is read by programs
 * without a login, and must be the same for all. Stable: the same dates give the same bytes. One
 * meeting is told as its reader may see it. Knows no SQL and no right: that is the event sources'
 * and the meeting's own. */
#include <string.h>
#include <kansli/calendar.h>
#include <kansli/meeting.h>
#include "internal.h"

enum { DAYS_BACK = 366, DAYS_ON = 731 };

static const struct actor nobody = {0};

/* ---------------------------------------------------------------- an event becomes a row */

static const char *absolute(struct ctx *ctx, const char *path)
{
    return arena_join(ctx->arena, ctx->base_url, path, NULL);
}

/* A title alone says nothing among other groups' in a telephone. */
static const char *summary(struct ctx *ctx, const char *title, const char *group)
{
    return group ? arena_join(ctx->arena, group, ": ", title, NULL) : title;
}

static struct calendar_event row_of(struct ctx *ctx, const json_t *event)
{
    const char *at = json_text(event, "startsAt");
    return (struct calendar_event){
        .uid = json_text(event, "uid"),
        .sequence = json_int(event, "sequence", 0),
        .changed = json_text(event, "modified"),
        .summary = summary(ctx, json_text(event, "title"), json_text(event, "groupName")),
        .location = json_text(event, "location"),
        .url = absolute(ctx, json_text(event, "href")),
        .cancelled = json_is_true(json_object_get(event, "cancelled")),
        .start = at ? at : json_text(event, "startDate"),
        .end = at ? json_text(event, "endsAt") : json_text(event, "endDate"),
    };
}

static void answer(const char *calendar, struct answer *out)
{
    out->raw = calendar;
    out->raw_type = "text/calendar; charset=utf-8";
}

enum code feed_answer(struct ctx *ctx, const char *name, json_t *events, struct answer *out)
{
    size_t i, n = json_array_size(events);
    json_t *event;
    struct calendar_event *rows = arena_alloc(ctx->arena, (n + 1) * sizeof *rows);
    json_array_foreach (events, i, event)
        rows[i] = row_of(ctx, event);
    answer(calendar_feed(ctx->arena, ctx->base_url, name, rows, n), out);
    json_decref(events);
    return tx_code(ctx->tx);
}

void feed_days(struct ctx *ctx, char from[DAY_SIZE], char to[DAY_SIZE])
{
    day_add(ctx->today, -DAYS_BACK, from);
    day_add(ctx->today, DAYS_ON, to);
}

/* ---------------------------------------------------------------- one meeting */

enum code feed_meeting(struct ctx *ctx, struct answer *out)
{
    const char *id = ctx_value(ctx, "id");
    json_t *meeting = resource_one(ctx, &meeting_resource, id, NULL, NULL);
    if (!meeting)
        return tx_code(ctx->tx) ? tx_code(ctx->tx) : ctx_absent(ctx);
    const struct calendar_event row = {
        .uid = arena_join(ctx->arena, "meetings/", id, NULL),
        .sequence = json_int(meeting, "sequence", 0),
        .changed = json_text(meeting, "modified"),
        .summary = summary(ctx, json_text(meeting, "title"), json_text(meeting, "groupName")),
        .location = json_text(meeting, "location"),
        .url = arena_join(ctx->arena, ctx->base_url, "/meetings/", id, NULL),
        .cancelled = json_text(meeting, "cancelledAt") != NULL,
        .start = json_text(meeting, "startsAt"),
        .end = json_text(meeting, "endsAt"),
    };
    answer(calendar_file(ctx->arena, ctx->base_url, &row, 1), out);
    out->file_name = "meeting.ics";
    json_decref(meeting);
    return tx_code(ctx->tx);
}

/* ---------------------------------------------------------------- what everyone may see */

static enum code open_feed(struct ctx *ctx, struct whose whose, struct answer *out)
{
    char from[DAY_SIZE], to[DAY_SIZE];
    feed_days(ctx, from, to);
    out->open_to_all = true;
    return feed_answer(ctx, whose.name, schedule_events(ctx, &nobody, from, to, whose), out);
}

/* A place or a group that there is not for everyone to know has no feed. */
static enum code known_feed(struct ctx *ctx, bool known, struct whose whose, struct answer *out)
{
    if (known)
        return open_feed(ctx, whose, out);
    return tx_code(ctx->tx) ? tx_code(ctx->tx) : ctx_absent(ctx);
}

enum code feed_group(struct ctx *ctx, struct answer *out)
{
    struct whose whose = whose_group(ctx, ctx_value(ctx, "id"));
    return known_feed(ctx, whose.n > 0, whose, out);
}

enum code feed_national(struct ctx *ctx, struct answer *out)
{
    return open_feed(ctx, whose_level(ctx, "national"), out);
}

enum code feed_healthcare_regions(struct ctx *ctx, struct answer *out)
{
    return open_feed(ctx, whose_level(ctx, "healthcareRegion"), out);
}

enum code feed_local(struct ctx *ctx, struct answer *out)
{
    return open_feed(ctx, whose_level(ctx, "local"), out);
}

static enum code place_feed(struct ctx *ctx, const char *type, const char *level, const char *id,
                            struct answer *out)
{
    struct whose whose = {0};
    bool known = whose_place(ctx, type, level, id, &whose);
    return known_feed(ctx, known, whose, out);
}

enum code feed_healthcare_region(struct ctx *ctx, struct answer *out)
{
    return place_feed(ctx, "healthcareRegion", "healthcareRegion",
                      ctx_value(ctx, "organisationId"), out);
}

enum code feed_region(struct ctx *ctx, struct answer *out)
{
    return place_feed(ctx, "region", "local", ctx_value(ctx, "regionId"), out);
}
