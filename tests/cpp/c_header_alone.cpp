// The C header alone and twice, in C++ of any age.
#include "oauth_token.h"
#include "oauth_token.h"

int main() { return oauth_version_number() == OAUTH_VERSION_NUMBER ? 0 : 1; }
