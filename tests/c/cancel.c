/* Cancels a client while a request is held back, and finds nothing left of it. The argument says
 * who makes the request. */
#include "process_state.h"

#include "signals.h"

static oauth_client *client;

static void *be_cancelled(void *unused)
{
    oauth_error_free(refusal_of(client, OAUTH_ERROR_CANCELLED));
    return unused;
}

static void *be_cancelled_renewing(void *unused)
{
    oauth_error *error = NULL;

    CHECK_STATUS(oauth_client_refresh_if_due(client, 100000, &error), OAUTH_ERROR_CANCELLED);
    CHECK_STATUS(oauth_error_status(error), OAUTH_ERROR_CANCELLED);
    oauth_error_free(error);
    return unused;
}

static void check_cancelled(void)
{
    oauth_token *token = NULL;

    be_cancelled(NULL);
    be_cancelled_renewing(NULL);
    CHECK_STATUS(oauth_get_token_within(client, 0, &token, NULL), OAUTH_ERROR_CANCELLED);
    CHECK(token == NULL);
    CHECK(oauth_client_next_refresh_ms(client) > 86400000);
    /* It is for good. */
    CHECK_STATUS(oauth_client_cancel(client), OAUTH_OK);
    CHECK_STATUS(oauth_client_reset(client), OAUTH_OK);
    be_cancelled(NULL);
}

/* A thread that has been joined is listed for a moment longer. */
static void wait_for_threads(int count)
{
    for (int i = 0; i < 5000 && count_threads() != count; i++)
        usleep(1000);
}

static void cancel_request(void *(*leader_of)(void *))
{
    pthread_t leader, waiter;
    time_t start;

    CHECK(pthread_create(&leader, NULL, leader_of, NULL) == 0);
    wait_until_held();
    CHECK(pthread_create(&waiter, NULL, be_cancelled, NULL) == 0);
    wait_for_waiters(client, 1);
    start = time(NULL);
    CHECK_STATUS(oauth_client_cancel(client), OAUTH_OK);
    CHECK(pthread_join(leader, NULL) == 0);
    CHECK(pthread_join(waiter, NULL) == 0);
    /* The option timeout would have ended it after 100 seconds. */
    CHECK(time(NULL) - start < 20);
}

int main(int count, char **arguments)
{
    const char *what = arguments[1];
    struct process_state before;

    CHECK(count == 2);
    take_state(&before);
    client = client_from_environment();
    if (strcmp(what, "nobody") == 0) {
        CHECK_STATUS(oauth_client_cancel(client), OAUTH_OK);
    } else if (strcmp(what, "after") == 0) {
        oauth_token *token = token_of(client);

        CHECK_STATUS(oauth_client_cancel(client), OAUTH_OK);
        CHECK_TEXT(oauth_token_access_token(token), "t1");
        oauth_token_free(token);
    } else {
        cancel_request(strcmp(what, "renewing") == 0 ? be_cancelled_renewing : be_cancelled);
    }
    wait_for_threads(before.threads);
    check_state(&before);
    check_cancelled();
    check_state(&before);
    oauth_free(client);
    check_state(&before);
    free(before.environment);
    return EXIT_SUCCESS;
}
