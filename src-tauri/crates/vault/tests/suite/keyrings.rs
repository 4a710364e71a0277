//! The keyring of the desktop: a real Secret Service on a private bus, open, locked, silent and absent.

use std::{
    path::Path,
    process::{Command, Output},
};

use secret_service::{EncryptionType, SecretService};
use tempfile::TempDir;
use vault::{ChangeError, KeyringError, KitAfter, OpenError, Rotation, SlotKind, Unlock, Vault, keyring, open_with, unwatched};

use crate::{
    places::{PASSPHRASE, Place, entropy, files, is_founded},
    slots::LATER,
};

const PRIVATE: &str = "PRIVATE_KEYRING";

fn is_private() -> bool {
    std::env::var_os(PRIVATE).is_some()
}

/// Runs one test of this binary on a bus of its own, with a home of its own, after `before`. What does not end by itself is
/// ended, with all that it started.
fn on_a_private_bus(before: &str, test: &str) {
    let home = TempDir::new().expect("a folder");
    let script = format!(r#"{before}; "$0" --exact "$1" --ignored --nocapture"#);
    let this = std::env::current_exe().expect("this binary");
    let run = |home: &Path| -> Output {
        Command::new("timeout")
            .args(["--kill-after=5", PATIENCE, "dbus-run-session", "--", "sh", "-c", &script])
            .arg(&this)
            .arg(test)
            .env_remove("DBUS_SESSION_BUS_ADDRESS")
            .env_remove("DISPLAY")
            .env_remove("WAYLAND_DISPLAY")
            .envs([("HOME", home), ("XDG_RUNTIME_DIR", home), ("XDG_DATA_HOME", home), ("XDG_CONFIG_HOME", home), ("XDG_CACHE_HOME", home)])
            .env(PRIVATE, "1")
            .output()
            .expect("timeout, of the coreutils")
    };
    let Output { status, stdout, stderr } = run(home.path());
    let told = format!("{}{}", String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr));
    assert!(status.success() && told.contains("1 passed"), "{status} (124: it did not end by itself)\n{told}");
}

/// Seconds after which a run is ended.
const PATIENCE: &str = "60";

/// Nothing asks for the keyring before the daemon has its name: the bus would start a second one, and the two would race.
const UNLOCKED: &str = r#"printf 'a keyring' | gnome-keyring-daemon --foreground --unlock --components=secrets >/dev/null 2>&1 &
    gdbus wait --session --timeout 30 org.freedesktop.secrets || exit 98
    keyring=$(dbus-send --session --dest=org.freedesktop.DBus --print-reply=literal /org/freedesktop/DBus \
        org.freedesktop.DBus.GetConnectionUnixProcessID string:org.freedesktop.secrets | awk '{print $2}')
    trap 'kill -KILL "$keyring"' EXIT"#;

async fn by_keyring(place: &Place) -> Result<Vault, OpenError> {
    open_with(place.root.path(), place.id, Unlock::Keyring).await
}

async fn entries_of(place: &Place) -> usize {
    let service = SecretService::connect(EncryptionType::Plain).await.expect("a service");
    let id = place.id.to_string();
    let found = service.search_items([("service", "Sallyport"), ("vault", &*id)].into()).await.expect("a search");
    found.unlocked.len() + found.locked.len()
}

#[tokio::test]
#[ignore = "run by the test below, on a bus of its own"]
async fn opens_and_goes_away_with_an_open_keyring() {
    if !is_private() {
        return;
    }
    assert!(keyring::is_there().await);
    let place = Place::founded().await;
    let vault = place.vault().await;
    let slot = vault.add_keyring_slot(LATER, &mut entropy()).await.expect("a slot");
    assert_eq!((slot.kind, slot.made_at), (SlotKind::Keyring, Some(LATER)));
    vault.close().await;
    let vault = by_keyring(&place).await.expect("the keyring");
    assert!(is_founded(&vault).await);

    // The entry is what FORMATS.md says: 32 bytes under the vault and the slot.
    let service = SecretService::connect(EncryptionType::Plain).await.expect("a service");
    let user = format!("{}/{}", place.id, slot.id.expect("an identifier"));
    let found = service.search_items([("service", "Sallyport"), ("username", &*user)].into()).await.expect("a search");
    assert_eq!(found.unlocked[0].get_secret().await.expect("a secret").len(), 32);

    // It follows a rotation.
    let rotation = Rotation { passphrase: PASSPHRASE.into(), without: Vec::new(), kit: KitAfter::None };
    assert_eq!(vault.rotate(rotation, LATER, &mut entropy(), unwatched()).await, Ok(Vec::new()));
    vault.close().await;
    let vault = by_keyring(&place).await.expect("the keyring");
    assert_eq!(vault.slots()[1], slot);

    // Its entry goes with it.
    let id = slot.id.expect("an identifier");
    vault.remove_slot(id, &PASSPHRASE.into(), KitAfter::None, LATER, &mut entropy(), unwatched()).await.expect("removed");
    assert_eq!((vault.slots().len(), entries_of(&place).await), (1, 0));
    vault.close().await;
    assert_eq!(by_keyring(&place).await.err(), Some(OpenError::KeyringEntryMissing));

    // A slot whose entry is gone is told as that, and dropped by a rotation.
    let vault = place.vault().await;
    let slot = vault.add_keyring_slot(LATER, &mut entropy()).await.expect("a slot");
    keyring::forget(place.id).await.expect("forgotten");
    keyring::forget(place.id).await.expect("nothing to forget is no error");
    assert_eq!(entries_of(&place).await, 0);
    vault.close().await;
    let before = files(&place.folder());
    assert_eq!(by_keyring(&place).await.err(), Some(OpenError::KeyringEntryMissing));
    assert!(before == files(&place.folder()));
    let vault = place.vault().await;
    let rotation = Rotation { passphrase: PASSPHRASE.into(), without: Vec::new(), kit: KitAfter::None };
    assert_eq!(vault.rotate(rotation, LATER, &mut entropy(), unwatched()).await, Ok(vec![slot]));
    assert!(is_founded(&vault).await);

    // A header that cannot be written leaves no entry behind.
    std::fs::create_dir(place.file("vault.json.next")).expect("a folder in the way");
    let refused = vault.add_keyring_slot(LATER, &mut entropy()).await;
    assert!(matches!(refused, Err(ChangeError::Failed(_) | ChangeError::ReadOnly)), "{refused:?}");
    assert_eq!((vault.slots().len(), entries_of(&place).await), (1, 0));
    assert!(vault.sealing_key().is_some());
    vault.close().await;
}

#[tokio::test]
#[ignore = "run by the test below, on a bus of its own"]
async fn is_told_that_the_keyring_is_locked() {
    if !is_private() {
        return;
    }
    let place = Place::founded().await;
    let vault = place.vault().await;
    vault.add_keyring_slot(LATER, &mut entropy()).await.expect("a slot");
    let service = SecretService::connect(EncryptionType::Plain).await.expect("a service");
    service.get_default_collection().await.expect("a collection").lock().await.expect("locked");
    assert!(keyring::is_there().await, "locked, but there");
    let locked = Err(ChangeError::Keyring(KeyringError::Locked));
    assert_eq!(vault.add_keyring_slot(LATER, &mut entropy()).await, locked);
    let rotation = Rotation { passphrase: PASSPHRASE.into(), without: Vec::new(), kit: KitAfter::None };
    assert_eq!(vault.rotate(rotation, LATER, &mut entropy(), unwatched()).await.err(), Some(ChangeError::Keyring(KeyringError::Locked)));
    assert_eq!(keyring::forget(place.id).await, Err(KeyringError::Locked));
    vault.close().await;
    let before = files(&place.folder());
    assert_eq!(by_keyring(&place).await.err(), Some(OpenError::KeyringLocked));
    assert!(before == files(&place.folder()));
    let vault = place.vault().await;
    assert!(is_founded(&vault).await, "the passphrase opens it");
    vault.close().await;
}

#[tokio::test]
#[ignore = "run by the tests below, on a bus of its own"]
async fn is_told_that_there_is_none_or_that_it_is_silent() {
    if !is_private() {
        return;
    }
    let silent = std::env::var_os("SILENT").is_some();
    let place = Place::founded().await;
    let slot = r#""slots": [{"kind": "keyring", "id": "018f3c5e-7a10-7cc0-8d4e-2b6f9a1c3d57", "made": 1,
        "nonce": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "wrapped": "WRAPPED"},"#;
    let header = std::fs::read_to_string(place.file("vault.json")).expect("a header");
    let wrapped = format!("{}=", "A".repeat(107));
    std::fs::write(place.file("vault.json"), header.replacen("\"slots\": [", &slot.replace("WRAPPED", &wrapped), 1)).expect("a file");
    assert!(!keyring::is_there().await);
    let expected =
        if silent { (OpenError::KeyringSilent, KeyringError::Silent) } else { (OpenError::KeyringMissing, KeyringError::Missing) };
    assert_eq!(by_keyring(&place).await.err(), Some(expected.0));
    let vault = place.vault().await;
    assert_eq!(vault.add_keyring_slot(LATER, &mut entropy()).await, Err(ChangeError::Keyring(expected.1)));
    assert_eq!(vault.slots().len(), 2);
    vault.close().await;
}

#[test]
fn an_open_keyring() {
    on_a_private_bus(UNLOCKED, "keyrings::opens_and_goes_away_with_an_open_keyring");
}

#[test]
fn a_locked_keyring() {
    on_a_private_bus(UNLOCKED, "keyrings::is_told_that_the_keyring_is_locked");
}

#[test]
fn no_keyring() {
    on_a_private_bus(
        r#"export DBUS_SESSION_BUS_ADDRESS="unix:path=$HOME/nobody""#,
        "keyrings::is_told_that_there_is_none_or_that_it_is_silent",
    );
}

#[test]
fn a_keyring_that_never_answers() {
    let stopped = r#"export SILENT=1; kill -STOP "$keyring""#;
    on_a_private_bus(&format!("{UNLOCKED}; {stopped}"), "keyrings::is_told_that_there_is_none_or_that_it_is_silent");
}
