// Prints an Authorization header for any provider that the environment names: OAUTH_TOKEN_URL, OAUTH_CLIENT_ID …
//
// Nothing is freed by hand, and no failure can be overlooked.

#include <cstdio>

#include "oauth_token.hpp"

static int fail(const oauth::Error &error) {
    std::fprintf(stderr, "raii: %s\n", error.message().data());
    return 1;
}

int main() {
    oauth::Config config;
    config.set_from_env(); // A bad setting is remembered, and the next line reports it.
    const oauth::Result<oauth::Client> client = oauth::Client::create(config);
    if (!client) return fail(client.error());

    // A program asks whenever it needs the token: while it is valid, it comes from the cache.
    const oauth::Result<oauth::Token> token = client->token();
    if (!token) return fail(token.error());

    std::printf("Authorization: %s\n", token->authorization().data());
    std::fprintf(stderr, "valid for %lld s\n", static_cast<long long>(token->expires_in().count() / 1000));
}
