//! A rotation that is killed, at every step of it: the vault is the old one or the new one, whole.

use std::{fs, ops::ControlFlow, path::Path, process::Command, sync::Arc};

use authority::Store;
use domain::time::Moment;
use tempfile::TempDir;
use uuid::Uuid;

use crate::{
    ChangeError, Kit, KitAfter, OpenError, Rotation, Unlock, Vault, Watch,
    folder::HEADER,
    open, open_with, prepare,
    stops::{STOP, stop_at},
    tests::Fixed,
    unwatched,
};

const FOLDER: &str = "VAULT_TO_ROTATE";
const PASSPHRASE: &str = "correct horse battery staple";
const AT: Moment = Moment(1_790_000_000);

async fn made(root: &Path) -> Vault {
    let unpublished = prepare(root, "Atelier", &PASSPHRASE.into(), &mut Fixed(0)).await.expect("a vault");
    let vault = unpublished.publish().await.expect("published");
    vault.add_kit(&Kit::draw(&mut Fixed(100)), AT, &mut Fixed(50)).await.expect("a kit");
    vault
}

async fn rotated(vault: &Vault, watch: Watch) -> Result<(), ChangeError> {
    let rotation = Rotation { passphrase: PASSPHRASE.into(), without: Vec::new(), kit: KitAfter::New(Kit::draw(&mut Fixed(101))) };
    vault.rotate(rotation, AT, &mut Fixed(150), watch).await.map(drop)
}

/// Not a test: the process that is killed.
#[tokio::test]
#[ignore = "run by the test below, in a process of its own"]
async fn rotates_until_it_is_killed() {
    let Ok(folder) = std::env::var(FOLDER) else { return };
    let folder = Path::new(&folder);
    let id = Uuid::parse_str(folder.file_name().and_then(|name| name.to_str()).expect("a name")).expect("an identifier");
    let vault = open(folder.parent().expect("a root"), id, &PASSPHRASE.into()).await.expect("a vault");
    let watch: Watch = Arc::new(|progress| {
        stop_at(&format!("{:?}", progress.stage));
        ControlFlow::Continue(())
    });
    rotated(&vault, watch).await.expect("rotated");
    vault.close().await;
}

#[tokio::test]
async fn a_rotation_killed_at_any_step_leaves_the_old_vault_or_the_new_one() {
    let steps = [
        ("Copying", 1),
        ("Checking", 1),
        ("database copied", 1),
        ("header written", 1),
        ("header replaced", 2),
        ("new generation open", 2),
        ("never", 2),
    ];
    for (step, generation) in steps {
        let root = TempDir::new().expect("a folder");
        let vault = made(root.path()).await;
        vault.close().await;
        let status = Command::new(std::env::current_exe().expect("this binary"))
            .args(["--exact", "kills::rotates_until_it_is_killed", "--ignored"])
            .env(FOLDER, vault.folder())
            .env(STOP, step)
            .output()
            .expect("another process")
            .status;
        assert_eq!(status.success(), step == "never", "{step}");

        let header = fs::read_to_string(vault.folder().join(HEADER)).expect("a header");
        assert!(header.contains(&format!("\"generation\": {generation},")), "{step}: {header}");
        let opened = open(root.path(), vault.id(), &PASSPHRASE.into()).await.unwrap_or_else(|error| panic!("{step}: {error}"));
        assert!(opened.workspace().await.is_ok());
        opened.verify().await.expect("sound");
        opened.close().await;
        let mut names: Vec<_> = fs::read_dir(vault.folder()).expect("a folder").map(|entry| entry.expect("an entry").file_name()).collect();
        names.sort();
        assert_eq!(names, [&*format!("vault-{generation}.db"), "vault.json", "vault.lock"], "{step}: nothing is left over");
        for (seed, of) in [(100, 1), (101, 2)] {
            let kit = Unlock::Kit(Kit::draw(&mut Fixed(seed)).code().clone());
            match open_with(root.path(), vault.id(), kit).await {
                Ok(opened) => {
                    assert_eq!(of, generation, "{step}");
                    opened.close().await;
                }
                Err(error) => {
                    assert_eq!(error, OpenError::KitWrong);
                    assert_ne!(of, generation, "{step}");
                }
            }
        }
        let again = open(root.path(), vault.id(), &PASSPHRASE.into()).await.expect("a vault");
        rotated(&again, unwatched()).await.expect("and what was killed can be done again");
        again.close().await;
    }
}
