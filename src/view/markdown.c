/* markdown.c: Markdown people write → HTML we can show. The only file that knows cmark.
 *
 * cmark 0.30.2 is correct but trusting: some 64 KB texts take it a quarter of a minute, others grow
 * a thousandfold, and its safe mode lets through remote images and addresses of other schemes. So:
 * measure the text before it is parsed, walk the tree before it is rendered, and never use its
 * unsafe mode. Must never know who wrote the text or where it will stand. */
#define CMARK_NO_SHORT_NAMES /* its NODE_TEXT is not ours */
#include <cmark.h>
#include <kansli/json.h>
#include <kansli/log.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "internal.h"

enum {
    TEXT_MAX = 64 << 10,
    HTML_MAX = 1 << 20,
    MARKERS_MAX = 24,    /* containers opened on one line */
    COLUMNS_MAX = 96,    /* how far in the last of them may stand: nesting grows by the line, too */
    WORK_MAX = 2000000,  /* deepest column times lines: each line walks all open containers */
    IMAGES_MAX = 2000,   /* "![" */
    COPIES_MAX = 4 << 20 /* bytes of link definitions, if every bracket used the longest */
};

const int markdown_version = 1;

/* ---- before parsing ---- */

/* What is refused, and where: people mend a line. */
static enum code refuse(struct err *err, const char *msgid, size_t line)
{
    char number[24];
    snprintf(number, sizeof number, "%zu", line);
    return err_setf(err, E_INPUT, "text-too-complex", msgid, "line", number, NULL);
}

/* The number of the line that holds the byte `n`. */
static size_t line_at(const char *text, size_t n)
{
    size_t line = 1;
    for (size_t i = 0; i < n; i++)
        line += text[i] == '\n' || (text[i] == '\r' && text[i + 1] != '\n');
    return line;
}

/* The length of a list or quote marker at `at`, or 0. */
static size_t marker(const char *at)
{
    if (*at == '>')
        return 1;
    size_t n = 0;
    if (*at == '-' || *at == '+' || *at == '*')
        n = 1;
    else {
        size_t digits = strspn(at, "0123456789");
        if (digits && digits < 10 && (at[digits] == '.' || at[digits] == ')'))
            n = digits + 1;
    }
    return n && strchr(" \t\r\n", at[n]) ? n : 0; /* the NUL counts: an empty item */
}

/* False when a line opens too many containers, or one too far in. *last is the column of its last
 * marker; *next is the line after it, or NULL. */
static bool line_fits(const char *line, size_t *last, const char **next)
{
    size_t columns = 0, markers = 0;
    const char *at = line;
    *last = 0;
    for (;;) {
        size_t n = marker(at);
        if (n) {
            markers++;
            columns += n;
            *last = columns;
            at += n;
        } else if (*at == ' ') {
            columns++;
            at++;
        } else if (*at == '\t') {
            columns += 4 - columns % 4;
            at++;
        } else
            break;
    }
    at += strcspn(at, "\r\n");
    *next = !*at ? NULL : at[0] == '\r' && at[1] == '\n' ? at + 2 : at + 1;
    return markers <= MARKERS_MAX && *last <= COLUMNS_MAX;
}

static enum code check_nesting(const char *text, struct err *err)
{
    size_t lines = 0, deepest = 0, deepest_line = 1, last;
    for (const char *line = text; line;) {
        lines++;
        if (!line_fits(line, &last, &line))
            return refuse(err, N_("Line {line}: lists and quotes are nested too deep."), lines);
        if (last > deepest) {
            deepest = last;
            deepest_line = lines;
        }
    }
    if (lines * deepest <= WORK_MAX)
        return OK;
    return refuse(err, N_("Line {line}: lists and quotes are nested too deep for so long a text."),
                  deepest_line);
}

/* A link definition is copied into every link that uses it; it ends with its paragraph. *longest is
 * where the longest one stands, or 0. */
static bool definitions_fit(const char *text, size_t *where)
{
    size_t brackets = 0, longest = 0, blank = 0;
    *where = 0;
    /* Backwards, so that the next blank line is known at each "]:". */
    for (size_t len = strlen(text), i = blank = len; i-- > 0;) {
        if (text[i] == '\n' && (text[i + 1] == '\n' || text[i + 1] == '\r'))
            blank = i;
        if (text[i] != ']')
            continue;
        brackets++;
        if (text[i + 1] == ':' && blank - i > longest) {
            longest = blank - i;
            *where = i;
        }
    }
    return brackets * longest <= COPIES_MAX;
}

static enum code refuse_definition(const char *text, struct err *err)
{
    size_t where;
    bool fit = definitions_fit(text, &where);
    (void)fit; /* what it became is too large */
    return refuse(err, N_("Line {line}: the address is too long to be used by so many links."),
                  line_at(text, where));
}

/* What passes is rendered within some thirty milliseconds (measured:
 * tests/unit/test_markdown.c). */
static enum code check_text(const char *text, struct err *err)
{
    size_t images = 0, where;
    if (strnlen(text, TEXT_MAX + 1) > TEXT_MAX)
        return refuse(err, N_("The text is longer than 64 kB: it goes beyond that at line {line}."),
                      line_at(text, TEXT_MAX));
    enum code c = check_nesting(text, err);
    if (c)
        return c;
    for (const char *at = text; (at = strstr(at, "![")) != NULL; at += 2)
        if (++images > IMAGES_MAX)
            return refuse(err, N_("Line {line}: there are too many images."),
                          line_at(text, (size_t)(at - text)));
    return definitions_fit(text, &where) ? OK : refuse_definition(text, err);
}

/* ---- the tree ---- */

/* http, https, mailto, or an address inside the house. Browsers drop control characters and read
 * '\' as '/'. */
static bool address_allowed(const char *url)
{
    for (const char *at = url; *at; at++)
        if ((unsigned char)*at < 0x20 || *at == 0x7f || *at == '\\')
            return false;
    if (*url == ' ' || (url[0] == '/' && url[1] == '/'))
        return false;
    size_t scheme = strcspn(url, ":/?#");
    if (url[scheme] != ':')
        return true;
    return strncasecmp(url, "http://", 7) == 0 || strncasecmp(url, "https://", 8) == 0 ||
           strncasecmp(url, "mailto:", 7) == 0;
}

/* Puts a node's children in its place. */
static void unwrap(cmark_node *node)
{
    cmark_node *child;
    while ((child = cmark_node_first_child(node)) != NULL)
        MUST(cmark_node_insert_before(node, child));
    cmark_node_free(node);
}

/* An image becomes a link with its alternative text, or the text itself when a link may not stand
 * there. */
static void finish_link(cmark_node *node, bool inside)
{
    const char *url = cmark_node_get_url(node);
    bool image = cmark_node_get_type(node) == CMARK_NODE_IMAGE;
    bool keep = !inside && url && address_allowed(url);
    if (keep && !image)
        return;
    if (keep) {
        cmark_node *link = cmark_node_new(CMARK_NODE_LINK);
        MUST(cmark_node_set_url(link, url) && cmark_node_insert_before(node, link));
        cmark_node *child;
        while ((child = cmark_node_first_child(node)) != NULL)
            MUST(cmark_node_append_child(link, child));
        cmark_node_free(node);
        return;
    }
    unwrap(node);
}

/* One walk. Nodes are changed when the iterator leaves them: it already knows where to go next. */
static void clean(cmark_node *document, int heading)
{
    cmark_iter *iter = cmark_iter_new(document);
    cmark_event_type event;
    size_t links = 0; /* that are open: links may not nest */
    while ((event = cmark_iter_next(iter)) != CMARK_EVENT_DONE) {
        cmark_node *node = cmark_iter_get_node(iter);
        cmark_node_type type = cmark_node_get_type(node);
        if (type == CMARK_NODE_HTML_BLOCK || type == CMARK_NODE_HTML_INLINE)
            cmark_node_free(node);
        else if (type == CMARK_NODE_LINK || type == CMARK_NODE_IMAGE) {
            if (event == CMARK_EVENT_ENTER)
                links++;
            else
                finish_link(node, --links > 0);
        } else if (type == CMARK_NODE_HEADING && event == CMARK_EVENT_EXIT) {
            int level = cmark_node_get_heading_level(node) + heading - 1;
            cmark_node_set_heading_level(node, level > 6 ? 6 : level);
        }
    }
    cmark_iter_free(iter);
}

/* Renders the tree and frees it. Every link that was refused by check_text aside, no text of 64 KB
 * becomes that long: what does is a definition's doing. */
static enum code render(cmark_node *document, const char *text, struct buf *out, struct err *err)
{
    char *html = cmark_render_html(document, CMARK_OPT_DEFAULT);
    cmark_node_free(document);
    size_t len = strlen(html);
    if (len <= HTML_MAX)
        buf_add(out, html, len);
    free(html);
    if (len > HTML_MAX)
        return refuse_definition(text, err);
    return out->full ? err_set(err, E_TOO_BIG, "too-big", N_("The page is too big.")) : OK;
}

enum code markdown_html(const char *text, int heading, struct buf *out, struct err *err)
{
    enum code c = check_text(text, err);
    if (c)
        return c;
    cmark_node *document = cmark_parse_document(text, strlen(text), CMARK_OPT_VALIDATE_UTF8);
    clean(document, heading);
    return render(document, text, out, err);
}

/* ---- lines ---- */

enum { LEVELS = 6, HEADING_MAX = 1000, ANCHOR_SIZE = 32 };

struct lines {
    bool (*take)(const char *line, const char *headings, int number, void *arg);
    size_t (*mark)(const char *line, const char **label, const char **kind, void *arg);
    void *arg;
    json_t *contents; /* of markdown_marked: headings get their anchors */
    struct buf line, heading[LEVELS], headings;
    cmark_node *first;  /* the text that the line at hand begins with */
    int quotes, number; /* number: of the line at hand; 0: none */
    int in_heading;     /* its level, or 0 */
    bool in_code;       /* the line at hand begins in code */
};

/* Runs of white space are one space, as people read them. */
static void add_words(struct buf *buf, const char *text)
{
    for (const char *at = text ? text : ""; *at; at++) {
        bool space = strchr(" \t\r\n", *at) != NULL;
        if (!space)
            buf_addc(buf, *at);
        else if (buf->len && buf->data[buf->len - 1] != ' ')
            buf_addc(buf, ' ');
    }
}

/* No space at the end, and no half of a letter: a heading's words may be more than are kept. */
static void end_words(struct buf *buf)
{
    while (buf->len && buf->full && ((unsigned char)buf->data[buf->len - 1] & 0xc0) == 0x80)
        buf->len--;
    if (buf->len && buf->full && (unsigned char)buf->data[buf->len - 1] >= 0xc0)
        buf->len--;
    while (buf->len && buf->data[buf->len - 1] == ' ')
        buf->len--;
    buf->data[buf->len] = '\0';
}

/* The headings that stand over the line, outermost first. */
static const char *headings_over(struct lines *lines)
{
    buf_clear(&lines->headings);
    for (int i = 0; i < LEVELS; i++)
        if (lines->heading[i].len) {
            buf_adds(&lines->headings, lines->headings.len ? "\n" : "");
            buf_adds(&lines->headings, lines->heading[i].data);
        }
    return lines->headings.data;
}

/* The words that the line begins with become a label, when they are one piece of text. */
static void mark_line(struct lines *lines)
{
    const char *label = NULL, *kind = NULL, *said = cmark_node_get_literal(lines->first);
    size_t n = lines->mark(lines->line.data, &label, &kind, lines->arg);
    if (!n || strncmp(said, lines->line.data, n) != 0)
        return;
    struct buf html;
    buf_init(&html, 1 << 10);
    buf_addf(&html, "<span class=\"tag %s\">", kind);
    buf_html(&html, label, strlen(label));
    buf_adds(&html, "</span> ");
    cmark_node *mark = cmark_node_new(CMARK_NODE_CUSTOM_INLINE);
    MUST(cmark_node_set_on_enter(mark, html.data) && cmark_node_insert_before(lines->first, mark));
    buf_release(&html);
    char *rest = must_strdup(said + n + strspn(said + n, " \t"));
    MUST(cmark_node_set_literal(lines->first, rest));
    free(rest);
}

static bool end_line(struct lines *lines)
{
    struct buf *line = &lines->line;
    bool go_on = true;
    end_words(line);
    if (line->len && !lines->in_code) {
        if (lines->mark && lines->first)
            mark_line(lines);
        if (lines->take)
            go_on = lines->take(line->data, headings_over(lines), lines->number, lines->arg);
    }
    buf_clear(line);
    lines->first = NULL;
    lines->in_code = false;
    return go_on;
}

static void begin_heading(struct lines *lines, cmark_node *node)
{
    int level = cmark_node_get_heading_level(node);
    for (int i = level - 1; i < LEVELS; i++)
        buf_clear(&lines->heading[i]);
    lines->in_heading = level;
}

/* The heading becomes a block of its own with an anchor; it is not there any more. */
static void anchor_heading(struct lines *lines, cmark_node *node, const char *title)
{
    char enter[ANCHOR_SIZE + 16], leave[16], anchor[ANCHOR_SIZE];
    int level = cmark_node_get_heading_level(node);
    snprintf(anchor, sizeof anchor, "part-%zu", json_array_size(lines->contents) + 1);
    snprintf(enter, sizeof enter, "<h%d id=\"%s\">", level, anchor);
    snprintf(leave, sizeof leave, "</h%d>", level);
    json_t *part = json_push(lines->contents, json_object());
    json_put(part, "anchor", anchor);
    json_put(part, "title", title);
    json_put_int(part, "level", level);
    cmark_node *block = cmark_node_new(CMARK_NODE_CUSTOM_BLOCK), *child;
    MUST(cmark_node_set_on_enter(block, enter) && cmark_node_set_on_exit(block, leave));
    MUST(cmark_node_insert_before(node, block));
    while ((child = cmark_node_first_child(node)) != NULL)
        MUST(cmark_node_append_child(block, child));
    cmark_node_free(node);
}

static void end_heading(struct lines *lines, cmark_node *node)
{
    struct buf *words = &lines->heading[lines->in_heading - 1];
    end_words(words);
    lines->in_heading = 0;
    if (lines->contents && words->len)
        anchor_heading(lines, node, words->data);
}

static void add_text(struct lines *lines, cmark_node *node, struct buf *words)
{
    bool code = cmark_node_get_type(node) == CMARK_NODE_CODE, begins = !words->len;
    add_words(words, cmark_node_get_literal(node));
    if (lines->in_heading || !begins)
        return;
    lines->in_code = lines->in_code || code;
    if (words->len)
        lines->first = node;
}

/* What begins or ends; false to stop. */
static bool walk_node(struct lines *lines, cmark_node *node, bool enter)
{
    struct buf *words = lines->in_heading ? &lines->heading[lines->in_heading - 1] : &lines->line;
    cmark_node_type type = cmark_node_get_type(node);
    bool wanted = lines->in_heading || lines->number;
    if (type == CMARK_NODE_BLOCK_QUOTE) {
        lines->quotes += enter ? 1 : -1;
    } else if (lines->quotes) {
        return true;
    } else if (type == CMARK_NODE_HEADING) {
        if (enter)
            begin_heading(lines, node);
        else
            end_heading(lines, node);
    } else if (type == CMARK_NODE_PARAGRAPH) {
        bool go_on = enter || end_line(lines);
        lines->number = enter ? cmark_node_get_start_line(node) : 0;
        return go_on;
    } else if (wanted && (type == CMARK_NODE_SOFTBREAK || type == CMARK_NODE_LINEBREAK)) {
        if (lines->in_heading)
            add_words(words, " ");
        else if (!end_line(lines))
            return false;
        lines->number += lines->number > 0;
    } else if (wanted && (type == CMARK_NODE_TEXT || type == CMARK_NODE_CODE)) {
        add_text(lines, node, words);
    }
    return true;
}

static void walk_lines(struct lines *lines, cmark_node *document)
{
    cmark_event_type event;
    buf_init(&lines->line, TEXT_MAX + 1);
    buf_init(&lines->headings, LEVELS * (HEADING_MAX + 1));
    for (int i = 0; i < LEVELS; i++)
        buf_init(&lines->heading[i], HEADING_MAX);
    cmark_iter *iter = cmark_iter_new(document);
    while ((event = cmark_iter_next(iter)) != CMARK_EVENT_DONE)
        if (!walk_node(lines, cmark_iter_get_node(iter), event == CMARK_EVENT_ENTER))
            break;
    cmark_iter_free(iter);
    for (int i = 0; i < LEVELS; i++)
        buf_release(&lines->heading[i]);
    buf_release(&lines->headings);
    buf_release(&lines->line);
}

enum code markdown_lines(const char *text,
                         bool (*take)(const char *line, const char *headings, int number,
                                      void *arg),
                         void *arg, struct err *err)
{
    struct lines lines = {.take = take, .arg = arg};
    enum code c = check_text(text, err);
    if (c)
        return c;
    cmark_node *document = cmark_parse_document(text, strlen(text), CMARK_OPT_VALIDATE_UTF8);
    walk_lines(&lines, document);
    cmark_node_free(document);
    return OK;
}

enum code markdown_marked(const char *text, int heading,
                          size_t (*mark)(const char *line, const char **label, const char **kind,
                                         void *arg),
                          void *arg, struct buf *out, json_t *contents, struct err *err)
{
    struct lines lines = {.mark = mark, .arg = arg, .contents = contents};
    enum code c = check_text(text, err);
    if (c)
        return c;
    cmark_node *document = cmark_parse_document(text, strlen(text), CMARK_OPT_VALIDATE_UTF8);
    clean(document, heading);
    walk_lines(&lines, document);
    return render(document, text, out, err);
}
