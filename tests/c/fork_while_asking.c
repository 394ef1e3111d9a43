/* Forks again and again while threads ask for tokens. The arguments are what they do, and how often
 * to fork. */
#include "signals.h"

#include <sys/types.h>
#include <sys/wait.h>

enum { THREADS = 4 };

static oauth_client *client;
static bool resets;
static volatile bool is_over;

static void *ask(void *unused)
{
    while (!is_over) {
        if (resets)
            CHECK_STATUS(oauth_client_reset(client), OAUTH_OK);
        oauth_token_free(token_of(client));
    }
    return unused;
}

static void be_child(void)
{
    oauth_token *token;

    /* A deadlock ends here. */
    alarm(30);
    for (int i = 0; i < 2; i++) {
        token = token_of(client);
        CHECK_TEXT(oauth_token_access_token(token), "t");
        oauth_token_free(token);
        CHECK_STATUS(oauth_client_refresh_if_due(client, 20000, NULL), OAUTH_OK);
        CHECK(oauth_client_next_refresh_ms(client) > 0);
    }
    oauth_free(client);
    _exit(EXIT_SUCCESS);
}

int main(int count, char **arguments)
{
    pthread_t threads[THREADS];

    CHECK(count == 3);
    resets = strcmp(arguments[1], "reset") == 0;
    client = client_from_environment();
    oauth_token_free(token_of(client));
    for (int i = 0; i < THREADS; i++)
        CHECK(pthread_create(&threads[i], NULL, ask, NULL) == 0);
    for (int i = 0; i < atoi(arguments[2]); i++) {
        int status = 0;
        pid_t child = fork();

        CHECK(child >= 0);
        if (child == 0)
            be_child();
        CHECK(waitpid(child, &status, 0) == child);
        if (!WIFEXITED(status) || WEXITSTATUS(status) != EXIT_SUCCESS) {
            fprintf(stderr, "child %d ended with %d\n", i, status);
            exit(EXIT_FAILURE);
        }
    }
    is_over = true;
    for (int i = 0; i < THREADS; i++)
        CHECK(pthread_join(threads[i], NULL) == 0);
    oauth_free(client);
    return EXIT_SUCCESS;
}
