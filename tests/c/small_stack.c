/* Makes calls on threads with little stack, and prints how much of it each took.
 *
 *     small_stack BYTES STATUS    the stack of a thread, and what oauth_get_token must return
 */
#define _GNU_SOURCE
#include "painted_stack.h"

#include "client.h"

static size_t stack_size;
static oauth_config *config;
static oauth_client *client;
static oauth_client *derived;
static const char *expected;

static void configure(void *unused)
{
    (void)unused;
    config = config_from_environment();
}

static void ignore_line(void *userdata, int level, const char *message)
{
    (void)userdata;
    (void)level;
    (void)message;
}

/* What is told of calls is written on their threads, too. */
static void set_json(void *unused)
{
    static const char json[] = "{\"scope\": \"read\", \"param.a\": \"{base64:{client_id}:{uuid}}\"}";

    (void)unused;
    CHECK_STATUS(oauth_config_set_json(config, json), OAUTH_OK);
    CHECK_STATUS(oauth_config_set_log(config, OAUTH_LOG_DEBUG, ignore_line, NULL, NULL), OAUTH_OK);
}

static void make_client(void *unused)
{
    (void)unused;
    client = client_of(config);
}

static void ask(void *client)
{
    oauth_error_free(outcome_of(client, expected));
}

static void ask_again(void *client)
{
    CHECK_STATUS(oauth_client_reset(client), OAUTH_OK);
    ask(client);
}

static void derive(void *unused)
{
    oauth_config *overrides = oauth_config_new();

    (void)unused;
    CHECK_STATUS(oauth_config_set(overrides, "scope", "write"), OAUTH_OK);
    CHECK_STATUS(oauth_client_derive(client, overrides, &derived, NULL), OAUTH_OK);
    oauth_config_free(overrides);
}

static void release(void *unused)
{
    (void)unused;
    oauth_free(derived);
    oauth_free(client);
    oauth_config_free(config);
}

static void measure(const char *name, void (*call)(void *argument), void *argument)
{
    printf("%zu %s\n", depth_of(call, argument, stack_size), name);
    fflush(stdout);
}

int main(int count, char **arguments)
{
    CHECK(count == 3);
    stack_size = (size_t)atol(arguments[1]);
    expected = arguments[2];
    measure("options from the environment", configure, NULL);
    measure("options as JSON", set_json, NULL);
    measure("a client", make_client, NULL);
    measure("a call", ask, client);
    measure("another call", ask_again, client);
    measure("one right after it", ask, client);
    measure("a derived client", derive, NULL);
    measure("a call of that", ask, derived);
    measure("the end", release, NULL);
    return EXIT_SUCCESS;
}
