// Sends requests to an API that refuses the first token.
#include "check.hpp"

#include <memory>
#include <string>
#include <vector>

static std::vector<std::string> sent;

/// An answer that can be moved only.
struct Answer {
    std::unique_ptr<int> status;
};

static Answer answer(std::string_view authorization, int status) {
    sent.emplace_back(authorization);
    return Answer{std::make_unique<int>(status)};
}

static bool is_refused(const Answer &answer) { return *answer.status == 401; }

static void check_sent(const std::vector<std::string> &expected) {
    CHECK(sent == expected);
    sent.clear();
}

static void accept() {
    const oauth::Client client = client_from_environment();
    const Answer given = have(client.call([](std::string_view token) { return answer(token, 403); }, is_refused));
    CHECK(*given.status == 403);
    check_sent({"Bearer t1"});
    CHECK(client.stats().invalidated == 0);
}

static void refuse_once() {
    const oauth::Client client = client_from_environment();
    const Answer given =
        have(client.call([](std::string_view token) { return answer(token, token == "Bearer t2" ? 401 : 200); },
                         is_refused));
    CHECK(*given.status == 200);
    check_sent({"Bearer t2", "Bearer t3"});
    CHECK(client.stats().invalidated == 1);
}

static void refuse_always() {
    const oauth::Client client = client_from_environment();
    const auto refuse = [](std::string_view token) {
        sent.emplace_back(token);
        return 401;
    };
    CHECK(have(client.call(refuse)) == 401);
    check_sent({"Bearer t4", "Bearer t5"});
    // The second token stays for now, and is not tried twice.
    CHECK(have(client.call(refuse)) == 401);
    check_sent({"Bearer t5"});
}

static void fail() {
    oauth::Config config = config_from_environment();
    config.set("client_secret", "wrong");
    const oauth::Client client = have(oauth::Client::create(config));
    const auto accept = [](std::string_view token) { return answer(token, 200); };
    const oauth::Error error = refusal(client.call(accept, is_refused), oauth::Status::rejected);
    CHECK_TEXT(error.code(), "invalid_client");
    check_sent({});
}

static void pass_on_what_is_thrown() {
    const oauth::Client client = client_from_environment();
    const auto lose = [](std::string_view) -> int { throw std::string("connection lost"); };
    try {
        (void)client.call(lose);
        CHECK(false);
    } catch (const std::string &thrown) {
        CHECK(thrown == "connection lost");
    }
    CHECK(client.stats().invalidated == 0);
}

int main() {
    accept();
    refuse_once();
    refuse_always();
    fail();
    pass_on_what_is_thrown();
    return EXIT_SUCCESS;
}
