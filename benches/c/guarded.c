/* What `.ci/guards` counts the instructions, allocations and system calls of. Nothing here leaves the process.
 *
 *     guarded hits COUNT      takes a token that is in hand
 *     guarded answers COUNT   asks for a token that a transport of its own answers: a request is made, an answer read
 *     guarded exchange        asks for one over plain HTTP, from a thread of its own
 *
 * Whoever traces the program finds what is meant between two system calls that nothing else makes.
 */
#include <arpa/inet.h>
#include <pthread.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "client.h"
#include "serve_one.h"

#define ANSWER                                                                                       \
    "{\"access_token\":\"eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJteS1zZXJ2aWNlIn0.c2lnbmF0dXJl\","           \
    "\"token_type\":\"Bearer\",\"expires_in\":3600,\"scope\":\"read write\",\"session_state\":\"7\"}"

static oauth_client *client;

static void mark(void)
{
    syscall(SYS_getpgid, 0);
}

static oauth_config *new_config(const char *url)
{
    oauth_config *config = oauth_config_new();

    set_server(config, url);
    return config;
}

static int answer(void *userdata, const oauth_request *request, oauth_response *response)
{
    (void)userdata;
    (void)request;
    oauth_response_set_status(response, 200);
    oauth_response_add_header(response, "Content-Type", "application/json");
    oauth_response_set_body(response, ANSWER, strlen(ANSWER));
    return 0;
}

static void hits(long count)
{
    for (long i = 0; i < count; i++)
        oauth_token_free(token_of(client));
}

static void answers(long count)
{
    for (long i = 0; i < count; i++) {
        CHECK_STATUS(oauth_client_reset(client), OAUTH_OK);
        hits(1);
    }
}

static void *serve(void *listener)
{
    serve_one(*(int *)listener, ANSWER);
    return NULL;
}

static void exchange(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    pthread_t server;
    char url[64];
    oauth_config *config;

    CHECK(bind(listener, (struct sockaddr *)&address, size) == 0 && listen(listener, 1) == 0);
    CHECK(getsockname(listener, (struct sockaddr *)&address, &size) == 0);
    CHECK(pthread_create(&server, NULL, serve, &listener) == 0);
    snprintf(url, sizeof url, "http://127.0.0.1:%d/token", ntohs(address.sin_port));
    config = new_config(url);
    client = client_of(config);
    oauth_config_free(config);
    mark();
    hits(1);
    mark();
    pthread_join(server, NULL);
    close(listener);
}

int main(int argument_count, char **arguments)
{
    long count = argument_count == 3 ? atol(arguments[2]) : 0;
    const char *mode = argument_count > 1 ? arguments[1] : "";
    oauth_config *config;

    if (strcmp(mode, "exchange") == 0) {
        exchange();
    } else {
        CHECK(count > 0);
        config = new_config("https://login.example.com/token");
        CHECK_STATUS(oauth_config_set_transport(config, answer, NULL, NULL), OAUTH_OK);
        client = client_of(config);
        oauth_config_free(config);
        /* What the first call does alone is not meant. */
        hits(1);
        mark();
        if (strcmp(mode, "hits") == 0)
            hits(count);
        else
            answers(count);
        mark();
    }
    oauth_free(client);
    return EXIT_SUCCESS;
}
