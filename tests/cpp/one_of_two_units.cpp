// A unit without exceptions, linked with other_of_two_units.cpp, which has them.
#include "check.hpp"

#ifdef __cpp_exceptions
#error "to be compiled with -fno-exceptions"
#endif

/// In the other unit.
void throw_from_callbacks();
oauth::Result<oauth::Token> pass_on(oauth::Result<oauth::Token> token);

int main() {
    oauth::Config config = config_from_environment();
    config.set_secret_callback([](bool, oauth::SecretSlot &slot) {
        slot.set("right");
        return 0;
    });
    config.set_request_callback([](oauth::Request &) { return 0; });
    config.set_log(oauth::LogLevel::debug, [](oauth::LogLevel, std::string_view) {});
    const oauth::Client client = have(oauth::Client::create(config));
    CHECK_TEXT(have(pass_on(client.token())).access_token(), "t1");
    throw_from_callbacks();
    return EXIT_SUCCESS;
}
