// A unit with exceptions. Its callbacks have the types of one_of_two_units.cpp, and what they throw is caught all the
// same.
#include "check.hpp"

#ifndef __cpp_exceptions
#error "to be compiled with exceptions"
#endif

void throw_from_callbacks();
oauth::Result<oauth::Token> pass_on(oauth::Result<oauth::Token> token);

void throw_from_callbacks() {
    oauth::Config config = config_from_environment();
    config.set_secret_callback([](bool, oauth::SecretSlot &) -> int { throw 1; });
    config.set_log(oauth::LogLevel::debug, [](oauth::LogLevel, std::string_view) { throw 1; });
    const oauth::Client client = have(oauth::Client::create(config));
    CHECK(refusal(client.token(), oauth::Status::secret).callback_code() == oauth::callback_threw);

    oauth::Config other = config_from_environment();
    other.set("client_secret", "right");
    other.set_request_callback([](oauth::Request &) -> int { throw 1; });
    const oauth::Client changing = have(oauth::Client::create(other));
    CHECK(refusal(changing.token(), oauth::Status::callback).callback_code() == oauth::callback_threw);
}

oauth::Result<oauth::Token> pass_on(oauth::Result<oauth::Token> token) { return oauth::Token(token.value().release()); }
