/* resource.h: what is repetitive about a resource is a table.
 *
 * One table of fields drives parsing, validation, INSERT and UPDATE, history, forms, lists,
 * filters, sorting and the API's description. The field table never gets a callback or a condition;
 * the day it needs one, write C in the feature. This is the one place that assembles SQL text, from
 * constants.
 *
 * Life of a write:  resource_read / resource_edit → typed struct → the feature's rule →
 * resource_insert / resource_update (which writes the history row, so that no change is without
 * one). Life of a read: resource_one / resource_list → rows → `finish` adds what one grouped query
 * for all rows gives → labels → links. */
#ifndef KANSLI_RESOURCE_H
#define KANSLI_RESOURCE_H

#include <kansli/ctx.h>

/* An enumeration: code for scripts, label for people (N_()). Ends with {NULL, NULL}. */
struct value {
    const char *code, *label;
};

/* What a reference may name. SQL is portable and const.
 *   find     ?1 = the id that was sent, ?2–?4 and ?7 the reader as in a resource's select → one
 *            column, the key
 *   search   ?1 = folded text as typed in a form, ?2–?4 and ?7 the reader, ?5 = limit → "id",
 *            "name": exact names and search, best first
 *   name     ?1 = the key → what people call it, for history; NULL: its id says it
 *   options  all choices of a short list → "value", "label"; NULL when there are too many for a
 *            list box */
struct reference {
    const char *noun;      /* N_("group") */
    const char *find, *search, *name, *options;
    const char *lookup;    /* address that suggests: "/search?type=groups"; NULL when options serves */
    bool person_or_body;   /* its id comes with a name in documents: xId with xName */
};

enum type {
    T_TEXT,    /* one line: const char *; max code points */
    T_LINES,   /* several lines, plain: const char * */
    T_MARKDOWN,/* several lines of Markdown: const char * */
    T_SLUG,    /* a–z, 0–9, hyphen: const char * */
    T_ENUM,    /* const char *, pointing at values[].code */
    T_DAY,     /* const char * */
    T_INSTANT, /* const char *, UTC; a script sends RFC 3339 with its offset, a form what clocks in
                * Stockholm show (date.h) */
    T_INT,     /* long long, NO_INT when absent; 0 … max */
    T_BOOL,    /* int: 0, 1, -1 when absent */
    T_EMAIL,   /* const char * */
    T_UUID,    /* const char * */
    T_REF,     /* struct ref_value */
    T_REFS,    /* struct ref_list */
    T_ENUMS,   /* struct text_list of values[].code */
    T_TEXTS,   /* struct text_list */
    T_SECRET,  /* const char *; a password in a form; never shown, logged or kept in history */
    T_ROWS,    /* a list of objects with the fields of `rows`, in one column: const char *, JSON text */
    T_JSON     /* derived only: an object or array described by `schema` */
};

#define NO_INT ((long long)INT64_MIN)
struct ref_value {
    const char *id;
    long long key; /* 0: absent */
};
struct ref_list {
    size_t n;
    const struct ref_value *item;
};
struct text_list {
    size_t n;
    const char *const *item;
};

enum field_flags {
    F_REQUIRED = 1 << 0,
    F_DERIVED = 1 << 1,  /* computed: sent by nobody, patched by nobody (400) */
    F_CREATE = 1 << 2,   /* may be given at POST, never changed later */
    F_FILTER = 1 << 3,   /* ?name=a,b on lists: T_ENUM, T_ENUMS, T_REF, T_BOOL, T_INT, T_TEXT, T_SLUG, T_UUID */
    F_SORT = 1 << 4,     /* ?sort=name */
    F_ID = 1 << 5,       /* the object's id: a slug that may be sent in POST and PATCH */
    F_HIDDEN = 1 << 6,   /* not shown in forms */
    F_WIDE = 1 << 7,     /* takes a form's whole width */
    F_NUMBER = 1 << 8,   /* a number by nature (telephone): not searched for identity numbers */
    F_PRIVATE = 1 << 9,  /* history says that it changed, never how: a person's own to say (gender) */
    F_WITHIN = 1 << 10,  /* told within one group only (capacity): absent from the register's whole history */
    F_CLOCK = 1 << 11    /* its value is of the instant: what it filters is counted each time */
};

struct field {
    const char *name;              /* JSON key, form name, filter. "a.b" is the member b of an object a,
                                    * a field like any other: alias in the select, column, form name */
    const char *label;             /* N_() */
    enum type type;
    size_t at;                     /* offsetof in the typed struct */
    unsigned flags;
    int max;                       /* code points, or the largest integer; 0: 200 for T_TEXT, 4 000 for T_LINES, 20 000 for T_MARKDOWN,
                                    * 999 999 999 for T_INT */
    const struct value *values;
    const struct reference *reference;
    const char *column;            /* of `table`; NULL: the feature keeps it elsewhere (a link table) */
    const char *schema;            /* T_JSON: JSON Schema text; of others only where its type does not say it all */
    const char *hint;              /* N_(), under the field in forms and in the description */
    const char *fallback;          /* value when absent at POST */
    const struct field *rows;      /* T_ROWS: what each object has; without `at` and `column`. A form sends
                                    * the cells as name.0.cell, name.1.cell ... */
};

struct resource {
    const char *name;       /* "groups": the collection, the object type in history */
    const char *noun;       /* N_("group") */
    const char *table;      /* "workgroup" */
    /* SELECT ... without WHERE or ORDER, or with a WHERE of its own. Aliases are the JSON keys;
     * also "key", "version" and what ends in _key, which never leave the process (a reference's
     * column under its own name lets filters use its index), and "modified", an instant, which
     * does. Where "version" is a member of the object, the row's version is "version_key".
     * Parameters: ?1 the day (asOf or today), ?2 1 when the actor sees everything, ?3 the actor's
     * person key, ?4 today (rights are always today's), ?7 the actor's account key, 0 without
     * login, ?8 the instant it is (fields that are made of it are F_CLOCK). ?5, ?6, ?9 and ?10 are the
     * list's own. */
    const char *select;
    const char *visible;    /* condition over the aliases, same parameters; NULL: everyone sees every row */
    const char *in_force;   /* condition with ?1, for asOf; NULL: no dates */
    const char *found;      /* DB_FOUND("\"key\"", "groups", "?5") when q= works; NULL when not. The parameter is always ?5. */
    bool found_plain;       /* ?5 is what was typed, folded, for a LIKE: what stands in no index */
    const char *order;      /* "\"name\", \"id\"" */
    size_t size;            /* of the typed struct */
    const struct field *fields; /* ends with an empty row */
    /* Adds to every item what one query for all of them gives. Items still have "key". NULL:
     * nothing. */
    void (*finish)(struct ctx *ctx, json_t *items);
    /* Adds _links beside self: what the caller may do now. Object still has "key". NULL:
     * nothing. */
    void (*links)(struct ctx *ctx, json_t *object);
    const char *within;     /* "groups" when a group's history tells of these objects, too */
    const char *parent;     /* alias of the parent's id, "groupId", when they live under its path:
                             * "/groups/{id}/hosts". NULL: they have an address of their own, "/mandates" */
    const char *parent_column; /* of `table`: "group_key" */
    const struct value *noted; /* what its history tells beside fields: {"agenda", N_("Agenda")}; or NULL */
    bool body;              /* id is a slug of the common namespace (table body) */
    bool personal;          /* about people: history tells those who do not see everything which
                             * fields changed, not what they said */
    bool joined;            /* "key" is no row's own but made of several tables': a page is chosen whole, not
                             * looked up by its keys */
    bool quiet;             /* its rows change without history: no count of them is kept */
    /* What a search over texts finds it by: SELECT ... WHERE key = ?1 with "title", "inside" (what only
     * those find who may read more than the others; may be absent) and any other texts, Markdown,
     * or JSON where the alias ends in _list. Written with every change (texts.h); NULL: it has
     * none. */
    const char *texts;
    const char *moved;      /* ?1 = an address that was left → the one it has now; NULL: bodies have their own, others never move */
};

/* ---- reading ---- */

/* The object with that public id, with labels, self link, links, finish. NULL when it is absent or
 * not visible: the caller answers resource_absent. New reference. *key and *version (may be NULL)
 * get its row. */
json_t *resource_one(struct ctx *ctx, const struct resource *r, const char *id, long long *key,
                     long long *version);
/* E_ABSENT, or OK with out->moved when a body's old address was asked for. */
enum code resource_absent(struct ctx *ctx, const struct resource *r, const char *id,
                          struct answer *out);
/* A whole SHAPE_ONE handler's work: document, version, or absent/moved. */
enum code resource_answer(struct ctx *ctx, const struct resource *r, const char *id,
                          struct answer *out);

/* A fixed condition of a list beside what the query asks: SQL over the aliases with ?6 for the
 * value, ?9 and ?10 for two more. */
struct fixed {
    const char *condition;  /* "\"groupId\" = ?6"; NULL: none */
    const char *text;       /* ?6 as text, or */
    long long key;          /* as a key when text is NULL */
    const char *from, *to;  /* ?9 and ?10, or NULL */
};
/* The list envelope for the request's query: page, limit, sort, fields, q, filters, asOf,
 * modifiedSince, after. On a page `items` also has what the filters offer in _embedded.filters:
 * [{name, label, type: "text"|"select", value, options: [{value, label, selected}]}], and for
 * part/pages.html _embedded.pages: {from, to, total, first, prev, next, last, csv, xlsx}, the four as
 * "?page=2&..." or null where there is nothing to go to, the last two the whole list as a file; null
 * for an empty list. With ctx->sheet (format=csv|xlsx) every row goes there, and the envelope is
 * empty. */
enum code resource_list(struct ctx *ctx, const struct resource *r, struct fixed fixed,
                        json_t **out);
/* Items only, all of them (at most 500), for _embedded: new reference, never NULL. */
json_t *resource_items(struct ctx *ctx, const struct resource *r, struct fixed fixed);

/* fields=: E_INPUT for a name that is none; resource_list asks for its items. `object` may be
 * NULL. */
NODISCARD enum code resource_project_check(struct ctx *ctx, const struct resource *r,
                                           const json_t *object);
/* Keeps only those members, and what begins with '_'. The application does it for SHAPE_ONE and
 * SHAPE_LIST when the handler is through: what a page adds is worked out of all members. */
void resource_project(struct ctx *ctx, json_t *object);

/* ---- writing ---- */

/* Reads the request's body into *in (r->size bytes, zeroed here first): types, limits,
 * enumerations, references, unknown members; every field's message at once in E_INPUT. */
NODISCARD enum code resource_read(struct ctx *ctx, const struct resource *r, void *in);
/* The same for an action's body of fields. */
NODISCARD enum code fields_read(struct ctx *ctx, const struct field *fields, void *in);
/* Texts as a form sends them, as the values that a script would send: only of those fields that are
 * there; what cannot be is left out, with its message in ctx->err. New reference. */
json_t *fields_meant(struct ctx *ctx, const struct field *fields, const json_t *texts);
/* What T_EMAIL takes. */
bool email_valid(const char *text);

/* An edit begins: finds the object (E_ABSENT), asks If-Match (E_UNGUARDED, E_INPUT for "*", E_STALE
 * with ctx->present), merges the body (a merge patch, or a form with all or some fields) over what
 * is there and reads the whole into *in. */
struct edit {
    long long key, version;
    json_t *now;      /* the object before; owned by the request's arena life: freed by resource_edit_end */
    const char *id;
};
NODISCARD enum code resource_edit(struct ctx *ctx, const struct resource *r, const char *id,
                                  struct edit *edit, void *in);
/* Only finds and asks If-Match: DELETE and actions on a guarded object. */
NODISCARD enum code resource_guard(struct ctx *ctx, const struct resource *r, const char *id,
                                   struct edit *edit);
void resource_edit_end(struct edit *edit);

/* Inserts a row from *in. `id` NULL makes a UUID (column id); bodies are made by body_add first and
 * give their key in *key, otherwise *key is 0 and gets the new row. Writes history (create, all
 * fields). `extra` (object or NULL, borrowed) adds columns' values that are no fields:
 * {"group_key": 7}. */
NODISCARD enum code resource_insert(struct ctx *ctx, const struct resource *r, const void *in,
                                    const char *id, const json_t *extra, long long *key);
/* Updates the columns that differ and raises the version; writes history with before and after of
 * every field that differs, also those without a column. No difference: nothing is written, the
 * version stays. *changed (may be NULL) tells. */
NODISCARD enum code resource_update(struct ctx *ctx, const struct resource *r, struct edit *edit,
                                    const void *in, bool *changed);
/* Deletes the row (rows of other tables that still refer to it: E_CONFLICT "in-use"), leaves a
 * tombstone and a history row. */
NODISCARD enum code resource_delete(struct ctx *ctx, const struct resource *r, struct edit *edit);
/* Deletes what lives within an object that is about to be deleted (`within` and `parent_column` of the
 * other resources), each with its tombstone and history row. E_CONFLICT "in-use" as there. */
NODISCARD enum code resource_delete_within(struct ctx *ctx, const struct resource *r,
                                           long long key);
/* Raises version and modified of a row that an action changed otherwise, and writes `act` with
 * `changes` (object, stolen). */
NODISCARD enum code resource_touch(struct ctx *ctx, const struct resource *r, long long key,
                                   const char *id, const char *act, json_t *changes);

/* Rows of one body that are decided together: each is tried on what those before it have become, so
 * that all faults are told at once, at /{member}/{i}; one refusal is a refusal of all, and the
 * caller's failure takes back what was done. */
struct batch {
    const char *member; /* "decisions" */
    const char *absent; /* msgid for a row that names what is not there: decide says E_ABSENT */
    enum code (*decide)(struct ctx *ctx, const json_t *row, void *arg);
};
/* `text`: the rows as a T_ROWS field reads them. */
NODISCARD enum code batch_decide(struct ctx *ctx, const struct batch *batch, const char *text,
                                 void *arg);

/* The common namespace of bodies: a new row of type "organisation" or "group" under a slug, or
 * E_CONFLICT "slug-taken" (also when the slug is somebody's old address). */
NODISCARD enum code body_add(struct ctx *ctx, const char *type, const char *id, long long *key);
/* Gives a body another slug; the old one becomes an alias, for ever. */
NODISCARD enum code body_rename(struct ctx *ctx, long long key, const char *id);

/* 201 with the object as document and its address as location ("/groups/x"). */
enum code resource_created(struct ctx *ctx, const struct resource *r, const char *id,
                           struct answer *out);
/* 200 with the object after a change. */
enum code resource_changed(struct ctx *ctx, const struct resource *r, const char *id,
                           struct answer *out);

/* ---- forms ---- */

/* A form's document for the generic template form.html and for part/form.html:
 *   {"action", "method", "version", "submit", "cancel", "preview" (addresses; resource_form leaves them to the
 *     handler), "message" (of a rule),
 *    "errors": [{"name", "id", "label", "message"}],
 *    "fields": [{"name", "id", "label", "hint", "required", "wide", "error", "present"
 *      (resource_form_of), "value", "checked", "max", "long" (of list: entries
 *     of more than a line),
 *     "kind":
 *       "text"|"lines"|"markdown"|"date"|"time" (T_INSTANT: "2026-12-03T13:00")|"number"|"select"|"checkbox"|"lookup"|"lookups"|"checks"|"list"|"rows"|
 *       "password"|"email",
 *     "lookup" (the address that suggests, of lookup and lookups), "shown" (of lookup: the name of
 *       the id in `value`),
 *     "options": [{"value","label","selected"}] (select, checks), "values": [{"value","shown"}]
 *       (list, lookups),
 *     "columns": [label], "values": [{"cells": [{"name","label","kind","value","error"}]}], "blank": the same
 *       of a row to come (rows)}]}
 * `kind` is a text, not a member named after it: a template would find the `email` or `text` of an
 * object around the form. What comes back: list, lookups and checks as name[], always with an empty
 * text among them, which says that they were shown; a checkbox's name in _checkbox[] and "true"
 * when ticked; lookups as ids or as names typed. Values come from the failed body when there is one
 * (ctx->body and ctx->err), else from `object` (NULL: fallbacks). Errors stand beside their fields
 * and in the list at the top. `submit` is a translated text. New reference. */
json_t *resource_form(struct ctx *ctx, const struct field *fields, const json_t *object,
                      const char *action, const char *submit);

/* The form that changes one object: its values and its version; also gives the object itself (new
 * reference) when `object` is not NULL. NULL when it is absent or not visible. After E_STALE each
 * field that differs also says how it is now ("present"), and the version is the new one, so that
 * sending again is a choice that was seen. */
json_t *resource_form_of(struct ctx *ctx, const struct resource *r, const char *id,
                         const char *action, const char *submit, json_t **object);

/* Every resource, NULL-terminated, src/app_features.c: history finds labels here, the API's description
 * its schemas. */
extern const struct resource *const resource_registry[];
const struct resource *resource_by_name(const char *name);

/* The label of an enumeration's code in the reader's language, or the code itself. */
const char *value_label(const struct ctx *ctx, const struct value *values, const char *code);
/* What an object has in a field, as a spreadsheet's cell says it: names for ids, labels for codes,
 * lists with semicolons; "" for nothing. In the arena or borrowed. */
const char *field_words(struct ctx *ctx, const struct field *field, const json_t *object);
/* Field of a table by name, or NULL. */
const struct field *field_find(const struct field *fields, const char *name);
/* The member of a document that a field's name leads to, "a.b" to b of a; NULL when absent.
 * Borrowed. */
json_t *field_member(const json_t *object, const char *name);
/* A row's members "a.b" become members of its objects. */
void fields_nest(const struct field *fields, json_t *object);

#endif
