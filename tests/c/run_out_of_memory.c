/* Sends token requests by a function of the host's that runs out of memory the first time. The argument says what it does
 * then. */
#include "rules.h"

#include "client.h"

enum { LARGE = 64 << 20, PIECE = 100 << 10 };

static const char *deed;
static int times_called;
static rlim_t before;

/* Nothing more can be had of the system; what little is left in the heap serves the rest of the call. */
static void run_out(void)
{
    free(malloc(PIECE));
    before = limit(RLIMIT_AS, address_space());
    CHECK(malloc(LARGE) == NULL);
}

static int answer_too_much(oauth_response *response)
{
    static const char piece[PIECE];
    size_t length = 0;

    CHECK_STATUS(oauth_response_set_status(response, 200), OAUTH_OK);
    while (oauth_response_append_body(response, piece, sizeof piece) == OAUTH_OK)
        length += sizeof piece;
    CHECK(length < LARGE - PIECE);
    /* No piece is left out in the middle. */
    CHECK_STATUS(oauth_response_append_body(response, piece, 1), OAUTH_ERROR_NETWORK);
    return 0;
}

static int carry(void *userdata, const oauth_request *request, oauth_response *response)
{
    static const char granted[] = "{\"access_token\":\"t\",\"expires_in\":3600}";

    CHECK(userdata == NULL && oauth_request_max_response_bytes(request) == LARGE);
    if (times_called++ == 0) {
        run_out();
        if (strcmp(deed, "answer") == 0)
            return answer_too_much(response);
        if (strcmp(deed, "code") == 0)
            return ENOMEM;
        CHECK_TEXT(deed, "tell");
        CHECK_STATUS(oauth_response_set_failure(response, OAUTH_FAILURE_OTHER, "out of memory"), OAUTH_OK);
        return 0;
    }
    CHECK_STATUS(oauth_response_set_status(response, 200), OAUTH_OK);
    CHECK_STATUS(oauth_response_set_body(response, granted, strlen(granted)), OAUTH_OK);
    return 0;
}

int main(int count, char **arguments)
{
    oauth_config *config = config_from_environment();
    oauth_client *client;
    oauth_error *error;

    CHECK(count == 2);
    deed = arguments[1];
    CHECK_STATUS(oauth_config_set_transport(config, carry, NULL, NULL), OAUTH_OK);
    client = client_of(config);
    oauth_config_free(config);
    error = refusal_of(client, OAUTH_ERROR_NETWORK);
    limit(RLIMIT_AS, before);
    CHECK(oauth_error_is_retryable(error));
    printf("%d %s\n", (int)oauth_error_callback_code(error), oauth_error_message(error));
    oauth_error_free(error);
    CHECK_STATUS(oauth_client_reset(client), OAUTH_OK);
    oauth_token_free(token_of(client));
    oauth_free(client);
    return EXIT_SUCCESS;
}
