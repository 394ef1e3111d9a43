/* Threads of which one can tell afterwards how deep their stack was: it is painted before they start. Linux only. */
#ifndef PAINTED_STACK_H
#define PAINTED_STACK_H

#include <pthread.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#include "check.h"

enum { PAINT = 0xa5 };

struct painted_call {
    void (*call)(void *argument);
    void *argument;
    const unsigned char *start;
};

static void *run_painted(void *argument)
{
    struct painted_call *painted = argument;

    painted->start = __builtin_frame_address(0);
    painted->call(painted->argument);
    return NULL;
}

/* Makes a call on a thread with a stack of `size` bytes, behind which nothing can be touched; how many bytes of it the call
 * took. */
static size_t depth_of(void (*call)(void *argument), void *argument, size_t size)
{
    struct painted_call painted = {call, argument, NULL};
    size_t guard = (size_t)sysconf(_SC_PAGESIZE);
    unsigned char *guarded = mmap(NULL, guard + size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    unsigned char *stack = guarded + guard;
    const unsigned char *deepest = stack;
    pthread_attr_t attributes;
    pthread_t thread;

    CHECK(guarded != MAP_FAILED && mprotect(stack, size, PROT_READ | PROT_WRITE) == 0);
    memset(stack, PAINT, size);
    CHECK(pthread_attr_init(&attributes) == 0);
    CHECK(pthread_attr_setstack(&attributes, stack, size) == 0);
    CHECK(pthread_create(&thread, &attributes, run_painted, &painted) == 0);
    CHECK(pthread_join(thread, NULL) == 0);
    pthread_attr_destroy(&attributes);
    while (*deepest == PAINT)
        deepest++;
    CHECK(deepest < painted.start);
    munmap(guarded, guard + size);
    return (size_t)(painted.start - deepest);
}

#endif
