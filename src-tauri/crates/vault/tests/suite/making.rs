//! Making, finding, and what is left of a vault that was never finished.

use std::fs;

use tempfile::TempDir;
use vault::{OpenError, VaultError, known, prepare};

use crate::places::{NAME, PASSPHRASE, Place, entropy, files, found, is_founded};

#[tokio::test]
async fn a_vault_counts_from_its_publication_on() {
    let root = TempDir::new().expect("a folder");
    let unpublished = prepare(root.path(), NAME, &PASSPHRASE.into(), &mut entropy()).await.expect("a vault");
    found(unpublished.store()).await;
    assert_eq!(known(root.path()), []);
    let key = format!("{:?}", unpublished.sealing_key());
    assert_eq!(key, "SealingKey(…)");
    let vault = unpublished.publish().await.expect("published");
    assert!(is_founded(&vault).await);
    let list = known(root.path());
    assert_eq!(list.len(), 1);
    assert_eq!((list[0].id, list[0].name.as_str(), list[0].folder.as_path()), (vault.id(), NAME, vault.folder()));
    vault.close().await;
    assert!(vault.sealing_key().is_none());
    // Composed where it was made decomposed.
    let again = vault::open(root.path(), vault.id(), &"café au lait, sans sucre".into()).await.expect("the same passphrase");
    assert!(is_founded(&again).await);
    again.close().await;
    let names: Vec<_> = files(again.folder()).into_keys().map(|path| path.file_name().map(ToOwned::to_owned)).collect();
    assert_eq!(names, ["vault-1.db", "vault.json", "vault.lock"].map(|name| Some(name.into())));
}

#[tokio::test]
async fn a_vault_that_was_never_finished_is_swept_away_but_not_while_it_is_being_made() {
    let root = TempDir::new().expect("a folder");
    let dead = prepare(root.path(), "dead", &PASSPHRASE.into(), &mut entropy()).await.expect("a vault");
    let (dead_folder, dead_id) = (dead.store().folder().to_owned(), dead.store().id());
    let living = prepare(root.path(), "living", &PASSPHRASE.into(), &mut entropy()).await.expect("a vault");
    assert!(dead_folder.exists(), "its lock is held");
    dead.store().close().await;
    drop(dead);
    let error = vault::open(root.path(), dead_id, &PASSPHRASE.into()).await.expect_err("it has no header");
    assert!(matches!(error, OpenError::Damaged(_)));

    let other = prepare(root.path(), "other", &PASSPHRASE.into(), &mut entropy()).await.expect("a vault");
    assert!(!dead_folder.exists());
    let other_folder = other.store().folder().to_owned();
    other.discard().await;
    assert!(!other_folder.exists());
    living.publish().await.expect("published").close().await;
    assert_eq!(known(root.path()).iter().map(|vault| vault.name.as_str()).collect::<Vec<_>>(), ["living"]);
}

#[tokio::test]
async fn a_vault_that_lost_its_header_is_never_swept_away() {
    let place = Place::new().await;
    fs::remove_file(place.file("vault.json")).expect("a header");
    let other = prepare(place.root.path(), NAME, &PASSPHRASE.into(), &mut entropy()).await.expect("a vault");
    assert!(place.file("vault-1.db").exists());
    other.discard().await;
}

#[tokio::test]
async fn one_bad_folder_does_not_hide_the_others() {
    let place = Place::new().await;
    let root = place.root.path();
    let bad = "00000000-0000-4000-8000-000000000001";
    let newer = "00000000-0000-4000-8000-000000000002";
    for (folder, header) in [(bad, "{"), (newer, r#"{"format":"sallyport-vault","version":2,"name":"from the future"}"#)] {
        fs::create_dir(root.join(folder)).expect("a folder");
        fs::write(root.join(folder).join("vault.json"), header).expect("a file");
    }
    fs::create_dir(root.join("00000000-0000-4000-8000-000000000003")).expect("a folder");
    fs::create_dir(root.join("a folder of somebody else")).expect("a folder");
    fs::write(root.join("00000000-0000-4000-8000-000000000004"), "no folder").expect("a file");
    let names: Vec<_> = known(root).into_iter().map(|vault| vault.name).collect();
    assert_eq!(names, [bad, NAME, "from the future"]);
    assert_eq!(known(&root.join("nowhere")), []);
}

#[tokio::test]
async fn what_cannot_be_made_leaves_nothing() {
    let root = TempDir::new().expect("a folder");
    fs::write(root.path().join("file"), "").expect("a file");
    let made = prepare(&root.path().join("file").join("below"), NAME, &PASSPHRASE.into(), &mut entropy()).await;
    assert!(matches!(made, Err(VaultError::Failed(_))));
    assert_eq!(files(root.path()).len(), 1);
}
