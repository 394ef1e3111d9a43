/* Sets options wrongly. Each is refused at once, and told of by oauth_client_new. */
#include "client.h"

static oauth_config *usable_config(void)
{
    oauth_config *config = oauth_config_new();

    CHECK_STATUS(oauth_config_set(config, "token_url", "https://127.0.0.1:1/token"), OAUTH_OK);
    CHECK_STATUS(oauth_config_set(config, "client_id", "id"), OAUTH_OK);
    CHECK_STATUS(oauth_config_set(config, "client_secret", "hunter2-secret"), OAUTH_OK);
    return config;
}

static void check_refused(oauth_config *config, const char *first_part, const char *second_part)
{
    oauth_client *client = NULL;
    oauth_error *error = NULL;

    CHECK_STATUS(oauth_client_new(config, &client, &error), OAUTH_ERROR_CONFIG);
    CHECK(client == NULL);
    CHECK_CONTAINS(oauth_error_message(error), first_part);
    CHECK_CONTAINS(oauth_error_message(error), second_part);
    CHECK(strstr(oauth_error_message(error), "hunter2") == NULL);
    oauth_error_free(error);
    CHECK_STATUS(oauth_client_new(config, &client, NULL), OAUTH_ERROR_CONFIG);
    oauth_config_free(config);
}

/* Nothing that such a client sends would hold a secret. */
static void give_secret_in_vain(void)
{
    oauth_config *config = oauth_config_new();
    oauth_client *client = NULL;

    CHECK_STATUS(oauth_config_set(config, "token_url", "https://127.0.0.1:1/token"), OAUTH_OK);
    CHECK_STATUS(oauth_config_set(config, "client_auth", "none"), OAUTH_OK);
    CHECK_STATUS(oauth_client_new(config, &client, NULL), OAUTH_OK);
    CHECK_STATUS(oauth_client_set_secret(client, "hunter2", 7), OAUTH_ERROR_CONFIG);
    oauth_free(client);
    oauth_config_free(config);
}

int main(void)
{
    oauth_config *config = usable_config();

    CHECK_STATUS(oauth_config_set(config, "timeout", "soon"), OAUTH_ERROR_CONFIG);
    /* What is set afterwards does not hide it. */
    CHECK_STATUS(oauth_config_set(config, "scope", "a"), OAUTH_OK);
    CHECK_STATUS(oauth_config_set(config, "roots", "none"), OAUTH_ERROR_CONFIG);
    check_refused(config, "`timeout`", "soon");

    config = usable_config();
    CHECK_STATUS(oauth_config_set(config, "tokn_url", "https://a.example/"), OAUTH_ERROR_CONFIG);
    check_refused(config, "`tokn_url`", "did you mean `token_url`?");

    config = usable_config();
    CHECK_STATUS(oauth_config_set_bytes(config, "client_secret_fil", "hunter2", 7),
                 OAUTH_ERROR_CONFIG);
    check_refused(config, "`client_secret_fil`", "`client_secret_file`");

    config = usable_config();
    CHECK_STATUS(oauth_config_set(config, "dangerous_allow_http", "yes"), OAUTH_ERROR_CONFIG);
    check_refused(config, "`dangerous_allow_http`", "true");

    config = usable_config();
    CHECK_STATUS(oauth_config_set_json(config, "{\"scope\": \"a\", \"tiemout\": 10}"),
                 OAUTH_ERROR_CONFIG);
    check_refused(config, "`tiemout`", "did you mean `timeout`?");

    config = usable_config();
    CHECK_STATUS(oauth_config_set_json(config, "{\"client_secret\": \"hunter2\""),
                 OAUTH_ERROR_CONFIG);
    check_refused(config, "JSON", "");

    /* Nothing is wrong with any of these alone. */
    config = usable_config();
    CHECK_STATUS(oauth_config_set(config, "client_secret_file", "/nowhere"), OAUTH_OK);
    check_refused(config, "`client_secret`", "`client_secret_file`");
    config = usable_config();
    CHECK_STATUS(oauth_config_set(config, "ca_file", "/nowhere/ca.pem"), OAUTH_OK);
    check_refused(config, "`ca_file`", "/nowhere/ca.pem");
    check_refused(oauth_config_new(), "`token_url`", "missing");
    give_secret_in_vain();
    return EXIT_SUCCESS;
}
