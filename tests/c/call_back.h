/* What callbacks do at the word of a script, and the calls that they may make themselves. */
#ifndef CALL_BACK_H
#define CALL_BACK_H

#include "use_handles.h"

/* What the next callbacks do; each is used up by the callback that does it. */
static command deeds[64];
static size_t deed_count;
static int live_userdata;

static bool prepare_callback(const command *command)
{
    if (command->letter == '\0' || strchr("aABRSHUDN", command->letter) == NULL)
        return false;
    if (deed_count < sizeof deeds / sizeof *deeds)
        deeds[deed_count++] = *command;
    return true;
}

/* Takes the first deed of this letter that is left. */
static bool take_deed(char letter, command *deed)
{
    for (size_t i = 0; i < deed_count; i++) {
        if (deeds[i].letter != letter)
            continue;
        *deed = deeds[i];
        deed_count--;
        memmove(deeds + i, deeds + i + 1, (deed_count - i) * sizeof *deeds);
        return true;
    }
    return false;
}

static void forget_deeds(void) { deed_count = 0; }

static void *new_userdata(void)
{
    live_userdata++;
    return copied("userdata", 8, true);
}

static void free_userdata(void *userdata)
{
    CHECK_TEXT(userdata, "userdata");
    free(userdata);
    live_userdata--;
}

/* Runs a command that the script wants inside a callback, where nothing that is in use may be freed. */
static void call_inside(void)
{
    command deed, inner;
    if (!take_deed('N', &deed))
        return;
    script script = {deed.rest, deed.rest + deed.length};
    if (read_command(&script, &inner))
        use(&inner);
}

static int code_to_return(void)
{
    command deed;
    return take_deed('R', &deed) ? (int)(number_in(&deed) & INT32_MAX) : 0;
}

/* The rest of a deed, with the secret for every `$` where the request held one: servers repeat what they were sent. */
static char *answer_text(const command *deed, const oauth_request *request, size_t *length)
{
    bool is_known = oauth_request_header(request, "Authorization") != NULL || oauth_request_body(request) != NULL;
    const size_t secret_length = sizeof SECRET - 1;
    char *text = malloc(deed->length * secret_length + 1);
    CHECK(text != NULL);
    *length = 0;
    for (size_t i = 0; i < deed->length; i++) {
        bool is_secret = is_known && deed->rest[i] == '$';
        size_t added = is_secret ? secret_length : 1;
        memcpy(text + *length, is_secret ? SECRET : deed->rest + i, added);
        *length += added;
    }
    text[*length] = '\0';
    return text;
}

static void read_request(const oauth_request *request)
{
    CHECK(oauth_request_method(request) != NULL);
    CHECK_CONTAINS(oauth_request_url(request), "://");
    size_t count = oauth_request_header_count(request);
    for (size_t i = 0; i < count; i++) {
        const char *name = oauth_request_header_name(request, i);
        CHECK(name != NULL && oauth_request_header(request, name) != NULL);
        CHECK(oauth_request_header_value(request, i) != NULL);
    }
    CHECK(oauth_request_header_name(request, count) == NULL);
    CHECK(oauth_request_header_value(request, SIZE_MAX) == NULL);
    const char *body = oauth_request_body(request);
    CHECK(oauth_request_body_length(request) == (body == NULL ? 0 : strlen(body)));
    CHECK(oauth_request_remaining_ms(request) >= 0);
    CHECK(oauth_request_max_response_bytes(request) > 0);
    oauth_request_is_cancelled(request);
}

static void answer(oauth_response *response, const oauth_request *request, const command *deed)
{
    size_t length;
    char *text = answer_text(deed, request, &length);
    char *body = memchr(text, ' ', length);
    size_t body_length = body == NULL ? 0 : length - (size_t)(++body - text);
    oauth_response_set_status(response, (int32_t)(number_in(deed) & INT32_MAX));
    char *exact = copied(body, body_length, false);
    size_t half = body_length / 2;
    oauth_response_set_body(response, exact, half);
    oauth_response_append_body(response, body_length == 0 ? NULL : exact + half, body_length - half);
    CHECK(oauth_response_append_body(response, exact, SIZE_MAX) == OAUTH_ERROR_ARGUMENT);
    free(exact);
    free(text);
}

static void add_header(oauth_response *response, const oauth_request *request, const command *deed)
{
    size_t length;
    char *text = answer_text(deed, request, &length);
    char *colon = strchr(text, ':');
    if (colon != NULL)
        *colon = '\0';
    oauth_response_add_header(response, text, colon == NULL ? NULL : colon + 1);
    free(text);
}

static int send_request(void *userdata, const oauth_request *request, oauth_response *response)
{
    CHECK_TEXT(userdata, "userdata");
    read_request(request);
    CHECK(oauth_request_set_body((oauth_request *)request, "a", 1) == OAUTH_ERROR_ARGUMENT);
    call_inside();
    command deed;
    while (take_deed('A', &deed))
        add_header(response, request, &deed);
    if (take_deed('a', &deed))
        answer(response, request, &deed);
    if (take_deed('B', &deed)) {
        size_t length;
        char *message = answer_text(&deed, request, &length);
        oauth_response_set_failure(response, (oauth_failure)deed.place, length == 0 ? NULL : message);
        free(message);
    }
    return code_to_return();
}

static int give_secret(void *userdata, bool was_refused, oauth_secret_slot *slot)
{
    (void)was_refused;
    CHECK_TEXT(userdata, "userdata");
    call_inside();
    command deed;
    if (take_deed('S', &deed)) {
        char *secret = copied(deed.rest, deed.length, false);
        oauth_secret_slot_set(slot, secret, deed.length);
        free(secret);
        return code_to_return();
    }
    CHECK(oauth_secret_slot_set(slot, NULL, 1) == OAUTH_ERROR_ARGUMENT);
    CHECK(oauth_secret_slot_set(slot, SECRET, sizeof SECRET - 1) == OAUTH_OK);
    return 0;
}

static int change_request(void *userdata, oauth_request *request)
{
    CHECK_TEXT(userdata, "userdata");
    read_request(request);
    call_inside();
    command deed;
    if (take_deed('H', &deed)) {
        pair header = split(&deed, ':');
        oauth_request_set_header(request, header.before, header.behind);
        free_pair(header);
    }
    if (take_deed('U', &deed)) {
        char *url = copied(deed.rest, deed.length, true);
        oauth_request_set_url(request, url);
        free(url);
    }
    if (take_deed('D', &deed)) {
        char *body = copied(deed.rest, deed.length, false);
        oauth_request_set_body(request, body, deed.length);
        free(body);
    }
    read_request(request);
    return code_to_return();
}

static void read_log(void *userdata, int level, const char *message)
{
    CHECK_TEXT(userdata, "userdata");
    CHECK(level >= OAUTH_LOG_ERROR && level <= OAUTH_LOG_DEBUG);
    check_line(message);
}

#endif
