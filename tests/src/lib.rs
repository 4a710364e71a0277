//! What the window tests stand on: a private computer (`Stage`), the program on it (`Program`), its windows as a
//! person finds their way in them (`Page`), and witnesses that owe the program nothing (`witness`).
//!
//! Everything here blocks: a test reads from top to bottom, and every wait is a bounded poll of a condition.

#![allow(clippy::disallowed_methods, reason = "the harness lives in real time; the program is given its own")]

mod answer;
mod clock;
pub mod crowd;
mod database;
mod driver;
mod error;
pub mod licences;
mod locks;
pub mod measure;
pub mod memory;
mod page;
mod processes;
mod program;
pub mod record;
mod relay;
mod screen;
mod served;
mod services;
pub mod smtp;
mod stage;
mod target;
mod wait;
pub mod witness;

pub use clock::Clock;
pub use database::{Cluster, Database, Session};
pub use error::{Error, Result};
pub use locks::as_anybody;
pub use page::Page;
pub use program::{Program, built_program};
pub use relay::Relay;
pub use screen::Screen;
pub use served::Served;
pub use services::{Keyring, LoginManager};
pub use stage::Stage;
pub use target::*;
pub use wait::{PATIENCE, until};
