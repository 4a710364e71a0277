//! What the page, the seam and the network speak: one request and one reply per use case.
//!
//! The [`Workspace`] trait stands here, beside the shapes it carries, because both sides of the seam (the local
//! authority, and a remote workspace) implement it and neither may lean on the other.
//!
//! Moments are seconds since 1970-01-01T00:00:00Z.

/// Derives what every shape of the wire has.
macro_rules! shapes {
    ($($(#[$meta:meta])* $kind:ident $name:ident { $($body:tt)* })+) => {$(
        $(#[$meta])*
        #[derive(Debug, serde::Serialize, serde::Deserialize)]
        #[serde(rename_all = "camelCase")]
        #[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
        #[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
        pub $kind $name { $($body)* }
    )+};
}

/// As [`shapes`], for what carries secrets inwards. It is read from a page or a connection, and written in one place: by the desk,
/// towards the server that it asks. A field with a secret says so: `serde(serialize_with = "crate::secret::sent")`.
macro_rules! requests {
    ($($(#[$meta:meta])* struct $name:ident { $($body:tt)* })+) => {$(
        $(#[$meta])*
        #[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
        #[serde(rename_all = "camelCase")]
        #[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
        #[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
        pub struct $name { $($body)* }
    )+};
}

/// As [`shapes`], for closed sets of words.
macro_rules! words {
    ($($(#[$meta:meta])* enum $name:ident { $($body:tt)* })+) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(rename_all = "kebab-case")]
        #[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
        #[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
        pub enum $name { $($body)* }
    )+};
}

pub mod account;
pub mod address;
pub mod backup;
#[cfg(feature = "bindings")]
pub mod bindings;
pub mod commands;
pub mod communities;
pub mod delivery;
pub mod device;
pub mod drill;
pub mod erasure;
pub mod evidence;
pub mod feed;
pub mod import;
pub mod journal;
pub mod keeping;
pub mod mail;
pub mod moving;
pub mod offline;
pub mod outbox;
pub mod people;
pub mod person;
pub mod policies;
pub mod proof;
pub mod refusal;
pub mod seam;
pub mod secret;
pub mod seeds;
pub mod sign_in;
pub mod support;
pub mod tokens;
pub mod window;

pub use refusal::{Refusal, RefusalCode};
pub use seam::{Request, Response, SessionToken, UseCase, Workspace};
pub use secret::ShownOnce;
