use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::sync::mpsc::{self, Sender};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::json;

use crate::checks::Port;
use crate::sources::build;
use crate::support::{Reply, Server};

#[test]
fn librdkafka_sends_the_token_to_its_broker_and_knows_its_end() {
    let Some(program) = build("kafka") else { return };
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let end = (now + Duration::from_secs(3600)).as_secs();
    let server = Server::http(move |_| Reply::json(200, json!({"access_token": "the-token", "expires_in": end})));
    let (sender, received) = mpsc::channel();
    let broker = Port::new(move |socket| serve_as_broker(socket, &sender));

    let program = program.client_of(&server).set("OAUTH_EXPIRES_FORMAT", "unix");
    let program = program.set("KAFKA_SECURITY_PROTOCOL", "sasl_plaintext");
    let printed = program.set("KAFKA_BROKERS", format!("127.0.0.1:{}", broker.number())).succeed(&[]);

    let expected = [format!("librdkafka has a token until {end}"), format!("broker {BROKER}:{BROKER_PORT}")];
    assert_eq!(printed.lines().collect::<Vec<_>>(), expected);
    // RFC 7628 §3.1.
    assert_eq!(received.try_recv().as_deref(), Ok("n,,\u{1}auth=Bearer the-token\u{1}\u{1}"));
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn librdkafka_is_told_why_there_is_no_token() {
    let Some(program) = build("kafka") else { return };
    let server = Server::http(|_| Reply::json(401, json!({"error": "invalid_client"})));
    let program = program.client_of(&server).set("KAFKA_SECURITY_PROTOCOL", "sasl_plaintext");
    let output = program.set("KAFKA_BROKERS", format!("127.0.0.1:{}", Port::closed())).run(&[]);
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{message}");
    // Ours, and what librdkafka makes of it.
    assert!(message.matches("invalid_client").count() >= 2, "{message}");
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn without_brokers_it_says_how_it_is_used() {
    let Some(program) = build("kafka") else { return };
    let output = program.run(&[]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "usage: KAFKA_BROKERS=HOST:PORT kafka\n");
}

/// What the broker says of itself. Nobody listens there, and nobody needs to.
const BROKER: &str = "127.0.0.1";
const BROKER_PORT: u16 = 9;

const METADATA: u16 = 3;
const SASL_HANDSHAKE: u16 = 17;
const API_VERSIONS: u16 = 18;
const SASL_AUTHENTICATE: u16 = 36;

/// A Kafka broker that lets everybody in and has no topics; passes on what it was given to authenticate.
fn serve_as_broker(mut socket: TcpStream, credentials: &Sender<String>) -> io::Result<()> {
    loop {
        let request = read_frame(&mut socket)?;
        let number = |at: usize| u16::from_be_bytes([request[at], request[at + 1]]);
        let (api, correlation, body) = (number(0), &request[4..8], &request[10 + usize::from(number(8))..]);
        let answer = match api {
            API_VERSIONS => api_versions(),
            SASL_HANDSHAKE => [&[0, 0, 0, 0, 0, 1][..], &string("OAUTHBEARER")].concat(),
            SASL_AUTHENTICATE => {
                // Behind their length.
                let _ = credentials.send(String::from_utf8_lossy(&body[4..]).into_owned());
                [&[0, 0][..], &string(""), &[0; 4]].concat()
            }
            METADATA => {
                let port = u32::from(BROKER_PORT).to_be_bytes();
                [&[0, 0, 0, 1, 0, 0, 0, 1][..], &string(BROKER), &port, &[0; 4]].concat()
            }
            _ => return Err(io::ErrorKind::Unsupported.into()),
        };
        let length = u32::try_from(correlation.len() + answer.len()).expect("it is short");
        socket.write_all(&[&length.to_be_bytes(), correlation, &answer].concat())?;
    }
}

/// The lowest versions that take part, so that all else can be left out.
fn api_versions() -> Vec<u8> {
    let ranges = [(METADATA, 0, 0), (SASL_HANDSHAKE, 0, 1), (API_VERSIONS, 0, 3), (SASL_AUTHENTICATE, 0, 0)];
    let mut answer = vec![0, 0, 1 + 4];
    for (api, lowest, highest) in ranges {
        answer.extend([api.to_be_bytes(), u16::to_be_bytes(lowest), u16::to_be_bytes(highest)].concat());
        answer.push(0);
    }
    answer.extend([0; 5]);
    answer
}

fn string(text: &str) -> Vec<u8> {
    let length = u16::try_from(text.len()).expect("it is short");
    [&length.to_be_bytes()[..], text.as_bytes()].concat()
}

fn read_frame(socket: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut length = [0; 4];
    socket.read_exact(&mut length)?;
    let mut frame = vec![0; u32::from_be_bytes(length) as usize];
    socket.read_exact(&mut frame)?;
    Ok(frame)
}
