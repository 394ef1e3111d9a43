/* Asks for a token, or tells that an API refused the last one, whenever a line of its input says so. */
#include <inttypes.h>

#include "client.h"

static void tell(const char *name, const char *value)
{
    if (value != NULL)
        printf("%s=%s\n", name, value);
}

static void tell_token(const oauth_token *token)
{
    tell("authorization", oauth_token_authorization(token));
    tell("scope", oauth_token_scope(token));
    printf("expires_in_ms=%" PRId64 "\n", oauth_token_expires_in_ms(token));
}

static void tell_error(const oauth_error *error)
{
    tell("status", oauth_status_name(oauth_error_status(error)));
    tell("message", oauth_error_message(error));
    tell("code", oauth_error_code(error));
    printf("http_status=%" PRId32 "\n", oauth_error_http_status(error));
}

static void ask(const oauth_client *client, oauth_token **token)
{
    oauth_error *error = NULL;
    oauth_stats stats;

    oauth_token_free(*token);
    if (oauth_get_token(client, token, &error) == OAUTH_OK)
        tell_token(*token);
    else
        tell_error(error);
    CHECK_STATUS(oauth_client_stats(client, &stats, sizeof stats), OAUTH_OK);
    printf("requests=%" PRIu64 "\n\n", stats.requests);
    fflush(stdout);
    oauth_error_free(error);
}

int main(void)
{
    oauth_client *client = client_from_environment();
    oauth_token *token = NULL;
    char line[64];

    while (fgets(line, sizeof line, stdin) != NULL) {
        if (strcmp(line, "token\n") == 0)
            ask(client, &token);
        else if (strcmp(line, "invalidate\n") == 0)
            CHECK_STATUS(oauth_client_invalidate(client, token), OAUTH_OK);
        else
            return EXIT_FAILURE;
    }
    oauth_token_free(token);
    oauth_free(client);
    return EXIT_SUCCESS;
}
