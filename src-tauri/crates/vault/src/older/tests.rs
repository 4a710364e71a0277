//! A vault of an older schema is copied, then brought up to date; killed anywhere, nothing is lost.

use std::{path::PathBuf, process::Command};

use authority::Store;
use domain::{
    Change,
    id::WorkspaceId,
    policy::Policy,
    words::{Language, Name},
    workspace::Workspace,
};
use sqlx::raw_sql;
use tempfile::TempDir;
use uuid::Uuid;

use super::*;
use crate::{Removal, known, open, prepare, stops::STOP, sweep, tests::Fixed};

const FOLDER: &str = "OLDER_VAULT";
const PASSPHRASE: &str = "correct horse battery staple";
const AT: Moment = Moment(1_790_000_000);

/// A vault with a workspace in it, closed.
async fn made(root: &Path) -> Vault {
    let unpublished = prepare(root, "Atelier", &PASSPHRASE.into(), &mut Fixed(0)).await.expect("a vault");
    let vault = unpublished.publish().await.expect("published");
    let (id, name) = (WorkspaceId(Uuid::from_u128(1)), Name::read("Atelier").expect("a name"));
    let workspace = Workspace::new(id, name, Language::En, Policy::default(), AT);
    let changes = vec![Change::Workspace(Box::new(workspace))];
    let commit = authority::Commit { at: AT, read: Vec::new(), changes, entries: Vec::new(), notices: Vec::new() };
    vault.commit(commit).await.expect("a commit");
    vault
}

/// Takes away what later migrations brought: what is left is as the first version of the program made it.
pub(crate) const FIRST_VERSION: &str = "
    DROP TABLE issuers;
    DROP TABLE arrival;
    DROP TABLE operations;
    DROP TABLE desk_operations;
    DROP TABLE desk;
    DROP TABLE replica;
    DROP TABLE devices;
    DROP INDEX sessions_by_device;
    ALTER TABLE sessions DROP COLUMN device;
    DROP TABLE checkpoints;
    DROP TABLE journal_blocks;
    DROP INDEX journal_by_time;
    DROP INDEX journal_by_kind;
    DROP TABLE tokens;
    DROP TABLE removed_accounts;
    DROP TABLE import_people;
    DROP TABLE imports;
    DROP INDEX throttle_by_account;
    ALTER TABLE throttle DROP COLUMN account;
    DROP TABLE help_requests;
    DROP TABLE cases;
    DROP INDEX accounts_by_owner;
    DROP INDEX accounts_by_state;
    ALTER TABLE accounts DROP COLUMN owner;
    DROP TABLE reports;
    DROP TABLE notices;
    CREATE TABLE notices (id BIGINT PRIMARY KEY, at BIGINT NOT NULL, account TEXT NOT NULL, kind TEXT NOT NULL, state TEXT NOT NULL);
    CREATE INDEX notices_by_state ON notices (state, id);
    DROP INDEX accounts_listed;
    DROP INDEX journal_columns;
    DROP INDEX journal_communities_in_order;
    DELETE FROM _sqlx_migrations WHERE version > 1;";

async fn of_the_first_version(root: &Path) -> Vault {
    let vault = made(root).await;
    raw_sql(FIRST_VERSION).execute(&vault.0.connections.read().await.writer).await.expect("older");
    vault.close().await;
    vault
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder");
    let mut names: Vec<String> = entries.map(|entry| entry.expect("an entry").file_name().into_string().expect("text")).collect();
    names.sort();
    names
}

fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    names(folder).into_iter().map(|name| (name.clone(), fs::read(folder.join(name)).expect("a file"))).collect()
}

/// Puts a copy where a vault is looked for, as somebody would who wants it back.
fn put_back(copy: &Path, id: Uuid) -> TempDir {
    let root = TempDir::new().expect("a folder");
    let folder = root.path().join(id.to_string());
    fs::create_dir(&folder).expect("a folder");
    for (name, bytes) in files(copy) {
        fs::write(folder.join(name), bytes).expect("a file");
    }
    root
}

#[tokio::test]
async fn a_copy_as_it_was_is_kept_before_anything_is_changed() {
    let root = TempDir::new().expect("a folder");
    let id = of_the_first_version(root.path()).await.id();
    let folder = folder::path(root.path(), id);
    let before: Vec<_> = files(&folder).into_iter().filter(|(name, _)| name != "vault.lock").collect();

    assert_eq!(open(root.path(), id, &"another passphrase".into()).await.err(), Some(OpenError::PassphraseWrong));
    assert_eq!(names(&folder), ["vault-1.db", "vault.json", "vault.lock"], "nothing happens to a vault that does not open");

    let vault = open(root.path(), id, &PASSPHRASE.into()).await.expect("a vault");
    let copy = vault.brought_up_to_date().expect("it was older").clone();
    assert_eq!(vault.older_copies(), std::slice::from_ref(&copy));
    assert_eq!(copy.folder, format!("older-{}-{}", date(copy.of), copy.of.0));
    assert_eq!(files(&folder.join(&copy.folder)), before, "byte for byte");
    assert_eq!(copy.size, before.iter().map(|(_, bytes)| bytes.len() as u64).sum::<u64>());
    assert!(vault.workspace().await.expect("a read").is_some());
    vault.verify().await.expect("sound");
    vault.close().await;

    let again = open(root.path(), id, &PASSPHRASE.into()).await.expect("a vault");
    assert_eq!(again.brought_up_to_date(), None, "it is told once");
    assert_eq!(again.older_copies(), std::slice::from_ref(&copy));

    let elsewhere = put_back(&folder.join(&copy.folder), id);
    let older = open(elsewhere.path(), id, &PASSPHRASE.into()).await.expect("the copy opens with what opened it");
    assert!(older.brought_up_to_date().is_some() && older.workspace().await.expect("a read").is_some());
    older.close().await;

    assert_eq!(again.remove_older_copy("../x").await, Err(ChangeError::NoSuchCopy));
    assert_eq!(again.remove_older_copy("vault.json").await, Err(ChangeError::NoSuchCopy));
    again.remove_older_copy(&copy.folder).await.expect("removed");
    assert_eq!(again.older_copies(), []);
    again.close().await;
    assert_eq!(names(&folder), ["vault-1.db", "vault.json", "vault.lock"]);
}

#[tokio::test]
async fn what_a_dead_process_had_committed_is_in_the_copy_too() {
    let root = TempDir::new().expect("a folder");
    let vault = of_the_first_version(root.path()).await;
    let folder = vault.folder().to_owned();
    // As a process leaves it that is killed with its log full.
    let held = open(root.path(), vault.id(), &PASSPHRASE.into()).await.expect("a vault");
    raw_sql(FIRST_VERSION).execute(&held.0.connections.read().await.writer).await.expect("older");
    let dead = TempDir::new().expect("a folder");
    let there = dead.path().join(vault.id().to_string());
    fs::create_dir(&there).expect("a folder");
    for name in ["vault.json", "vault-1.db", "vault-1.db-wal"] {
        fs::copy(folder.join(name), there.join(name)).expect("a file");
    }
    held.close().await;

    let opened = open(dead.path(), vault.id(), &PASSPHRASE.into()).await.expect("a vault");
    let copy = there.join(&opened.brought_up_to_date().expect("it was older").folder);
    assert_eq!(names(&copy), ["vault-1.db", "vault-1.db-wal", "vault.json"]);
    opened.close().await;
    let elsewhere = put_back(&copy, vault.id());
    let again = open(elsewhere.path(), vault.id(), &PASSPHRASE.into()).await.expect("the copy opens");
    assert!(again.brought_up_to_date().is_some());
    again.close().await;
}

/// Not a test: the process that is killed.
#[tokio::test]
#[ignore = "run by the tests below, in a process of its own"]
async fn opens_or_removes_until_it_is_killed() {
    let Ok(folder) = std::env::var(FOLDER) else { return };
    let folder = PathBuf::from(folder);
    let (root, id) =
        (folder.parent().expect("a root"), Uuid::parse_str(folder.file_name().and_then(|name| name.to_str()).expect("a name")));
    let id = id.expect("an identifier");
    if std::env::var_os("REMOVES").is_some() {
        Removal::begin(root, id).expect("nobody has it open").finish().expect("removed");
    } else {
        open(root, id, &PASSPHRASE.into()).await.expect("a vault").close().await;
    }
}

fn killed_at(step: &str, folder: &Path, removes: bool) {
    let mut command = Command::new(std::env::current_exe().expect("this binary"));
    command.args(["--exact", "older::tests::opens_or_removes_until_it_is_killed", "--ignored"]).env(FOLDER, folder).env(STOP, step);
    if removes {
        command.env("REMOVES", "1");
    }
    assert!(!command.output().expect("another process").status.success(), "{step}: it was not killed");
}

#[tokio::test]
async fn killed_while_the_copy_is_made_it_is_made_again() {
    for step in ["older copy written", "older copy kept"] {
        let root = TempDir::new().expect("a folder");
        let id = of_the_first_version(root.path()).await.id();
        let folder = folder::path(root.path(), id);
        killed_at(step, &folder, false);
        let vault = open(root.path(), id, &PASSPHRASE.into()).await.unwrap_or_else(|error| panic!("{step}: {error}"));
        assert!(vault.brought_up_to_date().is_some(), "{step}: it was older still");
        assert_eq!(vault.older_copies().len(), 1, "{step}");
        vault.close().await;
        assert_eq!(names(&folder)[1..], ["vault-1.db", "vault.json", "vault.lock"], "{step}: nothing is left over");
    }
}

#[tokio::test]
async fn a_vault_that_was_removed_is_gone_whole_also_when_the_process_dies() {
    let root = TempDir::new().expect("a folder");
    let vault = made(root.path()).await;
    assert_eq!(Removal::begin(root.path(), vault.id()).err(), Some(OpenError::InUse), "open here");
    vault.close().await;
    let held = Removal::begin(root.path(), vault.id()).expect("nobody has it open");
    assert_eq!(open(root.path(), vault.id(), &PASSPHRASE.into()).await.err(), Some(OpenError::InUse));
    drop(held);
    let again = open(root.path(), vault.id(), &PASSPHRASE.into()).await.expect("only taken hold of, not removed");
    again.close().await;

    killed_at("vault renamed away", vault.folder(), true);
    assert_eq!(known(root.path()), []);
    assert_eq!(Removal::begin(root.path(), vault.id()).err(), Some(OpenError::Missing));
    assert_eq!(names(root.path()), [format!("{}.removed", vault.id())]);
    sweep(root.path());
    assert_eq!(names(root.path()), [""; 0], "the rest goes with the next sweep");
}

#[tokio::test]
async fn removing_one_leaves_the_others_and_a_damaged_one_can_be_removed() {
    let root = TempDir::new().expect("a folder");
    let vault = made(root.path()).await;
    vault.close().await;
    let other = prepare(root.path(), "Other", &PASSPHRASE.into(), &mut Fixed(90)).await.expect("a vault");
    let other = other.publish().await.expect("published");
    other.close().await;
    fs::write(vault.folder().join(HEADER), "{").expect("damage");
    fs::write(root.path().join("a friend's file"), "stays").expect("a file");
    Removal::begin(root.path(), vault.id()).expect("nobody has it open").finish().expect("removed");
    assert_eq!(known(root.path()).iter().map(|known| known.id).collect::<Vec<_>>(), [other.id()]);
    assert_eq!(names(root.path()), [other.id().to_string(), "a friend's file".into()]);
    open(root.path(), other.id(), &PASSPHRASE.into()).await.expect("untouched").close().await;
}

#[test]
fn the_day_of_a_moment() {
    for (at, day) in [
        (0, "1970-01-01"),
        (-1, "1969-12-31"),
        (951_782_399, "2000-02-28"),
        (951_782_400, "2000-02-29"),
        (951_868_800, "2000-03-01"),
        (1_795_305_600, "2026-11-22"),
        (4_107_542_400, "2100-03-01"),
    ] {
        assert_eq!(date(Moment(at)), day);
    }
}
