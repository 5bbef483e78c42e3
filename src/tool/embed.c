/* embed.c: files → one C file of byte arrays. Runs at build time, from the project's root:
 *
 *     embed OUT.c SV.mo
 *
 * What is sent to browsers stands there as it is and as gzip; everything else in one pack, which
 * asset.c unpacks. Bytes are written as string literals because compilers read those ten times faster
 * than lists of numbers. The output depends on the files' names and contents only, so builds can be compared byte
 * by byte. */
#include <glob.h>
#include <kansli/base.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <zlib.h>

struct file {
    char *path, *name; /* where it is read, and what the binary calls it */
    const char *type;
    unsigned char *bytes, *gzip;
    size_t len, gzip_len;
    bool sent; /* over HTTP, as it is */
    char hash[17];
};

struct list {
    struct file *files;
    size_t n;
};

static const struct {
    const char *pattern;
    const char *strip; /* of the path, for the name */
    bool sent;         /* over HTTP, as it is */
} sources[] = {
    {"web/static/*", "web/", true},
    {"web/templates/*.html", "web/", false},
    {"web/templates/*/*.html", "web/", false},
    {"migrations/*.sql", "", false},
    {"migrations/data/*.csv", "migrations/", false},
    {"migrations/data/*/*.json", "migrations/", false},
    {"migrations/data/papers/*", "migrations/", false},
};

static const char style_type[] = "text/css; charset=utf-8";

static const struct {
    const char *suffix, *type;
    bool packed; /* compressed already */
} types[] = {
    {".css", style_type, false},
    {".js", "text/javascript; charset=utf-8", false},
    {".svg", "image/svg+xml", false},
    {".html", "text/html; charset=utf-8", false},
    {".txt", "text/plain; charset=utf-8", false},
    {".json", "application/json", false},
    {".webmanifest", "application/manifest+json", false},
    {".sql", "application/sql", false},
    {".csv", "text/csv; charset=utf-8", false},
    {".ico", "image/vnd.microsoft.icon", false},
    {".woff2", "font/woff2", true},
    {".pdf", "application/pdf", true},
    {".odt", "application/vnd.oasis.opendocument.text", true},
    {".png", "image/png", true},
    {".jpg", "image/jpeg", true},
};

NORETURN static void die(const char *what, const char *path)
{
    fprintf(stderr, "embed: %s: %s\n", path, what);
    exit(1);
}

static void *room(size_t size)
{
    void *block = malloc(size);
    if (!block)
        die("out of memory", "embed");
    return block;
}

static char *copy(const char *text)
{
    size_t size = strlen(text) + 1;
    return memcpy(room(size), text, size);
}

/* The index in types of a path's ending, or -1. */
static int type_of(const char *path)
{
    for (size_t i = 0; i < LEN(types); i++) {
        size_t len = strlen(path), end = strlen(types[i].suffix);
        if (len > end && strcmp(path + len - end, types[i].suffix) == 0)
            return (int)i;
    }
    return -1;
}

static void file_read(struct file *file)
{
    FILE *in = fopen(file->path, "rb");
    if (!in || fseek(in, 0, SEEK_END) != 0)
        die("cannot be read", file->path);
    long size = ftell(in);
    if (size < 0)
        die("cannot be read", file->path);
    rewind(in);
    file->len = (size_t)size;
    file->bytes = room(file->len + 1);
    if (fread(file->bytes, 1, file->len, in) != file->len)
        die("cannot be read", file->path);
    fclose(in);
}

/* A style sheet's comments and indentation are for us: a tenth of what a first visit would carry.
 * A comment ends a word no more than the blank that stands beside it. */
static void file_trim(struct file *file)
{
    size_t len = 0;
    unsigned char quote = 0;
    for (size_t i = 0; i < file->len; i++) {
        unsigned char c = file->bytes[i];
        bool line_begins = !len || file->bytes[len - 1] == '\n';
        if (!quote && c == '/' && i + 1 < file->len && file->bytes[i + 1] == '*') {
            for (i += 2; i + 1 < file->len && memcmp(file->bytes + i, "*/", 2) != 0;)
                i++;
            i++;
            continue;
        }
        if (quote ? c == quote : c == '"' || c == '\'')
            quote = quote ? 0 : c;
        if (quote || !line_begins || !strchr(" \n", c))
            file->bytes[len++] = c;
    }
    file->len = len;
}

static void file_sum(struct file *file)
{
    unsigned char sum[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(sum, file->bytes, file->len);
    sodium_bin2hex(file->hash, sizeof file->hash, sum, 8);
}

/* Level 9; zlib's own header has no time in it. */
static unsigned char *pack(unsigned char *bytes, size_t len, size_t *packed)
{
    z_stream z;
    memset(&z, 0, sizeof z);
    if (deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY) != Z_OK)
        die("does not start", "zlib");
    size_t most = deflateBound(&z, len);
    unsigned char *out = room(most);
    z.next_in = bytes;
    z.avail_in = (uInt)len;
    z.next_out = out;
    z.avail_out = (uInt)most;
    if (deflate(&z, Z_FINISH) != Z_STREAM_END)
        die("does not compress", "zlib");
    *packed = z.total_out;
    deflateEnd(&z);
    return out;
}

/* Kept when a tenth smaller. */
static void file_pack(struct file *file)
{
    file->gzip = pack(file->bytes, file->len, &file->gzip_len);
    if (file->gzip_len > file->len - file->len / 10) {
        free(file->gzip);
        file->gzip = NULL;
    }
}

static void list_add(struct list *list, const char *path, const char *name, const char *type,
                     bool sent, bool packed)
{
    list->files = realloc(list->files, (list->n + 1) * sizeof *list->files);
    if (!list->files)
        die("out of memory", path);
    struct file *file = &list->files[list->n++];
    memset(file, 0, sizeof *file);
    file->path = copy(path);
    file->name = copy(name);
    file->type = type;
    file->sent = sent;
    file_read(file);
    if (type == style_type)
        file_trim(file);
    file_sum(file);
    if (sent && !packed)
        file_pack(file);
}

static void collect(struct list *list)
{
    for (size_t i = 0; i < LEN(sources); i++) {
        glob_t found;
        int result = glob(sources[i].pattern, GLOB_ERR, NULL, &found);
        if (result == GLOB_NOMATCH || result == GLOB_ABORTED)
            continue;
        if (result != 0)
            die("cannot be listed", sources[i].pattern);
        for (size_t k = 0; k < found.gl_pathc; k++) {
            struct stat info;
            const char *path = found.gl_pathv[k];
            if (stat(path, &info) != 0 || !S_ISREG(info.st_mode))
                continue;
            int type = type_of(path);
            if (type < 0)
                die("has no media type; add it to src/tool/embed.c", path);
            list_add(list, path, path + strlen(sources[i].strip), types[type].type,
                     sources[i].sent, types[type].packed);
        }
        globfree(&found);
    }
}

/* Adjacent string literals of about a hundred columns; what C or a human could misread is octal. */
static void write_bytes(FILE *out, const unsigned char *bytes, size_t len)
{
    int column = 0;
    for (size_t k = 0; k < len; k++) {
        unsigned char c = bytes[k];
        if (column == 0)
            fputs("\n\"", out);
        if (c == '"' || c == '\\')
            column += fprintf(out, "\\%c", c);
        else if (c >= ' ' && c < 0x7f && c != '?')
            column += fprintf(out, "%c", c);
        else
            column += fprintf(out, "\\%03o", c);
        if (column >= 96) {
            fputc('"', out);
            column = 0;
        }
    }
    fputs(column ? "\";\n" : len ? ";\n" : " \"\";\n", out);
}

/* All that is not sent, in the table's order, each with a NUL. */
static void write_pack(FILE *out, const struct list *list)
{
    size_t len = 0, packed;
    for (size_t i = 0; i < list->n; i++)
        len += list->files[i].sent ? 0 : list->files[i].len + 1;
    unsigned char *all = room(len), *at = all;
    for (size_t i = 0; i < list->n; i++) {
        const struct file *file = &list->files[i];
        if (file->sent)
            continue;
        memcpy(at, file->bytes, file->len);
        at[file->len] = '\0';
        at += file->len + 1;
    }
    unsigned char *bytes = pack(all, len, &packed);
    fputs("const unsigned char asset_pack[] =", out);
    write_bytes(out, bytes, packed);
    fprintf(out, "const size_t asset_pack_len = %zu, asset_unpacked_len = %zu;\n", packed, len);
    free(bytes);
    free(all);
}

static void write_file(FILE *out, const struct file *file, size_t i)
{
    fprintf(out, "static const unsigned char bytes%zu[] =", i);
    write_bytes(out, file->bytes, file->len);
    if (!file->gzip)
        return;
    fprintf(out, "static const unsigned char gzip%zu[] =", i);
    write_bytes(out, file->gzip, file->gzip_len);
}

static void write_list(FILE *out, const struct list *list)
{
    fputs("/* Made by src/tool/embed.c; do not edit. */\n#include <kansli/asset.h>\n\n", out);
    for (size_t i = 0; i < list->n; i++)
        if (list->files[i].sent)
            write_file(out, &list->files[i], i);
    write_pack(out, list);
    fputs("\nconst struct asset asset_table[] = {\n", out);
    for (size_t i = 0; i < list->n; i++) {
        const struct file *file = &list->files[i];
        fprintf(out, "    {\"%s\", ", file->name);
        if (file->sent)
            fprintf(out, "bytes%zu, %zu, ", i, file->len);
        else
            fprintf(out, "NULL, %zu, ", file->len);
        if (file->gzip)
            fprintf(out, "gzip%zu, %zu, ", i, file->gzip_len);
        else
            fputs("NULL, 0, ", out);
        fprintf(out, "\"%s\", \"%s\"},\n", file->hash, file->type);
    }
    fprintf(out, "};\nconst size_t asset_count = %zu;\n", list->n);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct file *)a)->name, ((const struct file *)b)->name);
}

int main(int argc, char **argv)
{
    if (argc != 3)
        die("usage: embed OUT.c SV.mo", "embed");
    if (sodium_init() < 0)
        die("libsodium does not start", "embed");
    struct list list = {NULL, 0};
    collect(&list);
    list_add(&list, argv[2], "i18n/sv.mo", "application/x-gettext-translation", false, false);
    qsort(list.files, list.n, sizeof *list.files, by_name);
    FILE *out = fopen(argv[1], "w");
    if (!out)
        die("cannot be written", argv[1]);
    write_list(out, &list);
    if (ferror(out) || fclose(out) != 0) {
        remove(argv[1]);
        die("cannot be written", argv[1]);
    }
    for (size_t i = 0; i < list.n; i++) {
        free(list.files[i].path);
        free(list.files[i].name);
        free(list.files[i].bytes);
        free(list.files[i].gzip);
    }
    free(list.files);
    return 0;
}
