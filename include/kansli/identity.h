/* identity.h: personal identity numbers, which are kept nowhere (domain.md 4).
 *
 * A number is YYYYMMDD or YYMMDD, with the day or the day + 60 (coordination numbers), then '-',
 * '+' or nothing, then four digits of which the last is right by Luhn's rule; no digit beside it.
 * Ten digits without a separator are too often something else: nothing is seen there. */
#ifndef KANSLI_IDENTITY_H
#define KANSLI_IDENTITY_H

#include <kansli/base.h>

/* True when the text has a valid one anywhere. */
bool identity_number_in(const char *text);

#endif
