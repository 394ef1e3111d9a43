// Drops a result unread, which the compiler must notice.
#include "oauth_token.hpp"

void drop(const oauth::Client &client) {
#if defined(DROP_TOKEN)
    client.token();
#elif defined(DROP_NOTHING)
    client.refresh_if_due(std::chrono::seconds(1));
#elif defined(DROP_STATUS)
    client.set_secret("secret");
#elif defined(DROP_CLIENT)
    oauth::Client::create(oauth::Config());
#else
    client.reset();
#endif
}
