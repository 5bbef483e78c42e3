/* internal.h: what the files of this room know of each other.
 *
 * A template is compiled to a flat array of nodes; sections and plurals are jumps in it, so that
 * rendering is one loop with an explicit stack. Everything here is const after view_start and
 * shared by all threads. */
#ifndef VIEW_INTERNAL_H
#define VIEW_INTERNAL_H

#include <kansli/view.h>

/* ---- names ---- */

enum name_kind { NAME_PATH, NAME_TOP, NAME_INDEX, NAME_FIRST, NAME_LAST };
enum name_test { TEST_NONE, TEST_PRESENT, TEST_EQUAL };
enum filter {
    FILTER_NONE,
    FILTER_DAY,
    FILTER_DAY_BRIEF,
    FILTER_DAY_LONG,
    FILTER_INSTANT,
    FILTER_NUMBER,
    FILTER_URL,
    FILTER_INITIALS,
    FILTER_UPPER,
    FILTER_JSON
};

struct part {
    const char *text;
    size_t len;
};

/* What a tag says between its delimiters: "status=draft", "group.name|upper". */
struct name {
    struct part source; /* as written: for messages, and for matching the closing tag */
    enum name_kind kind;
    enum name_test test;
    enum filter filter;
    struct part *parts; /* of a dotted name */
    size_t n;
    struct part operand; /* of TEST_EQUAL */
};

/* ---- templates (template.c) ---- */

enum node_kind {
    NODE_TEXT,     /* text */
    NODE_VALUE,    /* name, escaped or filtered */
    NODE_RAW,      /* name, as it is */
    NODE_CONTENT,  /* {{{contentHtml}}}: the view inside its layout */
    NODE_SECTION,  /* name; to: the node after its END */
    NODE_INVERTED, /* the same */
    NODE_END,      /* to: the first node of its section */
    NODE_PARTIAL,  /* partial; text: its indentation */
    NODE_PLURAL,   /* name; the singular follows; to: the plural */
    NODE_JUMP      /* to */
};

struct node {
    enum node_kind kind;
    bool line_start; /* first on its line: a partial's indentation comes before it */
    bool standalone; /* PARTIAL: alone on its line */
    int line;
    struct part text;
    const struct name *name;
    const struct template *partial;
    size_t to;
};

struct template
{
    const char *name;   /* "group/show" */
    struct part source; /* borrowed for the life of the set */
    struct node *nodes;
    size_t n, room;
};

/* All templates in one language; partials point inside the set. */
struct template_set {
    struct template *list; /* sorted by name */
    size_t n;
    int lang;
    bool spec; /* the specification's manners: any name may be raw, an absent partial is empty */
    struct arena *arena;
};

/* An empty set with room for n templates. Fill list and n, then compile. */
struct template_set *set_new(int lang, bool spec, size_t n);
void set_free(struct template_set *set);
/* Sorts the set and compiles each template: E_INTERNAL with file and line, also in the log. */
NODISCARD enum code set_compile(struct template_set *set, struct err *err);
/* NULL when absent. */
const struct template *set_find(const struct template_set *set, const char *name, size_t len);
/* Logs and records that a template is broken; always E_INTERNAL. */
enum code template_fault(struct err *err, const char *template, int line, const char *what);

/* ---- rendering (render.c) ---- */

/* Renders `first` (a layout or the view itself); `view` takes the place of {{{contentHtml}}} and
 * may be NULL. */
NODISCARD enum code template_render(const struct template *first, const struct template *view,
                                    int lang, const json_t *document, const json_t *page,
                                    bool strict, struct buf *out, struct err *err);

/* ---- values (value.c) ---- */

/* The filter of a name, or -1. */
int filter_find(struct part name);
/* Appends v's text escaped for HTML, in words. Values that a filter does not understand are written
 * plainly. `arena` is cleared. */
void filter_write(enum filter filter, const json_t *v, int lang, struct arena *arena,
                  struct buf *out);
/* Appends v plainly: text, digits, true, false; null, lists and objects are nothing. */
void value_write(const json_t *v, bool escape, struct buf *out);
/* False for null, false, "" and []. */
bool value_true(const json_t *v);
/* True when v's plain text is `text`. */
bool value_equal(const json_t *v, struct part text);

/* ---- languages (i18n.c) ---- */

/* Makes n bytes of a .mo file (borrowed for ever; NULL: none) the Swedish catalogue. False when
 * they are damaged: then there is none. */
NODISCARD bool lang_load(const unsigned char *bytes, size_t n);

#endif
