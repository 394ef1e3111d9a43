/*
 * Reads the secret from wherever it is kept, by a command such as
 *
 *     SECRET_COMMAND='vault kv get -field=secret kv/my-service'
 *
 * and keeps it, because a vault is slow. When the server refuses it, it has been rotated: the library
 * asks the callback again, within the same call, and the command is run again.
 *
 * The environment configures the rest, as for get_token. (A secret in a file that is replaced needs
 * none of this: OAUTH_CLIENT_SECRET_FILE is read for each token.)
 */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "oauth_token.h"

struct vault {
    pthread_mutex_t lock; /* The callback may run on several threads at once. */
    const char *command;
    char secret[4096];
};

/* Overwrites a secret; volatile, so that no compiler leaves it out. */
static void wipe(volatile char *secret, size_t size)
{
    while (size-- > 0)
        *secret++ = '\0';
}

/* Keeps what the command prints, if it succeeds, and else nothing. */
static int read_secret(struct vault *vault)
{
    char line[sizeof vault->secret] = "";
    FILE *output = popen(vault->command, "r");
    int code = 0;

    wipe(vault->secret, sizeof vault->secret);
    if (output == NULL)
        return 1;
    if (fgets(line, sizeof line, output) == NULL)
        line[0] = '\0';
    if (pclose(output) != 0)
        code = 2;
    else
        memcpy(vault->secret, line, strcspn(line, "\r\n"));
    wipe(line, sizeof line);
    return code;
}

/* Any number but 0 fails the call; oauth_error_callback_code repeats it. */
static int give_secret(void *userdata, bool was_refused, oauth_secret_slot *slot)
{
    struct vault *vault = userdata;
    int code = 0;

    pthread_mutex_lock(&vault->lock);
    if (was_refused || vault->secret[0] == '\0') {
        puts(was_refused ? "the secret was refused: asking for another" : "asking for the secret");
        code = read_secret(vault);
    }
    if (code == 0)
        oauth_secret_slot_set(slot, vault->secret, strlen(vault->secret));
    pthread_mutex_unlock(&vault->lock);
    return code;
}

int main(void)
{
    struct vault vault = {.lock = PTHREAD_MUTEX_INITIALIZER, .command = getenv("SECRET_COMMAND")};
    oauth_config *config = oauth_config_new();
    oauth_client *client = NULL;
    oauth_token *token = NULL;
    oauth_error *error = NULL;
    int exit_code = EXIT_FAILURE;

    oauth_config_set_from_env(config);
    if (vault.command != NULL) {
        /* The vault outlives the client, so there is nothing for the library to free. */
        oauth_config_set_secret_callback(config, give_secret, &vault, NULL);
    }
    if (oauth_client_new(config, &client, &error) != OAUTH_OK)
        goto cleanup;

    for (int i = 0; i < 2; i++) {
        if (oauth_get_token(client, &token, &error) != OAUTH_OK)
            goto cleanup;
        printf("got a token of %zu characters\n", strlen(oauth_token_access_token(token)));
        oauth_token_free(token);
        /* As if the token's time were over: the next call makes a request. */
        oauth_client_reset(client);
    }
    exit_code = EXIT_SUCCESS;

cleanup:
    if (error != NULL)
        fprintf(stderr, "secret_callback: %s\n", oauth_error_message(error));
    oauth_error_free(error);
    oauth_free(client);
    oauth_config_free(config);
    wipe(vault.secret, sizeof vault.secret);
    return exit_code;
}
