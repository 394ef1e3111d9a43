//! Prints an `Authorization` header for any provider that the environment names: OAUTH_TOKEN_URL, OAUTH_CLIENT_ID …

use oauth_token::{Client, Config, Error};

fn main() -> Result<(), Error> {
    let client = Client::new(Config::from_env()?)?;

    let token = client.token()?;
    println!("Authorization: {}", token.authorization());
    eprintln!("valid for {} s, scope: {}", token.expires_in().as_secs(), token.scope().unwrap_or("as asked for"));

    // Asking again costs a lock and a reference count, so ask whenever a token is needed.
    assert_eq!(client.token()?.access_token(), token.access_token());
    Ok(())
}
