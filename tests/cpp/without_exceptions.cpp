// What is left where exceptions and RTTI are switched off: all but value().
#include "check.hpp"

#if defined(__cpp_exceptions) || defined(__cpp_rtti)
#error "to be compiled with -fno-exceptions -fno-rtti"
#endif

int main() {
    int changed = 0;
    int lines = 0;
    oauth::Config config = config_from_environment();
    config.set_secret_callback([](bool was_refused, oauth::SecretSlot &slot) {
        slot.set("right");
        return was_refused ? 1 : 0;
    });
    config.set_request_callback([&changed](oauth::Request &) { return changed++ > 1 ? 3 : 0; });
    config.set_log(oauth::LogLevel::debug, [&lines](oauth::LogLevel, std::string_view) { lines++; });

    const oauth::Client client = have(oauth::Client::create(config));
    CHECK_TEXT(have(client.token()).access_token(), "t1");
    const auto refuse_first = [](std::string_view authorization) { return authorization == "Bearer t1" ? 401 : 200; };
    CHECK(have(client.call(refuse_first)) == 200);
    CHECK(client.reset() == oauth::Status::ok);
    CHECK(refusal(client.token(), oauth::Status::callback).callback_code() == 3);
    CHECK(changed == 3 && lines > 0);
    return EXIT_SUCCESS;
}
