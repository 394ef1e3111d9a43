// Callbacks that work, fail, throw and are missing, and how often what they hold is destroyed.
#include "check.hpp"
#include "counted.hpp"

#include <memory>
#include <stdexcept>
#include <string>

using oauth::Status;

/// A client whose config is gone already; the secret is the callback's.
template <class Callback>
static oauth::Client client_with_secret(Callback callback) {
    oauth::Config config = config_from_environment();
    CHECK(config.set_secret_callback(callback) == Status::ok);
    return have(oauth::Client::create(config));
}

template <class Callback>
static oauth::Client client_with_request(Callback callback) {
    oauth::Config config = config_from_environment();
    CHECK(config.set("client_secret", "right") == Status::ok);
    CHECK(config.set_request_callback(callback) == Status::ok);
    return have(oauth::Client::create(config));
}

static void give_secrets() {
    int calls = 0;
    const oauth::Client client = client_with_secret([&calls](bool was_refused, oauth::SecretSlot &slot) {
        CHECK(was_refused == (calls++ > 0));
        CHECK(slot.set("caf\xe9") == Status::argument);
        CHECK(slot.set(std::string(was_refused ? "right" : "wrong")) == Status::ok);
        return 0;
    });
    have(client.token());
    CHECK(calls == 2);

    const oauth::Client literal = client_with_secret([](bool, oauth::SecretSlot &slot) {
        CHECK(slot.set("right") == Status::ok);
        return 0;
    });
    have(literal.token());
}

static void fail_to_give_secrets() {
    const oauth::Client failing = client_with_secret([](bool, oauth::SecretSlot &) { return 42; });
    CHECK(refusal(failing.token(), Status::secret).callback_code() == 42);

    const oauth::Client throwing = client_with_secret([](bool, oauth::SecretSlot &slot) -> int {
        slot.set("right");
        throw std::runtime_error("hunter2");
    });
    const oauth::Error error = refusal(throwing.token(), Status::secret);
    CHECK(error.callback_code() == oauth::callback_threw);
    CHECK(error.message().find("the secret callback threw an exception") != std::string_view::npos);
    CHECK(error.message().find("hunter2") == std::string_view::npos);

    // What is thrown need not be an exception.
    const oauth::Client odd = client_with_secret([](bool, oauth::SecretSlot &) -> int { throw 1; });
    CHECK(refusal(odd.token(), Status::secret).callback_code() == oauth::callback_threw);
}

static void change_requests() {
    const oauth::Client client = client_with_request([](oauth::Request &request) {
        CHECK_TEXT(request.method(), "POST");
        CHECK_CONTAINS(request.url(), "/token");
        CHECK_TEXT(request.header("accept"), "application/json");
        CHECK(!request.header("X-Signature"));
        CHECK_TEXT(request.body(), "grant_type=client_credentials");
        CHECK(request.set_header("X-Signature", "signed") == Status::ok);
        CHECK(request.set_header("X-Signature", "a\r\nb: c") == Status::argument);
        CHECK(request.set_body(std::string(*request.body()) + "&sign=1") == Status::ok);
        return 0;
    });
    have(client.token());
}

static void fail_to_change_requests() {
    const oauth::Client failing = client_with_request([](oauth::Request &) { return -7; });
    CHECK(refusal(failing.token(), Status::callback).callback_code() == -7);
    const oauth::Client throwing =
        client_with_request([](oauth::Request &) -> int { throw std::runtime_error("no signature"); });
    CHECK(refusal(throwing.token(), Status::callback).callback_code() == oauth::callback_threw);
}

static void log() {
    std::string lines;
    oauth::Config config = config_from_environment();
    CHECK(config.set("client_secret", "right") == Status::ok);
    CHECK(config.set_log(oauth::LogLevel::info, [&lines](oauth::LogLevel level, std::string_view message) {
        CHECK(level == oauth::LogLevel::info);
        lines += message;
        throw std::runtime_error("the disk is full");
    }) == Status::ok);
    have(have(oauth::Client::create(config)).token());
    CHECK(!lines.empty());
}

static void refuse_empty_functions() {
    oauth::Config config;
    CHECK(config.set_secret_callback({}) == Status::argument);
    CHECK(oauth::Config().set_secret_callback(nullptr) == Status::argument);
    CHECK(oauth::Config().set_request_callback(oauth::RequestCallback()) == Status::argument);
    CHECK(oauth::Config().set_log(oauth::LogLevel::debug, nullptr) == Status::argument);
    CHECK_CONTAINS(refusal(oauth::Client::create(config), Status::argument).message(), "callback");
}

static void destroy_once() {
    const Counted counted;
    const auto give = [counted](bool, oauth::SecretSlot &slot) {
        slot.set("right");
        return 0;
    };
    const auto change = [counted](oauth::Request &) { return 0; };
    const auto listen = [counted](oauth::LogLevel, std::string_view) {};
    const int here = Counted::count;

    auto config = std::make_unique<oauth::Config>(config_from_environment());
    CHECK(config->set_secret_callback(give) == Status::ok && Counted::count == here + 1);
    CHECK(config->set_request_callback(change) == Status::ok && Counted::count == here + 2);
    CHECK(config->set_log(oauth::LogLevel::debug, listen) == Status::ok && Counted::count == here + 3);
    // What is replaced is destroyed at once.
    CHECK(config->set_log(oauth::LogLevel::debug, listen) == Status::ok && Counted::count == here + 3);

    std::optional<oauth::Client> client = have(oauth::Client::create(*config));
    std::optional<oauth::Client> other = have(oauth::Client::create(*config));
    config.reset();
    const oauth::Token token = have(client->token());
    client.reset();
    CHECK(Counted::count == here + 3);
    have(other->token());
    other.reset();
    CHECK(Counted::count == here);

    // A setter that fails destroys what it was given.
    oauth::Config moved_from;
    oauth::Config moved = std::move(moved_from);
    CHECK(moved_from.set_secret_callback(give) == Status::argument && Counted::count == here);
    CHECK(moved_from.set_request_callback(change) == Status::argument && Counted::count == here);
    CHECK(moved_from.set_log(oauth::LogLevel::debug, listen) == Status::argument && Counted::count == here);
}

static void reenter() {
    const oauth::Client *itself = nullptr;
    const oauth::Client client = client_with_secret([&itself](bool, oauth::SecretSlot &slot) {
        refusal(itself->token(), Status::reentrant);
        slot.set("right");
        return 0;
    });
    itself = &client;
    have(client.token());
}

int main() {
    give_secrets();
    fail_to_give_secrets();
    change_requests();
    fail_to_change_requests();
    log();
    refuse_empty_functions();
    destroy_once();
    reenter();
    return EXIT_SUCCESS;
}
