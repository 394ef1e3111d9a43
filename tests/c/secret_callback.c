/* Gives the secret by a callback. The argument says what is tried. */
#include "secret_source.h"

#include <limits.h>

static void check_refusal(const oauth_client *client, const char *part, int code)
{
    oauth_error *error = refusal_of(client, OAUTH_ERROR_SECRET);

    CHECK_CONTAINS(oauth_error_message(error), part);
    CHECK(oauth_error_callback_code(error) == code);
    CHECK(oauth_error_http_status(error) == 0);
    oauth_error_free(error);
}

static int give_wrong_first(void *userdata, bool was_refused, oauth_secret_slot *slot)
{
    note(userdata, was_refused);
    CHECK_STATUS(oauth_secret_slot_set(slot, was_refused ? "right" : "wrong", 5), OAUTH_OK);
    return 0;
}

static int give_wrong(void *userdata, bool was_refused, oauth_secret_slot *slot)
{
    note(userdata, was_refused);
    CHECK_STATUS(oauth_secret_slot_set(slot, "wrong", 5), OAUTH_OK);
    return 0;
}

static int fail(void *userdata, bool was_refused, oauth_secret_slot *slot)
{
    note(userdata, was_refused);
    CHECK_STATUS(oauth_secret_slot_set(slot, "right", 5), OAUTH_OK);
    return ((struct source *)userdata)->code;
}

static int give_nothing(void *userdata, bool was_refused, oauth_secret_slot *slot)
{
    note(userdata, was_refused);
    CHECK(slot != NULL);
    return 0;
}

static int give_no_text(void *userdata, bool was_refused, oauth_secret_slot *slot)
{
    note(userdata, was_refused);
    CHECK_STATUS(oauth_secret_slot_set(slot, "caf\xe9", 4), OAUTH_ERROR_ARGUMENT);
    CHECK_STATUS(oauth_secret_slot_set(slot, NULL, 1), OAUTH_ERROR_ARGUMENT);
    CHECK_STATUS(oauth_secret_slot_set(slot, "a", SIZE_MAX), OAUTH_ERROR_ARGUMENT);
    return 0;
}

static int give_empty(void *userdata, bool was_refused, oauth_secret_slot *slot)
{
    note(userdata, was_refused);
    CHECK_STATUS(oauth_secret_slot_set(slot, "beyond", 0), OAUTH_OK);
    return 0;
}

static int give_null(void *userdata, bool was_refused, oauth_secret_slot *slot)
{
    note(userdata, was_refused);
    CHECK_STATUS(oauth_secret_slot_set(slot, NULL, 0), OAUTH_OK);
    return 0;
}

static int give_inner_nul(void *userdata, bool was_refused, oauth_secret_slot *slot)
{
    note(userdata, was_refused);
    CHECK_STATUS(oauth_secret_slot_set(slot, "ri\0ght", 6), OAUTH_OK);
    return 0;
}

static int give_twice(void *userdata, bool was_refused, oauth_secret_slot *slot)
{
    note(userdata, was_refused);
    CHECK_STATUS(oauth_secret_slot_set(slot, "wrong", 5), OAUTH_OK);
    CHECK_STATUS(oauth_secret_slot_set(slot, "right", 5), OAUTH_OK);
    /* What is refused changes nothing. */
    CHECK_STATUS(oauth_secret_slot_set(slot, "caf\xe9", 4), OAUTH_ERROR_ARGUMENT);
    CHECK_STATUS(oauth_secret_slot_set(slot, NULL, 3), OAUTH_ERROR_ARGUMENT);
    return 0;
}

static void *take_token(void *client)
{
    check_token(client, "t1");
    return NULL;
}

static void be_given(void)
{
    struct source source = {0};
    oauth_client *client = client_asking(give_right, &source);
    pthread_t thread;

    CHECK(pthread_create(&thread, NULL, take_token, client) == 0);
    CHECK(pthread_join(thread, NULL) == 0);
    CHECK(source.calls == 1 && !source.refusals[0]);
    CHECK(pthread_equal(source.thread, thread));
    /* The token in hand needs no secret. */
    check_token(client, "t1");
    CHECK(source.calls == 1);
    CHECK_STATUS(oauth_client_reset(client), OAUTH_OK);
    check_token(client, "t2");
    CHECK(source.calls == 2 && !source.refusals[1]);
    CHECK(pthread_equal(source.thread, pthread_self()));
    oauth_free(client);
}

static void be_refused(void)
{
    struct source source = {0};
    oauth_client *client = client_asking(give_wrong_first, &source);

    check_token(client, "t2");
    CHECK(source.calls == 2 && !source.refusals[0] && source.refusals[1]);
    oauth_free(client);
}

static void be_paused(void)
{
    struct source source = {0};
    oauth_client *client = client_asking(give_wrong, &source);

    for (int i = 0; i < 4; i++) {
        oauth_error *error = refusal_of(client, OAUTH_ERROR_REJECTED);

        CHECK(oauth_error_is_repeated(error) == (i > 0));
        CHECK(oauth_error_callback_code(error) == 0);
        oauth_error_free(error);
        CHECK_STATUS(oauth_client_refresh_if_due(client, 60000, NULL), OAUTH_OK);
        CHECK(source.calls == 2 && !source.refusals[0] && source.refusals[1]);
    }
    oauth_free(client);
}

static void be_failed(void)
{
    const int codes[] = {1, -1, 42, INT_MAX, INT_MIN};

    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        struct source source = {.code = codes[i]};
        oauth_client *client = client_asking(fail, &source);
        char text[20];

        if (codes[i] == INT_MIN) /* What oauth_token.hpp returns for an exception. */
            strcpy(text, "threw an exception");
        else
            snprintf(text, sizeof text, "%d", codes[i]);
        check_refusal(client, text, codes[i]);
        /* It is told again, and not asked for again. */
        check_refusal(client, text, codes[i]);
        CHECK(source.calls == 1);
        source.code = 0;
        CHECK_STATUS(oauth_client_reset(client), OAUTH_OK);
        oauth_token_free(token_of(client));
        CHECK(source.calls == 2 && !source.refusals[1]);
        oauth_free(client);
    }
}

static void be_misled(oauth_secret_fn callback, const char *part)
{
    struct source source = {0};
    oauth_client *client = client_asking(callback, &source);

    check_refusal(client, part, 0);
    CHECK(source.calls == 1);
    oauth_free(client);
}

static void be_given_twice(void)
{
    struct source source = {0};
    oauth_client *client = client_asking(give_twice, &source);

    check_token(client, "t1");
    CHECK(source.calls == 1);
    oauth_free(client);
}

/* Refused when the client is made. */
static void contradict(const char *option, const char *value, const char *part)
{
    struct source source = {0};
    oauth_config *config = config_from_environment();
    oauth_client *client = NULL;
    oauth_error *error = NULL;

    CHECK_STATUS(oauth_config_set_secret_callback(config, give_right, &source, NULL), OAUTH_OK);
    CHECK_STATUS(oauth_config_set(config, option, value), OAUTH_OK);
    CHECK_STATUS(oauth_client_new(config, &client, &error), OAUTH_ERROR_CONFIG);
    CHECK(client == NULL && source.calls == 0);
    CHECK_CONTAINS(oauth_error_message(error), part);
    oauth_error_free(error);
    oauth_config_free(config);
}

int main(int count, char **arguments)
{
    const char *what = arguments[1];

    CHECK(count == 2);
    /* A deadlock ends here. */
    alarm(60);
    if (strcmp(what, "given") == 0) {
        be_given();
    } else if (strcmp(what, "refused") == 0) {
        be_refused();
    } else if (strcmp(what, "paused") == 0) {
        be_paused();
    } else if (strcmp(what, "failed") == 0) {
        be_failed();
    } else if (strcmp(what, "misled") == 0) {
        be_misled(give_nothing, "without putting a secret into the slot");
        be_misled(give_no_text, "without putting a secret into the slot");
        be_misled(give_empty, "empty");
        be_misled(give_null, "empty");
        be_misled(give_inner_nul, "NUL");
    } else if (strcmp(what, "twice") == 0) {
        be_given_twice();
    } else {
        CHECK(strcmp(what, "contradicted") == 0);
        contradict("client_secret", "right", "callback");
        contradict("client_secret_file", "/dev/null", "callback");
        contradict("client_auth", "none", "nothing would send it");
    }
    return EXIT_SUCCESS;
}
