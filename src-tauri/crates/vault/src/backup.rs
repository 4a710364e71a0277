//! Backups: one encrypted file with a key of its own (FORMATS.md, "Backup").

pub(crate) mod file;

use std::{
    fs::{self, File, OpenOptions},
    future::Future,
    io::{BufWriter, Read, Write},
    path::{Path, PathBuf},
};

use domain::{Entropy, time::Moment};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{
    SlotKind, Vault, Watch,
    copying::{self, Stage, ask, copy},
    failure::{ChangeError, CopyError, OpenError, RestoreError},
    folder,
    header::Header,
    slot::{Blank, BlankKeyed, Keyed, KeyedSlot, Keys, Place, draw_id, draw_key},
    slots::{slowly, to_the_end},
};
use file::{KitWay, Preface, Way};

const PIECE: usize = 1 << 20;

/// What a backup says of itself, before anything is unlocked. Whoever changed the file could have changed this: what
/// counts is inside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackupView {
    /// Its identifier: the same for copies of one file.
    pub id: Uuid,
    /// The vault it was taken of.
    pub vault: Uuid,
    /// The name that vault had.
    pub name: String,
    /// When it was taken.
    pub made_at: Moment,
    /// How large the database in it is.
    pub length: u64,
    /// What opens it.
    pub ways: Vec<SlotKind>,
}

/// Looks at a backup without opening it.
///
/// # Errors
/// [`RestoreError`], for what is no backup, too new, or cut short.
pub async fn inspect(file: &Path) -> Result<BackupView, RestoreError> {
    let file = file.to_owned();
    let looking = tokio::task::spawn_blocking(move || Preface::open(&file).map(|(preface, _)| preface.view()));
    looking.await.map_err(|_| RestoreError::Failed("the file could not be read".into()))?
}

struct Plan {
    id: Uuid,
    made: Moment,
    passphrase: SecretString,
    blank: Blank,
    kit: BlankKeyed,
}

impl Vault {
    /// Takes a backup while the vault is in use: all as it was at one moment, under a key of its own, which the
    /// passphrase opens and, where there is one, the recovery kit. The file appears under its name when it is whole and
    /// was read back; until then there are `NAME.part` and `NAME.part.db` beside it. A file of that name is replaced.
    ///
    /// All randomness is drawn before this returns.
    ///
    /// # Errors
    /// [`ChangeError`]; nothing is left of what was begun.
    pub fn back_up(
        &self,
        to: &Path,
        passphrase: &SecretString,
        now: Moment,
        entropy: &mut dyn Entropy,
        watch: Watch,
    ) -> impl Future<Output = Result<BackupView, ChangeError>> + Send + use<> {
        let (vault, to, database) = (self.clone(), to.to_owned(), draw_key(entropy));
        let plan = Plan {
            id: draw_id(entropy),
            made: now,
            passphrase: passphrase.clone(),
            blank: Blank::random(Some(now), entropy),
            kit: BlankKeyed::random(now, entropy),
        };
        to_the_end(async move {
            let _changing = vault.0.changing.lock().await;
            let (header, keys) = (vault.header(), vault.keys()?);
            let plan = slowly({
                let header = header.clone();
                move || header.open_by_passphrase(&plan.passphrase).map(|_| plan).ok_or(ChangeError::PassphraseWrong)
            })
            .await?;
            let (part, copied) = (beside(&to, ".part"), beside(&to, ".part.db"));
            // What a backup left that was killed.
            for file in [&part, &copied] {
                folder::remove_if_there(file)?;
            }
            let from = copying::Keyed { file: vault.0.folder.join(header.database()), key: keys.database.clone() };
            let to_keys = keys.with_database(database);
            let copying = copying::Keyed { file: copied.clone(), key: to_keys.database.clone() };
            let taken = match copy(&from, &copying, &watch).await {
                Ok(()) => {
                    slowly({
                        let (part, copied) = (part.clone(), copied.clone());
                        move || put_together(plan, &header, &keys, &to_keys, &copied, &part, &to, &watch)
                    })
                    .await
                }
                Err(error) => Err(error.into()),
            };
            for file in [&part, &copied] {
                if let Err(error) = folder::remove_if_there(file) {
                    tracing::warn!(kind = %error.kind(), "a part of a backup could not be removed");
                }
            }
            taken
        })
    }
}

fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

#[allow(clippy::too_many_arguments, reason = "the parts of one file, each of its own kind")]
fn put_together(
    plan: Plan,
    header: &Header,
    keys: &Keys,
    to_keys: &Keys,
    copied: &Path,
    part: &Path,
    to: &Path,
    watch: &Watch,
) -> Result<BackupView, ChangeError> {
    let Plan { id, made, passphrase, blank, kit } = plan;
    let mut body = File::open(copied)?;
    let length = body.metadata()?.len();
    let place = Place::Backup { backup: id, vault: header.vault, made, length };
    let mut ways = vec![Way::Passphrase(blank.fill(to_keys, place, &passphrase))];
    if let Some(outer) = header.kit_slot() {
        let inner = KeyedSlot::fill(kit, Keyed::Vault, to_keys, place, &file::key_of_vault(keys));
        ways.push(Way::Kit(KitWay { generation: header.generation, outer: outer.clone(), inner }));
    }
    let preface = Preface { backup: id, vault: header.vault, name: header.name.clone(), made, length, ways };

    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut out = BufWriter::with_capacity(PIECE, options.open(part)?);
    out.write_all(&preface.write())?;
    let written = pour(&mut body, &mut out, length, watch)?;
    out.into_inner().map_err(std::io::IntoInnerError::into_error)?.sync_all()?;

    let unlike = || ChangeError::Failed("the backup does not read back as it was written".into());
    let (found, mut body) = Preface::open(part).map_err(|_| unlike())?;
    let opened = found.by_passphrase(&passphrase).ok_or_else(unlike)?;
    let same = opened.database.expose_secret() == to_keys.database.expose_secret();
    if !same || pour(&mut body, &mut std::io::sink(), length, watch)? != written {
        return Err(unlike());
    }
    fs::rename(part, to)?;
    let parent = to.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if let Err(error) = folder::sync(parent) {
        // Not every file system of a stick or a share knows how.
        tracing::info!(kind = %error.kind(), "the folder of a backup could not be put on the disk");
    }
    Ok(found.view())
}

/// Copies so many bytes and gives their hash.
pub(crate) fn pour(from: &mut impl Read, to: &mut impl Write, length: u64, watch: &Watch) -> Result<[u8; 32], CopyError> {
    let (mut hash, mut done) = (Sha256::new(), 0);
    let mut piece = vec![0; PIECE];
    while done < length {
        ask(watch, Stage::Writing, done, length)?;
        let wanted = usize::try_from(length - done).unwrap_or(PIECE).min(PIECE);
        from.read_exact(&mut piece[..wanted])?;
        hash.update(&piece[..wanted]);
        to.write_all(&piece[..wanted])?;
        done += wanted as u64;
    }
    ask(watch, Stage::Writing, done, length)?;
    Ok(hash.finalize().into())
}

impl Preface {
    fn view(&self) -> BackupView {
        let ways = self.ways.iter().map(|way| match way {
            Way::Passphrase(_) => SlotKind::Passphrase,
            Way::Kit(_) => SlotKind::Kit,
            Way::Other(_) => SlotKind::Unknown,
        });
        let Self { backup, vault, ref name, made, length, .. } = *self;
        BackupView { id: backup, vault, name: name.clone(), made_at: made, length, ways: ways.collect() }
    }
}

impl From<OpenError> for RestoreError {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::Damaged(what) => Self::Damaged(what),
            OpenError::Newer => Self::Newer,
            OpenError::ReadOnly => Self::ReadOnly,
            OpenError::DiskFull => Self::DiskFull,
            other => Self::Failed(other.to_string()),
        }
    }
}
