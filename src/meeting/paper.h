/* paper.h: what the files of papers share. Not for others.
 *
 * paper.c is the resource and its rules; paper_type.c tells what a file is by its content;
 * paper_file.c keeps the bytes, gives them back and logs who got them; paper_pages.c has pages and
 * addresses. */
#ifndef KANSLI_MEETING_PAPER_H
#define KANSLI_MEETING_PAPER_H

#include <kansli/buf.h>
#include "pages.h"

enum {
    PAPER_BYTES = 20 << 20,  /* of a file: 20 MB */
    PAPER_FORM = 1 << 20,    /* what a form with one may say besides */
    PAPER_PIECE = 128 << 10, /* of it in a row */
    PAPERS_MOST = 100        /* at a meeting */
};

/* ---- paper_type.c ---- */

struct paper_kind {
    const char *media_type, *ending; /* ".pdf" */
};
/* What the bytes are, by nothing but the bytes. E_INPUT paper-type: none of the seven kinds (PDF,
 * ODF, Office Open XML), or two at once; paper-macros: a program is in it; paper-damaged: it cannot
 * be read to its end; paper-packed: it grows too much when unpacked. */
NODISCARD enum code paper_kind_of(const char *bytes, size_t n, const struct paper_kind **kind,
                                  struct err *err);
/* The kind of a media type that paper_kind_of gave. */
const struct paper_kind *paper_kind_named(const char *media_type);
extern const struct value paper_media_types[];

/* ---- paper_file.c ---- */

/* What a file was called, as a title: without path and its kind's ending; NULL when nothing usable
 * is left. */
const char *paper_stem(struct arena *arena, const char *name, const struct paper_kind *kind);
/* What a download is saved as: the stem (else the title) with the kind's own ending, without what a
 * file system or a header takes for more than a name. */
const char *paper_file_name(struct arena *arena, const char *stem, const char *title,
                            const struct paper_kind *kind);
NODISCARD enum code paper_keep(struct ctx *ctx, long long key, const struct upload *upload);
/* GET /meetings/{id}/papers/{paperId}/file. */
handler paper_download;
/* Whether a download of the meeting's papers is logged: not everyone may read them. */
bool paper_is_logged(struct ctx *ctx, long long meeting_key);
/* Who was given what, the latest first: [{byName, at, paperId, paperTitle}]. New reference. */
json_t *paper_readings(struct ctx *ctx, long long meeting_key);

/* ---- paper.c ---- */

/* paper_read, on the worker, looks into the file before paper_create keeps it. */
handler paper_read, paper_create, paper_list, paper_show, paper_change, paper_remove;
/* The meeting of the path when the caller may change its papers: also one that is held or
 * cancelled. */
NODISCARD enum code paper_meeting(struct ctx *ctx, struct meeting_row *meeting);
/* The paper of the path in the meeting; 0 with *c set. */
long long paper_in_path(struct ctx *ctx, const struct meeting_row *meeting, enum code *c);

#endif
