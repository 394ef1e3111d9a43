/* Goes through exchanges, good and bad, on the main thread and on another, with
 * count_thread_locals.c preloaded. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>

#include "client.h"

int __cxa_thread_atexit_impl(void (*destructor)(void *), void *object, void *library);

static int (*thread_locals_counted)(void);

static void do_nothing(void *unused)
{
    (void)unused;
}

/* Otherwise zero would prove nothing. */
static void check_counting(void)
{
    pthread_key_t key;
    int before = thread_locals_counted();

    CHECK(pthread_key_create(&key, do_nothing) == 0);
    CHECK(pthread_key_delete(key) == 0);
    CHECK(__cxa_thread_atexit_impl(do_nothing, NULL, &thread_locals_counted) == 0);
    CHECK(thread_locals_counted() == before + 2);
}

static void get_token(const char *url, oauth_status expected)
{
    oauth_config *config = oauth_config_new();
    oauth_client *client = NULL;
    oauth_token *token = NULL;
    oauth_error *error = NULL;

    CHECK_STATUS(oauth_config_set_from_env(config), OAUTH_OK);
    if (url != NULL)
        CHECK_STATUS(oauth_config_set(config, "token_url", url), OAUTH_OK);
    CHECK_STATUS(oauth_client_new(config, &client, &error), OAUTH_OK);
    CHECK_STATUS(oauth_get_token(client, &token, &error), expected);
    oauth_token_free(token);
    oauth_error_free(error);
    oauth_free(client);
    oauth_config_free(config);
}

static void *go_through_exchanges(void *where)
{
    int before = thread_locals_counted();

    get_token(NULL, OAUTH_OK);
    get_token("https://127.0.0.1:1/token", OAUTH_ERROR_NETWORK);
    if (thread_locals_counted() != before) {
        fprintf(stderr, "%d calls on the %s thread\n", thread_locals_counted() - before,
                (const char *)where);
        exit(EXIT_FAILURE);
    }
    return NULL;
}

int main(void)
{
    pthread_t thread;
    void *symbol = dlsym(RTLD_DEFAULT, "thread_locals_counted");

    CHECK(symbol != NULL);
    memcpy(&thread_locals_counted, &symbol, sizeof symbol);
    check_counting();
    CHECK(pthread_create(&thread, NULL, go_through_exchanges, "other") == 0);
    CHECK(pthread_join(thread, NULL) == 0);
    go_through_exchanges("main");
    return EXIT_SUCCESS;
}
