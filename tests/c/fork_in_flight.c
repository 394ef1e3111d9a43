/* Forks while another thread's request is held back. The argument says what the child does. */
#include "signals.h"

#include <sys/types.h>
#include <sys/wait.h>

static oauth_client *client;

static void *take_token(void *unused)
{
    check_token(client, "t1");
    return unused;
}

/* A request of its own, although its parent's goes on. */
static void fetch(void)
{
    oauth_stats before = stats_of(client);

    check_token(client, "t2");
    check_token(client, "t2");
    CHECK(stats_of(client).requests == before.requests + 1);
    CHECK(stats_of(client).waited == before.waited);
}

/* The same by a timer of the child's. */
static void renew(void)
{
    CHECK(oauth_client_next_refresh_ms(client) == -1);
    CHECK_STATUS(oauth_client_refresh_if_due(client, 30000, NULL), OAUTH_OK);
    CHECK(oauth_client_next_refresh_ms(client) > 0);
    check_token(client, "t2");
}

/* What is cancelled is the child's. */
static void cancel(void)
{
    CHECK_STATUS(oauth_client_cancel(client), OAUTH_OK);
    oauth_error_free(refusal_of(client, OAUTH_ERROR_CANCELLED));
}

/* A child of the child. */
static void fork_again(void)
{
    int status = 0;
    pid_t child = fork();

    CHECK(child >= 0);
    if (child == 0) {
        alarm(30);
        check_token(client, "t2");
        _exit(EXIT_SUCCESS);
    }
    CHECK(waitpid(child, &status, 0) == child);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SUCCESS);
}

static void be_child(const char *what)
{
    /* A deadlock ends here. */
    alarm(30);
    if (strcmp(what, "fetch") == 0)
        fetch();
    else if (strcmp(what, "renew") == 0)
        renew();
    else if (strcmp(what, "cancel") == 0)
        cancel();
    else if (strcmp(what, "fork") == 0)
        fork_again();
    else
        CHECK(strcmp(what, "free") == 0);
    oauth_free(client);
    _exit(EXIT_SUCCESS);
}

int main(int count, char **arguments)
{
    pthread_t leader;
    int status = 0;
    pid_t child;

    CHECK(count == 2);
    client = client_from_environment();
    CHECK(pthread_create(&leader, NULL, take_token, NULL) == 0);
    wait_until_held();
    child = fork();
    CHECK(child >= 0);
    if (child == 0)
        be_child(arguments[1]);
    CHECK(waitpid(child, &status, 0) == child);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SUCCESS);
    release();
    CHECK(pthread_join(leader, NULL) == 0);
    check_token(client, "t1");
    CHECK(stats_of(client).requests == 1);
    oauth_free(client);
    return EXIT_SUCCESS;
}
