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
    WHO_SELF = 1 << 12,
    WHO_COORDINATOR_HOST = 1 << 13, /* coordinator of the organisation that hosts it */
    WHO_ANY_OFFICER = 1 << 14,      /* officer of any group: may enter a person */
    WHO_ANY_COORDINATOR = 1 << 15,  /* coordinator of any organisation */
    WHO_COORDINATOR_OF = 1 << 16,   /* coordinator of the organisation that is asked about */
    WHO_CHAIR = 1 << 17,            /* its current chair */
    WHO_PROCESS_LEADER = 1 << 18,   /* its current process leader */
    WHO_REVIEWER = 1 << 19          /* who reviews a declaration for it: computed by declaration/ */
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
    ACT_RUN_CHECKS,        /* of a group and what stands under it */
    ACT_CHANGE_SITE,       /* the site's own texts, shortcomings */
    ACT_SEE_SHORTCOMINGS,  /* what people told about accessibility, and how they can be reached */
    ACT_ENTER_MEMBERSHIP,  /* enter, change, end: officer of the group, principal */
    ACT_ENTER_CHAIR,       /* the same for the chair: principal (R26) */
    ACT_ENTER_PROCESS_LEADER, /* the same for the process leader: coordinator of the host (R26) */
    ACT_CHANGE_REQUIREMENT,/* what a group should hold: as ACT_CHANGE_GROUP */
    ACT_APPROVE_MANDATE,   /* asked of the principal's own group: its officers */
    /* Of a person: asked with may_person; ENTER and the last ones of nobody (0). */
    ACT_CHANGE_PERSON,     /* self only what is the person's own to say (person.c) */
    ACT_ENTER_PERSON,      /* a new one */
    ACT_MERGE_PERSON,
    ACT_EXPORT_PERSON,     /* everything kept of one person */
    ACT_ERASE_PERSON,      /* correction, anonymisation, erasure */
    ACT_KEEP_RETENTION,    /* retention rules */
    ACT_KEEP_CALL,         /* calls for nominations: officer, principal */
    ACT_SEE_NOMINATIONS,   /* of a group, once submitted: officer, principal */
    ACT_DECIDE_NOMINATION, /* officer of the direct principal */
    /* Of an organisation: asked with may_organisation. */
    ACT_NOMINATE,          /* coordinator of the nominating organisation; self, asked with may_as */
    ACT_RECORD_CHECK,      /* its own process, the employer's approval: the same */
    /* Of a declaration. Support does not act in anybody's place here (domain.md 1). */
    ACT_WRITE_DECLARATION, /* asked with may_person: self */
    ACT_RECORD_PAPER,      /* asked of a group of the person: its process leader */
    ACT_REVIEW_DECLARATION,/* asked with may_as */
    ACT_SEE_STATUSES,      /* who of a group has declared: members, support, auditor; and reviewers */
    ACT_REMIND_DECLARANTS, /* those who have not: officers of the group, support */
    ACT_KEEP_RECUSAL,      /* asked with may_as: of the person's own, or of the meeting's officers */
    ACT_REPORT_STATUS,     /* status reports: officer of the group */
    ACT_SUBMIT_PLAN,       /* submit a plan, answer remarks on it, follow it up: officer of the area */
    ACT_DECIDE_PLAN,       /* officer of the direct principal */
    ACT_DECIDE_NATIONAL_PLAN, /* of an NPO or NSG: steering */
    ACT_DECIDE_FREE_PLAN,  /* of a group that nobody commissions: coordinator of its area */
    ACT_DECIDE_PLANS,      /* several together: asked of the principal's own group */
    ACT_DECIDE_AREA_PLANS, /* those of an area's groups that nobody commissions: asked of the
                            * organisation, with may_organisation */
    ACT_RAISE_GAP,         /* a need or gap, in a group's name: its members */
    ACT_REVIEW_GROUP,      /* once a year: officer of the direct principal */
    ACT_FOLLOW_ACTION,     /* asked with may_as: done, dropped, later: its owner, or who may change
                            * the group */
    /* Of a mail. */
    ACT_KEEP_MAIL          /* the outbox: administrators */
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

/* What the actor is to a person: self; officer of a group where the person has a role now or to
 * come (WHO_OFFICER); coordinator of the employer or of an organisation that the person represents
 * (WHO_COORDINATOR_TIED). Who may know of a person, and how she is reached, is a condition of the
 * select (person.h). */
unsigned access_to_person(struct ctx *ctx, long long person_key);
/* may and must_may of a person (0: of nobody yet). */
bool may_person(struct ctx *ctx, enum act act, long long person_key);
enum code must_may_person(struct ctx *ctx, enum act act, long long person_key);

/* What the actor is to an organisation: its coordinator (WHO_COORDINATOR_OF), beside the account's own
 * roles. And may of it. */
unsigned access_to_organisation(struct ctx *ctx, long long organisation_key);
bool may_organisation(struct ctx *ctx, enum act act, long long organisation_key);
enum code must_may_organisation(struct ctx *ctx, enum act act, long long organisation_key);
/* may and must_may of what the caller has found the actor to be: for a relation that only one
 * feature knows (WHO_REVIEWER). */
bool may_as(struct ctx *ctx, enum act act, unsigned is);
enum code must_may_as(struct ctx *ctx, enum act act, unsigned is);

/* ?2 of a resource's select: 1 when the actor sees everything (support, auditor, the command
 * line). */
bool access_sees_all(const struct ctx *ctx);
/* A condition over a group's alias "accessMode" and key column with ?2, ?3 and ?4: restricted
 * groups only for their members, officers, principals. Literal, for a resource's `visible`. Here and
 * below: the keys of a reader who is nobody (?3 and ?7 are 0) are none, and are not gathered. */
#define ACCESS_GROUP_VISIBLE(mode, key)                                                            \
    "(" mode " <> 'restricted' OR ?2 = 1 OR (?3 > 0 AND " key " IN (WITH RECURSIVE seen (k) AS ("  \
    "SELECT m.group_key FROM membership m WHERE m.person_key = ?3 AND m.start_date <= ?4 "         \
    "AND (m.end_date IS NULL OR m.end_date >= ?4) "                                                \
    "AND m.role IN ('chair', 'viceChair', 'processLeader', 'secretary') "                          \
    "UNION SELECT p.group_key FROM group_principal p JOIN seen s ON s.k = p.principal_key "        \
    "WHERE p.start_date <= ?4 AND (p.end_date IS NULL OR p.end_date >= ?4)) SELECT k FROM seen "   \
    "UNION SELECT m.group_key FROM membership m WHERE m.person_key = ?3 AND m.start_date <= ?4 "   \
    "AND (m.end_date IS NULL OR m.end_date >= ?4) AND m.role NOT IN ('contact', 'observer'))))"

/* The rows on which ?4 lies. */
#define ACCESS_TODAY(row)                                                                          \
    row ".start_date <= ?4 AND (" row ".end_date IS NULL OR " row ".end_date >= ?4)"
#define ACCESS_TODAY_OPEN(row)                                                                     \
    "(" row ".start_date IS NULL OR " row ".start_date <= ?4) "                                    \
    "AND (" row ".end_date IS NULL OR " row ".end_date >= ?4)"
#define ACCESS_OFFICERS "('chair', 'viceChair', 'processLeader', 'secretary')"

/* ACT_SEE_DRAFTS as a condition over a group's key, for a select with ?2, ?3, ?4 and ?7: members,
 * officers, principals, coordinators of a host or of an organisation represented. The keys are
 * gathered once per statement, so that a list asks nothing for each row. */
#define ACCESS_GROUP_DRAFTS(key)                                                                   \
    "(?2 = 1 OR ((?3 > 0 OR ?7 > 0) AND " key " IN (WITH RECURSIVE led (k) AS ("                   \
    "SELECT d.group_key FROM membership d WHERE d.person_key = ?3 AND " ACCESS_TODAY("d")          \
    " AND d.role IN " ACCESS_OFFICERS " UNION SELECT d.group_key FROM group_principal d "          \
    "JOIN led ON led.k = d.principal_key WHERE " ACCESS_TODAY("d") ") SELECT k FROM led "          \
    "UNION SELECT d.group_key FROM membership d WHERE d.person_key = ?3 AND " ACCESS_TODAY("d")    \
    " AND d.role NOT IN ('contact', 'observer') "                                                  \
    "UNION SELECT d.group_key FROM account_role r JOIN hosting d ON d.body_key = r.organisation_key " \
    "WHERE r.account_key = ?7 AND " ACCESS_TODAY_OPEN("d")                                         \
    " UNION SELECT d.group_key FROM account_role r JOIN membership d "                             \
    "ON d.on_behalf_of_key = r.organisation_key WHERE r.account_key = ?7 AND " ACCESS_TODAY("d")   \
    ")))"

/* The people and papers of a group: open to all, transparent to those signed in, restricted as the
 * group itself. A condition over the group's access mode and key. */
#define ACCESS_PEOPLE_VISIBLE(mode, key)                                                           \
    "((" mode " <> 'transparent' OR ?7 > 0 OR ?2 = 1) AND " ACCESS_GROUP_VISIBLE(mode, key) ")"

/* The groups of which the reader is an officer himself: protected identities (api.md). */
#define ACCESS_GROUP_OFFICER(key)                                                                  \
    "(?2 = 1 OR (?3 > 0 AND " key " IN (SELECT d.group_key FROM membership d "                     \
    "WHERE d.person_key = ?3 AND " ACCESS_TODAY("d") " AND d.role IN " ACCESS_OFFICERS ")))"

/* The person's choice in a membership: withheld when the person said so, or was not asked and is a
 * patient or next of kin. */
#define ACCESS_NAME_GIVEN(publish, capacity)                                                       \
    "(" publish " = 1 OR (" publish " IS NULL AND " capacity " NOT IN ('patient', 'nextOfKin')))"

/* Whether a membership m of a person p shows who it is (api.md, persons): as the person chose;
 * always shown to the person and to those who may see the group's drafts; a protected identity only
 * to support, the group's officers and the person. */
#define ACCESS_NAME_SHOWN(p, m)                                                                    \
    "(" p ".key = ?3 OR (CASE WHEN " p ".protected_identity = 1 THEN " ACCESS_GROUP_OFFICER(       \
        m ".group_key") " ELSE (" ACCESS_NAME_GIVEN(p ".publish_name", m ".capacity")              \
    " OR " ACCESS_GROUP_DRAFTS(m ".group_key") ") END))"

#endif
