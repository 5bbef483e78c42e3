/* group_gap.c: what a group must know of needs and gaps, which come later (gap.h): the one that it
 * closes, by name, and the dimensions of good care, which plans and gaps share.
 *
 * Owns the reference to a gap; nothing of how gaps are raised or answered. */
#include "internal.h"

const struct reference gap_reference = {
    .noun = N_("gap"),
    .find = "SELECT ga.key FROM gap ga WHERE ga.id = ?1 AND " GAP_VISIBLE("ga"),
    .search = "SELECT ga.id AS \"id\", ga.title AS \"name\" FROM gap ga "
              "WHERE fold(ga.title) LIKE '%' || ?1 || '%' AND " GAP_VISIBLE("ga")
              " ORDER BY CASE WHEN fold(ga.title) = ?1 THEN 0 ELSE 1 END, "
              "CASE ga.state WHEN 'declined' THEN 1 ELSE 0 END, ga.title, ga.key LIMIT ?5",
    .name = "SELECT title FROM gap WHERE key = ?1",
    .lookup = "/search?type=gaps",
};

const struct value care_dimensions[] = {
    {"knowledgeBased", NC_("dimension", "Knowledge-based")},
    {"safe", NC_("dimension", "Safe")},
    {"individual", NC_("dimension", "Individual")},
    {"efficient", NC_("dimension", "Efficient")},
    {"equal", NC_("dimension", "Equal")},
    {"accessible", NC_("dimension", "Accessible")},
    {NULL, NULL},
};
