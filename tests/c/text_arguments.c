/* Passes text that is not UTF-8, and lengths that nothing has. */
#include "client.h"

#define NOT_UTF8 "caf\xe9"

/* oauth_client_new tells of what could not be set. */
static void check_remembered(oauth_config *config, const char *what)
{
    oauth_client *client = NULL;
    oauth_error *error = NULL;

    CHECK_STATUS(oauth_client_new(config, &client, &error), OAUTH_ERROR_ARGUMENT);
    CHECK(client == NULL);
    CHECK_CONTAINS(oauth_error_message(error), what);
    oauth_error_free(error);
    oauth_config_free(config);
}

static void set_what_is_not_utf8(void)
{
    oauth_config *config = config_from_environment();

    CHECK_STATUS(oauth_config_set(config, NOT_UTF8, "a"), OAUTH_ERROR_ARGUMENT);
    check_remembered(config, "UTF-8");
    config = config_from_environment();
    CHECK_STATUS(oauth_config_set(config, "scope", NOT_UTF8), OAUTH_ERROR_ARGUMENT);
    check_remembered(config, "UTF-8");
    config = config_from_environment();
    CHECK_STATUS(oauth_config_set_bytes(config, NOT_UTF8, "a", 1), OAUTH_ERROR_ARGUMENT);
    check_remembered(config, "UTF-8");
    config = config_from_environment();
    CHECK_STATUS(oauth_config_set_bytes(config, "scope", NOT_UTF8, 4), OAUTH_ERROR_ARGUMENT);
    check_remembered(config, "UTF-8");
    config = config_from_environment();
    CHECK_STATUS(oauth_config_set_json(config, "{\"scope\":\"" NOT_UTF8 "\"}"),
                 OAUTH_ERROR_ARGUMENT);
    check_remembered(config, "UTF-8");

    /* What lies beyond the length is not looked at. */
    config = config_from_environment();
    CHECK_STATUS(oauth_config_set_bytes(config, "scope", NOT_UTF8, 3), OAUTH_OK);
    oauth_config_free(config);
}

static void set_impossible_lengths(void)
{
    const size_t lengths[] = {SIZE_MAX, SIZE_MAX - 1, SIZE_MAX / 2 + 1};

    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        oauth_config *config = config_from_environment();

        CHECK_STATUS(oauth_config_set_bytes(config, "scope", "a", lengths[i]),
                     OAUTH_ERROR_ARGUMENT);
        check_remembered(config, "bytes");
    }
}

static void set_inner_nul(void)
{
    oauth_config *config = config_from_environment();
    oauth_client *client = NULL;
    oauth_error *error = NULL;

    CHECK_STATUS(oauth_config_set_bytes(config, "scope", "a\0b", 3), OAUTH_ERROR_CONFIG);
    CHECK_STATUS(oauth_client_new(config, &client, &error), OAUTH_ERROR_CONFIG);
    CHECK(client == NULL);
    CHECK_CONTAINS(oauth_error_message(error), "NUL");
    oauth_error_free(error);
    oauth_config_free(config);
}

int main(void)
{
    oauth_client *client = client_from_environment();
    oauth_token *token;

    set_what_is_not_utf8();
    set_impossible_lengths();
    set_inner_nul();

    CHECK_STATUS(oauth_client_set_secret(client, NOT_UTF8, 4), OAUTH_ERROR_ARGUMENT);
    CHECK_STATUS(oauth_client_set_secret(client, "s", SIZE_MAX), OAUTH_ERROR_ARGUMENT);
    CHECK_STATUS(oauth_client_set_secret(client, "s", SIZE_MAX / 2 + 1), OAUTH_ERROR_ARGUMENT);
    /* The secret it had still works. */
    token = token_of(client);
    CHECK(oauth_token_field(token, NOT_UTF8) == NULL);
    oauth_token_free(token);
    oauth_free(client);
    return EXIT_SUCCESS;
}
