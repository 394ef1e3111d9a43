/* What programs wait for, with messages to and from the test server (tests/c_support/signals.rs);
 * to be included first. */
#ifndef SIGNALS_H
#define SIGNALS_H

#define _GNU_SOURCE
#include <pthread.h>
#include <time.h>
#include <unistd.h>

#include "client.h"

/* Asks the server for one of its other paths, and returns when it has answered. */
static inline void ask_server(const char *path)
{
    const char *server = getenv("SERVER");
    oauth_config *config = oauth_config_new();
    oauth_client *client;
    char url[200];

    CHECK(server != NULL);
    snprintf(url, sizeof url, "%s%s", server, path);
    CHECK_STATUS(oauth_config_set(config, "token_url", url), OAUTH_OK);
    CHECK_STATUS(oauth_config_set(config, "client_id", "signal"), OAUTH_OK);
    CHECK_STATUS(oauth_config_set(config, "client_secret", "signal"), OAUTH_OK);
    if (getenv("OAUTH_CA_FILE") != NULL)
        CHECK_STATUS(oauth_config_set(config, "ca_file", getenv("OAUTH_CA_FILE")), OAUTH_OK);
    client = client_of(config);
    oauth_config_free(config);
    oauth_token_free(token_of(client));
    oauth_free(client);
}

/* Returns when the server holds back its answer to the first request for a token. */
static inline void wait_until_held(void)
{
    ask_server("/held");
}

/* Has the server give the answer that it holds back. */
static inline void release(void)
{
    ask_server("/release");
}

static inline oauth_stats stats_of(const oauth_client *client)
{
    oauth_stats stats;

    CHECK_STATUS(oauth_client_stats(client, &stats, sizeof stats), OAUTH_OK);
    return stats;
}

/* Returns when this many callers have begun to wait for another's request. */
static inline void wait_for_waiters(const oauth_client *client, uint64_t count)
{
    while (stats_of(client).waited < count)
        usleep(1000);
}

/* Returns when the token is due, by sleeping for as long as the client says. */
static inline void wait_until_due(const oauth_client *client)
{
    int64_t wait;

    while ((wait = oauth_client_next_refresh_ms(client)) > 0) {
        struct timespec duration = {(time_t)(wait / 1000), (long)(wait % 1000) * 1000000};

        nanosleep(&duration, NULL);
    }
    CHECK(wait == 0);
}

#endif
