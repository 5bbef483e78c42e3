/* app_static.c: style, script, icons and fonts, as they were embedded, or from the directory that a
 * designer works in.
 *
 * Owns the prepared answers of files. An address with ?v= is kept by the browser for a year; the
 * version is the file's digest. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <kansli/asset.h>
#include "app.h"

static struct http_static **prepared; /* beside asset_all() */
static char *addresses[4];

static const char *versioned(int i, const char *name)
{
    const struct asset *asset = asset_find(name);
    MUST(asset);
    size_t n = strlen(name) + strlen(asset->hash) + 8;
    addresses[i] = must_malloc(n);
    snprintf(addresses[i], n, "/%s?v=%s", name, asset->hash);
    return addresses[i];
}

void statics_start(void)
{
    size_t n;
    const struct asset *all = asset_all(&n);
    prepared = must_calloc(n, sizeof *prepared);
    for (size_t i = 0; i < n; i++)
        if (!strncmp(all[i].name, "static/", 7))
            prepared[i] = http_static_new(all[i].type, all[i].bytes, all[i].len, all[i].gzip,
                                          all[i].gzip_len, NULL);
    app.css = versioned(0, "static/style.css");
    app.js = versioned(1, "static/app.js");
    app.icons = "/static/icons.svg"; /* one address, so that <use> and style sheet share it */
    app.font = "/static/ssans-latin.woff2";
}

void statics_stop(void)
{
    size_t n;
    asset_all(&n);
    for (size_t i = 0; i < n; i++)
        http_static_release(prepared[i]);
    free(prepared);
    for (size_t i = 0; i < LEN(addresses); i++)
        free(addresses[i]);
}

/* KANSLI_WEB: the file as it is now; its name was found among the embedded ones, so it leads
 * nowhere else. */
static bool from_directory(const char *directory, struct request *request, struct reply *reply,
                           const struct asset *asset)
{
    FILE *file = fopen(arena_printf(request->arena, "%s/%s", directory, asset->name), "rb");
    if (!file)
        return false;
    char *bytes = arena_alloc(request->arena, 4 << 20);
    reply->body_len = fread(bytes, 1, 4 << 20, file);
    fclose(file);
    reply->status = 200;
    reply->type = asset->type;
    reply->body = bytes;
    reply_header(reply, "Cache-Control", "no-store");
    return true;
}

bool static_reply(struct request *request, struct reply *reply)
{
    bool reads = !strcmp(request->method, "GET") || !strcmp(request->method, "HEAD");
    const char *path = request->path;
    const char *name = !strcmp(path, "/favicon.ico") ? "static/favicon.svg" : path + 1;
    const struct asset *asset = reads && !strncmp(name, "static/", 7) ? asset_find(name) : NULL;
    if (!asset)
        return false;
    if (getenv("KANSLI_WEB") && from_directory(getenv("KANSLI_WEB"), request, reply, asset))
        return true;
    const char *etag = arena_printf(request->arena, "\"%s\"", asset->hash);
    const char *seen = request_header(request, "If-None-Match");
    reply_header(reply, "ETag", etag);
    reply_header(reply, "Cache-Control",
                 strstr(request->query, "v=") ? "public, max-age=31536000, immutable"
                                              : "public, max-age=3600");
    reply->status = seen && strstr(seen, etag) ? 304 : 200;
    if (reply->status == 200)
        reply->fixed = prepared[asset - asset_all(&(size_t){0})];
    return true;
}
