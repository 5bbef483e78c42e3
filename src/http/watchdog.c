/* watchdog.c: nobody holds a connection for ever.
 *
 * Owns the list of open sockets with one absolute deadline each. libmicrohttpd's own timeout counts
 * from the last byte, so a client that sends one byte now and then stays as long as it likes. One
 * thread looks at the list a few times a second and shuts down what is overdue; the server thread
 * then finds the socket closed and cleans up as for any client that left. Nothing is written (a 408
 * from this thread could land in the middle of an answer that just began).
 *
 * It also ends connections politely whose request was answered before its body was read: closing a
 * socket with unread bytes makes the kernel send a reset, which can overtake the answer. So a copy
 * of the descriptor is drained here for two seconds at most.
 *
 * Must never know what is said on a connection. */
#include "internal.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { TICK_MS = 250, LINGER_MS = 2000, DRAIN_BYTES = 4 * 1024 * 1024 };

void peer_deadline(struct peer *peer, int ms)
{
    int64_t at = ms > 0 ? clock_ms() + ms : INT64_MAX;
    atomic_store_explicit(&peer->deadline, at, memory_order_relaxed);
}

struct peer *watchdog_add(struct watchdog *dog, int fd, int head_ms)
{
    struct peer *peer = must_calloc(1, sizeof *peer);
    peer->fd = fd;
    peer_deadline(peer, head_ms);
    pthread_mutex_lock(&dog->lock);
    peer->link = &dog->peers;
    peer->next = dog->peers;
    if (peer->next)
        peer->next->link = &peer->next;
    dog->peers = peer;
    pthread_mutex_unlock(&dog->lock);
    return peer;
}

void watchdog_remove(struct watchdog *dog, struct peer *peer)
{
    pthread_mutex_lock(&dog->lock);
    *peer->link = peer->next;
    if (peer->next)
        peer->next->link = peer->link;
    if (peer->unread && dog->lingering < LINGERERS) {
        int fd = dup(peer->fd);
        if (fd >= 0) {
            shutdown(fd, SHUT_WR);
            dog->linger[dog->lingering].fd = fd;
            dog->linger[dog->lingering].until = clock_ms() + LINGER_MS;
            dog->lingering++;
        }
    }
    pthread_mutex_unlock(&dog->lock);
    free(peer);
}

/* True when the other side is done: it closed, or the socket failed. */
static bool drain(int fd)
{
    static char waste[64 * 1024]; /* only the watchdog's thread comes here */
    for (size_t sum = 0; sum < DRAIN_BYTES;) {
        ssize_t n = recv(fd, waste, sizeof waste, MSG_DONTWAIT);
        if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
            return true;
        if (n < 0)
            return false;
        sum += (size_t)n;
    }
    return false;
}

static void drain_all(struct watchdog *dog, int64_t now)
{
    int kept = 0;
    for (int i = 0; i < dog->lingering; i++) {
        if (drain(dog->linger[i].fd) || now >= dog->linger[i].until)
            close(dog->linger[i].fd);
        else
            dog->linger[kept++] = dog->linger[i];
    }
    dog->lingering = kept;
}

static void cut_overdue(struct watchdog *dog, int64_t now)
{
    for (struct peer *peer = dog->peers; peer; peer = peer->next) {
        if (atomic_load_explicit(&peer->deadline, memory_order_relaxed) <= now) {
            shutdown(peer->fd, SHUT_RDWR);
            peer_deadline(peer, 0);
        }
    }
}

static void *watch(void *cls)
{
    struct watchdog *dog = cls;
    pthread_mutex_lock(&dog->lock);
    while (!dog->stop) {
        struct timespec next;
        clock_gettime(CLOCK_MONOTONIC, &next);
        next.tv_nsec += dog->tick_ms * 1000000L;
        if (next.tv_nsec >= 1000000000L) {
            next.tv_sec++;
            next.tv_nsec -= 1000000000L;
        }
        pthread_cond_timedwait(&dog->wake, &dog->lock, &next);
        int64_t now = clock_ms();
        cut_overdue(dog, now);
        drain_all(dog, now);
    }
    pthread_mutex_unlock(&dog->lock);
    return NULL;
}

enum code watchdog_start(struct watchdog *dog, int shortest_ms, struct err *err)
{
    pthread_condattr_t attr;
    int tick = shortest_ms / 8;
    dog->tick_ms = tick < 5 ? 5 : tick > TICK_MS ? TICK_MS : tick;
    pthread_mutex_init(&dog->lock, NULL);
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&dog->wake, &attr);
    pthread_condattr_destroy(&attr);
    if (pthread_create(&dog->thread, NULL, watch, dog) != 0)
        return err_set(err, E_INTERNAL, "no-thread", N_("A thread could not be started."));
    return OK;
}

void watchdog_stop(struct watchdog *dog)
{
    pthread_mutex_lock(&dog->lock);
    dog->stop = true;
    pthread_cond_signal(&dog->wake);
    pthread_mutex_unlock(&dog->lock);
    pthread_join(dog->thread, NULL);
    MUST(dog->peers == NULL);
    for (int i = 0; i < dog->lingering; i++)
        close(dog->linger[i].fd);
    pthread_cond_destroy(&dog->wake);
    pthread_mutex_destroy(&dog->lock);
}
