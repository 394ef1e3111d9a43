/*
 * Prints an Authorization header with a valid token, for scripts:
 *
 *     get_token | curl --header @- https://api.example.com/hello
 *
 * or, where it does no harm that other users of the machine can see the token:
 *
 *     curl -H "$(get_token)" https://api.example.com/hello
 *
 * The environment says where the token comes from: OAUTH_TOKEN_URL, OAUTH_CLIENT_ID,
 * OAUTH_CLIENT_SECRET, OAUTH_SCOPE and so on, one variable for each option of the library, or
 * OAUTH_CONFIG with all of them as JSON. No provider needs more.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "oauth_token.h"

int main(void)
{
    oauth_config *config = oauth_config_new();
    oauth_client *client = NULL;
    oauth_token *first = NULL;
    oauth_token *token = NULL;
    oauth_error *error = NULL;
    int exit_code = EXIT_FAILURE;

    /* A bad setting is remembered, and oauth_client_new reports it. */
    oauth_config_set_from_env(config);
    if (oauth_client_new(config, &client, &error) != OAUTH_OK)
        goto cleanup;

    /* This makes a request. */
    if (oauth_get_token(client, &first, &error) != OAUTH_OK)
        goto cleanup;

    /* This does not: while the token is valid, it comes from the cache. A program asks whenever
     * it needs the token and never keeps one for later. */
    if (oauth_get_token(client, &token, &error) != OAUTH_OK)
        goto cleanup;

    if (printf("Authorization: %s\n", oauth_token_authorization(token)) < 0 || fflush(stdout) != 0) {
        perror("get_token");
        goto cleanup;
    }
    fprintf(stderr, "valid for %" PRId64 " s", oauth_token_expires_in_ms(token) / 1000);
    if (oauth_token_scope(token) != NULL)
        fprintf(stderr, ", scope: %s", oauth_token_scope(token));
    fputc('\n', stderr);
    exit_code = EXIT_SUCCESS;

cleanup:
    if (error != NULL)
        fprintf(stderr, "get_token: %s\n", oauth_error_message(error));
    oauth_error_free(error);
    oauth_token_free(token);
    oauth_token_free(first);
    oauth_free(client);
    oauth_config_free(config);
    return exit_code;
}
