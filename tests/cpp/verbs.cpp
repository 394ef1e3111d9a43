// What a config and a client can be asked, whole and moved from.
#include "check.hpp"

#include <string>

using namespace std::chrono_literals;
using oauth::Status;

static void set_options() {
    oauth::Config config;
    CHECK(config.set("scope", "a b") == Status::ok);
    CHECK(config.set("scope", std::string("a b")) == Status::ok);
    CHECK(config.set("scope", std::string_view("a b and more", 3)) == Status::ok);
    CHECK(config.set("scope", std::string_view()) == Status::ok);
    CHECK(config.set_json(R"({"timeout": 10, "param": {"tenant": "a"}})") == Status::ok);
    CHECK(config.set_from_env() == Status::ok);
    CHECK(oauth::Client::create(config).has_value());

    // A failure is told at once, and again when a client is made.
    CHECK(config.set("no_such_option", "a") == Status::config);
    CHECK_CONTAINS(refusal(oauth::Client::create(config), Status::config).message(), "no_such_option");

    const char *absent = nullptr;
    CHECK(oauth::Config().set("scope", absent) == Status::argument);
    CHECK(oauth::Config().set(absent, "a") == Status::argument);
    CHECK(oauth::Config().set_json(absent) == Status::argument);
    CHECK(oauth::Config().set_json("[]") == Status::config);
    CHECK(oauth::Config().set("scope", std::string_view("a\0b", 3)) == Status::config);
}

static void move_config() {
    oauth::Config config = config_from_environment();
    oauth::Config moved = std::move(config);
    CHECK(config.get() == nullptr && config.set("scope", "a") == Status::argument);
    CHECK(config.set_json("{}") == Status::argument && config.set_from_env() == Status::argument);
    refusal(oauth::Client::create(config), Status::argument);
    oauth::Config &itself = moved;
    moved = std::move(itself);
    CHECK(oauth::Client::create(moved).has_value());
    config = oauth::Config(moved.release());
    CHECK(moved.get() == nullptr && oauth::Client::create(config).has_value());
}

static void move_client() {
    oauth::Client client = client_from_environment();
    const oauth::Token token = have(client.token());
    oauth::Client moved = std::move(client);
    CHECK(client.get() == nullptr);
    refusal(client.token(), Status::argument);
    refusal(client.token_within(1s), Status::argument);
    refusal(client.refresh_if_due(1s), Status::argument);
    refusal(client.call([](std::string_view) { return 200; }), Status::argument);
    CHECK(!client.next_refresh() && client.stats().handed_out == 0);
    CHECK(client.invalidate(token) == Status::argument && client.set_secret("a") == Status::argument);
    CHECK(client.reset() == Status::argument && client.cancel() == Status::argument);

    oauth::Client &itself = moved;
    moved = std::move(itself);
    client = oauth::Client(moved.release());
    CHECK(have(client.token()).access_token() == token.access_token());
    CHECK(client.invalidate(oauth::Token(nullptr)) == Status::argument);
}

static void ask() {
    const oauth::Client client = client_from_environment();
    CHECK(!client.next_refresh());
    // No time to ask, however it is said.
    refusal(client.token_within(0s), Status::timeout);
    refusal(client.token_within(-1s), Status::timeout);
    CHECK(client.stats().requests == 0);

    CHECK(client.refresh_if_due(std::chrono::milliseconds::max()).has_value());
    CHECK(client.stats().requests == 1);
    CHECK(client.next_refresh() > 1h - 7min && client.next_refresh() < 1h);
    const oauth::Token first = have(client.token_within(std::chrono::milliseconds::max()));
    CHECK(have(client.token_within(0s)).access_token() == first.access_token());

    CHECK(client.invalidate(first) == Status::ok);
    const oauth::Token second = have(client.token());
    CHECK(second.access_token() != first.access_token());
    CHECK(client.reset() == Status::ok);
    CHECK(have(client.token()).access_token() != second.access_token());

    const char *absent = nullptr;
    CHECK(client.set_secret(absent) == Status::config && client.set_secret("") == Status::config);
    CHECK(client.set_secret("literal") == Status::ok);
    CHECK(client.set_secret(std::string("another and more").substr(0, 7)) == Status::ok);
    CHECK(client.reset() == Status::ok);
    have(client.token());

    const oauth::Stats stats = client.stats();
    CHECK(stats.requests == 4 && stats.succeeded == 4 && stats.failed == 0 && stats.invalidated == 1);

    CHECK(client.cancel() == Status::ok);
    refusal(client.token(), Status::cancelled);
}

int main() {
    set_options();
    move_config();
    move_client();
    ask();
    CHECK_TEXT(oauth::version(), oauth_version());
    CHECK(oauth::version_number() == OAUTH_VERSION_NUMBER);
    CHECK_TEXT(oauth::status_name(Status::tls), "OAUTH_ERROR_TLS");
    CHECK_TEXT(oauth::status_name(Status(-9999)), "unknown status");
    return EXIT_SUCCESS;
}
