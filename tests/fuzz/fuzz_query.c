/* fuzz_query.c: what stands in an address and in If-Match. The first line is a search, the second
 * an If-Match, the rest a list's query: whatever they say, a real register answers or refuses. */
#include <kansli/audit.h>
#include <kansli/log.h>
#include <kansli/utf8.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../src/core/resource.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct db *db;
static char directory[] = "/tmp/kansli-fuzz-XXXXXX";

static void close_register(void)
{
    char command[64];
    db_close(db);
    snprintf(command, sizeof command, "rm -r %s", directory);
    if (system(command))
        perror(command);
}

static void open_register(void)
{
    char path[64];
    struct err err;
    err_init(&err);
    log_level(LOG_FAULT + 1);
    MUST(mkdtemp(directory));
    snprintf(path, sizeof path, "%s/register", directory);
    MUST(db_create(path, &err) == OK);
    MUST(db_open(path, &(struct db_options){.readers = 1}, &db, &err) == OK);
    atexit(close_register);
}

static const char *same_text(int lang, const char *msgid)
{
    (void)lang;
    return msgid;
}

/* A match expression is one that the index understands. */
static void check_search(struct tx *tx, const char *q)
{
    const char *match = db_index_query(tx_arena(tx), q);
    MUST(!match || *match);
    if (match)
        db_int(tx, 0, "SELECT count(*) FROM search_text WHERE search_text MATCH ?1", match);
    match = db_text_query(tx_arena(tx), q);
    MUST(!match || *match);
    if (match)
        db_int(tx, 0, "SELECT count(*) FROM search_minutes WHERE search_minutes MATCH ?1", match);
    MUST(tx_code(tx) == OK);
}

static void check_etag(const char *header)
{
    static const long long versions[] = {0, 1, 2, 33, 444, INT64_MAX};
    char number[24];
    for (size_t i = 0; i < LEN(versions); i++) {
        snprintf(number, sizeof number, "%lld", versions[i]);
        if (etag_names(header, versions[i]) &&
            versions[i] != INT64_MAX) /* too long a number is the largest */
            MUST(strstr(header, number));
    }
}

static void check_list(struct tx *tx, const char *text)
{
    struct params query, body;
    struct err err;
    struct actor actor = {.everything = true};
    err_init(&err);
    params_init(&query);
    params_init(&body);
    if (params_form(tx_arena(tx), text, strlen(text), true, &query, &err) == OK) {
        struct ctx ctx = {.arena = tx_arena(tx), .tx = tx, .err = &err, .actor = &actor,
                          .text = same_text, .base_url = "", .path = "/audit-events",
                          .today = "2026-11-22", .day = "2026-11-22", .query = &query,
                          .body = &body};
        json_t *list;
        enum code c = resource_list(&ctx, &audit_resource, (struct fixed){0}, &list);
        MUST(c == err.code && (c == OK || c == E_INPUT) && (c == OK) == (list != NULL));
        json_decref(list);
    }
    MUST(tx_code(tx) == OK);
    err_release(&err);
    params_release(&query);
    params_release(&body);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!db)
        open_register();
    struct arena *arena = arena_new(64 << 20);
    char *search = arena_strndup(arena, (const char *)data, size), *etag, *query;
    etag = strchr(search, '\n');
    if (etag)
        *etag++ = '\0';
    query = etag ? strchr(etag, '\n') : NULL;
    if (query)
        *query++ = '\0';
    char *clean;
    struct tx *tx = db_read(db, arena);
    if (!text_clean(arena, search, strlen(search), false, &clean))
        check_search(tx, clean);
    check_etag(etag ? etag : "");
    check_list(tx, query ? query : "");
    db_read_end(tx);
    arena_free(arena);
    return 0;
}
