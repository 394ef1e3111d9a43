/* The header needs nothing before it and does no harm twice. */
#include "oauth_token.h"
#include "oauth_token.h"

oauth_status header_alone(oauth_config *config);

oauth_status header_alone(oauth_config *config)
{
    bool is_given = config != NULL;
    return is_given ? OAUTH_OK : OAUTH_ERROR_ARGUMENT;
}
