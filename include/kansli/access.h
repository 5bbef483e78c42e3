/* access.h: who may do what (domain.md 1): one table, one function.
 *
 * Your memberships are your permissions: what an actor is to a group is computed from the register
 * at each request, so a role that is taken away is gone at the next one. Every refusal names its
 * row and who may. */
#ifndef KANSLI_ACCESS_H
#define KANSLI_ACCESS_H

#include <kansli/ctx.h>

/* What an actor can be to an object. */
enum who {
    WHO_EVERYONE = 1 << 0,
    WHO_MEMBER = 1 << 1,           /* every current role but contact and observer */
    WHO_OFFICER = 1 << 2,          /* current chair, vice chair, process leader, secretary */
    WHO_PRINCIPAL = 1 << 3,        /* officer of a group that commissions it, in any number of steps */
    WHO_DIRECT_PRINCIPAL = 1 << 4, /* officer of a direct principal */
    WHO_STEERING = 1 << 5,         /* officer of the steering group */
    WHO_COORDINATOR_AREA = 1 << 6, /* coordinator, for groups of its own level and area */
    WHO_COORDINATOR_TIED = 1 << 7, /* coordinator of a host or of an organisation represented in the group */
    WHO_SUPPORT = 1 << 8,
    WHO_AUDITOR = 1 << 9,
    WHO_ADMINISTRATOR = 1 << 10,
    WHO_DATA_PROTECTION = 1 << 11,
    WHO_SELF = 1 << 12
};

/* The rows of the table; more come with their features. */
enum act {
    ACT_SEE_DRAFTS = 1,    /* drafts, unpublished minutes, contact details, status reports */
    ACT_CHANGE_GROUP,      /* a group, its meetings, minutes, actions, requirements */
    ACT_ESTABLISH_GROUP,   /* establish or close: officer of its principal */
    ACT_ESTABLISH_PROGRAMME_AREA, /* establish or close an NPO or NSG: steering */
    ACT_ESTABLISH_FREE,    /* kinds that nobody commissions: coordinator of their area */
    ACT_CHANGE_ORGANISATION, /* organisations, glossary, generic annexes */
    ACT_CHANGE_KIND,       /* kinds, default requirements, settings, accounts */
    ACT_SEE_HISTORY,       /* of a group and what stands under it */
    ACT_SEE_ALL_HISTORY,
    ACT_RUN_CHECKS,
    ACT_CHANGE_SITE,       /* the site's own texts, shortcomings */
    ACT_SEE_SHORTCOMINGS   /* what people told about accessibility, and how they can be reached */
};

/* What the actor is to a group (group_key 0: to the register as a whole). Asked once per group and
 * request: cached in the ctx's arena. */
unsigned access_to_group(struct ctx *ctx, long long group_key);

/* True when the actor may. Sets ctx->as_support when only the support function's right carried it.
 * A read token never may what changes. */
bool may(struct ctx *ctx, enum act act, long long group_key);
/* OK, or E_LOGIN without login, or E_DENIED with the row's rule ("may-change-group") and a sentence
 * that says who may. */
enum code must_may(struct ctx *ctx, enum act act, long long group_key);

/* ?2 of a resource's select: 1 when the actor sees everything (support, auditor, the command
 * line). */
bool access_sees_all(const struct ctx *ctx);
/* A condition over a group's alias "accessMode" and key column with ?2, ?3 and ?4: restricted
 * groups only for their members, officers, principals. Literal, for a resource's `visible`. */
#define ACCESS_GROUP_VISIBLE(mode, key)                                                            \
    "(" mode " <> 'restricted' OR ?2 = 1 OR " key " IN (WITH RECURSIVE seen (k) AS ("              \
    "SELECT m.group_key FROM membership m WHERE m.person_key = ?3 AND m.start_date <= ?4 "         \
    "AND (m.end_date IS NULL OR m.end_date >= ?4) "                                                \
    "AND m.role IN ('chair', 'viceChair', 'processLeader', 'secretary') "                          \
    "UNION SELECT p.group_key FROM group_principal p JOIN seen s ON s.k = p.principal_key "        \
    "WHERE p.start_date <= ?4 AND (p.end_date IS NULL OR p.end_date >= ?4)) SELECT k FROM seen "   \
    "UNION SELECT m.group_key FROM membership m WHERE m.person_key = ?3 AND m.start_date <= ?4 "   \
    "AND (m.end_date IS NULL OR m.end_date >= ?4) AND m.role NOT IN ('contact', 'observer')))"

#endif
