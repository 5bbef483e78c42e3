/* app_start.c: the program begins and ends.
 *
 * Owns: struct app, and the order in which its parts come and go: templates, routes, the register,
 * workers, the server, the threads beside it; and back. What a request goes through is app.c's. */
#include <stdlib.h>
#include <string.h>
#include <kansli/account.h>
#include <kansli/site.h>
#include <kansli/texts.h>
#include <kansli/view.h>
#include "app.h"

enum {
    PER_SECOND = 200, BURST = 1000, /* of one caller, until the settings are read */
    CALLERS = 10000,                /* that are counted */
    OF_ONE = 500,                   /* connections of one address: half of all */
    CACHE_BYTES = 32 << 20,
    STOP_MS = 10000                 /* for requests under way */
};

struct app app;

/* ---------------------------------------------------------------- before the first request */

/* A row with a page, or with a file, answers both addresses; what changes something is reachable by
 * forms too. */
static void add_route(const struct route *route)
{
    if (!route->may)
        BUG("%s %s has no permission", route->method, route->path);
    if (route->view && !view_exists(route->view))
        BUG("%s %s: no template %s", route->method, route->path, route->view);
    if (route->shape != SHAPE_PAGE)
        router_add(app.api, route->method, route->path, route);
    if (route->view || route->media || route->shape == SHAPE_PAGE || strcmp(route->method, "GET"))
        router_add(app.pages, route->method, route->path, route);
}

static void add_routes(void)
{
    app.api = router_new();
    app.pages = router_new();
    for (const struct route *const *table = route_tables; *table; table++)
        for (const struct route *route = *table; route->method; route++)
            add_route(route);
}

static enum code read_secret(struct err *err)
{
    struct arena *arena = arena_new(1 << 16);
    struct tx *tx = db_read(app.db, arena);
    const char *secret = db_text(tx, "SELECT value FROM setting WHERE name = 'serverSecret'");
    app.demo = db_exists(tx, "SELECT 1 FROM setting WHERE name = 'demo' AND value = 'true'");
    app.secret = secret ? must_strdup(secret) : NULL;
    db_read_end(tx);
    arena_free(arena);
    return app.secret ? OK
                      : err_set(err, E_INTERNAL, "no-secret", N_("The register has no secret: it is "
                                                                 "not whole."));
}

/* The address that the world sees is kept, for the links that `kansli user add` prints. */
static enum code keep_base(struct tx *tx, void *base)
{
    if (db_exists(tx, "SELECT 1 FROM setting WHERE name = 'baseUrl' AND value = ?1",
                  (const char *)base))
        return OK;
    return db_run(tx, "INSERT INTO setting (name, value) VALUES ('baseUrl', ?1) "
                      "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                  (const char *)base);
}

static enum code remember_base(const char *base, struct err *err)
{
    char copy[300];
    struct arena *arena = arena_new(1 << 16);
    snprintf(copy, sizeof copy, "%s", base);
    enum code c = db_write_wait(app.db, arena, err, keep_base, copy);
    arena_free(arena);
    return c;
}

static enum code renew_texts(struct tx *tx, void *err)
{
    struct ctx ctx;
    app_command_ctx(&ctx, tx, tx_arena(tx), err);
    return texts_renew(&ctx);
}

/* Of a register that another program made, or another library stemmed: before anybody searches. */
static enum code ready_texts(struct err *err)
{
    struct arena *arena = arena_new(SIZE_MAX);
    struct tx *tx = db_read(app.db, arena);
    bool ready = texts_are_there(tx);
    enum code c = tx_code(tx);
    db_read_end(tx);
    if (!c && !ready)
        c = db_write_wait(app.db, arena, err, renew_texts, err);
    arena_free(arena);
    return c;
}

/* Before the first request: its links need a base. */
static void app_ready(const char *address)
{
    if (!app.base_url)
        app.base_url = must_strdup(address);
}

void limits_read(void)
{
    if (!app.limit)
        return;
    struct arena *arena = arena_new(1 << 16);
    struct tx *tx = db_read(app.db, arena);
    struct site_limits limits = site_limits(tx);
    bool known = !tx_code(tx);
    db_read_end(tx);
    arena_free(arena);
    if (known)
        limit_set(app.limit, limits.per_second, 1, limits.burst);
}

/* ---------------------------------------------------------------- start and stop */

enum code app_start(const struct app_options *options, const char **address, struct err *err)
{
    enum code c = view_start(getenv("KANSLI_WEB"), err);
    if (c)
        return c;
    add_routes();
    const char *caching = getenv("KANSLI_PAGE_CACHE");
    app.caching = !getenv("KANSLI_WEB") && !(caching && !strcmp(caching, "0"));
    app.secure = options->base_url && !strncmp(options->base_url, "https://", 8);
    statics_start();
    c = post_prepare(err);
    if (!c)
        c = db_open(options->db, &(struct db_options){0}, &app.db, err);
    if (!c)
        c = read_secret(err);
    if (!c && options->base_url)
        c = remember_base(options->base_url, err);
    if (!c)
        c = ready_texts(err);
    if (c)
        return c;
    app.worker = worker_new(2);
    app.exporter = worker_new(1);
    app.cache = cache_new(CACHE_BYTES);
    app.limit = options->no_limits ? NULL : limit_new(PER_SECOND, 1, BURST, CALLERS);
    limits_read();
    app.base_url = options->base_url ? must_strdup(options->base_url) : NULL;
    account_start(!options->no_limits);
    site_start(!options->no_limits);
    struct http_options http = {.listen = options->listen,
                                .proxy = options->proxy,
                                .per_address = options->proxy || options->no_limits ? 0 : OF_ONE,
                                .secure = app.secure};
    struct http_app http_app = {app_head, app_body, app_resumed, app_done,
                                app.secure ? app_headers : app_headers + 2, app_refuse, app_ready};
    c = http_start(&http, &http_app, &app.http, err);
    if (c)
        return c;
    post_start();
    chores_start();
    imports_start();
    *address = http_address(app.http);
    return OK;
}

void app_stop(void)
{
    atomic_store(&app.leaving, true);
    post_stop_soon();
    imports_stop();
    chores_stop();
    http_stop(app.http, STOP_MS);
    post_stop();
    worker_free(app.worker);
    worker_free(app.exporter);
    db_close(app.db);
    cache_free(app.cache);
    limit_free(app.limit);
    account_stop();
    router_free(app.api);
    router_free(app.pages);
    statics_stop();
    view_stop();
    free((char *)app.secret);
    free((char *)app.base_url); /* its own: threads use it until they end */
}

/* ---------------------------------------------------------------- as the program itself */

void app_command_ctx(struct ctx *ctx, struct tx *tx, struct arena *arena, struct err *err)
{
    static const struct actor command = {.account_id = "kansli", .everything = true};
    static struct params nothing;
    static const struct route none = {.method = "POST", .path = "/"};
    char today[DAY_SIZE];
    memset(ctx, 0, sizeof *ctx);
    day_today(today);
    ctx->arena = arena;
    ctx->tx = tx;
    ctx->err = err;
    ctx->actor = &command;
    ctx->route = &none;
    ctx->lang = LANG_SV;
    ctx->text = lang_text;
    ctx->markdown = markdown_html;
    ctx->markdown_version = markdown_version;
    ctx->markdown_lines = markdown_lines;
    ctx->markdown_marked = markdown_marked;
    ctx->api = true;
    ctx->base_url = "";
    ctx->path = "/";
    ctx->today = ctx->day = arena_strdup(arena, today);
    ctx->query = ctx->body = &nothing;
}
