/* worker.c: a queue and its threads.
 *
 * Owns nothing of the work; knows no request and no register. One lock: work is milliseconds, not
 * microseconds. */
#include <pthread.h>
#include <stdlib.h>
#include <kansli/worker.h>

struct worker {
    pthread_mutex_t lock;
    pthread_cond_t wake;
    struct work *first, **last;
    int waiting, threads;
    bool stop;
    pthread_t thread[];
};

static void *worker_main(void *arg)
{
    struct worker *worker = arg;
    pthread_mutex_lock(&worker->lock);
    while (worker->first || !worker->stop) {
        struct work *work = worker->first;
        if (!work) {
            pthread_cond_wait(&worker->wake, &worker->lock);
            continue;
        }
        worker->first = work->next;
        if (!worker->first)
            worker->last = &worker->first;
        worker->waiting--;
        pthread_mutex_unlock(&worker->lock);
        work->run(work->arg);
        pthread_mutex_lock(&worker->lock);
    }
    pthread_mutex_unlock(&worker->lock);
    return NULL;
}

struct worker *worker_new(int threads)
{
    struct worker *worker = must_calloc(1, sizeof *worker + (size_t)threads * sizeof(pthread_t));
    pthread_mutex_init(&worker->lock, NULL);
    pthread_cond_init(&worker->wake, NULL);
    worker->last = &worker->first;
    worker->threads = threads;
    for (int i = 0; i < threads; i++)
        if (pthread_create(&worker->thread[i], NULL, worker_main, worker))
            BUG("no thread for a worker");
    return worker;
}

bool worker_add(struct worker *worker, struct work *work, int most)
{
    pthread_mutex_lock(&worker->lock);
    bool room = worker->waiting < most && !worker->stop;
    if (room) {
        work->next = NULL;
        *worker->last = work;
        worker->last = &work->next;
        worker->waiting++;
        pthread_cond_signal(&worker->wake);
    }
    pthread_mutex_unlock(&worker->lock);
    return room;
}

void worker_free(struct worker *worker)
{
    if (!worker)
        return;
    pthread_mutex_lock(&worker->lock);
    worker->stop = true;
    pthread_cond_broadcast(&worker->wake);
    pthread_mutex_unlock(&worker->lock);
    for (int i = 0; i < worker->threads; i++)
        pthread_join(worker->thread[i], NULL);
    pthread_cond_destroy(&worker->wake);
    pthread_mutex_destroy(&worker->lock);
    free(worker);
}
