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
enum { LANG_SV, LANG_EN, LANGS };
extern const char *const lang_code[LANGS];
/* The language of a code, or -1. */
int lang_find(const char *code);
/* The best of Accept-Language's value (NULL: none) by its q values; LANG_SV when nothing fits. */
int lang_accept(const char *header);
/* A text in a language; the source text when the catalogue lacks it. A context (NC_) is never shown. Static or borrowed
 * from the catalogue. */
const char *lang_text(int lang, const char *msgid);
const char *lang_plural(int lang, const char *msgid, const char *msgid_plural, long long n);

/* ---- templates (template.c): our own Mustache over json_t ----
 *
 * The Mustache specification's variables, sections, inverted sections, comments, partials ({{> groups/row}}, standalone
 * indentation kept), delimiters and dotted names. Escaped by default; {{{x}}} is allowed only for names that end in "Html".
 * House additions:
 *   {{#_}}Groups{{/_}}               the text in the reader's language; may contain tags: {{#_}}{{count}} of {{total}}{{/_}}
 *   {{#_ button}}Close{{/_}}         with a context
 *   {{#_n count}}{{count}} group{{|}}{{count}} groups{{/_n}}   the plural of an integer in the document
 *   {{x|day}} {{x|dayBrief}} {{x|dayLong}} {{x|instant}} {{x|number}} {{x|url}} {{x|initials}} {{x|upper}} {{x|json}}
 *                                    one filter after a name: days and instants in words, numbers with the language's separators
 *                                    (no-break space, decimal comma, U+2212), a path or query segment, first letters of a name
 *   {{x?}}                           true when x is present and not null, false, "" or empty: {{#x?}}…{{/x?}} renders once
 *                                    without entering x (a list's heading, an object's presence)
 *   {{x=draft}}                      {{#status=draft}}…{{/status=draft}} once when the text of x is "draft"
 *   {{@index}} {{@first}} {{@last}}  inside a list section: position from 1, and whether first or last
 * Compiled once per language at start; afterwards const and shared by all threads. */

/* Compiles every embedded template (or those under `directory`, re-read at each render: KANSLI_WEB) in every language. A broken template is
 * E_INTERNAL with file and line in the log. */
NODISCARD enum code view_start(const char *directory, struct err *err);
void view_stop(void);
/* In strict mode a name that the document and its parents lack is an error (tests, KANSLI_STRICT=1): the page says which. */
void view_strict(bool on);

/* Renders template `name` ("group/show") wrapped by layout "layout" (or alone when layout is NULL): the layout's {{{contentHtml}}} is the page.
 * `document` is the context; `page` a second one looked in when the document lacks a name: {"page": {title, user, nav, csrf, flash, lang …}}, one name, so
 * that a meeting's `title` is never taken for the page's. E_TOO_BIG when out is full. */
NODISCARD enum code view_render(const char *name, const char *layout, int lang,
                                const json_t *document, const json_t *page, struct buf *out,
                                struct err *err);
/* Renders a template given as text, for tests of the specification: partials as an object name → text. No translation. */
NODISCARD enum code view_render_text(const char *text, const json_t *partials, const json_t *data,
                                     struct buf *out, struct err *err);
/* True when the template exists. */
bool view_exists(const char *name);

/* ---- Markdown (markdown.c): the only cmark.h ----
 *
 * Refuses, before rendering, what makes cmark 0.30.2 slow (security.md 3): over 64 KB, more than 24 container markers or 96 columns
 * of leading markers on a line, more than 2 000 "![": E_INPUT. Raw HTML is dropped; links keep http, https, mailto and relative addresses only;
 * images become links; headings start at `heading` (2 or 3). Output at most 1 MB. */
NODISCARD enum code markdown_html(const char *text, int heading, struct buf *out, struct err *err);
/* Goes into a row beside kept HTML: rendered again when it differs. */
extern const int markdown_version;

#endif
