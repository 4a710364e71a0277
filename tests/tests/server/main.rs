//! The store on PostgreSQL, on a real one that the tests start.
#![cfg(unix)]

mod api;
mod bad_days;
mod checks;
mod client;
mod console;
mod contract;
mod cut;
mod desk;
mod desktop;
mod devices;
mod ground;
mod http;
mod issuing;
mod lost;
mod moving;
mod moving_out;
mod numbering;
mod offline;
mod opening;
mod operations;
mod outages;
mod outbox;
mod races;
mod radius;
mod receiving;
mod served;
