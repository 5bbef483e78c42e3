/* smtp.h: one mail to one address, by SMTP. The only room that knows libcurl. */
#ifndef KANSLI_SMTP_H
#define KANSLI_SMTP_H

#include <kansli/arena.h>

struct smtp_server {
    const char *url; /* "smtp://mail.region.example:587": STARTTLS; "smtps://": TLS at once */
    bool plain;      /* smtp:// without STARTTLS: only for a server on this machine */
    const char *user, *password; /* NULL: no login */
    const char *ca_file;         /* certificates that are believed; NULL: the system's */
    bool (*give_up)(void);       /* asked about every second: true ends the conversation */
};

/* What became of it. */
enum smtp_result {
    SMTP_SENT, /* the server took it */
    /* It was not sent, and may be tried again: no answer, busy (4xx), a login or a sender that is
     * not taken, which settings can mend. */
    SMTP_LATER,
    SMTP_REFUSED, /* it was not sent, and never will be: the address or the text got 5xx */
    SMTP_UNSURE   /* the line broke after the text was given: nobody knows */
};

/* Before threads, and after them. */
void smtp_start(void);
void smtp_stop(void);
/* True when mail can be sent to it: ASCII, one @, nothing that could end a header or a command. */
bool smtp_address_valid(const char *address);
/* Sends `message` (RFC 5322, CRLF) from one address to another, in a minute at most. *problem (in
 * arena, or static) gets what went wrong in one line, without anything of the message, or NULL. The
 * server's words are in it, which may have the address: not for a log. */
enum smtp_result smtp_send(const struct smtp_server *server, const char *from, const char *to,
                           const char *message, size_t n, struct arena *arena,
                           const char **problem);

#endif
