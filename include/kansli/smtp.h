/* smtp.h: one mail to one address, by SMTP. The only room that knows libcurl. */
#ifndef KANSLI_SMTP_H
#define KANSLI_SMTP_H

#include <kansli/base.h>
#include <kansli/err.h>

struct smtp_server {
    const char *url;      /* "smtp://mail.region.example:587" (STARTTLS), "smtps://..." (TLS from the start) */
    bool plain;           /* smtp:// without STARTTLS: only for a server on this machine */
    const char *user, *password; /* NULL: no login */
    const char *ca_file;  /* certificates that are believed; NULL: the system's */
    int seconds;          /* until it is given up; 0: 60 */
};

/* What became of it. */
enum smtp_result {
    SMTP_SENT,     /* the server took it */
    SMTP_LATER,    /* it was not sent, and may be tried again: no answer, busy, 4xx */
    SMTP_REFUSED,  /* it was not sent, and never will be: 5xx, a bad address, a login that fails */
    SMTP_UNSURE    /* the line broke after the text was given: nobody knows */
};

/* Before threads, and after them. */
void smtp_start(void);
void smtp_stop(void);
/* Sends `message` (RFC 5322, CRLF) from one address to another; *problem (in arena) gets what went
 * wrong in one line, without anything of the message. */
enum smtp_result smtp_send(const struct smtp_server *server, const char *from, const char *to,
                           const char *message, size_t n, struct arena *arena, const char **problem);

#endif
