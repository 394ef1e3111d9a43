// Checks that end the program and say what did not hold, and what most programs begin with.
#ifndef CHECK_HPP
#define CHECK_HPP

#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string_view>
#include <utility>

#include "oauth_token.hpp"

#define CHECK(condition) ((condition) ? static_cast<void>(0) : check_failed(__FILE__, __LINE__, #condition))

#define CHECK_TEXT(actual, expected) check_text(__FILE__, __LINE__, #actual, (actual), (expected))

#define CHECK_CONTAINS(text, part) check_contains(__FILE__, __LINE__, #text, (text), (part))

[[noreturn]] inline void check_failed(const char *file, int line, const char *condition) {
    std::fprintf(stderr, "%s:%d: %s does not hold\n", file, line, condition);
    std::exit(EXIT_FAILURE);
}

/// Also that a terminator stands behind a text.
inline void check_text(const char *file, int line, const char *what, std::optional<std::string_view> actual,
                       std::string_view expected) {
    if (actual == expected && actual->data()[actual->size()] == '\0') return;
    std::fprintf(stderr, "%s:%d: %s is \"%s\", not \"%s\"\n", file, line, what, actual ? actual->data() : "(none)",
                 expected.data());
    std::exit(EXIT_FAILURE);
}

inline void check_contains(const char *file, int line, const char *what, std::string_view text, std::string_view part) {
    if (text.find(part) == std::string_view::npos) check_text(file, line, what, text, part);
}

/// The value of a call that must succeed.
template <class Value>
Value have(oauth::Result<Value> result) {
    if (result) return *std::move(result);
    std::fprintf(stderr, "%s\n", result.error().message().data());
    std::exit(EXIT_FAILURE);
}

/// The error of a call that must fail.
template <class Value>
oauth::Error refusal(oauth::Result<Value> result, oauth::Status status) {
    CHECK(!result && !result.has_value());
    oauth::Error error = std::move(result).error();
    CHECK_TEXT(oauth::status_name(error.status()), oauth::status_name(status));
    return error;
}

inline oauth::Config config_from_environment() {
    oauth::Config config;
    CHECK(config.set_from_env() == oauth::Status::ok);
    return config;
}

inline oauth::Client client_from_environment() { return have(oauth::Client::create(config_from_environment())); }

#endif
