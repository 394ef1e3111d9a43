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

static void derive_clients(const oauth_client *parent, const oauth_config *overrides)
{
    for (int bits = 0; bits < 16; bits++) {
        oauth_client *client = FOREIGN;
        oauth_error *error = FOREIGN;
        oauth_status status =
            oauth_client_derive(GIVEN(bits, 0, parent), GIVEN(bits, 1, overrides),
                                GIVEN(bits, 2, &client), GIVEN(bits, 3, &error));

        check_outcome(status, (bits & 7) == 7, bits & 8, client, bits & 4, error);
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

static void get_tokens_within(const oauth_client *client)
{
    for (int bits = 0; bits < 8; bits++) {
        oauth_token *token = FOREIGN;
        oauth_error *error = FOREIGN;
        oauth_status status = oauth_get_token_within(GIVEN(bits, 0, client), 10000,
                                                     GIVEN(bits, 1, &token), GIVEN(bits, 2, &error));

        check_outcome(status, (bits & 3) == 3, bits & 4, token, bits & 2, error);
        if (status == OAUTH_OK)
            oauth_token_free(token);
    }
}

static void renew(const oauth_client *client)
{
    for (int bits = 0; bits < 4; bits++) {
        oauth_error *error = FOREIGN;
        oauth_status status =
            oauth_client_refresh_if_due(GIVEN(bits, 0, client), 10000, GIVEN(bits, 1, &error));

        check_outcome(status, bits & 1, bits & 2, NULL, 0, error);
    }
    CHECK(oauth_client_next_refresh_ms(NULL) == -1);
}

static void count(const oauth_client *client)
{
    for (int bits = 0; bits < 8; bits++) {
        oauth_stats stats = {.handed_out = 77};
        size_t size = (bits & 4) != 0 ? sizeof stats : 0;
        oauth_status status =
            oauth_client_stats(GIVEN(bits, 0, client), GIVEN(bits, 1, &stats), size);

        CHECK_STATUS(status, (bits & 3) == 3 ? OAUTH_OK : OAUTH_ERROR_ARGUMENT);
        CHECK((stats.handed_out == 77) == (bits != 7));
    }
}

static int times_freed;

static void count_free(void *userdata)
{
    CHECK(userdata == NULL || userdata == FOREIGN);
    times_freed++;
}

static int give_no_secret(void *userdata, bool was_refused, oauth_secret_slot *slot)
{
    CHECK(userdata == FOREIGN && !was_refused && slot != NULL);
    CHECK_STATUS(oauth_secret_slot_set(slot, NULL, 1), OAUTH_ERROR_ARGUMENT);
    return 9;
}

static void ignore_line(void *userdata, int level, const char *message)
{
    CHECK(userdata == FOREIGN && level > 0 && message != NULL);
}

static int answer_nothing(void *userdata, const oauth_request *request, oauth_response *response)
{
    CHECK(userdata == FOREIGN);
    CHECK(oauth_request_header_count(NULL) == 0);
    CHECK(oauth_request_header_name(NULL, 0) == NULL);
    CHECK(oauth_request_header_value(NULL, 0) == NULL);
    CHECK(oauth_request_header_name(request, SIZE_MAX) == NULL);
    CHECK(oauth_request_header_value(request, SIZE_MAX) == NULL);
    CHECK(oauth_request_body_length(NULL) == 0);
    CHECK(oauth_request_remaining_ms(NULL) == 0);
    CHECK(!oauth_request_is_cancelled(NULL));
    CHECK(oauth_request_max_response_bytes(NULL) == 0);
    CHECK_STATUS(oauth_response_set_status(NULL, 200), OAUTH_ERROR_ARGUMENT);
    CHECK_STATUS(oauth_response_add_header(NULL, NULL, NULL), OAUTH_ERROR_ARGUMENT);
    CHECK_STATUS(oauth_response_add_header(NULL, "A", "a"), OAUTH_ERROR_ARGUMENT);
    CHECK_STATUS(oauth_response_add_header(response, NULL, "a"), OAUTH_ERROR_ARGUMENT);
    CHECK_STATUS(oauth_response_add_header(response, "A", NULL), OAUTH_ERROR_ARGUMENT);
    CHECK_STATUS(oauth_response_set_body(NULL, NULL, 0), OAUTH_ERROR_ARGUMENT);
    CHECK_STATUS(oauth_response_set_body(NULL, "a", 1), OAUTH_ERROR_ARGUMENT);
    CHECK_STATUS(oauth_response_set_body(response, NULL, 1), OAUTH_ERROR_ARGUMENT);
    CHECK_STATUS(oauth_response_set_body(response, NULL, 0), OAUTH_OK);
    CHECK_STATUS(oauth_response_append_body(NULL, NULL, 0), OAUTH_ERROR_ARGUMENT);
    CHECK_STATUS(oauth_response_append_body(NULL, "a", 1), OAUTH_ERROR_ARGUMENT);
    CHECK_STATUS(oauth_response_append_body(response, NULL, 1), OAUTH_ERROR_ARGUMENT);
    CHECK_STATUS(oauth_response_append_body(response, NULL, 0), OAUTH_OK);
    CHECK_STATUS(oauth_response_set_failure(NULL, OAUTH_FAILURE_TLS, NULL), OAUTH_ERROR_ARGUMENT);
    CHECK_STATUS(oauth_response_set_failure(NULL, OAUTH_FAILURE_TLS, "a"), OAUTH_ERROR_ARGUMENT);
    return 9;
}

static void pass_null_from_transport_callback(void)
{
    oauth_config *config = config_from_environment();
    oauth_client *client;
    oauth_error *error;

    CHECK_STATUS(oauth_config_set(config, "max_retries", "0"), OAUTH_OK);
    CHECK_STATUS(oauth_config_set_transport(config, answer_nothing, FOREIGN, NULL), OAUTH_OK);
    client = client_of(config);
    error = refusal_of(client, OAUTH_ERROR_NETWORK);
    CHECK(oauth_error_callback_code(error) == 9);
    oauth_error_free(error);
    oauth_free(client);
    oauth_config_free(config);
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
    CHECK_STATUS(oauth_request_set_url(NULL, NULL), OAUTH_ERROR_ARGUMENT);
    CHECK_STATUS(oauth_request_set_url(NULL, "http://127.0.0.1/"), OAUTH_ERROR_ARGUMENT);
    CHECK_STATUS(oauth_request_set_url(request, NULL), OAUTH_ERROR_ARGUMENT);
    CHECK(oauth_request_header(request, "X-A") == NULL);
    CHECK_TEXT(oauth_request_body(request), "grant_type=client_credentials");
    ++*(int *)userdata;
    return 7;
}

/* The setters that take a callback. */
enum setter { SECRET, LOG, REQUEST, TRANSPORT, SETTERS };

static oauth_status set_callback(int setter, int bits, oauth_config *config)
{
    oauth_config *given = GIVEN(bits, 0, config);
    void *userdata = GIVEN(bits, 2, FOREIGN);
    oauth_free_fn free_fn = GIVEN(bits, 3, count_free);

    if (setter == TRANSPORT)
        return oauth_config_set_transport(given, GIVEN(bits, 1, answer_nothing), userdata, free_fn);
    if (setter == REQUEST)
        return oauth_config_set_request_callback(given, GIVEN(bits, 1, read_and_change_nothing), userdata, free_fn);
    if (setter == LOG)
        return oauth_config_set_log(given, OAUTH_LOG_DEBUG, GIVEN(bits, 1, ignore_line), userdata,
                                    free_fn);
    return oauth_config_set_secret_callback(given, GIVEN(bits, 1, give_no_secret), userdata,
                                            free_fn);
}

/* Whatever is missing, the userdata is freed once: at once after a failure, else with the config. */
static void set_callbacks(int setter)
{
    for (int bits = 0; bits < 16; bits++) {
        oauth_config *config = oauth_config_new();
        int is_complete = (bits & 3) == 3;
        int is_counted = (bits & 8) != 0;

        times_freed = 0;
        CHECK_STATUS(set_callback(setter, bits, config),
                     is_complete ? OAUTH_OK : OAUTH_ERROR_ARGUMENT);
        CHECK(times_freed == (is_counted && !is_complete));
        oauth_config_free(config);
        CHECK(times_freed == is_counted);
    }
}

/* A callback that was NULL is told of when the client is made, like an option that was. */
static void remember_missing_callback(int setter)
{
    oauth_config *config = config_from_environment();
    oauth_client *client = FOREIGN;
    oauth_error *error = FOREIGN;

    CHECK_STATUS(set_callback(setter, 1, config), OAUTH_ERROR_ARGUMENT);
    CHECK_STATUS(oauth_client_new(config, &client, &error), OAUTH_ERROR_ARGUMENT);
    CHECK(client == NULL);
    CHECK_CONTAINS(oauth_error_message(error), "`callback` is NULL");
    CHECK(oauth_error_callback_code(error) == 0);
    oauth_error_free(error);
    oauth_config_free(config);
}

static void set_slots(void)
{
    oauth_config *config = oauth_config_new();
    oauth_client *client;
    oauth_error *error;

    CHECK_STATUS(oauth_secret_slot_set(NULL, NULL, 0), OAUTH_ERROR_ARGUMENT);
    CHECK_STATUS(oauth_secret_slot_set(NULL, NULL, 1), OAUTH_ERROR_ARGUMENT);
    CHECK_STATUS(oauth_secret_slot_set(NULL, "secret", 6), OAUTH_ERROR_ARGUMENT);
    CHECK_STATUS(oauth_config_set(config, "token_url", "http://127.0.0.1:9/token"), OAUTH_OK);
    CHECK_STATUS(oauth_config_set(config, "client_id", "my-service"), OAUTH_OK);
    CHECK_STATUS(oauth_config_set_secret_callback(config, give_no_secret, FOREIGN, NULL), OAUTH_OK);
    client = client_of(config);
    error = refusal_of(client, OAUTH_ERROR_SECRET);
    CHECK(oauth_error_callback_code(error) == 9);
    oauth_error_free(error);
    oauth_free(client);
    oauth_config_free(config);
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
    CHECK_STATUS(oauth_client_cancel(NULL), OAUTH_ERROR_ARGUMENT);
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
    CHECK(!oauth_token_is_expiry_assumed(NULL));
    CHECK(oauth_token_clone(NULL) == NULL);
    CHECK_STATUS(oauth_error_status(NULL), OAUTH_OK);
    CHECK(oauth_error_message(NULL) == NULL);
    CHECK(oauth_error_code(NULL) == NULL);
    CHECK(oauth_error_description(NULL) == NULL);
    CHECK(oauth_error_http_status(NULL) == 0);
    CHECK(oauth_error_retry_in_ms(NULL) == -1);
    CHECK(!oauth_error_is_retryable(NULL));
    CHECK(!oauth_error_is_repeated(NULL));
    CHECK(oauth_error_callback_code(NULL) == 0);
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
    derive_clients(client, config);
    get_tokens(client);
    get_tokens_within(client);
    renew(client);
    count(client);
    for (int setter = SECRET; setter < SETTERS; setter++) {
        set_callbacks(setter);
        remember_missing_callback(setter);
    }
    pass_null_from_transport_callback();
    set_slots();
    set_options();
    pass_null_from_request_callback();
    set_empty_options();
    change_client(client, token);
    read_and_free_nothing(token);
    oauth_token_free(token);
    oauth_free(client);
    oauth_config_free(config);
    return EXIT_SUCCESS;
}
