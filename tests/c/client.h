/* What most programs begin with. */
#ifndef CLIENT_H
#define CLIENT_H

#include "check.h"

/* A config with the options that the environment names. */
static inline oauth_config *config_from_environment(void)
{
    oauth_config *config = oauth_config_new();

    CHECK(config != NULL);
    CHECK_STATUS(oauth_config_set_from_env(config), OAUTH_OK);
    return config;
}

/* Whom a config asks, as somebody whose name does not matter. */
static inline void set_server(oauth_config *config, const char *token_url)
{
    CHECK_STATUS(oauth_config_set(config, "token_url", token_url), OAUTH_OK);
    CHECK_STATUS(oauth_config_set(config, "client_id", "my-service"), OAUTH_OK);
    CHECK_STATUS(oauth_config_set(config, "client_secret", "hunter2-secret"), OAUTH_OK);
}

static inline oauth_client *client_of(const oauth_config *config)
{
    oauth_client *client = NULL;
    oauth_error *error = NULL;

    if (oauth_client_new(config, &client, &error) != OAUTH_OK) {
        fprintf(stderr, "no client: %s\n", oauth_error_message(error));
        exit(EXIT_FAILURE);
    }
    CHECK(client != NULL && error == NULL);
    return client;
}

/* A client with the options that the environment names. */
static inline oauth_client *client_from_environment(void)
{
    oauth_config *config = config_from_environment();
    oauth_client *client = client_of(config);

    oauth_config_free(config);
    return client;
}

static inline oauth_token *token_of(const oauth_client *client)
{
    oauth_token *token = NULL;
    oauth_error *error = NULL;

    if (oauth_get_token(client, &token, &error) != OAUTH_OK) {
        fprintf(stderr, "no token: %s\n", oauth_error_message(error));
        exit(EXIT_FAILURE);
    }
    CHECK(token != NULL && error == NULL);
    return token;
}

/* The client must get this token. */
static inline void check_token(const oauth_client *client, const char *expected)
{
    oauth_token *token = token_of(client);

    CHECK_TEXT(oauth_token_access_token(token), expected);
    oauth_token_free(token);
}

static inline oauth_error *refusal_of(const oauth_client *client, oauth_status expected)
{
    oauth_token *token = NULL;
    oauth_error *error = NULL;

    CHECK_STATUS(oauth_get_token(client, &token, &error), expected);
    CHECK(token == NULL && error != NULL);
    CHECK_STATUS(oauth_error_status(error), expected);
    return error;
}

/* The failure to get a token, or NULL; ends the program unless the status has this name. */
static inline oauth_error *outcome_of(const oauth_client *client, const char *expected)
{
    oauth_token *token = NULL;
    oauth_error *error = NULL;
    oauth_status status = oauth_get_token(client, &token, &error);

    oauth_token_free(token);
    if (strcmp(oauth_status_name(status), expected) != 0) {
        fprintf(stderr, "%s: %s\n", oauth_status_name(status), error == NULL ? "" : oauth_error_message(error));
        exit(EXIT_FAILURE);
    }
    return error;
}

#endif
