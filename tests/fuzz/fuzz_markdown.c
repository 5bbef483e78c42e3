/* fuzz_markdown.c: any text becomes HTML without scripts, foreign addresses or images, or is
 * refused. */
#include <kansli/utf8.h>
#include <kansli/view.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Every '<' in the output begins one of the tags that Markdown makes. */
static void check_tags(const char *html)
{
    static const char *const allowed[] = {
        "p>",          "/p>",          "a href=\"", "/a>",   "em>",
        "/em>",        "strong>",      "/strong>",  "code>", "code class=\"language-",
        "/code>",      "pre>",         "/pre>",     "ul>",   "/ul>",
        "ol>",         "ol start=\"",  "/ol>",      "li>",   "/li>",
        "blockquote>", "/blockquote>", "h2>",       "/h2>",  "h3>",
        "/h3>",        "h4>",          "/h4>",      "h5>",   "/h5>",
        "h6>",         "/h6>",         "hr />",     "br />",
    };
    while ((html = strchr(html, '<')) != NULL) {
        html++;
        bool known = false;
        for (size_t i = 0; i < LEN(allowed); i++)
            known = known || strncmp(html, allowed[i], strlen(allowed[i])) == 0;
        MUST(known);
        if (strncmp(html, "a href=\"", 8) != 0)
            continue;
        const char *url = html + 8;
        size_t scheme = strcspn(url, ":/?#\"");
        MUST(strncmp(url, "//", 2) != 0);
        MUST(url[scheme] != ':' || strncasecmp(url, "http://", 7) == 0 ||
             strncasecmp(url, "https://", 8) == 0 || strncasecmp(url, "mailto:", 7) == 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = must_malloc(size + 1);
    memcpy(text, data, size);
    text[size] = '\0';
    struct buf out;
    struct err err;
    err_init(&err);
    buf_init(&out, 2 << 20);
    if (markdown_html(text, 2, &out, &err) == OK) {
        check_tags(out.data);
        MUST(utf8_valid(out.data, out.len));
    } else
        MUST(out.len == 0);
    buf_release(&out);
    err_release(&err);
    free(text);
    return 0;
}
