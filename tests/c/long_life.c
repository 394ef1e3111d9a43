/* Gets a token that lives for as many seconds as the first argument says, more than 32 bits hold in milliseconds. */
#include <time.h>

#include "client.h"

int main(int argc, char **argv)
{
    int64_t before = (int64_t)time(NULL), seconds, after, left;
    oauth_client *client = client_from_environment();
    oauth_token *token = token_of(client);
    oauth_token *again = token_of(client);

    CHECK(argc == 2);
    seconds = strtoll(argv[1], NULL, 10);
    after = (int64_t)time(NULL);
    /* The library's time of day may be some milliseconds behind. */
    CHECK(oauth_token_expires_at(token) >= before + seconds - 1);
    CHECK(oauth_token_expires_at(token) <= after + seconds);
    left = oauth_token_expires_in_ms(token);
    CHECK(left > INT32_MAX && left > (seconds - 600) * 1000 && left <= seconds * 1000);
    /* Not even due before a span that 32 bits do not hold in milliseconds either. */
    CHECK(oauth_client_next_refresh_ms(client) > UINT32_MAX);
    CHECK(!oauth_token_is_expiry_assumed(token));
    CHECK(oauth_token_expires_at(again) == oauth_token_expires_at(token));
    oauth_token_free(token);
    oauth_token_free(again);
    oauth_free(client);
    return EXIT_SUCCESS;
}
