/* The allocator that the whole process uses is the program's that includes this, in front of glibc's: it counts. To be
 * included first, by one source of a program. */
#ifndef COUNTED_HEAP_H
#define COUNTED_HEAP_H

#define _GNU_SOURCE
#include <errno.h>
#include <malloc.h>
#include <stdatomic.h>
#include <stddef.h>

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *block, size_t size);
void *__libc_memalign(size_t alignment, size_t size);
void __libc_free(void *block);

/* Calls of the allocator, bytes that are in use, and the most that there were since it was last set; a block counts as long
 * as glibc has made it. */
static atomic_long heap_calls, heap_held, heap_peak;

static void *count_gained(void *block)
{
    long gained = (long)malloc_usable_size(block);
    long held = atomic_fetch_add(&heap_held, gained) + gained;
    long peak = atomic_load(&heap_peak);

    atomic_fetch_add(&heap_calls, 1);
    while (held > peak && !atomic_compare_exchange_weak(&heap_peak, &peak, held))
        ;
    return block;
}

static void count_lost(void *block)
{
    atomic_fetch_sub(&heap_held, (long)malloc_usable_size(block));
}

void *malloc(size_t size)
{
    return count_gained(__libc_malloc(size));
}

void *calloc(size_t count, size_t size)
{
    return count_gained(__libc_calloc(count, size));
}

void *realloc(void *block, size_t size)
{
    count_lost(block);
    return count_gained(__libc_realloc(block, size));
}

void *aligned_alloc(size_t alignment, size_t size)
{
    return count_gained(__libc_memalign(alignment, size));
}

int posix_memalign(void **block, size_t alignment, size_t size)
{
    *block = aligned_alloc(alignment, size);
    return *block == NULL ? ENOMEM : 0;
}

void free(void *block)
{
    atomic_fetch_add(&heap_calls, 1);
    count_lost(block);
    __libc_free(block);
}

#endif
