/*
 * A plug-in that gets its tokens from oauth-token; plugin_host loads it.
 *
 * A client starts no thread and keeps nothing open, so freeing it leaves nothing behind that could run
 * into code that is no longer there. The plug-in may be linked with either library: with the static one,
 * all of it goes when the plug-in is unloaded; the shared one stays loaded, by its own wish.
 *
 * The environment configures the client, as for get_token: OAUTH_TOKEN_URL, OAUTH_CLIENT_ID …
 */
#include <stdio.h>
#include <string.h>

#include "oauth_token.h"
#include "plugin.h"

static void *start(void)
{
    oauth_config *config = oauth_config_new();
    oauth_client *client = NULL;
    oauth_error *error = NULL;

    oauth_config_set_from_env(config);
    if (oauth_client_new(config, &client, &error) != OAUTH_OK)
        fprintf(stderr, "plugin: %s\n", oauth_error_message(error));
    oauth_error_free(error);
    oauth_config_free(config);
    return client;
}

static int work(void *client)
{
    oauth_token *token = NULL;
    oauth_error *error = NULL;

    if (oauth_get_token(client, &token, &error) != OAUTH_OK) {
        fprintf(stderr, "plugin: %s\n", oauth_error_message(error));
        oauth_error_free(error);
        return -1;
    }
    printf("plugin: worked with a token of %zu characters\n", strlen(oauth_token_access_token(token)));
    oauth_token_free(token);
    return 0;
}

/* The host sees to it that no thread is at work any more. Were one waiting for the server,
 * oauth_client_cancel would end that first. */
static void stop(void *client)
{
    oauth_free(client);
}

extern const struct plugin plugin;
const struct plugin plugin = {start, work, stop};
