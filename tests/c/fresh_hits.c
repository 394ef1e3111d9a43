/* Takes a token that is in hand, a thousand times: nothing is allocated and nothing freed. Whoever traces the program finds
 * the hits between two system calls that nothing else makes. */
#include "counted_heap.h"

#include <sys/syscall.h>
#include <unistd.h>

#include "client.h"

enum { HITS = 1000 };

int main(void)
{
    oauth_client *client = client_from_environment();
    long before;
    long after;

    /* Otherwise zero would prove nothing. */
    before = atomic_load(&heap_calls);
    oauth_token_free(token_of(client));
    CHECK(atomic_load(&heap_calls) > before + 10);

    before = atomic_load(&heap_calls);
    syscall(SYS_getpgid, 0);
    for (int i = 0; i < HITS; i++) {
        oauth_token *token = token_of(client);

        CHECK(strncmp(oauth_token_authorization(token), "Bearer ", 7) == 0);
        oauth_token_free(token);
    }
    syscall(SYS_getpgid, 0);
    after = atomic_load(&heap_calls);
    if (after != before) {
        fprintf(stderr, "%ld calls of the allocator in %d hits\n", after - before, HITS);
        return EXIT_FAILURE;
    }
    oauth_free(client);
    return EXIT_SUCCESS;
}
