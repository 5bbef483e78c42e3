/* report.c: to be written. */
#include <kansli/followup.h>

const struct route report_routes[] = {{0}};
