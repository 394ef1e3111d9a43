/* Asks for tokens in a process that lives by a rule.
 *
 *     live_by_rules RULE STATUS    what oauth_get_token must return under the rule
 */
#include "rules.h"

#include "client.h"

static bool is_rule(const char *rule, const char *name)
{
    return strcmp(rule, name) == 0;
}

static void ask(const oauth_client *client, const char *expected)
{
    oauth_error *error = outcome_of(client, expected);

    if (error != NULL)
        printf("%s %s\n", oauth_error_is_retryable(error) ? "retryable" : "final", oauth_error_message(error));
    oauth_error_free(error);
}

static void ask_twice(const oauth_client *client, const char *expected)
{
    ask(client, expected);
    CHECK_STATUS(oauth_client_reset(client), OAUTH_OK);
    ask(client, expected);
}

static void ask_as_usual(const char *expected)
{
    oauth_client *client = client_from_environment();

    ask_twice(client, expected);
    oauth_free(client);
}

/* A client that sends more than a connection takes at once. */
static oauth_client *client_of_many_words(void)
{
    enum { LENGTH = 6 << 20 };
    oauth_config *config = config_from_environment();
    char *words = calloc(1, LENGTH + 1);
    oauth_client *client;

    CHECK(words != NULL);
    memset(words, 'a', LENGTH);
    CHECK_STATUS(oauth_config_set(config, "param.words", words), OAUTH_OK);
    client = client_of(config);
    oauth_config_free(config);
    free(words);
    return client;
}

static void ask_without_signals(oauth_client *client, const char *expected)
{
    sigset_t all, before, after, pending;

    /* The C library leaves out what the system has no signals for. */
    memset(&before, 0, sizeof before);
    memset(&after, 0, sizeof after);
    sigfillset(&all);
    CHECK(pthread_sigmask(SIG_SETMASK, &all, NULL) == 0);
    CHECK(pthread_sigmask(SIG_BLOCK, NULL, &before) == 0);
    ask(client, expected);
    CHECK(pthread_sigmask(SIG_BLOCK, NULL, &after) == 0);
    CHECK(memcmp(&after, &before, sizeof before) == 0);
    /* Nothing waits to strike whoever unblocks them. */
    CHECK(sigpending(&pending) == 0);
    CHECK(sigisemptyset(&pending));
    oauth_free(client);
}

/* Beside the standard streams there may be two. */
static void ask_with_two_descriptors(const char *expected)
{
    limit(RLIMIT_NOFILE, 5);
    ask_as_usual(expected);
    CHECK(fcntl(3, F_GETFD) == -1 && fcntl(4, F_GETFD) == -1);
}

static void ask_with_five_descriptors(const char *expected)
{
    limit(RLIMIT_NOFILE, 8);
    ask_as_usual(expected);
}

/* There are too few, and then there are enough. */
static void ask_for_descriptors(rlim_t few, const char *expected)
{
    oauth_client *client = client_from_environment();
    rlim_t before = limit(RLIMIT_NOFILE, few);

    ask_twice(client, expected);
    limit(RLIMIT_NOFILE, before);
    CHECK_STATUS(oauth_client_reset(client), OAUTH_OK);
    ask_twice(client, "OAUTH_OK");
    oauth_free(client);
}

/* Each of the standard streams is closed in turn, so that the socket gets its number. */
static void ask_without_streams(const char *expected)
{
    oauth_client *client = client_from_environment();

    for (int stream = 0; stream < 3; stream++) {
        int kept = fcntl(stream, F_DUPFD_CLOEXEC, 50);
        oauth_token *token = NULL;
        oauth_status status;

        CHECK(kept >= 50);
        close(stream);
        status = oauth_get_token(client, &token, NULL);
        CHECK(fcntl(stream, F_GETFD) == -1);
        CHECK(dup2(kept, stream) == stream);
        CHECK_TEXT(oauth_status_name(status), expected);
        oauth_token_free(token);
        CHECK_STATUS(oauth_client_reset(client), OAUTH_OK);
    }
    oauth_free(client);
}

static void ask_without_files(const char *expected)
{
    static const char *const directories[] = {".", "/tmp", "/var/tmp", "/dev/shm", "/run", "/"};
    const char *temporary = getenv("TMPDIR");

    for (size_t i = 0; i < sizeof directories / sizeof *directories; i++)
        check_unwritable(directories[i]);
    CHECK(temporary != NULL);
    check_unwritable(temporary);
    /* Nor is one opened that there is already. */
    check_forbidden(forbid_writing, open_to_write);
    forbid_writing();
    ask_as_usual(expected);
}

static void ask_without_processes(const char *expected)
{
    check_forbidden(forbid_processes, start_thread);
    forbid_processes();
    ask_as_usual(expected);
}

/* As much as a few exchanges need, beside what is there already. */
static void ask_in_little_memory(const char *expected)
{
    limit(RLIMIT_AS, address_space() + (8 << 20));
    ask_as_usual(expected);
}

int main(int count, char **arguments)
{
    const char *rule = count == 3 ? arguments[1] : "";

    alarm(100);
    if (is_rule(rule, "no signals"))
        ask_without_signals(client_from_environment(), arguments[2]);
    else if (is_rule(rule, "no signals, many words"))
        ask_without_signals(client_of_many_words(), arguments[2]);
    else if (is_rule(rule, "two descriptors"))
        ask_with_two_descriptors(arguments[2]);
    else if (is_rule(rule, "five descriptors"))
        ask_with_five_descriptors(arguments[2]);
    else if (is_rule(rule, "one descriptor"))
        ask_for_descriptors(4, arguments[2]);
    else if (is_rule(rule, "no descriptor"))
        ask_for_descriptors(3, arguments[2]);
    else if (is_rule(rule, "no streams"))
        ask_without_streams(arguments[2]);
    else if (is_rule(rule, "no files"))
        ask_without_files(arguments[2]);
    else if (is_rule(rule, "no processes"))
        ask_without_processes(arguments[2]);
    else if (is_rule(rule, "little memory"))
        ask_in_little_memory(arguments[2]);
    else if (is_rule(rule, "none"))
        ask_as_usual(arguments[2]);
    else
        CHECK(!"a known rule");
    return EXIT_SUCCESS;
}
