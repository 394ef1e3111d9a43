/* Asks a client, from its own callback, for what the callback is part of. The argument says how. */
#include "secret_source.h"

static void check_reentrant(oauth_status status, oauth_token *token, oauth_error *error)
{
    CHECK_STATUS(status, OAUTH_ERROR_REENTRANT);
    CHECK(token == NULL);
    CHECK_CONTAINS(oauth_error_message(error), "callback");
    oauth_error_free(error);
}

/* Nothing that is asked of the same client may wait for what this call is part of. */
static int reenter(void *userdata, bool was_refused, oauth_secret_slot *slot)
{
    struct source *source = userdata;
    const uint32_t limits[] = {0, 60000};
    oauth_stats stats;
    oauth_token *token;
    oauth_error *error;
    oauth_status status;

    note(source, was_refused);
    status = oauth_get_token(source->client, &token, &error);
    check_reentrant(status, token, error);
    for (int i = 0; i < 2; i++) {
        status = oauth_get_token_within(source->client, limits[i], &token, &error);
        check_reentrant(status, token, error);
    }
    CHECK_STATUS(oauth_client_refresh_if_due(source->client, 60000, NULL), OAUTH_OK);
    CHECK(oauth_client_next_refresh_ms(source->client) == -1);
    CHECK_STATUS(oauth_client_stats(source->client, &stats, sizeof stats), OAUTH_OK);
    CHECK(stats.exchanges == 1 && stats.waited == 0);
    CHECK_STATUS(oauth_secret_slot_set(slot, "right", 5), OAUTH_OK);
    return 0;
}

/* The secret is a token of another client. */
static int ask_other(void *userdata, bool was_refused, oauth_secret_slot *slot)
{
    struct source *source = userdata;
    oauth_token *token;
    const char *text;

    note(source, was_refused);
    token = token_of(source->other);
    text = oauth_token_access_token(token);
    CHECK_STATUS(oauth_secret_slot_set(slot, text, strlen(text)), OAUTH_OK);
    oauth_token_free(token);
    return 0;
}

static void be_reentered(void)
{
    struct source source = {0};
    oauth_client *client = client_asking(reenter, &source);

    source.client = client;
    check_token(client, "t1");
    CHECK(source.calls == 1);
    oauth_free(client);
}

static void be_chained(void)
{
    struct source inner = {0}, outer = {0};
    oauth_client *other = client_asking(give_right, &inner);
    oauth_client *client = client_asking(ask_other, &outer);

    outer.other = other;
    check_token(client, "t2");
    CHECK(inner.calls == 1 && outer.calls == 1);
    oauth_free(client);
    oauth_free(other);
}

/* Each asks the other for its secret. */
static void be_circular(void)
{
    struct source inner = {0}, outer = {0};
    oauth_client *other = client_asking(reenter, &inner);
    oauth_client *client = client_asking(ask_other, &outer);

    inner.client = client;
    outer.other = other;
    check_token(client, "t2");
    CHECK(inner.calls == 1 && outer.calls == 1);
    oauth_free(client);
    oauth_free(other);
}

int main(int count, char **arguments)
{
    CHECK(count == 2);
    /* A deadlock ends here. */
    alarm(60);
    if (strcmp(arguments[1], "itself") == 0)
        be_reentered();
    else if (strcmp(arguments[1], "another") == 0)
        be_chained();
    else
        be_circular();
    return EXIT_SUCCESS;
}
