/* declaration_pages.c: to be written. */
#include <kansli/declaration.h>

const struct route declaration_page_routes[] = {{0}};
