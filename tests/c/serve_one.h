/* A server for one connection at a time. Unix only. */
#ifndef SERVE_ONE_H
#define SERVE_ONE_H

#include <sys/socket.h>
#include <unistd.h>

#include "check.h"

/* Takes one request for a token from one connection, answers it, and waits for the client to close. */
static inline void serve_one(int listener, const char *answer)
{
    int connection = accept(listener, NULL, NULL);
    char request[4096] = "";
    size_t length = 0;
    char reply[1024];
    int size = snprintf(reply, sizeof reply,
                        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n"
                        "Connection: close\r\n\r\n%s",
                        strlen(answer), answer);

    while (strstr(request, "client_credentials") == NULL && length < sizeof request - 1) {
        ssize_t received = read(connection, request + length, sizeof request - 1 - length);

        CHECK(received > 0);
        length += (size_t)received;
    }
    CHECK(write(connection, reply, (size_t)size) == size);
    shutdown(connection, SHUT_WR);
    CHECK(read(connection, request, sizeof request) == 0);
    close(connection);
}

#endif
