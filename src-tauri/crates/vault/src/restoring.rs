//! Restoring a backup: a new vault, with keys and an identifier of its own, that nobody finds until it is published.

use std::{
    fs::File,
    future::Future,
    io::{BufReader, BufWriter},
    path::Path,
};

use domain::{
    Entropy,
    code::Code,
    kit::{self, Purpose},
    time::Moment,
};
use secrecy::SecretString;

use crate::{
    Unpublished, Watch,
    backup::{file::Preface, pour},
    connection::{Connections, Schema, examine, require_cipher},
    copying::{self, copy, verify},
    failure::{CopyError, RestoreError, of_database},
    folder,
    header::{Header, Slot},
    making::{FIRST_GENERATION, Site},
    slot::{Blank, BlankKeyed, Keyed, KeyedSlot, Keys, Place, draw_id, draw_key},
};

/// What opens a backup: what opened the vault when it was taken.
#[derive(Clone, Debug)]
pub enum BackupKey {
    /// The passphrase of then.
    Passphrase(SecretString),
    /// The code of the recovery kit of then.
    Kit(Code),
}

/// Restores a backup into a new vault under `root`, which opens with `passphrase` from now on, and with the recovery
/// kit if that opened the backup. It has an identifier of its own, also where the vault of then is gone: they are not
/// the same any more. Its records are as they were: what restoring makes void is decided by whoever publishes it.
///
/// All randomness is drawn before this returns.
///
/// # Errors
/// [`RestoreError`]; nothing is left of what was begun, and the file is as it was.
pub fn restore(
    root: &Path,
    file: &Path,
    key: BackupKey,
    passphrase: &SecretString,
    now: Moment,
    entropy: &mut dyn Entropy,
    watch: Watch,
) -> impl Future<Output = Result<Unpublished, RestoreError>> + Send + use<> {
    let (root, file, passphrase) = (root.to_owned(), file.to_owned(), passphrase.clone());
    let (id, database) = (draw_id(entropy), draw_key(entropy));
    let (blank, kit) = (Blank::random(Some(now), entropy), BlankKeyed::random(now, entropy));
    async move {
        require_cipher().await.map_err(CopyError::from)?;
        let laying = move || {
            let (preface, body) = Preface::open(&file)?;
            let (there, code) = match key {
                BackupKey::Passphrase(typed) => (preface.by_passphrase(&typed).ok_or(RestoreError::PassphraseWrong)?, None),
                BackupKey::Kit(code) => (preface.by_kit(&code).ok_or(RestoreError::KitWrong)?, Some(code)),
            };
            let keys = there.with_database(database);
            let place = Place::Vault { vault: id, generation: FIRST_GENERATION };
            let mut slots = vec![Slot::Passphrase(blank.fill(&keys, place, &passphrase))];
            if let Some(key) = code.and_then(|code| kit::key(&code, Purpose::Vault)) {
                slots.push(Slot::Kit(KeyedSlot::fill(kit, Keyed::Kit, &keys, place, &key)));
            }
            let header =
                Header { vault: id, name: preface.name.clone(), generation: FIRST_GENERATION, restored: Some(now), paired: None, slots };
            let site = Site::lay(root, header, keys)?;
            Ok((site, preface, body, there))
        };
        let (site, preface, body, there) = blocking(laying).await?;
        match fill(&site, preface, body, there, &watch).await {
            Ok(connections) => Ok(site.occupy(connections)),
            Err(error) => {
                site.clear();
                Err(error)
            }
        }
    }
}

async fn fill(site: &Site, preface: Preface, mut body: BufReader<File>, there: Keys, watch: &Watch) -> Result<Connections, RestoreError> {
    let taken = copying::Keyed { file: site.folder.join("backup.db"), key: there.database };
    let (out, pouring) = (taken.file.clone(), watch.clone());
    blocking(move || {
        let mut out = BufWriter::new(File::create_new(out).map_err(CopyError::from)?);
        pour(&mut body, &mut out, preface.length, &pouring)?;
        out.into_inner().map_err(|error| CopyError::from(error.into_error()))?;
        Ok(())
    })
    .await?;
    verify(&taken, watch).await?;
    if examine(&taken.file, &taken.key).await.map_err(CopyError::from)? == Schema::Newer {
        return Err(RestoreError::Newer);
    }
    let ours = copying::Keyed { file: site.database(), key: site.keys.database.clone() };
    copy(&taken, &ours, watch).await?;
    folder::remove_database(&taken.file).map_err(CopyError::from)?;
    let schema = examine(&ours.file, &ours.key).await.map_err(CopyError::from)?;
    let connections = Connections::open(&ours.file, &ours.key).await.map_err(|error| CopyError::from(of_database(error)))?;
    if schema == Schema::Older
        && let Err(error) = connections.migrate().await
    {
        connections.close().await;
        return Err(CopyError::from(error).into());
    }
    Ok(connections)
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T, RestoreError> + Send + 'static) -> Result<T, RestoreError> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|_| Err(RestoreError::Failed("the backup could not be read".into())))
}
