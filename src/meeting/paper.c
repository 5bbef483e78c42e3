/* paper.c: what the items of an agenda rest on: files and links (api.md, papers).
 *
 * Owns the table paper and its rules. Whoever may know of a meeting may know of its papers; who may
 * change the meeting changes them, also when it is held or cancelled: what was on the table is told
 * afterwards, too. A file never changes: another one is another paper. Its kind is told by its
 * content, on a worker, before the transaction that keeps it. Must not know the bytes
 * (paper_file.c), nor how anything is shown. */
#include <string.h>
#include <strings.h>
#include "paper.h"

struct paper_input {
    struct ref_value item;
    const char *title, *href;
};

/* ---------------------------------------------------------------- fields */

#define AT(member) offsetof(struct paper_input, member)

static const struct field paper_fields[] = {
    {.name = "id", .label = N_("Id"), .type = T_UUID, .flags = F_DERIVED},
    {.name = "meetingId", .label = N_("Meeting"), .type = T_REF, .flags = F_DERIVED,
     .reference = &meeting_reference},
    {.name = "href", .label = N_("Address of a link"), .type = T_TEXT, .at = AT(href),
     .flags = F_WIDE, .max = 2000, .column = "href",
     .hint = N_("Instead of a file. It begins with https:// or http://; who may read it is "
                "decided where it leads.")},
    {.name = "title", .label = N_("Title"), .type = T_TEXT, .at = AT(title), .max = 200,
     .column = "title", .hint = N_("Empty: the name of the file.")},
    {.name = "agendaItemId", .label = N_("Agenda item"), .type = T_REF, .at = AT(item),
     .flags = F_FILTER, .reference = &agenda_item_reference, .column = "item_key",
     .hint = N_("Empty: the paper is for the whole meeting.")},
    {.name = "agendaItemNumber", .label = N_("Number on the agenda"), .type = T_INT,
     .flags = F_DERIVED},
    {.name = "agendaItemTitle", .label = N_("Agenda item"), .type = T_TEXT, .flags = F_DERIVED},
    {.name = "fileName", .label = N_("File"), .type = T_TEXT, .flags = F_DERIVED,
     .hint = N_("What a download is saved as. A link has none, nor type and size.")},
    {.name = "mediaType", .label = N_("Type"), .type = T_ENUM, .flags = F_DERIVED | F_FILTER,
     .values = paper_media_types, .hint = N_("Told by what the file holds.")},
    {.name = "size", .label = N_("Bytes"), .type = T_INT, .flags = F_DERIVED},
    {.name = "sizeLabel", .label = N_("Size"), .type = T_TEXT, .flags = F_DERIVED},
    {.name = "addedAt", .label = N_("Added"), .type = T_INSTANT, .flags = F_DERIVED},
    {0},
};

#define SELECT                                                                                     \
    "SELECT p.key AS \"key\", p.version AS \"version\", p.modified AS \"modified\", "              \
    "p.id AS \"id\", m.id AS \"meetingId\", m.key AS \"meeting_key\", "                            \
    "p.item_key AS \"item_key\", a.id AS \"agendaItemId\", a.position AS \"agendaItemNumber\", "   \
    "a.title AS \"agendaItemTitle\", p.title AS \"title\", p.href AS \"href\", "                   \
    "p.file_name AS \"fileName\", p.media_type AS \"mediaType\", p.size AS \"size\", "             \
    "p.added_at AS \"addedAt\" FROM paper p JOIN meeting m ON m.key = p.meeting_key "              \
    "LEFT JOIN agenda_item a ON a.key = p.item_key WHERE " MEETING_VISIBLE("m")

/* "1.4 MB": what people compare, in the reader's manner of writing numbers. */
static const char *size_words(struct ctx *ctx, long long bytes)
{
    long long tenths = (bytes * 10 + (1 << 19)) >> 20;
    if (bytes < 1 << 20)
        return arena_printf(ctx->arena, "%lld KB", (bytes + 1023) >> 10);
    return arena_printf(ctx->arena, "%lld%s%lld MB", tenths / 10, ctx->lang == LANG_SV ? "," : ".",
                        tenths % 10);
}

static void finish(struct ctx *ctx, json_t *items)
{
    size_t i;
    json_t *item;
    json_array_foreach(items, i, item) {
        bool file = json_text(item, "mediaType") != NULL;
        json_put(item, "sizeLabel", file ? size_words(ctx, json_int(item, "size", 0)) : NULL);
    }
}

static void links(struct ctx *ctx, json_t *object)
{
    const char *path = arena_printf(ctx->arena, "/meetings/%s/papers/%s",
                                    json_text(object, "meetingId"), json_text(object, "id"));
    if (json_text(object, "mediaType"))
        ctx_link(ctx, object, "file", "GET", arena_join(ctx->arena, path, "/file", NULL));
    if (!meeting_may_change(ctx, json_int(object, "meeting_key", 0)))
        return;
    ctx_link(ctx, object, "edit", "PATCH", path);
    ctx_link(ctx, object, "delete", "DELETE", path);
    ctx->as_support = false; /* asked, not done */
}

const struct resource paper_resource = {
    .name = "papers",
    .noun = N_("paper"),
    .table = "paper",
    .select = SELECT,
    .order = "\"agendaItemNumber\", \"addedAt\", \"key\"",
    .size = sizeof(struct paper_input),
    .fields = paper_fields,
    .finish = finish,
    .links = links,
    .within = "meetings",
    .parent = "meetingId",
    .parent_column = "meeting_key",
};

/* ---------------------------------------------------------------- read */

enum code paper_list(struct ctx *ctx, struct answer *out)
{
    struct meeting_row meeting;
    enum code c;
    struct fixed within = {.condition = "\"meeting_key\" = ?6",
                           .key = meeting_in_path(ctx, &meeting, &c)};
    return c ? c : resource_list(ctx, &paper_resource, within, &out->document);
}

json_t *papers_of_item(struct ctx *ctx, long long item_key)
{
    struct fixed within = {.condition = "\"item_key\" = ?6", .key = item_key};
    return resource_items(ctx, &paper_resource, within);
}

long long paper_in_path(struct ctx *ctx, const struct meeting_row *meeting, enum code *c)
{
    long long key = db_int(ctx->tx, 0, "SELECT key FROM paper WHERE meeting_key = ?1 AND id = ?2",
                           meeting->key, ctx_value(ctx, "paperId"));
    *c = tx_code(ctx->tx);
    if (!key && !*c)
        *c = ctx_absent(ctx);
    return key;
}

enum code paper_show(struct ctx *ctx, struct answer *out)
{
    struct meeting_row meeting;
    enum code c;
    if (meeting_in_path(ctx, &meeting, &c))
        paper_in_path(ctx, &meeting, &c);
    return c ? c : resource_answer(ctx, &paper_resource, ctx_value(ctx, "paperId"), out);
}

/* ---------------------------------------------------------------- a file that was sent */

enum code paper_meeting(struct ctx *ctx, struct meeting_row *meeting)
{
    enum code c = meeting_find(ctx, ctx_value(ctx, "id"), meeting);
    return c ? c : meeting_must_change(ctx, meeting->key);
}

static enum code check_file(struct ctx *ctx)
{
    const struct upload *upload = ctx->upload;
    const struct paper_kind *kind;
    if (upload->n > PAPER_BYTES)
        return ctx_fail(ctx, E_TOO_BIG, "paper-too-large",
                        N_("The file is larger than 20 MB. Make it smaller, divide it, or put it "
                           "elsewhere and add a link."));
    enum code c = paper_kind_of(upload->bytes, upload->n, &kind, ctx->err);
    if (!c) {
        ctx->prepared = json_object();
        json_put(ctx->prepared, "mediaType", kind->media_type);
    }
    return c;
}

enum code paper_read(struct ctx *ctx, struct answer *out)
{
    struct meeting_row meeting;
    (void)out;
    enum code c = paper_meeting(ctx, &meeting);
    if (c)
        return c;
    if (!ctx->body->typed && !ctx->upload && !json_object_size(ctx->body->values))
        return ctx_fail(ctx, E_TYPE, "media-type",
                        N_("Send a form with the file (multipart/form-data), or application/json "
                           "with an address."));
    return ctx->upload ? check_file(ctx) : OK;
}

/* --------------------------------------------------------------- what a field alone cannot tell */

static bool is_web_address(const char *href)
{
    const char *host = !strncasecmp(href, "https://", 8)  ? href + 8
                       : !strncasecmp(href, "http://", 7) ? href + 7
                                                          : "";
    size_t n = strcspn(host, "/?#"); /* a name before the host leads elsewhere than it looks */
    return n && !strchr(":.", *host) && !memchr(host, '@', n) && !strpbrk(href, " \"<>\\^`{|}");
}

static void check_input(struct ctx *ctx, const struct meeting_row *meeting,
                        const struct paper_input *in)
{
    if (in->item.key && !agenda_item_key(ctx, meeting->key, in->item.id))
        err_field(ctx->err, "/agendaItemId", N_("This item stands at another meeting."), NULL);
    if (in->href && !is_web_address(in->href))
        err_field(ctx->err, "/href",
                  N_("Write a whole address, for example https://exempel.se/rapport."), NULL);
}

/* Whether a text was sent at all: a wrong one has its message already. */
static bool is_sent(const struct ctx *ctx, const char *name)
{
    const char *text = params_text(ctx->body, name);
    return text && *text;
}

static void check_new(struct ctx *ctx, const struct paper_input *in)
{
    if (ctx->upload && in->href)
        err_field(ctx->err, "/href",
                  N_("Give either a file or an address: two papers are added one by one."), NULL);
    if (!ctx->upload && !is_sent(ctx, "href"))
        err_field(ctx->err, "/file", N_("Choose a file, or give an address."), NULL);
    if (!in->title && !is_sent(ctx, "title"))
        err_field(ctx->err, "/title", N_("This is needed."), NULL);
}

static enum code check_room(struct ctx *ctx, long long meeting_key)
{
    if (db_int(ctx->tx, 0, "SELECT count(*) FROM paper WHERE meeting_key = ?1", meeting_key) <
        PAPERS_MOST)
        return tx_code(ctx->tx);
    return ctx_fail(ctx, E_CONFLICT, "papers-full",
                    N_("A meeting has at most 100 papers. Take one away first."));
}

/* ---------------------------------------------------------------- written */

static const char *back(struct ctx *ctx, const struct meeting_row *meeting)
{
    return meeting_path(ctx, meeting, "/papers");
}

static enum code insert(struct ctx *ctx, long long meeting_key, const struct paper_input *in,
                        const struct paper_kind *kind, const char *stem, const char **id)
{
    long long key = 0;
    json_t *extra = json_object();
    json_put_int(extra, "meeting_key", meeting_key);
    json_put(extra, "added_at", tx_instant(ctx->tx));
    if (kind) {
        json_put(extra, "file_name", paper_file_name(ctx->arena, stem, in->title, kind));
        json_put(extra, "media_type", kind->media_type);
        json_put_int(extra, "size", (long long)ctx->upload->n);
    }
    enum code c = resource_insert(ctx, &paper_resource, in, NULL, extra, &key);
    json_decref(extra);
    if (!c && kind)
        c = paper_keep(ctx, key, ctx->upload);
    *id = db_text(ctx->tx, "SELECT id FROM paper WHERE key = ?1", key);
    return c ? c : tx_code(ctx->tx);
}

enum code paper_create(struct ctx *ctx, struct answer *out)
{
    struct meeting_row meeting;
    struct paper_input in = {0};
    const char *id;
    enum code c = paper_meeting(ctx, &meeting);
    if (c)
        return c;
    const struct paper_kind *kind =
        ctx->upload ? paper_kind_named(json_text(ctx->prepared, "mediaType")) : NULL;
    const char *stem = kind ? paper_stem(ctx->arena, ctx->upload->name, kind) : NULL;
    c = resource_read(ctx, &paper_resource, &in);
    if (c && c != E_INPUT)
        return c;
    check_input(ctx, &meeting, &in);
    if (!in.title)
        in.title = stem;
    check_new(ctx, &in);
    c = ctx->err->code ? ctx->err->code : check_room(ctx, meeting.key);
    if (!c)
        c = insert(ctx, meeting.key, &in, kind, stem, &id);
    out->flash = N_("The paper is added.");
    if (!c)
        c = resource_created(ctx, &paper_resource, id, out);
    out->see = back(ctx, &meeting);
    return c;
}

/* A file does not become a link, nor the other way round. */
static void check_changed(struct ctx *ctx, const json_t *now, const struct paper_input *in)
{
    bool link = json_text(now, "href") != NULL;
    if (link != (in->href != NULL))
        err_field(ctx->err, "/href",
                  link ? N_("This is needed.") : N_("A file has no address of its own."), NULL);
    if (!in->title)
        err_field(ctx->err, "/title", N_("This is needed."), NULL);
}

enum code paper_change(struct ctx *ctx, struct answer *out)
{
    struct meeting_row meeting;
    struct paper_input in;
    struct edit edit = {0};
    const char *id = ctx_value(ctx, "paperId");
    enum code c = paper_meeting(ctx, &meeting);
    if (!c)
        paper_in_path(ctx, &meeting, &c);
    if (!c)
        c = resource_edit(ctx, &paper_resource, id, &edit, &in);
    if (!c) {
        check_input(ctx, &meeting, &in);
        check_changed(ctx, edit.now, &in);
        c = ctx->err->code;
    }
    if (!c)
        c = resource_update(ctx, &paper_resource, &edit, &in, NULL);
    resource_edit_end(&edit);
    out->flash = N_("The change is saved.");
    if (!c)
        c = resource_changed(ctx, &paper_resource, id, out);
    out->see = back(ctx, &meeting);
    return c;
}

enum code paper_remove(struct ctx *ctx, struct answer *out)
{
    struct meeting_row meeting;
    struct edit edit = {0};
    enum code c = paper_meeting(ctx, &meeting);
    if (!c)
        paper_in_path(ctx, &meeting, &c);
    if (!c)
        c = resource_guard(ctx, &paper_resource, ctx_value(ctx, "paperId"), &edit);
    if (!c)
        c = resource_delete(ctx, &paper_resource, &edit);
    resource_edit_end(&edit);
    out->see = back(ctx, &meeting);
    out->flash = N_("The paper is taken away.");
    return c;
}

/* ---------------------------------------------------------------- the item goes */

enum code papers_leave_item(struct ctx *ctx, long long item_key, const char *item_id)
{
    json_t *rows = db_rows(ctx->tx,
                           "SELECT key AS \"key\", id AS \"id\" FROM paper WHERE item_key = ?1 "
                           "ORDER BY key",
                           item_key), *row;
    enum code c = db_run(ctx->tx, "UPDATE paper SET item_key = NULL WHERE item_key = ?1", item_key);
    size_t i;
    json_array_foreach(rows, i, row)
        if (!c)
            c = resource_touch(ctx, &paper_resource, json_int(row, "key", 0), json_text(row, "id"),
                               "update", json_pack("{s:[s, n]}", "agendaItemId", item_id));
    json_decref(rows);
    return c;
}
