/* test_mail.c: how a mail becomes a message, whatever is in it; who is written to, how often. */
#include "core.h"

#include <kansli/account.h>
#include <kansli/mail.h>

/* ---------------------------------------------------------------- the message */

static const char *message(const char *mail_json)
{
    struct buf out;
    json_t *mail = json_loads(mail_json, 0, NULL);
    assert_non_null(mail);
    buf_init(&out, 1 << 20);
    mail_message(mail, "register@kansli.example", "https://kansli.example:8443", "<p>Hej å</p>\n",
                 &out);
    const char *text = arena_strndup(arena, out.data, out.len);
    buf_release(&out);
    json_decref(mail);
    return text;
}

#define MAIL(name, address, subject, more)                                                       \
    "{\"id\": \"11111111-2222-3333-4444-555555555555\", \"at\": \"2026-11-22T08:15:30.123Z\", "  \
    "\"name\": " name ", \"address\": " address ", \"language\": \"sv\", \"kind\": \"notice\", " \
    "\"subject\": " subject ", \"href\": null, \"action\": null, \"list\": [], "                 \
    "\"why\": \"Because.\", \"stop\": \"It cannot be stopped.\", " more "}"
#define PLAIN "\"paragraphs\": [\"One.\"], \"stopHref\": null"

/* The value of a header, unfolded; the head is everything before the first empty line. */
static const char *head_of(const char *text, const char *name)
{
    const char *end = strstr(text, "\r\n\r\n");
    const char *want = arena_printf(arena, "\r\n%s: ", name);
    const char *at = strstr(arena_printf(arena, "\r\n%.*s\r\n", (int)(end - text), text), want);
    if (!at)
        return NULL;
    at += strlen(want);
    size_t n = 0;
    while (strncmp(at + n, "\r\n", 2) || at[n + 2] == ' ')
        n++;
    return arena_strndup(arena, at, n);
}

static int lines_of_head(const char *text)
{
    int n = 0;
    for (; strncmp(text, "\r\n", 2); text = strstr(text, "\r\n") + 2)
        n += *text != ' ';
    return n;
}

static void the_head_says_what_it_must(void **state)
{
    (void)state;
    const char *text = message(MAIL("\"Karin\"", "\"karin@kansli.example\"", "\"Hello\"", PLAIN));
    assert_string_equal(head_of(text, "From"), "kansli <register@kansli.example>");
    assert_string_equal(head_of(text, "To"), "Karin <karin@kansli.example>");
    assert_string_equal(head_of(text, "Subject"), "Hello");
    assert_string_equal(head_of(text, "Date"), "Sun, 22 Nov 2026 08:15:30 +0000");
    assert_string_equal(head_of(text, "Message-ID"),
                        "<11111111-2222-3333-4444-555555555555@kansli.example>");
    assert_string_equal(head_of(text, "Auto-Submitted"), "auto-generated");
    assert_string_equal(head_of(text, "Content-Language"), "sv");
    assert_null(head_of(text, "List-Unsubscribe"));
    assert_string_equal(text,
                        message(MAIL("\"Karin\"", "\"karin@kansli.example\"", "\"Hello\"", PLAIN)));
}

static void a_calendar_is_a_file_beside_the_text_with_its_method_in_the_head(void **state)
{
    (void)state;
    const char *text = message(MAIL("null", "\"a@b.example\"", "\"x\"",
                                    PLAIN ", \"calendar\": \"BEGIN:VCALENDAR\\r\\nMETHOD:CANCEL\\r\\n"
                                          "SUMMARY:M\u00f6te=--=+1\\r\\nEND:VCALENDAR\\r\\n\""));
    assert_string_equal(head_of(text, "Content-Type"),
                        "multipart/mixed;\r\n boundary=\"=+11111111-2222-3333-4444-555555555555\"");
    assert_non_null(strstr(text, "\r\nContent-Type: text/calendar; charset=utf-8; method=CANCEL\r\n"));
    assert_non_null(strstr(text, "\r\n\r\nBEGIN:VCALENDAR\r\nMETHOD:CANCEL\r\nSUMMARY:M=C3=B6te=3D--=3D+1\r\n"
                                 "END:VCALENDAR\r\n"));
    assert_non_null(strstr(text, "\r\n--=_11111111-2222-3333-4444-555555555555--\r\n--=+1"));
    assert_non_null(strstr(text, "\r\n--=+11111111-2222-3333-4444-555555555555--\r\n"));
    assert_null(strstr(message(MAIL("null", "\"a@b.example\"", "\"x\"", PLAIN)), "calendar"));
}

static void what_can_be_stopped_can_be_stopped_with_one_click(void **state)
{
    (void)state;
    const char *text =
        message(MAIL("null", "\"a@b.example\"", "\"x\"",
                     "\"paragraphs\": [], \"stopHref\": \"https://kansli.example/mail/stop/s\""));
    assert_string_equal(head_of(text, "List-Unsubscribe"), "<https://kansli.example/mail/stop/s>");
    assert_string_equal(head_of(text, "List-Unsubscribe-Post"), "List-Unsubscribe=One-Click");
    assert_string_equal(head_of(text, "To"), "<a@b.example>");
}

static void no_name_subject_or_address_becomes_a_header(void **state)
{
    static const char *const evil[] = {
        MAIL("\"Eve\\r\\nBcc: all@example.org\"", "\"a@b.example\"", "\"x\"", PLAIN),
        MAIL("\"Eve\\nBcc: all@example.org\"", "\"a@b.example\"", "\"x\"", PLAIN),
        MAIL("\"Eve\"", "\"a@b.example\\r\\nBcc: all@example.org\"", "\"x\"", PLAIN),
        MAIL("\"Eve\"", "\"a@b.example>\\r\\nBcc: <all@example.org\"", "\"x\"", PLAIN),
        MAIL("\"Eve\"", "\"a@b.example\"", "\"x\\r\\nBcc: all@example.org\\r\\n\\r\\nbody\"",
             PLAIN),
        MAIL("\"Eve\"", "\"a@b.example\"", "\"x\\u000bBcc: all@example.org\\u007f\"", PLAIN),
        MAIL("\"\\\" <all@example.org>, \\\"\"", "\"a@b.example\"", "\"x\"", PLAIN),
        MAIL("\"=?utf-8?Q?=0D=0ABcc:_all=40example.org?=\"", "\"a@b.example\"",
             "\"=?utf-8?Q?=0D=0ABcc:_all=40example.org?=\"", PLAIN),
        MAIL("\"Eve\"", "\"a@b.example\"", "\"x\"",
             "\"paragraphs\": [], \"stopHref\": \"https://x/\\r\\nBcc: all@example.org\""),
    };
    int plain = lines_of_head(message(MAIL("\"Karin\"", "\"a@b.example\"", "\"x\"", PLAIN)));
    for (size_t i = 0; i < LEN(evil); i++) {
        const char *text = message(evil[i]);
        assert_null(head_of(text, "Bcc"));
        assert_int_equal(lines_of_head(text), plain + (i == LEN(evil) - 1 ? 2 : 0));
        for (const char *at = text; (at = strpbrk(at, "\r\n")); at += 2)
            assert_true(at[0] == '\r' && at[1] == '\n');
        const char *to = head_of(text, "To");
        assert_ptr_equal(strchr(to, '<'), strrchr(to, '<'));
        assert_null(strstr(to, "<all@"));
        assert_null(strstr(text, "=?utf-8?Q?=0D=0ABcc:_all"));
    }
}

static void words_beyond_ascii_are_encoded_and_no_line_is_long(void **state)
{
    (void)state;
    const char *text = message(MAIL(
        "\"Åsa Öberg\"", "\"a@b.example\"",
        "\"Du är nominerad till den nationella arbetsgruppen för palliativ vård, och för åtgärder "
        "mot återkommande fall hos äldre människor på sjukhus\"",
        PLAIN));
    assert_string_equal(head_of(text, "To"), "=?utf-8?Q?=C3=85sa_=C3=96berg?= <a@b.example>");
    const char *subject = head_of(text, "Subject");
    assert_int_equal(strncmp(subject, "=?utf-8?Q?Du_=C3=A4r_nominerad", 30), 0);
    for (const char *at = text; *at;) {
        size_t n = strcspn(at, "\r");
        assert_true(n <= 78);
        at += n + (at[n] ? 2 : 0);
    }
    /* A character is never divided between two words. */
    for (const char *at = subject; (at = strstr(at, "?=")); at++)
        assert_int_not_equal(strncmp(at - 3, "=C3", 3), 0);
}

static void a_long_subject_is_folded_and_an_unbreakable_one_encoded(void **state)
{
    (void)state;
    const char *text =
        message(MAIL("null", "\"a@b.example\"",
                     "\"A decision on the nomination of you to the national working group for "
                     "palliative care of children\"",
                     PLAIN));
    assert_string_equal(head_of(text, "Subject"),
                        "A decision on the nomination of you to the national working "
                        "group\r\n for palliative care of children");
    text = message(arena_printf(arena, MAIL("null", "\"a@b.example\"", "\"%0200d\"", PLAIN), 0));
    assert_non_null(strstr(head_of(text, "Subject"), "?=\r\n =?utf-8?Q?0"));
}

static void the_text_is_wrapped_and_quoted(void **state)
{
    (void)state;
    const char *text = message(
        MAIL("null", "\"a@b.example\"", "\"x\"",
             "\"paragraphs\": [\"En rad med å och = och en punkt på slutet som går över kanten på "
             "tavlan.\", \".\\nFrom here on\"], \"stopHref\": null"));
    assert_non_null(strstr(text, "En rad med =C3=A5 och =3D och en punkt p=C3=A5 slutet som g"));
    assert_non_null(strstr(text, "\r\n. From here on\r\n"));
    assert_non_null(strstr(text, "\r\n--=20\r\nBecause.\r\nIt cannot be stopped.\r\n"));
    assert_non_null(strstr(text, "<p>Hej =C3=A5</p>\r\n"));
}

/* ---------------------------------------------------------------- the outbox */

static const char *const people[] = {
    "INSERT INTO person (key, id, given_name, family_name, email, language, modified) VALUES "
    "(1, 'p1', 'Karin', 'Ek', 'karin@work.example', 'en', ''), "
    "(2, 'p2', 'Bo', 'Al', 'bo@work.example', NULL, ''), (3, 'p3', 'Eva', 'Alm', NULL, NULL, ''), "
    "(4, 'p4', 'Ove', 'Lind', 'ove@work.example', NULL, '')",
    "INSERT INTO account (key, id, email, email_folded, person_key, language, disabled, modified) "
    "VALUES (1, 'a1', 'karin@kansli.example', 'karin@kansli.example', 1, NULL, 0, ''), "
    "(2, 'a2', 'support@kansli.example', 'support@kansli.example', NULL, 'sv', 0, ''), "
    "(3, 'a3', 'gone@kansli.example', 'gone@kansli.example', 4, NULL, 1, '')",
    "INSERT INTO account_role (account_key, role) VALUES (2, 'support'), (3, 'support')",
    "INSERT INTO setting (name, value) VALUES ('serverSecret', 'secret')",
};

static int begin_with_people(void **state)
{
    int failed = begin(state);
    for (size_t i = 0; i < LEN(people); i++)
        run_sql(people[i]);
    return failed;
}

static const char *const places[] = {"day",  "2026-12-03", "roleLabel", "Chair",
                                     "what", "{day}",      NULL};
static struct mail mail_of(const char *event, enum mail_kind kind)
{
    return (struct mail){.event = event,
                         .kind = kind,
                         .subject = "{roleLabel} by {day}: {what}",
                         .paragraphs = {"One."},
                         .why = "Because.",
                         .places = places};
}

static long long queued(const char *address)
{
    return read_int(arena_printf(arena, "SELECT count(*) FROM mail WHERE address = '%s'", address));
}

static void the_same_event_goes_to_an_address_once(void **state)
{
    (void)state;
    struct mail mail = mail_of("things:1:done", MAIL_NOTICE),
                other = mail_of("things:2:done", MAIL_NOTICE);
    assert_int_equal(mail_person(&ctx, 1, &mail), OK);
    assert_int_equal(mail_account(&ctx, 1, &mail), OK);
    assert_int_equal(queued("karin@kansli.example"), 1);
    assert_int_equal(mail_account(&ctx, 1, &other), OK);
    assert_int_equal(queued("karin@kansli.example"), 2);
    assert_int_equal(mail_address(&ctx, "karin@kansli.example", NULL, LANG_EN, &mail), OK);
    assert_int_equal(queued("karin@kansli.example"), 2);
}

static void a_person_is_written_to_at_the_account_in_the_readers_language(void **state)
{
    (void)state;
    struct mail mail = mail_of("things:1:done", MAIL_NOTICE);
    for (int person = 1; person <= 4; person++)
        assert_int_equal(mail_person(&ctx, person, &mail), OK);
    assert_int_equal(read_int("SELECT count(*) FROM mail"), 2);
    assert_string_equal(
        read_text("SELECT language FROM mail WHERE address = 'karin@kansli.example'"), "en");
    assert_string_equal(read_text("SELECT language FROM mail WHERE address = 'bo@work.example'"),
                        "sv");
    assert_true(mail_reaches(&ctx, 1) && mail_reaches(&ctx, 2));
    assert_false(mail_reaches(&ctx, 3)); /* no address */
    assert_false(mail_reaches(&ctx, 4)); /* the account is disabled */
    json_t *content =
        json_loads(read_text("SELECT content FROM mail WHERE language = 'en'"), 0, NULL);
    assert_string_equal(json_text(content, "subject"), "Chair by 3 December 2026: {day}");
    assert_string_equal(json_text(content, "name"), "Karin Ek");
    json_decref(content);
}

static void those_who_left_are_written_to_no_more(void **state)
{
    (void)state;
    struct mail mail = mail_of("things:1:done", MAIL_REQUEST);
    assert_int_equal(mail_support(&ctx, &mail), OK);
    assert_int_equal(read_int("SELECT count(*) FROM mail"), 1);
    assert_int_equal(queued("support@kansli.example"), 1);
}

static void reminders_and_summaries_follow_the_choice(void **state)
{
    (void)state;
    struct mail reminder = mail_of("r", MAIL_REMINDER), digest = mail_of("d", MAIL_DIGEST);
    assert_int_equal(mail_account(&ctx, 1, &digest), OK);
    assert_int_equal(read_int("SELECT count(*) FROM mail"), 0);
    assert_int_equal(mail_account(&ctx, 1, &reminder), OK);
    assert_int_equal(read_int("SELECT count(*) FROM mail"), 1);
    run_sql("INSERT INTO mail_choice (account_key, reminders, digest) VALUES (1, 0, 'weekly')");
    run_sql("INSERT INTO mail_choice (person_key, reminders) VALUES (2, 0)");
    reminder.event = "r2";
    assert_int_equal(mail_account(&ctx, 1, &reminder), OK);
    assert_int_equal(mail_person(&ctx, 2, &reminder), OK);
    assert_int_equal(mail_account(&ctx, 1, &digest), OK);
    assert_int_equal(read_int("SELECT count(*) FROM mail"), 2);
}

static void serve_mail(void)
{
    run_sql("UPDATE setting SET value = 'smtp://mail.example' WHERE name = 'mailServer'");
    run_sql("UPDATE setting SET value = 'a@b.example' WHERE name = 'mailSender'");
}

static void pauses_grow_until_it_is_given_up(void **state)
{
    static const int minutes[] = {1, 5, 15, 60, 240, 240, 240, 240, 240, 240, 240};
    (void)state;
    struct mail mail = mail_of("things:1:done", MAIL_NOTICE);
    assert_int_equal(mail_account(&ctx, 1, &mail), OK);
    assert_int_equal(mail_pause(&ctx), -1);
    assert_null(mail_take(&ctx));
    serve_mail();
    for (size_t i = 0; i <= LEN(minutes); i++) {
        assert_int_equal(mail_pause(&ctx), 0);
        json_t *taken = mail_take(&ctx);
        assert_non_null(taken);
        assert_null(mail_take(&ctx)); /* nobody takes it twice */
        assert_int_equal(mail_done(&ctx, json_int(taken, "key", 0), SMTP_LATER, "busy"), OK);
        json_decref(taken);
        if (i == LEN(minutes))
            break;
        const char *due = read_text("SELECT due FROM mail");
        int64_t wait = instant_seconds(due) - instant_seconds(tx_instant(&tx));
        assert_int_equal(wait, 60 * minutes[i]);
        assert_null(mail_take(&ctx));
        assert_true(mail_pause(&ctx) > 0);
        run_sql("UPDATE mail SET due = '2020-01-01T00:00:00.000Z'");
    }
    assert_string_equal(read_text("SELECT state FROM mail"), "failed");
    assert_int_equal(mail_pause(&ctx), -1);
}

static void what_was_under_way_at_the_end_is_unsure(void **state)
{
    (void)state;
    struct mail mail = mail_of("things:1:done", MAIL_NOTICE);
    assert_int_equal(mail_account(&ctx, 1, &mail), OK);
    serve_mail();
    json_decref(mail_take(&ctx));
    assert_int_equal(mail_recover(&ctx), OK);
    assert_string_equal(read_text("SELECT state FROM mail"), "unsure");
    assert_int_equal(mail_pause(&ctx), -1);
    assert_null(mail_take(&ctx));
}

static void what_is_in_a_mail_goes_when_it_was_sent(void **state)
{
    (void)state;
    struct mail mail = mail_of("things:1:done", MAIL_NOTICE);
    assert_int_equal(mail_account(&ctx, 1, &mail), OK);
    serve_mail();
    json_t *taken = mail_take(&ctx);
    assert_int_equal(mail_done(&ctx, json_int(taken, "key", 0), SMTP_SENT, NULL), OK);
    json_decref(taken);
    assert_int_equal(read_int("SELECT count(*) FROM mail WHERE state = 'sent' AND content IS NULL "
                              "AND sent_at IS NOT NULL"),
                     1);
}

static void an_erased_person_is_written_to_and_of_no_more(void **state)
{
    (void)state;
    struct mail to = mail_of("one", MAIL_NOTICE), of = mail_of("two", MAIL_NOTICE);
    of.paragraphs[0] = "Karin Ek is nominated.";
    assert_int_equal(mail_account(&ctx, 1, &to), OK);
    assert_int_equal(mail_support(&ctx, &to), OK);
    assert_int_equal(mail_support(&ctx, &of), OK);
    assert_int_equal(mail_tie.erase(&ctx, 1), OK);
    assert_int_equal(queued("karin@kansli.example"), 0);
    assert_int_equal(
        read_int("SELECT count(*) FROM mail WHERE state = 'waiting' AND event = 'one'"), 1);
    assert_int_equal(read_int("SELECT count(*) FROM mail WHERE state = 'stopped' AND event = 'two' "
                              "AND content IS NULL"),
                     1);
}

static void an_erased_account_is_written_to_no_more(void **state)
{
    (void)state;
    struct mail mail = mail_of("one", MAIL_NOTICE);
    assert_int_equal(mail_account(&ctx, 1, &mail), OK);
    assert_int_equal(account_erase(&ctx, 1), OK);
    assert_int_equal(read_int("SELECT count(*) FROM mail"), 0);
    assert_int_equal(mail_account(&ctx, 1, &mail), OK);
    assert_int_equal(read_int("SELECT count(*) FROM mail"), 0);
}

static void addresses_that_could_say_more_are_none(void **state)
{
    static const char *const bad[] = {
        "",         "a",        "a@",       "@b.example", "a@b@c.example", "a b@c.se",
        "a@c.se\n", "a@c.se\r", "<a@c.se>", "å@c.se",     "a,b@c.se",      "a;@c.se"};
    (void)state;
    for (size_t i = 0; i < LEN(bad); i++)
        assert_false(smtp_address_valid(bad[i]));
    assert_true(smtp_address_valid("o'neill+x@region.example"));
}

#define MAIL_TEST(f) cmocka_unit_test_setup_teardown(f, begin_with_people, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_head_says_what_it_must),
        TEST(a_calendar_is_a_file_beside_the_text_with_its_method_in_the_head),
        TEST(what_can_be_stopped_can_be_stopped_with_one_click),
        TEST(no_name_subject_or_address_becomes_a_header),
        TEST(words_beyond_ascii_are_encoded_and_no_line_is_long),
        TEST(a_long_subject_is_folded_and_an_unbreakable_one_encoded),
        TEST(the_text_is_wrapped_and_quoted),
        TEST(addresses_that_could_say_more_are_none),
        MAIL_TEST(the_same_event_goes_to_an_address_once),
        MAIL_TEST(a_person_is_written_to_at_the_account_in_the_readers_language),
        MAIL_TEST(those_who_left_are_written_to_no_more),
        MAIL_TEST(reminders_and_summaries_follow_the_choice),
        MAIL_TEST(pauses_grow_until_it_is_given_up),
        MAIL_TEST(what_was_under_way_at_the_end_is_unsure),
        MAIL_TEST(what_is_in_a_mail_goes_when_it_was_sent),
        MAIL_TEST(an_erased_person_is_written_to_and_of_no_more),
        MAIL_TEST(an_erased_account_is_written_to_no_more),
    };
    return cmocka_run_group_tests(tests, open_register, close_register);
}
