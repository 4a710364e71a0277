//! Backup and restore of a workspace of many people, against a plain copy of the same file that reaches the disk too.

use crate::played::{PASSPHRASE, Played, secret};
use crate::rows::Row;
use crate::{milliseconds, timed, wait_for};
use authority::{Authority, Commit, Drawing, Restored, Store, System};
use domain::{
    Change,
    gate::{Membership, Role},
    id::{AccountId, CommunityId},
    invitation::NewPerson,
    time::Moment,
    words::{Email, Language, Name},
};
use sallyport_tests::{Error, Result};
use secrecy::SecretString;
use std::{ops::ControlFlow, path::Path};
use vault::{BackupKey, Unpublished, Vault, unwatched};

const PEOPLE: u32 = 100_000;
const BATCH: u32 = 2_000;
const AT: i64 = 1_800_000_000;

pub(crate) fn rows() -> Result<Vec<Row>> {
    let folder = tempfile::tempdir()?;
    let (file, copied, other) = (folder.path().join("bench.backup"), folder.path().join("copy"), folder.path().join("other"));
    wait_for(async {
        let (played, owner) = Played::found(&folder.path().join("vaults"), "Bench", AT).await;
        let vault = played.authority.store().clone();
        fill(&vault, CommunityId(played.community(&owner.session).await)).await?;
        let (now, passphrase) = (Moment(AT + 3600), secret(PASSPHRASE));
        let (backing, taken) = timed(vault.back_up(&file, &passphrase, now, &mut Drawing(&System), unwatched())).await;
        taken.map_err(|error| Error::said(error.to_string()))?;
        let (copying, done) = timed(async { copy(&file, &copied) }).await;
        done?;
        let key = BackupKey::Passphrase(passphrase.clone());
        let (restoring, restored) = timed(restore(&other, &file, key, &passphrase, now)).await;
        restored?.discard().await;
        vault.close().await;
        let reference = Some(milliseconds(copying));
        Ok(vec![
            Row::new("backup of 100,000 people, plain copy", milliseconds(backing), reference, "ms"),
            Row::new("restore of 100,000 people, plain copy", milliseconds(restoring), reference, "ms"),
        ])
    })?
}

/// As the program does before anybody can open it: the new epoch is part of it.
async fn restore(root: &Path, file: &Path, key: BackupKey, passphrase: &SecretString, now: Moment) -> Result<Unpublished> {
    let view = vault::inspect(file).await.map_err(|error| Error::said(error.to_string()))?;
    let restoring = vault::restore(root, file, key, passphrase, now, &mut Drawing(&System), unwatched());
    let restored = restoring.await.map_err(|error| Error::said(error.to_string()))?;
    let authority = Authority::new(restored.store().clone(), restored.sealing_key(), System, "bench");
    let epoch = Restored { backup: view.id, taken_at: view.made_at, keep_codes: false };
    authority.begin_epoch(&epoch, &|_, _| ControlFlow::Continue(())).await.map_err(|refusal| Error::said(format!("{:?}", refusal.code)))?;
    Ok(restored)
}

async fn fill(vault: &Vault, community: CommunityId) -> Result<()> {
    for first in (0..PEOPLE).step_by(BATCH as usize) {
        let changes = (first..first + BATCH).map(|number| person(number, community)).collect();
        let commit = Commit { at: Moment(AT), read: Vec::new(), changes, entries: Vec::new(), notices: Vec::new() };
        vault.commit(commit).await.map_err(|error| Error::said(format!("{error:?}")))?;
    }
    Ok(())
}

fn person(number: u32, community: CommunityId) -> Change {
    let new = NewPerson {
        id: AccountId::random(&mut Drawing(&System)),
        name: Name::read(&format!("Person {number}")).expect("a name"),
        email: Email::read(&format!("person{number}@example.org")).expect("an address"),
        language: Language::En,
        membership: Some(Membership { community, role: Role::Member, since: Moment(AT) }),
    };
    Change::Account(Box::new(new.account(None, Moment(AT))))
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    std::fs::copy(from, to)?;
    Ok(std::fs::File::open(to)?.sync_all()?)
}
