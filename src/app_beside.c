/* app_beside.c: a thread beside the requests that looks for work now and then.
 *
 * Owns its life: begun once, asleep between two looks, woken to end. It sleeps by the clock that
 * nobody sets: on the wall's, an hour put back would be an hour slept. Must not know what it looks
 * for. */
#define _GNU_SOURCE /* pthread_cond_clockwait */
#include "app.h"

void beside_start(struct beside *beside, void *(*look)(void *))
{
    if (pthread_create(&beside->thread, NULL, look, NULL))
        BUG("no thread beside the requests");
}

bool beside_stopped(struct beside *beside)
{
    return atomic_load(&beside->stop);
}

void beside_doze(struct beside *beside, int ms)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += ms % 1000 * 1000000L;
    until.tv_sec += ms / 1000 + until.tv_nsec / 1000000000L;
    until.tv_nsec %= 1000000000L;
    pthread_mutex_lock(&beside->lock);
    if (!beside_stopped(beside))
        pthread_cond_clockwait(&beside->wake, &beside->lock, CLOCK_MONOTONIC, &until);
    pthread_mutex_unlock(&beside->lock);
}

void beside_stop_soon(struct beside *beside)
{
    pthread_mutex_lock(&beside->lock);
    atomic_store(&beside->stop, true);
    pthread_cond_signal(&beside->wake);
    pthread_mutex_unlock(&beside->lock);
}

void beside_join(struct beside *beside)
{
    pthread_join(beside->thread, NULL);
}
