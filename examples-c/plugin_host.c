/*
 * A host that loads a plug-in, lets it work and unloads it again: plugin_host ./plugin.so
 *
 * It works on a thread that is older than the plug-in, on a younger one, and on the main thread. The
 * older thread goes on after the plug-in is gone.
 */
#define _POSIX_C_SOURCE 200809L
#include <dlfcn.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>

#include "plugin.h"

/* What the plug-in exports and what it started; NULL before and after. */
static const struct plugin *plugin;
static void *started;
static sem_t is_loaded, is_done, is_unloaded;

static void *work(void *name)
{
    printf("host: the %s is at it\n", (const char *)name);
    return plugin->work(started) == 0 ? name : NULL;
}

static void *be_older(void *name)
{
    void *worked;

    sem_wait(&is_loaded);
    worked = work(name);
    sem_post(&is_done);
    sem_wait(&is_unloaded);
    return worked;
}

int main(int count, char **arguments)
{
    static char older_name[] = "older thread", younger_name[] = "younger thread", main_name[] = "main thread";
    pthread_t older, younger;
    void *library, *older_worked, *younger_worked, *main_worked;

    sem_init(&is_loaded, 0, 0);
    sem_init(&is_done, 0, 0);
    sem_init(&is_unloaded, 0, 0);
    if (count != 2 || pthread_create(&older, NULL, be_older, older_name) != 0)
        return fputs("usage: plugin_host ./plugin.so\n", stderr), EXIT_FAILURE;

    library = dlopen(arguments[1], RTLD_NOW | RTLD_LOCAL);
    plugin = library == NULL ? NULL : dlsym(library, "plugin");
    started = plugin == NULL ? NULL : plugin->start();
    if (started == NULL)
        return fprintf(stderr, "plugin_host: %s does not start\n", arguments[1]), EXIT_FAILURE;

    sem_post(&is_loaded);
    sem_wait(&is_done);
    if (pthread_create(&younger, NULL, work, younger_name) != 0)
        return EXIT_FAILURE;
    pthread_join(younger, &younger_worked);
    main_worked = work(main_name);

    plugin->stop(started);
    plugin = NULL;
    dlclose(library);
    library = dlopen(arguments[1], RTLD_NOW | RTLD_NOLOAD);
    puts(library == NULL ? "host: the plug-in is gone" : "host: the plug-in is still there");

    sem_post(&is_unloaded);
    pthread_join(older, &older_worked);
    return older_worked && younger_worked && main_worked && library == NULL ? EXIT_SUCCESS : EXIT_FAILURE;
}
