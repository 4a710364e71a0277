//! Backups: taken while the vault is in use, restored as another vault, and refused when they are not whole.

use std::{fs, ops::ControlFlow, path::Path, sync::Arc};

use tempfile::TempDir;
use vault::{BackupKey, ChangeError, Kit, OpenError, RestoreError, SlotKind, Unlock, Watch, inspect, open_with, restore, unwatched};

use crate::{
    places::{NAME, NEEDLE, PASSPHRASE, Place, entries, entropy, files, found_again, is_founded, names},
    slots::LATER,
};

struct Taken {
    place: Place,
    kit: Kit,
    out: TempDir,
}

impl Taken {
    async fn new() -> Self {
        let place = Place::founded().await;
        let (vault, kit, out) = (place.vault().await, Kit::draw(&mut entropy()), TempDir::new().expect("a folder"));
        vault.add_kit(&kit, LATER, &mut entropy()).await.expect("a kit");
        let taken = Self { place, kit, out };
        vault.back_up(&taken.file(), &PASSPHRASE.into(), LATER, &mut entropy(), unwatched()).await.expect("a backup");
        vault.close().await;
        taken
    }

    fn file(&self) -> std::path::PathBuf {
        self.out.path().join("workspace.backup")
    }

    async fn restored(&self, root: &Path, key: BackupKey) -> Result<vault::Unpublished, RestoreError> {
        restore(root, &self.file(), key, &"a new passphrase".into(), LATER, &mut entropy(), unwatched()).await
    }
}

fn typed(passphrase: &str) -> BackupKey {
    BackupKey::Passphrase(passphrase.into())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_taken_in_the_middle_of_things_is_restored_as_another_vault() {
    let place = Place::founded().await;
    let vault = place.vault().await;
    let (out, root) = (TempDir::new().expect("a folder"), TempDir::new().expect("a folder"));
    let file = out.path().join("workspace.backup");
    let wrong = vault.back_up(&file, &"another".into(), LATER, &mut entropy(), unwatched()).await;
    assert_eq!(wrong.err(), Some(ChangeError::PassphraseWrong));
    assert_eq!(names(out.path()), [""; 0]);
    fs::write(&file, "one that was there before").expect("a file");
    let backing_up = tokio::spawn(vault.back_up(&file, &PASSPHRASE.into(), LATER, &mut entropy(), unwatched()));
    for _ in 0..50 {
        found_again(&vault, 2).await.expect("commits go on");
    }
    let view = backing_up.await.expect("no panic").expect("a backup");
    vault.close().await;
    assert_eq!(names(out.path()), ["workspace.backup"]);
    assert_eq!((view.vault, view.name.as_str(), view.made_at, &*view.ways), (place.id, NAME, LATER, &[SlotKind::Passphrase][..]));
    assert_eq!(inspect(&file).await, Ok(view));
    let bytes = fs::read(&file).expect("a backup");
    assert!(!bytes.windows(NEEDLE.len()).any(|window| window.eq_ignore_ascii_case(NEEDLE.as_bytes())));

    let restoring = restore(root.path(), &file, typed(PASSPHRASE), &"a new passphrase".into(), LATER, &mut entropy(), unwatched());
    let unpublished = restoring.await.expect("restored");
    assert_eq!(vault::known(root.path()), [], "nothing counts before it is published");
    assert!(is_founded(unpublished.store()).await);
    let restored = unpublished.publish().await.expect("published");
    assert_ne!(restored.id(), place.id);
    let count = entries(&restored).await;
    assert!((1..=101).contains(&count) && count % 2 == 1, "whole commits: {count}");
    assert_eq!(restored.slots().iter().map(|slot| slot.kind).collect::<Vec<_>>(), [SlotKind::Passphrase]);
    found_again(&restored, 1).await.expect("a commit");
    restored.verify().await.expect("sound");
    restored.close().await;
    assert_eq!(names(restored.folder()), ["vault-1.db", "vault.json", "vault.lock"]);
    assert!(bytes == fs::read(&file).expect("a backup"), "the file is as it was");
    let again = vault::open(root.path(), restored.id(), &"a new passphrase".into()).await.expect("the passphrase that was chosen");
    again.close().await;
    assert_eq!(entries(&place.vault().await).await, 101, "the vault of before is as it was");
}

#[tokio::test]
async fn a_kit_on_paper_restores_and_opens_what_was_restored() {
    let taken = Taken::new().await;
    let root = TempDir::new().expect("a folder");
    assert_eq!(inspect(&taken.file()).await.expect("a backup").ways, [SlotKind::Passphrase, SlotKind::Kit]);
    let other = Kit::draw(&mut entropy());
    let refused = taken.restored(root.path(), BackupKey::Kit(other.code().clone())).await.err();
    assert_eq!(refused, Some(RestoreError::KitWrong));
    let unpublished = taken.restored(root.path(), BackupKey::Kit(taken.kit.code().clone())).await.expect("restored");
    let restored = unpublished.publish().await.expect("published");
    assert!(is_founded(&restored).await);
    restored.close().await;
    let opened = open_with(root.path(), restored.id(), Unlock::Kit(taken.kit.code().clone())).await.expect("the kit stays");
    opened.close().await;
    let error = vault::open(root.path(), restored.id(), &PASSPHRASE.into()).await.err();
    assert_eq!(error, Some(OpenError::PassphraseWrong), "another was chosen");
    assert!(is_founded(&taken.place.vault().await).await);
}

#[tokio::test]
async fn what_is_not_whole_is_refused_and_leaves_nothing() {
    let taken = Taken::new().await;
    let whole = fs::read(taken.file()).expect("a backup");
    let line = whole.iter().position(|byte| *byte == b'\n').expect("a first line") + 1;
    let root = TempDir::new().expect("a folder");
    let refused = async |what: &str, bytes: &[u8], key| {
        fs::write(taken.file(), bytes).expect("a file");
        let error = taken.restored(root.path(), key).await.err().unwrap_or_else(|| panic!("{what}: it was restored"));
        assert_eq!(names(root.path()), [""; 0], "{what}: {error}");
        error
    };
    let damaged = |error: &RestoreError| matches!(error, RestoreError::Damaged(_));
    for cut in [1, 40, line - 1, line, line + 4096, whole.len() - 4096, whole.len() - 1] {
        let error = refused("cut", &whole[..cut], typed(PASSPHRASE)).await;
        assert!(damaged(&error) || (cut < 40 && error == RestoreError::NotABackup), "cut at {cut}: {error}");
    }
    assert!(damaged(&refused("longer", &[&whole[..], b"x"].concat(), typed(PASSPHRASE)).await));
    for at in [line + 3, line + 100, line + 5 * 4096 + 7, whole.len() - 1] {
        let mut flipped = whole.clone();
        flipped[at] ^= 1;
        assert!(damaged(&refused("flipped", &flipped, typed(PASSPHRASE)).await), "{at}");
    }
    let text = String::from_utf8(whole[..line].to_vec()).expect("text");
    let with = |from: &str, to: &str| {
        assert!(text.contains(from), "{from} is not in {text}");
        [text.replacen(from, to, 1).as_bytes(), &whole[line..]].concat()
    };
    assert_eq!(refused("newer", &with("\"version\":1", "\"version\":2"), typed(PASSPHRASE)).await, RestoreError::Newer);
    assert_eq!(refused("other", &with("sallyport-backup", "sallyport-bandana"), typed(PASSPHRASE)).await, RestoreError::NotABackup);
    // Every part of the first line that says which backup it is, is bound to the slots.
    let made = format!("\"made\":{}", LATER.0);
    assert_eq!(refused("another time", &with(&made, "\"made\":1790000499"), typed(PASSPHRASE)).await, RestoreError::PassphraseWrong);
    assert_eq!(refused("another passphrase", &whole, typed("another")).await, RestoreError::PassphraseWrong);
    assert_eq!(refused("nothing", b"", typed(PASSPHRASE)).await, RestoreError::NotABackup);
    assert_eq!(refused("something else", &b"\x89PNG\n".repeat(9), typed(PASSPHRASE)).await, RestoreError::NotABackup);
    assert_eq!(inspect(&taken.out.path().join("nowhere")).await.err(), Some(RestoreError::Missing));
    assert_eq!(inspect(taken.out.path()).await.err(), Some(RestoreError::NotABackup));
}

#[tokio::test]
async fn stopping_leaves_nothing_behind() {
    let taken = Taken::new().await;
    let vault = taken.place.vault().await;
    let before = files(taken.out.path());
    let root = TempDir::new().expect("a folder");
    let stop_in = |stage| -> Watch {
        Arc::new(move |progress| if progress.stage == stage { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
    };
    for stage in [vault::Stage::Copying, vault::Stage::Checking, vault::Stage::Writing] {
        let backup = vault.back_up(&taken.file(), &PASSPHRASE.into(), LATER, &mut entropy(), stop_in(stage)).await;
        assert_eq!(backup.err(), Some(ChangeError::Cancelled));
        assert!(before == files(taken.out.path()), "the backup of before is as it was");
        let restored =
            restore(root.path(), &taken.file(), typed(PASSPHRASE), &PASSPHRASE.into(), LATER, &mut entropy(), stop_in(stage)).await;
        assert_eq!(restored.err(), Some(RestoreError::Cancelled));
        assert_eq!(names(root.path()), [""; 0]);
    }
    vault.close().await;
}

#[tokio::test]
async fn a_backup_goes_where_it_can_be_written_or_nowhere() {
    let place = Place::founded().await;
    let vault = place.vault().await;
    let out = TempDir::new().expect("a folder");
    let nowhere = vault.back_up(&out.path().join("no folder").join("x"), &PASSPHRASE.into(), LATER, &mut entropy(), unwatched()).await;
    assert!(matches!(nowhere, Err(ChangeError::Failed(_))), "{nowhere:?}");
    fs::create_dir(out.path().join("a folder")).expect("a folder");
    let onto = vault.back_up(&out.path().join("a folder"), &PASSPHRASE.into(), LATER, &mut entropy(), unwatched()).await;
    assert!(matches!(onto, Err(ChangeError::Failed(_))), "{onto:?}");
    assert_eq!(names(out.path()), ["a folder"]);
    assert!(is_founded(&vault).await);
    vault.close().await;
}

#[tokio::test]
async fn the_list_tells_the_restored_one_from_the_one_it_was_taken_of() {
    let taken = Taken::new().await;
    let restored = taken.restored(taken.place.root.path(), typed(PASSPHRASE)).await.expect("restored");
    let restored = restored.publish().await.expect("published");
    restored.close().await;
    let mut known = vault::known(taken.place.root.path());
    known.sort_by_key(|known| known.restored_at);
    let told: Vec<_> = known.iter().map(|known| (known.id, &*known.name, known.restored_at)).collect();
    assert_eq!(told, [(taken.place.id, NAME, None), (restored.id(), NAME, Some(LATER))]);
}

/// Not a test: takes a backup onto the disk that the environment names, and restores one there.
#[tokio::test]
#[ignore = "run by the test below, on a small disk"]
async fn backs_up_onto_a_small_disk() {
    let Some(disk) = std::env::var_os("SMALL_DISK") else { return };
    let disk = Path::new(&disk);
    let taken = Taken::new().await;
    fs::write(disk.join("ballast"), vec![1; 2 * 1024 * 1024 - 60 * 1024]).expect("a disk that is nearly full");
    let before = names(disk);
    let vault = taken.place.vault().await;
    let backup = vault.back_up(&disk.join("x.backup"), &PASSPHRASE.into(), LATER, &mut entropy(), unwatched()).await;
    assert_eq!(backup.err(), Some(ChangeError::DiskFull));
    assert_eq!(names(disk), before, "nothing half-written is left");
    assert!(is_founded(&vault).await);
    vault.close().await;
    let root = disk.join("vaults");
    assert_eq!(taken.restored(&root, typed(PASSPHRASE)).await.err(), Some(RestoreError::DiskFull));
    assert_eq!(names(&root), [""; 0]);
}

#[cfg(target_os = "linux")]
#[test]
fn a_disk_that_is_too_small_for_a_backup_is_left_as_it_was() {
    let disk = TempDir::new().expect("a folder");
    let mounting = r#"mount -t tmpfs -o size=2m tmpfs "$1""#;
    crate::opening::in_a_mount(mounting, disk.path(), "backup::backs_up_onto_a_small_disk", ("SMALL_DISK", disk.path()));
}

/// Not a test: takes a backup into the folder that the environment names, which is mounted read-only.
#[tokio::test]
#[ignore = "run by the test below, where the folder is mounted read-only"]
async fn backs_up_where_nothing_can_be_written() {
    let Ok(mounted) = std::env::var("READ_ONLY_FOLDER") else { return };
    let taken = Taken::new().await;
    let vault = taken.place.vault().await;
    let to = Path::new(&mounted).join("x.backup");
    let backup = vault.back_up(&to, &PASSPHRASE.into(), LATER, &mut entropy(), unwatched()).await;
    assert_eq!(backup.err(), Some(ChangeError::ReadOnly));
    vault.close().await;
}

#[cfg(target_os = "linux")]
#[test]
fn a_folder_that_cannot_be_written_takes_no_backup() {
    let folder = TempDir::new().expect("a folder");
    let mounting = r#"mount --bind "$1" "$1" && mount -o remount,ro,bind "$1""#;
    crate::opening::in_a_mount(
        mounting,
        folder.path(),
        "backup::backs_up_where_nothing_can_be_written",
        ("READ_ONLY_FOLDER", folder.path()),
    );
    assert_eq!(names(folder.path()), [""; 0]);
}
