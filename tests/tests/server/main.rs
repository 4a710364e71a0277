//! The store on PostgreSQL, on a real one that the tests start.
#![cfg(unix)]

mod client;
mod console;
mod contract;
mod ground;
mod http;
mod moving;
mod numbering;
mod opening;
mod outages;
mod races;
mod receiving;
mod served;
