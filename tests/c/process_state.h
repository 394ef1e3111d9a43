/* What of a process a library can change behind the host's back, as of one moment; to be included
 * first. */
#ifdef _WIN32
#include "../windows/process_state.h"
#endif

#if defined __linux__ && !defined PROCESS_STATE_H
#define PROCESS_STATE_H

#define _GNU_SOURCE

#include <dirent.h>
#include <locale.h>
#include <pthread.h>
#include <signal.h>
#include <sys/time.h>
#include <unistd.h>

#include "check.h"

enum { SIGNALS = 65 };

struct process_state {
    int threads;
    int descriptors;
    struct sigaction dispositions[SIGNALS];
    sigset_t blocked;
    struct itimerval timers[3];
    char locale[200];
    char directory[4096];
    char *environment;
};

extern char **environ;

static inline int entries_of(const char *path)
{
    int count = 0;
    DIR *directory = opendir(path);

    CHECK(directory != NULL);
    while (readdir(directory) != NULL)
        count++;
    closedir(directory);
    return count;
}

static inline int count_threads(void)
{
    return entries_of("/proc/self/task");
}

/* All variables, one after the other. */
static inline char *environment_text(void)
{
    size_t length = 1;
    char *text, *end;

    for (char **variable = environ; *variable != NULL; variable++)
        length += strlen(*variable) + 1;
    text = end = malloc(length);
    CHECK(text != NULL);
    for (char **variable = environ; *variable != NULL; variable++)
        end += sprintf(end, "%s\n", *variable);
    *end = '\0';
    return text;
}

static inline void take_state(struct process_state *state)
{
    memset(state, 0, sizeof *state);
    state->threads = count_threads();
    state->descriptors = entries_of("/proc/self/fd");
    for (int number = 1; number < SIGNALS; number++)
        sigaction(number, NULL, &state->dispositions[number]);
    CHECK(pthread_sigmask(SIG_BLOCK, NULL, &state->blocked) == 0);
    CHECK(getitimer(ITIMER_REAL, &state->timers[0]) == 0);
    CHECK(getitimer(ITIMER_VIRTUAL, &state->timers[1]) == 0);
    CHECK(getitimer(ITIMER_PROF, &state->timers[2]) == 0);
    snprintf(state->locale, sizeof state->locale, "%s", setlocale(LC_ALL, NULL));
    CHECK(getcwd(state->directory, sizeof state->directory) != NULL);
    state->environment = environment_text();
}

/* Checks that all is as it was. */
static inline void check_state(const struct process_state *before)
{
    struct process_state now;

    take_state(&now);
    CHECK(now.threads == before->threads);
    CHECK(now.descriptors == before->descriptors);
    for (int number = 1; number < SIGNALS; number++) {
        CHECK(now.dispositions[number].sa_handler == before->dispositions[number].sa_handler);
        CHECK(now.dispositions[number].sa_flags == before->dispositions[number].sa_flags);
    }
    CHECK(memcmp(&now.blocked, &before->blocked, sizeof now.blocked) == 0);
    CHECK(memcmp(&now.timers, &before->timers, sizeof now.timers) == 0);
    CHECK_TEXT(now.locale, before->locale);
    CHECK_TEXT(now.directory, before->directory);
    CHECK_TEXT(now.environment, before->environment);
    free(now.environment);
}

#endif
