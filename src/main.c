/* main.c: the command line.
 *
 * Owns the table of commands and their options; each command is one function. Knows no rule: what a
 * command does to the register goes through the same functions as a page. A command prints what was
 * asked for on standard output, one clear line on standard error when it fails; exit 0 done, 1
 * failed, 2 not understood. */
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <kansli/account.h>
#include <kansli/app.h>
#include <kansli/check.h>
#include <kansli/crypt.h>
#include <kansli/heap.h>
#include <kansli/json.h>
#include <kansli/log.h>
#include <kansli/site.h>
#include <kansli/texts.h>
#include <kansli/view.h>
#include "command.h"
#include "load.h"

#define KANSLI_VERSION "0.1.0"

struct command {
    const char *name, *usage, *what;
    int (*run)(struct options *o);
    int words; /* at most, after its name and beside its options */
};

static const char demo_password[] = "kansli-demo-2026";

/* ---------------------------------------------------------------- a command inside one transaction */

struct command_job {
    struct options *o;
    enum code (*run)(struct ctx *ctx, struct options *o, const char **said);
    const char *said; /* printed when done; lives in the arena */
    struct err *err;
};

static enum code job_run(struct tx *tx, void *arg)
{
    struct command_job *job = arg;
    struct ctx ctx;
    app_command_ctx(&ctx, tx, tx_arena(tx), job->err);
    return job->run(&ctx, job->o, &job->said);
}

static int run_write(struct options *o, const char *what,
                     enum code (*run)(struct ctx *, struct options *, const char **))
{
    struct db *db;
    struct err err;
    err_init(&err);
    if (db_open(o->db, &(struct db_options){.offline = true}, &db, &err))
        return command_failed(&err, o->db);
    struct arena *arena = arena_new(256 << 20);
    struct command_job job = {o, run, NULL, &err};
    int result = 0;
    if (db_write_wait(db, arena, &err, job_run, &job))
        result = command_failed(&err, what);
    else if (job.said)
        printf("%s\n", job.said);
    db_close(db);
    arena_free(arena);
    err_release(&err);
    return result;
}

/* ---------------------------------------------------------------- init */

static const char *demo_hash;

static enum code init_run(struct ctx *ctx, struct options *o, const char **said)
{
    enum code c = load_reference(ctx);
    *said = "The register is made. Add an administrator: kansli user add --db FILE EMAIL --role "
            "administrator";
    if (c || !o->demo)
        return c ? c : texts_renew(ctx);
    *said = "The register is made, with a worked example. Everybody logs in with the password "
            "kansli-demo-2026:\n"
            "  karin.bergstrom@kansli.example   process leader of NAG Palliativ vård\n"
            "  viveka.lundhede@kansli.example   member of the same group, as a patient\n"
            "  oskar.lillbro@kansli.example     process leader of the steering group\n"
            "  support@kansli.example           the national support function\n"
            "  admin@kansli.example             administrator\n"
            "  norra@kansli.example             coordinator of the healthcare region Norra\n"
            "  vasterbotten@kansli.example      coordinator of Region Västerbotten\n"
            "  auditor@kansli.example           auditor: reads everything, changes nothing\n"
            "  dataskydd@kansli.example         data protection";
    c = view_start(NULL, ctx->err); /* minutes are compiled in Swedish */
    if (!c)
        c = load_demo(ctx, demo_hash);
    view_stop();
    return c ? c : texts_renew(ctx);
}

static int command_init(struct options *o)
{
    struct err err;
    char hash[PASSWORD_SIZE];
    err_init(&err);
    if (o->demo) {
        crypt_password(demo_password, hash);
        demo_hash = hash;
    }
    if (db_create(o->db, &err))
        return command_failed(&err, o->db);
    int result = run_write(o, "init", init_run);
    if (result) { /* half a register is none */
        static const char *const parts[] = {"", "-wal", "-shm", "-lock"};
        char path[4096];
        for (size_t i = 0; i < LEN(parts); i++) {
            snprintf(path, sizeof path, "%s%s", o->db, parts[i]);
            unlink(path);
        }
    }
    return result;
}

/* ---------------------------------------------------------------- serve */

static int command_serve(struct options *o)
{
    struct err err;
    sigset_t signals;
    const char *address;
    int received;
    err_init(&err);
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigprocmask(SIG_BLOCK, &signals, NULL); /* before threads: they inherit it */
    struct app_options options = {.db = o->db,
                                  .listen = o->listen ? o->listen : "127.0.0.1:8080",
                                  .base_url = o->base_url,
                                  .proxy = o->proxy,
                                  .no_limits = o->no_limits};
    if (app_start(&options, &address, &err))
        return command_failed(&err, "serve");
    printf("%s\n", address);
    fflush(stdout);
    log_line(LOG_NOTE, "serving", "address", address, "version", KANSLI_VERSION, NULL);
    sigwait(&signals, &received);
    log_line(LOG_NOTE, "stopping", NULL);
    app_stop();
    log_line(LOG_NOTE, "stopped", NULL);
    return 0;
}

/* ---------------------------------------------------------------- check */

static void print_findings(const json_t *findings, bool as_json)
{
    size_t i;
    json_t *found;
    if (as_json) {
        struct buf buf;
        buf_init(&buf, SIZE_MAX);
        json_write(&buf, findings);
        puts(buf.data);
        buf_release(&buf);
        return;
    }
    json_array_foreach((json_t *)findings, i, found)
        printf("%-7s %s %s/%s: %s\n", json_text(found, "severity"), json_text(found, "rule"),
               json_text(found, "objectType"), json_text(found, "objectId"),
               json_text(found, "message"));
    int errors = check_errors(findings);
    printf("%zu found, %d of them errors\n", json_array_size(findings), errors);
}

static int command_check(struct options *o)
{
    struct db *db;
    struct err err;
    struct ctx ctx;
    err_init(&err);
    if (db_open(o->db, &(struct db_options){.offline = true, .read_limit_ms = 600000}, &db, &err))
        return command_failed(&err, o->db);
    struct arena *arena = arena_new(SIZE_MAX);
    struct tx *tx = db_read(db, arena);
    app_command_ctx(&ctx, tx, arena, &err);
    json_t *findings = check_run(&ctx);
    int result = check_errors(findings) ? 1 : 0;
    if (tx_code(tx))
        result = command_failed(tx_err(tx), "check");
    else
        print_findings(findings, o->json);
    json_decref(findings);
    db_read_end(tx);
    arena_free(arena);
    db_close(db);
    err_release(&err);
    return result;
}

/* What a migration in SQL cannot do: texts are stemmed by C. */
static enum code migrate_run(struct ctx *ctx, struct options *o, const char **said)
{
    (void)o, (void)said;
    return texts_are_there(ctx->tx) ? tx_code(ctx->tx) : texts_renew(ctx);
}

static int command_migrate(struct options *o)
{
    struct err err;
    int applied = 0;
    err_init(&err);
    if (db_migrate(o->db, &applied, &err))
        return command_failed(&err, o->db);
    int result = run_write(o, "migrate", migrate_run);
    if (!result)
        printf("%d applied\n", applied);
    return result;
}

/* ---------------------------------------------------------------- user */

static char password_hash[PASSWORD_SIZE];

/* A line from standard input, hashed; *result tells a failure. */
static bool read_password(struct options *o, int *result)
{
    char line[600];
    struct err err;
    err_init(&err);
    if (!fgets(line, sizeof line, stdin))
        line[0] = '\0';
    line[strcspn(line, "\r\n")] = '\0';
    struct arena *arena = arena_new(1 << 16);
    enum code c = password_allowed(arena, line, o->words[1], o->name, "/password", &err);
    if (c)
        *result = command_failed(&err, "password");
    else
        crypt_password(line, password_hash);
    explicit_bzero(line, sizeof line);
    arena_free(arena);
    err_release(&err);
    return !c;
}

static enum code user_add(struct ctx *ctx, struct options *o, const char **said)
{
    const char *link = NULL;
    const char *hash = o->password_stdin ? password_hash : NULL;
    enum code c = account_add(ctx, o->words[1], o->name, o->role, o->organisation, o->person, hash,
                              &link);
    const char *known = db_text(ctx->tx, "SELECT value FROM setting WHERE name = 'baseUrl'");
    const char *base = o->base_url ? o->base_url : known ? known : "http://127.0.0.1:8080";
    *said = link ? arena_printf(ctx->arena, "%s%s", base, link) : o->words[1];
    return c;
}

static enum code user_disable(struct ctx *ctx, struct options *o, const char **said)
{
    *said = o->words[1];
    return account_disable(ctx, o->words[1]);
}

static enum code user_list(struct ctx *ctx, struct options *o, const char **said)
{
    (void)o;
    json_t *rows = db_rows(ctx->tx,
                           "SELECT a.email AS \"email\", a.name AS \"name\", a.disabled AS \"off\", "
                           "r.role AS \"role\", b.id AS \"organisation\" FROM account a "
                           "LEFT JOIN account_role r ON r.account_key = a.key "
                           "LEFT JOIN body b ON b.key = r.organisation_key ORDER BY a.email_folded, r.role"),
           *row;
    const char *all = "";
    size_t i;
    json_array_foreach(rows, i, row) {
        const char *role = json_text(row, "role"), *at = json_text(row, "organisation");
        all = arena_printf(ctx->arena, "%s%s%s\t%s%s%s%s", all, *all ? "\n" : "",
                           json_text(row, "email"), role ? role : "-", at ? ":" : "", at ? at : "",
                           json_int(row, "off", 0) ? "\tdisabled" : "");
    }
    json_decref(rows);
    *said = *all ? all : NULL;
    return tx_code(ctx->tx);
}

static int command_user(struct options *o)
{
    int result = 1;
    const char *verb = o->count ? o->words[0] : "";
    if (!strcmp(verb, "list") && o->count == 1)
        return run_write(o, "user list", user_list);
    if (o->count != 2)
        return command_misused("user: say add, list or disable, and the e-mail address; see kansli user --help");
    if (!strcmp(verb, "disable"))
        return run_write(o, o->words[1], user_disable);
    if (strcmp(verb, "add"))
        return command_misused("user: say add, list or disable; see kansli user --help");
    if (o->password_stdin && !read_password(o, &result))
        return result;
    return run_write(o, o->words[1], user_add);
}

static enum code token_add_run(struct ctx *ctx, struct options *o, const char **said)
{
    return token_add(ctx, o->account, o->name ? o->name : "command line", o->scope ? o->scope : "read",
                     o->days, said);
}

static int command_token(struct options *o)
{
    if (o->count != 1 || strcmp(o->words[0], "add") || !o->account)
        return command_misused("token: kansli token add --db FILE --account EMAIL --scope read|write");
    return run_write(o, o->account, token_add_run);
}

/* ---------------------------------------------------------------- about the program */

static int print_json(json_t *document)
{
    struct buf buf;
    buf_init(&buf, SIZE_MAX);
    json_write(&buf, document);
    puts(buf.data);
    buf_release(&buf);
    json_decref(document);
    return 0;
}

static int command_openapi(struct options *o)
{
    return print_json(openapi_document(o->base_url ? o->base_url : "https://kansli.example"));
}

static int command_routes(struct options *o)
{
    (void)o;
    return print_json(routes_document());
}

static int command_version(struct options *o)
{
    (void)o;
    puts("kansli " KANSLI_VERSION);
    return 0;
}

static const struct command commands[] = {
    {"init", "kansli init --db FILE [--demo]", "makes a new register with the reference data; --demo adds a worked example",
     command_init, 0},
    {"serve", "kansli serve --db FILE [--listen ADDRESS:PORT] [--base-url URL] [--proxy ADDRESS] [--no-limits]",
     "serves the register; the first line on standard output is the address", command_serve, 0},
    {"check", "kansli check --db FILE [--json]", "runs every rule; exit 1 when an error stands",
     command_check, 0},
    {"migrate", "kansli migrate --db FILE", "brings an older register up to date, after a backup beside it",
     command_migrate, 0},
    {"backup", "kansli backup --db FILE OUT", "writes a verified copy, also while the register is served",
     command_backup, 1},
    {"restore", "kansli restore --db NEW BACKUP",
     "makes a new register of a backup, after looking through all of it", command_restore, 1},
    {"export", "kansli export --db FILE [--resource LIST [--format csv|xlsx]] [--out FILE]",
     "writes a whole register, one line a row, or one list; what it writes goes in again with import",
     command_export, 0},
    {"import", "kansli import --db FILE [--resource LIST [--group ID] [--dry-run] [--json]] FILE",
     "makes a new register of an export; with --resource, brings a CSV or XLSX file into a register",
     command_import, 1},
    {"user", "kansli user add|list|disable --db FILE [EMAIL] [--name NAME] [--role ROLE [--organisation ID]] [--person ID] [--password-stdin] [--base-url URL]",
     "accounts; add prints the one-time invitation link", command_user, 2},
    {"token", "kansli token add --db FILE --account EMAIL --scope read|write [--name NAME] [--days N]",
     "a token for the API; prints the token alone, once", command_token, 1},
    {"openapi", "kansli openapi [--base-url URL]", "prints the API's description (OpenAPI 3.1)",
     command_openapi, 0},
    {"routes", "kansli routes", "prints every route as JSON", command_routes, 0},
    {"version", "kansli version", "prints the version", command_version, 0},
};

static void print_help(FILE *to)
{
    fprintf(to, "kansli: the register of the working groups for knowledge governance in health care\n\n");
    for (size_t i = 0; i < LEN(commands); i++)
        fprintf(to, "  %-8s %s\n", commands[i].name, commands[i].what);
    fprintf(to, "\nkansli COMMAND --help says more. Every command but the last three needs --db FILE.\n");
}

enum { O_DB = 1000, O_LISTEN, O_BASE, O_PROXY, O_ROLE, O_ORGANISATION, O_PERSON, O_NAME, O_ACCOUNT, O_SCOPE,
       O_RESOURCE, O_GROUP, O_FORMAT, O_OUT, O_DAYS, O_DEMO, O_NO_LIMITS, O_JSON, O_PASSWORD, O_DRY, O_HELP };

static const struct option long_options[] = {
    {"db", required_argument, NULL, O_DB},
    {"listen", required_argument, NULL, O_LISTEN},
    {"base-url", required_argument, NULL, O_BASE},
    {"proxy", required_argument, NULL, O_PROXY},
    {"role", required_argument, NULL, O_ROLE},
    {"organisation", required_argument, NULL, O_ORGANISATION},
    {"person", required_argument, NULL, O_PERSON},
    {"name", required_argument, NULL, O_NAME},
    {"account", required_argument, NULL, O_ACCOUNT},
    {"scope", required_argument, NULL, O_SCOPE},
    {"resource", required_argument, NULL, O_RESOURCE},
    {"group", required_argument, NULL, O_GROUP},
    {"format", required_argument, NULL, O_FORMAT},
    {"out", required_argument, NULL, O_OUT},
    {"days", required_argument, NULL, O_DAYS},
    {"demo", no_argument, NULL, O_DEMO},
    {"no-limits", no_argument, NULL, O_NO_LIMITS},
    {"json", no_argument, NULL, O_JSON},
    {"password-stdin", no_argument, NULL, O_PASSWORD},
    {"dry-run", no_argument, NULL, O_DRY},
    {"help", no_argument, NULL, O_HELP},
    {NULL, 0, NULL, 0},
};

/* An option belongs to the commands whose usage names it. */
static bool belongs(const struct command *command, const char *option)
{
    size_t n = strlen(option);
    for (const char *at = strstr(command->usage, "--"); at; at = strstr(at + 2, "--"))
        if (!strncmp(at + 2, option, n) && (!at[2 + n] || strchr(" ]", at[2 + n])))
            return true;
    return !strcmp(option, "help");
}

/* -1 when it is no number of days that a token may live. */
static int days_of(const char *text)
{
    size_t digits = strspn(text, "0123456789");
    long days = digits && digits < 6 && !text[digits] ? strtol(text, NULL, 10) : 0;
    return days >= 1 && days <= TOKEN_DAYS_MAX ? (int)days : -1;
}

static void take_option(struct options *o, int option)
{
    const char **const texts[] = {&o->db,     &o->listen, &o->base_url, &o->proxy,   &o->role,
                                  &o->organisation, &o->person, &o->name, &o->account, &o->scope,
                                  &o->resource, &o->group, &o->format, &o->out};
    if (option >= O_DB && option <= O_OUT)
        *texts[option - O_DB] = optarg;
    else if (option == O_DAYS)
        o->days = days_of(optarg);
    else if (option == O_DEMO)
        o->demo = true;
    else if (option == O_NO_LIMITS)
        o->no_limits = true;
    else if (option == O_JSON)
        o->json = true;
    else if (option == O_PASSWORD)
        o->password_stdin = true;
    else if (option == O_DRY)
        o->dry_run = true;
    else if (option == O_HELP)
        o->help = true;
}

static const struct command *find_command(const char *name)
{
    for (size_t i = 0; i < LEN(commands); i++)
        if (!strcmp(commands[i].name, name))
            return &commands[i];
    return NULL;
}

static bool needs_register(const struct command *command)
{
    return strstr(command->usage, "--db FILE") != NULL;
}

/* A base address is an origin: what links and the origin check are made of. */
static bool origin_valid(const char *url)
{
    const char *host = !strncmp(url, "https://", 8) ? url + 8 : !strncmp(url, "http://", 7) ? url + 7 : "";
    return *host && !strpbrk(host, "/?# \t\r\n\"<>\\");
}

/* What could not be written has not been done, for who waits for it. */
static int all_said(int result)
{
    bool said = !fflush(stdout) && !ferror(stdout);
    if (!said && !result)
        fprintf(stderr, "kansli: What was to be said could not be written.\n");
    return said || result ? result : 1;
}

int main(int argc, char **argv)
{
    struct options o = {0};
    const struct command *command = argc > 1 ? find_command(argv[1]) : NULL;
    if (argc > 1 && (!strcmp(argv[1], "--help") || !strcmp(argv[1], "help"))) {
        print_help(stdout);
        return 0;
    }
    if (!command) {
        if (argc > 1)
            fprintf(stderr, "kansli: there is no command %s; see kansli --help\n", argv[1]);
        else
            print_help(stderr);
        return 2;
    }
    optind = 2;
    for (int option, which; (option = getopt_long(argc, argv, "", long_options, &which)) != -1;) {
        if (option == '?')
            return 2;
        if (!belongs(command, long_options[which].name)) {
            fprintf(stderr, "kansli: %s has no option --%s; see kansli %s --help\n", command->name,
                    long_options[which].name, command->name);
            return 2;
        }
        take_option(&o, option);
    }
    o.words = argv + optind;
    o.count = argc - optind;
    if (o.help) {
        printf("%s\n  %s\n", command->usage, command->what);
        return 0;
    }
    if (o.count > command->words) {
        fprintf(stderr, "kansli: %s does not know the word %s; see kansli %s --help\n", command->name,
                o.words[command->words], command->name);
        return 2;
    }
    if (o.days < 0) {
        fprintf(stderr, "kansli: --days is a number from 1 to %d\n", TOKEN_DAYS_MAX);
        return 2;
    }
    if (needs_register(command) && !o.db)
        return command_misused("say which register: --db FILE");
    if (o.base_url && !origin_valid(o.base_url))
        return command_misused("--base-url is scheme and host, https://kansli.example, with nothing after it");
    if (command->run != command_serve)
        log_level(LOG_FAULT); /* the one line that tells a failure says it all */
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
    json_object_seed(0);
    json_set_alloc_funcs(heap_alloc, heap_free);
    crypt_init();
    return all_said(command->run(&o));
}
