/* Prints all that can be read from the errors of a client that gets no token. */
#include <inttypes.h>

#include "client.h"

static void tell(const char *when, oauth_error *error)
{
    const char *code = oauth_error_code(error);
    const char *description = oauth_error_description(error);

    CHECK(strchr(oauth_error_message(error), '\n') == NULL);
    printf("%s.status=%s\n", when, oauth_status_name(oauth_error_status(error)));
    printf("%s.message=%s\n", when, oauth_error_message(error));
    printf("%s.code=%s\n", when, code == NULL ? "NULL" : code);
    printf("%s.description=%s\n", when, description == NULL ? "NULL" : description);
    printf("%s.http_status=%" PRId32 "\n", when, oauth_error_http_status(error));
    printf("%s.retry_in_ms=%" PRId64 "\n", when, oauth_error_retry_in_ms(error));
    printf("%s.is_retryable=%d\n", when, oauth_error_is_retryable(error));
    printf("%s.is_repeated=%d\n", when, oauth_error_is_repeated(error));
    oauth_error_free(error);
}

static void ask(const char *when, const oauth_client *client)
{
    oauth_token *token = NULL;
    oauth_error *error = NULL;
    oauth_status status = oauth_get_token(client, &token, &error);

    CHECK(status != OAUTH_OK && token == NULL && error != NULL);
    CHECK_STATUS(oauth_error_status(error), status);
    tell(when, error);
}

int main(void)
{
    oauth_config *config = oauth_config_new();
    oauth_client *client = NULL;
    oauth_error *error = NULL;
    oauth_status set = oauth_config_set_from_env(config);
    oauth_status made = oauth_client_new(config, &client, &error);

    oauth_config_free(config);
    if (made != OAUTH_OK) {
        CHECK(client == NULL && error != NULL);
        CHECK_STATUS(oauth_error_status(error), made);
        CHECK(set == OAUTH_OK || set == made);
        tell("new", error);
        return EXIT_SUCCESS;
    }
    ask("first", client);
    ask("second", client);
    CHECK_STATUS(oauth_client_reset(client), OAUTH_OK);
    ask("after_reset", client);
    oauth_free(client);
    return EXIT_SUCCESS;
}
