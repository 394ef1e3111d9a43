/* Clients, tokens and errors in numbered places, and what may be done with them at any time, inside callbacks too. */
#ifndef USE_HANDLES_H
#define USE_HANDLES_H

#include "script.h"

#define PLACES 4
#define SECRET "hunter2-of-the-client"
/* In bytes; a character may have four. */
#define LONGEST_LINE 8800

static oauth_client *clients[PLACES];
static oauth_token *tokens[PLACES];
static oauth_error *errors[PLACES];
/* The script holds the secret in itself, so that it may be part of any text. */
static bool is_secret_told;

static oauth_client *client_at(unsigned place) { return place < PLACES ? clients[place] : NULL; }

static oauth_token *token_at(unsigned place) { return place < PLACES ? tokens[place] : NULL; }

/* What a pointer may hold before the library sets it. */
static void *garbage(void) { return (void *)(uintptr_t)0xBAD; }

static bool contains(const char *bytes, size_t size, const char *part)
{
    size_t length = strlen(part);
    for (size_t i = 0; i + length <= size; i++) {
        if (memcmp(bytes + i, part, length) == 0)
            return true;
    }
    return false;
}

/* One line of sane length that tells no secret. */
static void check_line(const char *line)
{
    CHECK(line != NULL);
    size_t length = strlen(line);
    CHECK(length <= LONGEST_LINE);
    for (size_t i = 0; i < length; i++)
        CHECK((unsigned char)line[i] >= ' ' && line[i] != '\x7F');
    CHECK(is_secret_told || strstr(line, SECRET) == NULL);
}

static void check_outcome(oauth_status status, const oauth_error *error)
{
    CHECK(status <= OAUTH_OK);
    CHECK((status == OAUTH_OK) == (error == NULL));
    CHECK(oauth_error_status(error) == status);
    if (error == NULL)
        return;
    check_line(oauth_error_message(error));
    if (oauth_error_code(error) != NULL)
        check_line(oauth_error_code(error));
    if (oauth_error_description(error) != NULL)
        check_line(oauth_error_description(error));
    CHECK(oauth_error_http_status(error) >= 0);
    CHECK(oauth_error_retry_in_ms(error) >= -1);
    oauth_error_is_retryable(error);
    oauth_error_is_repeated(error);
    oauth_error_callback_code(error);
}

/* Puts an error in place of the one that is there; beyond the places it is freed. */
static void keep_error(oauth_error *error, unsigned place)
{
    oauth_error *former = error;
    if (place < PLACES) {
        former = errors[place];
        errors[place] = error;
    }
    oauth_error_free(former);
}

static void keep_token(oauth_token *token, unsigned place)
{
    oauth_token *former = token;
    if (place < PLACES) {
        former = tokens[place];
        tokens[place] = token;
    }
    oauth_token_free(former);
}

static void read_token(const oauth_token *token, const char *field)
{
    const char *text = oauth_token_access_token(token);
    const char *authorization = oauth_token_authorization(token);
    CHECK((token == NULL) == (text == NULL) && (token == NULL) == (authorization == NULL));
    const char *members[] = {oauth_token_token_type(token), oauth_token_scope(token), oauth_token_id_token(token),
                             oauth_token_field(token, field), oauth_token_field(token, NULL)};
    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        CHECK(members[i] == NULL || strlen(members[i]) < SIZE_MAX);
    CHECK(oauth_token_expires_at(token) >= 0);
    oauth_token_expires_in_ms(token);
    oauth_token_is_expiry_assumed(token);
    if (token == NULL)
        return;
    CHECK(text[0] != '\0');
    for (const char *character = text; *character != '\0'; character++)
        CHECK(*character > ' ' && *character < '\x7F');
    CHECK(strncmp(authorization, "Bearer ", 7) == 0);
    CHECK_TEXT(authorization + 7, text);
}

static void ask(const command *command, const uint32_t *limit)
{
    const oauth_client *client = client_at(command->place);
    unsigned place = limit == NULL ? place_in(command, 0) : 0;
    bool wants_error = command->length == 0 || command->rest[command->length - 1] != '!';
    oauth_token *token = garbage();
    oauth_error *error = garbage();
    oauth_token **token_out = place < PLACES ? &token : NULL;
    oauth_error **error_out = wants_error ? &error : NULL;
    oauth_status status = limit == NULL ? oauth_get_token(client, token_out, error_out)
                                        : oauth_get_token_within(client, *limit, token_out, error_out);
    if (wants_error) {
        check_outcome(status, error);
        keep_error(error, place);
    }
    if (token_out == NULL) {
        CHECK(status == OAUTH_ERROR_ARGUMENT);
        return;
    }
    CHECK((status == OAUTH_OK) == (token != NULL));
    read_token(token, "scope");
    keep_token(token, place);
}

static void refresh(const command *command)
{
    oauth_error *error = garbage();
    oauth_status status = oauth_client_refresh_if_due(client_at(command->place), number_in(command), &error);
    check_outcome(status, error);
    keep_error(error, command->place);
}

static void read_stats(const command *command)
{
    oauth_stats stats;
    uint32_t size = number_in(command) % (2 * sizeof stats);
    char *exact = malloc(size);
    CHECK(exact != NULL || size == 0);
    oauth_stats *place = (void *)exact;
    CHECK(oauth_client_stats(client_at(command->place), place, size) <= OAUTH_OK);
    free(exact);
    if (oauth_client_stats(client_at(command->place), &stats, sizeof stats) == OAUTH_OK)
        CHECK(stats.served_while_due <= stats.handed_out && stats.succeeded + stats.failed <= stats.exchanges);
}

static void set_secret(const command *command)
{
    char *secret = copied(command->rest, command->length, false);
    oauth_client_set_secret(client_at(command->place), secret, command->length);
    free(secret);
}

static void use(const command *command)
{
    oauth_client *client = client_at(command->place);
    uint32_t number = number_in(command);
    switch (command->letter) {
    case 'g':
        ask(command, NULL);
        break;
    case 'w':
        ask(command, &number);
        break;
    case 'u':
        refresh(command);
        break;
    case 'x':
        CHECK(oauth_client_next_refresh_ms(client) >= -1);
        break;
    case 'z':
        CHECK((client == NULL) == (oauth_client_reset(client) != OAUTH_OK));
        break;
    case 'q':
        CHECK((client == NULL) == (oauth_client_cancel(client) != OAUTH_OK));
        break;
    case 'i':
        CHECK(oauth_client_invalidate(client, token_at(place_in(command, 0))) <= OAUTH_OK);
        break;
    case 'p':
        set_secret(command);
        break;
    case 'y':
        read_stats(command);
        break;
    case 'v': {
        char *field = copied(command->rest, command->length, true);
        read_token(token_at(command->place), field);
        free(field);
        break;
    }
    case 'm':
        keep_token(oauth_token_clone(token_at(command->place)), place_in(command, 0));
        break;
    case 'h':
        keep_token(NULL, command->place);
        break;
    case 'E':
        keep_error(NULL, command->place);
        break;
    default:
        break;
    }
}

#endif
