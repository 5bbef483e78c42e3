/* tokenizer.c: how the index over texts sees words, and how it weighs what it finds.
 *
 * Owns the tokenizer "kansli" of the tables of texts: each word stands there folded and, at the same place,
 * as its stems behind a "~" and its first letters behind a "^", which no text can contain; so a phrase
 * is exact, and a word is asked for in either form. And the function text_score(): it looks at one text alone. A weight that knew how
 * often a word stands in the whole register would tell of texts that the reader may not read.
 * Must never know: what is asked (search.c writes the expression; it comes here word by word). */
#include <stdio.h>
#include <string.h>

#include <kansli/utf8.h>
#include <kansli/word.h>

#include "internal.h"

/* ---- the tokenizer ---- */

typedef int take_token(void *context, int flags, const char *token, int n, int start, int end);

static int stemmer_make(void *context, const char **arguments, int n, Fts5Tokenizer **out)
{
    (void)context, (void)arguments, (void)n;
    *out = (Fts5Tokenizer *)stemmer_new();
    return SQLITE_OK;
}

static void stemmer_drop(Fts5Tokenizer *tokenizer)
{
    stemmer_free((struct stemmer *)tokenizer);
}

size_t beginning_of(const char *word)
{
    const char *at = word;
    int letters = 0;

    while (*at && letters < BEGINNING_LETTERS) {
        utf8_next(&at);
        letters++;
    }
    return letters == BEGINNING_LETTERS ? (size_t)(at - word) : 0;
}

/* Where the word itself stands. */
static int take_marked(take_token *take, void *context, char mark, const char *text, size_t n)
{
    char marked[WORD_BYTES + 1];
    int length = snprintf(marked, sizeof marked, "%c%.*s", mark, (int)n, text);

    return take(context, FTS5_TOKEN_COLOCATED, marked, length, 0, 0);
}

static int take_words(struct stemmer *stemmer, void *context, const char *text, int n,
                      take_token *take)
{
    const char *at = text;
    struct word_forms forms;
    struct word word;
    int rc = SQLITE_OK;

    while (!rc && word_next(&at, text + n, &word)) {
        word_forms(stemmer, &word, &forms);
        rc = take(context, 0, forms.plain, (int)strlen(forms.plain), 0, 0);
        for (int i = 0; i < forms.stems && !rc; i++)
            rc = take_marked(take, context, '~', forms.stem[i], strlen(forms.stem[i]));
        size_t beginning = beginning_of(forms.plain);
        if (beginning && !rc)
            rc = take_marked(take, context, '^', forms.plain, beginning);
    }
    return rc;
}

/* What search.c asks for is made of tokens already, with a space between. */
static int take_tokens(void *context, const char *text, int n, take_token *take)
{
    const char *end = text + n;
    int rc = SQLITE_OK;

    while (!rc && text < end) {
        const char *space = memchr(text, ' ', (size_t)(end - text));
        const char *stop = space ? space : end;
        if (stop > text)
            rc = take(context, 0, text, (int)(stop - text), 0, 0);
        text = stop + 1;
    }
    return rc;
}

static int tokenize(Fts5Tokenizer *tokenizer, void *context, int flags, const char *text, int n,
                    take_token *take)
{
    if (flags & FTS5_TOKENIZE_QUERY)
        return take_tokens(context, text, n, take);
    return take_words((struct stemmer *)tokenizer, context, text, n, take);
}

/* ---- the weight of a text ---- */

enum { IN_TITLE = 10, IN_TEXT_MOST = 3 };

/* A word in the title counts most, in the text up to three times; a word found in its very form
 * counts twice, since its stem is found there, too. */
static void text_score(const Fts5ExtensionApi *api, Fts5Context *fts, sqlite3_context *context,
                       int n, sqlite3_value **value)
{
    long long score = 0;

    (void)n, (void)value;
    for (int phrase = 0; phrase < api->xPhraseCount(fts); phrase++) {
        Fts5PhraseIter iter;
        int column, at, in_text = 0;
        int rc = api->xPhraseFirst(fts, phrase, &iter, &column, &at);
        if (rc) {
            sqlite3_result_error_code(context, rc);
            return;
        }
        if (column == 0)
            score += IN_TITLE;
        for (; column >= 0 && in_text < IN_TEXT_MOST; api->xPhraseNext(fts, &iter, &column, &at))
            in_text += column > 0;
        score += in_text;
    }
    sqlite3_result_int64(context, score);
}

/* ---- told to SQLite ---- */

static fts5_api *api_of(sqlite3 *sqlite)
{
    fts5_api *api = NULL;
    sqlite3_stmt *stmt = NULL;

    if (sqlite3_prepare_v2(sqlite, "SELECT fts5(?1)", -1, &stmt, NULL) == SQLITE_OK) {
        sqlite3_bind_pointer(stmt, 1, &api, "fts5_api_ptr", NULL);
        sqlite3_step(stmt);
    }
    sqlite3_finalize(stmt);
    return api;
}

int tokenizer_add(struct conn *conn)
{
    fts5_tokenizer tokenizer = {stemmer_make, stemmer_drop, tokenize};
    fts5_api *api = api_of(conn->sqlite);

    if (!api)
        return SQLITE_ERROR;
    int rc = api->xCreateTokenizer(api, "kansli", NULL, &tokenizer, NULL);
    return rc ? rc : api->xCreateFunction(api, "text_score", NULL, text_score, NULL);
}
