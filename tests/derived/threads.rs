//! Many threads with a client and those derived from it, none of which stands in another's way.

use std::sync::{Arc, Barrier, mpsc};
use std::thread;
use std::time::Duration;

use oauth_token::{Client, Config};

use crate::support::Request;
use crate::support::offline::{config, granted, knows, setup};
use crate::{by_scope, derive, text};

const THREADS: usize = 16;

/// What each of this many threads returns, which is given its number and begins when all are there. A deadlock ends here.
#[track_caller]
fn at_once<T: Send + 'static>(work: impl Fn(usize) -> T + Send + Sync + 'static) -> Vec<T> {
    let (work, barrier) = (Arc::new(work), Arc::new(Barrier::new(THREADS)));
    let (sender, outcomes) = mpsc::channel();
    for number in 0..THREADS {
        let (work, barrier, sender) = (Arc::clone(&work), Arc::clone(&barrier), sender.clone());
        thread::spawn(move || {
            barrier.wait();
            let _ = sender.send(work(number));
        });
    }
    drop((work, sender));
    let next = |_| outcomes.recv_timeout(Duration::from_secs(60)).expect("a thread panicked or waits for ever");
    (0..THREADS).map(next).collect()
}

fn scoped(client: &Client, scope: impl Into<String>) -> Client {
    derive(client, Config::new().scope(scope))
}

fn scopes(requests: &[Request]) -> Vec<String> {
    let mut scopes: Vec<_> = requests.iter().map(|request| request.form_value("scope").unwrap_or_default()).collect();
    scopes.sort();
    scopes
}

#[test]
fn many_derive_while_others_ask_and_the_base_is_freed() {
    let setup = setup(config().scope("base"), by_scope);
    let (base, all_have_derived) = (Arc::new(setup.client), Barrier::new(THREADS));
    let handles: Vec<_> = (0..THREADS).map(|_| std::sync::Mutex::new(Some(Client::clone(&base)))).collect();
    drop(base);
    let families = at_once(move |number| {
        let own = handles[number].lock().unwrap().take().expect("it is taken once");
        let derived = scoped(&own, format!("child-{number}"));
        assert_eq!(text(own.token()), "base");
        assert_eq!(text(derived.token()), format!("child-{number}"));
        drop(own);
        all_have_derived.wait();
        // The base is gone, and its children have children.
        let grandchild = scoped(&derived, format!("grandchild-{number}"));
        assert_eq!(text(grandchild.token()), format!("grandchild-{number}"));
        (derived, grandchild)
    });
    for (derived, grandchild) in &families {
        text(derived.token());
        let counts = [derived.statistics(), grandchild.statistics()].map(|counts| (counts.requests, counts.handed_out));
        assert_eq!(counts, [(1, 2), (1, 1)]);
    }
    let names = ["child", "grandchild"].into_iter();
    let own = names.flat_map(|name| (0..THREADS).map(move |number| format!("{name}-{number}")));
    let mut expected: Vec<_> = own.chain(["base".to_owned()]).collect();
    expected.sort();
    assert_eq!(scopes(&setup.server.requests()), expected);
}

#[test]
fn relatives_that_ask_at_once_agree_on_the_secret_that_works() {
    let setup = setup(config().client_secret_alternate("right"), knows("right"));
    let base = setup.client.clone();
    let granted = at_once(move |number| text(scoped(&base, format!("{number}")).token()));
    assert_eq!(granted, ["t"; THREADS]);
    let asked = setup.server.requests().len();
    assert!((THREADS + 1..=2 * THREADS).contains(&asked), "{asked}");
    text(scoped(&setup.client, "later").token());
    assert_eq!(setup.server.requests().len(), asked + 1);
}

#[test]
fn a_secret_replaced_through_any_of_them_is_everybody_s() {
    let setup = setup(config(), |request| {
        let is_known = request.basic_raw().is_some_and(|(_, secret)| secret.starts_with("new-"));
        if is_known { granted("t") } else { crate::support::offline::refused(401, "invalid_client") }
    });
    let base = setup.client.clone();
    at_once(move |number| {
        let derived = scoped(&base, format!("{number}"));
        let _ = derived.token();
        derived.set_secret(format!("new-{number}")).expect("a good secret");
        // Whatever the others were told before, nobody is held up by it.
        text(derived.token())
    });
    let before = setup.server.requests().len();
    text(setup.client.token());
    text(scoped(&setup.client, "later").token());
    let last = setup.server.requests().split_off(before);
    let secrets: Vec<_> = last.iter().filter_map(Request::basic_raw).map(|(_, secret)| secret).collect();
    assert!(secrets.len() == 2 && secrets[0] == secrets[1] && secrets[0].starts_with("new-"), "{secrets:?}");
}
