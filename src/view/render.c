/* render.c: compiled templates and a document → HTML.
 *
 * Owns the execution: one loop over flat nodes with an explicit stack of frames (open sections,
 * partials) and one of contexts, so that no document and no template can exhaust the C stack, and
 * nothing is allocated per node. It also keeps the two sets of templates, one per language, that
 * are built at start and const afterwards. Must never know tables, routes or accounts. */
#include <glob.h>
#include <kansli/asset.h>
#include <kansli/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

enum {
    FRAMES_MAX = 192,
    PARTIALS_MAX = 32,
    INDENT_MAX = 128,
    STEPS_MAX = 4000000 /* nodes: a page that calls itself twice at every level would not end */
};

/* What to go back to after a section or a partial. */
struct frame {
    const struct template *partial; /* where to go on after a partial; NULL: a section */
    size_t back;
    const json_t *list; /* a section over a list */
    size_t i, n;
    size_t contexts, indent; /* as they were before */
};

struct render {
    const struct template *template;
    size_t at;
    const struct template *view; /* waits for {{{contentHtml}}} */
    int lang;
    bool strict;
    struct buf *out;
    const json_t *contexts[FRAMES_MAX + 2];
    size_t contexts_n;
    struct frame frames[FRAMES_MAX];
    size_t depth, partials;
    char indent[INDENT_MAX]; /* of the partial that is running */
    size_t indent_len;
    json_t *index;       /* the value of {{@index}}, made when first asked for */
    struct arena *arena; /* for filters, the same */
    char fault[200];
};

/* ---- names ---- */

/* A fault of the node that is running; rendering ends with it. */
static void fault(struct render *r, const char *what, const struct name *name)
{
    if (r->fault[0])
        return;
    if (name)
        snprintf(r->fault, sizeof r->fault, "%s \"%.*s\"", what,
                 name->source.len > 60 ? 60 : (int)name->source.len, name->source.text);
    else
        snprintf(r->fault, sizeof r->fault, "%s", what);
}

/* The place in the innermost list: @index, @first, @last. NULL outside lists. */
static const json_t *place(struct render *r, enum name_kind kind)
{
    const struct frame *frame = &r->frames[r->depth];
    do {
        if (frame == r->frames)
            return NULL;
        frame--;
    } while (!frame->list);
    if (kind == NAME_FIRST)
        return frame->i == 0 ? json_true() : json_false();
    if (kind == NAME_LAST)
        return frame->i + 1 == frame->n ? json_true() : json_false();
    if (!r->index)
        r->index = json_integer(0);
    MUST(r->index);
    json_integer_set(r->index, (json_int_t)frame->i + 1);
    return r->index;
}

static const json_t *path(const struct render *r, const struct name *name)
{
    const json_t *v = NULL;
    for (size_t i = r->contexts_n; i-- > 0 && !v;)
        v = json_object_getn(r->contexts[i], name->parts[0].text, name->parts[0].len);
    for (size_t i = 1; i < name->n && v && !json_is_null(v); i++)
        v = json_object_getn(v, name->parts[i].text, name->parts[i].len);
    return v; /* null has no members, but it is an answer */
}

/* The value of a name; NULL when absent, which is a fault in strict mode unless the tag asks for
 * presence. */
static const json_t *value(struct render *r, const struct name *name)
{
    const json_t *v = NULL;
    switch (name->kind) {
    case NAME_PATH:
        v = path(r, name);
        break;
    case NAME_TOP:
        v = r->contexts_n ? r->contexts[r->contexts_n - 1] : NULL;
        break;
    case NAME_INDEX:
    case NAME_FIRST:
    case NAME_LAST:
        v = place(r, name->kind);
        break;
    }
    if (!v && r->strict && name->test != TEST_PRESENT)
        fault(r, "the document lacks", name);
    return v;
}

/* The answer of x? and x=text. */
static bool test(const struct name *name, const json_t *v)
{
    if (!v)
        return false;
    if (name->test == TEST_EQUAL)
        return value_equal(v, name->operand);
    return value_true(v) && !(json_is_object(v) && json_object_size(v) == 0);
}

/* ---- nodes ---- */

static void write_value(struct render *r, const struct node *node)
{
    const struct name *name = node->name;
    const json_t *v = value(r, name);
    if (name->test != TEST_NONE) {
        buf_adds(r->out, test(name, v) ? "true" : "false");
        return;
    }
    if (!v || json_is_null(v))
        return;
    if (r->strict && name->filter != FILTER_JSON && (json_is_object(v) || json_is_array(v)))
        fault(r, "there is no text in", name);
    if (name->filter == FILTER_NONE) {
        value_write(v, node->kind == NODE_VALUE, r->out);
        return;
    }
    if (!r->arena)
        r->arena = arena_new(64 << 10);
    filter_write(name->filter, v, r->lang, r->arena, r->out);
}

/* A text with the running partial's indentation on its lines; the first has it already. */
static void write_indented(struct render *r, struct part text)
{
    for (const char *at = text.text, *end = at + text.len; at < end;) {
        const char *line = memchr(at, '\n', (size_t)(end - at));
        const char *next = line ? line + 1 : end;
        buf_add(r->out, at, (size_t)(next - at));
        if (next < end)
            buf_add(r->out, r->indent, r->indent_len);
        at = next;
    }
}

static struct frame *frame_push(struct render *r)
{
    if (r->depth == FRAMES_MAX) {
        fault(r, "sections and partials nest too deep", NULL);
        return NULL;
    }
    struct frame *frame = &r->frames[r->depth++];
    *frame = (struct frame){.contexts = r->contexts_n, .indent = r->indent_len};
    return frame;
}

static void context_push(struct render *r, const json_t *v)
{
    r->contexts[r->contexts_n++] = v; /* at most one per frame, and two at the bottom */
}

static void enter_section(struct render *r, const struct node *node)
{
    const struct name *name = node->name;
    const json_t *v = value(r, name);
    bool enter = name->test != TEST_NONE ? test(name, v) : v && value_true(v);
    if (enter != (node->kind == NODE_SECTION)) {
        r->at = node->to;
        return;
    }
    struct frame *frame = frame_push(r);
    if (!frame || node->kind == NODE_INVERTED || name->test != TEST_NONE)
        return;
    if (json_is_array(v)) {
        frame->list = v;
        frame->n = json_array_size(v);
        v = json_array_get(v, 0);
    }
    context_push(r, v);
}

/* Once more for the next item of a list, else out of the section. */
static void leave_section(struct render *r, const struct node *node)
{
    MUST(r->depth > 0); /* every end has its beginning: the compiler saw to it */
    struct frame *frame = &r->frames[r->depth - 1];
    if (frame->list && ++frame->i < frame->n) {
        r->contexts[r->contexts_n - 1] = json_array_get(frame->list, frame->i);
        r->at = node->to;
        return;
    }
    r->contexts_n = frame->contexts;
    r->depth--;
}

/* A standalone partial adds its own white space to each line of what it calls; another is not
 * indented at all. */
static void enter_partial(struct render *r, const struct template *partial, bool standalone,
                          struct part indent)
{
    if (r->partials == PARTIALS_MAX) {
        fault(r, "partials nest too deep", NULL);
        return;
    }
    struct frame *frame = frame_push(r);
    if (!frame)
        return;
    r->partials++;
    frame->partial = r->template;
    frame->back = r->at;
    r->template = partial;
    r->at = 0;
    if (!standalone)
        r->indent_len = 0;
    else if (indent.len <= INDENT_MAX - r->indent_len) {
        memcpy(r->indent + r->indent_len, indent.text, indent.len);
        r->indent_len += indent.len;
    }
}

/* At the end of a template: back to the one that called it. False at the end of all. */
static bool leave_template(struct render *r)
{
    if (!r->depth)
        return false;
    const struct frame *frame = &r->frames[--r->depth];
    r->template = frame->partial;
    r->at = frame->back;
    r->indent_len = frame->indent;
    r->partials--;
    return true;
}

static void run_plural(struct render *r, const struct node *node)
{
    const json_t *v = value(r, node->name);
    if (r->strict && v && !json_is_integer(v))
        fault(r, "there is no integer in", node->name);
    if (json_integer_value(v) != 1)
        r->at = node->to;
}

static void run_node(struct render *r, const struct node *node)
{
    if (node->line_start && r->indent_len)
        buf_add(r->out, r->indent, r->indent_len);
    switch (node->kind) {
    case NODE_TEXT:
        if (r->indent_len)
            write_indented(r, node->text);
        else
            buf_add(r->out, node->text.text, node->text.len);
        return;
    case NODE_CONTENT:
        if (r->view) {
            const struct template *view = r->view;
            r->view = NULL;
            enter_partial(r, view, false, (struct part){"", 0});
            return;
        }
        write_value(r, node);
        return;
    case NODE_VALUE:
    case NODE_RAW:
        write_value(r, node);
        return;
    case NODE_SECTION:
    case NODE_INVERTED:
        enter_section(r, node);
        return;
    case NODE_END:
        leave_section(r, node);
        return;
    case NODE_PARTIAL:
        enter_partial(r, node->partial, node->standalone, node->text);
        return;
    case NODE_PLURAL:
        run_plural(r, node);
        return;
    case NODE_JUMP:
        r->at = node->to;
        return;
    }
}

enum code template_render(const struct template *first, const struct template *view, int lang,
                          const json_t *document, const json_t *page, bool strict, struct buf *out,
                          struct err *err)
{
    struct render r; /* not zeroed as a whole: the stacks are large and filled as they grow */
    r.template = first;
    r.at = r.depth = r.partials = r.contexts_n = r.indent_len = 0;
    r.view = view;
    r.lang = lang;
    r.strict = strict;
    r.out = out;
    r.index = NULL;
    r.arena = NULL;
    r.fault[0] = '\0';
    if (page)
        context_push(&r, page);
    if (document)
        context_push(&r, document);

    const struct template *t = NULL;
    const struct node *node = NULL;
    for (long steps = 0; !r.fault[0] && !out->full; steps++) {
        if (r.at == r.template->n) {
            if (!leave_template(&r))
                break;
            continue;
        }
        t = r.template;
        node = &t->nodes[r.at++];
        run_node(&r, node);
        if (steps == STEPS_MAX)
            fault(&r, "the page does not end", NULL);
    }
    json_decref(r.index);
    arena_free(r.arena);
    if (r.fault[0])
        return template_fault(err, t->name, node->line, r.fault);
    return out->full ? err_set(err, E_TOO_BIG, "too-big", N_("The page is too big.")) : OK;
}

/* ---- the sets ---- */

static struct {
    struct template_set *sets[LANGS];
    char *directory; /* KANSLI_WEB: templates are read again at each render */
    bool strict;
} house;

/* Adds a template of the set's arena: name and text are borrowed. */
static void set_add(struct template_set *set, const char *path, size_t prefix, struct part text)
{
    size_t len = strlen(path) - prefix - strlen(".html");
    struct template *t = &set->list[set->n++];
    t->name = arena_strndup(set->arena, path + prefix, len);
    t->source = text;
}

static struct template_set *set_of_assets(int lang)
{
    static const char prefix[] = "templates/";
    size_t n;
    const struct asset *assets = asset_all(&n);
    struct template_set *set = set_new(lang, false, n);
    for (size_t i = 0; i < n; i++)
        if (strncmp(assets[i].name, prefix, strlen(prefix)) == 0)
            set_add(set, assets[i].name, strlen(prefix),
                    (struct part){(const char *)assets[i].bytes, assets[i].len});
    return set;
}

/* The bytes of a file in the arena; empty when it cannot be read (it was there a moment ago). */
static struct part file_read(struct arena *arena, const char *path)
{
    struct part text = {"", 0};
    FILE *file = fopen(path, "rb");
    if (!file)
        return text;
    if (fseek(file, 0, SEEK_END) == 0) {
        long size = ftell(file);
        rewind(file);
        char *bytes = arena_alloc(arena, size > 0 ? (size_t)size + 1 : 1);
        text = (struct part){bytes, size > 0 ? fread(bytes, 1, (size_t)size, file) : 0};
    }
    fclose(file);
    return text;
}

static struct template_set *set_of_directory(const char *directory, int lang)
{
    struct arena *names = arena_new(64 << 10);
    char *base = arena_printf(names, "%s/templates/", directory);
    glob_t found;
    memset(&found, 0, sizeof found);
    glob(arena_printf(names, "%s*.html", base), 0, NULL, &found);
    glob(arena_printf(names, "%s*/*.html", base), GLOB_APPEND, NULL, &found);
    struct template_set *set = set_new(lang, false, found.gl_pathc);
    for (size_t i = 0; i < found.gl_pathc; i++)
        set_add(set, found.gl_pathv[i], strlen(base), file_read(set->arena, found.gl_pathv[i]));
    globfree(&found);
    arena_free(names);
    return set;
}

/* A new compiled set from the directory, or from the binary. */
static enum code set_load(int lang, struct template_set **out, struct err *err)
{
    *out = house.directory ? set_of_directory(house.directory, lang) : set_of_assets(lang);
    return set_compile(*out, err);
}

enum code view_start(const char *directory, struct err *err)
{
    view_stop();
    if (directory)
        house.directory = must_strdup(directory);
    const struct asset *catalogue = asset_find("i18n/sv.mo");
    if (catalogue && !lang_load(catalogue->bytes, catalogue->len))
        return template_fault(err, "i18n/sv.mo", 0, "the catalogue is damaged");
    enum code first = OK;
    for (int lang = 0; lang < LANGS; lang++) {
        enum code code = set_load(lang, &house.sets[lang], err);
        if (!first)
            first = code;
    }
    return first;
}

void view_stop(void)
{
    for (int lang = 0; lang < LANGS; lang++) {
        set_free(house.sets[lang]);
        house.sets[lang] = NULL;
    }
    free(house.directory);
    house.directory = NULL;
}

void view_strict(bool on)
{
    house.strict = on;
}

bool view_exists(const char *name)
{
    const struct template_set *set = house.sets[LANG_SV];
    return set && set_find(set, name, strlen(name));
}

static enum code render_in(const struct template_set *set, const char *name, const char *layout,
                           const json_t *document, const json_t *page, struct buf *out,
                           struct err *err)
{
    const struct template *view = set_find(set, name, strlen(name));
    const struct template *outer = layout ? set_find(set, layout, strlen(layout)) : NULL;
    if (!view || (layout && !outer))
        return template_fault(err, view ? layout : name, 0, "there is no such template");
    return template_render(outer ? outer : view, outer ? view : NULL, set->lang, document, page,
                           house.strict, out, err);
}

enum code view_render(const char *name, const char *layout, int lang, const json_t *document,
                      const json_t *page, struct buf *out, struct err *err)
{
    MUST(lang >= 0 && lang < LANGS && house.sets[lang]);
    if (!house.directory)
        return render_in(house.sets[lang], name, layout, document, page, out, err);
    struct template_set *set;
    enum code code = set_load(lang, &set, err);
    if (!code)
        code = render_in(set, name, layout, document, page, out, err);
    set_free(set);
    return code;
}

enum code view_render_text(const char *text, const json_t *partials, const json_t *data,
                           struct buf *out, struct err *err)
{
    const char *name;
    const json_t *partial;
    struct template_set *set = set_new(LANG_EN, true, json_object_size(partials) + 1);
    set->list[set->n++] = (struct template){.name = "", .source = {text, strlen(text)}};
    json_object_foreach ((json_t *)partials, name, partial)
        if (*name && json_is_string(partial))
            set->list[set->n++] = (struct template){
                .name = name, .source = {json_string_value(partial), json_string_length(partial)}};
    enum code code = set_compile(set, err);
    if (!code)
        code = template_render(&set->list[0], NULL, LANG_EN, data, NULL, house.strict, out, err);
    set_free(set);
    return code;
}
