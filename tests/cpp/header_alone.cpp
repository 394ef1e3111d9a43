// The header stands first, and twice; every function in it is compiled.
#include "oauth_token.hpp"
#include "oauth_token.hpp"

#include <string>

using namespace std::chrono_literals;

static_assert(!std::is_copy_constructible_v<oauth::Config> && std::is_nothrow_move_constructible_v<oauth::Config>);
static_assert(!std::is_copy_constructible_v<oauth::Client> && std::is_nothrow_move_assignable_v<oauth::Client>);
static_assert(!std::is_copy_constructible_v<oauth::Token> && std::is_nothrow_move_assignable_v<oauth::Token>);
static_assert(!std::is_copy_constructible_v<oauth::Error> && std::is_nothrow_move_assignable_v<oauth::Error>);
static_assert(std::is_nothrow_move_constructible_v<oauth::Result<oauth::Token>>);
static_assert(std::is_copy_constructible_v<oauth::Result<oauth::Token>> == false);
static_assert(sizeof(oauth::Token) == sizeof(void *) && sizeof(oauth::Client) == sizeof(void *));
static_assert(!std::is_convertible_v<oauth::Status, bool> && !std::is_convertible_v<oauth::Status, int>);

namespace {

oauth::Status configure(oauth::Config &config, const std::string &secret) {
    config.set("token_url", "https://login.example.com/oauth/token");
    config.set("client_secret", secret);
    config.set("client_secret", std::string_view(secret));
    config.set_json(R"({"timeout": 10})");
    config.set_from_env();
    config.set_secret_callback([secret](bool was_refused, oauth::SecretSlot &slot) {
        slot.set("literal");
        return was_refused ? 1 : static_cast<int>(slot.set(secret));
    });
    config.set_request_callback([](oauth::Request &request) {
        request.set_header("X-Method", request.method().data());
        request.set_body(request.body().value_or(request.url()));
        return request.header("X-Method") ? 0 : 1;
    });
    config.set_transport([](const oauth::Request &request, oauth::Response &response) {
        for (std::size_t index = 0; index < request.header_count(); index++)
            response.add_header(request.header_name(index).data(), request.header_value(index).data());
        response.set_status(request.is_cancelled() ? 503 : 200);
        response.set_body(request.body().value_or("none"));
        response.append_body(std::string(request.max_response_bytes(), ' '));
        response.set_failure(oauth::Failure::other);
        return request.remaining() > 1s ? 0 : 1;
    });
    return config.set_log(oauth::LogLevel::debug, [](oauth::LogLevel, std::string_view) {});
}

bool read(const oauth::Token &token) {
    const oauth::Token clone = token.clone();
    return clone.access_token() == token.authorization() && token.token_type() == token.scope() &&
           token.id_token() == token.field("name") && token.expires_in() > 0s &&
           token.expires_at() > std::chrono::system_clock::now() && token.is_expiry_assumed();
}

bool read(const oauth::Error &error) {
    return error.status() == oauth::Status::tls && error.message() == error.code() &&
           error.code() == error.description() && error.http_status() == 401 && error.retry_in() > 1s &&
           error.is_retryable() && error.is_repeated() && error.callback_code() == oauth::callback_threw;
}

template <class Value>
bool use(oauth::Result<Value> result) {
    return result && result.has_value() && !read(result.error()) && read(std::as_const(result).error()) &&
           read(std::move(result).error());
}

bool use(const oauth::Client &client) {
    const oauth::Result<oauth::Token> token = client.token();
    oauth::Result<int> answer = client.call([](std::string_view) { return 200; });
    const oauth::Result<std::string> text =
        client.call([](std::string_view authorization) { return std::string(authorization); },
                    [](const std::string &refused) { return refused.empty(); });
    return token && read(*token) && read(token->clone()) && use(client.token()) && use(client.token_within(250ms)) &&
           client.derive(oauth::Config()).has_value() &&
           use(client.refresh_if_due(5s)) && client.next_refresh() > 1s && *answer == answer.value_or(1) &&
           text.value_or("nothing") == "" && std::as_const(answer).value_or(2L) == 2 &&
           client.invalidate(*token) == oauth::Status::ok && client.set_secret("literal") == oauth::Status::ok &&
           client.set_secret(std::string("text")) == oauth::Status::ok && client.reset() == client.cancel() &&
           client.stats().requests == 1;
}

#ifdef __cpp_exceptions
bool throw_errors(const oauth::Config &config) try {
    const oauth::Client client = oauth::Client::create(config).value();
    oauth::Result<oauth::Token> token = client.token();
    client.refresh_if_due(1s).value();
    return read(token.value());
} catch (const oauth::Exception &exception) {
    return exception.what() == exception.error().message();
}
#endif

} // namespace

int main() {
    oauth::Config config;
    configure(config, "secret");
    const oauth::Result<oauth::Client> client = oauth::Client::create(config);
#ifdef __cpp_exceptions
    if (throw_errors(config)) return 1;
#endif
    oauth::Config taken(config.release());
    return oauth::version().empty() || oauth::version_number() == 0 || taken.get() == nullptr ||
           (client && use(*client));
}
