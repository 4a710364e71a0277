//! Fuzz targets of what reads strangers' files, for AFL++ on the stable toolchain.
//!
//! ```text
//! cargo install cargo-afl && cargo afl config --build
//! cd tests/fuzz
//! export CARGO_TARGET_DIR=../../target/fuzz
//! cargo afl build
//! cargo afl run --bin seeds /tmp/seeds
//! cargo afl fuzz -V 600 -m 500 -t 1000 -i /tmp/seeds/pskc -x /tmp/seeds/pskc.words -o /tmp/found-pskc $CARGO_TARGET_DIR/debug/pskc
//! ```
//!
//! Each target but `seeds` is a reader; where it can tell a wrong answer from a right one, it panics on the wrong one too.
//! What is found becomes a sample under `tests/vectors/intake`, with the failure it must give, or a case of
//! `tests/vectors/exports`, `tests/vectors/codes` or `tests/vectors/vault`.

use domain::code::{self, Code, Typed};
use journal::{
    Checkpoint,
    note::{PublicKey, SigningKey},
};
use serde_json::Value;

/// The journal of the frozen exports, which is also the name that its key signs under.
pub const ORIGIN: &str = "sallyport/01900000-0000-7000-8000-000000000007/0";

/// The key of the frozen exports. Whoever tampers with a journal may hold it.
pub fn key() -> SigningKey {
    SigningKey::from_seed(&[7; 32])
}

/// Its public half.
pub fn keys() -> Vec<PublicKey> {
    key().public(ORIGIN).into_iter().collect()
}

/// Signs again what a note says, or leaves it when that cannot be signed.
pub fn signed_anew(note: &str) -> String {
    let text = note.split_once("\n\n").map_or(note, |(text, _)| text);
    key().sign(ORIGIN, &format!("{text}\n")).unwrap_or_else(|| note.to_owned())
}

/// Whether a note is believed under [`keys`].
pub fn believed(note: &str) -> Option<Checkpoint> {
    Checkpoint::open(note, &keys()).ok()
}

/// The cases of a file of frozen vectors.
pub fn cases(name: &str) -> Vec<Value> {
    let path = format!("{}/../vectors/{name}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let value: Value = serde_json::from_str(&text).unwrap_or_default();
    value["cases"].as_array().or(value.as_array()).cloned().unwrap_or_default()
}

/// A header of the slot that a case is about, or nothing where it is about something else.
pub fn header(case: &Value) -> Option<Value> {
    case["slot"].as_object()?;
    Some(serde_json::json!({
        "format": "sallyport-vault", "version": 1, "vault": case["vault"], "name": "Atelier", "generation": case["generation"],
        "slots": [case["slot"]],
    }))
}

/// The code that a case is opened by.
pub fn code_of(case: &Value) -> Option<Code> {
    match code::read(case["code"].as_str()?) {
        Ok(Typed::Code(code)) => Some(code),
        _ => None,
    }
}
