/*
 * Calls an API with libcurl: call_api_with_curl https://api.example.com/hello
 *
 * An API may refuse a token before its time, with a 401, because it was revoked. Then the client is
 * told, and the call is made once more with the next token, if that is another one. Not more often:
 * when that is refused too, the token is not what is wrong.
 *
 * The environment configures the client, as for get_token: OAUTH_TOKEN_URL, OAUTH_CLIENT_ID …
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>

#include "oauth_token.h"

/* To the standard output, unless it is that of a refusal, which is not what was asked for. */
static size_t print_body(char *bytes, size_t unit, size_t count, void *curl)
{
    long status = 0;

    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    return status == 401 ? unit * count : fwrite(bytes, 1, unit * count, stdout);
}

/* The status of the answer, or 0 if there is none. */
static long call(CURL *curl, const oauth_token *token)
{
    char message[CURL_ERROR_SIZE] = "";
    long status = 0;

    /* libcurl keeps this from other hosts should it follow a redirect, as not every header. */
    curl_easy_setopt(curl, CURLOPT_HTTPAUTH, CURLAUTH_BEARER);
    curl_easy_setopt(curl, CURLOPT_XOAUTH2_BEARER, oauth_token_access_token(token));
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, print_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, curl);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, message);
    if (curl_easy_perform(curl) == CURLE_OK)
        curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    else
        fprintf(stderr, "call_api_with_curl: %s\n", message);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, NULL);
    fprintf(stderr, "the API answered %ld\n", status);
    return status;
}

/* From the cache, if it has one; NULL if there is none, which is told. */
static oauth_token *take_token(const oauth_client *client)
{
    oauth_token *token = NULL;
    oauth_error *error = NULL;

    if (oauth_get_token(client, &token, &error) != OAUTH_OK)
        fprintf(stderr, "call_api_with_curl: %s\n", oauth_error_message(error));
    oauth_error_free(error);
    return token;
}

/* The status of the last answer, or 0 if there is none. */
static long call_with_token(CURL *curl, const oauth_client *client)
{
    oauth_token *token = take_token(client), *next;
    long status = token == NULL ? 0 : call(curl, token);

    if (status == 401) {
        oauth_client_invalidate(client, token);
        next = take_token(client);
        if (next == NULL)
            status = 0;
        else if (strcmp(oauth_token_access_token(next), oauth_token_access_token(token)) != 0)
            status = call(curl, next);
        oauth_token_free(next);
    }
    oauth_token_free(token);
    return status;
}

int main(int count, char **arguments)
{
    oauth_config *config;
    oauth_client *client = NULL;
    oauth_error *error = NULL;
    CURL *curl = NULL;
    long status = 0;

    if (count != 2) {
        fprintf(stderr, "usage: call_api_with_curl URL\n");
        return EXIT_FAILURE;
    }
    /* Once, before there are threads. */
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return EXIT_FAILURE;

    config = oauth_config_new();
    oauth_config_set_from_env(config);
    if (oauth_client_new(config, &client, &error) != OAUTH_OK) {
        fprintf(stderr, "call_api_with_curl: %s\n", oauth_error_message(error));
    } else if ((curl = curl_easy_init()) != NULL) {
        curl_easy_setopt(curl, CURLOPT_URL, arguments[1]);
        status = call_with_token(curl, client);
    }

    curl_easy_cleanup(curl);
    oauth_error_free(error);
    oauth_free(client);
    oauth_config_free(config);
    curl_global_cleanup();
    return status >= 200 && status < 300 ? EXIT_SUCCESS : EXIT_FAILURE;
}
