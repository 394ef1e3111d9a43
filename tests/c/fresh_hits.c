/* Takes a token that is in hand, a thousand times: nothing is allocated and nothing freed. Whoever traces the program finds
 * the hits between two system calls that nothing else makes. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "client.h"

enum { HITS = 1000 };

/* The allocator that the whole process uses is this program's, in front of the C library's. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *block, size_t size);
void *__libc_memalign(size_t alignment, size_t size);
void __libc_free(void *block);

static atomic_int calls;

void *malloc(size_t size)
{
    atomic_fetch_add(&calls, 1);
    return __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    atomic_fetch_add(&calls, 1);
    return __libc_calloc(count, size);
}

void *realloc(void *block, size_t size)
{
    atomic_fetch_add(&calls, 1);
    return __libc_realloc(block, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
    atomic_fetch_add(&calls, 1);
    return __libc_memalign(alignment, size);
}

int posix_memalign(void **block, size_t alignment, size_t size)
{
    *block = aligned_alloc(alignment, size);
    return *block == NULL ? ENOMEM : 0;
}

void free(void *block)
{
    atomic_fetch_add(&calls, 1);
    __libc_free(block);
}

int main(void)
{
    oauth_client *client = client_from_environment();
    int before;
    int after;

    /* Otherwise zero would prove nothing. */
    before = atomic_load(&calls);
    oauth_token_free(token_of(client));
    CHECK(atomic_load(&calls) > before + 10);

    before = atomic_load(&calls);
    syscall(SYS_getpgid, 0);
    for (int i = 0; i < HITS; i++) {
        oauth_token *token = token_of(client);

        CHECK(strncmp(oauth_token_authorization(token), "Bearer ", 7) == 0);
        oauth_token_free(token);
    }
    syscall(SYS_getpgid, 0);
    after = atomic_load(&calls);
    if (after != before) {
        fprintf(stderr, "%d calls of the allocator in %d hits\n", after - before, HITS);
        return EXIT_FAILURE;
    }
    oauth_free(client);
    return EXIT_SUCCESS;
}
