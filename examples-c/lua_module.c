/*
 * A module for Lua 5.4:
 *
 *     local oauth = require "oauth_token"
 *     local client <close> = assert(oauth.client {token_url = "https://…", client_id = "…", client_secret = "…"})
 *     local token, message, kind = client:token()
 *
 * The keys are the names of the library's options; ["param.tenant"] is one too. Without a table the
 * environment configures the client. Whatever fails gives nil, a message and a kind, the name of the
 * status. After an API's 401, client:invalidate(token) has the next call fetch another token.
 */
#include <string.h>

#include <lauxlib.h>
#include <lua.h>

#include "oauth_token.h"

static const char type_name[] = "oauth_token.client";

/* All that must be freed hangs here, where Lua finds it whichever line an error of its own leaves. */
struct state {
    oauth_config *config;
    oauth_client *client;
    oauth_token *token; /* the last that was handed out */
    oauth_error *error;
};

static int close(lua_State *lua)
{
    struct state *state = luaL_checkudata(lua, 1, type_name);

    oauth_error_free(state->error);
    oauth_token_free(state->token);
    oauth_free(state->client);
    oauth_config_free(state->config);
    memset(state, 0, sizeof *state);
    return 0;
}

static int fail(lua_State *lua, const struct state *state)
{
    lua_pushnil(lua);
    lua_pushstring(lua, oauth_error_message(state->error));
    lua_pushstring(lua, oauth_status_name(oauth_error_status(state->error)));
    return 3;
}

static void set_options(lua_State *lua, oauth_config *config, int table)
{
    lua_pushnil(lua);
    while (lua_next(lua, table) != 0) {
        size_t length;
        const char *value = luaL_tolstring(lua, -1, &length);

        if (lua_type(lua, -3) != LUA_TSTRING)
            luaL_error(lua, "the names of options are strings");
        /* A failure is remembered, and oauth_client_new reports it. */
        oauth_config_set_bytes(config, lua_tostring(lua, -3), value, length);
        lua_pop(lua, 2);
    }
}

static int new_client(lua_State *lua)
{
    struct state *state;

    if (!lua_isnoneornil(lua, 1))
        luaL_checktype(lua, 1, LUA_TTABLE);
    state = lua_newuserdatauv(lua, sizeof *state, 0);
    memset(state, 0, sizeof *state);
    luaL_setmetatable(lua, type_name);

    state->config = oauth_config_new();
    if (lua_istable(lua, 1))
        set_options(lua, state->config, 1);
    else
        oauth_config_set_from_env(state->config);
    return oauth_client_new(state->config, &state->client, &state->error) == OAUTH_OK ? 1 : fail(lua, state);
}

static int token(lua_State *lua)
{
    struct state *state = luaL_checkudata(lua, 1, type_name);

    luaL_argcheck(lua, state->client != NULL, 1, "the client is closed");
    oauth_error_free(state->error);
    oauth_token_free(state->token);
    if (oauth_get_token(state->client, &state->token, &state->error) != OAUTH_OK)
        return fail(lua, state);
    lua_pushstring(lua, oauth_token_access_token(state->token));
    return 1;
}

static int invalidate(lua_State *lua)
{
    const struct state *state = luaL_checkudata(lua, 1, type_name);
    const char *refused = luaL_checkstring(lua, 2);

    if (state->token != NULL && strcmp(oauth_token_access_token(state->token), refused) == 0)
        oauth_client_invalidate(state->client, state->token);
    return 0;
}

int luaopen_oauth_token(lua_State *lua);

int luaopen_oauth_token(lua_State *lua)
{
    static const luaL_Reg methods[] = {
        {"token", token}, {"invalidate", invalidate}, {"close", close},
        {"__gc", close}, {"__close", close}, {NULL, NULL}};
    static const luaL_Reg functions[] = {{"client", new_client}, {NULL, NULL}};

    luaL_newmetatable(lua, type_name);
    luaL_setfuncs(lua, methods, 0);
    lua_pushvalue(lua, -1);
    lua_setfield(lua, -2, "__index");
    luaL_newlib(lua, functions);
    return 1;
}
