/* app_page.c: what stands around the document of a page: navigation, who reads, the page's own
 * addresses, the anti-forgery token, a message, the day.
 *
 * Owns the one member `page` that every template finds beside its document. Must not know any
 * feature's documents, nor how a page is sent (app_reply.c). Of the features it asks one thing, how
 * much waits for the reader: the navigation counts it on every page, also on a refusal. */
#include <string.h>
#include <kansli/json.h>
#include <kansli/task.h>
#include <kansli/view.h>
#include "app.h"

const char *call_address(struct call *call)
{
    return arena_printf(call->request->arena, "%s%s%s", call->request->path,
                        *call->request->query ? "?" : "", call->request->query);
}

/* ---------------------------------------------------------------- navigation */

enum { LOGGED_IN = 1 << 16 }; /* beside enum role */

/* What does not stand here is a tab of what does: one line holds it all at 1280 px, also for who
 * administers. */
static const struct {
    const char *href, *label, *prefix;
    unsigned roles; /* 0: everyone */
} navigation[] = {
    {"/me/tasks", N_("To do"), "/me/tasks", LOGGED_IN},
    {"/levels", N_("Groups"),
     "/levels /groups /tree /matrix /vacancies /memberships /mandates /organisations", 0},
    {"/persons", N_("People"), "/persons /imports", 0},
    {"/nomination-calls", N_("Nominations"), "/nomination-calls /nominations /declarations", 0},
    {"/meetings", N_("Meetings"),
     "/meetings /minutes /decisions /actions /status-reports /calendar", 0},
    {"/plans", NC_("menu", "Plans"), "/plans /steering /reviews /gaps", 0},
    {"/statistics", N_("Statistics"), "/statistics", 0},
    {"/administration", N_("Administration"),
     "/administration /accounts /audit-events /checks /declaration-forms /group-kinds /mails "
     "/retention-rules /settings /shortcomings /site-texts",
     ROLE_SUPPORT | ROLE_AUDITOR | ROLE_ADMINISTRATOR},
};

static bool within(const char *path, const char *prefixes)
{
    for (const char *at = prefixes; *at; at += strspn(at, " ")) {
        size_t n = strcspn(at, " ");
        if (!strncmp(path, at, n) && (!path[n] || path[n] == '/'))
            return true;
        at += n;
    }
    return false;
}

/* How much waits for the reader, also on a page that was refused before the register was asked: in
 * a snapshot of its own, since the answer's has gone back. */
static long long waiting(struct call *call)
{
    struct ctx ctx = call->ctx;
    struct err err;
    err_init(&err);
    ctx.tx = db_read(app.db, call->request->arena);
    ctx.err = &err;
    ctx.standing = NULL;
    ctx.gathered = NULL;
    long long n = tasks_count(&ctx);
    db_read_end(ctx.tx);
    err_release(&err);
    return n;
}

static json_t *page_navigation(struct call *call)
{
    json_t *nav = json_array();
    bool own = call->actor.account_key && !call->actor.half;
    unsigned is = call->actor.roles | (own ? LOGGED_IN : 0);
    long long count = own ? waiting(call) : 0;
    for (size_t i = 0; i < LEN(navigation); i++) {
        if (navigation[i].roles && !(navigation[i].roles & is))
            continue;
        bool counted = navigation[i].roles == LOGGED_IN && count;
        json_t *item = json_push(nav, json_object());
        json_put(item, "href", navigation[i].href);
        json_put(item, "label", lang_text(call->ctx.lang, navigation[i].label));
        json_put_bool(item, "current", within(call->path, navigation[i].prefix));
        json_put_new(item, "count", counted ? json_integer((json_int_t)count) : NULL);
    }
    return nav;
}

/* ---------------------------------------------------------------- the page */

static json_t *page_user(struct call *call)
{
    const struct actor *actor = &call->actor;
    if (!actor->account_key)
        return json_null();
    json_t *user = json_object();
    json_put(user, "name", actor->name ? actor->name : actor->email);
    json_put(user, "email", actor->email);
    json_put_bool(user, "half", actor->half);
    json_put_bool(user, "support", (actor->roles & ROLE_SUPPORT) != 0);
    json_put_bool(user, "administrator", (actor->roles & ROLE_ADMINISTRATOR) != 0);
    return user;
}

/* The same address without asOf, so that a page of another day leads back to today. */
static const char *today_address(struct call *call)
{
    struct buf buf;
    const char *name;
    json_t *value;
    buf_init(&buf, 16384);
    buf_adds(&buf, call->path);
    bool first = true;
    json_object_foreach(call->query.values, name, value) {
        if (!strcmp(name, "asOf") || !json_is_string(value))
            continue;
        buf_addc(&buf, first ? '?' : '&');
        first = false;
        buf_url(&buf, name, strlen(name));
        buf_addc(&buf, '=');
        buf_url(&buf, json_string_value(value), json_string_length(value));
    }
    const char *text = arena_strndup(call->request->arena, buf.data, buf.len);
    buf_release(&buf);
    return text;
}

static void page_places(struct call *call, json_t *page)
{
    struct arena *arena = call->request->arena;
    bool twin = call->route && call->route->shape != SHAPE_PAGE && !call->code;
    const char *query = call->request->query;
    bool reads = !call->route || !strcmp(call->route->method, "GET");
    const char *here = reads ? call_address(call) : "/";
    json_put(page, "path", call->path);
    json_put(page, "query", query);
    json_put(page, "returnTo", here);
    json_put(page, "todayAddress", call->ctx.as_of ? today_address(call) : NULL);
    json_put(page, "api", twin && reads ? arena_printf(arena, "/api/v1%s%s%s", call->path,
                                                       *query ? "?" : "", query)
                                        : NULL);
    json_put(page, "baseUrl", app.base_url);
    json_put(page, "css", app.css);
    json_put(page, "js", app.js);
    json_put(page, "icons", app.icons);
    json_put(page, "font", app.font);
}

json_t *page_around(struct call *call, const char *title)
{
    json_t *page = json_object();
    int lang = call->ctx.lang;
    const char *theme = call->theme ? call->theme : "";
    json_put(page, "lang", lang_code[lang]);
    json_put(page, "theme", !strcmp(theme, "light") || !strcmp(theme, "dark") ? theme : "");
    json_put(page, "title", title ? title : "kansli");
    json_put(page, "siteName", "kansli");
    json_put_new(page, "nav", page_navigation(call));
    json_put_new(page, "user", page_user(call));
    json_put(page, "csrf", call->actor.csrf ? call->actor.csrf : "");
    json_put(page, "flash", call->flash ? lang_text(lang, call->flash) : NULL);
    json_put(page, "today", call->today);
    json_put(page, "asOf", call->ctx.as_of);
    json_put(page, "asOfLabel",
             call->ctx.as_of ? day_words(call->request->arena, call->ctx.as_of, lang_code[lang], false)
                             : NULL);
    json_put_bool(page, "keysOff", call->actor.account_key && !call->actor.shortcuts);
    json_put_bool(page, "demo", app.demo);
    page_places(call, page);
    json_t *around = json_object();
    json_put_new(around, "page", page);
    return around;
}
