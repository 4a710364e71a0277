//! A workspace on a server, as a desktop has it: pairing, the connection to the server, and the replica of what its person may see.
//!
//! [`Remote`] stands behind the seam where a local authority would: whoever is above it does not know which it is. Every request goes to
//! the one server that the desktop was [paired](pair) with, signed by the device's key (FORMATS.md, "Device proofs").

mod address;
mod asking;
mod line;
mod link;
mod moving;
mod pairing;
mod reading;
mod remote;
mod told;
mod trust;

pub use address::Address;
pub use line::Patience;
pub use link::Link;
pub use moving::{Carrier, Destination};
pub use outbox::Outbox;
pub use pairing::{Desk, Pairing, Wish, pair};
pub use reading::{Kept, Reading, Source};
pub use remote::{Pace, Remote, unreached};
pub use trust::Trust;

pub mod offline;
pub mod outbox;
pub mod replica;
pub mod sync;
