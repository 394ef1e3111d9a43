/* Forks with clients of which one is derived from the other. The argument says whose request is under way meanwhile. */
#include "signals.h"

#include <sys/types.h>
#include <sys/wait.h>

static oauth_client *base, *derived;

static oauth_client *derived_from(const oauth_client *client, const char *scope)
{
    oauth_config *overrides = oauth_config_new();
    oauth_client *made = NULL;

    CHECK_STATUS(oauth_config_set(overrides, "scope", scope), OAUTH_OK);
    CHECK_STATUS(oauth_client_derive(client, overrides, &made, NULL), OAUTH_OK);
    oauth_config_free(overrides);
    return made;
}

static void *take_first_token(void *client)
{
    check_token(client, "t1");
    return NULL;
}

/* Both clients work, and so do those that are derived from them here; what they share is shared here alone. */
static void be_child(const char *of_base, const char *of_derived, const char *of_others)
{
    oauth_client *others[2];

    /* A deadlock ends here. */
    alarm(30);
    check_token(derived, of_derived);
    check_token(base, of_base);
    CHECK_STATUS(oauth_client_set_secret(derived, "secret of the child", 19), OAUTH_OK);
    check_token(base, of_base);
    others[0] = derived_from(base, "b");
    others[1] = derived_from(derived, "c");
    oauth_free(base);
    check_token(others[0], of_others);
    check_token(derived, of_derived);
    CHECK_STATUS(oauth_client_cancel(derived), OAUTH_OK);
    oauth_error_free(refusal_of(derived, OAUTH_ERROR_CANCELLED));
    oauth_free(derived);
    oauth_free(others[0]);
    oauth_error_free(refusal_of(others[1], OAUTH_ERROR_REJECTED));
    oauth_free(others[1]);
    _exit(EXIT_SUCCESS);
}

static void fork_and_wait(const char *of_base, const char *of_derived, const char *of_others)
{
    int status = 0;
    pid_t child = fork();

    CHECK(child >= 0);
    if (child == 0)
        be_child(of_base, of_derived, of_others);
    CHECK(waitpid(child, &status, 0) == child);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SUCCESS);
}

/* Each has its token in hand. */
static void fork_idle(void)
{
    pthread_t leader;

    CHECK(pthread_create(&leader, NULL, take_first_token, base) == 0);
    wait_until_held();
    release();
    CHECK(pthread_join(leader, NULL) == 0);
    check_token(derived, "t2");
    fork_and_wait("t1", "t2", "t3");
    check_token(base, "t1");
    check_token(derived, "t2");
    CHECK_STATUS(oauth_client_reset(derived), OAUTH_OK);
    check_token(derived, "t5");
}

/* One of them is asking, and the other has not yet asked. */
static void fork_in_flight(oauth_client *asking, oauth_client *other, const char *of_base, const char *of_derived)
{
    pthread_t leader;

    CHECK(pthread_create(&leader, NULL, take_first_token, asking) == 0);
    wait_until_held();
    fork_and_wait(of_base, of_derived, "t4");
    release();
    CHECK(pthread_join(leader, NULL) == 0);
    check_token(asking, "t1");
    check_token(other, "t6");
    CHECK(stats_of(asking).requests == 1 && stats_of(other).requests == 1);
}

int main(int count, char **arguments)
{
    const char *whose = arguments[1];

    CHECK(count == 2);
    base = client_from_environment();
    derived = derived_from(base, "a");
    if (strcmp(whose, "nobody's") == 0)
        fork_idle();
    else if (strcmp(whose, "the base's") == 0)
        fork_in_flight(base, derived, "t3", "t2");
    else if (strcmp(whose, "the derived one's") == 0)
        fork_in_flight(derived, base, "t3", "t2");
    else
        CHECK(!"a known argument");
    oauth_free(base);
    oauth_free(derived);
    return EXIT_SUCCESS;
}
