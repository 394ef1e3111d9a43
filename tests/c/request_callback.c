/* Sees and changes token requests before they are sent. The first argument names what is done. */
#include "client.h"

static int times_called;
static int times_freed;

static void count_free(void *userdata)
{
    CHECK(userdata == &times_called);
    times_freed++;
}

static int see_and_change(void *userdata, oauth_request *request)
{
    CHECK(userdata == &times_called);
    times_called++;
    CHECK_TEXT(oauth_request_method(request), "POST");
    CHECK_CONTAINS(oauth_request_url(request), "/token?v=1");
    CHECK_TEXT(oauth_request_header(request, "acCEPT"), "application/json");
    CHECK_CONTAINS(oauth_request_header(request, "Authorization"), "Basic ");
    CHECK(oauth_request_header(request, "X-Signature") == NULL);
    CHECK_TEXT(oauth_request_body(request), "grant_type=client_credentials");
    CHECK_STATUS(oauth_request_set_header(request, "X-Signature", "first"), OAUTH_OK);
    CHECK_STATUS(oauth_request_set_header(request, "x-signature", "signed"), OAUTH_OK);
    CHECK_TEXT(oauth_request_header(request, "X-Signature"), "signed");
    CHECK_STATUS(oauth_request_set_body(request, "a=1&sign=2 and what lies beyond", 10), OAUTH_OK);
    CHECK_TEXT(oauth_request_body(request), "a=1&sign=2");
    return 0;
}

/* Signs the query, and tries to send everything elsewhere. */
static int change_url(void *userdata, oauth_request *request)
{
    static const char *const wrong[] = {
        "",
        "/token",
        "https://evil.test/token",
        "http://127.0.0.1:1/token",
        "\xff",
    };
    char url[256];

    (void)userdata;
    times_called++;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        CHECK_STATUS(oauth_request_set_url(request, wrong[i]), OAUTH_ERROR_ARGUMENT);
    CHECK_CONTAINS(oauth_request_url(request), "/token?v=1");
    snprintf(url, sizeof url, "%s&sign=abc", oauth_request_url(request));
    CHECK_STATUS(oauth_request_set_url(request, url), OAUTH_OK);
    CHECK_TEXT(oauth_request_url(request), url);
    return 0;
}

/* Fails for the reason that a setter had. */
static int fail_to_change_url(void *userdata, oauth_request *request)
{
    (void)userdata;
    times_called++;
    return oauth_request_set_url(request, "https://evil.test/token") == OAUTH_OK ? 0 : -7;
}

static int smuggle(void *userdata, oauth_request *request)
{
    static const char *const wrong[][2] = {
        {"X-A", "a\r\nX-B: b"}, {"X-A", "a\nX-B: b"},  {"X-A: a\r\nX-B", "b"}, {"X A", "a"},
        {"", "a"},              {"Host", "evil.test"}, {"Content-Length", "0"}, {"X-A", "\xff"},
    };

    (void)userdata;
    times_called++;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        CHECK_STATUS(oauth_request_set_header(request, wrong[i][0], wrong[i][1]),
                     OAUTH_ERROR_ARGUMENT);
    CHECK_STATUS(oauth_request_set_body(request, "\xff", 1), OAUTH_ERROR_ARGUMENT);
    CHECK_STATUS(oauth_request_set_body(request, "a\0b", 3), OAUTH_ERROR_ARGUMENT);
    CHECK_TEXT(oauth_request_body(request), "grant_type=client_credentials");
    return 0;
}

static int fail(void *userdata, oauth_request *request)
{
    (void)userdata;
    times_called++;
    CHECK_STATUS(oauth_request_set_body(request, "never sent", 10), OAUTH_OK);
    return -42;
}

static int empty_the_body(void *userdata, oauth_request *request)
{
    (void)userdata;
    times_called++;
    CHECK_STATUS(oauth_request_set_body(request, NULL, 0), OAUTH_OK);
    CHECK_STATUS(oauth_request_set_header(request, "X-Empty", ""), OAUTH_OK);
    CHECK_TEXT(oauth_request_header(request, "X-Empty"), "");
    return 0;
}

/* What is set may be what was read from the same request, and what it replaces. */
static int set_what_was_read(void *userdata, oauth_request *request)
{
    (void)userdata;
    times_called++;
    CHECK_STATUS(oauth_request_set_header(request, "X-Name", "x-name"), OAUTH_OK);
    CHECK_STATUS(oauth_request_set_header(request, "X-Name", oauth_request_header(request, "X-Name")), OAUTH_OK);
    CHECK_TEXT(oauth_request_header(request, "X-Name"), "x-name");
    CHECK_STATUS(oauth_request_set_header(request, oauth_request_header(request, "X-Name"), "a"), OAUTH_OK);
    CHECK_TEXT(oauth_request_header(request, "X-Name"), "a");
    CHECK_STATUS(oauth_request_set_url(request, oauth_request_url(request)), OAUTH_OK);
    CHECK_CONTAINS(oauth_request_url(request), "/token?v=1");
    CHECK_STATUS(oauth_request_set_body(request, oauth_request_body(request) + 6, 4), OAUTH_OK);
    CHECK_TEXT(oauth_request_body(request), "type");
    return 0;
}

/* What was read stays until the same is set. */
static int hold_what_was_read(void *userdata, oauth_request *request)
{
    enum { MOST = 8 };
    const char *names[MOST], *values[MOST], *url, *body;
    char said_names[MOST][64], said_values[MOST][256];
    size_t headers;

    (void)userdata;
    times_called++;
    CHECK_STATUS(oauth_request_set_header(request, "X-Long", "a value that is longer than most"), OAUTH_OK);
    headers = oauth_request_header_count(request);
    CHECK(headers > 1 && headers <= MOST);
    for (size_t i = 0; i < headers; i++) {
        names[i] = oauth_request_header_name(request, i);
        values[i] = oauth_request_header_value(request, i);
        snprintf(said_names[i], sizeof said_names[i], "%s", names[i]);
        snprintf(said_values[i], sizeof said_values[i], "%s", values[i]);
    }
    url = oauth_request_url(request);

    CHECK_STATUS(oauth_request_set_body(request, "a=1", 3), OAUTH_OK);
    body = oauth_request_body(request);
    CHECK_CONTAINS(url, "/token?v=1");
    CHECK_STATUS(oauth_request_set_url(request, url), OAUTH_OK);
    CHECK_STATUS(oauth_request_set_header(request, "X A", "refused"), OAUTH_ERROR_ARGUMENT);
    for (size_t i = 0; i < headers; i++) {
        CHECK_TEXT(names[i], said_names[i]);
        CHECK_TEXT(values[i], said_values[i]);
    }
    url = oauth_request_url(request);

    CHECK_STATUS(oauth_request_set_header(request, "X-Long", "b"), OAUTH_OK);
    CHECK_CONTAINS(url, "/token?v=1");
    CHECK_TEXT(body, "a=1");
    return 0;
}

static oauth_client *client_with(oauth_request_fn callback)
{
    oauth_config *config = oauth_config_new();
    oauth_client *client = NULL;

    CHECK_STATUS(oauth_config_set_from_env(config), OAUTH_OK);
    CHECK_STATUS(oauth_config_set_request_callback(config, callback, &times_called, count_free),
                 OAUTH_OK);
    CHECK_STATUS(oauth_client_new(config, &client, NULL), OAUTH_OK);
    oauth_config_free(config);
    CHECK(times_freed == 0);
    return client;
}

/* The userdata lives as long as the client, also where the config is gone. */
static void free_once(oauth_client *client)
{
    CHECK(times_called == 1 && times_freed == 0);
    oauth_free(client);
    CHECK(times_freed == 1);
}

static void get_token(oauth_request_fn callback)
{
    oauth_client *client = client_with(callback);

    oauth_token_free(token_of(client));
    free_once(client);
}

static void be_refused(void)
{
    oauth_client *client = client_with(fail);
    oauth_error *error = refusal_of(client, OAUTH_ERROR_CALLBACK);

    CHECK(oauth_error_callback_code(error) == -42);
    CHECK_CONTAINS(oauth_error_message(error), "-42");
    CHECK(strstr(oauth_error_message(error), "hunter2") == NULL);
    oauth_error_free(error);
    free_once(client);
}

static void be_told_why(void)
{
    oauth_client *client = client_with(fail_to_change_url);
    oauth_error *error = refusal_of(client, OAUTH_ERROR_CALLBACK);

    CHECK(oauth_error_callback_code(error) == -7);
    CHECK_CONTAINS(oauth_error_message(error), "`https://evil.test`");
    oauth_error_free(error);
    free_once(client);
}

/* What is replaced is freed at once, what replaces it with the config. */
static void replace(void)
{
    oauth_config *config = oauth_config_new();

    CHECK_STATUS(oauth_config_set_request_callback(config, fail, &times_called, count_free), OAUTH_OK);
    CHECK_STATUS(oauth_config_set_request_callback(config, smuggle, &times_called, count_free),
                 OAUTH_OK);
    CHECK(times_freed == 1);
    oauth_config_free(config);
    CHECK(times_freed == 2);
}

int main(int count, char **arguments)
{
    const char *deed = count > 1 ? arguments[1] : "";

    if (strcmp(deed, "change") == 0)
        get_token(see_and_change);
    else if (strcmp(deed, "url") == 0)
        get_token(change_url);
    else if (strcmp(deed, "elsewhere") == 0)
        be_told_why();
    else if (strcmp(deed, "smuggle") == 0)
        get_token(smuggle);
    else if (strcmp(deed, "empty") == 0)
        get_token(empty_the_body);
    else if (strcmp(deed, "read") == 0)
        get_token(set_what_was_read);
    else if (strcmp(deed, "hold") == 0)
        get_token(hold_what_was_read);
    else if (strcmp(deed, "fail") == 0)
        be_refused();
    else if (strcmp(deed, "replace") == 0)
        replace();
    else
        return EXIT_FAILURE;
    return EXIT_SUCCESS;
}
