/* smtp.c: one mail to one address, through libcurl.
 *
 * Owns the conversation with the server and what its outcome means. What matters is the moment when
 * the text has been given: before it a failure is certain, after it only the server's answer tells,
 * and without one nobody knows. A new connection for each mail: the server may be another in an
 * hour, and what is kept open is kept in order. Must never log or tell anything of the message, nor
 * the password. */
#include <curl/curl.h>
#include <string.h>
#include <kansli/date.h>
#include <kansli/smtp.h>

enum { CONNECT_SECONDS = 15, SECONDS = 60, GOODBYE_MS = 3000 };

struct session {
    const struct smtp_server *server;
    const char *at; /* of the message */
    size_t left;
    bool named;     /* the address was given: RCPT */
    bool given;     /* the whole text was */
    int64_t taken;  /* clock_ms() when the server took it, or 0 */
    int refusal;    /* the server's last code from 400 on, since the last of the two above */
    char line[300]; /* and its words */
};

void smtp_start(void)
{
    MUST(!curl_global_init(CURL_GLOBAL_DEFAULT));
}

void smtp_stop(void)
{
    curl_global_cleanup();
}

bool smtp_address_valid(const char *address)
{
    size_t n = strlen(address);
    const char *at = strchr(address, '@');
    for (const char *c = address; *c; c++)
        if (*c <= ' ' || *c > '~' || strchr("<>\"\\(),:;[]", *c))
            return false;
    return n <= 254 && at && at != address && at[1] && !strchr(at + 1, '@');
}

/* ---------------------------------------------------------------- what curl asks and tells */

static size_t give(char *to, size_t size, size_t count, void *arg)
{
    struct session *session = arg;
    size_t n = size * count < session->left ? size * count : session->left;
    memcpy(to, session->at, n);
    session->at += n;
    session->left -= n;
    if (!session->left) {
        session->given = true;
        session->refusal = 0;
    }
    return n;
}

/* Every line of the server, of which a refusal is remembered: after one, curl says QUIT and hears
 * a kind word again. */
static size_t hear(char *line, size_t size, size_t count, void *arg)
{
    struct session *session = arg;
    size_t n = size * count, k = 0;
    if (session->given && !session->taken && !session->refusal && n && line[0] == '2')
        session->taken = clock_ms();
    if (n < 3 || line[0] < '4' || line[0] > '5')
        return n;
    session->refusal = (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
    for (size_t i = 0; i < n && k < sizeof session->line - 1; i++)
        if (line[i] >= ' ' && line[i] <= '~')
            session->line[k++] = line[i];
    session->line[k] = '\0';
    return n;
}

/* What we say, of which one word is looked at. */
static int watch(CURL *curl, curl_infotype type, char *text, size_t n, void *arg)
{
    struct session *session = arg;
    (void)curl;
    if (type == CURLINFO_HEADER_OUT && n > 8 && !strncmp(text, "RCPT TO:", 8)) {
        session->named = true;
        session->refusal = 0;
    }
    return 0;
}

/* A server that took the mail need not say goodbye. */
static int ask_whether_to_go_on(void *arg, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
    const struct session *session = arg;
    (void)a, (void)b, (void)c, (void)d;
    bool done = session->taken && clock_ms() - session->taken > GOODBYE_MS;
    return done || session->server->give_up();
}

/* ---------------------------------------------------------------- one conversation */

static void set_server(CURL *curl, const struct smtp_server *server)
{
    curl_easy_setopt(curl, CURLOPT_URL, server->url);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_QUICK_EXIT, 1L);
    curl_easy_setopt(curl, CURLOPT_FORBID_REUSE, 1L);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SECONDS);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)SECONDS);
    curl_easy_setopt(curl, CURLOPT_USE_SSL,
                     (long)(server->plain ? CURLUSESSL_NONE : CURLUSESSL_ALL));
    curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
    if (server->ca_file)
        curl_easy_setopt(curl, CURLOPT_CAINFO, server->ca_file);
    if (server->user) {
        curl_easy_setopt(curl, CURLOPT_USERNAME, server->user);
        curl_easy_setopt(curl, CURLOPT_PASSWORD, server->password ? server->password : "");
    }
}

static void set_callbacks(CURL *curl, struct session *session)
{
    curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(curl, CURLOPT_READFUNCTION, give);
    curl_easy_setopt(curl, CURLOPT_READDATA, session);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, hear);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, session);
    curl_easy_setopt(curl, CURLOPT_VERBOSE, 1L);
    curl_easy_setopt(curl, CURLOPT_DEBUGFUNCTION, watch);
    curl_easy_setopt(curl, CURLOPT_DEBUGDATA, session);
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, ask_whether_to_go_on);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, session);
}

/* A refusal is the mail's own once its address was given; before that it is the server's or the
 * settings', which may be mended. */
static enum smtp_result judge(CURLcode code, const struct session *session)
{
    if (code == CURLE_OK || session->taken)
        return SMTP_SENT;
    if (session->given && !session->refusal)
        return SMTP_UNSURE;
    return session->named && session->refusal >= 500 ? SMTP_REFUSED : SMTP_LATER;
}

static const char *explain(CURLcode code, const struct session *session, struct arena *arena)
{
    if (session->refusal)
        return arena_strdup(arena, session->line);
    return arena_strdup(arena, curl_easy_strerror(code));
}

enum smtp_result smtp_send(const struct smtp_server *server, const char *from, const char *to,
                           const char *message, size_t n, struct arena *arena, const char **problem)
{
    struct session session = {.server = server, .at = message, .left = n};
    *problem = NULL;
    if (!smtp_address_valid(to)) {
        *problem = "the address is none that mail can be sent to";
        return SMTP_REFUSED;
    }
    CURL *curl = curl_easy_init();
    struct curl_slist *readers = curl_slist_append(NULL, arena_printf(arena, "<%s>", to));
    MUST(curl && readers);
    set_server(curl, server);
    set_callbacks(curl, &session);
    curl_easy_setopt(curl, CURLOPT_MAIL_FROM, arena_printf(arena, "<%s>", from));
    curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, readers);
    curl_easy_setopt(curl, CURLOPT_INFILESIZE_LARGE, (curl_off_t)n);
    CURLcode code = curl_easy_perform(curl);
    enum smtp_result result = judge(code, &session);
    if (result != SMTP_SENT)
        *problem = explain(code, &session, arena);
    curl_slist_free_all(readers);
    curl_easy_cleanup(curl);
    return result;
}
