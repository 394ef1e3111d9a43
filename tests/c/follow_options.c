/* Prints all that a client does in two hours. The first argument says how its options are set: "environment", "json" with
 * the object behind it, or "names" with names and values behind it. */
#define _GNU_SOURCE
#include <errno.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "client.h"

/* What the time of day is at first, and what has been added to it. */
static const time_t start = 1700000000;
static time_t real_start;
static time_t passed;

/* Takes the place of the C library's, for the shared library too: the time of day is what this program says. */
int clock_gettime(clockid_t clock, struct timespec *time)
{
    if (syscall(SYS_clock_gettime, clock, time) != 0)
        return -1;
    if (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)
        time->tv_sec += start - real_start + passed;
    return 0;
}

/* Nor does anybody sleep. */
int nanosleep(const struct timespec *wanted, struct timespec *left)
{
    (void)wanted;
    (void)left;
    return 0;
}

int clock_nanosleep(clockid_t clock, int flags, const struct timespec *wanted, struct timespec *left)
{
    (void)clock;
    (void)flags;
    return nanosleep(wanted, left);
}

/* How long until the next attempt is a matter of chance, and so is not printed. */
static void print_line(void *userdata, int level, const char *message)
{
    const char *chance = strstr(message, "; next attempt");

    (void)userdata;
    printf("%d %.*s\n", level, (int)(chance == NULL ? strlen(message) : (size_t)(chance - message)),
           message);
}

static oauth_config *config_of(int count, char **arguments)
{
    const char *way = count > 1 ? arguments[1] : "";
    oauth_config *config = oauth_config_new();

    if (strcmp(way, "environment") == 0)
        CHECK_STATUS(oauth_config_set_from_env(config), OAUTH_OK);
    else if (strcmp(way, "json") == 0 && count == 3)
        CHECK_STATUS(oauth_config_set_json(config, arguments[2]), OAUTH_OK);
    else if (strcmp(way, "names") == 0)
        for (int i = 2; i + 1 < count; i += 2)
            CHECK_STATUS(oauth_config_set(config, arguments[i], arguments[i + 1]), OAUTH_OK);
    else
        exit(EXIT_FAILURE);
    CHECK_STATUS(oauth_config_set_log(config, OAUTH_LOG_WARN, print_line, NULL, NULL), OAUTH_OK);
    return config;
}

/* Asks, and prints what comes of it; times are rounded, because some passes. */
static void ask(const oauth_client *client)
{
    oauth_token *token = NULL;
    oauth_error *error = NULL;

    if (oauth_get_token(client, &token, &error) == OAUTH_OK) {
        printf("%s for %d min\n", oauth_token_access_token(token),
               (int)((oauth_token_expires_in_ms(token) + 30000) / 60000));
    } else {
        int64_t wait = oauth_error_retry_in_ms(error);

        printf("%s, again in %d s\n", oauth_error_message(error),
               wait < 70000 ? 0 : (int)((wait + 5000) / 10000) * 10);
    }
    oauth_error_free(error);
    oauth_token_free(token);
}

int main(int count, char **arguments)
{
    static const time_t minutes[] = {0, 49, 7, 5, 60};
    struct timespec now;
    oauth_config *config;
    oauth_client *client = NULL;
    oauth_error *error = NULL;

    CHECK(syscall(SYS_clock_gettime, CLOCK_REALTIME, &now) == 0);
    real_start = now.tv_sec;
    config = config_of(count, arguments);
    if (oauth_client_new(config, &client, &error) != OAUTH_OK) {
        printf("%s\n", oauth_error_message(error));
        oauth_error_free(error);
        oauth_config_free(config);
        return EXIT_SUCCESS;
    }
    for (size_t i = 0; i < sizeof minutes / sizeof *minutes; i++) {
        passed += minutes[i] * 60;
        ask(client);
    }
    oauth_free(client);
    oauth_config_free(config);
    return EXIT_SUCCESS;
}
