/* test_markdown.c: what people write is shown, what they should not write is not, and nothing takes
 * long. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>
#include <kansli/view.h>

enum { TEXT_MAX = 64 << 10 };

static void expect(const char *text, int heading, const char *html)
{
    struct buf out;
    struct err err;
    err_init(&err);
    buf_init(&out, 2 << 20);
    if (markdown_html(text, heading, &out, &err))
        fail_msg("refused: %s", text);
    assert_string_equal(out.data, html);
    buf_release(&out);
    err_release(&err);
}

static enum code render(const char *text, size_t ceiling, size_t *len)
{
    struct buf out;
    struct err err;
    err_init(&err);
    buf_init(&out, ceiling);
    enum code code = markdown_html(text, 2, &out, &err);
    *len = out.len;
    assert_int_equal(code, err.code);
    buf_release(&out);
    err_release(&err);
    return code;
}

/* `before` once, then `text` again and again up to `size` bytes. */
static char *repeat(const char *before, const char *text, size_t size)
{
    char *out = must_malloc(size + 1);
    size_t at = strlen(before), len = strlen(text);
    memcpy(out, before, at);
    while (at + len <= size) {
        memcpy(out + at, text, len);
        at += len;
    }
    out[at] = '\0';
    return out;
}

static void ordinary_text_becomes_html(void **state)
{
    (void)state;
    expect("", 2, "");
    expect("Hej *du* **där** `x<y`\n", 2,
           "<p>Hej <em>du</em> <strong>där</strong> <code>x&lt;y</code></p>\n");
    expect("- a\n- b\n\n1. c\n", 2,
           "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n<ol>\n<li>c</li>\n</ol>\n");
    expect("A & B \"C\" -- ...\n", 2, "<p>A &amp; B &quot;C&quot; -- ...</p>\n");
}

static void headings_start_where_the_page_says(void **state)
{
    (void)state;
    expect("# a\n", 2, "<h2>a</h2>\n");
    expect("# a\n## b\n###### c\n", 3, "<h3>a</h3>\n<h4>b</h4>\n<h6>c</h6>\n");
    expect("a\n===\n", 2, "<h2>a</h2>\n");
}

static void raw_html_is_dropped(void **state)
{
    (void)state;
    expect("<script>alert(1)</script>\n\nx", 2, "<p>x</p>\n");
    expect("a <b onclick=x>b</b> c", 2, "<p>a b c</p>\n");
    expect("<!-- c -->\n\n<?php x ?>\n\n<![CDATA[x]]>\n\nx", 2, "<p>x</p>\n");
    expect("a <!-- c --> d", 2, "<p>a  d</p>\n");
    expect("[<img src=x onerror=y>](/a)", 2, "<p><a href=\"/a\"></a></p>\n");
}

static void only_harmless_addresses_stay_links(void **state)
{
    (void)state;
    static const char *const kept[] = {
        "http://x.se/a?b=c#d",
        "https://x.se",
        "HTTPS://x.se",
        "mailto:a@x.se",
        "/groups/x",
        "x",
        "./x:y",
        "#part",
        "?q=a:b",
        "../x",
    };
    static const char *const dropped[] = {
        "javascript:alert(1)",
        "JaVaScRiPt:x",
        "java&#10;script:x",
        "java&#x09;script:x",
        "&#1;javascript:x",
        "data:text/html,x",
        "vbscript:x",
        "blob:x",
        "feed:x",
        "ftp://x",
        "file:///etc",
        "//evil.example",
        "/\\\\evil.example",
        "\\\\\\\\evil.example",
        "x:y",
        "http:evil",
        "https:/\\\\x",
        "http:",
        "tel:112",
        "/&#9;/evil.example",
        "&#32;//evil",
        "&#127;//evil",
        "javascript&colon;alert(1)",
    };
    char text[100], html[200];
    for (size_t i = 0; i < LEN(kept); i++) {
        snprintf(text, sizeof text, "[a](%s)", kept[i]);
        snprintf(html, sizeof html, "<p><a href=\"%s\">a</a></p>\n", kept[i]);
        expect(text, 2, html);
    }
    for (size_t i = 0; i < LEN(dropped); i++) {
        snprintf(text, sizeof text, "[a *b*](%s)", dropped[i]);
        expect(text, 2, "<p>a <em>b</em></p>\n");
        snprintf(text, sizeof text, "[a][x]\n\n[x]: %s", dropped[i]);
        expect(text, 2, "<p>a</p>\n");
    }
    expect("<javascript:alert(1)> <a@x.se>", 2,
           "<p>javascript:alert(1) <a href=\"mailto:a@x.se\">a@x.se</a></p>\n");
    expect("[a](/x \"t\\\"><script>\")", 2,
           "<p><a href=\"/x\" title=\"t&quot;&gt;&lt;script&gt;\">a</a></p>\n");
    expect("[a](/x\"onclick=y)", 2, "<p><a href=\"/x%22onclick=y\">a</a></p>\n");
}

static void images_become_links_that_never_nest(void **state)
{
    (void)state;
    expect("![a *b*](https://x.se/i.png \"t\")", 2,
           "<p><a href=\"https://x.se/i.png\">a <em>b</em></a></p>\n");
    expect("![a](data:image/png,x)", 2, "<p>a</p>\n");
    expect("![](//evil/i.png)", 2, "<p></p>\n");
    expect("[![a](/i)](/l)", 2, "<p><a href=\"/l\">a</a></p>\n");
    expect("![[a](/l)](/i)", 2, "<p><a href=\"/i\">a</a></p>\n");
    expect("![![a](/1)](/2)", 2, "<p><a href=\"/2\">a</a></p>\n");
}

static void what_makes_the_parser_slow_is_refused(void **state)
{
    (void)state;
    size_t len;
    static const struct {
        const char *before, *again;
        size_t size;
    } cases[] = {
        {"", "- ", TEXT_MAX},   {"", "> ", TEXT_MAX},     {"", ">", TEXT_MAX},     {"", "1. ", 300},
        {"", "* + - 3) ", 300}, {"", "![[]()", TEXT_MAX}, {"", "a", TEXT_MAX + 1}, {"", "\t>", 52},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        char *text = repeat(cases[i].before, cases[i].again, cases[i].size);
        if (render(text, 2 << 20, &len) != E_INPUT)
            fail_msg("accepted: %.20s", text);
        assert_int_equal(len, 0);
        free(text);
    }
    /* One container more by each line, each further in. */
    char *stairs = must_calloc(1, TEXT_MAX);
    size_t at = 0;
    for (size_t i = 0; i < 100; i++) {
        memset(stairs + at, ' ', 2 * i);
        at += 2 * i;
        memcpy(stairs + at, "- a\n", 4);
        at += 4;
    }
    assert_int_equal(render(stairs, 2 << 20, &len), E_INPUT);
    free(stairs);
    /* Few containers, but very many lines that walk through them. */
    char *lines = repeat("- - - - - - - - - - - - - - - - - - - - - - - -\n", "\n", TEXT_MAX);
    assert_int_equal(render(lines, 2 << 20, &len), E_INPUT);
    free(lines);
    /* A long definition used many times grows a thousandfold. */
    char *definition = repeat("[a]: /", "x", 20000), *uses = repeat("\n\n", "[a]", 30000);
    char *text = must_malloc(TEXT_MAX);
    snprintf(text, TEXT_MAX, "%s%s", definition, uses);
    assert_int_equal(render(text, 64 << 20, &len), E_INPUT);
    free(definition);
    free(uses);
    free(text);
}

static void the_limits_themselves_are_allowed(void **state)
{
    (void)state;
    size_t len;
    char *text = repeat("", "a", TEXT_MAX);
    assert_int_equal(render(text, 2 << 20, &len), OK);
    free(text);
    text = repeat("", "- ", 48);
    assert_int_equal(render(text, 2 << 20, &len), OK);
    free(text);
    text = repeat("", "![", 4000);
    assert_int_equal(render(text, 2 << 20, &len), OK);
    free(text);
    expect("                                        deep\n    2026. x\n-- no marker\n12345678901. "
           "no\n",
           2,
           "<pre><code>                                    deep\n2026. x\n</code></pre>\n"
           "<p>-- no marker\n12345678901. no</p>\n");
}

static size_t mark_none(const char *line, const char **label, const char **kind, void *arg)
{
    (void)line;
    (void)label;
    (void)kind;
    (void)arg;
    return 0;
}

/* As minutes are shown: with anchors and marks. */
static void render_marked(const char *text)
{
    struct buf out;
    struct err err;
    json_t *contents = json_array();
    err_init(&err);
    buf_init(&out, 2 << 20);
    enum code code = markdown_marked(text, 2, mark_none, NULL, &out, contents, &err);
    assert_int_equal(code, err.code);
    json_decref(contents);
    buf_release(&out);
    err_release(&err);
}

static double now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* Of the slower of the two ways to show a text. */
static double cpu_ms(const char *text)
{
    size_t len;
    double begun = now_ms();
    render(text, 2 << 20, &len);
    double plain = now_ms();
    render_marked(text);
    double marked = now_ms();
    return marked - plain > plain - begun ? marked - plain : plain - begun;
}

/* What an ordinary document of the greatest size takes, here, now and in this build: the measure of
 * the bombs. */
static double plain_ms(void)
{
    char *text = repeat(
        "", "Vården ska vara **jämlik** och [god](/x).\n\n- en *punkt*\n- `två`\n\n", TEXT_MAX);
    double ms = cpu_ms(text);
    free(text);
    return ms;
}

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { MOST_MS = 1000 }; /* every byte is watched */
#else
enum { MOST_MS = 100 };
#endif

/* Under 100 ms, and at most as long as some ordinary documents; a bomb takes hundreds of them. What
 * is over is asked again: other work on the machine comes and goes. */
static void expect_quick(const char *text, const char *what)
{
    enum { ORDINARY = 20, TRIES = 5 };
    static double plain;
    double ms = cpu_ms(text);
    for (int i = 1; i < TRIES && (!plain || ms > plain * ORDINARY || ms > MOST_MS); i++) {
        plain = plain_ms();
        ms = cpu_ms(text);
    }
    if (ms > plain * ORDINARY || ms > MOST_MS)
        fail_msg("%.1f ms for %s, %.1f for an ordinary document", ms, what, plain);
}

static void nothing_accepted_takes_long(void **state)
{
    (void)state;
    static const char *const bombs[] = {
        "[",
        "]",
        "![",
        "![[]()",
        "[a](",
        "[a](<b",
        "[a](b \"",
        "*a **a ",
        "_a __a ",
        "*a_ ",
        "**x* ",
        "`",
        "`a``b",
        "<",
        "<?",
        "<!A ",
        "<![CDATA[",
        "<a ",
        "<a b=\"",
        "&",
        "&#",
        "\\",
        "[a][b]",
        "[a]: b\n",
        "[a]:\n",
        "[x]: /\n",
        "#",
        "# a\n",
        "a\n=\n",
        "- a\n",
        "> a\n",
        "- \n\n",
        "1. \n\n",
        "a\n- b\n",
        "```\n",
        "~~~\n",
        "    a\n",
        "\n",
        " \n",
        "\t\n",
        "<!--",
        "<div>\n\n",
        "a@b.c ",
        "http://",
        "<http:",
        "\xc3\xa5",
        "\xff",
        "*",
        "_",
        "~",
        "[\\",
        "[]",
        "![]()",
        "[]()",
        "- - - - - -\n",
        "* * *\n",
        ">>>>>>>>>>>>>>>>>>>>>>>>\n",
        "- > - > - > a\n",
        "<<",
        "![x][y]",
        "[[]]",
        "*_*_",
        "**__",
        "[a](b)",
        "<>",
        "]:",
        "[]:",
        "\"",
        "'",
        "(",
    };
    for (size_t i = 0; i < LEN(bombs); i++) {
        char *text = repeat("", bombs[i], TEXT_MAX);
        /* As many images as are accepted. */
        if (strncmp(bombs[i], "![", 2) == 0)
            text[2000 * strlen(bombs[i]) < TEXT_MAX ? 2000 * strlen(bombs[i]) : TEXT_MAX] = '\0';
        expect_quick(text, bombs[i]);
        free(text);
    }
}

/* The deepest containers that are accepted, and then as many lines inside them as fit. */
static void deep_containers_with_many_lines_take_no_time_either(void **state)
{
    (void)state;
    static const char *const bombs[] = {"\n",
                                        " \n",
                                        "a\n",
                                        "\n\na\n",
                                        "- a\n",
                                        "1. \n\n",
                                        "> a\n",
                                        "                                                a\n",
                                        "                        - a\n",
                                        "\t\t\t\t\t\t\t\t\n"};
    char stairs[6000], *at = stairs;
    for (int i = 0; i < 48; i++)
        at += snprintf(at, 200, "%*s- a\n", 2 * i, "");
    const char *const befores[] = {stairs, "> > > > > > > > > > > > > > > > > > > > > > > >\n",
                                   "- - - - - - - - - - - - - - - - - - - - - - - -\n"};
    for (size_t i = 0; i < LEN(bombs) * LEN(befores); i++)
        /* A third of the size is as many empty lines as are accepted. */
        for (size_t size = TEXT_MAX; size >= TEXT_MAX / 3; size = size * 2 / 3) {
            char *text = repeat(befores[i % LEN(befores)], bombs[i / LEN(befores)], size);
            expect_quick(text, bombs[i / LEN(befores)]);
            free(text);
        }
}

/* Pieces that hurt parsers, put together without sense, but the same every time. */
static void random_texts_take_no_time(void **state)
{
    (void)state;
    enum { TEXTS = 3000, LARGE = 100 };
    static const char *const pieces[] = {
        "- ",   "1. ",  "> ",    "\n",     "\n\n",   "    ",  "\t",    "*",     "**",        "_",
        "`",    "```",  "~~~\n", "[",      "]",      "](",    "![",    "[a]: ", "[a]",       "<",
        "<a ",  "<!--", "&",     "&#1;",   "\\",     "#",     "## ",   "=\n",   "---\n",     "a",
        "text", "é",    "<b>",   "</div>", "http://", "<x:y>", "\"",    ")",     "999999999. ", " ",
    };
    unsigned seed = 20261122;
    for (int i = 0; i < TEXTS; i++) {
        size_t size = i % (TEXTS / LARGE) ? 2000 : TEXT_MAX, at = 0, kinds = 1 + (size_t)i % 12;
        char *text = must_malloc(size + 1);
        unsigned few = seed;
        for (;;) {
            seed = seed * 1103515245 + 12345;
            unsigned pick = (few >> 8) + (seed >> 16) % (unsigned)kinds * 7;
            const char *piece = pieces[pick % LEN(pieces)];
            size_t n = strlen(piece);
            if (at + n > size)
                break;
            memcpy(text + at, piece, n);
            at += n;
        }
        text[at] = '\0';
        expect_quick(text, "a random text");
        free(text);
    }
}

/* What is refused says on which line it is. */
static void expect_refused(const char *text, const char *line, const char *words)
{
    struct buf out;
    struct err err;
    err_init(&err);
    buf_init(&out, 2 << 20);
    assert_int_equal(markdown_html(text, 2, &out, &err), E_INPUT);
    assert_string_equal(err.rule, "text-too-complex");
    assert_non_null(strstr(err.msgid, words));
    assert_string_equal(json_string_value(json_object_get(err.args, "line")), line);
    assert_int_equal(out.len, 0);
    buf_release(&out);
    err_release(&err);
}

static void a_refusal_names_the_line(void **state)
{
    (void)state;
    char *text = repeat("a\r\nb\rc\n\n", "- ", 300);
    expect_refused(text, "5", "nested too deep");
    free(text);
    text = repeat("", "rad\n", TEXT_MAX + 1);
    text[TEXT_MAX] = 'x';
    expect_refused(text, "16385", "longer than 64 kB");
    free(text);
    text = repeat("a\n- - - - - - - - - - - - - - - - - - - - - - - -\n", "\n", TEXT_MAX);
    expect_refused(text, "2", "so long a text");
    free(text);
    text = repeat("", "![a](b)\n", 2001 * 8);
    expect_refused(text, "2001", "images");
    free(text);
    char *definition = repeat("ett\n\n[a]: /", "x", 20000), *uses = repeat("\n\n", "[a]", 30000);
    text = must_malloc(TEXT_MAX);
    snprintf(text, TEXT_MAX, "%s%s", definition, uses);
    expect_refused(text, "3", "used by so many links");
    free(definition);
    free(uses);
    free(text);
}

/* Marks "Beslut:" and "Ring:", the latter with what follows in its label. */
static size_t mark_line(const char *line, const char **label, const char **kind, void *arg)
{
    static char ring[100];
    ++*(int *)arg;
    *label = "B<eslut";
    *kind = "ok";
    if (strncmp(line, "Beslut:", 7) == 0)
        return 7;
    snprintf(ring, sizeof ring, "R %s", line + 5);
    *label = ring;
    *kind = "info";
    return strncmp(line, "Ring:", 5) == 0 ? 5 : 0;
}

static void expect_marked(const char *text, const char *html, const char *contents)
{
    struct buf out;
    struct err err;
    int lines = 0;
    json_t *parts = json_array(), *part;
    char seen[1000] = "";
    size_t i;
    err_init(&err);
    buf_init(&out, 2 << 20);
    if (markdown_marked(text, 2, mark_line, &lines, &out, parts, &err))
        fail_msg("refused: %s", text);
    assert_string_equal(out.data, html);
    json_array_foreach(parts, i, part) {
        size_t n = strlen(seen);
        snprintf(seen + n, sizeof seen - n, "%s|%lld|%s/", 
                 json_string_value(json_object_get(part, "anchor")),
                 (long long)json_integer_value(json_object_get(part, "level")),
                 json_string_value(json_object_get(part, "title")));
    }
    assert_string_equal(seen, contents);
    json_decref(parts);
    buf_release(&out);
    err_release(&err);
}

static void lines_are_marked_and_headings_can_be_led_to(void **state)
{
    (void)state;
    expect_marked("Beslut: a\nb\nRing: c *d*", 
                  "<p><span class=\"tag ok\">B&lt;eslut</span> a\nb\n"
                  "<span class=\"tag info\">R  c d</span> c <em>d</em></p>\n", "");
    expect_marked("**Beslut:** a\n\n- Beslut:a\n", 
                  "<p><strong><span class=\"tag ok\">B&lt;eslut</span> </strong> a</p>\n"
                  "<ul>\n<li><span class=\"tag ok\">B&lt;eslut</span> a</li>\n</ul>\n", "");
    expect_marked("a Beslut: b\n\n> Beslut: c\n\n`Beslut: d`\n\n    Beslut: e\n", 
                  "<p>a Beslut: b</p>\n<blockquote>\n<p>Beslut: c</p>\n</blockquote>\n"
                  "<p><code>Beslut: d</code></p>\n<pre><code>Beslut: e\n</code></pre>\n", "");
    expect_marked("Bes**lut:** a", "<p>Bes<strong>lut:</strong> a</p>\n", "");
    expect_marked("# A *b*\n\n> # Q\n\n#\n\nC\n-\n\n- ### \"<d>\"\n",
                  "<h2 id=\"part-1\">\nA <em>b</em>\n</h2>\n<blockquote>\n<h2>Q</h2>\n"
                  "</blockquote>\n<h2></h2>\n<h3 id=\"part-2\">\nC\n</h3>\n<ul>\n<li>\n"
                  "<h4 id=\"part-3\">\n&quot;&quot;\n</h4>\n</li>\n</ul>\n",
                  "part-1|2|A b/part-2|3|C/part-3|4|\"\"/");
    /* A title is cut between letters. */
    char *text = repeat("# x", "å", 3000);
    struct buf out;
    struct err err;
    int lines = 0;
    json_t *parts = json_array();
    err_init(&err);
    buf_init(&out, 2 << 20);
    assert_int_equal(markdown_marked(text, 2, mark_line, &lines, &out, parts, &err), OK);
    const char *title =
        json_string_value(json_object_get(json_array_get(parts, 0), "title"));
    assert_non_null(title);
    assert_true(strlen(title) >= 995 && strlen(title) <= 1000 && strlen(title) % 2 == 1);
    json_decref(parts);
    buf_release(&out);
    err_release(&err);
    free(text);
}

/* "number|headings|line" of each, one on each line; headings with '/' between. */
static bool keep_line(const char *line, const char *headings, int number, void *arg)
{
    struct buf *out = arg;
    buf_addf(out, "%d|", number);
    for (const char *at = headings; *at; at++)
        buf_addc(out, *at == '\n' ? '/' : *at);
    buf_addf(out, "|%s\n", line);
    return strcmp(line, "stop") != 0;
}

static void expect_lines(const char *text, const char *lines)
{
    struct buf out;
    struct err err;
    err_init(&err);
    buf_init(&out, 1 << 20);
    if (markdown_lines(text, keep_line, &out, &err))
        fail_msg("refused: %s", text);
    assert_string_equal(out.data, lines);
    buf_release(&out);
    err_release(&err);
}

static void lines_are_walked_as_they_are_read(void **state)
{
    (void)state;
    expect_lines("", "");
    expect_lines("a\nb  \nc\n\nd", "1||a\n2||b\n3||c\n5||d\n");
    expect_lines("**Beslut:** *vi* [gör](/x) `det` ![nu](/i)", "1||Beslut: vi gör det nu\n");
    expect_lines("Beslut\\:  a &amp;   b <b>c</b>", "1||Beslut: a & b c\n");
    expect_lines("- a\n- b\n  1. c\n\n     d\n", "1||a\n2||b\n3||c\n5||d\n");
    expect_lines("# A\nx\n## B *b*\ny\n### C\nz\n## D\nu\n\nE\n=\nv\n",
                 "2|A|x\n4|A/B b|y\n6|A/B b/C|z\n8|A/D|u\n12|E|v\n");
    expect_lines("a\n\nstop\n\nb", "1||a\n3||stop\n");
}

static void what_is_quoted_or_code_is_no_line(void **state)
{
    (void)state;
    expect_lines("> Beslut: a\n> - Beslut: b\n>\n> > c\n\nd", "6||d\n");
    expect_lines("- > a\n- b\n", "2||b\n");
    expect_lines("    Beslut: a\n\n```\nBeslut: b\n```\n\nc", "7||c\n");
    expect_lines("`Beslut: a`\n**`b`** c\nd `e`", "3||d e\n");
    expect_lines("<div>\nBeslut: a\n</div>\n\n<!-- Beslut: b -->\n\nc", "7||c\n");
    expect_lines("> # Q\n\na", "3||a\n");
    struct err err;
    err_init(&err);
    char *text = repeat("", "- ", TEXT_MAX);
    assert_int_equal(markdown_lines(text, keep_line, NULL, &err), E_INPUT);
    assert_string_equal(err.rule, "text-too-complex");
    free(text);
    err_release(&err);
}

static void a_full_buffer_is_told(void **state)
{
    (void)state;
    size_t len;
    assert_int_equal(render("abc def", 5, &len), E_TOO_BIG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ordinary_text_becomes_html),
        cmocka_unit_test(headings_start_where_the_page_says),
        cmocka_unit_test(raw_html_is_dropped),
        cmocka_unit_test(only_harmless_addresses_stay_links),
        cmocka_unit_test(images_become_links_that_never_nest),
        cmocka_unit_test(what_makes_the_parser_slow_is_refused),
        cmocka_unit_test(the_limits_themselves_are_allowed),
        cmocka_unit_test(nothing_accepted_takes_long),
        cmocka_unit_test(deep_containers_with_many_lines_take_no_time_either),
        cmocka_unit_test(random_texts_take_no_time),
        cmocka_unit_test(a_refusal_names_the_line),
        cmocka_unit_test(lines_are_marked_and_headings_can_be_led_to),
        cmocka_unit_test(lines_are_walked_as_they_are_read),
        cmocka_unit_test(what_is_quoted_or_code_is_no_line),
        cmocka_unit_test(a_full_buffer_is_told),
    };
    return cmocka_run_group_tests_name("markdown", tests, NULL, NULL);
}
