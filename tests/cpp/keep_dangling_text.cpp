// Keeps a text longer than the token or error it is read from, which clang must notice.
#include "oauth_token.hpp"

std::size_t length(const oauth::Client &client);

std::size_t length(const oauth::Client &client) {
#if defined(KEEP_MEMBER)
    const std::string_view text = client.token()->authorization();
#elif defined(KEEP_VALUE)
    const std::string_view text = client.token().value().access_token();
#elif defined(KEEP_MESSAGE)
    const std::string_view text = client.token().error().message();
#else
    const oauth::Result<oauth::Token> token = client.token();
    const std::string_view text = token->authorization();
#endif
    return text.size() + client.token()->authorization().size();
}
