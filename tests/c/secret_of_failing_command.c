/* Has the example ask a command that prints something and fails, and then one that gives a secret. */
#define main main_of_example
#include "../../examples-c/secret_callback.c"
#undef main

#include "client.h"

int main(void)
{
    struct vault vault = {.lock = PTHREAD_MUTEX_INITIALIZER, .command = "echo bad; exit 1"};
    oauth_config *config = config_from_environment();
    oauth_client *client;

    CHECK_STATUS(oauth_config_set_secret_callback(config, give_secret, &vault, NULL), OAUTH_OK);
    client = client_of(config);
    oauth_config_free(config);
    oauth_error_free(refusal_of(client, OAUTH_ERROR_SECRET));
    /* As if the pause were over. */
    oauth_client_reset(client);
    vault.command = "echo good";
    oauth_token_free(token_of(client));
    oauth_free(client);
    return EXIT_SUCCESS;
}
