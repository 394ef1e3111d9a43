/* Sets options in each way, and frees the config before the client asks for its first token. */
#include "client.h"

int main(int count, char **arguments)
{
    const char secret[] = {'h', 'u', 'n', 't', 'e', 'r', '2', '-', 's', 'e', 'c', 'r', 'e', 't'};
    char url[200];
    oauth_config *config = oauth_config_new();
    oauth_client *first, *second;

    CHECK(count == 2 && strlen(arguments[1]) < sizeof url);
    strcpy(url, arguments[1]);
    CHECK_STATUS(oauth_config_set(config, "token_url", url), OAUTH_OK);
    CHECK_STATUS(oauth_config_set_json(config, "{\"client_id\": \"my-service\", \"timeout\": 20,"
                                               " \"param\": {\"tenant\": \"a\"}}"),
                 OAUTH_OK);
    CHECK_STATUS(oauth_config_set_bytes(config, "client_secret", secret, sizeof secret), OAUTH_OK);
    CHECK_STATUS(oauth_config_set(config, "header.X-Trace", "on"), OAUTH_OK);
    memset(url, 'x', sizeof url);
    first = client_of(config);

    /* A client keeps the options that it was made with. */
    CHECK_STATUS(oauth_config_set(config, "param.tenant", "b"), OAUTH_OK);
    second = client_of(config);
    CHECK_STATUS(oauth_config_set(config, "token_url", "http://127.0.0.1:1/"), OAUTH_OK);
    CHECK_STATUS(oauth_config_set(config, "no_such_option", ""), OAUTH_ERROR_CONFIG);
    oauth_config_free(config);

    check_token(first, "t1");
    oauth_free(first);
    check_token(second, "t2");
    oauth_free(second);
    return EXIT_SUCCESS;
}
