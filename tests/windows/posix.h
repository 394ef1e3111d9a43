/* What the C tests use of POSIX that Windows has not; included before each of them. */
#ifndef POSIX_H
#define POSIX_H

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static inline void *wait_for_alarm(void *limit)
{
    nanosleep(limit, NULL);
    fputs("the alarm went off\n", stderr);
    _exit(EXIT_FAILURE);
}

/* Ends a program that hangs. */
static inline unsigned alarm(unsigned seconds)
{
    static struct timespec limit;
    pthread_t thread;

    limit.tv_sec = seconds;
    if (pthread_create(&thread, NULL, wait_for_alarm, &limit) != 0 || pthread_detach(thread) != 0)
        abort();
    return 0;
}

#endif
