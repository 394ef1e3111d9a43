/* A token by hand, with libcurl and jansson, as careful programs do it.
 *
 *     libcurl             prints the Authorization header
 *     libcurl exchanges   asks again and again, by a new connection each time; see rounds.h
 */
#include <curl/curl.h>
#include <jansson.h>
#include <string.h>

#include "rounds.h"

struct answer {
    char *bytes;
    size_t length;
};

static CURL *curl;

static const char *setting(const char *name)
{
    const char *value = getenv(name);

    if (value == NULL) {
        fprintf(stderr, "libcurl: %s is not set\n", name);
        exit(EXIT_FAILURE);
    }
    return value;
}

static size_t receive(char *bytes, size_t size, size_t count, void *userdata)
{
    struct answer *answer = userdata;
    char *grown = realloc(answer->bytes, answer->length + size * count + 1);

    if (grown == NULL)
        return 0;
    answer->bytes = grown;
    memcpy(answer->bytes + answer->length, bytes, size * count);
    answer->length += size * count;
    answer->bytes[answer->length] = '\0';
    return size * count;
}

static void set_up(void)
{
    const char *authority = getenv("OAUTH_CA_FILE");

    curl_global_init(CURL_GLOBAL_DEFAULT);
    curl = curl_easy_init();
    if (curl == NULL)
        exit(EXIT_FAILURE);
    /* The library has the system's store built in; the curl tool reads this variable for it. */
    if (authority == NULL)
        authority = getenv("SSL_CERT_FILE");
    if (authority != NULL)
        curl_easy_setopt(curl, CURLOPT_CAINFO, authority);
    curl_easy_setopt(curl, CURLOPT_URL, setting("OAUTH_TOKEN_URL"));
    curl_easy_setopt(curl, CURLOPT_USERNAME, setting("OAUTH_CLIENT_ID"));
    curl_easy_setopt(curl, CURLOPT_PASSWORD, setting("OAUTH_CLIENT_SECRET"));
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, "grant_type=client_credentials");
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, 30000L);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_FORBID_REUSE, 1L);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, receive);
}

/* "Bearer …", to be freed. */
static char *authorization(void)
{
    struct answer answer = {NULL, 0};
    char *header = NULL;
    long status = 0;
    CURLcode code;
    json_t *fields;
    json_error_t error;
    const char *token;
    size_t size;

    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &answer);
    code = curl_easy_perform(curl);
    if (code != CURLE_OK) {
        fprintf(stderr, "libcurl: %s\n", curl_easy_strerror(code));
        exit(EXIT_FAILURE);
    }
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    fields = json_loadb(answer.bytes, answer.length, 0, &error);
    token = json_string_value(json_object_get(fields, "access_token"));
    if (status != 200 || token == NULL || json_integer_value(json_object_get(fields, "expires_in")) <= 0) {
        fprintf(stderr, "libcurl: no token, status %ld\n", status);
        exit(EXIT_FAILURE);
    }
    size = strlen("Bearer ") + strlen(token) + 1;
    header = malloc(size);
    if (header == NULL)
        exit(EXIT_FAILURE);
    snprintf(header, size, "Bearer %s", token);
    json_decref(fields);
    free(answer.bytes);
    return header;
}

static void exchange(long calls)
{
    for (long i = 0; i < calls; i++)
        free(authorization());
}

int main(int count, char **arguments)
{
    char *header;

    set_up();
    if (count == 2 && strcmp(arguments[1], "exchanges") == 0)
        return answer_rounds(NULL, exchange);
    header = authorization();
    printf("Authorization: %s\n", header);
    free(header);
    curl_easy_cleanup(curl);
    curl_global_cleanup();
    return EXIT_SUCCESS;
}
