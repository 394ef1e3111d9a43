/*
 * oauth-token: OAuth 2.0 access tokens for machines, in C++17 and later.
 *
 *     oauth::Config config;
 *     config.set("token_url", "https://login.example.com/oauth/token");
 *     config.set("client_id", "my-service");
 *     config.set("client_secret_file", "/run/secrets/oauth");
 *
 *     oauth::Result<oauth::Client> client = oauth::Client::create(config);
 *     if (!client) {
 *         std::fprintf(stderr, "%s\n", client.error().message().data());
 *         return 1;
 *     }
 *     oauth::Result<oauth::Token> token = client->token();
 *
 * or, where a failure is to be thrown as an oauth::Exception:
 *
 *     oauth::Client client = oauth::Client::create(config).value();
 *     oauth::Token token = client.token().value();
 *
 * Conventions. This header is a face on oauth_token.h and adds nothing to what the library does; the C functions say it
 * in full. Config, Client, Token and Error own a C object each: they can be moved and not copied, free it, and give it
 * out by get() and release(). One that was moved from owns nothing: what it is asked for is refused with
 * Status::argument, its texts are empty and its numbers 0.
 *
 * All text is UTF-8. A std::string_view that this header returns lives as long as the object it was read from, and a
 * NUL stands behind its end, so that data() is a C string. A const char * that it takes is a terminated string, and a
 * null pointer is refused. Member functions that are const may be called from any number of threads at once.
 *
 * Nothing but value() and what std::function and std::shared_ptr allocate throws, and nothing needs RTTI. The header
 * can be compiled without exceptions; units with and without them may be linked into one program.
 */

#ifndef OAUTH_TOKEN_HPP
#define OAUTH_TOKEN_HPP

#if __cplusplus < 201703L && (!defined(_MSVC_LANG) || _MSVC_LANG < 201703L)
#error "oauth_token.hpp needs C++17 or later"
#endif

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

#include "oauth_token.h"

// Has the compiler warn where a text is kept that was read from a temporary.
#if defined(__has_cpp_attribute)
#if __has_cpp_attribute(clang::lifetimebound)
#define OAUTH_TOKEN_LIFETIME_BOUND [[clang::lifetimebound]]
#endif
#endif
#ifndef OAUTH_TOKEN_LIFETIME_BOUND
#define OAUTH_TOKEN_LIFETIME_BOUND
#endif

namespace oauth {

/// The version of the library as text, such as "0.1.0"; OAUTH_VERSION_NUMBER is that of the header.
inline std::string_view version() noexcept { return oauth_version(); }

/// The version of the library as one number, `major << 16 | minor << 8 | patch`.
inline std::uint32_t version_number() noexcept { return oauth_version_number(); }

/// The outcome of a call. Values may be added: treat an unknown one as a failure.
enum class Status : oauth_status {
    ok = OAUTH_OK,                      ///< The call did what it was asked to.
    argument = OAUTH_ERROR_ARGUMENT,    ///< A null pointer, text that is not UTF-8, an object that was moved from.
    config = OAUTH_ERROR_CONFIG,        ///< An option is missing, misspelt or has a value that cannot be.
    secret = OAUTH_ERROR_SECRET,        ///< The secret could not be had from its source.
    network = OAUTH_ERROR_NETWORK,      ///< The server could not be reached, or the connection broke.
    tls = OAUTH_ERROR_TLS,              ///< No trusted TLS connection could be made.
    timeout = OAUTH_ERROR_TIMEOUT,      ///< The time limit passed.
    rejected = OAUTH_ERROR_REJECTED,    ///< The server said no (RFC 6749 section 5.2), or answered 401 or 403.
    server = OAUTH_ERROR_SERVER,        ///< The server failed, is overloaded, or gave an error that is not OAuth's.
    response = OAUTH_ERROR_RESPONSE,    ///< The server's answer cannot be understood, or must not be used.
    spent = OAUTH_ERROR_SPENT,          ///< A grant that may be used once has been used, and nothing else is left.
    reentrant = OAUTH_ERROR_REENTRANT,  ///< A callback of a client called the same client.
    cancelled = OAUTH_ERROR_CANCELLED,  ///< The client was told to stop.
    internal = OAUTH_ERROR_INTERNAL,    ///< A fault in the library or in a callback.
    callback = OAUTH_ERROR_CALLBACK,    ///< The host's request callback failed.
};

/// The name of a status as C spells it, such as "OAUTH_ERROR_TLS"; "unknown status" for a value that is none.
inline std::string_view status_name(Status status) noexcept {
    return oauth_status_name(static_cast<oauth_status>(status));
}

namespace detail {

#ifdef __cpp_exceptions
constexpr bool has_exceptions = true;
#else
constexpr bool has_exceptions = false;
#endif

/// Never null, so that data() can always be read.
inline std::string_view text(const char *text) noexcept { return text == nullptr ? std::string_view("") : text; }

inline std::optional<std::string_view> optional_text(const char *text) noexcept {
    return text == nullptr ? std::nullopt : std::optional<std::string_view>(text);
}

/// Negative milliseconds stand for none.
inline std::optional<std::chrono::milliseconds> optional_duration(std::int64_t milliseconds) noexcept {
    return milliseconds < 0 ? std::nullopt : std::optional(std::chrono::milliseconds(milliseconds));
}

/// 0 stands for none.
inline std::optional<int> optional_number(std::int32_t number) noexcept {
    return number == 0 ? std::nullopt : std::optional<int>(number);
}

/// A limit as C takes it: what is negative is none at all, and what is too long is as long as can be.
inline std::uint32_t limit(std::chrono::milliseconds limit) noexcept {
    using Count = std::chrono::milliseconds::rep;
    constexpr Count longest = std::numeric_limits<std::uint32_t>::max();
    return static_cast<std::uint32_t>(std::clamp(limit.count(), Count(0), longest));
}

/// What is asked for. Where it is not there, the program goes no further.
template <class Content>
Content &there(Content *content) noexcept {
    if (content == nullptr) std::abort();
    return *content;
}

/// The ownership that Config, Client, Token and Error share.
template <class Object, void (*free_object)(Object *)>
class Owner {
public:
    /// Takes over an object of the C API, which may be null.
    explicit Owner(Object *object) noexcept : object_(object) {}

    /// The object of the C API, which stays owned; null after a move.
    Object *get() const noexcept { return object_.get(); }

    /// Gives the object of the C API away, to be freed by its new owner.
    [[nodiscard]] Object *release() noexcept { return object_.release(); }

private:
    struct Free {
        void operator()(Object *object) const noexcept { free_object(object); }
    };

    std::unique_ptr<Object, Free> object_;
};

} // namespace detail

/// Why a call failed. Immutable and thread-safe; it does not depend on the client it came from.
class Error : public detail::Owner<oauth_error, oauth_error_free> {
public:
    using Owner::Owner;

    /// What kind of failure it is.
    Status status() const noexcept { return Status(oauth_error_status(get())); }

    /// The whole story in one line: the option or the thing received, and the likely fix; no secret and no token.
    std::string_view message() const noexcept OAUTH_TOKEN_LIFETIME_BOUND {
        return detail::text(oauth_error_message(get()));
    }

    /// The error code that the server sent, such as "invalid_client" (RFC 6749 section 5.2), or one of its own.
    std::optional<std::string_view> code() const noexcept { return detail::optional_text(oauth_error_code(get())); }

    /// What the server said in words, on one line and cut to a sane length.
    std::optional<std::string_view> description() const noexcept {
        return detail::optional_text(oauth_error_description(get()));
    }

    /// The status of the HTTP answer, such as 401, if there was one.
    std::optional<int> http_status() const noexcept { return detail::optional_number(oauth_error_http_status(get())); }

    /// How long from the failed call on until the client will ask the server again, if it says so.
    std::optional<std::chrono::milliseconds> retry_in() const noexcept {
        return detail::optional_duration(oauth_error_retry_in_ms(get()));
    }

    /// Whether the same call may succeed later without anything being put right.
    bool is_retryable() const noexcept { return oauth_error_is_retryable(get()); }

    /// Whether this is an earlier failure told again, without a request.
    bool is_repeated() const noexcept { return oauth_error_is_repeated(get()); }

    /// What your callback returned when it failed, or callback_threw, if one did.
    std::optional<int> callback_code() const noexcept {
        return detail::optional_number(oauth_error_callback_code(get()));
    }
};

#ifdef __cpp_exceptions
/// A failure that is thrown by Result::value(). Its copies share the error.
class Exception : public std::exception {
public:
    explicit Exception(Error error) : error_(std::make_shared<const Error>(std::move(error))) {}

    /// Moving copies too, so that one that was moved from still tells its error.
    Exception(const Exception &) noexcept = default;
    Exception &operator=(const Exception &) noexcept = default;

    /// The error's message.
    const char *what() const noexcept override { return error_->message().data(); }

    /// The error, with all details.
    const Error &error() const noexcept { return *error_; }

private:
    std::shared_ptr<const Error> error_;
};
#endif

/// What a call returns: a value, or the Error that says why there is none; in the manner of std::expected.
///
/// The compiler warns where it is dropped unread. Not thread-safe by itself.
template <class Value>
class [[nodiscard]] Result {
    static_assert(std::is_object_v<Value> && !std::is_same_v<Value, Error>);

public:
    using value_type = Value;
    using error_type = Error;

    /// A success.
    Result(Value value) : outcome_(std::in_place_index<0>, std::move(value)) {}

    /// A failure.
    Result(Error error) noexcept : outcome_(std::in_place_index<1>, std::move(error)) {}

    /// Whether there is a value.
    bool has_value() const noexcept { return outcome_.index() == 0; }

    /// Whether there is a value.
    explicit operator bool() const noexcept { return has_value(); }

    /// The value; without one the program is ended by std::abort().
    Value &operator*() & noexcept OAUTH_TOKEN_LIFETIME_BOUND { return detail::there(std::get_if<0>(&outcome_)); }
    const Value &operator*() const & noexcept OAUTH_TOKEN_LIFETIME_BOUND {
        return detail::there(std::get_if<0>(&outcome_));
    }
    Value &&operator*() && noexcept OAUTH_TOKEN_LIFETIME_BOUND {
        return std::move(detail::there(std::get_if<0>(&outcome_)));
    }

    /// A member of the value; without one the program is ended by std::abort().
    Value *operator->() noexcept OAUTH_TOKEN_LIFETIME_BOUND { return &detail::there(std::get_if<0>(&outcome_)); }
    const Value *operator->() const noexcept OAUTH_TOKEN_LIFETIME_BOUND {
        return &detail::there(std::get_if<0>(&outcome_));
    }

    /// The error; without one the program is ended by std::abort().
    Error &error() & noexcept OAUTH_TOKEN_LIFETIME_BOUND { return detail::there(std::get_if<1>(&outcome_)); }
    const Error &error() const & noexcept OAUTH_TOKEN_LIFETIME_BOUND {
        return detail::there(std::get_if<1>(&outcome_));
    }
    Error &&error() && noexcept OAUTH_TOKEN_LIFETIME_BOUND {
        return std::move(detail::there(std::get_if<1>(&outcome_)));
    }

    /// The value, or another in its place.
    template <class Fallback>
    Value value_or(Fallback &&fallback) const & {
        return has_value() ? **this : static_cast<Value>(std::forward<Fallback>(fallback));
    }
    template <class Fallback>
    Value value_or(Fallback &&fallback) && {
        return has_value() ? *std::move(*this) : static_cast<Value>(std::forward<Fallback>(fallback));
    }

#ifdef __cpp_exceptions
    /// The value; without one the error is moved into an Exception and thrown. Not there in a unit without exceptions.
    Value &value() & OAUTH_TOKEN_LIFETIME_BOUND {
        if (!has_value()) throw Exception(std::move(*this).error());
        return **this;
    }
    Value &&value() && OAUTH_TOKEN_LIFETIME_BOUND { return std::move(value()); }
#endif

private:
    std::variant<Value, Error> outcome_;
};

/// What a call returns that has nothing to give but its success.
template <>
class [[nodiscard]] Result<void> {
public:
    using value_type = void;
    using error_type = Error;

    /// A success.
    Result() noexcept = default;

    /// A failure.
    Result(Error error) noexcept : error_(std::move(error)) {}

    /// Whether the call succeeded.
    bool has_value() const noexcept { return !error_.has_value(); }

    /// Whether the call succeeded.
    explicit operator bool() const noexcept { return has_value(); }

    /// The error; without one the program is ended by std::abort().
    Error &error() & noexcept OAUTH_TOKEN_LIFETIME_BOUND { return detail::there(error_ ? &*error_ : nullptr); }
    const Error &error() const & noexcept OAUTH_TOKEN_LIFETIME_BOUND {
        return detail::there(error_ ? &*error_ : nullptr);
    }
    Error &&error() && noexcept OAUTH_TOKEN_LIFETIME_BOUND {
        return std::move(detail::there(error_ ? &*error_ : nullptr));
    }

#ifdef __cpp_exceptions
    /// Throws the error of a failure, moved into an Exception. Not there in a unit without exceptions.
    void value() {
        if (!has_value()) throw Exception(std::move(*this).error());
    }
#endif

private:
    std::optional<Error> error_ = std::nullopt;
};

/// An access token and what the server said about it. Immutable and thread-safe; it does not depend on the client it
/// came from.
///
/// Copies are made by clone(), which counts a reference and copies no text.
class Token : public detail::Owner<oauth_token, oauth_token_free> {
public:
    using Owner::Owner;

    /// Another handle to the same token.
    Token clone() const noexcept { return Token(oauth_token_clone(get())); }

    /// The access token itself (RFC 6749 section 1.4).
    std::string_view access_token() const noexcept OAUTH_TOKEN_LIFETIME_BOUND {
        return detail::text(oauth_token_access_token(get()));
    }

    /// "Bearer …", ready to be the value of an Authorization header (RFC 6750 section 2.1).
    std::string_view authorization() const noexcept OAUTH_TOKEN_LIFETIME_BOUND {
        return detail::text(oauth_token_authorization(get()));
    }

    /// The token_type as the server wrote it. However it is written, the token is a bearer.
    std::optional<std::string_view> token_type() const noexcept {
        return detail::optional_text(oauth_token_token_type(get()));
    }

    /// The scope that the server says it granted; none means what was asked for (RFC 6749 section 5.1).
    std::optional<std::string_view> scope() const noexcept { return detail::optional_text(oauth_token_scope(get())); }

    /// The ID token, where the server sent one. It is not checked.
    std::optional<std::string_view> id_token() const noexcept {
        return detail::optional_text(oauth_token_id_token(get()));
    }

    /// Any other field of the server's answer: texts as they are, all else as JSON.
    std::optional<std::string_view> field(const char *name) const noexcept {
        return detail::optional_text(oauth_token_field(get(), name));
    }

    /// The end of the token's life, in whole seconds.
    std::chrono::system_clock::time_point expires_at() const noexcept {
        return std::chrono::system_clock::time_point(std::chrono::seconds(oauth_token_expires_at(get())));
    }

    /// How much of the token's life is left; 0 or less when it is over.
    std::chrono::milliseconds expires_in() const noexcept {
        return std::chrono::milliseconds(oauth_token_expires_in_ms(get()));
    }

    /// Whether the server named no lifetime that makes sense, so that the option default_expires_in stands in.
    bool is_expiry_assumed() const noexcept { return oauth_token_is_expiry_assumed(get()); }
};

/// Where a secret callback puts the secret. It can be written and not read, and is valid during the call only, on its
/// thread only.
class SecretSlot {
public:
    explicit SecretSlot(oauth_secret_slot *slot) noexcept : slot_(slot) {}
    SecretSlot(const SecretSlot &) = delete;
    SecretSlot &operator=(const SecretSlot &) = delete;

    /// Puts a copy of the secret into the slot; Status::argument where it is not UTF-8. The library wipes its copy; the
    /// original is yours to wipe.
    Status set(std::string_view secret) noexcept {
        return Status(oauth_secret_slot_set(slot_, secret.data(), secret.size()));
    }

    /// The same; a null pointer counts as empty.
    Status set(const char *secret) noexcept { return set(detail::text(secret)); }

private:
    oauth_secret_slot *slot_;
};

/// A request to the server, for a request callback, which may change it, or a transport callback, which sends it. Valid
/// during the call only, on its thread only.
class Request {
public:
    explicit Request(oauth_request *request) noexcept : request_(request) {}
    Request(const Request &) = delete;
    Request &operator=(const Request &) = delete;

    /// The method, such as "POST".
    std::string_view method() const noexcept { return detail::text(oauth_request_method(request_)); }

    /// The URL in full, its query included.
    std::string_view url() const noexcept { return detail::text(oauth_request_url(request_)); }

    /// The value of a header, by its name in any case. It stays valid until a header is set.
    std::optional<std::string_view> header(const char *name) const noexcept {
        return detail::optional_text(oauth_request_header(request_, name));
    }

    /// How many headers there are. Host, Content-Length and Connection are not among them: they are the transport's.
    std::size_t header_count() const noexcept { return oauth_request_header_count(request_); }

    /// The name of the header at an index, which counts from 0; empty beyond the last. It stays valid until a header is
    /// set.
    std::string_view header_name(std::size_t index) const noexcept {
        return detail::text(oauth_request_header_name(request_, index));
    }

    /// The value of the header at an index, likewise.
    std::string_view header_value(std::size_t index) const noexcept {
        return detail::text(oauth_request_header_value(request_, index));
    }

    /// The body, if there is one. It stays valid until the body is set.
    std::optional<std::string_view> body() const noexcept {
        const char *body = oauth_request_body(request_);
        if (body == nullptr) return std::nullopt;
        return std::string_view(body, oauth_request_body_length(request_));
    }

    /// How much time is left, from now to the last byte of the answer; 0 when it is over.
    std::chrono::milliseconds remaining() const noexcept {
        return std::chrono::milliseconds(oauth_request_remaining_ms(request_));
    }

    /// Whether Client::cancel() has been called meanwhile, so that the answer is of no use any more.
    bool is_cancelled() const noexcept { return oauth_request_is_cancelled(request_); }

    /// How many bytes the body of the answer may have at most (option max_response_bytes).
    std::size_t max_response_bytes() const noexcept { return oauth_request_max_response_bytes(request_); }

    /// Sets a header, in the place of one of that name; Status::argument where it is nothing that a header can have.
    Status set_header(const char *name, const char *value) noexcept {
        return Status(oauth_request_set_header(request_, name, value));
    }

    /// Sets the URL, for a path or a query that must be computed; Status::argument where it is none or has another scheme,
    /// host or port.
    Status set_url(const char *url) noexcept { return Status(oauth_request_set_url(request_, url)); }

    /// Sets the body; Status::argument where it is not UTF-8 or holds a NUL.
    Status set_body(std::string_view body) noexcept {
        return Status(oauth_request_set_body(request_, body.data(), body.size()));
    }

private:
    oauth_request *request_;
};

/// Where a request failed, and how the call that made it is refused for it.
enum class Failure : oauth_failure {
    resolve = OAUTH_FAILURE_RESOLVE,         ///< The host name has no address: Status::network.
    connect = OAUTH_FAILURE_CONNECT,         ///< No connection could be made: Status::network.
    proxy = OAUTH_FAILURE_PROXY,             ///< The proxy failed or refused: Status::network.
    tls = OAUTH_FAILURE_TLS,                 ///< The TLS handshake failed: Status::tls.
    timeout = OAUTH_FAILURE_TIMEOUT,         ///< The time limit passed: Status::timeout.
    interrupted = OAUTH_FAILURE_INTERRUPTED, ///< The connection ended before the answer did: Status::network.
    protocol = OAUTH_FAILURE_PROTOCOL,       ///< The answer is not HTTP: Status::response.
    other = OAUTH_FAILURE_OTHER,             ///< Anything else that may pass: Status::network.
};

/// Where a transport callback puts the server's answer, or why there is none. It can be written and not read, and is
/// valid during the call only, on its thread only.
class Response {
public:
    explicit Response(oauth_response *response) noexcept : response_(response) {}
    Response(const Response &) = delete;
    Response &operator=(const Response &) = delete;

    /// Sets the HTTP status of the answer, whatever it is; Status::argument unless it is from 200 to 999.
    Status set_status(int status) noexcept { return Status(oauth_response_set_status(response_, status)); }

    /// Adds a header of the answer; Status::response where all together are too long. Date, Retry-After, Location,
    /// Content-Type and Content-Encoding are read, and others may be left out.
    Status add_header(const char *name, const char *value) noexcept {
        return Status(oauth_response_add_header(response_, name, value));
    }

    /// Sets the body of the answer, in the place of what was there; Status::response where it is longer than
    /// Request::max_response_bytes(), and the answer counts as too large, whatever the callback returns.
    Status set_body(std::string_view body) noexcept {
        return Status(oauth_response_set_body(response_, body.data(), body.size()));
    }

    /// Adds a piece to the body of the answer; the rest is as for set_body().
    Status append_body(std::string_view piece) noexcept {
        return Status(oauth_response_append_body(response_, piece.data(), piece.size()));
    }

    /// Says why there is no answer: where it failed, and in words, which must hold no secret. It stands, whatever else
    /// is set.
    Status set_failure(Failure failure, const char *message = nullptr) noexcept {
        return Status(oauth_response_set_failure(response_, static_cast<oauth_failure>(failure), message));
    }

private:
    oauth_response *response_;
};

/// What is worth logging.
enum class LogLevel : int {
    error = OAUTH_LOG_ERROR, ///< No token could be had.
    warn = OAUTH_LOG_WARN,   ///< A renewal failed, a lifetime had to be assumed, or an API refuses every token.
    info = OAUTH_LOG_INFO,   ///< A token was had, or dropped because an API refused it; the client was told to stop.
    debug = OAUTH_LOG_DEBUG, ///< Requests begun, callers that waited, failures told again …
};

/// Gives the client's secret: puts it into the slot and returns 0, or returns a number of its own, which
/// Error::callback_code() repeats.
///
/// `was_refused` says that the secret it gave last has just been refused by the server: it should give another if it
/// has one.
///
/// As all callbacks, it runs on the thread of whoever asked for a token, and may run on several at the same time; it is
/// destroyed on any thread, with the last config or client that holds it, and its destructor must not throw. It must
/// not ask the same client for a token (Status::reentrant), nor leave by longjmp. An exception is caught, and the call
/// fails with callback_threw as its code; its text is not kept, because it may hold a secret.
using SecretCallback = std::function<int(bool was_refused, SecretSlot &slot)>;

/// Changes a token request before it is sent, and returns 0; or returns a number of its own, which
/// Error::callback_code() repeats, and nothing is sent. For the rest it is as SecretCallback.
using RequestCallback = std::function<int(Request &request)>;

/// Carries one request to the server and its answer back. Fills the response and returns 0; or returns a number of its
/// own, which Error::callback_code() repeats, and the call fails with Status::network, or as Response::set_failure()
/// says. Any HTTP status is an answer.
///
/// It must not follow redirects, must not send the request twice, must end within Request::remaining(), and should end
/// soon after Request::is_cancelled() has turned true. It must send the body with Content-Length and not chunked, check
/// the server's certificate where the URL says https, and leave nothing open when it returns. For the rest it is as
/// SecretCallback.
using TransportCallback = std::function<int(const Request &request, Response &response)>;

/// Receives a line of log without a line end; the text is valid during the call only and holds no secret and no token.
/// An exception is caught and forgotten. For the rest it is as SecretCallback.
using LogCallback = std::function<void(LogLevel level, std::string_view message)>;

/// Error::callback_code() of a callback that threw.
constexpr int callback_threw = std::numeric_limits<std::int32_t>::min();

namespace detail {

/// The functions that C calls. No exception leaves them.
///
/// Units of a program with and without exceptions need their own, or the linker would choose for them.
template <bool with_exceptions>
struct Trampoline {
    static int secret(void *callback, bool was_refused, oauth_secret_slot *slot) noexcept {
        SecretSlot place(slot);
        return guard([&] { return as<SecretCallback>(callback)(was_refused, place); });
    }

    static int request(void *callback, oauth_request *request) noexcept {
        Request changed(request);
        return guard([&] { return as<RequestCallback>(callback)(changed); });
    }

    static int transport(void *callback, const oauth_request *request, oauth_response *response) noexcept {
        // Seen as const, it is read only.
        const Request sent(const_cast<oauth_request *>(request));
        Response answer(response);
        return guard([&] { return as<TransportCallback>(callback)(sent, answer); });
    }

    static void log(void *callback, int level, const char *message) noexcept {
        guard([&] { return as<LogCallback>(callback)(LogLevel(level), text(message)), 0; });
    }

    template <class Callback>
    static void destroy(void *callback) noexcept {
        delete static_cast<Callback *>(callback);
    }

private:
    template <class Callback>
    static const Callback &as(void *callback) noexcept {
        return *static_cast<const Callback *>(callback);
    }

    template <class Body>
    static int guard(const Body &body) noexcept {
#ifdef __cpp_exceptions
        try {
            return body();
        } catch (...) {
            return callback_threw;
        }
#else
        return body();
#endif
    }
};

} // namespace detail

/// The options of a client, before it is made. Not thread-safe: use it from one thread at a time.
///
/// Client::create() copies it; it may then be changed, used again, or destroyed. A setter that fails says so by its
/// Status, and the failure is also remembered and reported, with a message, by Client::create(): checking there alone
/// is enough. A later, better value does not undo it.
class Config : public detail::Owner<oauth_config, oauth_config_free> {
public:
    using Owner::Owner;

    /// A config with no option set.
    Config() noexcept : Owner(oauth_config_new()) {}

    /// Sets an option by its name; the README lists all options.
    ///
    /// Durations are "30s", "500ms", "5m", "1h" or a bare number of seconds; sizes are "256KiB", "1MiB" or a bare
    /// number of bytes; truth is "true" or "false". "param.NAME" and "header.NAME" add parameters and headers to the
    /// token request.
    Status set(const char *name, const char *value) noexcept { return Status(oauth_config_set(get(), name, value)); }

    /// The same with a value that needs no terminator; one that holds a NUL is refused.
    Status set(const char *name, std::string_view value) noexcept {
        return Status(oauth_config_set_bytes(get(), name, value.data(), value.size()));
    }

    /// Sets many options from a JSON object, such as {"token_url": "https://…", "timeout": 10, "param": {"tenant":
    /// "a"}}.
    Status set_json(const char *json) noexcept { return Status(oauth_config_set_json(get(), json)); }

    /// Sets what the environment names: OAUTH_TOKEN_URL, OAUTH_CLIENT_ID … for each option, and OAUTH_CONFIG, a JSON
    /// object. No other thread may change the environment meanwhile.
    Status set_from_env() noexcept { return Status(oauth_config_set_from_env(get())); }

    /// Has the client ask a function for its secret instead of `client_secret`: once for each token that it fetches or
    /// renews, and once more where the server refuses the secret; repeated requests hold the same one.
    template <bool with_exceptions = detail::has_exceptions>
    Status set_secret_callback(SecretCallback callback) {
        return hang<with_exceptions>(std::move(callback), [this](bool is_there, void *userdata, oauth_free_fn free) {
            const oauth_secret_fn function = is_there ? detail::Trampoline<with_exceptions>::secret : nullptr;
            return oauth_config_set_secret_callback(get(), function, userdata, free);
        });
    }

    /// Has clients let a function change each token request before it is sent.
    template <bool with_exceptions = detail::has_exceptions>
    Status set_request_callback(RequestCallback callback) {
        return hang<with_exceptions>(std::move(callback), [this](bool is_there, void *userdata, oauth_free_fn free) {
            const oauth_request_fn function = is_there ? detail::Trampoline<with_exceptions>::request : nullptr;
            return oauth_config_set_request_callback(get(), function, userdata, free);
        });
    }

    /// Has clients send their requests through a function of the host's instead of the built-in HTTP, whose options
    /// (connect_timeout, proxy, roots, ca_file and its kin, tls_cert_file and its kin) may then not be set.
    template <bool with_exceptions = detail::has_exceptions>
    Status set_transport(TransportCallback callback) {
        return hang<with_exceptions>(std::move(callback), [this](bool is_there, void *userdata, oauth_free_fn free) {
            const oauth_transport_fn function = is_there ? detail::Trampoline<with_exceptions>::transport : nullptr;
            return oauth_config_set_transport(get(), function, userdata, free);
        });
    }

    /// Has clients tell a function what they do, up to and including `max_level`.
    template <bool with_exceptions = detail::has_exceptions>
    Status set_log(LogLevel max_level, LogCallback callback) {
        return hang<with_exceptions>(std::move(callback), [&](bool is_there, void *userdata, oauth_free_fn free) {
            const oauth_log_fn function = is_there ? detail::Trampoline<with_exceptions>::log : nullptr;
            return oauth_config_set_log(get(), static_cast<int>(max_level), function, userdata, free);
        });
    }

private:
    /// An empty function is passed on as a null pointer, which C refuses.
    template <bool with_exceptions, class Callback, class Set>
    static Status hang(Callback callback, const Set &set) {
        if (!callback) return Status(set(false, nullptr, nullptr));
        // Freed by C, whatever comes of it.
        void *userdata = new Callback(std::move(callback));
        return Status(set(true, userdata, detail::Trampoline<with_exceptions>::template destroy<Callback>));
    }
};

/// What a client has done since it was made; oauth_token.h describes its members.
using Stats = oauth_stats;

/// Obtains, keeps and renews the access token of one config. Thread-safe: all but moving and destroying may be done by
/// any number of threads at once. Tokens and errors that it gave out outlive it. None of its own callbacks may destroy
/// it.
///
/// It can be moved and not copied; who needs it in several places holds it by a std::shared_ptr.
class Client : public detail::Owner<oauth_client, oauth_client_free> {
public:
    using Owner::Owner;

    /// Makes a client from a config, which is copied. No request is made before the first token().
    ///
    /// Fails with the status of the first setter that failed, or with Status::config where an option is missing,
    /// contradicts another, or names a file that cannot be read.
    static Result<Client> create(const Config &config) noexcept {
        return made<Client>([&](oauth_client **made, oauth_error **error) {
            return oauth_client_new(config.get(), made, error);
        });
    }

    /// Makes a client for another scope, audience, tenant … from this one: it has the options of this one, and over them
    /// those that were set in `overrides`, which is copied; and a token of its own.
    ///
    /// The two share transport, trust roots, callbacks and the source of the secret, unless `overrides` has others: a
    /// secret that is replaced in one is so in both, and credentials that the server refuses to one are not tried again
    /// by the other before the pause is over. Either may be destroyed first; cancelling one does not cancel the other.
    /// Fails as create().
    Result<Client> derive(const Config &overrides) const noexcept {
        return made<Client>([&](oauth_client **made, oauth_error **error) {
            return oauth_client_derive(get(), overrides.get(), made, error);
        });
    }

    /// A token that is good now: the one in hand, or a new one. Call it whenever a token is needed.
    ///
    /// While the token in hand is fresh, this makes no system call and allocates nothing. When it is due, one caller
    /// renews it and all others get the one in hand at once. Without a usable token, one caller fetches and the others
    /// wait, each at most as long as the option timeout says. After a failure, calls return it again without a request
    /// until Error::retry_in() has passed.
    Result<Token> token() const noexcept {
        return made<Token>([&](oauth_token **made, oauth_error **error) {
            return oauth_get_token(get(), made, error);
        });
    }

    /// As token(), within this limit instead of the option timeout. With 0 the call neither asks the server nor waits
    /// for others. Fails with Status::timeout where the limit passed.
    Result<Token> token_within(std::chrono::milliseconds limit) const noexcept {
        return made<Token>([&](oauth_token **made, oauth_error **error) {
            return oauth_get_token_within(get(), detail::limit(limit), made, error);
        });
    }

    /// Renews the token if that is due, or fetches the first one, within this limit; for hosts that have a timer.
    ///
    /// Succeeds also where nothing is due, where another caller is at it, and during the pause after a failure.
    Result<void> refresh_if_due(std::chrono::milliseconds limit) const noexcept {
        oauth_error *error = nullptr;
        if (oauth_client_refresh_if_due(get(), detail::limit(limit), &error) == OAUTH_OK) return {};
        return Error(error);
    }

    /// How long until refresh_if_due() is worth calling, rounded up; none means at once, because no token is usable and
    /// nothing stands in the way. Once the client is cancelled, a year.
    std::optional<std::chrono::milliseconds> next_refresh() const noexcept {
        return detail::optional_duration(oauth_client_next_refresh_ms(get()));
    }

    /// Sends a request to the API by `attempt`, which is given an Authorization value; where `is_refused` says of its
    /// answer that the API refused the token (a 401), invalidates the token and tries once more with the next one.
    ///
    ///     auto answer = client.call([&](std::string_view authorization) { return http.get(url, authorization); },
    ///                               [](const Answer &answer) { return answer.status == 401; });
    ///
    /// The last answer is returned as it is, refused or not. While the refused token stays in use because refusals in
    /// a row are spaced, the first answer is the last. Fails as token(); what `attempt` throws is passed on.
    template <class Attempt, class IsRefused>
    auto call(Attempt &&attempt, IsRefused &&is_refused) const
        -> Result<std::decay_t<std::invoke_result_t<Attempt &, std::string_view>>> {
        using Answer = std::decay_t<std::invoke_result_t<Attempt &, std::string_view>>;
        Result<Token> first = token();
        if (!first) return std::move(first).error();
        Answer answer = std::invoke(attempt, first->authorization());
        if (!std::invoke(is_refused, std::as_const(answer))) return Result<Answer>(std::move(answer));
        invalidate(*first);
        Result<Token> next = token();
        if (!next) return std::move(next).error();
        if (next->access_token() == first->access_token()) return Result<Answer>(std::move(answer));
        return Result<Answer>(std::invoke(attempt, next->authorization()));
    }

    /// The same for an `attempt` that returns the status of the HTTP answer.
    template <class Attempt>
    auto call(Attempt &&attempt) const {
        using Answer = std::decay_t<std::invoke_result_t<Attempt &, std::string_view>>;
        static_assert(std::is_integral_v<Answer>, "say by a second function which answers are refusals");
        return call(std::forward<Attempt>(attempt), [](Answer status) { return status == 401; });
    }

    /// Says that an API answered 401 to this token (RFC 6750 section 3.1), so that the next token() fetches another.
    ///
    /// Only the token that is still handed out is dropped: a late 401 for an older one changes nothing. The first refusal
    /// drops it at once; where its replacement is refused too, a token stays, and is handed out, until it is a second
    /// old, then two, up to a minute, so that an API that refuses everything causes no storm. A 403 is no reason to call
    /// this unless the API says so.
    Status invalidate(const Token &refused) const noexcept {
        return Status(oauth_client_invalidate(get(), refused.get()));
    }

    /// Replaces the secret of the client, and of those that share its source by derive(); it stands in the place of
    /// client_secret, client_secret_file or a secret callback from then on. A usable token stays in use; a pause after
    /// refused credentials ends.
    ///
    /// Status::config where the secret is empty or holds a NUL, or nothing that is sent would hold it.
    [[nodiscard]] Status set_secret(std::string_view secret) const noexcept {
        return Status(oauth_client_set_secret(get(), secret.data(), secret.size()));
    }

    /// The same; a null pointer counts as empty.
    [[nodiscard]] Status set_secret(const char *secret) const noexcept { return set_secret(detail::text(secret)); }

    /// Forgets the token and the pause after a failure, so that the next token() makes a request.
    Status reset() const noexcept { return Status(oauth_client_reset(get())); }

    /// Stops the client for good: callers that wait, for another's request or for the next attempt of their own, a
    /// request under way, and all later calls fail with Status::cancelled. A name look-up and a TCP connection being
    /// opened end by themselves, and so do callbacks.
    Status cancel() const noexcept { return Status(oauth_client_cancel(get())); }

    /// What the client has done since it was made.
    Stats stats() const noexcept {
        Stats stats = {};
        oauth_client_stats(get(), &stats, sizeof stats);
        return stats;
    }

private:
    /// What a C function makes, or why it does not.
    template <class Made, class Make>
    static Result<Made> made(const Make &make) noexcept {
        decltype(std::declval<Made &>().get()) object = nullptr;
        oauth_error *error = nullptr;
        if (make(&object, &error) == OAUTH_OK) return Made(object);
        return Error(error);
    }
};

} // namespace oauth

#undef OAUTH_TOKEN_LIFETIME_BOUND

#endif // OAUTH_TOKEN_HPP
