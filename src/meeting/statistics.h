/* statistics.h: what the two files of attendance in numbers share. Not for others. */
#ifndef KANSLI_MEETING_STATISTICS_H
#define KANSLI_MEETING_STATISTICS_H

#include <kansli/meeting.h>

/* What is counted: held meetings of a period, of one group or of a level's; organisation_key 0:
 * whoever is represented. */
struct counted {
    const char *from, *to; /* days, both included */
    const char *level;     /* "" with a group */
    long long group_key;   /* 0: every group whose people the reader may see */
    long long organisation_key;
    bool inside;           /* the reader may read the papers of it all: of few, too, may be told */
};

/* Takes a group whose people the reader may see, or an organisation: its name, or NULL when there
 * is none. */
const char *counted_group(struct ctx *ctx, const char *id, struct counted *counted);
const char *counted_organisation(struct ctx *ctx, const char *id, struct counted *counted);

/* More groups than one answer counts: a smaller question is needed. */
bool counted_too_many(struct ctx *ctx, const struct counted *counted);

/* Each a list of rows with "expected", "attended" and "percent" (null where nothing is expected, or
 * where too few people stand behind for others to know: then "tooFew"), ordered for people. Shared
 * and kept: an item is copied before anything is added to it. New reference. */

/* {groupId, groupName, level, meetings, noted, daysBetween; inside alone, else null: lastOn,
 * adjustedAfter, sentAfter (days, on average), withoutMinutes}. */
json_t *attendance_by_group(struct ctx *ctx, const struct counted *counted);
/* {organisationId, organisationName, people}. */
json_t *attendance_by_organisation(struct ctx *ctx, const struct counted *counted);
/* {membershipId, personId, personName, role, roleLabel, onBehalfOfId, onBehalfOfName, byDeputy} of
 * one group that the reader is inside of. */
json_t *attendance_by_member(struct ctx *ctx, const struct counted *counted);

#endif
