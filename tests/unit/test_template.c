/* test_template.c: the Mustache specification, the house's additions, and templates that are broken
 * or hostile. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <kansli/log.h>

#include "../../src/view/internal.h"
#include "catalogue.h"

enum { PAGE_MAX = 1 << 20 };

static json_t *document(const char *text)
{
    json_error_t error;
    json_t *v = json_loads(text, JSON_DECODE_ANY, &error);
    if (!v)
        fail_msg("%s: %s", text, error.text);
    return v;
}

/* What a failure says: the argument "what" of its text. */
static const char *said(const struct err *err)
{
    const char *what = json_string_value(json_object_get(err->args, "what"));
    return what ? what : "";
}

/* ---- the specification ---- */

static void run_specification(const char *module)
{
    char path[100];
    json_error_t error;
    snprintf(path, sizeof path, "tests/unit/mustache/%s.json", module);
    json_t *cases = json_load_file(path, 0, &error), *one;
    if (!cases)
        fail_msg("%s (tests run in the project's root)", error.text);
    size_t i;
    json_array_foreach (cases, i, one) {
        struct buf out;
        struct err err;
        err_init(&err);
        buf_init(&out, PAGE_MAX);
        enum code code = view_render_text(json_string_value(json_object_get(one, "template")),
                                          json_object_get(one, "partials"),
                                          json_object_get(one, "data"), &out, &err);
        if (code || strcmp(out.data, json_string_value(json_object_get(one, "expected"))) != 0)
            fail_msg("%s: %s: %s [%s]", module, json_string_value(json_object_get(one, "name")),
                     said(&err), out.data);
        buf_release(&out);
        err_release(&err);
    }
    assert_true(i >= 12);
    json_decref(cases);
}

static void the_specification_of_comments_holds(void **state)
{
    (void)state;
    run_specification("comments");
}

static void the_specification_of_delimiters_holds(void **state)
{
    (void)state;
    run_specification("delimiters");
}

static void the_specification_of_interpolation_holds(void **state)
{
    (void)state;
    run_specification("interpolation");
}

static void the_specification_of_inverted_sections_holds(void **state)
{
    (void)state;
    run_specification("inverted");
}

static void the_specification_of_partials_holds(void **state)
{
    (void)state;
    run_specification("partials");
}

static void the_specification_of_sections_holds(void **state)
{
    (void)state;
    run_specification("sections");
}

/* ---- the house's additions, in English ---- */

struct example {
    const char *template, *data, *html;
};

static void run_examples(const struct example *examples, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct buf out;
        struct err err;
        err_init(&err);
        buf_init(&out, PAGE_MAX);
        json_t *data = document(examples[i].data);
        if (view_render_text(examples[i].template, NULL, data, &out, &err))
            fail_msg("%s: %s", examples[i].template, said(&err));
        assert_string_equal(out.data, examples[i].html);
        json_decref(data);
        buf_release(&out);
        err_release(&err);
    }
}

static void values_are_escaped_in_text_and_attributes(void **state)
{
    (void)state;
    static const struct example examples[] = {
        {"<p>{{x}}</p>", "{\"x\":\"<script>alert('&')</script>\"}",
         "<p>&lt;script&gt;alert(&#39;&amp;&#39;)&lt;/script&gt;</p>"},
        {"<a title=\"{{x}}\" class='{{x}}'>", "{\"x\":\"\\\" onclick='x'\"}",
         "<a title=\"&quot; onclick=&#39;x&#39;\" class='&quot; onclick=&#39;x&#39;'>"},
        {"{{x|upper}} {{x|initials}}", "{\"x\":\"<b> \\\"\"}", "&lt;B&gt; &quot; &lt;&quot;"},
        {"{{x|json}}", "{\"x\":{\"a\":\"<'\\\"\"}}",
         "{&quot;a&quot;:&quot;&lt;&#39;\\&quot;&quot;}"},
        {"{{x|day}}{{x|instant}}{{x|number}}{{x|url}}", "{\"x\":\"<\"}", "&lt;&lt;&lt;%3C"},
        {"{{x}}", "{\"x\":\"{{y}}\",\"y\":1}", "{{y}}"},
    };
    run_examples(examples, LEN(examples));
}

static void a_question_mark_asks_for_presence_without_entering(void **state)
{
    (void)state;
    static const struct example examples[] = {
        {"{{#x?}}[{{x}}]{{/x?}}", "{\"x\":\"a\"}", "[a]"},
        {"{{#x?}}<ul>{{#x}}{{.}}{{/x}}</ul>{{/x?}}", "{\"x\":[1,2,3]}", "<ul>123</ul>"},
        {"{{#x?}}{{name}}{{/x?}}", "{\"name\":\"outer\",\"x\":{\"name\":\"inner\"}}", "outer"},
        {"{{#x?}}a{{/x?}}{{^x?}}b{{/x?}}", "{}", "b"},
        {"{{^x?}}b{{/x?}}", "{\"x\":null}", "b"},
        {"{{^x?}}b{{/x?}}", "{\"x\":false}", "b"},
        {"{{^x?}}b{{/x?}}", "{\"x\":\"\"}", "b"},
        {"{{^x?}}b{{/x?}}", "{\"x\":[]}", "b"},
        {"{{^x?}}b{{/x?}}", "{\"x\":{}}", "b"},
        {"{{#x?}}a{{/x?}}", "{\"x\":0}", "a"},
        {"{{#x.y?}}a{{/x.y?}}", "{\"x\":{\"y\":true}}", "a"},
        {"{{x?}} {{y?}}", "{\"x\":1}", "true false"},
    };
    run_examples(examples, LEN(examples));
}

static void an_equals_sign_compares_the_text(void **state)
{
    (void)state;
    static const struct example examples[] = {
        {"{{#s=draft}}a{{/s=draft}}{{^s=draft}}b{{/s=draft}}", "{\"s\":\"draft\"}", "a"},
        {"{{#s=draft}}a{{/s=draft}}{{^s=draft}}b{{/s=draft}}", "{\"s\":\"drafts\"}", "b"},
        {"{{#s=3}}a{{/s=3}}{{#t=true}}b{{/t=true}}", "{\"s\":3,\"t\":true}", "ab"},
        {"{{#s=}}a{{/s=}}", "{\"s\":\"\"}", "a"},
        {"{{#s=}}a{{/s=}}", "{\"s\":null}", ""},
        {"{{#s=x}}{{s}}{{/s=x}}", "{\"s\":\"x\"}", "x"},
        {"{{#l}}{{#.=b}}!{{/.=b}}{{.}}{{/l}}", "{\"l\":[\"a\",\"b\"]}", "a!b"},
    };
    run_examples(examples, LEN(examples));
}

static void a_list_tells_the_place_of_its_items(void **state)
{
    (void)state;
    static const struct example examples[] = {
        {"{{#l}}{{@index}}{{.}}{{^@last}},{{/@last}}{{/l}}", "{\"l\":[\"a\",\"b\",\"c\"]}",
         "1a,2b,3c"},
        {"{{#l}}{{#@first}}<{{/@first}}{{.}}{{#@last}}>{{/@last}}{{/l}}", "{\"l\":[1]}", "<1>"},
        {"{{#l}}{{@index}}({{#m}}{{@index}}{{/m}}){{@index}} {{/l}}",
         "{\"l\":[{\"m\":[7,8]},{\"m\":[9]}]}", "1(12)1 2(1)2 "},
        {"{{#l}}{{#x}}{{@index}}{{/x}}{{/l}}", "{\"l\":[{\"x\":{}},{\"x\":true}]}", "12"},
        {"{{#l}}{{#@index=2}}!{{/@index=2}}{{.}}{{/l}}", "{\"l\":[5,6]}", "5!6"},
        {"[{{@index}}{{#@first}}x{{/@first}}]", "{}", "[]"},
    };
    run_examples(examples, LEN(examples));
}

static void filters_write_for_english_readers(void **state)
{
    (void)state;
    static const struct example examples[] = {
        {"{{d|day}}; {{d|dayLong}}", "{\"d\":\"2026-11-22\"}",
         "22 November 2026; Sunday 22 November 2026"},
        {"{{d|instant}}", "{\"d\":\"2026-11-22T08:15:30.123Z\"}", "22 November 2026, 09:15"},
        {"{{d|day}}", "{\"d\":\"2026-11-22T08:15:30.123Z\"}", "22 November 2026"},
        {"[{{d|day}}{{d|instant}}]", "{\"d\":null}", "[]"},
        {"{{d|day}} {{d|instant}}", "{\"d\":\"soon\"}", "soon soon"},
        {"{{n|number}}", "{\"n\":0}", "0"},
        {"{{n|number}}", "{\"n\":999}", "999"},
        {"{{n|number}}", "{\"n\":1000}", "1,000"},
        {"{{n|number}}", "{\"n\":-1234567}", "−1,234,567"},
        {"{{n|number}}", "{\"n\":-9223372036854775808}", "−9,223,372,036,854,775,808"},
        {"{{n|number}} {{n}}", "{\"n\":12345.5}", "12,345.5 12345.5"},
        {"{{n|number}}", "{\"n\":0.1}", "0.1"},
        {"{{n}}", "{\"n\":0.30000000000000004}", "0.30000000000000004"},
        {"{{s|url}}", "{\"s\":\"å/ &?\"}", "%C3%A5%2F%20%26%3F"},
        {"{{n|url}}", "{\"n\":17}", "17"},
        {"{{s|initials}}", "{\"s\":\"Karin von Bergström\"}", "KB"},
        {"{{s|initials}}", "{\"s\":\"åsa-lisa  ölund \"}", "ÅÖ"},
        {"{{s|initials}}", "{\"s\":\"Cher\"}", "C"},
        {"[{{s|initials}}]", "{\"s\":\"  \"}", "[]"},
        {"{{s|upper}}", "{\"s\":\"aåäöéÿ÷ß ščžįħ αω абвя ё 1\"}", "AÅÄÖÉŸ÷ß ŠČŽĮĦ ΑΩ АБВЯ Ё 1"},
        {"{{x|json}} {{y|json}}", "{\"x\":[1,null,true],\"y\":\"a\"}",
         "[1,null,true] &quot;a&quot;"},
        {"{{#l}}{{.|number}} {{/l}}", "{\"l\":[1000,2000]}", "1,000 2,000 "},
    };
    run_examples(examples, LEN(examples));
}

static void texts_without_a_catalogue_are_the_source(void **state)
{
    (void)state;
    static const struct example examples[] = {
        {"<p>{{#_}}Groups{{/_}}</p>", "{}", "<p>Groups</p>"},
        {"<p>{{#_ button}}\n  Close\n  it {{/_}}</p>", "{}", "<p>Close it</p>"},
        {"{{#_}}{{a}} of {{b}}{{/_}}", "{\"a\":1,\"b\":2}", "1 of 2"},
        {"{{#_}}{{#a}}x{{/a}} {{^b}}y{{/b}}{{/_}}", "{\"a\":true}", "x y"},
        {"{{#_n a}}{{a}} group{{|}}{{a}} groups{{/_n}}", "{\"a\":1}", "1 group"},
        {"{{#_n a}}{{a}} group{{|}}{{a}} groups{{/_n}}!", "{\"a\":5}", "5 groups!"},
        {"{{#_n l.n}}one{{|}}many{{/_n}}", "{\"l\":{\"n\":0}}", "many"},
        {"{{#l}}{{#_n .}}{{.}} x{{|}}{{.}} xs{{/_n}};{{/l}}", "{\"l\":[1,2]}", "1 x;2 xs;"},
        {"<h1>\n  {{#_}}\n  Groups\n  {{/_}}\n</h1>\n", "{}", "<h1>\nGroups</h1>\n"},
        {"{{=<% %>=}}<%#_%>a <%x%><%/_%>", "{\"x\":\"{{x}}\"}", "a {{x}}"},
    };
    run_examples(examples, LEN(examples));
}

/* ---- faults ---- */

static enum code render_text(const char *template, const char *partials, const char *data,
                             struct err *err)
{
    struct buf out;
    err_init(err);
    buf_init(&out, PAGE_MAX);
    json_t *values = document(data), *others = partials ? document(partials) : NULL;
    enum code code = view_render_text(template, others, values, &out, err);
    json_decref(values);
    json_decref(others);
    buf_release(&out);
    return code;
}

static void a_broken_template_is_told_with_its_line(void **state)
{
    (void)state;
    static const struct {
        const char *template, *where, *what;
    } cases[] = {
        {"a\n{{x", ":2", "not closed"},
        {"{{{x}}", ":1", "not closed"},
        {"{{{x}} }", ":1", "not closed"},
        {"{{", ":1", "not closed"},
        {"\n\n{{#a}}\n{{#b}}{{/b}}", ":3", "{{#a}} is not closed"},
        {"{{#a}}\n{{/b}}", ":2", "{{/b}} where {{/a}} is due"},
        {"{{/a}}", ":1", "closes nothing"},
        {"{{}}", ":1", "no name"},
        {"{{ }}", ":1", "no name"},
        {"{{a b}}", ":1", "no name"},
        {"{{a{{b}}", ":1", "no name"},
        {"{{a..b}}", ":1", "no name"},
        {"{{.a}}", ":1", "no name"},
        {"{{a.}}", ":1", "no name"},
        {"{{?}}", ":1", "no name"},
        {"{{#=x}}{{/=x}}", ":1", "no name"},
        {"{{@rank}}", ":1", "there is no \"@rank\""},
        {"{{x|wide}}", ":1", "there is no filter \"wide\""},
        {"{{x|day|upper}}", ":1", "there is no filter"},
        {"{{#x|day}}{{/x|day}}", ":1", "a section has no filter"},
        {"{{{x|day}}}", ":1", "cannot stand unescaped"},
        {"{{&x?}}", ":1", "cannot stand unescaped"},
        {"{{|}}", ":1", "stands only in"},
        {"{{=a=}}", ":1", "delimiters"},
        {"{{=a b c=}}", ":1", "delimiters"},
        {"{{= =}}", ":1", "delimiters"},
        {"{{#_}}a", ":1", "{{#_}} is not closed"},
        {"{{#_}} {{/_}}", ":1", "no text to translate"},
        {"{{#_}}a{{#_}}b{{/_}}{{/_}}", ":1", "cannot stand inside"},
        {"{{#_}}{{=a b=}}{{/_}}", ":1", "cannot stand inside"},
        {"{{#a}}{{#_}}{{/a}}{{/_}}", ":1", "closes nothing"},
        {"{{#_}}{{#a}}x{{/_}}{{/a}}", ":1", "not closed inside a translated text"},
        {"{{#_n a}}x{{/_n}}", ":1", "a plural is"},
        {"{{#_n a}}x{{|}}{{/_n}}", ":1", "no text to translate"},
        {"{{#_n a|day}}x{{|}}y{{/_n}}", ":1", "a plural is"},
        {"{{#_n a}}x{{|}}y{{/_}}", ":1", "not closed"},
        {"{{/_}}", ":1", "closes nothing"},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct err err;
        if (render_text(cases[i].template, NULL, "{}", &err) != E_INTERNAL)
            fail_msg("accepted: %s", cases[i].template);
        const char *where = json_string_value(json_object_get(err.args, "where"));
        if (!strstr(said(&err), cases[i].what) || strcmp(where, cases[i].where) != 0)
            fail_msg("%s: %s %s", cases[i].template, where, said(&err));
        err_release(&err);
    }
}

static void strict_rendering_names_what_the_document_lacks(void **state)
{
    (void)state;
    static const struct {
        const char *template, *data, *what; /* NULL: fine */
    } cases[] = {
        {"{{x}}", "{\"x\":null}", NULL},
        {"{{x}}", "{}", "the document lacks \"x\""},
        {"{{x.y}}", "{\"x\":null}", NULL},
        {"{{x.y}}", "{\"x\":{}}", "the document lacks \"x.y\""},
        {"{{x.y}}", "{\"x\":\"text\"}", "the document lacks \"x.y\""},
        {"{{#x}}{{/x}}", "{}", "the document lacks \"x\""},
        {"{{^x}}{{/x}}", "{}", "the document lacks \"x\""},
        {"{{#x=a}}{{/x=a}}", "{}", "the document lacks \"x=a\""},
        {"{{#x?}}{{/x?}}{{^x?}}{{/x?}}", "{}", NULL},
        {"{{#a}}{{x}}{{/a}}", "{\"a\":{},\"x\":1}", NULL},
        {"{{#a}}{{x}}{{/a}}", "{\"a\":[]}", NULL},
        {"{{x|day}}", "{}", "the document lacks \"x|day\""},
        {"{{@index}}", "{}", "the document lacks \"@index\""},
        {"{{x}}", "{\"x\":[]}", "there is no text in \"x\""},
        {"{{x}}", "{\"x\":{}}", "there is no text in \"x\""},
        {"{{x|json}}", "{\"x\":{}}", NULL},
        {"{{#_n x}}a{{|}}b{{/_n}}", "{\"x\":\"1\"}", "there is no integer in \"x\""},
        {"{{#_n x}}a{{|}}b{{/_n}}", "{}", "the document lacks \"x\""},
    };
    view_strict(true);
    for (size_t i = 0; i < LEN(cases); i++) {
        struct err err;
        enum code code = render_text(cases[i].template, NULL, cases[i].data, &err);
        if (code != (cases[i].what ? E_INTERNAL : OK) ||
            strcmp(said(&err), cases[i].what ? cases[i].what : "") != 0)
            fail_msg("%s: %s", cases[i].template, said(&err));
        err_release(&err);
    }
    view_strict(false);
}

/* ---- hostile templates ---- */

static char *repeat(const char *text, size_t times, const char *after)
{
    size_t len = strlen(text), end = strlen(after);
    char *out = must_malloc(len * times + end + 1);
    for (size_t i = 0; i < times; i++)
        memcpy(out + i * len, text, len);
    memcpy(out + len * times, after, end + 1);
    return out;
}

static void hostile_templates_end_in_a_fault_and_not_in_a_crash(void **state)
{
    (void)state;
    static const struct {
        const char *again, *after;
        size_t times;
        enum code code;
    } cases[] = {
        {"{{#a}}", "", 100000, E_INTERNAL},    {"{{#.}}", "", 65, E_INTERNAL},
        {"{{/a}}", "", 100000, E_INTERNAL},    {"{{", "", 200000, E_INTERNAL},
        {"{{{", "}}}", 100000, E_INTERNAL},    {"{{=", "", 100000, E_INTERNAL},
        {"{{#_}}", "", 100000, E_INTERNAL},    {"{{#_}}a{{/_}}", "", 20000, OK},
        {"   ", "{{#a}}", 100000, E_INTERNAL}, {"{{! }}", "", 100000, OK},
        {"{{= {{ }} =}}", "", 20000, OK},      {"{{a}}", "", 100000, OK},
        {"{", "", 200001, E_INTERNAL},         {"}}", "", 100000, OK},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct err err;
        char *text = repeat(cases[i].again, cases[i].times, cases[i].after);
        if (render_text(text, NULL, "{\"a\":1}", &err) != cases[i].code)
            fail_msg("%s: %s", cases[i].again, said(&err));
        err_release(&err);
        free(text);
    }
    /* Names of a megabyte, and of a hundred thousand parts. */
    struct err err;
    char *name = repeat("x", 1 << 20, "}}"), *parts = repeat("x.", 100000, "x}}"), *text;
    text = repeat("{{", 1, name);
    assert_int_equal(render_text(text, NULL, "{}", &err), OK);
    free(text);
    text = repeat("{{", 1, parts);
    assert_int_equal(render_text(text, NULL, "{\"x\":{\"x\":1}}", &err), OK);
    free(text);
    text = repeat("{{#", 1, name);
    assert_int_equal(render_text(text, NULL, "{}", &err), E_INTERNAL);
    err_release(&err);
    free(text);
    free(name);
    free(parts);
}

static void recursion_without_an_end_is_stopped(void **state)
{
    (void)state;
    static const struct {
        const char *partials, *what;
    } cases[] = {
        {"{\"a\":\"{{>a}}\"}", "partials nest too deep"},
        {"{\"a\":\"  {{>b}}\\n\",\"b\":\"{{>a}}\"}", "partials nest too deep"},
        {"{\"a\":\"{{#x}}{{#x}}{{#x}}{{#x}}{{#x}}{{#x}}{{#x}}{{>a}}"
         "{{/x}}{{/x}}{{/x}}{{/x}}{{/x}}{{/x}}{{/x}}\"}",
         "sections and partials nest too deep"},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct err err;
        assert_int_equal(render_text("{{>a}}", cases[i].partials, "{\"x\":true}", &err),
                         E_INTERNAL);
        assert_string_equal(said(&err), cases[i].what);
        err_release(&err);
    }
    /* Twice at each level is 2³⁰ pages: the number of steps ends it. */
    struct err err;
    char *close = repeat("}", 30, ""), *text = repeat("{\"n\":", 30, "false");
    char *nested = must_malloc(strlen(text) + 31);
    memcpy(nested, text, strlen(text));
    memcpy(nested + strlen(text), close, 31);
    assert_int_equal(render_text("{{>a}}", "{\"a\":\"{{#n}}{{>a}}{{>a}}{{/n}}\"}", nested, &err),
                     E_INTERNAL);
    assert_string_equal(said(&err), "the page does not end");
    err_release(&err);
    free(nested);
    free(close);
    free(text);
}

static void a_page_larger_than_its_buffer_is_refused(void **state)
{
    (void)state;
    struct buf out;
    struct err err;
    err_init(&err);
    buf_init(&out, 10);
    json_t *data = document("{\"l\":[1,2,3,4,5,6]}");
    assert_int_equal(view_render_text("{{#l}}abc{{/l}}", NULL, data, &out, &err), E_TOO_BIG);
    assert_int_equal(err.code, E_TOO_BIG);
    json_decref(data);
    buf_release(&out);
    err_release(&err);
}

/* ---- pages: layout, languages, a directory ---- */

static char directory[] = "/tmp/kansli-view-XXXXXX";
static struct buf catalogue;

static const struct {
    const char *path, *text;
} files[] = {
    {"templates/layout.html", "<html lang=\"{{lang}}\"><title>{{title}}</title>\n<main>\n"
                              "{{{contentHtml}}}\n</main>{{user.name}}</html>\n"},
    {"templates/group/show.html",
     "<h1>{{#_}}Groups{{/_}}</h1>{{#_n count}}{{count}} group{{|}}{{count}} groups{{/_n}}\n"
     "{{#list}}\n  {{> group/row}}\n{{/list}}\n{{#_ button}}Close{{/_}} {{#_}}Broken "
     "{{count}}{{/_}}"},
    {"templates/group/row.html", "<li>{{@index}} {{name}} {{n|number}} {{on|day}}</li>\n"},
    {"templates/group/tree.html", "{{name}}{{#children}}({{> group/tree}}){{/children}}"},
    {"templates/group/raw.html", "<p>{{{noteHtml}}}{{&page.textHtml}}</p>"},
    {"templates/group/lacks.html", "a\nb\n{{missing}}"},
    {"templates/group/word.html", "{{#_}}{{total}} of {{count}}{{/_}}"},
};

/* In "Broken" the translator forgot a brace. */
static const struct pair swedish[] = {
    PAIR("Broken {{count}}", "Trasig {{count}"),
    PAIR("Groups", "Grupper"),
    PAIR("button\004Close", "Stäng"),
    PAIR("{{count}} group\0{{count}} groups", "{{count}} grupp\0{{count}} grupper"),
    PAIR("{{total}} of {{count}}", "Av {{count}} finns {{total}}"),
};

static void file_write(const char *name, const char *text)
{
    char path[200];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void file_remove(const char *name, int (*away)(const char *))
{
    char path[200];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    away(path);
}

static int set_up(void **state)
{
    (void)state;
    char path[200];
    if (!mkdtemp(directory))
        return -1;
    snprintf(path, sizeof path, "%s/templates", directory);
    mkdir(path, 0700);
    snprintf(path, sizeof path, "%s/templates/group", directory);
    mkdir(path, 0700);
    for (size_t i = 0; i < LEN(files); i++)
        file_write(files[i].path, files[i].text);
    struct err err;
    err_init(&err);
    catalogue_make(&catalogue, swedish, LEN(swedish));
    if (view_start(directory, &err))
        return -1;
    return lang_load((const unsigned char *)catalogue.data, catalogue.len) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    view_stop();
    for (size_t i = 0; i < LEN(files); i++)
        file_remove(files[i].path, unlink);
    file_remove("templates/group", rmdir);
    file_remove("templates", rmdir);
    file_remove("", rmdir);
    buf_release(&catalogue);
    return lang_load(NULL, 0) ? 0 : -1;
}

static void expect_page(const char *name, const char *layout, int lang, const char *data,
                        const char *page, const char *html)
{
    struct buf out;
    struct err err;
    err_init(&err);
    buf_init(&out, PAGE_MAX);
    json_t *values = document(data), *around = document(page);
    if (view_render(name, layout, lang, values, around, &out, &err))
        fail_msg("%s: %s", name, said(&err));
    assert_string_equal(out.data, html);
    json_decref(values);
    json_decref(around);
    buf_release(&out);
    err_release(&err);
}

static void a_page_stands_in_its_layout_in_the_readers_language(void **state)
{
    (void)state;
    const char *data = "{\"count\":2,\"list\":[{\"name\":\"A\",\"n\":1500.5,\"on\":\"2026-12-03\"},"
                       "{\"name\":\"B\",\"n\":-2,\"on\":null}]}";
    expect_page("group/show", "layout", LANG_SV, data,
                "{\"lang\":\"sv\",\"title\":\"T\",\"user\":{\"name\":\"Å\"}}",
                "<html lang=\"sv\"><title>T</title>\n<main>\n<h1>Grupper</h1>2 grupper\n"
                "  <li>1 A 1\u00a0500,5 3 december 2026</li>\n  <li>2 B −2 </li>\n"
                "Stäng Broken 2\n</main>Å</html>\n");
    expect_page("group/show", NULL, LANG_EN, "{\"count\":1,\"list\":[]}", "{}",
                "<h1>Groups</h1>1 group\nClose Broken 1");
    expect_page("group/show", NULL, LANG_SV, "{\"count\":1,\"list\":[]}", "{}",
                "<h1>Grupper</h1>1 grupp\nStäng Broken 1");
}

static void the_document_comes_before_the_page(void **state)
{
    (void)state;
    expect_page("group/tree", NULL, LANG_EN, "{\"name\":\"own\"}", "{\"name\":\"page\"}", "own");
    expect_page("group/tree", NULL, LANG_EN, "{}", "{\"name\":\"page\"}", "page");
}

static void translators_may_change_the_order_of_values(void **state)
{
    (void)state;
    expect_page("group/word", NULL, LANG_SV, "{\"total\":1,\"count\":2}", "{}", "Av 2 finns 1");
    expect_page("group/word", NULL, LANG_EN, "{\"total\":1,\"count\":2}", "{}", "1 of 2");
}

static void a_tree_is_a_partial_that_calls_itself(void **state)
{
    (void)state;
    expect_page("group/tree", NULL, LANG_SV,
                "{\"name\":\"a\",\"children\":[{\"name\":\"b\",\"children\":[{\"name\":\"c\","
                "\"children\":[]}]},{\"name\":\"d\",\"children\":[]}]}",
                "{}", "a(b(c))(d)");
}

static void only_names_that_end_with_html_are_unescaped(void **state)
{
    (void)state;
    expect_page("group/raw", NULL, LANG_SV, "{\"noteHtml\":\"<b>\",\"page\":{\"textHtml\":\"&\"}}",
                "{}", "<p><b>&</p>");
    static const char *const refused[] = {"{{{x}}}", "{{&x}}", "{{{.}}}", "{{{html}}}",
                                          "{{{aHtml.x}}}"};
    for (size_t i = 0; i < LEN(refused); i++) {
        struct err err;
        err_init(&err);
        file_write("templates/group/raw.html", refused[i]);
        assert_int_equal(view_start(directory, &err), E_INTERNAL);
        assert_non_null(strstr(said(&err), "only names that end with Html"));
        err_release(&err);
    }
    file_write("templates/group/raw.html", "x");
    struct err err;
    err_init(&err);
    assert_int_equal(view_start(directory, &err), OK);
    assert_true(lang_load((const unsigned char *)catalogue.data, catalogue.len));
}

static void a_changed_template_is_read_again(void **state)
{
    (void)state;
    expect_page("group/raw", NULL, LANG_SV, "{}", "{}", "x");
    file_write("templates/group/raw.html", "y");
    expect_page("group/raw", NULL, LANG_SV, "{}", "{}", "y");
    assert_true(view_exists("group/raw"));
    assert_true(view_exists("layout"));
    assert_false(view_exists("group"));
    assert_false(view_exists("group/ra"));
    assert_false(view_exists("group/raw.html"));
    assert_false(view_exists(""));
}

static void a_fault_names_template_line_and_name(void **state)
{
    (void)state;
    struct buf out;
    struct err err;
    err_init(&err);
    buf_init(&out, PAGE_MAX);
    json_t *nothing = json_object(), *page = document("{\"lang\":1,\"title\":1}");
    view_strict(true);
    assert_int_equal(view_render("group/lacks", "layout", LANG_SV, nothing, page, &out, &err),
                     E_INTERNAL);
    view_strict(false);
    assert_string_equal(json_string_value(json_object_get(err.args, "where")), "group/lacks:3");
    assert_string_equal(said(&err), "the document lacks \"missing\"");
    err_release(&err);
    assert_int_equal(view_render("group/none", NULL, LANG_SV, nothing, page, &out, &err),
                     E_INTERNAL);
    err_release(&err);
    assert_int_equal(view_render("group/raw", "none", LANG_SV, nothing, page, &out, &err),
                     E_INTERNAL);
    err_release(&err);
    file_write("templates/group/raw.html", "{{> group/none}}");
    assert_int_equal(view_render("group/tree", NULL, LANG_SV, nothing, page, &out, &err),
                     E_INTERNAL);
    assert_string_equal(said(&err), "there is no template \"group/none\"");
    err_release(&err);
    buf_release(&out);
    json_decref(nothing);
    json_decref(page);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_specification_of_comments_holds),
        cmocka_unit_test(the_specification_of_delimiters_holds),
        cmocka_unit_test(the_specification_of_interpolation_holds),
        cmocka_unit_test(the_specification_of_inverted_sections_holds),
        cmocka_unit_test(the_specification_of_partials_holds),
        cmocka_unit_test(the_specification_of_sections_holds),
        cmocka_unit_test(values_are_escaped_in_text_and_attributes),
        cmocka_unit_test(a_question_mark_asks_for_presence_without_entering),
        cmocka_unit_test(an_equals_sign_compares_the_text),
        cmocka_unit_test(a_list_tells_the_place_of_its_items),
        cmocka_unit_test(filters_write_for_english_readers),
        cmocka_unit_test(texts_without_a_catalogue_are_the_source),
        cmocka_unit_test(a_broken_template_is_told_with_its_line),
        cmocka_unit_test(strict_rendering_names_what_the_document_lacks),
        cmocka_unit_test(hostile_templates_end_in_a_fault_and_not_in_a_crash),
        cmocka_unit_test(recursion_without_an_end_is_stopped),
        cmocka_unit_test(a_page_larger_than_its_buffer_is_refused),
        cmocka_unit_test(a_page_stands_in_its_layout_in_the_readers_language),
        cmocka_unit_test(the_document_comes_before_the_page),
        cmocka_unit_test(translators_may_change_the_order_of_values),
        cmocka_unit_test(a_tree_is_a_partial_that_calls_itself),
        cmocka_unit_test(only_names_that_end_with_html_are_unescaped),
        cmocka_unit_test(a_changed_template_is_read_again),
        cmocka_unit_test(a_fault_names_template_line_and_name),
    };
    log_level(LOG_FAULT + 1);
    return cmocka_run_group_tests_name("template", tests, set_up, tear_down);
}
