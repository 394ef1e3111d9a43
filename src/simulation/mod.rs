//! A year in seconds: the real cache and the real exchange against a simulated server, in virtual time.
//!
//! A seed decides everything ([`scenario`]); nothing sleeps and nothing runs beside anything else. A caller that leads
//! runs the real exchange, whose transport lets virtual time pass, and in that time the other callers act ([`world`]).
//! After every step the promises are checked by a record of their own ([`checks`]). The same scenarios are put to the
//! ways in which tokens are usually cached ([`policies`]), and the README shows how all of them fared ([`report`]).

mod agenda;
mod bounds;
mod callers;
mod checks;
mod client;
mod dice;
mod held;
mod network;
mod outside;
mod policies;
mod report;
mod scenario;
mod server;
mod shared;
mod tally;
mod tests;
mod trouble;
mod world;
