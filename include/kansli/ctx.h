/* ctx.h: what one request's rules, queries and handlers share, and what they give back.
 *
 * A handler is ten lines: it reads names from the path, asks a rule or builds a document, and fills
 * an answer. It never sees a socket, a header or a template. The same handler serves
 * /api/v1/groups/x and /groups/x. */
#ifndef KANSLI_CTX_H
#define KANSLI_CTX_H

#include <kansli/arena.h>
#include <kansli/date.h>
#include <kansli/db.h>
#include <kansli/err.h>
#include <kansli/params.h>

/* Roles of an account beyond what memberships give (domain.md 1). */
enum role {
    ROLE_ADMINISTRATOR = 1 << 0,
    ROLE_SUPPORT = 1 << 1,
    ROLE_COORDINATOR = 1 << 2,
    ROLE_AUDITOR = 1 << 3,
    ROLE_DATA_PROTECTION = 1 << 4
};

/* Who is asking. An anonymous reader has account_key 0. */
struct actor {
    long long account_key, person_key, session_key;
    const char *account_id;  /* UUID; "kansli" for the command line */
    const char *name, *email;
    unsigned roles;          /* enum role */
    const long long *area;   /* organisations coordinated */
    int areas;
    bool by_token;           /* a script */
    bool read_only;          /* a token of scope read */
    bool half;               /* password right, second factor missing: only the pages that give it */
    const char *csrf;        /* what a form must carry; NULL for tokens */
    const char *language, *theme; /* the account's choice, or NULL */
    bool shortcuts;          /* single-key shortcuts are on */
    bool everything;         /* the command line: no permission is asked */
};

struct answer;
struct buf;
struct route;

struct ctx {
    struct arena *arena;
    struct tx *tx;
    struct err *err;
    const struct actor *actor;    /* never NULL */
    const struct route *route;
    int lang;                     /* LANG_SV or LANG_EN */
    const char *(*text)(int lang, const char *msgid); /* view.h: lang_text; core knows no catalogue */
    /* view.h: markdown_html and its version; core knows no Markdown. See ctx_markdown. */
    enum code (*markdown)(const char *text, int heading, struct buf *out, struct err *err);
    int markdown_version;
    /* view.h: markdown_lines, for who lifts lines out of Markdown. */
    enum code (*markdown_lines)(const char *text,
                                bool (*take)(const char *line, const char *heading, int number,
                                             void *arg),
                                void *arg, struct err *err);
    /* view.h: markdown_marked, for who shows such lines. */
    enum code (*markdown_marked)(const char *text, int heading,
                                 size_t (*mark)(const char *line, const char **label,
                                                const char **kind, void *arg),
                                 void *arg, struct buf *out, json_t *contents, struct err *err);
    bool api;                     /* JSON was asked for */
    struct sheet_out *sheet;      /* sheet.h: where a list's rows go (format=csv|xlsx); else NULL */
    const struct upload *upload;  /* params.h: the file that was sent (ROUTE_FILE); else NULL */
    const char *address, *agent;  /* the peer's address and its User-Agent: limits and session lists only */
    const char *base_url;         /* "https://kansli.example", no slash at the end */
    const char *path;             /* as routed, without /api/v1 */
    const char *today;            /* day in Stockholm */
    const char *as_of;            /* asOf=, or NULL */
    const char *day;              /* as_of or today: what derived fields are computed for */
    const struct params *query;   /* declared and typed by the route; see ctx_query */
    const struct params *body;    /* form or JSON; empty for GET */
    const char *if_match;         /* the header, or a form's _version in its dress; NULL when absent */
    json_t *present;              /* on E_STALE: the object as it is now; owned by the request */
    json_t *prepared;             /* what route.prepare left for run; owned by the request */
    bool as_support;              /* set by may(): the support function acted in another's place */
    struct standing *standing;    /* access.c's own: what the actor is to the groups asked for */
    struct gathered *gathered;    /* coverage's own: the group judged last */
    const char *embed[12];        /* parts that embed= asks for, NULL-terminated */
    unsigned embed_known;         /* which of them a handler knew: bits */
    int names;                    /* of the path's pattern */
    const char *const *name, *const *value;
};

/* What a handler gives back. */
/* Bytes that are sent as they are read, in pieces, each in a snapshot of its own: however slow the
 * reader is, he holds neither memory nor the register. */
struct stream {
    const char *type, *name; /* media type; what it is saved as: text, no path */
    long long size, key;
    /* Up to n bytes from `at` into room, and how many; 0 when they are gone: that ends the
     * connection. */
    size_t (*read)(struct tx *tx, long long key, long long at, char *room, size_t n);
};

struct answer {
    int status;              /* 0: 200; 201 when location is set by answer_created */
    json_t *document;        /* object; new reference, freed by the request */
    const char *location;    /* "/groups/x": Location for scripts, 303 for a browser */
    const char *see;         /* a browser's way on when it differs from location */
    const char *flash;       /* msgid of the message on the page that follows; static */
    const char *title;       /* of the page; translated or a name */
    const char *view;        /* another template than the route's */
    long long version;       /* of the object: its ETag; 0 for none */
    bool moved;              /* 308 to location */
    bool personal;           /* never kept: in no shared cache; under an Idempotency-Key its location alone */
    const char *set_session; /* a new session cookie's value; "" clears it */
    const char *set_cookie[2]; /* further whole Set-Cookie values (language, theme) */
    const char *raw_type;    /* the answer is these bytes, not the document */
    const char *raw;
    char *bytes;             /* the same, too long for the arena: made by buf_steal, freed by the request */
    size_t bytes_len;
    const char *link;        /* a whole Link header's value (RFC 8288), or NULL */
    const char *file_name;   /* raw is to be saved under this name: text, no path */
    const struct stream *stream; /* the answer is this file, a download; in the arena */
    bool open_to_all;        /* scripts of other sites may read it: Access-Control-Allow-Origin: * */
};

typedef enum code handler(struct ctx *ctx, struct answer *out);

/* The value of {name} in the path; BUG when the pattern has none. */
const char *ctx_value(const struct ctx *ctx, const char *name);
/* The text of a declared query parameter, or NULL. */
const char *ctx_query(const struct ctx *ctx, const char *name);
/* True when the page, or embed=, asks for this part of the document. Asking makes the name known; a
 * name in embed= that no handler asked for is 400. */
bool ctx_embeds(struct ctx *ctx, const char *name);
/* True when the answer is a page's document: a page itself, or embed=page. */
bool ctx_page(const struct ctx *ctx);
/* document["_embedded"][name] = part (steals part). */
void ctx_embed(struct ctx *ctx, json_t *document, const char *name, json_t *part);
/* Adds {rel, href, method} to document["_links"]; path as in "/groups/x/hosts". */
void ctx_link(struct ctx *ctx, json_t *document, const char *rel, const char *method,
              const char *path);
/* A text in the reader's language; with {places} filled from name, value pairs ending with NULL. */
const char *ctx_text(const struct ctx *ctx, const char *msgid);
__attribute__((sentinel)) const char *ctx_textf(const struct ctx *ctx, const char *msgid, ...);
/* Markdown as HTML, headings from <h2> to <h5> (`heading` 2 to 5), in the arena. What is too complex
 * is a message at `pointer`, E_INPUT. */
NODISCARD enum code ctx_markdown(struct ctx *ctx, const char *text, int heading,
                                 const char *pointer, const char **html);
/* err_set on the request's err. */
enum code ctx_fail(struct ctx *ctx, enum code code, const char *rule, const char *msgid);
/* "No such ..." : E_ABSENT. */
enum code ctx_absent(struct ctx *ctx);

/* ---- routes ---- */

/* The coarse permission of a route; the true one is asked by the rule through may() (access.h). */
enum may { MAY_NEVER_SET = 0, MAY_ALL, MAY_LOGIN, MAY_ADMINISTER, MAY_SUPPORT, MAY_HALF };

/* What a route gives, for the API's description and for what it accepts. */
enum shape {
    SHAPE_ONE,     /* GET one object of `resource` */
    SHAPE_LIST,    /* GET a list of `resource` */
    SHAPE_VIEW,    /* GET a shape of its own: `reply` */
    SHAPE_CREATE,  /* POST: body is `resource`'s input, 201 */
    SHAPE_CHANGE,  /* PATCH: merge patch of `resource`, If-Match needed */
    SHAPE_REMOVE,  /* DELETE: 204, If-Match needed */
    SHAPE_ACTION,  /* POST to a noun: body is `body`, 201 with the changed `resource` */
    SHAPE_PAGE     /* a page only: forms, login; not in the API */
};

enum route_flags {
    ROUTE_SLOW = 1 << 0,       /* a GET that runs on the worker */
    ROUTE_LOGS_READ = 1 << 1,  /* a GET that leaves a trace */
    ROUTE_NO_CSRF = 1 << 2,    /* a form that works logged out: guarded by Origin and the anonymous token */
    ROUTE_CACHE = 1 << 3,      /* an anonymous answer may be kept while the register stands */
    ROUTE_NO_DAY = 1 << 4,     /* asOf has no meaning here: unknown parameter */
    ROUTE_FILE = 1 << 5,       /* a POST that takes a file: as the body, or in a form (ctx->upload) */
    ROUTE_ONE_CLICK = 1 << 6,  /* a POST that programs send by themselves (RFC 8058): the secret in
                                * its address is all it says and needs; no origin, token or body */
    ROUTE_CLOCK = 1 << 7,      /* its answer changes by the clock, not only by the day and with the
                                * register: it is kept nowhere */
    ROUTE_EXPORT = 1 << 8      /* a GET of the whole register: made where files are, one at a time */
};

struct field;
struct resource;

struct route {
    const char *method, *path;
    int may;                        /* enum may; 0 aborts at start */
    handler *run;
    const char *view;               /* template of the page; NULL: no page, JSON only */
    const char *what;               /* one sentence for the API's description, N_() */
    enum shape shape;
    const struct resource *resource;
    const struct field *body;       /* SHAPE_ACTION, SHAPE_PAGE: what is sent; ends with an empty row */
    const struct field *query;      /* parameters of its own; ends with an empty row */
    const char *reply;              /* SHAPE_VIEW: JSON Schema of the answer, as text */
    const char *media;              /* what a script gets instead of JSON (answer.raw), but for embed=page;
                                     * a file without a page is at both addresses */
    handler *prepare;               /* work outside a transaction, on the worker, with a read tx: passwords */
    handler *form;                  /* the page to show again when this form fails */
    unsigned flags;
    size_t file_most;               /* ROUTE_FILE: bytes of the whole body; 0: 10 MB */
};

/* The tables of all features, NULL-terminated, in src/app_features.c. */
extern const struct route *const route_tables[];

#endif
