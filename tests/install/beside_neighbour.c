/* Uses this library and another static one in Rust, each with an allocator of its own. */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <oauth_token.h>

size_t neighbour_allocations(void);
uint32_t neighbour_sum(uint32_t count);
bool neighbour_catches(uint32_t divisor);

static void check(bool holds, const char *what)
{
    if (holds)
        return;
    fprintf(stderr, "not so: %s\n", what);
    exit(EXIT_FAILURE);
}

int main(void)
{
    oauth_config *config;
    oauth_client *client = NULL;
    oauth_token *token = NULL;
    oauth_error *error = NULL;
    size_t before;

    check(neighbour_sum(100) == 4950, "the neighbour adds up");
    check(neighbour_catches(0), "the neighbour catches its panic");
    before = neighbour_allocations();
    check(before > 100, "the neighbour allocates with its own allocator");

    config = oauth_config_new();
    oauth_config_set(config, "token_url", "https://127.0.0.1:1/token");
    oauth_config_set(config, "client_id", "id");
    oauth_config_set(config, "client_secret", "secret");
    oauth_config_set(config, "proxy", "none");
    oauth_config_set(config, "max_retries", "0");
    check(oauth_client_new(config, &client, &error) == OAUTH_OK, "there is a client");
    check(oauth_get_token(client, &token, &error) == OAUTH_ERROR_NETWORK, "nobody answers");
    check(strstr(oauth_error_message(error), "127.0.0.1") != NULL, "the error says where");
    oauth_error_free(error);
    oauth_free(client);
    oauth_config_free(config);
    check(neighbour_allocations() == before, "the library allocates with its own allocator");

    check(neighbour_catches(0), "the neighbour still catches its panic");
    check(neighbour_sum(100) == 4950, "the neighbour still adds up");
    return EXIT_SUCCESS;
}
