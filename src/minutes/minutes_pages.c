/* minutes_pages.c: to be written. */
#include <kansli/minutes.h>

const struct route minutes_page_routes[] = {{0}};
