/*
 * Calls the functions in whatever order a script says, with whatever it says, short of what the header forbids, and checks
 * what must hold whatever is called. Scripts are files named as arguments; a fuzzer calls call_in_any_order() itself.
 *
 *     n0                   a new config           c01     a client from config 0 in place 1
 *     s0name=value         oauth_config_set       d012    client 0 with config 1 as overrides in place 2
 *     b0name=value         … _bytes               g01     a token of client 0 in place 1; g01! without an error
 *     P0                   … of the secret        z0      oauth_client_reset
 *     j0{…}                … _json                w0100   the same, within 100 ms, in place 0
 *     e0                   … _from_env            u0100   oauth_client_refresh_if_due, within 100 ms
 *     t0 k0 l0 r0          … callbacks; `-` NULL  x0      … next_refresh_ms
 *     f0                   … _free                i01     … invalidate client 0, token 1
 *                                                 p0text  … set_secret
 *     v0name m01 h0        read, clone, free      q0 o0   … cancel, … free
 *     E0                   free an error          y0size  … stats
 *
 * What callbacks do: a, then status and body, is an answer; A a header of it; B a failure; R a return code; S a secret;
 * H, U and D change a request; N a command to be run inside the next callback. A `$` in an answer stands for the secret that was sent.
 */
#include "call_back.h"

static oauth_config *configs[PLACES];

static oauth_config *config_at(unsigned place) { return place < PLACES ? configs[place] : NULL; }

static void hang_on(const command *command)
{
    oauth_config *config = config_at(command->place);
    bool is_null = command->length > 0 && command->rest[0] == '-';
    void *userdata = new_userdata();
    switch (command->letter) {
    case 't':
        oauth_config_set_transport(config, is_null ? NULL : send_request, userdata, free_userdata);
        break;
    case 'k':
        oauth_config_set_secret_callback(config, is_null ? NULL : give_secret, userdata, free_userdata);
        break;
    case 'l':
        oauth_config_set_log(config, (int)number_in(command), is_null ? NULL : read_log, userdata, free_userdata);
        break;
    default:
        oauth_config_set_request_callback(config, is_null ? NULL : change_request, userdata, free_userdata);
    }
}

static void set_option(const command *command)
{
    oauth_config *config = config_at(command->place);
    pair option = split(command, '=');
    if (command->letter == 's') {
        oauth_config_set(config, option.before, option.behind);
    } else {
        char *bytes = copied(option.behind, option.behind_length, false);
        bool is_impossible = option.behind_length > 0 && bytes[0] == '#';
        size_t length = is_impossible ? SIZE_MAX : option.behind_length;
        oauth_status status = oauth_config_set_bytes(config, option.before, bytes, length);
        CHECK(!is_impossible || status == OAUTH_ERROR_ARGUMENT);
        free(bytes);
    }
    free_pair(option);
}

static void set_json(const command *command)
{
    char *json = copied(command->rest, command->length, true);
    oauth_config_set_json(config_at(command->place), json);
    free(json);
}

static void new_config(unsigned place)
{
    if (place >= PLACES)
        return;
    oauth_config_free(configs[place]);
    configs[place] = oauth_config_new();
    CHECK(configs[place] != NULL);
    /* Nothing leaves this process. */
    oauth_config_set_transport(configs[place], send_request, new_userdata(), free_userdata);
}

static void free_config(unsigned place)
{
    oauth_config_free(config_at(place));
    if (place < PLACES)
        configs[place] = NULL;
}

/* A client from a config, or from one that exists and a config. */
static void new_client(const oauth_client *parent, bool is_derived, unsigned config_place, unsigned place)
{
    oauth_config *config = config_at(config_place);
    oauth_client *client = garbage();
    oauth_error *error = garbage();
    oauth_client **client_out = place < PLACES ? &client : NULL;
    /* Nothing sleeps. */
    oauth_config_set(config, "max_retries", "0");
    oauth_status status = is_derived ? oauth_client_derive(parent, config, client_out, &error)
                                     : oauth_client_new(config, client_out, &error);
    check_outcome(status, error);
    keep_error(error, place);
    if (client_out == NULL) {
        CHECK(status != OAUTH_OK);
        return;
    }
    CHECK((status == OAUTH_OK) == (client != NULL));
    oauth_free(clients[place]);
    clients[place] = client;
}

static void free_client(unsigned place)
{
    oauth_client_free(client_at(place));
    if (place < PLACES)
        clients[place] = NULL;
}

static void run(const command *command)
{
    switch (command->letter) {
    case 'n':
        new_config(command->place);
        break;
    case 's':
    case 'b':
        set_option(command);
        break;
    case 'P':
        oauth_config_set(config_at(command->place), "client_secret", SECRET);
        break;
    case 'j':
        set_json(command);
        break;
    case 'e':
        oauth_config_set_from_env(config_at(command->place));
        break;
    case 't':
    case 'k':
    case 'l':
    case 'r':
        hang_on(command);
        break;
    case 'f':
        free_config(command->place);
        break;
    case 'c':
        new_client(NULL, false, command->place, place_in(command, 0));
        break;
    case 'd':
        new_client(client_at(command->place), true, place_in(command, 0), place_in(command, 1));
        break;
    case 'o':
        free_client(command->place);
        break;
    default:
        if (!prepare_callback(command))
            use(command);
    }
}

int call_in_any_order(const uint8_t *data, size_t size)
{
    is_secret_told = contains((const char *)data, size, SECRET);
    script script = {(const char *)data, (const char *)data + size};
    command command;
    while (read_command(&script, &command))
        run(&command);
    /* Tokens and errors outlive clients, and clients outlive configs. */
    for (unsigned place = 0; place < PLACES; place++)
        free_config(place);
    for (unsigned place = 0; place < PLACES; place++)
        free_client(place);
    CHECK(live_userdata == 0);
    for (unsigned place = 0; place < PLACES; place++) {
        read_token(tokens[place], "expires_in");
        keep_token(NULL, place);
        keep_error(NULL, place);
    }
    forget_deeds();
    return 0;
}

#ifndef CALLED_BY_FUZZER
int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        FILE *file = fopen(argv[i], "rb");
        CHECK(file != NULL);
        uint8_t data[1 << 16];
        size_t size = fread(data, 1, sizeof data, file);
        fclose(file);
        fprintf(stderr, "%s\n", argv[i]);
        call_in_any_order(data, size);
    }
    printf("%d scripts\n", argc - 1);
    return 0;
}
#endif
