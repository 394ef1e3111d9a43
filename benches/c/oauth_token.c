/* oauth-token as the comparison measures it in a process that stays up; see rounds.h.
 *
 *     oauth_token cached      takes a token that is in hand
 *     oauth_token exchanges   asks the server for every token
 *     oauth_token herd        begins every round with a client that has no token
 */
#include "client.h"
#include "rounds.h"

static oauth_client *client;

static void take(long calls)
{
    for (long i = 0; i < calls; i++) {
        oauth_token *token = NULL;

        if (oauth_get_token(client, &token, NULL) != OAUTH_OK)
            exit(EXIT_FAILURE);
        oauth_token_free(token);
    }
}

static void exchange(long calls)
{
    for (long i = 0; i < calls; i++) {
        oauth_client_reset(client);
        take(1);
    }
}

static void empty(void)
{
    oauth_client_reset(client);
}

int main(int count, char **arguments)
{
    const char *mode = count == 2 ? arguments[1] : "";

    client = client_from_environment();
    if (strcmp(mode, "cached") == 0) {
        oauth_token_free(token_of(client));
        return answer_rounds(NULL, take);
    }
    if (strcmp(mode, "exchanges") == 0)
        return answer_rounds(NULL, exchange);
    if (strcmp(mode, "herd") == 0)
        return answer_rounds(empty, take);
    return EXIT_FAILURE;
}
