// Gets a token as get_token.c does, and checks that header and library are of one version.
#include <cstdio>

#include <oauth_token.hpp>

int main()
{
    if (oauth::version_number() != OAUTH_VERSION_NUMBER)
        return std::fprintf(stderr, "the library is version %s\n", oauth_version()), 2;

    oauth::Config config;
    config.set_from_env();
    const auto client = oauth::Client::create(config);
    if (!client)
        return std::fprintf(stderr, "get_token: %s\n", client.error().message().data()), 1;
    const auto token = client->token();
    if (!token)
        return std::fprintf(stderr, "get_token: %s\n", token.error().message().data()), 1;
    std::printf("Authorization: %s\n", token->authorization().data());
    return 0;
}
