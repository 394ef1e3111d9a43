// Reads all of a token, and moves it about.
#include "check.hpp"

using namespace std::chrono_literals;

static void check_details(const oauth::Token &token) {
    CHECK_TEXT(token.access_token(), "the/token%2F==");
    CHECK_TEXT(token.authorization(), "Bearer the/token%2F==");
    CHECK_TEXT(token.token_type(), "BearerToken");
    CHECK_TEXT(token.scope(), "read write");
    CHECK_TEXT(token.id_token(), "an.id.token");
    CHECK_TEXT(token.field("instance_url"), "https://api.example.com/é");
    CHECK_TEXT(token.field("limits"), "[60,120]");
    CHECK(!token.field("missing") && !token.field(nullptr));
    CHECK(token.expires_in() > 3500s && token.expires_in() <= 3600s);
    const auto left = token.expires_at() - std::chrono::system_clock::now();
    CHECK(left > 3500s && left <= 3601s);
    CHECK(!token.is_expiry_assumed());
}

static void check_inert(const oauth::Token &token) {
    CHECK(token.get() == nullptr);
    CHECK_TEXT(token.access_token(), "");
    CHECK_TEXT(token.authorization(), "");
    CHECK(!token.token_type() && !token.scope() && !token.id_token() && !token.field("limits"));
    CHECK(token.expires_in() <= 0s && token.expires_at() == std::chrono::system_clock::time_point());
    CHECK(!token.is_expiry_assumed());
    CHECK(token.clone().get() == nullptr);
}

static oauth::Token token_that_outlives_its_client() { return have(client_from_environment().token()); }

int main() {
    oauth::Token token = token_that_outlives_its_client();
    check_details(token);

    // A clone is another handle to the same text.
    oauth::Token clone = token.clone();
    CHECK(clone.access_token().data() == token.access_token().data());

    // The text lives as long as any handle to it.
    const std::string_view text = token.access_token();
    oauth::Token moved = std::move(token);
    check_inert(token);
    check_details(moved);
    moved = std::move(clone);
    check_inert(clone);
    check_details(moved);
    CHECK_TEXT(text, "the/token%2F==");

    oauth::Token &itself = moved;
    moved = std::move(itself);
    check_details(moved);

    // Out to C and back.
    oauth_token *handle = moved.release();
    check_inert(moved);
    CHECK_TEXT(oauth_token_scope(handle), "read write");
    moved = oauth::Token(handle);
    CHECK(moved.get() == handle);
    check_details(moved);

    // What is inert may be assigned to, and moved again.
    token = std::move(clone);
    check_inert(token);
    token = std::move(moved);
    check_details(token);
    return EXIT_SUCCESS;
}
