/* meeting_pages.c: to be written. */
#include <kansli/meeting.h>

const struct route meeting_page_routes[] = {{0}};
const struct part meeting_parts[] = {{0}};
