/* view.h: a JSON document becomes bytes for people.
 *
 * Knows documents, templates and languages; knows no table, no route, no account. */
#ifndef KANSLI_VIEW_H
#define KANSLI_VIEW_H

#include <kansli/arena.h>
#include <kansli/buf.h>
#include <kansli/err.h>

/* ---- languages (i18n.c) ---- */

/* "sv" (the default shown) and "en" (the source). */
extern const char *const lang_code[LANGS];
/* The language of a code, or -1. */
int lang_find(const char *code);
/* The best of Accept-Language's value (NULL: none) by its q values; LANG_SV when nothing fits. */
int lang_accept(const char *header);
/* A text in a language; the source text when the catalogue lacks it, and before view_start. A
 * context (NC_) is never shown. Static or borrowed from the catalogue. */
const char *lang_text(int lang, const char *msgid);
const char *lang_plural(int lang, const char *msgid, const char *msgid_plural, long long n);

/* ---- templates (template.c): our own Mustache over json_t ----
 *
 * The Mustache specification's variables, sections, inverted sections, comments, partials
 * ({{> groups/row}}, standalone indentation kept), delimiters and dotted names. Escaped by default;
 * {{{x}}} is allowed only for names that end in "Html". null, false, "" and [] are false; 0 is a
 * number and true. House additions:
 *
 *   {{#_}}Groups{{/_}}        the text in the reader's language; may contain tags:
 *                             {{#_}}{{count}} of {{total}}{{/_}}
 *   {{#_ button}}Close{{/_}}  with a context
 *   {{#_n count}}{{count}} group{{|}}{{count}} groups{{/_n}}
 *                             the plural of an integer in the document
 *   {{x|day}}                 one filter after a name: day, dayBrief, dayLong (of a day or an
 *                             instant), instant, number (the language's separators, U+2212), url (a
 *                             path or query segment), initials (of a name), upper, json
 *   {{x?}}                    true when x is present and not null, false, "" or empty:
 *                             {{#x?}}…{{/x?}} renders once without entering x (a list's heading, an
 *                             object's presence)
 *   {{x=draft}}               {{#status=draft}}…{{/status=draft}} once, without entering, when the
 *                             text of x is "draft"
 *   {{@index}} {{@first}} {{@last}}
 *                             inside a list section: position from 1, and whether first or last
 *
 * As values, {{x?}}, {{x=draft}}, {{@first}} and {{@last}} are "true" or "false". A name is looked
 * for outwards through the sections, then in the document, then in the page; so the leaves of a
 * tree that a partial walks must have their empty list, or they find their parent's. Partials nest
 * 32 deep, sections 64. Templates are compiled once per language at start; afterwards const and
 * shared by all threads.
 *
 * What a tool that collects texts must know: the key of {{#_}} is its inside as written, tags and
 * all, trimmed and with each run of space, tab, CR and LF as one space; a context stands before it
 * as in NC_. {{#_n count}} gives msgid and msgid_plural, each normalised alone. {{#_}} does not
 * nest, is not empty and changes no delimiters; the tags in a text close inside it. A translated
 * text is compiled in the place of its source and may use any names; one that does not compile is
 * logged and its source shown. */

/* Loads the Swedish catalogue and compiles every embedded template in every language; or, with a
 * directory (KANSLI_WEB), those of DIR/templates and its folders, read again at each render. A
 * broken template is E_INTERNAL with file and line in err and in the log. Before threads start. */
NODISCARD enum code view_start(const char *directory, struct err *err);
void view_stop(void);
/* In strict mode (tests, KANSLI_STRICT=1) a name that document and page lack is an error:
 * E_INTERNAL with template, line and name. null is an answer, and {{x?}} may ask for anything. */
void view_strict(bool on);

/* Renders template `name` ("group/show") wrapped by layout "layout" (or alone when layout is NULL):
 * the layout's {{{contentHtml}}} is the page. `document` is the context; `page` a second one looked
 * in when the document lacks a name (title, user, nav, csrf, flash, lang ...). E_TOO_BIG when out
 * is full. What was written stays in out after a failure. */
NODISCARD enum code view_render(const char *name, const char *layout, int lang,
                                const json_t *document, const json_t *page, struct buf *out,
                                struct err *err);
/* Renders a template given as text, for tests of the specification: partials as an object name →
 * text (or NULL; an absent one is empty), any name may stand unescaped, in English. */
NODISCARD enum code view_render_text(const char *text, const json_t *partials, const json_t *data,
                                     struct buf *out, struct err *err);
/* True when the template exists. */
bool view_exists(const char *name);

/* ---- spreadsheets (spreadsheet.c): the only xlsxwriter.h ---- */

enum sheet_format { SHEET_JSON, SHEET_CSV, SHEET_XLSX };
struct sheet_out; /* sheet.h: the functions that take headings and rows */

/* A file on its way: CSV as Swedish spreadsheets read it (UTF-8 with a mark, semicolons, CR LF), or
 * a workbook with one sheet called `title` (a–z, hyphens), dated `day` so that the same rows give
 * the same bytes. No cell of either is ever a formula. Ends with sheet_free. */
struct sheet_out *sheet_new(enum sheet_format format, const char *title, const char *day);
/* The finished file in an empty buffer. E_TOO_BIG when it has outgrown the buffer's ceiling,
 * E_STORAGE when the system gave no room to write it in. */
NODISCARD enum code sheet_end(struct sheet_out *out, struct buf *bytes, struct err *err);
/* NULL is fine. */
void sheet_free(struct sheet_out *out);

/* ---- Markdown (markdown.c): the only cmark.h ----
 *
 * Refuses, before rendering, what makes cmark 0.30.2 slow or large: over 64 KB, more than 24
 * container markers on a line or one beyond column 96, the deepest marker's column times the number
 * of lines over 2 million, more than 2 000 "![", link definitions so long and so often used that
 * they could grow beyond 4 MB: E_INPUT, rule "text-too-complex", with the number of the line that
 * is to be mended as {line}. Raw HTML is dropped; links keep http, https, mailto and relative
 * addresses only; images become links; headings start at `heading` (2 to 5). Output at most 1 MB. */
NODISCARD enum code markdown_html(const char *text, int heading, struct buf *out, struct err *err);
/* The lines of paragraphs and list items (not in quotes, nor beginning in code) of the same text, in
 * order, with the headings they stand under (outermost first, one on each line; "" before the first)
 * and the number of the line: for what is lifted out of minutes. Words as read, without markup; a
 * line ends at a soft or hard break. `take` returns false to stop. The same refusals as
 * markdown_html. */
NODISCARD enum code markdown_lines(const char *text,
                                   bool (*take)(const char *line, const char *headings, int number,
                                                void *arg),
                                   void *arg, struct err *err);
/* The HTML of such a text with its lines marked: `mark` gets each line as above and says how many
 * bytes at its beginning a label stands for (0: none), the label, and its class of .tag. Headings
 * outside quotes get anchors, part-1, part-2 ..., and `contents`, an array, one {anchor, title,
 * level (of the HTML's heading)} each. The same refusals. */
NODISCARD enum code markdown_marked(const char *text, int heading,
                                    size_t (*mark)(const char *line, const char **label,
                                                   const char **kind, void *arg),
                                    void *arg, struct buf *out, json_t *contents,
                                    struct err *err);
/* Goes into a row beside kept HTML: rendered again when it differs. */
extern const int markdown_version;

#endif
