/* dimension.c: the six dimensions of good care (R65), against which gaps, initiatives and reviews
 * describe what they mean. Owns their names alone. */
#include <kansli/gap.h>

const struct value care_dimensions[] = {
    {"knowledgeBased", NC_("dimension", "Knowledge-based")},
    {"safe", NC_("dimension", "Safe")},
    {"individual", NC_("dimension", "Individual")},
    {"efficient", NC_("dimension", "Efficient")},
    {"equal", NC_("dimension", "Equal")},
    {"accessible", NC_("dimension", "Accessible")},
    {NULL, NULL},
};
