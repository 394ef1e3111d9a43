/* Uses and frees in a child what the parent made. */
#define _POSIX_C_SOURCE 200809L
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include "client.h"

static void use(oauth_client *client, oauth_token *token)
{
    oauth_token *again = token_of(client);

    CHECK_TEXT(oauth_token_access_token(again), "t1");
    CHECK_TEXT(oauth_token_access_token(token), "t1");
    oauth_token_free(again);
    oauth_token_free(token);
    oauth_free(client);
}

int main(void)
{
    oauth_client *client = client_from_environment();
    oauth_token *token = token_of(client);
    int status = 0;
    pid_t child = fork();

    CHECK(child >= 0);
    if (child > 0) {
        CHECK(waitpid(child, &status, 0) == child);
        CHECK(WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SUCCESS);
    }
    use(client, token);
    return EXIT_SUCCESS;
}
