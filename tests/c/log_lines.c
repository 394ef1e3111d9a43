/* Prints what a client logs, each line after its level. The arguments are the highest level and
 * what to do. */
#include "signals.h"

static const char token_text[] = "the-token";

/* The client that the callback asks in turn, and how deep it is in that. */
static const oauth_client *reentered;
static int depth;
static int times_refused;

static void print_line(void *userdata, int level, const char *message)
{
    CHECK(userdata == &depth);
    CHECK(strchr(message, '\n') == NULL);
    printf("%d %s\n", level, message);
    if (reentered != NULL && depth == 0) {
        oauth_token *token = NULL;
        oauth_status status;

        depth++;
        status = oauth_get_token(reentered, &token, NULL);
        CHECK((status == OAUTH_OK) == (token != NULL));
        times_refused += status == OAUTH_ERROR_REENTRANT;
        CHECK_STATUS(oauth_client_refresh_if_due(reentered, 10000, NULL), OAUTH_OK);
        oauth_token_free(token);
        depth--;
    }
}

/* Stops the client as soon as it begins to ask. */
static void stop(void *userdata, int level, const char *message)
{
    printf("%d %s\n", level, message);
    CHECK_STATUS(oauth_client_cancel(*(const oauth_client **)userdata), OAUTH_OK);
}

static oauth_client *logging_client(int max_level)
{
    oauth_config *config = config_from_environment();
    oauth_client *client;

    CHECK_STATUS(oauth_config_set_log(config, max_level, print_line, &depth, NULL), OAUTH_OK);
    client = client_of(config);
    oauth_config_free(config);
    return client;
}

static void take_token(const oauth_client *client)
{
    oauth_token *token = token_of(client);

    CHECK_TEXT(oauth_token_access_token(token), token_text);
    oauth_token_free(token);
}

static void *take_token_aside(void *client)
{
    take_token(client);
    return NULL;
}

int main(int count, char **arguments)
{
    const char *what = arguments[2];
    oauth_client *client;

    CHECK(count == 3);
    alarm(60);
    client = logging_client(atoi(arguments[1]));
    if (strcmp(what, "succeed") == 0) {
        take_token(client);
        take_token(client);
    } else if (strcmp(what, "fail") == 0) {
        oauth_error_free(refusal_of(client, OAUTH_ERROR_REJECTED));
        oauth_error_free(refusal_of(client, OAUTH_ERROR_REJECTED));
    } else if (strcmp(what, "renew") == 0) {
        take_token(client);
        wait_until_due(client);
        take_token(client);
        /* During the pause. */
        take_token(client);
    } else if (strcmp(what, "invalidate") == 0) {
        int times;

        for (times = 0; times < 2; times++) {
            oauth_token *token = token_of(client);

            CHECK_STATUS(oauth_client_invalidate(client, token), OAUTH_OK);
            oauth_token_free(token);
        }
    } else if (strcmp(what, "wait") == 0) {
        pthread_t leader, follower;

        CHECK(pthread_create(&leader, NULL, take_token_aside, client) == 0);
        wait_until_held();
        CHECK(pthread_create(&follower, NULL, take_token_aside, client) == 0);
        wait_for_waiters(client, 1);
        release();
        CHECK(pthread_join(leader, NULL) == 0 && pthread_join(follower, NULL) == 0);
    } else if (strcmp(what, "cancel") == 0) {
        static oauth_client *stopped;
        oauth_config *config = config_from_environment();
        oauth_error *error;

        CHECK_STATUS(oauth_config_set_log(config, atoi(arguments[1]), stop, &stopped, NULL), OAUTH_OK);
        stopped = client_of(config);
        oauth_config_free(config);
        CHECK_STATUS(oauth_client_refresh_if_due(stopped, 10000, &error), OAUTH_ERROR_CANCELLED);
        CHECK(oauth_error_retry_in_ms(error) == -1);
        oauth_error_free(error);
        oauth_free(stopped);
    } else if (strcmp(what, "reenter") == 0) {
        reentered = client;
        take_token(client);
        /* The line that it begins to ask is part of asking; the line that it has a token is not. */
        CHECK(times_refused == 1);
    } else {
        CHECK(strcmp(what, "reenter and fail") == 0);
        reentered = client;
        oauth_error_free(refusal_of(client, OAUTH_ERROR_REJECTED));
        oauth_error_free(refusal_of(client, OAUTH_ERROR_REJECTED));
        CHECK(times_refused == 1);
    }
    oauth_free(client);
    return EXIT_SUCCESS;
}
