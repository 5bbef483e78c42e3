/* paper.c: to be written. */
#include <kansli/meeting.h>

const struct route paper_routes[] = {{0}};
