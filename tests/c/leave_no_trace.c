/* Compares the process before and after each call. The argument is the status that
 * oauth_get_token must return. */
#include "process_state.h"

#include "client.h"

static void ask(const oauth_client *client, const char *expected)
{
    oauth_token *token = NULL;
    oauth_error *error = NULL;
    oauth_status status = oauth_get_token(client, &token, &error);

    if (strcmp(oauth_status_name(status), expected) != 0) {
        fprintf(stderr, "%s: %s\n", oauth_status_name(status),
                error == NULL ? "" : oauth_error_message(error));
        exit(EXIT_FAILURE);
    }
    oauth_token_free(token);
    oauth_error_free(error);
}

int main(int count, char **arguments)
{
    struct process_state before;
    oauth_client *client;

    CHECK(count == 2);
    take_state(&before);
    check_state(&before);
    client = client_from_environment();
    check_state(&before);
    ask(client, arguments[1]);
    check_state(&before);
    ask(client, arguments[1]);
    check_state(&before);
    CHECK_STATUS(oauth_client_reset(client), OAUTH_OK);
    ask(client, arguments[1]);
    check_state(&before);
    oauth_free(client);
    check_state(&before);
    free(before.environment);
    return EXIT_SUCCESS;
}
