/* version.c: what the API has been, and what it promises.
 *
 * Owns the change log that /api shows, newest first, a row for each version. The number in the
 * address is the first one: what stands under it is never taken away or given another meaning. */
#include <kansli/json.h>
#include "internal.h"

static const struct version {
    const char *number, *changes;
} versions[] = {
    {API_VERSION,
     N_("Popolo, DCAT-AP-SE and a catalogue of interfaces; imports of organisations, groups, "
        "meetings and plans beside persons and memberships; examples of all answers in the "
        "description; an address can be tried on this page; lists that no table describes have "
        "20 objects on a page too.")},
    {"1.5.0",
     N_("Annual plans with initiatives, remarks and positions; gaps, reviews of groups, and the "
        "steering view.")},
    {"1.4.0",
     N_("Meetings, agendas, attendance, papers, minutes, decisions and actions; calendars; search "
        "in texts.")},
    {"1.3.0",
     N_("Calls, nominations and declarations of interests with their reviews; tasks and mail.")},
    {"1.2.0",
     N_("Persons, memberships, requirements, coverage, mandates and statistics; imports, and every "
        "list as CSV and Excel.")},
    {"1.0.0",
     N_("Organisations, groups, kinds of groups, levels, the glossary, history and checks.")},
};

json_t *api_versions(struct ctx *ctx)
{
    json_t *all = json_array();
    for (size_t i = 0; i < LEN(versions); i++) {
        json_t *one = json_push(all, json_object());
        json_put(one, "number", versions[i].number);
        json_put(one, "changes", ctx_text(ctx, versions[i].changes));
    }
    return all;
}
