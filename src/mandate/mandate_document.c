/* mandate_document.c: a mandate as a text to read: sections for a page, Markdown for a script.
 *
 * Owns the order of the sections and their headings; both forms are made from the same mandate
 * object, so neither can say more than the other. Must not know how a page looks. */
#include <string.h>
#include <kansli/buf.h>
#include "internal.h"

enum { MARKDOWN_MOST = 512 << 10 };

static const struct {
    const char *name, *title; /* NULL name: the resource estimate */
} order[] = {
    {"purpose", N_("Purpose")},
    {"tasks", N_("Tasks")},
    {"scope", NC_("mandate", "Scope")},
    {"timePlan", N_("Time plan")},
    {"deliverables", N_("Deliverables")},
    {"resourceEstimate", N_("Resource estimate")},
    {"nominationProcess", N_("Nomination process")},
    {"costs", N_("Costs")},
    {"reporting", N_("Reporting")},
};

static const struct {
    const char *name, *label;
} estimates[] = {
    {"memberPercent", N_("A member")},
    {"chairPercent", N_("The chair")},
    {"processLeaderPercent", N_("The process leader")},
};

/* ---------------------------------------------------------------- sections */

/* What was refused when it was written is refused here too and shown as it stands. */
static const char *html_of(struct ctx *ctx, const char *text, int heading)
{
    struct buf buf;
    struct err err;
    const char *html = NULL;
    if (!text || !*text)
        return NULL;
    buf_init(&buf, 1 << 20);
    err_init(&err);
    if (!ctx->markdown(text, heading, &buf, &err))
        html = arena_strndup(ctx->arena, buf.data, buf.len);
    err_release(&err);
    buf_release(&buf);
    return html;
}

static void add_fact(json_t *facts, const char *label, const char *value)
{
    json_t *fact = json_push(facts, json_object());
    json_put(fact, "label", label);
    json_put(fact, "value", value);
}

/* [{label, value}] of the resource estimate; empty when nothing is said. */
static json_t *facts_of(struct ctx *ctx, const json_t *estimate)
{
    json_t *facts = json_array();
    long long members = json_int(estimate, "memberCount", NO_INT);
    if (members != NO_INT)
        add_fact(facts, ctx_text(ctx, N_("Members expected")),
                 arena_printf(ctx->arena, "%lld", members));
    for (size_t i = 0; i < LEN(estimates); i++) {
        long long percent = json_int(estimate, estimates[i].name, NO_INT);
        if (percent != NO_INT)
            add_fact(facts, ctx_text(ctx, estimates[i].label),
                     ctx_textf(ctx, N_("{percent} % of full time"), "percent",
                               arena_printf(ctx->arena, "%lld", percent), NULL));
    }
    return facts;
}

static json_t *list_or_empty(const json_t *mandate, const char *name, bool wanted)
{
    json_t *list = wanted ? json_object_get(mandate, name) : NULL;
    return json_is_array(list) ? json_incref(list) : json_array();
}

static json_t *section_of(struct ctx *ctx, const json_t *mandate, const char *name,
                          const char *title, int heading)
{
    json_t *section = json_object();
    const char *text = json_text(mandate, name), *html = html_of(ctx, text, heading + 1);
    json_put(section, "name", name);
    json_put(section, "title", ctx_text(ctx, title));
    json_put(section, "bodyHtml", html);
    json_put(section, "text", html || !text || !*text ? NULL : text);
    json_put_new(section, "tasks", list_or_empty(mandate, name, !strcmp(name, "tasks")));
    json_put_new(section, "rows", list_or_empty(mandate, name, !strcmp(name, "deliverables")));
    json_put_new(section, "facts",
                 strcmp(name, "resourceEstimate") ? json_array()
                                                  : facts_of(ctx, json_object_get(mandate, name)));
    return section;
}

static bool says_nothing(const json_t *section)
{
    return !json_text(section, "bodyHtml") && !json_text(section, "text") &&
           !json_array_size(json_object_get(section, "tasks")) &&
           !json_array_size(json_object_get(section, "rows")) &&
           !json_array_size(json_object_get(section, "facts"));
}

static void add_section(json_t *sections, json_t *section)
{
    if (says_nothing(section))
        json_decref(section);
    else
        json_push(sections, section);
}

/* What the group should hold is kept row by row (R21); the document tells it with the rest. */
static json_t *competences_of(struct ctx *ctx, const json_t *mandate)
{
    json_t *section = section_of(ctx, mandate, "competences", N_("Desired competences"), 3);
    json_put_new(section, "rows",
                 db_rows(ctx->tx,
                         "SELECT r.text AS \"text\", NULL AS \"dueDate\" FROM requirement r "
                         "JOIN body b ON b.key = r.group_key WHERE b.id = ?1 "
                         "ORDER BY r.position, r.key",
                         json_text(mandate, "groupId")));
    return section;
}

json_t *mandate_sections(struct ctx *ctx, const json_t *mandate, int heading)
{
    json_t *sections = json_array();
    for (size_t i = 0; i < LEN(order); i++) {
        if (!strcmp(order[i].name, "resourceEstimate") && json_text(mandate, "groupId"))
            add_section(sections, competences_of(ctx, mandate));
        add_section(sections, section_of(ctx, mandate, order[i].name, order[i].title, heading));
    }
    return sections;
}

/* ---------------------------------------------------------------- what stands around it */

const char *mandate_day(struct ctx *ctx, const json_t *mandate)
{
    const char *from = json_text(mandate, "validFrom"), *to = json_text(mandate, "validTo");
    if (from && strcmp(ctx->day, from) < 0)
        return arena_strdup(ctx->arena, from);
    return to && strcmp(ctx->day, to) > 0 ? arena_strdup(ctx->arena, to) : ctx->day;
}

json_t *mandate_signers(struct ctx *ctx, long long key)
{
    json_t *signers =
        db_rows(ctx->tx,
                "SELECT b.id AS \"id\", w.full_name AS \"name\", a.at AS \"at\" FROM mandate m "
                "JOIN mandate_approval a ON a.mandate_key = m.key AND a.outcome = 'approved' "
                "AND a.at >= m.submitted_at JOIN workgroup w ON w.key = a.principal_key "
                "JOIN body b ON b.key = w.key WHERE m.key = ?5 AND " GROUP_VISIBLE(
                    "w") " ORDER BY a.at, a.key",
                READER(ctx), key);
    json_t *awaited =
        db_exists(ctx->tx, "SELECT 1 FROM mandate WHERE key = ?1 AND state = 'approved'", key)
            ? json_array()
            : mandate_awaits(ctx, key, true);
    json_t *one;
    size_t i;
    json_array_foreach (awaited, i, one) {
        json_object_del(one, "key");
        json_put(one, "at", NULL);
    }
    json_array_extend(signers, awaited);
    json_decref(awaited);
    return signers;
}

/* ---------------------------------------------------------------- Markdown */

static const char *brief(struct ctx *ctx, const char *day)
{
    return day_words(ctx->arena, day, ctx->lang == LANG_EN ? "en" : "sv", false);
}

static void write_line(struct buf *buf, const char *label, const char *value)
{
    if (value)
        buf_addf(buf, "- **%s:** %s\n", label, value);
}

static void write_list(struct ctx *ctx, struct buf *buf, const json_t *section)
{
    size_t i;
    json_t *one;
    json_array_foreach (json_object_get(section, "tasks"), i, one)
        buf_addf(buf, "%zu. %s\n", i + 1, json_string_value(one));
    json_array_foreach (json_object_get(section, "rows"), i, one) {
        const char *due = json_text(one, "dueDate");
        buf_addf(buf, "- %s%s%s%s\n", json_text(one, "text"), due ? " (" : "",
                 due ? brief(ctx, due) : "", due ? ")" : "");
    }
    json_array_foreach (json_object_get(section, "facts"), i, one)
        write_line(buf, json_text(one, "label"), json_text(one, "value"));
}

/* `marks` is the level of the headings. */
static void write_sections(struct ctx *ctx, struct buf *buf, const json_t *mandate,
                           const char *marks)
{
    json_t *sections = mandate_sections(ctx, mandate, 2), *section;
    size_t i;
    json_array_foreach (sections, i, section) {
        const char *text = json_text(mandate, json_text(section, "name"));
        buf_addf(buf, "\n%s %s\n\n", marks, json_text(section, "title"));
        if (text)
            buf_addf(buf, "%s\n", text);
        write_list(ctx, buf, section);
    }
    json_decref(sections);
}

static void write_head(struct ctx *ctx, struct buf *buf, const json_t *mandate,
                       const json_t *principals)
{
    const char *to = json_text(mandate, "validTo"), *names = NULL;
    json_t *one;
    size_t i;
    json_array_foreach ((json_t *)principals, i, one)
        names = names ? arena_printf(ctx->arena, "%s, %s", names, json_text(one, "name"))
                      : json_text(one, "name");
    buf_addf(
        buf, "# %s\n\n",
        ctx_textf(ctx, N_("Mandate of {group}"), "group", json_text(mandate, "groupName"), NULL));
    write_line(buf, ctx_text(ctx, N_("Version")),
               arena_printf(ctx->arena, "%lld", json_int(mandate, "version", 0)));
    write_line(buf, ctx_text(ctx, N_("Status")), json_text(mandate, "statusLabel"));
    write_line(buf, ctx_text(ctx, N_("Principals")), names);
    write_line(buf, ctx_text(ctx, N_("In force from")),
               brief(ctx, json_text(mandate, "validFrom")));
    write_line(buf, ctx_text(ctx, N_("In force to")), to ? brief(ctx, to) : NULL);
    write_line(buf, ctx_text(ctx, N_("Reference")), json_text(mandate, "reference"));
}

const char *mandate_markdown(struct ctx *ctx, const json_t *mandate, const json_t *annex,
                             const json_t *principals)
{
    struct buf buf;
    buf_init(&buf, MARKDOWN_MOST);
    write_head(ctx, &buf, mandate, principals);
    write_sections(ctx, &buf, mandate, "##");
    if (annex) {
        buf_addf(&buf, "\n## %s\n",
                 ctx_textf(ctx, N_("Annex: generic mandate, version {version}"), "version",
                           arena_printf(ctx->arena, "%lld", json_int(annex, "version", 0)), NULL));
        write_sections(ctx, &buf, annex, "###");
    }
    const char *text = arena_strndup(ctx->arena, buf.data, buf.len);
    buf_release(&buf);
    return text;
}
