/* What a host may forbid its own process. Linux only; to be included first. */
#ifndef RULES_H
#define RULES_H

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

/* Sets a limit that can be raised again; what it was. */
static inline rlim_t limit(int resource, rlim_t most)
{
    struct rlimit limits;
    rlim_t before;

    CHECK(getrlimit(resource, &limits) == 0);
    before = limits.rlim_cur;
    limits.rlim_cur = most;
    CHECK(setrlimit(resource, &limits) == 0);
    return before;
}

/* How many bytes of addresses the process has. */
static inline rlim_t address_space(void)
{
    FILE *statistics = fopen("/proc/self/statm", "r");
    unsigned long pages;

    CHECK(statistics != NULL && fscanf(statistics, "%lu", &pages) == 1);
    fclose(statistics);
    return (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE);
}

static inline void check_unwritable(const char *directory)
{
    char path[4096];

    snprintf(path, sizeof path, "%s/written", directory);
    CHECK(open(path, O_WRONLY | O_CREAT | O_EXCL, 0600) == -1);
    CHECK(errno == EROFS || errno == EACCES || errno == ENOENT);
}

/* From now on, whoever starts a thread, a process or a program is killed, name look-ups included. */
static inline void forbid_processes(void)
{
    static const int forbidden[] = {
        SYS_clone, SYS_clone3, SYS_execve, SYS_execveat,
#ifdef SYS_fork
        SYS_fork,  SYS_vfork,
#endif
    };
    enum { COUNT = sizeof forbidden / sizeof *forbidden };
    struct sock_filter filter[2 * COUNT + 2];
    struct sock_fprog program = {2 * COUNT + 2, filter};
    size_t next = 0;

    filter[next++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
    for (size_t i = 0; i < COUNT; i++) {
        filter[next++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)forbidden[i], 0, 1);
        filter[next++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS);
    }
    filter[next++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    CHECK(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
    CHECK(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0);
}

static inline void *do_nothing(void *argument)
{
    return argument;
}

/* That a thread costs a process its life under that rule: otherwise to have survived would prove nothing. */
static inline void check_processes_are_forbidden(void)
{
    pid_t child = fork();
    int status;

    CHECK(child != -1);
    if (child == 0) {
        pthread_t thread;

        limit(RLIMIT_CORE, 0);
        forbid_processes();
        pthread_create(&thread, NULL, do_nothing, NULL);
        _exit(EXIT_SUCCESS);
    }
    CHECK(waitpid(child, &status, 0) == child);
    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS);
}

#endif
