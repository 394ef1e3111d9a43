/* Runs a program from its start to its end and prints the nanoseconds of wall time and of processor time, and its peak
 * memory in bytes.
 *
 *     measure PROGRAM [ARGUMENT…]
 *
 * It is small because a process counts the peak of the one that it was started from as its own. */
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "nanoseconds.h"

extern char **environ;

static double processor_time(const struct timeval *time)
{
    return (double)time->tv_sec * 1e9 + (double)time->tv_usec * 1e3;
}

int main(int count, char **arguments)
{
    posix_spawn_file_actions_t actions;
    struct rusage usage;
    pid_t child;
    int status;
    double start;
    double end;

    if (count < 2)
        return EXIT_FAILURE;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    start = nanoseconds();
    if (posix_spawn(&child, arguments[1], &actions, NULL, arguments + 1, environ) != 0 ||
        wait4(child, &status, 0, &usage) != child) {
        perror(arguments[1]);
        return EXIT_FAILURE;
    }
    end = nanoseconds();
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        return EXIT_FAILURE;
    printf("%f %f %f\n", end - start, processor_time(&usage.ru_utime) + processor_time(&usage.ru_stime),
           (double)usage.ru_maxrss * 1024);
    return EXIT_SUCCESS;
}
