/* Forks again and again while threads use a client and one that is derived from it. The arguments are what the threads
 * do, and how often to fork. */
#include "signals.h"

#include <sys/types.h>
#include <sys/wait.h>

enum { THREADS = 4, CLIENTS = 2 };

static oauth_client *clients[CLIENTS], *cancelled;
static bool resets, cancels;
static volatile bool is_over;

static void *ask(void *client)
{
    while (!is_over) {
        if (resets)
            CHECK_STATUS(oauth_client_reset(client), OAUTH_OK);
        if (cancels)
            CHECK_STATUS(oauth_client_cancel(cancelled), OAUTH_OK);
        else
            oauth_token_free(token_of(client));
    }
    return NULL;
}

static void be_child(void)
{
    oauth_token *token;

    /* A deadlock ends here. */
    alarm(30);
    for (int i = 0; i < 2 * CLIENTS; i++) {
        oauth_client *client = clients[i % CLIENTS];

        token = token_of(client);
        CHECK_TEXT(oauth_token_access_token(token), "t");
        oauth_token_free(token);
        CHECK_STATUS(oauth_client_refresh_if_due(client, 20000, NULL), OAUTH_OK);
        CHECK(oauth_client_next_refresh_ms(client) > 0);
    }
    CHECK_STATUS(oauth_client_cancel(cancelled), OAUTH_OK);
    oauth_error_free(refusal_of(cancelled, OAUTH_ERROR_CANCELLED));
    oauth_free(cancelled);
    for (int i = 0; i < CLIENTS; i++)
        oauth_free(clients[i]);
    _exit(EXIT_SUCCESS);
}

static oauth_client *derived_from(const oauth_client *client)
{
    oauth_config *overrides = oauth_config_new();
    oauth_client *derived = NULL;

    CHECK_STATUS(oauth_config_set(overrides, "scope", "a"), OAUTH_OK);
    CHECK_STATUS(oauth_client_derive(client, overrides, &derived, NULL), OAUTH_OK);
    oauth_config_free(overrides);
    return derived;
}

static void fork_and_wait(int number)
{
    int status = 0;
    pid_t child = fork();

    CHECK(child >= 0);
    if (child == 0)
        be_child();
    CHECK(waitpid(child, &status, 0) == child);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != EXIT_SUCCESS) {
        fprintf(stderr, "child %d ended with %d\n", number, status);
        exit(EXIT_FAILURE);
    }
}

int main(int count, char **arguments)
{
    pthread_t threads[THREADS];

    CHECK(count == 3);
    resets = strcmp(arguments[1], "reset") == 0;
    cancels = strcmp(arguments[1], "cancel") == 0;
    clients[0] = client_from_environment();
    clients[1] = derived_from(clients[0]);
    cancelled = derived_from(clients[0]);
    for (int i = 0; i < CLIENTS; i++)
        oauth_token_free(token_of(clients[i]));
    for (int i = 0; i < THREADS; i++)
        CHECK(pthread_create(&threads[i], NULL, ask, clients[i % CLIENTS]) == 0);
    for (int i = 0; i < atoi(arguments[2]); i++)
        fork_and_wait(i);
    is_over = true;
    for (int i = 0; i < THREADS; i++)
        CHECK(pthread_join(threads[i], NULL) == 0);
    oauth_free(cancelled);
    for (int i = 0; i < CLIENTS; i++)
        oauth_free(clients[i]);
    return EXIT_SUCCESS;
}
