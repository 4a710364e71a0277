//! What may not leave the encryption.

use std::{
    fs,
    io::Write,
    process::Command,
    sync::{Arc, Mutex},
};

use tracing_subscriber::fmt::MakeWriter;

use secrecy::ExposeSecret;

use crate::{
    places::{NEEDLE, PASSPHRASE, Place, entropy, files, found, is_founded},
    slots::LATER,
};

const NEW_PASSPHRASE: &str = "another battery, another horse";

fn contains(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|window| window.eq_ignore_ascii_case(needle))
}

#[tokio::test]
async fn nothing_of_the_workspace_is_readable_in_any_file() {
    let place = Place::new().await;
    let vault = place.vault().await;
    found(&vault).await;
    for open in [true, false] {
        if !open {
            vault.close().await;
        }
        let files = files(&place.folder());
        assert_eq!(files.keys().any(|path| path.ends_with("vault-1.db-wal")), open, "the log is looked at too");
        for (path, (bytes, _)) in files {
            assert!(!contains(&bytes, NEEDLE.as_bytes()), "{}", path.display());
            assert!(!contains(&bytes, b"SQLite format"), "{}", path.display());
            assert!(!contains(&bytes, b"CREATE TABLE"), "{}", path.display());
        }
    }
    // The witness: the same search does find what is written in plain text.
    assert!(contains(&fs::read(place.file("vault.json")).expect("a header"), crate::places::NAME.as_bytes()));
}

#[tokio::test]
async fn stock_sqlite_cannot_read_it() {
    let place = Place::founded().await;
    let Ok(output) = Command::new("sqlite3").arg("-readonly").arg(place.file("vault-1.db")).arg("SELECT * FROM accounts").output() else {
        return;
    };
    assert!(!output.status.success());
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("not a database"), "{said}");
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("a log").write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// Not a test: the process whose log is read. Its subscriber is the whole process's, threads of the database included.
#[tokio::test]
#[ignore = "run by the test below, in a process of its own"]
async fn says_everything_it_does() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt().with_max_level(tracing_subscriber::filter::LevelFilter::TRACE).with_writer(log.clone());
    if std::env::var_os("LOG_TO_READ").is_none() || tracing::subscriber::set_global_default(subscriber.finish()).is_err() {
        return;
    }
    let place = Place::founded().await;
    let vault = place.vault().await;
    assert!(is_founded(&vault).await);
    let kit = vault::Kit::draw(&mut entropy());
    vault.add_kit(&kit, LATER, &mut entropy()).await.expect("a kit");
    tracing::debug!(?kit, ?vault, "what might be logged by mistake");
    let file = place.root.path().join("workspace.backup");
    vault.back_up(&file, &PASSPHRASE.into(), LATER, &mut entropy(), vault::unwatched()).await.expect("a backup");
    let rotation = vault::Rotation { passphrase: PASSPHRASE.into(), without: Vec::new(), kit: vault::KitAfter::Same(kit.code().clone()) };
    tracing::debug!(?rotation, "what might be logged by mistake");
    vault.rotate(rotation, LATER, &mut entropy(), vault::unwatched()).await.expect("rotated");
    vault.change_passphrase(&PASSPHRASE.into(), &NEW_PASSPHRASE.into(), LATER, &mut entropy()).await.expect("changed");
    vault.close().await;
    let unlock = vault::Unlock::Kit(kit.code().clone());
    tracing::debug!(?unlock, "what might be logged by mistake");
    vault::open_with(place.root.path(), place.id, unlock).await.expect("the kit").close().await;
    let root = place.root.path().join("elsewhere");
    let key = vault::BackupKey::Passphrase(PASSPHRASE.into());
    tracing::debug!(?key, "what might be logged by mistake");
    let restoring = vault::restore(&root, &file, key, &NEW_PASSPHRASE.into(), LATER, &mut entropy(), vault::unwatched());
    restoring.await.expect("restored").discard().await;
    let code = kit.code();
    assert!(!contains(&log.0.lock().expect("a log"), code.canonical().expose_secret().as_bytes()));
    assert!(!contains(&log.0.lock().expect("a log"), code.grouped().expose_secret().as_bytes()));
    tracing::info!("the witness: this log is written");
    let path = std::env::var_os("LOG_TO_READ").expect("a path");
    fs::write(path, &*log.0.lock().expect("a log")).expect("a log");
}

#[test]
fn no_key_passphrase_or_name_in_the_log_even_at_trace() {
    let folder = tempfile::TempDir::new().expect("a folder");
    let path = folder.path().join("log");
    let status = Command::new(std::env::current_exe().expect("this binary"))
        .args(["--exact", "secrecy::says_everything_it_does", "--ignored"])
        .env("LOG_TO_READ", &path)
        .stdout(std::process::Stdio::null())
        .status()
        .expect("another process");
    assert!(status.success());
    let log = fs::read(&path).expect("a log");
    assert!(contains(&log, b"the witness"));
    for secret in ["PRAGMA key", "ATTACH", "x'", NEEDLE, PASSPHRASE, NEW_PASSPHRASE] {
        assert!(!contains(&log, secret.as_bytes()), "{secret} in {}", String::from_utf8_lossy(&log));
    }
    // The keys themselves, in whatever dress: no run of 64 hexadecimal symbols.
    let runs = log.split(|byte| !byte.is_ascii_hexdigit()).map(<[u8]>::len).max();
    assert!(runs < Some(64), "{}", String::from_utf8_lossy(&log));
}
