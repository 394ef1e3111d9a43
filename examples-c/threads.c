/*
 * Eight threads share one client, and there is one request: whoever comes while it is under way waits
 * for its token, and from then on the token comes from the cache.
 *
 * The environment configures the client, as for get_token: OAUTH_TOKEN_URL, OAUTH_CLIENT_ID …
 */
#define _POSIX_C_SOURCE 200809L
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "oauth_token.h"

enum { THREADS = 8, CALLS = 1000 };

static void *call_api(void *client)
{
    for (int i = 0; i < CALLS; i++) {
        oauth_token *token = NULL;
        oauth_error *error = NULL;

        if (oauth_get_token(client, &token, &error) != OAUTH_OK) {
            /* Each thread that waited gets the error, and each has its own to free. */
            fprintf(stderr, "threads: %s\n", oauth_error_message(error));
            oauth_error_free(error);
            break;
        }
        /* Here a program sends oauth_token_authorization(token) to its API. */
        oauth_token_free(token);
    }
    return NULL;
}

int main(void)
{
    oauth_config *config = oauth_config_new();
    oauth_client *client = NULL;
    oauth_error *error = NULL;
    oauth_stats stats;
    pthread_t threads[THREADS];
    int started = 0;

    oauth_config_set_from_env(config);
    if (oauth_client_new(config, &client, &error) != OAUTH_OK) {
        fprintf(stderr, "threads: %s\n", oauth_error_message(error));
        oauth_error_free(error);
        oauth_config_free(config);
        return EXIT_FAILURE;
    }
    /* The client has a copy. */
    oauth_config_free(config);

    while (started < THREADS && pthread_create(&threads[started], NULL, call_api, client) == 0)
        started++;
    for (int i = 0; i < started; i++)
        pthread_join(threads[i], NULL);

    oauth_client_stats(client, &stats, sizeof stats);
    printf("%d threads got %" PRIu64 " tokens with %" PRIu64 " request(s); %" PRIu64 " callers waited\n",
           started, stats.handed_out, stats.requests, stats.waited);

    /* Only when no thread uses it any more. */
    oauth_free(client);
    return stats.handed_out == (uint64_t)THREADS * CALLS ? EXIT_SUCCESS : EXIT_FAILURE;
}
