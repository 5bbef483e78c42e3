/* multipart.c: what a browser sends when a form has a file in it (RFC 7578).
 *
 * Owns: finding the parts of a body and what their heads say. The file's bytes are pointed at where
 * they lie, never copied; fields are cleaned like those of any form. Must not know what the file
 * is. */
#define _GNU_SOURCE /* memmem */
#include <string.h>
#include <strings.h>
#include <kansli/params.h>
#include <kansli/utf8.h>

enum { PARTS_MOST = 50, HEAD_MOST = 4096, FIELD_MOST = 65536, BOUNDARY_MOST = 70 };

struct multipart {
    struct arena *arena;
    struct err *err;
    struct params *params;
    struct upload *upload;
    const char *mark; /* "--boundary" */
    size_t mark_len;
};

static enum code malformed(struct multipart *m)
{
    return err_set(m->err, E_INPUT, "malformed-form",
                   N_("The form could not be read. Send it once more."));
}

/* The value of a parameter in a header: name="value" or name=value; NULL when it is not there. What
 * browsers write for a quote in a name is %22. */
static const char *parameter(struct arena *arena, const char *header, const char *name)
{
    size_t n = strlen(name);
    for (const char *at = strchr(header, ';'); at; at = strchr(at, ';')) {
        at += 1 + strspn(at + 1, " \t");
        if (strncasecmp(at, name, n) || at[n] != '=')
            continue;
        at += n + 1;
        if (*at != '"')
            return arena_strndup(arena, at, strcspn(at, "; \t\r\n"));
        const char *end = strchr(at + 1, '"');
        return end ? arena_strndup(arena, at + 1, (size_t)(end - at - 1)) : NULL;
    }
    return NULL;
}

/* The head of a part: its Content-Disposition, or NULL. */
static const char *disposition(struct multipart *m, const char *head, size_t n)
{
    static const char name[] = "Content-Disposition:";
    char *lines = arena_strndup(m->arena, head, n), *rest = NULL;
    for (char *line = strtok_r(lines, "\r\n", &rest); line; line = strtok_r(NULL, "\r\n", &rest))
        if (!strncasecmp(line, name, sizeof name - 1))
            return line + sizeof name - 1;
    return NULL;
}

static enum code take_file(struct multipart *m, const char *file_name, const char *bytes, size_t n)
{
    char *clean;
    if (!*file_name && !n) /* nothing was chosen */
        return OK;
    if (m->upload->bytes)
        return malformed(m);
    if (text_clean(m->arena, file_name, strlen(file_name), false, &clean))
        clean = NULL;
    *m->upload = (struct upload){bytes, clean, n};
    return OK;
}

static enum code take_field(struct multipart *m, const char *name, const char *bytes, size_t n)
{
    char *clean_name, *value;
    if (n > FIELD_MOST || text_clean(m->arena, name, strlen(name), false, &clean_name) ||
        !*clean_name || text_clean(m->arena, bytes, n, true, &value) ||
        params_has(m->params, clean_name))
        return malformed(m);
    json_put(m->params->values, clean_name, value);
    return OK;
}

static enum code take_part(struct multipart *m, const char *at, size_t n)
{
    const char *body = memmem(at, n < HEAD_MOST ? n : HEAD_MOST, "\r\n\r\n", 4);
    const char *said = body ? disposition(m, at, (size_t)(body - at)) : NULL;
    const char *name = said ? parameter(m->arena, said, "name") : NULL;
    const char *file_name = said ? parameter(m->arena, said, "filename") : NULL;
    if (!name)
        return malformed(m);
    body += 4;
    size_t length = n - (size_t)(body - at);
    return file_name ? take_file(m, file_name, body, length) : take_field(m, name, body, length);
}

static enum code take_parts(struct multipart *m, const char *body, size_t n)
{
    const char *end = body + n, *at = body;
    if (n < m->mark_len || memcmp(at, m->mark, m->mark_len))
        return malformed(m);
    at += m->mark_len;
    for (int parts = 0; parts < PARTS_MOST; parts++) {
        if (end - at >= 2 && !memcmp(at, "--", 2))
            return OK;
        if (end - at < 2 || memcmp(at, "\r\n", 2))
            return malformed(m);
        at += 2;
        const char *next = memmem(at, (size_t)(end - at), m->mark, m->mark_len);
        while (next && (next < at + 2 || memcmp(next - 2, "\r\n", 2)))
            next = memmem(next + 1, (size_t)(end - next - 1), m->mark, m->mark_len);
        if (!next)
            return malformed(m);
        enum code c = take_part(m, at, (size_t)(next - 2 - at));
        if (c)
            return c;
        at = next + m->mark_len;
    }
    return malformed(m);
}

enum code params_multipart(struct arena *arena, const char *type, const char *body, size_t n,
                           struct params *params, struct upload *upload, struct err *err)
{
    struct multipart m = {arena, err, params, upload, NULL, 0};
    const char *boundary = parameter(arena, type, "boundary");
    params->typed = false;
    *upload = (struct upload){0};
    if (!boundary || !*boundary || strlen(boundary) > BOUNDARY_MOST)
        return malformed(&m);
    m.mark = arena_join(arena, "--", boundary, NULL);
    m.mark_len = strlen(m.mark);
    return take_parts(&m, body, n);
}
