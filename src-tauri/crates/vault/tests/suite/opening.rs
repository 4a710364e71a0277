//! Every way of not opening, each with the files untouched.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::Path,
    process::{Command, Stdio},
};

use authority::{CommitError, Store, StoreError};
use uuid::Uuid;
use vault::{OpenError, VaultError};

use crate::places::{PASSPHRASE, Place, entries, entropy, found, found_again, is_founded};

fn is_damaged(error: &OpenError) -> bool {
    matches!(error, OpenError::Damaged(_))
}

fn edit_header(place: &Place, from: &str, to: &str) {
    let text = fs::read_to_string(place.file("vault.json")).expect("a header");
    assert!(text.contains(from), "{from} is not in {text}");
    fs::write(place.file("vault.json"), text.replacen(from, to, 1)).expect("a header");
}

#[tokio::test]
async fn a_wrong_passphrase() {
    let place = Place::founded().await;
    assert_eq!(place.refuses("another passphrase").await, OpenError::PassphraseWrong);
    assert_eq!(place.refuses("").await, OpenError::PassphraseWrong);
    assert!(is_founded(&place.vault().await).await);
}

#[tokio::test]
async fn a_header_that_is_missing_cut_short_or_of_another_vault() {
    let place = Place::new().await;
    let whole = fs::read(place.file("vault.json")).expect("a header");
    for length in [0, 1, whole.len() / 2, whole.len() - 3] {
        fs::write(place.file("vault.json"), &whole[..length]).expect("a header");
        assert!(is_damaged(&place.refuses(PASSPHRASE).await), "cut at {length}");
    }
    fs::remove_file(place.file("vault.json")).expect("a header");
    assert!(is_damaged(&place.refuses(PASSPHRASE).await));

    fs::write(place.file("vault.json"), &whole).expect("a header");
    edit_header(&place, &place.id.to_string(), &Uuid::from_u128(7).to_string());
    assert!(is_damaged(&place.refuses(PASSPHRASE).await));

    let nowhere = Place { id: Uuid::from_u128(8), ..place };
    assert_eq!(nowhere.open(PASSPHRASE).await.err(), Some(OpenError::Missing));
    assert!(!nowhere.folder().exists());
}

#[tokio::test]
async fn a_newer_header() {
    let place = Place::new().await;
    edit_header(&place, "\"version\": 1", "\"version\": 2");
    assert_eq!(place.refuses(PASSPHRASE).await, OpenError::Newer);
    edit_header(&place, "\"slots\"", "\"ways in\"");
    assert_eq!(place.refuses(PASSPHRASE).await, OpenError::Newer);
}

#[tokio::test]
async fn slots_of_kinds_unknown_here_are_skipped() {
    let place = Place::founded().await;
    edit_header(&place, "\"slots\": [", r#""slots": [{"kind": "seashell", "id": "1", "service": "of tomorrow"},"#);
    assert!(is_founded(&place.vault().await).await);
}

#[tokio::test]
async fn a_slot_that_asks_for_all_memory() {
    let place = Place::new().await;
    edit_header(&place, "\"memory\": 65536", "\"memory\": 4294967295");
    assert!(is_damaged(&place.refuses(PASSPHRASE).await));
}

#[tokio::test]
async fn a_database_that_is_missing_cut_short_or_somebody_elses() {
    let place = Place::founded().await;
    let database = place.file("vault-1.db");
    let whole = fs::read(&database).expect("a database");
    assert!(whole.len() > 3 * 4096 && whole.len().is_multiple_of(4096));
    for length in [0, 1, 4095, 4096, 8192, whole.len() - 4096, whole.len() - 1] {
        fs::write(&database, &whole[..length]).expect("a database");
        assert!(is_damaged(&place.refuses(PASSPHRASE).await), "cut at {length} of {}", whole.len());
    }
    let mut flipped = whole.clone();
    flipped[100] ^= 1;
    fs::write(&database, &flipped).expect("a database");
    assert!(is_damaged(&place.refuses(PASSPHRASE).await));
    let other = Place::founded().await;
    fs::copy(other.file("vault-1.db"), &database).expect("a database");
    assert!(is_damaged(&place.refuses(PASSPHRASE).await));
    fs::remove_file(&database).expect("a database");
    assert!(is_damaged(&place.refuses(PASSPHRASE).await));
    fs::write(&database, &whole).expect("a database");
    assert!(is_founded(&place.vault().await).await);
}

#[tokio::test]
async fn open_here_already() {
    let place = Place::founded().await;
    let vault = place.vault().await;
    // The files may change while somebody else has it open; what counts is that they can go on.
    assert_eq!(place.open(PASSPHRASE).await.err(), Some(OpenError::InUse));
    assert!(is_founded(&vault).await);
    let clone = vault.clone();
    vault.close().await;
    assert!(clone.workspace().await.is_err(), "a closed vault is closed for all who share it");
    assert!(is_founded(&place.vault().await).await);
}

/// Not a test: the other process. It opens the vault that the environment names and holds it until it is killed.
#[tokio::test]
#[ignore = "run by the tests below, in a process of its own"]
async fn holds_a_vault() {
    let Ok(held) = std::env::var("HELD_VAULT") else { return };
    let folder = Path::new(&held);
    let id = Uuid::parse_str(folder.file_name().and_then(|name| name.to_str()).expect("a name")).expect("an identifier");
    let vault = vault::open(folder.parent().expect("a root"), id, &PASSPHRASE.into()).await.expect("a vault");
    found(&vault).await;
    let _line = std::io::Write::write_all(&mut std::io::stdout(), b"\nholding\n");
    std::future::pending::<()>().await;
}

fn another_process(place: &Place) -> std::process::Child {
    let this = std::env::current_exe().expect("this binary");
    let mut command = Command::new(this);
    command.args(["--exact", "opening::holds_a_vault", "--ignored", "--nocapture"]).env("HELD_VAULT", place.folder());
    let mut child = command.stdout(Stdio::piped()).spawn().expect("another process");
    let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
    assert!(lines.any(|line| line.expect("a line") == "holding"), "the other process failed");
    child
}

#[tokio::test]
async fn open_in_another_process_and_whole_again_when_that_is_killed() {
    let place = Place::new().await;
    let mut child = another_process(&place);
    assert_eq!(place.refuses(PASSPHRASE).await, OpenError::InUse);
    child.kill().expect("killed");
    child.wait().expect("dead");
    assert!(place.file("vault-1.db-wal").metadata().expect("a log").len() > 0, "it died with its log full");
    assert_eq!(place.refuses("another passphrase").await, OpenError::PassphraseWrong);
    let vault = place.vault().await;
    assert!(is_founded(&vault).await, "what was committed is there");
    vault.close().await;
    assert!(!place.file("vault-1.db-wal").exists());
    assert!(is_founded(&place.vault().await).await);
}

#[tokio::test]
async fn a_log_left_behind_does_not_hide_that_the_database_is_cut_short() {
    let place = Place::new().await;
    let mut child = another_process(&place);
    child.kill().expect("killed");
    child.wait().expect("dead");
    fs::write(place.file("vault-1.db"), "").expect("a database");
    assert!(is_damaged(&place.refuses(PASSPHRASE).await));
}

#[cfg(unix)]
#[tokio::test]
async fn a_folder_that_cannot_be_written() {
    use std::os::unix::fs::PermissionsExt;

    let place = Place::founded().await;
    let read_only = |name: &str, mode| {
        fs::set_permissions(place.file(name), fs::Permissions::from_mode(mode)).expect("a mode");
    };
    // Root ignores modes; where the tests run as root, only the mount below counts.
    for name in ["vault.lock", "vault-1.db"] {
        read_only(name, 0o400);
        if fs::OpenOptions::new().append(true).open(place.file(name)).is_err() {
            assert_eq!(place.refuses(PASSPHRASE).await, OpenError::ReadOnly, "{name}");
        }
        read_only(name, 0o600);
    }
    assert!(is_founded(&place.vault().await).await);
}

/// Not a test: opens the vault that the environment names and tells what it finds.
#[tokio::test]
#[ignore = "run by the test below, where the folder is mounted read-only"]
async fn opens_what_is_mounted_read_only() {
    let Ok(mounted) = std::env::var("MOUNTED_VAULT") else { return };
    let folder = Path::new(&mounted);
    let id = Uuid::parse_str(folder.file_name().and_then(|name| name.to_str()).expect("a name")).expect("an identifier");
    let error = vault::open(folder.parent().expect("a root"), id, &PASSPHRASE.into()).await.expect_err("read-only");
    assert_eq!(error, OpenError::ReadOnly);
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_mount_that_cannot_be_written() {
    let place = Place::founded().await;
    let before = crate::places::files(&place.folder());
    let mounting = r#"mount --bind "$1" "$1" && mount -o remount,ro,bind "$1""#;
    in_a_mount(mounting, place.root.path(), "opening::opens_what_is_mounted_read_only", ("MOUNTED_VAULT", &place.folder()));
    assert!(before == crate::places::files(&place.folder()));
}

/// Not a test: makes a vault on a small disk and fills it, beginning with one that holds no vault at all.
#[tokio::test]
#[ignore = "run by the test below, on a small disk"]
async fn fills_a_small_disk() {
    let Some(disk) = std::env::var_os("SMALL_DISK") else { return };
    let disk = Path::new(&disk);
    let ballast = disk.join("ballast");
    fs::write(&ballast, vec![1; 2 * 1024 * 1024 - 100 * 1024]).expect("a disk that is nearly full");
    let root = disk.join("vaults");
    let made = vault::prepare(&root, "too much", &PASSPHRASE.into(), &mut entropy()).await;
    assert_eq!(made.err(), Some(VaultError::DiskFull));
    assert_eq!(fs::read_dir(&root).expect("a root").count(), 0, "what was begun is gone");

    fs::remove_file(&ballast).expect("a file");
    let vault = vault::prepare(&root, "fits", &PASSPHRASE.into(), &mut entropy()).await.expect("a vault");
    found(vault.store()).await;
    let vault = vault.publish().await.expect("published");
    let mut committed = 0;
    let error = loop {
        match found_again(&vault, 40).await {
            Ok(()) => committed += 40,
            Err(error) => break error,
        }
        assert!(committed < 100_000, "the disk is not small");
    };
    assert!(matches!(error, CommitError::Store(StoreError::DiskFull)), "{error:?}");
    assert_eq!(entries(&vault).await, committed + 1, "each commit is there whole or not at all");
    vault.close().await;
    let again = vault::open(&root, vault.id(), &PASSPHRASE.into()).await;
    if let Ok(vault) = &again {
        assert_eq!(entries(vault).await, committed + 1);
        vault.close().await;
    } else {
        assert_eq!(again.err(), Some(OpenError::DiskFull));
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_disk_that_is_full() {
    let disk = tempfile::TempDir::new().expect("a folder");
    in_a_mount(r#"mount -t tmpfs -o size=2m tmpfs "$1""#, disk.path(), "opening::fills_a_small_disk", ("SMALL_DISK", disk.path()));
}

/// Runs one test of this binary where something is mounted, for that process alone.
#[cfg(target_os = "linux")]
pub(crate) fn in_a_mount(mounting: &str, at: &Path, test: &str, (name, value): (&str, &Path)) {
    let script = format!(r#"{mounting} || exit 99; shift; exec "$@""#);
    let status = Command::new("unshare")
        .args(["--user", "--map-root-user", "--mount", "sh", "-c", &script, "sh"])
        .arg(at)
        .arg(std::env::current_exe().expect("this binary"))
        .args(["--exact", test, "--ignored"])
        .env(name, value)
        .status()
        .expect("unshare");
    assert!(status.success(), "{status}: 99 means that this machine lets nobody mount");
}
