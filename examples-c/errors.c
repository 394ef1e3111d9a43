/*
 * Asks for a token, and when there is none, prints every detail of the error and what a program should
 * do about an error of that kind.
 *
 * The environment configures the client, as for get_token. Try a wrong OAUTH_CLIENT_SECRET, or an
 * OAUTH_TOKEN_URL at which nobody listens.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "oauth_token.h"

/* No kind needs a loop around oauth_get_token: the client retries, and after a failure it asks the
 * server again when that makes sense and not before. */
static const char *advice(oauth_status status)
{
    switch (status) {
    case OAUTH_ERROR_CONFIG:
        return "Stop: the option that the message names must be put right first.";
    case OAUTH_ERROR_SECRET:
    case OAUTH_ERROR_TLS:
    case OAUTH_ERROR_REJECTED:
    case OAUTH_ERROR_RESPONSE:
        return "Alert an operator and go on. If an option must change, make a new client; a secret file, "
               "or the server's side, is seen by itself.";
    case OAUTH_ERROR_NETWORK:
    case OAUTH_ERROR_TIMEOUT:
    case OAUTH_ERROR_SERVER:
        return "Fail this piece of work, or keep it until retry_in has passed.";
    case OAUTH_ERROR_SPENT:
        return "Have the user log in again: a code can be used once.";
    case OAUTH_ERROR_CANCELLED:
        return "Stop: oauth_client_cancel was called.";
    case OAUTH_ERROR_CALLBACK:
        return "Ask your own callback: it returned callback_code.";
    case OAUTH_ERROR_ARGUMENT:
    case OAUTH_ERROR_REENTRANT:
        return "Mend the program: it passed a NULL, or a callback called its own client.";
    default:
        return "Log it: a fault, or a kind that is newer than this program.";
    }
}

static const char *or_none(const char *text)
{
    return text == NULL ? "(none)" : text;
}

static void explain(const oauth_error *error)
{
    printf("status:        %s\n", oauth_status_name(oauth_error_status(error)));
    printf("message:       %s\n", oauth_error_message(error));
    printf("code:          %s\n", or_none(oauth_error_code(error)));
    printf("description:   %s\n", or_none(oauth_error_description(error)));
    printf("http_status:   %" PRId32 "\n", oauth_error_http_status(error));
    printf("retry_in:      %" PRId64 " ms\n", oauth_error_retry_in_ms(error));
    printf("is_retryable:  %s\n", oauth_error_is_retryable(error) ? "yes" : "no");
    printf("is_repeated:   %s\n", oauth_error_is_repeated(error) ? "yes" : "no");
    printf("callback_code: %" PRId32 "\n", oauth_error_callback_code(error));
    printf("advice:        %s\n", advice(oauth_error_status(error)));
}

int main(void)
{
    oauth_config *config = oauth_config_new();
    oauth_client *client = NULL;
    oauth_token *token = NULL;
    oauth_error *error = NULL;
    oauth_status status;

    oauth_config_set_from_env(config);
    status = oauth_client_new(config, &client, &error);
    if (status == OAUTH_OK)
        status = oauth_get_token(client, &token, &error);
    if (status == OAUTH_OK)
        puts("There is a token, and nothing to explain.");
    else
        explain(error);

    oauth_error_free(error);
    oauth_token_free(token);
    oauth_free(client);
    oauth_config_free(config);
    return status == OAUTH_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
