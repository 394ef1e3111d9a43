use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};

use crate::c_support::program::{CLIENT_ID, CLIENT_SECRET};
use crate::c_support::{Linked, Program};
use crate::sources::EXAMPLES;
use crate::support::{Reply, Server};

/// Tokens `t1`, `t2`, … for whoever knows the secret.
fn numbered_tokens() -> Server {
    let requests = AtomicUsize::new(0);
    Server::http(move |request| match request.basic_raw() {
        Some((_, secret)) if secret == CLIENT_SECRET => {
            let number = requests.fetch_add(1, Ordering::SeqCst) + 1;
            Reply::json(200, json!({"access_token": format!("t{number}"), "expires_in": 3600}))
        }
        _ => Reply::json(401, json!({"error": "invalid_client"})),
    })
}

fn options(server: &Server, secret: &str) -> Value {
    json!({"token_url": server.url("/token"), "client_id": CLIENT_ID, "client_secret": secret})
}

/// A host with the module of that name to load; `None`, with a line that says so, where something is missing.
fn host(program: &str, asking_for_its_version: &str, example: &str, module: &str) -> Option<(Program, String)> {
    let host = Program::installed(program, asking_for_its_version)?;
    let example = EXAMPLES.iter().find(|each| each.name == example).expect("there is no such example");
    // What such a module calls of its host is in the host.
    let flags = example.flags()?.into_iter().filter(|flag| !flag.starts_with("-l")).collect::<Vec<_>>();
    let module = host.build_module(&example.source(), module, Linked::Shared, &flags);
    Some((host, module))
}

fn sqlite() -> Option<(Program, String)> {
    let (host, extension) = host("sqlite3", "--version", "sqlite_extension", "sqlite_extension.so")?;
    Some((host, format!(".load {extension}")))
}

#[test]
fn sqlite_gives_the_token_of_a_profile_after_one_request() {
    let Some((sqlite, load)) = sqlite() else { return };
    let server = numbered_tokens();
    let sqlite = sqlite.set("OAUTH_PROFILE_BILLING", options(&server, CLIENT_SECRET).to_string());
    let ask = "SELECT oauth_token('billing'), oauth_token('Billing'), oauth_token(NULL) IS NULL;";
    assert_eq!(sqlite.succeed(&["-batch", ":memory:", &load, ask]), "t1|t1|1\n");
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn sqlite_reads_a_profile_from_a_file_and_keeps_profiles_apart() {
    let Some((sqlite, load)) = sqlite() else { return };
    let server = numbered_tokens();
    let sqlite = sqlite
        .set_file("OAUTH_PROFILE_IN_A_FILE", &options(&server, CLIENT_SECRET).to_string())
        .set("OAUTH_PROFILE_ELSEWHERE", options(&server, CLIENT_SECRET).to_string());
    let ask = "SELECT oauth_token('in_a_file'), oauth_token('elsewhere'), oauth_token('in_a_file');";
    assert_eq!(sqlite.succeed(&["-batch", ":memory:", &load, ask]), "t1|t2|t1\n");
}

#[test]
fn sqlite_says_why_there_is_no_token() {
    let Some((sqlite, load)) = sqlite() else { return };
    let server = numbered_tokens();
    let sqlite = sqlite.set("OAUTH_PROFILE_WRONG", options(&server, "wrong").to_string());
    for (profile, reason) in [("wrong", "invalid_client"), ("unknown", "OAUTH_PROFILE_UNKNOWN")] {
        let output = sqlite.run(&["-batch", ":memory:", &load, &format!("SELECT oauth_token('{profile}');")]);
        let message = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && message.contains(reason), "{message}");
    }
}

#[test]
fn sqlite_lets_no_view_of_a_database_file_have_tokens_fetched() {
    let Some((sqlite, load)) = sqlite() else { return };
    let server = numbered_tokens();
    let sqlite = sqlite.set("OAUTH_PROFILE_BILLING", options(&server, CLIENT_SECRET).to_string());
    let view = "CREATE VIEW sneaky AS SELECT oauth_token('billing') AS token; SELECT token FROM sneaky;";
    let output = sqlite.run(&["-batch", ":memory:", &load, view]);
    assert!(!output.status.success());
    assert_eq!(server.connections(), 0);
}

/// Runs a script that sees the module, a server and the secret.
fn run_lua(script: &str) -> Option<Server> {
    let (lua, _) = host("lua5.4", "-v", "lua_module", "oauth_token.so")?;
    let server = numbered_tokens();
    let search = lua.directory().path().join("?.so").display().to_string();
    let script = lua.directory().write("script.lua", script);
    let lua = lua.client_of(&server).set("LUA_CPATH", search);
    lua.succeed(&[script.to_str().expect("the temporary directory is not UTF-8")]);
    Some(server)
}

#[test]
fn lua_gets_a_token_with_options_from_a_table() {
    let script = r#"
        local oauth = require "oauth_token"
        do
            local client <close> = assert(oauth.client {
                token_url = os.getenv "OAUTH_TOKEN_URL", client_id = "me", client_secret = "hunter2-secret",
                timeout = 20, ["param.tenant"] = "a"
            })
            assert(client:token() == "t1" and client:token() == "t1")
            client:invalidate("t0")
            assert(client:token() == "t1")
            client:invalidate("t1")
            assert(client:token() == "t2")
        end
    "#;
    let Some(server) = run_lua(script) else { return };
    let requests = server.requests();
    assert_eq!(requests.len(), 2);
    assert_eq!(requests[0].form_value("tenant").as_deref(), Some("a"));
}

#[test]
fn lua_gets_a_token_with_options_from_the_environment() {
    let script = r#"
        local client = assert(require "oauth_token".client())
        assert(client:token() == "t1")
        client = nil
        collectgarbage()
    "#;
    let Some(server) = run_lua(script) else { return };
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn lua_is_told_of_failures_in_its_own_manner() {
    let script = r#"
        local oauth = require "oauth_token"
        local function refuses(kind, word, value, message, name)
            assert(value == nil and message:find(word, 1, true) and name == kind, message)
        end
        refuses("OAUTH_ERROR_CONFIG", "token_url", oauth.client {client_id = "me"})
        refuses("OAUTH_ERROR_CONFIG", "no_such", oauth.client {no_such = 1})
        local url = os.getenv "OAUTH_TOKEN_URL"
        local client = oauth.client {token_url = url, client_id = "me", client_secret = "wrong"}
        refuses("OAUTH_ERROR_REJECTED", "invalid_client", client:token())
        client:close()
        client:close()
        assert(not pcall(client.token, client))
        assert(not pcall(client.token, io.stdout))
        assert(not pcall(oauth.client, 1))
        assert(not pcall(oauth.client, {"token_url"}))
    "#;
    let Some(server) = run_lua(script) else { return };
    assert_eq!(server.requests().len(), 1);
}
