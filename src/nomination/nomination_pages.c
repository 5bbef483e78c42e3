/* nomination_pages.c: to be written. */
#include <kansli/nomination.h>

const struct route nomination_page_routes[] = {{0}};
