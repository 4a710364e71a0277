//! Use cases: load, decide, commit. The one way anything changes.
//!
//! Each use case reads the records it needs and their versions, does what is slow (Argon2id) outside any transaction,
//! asks a rule of `domain` for a decision, and commits it. A commit in which a record has changed since it was read
//! is refused whole, and the decision is made anew.

mod address;
mod backup;
mod call;
mod clients;
mod communities;
mod console;
#[cfg(feature = "contract")]
pub mod contract;
mod desk;
mod devices;
mod doors;
mod epoch;
mod erasure;
mod evidence;
mod exporting;
mod feed;
mod founding;
mod ground;
pub mod guards;
mod hashing;
mod import;
mod journalled;
mod keeping;
mod kits;
mod local;
mod lost;
mod mail;
pub mod moving;
mod offline;
mod operations;
mod own_account;
mod own_tokens;
mod password_codes;
mod people;
mod person;
mod policies;
mod reading;
mod refusals;
mod resealing;
pub mod sample;
pub mod seal;
mod second_person;
mod soundness;
mod stack;
pub mod store;
mod surroundings;
mod token_import;
mod tokens;
mod views;

pub use clients::{Check, ClientKey, KnownClient};
pub use console::{LetIn, OpenError};
pub use desk::note as support_note;
pub use devices::{DEVICE_HEADER, PAIRING_VALIDITY};
pub use domain::offline::{EpochKey, EpochKeys, KeyEpoch, KeysRefused, LIVE as LIVE_EPOCHS};
pub use epoch::{Restored, Told};
pub use founding::{Founding, Names, check_passphrase};
pub use kits::read_kit;
pub use local::Authority;
pub use operations::read_operation_key;
pub use refusals::{domain as refusal, store as store_refusal};
pub use resealing::Seals;
pub use seal::{KeyId, SealingKey};
pub use soundness::{Finding, Soundness};
pub use stack::wiping_stack;
pub use store::{Commit, CommitError, Store, StoreError};
pub use surroundings::{Drawing, Surroundings, System};
pub use views::{language, person as person_name};
