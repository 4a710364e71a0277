//! A window that is left is locked at once, whatever the vault does.

use std::{
    ops::ControlFlow,
    sync::{Arc, Mutex, mpsc},
};

use authority::{Drawing, Founding};
use secrecy::SecretString;
use vault::{KitAfter, Rotation, Watch};
use wire::Workspace;

use super::*;

/// Longer than anything here takes, and shorter than for ever.
const FOR_EVER: Duration = Duration::from_secs(20);

#[tokio::test(flavor = "multi_thread")]
async fn whoever_leaves_while_the_vault_changes_its_key_is_not_kept_waiting() {
    let folder = tempfile::tempdir().expect("a folder");
    let under = |name: &str| folder.path().join(name);
    let folders = Folders { vaults: under("v"), drills: under("d"), preferences: under("p.json"), logs: under("l"), web: under("w") };
    std::fs::create_dir(&folders.vaults).expect("a folder");
    let passphrase: SecretString = "seven quiet lanterns".into();
    let unpublished = vault::prepare(&folders.vaults, "Harbour", &passphrase, &mut Drawing(&System)).await.expect("a vault");
    let authority = Authority::new(unpublished.store().clone(), unpublished.sealing_key(), System, "test");
    let password: SecretString = "plum-tractor-58-violin".into();
    let founding = Founding::read(false, "Harbour", "Olive", "olive@example.org", &password).expect("words");
    let session = authority.found(founding).await.expect("founded");
    let vault = unpublished.publish().await.expect("published");
    let program = Program::begin(folders, None);
    program.opened(vault.id(), "Harbour".into(), authority, Some(session.clone()));

    let _work = program.work.begin().expect("nothing else runs");
    let (reached, copying) = mpsc::channel();
    let (release, held) = mpsc::channel::<()>();
    let held = Mutex::new(held);
    let watch: Watch = Arc::new(move |_| {
        let _first = reached.send(());
        let _released = held.lock().map(|held| held.recv());
        ControlFlow::Continue(())
    });
    let rotation = Rotation { passphrase, without: Vec::new(), kit: KitAfter::None };
    let rotating = tokio::spawn(vault.rotate(rotation, System.now(), &mut Drawing(&System), watch));
    tokio::task::spawn_blocking(move || copying.recv()).await.expect("a thread").expect("the rotation copies");

    tokio::time::timeout(FOR_EVER, program.lock()).await.expect("locked while nothing can be written");
    assert!(!program.has_session(), "the window shows nothing of it any more");
    let workspace = program.authority().expect("open");
    assert!(workspace.call(Some(&session), WhoAmI {}.into()).await.is_ok(), "not written down yet");

    drop(release);
    rotating.await.expect("a task").expect("rotated");
    let written = async {
        while workspace.call(Some(&session), WhoAmI {}.into()).await.is_ok() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(FOR_EVER, written).await.expect("and is written down as soon as that is done");
    program.close().await;
}
