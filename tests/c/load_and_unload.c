/* Loads the library that the first argument names, uses it and unloads it, as often as the second says:
 * each time on a thread that was there before, on one that comes after, and on the main thread. The
 * third says whether it then "goes" or "stays", since it may have been made to stay. */
#include "process_state.h"

#include <dlfcn.h>
#include <malloc.h>
#include <sched.h>
#include <sys/syscall.h>

/* From then on memory must not grow: by no more than the allocator's own ups and downs, and a text of
 * ten bytes that ureq keeps in a static, which is lost with a library that goes. */
enum { WARM_UP = 50, UPS_AND_DOWNS = 65536, BYTES_A_ROUND = 64 };

static int rounds;

/* The functions that are used, by name. */
struct library {
    void *handle;
    oauth_config *(*config_new)(void);
    oauth_status (*config_set_from_env)(oauth_config *);
    void (*config_free)(oauth_config *);
    oauth_status (*client_new)(const oauth_config *, oauth_client **, oauth_error **);
    oauth_status (*get_token)(const oauth_client *, oauth_token **, oauth_error **);
    const char *(*access_token)(const oauth_token *);
    void (*token_free)(oauth_token *);
    void (*client_free)(oauth_client *);
};

static struct library library;
static pthread_barrier_t is_loaded, is_used;

static void find(void *function, const char *name)
{
    void *symbol = dlsym(library.handle, name);

    CHECK(symbol != NULL);
    memcpy(function, &symbol, sizeof symbol);
}

static void load(const char *path)
{
    library.handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (library.handle == NULL) {
        fprintf(stderr, "%s\n", dlerror());
        exit(EXIT_FAILURE);
    }
    find(&library.config_new, "oauth_config_new");
    find(&library.config_set_from_env, "oauth_config_set_from_env");
    find(&library.config_free, "oauth_config_free");
    find(&library.client_new, "oauth_client_new");
    find(&library.get_token, "oauth_get_token");
    find(&library.access_token, "oauth_token_access_token");
    find(&library.token_free, "oauth_token_free");
    find(&library.client_free, "oauth_free");
}

static void *use(void *unused)
{
    oauth_config *config = library.config_new();
    oauth_client *client = NULL;
    oauth_token *token = NULL;

    CHECK(library.config_set_from_env(config) == OAUTH_OK);
    CHECK(library.client_new(config, &client, NULL) == OAUTH_OK);
    library.config_free(config);
    CHECK(library.get_token(client, &token, NULL) == OAUTH_OK);
    CHECK_TEXT(library.access_token(token), "t");
    library.token_free(token);
    library.client_free(client);
    return unused;
}

static void *use_once(void *id)
{
    *(long *)id = syscall(SYS_gettid);
    return use(NULL);
}

static void use_on_new_thread(void)
{
    char entry[60];
    long id = 0;
    pthread_t younger;

    CHECK(pthread_create(&younger, NULL, use_once, &id) == 0);
    CHECK(pthread_join(younger, NULL) == 0);
    /* The system may list a joined thread for a moment. */
    snprintf(entry, sizeof entry, "/proc/self/task/%ld", id);
    while (access(entry, F_OK) == 0)
        sched_yield();
}

static void *use_each_time(void *unused)
{
    for (int round = 0; round < rounds; round++) {
        pthread_barrier_wait(&is_loaded);
        use(NULL);
        pthread_barrier_wait(&is_used);
    }
    /* Ends after all that was unloaded. */
    pthread_barrier_wait(&is_loaded);
    return unused;
}

/* What of the heap is in use. */
static size_t used_memory(void)
{
    return mallinfo2().uordblks;
}

int main(int count, char **arguments)
{
    struct process_state before;
    pthread_t older;
    size_t used_before = 0, used_after;
    bool stays;

    CHECK(count == 4);
    rounds = atoi(arguments[2]);
    stays = strcmp(arguments[3], "stays") == 0;
    CHECK(pthread_barrier_init(&is_loaded, NULL, 2) == 0);
    CHECK(pthread_barrier_init(&is_used, NULL, 2) == 0);
    CHECK(pthread_create(&older, NULL, use_each_time, NULL) == 0);
    take_state(&before);
    for (int round = 0; round < rounds; round++) {
        load(arguments[1]);
        pthread_barrier_wait(&is_loaded);
        pthread_barrier_wait(&is_used);
        use_on_new_thread();
        use(NULL);
        CHECK(dlclose(library.handle) == 0);
        library.handle = dlopen(arguments[1], RTLD_NOW | RTLD_NOLOAD);
        CHECK((library.handle != NULL) == stays);
        CHECK(library.handle == NULL || dlclose(library.handle) == 0);
        check_state(&before);
        if (round == WARM_UP)
            used_before = used_memory();
    }
    used_after = used_memory();
    printf("%zu bytes in use after %d rounds, %zu after %d\n", used_before, WARM_UP, used_after, rounds);
    CHECK(used_after < used_before + UPS_AND_DOWNS + (size_t)(rounds * BYTES_A_ROUND));
    pthread_barrier_wait(&is_loaded);
    CHECK(pthread_join(older, NULL) == 0);
    free(before.environment);
    return EXIT_SUCCESS;
}
