/* Gets tokens in every way, through a proxy, and frees everything: no secret and no token is left in the memory that the
 * process has allocated.
 *
 * This program keeps what it looks for masked, and reads the memory as it is, so that it finds no copy of its own. */
#define _GNU_SOURCE
#include <inttypes.h>

#include "client.h"

enum {
    MASK = 0x5a,
    /* What is free holds the allocator's own marks in its first bytes, so only the end of a text is looked for. */
    TAIL = 16
};

/* What is looked for, and the variable that names it. */
static const char *const SECRETS[][2] = {
    {"the secret", "OAUTH_CLIENT_SECRET"},
    {"the Basic credentials", "BASIC_CREDENTIALS"},
    {"the token", "ACCESS_TOKEN"},
    {"the refresh token", "REFRESH_TOKEN"},
    {"the beginning of the assertion", "ASSERTION"},
    {"the posted body", "POSTED_BODY"},
    {"the proxy's password", "PROXY_PASSWORD"},
    {"the proxy's Basic credentials", "PROXY_CREDENTIALS"},
};

enum { COUNT = sizeof SECRETS / sizeof SECRETS[0] };

struct needle {
    const char *name;
    unsigned char masked[TAIL];
};

static struct needle masked_tail(const char *name, const char *text)
{
    struct needle needle = {name, {0}};
    size_t length = strlen(text);

    CHECK(length >= TAIL + 2 * sizeof(void *));
    for (size_t i = 0; i < TAIL; i++)
        needle.masked[i] = (unsigned char)(text[length - TAIL + i] ^ MASK);
    return needle;
}

static int count_between(const volatile unsigned char *start, const volatile unsigned char *end,
                         const struct needle *needle)
{
    int found = 0;

    for (const volatile unsigned char *at = start; end - at >= TAIL; at++) {
        size_t same = 0;

        while (same < TAIL && (at[same] ^ MASK) == needle->masked[same])
            same++;
        found += same == TAIL;
    }
    return found;
}

/* How often it is in the heap and in all anonymous memory that can be written; the stack is not searched. */
static int count_in_memory(const struct needle *needle)
{
    FILE *maps = fopen("/proc/self/maps", "r");
    char line[1024];
    int found = 0;

    CHECK(maps != NULL);
    while (fgets(line, sizeof line, maps) != NULL) {
        uintptr_t start;
        uintptr_t end;
        char access[5];
        char name[512] = "";
        int fields = sscanf(line, "%" SCNxPTR "-%" SCNxPTR " %4s %*s %*s %*s %511s", &start, &end,
                            access, name);

        CHECK(fields >= 3);
        if (strncmp(access, "rw", 2) == 0 &&
            (name[0] == '\0' || strcmp(name, "[heap]") == 0 || strncmp(name, "[anon", 5) == 0))
            found += count_between((const volatile unsigned char *)start,
                                   (const volatile unsigned char *)end, needle);
    }
    fclose(maps);
    return found;
}

/* Asks twice, the second time with the refresh token, and notes what is found as long as the client lives. */
static void ask_with(const char *client_auth, const struct needle *needles, int *found)
{
    oauth_config *config = config_from_environment();
    oauth_client *client;
    oauth_token *token;

    CHECK_STATUS(oauth_config_set(config, "client_auth", client_auth), OAUTH_OK);
    client = client_of(config);
    token = token_of(client);
    for (size_t i = 0; i < COUNT; i++)
        found[i] += count_in_memory(&needles[i]);
    CHECK_STATUS(oauth_client_invalidate(client, token), OAUTH_OK);
    oauth_token_free(token_of(client));
    oauth_token_free(token);
    oauth_free(client);
    oauth_config_free(config);
}

static void refuse_once(void)
{
    oauth_config *config = config_from_environment();
    oauth_client *client;

    CHECK_STATUS(oauth_config_set(config, "token_url", getenv("REFUSING_URL")), OAUTH_OK);
    client = client_of(config);
    oauth_config_free(config);
    oauth_error_free(refusal_of(client, OAUTH_ERROR_REJECTED));
    oauth_free(client);
}

int main(void)
{
    struct needle needles[COUNT];
    int found[COUNT] = {0};
    int left = 0;

    for (size_t i = 0; i < COUNT; i++)
        needles[i] = masked_tail(SECRETS[i][0], getenv(SECRETS[i][1]));
    ask_with("client_secret_basic", needles, found);
    ask_with("client_secret_post", needles, found);
    ask_with("client_secret_jwt", needles, found);
    refuse_once();

    /* The secret, the two tokens and the proxy's password are held for as long as the client lives: if they had not been
     * found then, finding nothing now would prove nothing. */
    CHECK(found[0] > 0 && found[2] > 0 && found[3] > 0 && found[6] > 0);

    for (size_t i = 0; i < COUNT; i++) {
        int count = count_in_memory(&needles[i]);

        if (count > 0)
            printf("left %d times: %s\n", count, needles[i].name);
        left += count;
    }
    return left == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
