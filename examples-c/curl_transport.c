/*
 * libcurl carries the token requests, instead of the library's own HTTP: for hosts that have a libcurl
 * anyway, with its proxies and its certificates.
 *
 * The environment configures the rest of the client, as for get_token. As with the curl program,
 * CURL_CA_BUNDLE may name a file of certificates to trust. libcurl 7.85 or newer.
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>

#include "oauth_token.h"

/* What must not be sent to a proxy, whatever the environment says. */
static bool is_loopback(const char *url)
{
    CURLU *parts = curl_url();
    char *host = NULL;
    bool is_it = false;

    if (curl_url_set(parts, CURLUPART_URL, url, 0) == CURLUE_OK &&
        curl_url_get(parts, CURLUPART_HOST, &host, 0) == CURLUE_OK)
        is_it = curl_strequal(host, "localhost") || strcmp(host, "[::1]") == 0 ||
                (strncmp(host, "127.", 4) == 0 && host[strspn(host, "0123456789.")] == '\0');
    curl_free(host);
    curl_url_cleanup(parts);
    return is_it;
}

/* NULL if there is no memory. libcurl's copies of the headers hold the secret, and are not wiped. */
static struct curl_slist *headers_of(const oauth_request *request)
{
    /* That is, none: it would have a body of more than a megabyte wait for an answer of its own. */
    struct curl_slist *headers = curl_slist_append(NULL, "Expect:");

    for (size_t i = 0; headers != NULL && i < oauth_request_header_count(request); i++) {
        const char *name = oauth_request_header_name(request, i), *value = oauth_request_header_value(request, i);
        size_t size = strlen(name) + strlen(value) + sizeof ": ";
        char *line = malloc(size);
        struct curl_slist *longer = NULL;

        if (line != NULL) {
            /* To libcurl, a name with nothing behind its colon is a header to leave out. */
            snprintf(line, size, "%s%s%s", name, *value == '\0' ? ";" : ": ", value);
            longer = curl_slist_append(headers, line);
        }
        free(line);
        if (longer == NULL)
            curl_slist_free_all(headers);
        headers = longer;
    }
    return headers;
}

static size_t take_body(char *bytes, size_t unit, size_t count, void *response)
{
    /* An answer that is too long ends the transfer. */
    return oauth_response_append_body(response, bytes, unit * count) == OAUTH_OK ? unit * count : 0;
}

static int look_up(void *request, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
    (void)a, (void)b, (void)c, (void)d;
    return oauth_request_is_cancelled(request);
}

static oauth_failure failure_of(CURLcode code)
{
    switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST: return OAUTH_FAILURE_RESOLVE;
    case CURLE_COULDNT_CONNECT: return OAUTH_FAILURE_CONNECT;
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_PROXY: return OAUTH_FAILURE_PROXY;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_PEER_FAILED_VERIFICATION: return OAUTH_FAILURE_TLS;
    case CURLE_OPERATION_TIMEDOUT: return OAUTH_FAILURE_TIMEOUT;
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR: return OAUTH_FAILURE_INTERRUPTED;
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_UNSUPPORTED_PROTOCOL: return OAUTH_FAILURE_PROTOCOL;
    default: return OAUTH_FAILURE_OTHER;
    }
}

static void set_request(CURL *curl, const oauth_request *request)
{
    const char *method = oauth_request_method(request), *body = oauth_request_body(request);

    curl_easy_setopt(curl, CURLOPT_URL, oauth_request_url(request));
    if (body != NULL || strcmp(method, "GET") != 0) {
        /* With its length, also when it is empty. */
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)oauth_request_body_length(request));
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body == NULL ? "" : body);
        curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, method);
    }
    if (is_loopback(oauth_request_url(request)))
        curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
    /* oauth-token has seen to it that http:// goes no further than it may; libcurl knows other schemes. */
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    /* No signal of the host's is touched. */
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    if (getenv("CURL_CA_BUNDLE") != NULL)
        curl_easy_setopt(curl, CURLOPT_CAINFO, getenv("CURL_CA_BUNDLE"));
}

static CURLcode run(CURL *curl, const oauth_request *request, oauth_response *response)
{
    int64_t remaining_ms = oauth_request_remaining_ms(request);
    struct curl_header *header = NULL;
    CURLcode code;
    long status = 0;

    /* To libcurl, 0 is no limit. */
    if (remaining_ms <= 0)
        return CURLE_OPERATION_TIMEDOUT;
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, remaining_ms > LONG_MAX ? LONG_MAX : (long)remaining_ms);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, response);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, look_up);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, request);
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    code = curl_easy_perform(curl);
    if (code != CURLE_OK)
        return code;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    oauth_response_set_status(response, (int32_t)status);
    while ((header = curl_easy_nextheader(curl, CURLH_HEADER, -1, header)) != NULL)
        oauth_response_add_header(response, header->name, header->value);
    return CURLE_OK;
}

/* The transport: one handle for each request, so that no connection is left when it returns. */
static int carry(void *userdata, const oauth_request *request, oauth_response *response)
{
    char message[CURL_ERROR_SIZE] = "";
    CURL *curl = curl_easy_init();
    struct curl_slist *headers = headers_of(request);
    CURLcode code = CURLE_OUT_OF_MEMORY;

    (void)userdata;
    if (curl != NULL && headers != NULL) {
        curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, message);
        curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
        set_request(curl, request);
        code = run(curl, request, response);
    }
    curl_easy_cleanup(curl);
    curl_slist_free_all(headers);
    /* The response knows by itself that it was too long. */
    if (code == CURLE_OK || code == CURLE_WRITE_ERROR)
        return 0;
    oauth_response_set_failure(response, failure_of(code), message[0] == '\0' ? curl_easy_strerror(code) : message);
    return (int)code;
}

int main(void)
{
    oauth_config *config = oauth_config_new();
    oauth_client *client = NULL;
    oauth_token *token = NULL;
    oauth_error *error = NULL;
    int exit_code;

    /* Once, before there are threads. */
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return EXIT_FAILURE;
    oauth_config_set_from_env(config);
    oauth_config_set_transport(config, carry, NULL, NULL);
    if (oauth_client_new(config, &client, &error) == OAUTH_OK && oauth_get_token(client, &token, &error) == OAUTH_OK)
        printf("libcurl brought a token of %zu characters\n", strlen(oauth_token_access_token(token)));
    else
        fprintf(stderr, "curl_transport: %s (%s, libcurl's code %d)\n", oauth_error_message(error),
                oauth_status_name(oauth_error_status(error)), (int)oauth_error_callback_code(error));

    exit_code = token == NULL ? EXIT_FAILURE : EXIT_SUCCESS;
    oauth_error_free(error);
    oauth_token_free(token);
    oauth_free(client);
    oauth_config_free(config);
    curl_global_cleanup();
    return exit_code;
}
