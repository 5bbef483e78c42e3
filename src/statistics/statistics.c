/* statistics.c: to be filled. */
#include <kansli/statistics.h>

const struct route statistics_routes[] = {{0}};
const struct part statistics_parts[] = {{0}};
