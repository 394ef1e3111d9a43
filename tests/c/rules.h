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
    unsigned long pages = 0;

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

static inline struct sock_filter step_of(unsigned code, unsigned operand, unsigned char if_true, unsigned char if_false)
{
    return (struct sock_filter){(unsigned short)code, if_true, if_false, operand};
}

/* Adds steps that kill the process where the value at hand is this, or has one of these bits. */
static inline size_t kill_where(struct sock_filter *steps, unsigned comparison, unsigned operand)
{
    steps[0] = step_of(BPF_JMP | comparison | BPF_K, operand, 0, 1);
    steps[1] = step_of(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS, 0, 0);
    return 2;
}

static inline size_t load(struct sock_filter *steps, size_t offset)
{
    steps[0] = step_of(BPF_LD | BPF_W | BPF_ABS, (unsigned)offset, 0, 0);
    return 1;
}

/* Holds until the process ends. */
static inline void enforce(struct sock_filter *steps, size_t count)
{
    struct sock_fprog filter = {(unsigned short)(count + 1), steps};

    steps[count] = step_of(BPF_RET | BPF_K, SECCOMP_RET_ALLOW, 0, 0);
    CHECK(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
    CHECK(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0);
}

/* From now on, whoever starts a thread, a process or a program is killed. */
static inline void forbid_processes(void)
{
    static const unsigned forbidden[] = {
        SYS_clone, SYS_clone3, SYS_execve, SYS_execveat,
#ifdef SYS_fork
        SYS_fork,  SYS_vfork,
#endif
    };
    struct sock_filter steps[20];
    size_t count = load(steps, offsetof(struct seccomp_data, nr));

    for (size_t i = 0; i < sizeof forbidden / sizeof *forbidden; i++)
        count += kill_where(steps + count, BPF_JEQ, forbidden[i]);
    enforce(steps, count);
}

/* From now on, whoever opens a file to write is killed. */
static inline void forbid_writing(void)
{
    const size_t lower_half = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? 0 : 4;
    struct sock_filter steps[20];
    size_t count = load(steps, offsetof(struct seccomp_data, nr));

#ifdef SYS_open
    count += kill_where(steps + count, BPF_JEQ, SYS_open);
    count += kill_where(steps + count, BPF_JEQ, SYS_creat);
#endif
    count += kill_where(steps + count, BPF_JEQ, SYS_openat2);
    count += kill_where(steps + count, BPF_JEQ, SYS_memfd_create);
    /* Past what looks at flags, unless it has some. */
    steps[count++] = step_of(BPF_JMP | BPF_JEQ | BPF_K, SYS_openat, 0, 3);
    count += load(steps + count, offsetof(struct seccomp_data, args[2]) + lower_half);
    count += kill_where(steps + count, BPF_JSET, O_WRONLY | O_RDWR | O_CREAT);
    enforce(steps, count);
}

static inline void *do_nothing(void *argument)
{
    return argument;
}

static inline void start_thread(void)
{
    pthread_t thread;

    pthread_create(&thread, NULL, do_nothing, NULL);
}

static inline void open_to_write(void)
{
    open("/dev/null", O_WRONLY);
}

/* That a deed costs a process its life under a rule: otherwise to have survived would prove nothing. */
static inline void check_forbidden(void (*rule)(void), void (*deed)(void))
{
    pid_t child = fork();
    int status;

    CHECK(child != -1);
    if (child == 0) {
        limit(RLIMIT_CORE, 0);
        rule();
        deed();
        _exit(EXIT_SUCCESS);
    }
    CHECK(waitpid(child, &status, 0) == child);
    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS);
}

#endif
