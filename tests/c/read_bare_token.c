/* Reads a token about which the server said nothing, and of which the program keeps nothing. */
#include "client.h"

int main(void)
{
    oauth_client *client = client_from_environment();
    oauth_token *token = token_of(client);

    CHECK_TEXT(oauth_token_access_token(token), "bare");
    CHECK_TEXT(oauth_token_authorization(token), "Bearer bare");
    CHECK(oauth_token_token_type(token) == NULL);
    CHECK(oauth_token_scope(token) == NULL);
    CHECK(oauth_token_id_token(token) == NULL);
    CHECK(oauth_token_field(token, "expires_in") == NULL);
    /* The option default_expires_in stands in. */
    CHECK(oauth_token_expires_in_ms(token) > 0);
    CHECK(oauth_token_expires_in_ms(token) <= 300 * 1000);
    CHECK(oauth_token_is_expiry_assumed(token));
    oauth_token_free(token);
    oauth_free(client);
    return EXIT_SUCCESS;
}
