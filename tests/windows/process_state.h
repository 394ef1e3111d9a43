/* The same of a Windows process. Handles are not counted: those of Winsock stay once it has been used. */
#ifndef WINDOWS_PROCESS_STATE_H
#define WINDOWS_PROCESS_STATE_H

#include <locale.h>
#include <pthread.h>
#include <unistd.h>
#include <windows.h>
#include <tlhelp32.h>

#include "../c/check.h"

struct process_state {
    int threads;
    UINT error_mode;
    char locale[200];
    char directory[MAX_PATH];
    char *environment;
};

static inline int count_threads(void)
{
    HANDLE snapshot = CreateToolhelp32Snapshot(TH32CS_SNAPTHREAD, 0);
    THREADENTRY32 entry = {.dwSize = sizeof entry};
    int count = 0;

    CHECK(snapshot != INVALID_HANDLE_VALUE);
    for (BOOL more = Thread32First(snapshot, &entry); more; more = Thread32Next(snapshot, &entry))
        count += entry.th32OwnerProcessID == GetCurrentProcessId();
    CloseHandle(snapshot);
    return count;
}

/* All variables, one after the other. */
static inline char *environment_text(void)
{
    char *block = GetEnvironmentStringsA();
    size_t length = 0;
    char *text;

    CHECK(block != NULL);
    while (block[length] != '\0') {
        length += strlen(block + length) + 1;
        block[length - 1] = '\n';
    }
    text = malloc(length + 1);
    CHECK(text != NULL);
    memcpy(text, block, length + 1);
    FreeEnvironmentStringsA(block);
    return text;
}

static inline void take_state(struct process_state *state)
{
    memset(state, 0, sizeof *state);
    state->threads = count_threads();
    state->error_mode = GetErrorMode();
    snprintf(state->locale, sizeof state->locale, "%s", setlocale(LC_ALL, NULL));
    CHECK(GetCurrentDirectoryA(sizeof state->directory, state->directory) != 0);
    state->environment = environment_text();
}

/* Checks that all is as it was. */
static inline void check_state(const struct process_state *before)
{
    struct process_state now;

    take_state(&now);
    CHECK(now.threads == before->threads);
    CHECK(now.error_mode == before->error_mode);
    CHECK_TEXT(now.locale, before->locale);
    CHECK_TEXT(now.directory, before->directory);
    CHECK_TEXT(now.environment, before->environment);
    free(now.environment);
}

#endif
