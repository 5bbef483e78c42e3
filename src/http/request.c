/* request.c: what can be read from a request's head.
 *
 * Owns the decoding of the target, of cookies, of Forwarded and Accept-Encoding. The path is
 * decoded once, segment by segment, and everything that could mean something else to the next
 * reader is refused instead of repaired: an encoded slash, a dot segment, a control character,
 * bytes that are no UTF-8. The query stays raw: params_form knows its rules.
 *
 * Must never know which paths exist. */
#include "internal.h"
#include <arpa/inet.h>
#include <kansli/utf8.h>
#include <string.h>
#include <strings.h>

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/* Decodes one segment to out and returns its length, or -1 when it is none of ours. */
static ptrdiff_t decode_segment(const char *raw, size_t n, char *out)
{
    ptrdiff_t len = 0;
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)raw[i];
        if (c == '%') {
            int high = n - i > 2 ? hex_digit(raw[i + 1]) : -1;
            int low = n - i > 2 ? hex_digit(raw[i + 2]) : -1;
            if (high < 0 || low < 0)
                return -1;
            c = (unsigned char)(high * 16 + low);
            i += 2;
        }
        if (c < ' ' || c == 0x7f || c == '/' || c == '\\')
            return -1;
        out[len++] = (char)c;
    }
    bool dots = (len == 1 && out[0] == '.') || (len == 2 && out[0] == '.' && out[1] == '.');
    return dots || !utf8_valid(out, (size_t)len) ? -1 : len;
}

/* An empty segment is refused, but at the very end: "/groups/" is "/groups". */
static bool decode_path(const char *raw, size_t n, char *out)
{
    size_t at = 0, to = 0;
    if (n == 0 || raw[0] != '/')
        return false;
    while (at < n) {
        const char *segment = raw + at + 1;
        const char *slash = memchr(segment, '/', n - at - 1);
        size_t len = slash ? (size_t)(slash - segment) : n - at - 1;
        if (len == 0 && slash)
            return false;
        if (len > 0) {
            out[to] = '/';
            ptrdiff_t got = decode_segment(segment, len, out + to + 1);
            if (got < 0)
                return false;
            to += 1 + (size_t)got;
        }
        at += 1 + len;
    }
    if (to == 0)
        out[to++] = '/';
    out[to] = '\0';
    return true;
}

int request_parse_target(struct request *request)
{
    const char *target = request->target;
    size_t n = strlen(target);
    if (n > TARGET_BYTES)
        return MHD_HTTP_URI_TOO_LONG;
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)target[i];
        if (c <= ' ' || c >= 0x7f || c == '#')
            return MHD_HTTP_BAD_REQUEST;
    }
    const char *mark = strchr(target, '?');
    size_t path_len = mark ? (size_t)(mark - target) : n;
    if (path_len > PATH_BYTES)
        return MHD_HTTP_URI_TOO_LONG;
    char *path = arena_alloc(request->arena, path_len + 2);
    if (!decode_path(target, path_len, path))
        return MHD_HTTP_BAD_REQUEST;
    request->path = path;
    request->query = mark ? mark + 1 : "";
    return 0;
}

const char *request_header(const struct request *request, const char *name)
{
    return MHD_lookup_connection_value(request->exchange->connection, MHD_HEADER_KIND, name);
}

/* Not libmicrohttpd's own cookies: those were cut by rules nobody wrote down. */
const char *request_cookie(const struct request *request, const char *name)
{
    const char *at = request_header(request, "Cookie");
    size_t name_len = strlen(name);
    while (at && *at) {
        at += strspn(at, " \t;");
        size_t len = strcspn(at, ";");
        if (len > name_len && at[name_len] == '=' && memcmp(at, name, name_len) == 0) {
            size_t n = len - name_len - 1;
            const char *value = at + name_len + 1;
            while (n > 0 && (value[n - 1] == ' ' || value[n - 1] == '\t'))
                n--;
            return arena_strndup(request->arena, value, n);
        }
        at += len;
    }
    return NULL;
}

/* The proxy appends its own element, so what stands behind the last comma is the proxy's; the
 * rest is what a stranger may have sent, unbalanced quotes included, and is never looked at. */
static const char *forwarded_element(struct arena *arena, const char *header)
{
    char out[INET6_ADDRSTRLEN];
    const char *comma = strrchr(header, ',');
    const char *at = comma ? comma + 1 : header;
    while (*at) {
        at += strspn(at, " \t;");
        size_t len = strcspn(at, ";");
        if (len > 4 && strncasecmp(at, "for=", 4) == 0) {
            const char *value = at + 4;
            size_t n = len - 4;
            while (n > 0 && strchr("\" \t[", *value)) {
                value++;
                n--;
            }
            /* "[2001:db8::1]:4711" and "192.0.2.1:4711": the port says nothing about who it is. */
            bool bracketed = value > at + 4 && value[-1] == '[';
            char *text = arena_strndup(arena, value, n);
            text[strcspn(text, bracketed ? "]" : "\": \t")] = '\0';
            return address_normal(text, out) ? arena_strdup(arena, out) : NULL;
        }
        at += len;
    }
    return NULL;
}

static enum MHD_Result keep_forwarded(void *cls, enum MHD_ValueKind kind, const char *name,
                                      const char *value)
{
    (void)kind;
    if (strcasecmp(name, "Forwarded") == 0)
        *(const char **)cls = value;
    return MHD_YES;
}

const char *request_forwarded(const struct request *request)
{
    const char *last = NULL; /* the first line may be a stranger's */
    MHD_get_connection_values(request->exchange->connection, MHD_HEADER_KIND, keep_forwarded,
                              &last);
    return last ? forwarded_element(request->arena, last) : NULL;
}

bool request_takes_gzip(const struct request *request)
{
    const char *at = request_header(request, "Accept-Encoding");
    while (at && *at) {
        at += strspn(at, " \t,");
        size_t len = strcspn(at, ",");
        size_t name = strcspn(at, ",; \t");
        if (name == 4 && strncasecmp(at, "gzip", 4) == 0) {
            const char *q = memchr(at, '=', len);
            return !q || strspn(q + 1, "0. \t") < (size_t)(at + len - q - 1);
        }
        at += len;
    }
    return false;
}
