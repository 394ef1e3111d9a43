/* Loads oauth_token.dll, makes a client and asks it for a token that cannot be had, and unloads the DLL, more often than a
 * process has TLS indexes. */
#include <windows.h>

#include "../c/check.h"

enum { ROUNDS = 1200 };

/* The function of that name in `library`. */
#define FUNCTION(name) __typeof__(name) *name##_of_dll = (__typeof__(name) *)(void *)GetProcAddress(library, #name)

static void use(HMODULE library)
{
    FUNCTION(oauth_config_new);
    FUNCTION(oauth_config_set_json);
    FUNCTION(oauth_config_free);
    FUNCTION(oauth_client_new);
    FUNCTION(oauth_get_token);
    FUNCTION(oauth_error_free);
    FUNCTION(oauth_free);
    oauth_config *config = oauth_config_new_of_dll();
    oauth_client *client = NULL;
    oauth_token *token = NULL;
    oauth_error *error = NULL;
    const char *options = "{\"token_url\": \"http://127.0.0.1:1/token\", \"client_id\": \"me\", "
                          "\"client_secret_file\": \"no such file\"}";

    CHECK(oauth_config_set_json_of_dll(config, options) == OAUTH_OK);
    CHECK(oauth_client_new_of_dll(config, &client, NULL) == OAUTH_OK);
    CHECK(oauth_get_token_of_dll(client, &token, &error) == OAUTH_ERROR_SECRET);
    oauth_error_free_of_dll(error);
    oauth_free_of_dll(client);
    oauth_config_free_of_dll(config);
}

int main(void)
{
    for (int round = 0; round < ROUNDS; round++) {
        HMODULE library = LoadLibraryA("oauth_token.dll");

        CHECK(library != NULL);
        use(library);
        CHECK(FreeLibrary(library));
    }
    CHECK(GetModuleHandleA("oauth_token.dll") != NULL);
    return EXIT_SUCCESS;
}
