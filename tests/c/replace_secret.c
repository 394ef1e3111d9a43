/* Puts a client right that has the wrong secret. */
#include "client.h"

int main(void)
{
    const char unterminated[] = {'r', 'i', 'g', 'h', 't', '!', '!'};
    char secret[5];
    oauth_client *client = client_from_environment();
    oauth_error *error = refusal_of(client, OAUTH_ERROR_REJECTED);
    oauth_token *token;

    CHECK(!oauth_error_is_repeated(error));
    oauth_error_free(error);
    error = refusal_of(client, OAUTH_ERROR_REJECTED);
    CHECK(oauth_error_is_repeated(error));
    oauth_error_free(error);

    memcpy(secret, unterminated, sizeof secret);
    CHECK_STATUS(oauth_client_set_secret(client, secret, sizeof secret), OAUTH_OK);
    memset(secret, 'x', sizeof secret);
    token = token_of(client);
    CHECK_TEXT(oauth_token_access_token(token), "t2");
    oauth_token_free(token);

    /* The token in hand stays in use. */
    CHECK_STATUS(oauth_client_set_secret(client, "wrong", 5), OAUTH_OK);
    token = token_of(client);
    CHECK_TEXT(oauth_token_access_token(token), "t2");
    oauth_token_free(token);

    /* A secret that is refused leaves the old one in place. */
    CHECK_STATUS(oauth_client_set_secret(client, "right", 5), OAUTH_OK);
    CHECK_STATUS(oauth_client_set_secret(client, "", 0), OAUTH_ERROR_CONFIG);
    CHECK_STATUS(oauth_client_set_secret(client, NULL, 0), OAUTH_ERROR_CONFIG);
    CHECK_STATUS(oauth_client_set_secret(client, "ri\0ght", 6), OAUTH_ERROR_CONFIG);
    CHECK_STATUS(oauth_client_reset(client), OAUTH_OK);
    token = token_of(client);
    CHECK_TEXT(oauth_token_access_token(token), "t3");
    oauth_token_free(token);
    oauth_free(client);
    return EXIT_SUCCESS;
}
