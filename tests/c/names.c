/* The names of statuses, and the versions of header and library. */
#include "check.h"

#define CHECK_NAME(status) CHECK_TEXT(oauth_status_name(status), #status)

int main(void)
{
    char version[40];

    CHECK_NAME(OAUTH_OK);
    CHECK_NAME(OAUTH_ERROR_ARGUMENT);
    CHECK_NAME(OAUTH_ERROR_CONFIG);
    CHECK_NAME(OAUTH_ERROR_SECRET);
    CHECK_NAME(OAUTH_ERROR_NETWORK);
    CHECK_NAME(OAUTH_ERROR_TLS);
    CHECK_NAME(OAUTH_ERROR_TIMEOUT);
    CHECK_NAME(OAUTH_ERROR_REJECTED);
    CHECK_NAME(OAUTH_ERROR_SERVER);
    CHECK_NAME(OAUTH_ERROR_RESPONSE);
    CHECK_NAME(OAUTH_ERROR_SPENT);
    CHECK_NAME(OAUTH_ERROR_REENTRANT);
    CHECK_NAME(OAUTH_ERROR_CANCELLED);
    CHECK_NAME(OAUTH_ERROR_INTERNAL);
    CHECK_TEXT(oauth_status_name(1), "unknown status");
    CHECK_TEXT(oauth_status_name(INT32_MIN), "unknown status");
    CHECK_TEXT(oauth_status_name(INT32_MAX), "unknown status");

    CHECK(oauth_version_number() == OAUTH_VERSION_NUMBER);
    snprintf(version, sizeof version, "%d.%d.%d", OAUTH_VERSION_MAJOR, OAUTH_VERSION_MINOR,
             OAUTH_VERSION_PATCH);
    CHECK_TEXT(oauth_version(), version);
    return EXIT_SUCCESS;
}
