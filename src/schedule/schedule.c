/* schedule.c: to be written. */
#include <kansli/schedule.h>

const struct route schedule_routes[] = {{0}};
