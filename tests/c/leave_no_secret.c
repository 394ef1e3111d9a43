/* Gets tokens and frees everything: no secret and no token is left in the memory that the process has allocated.
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
    oauth_config *config = config_from_environment();
    oauth_client *client = client_of(config);
    oauth_token *token = token_of(client);
    struct needle needles[] = {
        masked_tail("the secret", getenv("OAUTH_CLIENT_SECRET")),
        masked_tail("the Basic credentials", getenv("BASIC_CREDENTIALS")),
        masked_tail("the token", oauth_token_access_token(token)),
    };
    int left = 0;

    /* Otherwise finding nothing would prove nothing. */
    CHECK(count_in_memory(&needles[0]) > 0);
    CHECK(count_in_memory(&needles[2]) > 0);

    CHECK_STATUS(oauth_client_reset(client), OAUTH_OK);
    oauth_token_free(token_of(client));
    refuse_once();
    oauth_token_free(token);
    oauth_free(client);
    oauth_config_free(config);

    for (size_t i = 0; i < sizeof needles / sizeof needles[0]; i++) {
        int found = count_in_memory(&needles[i]);

        if (found > 0)
            printf("left %d times: %s\n", found, needles[i].name);
        left += found;
    }
    return left == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
