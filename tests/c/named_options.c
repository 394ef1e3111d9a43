/* An argument that is no text is told of with the option that it was meant for. */
#include "check.h"

static void check_named(oauth_config *config, oauth_status status)
{
    oauth_client *client = NULL;
    oauth_error *error = NULL;

    CHECK_STATUS(status, OAUTH_ERROR_ARGUMENT);
    CHECK_STATUS(oauth_client_new(config, &client, &error), OAUTH_ERROR_ARGUMENT);
    CHECK_CONTAINS(oauth_error_message(error), "`client_secret`");
    CHECK(strstr(oauth_error_message(error), "hunter2") == NULL);
    oauth_error_free(error);
    oauth_config_free(config);
}

int main(void)
{
    oauth_config *config = oauth_config_new();

    check_named(config, oauth_config_set(config, "client_secret", getenv("OAUTH_UNSET")));
    config = oauth_config_new();
    check_named(config, oauth_config_set(config, "client_secret", "hunter2\xe9"));
    config = oauth_config_new();
    check_named(config, oauth_config_set_bytes(config, "client_secret", "hunter2\xe9", 8));
    config = oauth_config_new();
    check_named(config, oauth_config_set_bytes(config, "client_secret", "hunter2", SIZE_MAX));
    return EXIT_SUCCESS;
}
