/*
 * One thread, one poll loop: the token is renewed from the loop's timer, so that the work itself never
 * waits for the authorization server.
 *
 * Whatever comes on the standard input is work that needs a token. The loop ends with the input, or,
 * with a number as its argument, once that many tokens have been had too.
 *
 * The environment configures the client, as for get_token: OAUTH_TOKEN_URL, OAUTH_CLIENT_ID …
 */
#define _POSIX_C_SOURCE 200809L
#include <inttypes.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "oauth_token.h"

enum { RENEWAL_LIMIT_MS = 2000 };

/* What poll may wait. To poll, -1 means for ever; here it means that a token is wanted at once. */
static int poll_timeout(const oauth_client *client)
{
    int64_t next = oauth_client_next_refresh_ms(client);

    if (next < 0)
        return 0;
    return next > INT_MAX ? INT_MAX : (int)next;
}

/* The only place where the loop waits for the server, and no longer than the limit says. */
static oauth_status refresh(const oauth_client *client)
{
    oauth_error *error = NULL;
    /* When nothing is due, and during the pause after a failure, this makes no request. */
    oauth_status status = oauth_client_refresh_if_due(client, RENEWAL_LIMIT_MS, &error);

    if (status != OAUTH_OK)
        fprintf(stderr, "event_loop: %s\n", oauth_error_message(error));
    oauth_error_free(error);
    return status;
}

static void work(const oauth_client *client)
{
    oauth_token *token = NULL;
    oauth_error *error = NULL;

    /* With a limit of 0 this makes no request and waits for nobody. */
    if (oauth_get_token_within(client, 0, &token, &error) == OAUTH_OK)
        printf("worked, with a token that is good for %" PRId64 " ms\n", oauth_token_expires_in_ms(token));
    else
        printf("could not work: %s\n", oauth_error_message(error));
    oauth_token_free(token);
    oauth_error_free(error);
}

static uint64_t tokens_had(const oauth_client *client)
{
    oauth_stats stats;

    oauth_client_stats(client, &stats, sizeof stats);
    return stats.succeeded;
}

static void loop(const oauth_client *client, uint64_t wanted)
{
    struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
    uint64_t had = 0;

    for (;;) {
        char bytes[512];

        /* There will be no token any more. */
        if (refresh(client) == OAUTH_ERROR_CANCELLED)
            return;
        if (tokens_had(client) > had) {
            had = tokens_had(client);
            printf("had token %" PRIu64 "; the next in %d ms\n", had, poll_timeout(client));
        }
        if (input.fd < 0 && had >= wanted)
            return;
        if (poll(&input, 1, poll_timeout(client)) <= 0)
            continue;
        if (read(input.fd, bytes, sizeof bytes) > 0)
            work(client);
        else
            input.fd = -1; /* which poll passes over */
    }
}

int main(int count, char **arguments)
{
    oauth_config *config = oauth_config_new();
    oauth_client *client = NULL;
    oauth_error *error = NULL;
    oauth_status status;

    oauth_config_set_from_env(config);
    /* Without this, a call for a token may renew it too. */
    oauth_config_set(config, "refresh", "manual");
    status = oauth_client_new(config, &client, &error);
    oauth_config_free(config);
    if (status == OAUTH_OK)
        loop(client, count > 1 ? strtoull(arguments[1], NULL, 10) : 0);
    else
        fprintf(stderr, "event_loop: %s\n", oauth_error_message(error));

    oauth_error_free(error);
    oauth_free(client);
    return status == OAUTH_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
