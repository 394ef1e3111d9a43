/* Loads the library when it is needed, as plug-in hosts do, and prints the nanoseconds that loading it and the first
 * call take.
 *
 *     first_call PATH-OF-THE-LIBRARY
 */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

#include "nanoseconds.h"
#include "oauth_token.h"

static void *library;

/* Writes the address of a function to where `function_out` points: ISO C knows no conversion. */
static void find(const char *name, void *function_out)
{
    void *address = dlsym(library, name);

    if (address == NULL) {
        fprintf(stderr, "first_call: %s\n", dlerror());
        exit(EXIT_FAILURE);
    }
    *(void **)function_out = address;
}

int main(int count, char **arguments)
{
    oauth_config *(*config_new)(void);
    oauth_status (*set_from_env)(oauth_config *);
    oauth_status (*client_new)(const oauth_config *, oauth_client **, oauth_error **);
    oauth_status (*get_token)(const oauth_client *, oauth_token **, oauth_error **);
    oauth_config *config;
    oauth_client *client;
    oauth_token *token;
    double start = nanoseconds();
    double loaded;
    double made;

    library = count == 2 ? dlopen(arguments[1], RTLD_NOW | RTLD_LOCAL) : NULL;
    loaded = nanoseconds();
    if (library == NULL) {
        fprintf(stderr, "first_call: %s\n", dlerror());
        return EXIT_FAILURE;
    }
    find("oauth_config_new", &config_new);
    find("oauth_config_set_from_env", &set_from_env);
    find("oauth_client_new", &client_new);
    find("oauth_get_token", &get_token);

    config = config_new();
    set_from_env(config);
    if (client_new(config, &client, NULL) != OAUTH_OK)
        return EXIT_FAILURE;
    made = nanoseconds();
    if (get_token(client, &token, NULL) != OAUTH_OK)
        return EXIT_FAILURE;
    printf("%f %f\n", loaded - start, nanoseconds() - made);
    return EXIT_SUCCESS;
}
