//! Reads what other programs wrote: lists of people, token seed files, exports of other authenticators.
//!
//! Bytes in, no files, no network, no clock. Whatever the bytes are, a reader here answers with a value or a closed error:
//! it does not panic, and takes no more memory than a small multiple of what it was given, slow hashes apart (1 GiB at most).

mod aegis;
mod detect;
mod ente;
mod marks;
mod migration;
mod otpauth;
pub mod people;
mod picture;
mod pskc;
mod read;
mod secret_text;
mod seed;
mod table;
mod token_csv;
#[cfg(test)]
mod torn;
mod two_fas;
#[cfg(test)]
mod vectors;

pub use detect::{Kind, detect};
pub use read::{Batch, Lock, MAX_BYTES, MAX_ENTRIES, SeedFile, SeedFileError, Unlock, read};
pub use seed::{Algorithm, Entry, Moving, Problem, Seed};
