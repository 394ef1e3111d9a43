/* Sends token requests by a function of the host's. The first argument names what it does. */
#include "client.h"

#define CANARY "Xq7canaryXq7"

static const char *deed;
static int times_called;
static const oauth_client *asked_client;

static bool is_deed(const char *name)
{
    return strcmp(deed, name) == 0;
}

static void check_request(const oauth_request *request)
{
    size_t count = oauth_request_header_count(request);
    bool has_accept = false;

    CHECK_TEXT(oauth_request_method(request), "POST");
    CHECK_TEXT(oauth_request_url(request), "https://login.example.com/token?v=1");
    CHECK_TEXT(oauth_request_body(request), "grant_type=client_credentials");
    CHECK(oauth_request_body_length(request) == strlen("grant_type=client_credentials"));
    CHECK_TEXT(oauth_request_header(request, "accept"), "application/json");
    CHECK(count >= 4);
    for (size_t i = 0; i < count; i++) {
        const char *name = oauth_request_header_name(request, i);

        CHECK_TEXT(oauth_request_header(request, name), oauth_request_header_value(request, i));
        CHECK(strcmp(name, "Host") != 0 && strcmp(name, "Content-Length") != 0);
        has_accept |= strcmp(name, "Accept") == 0;
    }
    CHECK(has_accept);
    CHECK(oauth_request_header_name(request, count) == NULL);
    CHECK(oauth_request_header_value(request, count) == NULL);
    CHECK(oauth_request_remaining_ms(request) > 0 && oauth_request_remaining_ms(request) <= 20000);
    CHECK(oauth_request_max_response_bytes(request) == 1000);
    CHECK(!oauth_request_is_cancelled(request));
}

static void grant(oauth_response *response)
{
    static const char *const pieces[] = {"{\"access_token\":\"t1\",\"scope\":\"caf\xc3",
                                         "\xa9\",\"expires_in\":3600}"};

    CHECK_STATUS(oauth_response_set_body(response, "what is replaced", 16), OAUTH_OK);
    CHECK_STATUS(oauth_response_set_body(response, NULL, 0), OAUTH_OK);
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++)
        CHECK_STATUS(oauth_response_append_body(response, pieces[i], strlen(pieces[i])), OAUTH_OK);
    CHECK_STATUS(oauth_response_add_header(response, "Content-Type", "application/json"), OAUTH_OK);
    CHECK_STATUS(oauth_response_set_status(response, 200), OAUTH_OK);
}

static void refuse_what_cannot_be(const oauth_request *request, oauth_response *response)
{
    static const int32_t no_statuses[] = {0, -1, 100, 199, 1000, INT32_MAX, INT32_MIN};
    static const oauth_failure no_failures[] = {0, -1, 9, INT32_MAX};
    const size_t no_lengths[] = {SIZE_MAX, SIZE_MAX / 2 + 1};

    for (size_t i = 0; i < sizeof no_statuses / sizeof *no_statuses; i++)
        CHECK_STATUS(oauth_response_set_status(response, no_statuses[i]), OAUTH_ERROR_ARGUMENT);
    for (size_t i = 0; i < sizeof no_failures / sizeof *no_failures; i++)
        CHECK_STATUS(oauth_response_set_failure(response, no_failures[i], NULL), OAUTH_ERROR_ARGUMENT);
    for (size_t i = 0; i < sizeof no_lengths / sizeof *no_lengths; i++) {
        CHECK_STATUS(oauth_response_set_body(response, "a", no_lengths[i]), OAUTH_ERROR_ARGUMENT);
        CHECK_STATUS(oauth_response_append_body(response, "a", no_lengths[i]), OAUTH_ERROR_ARGUMENT);
    }
    CHECK_STATUS(oauth_response_add_header(response, "caf\xe9", "a"), OAUTH_ERROR_ARGUMENT);
    CHECK_STATUS(oauth_response_add_header(response, "X-Latin-1", "caf\xe9"), OAUTH_OK);
    /* What is being sent cannot be changed, however it is cast. */
    CHECK_STATUS(oauth_request_set_header((oauth_request *)request, "X-A", "a"), OAUTH_ERROR_ARGUMENT);
    CHECK_STATUS(oauth_request_set_body((oauth_request *)request, "a", 1), OAUTH_ERROR_ARGUMENT);
    check_request(request);
}

static void answer_too_much(oauth_response *response)
{
    static const char kilobyte[1000];

    CHECK_STATUS(oauth_response_set_status(response, 200), OAUTH_OK);
    CHECK_STATUS(oauth_response_append_body(response, kilobyte, sizeof kilobyte), OAUTH_OK);
    CHECK_STATUS(oauth_response_append_body(response, "}", 1), OAUTH_ERROR_RESPONSE);
    CHECK_STATUS(oauth_response_append_body(response, "}", 1), OAUTH_ERROR_RESPONSE);
}

static void answer_with_long_headers(oauth_response *response)
{
    static char value[8 << 10];

    memset(value, 'a', sizeof value - 1);
    for (int i = 0; i < 3; i++)
        CHECK_STATUS(oauth_response_add_header(response, "X-Long", value), OAUTH_OK);
    CHECK_STATUS(oauth_response_add_header(response, "X-Long", value), OAUTH_ERROR_RESPONSE);
    CHECK_STATUS(oauth_response_set_status(response, 200), OAUTH_OK);
}

static int carry(void *userdata, const oauth_request *request, oauth_response *response)
{
    CHECK(userdata == &times_called);
    times_called++;
    check_request(request);
    if (is_deed("refuse"))
        refuse_what_cannot_be(request, response);
    if (is_deed("grant") || is_deed("refuse"))
        grant(response);
    if (is_deed("reject")) {
        CHECK_STATUS(oauth_response_set_status(response, 401), OAUTH_OK);
        CHECK_STATUS(oauth_response_set_body(response, "{\"error\":\"invalid_client\"}", 26), OAUTH_OK);
    }
    if (is_deed("busy")) {
        CHECK_STATUS(oauth_response_set_status(response, 503), OAUTH_OK);
        CHECK_STATUS(oauth_response_add_header(response, "retry-after", "100"), OAUTH_OK);
    }
    if (is_deed("redirect")) {
        CHECK_STATUS(oauth_response_set_status(response, 302), OAUTH_OK);
        CHECK_STATUS(oauth_response_add_header(response, "Location", "https://evil.test/"), OAUTH_OK);
    }
    if (is_deed("too_large"))
        answer_too_much(response);
    if (is_deed("too_large_with_code")) {
        answer_too_much(response);
        return 23;
    }
    if (is_deed("long_headers"))
        answer_with_long_headers(response);
    if (is_deed("code"))
        return -77;
    if (is_deed("tell"))
        CHECK_STATUS(oauth_response_set_failure(response, OAUTH_FAILURE_TLS,
                                                "no trust in " CANARY " and\n" "a new line"),
                     OAUTH_OK);
    if (is_deed("tell_with_code")) {
        CHECK_STATUS(oauth_response_set_failure(response, OAUTH_FAILURE_RESOLVE, NULL), OAUTH_OK);
        return 5;
    }
    if (is_deed("not_utf8")) {
        CHECK_STATUS(oauth_response_set_status(response, 200), OAUTH_OK);
        CHECK_STATUS(oauth_response_set_body(response, "{\"access_token\":\"\xff\"}", 20), OAUTH_OK);
    }
    if (is_deed("long_and_not_utf8")) {
        static char bytes[900];

        memset(bytes, 0xff, sizeof bytes);
        CHECK_STATUS(oauth_response_set_status(response, 200), OAUTH_OK);
        CHECK_STATUS(oauth_response_set_body(response, bytes, sizeof bytes), OAUTH_OK);
    }
    if (is_deed("reenter")) {
        oauth_error_free(refusal_of(asked_client, OAUTH_ERROR_REENTRANT));
        return 1;
    }
    if (is_deed("cancel")) {
        CHECK_STATUS(oauth_client_cancel(asked_client), OAUTH_OK);
        CHECK(oauth_request_is_cancelled(request));
        grant(response);
    }
    return 0;
}

static oauth_client *client_with_transport(void)
{
    oauth_config *config = config_from_environment();
    oauth_client *client;

    CHECK_STATUS(oauth_config_set(config, "token_url", "https://login.example.com/token?v=1"), OAUTH_OK);
    CHECK_STATUS(oauth_config_set(config, "client_secret", CANARY), OAUTH_OK);
    CHECK_STATUS(oauth_config_set(config, "max_response_bytes", "1000"), OAUTH_OK);
    CHECK_STATUS(oauth_config_set(config, "max_retries", "0"), OAUTH_OK);
    CHECK_STATUS(oauth_config_set(config, "timeout", "20s"), OAUTH_OK);
    CHECK_STATUS(oauth_config_set_transport(config, carry, &times_called, NULL), OAUTH_OK);
    client = client_of(config);
    oauth_config_free(config);
    return client;
}

/* Prints status, callback code, retry time and message of the failure. */
static void print_refusal(const oauth_client *client)
{
    oauth_token *token = NULL;
    oauth_error *error = NULL;
    oauth_status status = oauth_get_token(client, &token, &error);

    CHECK(token == NULL && error != NULL && times_called == 1);
    CHECK(strstr(oauth_error_message(error), CANARY) == NULL);
    printf("%s %d %d %s\n", oauth_status_name(status), (int)oauth_error_callback_code(error),
           (int)oauth_error_http_status(error), oauth_error_message(error));
    oauth_error_free(error);
}

static void check_grant(const oauth_client *client)
{
    oauth_token *token = token_of(client);

    CHECK(times_called == 1);
    CHECK_TEXT(oauth_token_access_token(token), "t1");
    CHECK_TEXT(oauth_token_scope(token), "caf\xc3\xa9");
    oauth_token_free(token);
}

static int fail_always(void *userdata, const oauth_request *request, oauth_response *response)
{
    CHECK(userdata == NULL && request != NULL && response != NULL);
    return 42;
}

/* A request for an issuer's metadata goes the same way. */
static void fail_in_discovery(void)
{
    oauth_config *config = config_from_environment();
    oauth_client *client;
    oauth_error *error;

    CHECK_STATUS(oauth_config_set(config, "issuer", "https://id.example.com"), OAUTH_OK);
    CHECK_STATUS(oauth_config_set(config, "client_secret", CANARY), OAUTH_OK);
    CHECK_STATUS(oauth_config_set(config, "max_retries", "0"), OAUTH_OK);
    CHECK_STATUS(oauth_config_set_transport(config, fail_always, NULL, NULL), OAUTH_OK);
    client = client_of(config);
    error = refusal_of(client, OAUTH_ERROR_NETWORK);
    CHECK(oauth_error_callback_code(error) == 42);
    oauth_error_free(error);
    oauth_free(client);
    oauth_config_free(config);
}

/* Options of the built-in HTTP would be lost. */
static void refuse_option(void)
{
    oauth_config *config = config_from_environment();
    oauth_client *client = NULL;
    oauth_error *error = NULL;

    CHECK_STATUS(oauth_config_set_transport(config, carry, &times_called, NULL), OAUTH_OK);
    CHECK_STATUS(oauth_config_set(config, "connect_timeout", "1s"), OAUTH_OK);
    CHECK_STATUS(oauth_client_new(config, &client, &error), OAUTH_ERROR_CONFIG);
    CHECK_CONTAINS(oauth_error_message(error), "connect_timeout");
    oauth_error_free(error);
    oauth_config_free(config);
}

int main(int count, char **arguments)
{
    oauth_client *client;

    CHECK(count == 2);
    deed = arguments[1];
    if (is_deed("option")) {
        refuse_option();
        return EXIT_SUCCESS;
    }
    if (is_deed("discovery")) {
        fail_in_discovery();
        return EXIT_SUCCESS;
    }
    client = client_with_transport();
    asked_client = client;
    if (is_deed("grant") || is_deed("refuse"))
        check_grant(client);
    else
        print_refusal(client);
    oauth_free(client);
    return EXIT_SUCCESS;
}
