//! The frozen vectors under `tests/vectors/vault`. `read_vault.py` beside them reads the same files in Python.

use std::{fs, path::Path};

use authority::{SealingKey, Store, seal};
use domain::{
    Entropy,
    code::{Code, Typed},
    factor::Sealed,
    id::{AccountId, AuthenticatorId, TokenId, WorkspaceId},
    kit::{self, OwnerVerifier, Purpose},
    oath::{Algorithm, Digits, Moving, OathSecret, Parameters},
    secret_hash::Opaque,
    time::Moment,
};
use secrecy::{ExposeSecret, SecretBox, SecretString};
use serde::{Deserialize, de::DeserializeOwned};
use uuid::Uuid;

use crate::{
    BackupKey, OpenError, RestoreError,
    backup::file::Preface,
    header::{Header, Slot},
    restore,
    slot::Keyed,
    unwatched,
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
    account: Option<Uuid>,
    authenticator: Option<Uuid>,
    token: Option<Uuid>,
    /// Those of an authenticator app, where they are not named.
    parameters: Option<String>,
    nonce: Option<String>,
    sealed: String,
    expect: String,
    secret: Option<String>,
    fingerprint: Option<String>,
}

fn cases<T: DeserializeOwned>(file: &str) -> Vec<T> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/vectors/vault").join(file);
    let text = fs::read_to_string(path).expect("the vectors are part of the repository");
    let cases: Cases<T> = serde_json::from_str(&text).expect("vectors are in their own form");
    assert!(cases.cases.len() > 2, "vectors went missing from {file}");
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

#[derive(Deserialize)]
struct KeyedCase {
    name: String,
    vault: Uuid,
    generation: u64,
    keyring_key: Option<String>,
    code: Option<String>,
    slot: serde_json::Value,
    expect: String,
    database_key: Option<String>,
    sealing_key: Option<String>,
}

fn code(canonical: &str) -> Code {
    match domain::code::read(canonical) {
        Ok(Typed::Code(code)) => code,
        other => panic!("{other:?}"),
    }
}

#[test]
fn slots_of_a_keyring_and_of_a_kit_open_with_the_frozen_keys_or_fail_in_the_frozen_way() {
    for case in cases::<KeyedCase>("keyed.json") {
        let header = serde_json::json!({
            "format": "sallyport-vault", "version": 1, "vault": case.vault, "name": "", "generation": case.generation, "slots": [case.slot],
        });
        let found = match Header::read(header.to_string().as_bytes()) {
            Err(OpenError::Damaged(_)) => "slot-malformed",
            Err(other) => panic!("{}: {other}", case.name),
            Ok(header) => {
                let keys = match (&case.code, &header.slots[..]) {
                    (Some(typed), [Slot::Kit(_)]) => header.open_by_kit(&code(typed)),
                    (None, [Slot::Keyring(slot)]) => slot.open(Keyed::Keyring, header.place(), &key(&case.keyring_key.expect("a key"))),
                    other => panic!("{}: {other:?}", case.name),
                };
                match keys {
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

#[derive(Deserialize)]
struct KitCase {
    code: String,
    vault_key: String,
    owner_key: String,
    verifier: String,
}

#[test]
fn kits_give_the_frozen_keys() {
    for case in cases::<KitCase>("kits.json") {
        let code = code(&case.code);
        for (purpose, expected) in [(Purpose::Vault, &case.vault_key), (Purpose::Owner, &case.owner_key)] {
            assert_eq!(*kit::key(&code, purpose).expect("a kit"), key(expected), "{purpose:?}");
        }
        let verifier = serde_json::to_value(OwnerVerifier::of(&code)).expect("text");
        let expected = serde_json::to_value(Opaque(key(&case.verifier))).expect("text");
        assert_eq!(verifier, expected);
    }
}

#[derive(Deserialize)]
struct BackupCase {
    name: String,
    backup: String,
    passphrase: Option<SecretString>,
    code: Option<String>,
    replace: Option<(String, String)>,
    flip: Option<usize>,
    keep: Option<usize>,
    expect: String,
    database_key: Option<String>,
    sealing_key: Option<String>,
}

#[tokio::test]
async fn the_frozen_backup_is_restored_or_refused_in_the_frozen_way() {
    for case in cases::<BackupCase>("backups.json") {
        let folder = tempfile::TempDir::new().expect("a folder");
        let file = folder.path().join("changed.backup");
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/vectors/vault").join(&case.backup);
        let mut data = fs::read(path).expect("the backup is part of the repository");
        if let Some((from, to)) = &case.replace {
            let at = data.windows(from.len()).position(|window| window == from.as_bytes()).expect("what is to be replaced");
            data.splice(at..at + from.len(), to.bytes());
        }
        if let Some(at) = case.flip {
            data[at] ^= 1;
        }
        data.truncate(case.keep.unwrap_or(data.len()));
        fs::write(&file, data).expect("a file");

        let key_of = || match (&case.passphrase, &case.code) {
            (Some(passphrase), None) => BackupKey::Passphrase(passphrase.clone()),
            (None, Some(typed)) => BackupKey::Kit(code(typed)),
            _ => panic!("{}: one key", case.name),
        };
        let new = "a new passphrase".into();
        let found = match restore(folder.path(), &file, key_of(), &new, Moment(1), &mut Counting(0), unwatched()).await {
            Err(RestoreError::PassphraseWrong | RestoreError::KitWrong) => "does-not-open",
            Err(RestoreError::NotABackup) => "no-backup",
            Err(RestoreError::Newer) => "newer",
            Err(RestoreError::Damaged(what)) if what.contains("cut short") => "wrong-length",
            Err(RestoreError::Damaged(_)) => "body-damaged",
            Err(other) => panic!("{}: {other}", case.name),
            Ok(restored) => {
                assert!(restored.store().workspace().await.expect("a read").is_some());
                let (preface, _) = Preface::open(&file).expect("a backup");
                let keys = match key_of() {
                    BackupKey::Passphrase(passphrase) => preface.by_passphrase(&passphrase),
                    BackupKey::Kit(code) => preface.by_kit(&code),
                }
                .expect("it opened before");
                assert_eq!(*keys.database.expose_secret(), key(case.database_key.as_ref().expect("its keys")), "{}", case.name);
                assert_eq!(*keys.sealing.expose_secret(), key(case.sealing_key.as_ref().expect("its keys")), "{}", case.name);
                restored.discard().await;
                "opened"
            }
        };
        assert_eq!(found, case.expect, "{}", case.name);
    }
}

/// Never the same twice.
struct Counting(u8);

impl Entropy for Counting {
    fn fill(&mut self, bytes: &mut [u8]) {
        self.0 += 1;
        bytes.fill(self.0);
    }
}

struct Nonce(Vec<u8>);

impl Entropy for Nonce {
    fn fill(&mut self, bytes: &mut [u8]) {
        bytes.copy_from_slice(&self.0);
    }
}

/// Reads what a vector says of how codes are made.
fn parameters(text: &str) -> Parameters {
    let digits = [Digits::Six, Digits::Eight];
    let all = [Moving::Counter, Moving::Time(30), Moving::Time(60)].into_iter().flat_map(|moving| {
        let algorithms = [Algorithm::Sha1, Algorithm::Sha256, Algorithm::Sha512];
        algorithms.into_iter().flat_map(move |algorithm| digits.map(move |digits| Parameters { moving, digits, algorithm }))
    });
    all.into_iter().find(|each| each.text() == text).expect("parameters")
}

#[test]
fn seals_open_at_their_place_alone_and_are_made_of_the_frozen_bytes() {
    for case in cases::<SealCase>("seals.json").into_iter().chain(cases("tokens.json")) {
        let sealing = SealingKey::new(SecretBox::new(Box::new(key(&case.sealing_key))));
        let workspace = WorkspaceId(case.workspace);
        let place = match (case.token, case.account, case.authenticator) {
            (Some(token), ..) => seal::Place::Token { workspace, token: TokenId(token) },
            (None, Some(account), Some(authenticator)) => {
                seal::Place::Authenticator { workspace, account: AccountId(account), authenticator: AuthenticatorId(authenticator) }
            }
            _ => panic!("{}: no place", case.name),
        };
        let parameters = case.parameters.as_deref().map_or(Parameters::default(), parameters);
        match sealing.open(&Sealed(bytes(&case.sealed)), place, parameters) {
            // Which of the failures it is, nobody is told.
            Err(seal::SealBroken) => assert_ne!(case.expect, "opened", "{}", case.name),
            Ok(opened) => {
                assert_eq!(case.expect, "opened", "{}", case.name);
                let secret = bytes(&case.secret.expect("its secret"));
                assert_eq!(opened.expose_bytes(), secret, "{}", case.name);
                let secret = OathSecret::of(&secret, parameters).expect("16 to 64 bytes");
                let sealed = sealing.seal(&secret, place, &mut Nonce(bytes(&case.nonce.expect("its nonce"))));
                assert_eq!(sealed.0, bytes(&case.sealed), "{}", case.name);
                if let Some(fingerprint) = &case.fingerprint {
                    assert_eq!(sealing.fingerprint(secret.expose_bytes()).to_vec(), bytes(fingerprint), "{}", case.name);
                }
            }
        }
    }
}
