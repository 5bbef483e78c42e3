/* minutes.h: minutes of meetings (R50, R51; api.md minutes): Markdown compiled from the agenda,
 * adjusted, distributed; what is decided and to be done is lifted out of their lines.
 *
 * A draft is for those who may see the groups' drafts; adjusted ones as the meeting. Adjusting locks
 * the version, gives the decisions their § and makes it an official document (domain.md 4); a
 * correction is the next version. Distributing sends it to every principal, host and member, with a
 * receipt for each body. E_CONFLICT "minutes-locked". */
#ifndef KANSLI_MINUTES_H
#define KANSLI_MINUTES_H

#include <kansli/meeting.h>

extern const struct resource minutes_resource, receipt_resource;
extern const struct route minutes_routes[], minutes_page_routes[], minutes_edit_routes[];
extern const struct part minutes_parts[];
extern const struct check minutes_checks[]; /* no delivered minutes within 30 days of a meeting */
extern const struct task minutes_tasks[];
extern const struct chore minutes_chores[];
extern const struct search_source minutes_sources[];
extern const struct value minutes_statuses[];

/* POST /meetings/{id}/minutes: the next draft: from the text that is sent, else compiled from the
 * agenda (first version) or from the last version (a correction). */
enum code minutes_create(struct ctx *ctx, struct answer *out);
enum code minutes_adjust(struct ctx *ctx, struct answer *out);
enum code minutes_distribute(struct ctx *ctx, struct answer *out);
/* The loader's: {group, day, versions: [{more?, adjustedOn?, sentOn?, openedOn?}]}: of the meeting that
 * the group led that day; `more` is added to what a version corrects. Nobody is written to. */
NODISCARD enum code minutes_load(struct ctx *ctx, const json_t *row);

#endif
