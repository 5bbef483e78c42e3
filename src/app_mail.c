/* app_mail.c: the thread that sends what is due.
 *
 * Owns the order of things: a mail is marked as being sent in a transaction of its own, then it is
 * laid out and spoken to the server outside any transaction, then the outcome is written down. What
 * happens in between, a crash or a full disk, leaves a mail that is `sending`, which nobody sends
 * again but a person. One thread, one mail at a time: a register of groups writes to hundreds, not
 * to millions. It looks at the outbox when the register has changed or something is due, and is
 * idle otherwise. Must not know what mail says. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <kansli/calendar.h>
#include <kansli/json.h>
#include <kansli/log.h>
#include <kansli/mail.h>
#include <kansli/smtp.h>
#include "app.h"

enum {
    LOOK_MS = 1000,  /* between two looks whether the register has changed */
    GRACE_MS = 7000, /* for the mail under way when the program is to end */
    PASSWORD_MOST = 1000
};

static struct {
    struct beside thread;
    atomic_llong stop_at; /* clock_ms(): when the mail under way is given up */
    const char *ca_file;
    char password[PASSWORD_MOST + 1];
} post = {.thread = BESIDE};

/* ---------------------------------------------------------------- what the environment says */

static enum code read_password_file(const char *path, struct err *err)
{
    FILE *file = fopen(path, "r");
    size_t n = file ? fread(post.password, 1, PASSWORD_MOST, file) : 0;
    bool failed = !file || ferror(file) || n == PASSWORD_MOST;
    if (file)
        fclose(file);
    post.password[failed ? 0 : n] = '\0';
    post.password[strcspn(post.password, "\r\n")] = '\0';
    return failed ? err_set(err, E_INPUT, "mail-password",
                            N_("The file that KANSLI_MAIL_PASSWORD_FILE names cannot be read."))
                  : OK;
}

enum code post_prepare(struct err *err)
{
    const char *file = getenv("KANSLI_MAIL_PASSWORD_FILE"), *said = getenv("KANSLI_MAIL_PASSWORD");
    post.ca_file = getenv("KANSLI_CA_FILE");
    smtp_start();
    if (file)
        return read_password_file(file, err);
    snprintf(post.password, sizeof post.password, "%s", said ? said : "");
    return OK;
}

/* ---------------------------------------------------------------- waiting */

static bool give_up(void)
{
    return beside_stopped(&post.thread) && clock_ms() > atomic_load(&post.stop_at);
}

static bool stopped(void)
{
    return beside_stopped(&post.thread);
}

static void doze(void)
{
    beside_doze(&post.thread, LOOK_MS);
}

/* What a question of mail.h says of the register as it is now. */
static long long ask(long long (*question)(struct ctx *))
{
    struct arena *arena = arena_new(1 << 20);
    struct err err;
    struct ctx ctx;
    err_init(&err);
    struct tx *tx = db_read(app.db, arena);
    app_command_ctx(&ctx, tx, arena, &err);
    long long answer = question(&ctx);
    db_read_end(tx);
    err_release(&err);
    arena_free(arena);
    return answer;
}

/* Until something is due, as far as one look can tell: the register may change meanwhile. False
 * when the program ends. */
static bool wait_until_due(void)
{
    while (!stopped()) {
        uint64_t seen = db_changes(app.db);
        long long pause = ask(mail_pause);
        int64_t due = clock_ms() + pause;
        if (!pause)
            return true;
        do
            doze();
        while (!stopped() && db_changes(app.db) == seen &&
               (pause < 0 || clock_ms() < due));
    }
    return false;
}

/* ---------------------------------------------------------------- one mail */

struct sending {
    json_t *mail, *server;
    enum smtp_result result;
    const char *problem;
    struct err err;
};

static enum code recover_run(struct tx *tx, void *arg)
{
    struct ctx ctx;
    app_command_ctx(&ctx, tx, tx_arena(tx), arg);
    return mail_recover(&ctx);
}

static enum code take_run(struct tx *tx, void *arg)
{
    struct sending *sending = arg;
    struct ctx ctx;
    app_command_ctx(&ctx, tx, tx_arena(tx), &sending->err);
    ctx.base_url = app.base_url;
    sending->server = mail_server(&ctx);
    sending->mail = mail_take(&ctx);
    return tx_code(tx);
}

static enum code done_run(struct tx *tx, void *arg)
{
    struct sending *sending = arg;
    struct ctx ctx;
    app_command_ctx(&ctx, tx, tx_arena(tx), &sending->err);
    return mail_done(&ctx, json_int(sending->mail, "key", 0), sending->result, sending->problem);
}

static enum code write_now(enum code (*run)(struct tx *, void *), struct sending *sending,
                           struct arena *arena)
{
    err_release(&sending->err);
    return db_write_wait(app.db, arena, &sending->err, run, sending);
}

/* The event that a mail tells of becomes the file beside it, told of by the sender's address. */
static void lay_out_event(struct sending *sending, struct arena *arena)
{
    const json_t *event = json_object_get(sending->mail, "event");
    if (!json_is_object(event))
        return;
    json_put(sending->mail, "calendar",
             calendar_notice(arena, app.base_url,
                             &(struct calendar_event){
                                 .uid = json_text(event, "uid"),
                                 .sequence = json_int(event, "sequence", 0),
                                 .changed = json_text(event, "changed"),
                                 .summary = json_text(event, "summary"),
                                 .description = json_text(event, "description"),
                                 .location = json_text(event, "location"),
                                 .url = arena_join(arena, app.base_url,
                                                   json_text(event, "path"), NULL),
                                 .cancelled = json_true_at(event, "cancelled"),
                                 .organizer = json_text(sending->server, "sender"),
                                 .start = json_text(event, "start"),
                                 .end = json_text(event, "end"),
                             }));
}

/* The message, or false when our own template fails: nothing has been sent then. */
static bool lay_out(struct sending *sending, struct buf *message)
{
    struct buf html;
    int lang = lang_find(json_text(sending->mail, "language"));
    buf_init(&html, 4 << 20);
    bool laid = !view_render("mail/message", NULL, lang, sending->mail, NULL, &html, &sending->err);
    if (laid)
        mail_message(sending->mail, json_text(sending->server, "sender"), app.base_url, html.data,
                     message);
    buf_release(&html);
    return laid && !message->full;
}

static void speak(struct sending *sending, struct arena *arena)
{
    struct buf message;
    const char *user = json_text(sending->server, "user");
    struct smtp_server server = {.url = json_text(sending->server, "server"),
                                 .plain = json_true_at(sending->server, "plain"),
                                 .user = user,
                                 .password = user ? post.password : NULL,
                                 .ca_file = post.ca_file,
                                 .give_up = give_up};
    sending->result = SMTP_REFUSED;
    sending->problem = "the message could not be laid out";
    buf_init(&message, 8 << 20);
    lay_out_event(sending, arena);
    if (lay_out(sending, &message))
        sending->result = smtp_send(&server, json_text(sending->server, "sender"),
                                    json_text(sending->mail, "address"), message.data, message.len,
                                    arena, &sending->problem);
    buf_release(&message);
}

/* The outcome must stand there: while the disk is full, it is tried until it does. */
static void write_down(struct sending *sending, struct arena *arena)
{
    while (write_now(done_run, sending, arena) && !stopped())
        doze();
}

/* Without address, text or the server's words. */
static void tell(const struct sending *sending)
{
    static const char *const words[] = {[SMTP_SENT] = "sent",
                                        [SMTP_LATER] = "not-now",
                                        [SMTP_REFUSED] = "given-up",
                                        [SMTP_UNSURE] = "unsure"};
    log_line(sending->result == SMTP_SENT ? LOG_NOTE : LOG_WARN, "mail", "id",
             json_text(sending->mail, "id"), "kind", json_text(sending->mail, "kind"), "outcome",
             words[sending->result], NULL);
}

static void send_one(void)
{
    struct arena *arena = arena_new(4 << 20);
    struct sending sending = {0};
    err_init(&sending.err);
    if (write_now(take_run, &sending, arena)) {
        doze();
    } else if (sending.mail) {
        speak(&sending, arena);
        write_down(&sending, arena);
        tell(&sending);
    }
    json_decref(sending.mail);
    json_decref(sending.server);
    err_release(&sending.err);
    arena_free(arena);
}

/* ---------------------------------------------------------------- life */

static bool recover(void)
{
    struct arena *arena = arena_new(1 << 20);
    struct err err;
    err_init(&err);
    enum code c = ask(mail_cut_short) ? db_write_wait(app.db, arena, &err, recover_run, &err) : OK;
    err_release(&err);
    arena_free(arena);
    return !c;
}

/* Nothing is sent before it is known what was under way when the program ended last. */
static void *post_main(void *arg)
{
    (void)arg;
    while (!stopped() && !recover())
        doze();
    while (wait_until_due())
        send_one();
    return NULL;
}

void post_start(void)
{
    beside_start(&post.thread, post_main);
}

void post_stop_soon(void)
{
    atomic_store(&post.stop_at, clock_ms() + GRACE_MS);
    beside_stop_soon(&post.thread);
}

void post_stop(void)
{
    beside_join(&post.thread);
    explicit_bzero(post.password, sizeof post.password);
    smtp_stop();
}
