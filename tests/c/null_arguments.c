/* Passes NULL in every place for a pointer, alone and together. The library must refuse it, and
 * the outputs must be what the header says. */
#include "client.h"

/* What an output must be set to NULL over. */
static char foreign;
#define FOREIGN ((void *)&foreign)

/* Bit `bit` of `bits` says whether an argument is given. */
#define GIVEN(bits, bit, argument) (((bits) & (1 << (bit))) != 0 ? (argument) : NULL)

static void check_outcome(oauth_status status, int is_complete, int has_error_out, void *result,
                          int has_result_out, oauth_error *error)
{
    CHECK_STATUS(status, is_complete ? OAUTH_OK : OAUTH_ERROR_ARGUMENT);
    if (has_result_out)
        CHECK(is_complete ? result != NULL && result != FOREIGN : result == NULL);
    if (!has_error_out)
        return;
    if (is_complete) {
        CHECK(error == NULL);
        return;
    }
    CHECK(error != NULL && error != FOREIGN);
    CHECK_STATUS(oauth_error_status(error), OAUTH_ERROR_ARGUMENT);
    CHECK_CONTAINS(oauth_error_message(error), "is NULL");
    oauth_error_free(error);
}

static void make_clients(const oauth_config *config)
{
    for (int bits = 0; bits < 8; bits++) {
        oauth_client *client = FOREIGN;
        oauth_error *error = FOREIGN;
        oauth_status status = oauth_client_new(GIVEN(bits, 0, config), GIVEN(bits, 1, &client),
                                               GIVEN(bits, 2, &error));

        check_outcome(status, (bits & 3) == 3, bits & 4, client, bits & 2, error);
        if (status == OAUTH_OK)
            oauth_free(client);
    }
}

static void get_tokens(const oauth_client *client)
{
    for (int bits = 0; bits < 8; bits++) {
        oauth_token *token = FOREIGN;
        oauth_error *error = FOREIGN;
        oauth_status status = oauth_get_token(GIVEN(bits, 0, client), GIVEN(bits, 1, &token),
                                              GIVEN(bits, 2, &error));

        check_outcome(status, (bits & 3) == 3, bits & 4, token, bits & 2, error);
        if (status == OAUTH_OK)
            oauth_token_free(token);
    }
}

static void set_options(void)
{
    for (int bits = 0; bits < 8; bits++) {
        oauth_config *config = oauth_config_new();
        oauth_config *given = GIVEN(bits, 0, config);
        oauth_status expected = bits == 7 ? OAUTH_OK : OAUTH_ERROR_ARGUMENT;
        oauth_status json_expected = (bits & 3) == 3 ? OAUTH_OK : OAUTH_ERROR_ARGUMENT;
        const char *name = GIVEN(bits, 1, "scope");
        const char *value = GIVEN(bits, 2, "a");

        CHECK_STATUS(oauth_config_set(given, name, value), expected);
        CHECK_STATUS(oauth_config_set_bytes(given, name, value, 1), expected);
        CHECK_STATUS(oauth_config_set_json(given, GIVEN(bits, 1, "{}")), json_expected);
        oauth_config_free(config);
    }
    CHECK_STATUS(oauth_config_set_from_env(NULL), OAUTH_ERROR_ARGUMENT);
    CHECK_STATUS(oauth_config_set_bytes(NULL, NULL, NULL, 0), OAUTH_ERROR_ARGUMENT);
}

static int read_and_change_nothing(void *userdata, oauth_request *request)
{
    CHECK(oauth_request_method(NULL) == NULL);
    CHECK(oauth_request_url(NULL) == NULL);
    CHECK(oauth_request_header(NULL, NULL) == NULL);
    CHECK(oauth_request_header(NULL, "Accept") == NULL);
    CHECK(oauth_request_header(request, NULL) == NULL);
    CHECK(oauth_request_body(NULL) == NULL);
    CHECK_STATUS(oauth_request_set_header(NULL, NULL, NULL), OAUTH_ERROR_ARGUMENT);
    CHECK_STATUS(oauth_request_set_header(NULL, "X-A", "a"), OAUTH_ERROR_ARGUMENT);
    CHECK_STATUS(oauth_request_set_header(request, NULL, "a"), OAUTH_ERROR_ARGUMENT);
    CHECK_STATUS(oauth_request_set_header(request, "X-A", NULL), OAUTH_ERROR_ARGUMENT);
    CHECK_STATUS(oauth_request_set_body(NULL, NULL, 0), OAUTH_ERROR_ARGUMENT);
    CHECK_STATUS(oauth_request_set_body(NULL, "a", 1), OAUTH_ERROR_ARGUMENT);
    CHECK_STATUS(oauth_request_set_body(request, NULL, 1), OAUTH_ERROR_ARGUMENT);
    CHECK(oauth_request_header(request, "X-A") == NULL);
    CHECK_TEXT(oauth_request_body(request), "grant_type=client_credentials");
    ++*(int *)userdata;
    return 7;
}

static void count_release(void *userdata)
{
    ++*(int *)userdata;
}

/* Whatever is missing, the userdata is released once: at once after a failure, else with the config. */
static void set_request_callbacks(void)
{
    for (int bits = 0; bits < 8; bits++) {
        oauth_config *config = oauth_config_new();
        int is_complete = (bits & 3) == 3;
        int is_counted = (bits & 4) != 0;
        int times_released = 0;

        CHECK_STATUS(oauth_config_set_request_callback(GIVEN(bits, 0, config),
                                                       GIVEN(bits, 1, read_and_change_nothing),
                                                       &times_released,
                                                       GIVEN(bits, 2, count_release)),
                     is_complete ? OAUTH_OK : OAUTH_ERROR_ARGUMENT);
        CHECK(times_released == (is_counted && !is_complete));
        oauth_config_free(config);
        CHECK(times_released == is_counted);
    }
}

/* Sends nothing, because the callback says so. */
static void pass_null_from_request_callback(void)
{
    oauth_config *config = oauth_config_new();
    oauth_client *client = NULL;
    int times_called = 0;

    CHECK_STATUS(oauth_config_set_from_env(config), OAUTH_OK);
    CHECK_STATUS(oauth_config_set_request_callback(config, read_and_change_nothing, &times_called,
                                                   NULL),
                 OAUTH_OK);
    CHECK_STATUS(oauth_client_new(config, &client, NULL), OAUTH_OK);
    oauth_error_free(refusal_of(client, OAUTH_ERROR_CALLBACK));
    CHECK(times_called == 1);
    oauth_free(client);
    oauth_config_free(config);
}

/* NULL with length 0 is text without characters. */
static void set_empty_options(void)
{
    oauth_config *config = oauth_config_new();

    CHECK_STATUS(oauth_config_set_bytes(config, "scope", NULL, 0), OAUTH_OK);
    CHECK_STATUS(oauth_config_set_bytes(config, "scope", "beyond", 0), OAUTH_OK);
    CHECK_STATUS(oauth_config_set_bytes(config, NULL, NULL, 0), OAUTH_ERROR_ARGUMENT);
    oauth_config_free(config);
}

static void change_client(const oauth_client *client, const oauth_token *token)
{
    CHECK_STATUS(oauth_client_invalidate(NULL, NULL), OAUTH_ERROR_ARGUMENT);
    CHECK_STATUS(oauth_client_invalidate(NULL, token), OAUTH_ERROR_ARGUMENT);
    CHECK_STATUS(oauth_client_invalidate(client, NULL), OAUTH_ERROR_ARGUMENT);
    CHECK_STATUS(oauth_client_set_secret(NULL, NULL, 0), OAUTH_ERROR_ARGUMENT);
    CHECK_STATUS(oauth_client_set_secret(NULL, NULL, 1), OAUTH_ERROR_ARGUMENT);
    CHECK_STATUS(oauth_client_set_secret(NULL, "secret", 6), OAUTH_ERROR_ARGUMENT);
    CHECK_STATUS(oauth_client_set_secret(client, NULL, 1), OAUTH_ERROR_ARGUMENT);
    CHECK_STATUS(oauth_client_reset(NULL), OAUTH_ERROR_ARGUMENT);
}

static void read_and_free_nothing(const oauth_token *token)
{
    CHECK(oauth_token_access_token(NULL) == NULL);
    CHECK(oauth_token_authorization(NULL) == NULL);
    CHECK(oauth_token_token_type(NULL) == NULL);
    CHECK(oauth_token_scope(NULL) == NULL);
    CHECK(oauth_token_id_token(NULL) == NULL);
    CHECK(oauth_token_field(NULL, NULL) == NULL);
    CHECK(oauth_token_field(NULL, "scope") == NULL);
    CHECK(oauth_token_field(token, NULL) == NULL);
    CHECK(oauth_token_expires_at(NULL) == 0);
    CHECK(oauth_token_expires_in_ms(NULL) == 0);
    CHECK(oauth_token_clone(NULL) == NULL);
    CHECK_STATUS(oauth_error_status(NULL), OAUTH_OK);
    CHECK(oauth_error_message(NULL) == NULL);
    CHECK(oauth_error_code(NULL) == NULL);
    CHECK(oauth_error_description(NULL) == NULL);
    CHECK(oauth_error_http_status(NULL) == 0);
    CHECK(oauth_error_retry_in_ms(NULL) == -1);
    CHECK(!oauth_error_is_retryable(NULL));
    CHECK(!oauth_error_is_repeated(NULL));
    oauth_config_free(NULL);
    oauth_token_free(NULL);
    oauth_error_free(NULL);
    oauth_free(NULL);
    oauth_client_free(NULL);
}

int main(void)
{
    oauth_config *config = oauth_config_new();
    oauth_client *client = client_from_environment();
    oauth_token *token = token_of(client);

    CHECK_STATUS(oauth_config_set_from_env(config), OAUTH_OK);
    make_clients(config);
    get_tokens(client);
    set_options();
    set_request_callbacks();
    pass_null_from_request_callback();
    set_empty_options();
    change_client(client, token);
    read_and_free_nothing(token);
    oauth_token_free(token);
    oauth_free(client);
    oauth_config_free(config);
    return EXIT_SUCCESS;
}
