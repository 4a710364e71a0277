//! The server: the same use cases and rules as in the window, over PostgreSQL and asked over HTTPS.
//!
//! It leans on `authority`, `postgres` and `wire`, on `mail`, which delivers the outbox, and on `vault`, for a workspace that leaves
//! it. It holds no state of its own: any number of processes stand before one database, and any of them may die. What it adds is
//! what the network brings: who may connect, how much they may send, where they come from, and how an answer looks.

mod answer;
mod app;
mod asking;
mod body;
mod check;
mod chores;
mod clients;
mod commands;
mod epoch;
mod health;
mod keys;
mod listen;
mod local_only;
mod metrics;
mod moving_out;
mod network;
mod openapi;
mod problem;
mod receiving;
mod seam;
mod serving;
mod settings;
mod source;
mod tls;
mod words;

pub use app::{App, Bounds, router};
pub use commands::{Cli, run};
pub use health::{Health, Pool};
pub use keys::{KeyError, Keys, read_keys};
pub use listen::{Listening, Stopped};
pub use local_only::why_local;
pub use network::Network;
pub use problem::status;
pub use settings::{Given, Settings, SettingsError};
pub use tls::TlsError;
