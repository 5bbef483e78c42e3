/* meeting_pages.c: to be written. */
#include <kansli/meeting.h>

const struct route meeting_page_routes[] = {{0}};
