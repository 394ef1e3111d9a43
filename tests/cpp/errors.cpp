// Reads all of an error, by a result and by an exception.
#include "check.hpp"

#include <string>

using namespace std::chrono_literals;

static void check_details(const oauth::Error &error, bool is_repeated) {
    CHECK(error.status() == oauth::Status::rejected);
    CHECK_CONTAINS(error.message(), "invalid_client");
    CHECK(error.message().find("hunter2") == std::string_view::npos);
    CHECK_TEXT(error.code(), "invalid_client");
    CHECK_TEXT(error.description(), "who are you?");
    CHECK(error.http_status() == 401);
    CHECK(!error.is_retryable());
    CHECK(error.is_repeated() == is_repeated);
    CHECK(!error.callback_code());
}

static void check_inert(const oauth::Error &error) {
    CHECK(error.get() == nullptr && error.status() == oauth::Status::ok);
    CHECK_TEXT(error.message(), "");
    CHECK(!error.code() && !error.description() && !error.http_status() && !error.retry_in() && !error.callback_code());
    CHECK(!error.is_retryable() && !error.is_repeated());
}

static oauth::Error error_that_outlives_its_client() {
    return refusal(client_from_environment().token(), oauth::Status::rejected);
}

static void move_about() {
    oauth::Error error = error_that_outlives_its_client();
    check_details(error, false);
    oauth::Error moved = std::move(error);
    check_inert(error);
    oauth::Error &itself = moved;
    moved = std::move(itself);
    check_details(moved, false);
    oauth_error *handle = moved.release();
    check_inert(moved);
    error = oauth::Error(handle);
    check_details(error, false);
}

static void read_results(const oauth::Client &client) {
    oauth::Result<oauth::Token> result = client.token();
    CHECK(!result && !result.has_value());
    check_details(std::as_const(result).error(), true);
    CHECK(result.error().retry_in() > 0s && result.error().retry_in() <= 5s);
    oauth::Result<oauth::Token> moved = std::move(result);
    check_details(moved.error(), true);
    const oauth::Token other = std::move(moved).value_or(oauth::Token(nullptr));
    CHECK(other.get() == nullptr);

    // A refresh keeps quiet during the pause, and tells of what it met itself.
    CHECK(client.refresh_if_due(1min).has_value());
    CHECK(client.reset() == oauth::Status::ok);
    oauth::Result<void> refreshed = client.refresh_if_due(1min);
    CHECK(!refreshed);
    check_details(refreshed.error(), false);
}

/// Without exceptions there is nothing to throw.
static void read_exceptions([[maybe_unused]] const oauth::Client &client) {
#ifdef __cpp_exceptions
    try {
        client.token().value();
        CHECK(false);
    } catch (const std::exception &exception) {
        CHECK_CONTAINS(exception.what(), "invalid_client");
    }
    oauth::Result<oauth::Token> result = client.token();
    try {
        result.value();
        CHECK(false);
    } catch (oauth::Exception &exception) {
        const oauth::Exception copy = exception;
        const oauth::Exception moved = std::move(exception);
        check_details(copy.error(), true);
        CHECK_TEXT(copy.what(), exception.what());
        CHECK_TEXT(moved.what(), exception.what());
    }
    check_inert(result.error());
    CHECK(client.reset() == oauth::Status::ok);
    try {
        client.refresh_if_due(1min).value();
        CHECK(false);
    } catch (const oauth::Exception &exception) {
        check_details(exception.error(), false);
    }
#endif
}

static void read_successes() {
    oauth::Result<std::string> text(std::string("text"));
    CHECK(text && *text == "text" && text->size() == 4);
    CHECK(text.value_or("other") == "text" && std::move(text).value_or("other") == "text");
    oauth::Result<std::string> failure(oauth::Error(nullptr));
    CHECK(failure.value_or("other") == "other");
    CHECK(oauth::Result<void>().has_value());
#ifdef __cpp_exceptions
    oauth::Result<std::string> other(std::string("other"));
    CHECK(other.value() == "other" && std::move(other).value() == "other");
    oauth::Result<void>().value();
#endif
}

int main() {
    move_about();
    const oauth::Client client = client_from_environment();
    refusal(client.token(), oauth::Status::rejected);
    read_results(client);
    read_exceptions(client);
    read_successes();
    return EXIT_SUCCESS;
}
