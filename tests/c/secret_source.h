/* What programs with a secret callback share; to be included first. */
#ifndef SECRET_SOURCE_H
#define SECRET_SOURCE_H

#define _GNU_SOURCE
#include <pthread.h>
#include <unistd.h>

#include "client.h"

/* What a callback was asked, and what it is to do. */
struct source {
    int calls;
    bool refusals[8];
    pthread_t thread;
    int code;
    const oauth_client *client, *other;
};

static inline void note(struct source *source, bool was_refused)
{
    CHECK(source->calls < 8);
    source->refusals[source->calls++] = was_refused;
    source->thread = pthread_self();
}

static inline oauth_client *client_asking(oauth_secret_fn callback, struct source *source)
{
    oauth_config *config = config_from_environment();
    oauth_client *client;

    CHECK_STATUS(oauth_config_set_secret_callback(config, callback, source, NULL), OAUTH_OK);
    client = client_of(config);
    oauth_config_free(config);
    CHECK(source->calls == 0);
    return client;
}

/* From bytes without a terminator that are gone afterwards. */
static inline int give_right(void *userdata, bool was_refused, oauth_secret_slot *slot)
{
    char secret[5];

    note(userdata, was_refused);
    memcpy(secret, "right", sizeof secret);
    CHECK_STATUS(oauth_secret_slot_set(slot, secret, sizeof secret), OAUTH_OK);
    memset(secret, 'x', sizeof secret);
    return 0;
}

#endif
