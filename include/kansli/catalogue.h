/* catalogue.h: what others gather from the register by themselves: its public part in the words of
 * Popolo, and descriptions of it by which catalogues of data and of interfaces find it.
 *
 * GET /exports/popolo (popoloproject.com): persons, organizations, memberships, posts, events and
 * areas, as anybody may see them, whoever asks. GET /dcat.ttl: DCAT-AP-SE in Turtle, for Sweden's
 * data portal. GET /.well-known/api-catalog: RFC 9727, for programs that look for interfaces. */
#ifndef KANSLI_CATALOGUE_H
#define KANSLI_CATALOGUE_H

#include <kansli/resource.h>

extern const struct route catalogue_routes[];

#endif
