/* problem.c: every rule that a refusal can name, explained.
 *
 * Owns what /problems says of a rule: the address in a problem document's `type` leads here, so a
 * rule without a row is a dead end, and a test holds the sources against this table. Must not know
 * when a rule applies: the message of the refusal itself says that. */
#include <string.h>
#include <kansli/json.h>
#include "internal.h"

const struct problem problem_table[] = {
    {"abbreviation-taken", E_CONFLICT, N_("The abbreviation is taken"),
     N_("The glossary explains this abbreviation already."),
     N_("Change the entry that is there.")},
    {"account-disabled", E_CONFLICT, N_("The account is disabled"),
     N_("A disabled account gets no links."),
     N_("Enable it first.")},
    {"address-too-long", E_TOO_BIG, N_("The address is too long"),
     N_("The address has more characters than the server reads."),
     N_("Shorten the query.")},
    {"answer-too-big", E_TOO_BIG, N_("The answer is too big"),
     N_("What was asked for does not fit in one answer."),
     N_("Use a lower limit, fewer fields or a filter.")},
    {"bad-token", E_LOGIN, N_("The token does not work"),
     N_("It is unknown, revoked or has run out, or its account is disabled."),
     N_("Make a new token under your account.")},
    {"body-cycle", E_CONFLICT, N_("A circle"),
     N_("Something would stand above itself: as parent, principal, host or mirror."),
     N_("Choose another, or loosen the tie further up first.")},
    {"body-too-big", E_TOO_BIG, N_("Too much was sent"),
     N_("The body is larger than 256 KB, or a file larger than 10 MB."),
     NULL},
    {"busy", E_BUSY, N_("Busy"),
     N_("Too much is going on at once."),
     NULL},
    {"call-not-open", E_CONFLICT, N_("The call is not open"),
     N_("Nominations are taken while a call is open."),
     NULL},
    {"chair-seat", E_CONFLICT, N_("The chair has no seat for a healthcare region"),
     N_("In groups of this kind the chair represents a healthcare region."),
     NULL},
    {"chair-taken", E_CONFLICT, N_("There is a chair already"),
     N_("A group has one chair at a time."),
     N_("End the other's period first.")},
    {"chair-term", E_CONFLICT, N_("The chair's term is too long"),
     N_("A kind of group may limit how long its chair sits, and for how many terms."),
     NULL},
    {"changed-meanwhile", E_STALE, N_("Changed meanwhile"),
     N_("Somebody else saved a change after you read the object."),
     NULL},
    {"conflict", E_CONFLICT, N_("A rule says no"),
     N_("What was asked for breaks a rule of the field."),
     NULL},
    {"denied", E_DENIED, N_("Not allowed"),
     N_("It is visible, but not yours to do."),
     NULL},
    {"email-taken", E_CONFLICT, N_("The e-mail address is taken"),
     N_("There is already an account with that address."),
     NULL},
    {"forged-form", E_DENIED, N_("The form is too old or came from elsewhere"),
     N_("A form must come from a page of this site and carry its token."),
     N_("Open the page again and send the form once more.")},
    {"gender-self-stated", E_DENIED, N_("The gender is the person's own to state"),
     N_("Only the person concerned states a gender, sees it and changes it."),
     NULL},
    {"group-at-work", E_CONFLICT, N_("The group is at work"),
     N_("Only a group that is closed or dormant is reopened."),
     NULL},
    {"group-closed", E_CONFLICT, N_("The group is closed"),
     N_("A closed group is not changed; it can be reopened."),
     N_("Reopen the group first.")},
    {"group-dormant", E_CONFLICT, N_("Dormant or closed already"),
     N_("The group is dormant or closed on that day or later."),
     N_("Reopen the group first.")},
    {"head-too-big", E_TOO_BIG, N_("The headers are too big"),
     N_("The request's headers are larger than 32 KB."),
     NULL},
    {"host-taken", E_CONFLICT, N_("There is a host already"),
     N_("A body hosts a group once at a time, and a group has one active host."),
     N_("End the other hosting first.")},
    {"hosting-dormant", E_CONFLICT, N_("Its hosting is dormant"),
     N_("A group whose only hosting is dormant is dormant too."),
     N_("Make the hosting active, or give the group another host.")},
    {"idempotency-key", E_INPUT, N_("The key is malformed"),
     N_("An Idempotency-Key has 1 to 255 characters."),
     NULL},
    {"idempotency-key-reused", E_CONFLICT, N_("The key was used for something else"),
     N_("The same Idempotency-Key came with another request within 24 hours."),
     N_("Use a new key for each new act.")},
    {"if-match-needed", E_UNGUARDED, N_("If-Match is needed"),
     N_("A change says which version it was made on, so that nothing is overwritten unseen."),
     NULL},
    {"if-match-star", E_INPUT, N_("If-Match must name a version"),
     N_("A star would overwrite what you have not seen."),
     N_("Send the ETag that you got when you read the object.")},
    {"import-ambiguous", E_CONFLICT, N_("It cannot be told whom a row is about"),
     N_("Several people fit, or one whose employer or address says otherwise."),
     N_("Choose the person among those shown, or somebody new.")},
    {"import-done", E_CONFLICT, N_("The import has been applied already"),
     N_("An import is applied once, and then no longer changed."),
     N_("Undo it, or send the file anew.")},
    {"import-has-errors", E_CONFLICT, N_("Some rows cannot be applied"),
     N_("An import is applied as a whole, or without the rows that have errors."),
     N_("Mend the file and send it again, or leave those rows out.")},
    {"import-headings", E_INPUT, N_("No heading is known"),
     N_("The first row of a file says what its columns hold; none of these words is known."),
     N_("Begin with the file that the page of imports offers.")},
    {"import-outdated", E_CONFLICT, N_("The import can no longer be undone"),
     N_("Somebody has changed what it made or changed, or refers to it, or its rows are kept no "
        "longer."),
     N_("Change the objects one by one.")},
    {"import-too-big", E_TOO_BIG, N_("The file holds too much"),
     N_("Unpacked, it is larger than what is read here, or out of all proportion to its size."),
     N_("Take away what is not needed, or divide it.")},
    {"in-use", E_CONFLICT, N_("Something still refers to it"),
     N_("What others build on is not removed: history and ties would break."),
     N_("Give it a last day instead, or move what refers to it.")},
    {"initiative-direction", E_CONFLICT, N_("The initiative points the wrong way"),
     N_("An initiative hangs on one of the level above."),
     NULL},
    {"internal", E_INTERNAL, N_("Something went wrong"),
     N_("It was not your doing. The log says more than this answer."),
     NULL},
    {"invalid-input", E_INPUT, N_("What was sent cannot be used"),
     N_("A value is missing, malformed, out of range or unknown. Every fault is listed under "
        "errors."),
     NULL},
    {"kind-may-not-commission", E_CONFLICT, N_("That kind may not commission this one"),
     N_("Each kind of group says which kinds may commission it."),
     N_("Choose a principal of a kind that may, or see the kinds of groups.")},
    {"last-administrator", E_CONFLICT, N_("Somebody must remain administrator"),
     N_("The register must have an administrator who can log in."),
     N_("Make another account administrator first.")},
    {"link-used", E_ABSENT, N_("The link no longer works"),
     N_("A one-time link has been used, replaced or has run out."),
     N_("Ask whoever sent it for a new one.")},
    {"logged-in", E_CONFLICT, N_("You are logged in already"),
     N_("A link of another account was opened in a session."),
     N_("Log out first.")},
    {"login-failed", E_LOGIN, N_("The login failed"),
     N_("The e-mail address, the password or the code is wrong."),
     N_("Try again, or ask an administrator for a new link.")},
    {"login-needed", E_LOGIN, N_("Log in"),
     N_("This is shown or done only with a login."),
     NULL},
    {"malformed-csv", E_INPUT, N_("The file is not CSV as it should be"),
     N_("A quote, a row or a heading is wrong: the message names the line."),
     NULL},
    {"malformed-form", E_INPUT, N_("The form could not be read"),
     N_("A form with a file is sent as multipart/form-data, with one file."),
     NULL},
    {"malformed-json", E_INPUT, N_("The body is not JSON as it should be"),
     N_("It must be one object in UTF-8 without repeated keys. The message says where it "
        "breaks."),
     NULL},
    {"malformed-request", E_INPUT, N_("The request is not well-formed HTTP"),
     N_("Two Host headers, control characters and the like are refused."),
     NULL},
    {"malformed-workbook", E_INPUT, N_("The workbook cannot be read"),
     N_("It is damaged, locked, or holds what a table cannot: the message says what."),
     N_("Open it in a spreadsheet and save it anew, or save it as CSV.")},
    {"may-administer", E_DENIED, N_("For administrators"),
     N_("This is for those who run the register."),
     NULL},
    {"may-approve-mandate", E_DENIED, N_("May approve a mandate"),
     N_("A mandate is approved by the officers of each group that commissions the group; where nobody "
        "does, by the support function."),
     NULL},
    {"may-change-group", E_DENIED, N_("May change a group"),
     N_("A group is changed by its officers, those of the groups that commission it, the "
        "coordinator of its area and the support function."),
     NULL},
    {"may-change-kind", E_DENIED, N_("May change kinds and settings"),
     N_("Kinds of groups, settings and accounts are kept by administrators."),
     NULL},
    {"may-change-organisation", E_DENIED, N_("May change organisations"),
     N_("Organisations and the glossary are kept by the support function."),
     NULL},
    {"may-change-person", E_DENIED, N_("May change a person"),
     N_("A person's own contact details and choices are changed by the person; everything but the "
        "gender by officers of the person's groups, the coordinator of the employer or of an "
        "organisation represented, and the support function."),
     NULL},
    {"may-change-requirement", E_DENIED, N_("May change what a group should hold"),
     N_("It is changed by the group's officers, those of the groups that commission it, the "
        "coordinator of its area and the support function."),
     NULL},
    {"may-change-site", E_DENIED, N_("May change the site's texts"),
     N_("The site's own texts are kept by the support function and administrators."),
     NULL},
    {"may-enter-chair", E_DENIED, N_("May enter the chair"),
     N_("The chair is appointed by the group's principal."),
     NULL},
    {"may-enter-membership", E_DENIED, N_("May enter a membership"),
     N_("Memberships are entered, changed and ended by the group's officers and its principals."),
     NULL},
    {"may-enter-person", E_DENIED, N_("May enter a person"),
     N_("People are entered by officers of groups, coordinators and the support function."),
     NULL},
    {"may-enter-process-leader", E_DENIED, N_("May enter the process leader"),
     N_("The process leader is appointed by the group's host."),
     NULL},
    {"may-erase-person", E_DENIED, N_("May anonymise a person"),
     N_("What names a person is taken away by the data protection role."),
     NULL},
    {"may-establish-free", E_DENIED, N_("May establish a group that nobody commissions"),
     N_("It is done by the support function or the coordinator of its area."),
     NULL},
    {"may-establish-group", E_DENIED, N_("May establish or close the group"),
     N_("It is done by officers of the group that commissions it."),
     NULL},
    {"may-establish-programme-area", E_DENIED, N_("May establish a programme area"),
     N_("National programme areas and coordinating groups are established by the steering "
        "group."),
     NULL},
    {"may-export-person", E_DENIED, N_("May see everything about a person"),
     N_("All that is kept about a person is for that person and the data protection role."),
     NULL},
    {"may-keep-retention", E_DENIED, N_("May keep the retention rules"),
     N_("How long what is kept is written, and carried out, by the data protection role."),
     NULL},
    {"may-merge-person", E_DENIED, N_("May merge persons"),
     N_("Two that are one person are merged by the support function."),
     NULL},
    {"may-run-checks", E_DENIED, N_("May see the checks"),
     N_("Checks go through the whole register, also what is not open."),
     NULL},
    {"may-see-all-history", E_DENIED, N_("May see all history"),
     N_("The history of the whole register names people."),
     NULL},
    {"may-see-drafts", E_DENIED, N_("May see drafts"),
     N_("Drafts are for the group, those who commission it and those who audit it."),
     NULL},
    {"may-see-history", E_DENIED, N_("May see the history"),
     N_("A group's history is for its officers, those who commission it and those who audit "
        "it."),
     NULL},
    {"may-see-shortcomings", E_DENIED, N_("May see shortcomings"),
     N_("What people told may say how they are reached."),
     NULL},
    {"may-support", E_DENIED, N_("For the support function"),
     N_("This is for the national support function."),
     NULL},
    {"media-type", E_TYPE, N_("Another format is read here"),
     N_("The API reads application/json, and application/merge-patch+json in PATCH."),
     N_("Set Content-Type, and send what it says.")},
    {"membership-overlap", E_CONFLICT, N_("The memberships overlap"),
     N_("A person has one role in a group at a time."),
     N_("End the other membership the day before.")},
    {"method-not-allowed", E_METHOD, N_("Another method is needed"),
     N_("The address exists, but does not answer that method."),
     NULL},
    {"minutes-locked", E_CONFLICT, N_("The minutes are locked"),
     N_("Adjusted minutes are an official document."),
     N_("Write the next version.")},
    {"nomination-incomplete", E_CONFLICT, N_("Something is lacking before appointment"),
     N_("The region's process, the employer and the declaration come first: missing says "
        "which."),
     NULL},
    {"not-approved", E_CONFLICT, N_("It is not approved, or has no last day"),
     N_("What is extended is approved and has a last day."),
     N_("Write a new version instead.")},
    {"not-draft", E_CONFLICT, N_("It is no draft"),
     N_("What has been submitted or decided is not changed in place."),
     NULL},
    {"not-found", E_ABSENT, N_("Not found"),
     N_("There is nothing at the address, or nothing that you may know of."),
     NULL},
    {"not-submitted", E_CONFLICT, N_("It is not submitted"),
     N_("Only what has been submitted is approved or returned."),
     N_("Submit it first, or make a new version of what is approved.")},
    {"outside-group-dates", E_CONFLICT, N_("Outside the group's days"),
     N_("What belongs to a group lies between its first and last day."),
     NULL},
    {"person-anonymised", E_CONFLICT, N_("The person has been anonymised"),
     N_("What named the person is gone; nothing is written there any more."),
     NULL},
    {"person-has-roles", E_CONFLICT, N_("The person has a role"),
     N_("Who has a role now or to come must be named to those who work with the person."),
     N_("End the role first: missing says in which groups.")},
    {"plan-exists", E_CONFLICT, N_("There is a plan already"),
     N_("A group has one plan a year, in versions."),
     NULL},
    {"retention-undecided", E_CONFLICT, N_("The rule rests on no decision"),
     N_("A retention rule takes nothing away before somebody has decided that it shall."),
     N_("Write the decision and its day, then carry the rule out.")},
    {"review-exists", E_CONFLICT, N_("There is a review already"),
     N_("A group is reviewed once a year."),
     NULL},
    {"reviewer-is-self", E_CONFLICT, N_("Nobody reviews their own declaration"),
     N_("Another person reviews it."),
     NULL},
    {"second-factor-is-on", E_CONFLICT, N_("The second factor is on already"),
     N_("There is one authenticator for an account."),
     N_("Remove it before you set up another.")},
    {"second-factor-needed", E_LOGIN, N_("The second factor is needed"),
     N_("The password was right, the code is still to be given."),
     N_("Give the code from your authenticator app.")},
    {"second-factor-not-begun", E_CONFLICT, N_("Begin with the secret"),
     N_("A code is checked against a secret that has been set up."),
     NULL},
    {"second-factor-required", E_CONFLICT, N_("Your role requires a second factor"),
     N_("The register's settings say which roles must have one."),
     NULL},
    {"slug-taken", E_CONFLICT, N_("The address is taken"),
     N_("Organisations and groups share one set of addresses, and an address that was left "
        "stays reserved."),
     N_("Choose another id.")},
    {"stale", E_STALE, N_("Changed meanwhile"),
     N_("Somebody else saved a change after you read the object."),
     NULL},
    {"storage", E_STORAGE, N_("Nothing can be saved now"),
     N_("The disk is full or cannot be written to. Reading still works."),
     NULL},
    {"text-too-complex", E_INPUT, N_("The text is too complex"),
     N_("Its lists or quotations are nested too deep, or it is too long to be laid out."),
     N_("Use fewer levels, or divide the text.")},
    {"token-for-api", E_LOGIN, N_("Tokens are for the API"),
     N_("A page is read with a login, the API with a token."),
     N_("Use the same address under /api/v1.")},
    {"token-scope", E_DENIED, N_("The token may only read"),
     N_("Its scope is read; this changes something."),
     N_("Use a token with the scope write.")},
    {"too-big", E_TOO_BIG, N_("Too big"),
     N_("What was sent, or what would be answered, is too big."),
     NULL},
    {"too-many", E_LIMIT, N_("Too many requests"),
     N_("There is a limit for each token, else for each address."),
     NULL},
    {"too-many-attempts", E_LIMIT, N_("Too many failed attempts"),
     N_("After each failure the wait grows."),
     NULL},
    {"too-many-requests", E_LIMIT, N_("Too many requests"),
     N_("200 a second with a burst of 1 000 is the limit for each token, else for each "
        "address."),
     NULL},
    {"too-many-shortcomings", E_LIMIT, N_("Several have come from your network"),
     N_("Five an hour are taken from one address."),
     NULL},
    {"too-slow", E_BUSY, N_("It took too long"),
     N_("The request took too long to arrive, or its answer too long to find."),
     N_("Ask for less at a time.")},
    {"unknown-person", E_INPUT, N_("There is no such person"),
     N_("The id belongs to nobody in the register."),
     NULL},
    {"unknown-scope", E_INPUT, N_("There is no such scope"),
     N_("A token's scope is read or write."),
     NULL},
    {"unreadable-file", E_INPUT, N_("The file is no table"),
     N_("CSV and Excel workbooks (.xlsx) are read."),
     N_("Open it in a spreadsheet and save it as .xlsx or CSV.")},
    {"unsupported-type", E_TYPE, N_("Another format is read here"),
     N_("The media type is not read at this address."),
     NULL},
    {0},
};

static const char *remedy_of(enum code code)
{
    switch (code) {
    case OK:
        break;
    case E_INPUT:
        return N_("Mend what is pointed out and send it again.");
    case E_LOGIN:
        return N_("Log in, or send a token that works.");
    case E_DENIED:
        return N_("Ask somebody who may: the message says who.");
    case E_ABSENT:
        return N_("See that the address is right. With a login more may be found.");
    case E_METHOD:
        return N_("Allow in the answer names the methods that work.");
    case E_CONFLICT:
        return N_("Change what the rule is about first. The support function can help.");
    case E_STALE:
        return N_("Read the object again, make the change on it and send its ETag.");
    case E_TOO_BIG:
        return N_("Send or ask for less at a time.");
    case E_TYPE:
        return N_("Set Content-Type to what the address reads.");
    case E_UNGUARDED:
        return N_("Read the object and send its ETag in If-Match.");
    case E_LIMIT:
        return N_("Wait as long as Retry-After says.");
    case E_INTERNAL:
        return N_("Try again; if it stays, tell the support function.");
    case E_BUSY:
        return N_("Try again in a moment.");
    case E_STORAGE:
        return N_("Tell the one who runs the register.");
    }
    BUG("no remedy for %d", (int)code);
}

const struct problem *problem_find(const char *rule)
{
    for (const struct problem *problem = problem_table; problem->rule; problem++)
        if (!strcmp(problem->rule, rule))
            return problem;
    return NULL;
}

json_t *problem_document(struct ctx *ctx, const struct problem *problem)
{
    json_t *document = json_object();
    const char *remedy = problem->remedy ? problem->remedy : remedy_of(problem->code);
    json_put(document, "rule", problem->rule);
    json_put(document, "type", arena_printf(ctx->arena, "%s/problems/%s", ctx->base_url, problem->rule));
    json_put_int(document, "status", code_status(problem->code));
    json_put(document, "title", ctx_text(ctx, problem->title));
    json_put(document, "meaning", ctx_text(ctx, problem->meaning));
    json_put(document, "remedy", ctx_text(ctx, remedy));
    return document;
}
