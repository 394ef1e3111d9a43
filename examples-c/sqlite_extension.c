/*
 * An extension of SQLite: a function that gives the access token of a profile.
 *
 *     sqlite> .load ./sqlite_extension
 *     sqlite> SELECT oauth_token('billing');
 *
 * The environment variable OAUTH_PROFILE_BILLING holds the options as a JSON object, such as
 * {"token_url": "https://…", "client_id": "…", "client_secret_file": "…"}, or names a file that does.
 * Each connection has a client for each profile that it has used, and frees them when it is closed.
 *
 * A secret is best named by client_secret_file: who may read the environment of the host may read what is
 * in it. What is read from a file here is wiped; SQLite's copies of the token are not.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sqlite3ext.h>
SQLITE_EXTENSION_INIT1

#include "oauth_token.h"

/* A longer name is cut, and then no variable has it. */
enum { LONGEST_VARIABLE = 128 };

struct profile {
    char variable[LONGEST_VARIABLE];
    oauth_client *client;
    struct profile *next;
};

/* One for each connection. SQLite lets one thread at a time into a connection, so there is no lock. */
struct profiles {
    struct profile *first;
};

static void free_profiles(void *userdata)
{
    struct profiles *profiles = userdata;

    while (profiles->first != NULL) {
        struct profile *profile = profiles->first;

        profiles->first = profile->next;
        oauth_free(profile->client);
        sqlite3_free(profile);
    }
    sqlite3_free(profiles);
}

/* By writes that no compiler leaves out. */
static void wipe(volatile char *bytes, size_t count)
{
    while (count > 0)
        bytes[--count] = '\0';
}

/* What is no JSON object, and no file with one, is remembered; oauth_client_new reports it. */
static void set_options(oauth_config *config, const char *json_or_path)
{
    char json[16384] = "";
    FILE *file = json_or_path[0] == '{' ? NULL : fopen(json_or_path, "r");

    if (file != NULL) {
        /* Without a buffer, which would keep a copy. */
        setvbuf(file, NULL, _IONBF, 0);
        json[fread(json, 1, sizeof json - 1, file)] = '\0';
        fclose(file);
    }
    oauth_config_set_json(config, file == NULL ? json_or_path : json);
    wipe(json, sizeof json);
}

/* NULL, with the error set, if it cannot be made. */
static oauth_client *new_client(sqlite3_context *context, const char *variable)
{
    const char *options = getenv(variable);
    oauth_config *config = oauth_config_new();
    oauth_client *client = NULL;
    oauth_error *error = NULL;

    set_options(config, options == NULL ? "" : options);
    if (oauth_client_new(config, &client, &error) != OAUTH_OK) {
        char *message = sqlite3_mprintf("%s: %s", variable, oauth_error_message(error));

        sqlite3_result_error(context, message == NULL ? variable : message, -1);
        sqlite3_free(message);
    }
    oauth_error_free(error);
    oauth_config_free(config);
    return client;
}

/* The same, but made once and kept. */
static oauth_client *client_of(sqlite3_context *context, const char *variable)
{
    struct profiles *profiles = sqlite3_user_data(context);
    struct profile *profile = profiles->first;

    while (profile != NULL && strcmp(profile->variable, variable) != 0)
        profile = profile->next;
    if (profile != NULL)
        return profile->client;

    profile = sqlite3_malloc(sizeof *profile);
    if (profile == NULL)
        return sqlite3_result_error_nomem(context), NULL;
    sqlite3_snprintf(sizeof profile->variable, profile->variable, "%s", variable);
    profile->client = new_client(context, variable);
    if (profile->client == NULL)
        return sqlite3_free(profile), NULL;
    profile->next = profiles->first;
    profiles->first = profile;
    return profile->client;
}

/* oauth_token(profile): the access token; NULL for a profile that is NULL. */
static void give_token(sqlite3_context *context, int count, sqlite3_value **values)
{
    const char *name = (const char *)sqlite3_value_text(values[0]);
    char variable[LONGEST_VARIABLE];
    oauth_client *client;
    oauth_token *token = NULL;
    oauth_error *error = NULL;

    if (count != 1 || name == NULL)
        return;
    sqlite3_snprintf(sizeof variable, variable, "OAUTH_PROFILE_%s", name);
    for (char *letter = variable; *letter != '\0'; letter++)
        *letter = (char)toupper((unsigned char)*letter);
    client = client_of(context, variable);
    if (client == NULL)
        return;
    if (oauth_get_token(client, &token, &error) == OAUTH_OK)
        sqlite3_result_text(context, oauth_token_access_token(token), -1, SQLITE_TRANSIENT);
    else
        sqlite3_result_error(context, oauth_error_message(error), -1);
    oauth_error_free(error);
    oauth_token_free(token);
}

int sqlite3_extension_init(sqlite3 *connection, char **message, const sqlite3_api_routines *api);

int sqlite3_extension_init(sqlite3 *connection, char **message, const sqlite3_api_routines *api)
{
    struct profiles *profiles;

    (void)message;
    SQLITE_EXTENSION_INIT2(api)
    profiles = sqlite3_malloc(sizeof *profiles);
    if (profiles == NULL)
        return SQLITE_NOMEM;
    profiles->first = NULL;
    /* Direct only: a view or trigger in somebody's database file must not have tokens fetched. SQLite
     * frees the profiles when the connection is closed, and here if this fails. */
    return sqlite3_create_function_v2(connection, "oauth_token", 1, SQLITE_UTF8 | SQLITE_DIRECTONLY, profiles,
                                      give_token, NULL, NULL, free_profiles);
}
