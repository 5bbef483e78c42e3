/* template.c: Mustache text → a flat array of nodes.
 *
 * Owns the language's grammar: tags, names, standalone lines, delimiters, and the translation of
 * {{#_}} at compile time: the translated text is compiled in the place of its source, so that
 * rendering knows nothing of catalogues. The array is flat because it is then executed by one loop
 * without recursion; sections are indices into it. Must never look at a document. Templates are
 * ours and trusted, but tests, fuzzers and translators write them too: every fault is told with its
 * line, none crashes. */
#define _GNU_SOURCE /* memmem */
#include <kansli/log.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

enum { SECTIONS_MAX = 64, SET_ARENA = 64 << 20, FAULT_SIZE = 200 };

/* A text being read; a translation is a source of its own inside the one that asked for it. */
struct source {
    const char *text, *end, *at;
    const char *counted; /* `line` is the line of this place */
    int line;
    struct part open, close; /* delimiters */
    bool translation;
};

struct compiler {
    struct template_set *set;
    struct template *template;
    struct source source;
    size_t sections[SECTIONS_MAX]; /* nodes still open */
    size_t depth, floor;           /* a translation closes only what it opened, above floor */
    bool line_start;
    char fault[FAULT_SIZE]; /* empty: none */
    int fault_line;
};

struct tag {
    char sigil; /* '#', '^', '/', '>', '!', '=', '&', '{', '|'; 0 for a value */
    int line;
    bool standalone;
    struct part body; /* trimmed */
    const char *from; /* what the tag takes from the text; a standalone one takes its line */
    const char *after;
    struct part indent; /* white space before a standalone tag */
};

/* The first fault stays. Always false. */
PRINTF(3, 4) static bool fault(struct compiler *c, int line, const char *format, ...)
{
    if (c->fault[0])
        return false;
    va_list values;
    va_start(values, format);
    vsnprintf(c->fault, sizeof c->fault, format, values);
    va_end(values);
    c->fault_line = line;
    return false;
}

/* A part's length for %.*s in a message. */
static int brief(struct part p)
{
    return p.len > 60 ? 60 : (int)p.len;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static struct part trimmed(const char *from, const char *end)
{
    while (from < end && is_space(*from))
        from++;
    while (end > from && is_space(end[-1]))
        end--;
    return (struct part){from, (size_t)(end - from)};
}

static struct part part_of(const char *text)
{
    return (struct part){text, strlen(text)};
}

static bool part_is(struct part a, struct part b)
{
    return a.len == b.len && memcmp(a.text, b.text, a.len) == 0;
}

static struct source source_new(struct part text, int line)
{
    return (struct source){.text = text.text,
                           .end = text.text + text.len,
                           .at = text.text,
                           .counted = text.text,
                           .line = line,
                           .open = {"{{", 2},
                           .close = {"}}", 2}};
}

/* ---- reading tags ---- */

static const char *find(const char *from, const char *end, struct part what)
{
    return memmem(from, (size_t)(end - from), what.text, what.len);
}

static int line_of(struct source *s, const char *place)
{
    for (; s->counted < place; s->counted++)
        if (*s->counted == '\n' && !s->translation)
            s->line++;
    return s->line;
}

/* A tag alone on its line, but for white space, takes the line with it. */
static void mark_standalone(const struct source *s, struct tag *tag)
{
    const char *from = tag->from, *after = tag->after;
    while (from > s->text && (from[-1] == ' ' || from[-1] == '\t'))
        from--;
    if (from > s->text && from[-1] != '\n')
        return;
    while (after < s->end && (*after == ' ' || *after == '\t'))
        after++;
    if (after < s->end && *after == '\r' && after + 1 < s->end)
        after++;
    if (after < s->end && *after++ != '\n')
        return;
    tag->standalone = true;
    tag->indent = (struct part){from, (size_t)(tag->from - from)};
    tag->from = from;
    tag->after = after;
}

/* The next tag at or after s->at. False at the end of the text or for a fault. */
static bool tag_next(struct compiler *c, struct source *s, struct tag *tag)
{
    const char *open = find(s->at, s->end, s->open);
    if (!open)
        return false;
    *tag = (struct tag){.from = open, .line = line_of(s, open)};
    const char *body = open + s->open.len;
    if (body < s->end && memchr("#^/>!=&{|", *body, 9))
        tag->sigil = *body++;
    const char *close = find(body, s->end, s->close);
    /* {{{x}}} and {{=x y=}} have their own sign before the closing delimiter. */
    char sign = tag->sigil == '{' ? '}' : tag->sigil == '=' ? '=' : '\0';
    if (close && sign == '}' && close + s->close.len < s->end && close[s->close.len] == '}')
        close++;
    while (close && sign == '=' && close[-1] != '=')
        close = find(close + 1, s->end, s->close);
    if (close && sign && (close == body || close[-1] != sign))
        close = NULL;
    if (!close)
        return fault(c, tag->line, "a tag is not closed");
    tag->body = trimmed(body, sign ? close - 1 : close);
    tag->after = close + s->close.len;
    if (tag->sigil && strchr("#^/>!=", tag->sigil))
        mark_standalone(s, tag);
    return true;
}

/* ---- names ---- */

static bool name_parts(struct compiler *c, struct part path, int line, struct name *name)
{
    size_t n = 1;
    for (size_t i = 0; i < path.len; i++)
        n += path.text[i] == '.';
    name->parts = arena_alloc(c->set->arena, n * sizeof *name->parts);
    for (const char *at = path.text, *end = at + path.len; at <= end;) {
        const char *dot = memchr(at, '.', (size_t)(end - at));
        if (!dot)
            dot = end;
        if (dot == at)
            return fault(c, line, "\"%.*s\" is no name", brief(name->source), name->source.text);
        name->parts[name->n++] = (struct part){at, (size_t)(dot - at)};
        at = dot + 1;
    }
    return true;
}

/* "x", "x.y", ".", "@index" with at most one of "|filter", "=text", "?". */
static bool name_parse(struct compiler *c, struct part text, int line, const struct name **out)
{
    struct name *name = arena_alloc(c->set->arena, sizeof *name);
    *out = name;
    name->source = text;
    struct part path = text;
    for (size_t i = 0; i < text.len; i++)
        if (text.text[i] == '=' || text.text[i] == '|') {
            struct part rest = {text.text + i + 1, text.len - i - 1};
            path.len = i;
            if (text.text[i] == '=') {
                name->test = TEST_EQUAL;
                name->operand = rest;
                break;
            }
            int filter = filter_find(rest);
            if (filter < 0)
                return fault(c, line, "there is no filter \"%.*s\"", brief(rest), rest.text);
            name->filter = (enum filter)filter;
            break;
        }
    if (path.len == text.len && path.len && path.text[path.len - 1] == '?') {
        name->test = TEST_PRESENT;
        path.len--;
    }
    for (size_t i = 0; i < path.len; i++)
        if (is_space(path.text[i]) || path.text[i] == '{' || path.text[i] == '}')
            return fault(c, line, "\"%.*s\" is no name", brief(text), text.text);
    static const struct {
        const char *text;
        enum name_kind kind;
    } special[] = {
        {".", NAME_TOP}, {"@index", NAME_INDEX}, {"@first", NAME_FIRST}, {"@last", NAME_LAST}};
    for (size_t i = 0; i < LEN(special); i++)
        if (part_is(path, part_of(special[i].text))) {
            name->kind = special[i].kind;
            return true;
        }
    if (path.len && path.text[0] == '@')
        return fault(c, line, "there is no \"%.*s\"", brief(path), path.text);
    return name_parts(c, path, line, name);
}

/* ---- nodes ---- */

static struct node *node_add(struct compiler *c, enum node_kind kind, const struct tag *tag)
{
    struct template *t = c->template;
    if (t->n == t->room) {
        t->room = t->room ? 2 * t->room : 32;
        t->nodes = must_realloc(t->nodes, t->room * sizeof *t->nodes);
    }
    struct node *node = &t->nodes[t->n++];
    *node = (struct node){.kind = kind};
    if (tag) {
        node->line = tag->line;
        node->standalone = tag->standalone;
    }
    /* A standalone tag's line is gone: the next node starts the line. */
    if (!node->standalone) {
        node->line_start = c->line_start;
        c->line_start = false;
    }
    return node;
}

static void text_add(struct compiler *c, const char *from, const char *end)
{
    if (from >= end)
        return;
    struct node *node = node_add(c, NODE_TEXT, NULL);
    node->text = (struct part){from, (size_t)(end - from)};
    c->line_start = end[-1] == '\n';
}

static bool compile_value(struct compiler *c, const struct tag *tag)
{
    const struct name *name;
    if (!name_parse(c, tag->body, tag->line, &name))
        return false;
    bool raw = tag->sigil != '\0';
    if (raw && (name->filter != FILTER_NONE || name->test != TEST_NONE))
        return fault(c, tag->line, "\"%.*s\" cannot stand unescaped", brief(tag->body),
                     tag->body.text);
    if (raw && !c->set->spec &&
        (tag->body.len < 4 || memcmp(tag->body.text + tag->body.len - 4, "Html", 4) != 0))
        return fault(c, tag->line, "only names that end with Html stand unescaped, not \"%.*s\"",
                     brief(tag->body), tag->body.text);
    enum node_kind kind = !raw ? NODE_VALUE : NODE_RAW;
    if (raw && part_is(tag->body, part_of("contentHtml")))
        kind = NODE_CONTENT;
    node_add(c, kind, tag)->name = name;
    return true;
}

static bool compile_section(struct compiler *c, const struct tag *tag)
{
    const struct name *name;
    if (!name_parse(c, tag->body, tag->line, &name))
        return false;
    if (name->filter != FILTER_NONE)
        return fault(c, tag->line, "a section has no filter");
    if (c->depth == SECTIONS_MAX)
        return fault(c, tag->line, "sections nest deeper than %d", SECTIONS_MAX);
    c->sections[c->depth++] = c->template->n;
    node_add(c, tag->sigil == '#' ? NODE_SECTION : NODE_INVERTED, tag)->name = name;
    return true;
}

static bool compile_end(struct compiler *c, const struct tag *tag)
{
    if (c->depth == c->floor)
        return fault(c, tag->line, "{{/%.*s}} closes nothing", brief(tag->body), tag->body.text);
    size_t opened = c->sections[--c->depth];
    struct part name = c->template->nodes[opened].name->source;
    if (!part_is(name, tag->body))
        return fault(c, tag->line, "{{/%.*s}} where {{/%.*s}} is due", brief(tag->body),
                     tag->body.text, brief(name), name.text);
    node_add(c, NODE_END, tag)->to = opened + 1;
    c->template->nodes[opened].to = c->template->n;
    return true;
}

static bool compile_partial(struct compiler *c, const struct tag *tag)
{
    const struct template *partial = set_find(c->set, tag->body.text, tag->body.len);
    if (!partial && c->set->spec)
        return true;
    if (!partial)
        return fault(c, tag->line, "there is no template \"%.*s\"", brief(tag->body),
                     tag->body.text);
    struct node *node = node_add(c, NODE_PARTIAL, tag);
    node->partial = partial;
    node->text = tag->indent;
    return true;
}

static bool compile_delimiters(struct compiler *c, const struct tag *tag)
{
    const char *from = tag->body.text, *end = from + tag->body.len, *mid = from, *rest;
    while (mid < end && !is_space(*mid))
        mid++;
    for (rest = mid; rest < end && is_space(*rest);)
        rest++;
    for (const char *at = from; at < end; at++)
        if (*at == '=' || (at >= rest && is_space(*at)))
            rest = end;
    if (rest == end || c->source.translation)
        return fault(c, tag->line, "these delimiters cannot be");
    c->source.open = (struct part){from, (size_t)(mid - from)};
    c->source.close = (struct part){rest, (size_t)(end - rest)};
    return true;
}

/* ---- translation ---- */

static bool compile_text(struct compiler *c);

/* The inside of {{#_}} as the catalogue knows it: trimmed, runs of white space as one space. */
static const char *normalised(struct compiler *c, const char *from, const char *end)
{
    struct part inner = trimmed(from, end);
    char *text = arena_alloc(c->set->arena, inner.len + 1), *to = text;
    for (size_t i = 0; i < inner.len; i++) {
        bool space = is_space(inner.text[i]);
        if (!space || !is_space(inner.text[i - 1]))
            *to++ = space ? ' ' : inner.text[i];
    }
    *to = '\0';
    return text;
}

/* Compiles one text in the place of a tag, with the delimiters of that place. */
static bool compile_inner(struct compiler *c, const char *text, int line)
{
    struct source outer = c->source;
    size_t floor = c->floor;
    c->source = source_new(part_of(text), line);
    c->source.open = outer.open;
    c->source.close = outer.close;
    c->source.translation = true;
    c->floor = c->depth;
    bool ok = compile_text(c);
    if (ok && c->depth != c->floor)
        ok = fault(c, line, "a section is not closed inside a translated text");
    c->source = outer;
    c->depth = c->floor;
    c->floor = floor;
    return ok;
}

/* The translated text, or its source when the translation is broken: a translator's slip must not
 * take a page away. */
static bool compile_translated(struct compiler *c, const char *translated, const char *source,
                               int line)
{
    size_t n = c->template->n;
    bool line_start = c->line_start;
    if (compile_inner(c, translated, line) || strcmp(translated, source) == 0)
        return !c->fault[0];
    log_line(LOG_WARN, "translation", "template", c->template->name, "text", translated, "fault",
             c->fault, NULL);
    c->fault[0] = '\0';
    c->template->n = n;
    c->line_start = line_start;
    return compile_inner(c, source, line);
}

/* Finds {{/_}} (or {{/_n}}) after an opening tag, and the first {{|}} before it. */
static bool translation_end(struct compiler *c, const struct tag *opened, struct part closing,
                            struct tag *separator, struct tag *end)
{
    struct source s = c->source;
    struct tag tag;
    separator->from = NULL;
    while (tag_next(c, &s, &tag)) {
        if (tag.sigil == '/' && part_is(tag.body, closing)) {
            *end = tag;
            return true;
        }
        bool nested = tag.sigil == '#' && tag.body.len && tag.body.text[0] == '_';
        if (nested || tag.sigil == '=')
            return fault(c, tag.line, "this tag cannot stand inside {{#_}}");
        if (tag.sigil == '|' && !tag.body.len && !separator->from)
            *separator = tag;
        s.at = tag.after;
    }
    return fault(c, opened->line, "{{#%.*s}} is not closed", brief(opened->body),
                 opened->body.text);
}

/* {{#_n count}}one{{|}}many{{/_n}}: PLURAL, one, JUMP, many. */
static bool compile_plural(struct compiler *c, const struct tag *tag)
{
    struct tag mid = {0}, end = {0};
    const struct name *name;
    struct part count = trimmed(tag->body.text + 2, tag->body.text + tag->body.len);
    if (!name_parse(c, count, tag->line, &name) ||
        !translation_end(c, tag, part_of("_n"), &mid, &end))
        return false;
    if (name->filter != FILTER_NONE || name->test != TEST_NONE || !mid.from)
        return fault(c, tag->line, "a plural is {{#_n count}}one{{|}}many{{/_n}}");
    const char *one = normalised(c, c->source.at, mid.from);
    const char *many = normalised(c, mid.after, end.from);
    if (!*one || !*many)
        return fault(c, tag->line, "there is no text to translate");
    int lang = c->set->lang;
    size_t plural = c->template->n;
    node_add(c, NODE_PLURAL, tag)->name = name;
    if (!compile_translated(c, lang_plural(lang, one, many, 1), one, tag->line))
        return false;
    size_t jump = c->template->n;
    node_add(c, NODE_JUMP, NULL);
    c->template->nodes[plural].to = c->template->n;
    if (!compile_translated(c, lang_plural(lang, one, many, 2), many, tag->line))
        return false;
    c->template->nodes[jump].to = c->template->n;
    c->source.at = end.after;
    return true;
}

/* {{#_}}text{{/_}}, {{#_ context}}text{{/_}} */
static bool compile_translation(struct compiler *c, const struct tag *tag)
{
    struct tag mid = {0}, end = {0};
    if (!translation_end(c, tag, part_of("_"), &mid, &end))
        return false;
    const char *text = normalised(c, c->source.at, end.from);
    if (!*text)
        return fault(c, tag->line, "there is no text to translate");
    struct part context = trimmed(tag->body.text + 1, tag->body.text + tag->body.len);
    const char *key = text;
    if (context.len)
        key = arena_printf(c->set->arena, "%.*s\004%s", (int)context.len, context.text, text);
    if (!compile_translated(c, lang_text(c->set->lang, key), text, tag->line))
        return false;
    c->source.at = end.after;
    return true;
}

/* ---- a whole text ---- */

static bool compile_tag(struct compiler *c, const struct tag *tag)
{
    struct part body = tag->body;
    switch (tag->sigil) {
    case '!':
        return true;
    case '=':
        return compile_delimiters(c, tag);
    case '>':
        return compile_partial(c, tag);
    case '/':
        return compile_end(c, tag);
    case '|':
        return fault(c, tag->line, "{{|}} stands only in {{#_n count}}");
    case '#':
        if (body.len > 2 && memcmp(body.text, "_n", 2) == 0 && is_space(body.text[2]))
            return compile_plural(c, tag);
        if (body.len && body.text[0] == '_' && (body.len == 1 || is_space(body.text[1])))
            return compile_translation(c, tag);
        return compile_section(c, tag);
    case '^':
        return compile_section(c, tag);
    default:
        return compile_value(c, tag);
    }
}

/* Recursion ends at depth two: a translated text holds no {{#_}} (a nested one is a fault). */
static bool compile_text(struct compiler *c)
{
    struct tag tag;
    while (tag_next(c, &c->source, &tag)) {
        text_add(c, c->source.at, tag.from);
        c->source.at = tag.after;
        if (c->source.translation && tag.sigil == '#' && tag.body.len && tag.body.text[0] == '_')
            return fault(c, tag.line, "this tag cannot stand inside {{#_}}");
        if (!compile_tag(c, &tag))
            return false;
    }
    if (c->fault[0])
        return false;
    text_add(c, c->source.at, c->source.end);
    return true;
}

/* ---- sets ---- */

enum code template_fault(struct err *err, const char *template, int line, const char *what)
{
    char where[160];
    snprintf(where, sizeof where, "%s:%d", template, line);
    log_line(LOG_FAULT, "template", "where", where, "fault", what, NULL);
    return err_setf(err, E_INTERNAL, "broken-template",
                    N_("The template {where} is broken: {what}."), "where", where, "what", what,
                    NULL);
}

static enum code template_compile(struct template_set *set, struct template *t, struct err *err)
{
    struct compiler c = {.set = set, .template = t, .line_start = true};
    c.source = source_new(t->source, 1);
    if (compile_text(&c) && c.depth) {
        const struct node *open = &t->nodes[c.sections[c.depth - 1]];
        fault(&c, open->line, "{{#%.*s}} is not closed", brief(open->name->source),
              open->name->source.text);
    }
    return c.fault[0] ? template_fault(err, t->name, c.fault_line, c.fault) : OK;
}

static int by_name(const void *a, const void *b)
{
    const struct template *x = a, *y = b;
    return strcmp(x->name, y->name);
}

struct template_set *set_new(int lang, bool spec, size_t n)
{
    struct template_set *set = must_calloc(1, sizeof *set);
    set->list = must_calloc(n + 1, sizeof *set->list);
    set->lang = lang;
    set->spec = spec;
    set->arena = arena_new(SET_ARENA);
    return set;
}

void set_free(struct template_set *set)
{
    if (!set)
        return;
    for (size_t i = 0; i < set->n; i++)
        free(set->list[i].nodes);
    free(set->list);
    arena_free(set->arena);
    free(set);
}

enum code set_compile(struct template_set *set, struct err *err)
{
    enum code first = OK;
    qsort(set->list, set->n, sizeof *set->list, by_name);
    for (size_t i = 0; i < set->n; i++) {
        enum code code = template_compile(set, &set->list[i], err);
        if (!first)
            first = code;
    }
    return first;
}

const struct template *set_find(const struct template_set *set, const char *name, size_t len)
{
    size_t low = 0, high = set->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct template *t = &set->list[middle];
        size_t have = strlen(t->name);
        int order = memcmp(name, t->name, len < have ? len : have);
        if (order == 0 && len == have)
            return t;
        if (order > 0 || (order == 0 && len > have))
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}
