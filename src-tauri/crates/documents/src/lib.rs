//! The pictures and papers that leave the program, as bytes.
//!
//! Nothing here opens a file, knows the time or speaks a language: the caller passes every word in, and puts the bytes
//! where the person asked for them. `FORMATS.md` says what they hold. Only [`notice`] brings its own words, since the server
//! sends them too.

pub mod backup_codes;
pub mod backup_sheet;
pub mod checkpoint;
mod names;
pub mod notice;
mod paper;
pub mod people_list;
pub mod qr;
pub mod recovery_kit;
pub mod recovery_letter;
pub mod sealed;
#[cfg(test)]
mod tools;

pub use names::Person;
pub use paper::PaperError;
