/* The time since an arbitrary point. */
#ifndef NANOSECONDS_H
#define NANOSECONDS_H

#include <time.h>

static inline double nanoseconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

#endif
