/* guard.c: which heads are malformed.
 *
 * Owns the answer to "may two programs read this request differently?". libmicrohttpd 0.9.75 joins
 * folded lines (and so makes new header names), cuts at NUL, ends lines at a bare LF, drops headers
 * without a name, and tells nobody. It parses in place though, and leaves the head in one piece of
 * memory: a head that was written the one proper way has every part exactly where the sum of the
 * parts before says, and all the above shift or move something. So the guard checks where the parts
 * lie as well as what they hold. That is knowledge of this one version; with another, whose own
 * strictness is its own, only the contents are checked.
 *
 * The chunks of a body are out of sight (0.9.75 takes a bare LF for their line end, also within an
 * extension), so a chunked request is the last on its connection: where it ends no longer matters
 * to anybody.
 *
 * Must never know what the request is for. What libmicrohttpd refuses by itself never arrives
 * here: a Content-Length that is no number, a line without a colon, an unknown major version, a
 * head over 32 KB, a malformed chunk. */
#include "internal.h"
#include <string.h>
#include <strings.h>

struct head {
    const char *end; /* of the part before: the next lies behind CR LF */
    unsigned count, hosts, lengths, codings, cookies;
    uint64_t length;
    bool chunked, misplaced, malformed;
};

static bool is_token(const char *text, size_t n)
{
    static const bool token[256] = {
        ['0' ... '9'] = true, ['A' ... 'Z'] = true, ['a' ... 'z'] = true, ['!'] = true,
        ['#'] = true,         ['$'] = true,         ['%'] = true,         ['&'] = true,
        ['\''] = true,        ['*'] = true,         ['+'] = true,         ['-'] = true,
        ['.'] = true,         ['^'] = true,         ['_'] = true,         ['`'] = true,
        ['|'] = true,         ['~'] = true,
    };
    for (size_t i = 0; i < n; i++)
        if (!token[(unsigned char)text[i]])
            return false;
    return n > 0;
}

static bool has_control(const char *text, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)text[i];
        if ((c < ' ' && c != '\t') || c == 0x7f)
            return true;
    }
    return false;
}

/* A number that does not fit stays what no body limit reaches, so it becomes a 413. */
static bool read_length(const char *text, uint64_t *out)
{
    uint64_t value = 0;
    if (!*text)
        return false;
    for (; *text; text++) {
        if (*text < '0' || *text > '9')
            return false;
        value = value < UINT64_MAX / 10 ? value * 10 + (uint64_t)(*text - '0') : UINT64_MAX / 10;
    }
    *out = value;
    return true;
}

static void note_framing(struct head *head, const char *name, size_t n, const char *value)
{
    if (n == strlen("Host") && strcasecmp(name, "Host") == 0) {
        head->hosts++;
    } else if (n == strlen("Cookie") && strcasecmp(name, "Cookie") == 0) {
        head->cookies++;
    } else if (n == strlen("Content-Length") && strcasecmp(name, "Content-Length") == 0) {
        head->lengths++;
        if (!read_length(value, &head->length))
            head->malformed = true;
    } else if (n == strlen("Transfer-Encoding") && strcasecmp(name, "Transfer-Encoding") == 0) {
        head->codings++;
        head->chunked = true;
        if (strcasecmp(value, "chunked") != 0)
            head->malformed = true;
    }
}

static enum MHD_Result look_at(void *cls, enum MHD_ValueKind kind, const char *name,
                               size_t name_len, const char *value, size_t value_len)
{
    struct head *head = cls;
    (void)kind;
    head->count++;
    if (!value || !is_token(name, name_len) || has_control(value, value_len)) {
        head->malformed = true;
        return MHD_NO;
    }
    if (name != head->end + 2 || value <= name + name_len)
        head->misplaced = true;
    head->end = value + value_len;
    note_framing(head, name, name_len, value);
    return MHD_YES;
}

static bool layout_is_known(void)
{
    return strcmp(MHD_get_version(), "0.9.75") == 0;
}

/* "GET /a?b HTTP/1.1": single spaces, and no NUL that made the target shorter than it was sent. */
static bool line_is_misplaced(const struct request *request, const char *url, const char *version)
{
    return url != request->method + strlen(request->method) + 1 ||
           version != url + strlen(request->target) + 1;
}

static bool body_is_meant(const char *method)
{
    static const char *const without[] = {"GET", "HEAD", "DELETE", "OPTIONS"};
    for (size_t i = 0; i < LEN(without); i++)
        if (strcmp(method, without[i]) == 0)
            return false;
    return true;
}

static bool method_is_plausible(const char *method)
{
    size_t n = strlen(method);
    return n <= 20 && strspn(method, "ABCDEFGHIJKLMNOPQRSTUVWXYZ-") == n &&
           strcmp(method, "TRACE") != 0 && strcmp(method, "CONNECT") != 0;
}

int guard_head(struct exchange *x, const char *url, const char *version)
{
    const struct request *request = &x->request;
    bool old = strcmp(version, "HTTP/1.0") == 0;
    struct head head = {.end = version + strlen(version)};

    /* Where nobody can tell how long the request is, nothing behind it may be read: http closes
     * after each refusal. */
    MHD_get_connection_values_n(x->connection, MHD_HEADER_KIND, look_at, &head);
    x->length = head.length;
    x->chunked = x->close = head.chunked;

    if (!old && strcmp(version, "HTTP/1.1") != 0)
        return MHD_HTTP_HTTP_VERSION_NOT_SUPPORTED;
    if (head.malformed || head.hosts > 1 || (!old && head.hosts == 0) || head.lengths > 1 ||
        head.codings > 1 || (head.lengths && head.codings) || (old && head.codings) ||
        head.cookies > 1)
        return MHD_HTTP_BAD_REQUEST;
    if (layout_is_known()) {
        const union MHD_ConnectionInfo *info =
            MHD_get_connection_info(x->connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
        if (head.misplaced || line_is_misplaced(request, url, version) ||
            head.end + 4 != request->method + info->header_size)
            return MHD_HTTP_BAD_REQUEST;
    }
    if (head.count > HEAD_COUNT)
        return MHD_HTTP_REQUEST_HEADER_FIELDS_TOO_LARGE;
    if (!method_is_plausible(request->method))
        return MHD_HTTP_METHOD_NOT_ALLOWED;
    if ((x->chunked || x->length > 0) && !body_is_meant(request->method))
        return MHD_HTTP_BAD_REQUEST;
    return 0;
}
