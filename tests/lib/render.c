/* render.c: lays a document into its template, away from any server: render VIEW sv|en < both.json
 *
 * Standard input is {"document": ..., "page": {"page": ...}}; what comes out is what the layout
 * calls contentHtml. The tests hold every page against its own JSON with it: were a page to know
 * more than its document, this program would not. */
#include <stdio.h>
#include <kansli/json.h>
#include <kansli/view.h>

static int fail(const struct err *err)
{
    const char *name;
    json_t *value;
    fprintf(stderr, "render: %s", err->msgid ? err->msgid : code_rule(err->code));
    json_object_foreach(err->args, name, value)
        fprintf(stderr, " %s=%s", name, json_string_value(value));
    fprintf(stderr, "\n");
    return 1;
}

int main(int argc, char **argv)
{
    struct err err;
    struct buf out;
    json_error_t why;
    err_init(&err);
    buf_init(&out, 64 << 20);
    int lang = argc == 3 ? lang_find(argv[2]) : -1;
    if (lang < 0) {
        fprintf(stderr, "render VIEW sv|en < {\"document\": …, \"page\": …}\n");
        return 2;
    }
    json_t *all = json_loadf(stdin, 0, &why);
    if (!all) {
        fprintf(stderr, "render: line %d: %s\n", why.line, why.text);
        return 1;
    }
    if (view_start(NULL, &err))
        return fail(&err);
    view_strict(true);
    int result = view_render(argv[1], NULL, lang, json_object_get(all, "document"),
                             json_object_get(all, "page"), &out, &err)
                     ? fail(&err)
                     : 0;
    if (!result)
        fwrite(out.data, 1, out.len, stdout);
    json_decref(all);
    buf_release(&out);
    err_release(&err);
    view_stop();
    return result;
}
