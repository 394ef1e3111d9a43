/* To be preloaded: counts how often somebody asks to be called back when a thread ends. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

int __cxa_thread_atexit_impl(void (*destructor)(void *), void *object, void *library);
int __pthread_key_create(pthread_key_t *key, void (*destructor)(void *));
int thread_locals_counted(void);

static atomic_int counted;

static void find_next(void *function, size_t size, const char *name)
{
    void *symbol = dlsym(RTLD_NEXT, name);
    memcpy(function, &symbol, size);
}

int thread_locals_counted(void)
{
    return atomic_load(&counted);
}

int __cxa_thread_atexit_impl(void (*destructor)(void *), void *object, void *library)
{
    int (*next)(void (*)(void *), void *, void *);

    atomic_fetch_add(&counted, 1);
    find_next(&next, sizeof next, "__cxa_thread_atexit_impl");
    return next(destructor, object, library);
}

int pthread_key_create(pthread_key_t *key, void (*destructor)(void *))
{
    int (*next)(pthread_key_t *, void (*)(void *));

    if (destructor != NULL)
        atomic_fetch_add(&counted, 1);
    find_next(&next, sizeof next, "pthread_key_create");
    return next(key, destructor);
}

int __pthread_key_create(pthread_key_t *key, void (*destructor)(void *))
{
    return pthread_key_create(key, destructor);
}
