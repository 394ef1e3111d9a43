/* Asks for tokens, which it grants itself, where time is odd. The first argument says in what way: "far" ahead, so far that
 * 32 bits do not hold the time of day; "broken"; or "long", with the seconds that a token is said to live and does behind. */
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

/* What the answers say. */
static const char *expires_in = "3600";
static int answers;

static int grant(void *unused, const oauth_request *request, oauth_response *response)
{
    char body[100];
    int length = snprintf(body, sizeof body, "{\"access_token\":\"t%d\",\"expires_in\":%s}", ++answers, expires_in);

    (void)unused;
    (void)request;
    CHECK_STATUS(oauth_response_set_body(response, body, (size_t)length), OAUTH_OK);
    CHECK_STATUS(oauth_response_set_status(response, 200), OAUTH_OK);
    return 0;
}

static oauth_client *granted_client(void)
{
    oauth_config *config = config_from_environment();
    oauth_client *client;

    CHECK_STATUS(oauth_config_set_transport(config, grant, NULL, NULL), OAUTH_OK);
    client = client_of(config);
    oauth_config_free(config);
    return client;
}

static void ask_far_ahead(void)
{
    int64_t now = (int64_t)time(NULL), expires_at;
    oauth_client *client;
    oauth_token *token;

    ahead = 100 * years;
    client = granted_client();
    token = token_of(client);
    expires_at = oauth_token_expires_at(token);
    /* The library's time of day may be some milliseconds behind, and the machine slow. */
    CHECK(expires_at >= now + ahead + 3600 - 1 && expires_at <= now + ahead + 2 * 3600);
    CHECK(oauth_token_expires_in_ms(token) > 0 && oauth_token_expires_in_ms(token) <= 3600 * 1000);
    oauth_token_free(token);

    check_token(client, "t1");
    /* It is over by the time of day, however little has passed. */
    ahead += 3600;
    check_token(client, "t2");
    oauth_free(client);
}

/* Nothing else that a program can do makes the library panic. */
static void ask_without_a_clock(void)
{
    oauth_client *client = granted_client();
    oauth_error *error;

    is_broken = true;
    error = refusal_of(client, OAUTH_ERROR_INTERNAL);
    CHECK_CONTAINS(oauth_error_message(error), "a panic was caught");
    oauth_error_free(error);

    is_broken = false;
    check_token(client, "t1");
    oauth_free(client);
}

static void live_long(int64_t seconds)
{
    int64_t now = (int64_t)time(NULL), left;
    oauth_client *client = granted_client();
    oauth_token *token = token_of(client);

    CHECK(oauth_token_expires_at(token) >= now + seconds - 1);
    CHECK(oauth_token_expires_at(token) <= (int64_t)time(NULL) + seconds);
    left = oauth_token_expires_in_ms(token);
    CHECK(left > (seconds - 600) * 1000 && left <= seconds * 1000);
    /* It is not due before a span that 32 bits do not hold either. */
    CHECK(oauth_client_next_refresh_ms(client) > UINT32_MAX);
    CHECK(!oauth_token_is_expiry_assumed(token));
    oauth_token_free(token);
    check_token(client, "t1");
    oauth_free(client);
}

int main(int count, char **arguments)
{
    CHECK(count >= 2);
    if (strcmp(arguments[1], "far") == 0) {
        ask_far_ahead();
    } else if (strcmp(arguments[1], "broken") == 0) {
        ask_without_a_clock();
    } else {
        CHECK(count == 4);
        expires_in = arguments[2];
        live_long(strtoll(arguments[3], NULL, 10));
    }
    return EXIT_SUCCESS;
}
