// Derives a client for another scope, which outlives the one it comes from.
#include "check.hpp"
#include "counted.hpp"

using oauth::Status;

int main() {
    const Counted counted;
    const auto give = [counted](bool, oauth::SecretSlot &slot) {
        slot.set("right");
        return 0;
    };
    const int here = Counted::count;
    oauth::Config config = config_from_environment();
    CHECK(config.set_secret_callback(give) == Status::ok && config.set("scope", "first") == Status::ok);
    std::optional<oauth::Client> client = have(oauth::Client::create(config));
    config = oauth::Config();
    CHECK_TEXT(have(client->token()).access_token(), "t1");

    CHECK(config.set("scope", "second") == Status::ok);
    std::optional<oauth::Client> derived = have(client->derive(config));
    CHECK_TEXT(have(derived->token()).access_token(), "t2");
    CHECK_TEXT(have(client->token()).access_token(), "t1");
    CHECK(client->cancel() == Status::ok);
    client.reset();
    CHECK(Counted::count == here + 1);
    CHECK(derived->reset() == Status::ok);
    CHECK_TEXT(have(derived->token()).access_token(), "t3");

    CHECK(config.set("no_such_option", "a") == Status::config);
    CHECK_CONTAINS(refusal(derived->derive(config), Status::config).message(), "no_such_option");
    const oauth::Config moved = std::move(config);
    refusal(derived->derive(config), Status::argument);
    const oauth::Client last = *std::move(derived);
    refusal(derived->derive(oauth::Config()), Status::argument);
    derived.reset();
    CHECK(Counted::count == here + 1);
    return EXIT_SUCCESS;
}
