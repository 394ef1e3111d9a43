/* Makes the client fetch anew: because an API refused its token, and because it is reset. */
#include "client.h"

int main(void)
{
    oauth_client *client = client_from_environment();
    oauth_token *first = token_of(client);

    CHECK_TEXT(oauth_token_access_token(first), "t1");
    CHECK_STATUS(oauth_client_invalidate(client, first), OAUTH_OK);
    check_token(client, "t2");

    /* A late 401 for the older token. */
    CHECK_STATUS(oauth_client_invalidate(client, first), OAUTH_OK);
    check_token(client, "t2");
    CHECK_TEXT(oauth_token_access_token(first), "t1");
    oauth_token_free(first);

    CHECK_STATUS(oauth_client_reset(client), OAUTH_OK);
    check_token(client, "t3");
    oauth_free(client);
    return EXIT_SUCCESS;
}
