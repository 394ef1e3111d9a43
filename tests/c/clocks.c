/* Asks for a token where the time of day is odd. The first argument says in what way: "far" ahead, so far that 32 bits do not
 * hold it, or "broken". */
#define _GNU_SOURCE
#include <errno.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "client.h"

static const int64_t years = INT64_C(365) * 86400;
static int64_t ahead;
static bool is_broken;

/* What the kernel fills where its seconds have 64 bits, whatever the C library calls it. */
struct wide_time {
    int64_t seconds;
    int64_t nanoseconds;
};

/* Both take the place of the C library's, for the shared library too. On 32 bits it has this one beside the older. */
int __clock_gettime64(clockid_t clock, struct wide_time *time);

int __clock_gettime64(clockid_t clock, struct wide_time *time)
{
    struct timespec now;

    if (is_broken) {
        errno = EINVAL;
        return -1;
    }
    if (syscall(SYS_clock_gettime, clock, &now) != 0)
        return -1;
    time->seconds = (int64_t)now.tv_sec;
    time->nanoseconds = (int64_t)now.tv_nsec;
    if (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)
        time->seconds += ahead;
    return 0;
}

int clock_gettime(clockid_t clock, struct timespec *time)
{
    struct wide_time wide;

    if (__clock_gettime64(clock, &wide) != 0)
        return -1;
    time->tv_sec = (time_t)wide.seconds;
    time->tv_nsec = (long)wide.nanoseconds;
    if ((int64_t)time->tv_sec == wide.seconds)
        return 0;
    errno = EOVERFLOW;
    return -1;
}

static void ask_far_ahead(void)
{
    int64_t now = (int64_t)time(NULL);
    oauth_client *client;
    oauth_token *token;

    ahead = 100 * years;
    client = client_from_environment();
    token = token_of(client);
    CHECK_TEXT(oauth_token_access_token(token), "t1");
    /* The hour of its life may begin late where the machine is slow. */
    CHECK(oauth_token_expires_at(token) >= now + ahead + 3600);
    CHECK(oauth_token_expires_at(token) <= now + ahead + 2 * 3600);
    CHECK(oauth_token_expires_in_ms(token) > 0 && oauth_token_expires_in_ms(token) <= 3600 * 1000);
    oauth_token_free(token);

    /* The token is over by the time of day, however little has passed. */
    ahead += 3600;
    token = token_of(client);
    CHECK_TEXT(oauth_token_access_token(token), "t2");
    oauth_token_free(token);
    oauth_free(client);
}

/* Nothing else of what a program can do makes the library panic. */
static void ask_without_a_clock(void)
{
    oauth_client *client = client_from_environment();
    oauth_token *token;
    oauth_error *error;

    is_broken = true;
    error = refusal_of(client, OAUTH_ERROR_INTERNAL);
    CHECK_CONTAINS(oauth_error_message(error), "a panic was caught");
    oauth_error_free(error);

    is_broken = false;
    token = token_of(client);
    CHECK_TEXT(oauth_token_access_token(token), "t1");
    oauth_token_free(token);
    oauth_free(client);
}

int main(int argc, char **argv)
{
    CHECK(argc == 2);
    if (strcmp(argv[1], "far") == 0)
        ask_far_ahead();
    else
        ask_without_a_clock();
    return EXIT_SUCCESS;
}
