/* markdown.c: what rendering minutes costs beside cmark alone, for `make bench`.
 *
 * Prints two figures: milliseconds of CPU for a megabyte of minutes, by cmark as it comes, and by
 * the register's renderer, which checks the text before, walks the tree and mends links. Sixteen kB
 * at a time, as long minutes are; the median of nine megabytes each, in turns. */
#include <cmark.h>
#include <kansli/view.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { SIZE = 16 * 1024, TIMES = 64, ROUNDS = 9, HEADING = 4 };

static const char part[] =
    "## 3. Fall i livets slutskede\n\n"
    "Gruppen går igenom läget i *regionerna* och konstaterar att tillgången skiljer sig. Underlaget "
    "finns på [webbplatsen](https://kansli.example/underlag?id=3&del=2).\n\n"
    "- Beslut: Gruppen ställer sig bakom **förslaget** om hjälpmedel.\n"
    "- Åtgärd: @Karin Bergström skriver ett utkast, senast 2026-12-01\n\n"
    "> Den som avstår från att delta i en fråga antecknas vid den.\n\n"
    "1. Norra och Västra svarar i januari.\n"
    "2. Övriga svarar när de har hunnit läsa `underlaget`.\n\n";

static double cpu_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static void with_cmark(const char *text)
{
    char *html = cmark_markdown_to_html(text, strlen(text), CMARK_OPT_VALIDATE_UTF8);
    if (!html)
        exit(1);
    free(html);
}

static void with_kansli(const char *text)
{
    struct err err;
    struct buf buf;
    err_init(&err);
    buf_init(&buf, 1 << 20);
    if (markdown_html(text, HEADING, &buf, &err))
        exit(1);
    buf_release(&buf);
    err_release(&err);
}

static double a_megabyte(const char *text, void (*render)(const char *))
{
    double from = cpu_ms();
    for (int i = 0; i < TIMES; i++)
        render(text);
    return cpu_ms() - from;
}

static int by_size(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

int main(void)
{
    static char text[SIZE + sizeof part];
    double cmark[ROUNDS], kansli[ROUNDS];
    for (size_t n = 0; n < SIZE; n += sizeof part - 1)
        memcpy(text + n, part, sizeof part);
    for (int i = 0; i < ROUNDS; i++) {
        cmark[i] = a_megabyte(text, with_cmark);
        kansli[i] = a_megabyte(text, with_kansli);
    }
    qsort(cmark, ROUNDS, sizeof *cmark, by_size);
    qsort(kansli, ROUNDS, sizeof *kansli, by_size);
    printf("%.2f %.2f\n", cmark[ROUNDS / 2], kansli[ROUNDS / 2]);
    return 0;
}
