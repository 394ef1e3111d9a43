/* Asks for tokens within limits. The argument says what is tried. */
#include "signals.h"

/* Much longer than a limit that is kept takes, and much shorter than the limits that are not meant. */
enum { SOON_MS = 10000 };

static int64_t now_ms(void)
{
    struct timespec now;

    CHECK(clock_gettime(CLOCK_MONOTONIC, &now) == 0);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void check_token_within(const oauth_client *client, uint32_t limit, const char *expected)
{
    oauth_token *token = NULL;
    oauth_error *error = NULL;

    if (oauth_get_token_within(client, limit, &token, &error) != OAUTH_OK) {
        fprintf(stderr, "no token: %s\n", oauth_error_message(error));
        exit(EXIT_FAILURE);
    }
    CHECK(error == NULL);
    CHECK_TEXT(oauth_token_access_token(token), expected);
    oauth_token_free(token);
}

static void check_timeout(const oauth_client *client, uint32_t limit)
{
    int64_t start = now_ms();
    oauth_token *token = NULL;
    oauth_error *error = NULL;

    CHECK_STATUS(oauth_get_token_within(client, limit, &token, &error), OAUTH_ERROR_TIMEOUT);
    CHECK(now_ms() - start < limit + SOON_MS);
    CHECK(token == NULL);
    CHECK_STATUS(oauth_error_status(error), OAUTH_ERROR_TIMEOUT);
    CHECK(oauth_error_is_retryable(error));
    oauth_error_free(error);
}

static void have_no_time(const oauth_client *client)
{
    check_timeout(client, 0);
    check_timeout(client, 0);
    CHECK(stats_of(client).exchanges == 0);
}

/* Not even a failure is left behind. */
static void have_no_time_first(const oauth_client *client)
{
    have_no_time(client);
    check_token_within(client, UINT32_MAX, "t1");
    check_token_within(client, 0, "t1");
    CHECK(stats_of(client).exchanges == 1);
}

static void *take_token(void *client)
{
    check_token_within(client, 60000, "t1");
    return NULL;
}

static void have_no_time_to_wait(oauth_client *client)
{
    pthread_t leader;

    CHECK(pthread_create(&leader, NULL, take_token, client) == 0);
    wait_until_held();
    check_timeout(client, 0);
    CHECK(stats_of(client).waited == 0);
    /* Who waits is told when its own limit passes. */
    check_timeout(client, 100);
    CHECK(stats_of(client).waited == 1);
    release();
    CHECK(pthread_join(leader, NULL) == 0);
}

static void *time_out(void *client)
{
    oauth_token *token = NULL;
    oauth_status status = oauth_get_token_within(client, 2000, &token, NULL);

    /* Where this thread is slow to go on, the token of the one that took over is there before it looks. */
    if (status == OAUTH_OK)
        CHECK_TEXT(oauth_token_access_token(token), "t2");
    else
        CHECK_STATUS(status, OAUTH_ERROR_TIMEOUT);
    oauth_token_free(token);
    return NULL;
}

static void *take_over(void *client)
{
    check_token_within(client, 60000, "t2");
    return NULL;
}

static void hand_over(oauth_client *client)
{
    pthread_t leader, waiter;
    oauth_stats stats;

    CHECK(pthread_create(&leader, NULL, time_out, client) == 0);
    wait_until_held();
    CHECK(pthread_create(&waiter, NULL, take_over, client) == 0);
    CHECK(pthread_join(leader, NULL) == 0);
    CHECK(pthread_join(waiter, NULL) == 0);
    stats = stats_of(client);
    CHECK(stats.waited == 1 && stats.exchanges == 2 && stats.failed == 1 && stats.succeeded == 1);
}

int main(int count, char **arguments)
{
    const char *what = arguments[1];
    oauth_client *client;

    CHECK(count == 2);
    alarm(100);
    client = client_from_environment();
    if (strcmp(what, "no time") == 0)
        have_no_time(client);
    else if (strcmp(what, "no time first") == 0)
        have_no_time_first(client);
    else if (strcmp(what, "no time to wait") == 0)
        have_no_time_to_wait(client);
    else if (strcmp(what, "little time") == 0)
        /* Enough to send a request, in an emulator on a busy machine too. */
        check_timeout(client, 2000);
    else if (strcmp(what, "hand over") == 0)
        hand_over(client);
    else
        CHECK(!"a known argument");
    oauth_free(client);
    return EXIT_SUCCESS;
}
