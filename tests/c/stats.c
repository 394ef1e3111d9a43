/* Counts what a client does, and reads the counts into memory of any size. */
#include "signals.h"

static void check_stats(const oauth_client *client, oauth_stats expected)
{
    const oauth_stats actual = stats_of(client);

    CHECK(actual.handed_out == expected.handed_out);
    CHECK(actual.served_while_due == expected.served_while_due);
    CHECK(actual.exchanges == expected.exchanges);
    CHECK(actual.requests == expected.requests);
    CHECK(actual.succeeded == expected.succeeded);
    CHECK(actual.failed == expected.failed);
    CHECK(actual.waited == expected.waited);
    CHECK(actual.throttled == expected.throttled);
    CHECK(actual.invalidated == expected.invalidated);
}

/* The server grants the first, fails once before it grants the next, and then refuses. */
static void count_all(const oauth_client *client)
{
    oauth_stats expected = {0};
    oauth_token *token;

    check_stats(client, expected);
    token = token_of(client);
    oauth_token_free(token_of(client));
    expected.handed_out = 2;
    expected.exchanges = expected.requests = expected.succeeded = 1;
    check_stats(client, expected);

    CHECK_STATUS(oauth_client_invalidate(client, token), OAUTH_OK);
    expected.invalidated = 1;
    check_stats(client, expected);
    /* It is dropped once. */
    CHECK_STATUS(oauth_client_invalidate(client, token), OAUTH_OK);
    check_stats(client, expected);
    oauth_token_free(token);

    oauth_token_free(token_of(client));
    expected.handed_out = 3;
    expected.exchanges = expected.succeeded = 2;
    expected.requests = 3;
    check_stats(client, expected);

    CHECK_STATUS(oauth_client_reset(client), OAUTH_OK);
    check_stats(client, expected);
    oauth_error_free(refusal_of(client, OAUTH_ERROR_REJECTED));
    expected.exchanges = 3;
    expected.requests = 4;
    expected.failed = 1;
    check_stats(client, expected);
    oauth_error_free(refusal_of(client, OAUTH_ERROR_REJECTED));
    oauth_error_free(refusal_of(client, OAUTH_ERROR_REJECTED));
    expected.throttled = 2;
    check_stats(client, expected);
}

/* Of `size` bytes the first are the counts, the others 0; nothing is written beyond them. */
static void read_into(const oauth_client *client, size_t size)
{
    const oauth_stats all = stats_of(client);
    union {
        oauth_stats stats;
        unsigned char bytes[sizeof(oauth_stats) + 64];
    } place;

    memset(&place, 0xAA, sizeof place);
    CHECK_STATUS(oauth_client_stats(client, &place.stats, size), OAUTH_OK);
    for (size_t i = 0; i < sizeof place; i++) {
        unsigned char expected = 0xAA;

        if (i < size)
            expected = i < sizeof all ? ((const unsigned char *)&all)[i] : 0;
        CHECK(place.bytes[i] == expected);
    }
}

int main(void)
{
    oauth_client *client = client_from_environment();

    count_all(client);
    for (size_t size = 0; size <= sizeof(oauth_stats) + 32; size++)
        read_into(client, size);
    oauth_free(client);
    return EXIT_SUCCESS;
}
