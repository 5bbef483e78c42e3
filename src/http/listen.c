/* listen.c: addresses, as people write them and as the kernel knows them.
 *
 * Owns the opening of the one listening socket: IPv4, IPv6 or a file. Opened here and not by
 * libmicrohttpd, which knows no files and hides why it failed. Only numeric addresses: what a
 * name means is decided elsewhere and may change. */
#include "internal.h"
#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static enum code listen_failed(struct err *err, const char *listen, const char *reason)
{
    return err_setf(err, E_INTERNAL, "listen-failed", N_("Cannot listen on {address}: {reason}."),
                    "address", listen, "reason", reason, NULL);
}

void address_text(const struct sockaddr *address, char out[INET6_ADDRSTRLEN])
{
    snprintf(out, INET6_ADDRSTRLEN, "unix");
    if (address && address->sa_family == AF_INET) {
        struct sockaddr_in in;
        memcpy(&in, address, sizeof in);
        inet_ntop(AF_INET, &in.sin_addr, out, INET6_ADDRSTRLEN);
    } else if (address && address->sa_family == AF_INET6) {
        struct sockaddr_in6 in;
        memcpy(&in, address, sizeof in);
        if (IN6_IS_ADDR_V4MAPPED(&in.sin6_addr))
            inet_ntop(AF_INET, &in.sin6_addr.s6_addr[12], out, INET6_ADDRSTRLEN);
        else
            inet_ntop(AF_INET6, &in.sin6_addr, out, INET6_ADDRSTRLEN);
    }
}

bool address_normal(const char *text, char out[INET6_ADDRSTRLEN])
{
    struct sockaddr_in v4 = {.sin_family = AF_INET};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
    if (inet_pton(AF_INET, text, &v4.sin_addr) == 1)
        address_text((const struct sockaddr *)&v4, out);
    else if (inet_pton(AF_INET6, text, &v6.sin6_addr) == 1)
        address_text((const struct sockaddr *)&v6, out);
    else
        return false;
    return true;
}

/* A socket file that nobody answers on is left from a crash; one that somebody answers on is in
 * use. */
static void remove_stale(const struct sockaddr_un *address)
{
    struct stat st;
    if (lstat(address->sun_path, &st) != 0 || !S_ISSOCK(st.st_mode))
        return;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return;
    if (connect(fd, (const struct sockaddr *)address, sizeof *address) != 0 &&
        errno == ECONNREFUSED)
        unlink(address->sun_path);
    close(fd);
}

static enum code listen_unix(const char *listen, int *fd, char **address, char **unix_path,
                             struct err *err)
{
    struct sockaddr_un un = {.sun_family = AF_UNIX};
    const char *path = listen + strlen("unix:");
    size_t n = strlen(path);
    if (n == 0 || n >= sizeof un.sun_path)
        return listen_failed(err, listen, "the path is empty or too long");
    memcpy(un.sun_path, path, n + 1);
    remove_stale(&un);
    *fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (*fd < 0)
        return listen_failed(err, listen, strerror(errno));
    if (bind(*fd, (const struct sockaddr *)&un, sizeof un) != 0)
        return listen_failed(err, listen, strerror(errno));
    /* Whatever the umask: the proxy in front is of our group, nobody else has a way in. */
    if (chmod(path, S_IRUSR | S_IWUSR | S_IRGRP | S_IWGRP) != 0)
        return listen_failed(err, listen, strerror(errno));
    *unix_path = must_strdup(path);
    *address = must_strdup(listen);
    return OK;
}

static struct addrinfo *resolve(const char *listen)
{
    struct addrinfo hints = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE,
                             .ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    char host[INET6_ADDRSTRLEN + 2];
    const char *colon = strrchr(listen, ':');
    size_t n = colon ? (size_t)(colon - listen) : 0;
    const char *from = listen;
    if (n >= 2 && listen[0] == '[' && listen[n - 1] == ']') {
        from++;
        n -= 2;
    }
    if (n == 0 || n >= sizeof host || (from == listen && memchr(listen, ':', n)))
        return NULL;
    /* getaddrinfo would take 99999 for 34463. */
    if (colon[1 + strspn(colon + 1, "0123456789")] || strtoul(colon + 1, NULL, 10) > 65535)
        return NULL;
    memcpy(host, from, n);
    host[n] = '\0';
    return getaddrinfo(host, colon + 1, &hints, &found) == 0 ? found : NULL;
}

static char *address_of(int fd)
{
    struct sockaddr_storage bound = {0};
    socklen_t n = sizeof bound;
    char host[INET6_ADDRSTRLEN + 2], out[INET6_ADDRSTRLEN + 32], port[8];
    MUST(getsockname(fd, (struct sockaddr *)&bound, &n) == 0);
    MUST(getnameinfo((struct sockaddr *)&bound, n, host, sizeof host, port, sizeof port,
                     NI_NUMERICHOST | NI_NUMERICSERV) == 0);
    if (bound.ss_family == AF_INET6)
        snprintf(out, sizeof out, "http://[%s]:%s", host, port);
    else
        snprintf(out, sizeof out, "http://%s:%s", host, port);
    return must_strdup(out);
}

static enum code listen_tcp(const char *listen, int *fd, char **address, struct err *err)
{
    struct addrinfo *found = resolve(listen);
    int on = 1;
    if (!found)
        return listen_failed(err, listen, "not an address with a port");
    *fd = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    /* NODELAY is inherited by what is accepted: an answer's last piece never waits for an
     * acknowledgement. */
    bool done = *fd >= 0 && setsockopt(*fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
                setsockopt(*fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) == 0 &&
                bind(*fd, found->ai_addr, found->ai_addrlen) == 0;
    int why = errno;
    freeaddrinfo(found);
    if (!done)
        return listen_failed(err, listen, strerror(why));
    *address = address_of(*fd);
    return OK;
}

enum code listen_open(const char *listen_at, int *fd, char **address, char **unix_path,
                      struct err *err)
{
    *fd = -1;
    *address = *unix_path = NULL;
    enum code c = strncmp(listen_at, "unix:", 5) == 0
                      ? listen_unix(listen_at, fd, address, unix_path, err)
                      : listen_tcp(listen_at, fd, address, err);
    if (!c && listen(*fd, SOMAXCONN) != 0)
        c = listen_failed(err, listen_at, strerror(errno));
    if (c && *fd >= 0)
        close(*fd);
    return c;
}
