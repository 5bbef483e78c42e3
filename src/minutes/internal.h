/* internal.h: what the files of minutes/ share. Not for others.
 *
 * minutes.c (the resource), minutes_rules.c (written, changed, deleted, adjusted), compile.c (the
 * first draft from the agenda), lines.c and lift.c (decisions and actions out of its lines),
 * render.c (its HTML), foresee.c (what adjusting will do), distribute.c
 * (sent, received, opened), comparison.c, minutes_tasks.c, minutes_load.c, minutes_routes.c. Pages:
 * *_pages.c. */
#ifndef KANSLI_MINUTES_INTERNAL_H
#define KANSLI_MINUTES_INTERNAL_H

#include <kansli/followup.h>
#include <kansli/json.h>
#include <kansli/minutes.h>

struct minutes_input {
    const char *text;
};

/* A version as a rule sees it, in the arena. */
struct minutes_row {
    long long key, number, version; /* version: of the row, as its ETag names it */
    const char *id, *state, *text;
    struct meeting_row meeting;
};

/* ---- minutes.c ---- */

/* Visible versions: drafts as the groups' drafts, adjusted ones as the meeting, and whatever was
 * sent to a body for whom the reader receives. A condition over v (minutes) and m (meeting). */
#define MINUTES_VISIBLE(v, m)                                                                      \
    "((" MEETING_VISIBLE(m) " AND (" v ".state <> 'draft' OR " MEETING_INSIDE(m) ")) "             \
    "OR ((?3 > 0 OR ?7 > 0) AND EXISTS (SELECT 1 FROM minutes_receipt vr "                         \
    "WHERE vr.minutes_key = " v ".key AND " MINUTES_RECEIVED("+vr.body_key") ")))"
/* The bodies for whom the reader receives: as officer of a group, as coordinator of an
 * organisation. */
#define MINUTES_RECEIVED(body)                                                                     \
    "(" body " IN (SELECT vs.group_key FROM membership vs WHERE ?3 > 0 AND vs.person_key = ?3 "    \
    "AND " ACCESS_TODAY("vs") " AND vs.role IN " ACCESS_OFFICERS " UNION ALL "                     \
    "SELECT va.organisation_key FROM account_role va WHERE ?7 > 0 AND va.account_key = ?7 "        \
    "AND va.role = 'coordinator'))"

enum code minutes_list(struct ctx *ctx, struct answer *out);
enum code minutes_list_of_meeting(struct ctx *ctx, struct answer *out);
/* GET /minutes/{id}: leaves the trace that a recipient has opened it. */
enum code minutes_show(struct ctx *ctx, struct answer *out);
/* The version with that id, when the caller may know of it; E_ABSENT. */
NODISCARD enum code minutes_find(struct ctx *ctx, const char *id, struct minutes_row *minutes);
/* {id, version, status, statusLabel} of each version of a meeting's minutes that the reader may
 * know of, the latest first. New reference. */
json_t *minutes_versions(struct ctx *ctx, long long meeting_key);
/* The id of the version before `number` that the reader may know of, in the arena, or NULL. */
const char *minutes_before(struct ctx *ctx, long long meeting_key, long long number);
/* [{id, number, title}] of the meeting's items, for whoever may change it. New reference. */
json_t *minutes_agenda(struct ctx *ctx, const struct meeting_row *meeting);
/* The id of the version that is a draft, in the arena, or NULL. */
const char *minutes_open_draft(struct ctx *ctx, const struct meeting_row *meeting);

/* ---- minutes_rules.c ---- */

enum code minutes_change(struct ctx *ctx, struct answer *out);
enum code minutes_remove(struct ctx *ctx, struct answer *out);
/* The version of the path, which the caller may change. */
NODISCARD enum code minutes_find_to_change(struct ctx *ctx, struct minutes_row *minutes);
/* Whether the caller may make the next draft now. */
bool minutes_may_write(struct ctx *ctx, const struct meeting_row *meeting);
NODISCARD enum code minutes_must_be_draft(struct ctx *ctx, const struct minutes_row *minutes);
/* Locks a draft and numbers its decisions; the row follows. No right is asked. */
NODISCARD enum code minutes_lock(struct ctx *ctx, struct minutes_row *minutes);

/* ---- compile.c ---- */

/* How a person p is called in minutes of the meeting m: NULL, by role. */
#define MINUTES_NAME_TOLD(p)                                                                       \
    "CASE WHEN " p ".protected_identity = 1 THEN NULL WHEN m.visibility <> 'public' OR "           \
    p ".publish_name = 1 OR EXISTS (SELECT 1 FROM meeting_group xg JOIN membership xs "            \
    "ON xs.group_key = xg.group_key WHERE xg.meeting_key = m.key AND xs.person_key = " p ".key "   \
    "AND " ACCESS_NAME_GIVEN(p ".publish_name", "xs.capacity") ") THEN " p ".name END"
/* The first draft of a meeting's minutes, in Swedish, in the arena. */
const char *minutes_compile(struct ctx *ctx, const struct meeting_row *meeting);

/* ---- render.c ---- */

/* What is kept beside a text: HTML, and its headings: [{anchor, title, level}] as JSON; in the
 * arena. */
struct minutes_shown {
    const char *html, *contents;
};
/* As pages show it: headings with anchors, the lines that are lifted with a mark, decisions with
 * their § where they have one. What is too complex is a message at /text that names the line. */
NODISCARD enum code minutes_render(struct ctx *ctx, long long meeting_key, const char *text,
                                   struct minutes_shown *shown);

/* ---- lines.c ---- */

/* An item of the agenda, or a person, as lines name them. */
struct minutes_named {
    long long key, number; /* number: of an item */
    const char *folded;    /* minutes_plain */
    size_t lines;          /* read: that stand under an item's heading */
};
/* What is known, and what was read: in the arena, but for warnings: [{line, text, message}], a new
 * reference. */
struct minutes_lines {
    struct minutes_named *items, *people;
    size_t items_n, people_n;
    struct lifted *decisions, *actions;
    size_t decisions_n, actions_n;
    json_t *warnings;
};
/* Reads a text; what is too complex, or too much, is a message at /text. */
NODISCARD enum code minutes_read_lines(struct ctx *ctx, const char *text,
                                       struct minutes_lines *lines);
/* The length of the word, with its colon, that makes a line a decision or (*action) an action; 0
 * when it is neither. */
size_t minutes_line_word(const char *line, bool *action);
/* Folded, with single spaces: as Markdown shows it, and as people compare. */
const char *minutes_plain(struct arena *arena, const char *text);

/* ---- lift.c ---- */

/* The meeting's items and the people who may be named. */
void minutes_lines_init(struct ctx *ctx, const struct meeting_row *meeting,
                        struct minutes_lines *lines);

/* What the lines of a text say. *warnings (may be NULL) gets [{line, text, message}], new
 * reference: what could not be understood. With `keep` the register's decisions and actions become these. */
NODISCARD enum code minutes_lift(struct ctx *ctx, const struct meeting_row *meeting,
                                 const char *text, bool keep, json_t **warnings);

/* ---- distribute.c ---- */

extern const struct field minutes_distribution_fields[];
enum code receipt_list(struct ctx *ctx, struct answer *out);
enum code receipt_show(struct ctx *ctx, struct answer *out);
/* Rows {id, title, day, groupName} of what was sent to a body for whom the reader receives and
 * nobody there has opened: of several versions the last, the latest meeting first. New
 * reference. */
json_t *minutes_unread(struct ctx *ctx, long long body_key);
/* A version's receipts that the reader may see, as objects. New reference. */
json_t *receipts_of(struct ctx *ctx, long long minutes_key);
/* The reader has opened a version: noted for each body for whom he receives. In a write job. */
NODISCARD enum code receipts_open(struct ctx *ctx, long long minutes_key);
/* The loader's: sent to the default recipients on a day, opened by all on another (or NULL); nobody
 * is written to. */
NODISCARD enum code minutes_load_sent(struct ctx *ctx, struct minutes_row *minutes,
                                      const char *sent_at, const char *opened_at);

/* Rows [{bodyId, bodyName, reasonLabel, people (how many are written to), proposed}] of whom a
 * version may be sent to: principals, hosts, and who got what it corrects; without those who have it. New
 * reference. */
json_t *minutes_recipients(struct ctx *ctx, const struct minutes_row *minutes);
/* How many members are written to besides. */
long long minutes_members_told(struct ctx *ctx, const struct minutes_row *minutes);

/* ---- foresee.c ---- */

/* What adjusting a draft will do and what it lacks, as members of a page's document: decisions
 * [{text, number (null: it gets one), itemTitle}], actions [{text, dueDate}], lacks [text]. */
NODISCARD enum code minutes_foresee(struct ctx *ctx, const struct minutes_row *minutes,
                                    json_t *document);

/* ---- minutes_forms.c ---- */

enum code minutes_adjust_form(struct ctx *ctx, struct answer *out);
enum code minutes_distribute_form(struct ctx *ctx, struct answer *out);

/* ---- minutes_edit.c ---- */

/* The editor; after a failure with what was typed. */
enum code minutes_edit_form(struct ctx *ctx, struct answer *out);

/* ---- comparison.c ---- */

/* GET /minutes/{id}/comparison?with=: {from, to, parts: [{op, text}], changed}. */
enum code minutes_compare(struct ctx *ctx, struct answer *out);
extern const char minutes_comparison_reply[];
extern const struct field minutes_comparison_query[];

/* ---- minutes_pages.c ---- */

/* GET /minutes/{id}/document: a sheet to print and sign; it is read as the version is. */
enum code minutes_print(struct ctx *ctx, struct answer *out);
/* What the pages show beside a version, and beside the list of them. */
NODISCARD enum code minutes_page_show(struct ctx *ctx, const struct minutes_row *minutes,
                                      struct answer *out);
/* Beside a comparison: the versions that `to` may be laid beside, `from` chosen. */
NODISCARD enum code minutes_page_comparison(struct ctx *ctx, const struct minutes_row *to,
                                            const struct minutes_row *from, struct answer *out);
NODISCARD enum code minutes_page_receipts(struct ctx *ctx, const struct minutes_row *minutes,
                                          struct answer *out);
NODISCARD enum code minutes_page_versions(struct ctx *ctx, const struct meeting_row *meeting,
                                          struct answer *out);

#endif
