/* Derives clients, frees them in every order, and counts how often callbacks are called and freed. */
#include "client.h"

struct source {
    int times_asked;
    int times_freed;
};

static int give_secret(void *userdata, bool was_refused, oauth_secret_slot *slot)
{
    struct source *source = userdata;

    CHECK(source->times_freed == 0 && !was_refused);
    source->times_asked++;
    return oauth_secret_slot_set(slot, "shared", 6);
}

static void count_free(void *userdata)
{
    ((struct source *)userdata)->times_freed++;
}

static oauth_client *parent_with(struct source *source)
{
    oauth_config *config = config_from_environment();
    oauth_client *parent;

    CHECK_STATUS(oauth_config_set_secret_callback(config, give_secret, source, count_free), OAUTH_OK);
    parent = client_of(config);
    oauth_config_free(config);
    return parent;
}

static oauth_client *derived_from(const oauth_client *parent, const char *option, const char *value)
{
    oauth_config *overrides = oauth_config_new();
    oauth_client *client = NULL;
    oauth_error *error = NULL;

    CHECK_STATUS(oauth_config_set(overrides, option, value), OAUTH_OK);
    CHECK_STATUS(oauth_client_derive(parent, overrides, &client, &error), OAUTH_OK);
    CHECK(client != NULL && error == NULL);
    oauth_config_free(overrides);
    return client;
}

/* The parent goes first, its child next; the grandchild still has the callback. */
static void outlive(void)
{
    struct source source = {0, 0};
    oauth_client *parent = parent_with(&source);
    oauth_client *child = derived_from(parent, "scope", "a");
    oauth_client *grandchild = derived_from(child, "scope", "b");

    check_token(child, "a");
    oauth_free(parent);
    oauth_free(child);
    CHECK(source.times_freed == 0);
    check_token(grandchild, "b");
    CHECK(source.times_asked == 2);
    oauth_free(grandchild);
    CHECK(source.times_freed == 1);
}

/* What a child has in the place of its parent's is its own to free. */
static void override(void)
{
    struct source shared = {0, 0}, own = {0, 0};
    oauth_client *parent = parent_with(&shared);
    oauth_config *overrides = oauth_config_new();
    oauth_client *child = NULL;

    CHECK_STATUS(oauth_config_set(overrides, "scope", "a"), OAUTH_OK);
    CHECK_STATUS(oauth_config_set_secret_callback(overrides, give_secret, &own, count_free), OAUTH_OK);
    CHECK_STATUS(oauth_client_derive(parent, overrides, &child, NULL), OAUTH_OK);
    oauth_config_free(overrides);
    check_token(child, "a");
    CHECK(own.times_asked == 1 && shared.times_asked == 0);
    oauth_free(child);
    CHECK(own.times_freed == 1 && shared.times_freed == 0);
    oauth_free(parent);
    CHECK(shared.times_freed == 1);
}

/* A client that cannot be made leaves nothing behind. */
static void fail(void)
{
    struct source shared = {0, 0}, own = {0, 0};
    oauth_client *parent = parent_with(&shared);
    oauth_config *overrides = oauth_config_new();
    oauth_client *child = (oauth_client *)&own;
    oauth_error *error = NULL;

    CHECK_STATUS(oauth_config_set_secret_callback(overrides, give_secret, &own, count_free), OAUTH_OK);
    CHECK_STATUS(oauth_config_set(overrides, "scoep", "a"), OAUTH_ERROR_CONFIG);
    CHECK_STATUS(oauth_client_derive(parent, overrides, &child, &error), OAUTH_ERROR_CONFIG);
    CHECK(child == NULL);
    CHECK_CONTAINS(oauth_error_message(error), "`scope`");
    oauth_error_free(error);
    CHECK(own.times_freed == 0);
    oauth_config_free(overrides);
    CHECK(own.times_freed == 1 && shared.times_freed == 0);
    oauth_free(parent);
    CHECK(shared.times_freed == 1);
}

int main(void)
{
    outlive();
    override();
    fail();
    return EXIT_SUCCESS;
}
