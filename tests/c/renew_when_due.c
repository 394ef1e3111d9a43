/* Renews by a timer of its own (option refresh = manual). The argument says what happens. */
#include "signals.h"

static void refresh(const oauth_client *client)
{
    oauth_error *error = NULL;

    if (oauth_client_refresh_if_due(client, 30000, &error) != OAUTH_OK) {
        fprintf(stderr, "no renewal: %s\n", oauth_error_message(error));
        exit(EXIT_FAILURE);
    }
    CHECK(error == NULL);
}

static oauth_error *failed_refresh(const oauth_client *client, oauth_status expected)
{
    oauth_error *error = NULL;

    CHECK_STATUS(oauth_client_refresh_if_due(client, 30000, &error), expected);
    CHECK_STATUS(oauth_error_status(error), expected);
    return error;
}

/* The first token comes at once, and the next in an hour less a margin. */
static void fetch_first(const oauth_client *client)
{
    int64_t next;

    CHECK(oauth_client_next_refresh_ms(client) == -1);
    /* Without any time it does not begin. */
    CHECK_STATUS(oauth_client_refresh_if_due(client, 0, NULL), OAUTH_OK);
    CHECK(stats_of(client).exchanges == 0);
    refresh(client);
    next = oauth_client_next_refresh_ms(client);
    CHECK(next > 3200 * 1000 && next <= 3300 * 1000);
    refresh(client);
    check_token(client, "t1");
    CHECK(stats_of(client).requests == 1 && stats_of(client).handed_out == 1);
}

static void renew(const oauth_client *client)
{
    check_token(client, "t1");
    CHECK(oauth_client_next_refresh_ms(client) > 0);
    refresh(client);
    CHECK(stats_of(client).requests == 1);
    wait_until_due(client);
    /* Whoever asks for a token leaves renewing to the timer. */
    check_token(client, "t1");
    CHECK(stats_of(client).requests == 1 && stats_of(client).served_while_due == 1);
    refresh(client);
    CHECK(stats_of(client).requests == 2);
    check_token(client, "t2");
    CHECK(oauth_client_next_refresh_ms(client) > 0);
    CHECK(stats_of(client).served_while_due == 1);
}

static void fail_to_renew(const oauth_client *client)
{
    oauth_error *error;
    int64_t next;

    check_token(client, "t1");
    wait_until_due(client);
    error = failed_refresh(client, OAUTH_ERROR_SERVER);
    CHECK(oauth_error_http_status(error) == 503);
    CHECK(!oauth_error_is_repeated(error));
    oauth_error_free(error);
    next = oauth_client_next_refresh_ms(client);
    CHECK(next > 0 && next <= 3000);
    /* During the pause nothing is tried, and the token is still good. */
    refresh(client);
    check_token(client, "t1");
    CHECK(stats_of(client).requests == 2);
}

static void fail_to_fetch(const oauth_client *client)
{
    oauth_error *error = failed_refresh(client, OAUTH_ERROR_SERVER);

    CHECK(oauth_error_http_status(error) == 503);
    oauth_error_free(error);
    CHECK(oauth_client_next_refresh_ms(client) >= 0);
    refresh(client);
    error = refusal_of(client, OAUTH_ERROR_SERVER);
    CHECK(oauth_error_is_repeated(error));
    oauth_error_free(error);
    CHECK(stats_of(client).requests == 1);
}

static void *fetch_aside(void *client)
{
    check_token(client, "t1");
    return NULL;
}

static void leave_to_another(oauth_client *client)
{
    pthread_t leader;

    CHECK(pthread_create(&leader, NULL, fetch_aside, client) == 0);
    wait_until_held();
    refresh(client);
    CHECK(oauth_client_next_refresh_ms(client) == 1000);
    CHECK(stats_of(client).waited == 0);
    release();
    CHECK(pthread_join(leader, NULL) == 0);
    CHECK(stats_of(client).requests == 1);
}

/* A fifth of so short a life is the margin. */
static void live_shortly(const oauth_client *client)
{
    int64_t next;

    check_token(client, "t1");
    next = oauth_client_next_refresh_ms(client);
    CHECK(next >= 0 && next <= 1600);
}

int main(int count, char **arguments)
{
    const char *what = arguments[1];
    oauth_client *client;

    CHECK(count == 2);
    alarm(60);
    client = client_from_environment();
    if (strcmp(what, "fetch first") == 0)
        fetch_first(client);
    else if (strcmp(what, "renew") == 0)
        renew(client);
    else if (strcmp(what, "fail to renew") == 0)
        fail_to_renew(client);
    else if (strcmp(what, "fail to fetch") == 0)
        fail_to_fetch(client);
    else if (strcmp(what, "leave to another") == 0)
        leave_to_another(client);
    else if (strcmp(what, "live shortly") == 0)
        live_shortly(client);
    else
        CHECK(!"a known argument");
    oauth_free(client);
    return EXIT_SUCCESS;
}
