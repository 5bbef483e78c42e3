/* paper_type.c: what a file is, told by its content.
 *
 * Owns the seven kinds that are taken, and what makes a file one of them. Neither its name nor what
 * a client says counts. A file that is two things at once (a PDF with a zip file behind it, a zip
 * file with something before or behind it) is none. What can run (macros of either family) is
 * refused, and every part is unpacked once, counted and thrown away, so that no bomb is handed on.
 * XML is searched, not parsed: it is made plain first by refusing what could write a word in
 * another way (another encoding, character references, comments, declarations). Must never know
 * where the bytes go. */
#define _GNU_SOURCE /* memmem */
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <kansli/zip.h>
#include "paper.h"

#define ODF "application/vnd.oasis.opendocument."
#define OOXML "application/vnd.openxmlformats-officedocument."

enum kind { PDF, ODT, ODS, ODP, DOCX, XLSX, PPTX, KINDS };

static const struct paper_kind kinds[KINDS] = {
    [PDF] = {"application/pdf", ".pdf"},
    [ODT] = {ODF "text", ".odt"},
    [ODS] = {ODF "spreadsheet", ".ods"},
    [ODP] = {ODF "presentation", ".odp"},
    [DOCX] = {OOXML "wordprocessingml.document", ".docx"},
    [XLSX] = {OOXML "spreadsheetml.sheet", ".xlsx"},
    [PPTX] = {OOXML "presentationml.presentation", ".pptx"},
};

const struct value paper_media_types[] = {
    {"application/pdf", N_("PDF")},
    {ODF "text", N_("OpenDocument text")},
    {ODF "spreadsheet", N_("OpenDocument spreadsheet")},
    {ODF "presentation", N_("OpenDocument presentation")},
    {OOXML "wordprocessingml.document", N_("Word document")},
    {OOXML "spreadsheetml.sheet", N_("Excel workbook")},
    {OOXML "presentationml.presentation", N_("PowerPoint presentation")},
    {NULL, NULL},
};

const struct paper_kind *paper_kind_named(const char *media_type)
{
    for (size_t i = 0; i < KINDS; i++)
        if (!strcmp(kinds[i].media_type, media_type))
            return &kinds[i];
    BUG("no paper is %s", media_type);
}

/* ---------------------------------------------------------------- refusals */

static enum code not_taken(struct err *err)
{
    return err_set(err, E_INPUT, "paper-type",
                   N_("This is neither a PDF nor a document of LibreOffice or Microsoft Office "
                      "(.odt, .ods, .odp, .docx, .xlsx, .pptx). What counts is what the file "
                      "holds, not its name. Save it as a PDF."));
}

static enum code damaged(struct err *err)
{
    return err_set(err, E_INPUT, "paper-damaged",
                   N_("The file is damaged or not whole. Open it in the program that made it, save "
                      "it anew, and choose it again."));
}

static enum code runs(struct err *err)
{
    return err_set(err, E_INPUT, "paper-macros",
                   N_("There are macros in the file. Save it without them, or as a PDF."));
}

static enum code bursts(struct err *err)
{
    return err_set(err, E_INPUT, "paper-packed",
                   N_("The file grows too much when it is unpacked. Save it as a PDF."));
}

/* ---------------------------------------------------------------- ends */

enum { ZIP_END = 22, ZIP_NOTE = 65535, PDF_TAIL = 1024 };

static size_t two_bytes(const char *at)
{
    return (size_t)(unsigned char)at[0] | (size_t)(unsigned char)at[1] << 8;
}

/* A zip file is read from its end: the last 22 bytes, or those before a note that fills the rest:
 * programs that look for one find it there, whatever the file begins with. */
static bool ends_as_zip(const char *bytes, size_t n, size_t note_most)
{
    for (size_t note = 0; note <= note_most && ZIP_END + note <= n; note++) {
        const char *at = bytes + n - ZIP_END - note;
        if (!memcmp(at, "PK\005\006", 4) && two_bytes(at + 20) == note)
            return true;
    }
    return false;
}

static bool holds(const char *bytes, size_t n, const char *what)
{
    return memmem(bytes, n, what, strlen(what)) != NULL;
}

static enum code check_pdf(const char *bytes, size_t n, struct err *err)
{
    bool known = n > 7 && (bytes[5] == '1' || bytes[5] == '2') && bytes[6] == '.';
    if (!known || ends_as_zip(bytes, n, ZIP_NOTE))
        return not_taken(err);
    size_t tail = n < PDF_TAIL ? n : PDF_TAIL;
    return holds(bytes + n - tail, tail, "%%EOF") ? OK : damaged(err);
}

/* ---------------------------------------------------------------- parts of a zip file */

enum { PART_KEPT = 1 << 18 }; /* of the parts that are looked into */

struct package {
    struct zip_file_in *zip;
    struct buf types;    /* [Content_Types].xml */
    struct buf mimetype;
    struct err *err;
};

static bool count(void *arg, const char *bytes, size_t n)
{
    if (arg)
        buf_add(arg, bytes, n);
    return true;
}

static bool ends(const char *name, const char *ending)
{
    size_t n = strlen(name), m = strlen(ending);
    return n >= m && !strcasecmp(name + n - m, ending);
}

static bool begins(const char *name, const char *beginning)
{
    return !strncasecmp(name, beginning, strlen(beginning));
}

/* Where macros live: Basic and scripts of ODF; Visual Basic and Excel's old sheets. */
static bool is_program(const char *name)
{
    return begins(name, "Basic/") || begins(name, "Scripts/") || ends(name, "vbaProject.bin") ||
           ends(name, "vbaData.xml") || begins(name, "xl/macrosheets/");
}

/* Two parts of one name, or one that points outside: programs differ in which they read. */
static bool is_strange(const struct package *package, size_t i, const char *name)
{
    if (!*name || *name == '/' || strchr(name, '\\') || begins(name, "../") || strstr(name, "/../"))
        return true;
    for (size_t j = 0; j < i; j++)
        if (!strcasecmp(zip_in_name(package->zip, j), name))
            return true;
    return false;
}

static enum code read_part(struct package *package, size_t i, const char *name)
{
    struct buf *into = !strcmp(name, "[Content_Types].xml") ? &package->types
                       : !strcmp(name, "mimetype")          ? &package->mimetype
                                                            : NULL;
    struct err inner;
    if (is_strange(package, i, name))
        return damaged(package->err);
    if (is_program(name))
        return runs(package->err);
    err_init(&inner);
    enum code c = zip_in_read(package->zip, name, count, into, &inner);
    err_release(&inner);
    if (c)
        return c == E_TOO_BIG ? bursts(package->err) : damaged(package->err);
    return into && into->full ? bursts(package->err) : OK;
}

static enum code read_parts(struct package *package)
{
    const char *name;
    for (size_t i = 0; (name = zip_in_name(package->zip, i)); i++) {
        enum code c = read_part(package, i, name);
        if (c)
            return c;
    }
    return OK;
}

/* ---------------------------------------------------------------- ODF */

/* Its first part, unpacked, so that everybody sees it: bytes 30 and on of the file. */
static bool names_itself_first(const char *bytes, size_t n)
{
    return n > 38 && !two_bytes(bytes + 8) && two_bytes(bytes + 26) == 8 &&
           !memcmp(bytes + 30, "mimetype", 8);
}

static enum code find_odf(const struct package *package, const struct paper_kind **kind)
{
    if (!zip_in_has(package->zip, "META-INF/manifest.xml") ||
        !zip_in_has(package->zip, "content.xml"))
        return damaged(package->err);
    for (size_t i = ODT; i <= ODP; i++)
        if (!strcmp(package->mimetype.data, kinds[i].media_type) &&
            package->mimetype.len == strlen(kinds[i].media_type))
            *kind = &kinds[i];
    return *kind ? OK : not_taken(package->err);
}

/* ---------------------------------------------------------------- Office Open XML */

/* The element around `at` names the part that is the document, and the part is there. */
static bool names_its_part(const struct package *package, const char *at)
{
    static const char attribute[] = "PartName=";
    const char *start = at, *stop = strchr(at, '>'), *name;
    char part[200];
    while (start > package->types.data && *start != '<')
        start--;
    name = stop ? memmem(start, (size_t)(stop - start), attribute, sizeof attribute - 1) : NULL;
    if (!name)
        return false;
    name += sizeof attribute - 1;
    size_t n = *name == '"' || *name == '\'' ? strcspn(name + 1, "\"'>") : 0;
    if (n < 2 || n > sizeof part || name[1] != '/')
        return false;
    memcpy(part, name + 2, n - 1);
    part[n - 1] = '\0';
    return zip_in_has(package->zip, part);
}

/* The one main part among those that the file lists. */
static enum code find_ooxml(const struct package *package, const struct paper_kind **kind)
{
    const char *types = package->types.data;
    size_t n = package->types.len;
    if (!n || strlen(types) != n || strstr(types, "&#") || strstr(types, "<!"))
        return not_taken(package->err);
    if (strcasestr(types, "macroEnabled") || strcasestr(types, "macrosheet") ||
        strcasestr(types, "vbaProject"))
        return runs(package->err);
    for (size_t i = DOCX; i <= PPTX; i++) {
        char main_type[120];
        snprintf(main_type, sizeof main_type, "%s.main+xml", kinds[i].media_type);
        for (const char *at = types; (at = strstr(at, main_type)); at++) {
            if (*kind || !names_its_part(package, at))
                return not_taken(package->err);
            *kind = &kinds[i];
        }
    }
    return *kind && zip_in_has(package->zip, "_rels/.rels") ? OK : not_taken(package->err);
}

static enum code look_into(struct package *package, bool odf, const struct paper_kind **kind)
{
    enum code c = read_parts(package);
    if (c)
        return c;
    return odf ? find_odf(package, kind) : find_ooxml(package, kind);
}

static enum code check_zip(const char *bytes, size_t n, const struct paper_kind **kind,
                           struct err *err)
{
    struct package package = {.err = err};
    struct err inner;
    if (!ends_as_zip(bytes, n, 0))
        return damaged(err);
    err_init(&inner);
    enum code c = zip_in_open(bytes, n, &package.zip, &inner);
    err_release(&inner);
    if (c)
        return c == E_TOO_BIG ? bursts(err) : damaged(err);
    buf_init(&package.types, PART_KEPT);
    buf_init(&package.mimetype, PART_KEPT);
    c = look_into(&package, names_itself_first(bytes, n), kind);
    buf_release(&package.types);
    buf_release(&package.mimetype);
    zip_in_close(package.zip);
    return c;
}

enum code paper_kind_of(const char *bytes, size_t n, const struct paper_kind **kind,
                        struct err *err)
{
    *kind = NULL;
    if (n > ZIP_END && !memcmp(bytes, "PK\003\004", 4))
        return check_zip(bytes, n, kind, err);
    if (n < 5 || memcmp(bytes, "%PDF-", 5))
        return not_taken(err);
    *kind = &kinds[PDF];
    return check_pdf(bytes, n, err);
}
