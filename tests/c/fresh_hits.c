/* Takes a token that is in hand, a thousand times, between two system calls that nothing else makes. */
#define _GNU_SOURCE
#include <sys/syscall.h>
#include <unistd.h>

#include "client.h"

enum { HITS = 1000 };

int main(void)
{
    oauth_client *client = client_from_environment();

    oauth_token_free(token_of(client));
    syscall(SYS_getpgid, 0);
    for (int i = 0; i < HITS; i++)
        oauth_token_free(token_of(client));
    syscall(SYS_getpgid, 0);
    oauth_free(client);
    return EXIT_SUCCESS;
}
