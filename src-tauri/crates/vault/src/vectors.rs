//! The frozen vectors under `tests/vectors/vault`. `read_vault.py` beside them reads the same files in Python.

use std::{fs, path::Path};

use authority::{SealingKey, seal};
use domain::{
    Entropy,
    factor::Sealed,
    id::{AccountId, AuthenticatorId, WorkspaceId},
    totp::TotpSecret,
};
use secrecy::{ExposeSecret, SecretBox, SecretString};
use serde::{Deserialize, de::DeserializeOwned};
use uuid::Uuid;

use crate::{
    OpenError,
    header::{Header, Slot},
};

#[derive(Deserialize)]
struct Cases<T> {
    cases: Vec<T>,
}

#[derive(Deserialize)]
struct SlotCase {
    name: String,
    vault: Uuid,
    generation: u64,
    passphrase: SecretString,
    slot: serde_json::Value,
    expect: String,
    database_key: Option<String>,
    sealing_key: Option<String>,
}

#[derive(Deserialize)]
struct SealCase {
    name: String,
    sealing_key: String,
    workspace: Uuid,
    account: Uuid,
    authenticator: Uuid,
    nonce: Option<String>,
    sealed: String,
    expect: String,
    secret: Option<String>,
}

fn cases<T: DeserializeOwned>(file: &str) -> Vec<T> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/vectors/vault").join(file);
    let text = fs::read_to_string(path).expect("the vectors are part of the repository");
    let cases: Cases<T> = serde_json::from_str(&text).expect("vectors are in their own form");
    assert!(cases.cases.len() > 5, "vectors went missing from {file}");
    cases.cases
}

fn bytes(hex: &str) -> Vec<u8> {
    assert!(hex.len().is_multiple_of(2), "whole bytes");
    (0..hex.len()).step_by(2).map(|i| u8::from_str_radix(&hex[i..i + 2], 16).expect("hex")).collect()
}

fn key(hex: &str) -> [u8; 32] {
    bytes(hex).try_into().expect("a key of 32 bytes")
}

#[test]
fn slots_open_with_the_frozen_keys_or_fail_in_the_frozen_way() {
    for case in cases::<SlotCase>("slots.json") {
        let header = serde_json::json!({
            "format": "sallyport-vault", "version": 1, "vault": case.vault, "name": "", "generation": case.generation, "slots": [case.slot],
        });
        let found = match Header::read(header.to_string().as_bytes()) {
            Err(OpenError::Damaged(what)) if what.contains("cost") => "cost-out-of-bounds",
            Err(OpenError::Damaged(_)) => "slot-malformed",
            Err(other) => panic!("{}: {other}", case.name),
            Ok(header) => {
                let [Slot::Passphrase(slot)] = &header.slots[..] else { panic!("{}: not a passphrase slot", case.name) };
                match slot.open(header.place(), &case.passphrase) {
                    None => "does-not-open",
                    Some(keys) => {
                        assert_eq!(*keys.database.expose_secret(), key(&case.database_key.expect("its keys")), "{}", case.name);
                        assert_eq!(*keys.sealing.expose_secret(), key(&case.sealing_key.expect("its keys")), "{}", case.name);
                        "opened"
                    }
                }
            }
        };
        assert_eq!(found, case.expect, "{}", case.name);
    }
}

struct Nonce(Vec<u8>);

impl Entropy for Nonce {
    fn fill(&mut self, bytes: &mut [u8]) {
        bytes.copy_from_slice(&self.0);
    }
}

#[test]
fn seals_open_at_their_place_alone_and_are_made_of_the_frozen_bytes() {
    for case in cases::<SealCase>("seals.json") {
        let sealing = SealingKey::new(SecretBox::new(Box::new(key(&case.sealing_key))));
        let place = seal::Place {
            workspace: WorkspaceId(case.workspace),
            account: AccountId(case.account),
            authenticator: AuthenticatorId(case.authenticator),
        };
        match sealing.open(&Sealed(bytes(&case.sealed)), place) {
            // Which of the failures it is, nobody is told.
            Err(seal::SealBroken) => assert_ne!(case.expect, "opened", "{}", case.name),
            Ok(opened) => {
                assert_eq!(case.expect, "opened", "{}", case.name);
                let secret = bytes(&case.secret.expect("its secret"));
                assert_eq!(opened.expose_bytes(), secret, "{}", case.name);
                let secret = TotpSecret::from_bytes(&secret).expect("20 bytes");
                let sealed = sealing.seal(&secret, place, &mut Nonce(bytes(&case.nonce.expect("its nonce"))));
                assert_eq!(sealed.0, bytes(&case.sealed), "{}", case.name);
            }
        }
    }
}
