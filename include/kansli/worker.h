/* worker.h: threads for what must block neither a server thread nor the writer: password hashing,
 * searches, checks, mail. */
#ifndef KANSLI_WORKER_H
#define KANSLI_WORKER_H

#include <kansli/base.h>

struct worker;

/* One piece of work; lives until run returns. */
struct work {
    void (*run)(void *arg);
    void *arg;
    struct work *next; /* worker's own */
};

/* `threads` threads that take work in the order in which it came. */
struct worker *worker_new(int threads);
/* Queues it. False when `most` pieces wait already: the caller says that it is busy. */
bool worker_add(struct worker *worker, struct work *work, int most);
/* Finishes what is queued, then ends the threads. NULL is fine. */
void worker_free(struct worker *worker);

#endif
