/* Compares the process before and after each call. The argument is the status that
 * oauth_get_token must return. */
#include "process_state.h"

#include "client.h"

int main(int count, char **arguments)
{
    struct process_state before;
    oauth_client *client;

    CHECK(count == 2);
    take_state(&before);
    check_state(&before);
    client = client_from_environment();
    check_state(&before);
    oauth_error_free(outcome_of(client, arguments[1]));
    check_state(&before);
    oauth_error_free(outcome_of(client, arguments[1]));
    check_state(&before);
    CHECK_STATUS(oauth_client_reset(client), OAUTH_OK);
    oauth_error_free(outcome_of(client, arguments[1]));
    check_state(&before);
    oauth_free(client);
    check_state(&before);
    free(before.environment);
    return EXIT_SUCCESS;
}
