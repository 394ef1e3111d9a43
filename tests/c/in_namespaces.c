/* Runs a program in a world of its own.
 *
 *     in_namespaces read-only PROGRAM [ARGUMENT…]       there is no directory to write to
 *     in_namespaces no-etc PROGRAM [ARGUMENT…]          /etc is empty: no resolv.conf, no hosts, no certificates
 *     in_namespaces no-network PROGRAM [ARGUMENT…]      the same, and behind loopback there is nothing
 *     in_namespaces own-network PROGRAM [ARGUMENT…]     a name server knows every name, and port 8080 grants tokens
 *
 * Where the kernel forbids it, a line that begins `skipped:` says so.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "serve_one.h"

/* Not from <sys/mount.h>, which cannot be included beside <linux/mount.h> everywhere. */
int mount(const char *source, const char *target, const char *type, unsigned long flags, const void *data);

static void skip(const char *what)
{
    printf("skipped: %s: %s\n", what, strerror(errno));
    exit(EXIT_SUCCESS);
}

static void write_file(const char *path, const char *text)
{
    int file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);

    CHECK(file != -1 && write(file, text, strlen(text)) == (ssize_t)strlen(text));
    close(file);
}

/* New namespaces; where only a user of its own may have them, as that. */
static void enter(int namespaces)
{
    char map[40];
    unsigned user = (unsigned)geteuid();
    unsigned group = (unsigned)getegid();

    if (unshare(namespaces) != 0) {
        if (unshare(CLONE_NEWUSER | namespaces) != 0)
            skip("no namespaces can be had here");
        write_file("/proc/self/setgroups", "deny");
        snprintf(map, sizeof map, "0 %u 1", user);
        write_file("/proc/self/uid_map", map);
        snprintf(map, sizeof map, "0 %u 1", group);
        write_file("/proc/self/gid_map", map);
    }
    if (mount(NULL, "/", NULL, 1UL << 14 | 1UL << 18 /* MS_REC | MS_PRIVATE */, NULL) != 0)
        skip("mounts cannot be made private here");
}

static void cover_etc(void)
{
    if (mount("none", "/etc", "tmpfs", 0, NULL) != 0)
        skip("/etc cannot be covered here");
}

static void make_read_only(void)
{
    struct mount_attr attributes = {.attr_set = MOUNT_ATTR_RDONLY};

    if (syscall(SYS_mount_setattr, AT_FDCWD, "/", 0x8000 /* AT_RECURSIVE */, &attributes, sizeof attributes) != 0)
        skip("mounts cannot be made read-only here");
}

static void raise_loopback(void)
{
    struct ifreq request = {.ifr_name = "lo", .ifr_flags = IFF_UP};
    int any = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

    CHECK(any != -1 && ioctl(any, SIOCSIFFLAGS, &request) == 0);
    close(any);
}

static int bound(int type, uint16_t port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    int listening = socket(AF_INET, type | SOCK_CLOEXEC, 0);

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    CHECK(listening != -1 && bind(listening, (struct sockaddr *)&address, sizeof address) == 0);
    return listening;
}

/* Answers one question: for IPv4, 127.0.0.1; for anything else, that there is nothing (RFC 1035). */
static void answer_question(int names)
{
    static const unsigned char found[] = {0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 127, 0, 0, 1};
    unsigned char message[1024];
    struct sockaddr_storage peer;
    socklen_t size = sizeof peer;
    ssize_t received = recvfrom(names, message, 512, 0, (struct sockaddr *)&peer, &size);
    size_t end = 12;
    bool is_ipv4;

    CHECK(received > 17);
    while (message[end] != 0)
        end += message[end] + 1u;
    is_ipv4 = message[end + 2] == 1;
    end += 5;
    message[2] |= 0x80;
    message[3] = 0x80;
    /* One question, perhaps one answer, and nothing more. */
    memcpy(message + 6, (unsigned char[]){0, is_ipv4, 0, 0, 0, 0}, 6);
    if (is_ipv4)
        memcpy(message + end, found, sizeof found);
    end += is_ipv4 ? sizeof found : 0;
    CHECK(sendto(names, message, end, 0, (struct sockaddr *)&peer, size) == (ssize_t)end);
}

static void grant_token(int requests)
{
    serve_one(requests, "{\"access_token\":\"t\",\"expires_in\":3600}");
}

/* Serves by turns of a process, until the program ends. */
static void serve(void (*turn)(int listening), int listening)
{
    pid_t parent = getpid();
    pid_t child = fork();

    CHECK(child != -1);
    if (child > 0) {
        close(listening);
        return;
    }
    CHECK(prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && getppid() == parent);
    /* Whoever reads what the program prints must not wait for this process. */
    close(STDOUT_FILENO);
    for (;;)
        turn(listening);
}

int main(int count, char **arguments)
{
    const char *world = count > 2 ? arguments[1] : "";
    int requests;

    if (strcmp(world, "read-only") == 0) {
        enter(CLONE_NEWNS);
        make_read_only();
    } else if (strcmp(world, "no-etc") == 0) {
        enter(CLONE_NEWNS);
        cover_etc();
    } else if (strcmp(world, "no-network") == 0) {
        enter(CLONE_NEWNS | CLONE_NEWNET);
        cover_etc();
        raise_loopback();
    } else if (strcmp(world, "own-network") == 0) {
        enter(CLONE_NEWNS | CLONE_NEWNET);
        cover_etc();
        raise_loopback();
        write_file("/etc/resolv.conf", "nameserver 127.0.0.1\n");
        /* Of these, glibc loads the second as a library. */
        write_file("/etc/nsswitch.conf", "hosts: files hesiod dns\n");
        requests = bound(SOCK_STREAM, 8080);
        CHECK(listen(requests, 10) == 0);
        serve(grant_token, requests);
        serve(answer_question, bound(SOCK_DGRAM, 53));
    } else {
        CHECK(!"a known world");
    }
    execv(arguments[2], arguments + 2);
    perror(arguments[2]);
    return EXIT_FAILURE;
}
