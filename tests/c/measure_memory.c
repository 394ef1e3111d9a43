/* Prints how much memory exchanges and clients take, in bytes.
 *
 *     measure_memory WAY STATUS [COUNT]
 *
 * WAY is `transport` (the host's own, without a network), `plain` (a server of this program's, without TLS) or `environment`
 * (whatever the environment names); STATUS is what oauth_get_token must return; COUNT is how many further clients are
 * made, each with a token in hand. */
#include "counted_heap.h"

#include <arpa/inet.h>
#include <signal.h>
#include <sys/prctl.h>

#include "client.h"
#include "serve_one.h"

#define ANSWER                                                                                       \
    "{\"access_token\":\"eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJteS1zZXJ2aWNlIn0.c2lnbmF0dXJl\","           \
    "\"token_type\":\"Bearer\",\"expires_in\":3600,\"scope\":\"read write\",\"session_state\":\"7\"}"

/* Bytes of this process in memory by a line of /proc/self/status, without a heap. */
static long resident(const char *line_start)
{
    char text[4096] = "";
    FILE *status = fopen("/proc/self/status", "r");
    char line[200];
    long kilobytes = -1;

    CHECK(status != NULL && setvbuf(status, text, _IOFBF, sizeof text) == 0);
    while (fgets(line, sizeof line, status) != NULL)
        if (strncmp(line, line_start, strlen(line_start)) == 0)
            kilobytes = atol(line + strlen(line_start));
    fclose(status);
    CHECK(kilobytes >= 0);
    return kilobytes * 1024;
}

static int answer(void *userdata, const oauth_request *request, oauth_response *response)
{
    (void)userdata;
    (void)request;
    oauth_response_set_status(response, 200);
    oauth_response_set_body(response, ANSWER, strlen(ANSWER));
    return 0;
}

/* Starts a server in a process of its own, which ends with this one. */
static void start_server(char *url, size_t size)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    pid_t server;

    CHECK(bind(listener, (struct sockaddr *)&address, length) == 0 && listen(listener, 10) == 0);
    CHECK(getsockname(listener, (struct sockaddr *)&address, &length) == 0);
    snprintf(url, size, "http://127.0.0.1:%d/token", ntohs(address.sin_port));
    server = fork();
    CHECK(server != -1);
    if (server == 0)
        CHECK(prctl(PR_SET_PDEATHSIG, SIGKILL) == 0);
    while (server == 0)
        serve_one(listener, ANSWER);
    close(listener);
}

static oauth_config *config_without_server(const char *url)
{
    oauth_config *config = config_from_environment();

    set_server(config, url);
    return config;
}

/* How much more was held during a call than before it, at most. */
static long peak_of_call(const oauth_client *client, const char *expected)
{
    long before;

    CHECK_STATUS(oauth_client_reset(client), OAUTH_OK);
    before = atomic_load(&heap_held);
    atomic_store(&heap_peak, before);
    oauth_error_free(outcome_of(client, expected));
    return atomic_load(&heap_peak) - before;
}

static oauth_client *derived_from(const oauth_client *client)
{
    oauth_config *overrides = oauth_config_new();
    oauth_client *derived;

    CHECK_STATUS(oauth_config_set(overrides, "scope", "write"), OAUTH_OK);
    CHECK_STATUS(oauth_client_derive(client, overrides, &derived, NULL), OAUTH_OK);
    oauth_config_free(overrides);
    return derived;
}

/* None is freed before the process ends. */
static void make_clients(const oauth_config *config, const oauth_client *relative, int count)
{
    long held = atomic_load(&heap_held);
    long anonymous = resident("RssAnon:");

    for (int i = 0; i < count; i++)
        CHECK(outcome_of(client_of(config), "OAUTH_OK") == NULL);
    printf("heap_of_another_client %ld\n", (atomic_load(&heap_held) - held) / count);
    printf("resident_of_another_client %ld\n", (resident("RssAnon:") - anonymous) / count);

    held = atomic_load(&heap_held);
    for (int i = 0; i < count; i++)
        CHECK(outcome_of(derived_from(relative), "OAUTH_OK") == NULL);
    printf("heap_of_derived_client %ld\n", (atomic_load(&heap_held) - held) / count);
}

int main(int count, char **arguments)
{
    const char *way = count > 2 ? arguments[1] : "";
    oauth_config *config;
    oauth_client *client;
    char url[64];
    static char printed[1024];
    long held, anonymous, mapped;

    CHECK(count > 2 && setvbuf(stdout, printed, _IOFBF, sizeof printed) == 0);
    if (strcmp(way, "plain") == 0) {
        start_server(url, sizeof url);
        config = config_without_server(url);
    } else if (strcmp(way, "transport") == 0) {
        config = config_without_server("https://login.example.com/token");
        CHECK_STATUS(oauth_config_set_transport(config, answer, NULL, NULL), OAUTH_OK);
    } else {
        CHECK_TEXT(way, "environment");
        config = config_from_environment();
    }

    held = atomic_load(&heap_held);
    anonymous = resident("RssAnon:");
    mapped = resident("RssFile:");
    client = client_of(config);
    printf("peak_of_first_call %ld\n", peak_of_call(client, arguments[2]));
    printf("peak_of_another_call %ld\n", peak_of_call(client, arguments[2]));
    printf("heap_of_idle_client %ld\n", atomic_load(&heap_held) - held);
    printf("resident_of_idle_client %ld\n", resident("RssAnon:") - anonymous);
    printf("code_in_memory %ld\n", resident("RssFile:") - mapped);
    if (count == 4)
        make_clients(config, client, atoi(arguments[3]));
    oauth_free(client);
    oauth_config_free(config);
    return EXIT_SUCCESS;
}
