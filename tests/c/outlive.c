/* Frees the client first and what it gave out last. */
#include "client.h"

int main(int count, char **arguments)
{
    oauth_client *client = client_from_environment();

    CHECK(count == 2);
    if (strcmp(arguments[1], "token") == 0) {
        oauth_token *token = token_of(client);
        const char *text = oauth_token_access_token(token);
        oauth_token *clone;

        oauth_free(client);
        CHECK_TEXT(text, "t1");
        CHECK_TEXT(oauth_token_authorization(token), "Bearer t1");
        CHECK(oauth_token_expires_in_ms(token) > 0);
        clone = oauth_token_clone(token);
        oauth_token_free(token);
        CHECK_TEXT(oauth_token_access_token(clone), "t1");
        oauth_token_free(clone);
    } else {
        oauth_error *error = refusal_of(client, OAUTH_ERROR_REJECTED);
        const char *code = oauth_error_code(error);

        oauth_free(client);
        CHECK_TEXT(code, "invalid_client");
        CHECK_CONTAINS(oauth_error_message(error), "invalid_client");
        CHECK(oauth_error_http_status(error) == 401);
        oauth_error_free(error);
    }
    return EXIT_SUCCESS;
}
