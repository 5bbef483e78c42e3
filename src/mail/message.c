/* message.c: a mail becomes one message as RFC 5322 and MIME want it.
 *
 * Owns headers, their encoding and folding (RFC 2047), the plain text's layout, quoted-printable,
 * and how a calendar's file is put beside the text.
 * Pure: the same mail gives the same bytes, and the same Message-ID at each attempt. What came from
 * outside reaches a header through head_text or add_address alone, so no line break in a name, a
 * subject or an address ever becomes a header. */
#include <string.h>
#include <kansli/json.h>
#include "internal.h"

enum { TEXT_COLUMNS = 72, LINE_MOST = 76, WORD_MOST = 75 };

/* ---------------------------------------------------------------- headers */

static bool is_plain(const char *text)
{
    for (; *text; text++)
        if (*text < ' ' || *text > '~')
            return false;
    return true;
}

static size_t longest_word(const char *text)
{
    size_t longest = 0;
    for (; *text; text += strspn(text, " ")) {
        size_t n = strcspn(text, " ");
        longest = n > longest ? n : longest;
        text += n;
    }
    return longest;
}

static size_t character_length(const char *text)
{
    size_t n = 1;
    while ((text[n] & 0xc0) == 0x80)
        n++;
    return n;
}

/* A control character becomes a space, as everywhere in a header. */
static void add_q(struct buf *out, unsigned char c)
{
    if (c <= ' ' || c == 0x7f)
        buf_addc(out, '_');
    else if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'))
        buf_addc(out, (char)c);
    else
        buf_addf(out, "=%02X", c);
}

/* Encoded words, each on a line of its own, a character never divided (RFC 2047, 2 and 5). */
static void add_encoded(struct buf *out, const char *text, size_t column)
{
    static const char begin[] = "=?utf-8?Q?";
    size_t room = WORD_MOST - column, start = out->len;
    buf_adds(out, begin);
    while (*text) {
        size_t n = character_length(text);
        if (out->len - start + 3 * n + 2 > room) {
            buf_adds(out, "?=\r\n ");
            start = out->len;
            room = WORD_MOST;
            buf_adds(out, begin);
        }
        for (size_t i = 0; i < n; i++)
            add_q(out, (unsigned char)text[i]);
        text += n;
    }
    buf_adds(out, "?=");
}

static void add_folded(struct buf *out, const char *text, size_t column)
{
    while (*text) {
        size_t spaces = strspn(text, " "), n = spaces + strcspn(text + spaces, " ");
        if (column + n > LINE_MOST && spaces) {
            buf_adds(out, "\r\n");
            column = 0;
        }
        buf_add(out, text, n);
        column += n;
        text += n;
    }
}

static void head(struct buf *out, const char *name, const char *value)
{
    buf_addf(out, "%s: %s\r\n", name, value);
}

/* Any text as a header's value. What could be taken for an encoded word is encoded itself, and so
 * is what cannot be folded. */
static void head_text(struct buf *out, const char *name, const char *text)
{
    size_t column = strlen(name) + 2;
    buf_addf(out, "%s: ", name);
    if (is_plain(text) && column + longest_word(text) <= LINE_MOST && !strstr(text, "=?"))
        add_folded(out, text, column);
    else
        add_encoded(out, text, column);
    buf_adds(out, "\r\n");
}

/* Between its angle brackets; what cannot stand there is left out. */
static void add_address(struct buf *out, const char *address)
{
    buf_addc(out, '<');
    for (; *address; address++)
        if (*address > ' ' && *address <= '~' && *address != '<' && *address != '>')
            buf_addc(out, *address);
    buf_addc(out, '>');
}

static void head_address(struct buf *out, const char *name, const char *who, const char *address)
{
    buf_addf(out, "%s: ", name);
    if (who && *who) {
        if (is_plain(who) && strlen(who) < 60 && !strpbrk(who, "\"\\()<>[]:;@,.=?"))
            buf_adds(out, who);
        else
            add_encoded(out, who, strlen(name) + 2);
        buf_adds(out, strlen(who) + strlen(address) > 60 ? "\r\n " : " ");
    }
    add_address(out, address);
    buf_adds(out, "\r\n");
}

/* "Sun, 22 Nov 2026 08:15:30 +0000" */
static void head_date(struct buf *out, const char *instant)
{
    static const char *const days[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    char day[DAY_SIZE];
    memcpy(day, instant, DAY_SIZE - 1);
    day[DAY_SIZE - 1] = '\0';
    int month = (day[5] - '0') * 10 + day[6] - '0';
    buf_addf(out, "Date: %s, %.2s %s %.4s %.8s +0000\r\n", days[day_weekday(day) - 1], day + 8,
             months[month - 1], day, instant + DAY_SIZE);
}

/* The host of the address that the world knows the register by: right of the @ in a Message-ID. */
static void head_id(struct buf *out, const char *id, const char *base_url)
{
    const char *host = strstr(base_url, "://");
    host = host ? host + 3 : base_url;
    size_t n = strspn(host, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-");
    buf_addf(out, "Message-ID: <%s@%.*s>\r\n", id, n ? (int)n : 9, n ? host : "localhost");
}

/* Programs that read mail offer this beside the message, and do it with one POST (RFC 8058). */
static void head_stop(struct buf *out, const char *href)
{
    if (!href)
        return;
    buf_adds(out, "List-Unsubscribe: ");
    add_address(out, href);
    buf_adds(out, "\r\n");
    head(out, "List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
}

/* ---------------------------------------------------------------- the text */

/* A text in lines of at most TEXT_COLUMNS characters, between words; a longer word stands alone.
 * Every line but the first begins with `indent`. */
static void add_wrapped(struct buf *out, const char *text, const char *indent)
{
    size_t column = strlen(indent);
    bool first = true;
    for (text += strspn(text, " \n"); *text; text += strspn(text, " \n")) {
        size_t n = strcspn(text, " \n"), wide = 0;
        for (size_t i = 0; i < n; i++)
            wide += (text[i] & 0xc0) != 0x80;
        if (!first && column + 1 + wide > TEXT_COLUMNS) {
            buf_addf(out, "\n%s", indent);
            column = strlen(indent);
        } else if (!first) {
            buf_addc(out, ' ');
            column++;
        }
        buf_add(out, text, n);
        column += wide;
        text += n;
        first = false;
    }
    buf_addc(out, '\n');
}

static void add_items(struct buf *out, const json_t *list)
{
    static const char *const more[] = {"about", "due", "href"};
    size_t i;
    json_t *item;
    json_array_foreach ((json_t *)list, i, item) {
        buf_adds(out, "- ");
        add_wrapped(out, json_text(item, "title"), "  ");
        for (size_t k = 0; k < LEN(more); k++) {
            if (!json_text(item, more[k]))
                continue;
            buf_adds(out, "  ");
            add_wrapped(out, json_text(item, more[k]), "  ");
        }
        buf_addc(out, '\n');
    }
}

static void add_text(struct buf *out, const json_t *mail)
{
    size_t i;
    json_t *paragraph;
    json_array_foreach (json_object_get(mail, "paragraphs"), i, paragraph) {
        add_wrapped(out, json_string_value(paragraph), "");
        buf_addc(out, '\n');
    }
    add_items(out, json_object_get(mail, "list"));
    if (json_text(mail, "href"))
        buf_addf(out, "%s:\n%s\n\n", json_text(mail, "action"), json_text(mail, "href"));
    buf_adds(out, "-- \n");
    add_wrapped(out, json_text(mail, "why"), "");
    add_wrapped(out, json_text(mail, "stop"), "");
    if (json_text(mail, "stopHref"))
        buf_addf(out, "%s\n", json_text(mail, "stopHref"));
}

/* ---------------------------------------------------------------- MIME */

/* Quoted-printable (RFC 2045, 6.7): lines of at most 76 characters, ended by CRLF. */
static void add_quoted(struct buf *out, const char *text)
{
    size_t column = 0;
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        bool ends = !text[1] || text[1] == '\n';
        bool as_is = (c >= '!' && c <= '~' && c != '=') || (c == ' ' && !ends);
        if (c == '\n') {
            buf_adds(out, "\r\n");
            column = 0;
            continue;
        }
        if (column + (as_is ? 1 : 3) > LINE_MOST - 1) {
            buf_adds(out, "=\r\n");
            column = 0;
        }
        if (as_is)
            buf_addc(out, (char)c);
        else
            buf_addf(out, "=%02X", c);
        column += as_is ? 1 : 3;
    }
}

static void add_body(struct buf *out, const char *text)
{
    head(out, "Content-Transfer-Encoding", "quoted-printable");
    buf_adds(out, "\r\n");
    add_quoted(out, text);
    buf_adds(out, "\r\n");
}

/* A line of quoted-printable never begins with "--=_": "=" would be "=3D". */
static void add_part(struct buf *out, const char *id, const char *type, const char *text)
{
    buf_addf(out, "--=_%s\r\n", id);
    buf_addf(out, "Content-Type: %s; charset=utf-8\r\n", type);
    add_body(out, text);
}

static void add_alternatives(struct buf *out, const json_t *mail, const char *id, const char *html)
{
    struct buf text;
    buf_addf(out, "Content-Type: multipart/alternative;\r\n boundary=\"=_%s\"\r\n\r\n", id);
    buf_init(&text, 1 << 20);
    add_text(&text, mail);
    add_part(out, id, "text/plain", text.data);
    buf_release(&text);
    add_part(out, id, "text/html", html);
    buf_addf(out, "--=_%s--\r\n", id);
}

/* "PUBLISH" or "CANCEL", as the file itself says: programs look at the head alone. */
static void add_method(struct buf *out, const char *calendar)
{
    static const char name[] = "\nMETHOD:";
    const char *at = strstr(calendar, name);
    at = at ? at + sizeof name - 1 : "";
    buf_add(out, at, strspn(at, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"));
}

/* The boundary around the two differs from theirs at its beginning: neither is taken for the
 * other. */
static void add_with_calendar(struct buf *out, const json_t *mail, const char *id,
                              const char *html)
{
    const char *calendar = json_text(mail, "calendar");
    struct buf lines;
    buf_addf(out, "Content-Type: multipart/mixed;\r\n boundary=\"=+%s\"\r\n\r\n--=+%s\r\n", id, id);
    add_alternatives(out, mail, id, html);
    buf_addf(out, "--=+%s\r\nContent-Type: text/calendar; charset=utf-8; method=", id);
    add_method(out, calendar);
    buf_adds(out, "\r\nContent-Disposition: attachment; filename=\"meeting.ics\"\r\n");
    buf_init(&lines, 1 << 20);
    for (const char *at = calendar; *at; at++)
        if (*at != '\r') /* quoted-printable has its own */
            buf_addc(&lines, *at);
    add_body(out, lines.data);
    buf_release(&lines);
    buf_addf(out, "--=+%s--\r\n", id);
}

void mail_message(const json_t *mail, const char *sender, const char *base_url, const char *html,
                  struct buf *out)
{
    const char *id = json_text(mail, "id");
    head_address(out, "From", "kansli", sender);
    head_address(out, "To", json_text(mail, "name"), json_text(mail, "address"));
    head_text(out, "Subject", json_text(mail, "subject"));
    head_date(out, json_text(mail, "at"));
    head_id(out, id, base_url);
    head(out, "Auto-Submitted", "auto-generated");
    head(out, "Content-Language", json_text(mail, "language"));
    head_stop(out, json_text(mail, "stopHref"));
    head(out, "MIME-Version", "1.0");
    if (json_text(mail, "calendar"))
        add_with_calendar(out, mail, id, html);
    else
        add_alternatives(out, mail, id, html);
}
