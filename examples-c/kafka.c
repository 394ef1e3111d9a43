/*
 * Feeds librdkafka (SASL/OAUTHBEARER) with tokens, and lists the brokers that accept them:
 *
 *     KAFKA_BROKERS=kafka.example.com:9093 kafka
 *
 * librdkafka asks for a token when it starts and whenever four fifths of the last one's life are over;
 * it waits with its connections until it has one.
 *
 * The environment configures the client, as for get_token: OAUTH_TOKEN_URL, OAUTH_CLIENT_ID …
 * KAFKA_SECURITY_PROTOCOL may be sasl_plaintext, for brokers on this machine.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include <librdkafka/rdkafka.h>

#include "oauth_token.h"

/* Runs within rd_kafka_poll, so a program that does not poll gets no token. */
static void refresh(rd_kafka_t *kafka, const char *unused, void *client)
{
    char message[512] = "";
    oauth_token *token = NULL;
    oauth_error *error = NULL;

    (void)unused;
    if (oauth_get_token(client, &token, &error) != OAUTH_OK) {
        /* librdkafka asks again after ten seconds. */
        rd_kafka_oauthbearer_set_token_failure(kafka, oauth_error_message(error));
        fprintf(stderr, "kafka: %s\n", oauth_error_message(error));
    } else if (rd_kafka_oauthbearer_set_token(kafka, oauth_token_access_token(token),
                                              oauth_token_expires_at(token) * 1000, "oauth-token", NULL, 0,
                                              message, sizeof message) != RD_KAFKA_RESP_ERR_NO_ERROR) {
        rd_kafka_oauthbearer_set_token_failure(kafka, message);
        fprintf(stderr, "kafka: %s\n", message);
    } else {
        printf("librdkafka has a token until %" PRId64 "\n", oauth_token_expires_at(token));
    }
    oauth_error_free(error);
    oauth_token_free(token);
}

static void set(rd_kafka_conf_t *conf, const char *name, const char *value)
{
    char message[512];

    if (rd_kafka_conf_set(conf, name, value, message, sizeof message) != RD_KAFKA_CONF_OK)
        fprintf(stderr, "kafka: %s\n", message);
}

/* A producer that has its tokens from the client, or NULL. */
static rd_kafka_t *new_producer(oauth_client *client)
{
    const char *protocol = getenv("KAFKA_SECURITY_PROTOCOL");
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    rd_kafka_t *producer;
    char message[512];

    set(conf, "bootstrap.servers", getenv("KAFKA_BROKERS"));
    set(conf, "security.protocol", protocol == NULL ? "sasl_ssl" : protocol);
    set(conf, "sasl.mechanism", "OAUTHBEARER");
    rd_kafka_conf_set_opaque(conf, client);
    rd_kafka_conf_set_oauthbearer_token_refresh_cb(conf, refresh);
    producer = rd_kafka_new(RD_KAFKA_PRODUCER, conf, message, sizeof message);
    if (producer == NULL) {
        fprintf(stderr, "kafka: %s\n", message);
        rd_kafka_conf_destroy(conf);
    }
    return producer;
}

static rd_kafka_resp_err_t list_brokers(rd_kafka_t *producer)
{
    const struct rd_kafka_metadata *metadata;
    rd_kafka_resp_err_t outcome;

    /* Wanting its first token is the first thing that librdkafka has to say. */
    rd_kafka_poll(producer, 10000);
    outcome = rd_kafka_metadata(producer, 0, NULL, &metadata, 5000);
    if (outcome != RD_KAFKA_RESP_ERR_NO_ERROR) {
        fprintf(stderr, "kafka: %s\n", rd_kafka_err2str(outcome));
        return outcome;
    }
    for (int i = 0; i < metadata->broker_cnt; i++)
        printf("broker %s:%d\n", metadata->brokers[i].host, metadata->brokers[i].port);
    rd_kafka_metadata_destroy(metadata);
    return outcome;
}

int main(void)
{
    oauth_config *config;
    oauth_client *client = NULL;
    oauth_error *error = NULL;
    rd_kafka_t *producer = NULL;
    int exit_code = EXIT_FAILURE;

    if (getenv("KAFKA_BROKERS") == NULL) {
        fprintf(stderr, "usage: KAFKA_BROKERS=HOST:PORT kafka\n");
        return EXIT_FAILURE;
    }
    config = oauth_config_new();
    oauth_config_set_from_env(config);
    if (oauth_client_new(config, &client, &error) != OAUTH_OK)
        fprintf(stderr, "kafka: %s\n", oauth_error_message(error));
    else if ((producer = new_producer(client)) != NULL && list_brokers(producer) == RD_KAFKA_RESP_ERR_NO_ERROR)
        exit_code = EXIT_SUCCESS;

    /* First, because it may call refresh until then. */
    if (producer != NULL)
        rd_kafka_destroy(producer);
    oauth_error_free(error);
    oauth_free(client);
    oauth_config_free(config);
    return exit_code;
}
