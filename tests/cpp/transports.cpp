// Carries requests by itself: no server is there.
#include "check.hpp"
#include "counted.hpp"

#include <stdexcept>
#include <string>

using namespace std::chrono_literals;
using oauth::Failure;
using oauth::Request;
using oauth::Response;
using oauth::Status;

static oauth::Client client_with(oauth::TransportCallback transport) {
    oauth::Config config;
    config.set("token_url", "https://login.example.com/token?v=1");
    config.set("client_id", "my-service");
    config.set("client_secret", "hunter2");
    config.set("header.X-Tenant", "a");
    config.set("max_retries", "0");
    CHECK(config.set_transport(std::move(transport)) == Status::ok);
    return have(oauth::Client::create(config));
}

static int grant(const Request &, Response &response) {
    CHECK(response.set_status(200) == Status::ok);
    CHECK(response.set_body(R"({"access_token": "t", "expires_in": 3600})") == Status::ok);
    return 0;
}

static void see_the_request() {
    const oauth::Client client = client_with([](const Request &request, Response &response) {
        CHECK_TEXT(request.method(), "POST");
        CHECK_TEXT(request.url(), "https://login.example.com/token?v=1");
        CHECK_TEXT(request.header("x-tenant"), "a");
        CHECK(!request.header("X-Missing") && !request.header(nullptr));
        CHECK_TEXT(request.body(), "grant_type=client_credentials");
        CHECK(request.remaining() > 0s && request.remaining() <= 30s);
        CHECK(!request.is_cancelled() && request.max_response_bytes() == 256 * 1024);
        bool is_listed = false;
        for (std::size_t index = 0; index < request.header_count(); index++)
            is_listed |= request.header_name(index) == "X-Tenant" && request.header_value(index) == "a";
        CHECK(is_listed);
        CHECK_TEXT(request.header_name(request.header_count()), "");
        CHECK_TEXT(request.header_value(request.header_count()), "");
        return grant(request, response);
    });
    CHECK_TEXT(have(client.token()).authorization(), "Bearer t");
}

static void answer_in_pieces() {
    const oauth::Client client = client_with([](const Request &, Response &response) {
        CHECK(response.set_status(99) == Status::argument && response.set_status(200) == Status::ok);
        CHECK(response.add_header("Content-Type", "application/json") == Status::ok);
        CHECK(response.add_header("Content-Type", nullptr) == Status::argument);
        CHECK(response.set_body("what is replaced") == Status::ok);
        CHECK(response.set_body({}) == Status::ok);
        for (const char *piece : {R"({"access_)", R"(token": "in_)", R"(pieces"})"})
            CHECK(response.append_body(piece) == Status::ok);
        return 0;
    });
    CHECK_TEXT(have(client.token()).access_token(), "in_pieces");
}

static void fail() {
    const auto failing = [](Failure failure, const char *message) {
        return client_with([=](const Request &, Response &response) {
            CHECK(response.set_failure(failure, message) == Status::ok);
            return 0;
        });
    };
    CHECK_CONTAINS(refusal(failing(Failure::tls, "no trust").token(), Status::tls).message(), "no trust");
    refusal(failing(Failure::timeout, nullptr).token(), Status::timeout);
    refusal(failing(Failure::protocol, nullptr).token(), Status::response);
    for (const Failure failure :
         {Failure::resolve, Failure::connect, Failure::proxy, Failure::interrupted, Failure::other})
        refusal(failing(failure, nullptr).token(), Status::network);

    const oauth::Client unknown = client_with([](const Request &, Response &response) {
        CHECK(response.set_failure(Failure(0)) == Status::argument);
        return 5;
    });
    CHECK(refusal(unknown.token(), Status::network).callback_code() == 5);

    const oauth::Client throwing =
        client_with([](const Request &, Response &) -> int { throw std::runtime_error("hunter2"); });
    CHECK(refusal(throwing.token(), Status::network).callback_code() == oauth::callback_threw);
}

static void refuse_too_much() {
    const oauth::Client client = client_with([](const Request &request, Response &response) {
        response.set_status(200);
        CHECK(response.set_body(std::string(request.max_response_bytes() + 1, ' ')) == Status::response);
        CHECK(response.append_body("{}") == Status::response);
        return 0;
    });
    CHECK_CONTAINS(refusal(client.token(), Status::response).message(), "max_response_bytes");
}

static void be_told_of_the_end() {
    const oauth::Client *itself = nullptr;
    const oauth::Client client = client_with([&itself](const Request &request, Response &) {
        CHECK(itself->cancel() == Status::ok);
        CHECK(request.is_cancelled());
        return 1;
    });
    itself = &client;
    refusal(client.token(), Status::cancelled);
}

static void destroy_once() {
    const Counted counted;
    const auto carry = [counted](const Request &request, Response &response) { return grant(request, response); };
    const int here = Counted::count;
    {
        const oauth::Client client = client_with(carry);
        CHECK(Counted::count == here + 1);
        have(client.token());
    }
    CHECK(Counted::count == here);
    oauth::Config moved_from;
    const oauth::Config moved = std::move(moved_from);
    CHECK(moved_from.set_transport(carry) == Status::argument && Counted::count == here);
    CHECK(oauth::Config().set_transport(nullptr) == Status::argument);
}

int main() {
    see_the_request();
    answer_in_pieces();
    fail();
    refuse_too_much();
    be_told_of_the_end();
    destroy_once();
    return EXIT_SUCCESS;
}
