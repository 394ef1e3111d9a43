/* Gets a token, gets it again, and reads all that there is to read. */
#include <time.h>

#include "client.h"

int main(void)
{
    int64_t before = (int64_t)time(NULL);
    oauth_client *client = client_from_environment();
    oauth_token *token = token_of(client);
    int64_t after = (int64_t)time(NULL);
    oauth_token *again = token_of(client);
    oauth_token *clone = oauth_token_clone(token);

    CHECK_TEXT(oauth_token_access_token(token), "the/token%2F==");
    CHECK_TEXT(oauth_token_authorization(token), "Bearer the/token%2F==");
    CHECK_TEXT(oauth_token_token_type(token), "BearerToken");
    CHECK_TEXT(oauth_token_scope(token), "read write");
    CHECK_TEXT(oauth_token_id_token(token), "an.id.token");
    CHECK(oauth_token_expires_at(token) >= before + 3600);
    CHECK(oauth_token_expires_at(token) <= after + 3600);
    CHECK(oauth_token_expires_in_ms(token) > 3000 * 1000);
    CHECK(oauth_token_expires_in_ms(token) <= 3600 * 1000);
    CHECK(!oauth_token_is_expiry_assumed(token));

    CHECK_TEXT(oauth_token_field(token, "instance_url"), "https://api.example.com/\xc3\xa9");
    CHECK_TEXT(oauth_token_field(token, "issued_at"), "1700000000");
    CHECK_TEXT(oauth_token_field(token, "active"), "true");
    CHECK_TEXT(oauth_token_field(token, "limits"), "{\"per_minute\":[60,120]}");
    CHECK_TEXT(oauth_token_field(token, "scope"), "read write");
    CHECK_TEXT(oauth_token_field(token, ""), "nameless");
    CHECK(oauth_token_field(token, "refresh_token") == NULL);

    CHECK_TEXT(oauth_token_access_token(again), "the/token%2F==");
    CHECK(oauth_token_expires_at(again) == oauth_token_expires_at(token));
    oauth_token_free(token);
    oauth_token_free(again);
    CHECK_TEXT(oauth_token_authorization(clone), "Bearer the/token%2F==");
    CHECK_TEXT(oauth_token_field(clone, "active"), "true");
    oauth_token_free(clone);
    oauth_client_free(client);
    return EXIT_SUCCESS;
}
