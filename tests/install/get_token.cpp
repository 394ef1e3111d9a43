// Gets a token as get_token.c does, and checks that header and library are of one version.
#include <cstdio>
#include <memory>

#include <oauth_token.h>

template <auto release> struct Free {
    template <class T> void operator()(T *handle) const { release(handle); }
};

int main()
{
    if (oauth_version_number() != OAUTH_VERSION_NUMBER)
        return std::fprintf(stderr, "the library is version %s\n", oauth_version()), 2;

    std::unique_ptr<oauth_config, Free<oauth_config_free>> config(oauth_config_new());
    oauth_client *client = nullptr;
    oauth_token *token = nullptr;
    oauth_error *error = nullptr;

    oauth_config_set_from_env(config.get());
    if (oauth_client_new(config.get(), &client, &error) == OAUTH_OK &&
        oauth_get_token(client, &token, &error) == OAUTH_OK)
        std::printf("Authorization: %s\n", oauth_token_authorization(token));
    else
        std::fprintf(stderr, "get_token: %s\n", oauth_error_message(error));

    int exit_code = token == nullptr;
    oauth_error_free(error);
    oauth_token_free(token);
    oauth_free(client);
    return exit_code;
}
