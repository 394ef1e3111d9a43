/* How a program that stays up is measured: for each line THREADS CALLS that it reads, that many threads make that many
 * calls each, all at once, and it prints the nanoseconds of wall time for each of all calls. */
#ifndef ROUNDS_H
#define ROUNDS_H

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "nanoseconds.h"

enum { MOST_THREADS = 256 };

typedef void (*work_fn)(long calls);

struct worker {
    pthread_t thread;
    pthread_barrier_t *gate;
    work_fn work;
    long calls;
    double start;
    double end;
};

static void *run_worker(void *argument)
{
    struct worker *worker = argument;

    pthread_barrier_wait(worker->gate);
    worker->start = nanoseconds();
    worker->work(worker->calls);
    worker->end = nanoseconds();
    return NULL;
}

/* From the first thread's start to the last one's end. A single thread is one beside main too: in a process that never
 * started one, the C library leaves atomic operations out. */
static double time_threads(int threads, long calls, work_fn work)
{
    static struct worker workers[MOST_THREADS];
    pthread_barrier_t gate;
    double start;
    double end;

    pthread_barrier_init(&gate, NULL, (unsigned)threads);
    for (int i = 0; i < threads; i++) {
        workers[i].gate = &gate;
        workers[i].work = work;
        workers[i].calls = calls;
        if (pthread_create(&workers[i].thread, NULL, run_worker, &workers[i]) != 0) {
            perror("no thread");
            exit(EXIT_FAILURE);
        }
    }
    for (int i = 0; i < threads; i++)
        pthread_join(workers[i].thread, NULL);
    pthread_barrier_destroy(&gate);
    start = workers[0].start;
    end = workers[0].end;
    for (int i = 1; i < threads; i++) {
        start = workers[i].start < start ? workers[i].start : start;
        end = workers[i].end > end ? workers[i].end : end;
    }
    return end - start;
}

/* `prepare` comes before each round and is not measured; it may be NULL. */
static int answer_rounds(void (*prepare)(void), work_fn work)
{
    int threads;
    long calls;

    while (scanf("%d %ld", &threads, &calls) == 2) {
        if (threads < 1 || threads > MOST_THREADS || calls < 1)
            return EXIT_FAILURE;
        if (prepare != NULL)
            prepare();
        printf("%f\n", time_threads(threads, calls, work) / ((double)threads * (double)calls));
        fflush(stdout);
    }
    return EXIT_SUCCESS;
}

#endif
