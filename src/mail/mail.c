/* mail.c: to be written. */
#include <kansli/mail.h>

const struct route mail_routes[] = {{0}};
const struct check mail_checks[] = {{0}};
