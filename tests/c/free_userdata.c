/* Counts how often and when the userdata of callbacks is freed. The argument says which setter is
 * meant. */
#include "client.h"

struct userdata {
    int times_freed;
};

static const char *setter;

static void count_free(void *userdata)
{
    ((struct userdata *)userdata)->times_freed++;
}

static int give_secret(void *userdata, bool was_refused, oauth_secret_slot *slot)
{
    CHECK(((struct userdata *)userdata)->times_freed == 0 && !was_refused);
    return oauth_secret_slot_set(slot, "secret", 6);
}

static void read_line(void *userdata, int level, const char *message)
{
    CHECK(((struct userdata *)userdata)->times_freed == 0 && level > 0 && message[0] != '\0');
}

static int change_nothing(void *userdata, oauth_request *request)
{
    CHECK(((struct userdata *)userdata)->times_freed == 0 && request != NULL);
    return 0;
}

static int answer(void *userdata, const oauth_request *request, oauth_response *response)
{
    static const char body[] = "{\"access_token\":\"t\",\"expires_in\":3600}";

    CHECK(((struct userdata *)userdata)->times_freed == 0 && request != NULL);
    CHECK_STATUS(oauth_response_set_status(response, 200), OAUTH_OK);
    return oauth_response_set_body(response, body, sizeof body - 1);
}

/* Calls the setter that is meant, with its callback or with none. */
static oauth_status try_setting(oauth_config *config, bool has_callback, struct userdata *userdata)
{
    if (strcmp(setter, "log") == 0)
        return oauth_config_set_log(config, OAUTH_LOG_DEBUG, has_callback ? read_line : NULL,
                                    userdata, count_free);
    if (strcmp(setter, "request") == 0)
        return oauth_config_set_request_callback(config, has_callback ? change_nothing : NULL,
                                                 userdata, count_free);
    if (strcmp(setter, "transport") == 0)
        return oauth_config_set_transport(config, has_callback ? answer : NULL, userdata,
                                          count_free);
    return oauth_config_set_secret_callback(config, has_callback ? give_secret : NULL, userdata,
                                            count_free);
}

static void set_callback(oauth_config *config, struct userdata *userdata)
{
    userdata->times_freed = 0;
    CHECK_STATUS(try_setting(config, true, userdata), OAUTH_OK);
    CHECK(userdata->times_freed == 0);
}

static void use(const oauth_client *client)
{
    oauth_token_free(token_of(client));
}

static void free_config_first(void)
{
    struct userdata userdata;
    oauth_config *config = config_from_environment();
    oauth_client *client;

    set_callback(config, &userdata);
    client = client_of(config);
    oauth_config_free(config);
    CHECK(userdata.times_freed == 0);
    use(client);
    CHECK(userdata.times_freed == 0);
    oauth_free(client);
    CHECK(userdata.times_freed == 1);
}

static void free_client_first(void)
{
    struct userdata userdata;
    oauth_config *config = config_from_environment();
    oauth_client *first, *second;

    set_callback(config, &userdata);
    first = client_of(config);
    use(first);
    oauth_free(first);
    CHECK(userdata.times_freed == 0);
    /* The config can still make another. */
    second = client_of(config);
    oauth_config_free(config);
    use(second);
    CHECK(userdata.times_freed == 0);
    oauth_client_free(second);
    CHECK(userdata.times_freed == 1);
}

static void free_token_last(void)
{
    struct userdata userdata;
    oauth_config *config = config_from_environment();
    oauth_client *client;
    oauth_token *token;

    set_callback(config, &userdata);
    client = client_of(config);
    oauth_config_free(config);
    token = token_of(client);
    oauth_free(client);
    /* A token holds no callback. */
    CHECK(userdata.times_freed == 1);
    oauth_token_free(token);
    CHECK(userdata.times_freed == 1);
}

static void share(void)
{
    struct userdata userdata;
    oauth_config *config = config_from_environment();
    oauth_client *first, *second;

    set_callback(config, &userdata);
    first = client_of(config);
    second = client_of(config);
    oauth_config_free(config);
    oauth_free(first);
    CHECK(userdata.times_freed == 0);
    use(second);
    oauth_free(second);
    CHECK(userdata.times_freed == 1);
}

static void set_again(void)
{
    struct userdata first, second, third;
    oauth_config *config = config_from_environment();
    oauth_client *of_first, *of_second;

    set_callback(config, &first);
    of_first = client_of(config);
    set_callback(config, &second);
    /* Held by the client that was made with it. */
    CHECK(first.times_freed == 0);
    of_second = client_of(config);
    set_callback(config, &third);
    CHECK(second.times_freed == 0);
    use(of_first);
    oauth_free(of_first);
    CHECK(first.times_freed == 1);
    use(of_second);
    oauth_free(of_second);
    CHECK(second.times_freed == 1);
    set_callback(config, &second);
    CHECK(third.times_freed == 1);
    oauth_config_free(config);
    CHECK(first.times_freed == 1 && second.times_freed == 1 && third.times_freed == 1);
}

static void fail_to_make_client(void)
{
    struct userdata userdata;
    oauth_config *config = config_from_environment();
    oauth_client *client = NULL;

    set_callback(config, &userdata);
    CHECK_STATUS(oauth_config_set(config, "no_such_option", "a"), OAUTH_ERROR_CONFIG);
    for (int i = 0; i < 2; i++) {
        CHECK_STATUS(oauth_client_new(config, &client, NULL), OAUTH_ERROR_CONFIG);
        CHECK(client == NULL);
        CHECK_STATUS(oauth_client_new(config, NULL, NULL), OAUTH_ERROR_ARGUMENT);
        CHECK(userdata.times_freed == 0);
    }
    oauth_config_free(config);
    CHECK(userdata.times_freed == 1);
}

/* A setter that fails frees what it was given, and leaves what was set before. */
static void fail_to_set(void)
{
    struct userdata kept, refused = {0};
    oauth_config *config = config_from_environment();

    set_callback(config, &kept);
    CHECK_STATUS(try_setting(config, false, &refused), OAUTH_ERROR_ARGUMENT);
    CHECK(refused.times_freed == 1);
    CHECK(kept.times_freed == 0);
    oauth_config_free(config);
    CHECK(refused.times_freed == 1);
    CHECK(kept.times_freed == 1);
}

/* A setter that has no config to set it in frees what it was given. */
static void fail_to_find_config(void)
{
    struct userdata refused = {0};

    CHECK_STATUS(try_setting(NULL, true, &refused), OAUTH_ERROR_ARGUMENT);
    CHECK(refused.times_freed == 1);
}

int main(int count, char **arguments)
{
    CHECK(count == 2);
    setter = arguments[1];
    free_config_first();
    free_client_first();
    free_token_last();
    share();
    set_again();
    fail_to_make_client();
    fail_to_set();
    fail_to_find_config();
    return EXIT_SUCCESS;
}
