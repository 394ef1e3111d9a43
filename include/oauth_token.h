/*
 * oauth-token: OAuth 2.0 access tokens for machines.
 *
 *     oauth_config *config = oauth_config_new();
 *     oauth_config_set(config, "token_url", "https://login.example.com/oauth/token");
 *     oauth_config_set(config, "client_id", "my-service");
 *     oauth_config_set(config, "client_secret_file", "/run/secrets/oauth");
 *
 *     oauth_client *client;
 *     oauth_error *error;
 *     if (oauth_client_new(config, &client, &error) != OAUTH_OK) {
 *         fprintf(stderr, "%s\n", oauth_error_message(error));
 *         oauth_error_free(error);
 *     }
 *     oauth_config_free(config);
 *
 * Conventions. Results are written through pointers whose names end in _out; they are set to NULL on entry, so that
 * cleaning up after a failure frees nothing foreign. error_out may be NULL. Every pointer is checked for NULL. All
 * text is UTF-8. A pointer to const may be used from any number of threads at once; freeing needs it alone. There is
 * nothing to initialise and nothing to clean up.
 *
 * This file is generated from the Rust sources; see CONTRIBUTING.md.
 */

#ifndef OAUTH_TOKEN_H
#define OAUTH_TOKEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * The major version of the header.
 */
#define OAUTH_VERSION_MAJOR 0

/**
 * The minor version of the header.
 */
#define OAUTH_VERSION_MINOR 1

/**
 * The patch version of the header.
 */
#define OAUTH_VERSION_PATCH 0

/**
 * The version of the header as one number, `major << 16 | minor << 8 | patch`; compare it with
 * oauth_version_number(), the version of the library.
 */
#define OAUTH_VERSION_NUMBER (((OAUTH_VERSION_MAJOR << 16) | (OAUTH_VERSION_MINOR << 8)) | OAUTH_VERSION_PATCH)

/**
 * No token could be had.
 */
#define OAUTH_LOG_ERROR 1

/**
 * A renewal failed, and the token in hand is still good; a token's lifetime had to be assumed; or an API refused one token
 * after another, so that the last one stays in use for a while.
 */
#define OAUTH_LOG_WARN 2

/**
 * A token was had, or dropped because an API refused it; or the client was told to stop while it asked.
 */
#define OAUTH_LOG_INFO 3

/**
 * Requests begun, callers that waited, failures told again.
 */
#define OAUTH_LOG_DEBUG 4

/**
 * Obtains, keeps and renews the access token of one config. Thread-safe.
 */
typedef struct oauth_client oauth_client;

/**
 * The options of a client, before it is made. Not thread-safe: use it from one thread at a time.
 *
 * oauth_client_new() copies it; it may then be changed, used again, or freed.
 */
typedef struct oauth_config oauth_config;

/**
 * Why a call failed. Immutable; thread-safe. Strings read from it live as long as it does.
 */
typedef struct oauth_error oauth_error;

/**
 * A request to the server, for a request callback, which may change it, or a transport callback, which sends it. Valid
 * during the call only, on its thread only.
 */
typedef struct oauth_request oauth_request;

/**
 * Where a transport callback puts the server's answer, or why there is none. It can be written and not read, and is valid
 * during the call only, on its thread only.
 */
typedef struct oauth_response oauth_response;

/**
 * Where a secret callback puts the secret. It can be written and not read, and is valid during the call only.
 */
typedef struct oauth_secret_slot oauth_secret_slot;

/**
 * An access token and what the server said about it. Immutable and reference-counted; thread-safe.
 *
 * Strings read from it live as long as it does. It does not depend on the client it came from.
 */
typedef struct oauth_token oauth_token;

/**
 * The outcome of a call: OAUTH_OK, or one of the negative constants OAUTH_ERROR_….
 *
 * Constants may be added and are never changed or reused; treat an unknown negative value as a failure.
 */
typedef int32_t oauth_status;

/**
 * Gives the client's secret: puts it into the slot with oauth_secret_slot_set() and returns 0, or returns a number of
 * its own, which oauth_error_callback_code() repeats.
 *
 * `was_refused` says that the secret it gave last has just been refused by the server: it should give another if it
 * has one. It runs on the thread of whoever asked for a token, and may run on several at the same time. It must not
 * ask the same client for a token (OAUTH_ERROR_REENTRANT), nor leave by longjmp or a C++ exception.
 */
typedef int (*oauth_secret_fn)(void *userdata, bool was_refused, struct oauth_secret_slot *slot);

/**
 * Frees the userdata of a callback. It is called exactly once, when nothing that could call the callback is left (or at
 * once if the setter fails), on any thread; NULL if there is nothing to free. It must not use the config or the client
 * that held the callback, nor leave by longjmp or a C++ exception.
 */
typedef void (*oauth_free_fn)(void *userdata);

/**
 * Receives a line of log without a line end; the text is valid during the call only and holds no secret and no token.
 *
 * It begins with the client that speaks, `[my-service]`; one that was derived from another has a number and the options
 * that were set for it behind its client_id, `[my-service #2, scope=write]`, with values only where none is a secret.
 *
 * It runs on the thread on which the thing happened, without a lock held, and may run on several at the same time. It
 * must not ask a client that it logs for a token, which would log again, nor leave by longjmp or a C++ exception.
 */
typedef void (*oauth_log_fn)(void *userdata, int level, const char *message);

/**
 * Changes a token request before it is sent, and returns 0; or returns a number of its own, which
 * oauth_error_callback_code() repeats, and nothing is sent.
 *
 * It runs on the thread of whoever asked for a token, and may run on several at the same time. It must not ask the same
 * client for a token (OAUTH_ERROR_REENTRANT), nor leave by longjmp or a C++ exception.
 */
typedef int (*oauth_request_fn)(void *userdata, struct oauth_request *request);

/**
 * Where a request failed: one of the constants OAUTH_FAILURE_….
 */
typedef int32_t oauth_failure;

/**
 * Carries one request to the server and its answer back. Fills `response` and returns 0; or returns a number of its own,
 * which oauth_error_callback_code() repeats: the call then fails with OAUTH_ERROR_NETWORK, or as
 * oauth_response_set_failure() says. Any HTTP status is an answer.
 *
 * It must not follow redirects, must not send the request twice, must end within oauth_request_remaining_ms(), and should
 * end soon after oauth_request_is_cancelled() has turned true. It must send the body with Content-Length and not chunked,
 * check the server's certificate where the URL says https, and leave nothing open when it returns.
 *
 * It runs on the thread of whoever asked for a token, and may run on several at the same time. It must not ask the same
 * client for a token (OAUTH_ERROR_REENTRANT), nor leave by longjmp or a C++ exception.
 */
typedef int (*oauth_transport_fn)(void *userdata,
                                  const struct oauth_request *request,
                                  struct oauth_response *response);

/**
 * What a client has done since it was made. Later versions append members.
 */
typedef struct oauth_stats {
  /**
   * Tokens handed out.
   */
  uint64_t handed_out;
  /**
   * Of these, tokens that were due for renewal at the time.
   */
  uint64_t served_while_due;
  /**
   * Exchanges begun: a token asked for, with all retries.
   */
  uint64_t exchanges;
  /**
   * Requests sent, retries included.
   */
  uint64_t requests;
  /**
   * Exchanges that brought a token.
   */
  uint64_t succeeded;
  /**
   * Exchanges that brought none.
   */
  uint64_t failed;
  /**
   * Callers that waited for another's request.
   */
  uint64_t waited;
  /**
   * Callers that got an earlier failure again, without a request.
   */
  uint64_t throttled;
  /**
   * Tokens dropped because an API refused them.
   */
  uint64_t invalidated;
} oauth_stats;

/**
 * The call did what it was asked to.
 */
#define OAUTH_OK 0

/**
 * An argument is NULL where it must not be, or text that is not UTF-8.
 */
#define OAUTH_ERROR_ARGUMENT -1

/**
 * An option is missing, misspelt or has a value that cannot be; the message names it.
 */
#define OAUTH_ERROR_CONFIG -2

/**
 * The secret could not be had from its source.
 */
#define OAUTH_ERROR_SECRET -3

/**
 * The server could not be reached, or the connection broke.
 */
#define OAUTH_ERROR_NETWORK -4

/**
 * No trusted TLS connection could be made.
 */
#define OAUTH_ERROR_TLS -5

/**
 * The time limit passed.
 */
#define OAUTH_ERROR_TIMEOUT -6

/**
 * The server said no: an OAuth error (RFC 6749 section 5.2), a 401 or 403, or an error of its own where the token should be.
 */
#define OAUTH_ERROR_REJECTED -7

/**
 * The server failed, is overloaded, or answered with a status of failure and no error of OAuth's.
 */
#define OAUTH_ERROR_SERVER -8

/**
 * The server's answer cannot be understood, or must not be used.
 */
#define OAUTH_ERROR_RESPONSE -9

/**
 * A grant that may be used once has been used, and nothing is left to ask with.
 */
#define OAUTH_ERROR_SPENT -10

/**
 * A callback of a client called the same client.
 */
#define OAUTH_ERROR_REENTRANT -11

/**
 * The client was told to stop.
 */
#define OAUTH_ERROR_CANCELLED -12

/**
 * A fault in this library or in a callback.
 */
#define OAUTH_ERROR_INTERNAL -13

/**
 * The host's request callback failed.
 */
#define OAUTH_ERROR_CALLBACK -14

/**
 * The host name has no address. Reported as OAUTH_ERROR_NETWORK.
 */
#define OAUTH_FAILURE_RESOLVE 1

/**
 * No connection could be made. Reported as OAUTH_ERROR_NETWORK.
 */
#define OAUTH_FAILURE_CONNECT 2

/**
 * The proxy failed or refused. Reported as OAUTH_ERROR_NETWORK.
 */
#define OAUTH_FAILURE_PROXY 3

/**
 * The TLS handshake failed. Reported as OAUTH_ERROR_TLS.
 */
#define OAUTH_FAILURE_TLS 4

/**
 * The time limit passed. Reported as OAUTH_ERROR_TIMEOUT.
 */
#define OAUTH_FAILURE_TIMEOUT 5

/**
 * The connection ended before the answer did. Reported as OAUTH_ERROR_NETWORK.
 */
#define OAUTH_FAILURE_INTERRUPTED 6

/**
 * The answer is not HTTP. Reported as OAUTH_ERROR_RESPONSE.
 */
#define OAUTH_FAILURE_PROTOCOL 7

/**
 * Anything else that may pass, such as a lack of memory. Reported as OAUTH_ERROR_NETWORK.
 */
#define OAUTH_FAILURE_OTHER 8

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/**
 * The name of a status, such as "OAUTH_ERROR_TLS"; "unknown status" for a value that is none.
 *
 * The string is static and need not be freed. Thread-safe.
 */
const char *oauth_status_name(oauth_status status);

/**
 * The version of the library as text, such as "0.1.0".
 *
 * The string is static and need not be freed. Thread-safe.
 */
const char *oauth_version(void);

/**
 * The version of the library as one number, `major << 16 | minor << 8 | patch`. Thread-safe.
 */
uint32_t oauth_version_number(void);

/**
 * Makes a config with no option set.
 *
 * Never returns NULL, except after a fault in this library. Free it with oauth_config_free().
 */
struct oauth_config *oauth_config_new(void);

/**
 * Sets an option by its name from a terminated string; the README lists all options.
 *
 * Durations are "30s", "500ms", "5m", "1h" or a bare number of seconds; sizes are "256KiB", "1MiB" or a bare number
 * of bytes; truth is "true" or "false". "param.NAME" and "header.NAME" add parameters and headers to the token
 * request. Both strings are copied.
 *
 * Returns OAUTH_OK, OAUTH_ERROR_CONFIG (unknown name or impossible value) or OAUTH_ERROR_ARGUMENT. A failure is also
 * remembered and reported, with a message, by oauth_client_new(): checking there alone is enough. A later, better value
 * does not undo it.
 */
oauth_status oauth_config_set(struct oauth_config *config,
                              const char *name,
                              const char *value);

/**
 * Sets an option by its name from `len` bytes that need no terminator; NULL with length 0 is empty text.
 *
 * Otherwise as oauth_config_set(). A value that holds a NUL byte is refused.
 */
oauth_status oauth_config_set_bytes(struct oauth_config *config,
                                    const char *name,
                                    const char *value,
                                    size_t len);

/**
 * Sets many options from a JSON object, such as {"token_url": "https://…", "timeout": 10, "param": {"tenant": "a"}}.
 *
 * Returns and remembers failures as oauth_config_set().
 */
oauth_status oauth_config_set_json(struct oauth_config *config,
                                   const char *json);

/**
 * Sets what the environment names: OAUTH_TOKEN_URL, OAUTH_CLIENT_ID … for each option, and OAUTH_CONFIG, a JSON
 * object as for oauth_config_set_json(). A variable of its own wins over OAUTH_CONFIG; an empty one counts as not
 * set.
 *
 * Returns and remembers failures as oauth_config_set(). No other thread may change the environment meanwhile.
 */
oauth_status oauth_config_set_from_env(struct oauth_config *config);

/**
 * Frees a config. NULL is ignored.
 */
void oauth_config_free(struct oauth_config *config);

/**
 * Puts `len` bytes into the slot, which are copied and need no terminator.
 *
 * Returns OAUTH_OK, or OAUTH_ERROR_ARGUMENT where an argument is NULL or the secret is not UTF-8. Of several, the last
 * that was put there counts; one that is empty, holds a NUL or ends with a line end fails the call that asked
 * (OAUTH_ERROR_SECRET).
 */
oauth_status oauth_secret_slot_set(struct oauth_secret_slot *slot,
                                   const char *secret,
                                   size_t len);

/**
 * Has the client ask a function for its secret instead of `client_secret`: once for each token that it fetches or renews,
 * and once more, with `was_refused`, where the server refuses the secret. A request that is repeated, because it failed
 * in a way that may pass or for another basic_encoding, holds the same secret.
 *
 * Where a refresh token was sent and is of no use, the function is asked again for the request that follows. It is not
 * asked while client_secret_alternate, which worked last, still works; nor during the pause after a failure; nor after
 * oauth_client_set_secret(), nor by clients derived with a secret of their own.
 *
 * `free_fn` is called with `userdata` exactly once: when the last config or client that holds the callback is freed, or
 * at once if this call fails; it may be NULL. Returns OAUTH_OK or OAUTH_ERROR_ARGUMENT.
 */
oauth_status oauth_config_set_secret_callback(struct oauth_config *config,
                                              oauth_secret_fn callback,
                                              void *userdata,
                                              oauth_free_fn free_fn);

/**
 * Has clients tell a function what they do, up to and including `max_level` (OAUTH_LOG_…).
 *
 * `free_fn` is called with `userdata` exactly once: when the last config or client that holds the callback is freed, or
 * at once if this call fails; it may be NULL. Returns OAUTH_OK or OAUTH_ERROR_ARGUMENT.
 */
oauth_status oauth_config_set_log(struct oauth_config *config,
                                  int max_level,
                                  oauth_log_fn callback,
                                  void *userdata,
                                  oauth_free_fn free_fn);

/**
 * The method, such as "POST"; NULL only if `request` is NULL.
 */
const char *oauth_request_method(const struct oauth_request *request);

/**
 * The URL in full, its query included; NULL only if `request` is NULL. It stays valid until the URL is set.
 */
const char *oauth_request_url(const struct oauth_request *request);

/**
 * The value of a header, by its name in any case; NULL if there is none. It stays valid until a header is set.
 */
const char *oauth_request_header(const struct oauth_request *request,
                                 const char *name);

/**
 * How many headers there are. Host, Content-Length and Connection are not among them: they are the transport's.
 */
size_t oauth_request_header_count(const struct oauth_request *request);

/**
 * The name of the header at `index`, which counts from 0; NULL beyond the last. It stays valid until a header is set.
 */
const char *oauth_request_header_name(const struct oauth_request *request,
                                      size_t index);

/**
 * The value of the header at `index`, which counts from 0; NULL beyond the last. It stays valid until a header is set.
 */
const char *oauth_request_header_value(const struct oauth_request *request,
                                       size_t index);

/**
 * The body; NULL if there is none. It stays valid until the body is set.
 */
const char *oauth_request_body(const struct oauth_request *request);

/**
 * How many bytes the body has, without its terminator; 0 if there is none.
 */
size_t oauth_request_body_length(const struct oauth_request *request);

/**
 * How many milliseconds are left, from now to the last byte of the answer; 0 when the time is over.
 */
int64_t oauth_request_remaining_ms(const struct oauth_request *request);

/**
 * Whether oauth_client_cancel() has been called meanwhile, so that the answer is of no use any more.
 */
bool oauth_request_is_cancelled(const struct oauth_request *request);

/**
 * How many bytes the body of the answer may have at most (option max_response_bytes).
 */
size_t oauth_request_max_response_bytes(const struct oauth_request *request);

/**
 * Sets a header, in the place of one of that name; both strings are copied.
 *
 * Returns OAUTH_OK, or OAUTH_ERROR_ARGUMENT where an argument is NULL, not UTF-8, or nothing that a header can have, or
 * where the request is a transport callback's, which only sends it.
 */
oauth_status oauth_request_set_header(struct oauth_request *request,
                                      const char *name,
                                      const char *value);

/**
 * Sets the URL, which is copied, for a path or a query that must be computed, such as a signature over the parameters
 * in it.
 *
 * Returns OAUTH_OK, or OAUTH_ERROR_ARGUMENT where an argument is NULL, or the URL is none or has another scheme, host or
 * port: secrets leave for the configured host only. A callback that then fails has the reason told in its error.
 */
oauth_status oauth_request_set_url(struct oauth_request *request,
                                   const char *url);

/**
 * Sets the body to `len` bytes, which are copied and need no terminator.
 *
 * Returns OAUTH_OK, or OAUTH_ERROR_ARGUMENT where an argument is NULL, or the body is not UTF-8 or holds a NUL, or where
 * the request is a transport callback's, which only sends it.
 */
oauth_status oauth_request_set_body(struct oauth_request *request,
                                    const char *body,
                                    size_t len);

/**
 * Has clients let a function change each token request before it is sent: for values that no placeholder can express,
 * such as a signature over the others.
 *
 * `free_fn` is called with `userdata` exactly once: when the last config or client that holds the callback is freed, or
 * at once if this call fails; it may be NULL. Returns OAUTH_OK or OAUTH_ERROR_ARGUMENT.
 */
oauth_status oauth_config_set_request_callback(struct oauth_config *config,
                                               oauth_request_fn callback,
                                               void *userdata,
                                               oauth_free_fn free_fn);

/**
 * Sets the HTTP status of the answer, whatever it is: a number from 200 to 999.
 *
 * Returns OAUTH_OK, or OAUTH_ERROR_ARGUMENT where `response` is NULL or the number is none of these.
 */
oauth_status oauth_response_set_status(struct oauth_response *response,
                                       int32_t status);

/**
 * Adds a header of the answer; both strings are copied, and the value need not be UTF-8. Date, Retry-After, Location,
 * Content-Type and Content-Encoding are read, and others may be left out.
 *
 * Returns OAUTH_OK, OAUTH_ERROR_ARGUMENT where an argument is NULL or the name is not UTF-8, or OAUTH_ERROR_RESPONSE
 * where all headers together are longer than 32 KiB: the answer then counts as too large, whatever the callback returns.
 */
oauth_status oauth_response_add_header(struct oauth_response *response,
                                       const char *name,
                                       const char *value);

/**
 * Sets the body of the answer to `len` bytes, which are copied and need neither a terminator nor to be UTF-8, in the
 * place of what was there.
 *
 * Returns OAUTH_OK, OAUTH_ERROR_ARGUMENT where an argument is NULL, OAUTH_ERROR_RESPONSE where the body is longer
 * than oauth_request_max_response_bytes(): the answer then counts as too large, whatever the callback returns; or
 * OAUTH_ERROR_NETWORK where there is no memory for it: the request then counts as failed in the same way.
 */
oauth_status oauth_response_set_body(struct oauth_response *response,
                                     const char *body,
                                     size_t len);

/**
 * Adds `len` bytes, which are copied and need no terminator, to the body of the answer, for transports that get it in
 * pieces.
 *
 * Returns what oauth_response_set_body() does.
 */
oauth_status oauth_response_append_body(struct oauth_response *response,
                                        const char *body,
                                        size_t len);

/**
 * Says why there is no answer: where it failed (OAUTH_FAILURE_…), and in words, which must hold no secret. `message` is
 * copied and may be NULL; it need not be UTF-8. It stands, whatever else is set.
 *
 * Returns OAUTH_OK, or OAUTH_ERROR_ARGUMENT where `response` is NULL or `failure` is not a constant.
 */
oauth_status oauth_response_set_failure(struct oauth_response *response,
                                        oauth_failure failure,
                                        const char *message);

/**
 * Has clients send their requests through a function of the host's instead of the built-in HTTP, whose options
 * (connect_timeout, proxy, roots, ca_file and its kin, tls_cert_file and its kin) may then not be set.
 *
 * `free_fn` is called with `userdata` exactly once: when the last config or client that holds the callback is freed, or
 * at once if this call fails; it may be NULL. Returns OAUTH_OK or OAUTH_ERROR_ARGUMENT.
 */
oauth_status oauth_config_set_transport(struct oauth_config *config,
                                        oauth_transport_fn callback,
                                        void *userdata,
                                        oauth_free_fn free_fn);

/**
 * The access token itself (RFC 6749 section 1.4); NULL only if `token` is NULL.
 */
const char *oauth_token_access_token(const struct oauth_token *token);

/**
 * "Bearer …", ready to be the value of an Authorization header (RFC 6750 section 2.1); NULL only if `token` is NULL.
 */
const char *oauth_token_authorization(const struct oauth_token *token);

/**
 * The token_type as the server wrote it; NULL if it did not. However it is written, the token is a bearer.
 */
const char *oauth_token_token_type(const struct oauth_token *token);

/**
 * The scope that the server says it granted; NULL if it said nothing, which means what was asked for (RFC 6749
 * section 5.1).
 */
const char *oauth_token_scope(const struct oauth_token *token);

/**
 * The ID token, where the server sent one; NULL if it did not. It is not checked.
 */
const char *oauth_token_id_token(const struct oauth_token *token);

/**
 * Any other field of the server's answer: texts as they are, all else as JSON; NULL if there is none of that name.
 */
const char *oauth_token_field(const struct oauth_token *token,
                              const char *name);

/**
 * The end of the token's life in seconds since 1970-01-01T00:00:00Z; 0 if `token` is NULL.
 */
int64_t oauth_token_expires_at(const struct oauth_token *token);

/**
 * How much of the token's life is left, in milliseconds; 0 or less when it is over, or if `token` is NULL.
 */
int64_t oauth_token_expires_in_ms(const struct oauth_token *token);

/**
 * Whether the server named no lifetime that makes sense, so that the option default_expires_in stands in; false if
 * `token` is NULL.
 */
bool oauth_token_is_expiry_assumed(const struct oauth_token *token);

/**
 * Another handle to the same token, to be freed on its own with oauth_token_free(); NULL if `token` is NULL.
 */
struct oauth_token *oauth_token_clone(const struct oauth_token *token);

/**
 * Frees a token and the strings read from it. NULL is ignored.
 */
void oauth_token_free(struct oauth_token *token);

/**
 * The status that the failed call returned; OAUTH_OK if `error` is NULL.
 */
oauth_status oauth_error_status(const struct oauth_error *error);

/**
 * The whole story in one line: the option or the thing received, and the likely fix. It holds no secret and no token.
 * NULL only if `error` is NULL.
 */
const char *oauth_error_message(const struct oauth_error *error);

/**
 * The error code that the server sent, such as "invalid_client" (RFC 6749 section 5.2), or one of its own; NULL if it
 * sent none.
 */
const char *oauth_error_code(const struct oauth_error *error);

/**
 * What the server said in words, on one line and cut to a sane length; NULL if it said nothing.
 */
const char *oauth_error_description(const struct oauth_error *error);

/**
 * The status of the HTTP answer, such as 401; 0 if there was none.
 */
int32_t oauth_error_http_status(const struct oauth_error *error);

/**
 * How many milliseconds from the failed call on until the client will ask the server again, rounded up; -1 if it does not
 * say.
 */
int64_t oauth_error_retry_in_ms(const struct oauth_error *error);

/**
 * Whether the same call may succeed later without anything being put right.
 *
 * That includes a 4xx that names no OAuth error, 401 and 403 aside: a wrong URL is answered so (404, 405, 415), and so is
 * any request by a gateway whose service restarts. It is not tried again within the call.
 */
bool oauth_error_is_retryable(const struct oauth_error *error);

/**
 * Whether this is an earlier failure told again, without a request.
 */
bool oauth_error_is_repeated(const struct oauth_error *error);

/**
 * What your callback returned when it failed; 0 if no callback did.
 */
int32_t oauth_error_callback_code(const struct oauth_error *error);

/**
 * Frees an error and the strings read from it. NULL is ignored.
 */
void oauth_error_free(struct oauth_error *error);

/**
 * Reads the counts of a client.
 *
 * Pass `sizeof(oauth_stats)` as `size`: a library that knows fewer members sets the others to 0, one that knows more
 * leaves the rest out. Returns OAUTH_OK or OAUTH_ERROR_ARGUMENT. Thread-safe.
 */
oauth_status oauth_client_stats(const struct oauth_client *client,
                                struct oauth_stats *stats,
                                size_t size);

/**
 * Makes a client from a config, which is copied. No request is made before the first oauth_get_token().
 *
 * On success `*client_out` is the client, to be freed with oauth_free(). On failure it is NULL, and if `error_out` is
 * not NULL, `*error_out` is the error, to be freed with oauth_error_free(). Fails with the status of the first
 * oauth_config_set() that failed, or with OAUTH_ERROR_CONFIG where an option is missing, was refused when it was set,
 * contradicts another, or names a file that cannot be read (client_secret_file is read later, for each token).
 */
oauth_status oauth_client_new(const struct oauth_config *config,
                              struct oauth_client **client_out,
                              struct oauth_error **error_out);

/**
 * Makes a client for another scope, audience, tenant … from one that exists: it has the options of that one, and over
 * them those that were set in `overrides`, which is copied; and a token of its own. Thread-safe.
 *
 * The two share transport, trust roots, callbacks and the source of the secret, unless `overrides` has others: a secret
 * that is replaced or rotated in one is so in both, and credentials that the server refuses to one are not tried again
 * by the other before the pause is over. An option that excludes others (client_secret_file, issuer …) takes their
 * place. Each is freed with oauth_free(), in any order; cancelling one does not cancel the other. An authorization code
 * or a device code is not shared: set param.code or param.device_code to one of its own.
 *
 * Results and failures are those of oauth_client_new().
 */
oauth_status oauth_client_derive(const struct oauth_client *client,
                                 const struct oauth_config *overrides,
                                 struct oauth_client **client_out,
                                 struct oauth_error **error_out);

/**
 * A token that is good now: the one in hand, or a new one. Thread-safe; call it whenever a token is needed.
 *
 * While the token in hand is fresh, this makes no system call and allocates nothing. When it is due, one caller
 * renews it (within the option refresh_timeout) and all others get the one in hand at once. Without a usable token,
 * one caller fetches and the others wait, each at most as long as the option timeout says.
 *
 * On success `*token_out` is the token, to be freed with oauth_token_free(). On failure it is NULL, and if
 * `error_out` is not NULL, `*error_out` is the error, to be freed with oauth_error_free(). After a failure, calls
 * return it again without a request until oauth_error_retry_in_ms() have passed.
 */
oauth_status oauth_get_token(const struct oauth_client *client,
                             struct oauth_token **token_out,
                             struct oauth_error **error_out);

/**
 * As oauth_get_token(), within `timeout_ms` milliseconds instead of the option timeout. With 0 the call neither asks the
 * server nor waits for others.
 *
 * Whoever else waits for the same token is not let down by a short limit: one of them takes over. Fails with
 * OAUTH_ERROR_TIMEOUT where the limit passed. Thread-safe.
 */
oauth_status oauth_get_token_within(const struct oauth_client *client,
                                    uint32_t timeout_ms,
                                    struct oauth_token **token_out,
                                    struct oauth_error **error_out);

/**
 * Renews the token if that is due, or fetches the first one, within `timeout_ms` milliseconds; for hosts that have a
 * timer. With the option refresh = manual nobody else renews early, and with oauth_get_token_within() and a limit of 0
 * nobody else makes any request.
 *
 * Returns OAUTH_OK also where nothing is due, where another caller is at it, and during the pause after a failure.
 * Otherwise fails as oauth_get_token() does. Thread-safe.
 */
oauth_status oauth_client_refresh_if_due(const struct oauth_client *client,
                                         uint32_t timeout_ms,
                                         struct oauth_error **error_out);

/**
 * How many milliseconds until oauth_client_refresh_if_due() is worth calling, rounded up; -1 means at once, because no
 * token is usable and nothing stands in the way, or that `client` is NULL. Once the client is cancelled, a year.
 * Thread-safe.
 */
int64_t oauth_client_next_refresh_ms(const struct oauth_client *client);

/**
 * Stops a client for good: callers that wait, for another's request or for the next attempt of their own, a request
 * under way, and all later calls return OAUTH_ERROR_CANCELLED. It must still be freed.
 *
 * A name look-up and a TCP connection being opened are not broken off; they end by themselves, and so do callbacks
 * (oauth_request_is_cancelled() tells a transport). Returns OAUTH_OK or OAUTH_ERROR_ARGUMENT. Thread-safe.
 */
oauth_status oauth_client_cancel(const struct oauth_client *client);

/**
 * Says that an API answered 401 to this token (RFC 6750 section 3.1), so that the next oauth_get_token() fetches
 * another. The token remains the caller's to free.
 *
 * Only the token that is still handed out is dropped: a late 401 for an older one changes nothing. The first refusal
 * drops it at once; where its replacement is refused too, a token stays, and is handed out, until it is a second old,
 * then two, up to a minute, so that an API that refuses everything causes no storm. A 403 is no reason to call this
 * unless the API says so. Returns OAUTH_OK or OAUTH_ERROR_ARGUMENT. Thread-safe.
 */
oauth_status oauth_client_invalidate(const struct oauth_client *client,
                                     const struct oauth_token *token);

/**
 * Replaces the secret of the client, and of those that share its source (oauth_client_derive()), by `len` bytes, which
 * are copied and need no terminator; it stands in the place of client_secret, client_secret_file or a secret callback
 * from then on.
 *
 * A usable token stays in use; a pause after refused credentials ends. Returns OAUTH_OK, OAUTH_ERROR_ARGUMENT, or
 * OAUTH_ERROR_CONFIG where the secret is empty, holds a NUL byte or ends with a line end, or nothing that is sent would
 * hold it. Thread-safe.
 */
oauth_status oauth_client_set_secret(const struct oauth_client *client,
                                     const char *secret,
                                     size_t len);

/**
 * Forgets the token and the pause after a failure, so that the next oauth_get_token() makes a request.
 *
 * Returns OAUTH_OK or OAUTH_ERROR_ARGUMENT. Thread-safe.
 */
oauth_status oauth_client_reset(const struct oauth_client *client);

/**
 * Frees a client. NULL is ignored. No other thread may be using the client, nor may one of its own callbacks free it;
 * tokens and errors it gave out stay valid.
 */
void oauth_free(struct oauth_client *client);

/**
 * Frees a client; the same as oauth_free().
 */
void oauth_client_free(struct oauth_client *client);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* OAUTH_TOKEN_H */
