//! A client and one derived from it, which share their secret.

use loom::thread;

use crate::config::Config;

use super::changes::knows_right;
use super::world::{Reply, World};
use super::{explore, explore_within, join, text};

#[test]
fn a_secret_replaced_through_one_is_known_to_the_other_whatever_it_is_doing() {
    explore("a secret replaced through a relative", || {
        let world = World::new(knows_right);
        let child = world.client.derive(Config::new().scope("a")).expect("the options are good");
        let asking = {
            let child = child.clone();
            thread::spawn(move || child.token())
        };
        world.client.set_secret("right").expect("a good secret");
        // Whatever the first call met, no pause of the old secret outlives it.
        let _ = join(asking);
        text(&child.token());
        assert!(world.provider.requests() <= 2);
        world.waited()
    });
}

#[test]
fn relatives_that_ask_at_once_do_not_stand_in_each_others_way() {
    explore_within(3, "relatives that ask at once", || {
        let world = World::new(|_, _| Reply::Token);
        let child = world.client.derive(Config::new().scope("a")).expect("the options are good");
        let asking = thread::spawn(move || child.token());
        text(&world.client.token());
        text(&join(asking));
        assert_eq!(world.provider.requests(), 2);
        world.waited()
    });
}

#[test]
fn relatives_that_are_refused_make_a_request_each_at_most() {
    explore_within(3, "relatives that are refused", || {
        let world = World::new(|_, _| Reply::Refusal);
        let child = world.client.derive(Config::new().scope("a")).expect("the options are good");
        let asking = {
            let child = child.clone();
            thread::spawn(move || child.token())
        };
        assert!(world.client.token().is_err());
        assert!(join(asking).is_err());
        let requests = world.provider.requests();
        assert!((1..=2).contains(&requests));
        assert!(child.token().is_err_and(|error| error.is_repeated()));
        assert!(world.client.token().is_err_and(|error| error.is_repeated()));
        assert_eq!(world.provider.requests(), requests);
        world.waited()
    });
}
