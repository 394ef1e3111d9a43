/* Passes text that is not UTF-8, text that is longer than anybody writes, and lengths that nothing has. That no function
 * is left out, tests/c_arguments.rs sees. */
#include "client.h"

#define NOT_UTF8 "caf\xe9"

enum { LONG = 1 << 20 };

/* Longer than any header, answer or name may be. */
static char long_text[LONG + 1];

/* None of them can be read, and none may be tried. */
static const size_t absurd[] = {SIZE_MAX, SIZE_MAX - 1, SIZE_MAX / 2 + 1};

#define EACH_ABSURD (size_t i = 0; i < sizeof absurd / sizeof *absurd; i++)

/* oauth_client_new tells of what could not be set. */
static void check_remembered(oauth_config *config, oauth_status status, const char *what)
{
    oauth_client *client = NULL;
    oauth_error *error = NULL;

    CHECK_STATUS(oauth_client_new(config, &client, &error), status);
    CHECK(client == NULL);
    CHECK_CONTAINS(oauth_error_message(error), what);
    CHECK(strlen(oauth_error_message(error)) < 1000);
    oauth_error_free(error);
    oauth_config_free(config);
}

static void set_what_is_not_utf8(void)
{
    oauth_config *config = config_from_environment();

    CHECK_STATUS(oauth_config_set(config, NOT_UTF8, "a"), OAUTH_ERROR_ARGUMENT);
    check_remembered(config, OAUTH_ERROR_ARGUMENT, "UTF-8");
    config = config_from_environment();
    CHECK_STATUS(oauth_config_set(config, "scope", NOT_UTF8), OAUTH_ERROR_ARGUMENT);
    check_remembered(config, OAUTH_ERROR_ARGUMENT, "UTF-8");
    config = config_from_environment();
    CHECK_STATUS(oauth_config_set_bytes(config, NOT_UTF8, "a", 1), OAUTH_ERROR_ARGUMENT);
    check_remembered(config, OAUTH_ERROR_ARGUMENT, "UTF-8");
    config = config_from_environment();
    CHECK_STATUS(oauth_config_set_bytes(config, "scope", NOT_UTF8, 4), OAUTH_ERROR_ARGUMENT);
    check_remembered(config, OAUTH_ERROR_ARGUMENT, "UTF-8");
    config = config_from_environment();
    CHECK_STATUS(oauth_config_set_json(config, "{\"scope\":\"" NOT_UTF8 "\"}"), OAUTH_ERROR_ARGUMENT);
    check_remembered(config, OAUTH_ERROR_ARGUMENT, "UTF-8");

    /* What lies beyond the length is not looked at. */
    config = config_from_environment();
    CHECK_STATUS(oauth_config_set_bytes(config, "scope", NOT_UTF8, 3), OAUTH_OK);
    oauth_config_free(config);
}

static void set_long_text(void)
{
    oauth_config *config = config_from_environment();

    CHECK_STATUS(oauth_config_set(config, long_text, "a"), OAUTH_ERROR_CONFIG);
    check_remembered(config, OAUTH_ERROR_CONFIG, "aaa");
    config = config_from_environment();
    CHECK_STATUS(oauth_config_set_bytes(config, long_text, "a", 1), OAUTH_ERROR_CONFIG);
    check_remembered(config, OAUTH_ERROR_CONFIG, "aaa");
    config = config_from_environment();
    CHECK_STATUS(oauth_config_set_json(config, long_text), OAUTH_ERROR_CONFIG);
    check_remembered(config, OAUTH_ERROR_CONFIG, "JSON");
    config = config_from_environment();
    CHECK_STATUS(oauth_config_set(config, "timeout", long_text), OAUTH_ERROR_CONFIG);
    check_remembered(config, OAUTH_ERROR_CONFIG, "`timeout`");

    /* How long a scope may be is for the server to say. */
    config = config_from_environment();
    CHECK_STATUS(oauth_config_set(config, "scope", long_text), OAUTH_OK);
    CHECK_STATUS(oauth_config_set_bytes(config, "scope", long_text, LONG), OAUTH_OK);
    oauth_free(client_of(config));
    oauth_config_free(config);
}

static void set_impossible_lengths(void)
{
    oauth_config *config = config_from_environment();

    CHECK_STATUS(oauth_config_set_bytes(config, "scope", "a", 0), OAUTH_OK);
    oauth_config_free(config);
    for EACH_ABSURD {
        config = config_from_environment();
        CHECK_STATUS(oauth_config_set_bytes(config, "scope", "a", absurd[i]), OAUTH_ERROR_ARGUMENT);
        check_remembered(config, OAUTH_ERROR_ARGUMENT, "bytes");
    }
}

static void set_inner_nul(void)
{
    oauth_config *config = config_from_environment();

    CHECK_STATUS(oauth_config_set_bytes(config, "scope", "a\0b", 3), OAUTH_ERROR_CONFIG);
    check_remembered(config, OAUTH_ERROR_CONFIG, "NUL");
}

/* The secret it has still works afterwards. */
static void change_secret(const oauth_client *client)
{
    const char *secret = getenv("OAUTH_CLIENT_SECRET");

    CHECK_STATUS(oauth_client_set_secret(client, long_text, LONG), OAUTH_OK);
    CHECK_STATUS(oauth_client_set_secret(client, secret, strlen(secret)), OAUTH_OK);
    CHECK_STATUS(oauth_client_set_secret(client, NOT_UTF8, 4), OAUTH_ERROR_ARGUMENT);
    CHECK_STATUS(oauth_client_set_secret(client, "s", 0), OAUTH_ERROR_CONFIG);
    for EACH_ABSURD
        CHECK_STATUS(oauth_client_set_secret(client, "s", absurd[i]), OAUTH_ERROR_ARGUMENT);
}

static void count(const oauth_client *client)
{
    oauth_stats stats = {.handed_out = 77};

    CHECK_STATUS(oauth_client_stats(client, &stats, 0), OAUTH_OK);
    for EACH_ABSURD
        CHECK_STATUS(oauth_client_stats(client, &stats, absurd[i]), OAUTH_ERROR_ARGUMENT);
    CHECK(stats.handed_out == 77);
}

static int give_secret(void *called, bool was_refused, oauth_secret_slot *slot)
{
    CHECK(!was_refused);
    CHECK_STATUS(oauth_secret_slot_set(slot, NOT_UTF8, 4), OAUTH_ERROR_ARGUMENT);
    CHECK_STATUS(oauth_secret_slot_set(slot, long_text, LONG), OAUTH_OK);
    for EACH_ABSURD
        CHECK_STATUS(oauth_secret_slot_set(slot, "s", absurd[i]), OAUTH_ERROR_ARGUMENT);
    CHECK_STATUS(oauth_secret_slot_set(slot, "s", 0), OAUTH_OK);
    *(bool *)called = true;
    return 9;
}

static int change_request(void *called, oauth_request *request)
{
    CHECK(oauth_request_header(request, NOT_UTF8) == NULL);
    CHECK(oauth_request_header(request, long_text) == NULL);
    CHECK(oauth_request_header_name(request, 0) != NULL);
    CHECK(oauth_request_header_value(request, 0) != NULL);
    for EACH_ABSURD {
        CHECK(oauth_request_header_name(request, absurd[i]) == NULL);
        CHECK(oauth_request_header_value(request, absurd[i]) == NULL);
        CHECK_STATUS(oauth_request_set_body(request, "a", absurd[i]), OAUTH_ERROR_ARGUMENT);
    }
    CHECK_STATUS(oauth_request_set_header(request, NOT_UTF8, "a"), OAUTH_ERROR_ARGUMENT);
    CHECK_STATUS(oauth_request_set_header(request, "X-A", NOT_UTF8), OAUTH_ERROR_ARGUMENT);
    CHECK(oauth_request_header(request, "X-A") == NULL);
    CHECK_STATUS(oauth_request_set_header(request, long_text, "a"), OAUTH_OK);
    CHECK_TEXT(oauth_request_header(request, long_text), "a");
    CHECK_STATUS(oauth_request_set_header(request, "X-A", long_text), OAUTH_OK);
    CHECK_TEXT(oauth_request_header(request, "X-A"), long_text);
    CHECK_STATUS(oauth_request_set_url(request, NOT_UTF8), OAUTH_ERROR_ARGUMENT);
    CHECK_STATUS(oauth_request_set_url(request, long_text), OAUTH_ERROR_ARGUMENT);
    CHECK_STATUS(oauth_request_set_body(request, NOT_UTF8, 4), OAUTH_ERROR_ARGUMENT);
    CHECK_TEXT(oauth_request_body(request), "grant_type=client_credentials");
    CHECK_STATUS(oauth_request_set_body(request, long_text, LONG), OAUTH_OK);
    CHECK(oauth_request_body_length(request) == LONG);
    CHECK_STATUS(oauth_request_set_body(request, "a", 0), OAUTH_OK);
    CHECK(oauth_request_body_length(request) == 0);
    *(bool *)called = true;
    return 9;
}

/* What comes from a server need not be UTF-8. */
static int answer(void *called, const oauth_request *request, oauth_response *response)
{
    CHECK(oauth_request_max_response_bytes(request) < LONG);
    CHECK_STATUS(oauth_response_add_header(response, NOT_UTF8, "a"), OAUTH_ERROR_ARGUMENT);
    CHECK_STATUS(oauth_response_add_header(response, "A", NOT_UTF8), OAUTH_OK);
    CHECK_STATUS(oauth_response_set_body(response, NOT_UTF8, 4), OAUTH_OK);
    CHECK_STATUS(oauth_response_append_body(response, NOT_UTF8, 4), OAUTH_OK);
    for EACH_ABSURD {
        CHECK_STATUS(oauth_response_set_body(response, "a", absurd[i]), OAUTH_ERROR_ARGUMENT);
        CHECK_STATUS(oauth_response_append_body(response, "a", absurd[i]), OAUTH_ERROR_ARGUMENT);
    }
    CHECK_STATUS(oauth_response_set_body(response, "a", 0), OAUTH_OK);
    CHECK_STATUS(oauth_response_append_body(response, "a", 0), OAUTH_OK);
    CHECK_STATUS(oauth_response_set_body(response, long_text, LONG), OAUTH_ERROR_RESPONSE);
    CHECK_STATUS(oauth_response_append_body(response, long_text, LONG), OAUTH_ERROR_RESPONSE);
    CHECK_STATUS(oauth_response_add_header(response, long_text, "a"), OAUTH_ERROR_RESPONSE);
    CHECK_STATUS(oauth_response_add_header(response, "A", long_text), OAUTH_ERROR_RESPONSE);
    CHECK_STATUS(oauth_response_set_failure(response, OAUTH_FAILURE_TLS, long_text), OAUTH_OK);
    CHECK_STATUS(oauth_response_set_failure(response, OAUTH_FAILURE_TLS, NOT_UTF8), OAUTH_OK);
    *(bool *)called = true;
    return 9;
}

/* Asks a client whose callback fails with 9. */
static void check_failure(oauth_config *config, bool *called, oauth_status status, const char *what)
{
    oauth_client *client = client_of(config);
    oauth_error *error = refusal_of(client, status);

    CHECK(*called);
    CHECK(oauth_error_callback_code(error) == 9);
    CHECK_CONTAINS(oauth_error_message(error), what);
    oauth_error_free(error);
    oauth_free(client);
    oauth_config_free(config);
}

static void pass_from_callbacks(void)
{
    bool gave = false, changed = false, answered = false;
    oauth_config *config = oauth_config_new();

    CHECK_STATUS(oauth_config_set(config, "token_url", getenv("OAUTH_TOKEN_URL")), OAUTH_OK);
    CHECK_STATUS(oauth_config_set(config, "client_id", "my-service"), OAUTH_OK);
    CHECK_STATUS(oauth_config_set_secret_callback(config, give_secret, &gave, NULL), OAUTH_OK);
    check_failure(config, &gave, OAUTH_ERROR_SECRET, "code 9");
    config = config_from_environment();
    CHECK_STATUS(oauth_config_set_request_callback(config, change_request, &changed, NULL), OAUTH_OK);
    check_failure(config, &changed, OAUTH_ERROR_CALLBACK, "code 9");
    config = config_from_environment();
    CHECK_STATUS(oauth_config_set_transport(config, answer, &answered, NULL), OAUTH_OK);
    check_failure(config, &answered, OAUTH_ERROR_TLS, "caf");
}

int main(void)
{
    oauth_client *client = client_from_environment();
    oauth_token *token;

    memset(long_text, 'a', LONG);
    set_what_is_not_utf8();
    set_long_text();
    set_impossible_lengths();
    set_inner_nul();
    pass_from_callbacks();
    change_secret(client);
    count(client);
    token = token_of(client);
    CHECK(oauth_token_field(token, NOT_UTF8) == NULL);
    CHECK(oauth_token_field(token, long_text) == NULL);
    oauth_token_free(token);
    oauth_free(client);
    return EXIT_SUCCESS;
}
