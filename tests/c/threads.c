/* Asks one client from many threads at once; the argument says whether for a token or an error. */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>

#include "client.h"

enum { THREADS = 8, CALLS = 500 };

static oauth_client *client;
static pthread_barrier_t start;

static void *take_tokens(void *unused)
{
    pthread_barrier_wait(&start);
    for (int i = 0; i < CALLS; i++) {
        oauth_token *token = token_of(client);
        oauth_token *clone = oauth_token_clone(token);

        oauth_token_free(token);
        CHECK_TEXT(oauth_token_access_token(clone), "t1");
        CHECK_TEXT(oauth_token_field(clone, "expires_in"), "3600");
        oauth_token_free(clone);
    }
    return unused;
}

static void *take_errors(void *unused)
{
    pthread_barrier_wait(&start);
    for (int i = 0; i < CALLS; i++) {
        oauth_error *error = refusal_of(client, OAUTH_ERROR_SERVER);

        CHECK(oauth_error_http_status(error) == 503);
        CHECK_CONTAINS(oauth_error_message(error), "503");
        CHECK(oauth_error_retry_in_ms(error) > 0);
        oauth_error_free(error);
    }
    return unused;
}

int main(int count, char **arguments)
{
    pthread_t threads[THREADS];

    CHECK(count == 2);
    client = client_from_environment();
    CHECK(pthread_barrier_init(&start, NULL, THREADS) == 0);
    for (int i = 0; i < THREADS; i++) {
        void *(*take)(void *) = strcmp(arguments[1], "token") == 0 ? take_tokens : take_errors;
        CHECK(pthread_create(&threads[i], NULL, take, NULL) == 0);
    }
    for (int i = 0; i < THREADS; i++)
        CHECK(pthread_join(threads[i], NULL) == 0);
    pthread_barrier_destroy(&start);
    oauth_free(client);
    return EXIT_SUCCESS;
}
