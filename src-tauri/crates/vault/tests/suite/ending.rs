//! The end of a process whose vaults are still closing.

use std::{path::PathBuf, process::Command};

use tokio::{runtime::Runtime, task::JoinSet};
use uuid::Uuid;

use crate::places::{PASSPHRASE, Place};

const ROOM: &str = "VAULTS_OF_THE_CHILD";
const ROUNDS: usize = 10;
const VAULTS: usize = 4;
const STATUS: i32 = 7;

/// Not a test: a process that ends while the connections of its vaults are still closing.
#[test]
#[ignore = "run by the test below, in a process of its own"]
fn ends_with_its_vaults_still_open() {
    let Some(root) = std::env::var_os(ROOM) else { return };
    let runtime = Runtime::new().expect("a runtime");
    let vaults = runtime.block_on(async {
        let known = vault::known(&PathBuf::from(&root)).into_iter().map(|known| known.id);
        let opening: JoinSet<_> = known.map(|id: Uuid| open(PathBuf::from(&root), id)).collect();
        opening.join_all().await
    });
    assert_eq!(vaults.len(), VAULTS);
    drop(vaults);
    runtime.shutdown_background();
    std::process::exit(STATUS);
}

async fn open(root: PathBuf, id: Uuid) -> vault::Vault {
    vault::open(&root, id, &PASSPHRASE.into()).await.expect("a vault")
}

/// SQLCipher frees its heap when a process runs down, and a connection is a thread: without our own end of the process
/// about every fifth of these crashed.
#[test]
fn a_process_ends_with_the_status_it_was_given_while_its_vaults_are_closing() {
    let place = Runtime::new().expect("a runtime").block_on(Place::with_neighbours(VAULTS));
    let ends: Vec<_> = (0..ROUNDS)
        .map(|_| {
            Command::new(std::env::current_exe().expect("this binary"))
                .args(["--exact", "ending::ends_with_its_vaults_still_open", "--ignored"])
                .env(ROOM, place.root.path())
                .output()
                .expect("a child")
                .status
        })
        .collect();
    assert!(ends.iter().all(|status| status.code() == Some(STATUS)), "{ends:?}");
}
