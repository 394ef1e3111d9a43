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
 * The server said no: an OAuth error (RFC 6749 section 5.2), or a 401 or 403.
 */
#define OAUTH_ERROR_REJECTED -7

/**
 * The server failed, is overloaded, or answered with an error that is not one of OAuth's.
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
oauth_config *oauth_config_new(void);

/**
 * Sets an option by its name from a terminated string; the README lists all options.
 *
 * Durations are "30s", "500ms", "5m", "1h" or a bare number of seconds; sizes are "256KiB", "1MiB" or a bare number
 * of bytes; truth is "true" or "false". "param.NAME" and "header.NAME" add parameters and headers to the token
 * request. Both strings are copied.
 *
 * Returns OAUTH_OK, OAUTH_ERROR_CONFIG (unknown name or impossible value) or OAUTH_ERROR_ARGUMENT. A failure is also
 * remembered and reported, with a message, by oauth_client_new(): checking there alone is enough.
 */
oauth_status oauth_config_set(oauth_config *config,
                              const char *name,
                              const char *value);

/**
 * Sets an option by its name from `len` bytes that need no terminator; NULL with length 0 is empty text.
 *
 * Otherwise as oauth_config_set(). A value that holds a NUL byte is refused.
 */
oauth_status oauth_config_set_bytes(oauth_config *config,
                                    const char *name,
                                    const char *value,
                                    size_t len);

/**
 * Sets many options from a JSON object, such as {"token_url": "https://…", "timeout": 10, "param": {"tenant": "a"}}.
 *
 * Returns and remembers failures as oauth_config_set().
 */
oauth_status oauth_config_set_json(oauth_config *config,
                                   const char *json);

/**
 * Sets what the environment names: OAUTH_TOKEN_URL, OAUTH_CLIENT_ID … for each option, and OAUTH_CONFIG, a JSON
 * object as for oauth_config_set_json(). A variable of its own wins over OAUTH_CONFIG; an empty one counts as not
 * set.
 *
 * Returns and remembers failures as oauth_config_set(). No other thread may change the environment meanwhile.
 */
oauth_status oauth_config_set_from_env(oauth_config *config);

/**
 * Frees a config. NULL is ignored.
 */
void oauth_config_free(oauth_config *config);

/**
 * The access token itself (RFC 6749 section 1.4); NULL only if `token` is NULL.
 */
const char *oauth_token_access_token(const oauth_token *token);

/**
 * "Bearer …", ready to be the value of an Authorization header (RFC 6750 section 2.1); NULL only if `token` is NULL.
 */
const char *oauth_token_authorization(const oauth_token *token);

/**
 * The token_type as the server wrote it; NULL if it did not. However it is written, the token is a bearer.
 */
const char *oauth_token_token_type(const oauth_token *token);

/**
 * The scope that the server says it granted; NULL if it said nothing, which means what was asked for (RFC 6749
 * section 5.1).
 */
const char *oauth_token_scope(const oauth_token *token);

/**
 * The ID token, where the server sent one; NULL if it did not. It is not checked.
 */
const char *oauth_token_id_token(const oauth_token *token);

/**
 * Any other field of the server's answer: texts as they are, all else as JSON; NULL if there is none of that name.
 */
const char *oauth_token_field(const oauth_token *token,
                              const char *name);

/**
 * The end of the token's life in seconds since 1970-01-01T00:00:00Z; 0 if `token` is NULL.
 */
int64_t oauth_token_expires_at(const oauth_token *token);

/**
 * How much of the token's life is left, in milliseconds; 0 or less when it is over, or if `token` is NULL.
 */
int64_t oauth_token_expires_in_ms(const oauth_token *token);

/**
 * Another handle to the same token, to be freed on its own with oauth_token_free(); NULL if `token` is NULL.
 */
oauth_token *oauth_token_clone(const oauth_token *token);

/**
 * Frees a token and the strings read from it. NULL is ignored.
 */
void oauth_token_free(oauth_token *token);

/**
 * The status that the failed call returned; OAUTH_OK if `error` is NULL.
 */
oauth_status oauth_error_status(const oauth_error *error);

/**
 * The whole story in one line: the option or the thing received, and the likely fix. It holds no secret and no token.
 * NULL only if `error` is NULL.
 */
const char *oauth_error_message(const oauth_error *error);

/**
 * The error code that the server sent, such as "invalid_client" (RFC 6749 section 5.2), or one of its own; NULL if it
 * sent none.
 */
const char *oauth_error_code(const oauth_error *error);

/**
 * What the server said in words, on one line and cut to a sane length; NULL if it said nothing.
 */
const char *oauth_error_description(const oauth_error *error);

/**
 * The status of the HTTP answer, such as 401; 0 if there was none.
 */
int32_t oauth_error_http_status(const oauth_error *error);

/**
 * How many milliseconds from the failed call on until the client will ask the server again; -1 if it does not say.
 */
int64_t oauth_error_retry_in_ms(const oauth_error *error);

/**
 * Whether the same call may succeed later without anything being put right.
 */
bool oauth_error_is_retryable(const oauth_error *error);

/**
 * Whether this is an earlier failure told again, without a request.
 */
bool oauth_error_is_repeated(const oauth_error *error);

/**
 * Frees an error and the strings read from it. NULL is ignored.
 */
void oauth_error_free(oauth_error *error);

/**
 * Makes a client from a config, which is copied. No request is made before the first oauth_get_token().
 *
 * On success `*client_out` is the client, to be freed with oauth_free(). On failure it is NULL, and if `error_out` is
 * not NULL, `*error_out` is the error, to be freed with oauth_error_free(). Fails with OAUTH_ERROR_CONFIG where an
 * option is missing, was refused when it was set, contradicts another, or names a file that cannot be read.
 */
oauth_status oauth_client_new(const oauth_config *config,
                              oauth_client **client_out,
                              oauth_error **error_out);

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
oauth_status oauth_get_token(const oauth_client *client,
                             oauth_token **token_out,
                             oauth_error **error_out);

/**
 * Says that an API answered 401 to this token (RFC 6750 section 3.1), so that the next oauth_get_token() fetches
 * another. The token remains the caller's to free.
 *
 * Only the token that is still handed out is dropped: a late 401 for an older one changes nothing. A 403 is no reason
 * to call this unless the API says so. Returns OAUTH_OK or OAUTH_ERROR_ARGUMENT. Thread-safe.
 */
oauth_status oauth_client_invalidate(const oauth_client *client,
                                     const oauth_token *token);

/**
 * Replaces the client's secret by `len` bytes, which are copied and need no terminator.
 *
 * A usable token stays in use; a pause after refused credentials ends. Returns OAUTH_OK, OAUTH_ERROR_ARGUMENT, or
 * OAUTH_ERROR_CONFIG where the secret is empty or holds a NUL byte, or nothing that is sent would hold it.
 * Thread-safe.
 */
oauth_status oauth_client_set_secret(const oauth_client *client,
                                     const char *secret,
                                     size_t len);

/**
 * Forgets the token and the pause after a failure, so that the next oauth_get_token() makes a request.
 *
 * Returns OAUTH_OK or OAUTH_ERROR_ARGUMENT. Thread-safe.
 */
oauth_status oauth_client_reset(const oauth_client *client);

/**
 * Frees a client. NULL is ignored. No other thread may be using the client; tokens and errors it gave out stay
 * valid.
 */
void oauth_free(oauth_client *client);

/**
 * Frees a client; the same as oauth_free().
 */
void oauth_client_free(oauth_client *client);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* OAUTH_TOKEN_H */
