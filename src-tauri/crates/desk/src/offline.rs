//! Issuing recovery codes while the server is out of reach (FORMATS.md, "Offline recovery codes" and "A desk's issuing record").
//!
//! [`record`] and [`clock`] decide, without I/O; [`Offline`] reads and writes the desk's vault. A number is used up in the vault before
//! its code is shown: whatever happens in between loses a number, and never shows one twice.

mod clock;
mod identity;
mod issuing;
mod over;
mod record;
#[cfg(test)]
mod tests;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use authority::{Drawing, StoreError, Surroundings};
use domain::{
    id::{DeviceId, WorkspaceId},
    time::{HOUR, MINUTE, Moment},
};
use secrecy::SecretString;
use uuid::Uuid;
use vault::Vault;
use wire::{
    Refusal, RefusalCode,
    offline::{GrantRenewed, RenewGrant},
};

pub use clock::{Boots, Noted, ThisComputer, Uptime};
use identity::{Belongs, Identity};
use issuing::Asked;
use record::{Grant, Record};

/// Under which it lies in the vault.
const RECORD: &str = "offline";
/// How often a grant is renewed, and how soon it is tried again when that matters.
const RENEWED: i64 = HOUR;
const AGAIN: i64 = MINUTE;
/// The server's time is kept so often, where nothing else is written.
const NOTED: i64 = 10 * MINUTE;

/// Where the record is kept.
pub trait Keeps: Send + Sync + 'static {
    /// What is kept.
    fn read(&self) -> impl Future<Output = Result<Option<String>, StoreError>> + Send;

    /// Keeps this in its place.
    fn write(&self, body: &str) -> impl Future<Output = Result<(), StoreError>> + Send;
}

impl Keeps for Vault {
    async fn read(&self) -> Result<Option<String>, StoreError> {
        self.desk_record(RECORD).await
    }

    async fn write(&self, body: &str) -> Result<(), StoreError> {
        self.keep_desk_record(RECORD, body).await
    }
}

/// What a desk issues codes with.
pub struct Offline<K = Vault> {
    keeps: K,
    belongs: Belongs,
    surroundings: Arc<dyn Surroundings>,
    boots: Arc<dyn Boots>,
    /// Held while the record is changed, or wiped.
    going: tokio::sync::Mutex<()>,
    memory: Mutex<Memory>,
}

/// What is not kept.
#[derive(Default)]
struct Memory {
    noted: Option<Noted>,
    /// When the grant was last asked for, and whether the server answered.
    tried: Option<(Moment, bool)>,
    /// When the desk passphrase was wrong.
    wrong: Vec<Moment>,
}

impl<K: Keeps> Offline<K> {
    /// Of this desk.
    #[must_use]
    pub fn new(keeps: K, (workspace, device): (WorkspaceId, DeviceId), surroundings: Arc<dyn Surroundings>, boots: Arc<dyn Boots>) -> Self {
        let belongs = Belongs { workspace, device };
        Self { keeps, belongs, surroundings, boots, going: tokio::sync::Mutex::default(), memory: Mutex::default() }
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn record(&self) -> Result<Record, Refusal> {
        let Some(text) = self.keeps.read().await.map_err(authority::store_refusal)? else { return Ok(Record::default()) };
        serde_json::from_str(&text).map_err(|_| RefusalCode::VaultDamaged.into())
    }

    async fn keep(&self, record: &Record) -> Result<(), Refusal> {
        let text = serde_json::to_string(record).map_err(|_| RefusalCode::Unexpected)?;
        self.keeps.write(&text).await.map_err(authority::store_refusal)
    }

    /// Notes the server's time.
    fn note(&self, server: i64) -> Noted {
        let noted = Noted { server, wall: self.surroundings.now().0, up: self.boots.up() };
        self.memory().noted = Some(noted.clone());
        noted
    }

    /// The server said what time it is.
    ///
    /// # Errors
    /// Whatever keeps the record from being read or written.
    pub async fn said(&self, server: i64) -> Result<(), Refusal> {
        let noted = self.note(server);
        let _going = self.going.lock().await;
        let record = self.record().await?;
        let known = record.noted.as_ref();
        let boot = |noted: &Noted| noted.up.as_ref().map(|up| up.boot.clone());
        let news = known.is_none_or(|known| server - known.server >= NOTED || boot(known) != boot(&noted));
        // Where nothing can be issued the time is of no use.
        if record.grant.is_none() || !news {
            return Ok(());
        }
        self.keep(&Record { noted: Some(noted), ..record }).await
    }

    /// What time it is at the server, which is `known` to have been so late.
    fn now(&self, record: &Record, known: Option<i64>) -> Result<Moment, Refusal> {
        let noted = self.memory().noted.clone().or_else(|| record.noted.clone());
        let now = noted.and_then(|noted| noted.now(self.surroundings.now(), self.boots.up().as_ref(), known));
        now.ok_or_else(|| RefusalCode::OfflineClock.into())
    }

    /// What to ask the server, where it is time to.
    async fn due(&self) -> Result<Option<RenewGrant>, Refusal> {
        let record = self.record().await?;
        let issued = record.reports();
        if record.identity.is_none() && issued.is_empty() {
            return Ok(None);
        }
        let now = self.surroundings.now();
        let urgent = !issued.is_empty() || record.grant.as_ref().is_some_and(|grant| grant.is_half_over(now));
        let mut memory = self.memory();
        let is_due = match memory.tried {
            None => true,
            Some((_, true)) if !issued.is_empty() => true,
            Some((at, _)) => !(0..if urgent { AGAIN } else { RENEWED }).contains(&(now.0 - at.0)),
        };
        if is_due {
            memory.tried = Some((now, false));
        }
        Ok(is_due.then_some(RenewGrant { issued }))
    }

    /// The server took what it was told, and gave this person a grant, or none. Where the answer does not read, the grant stays that was there.
    async fn renewed(&self, person: Uuid, sent: &RenewGrant, answer: GrantRenewed) -> Result<(), Refusal> {
        let GrantRenewed { grant, refused, now } = answer;
        let noted = self.note(now);
        let _going = self.going.lock().await;
        let mut record = self.record().await?;
        record.told(&sent.issued, Moment(now));
        record.noted = Some(noted);
        match (grant, &record.identity) {
            (Some(told), Some(identity)) => match Grant::read(told, person, identity) {
                Some(grant) => (record.grant, record.refused) = (Some(grant), None),
                None => tracing::warn!("the server gave a grant that does not read"),
            },
            (Some(_), None) => {}
            (None, _) => (record.grant, record.refused) = (None, refused),
        }
        if record.identity.is_some() || !sent.issued.is_empty() {
            self.keep(&record).await?;
        }
        self.memory().tried = Some((self.surroundings.now(), true));
        Ok(())
    }

    /// Whoever calls this was just given the desk passphrase, which opens the vault. From here on an issuing key can be sealed; and of a
    /// change of the passphrase that did not end, the one that counts is kept.
    ///
    /// # Errors
    /// Whatever keeps the record from being read or written.
    pub async fn entrusted(&self, passphrase: &SecretString) -> Result<(), Refusal> {
        let _going = self.going.lock().await;
        let record = self.record().await?;
        if record.identity.as_ref().is_some_and(|identity| !identity.is_changing()) {
            return Ok(());
        }
        let (blank, belongs, typed) = (identity::blank(&mut Drawing(&*self.surroundings)), self.belongs, passphrase.clone());
        let known = record.identity.clone();
        let identity = slowly(move || {
            let settled = known.as_ref().and_then(|identity| identity.only(&typed, belongs));
            (settled.is_some(), settled.unwrap_or_else(|| Identity::make(blank, &typed, belongs)))
        });
        let (settled, identity) = identity.await?;
        // What was sealed to another identity nobody reads any more.
        let grant = record.grant.filter(|_| settled);
        self.keep(&Record { identity: Some(identity), grant, ..record }).await
    }

    /// Changes the desk passphrase by `change`, and what it wraps. Before it both open the identity, after it one does: where the program
    /// ends in between, the passphrase that opens the vault opens the identity.
    ///
    /// # Errors
    /// Why `change` did not; nothing is changed then.
    pub async fn change(
        &self,
        present: &SecretString,
        new: &SecretString,
        change: impl Future<Output = Result<(), Refusal>>,
    ) -> Result<(), Refusal> {
        let _going = self.going.lock().await;
        let record = self.record().await?;
        let Some(identity) = record.identity.clone() else { return change.await };
        let drawn = || identity::blank(&mut Drawing(&*self.surroundings));
        let (blank, belongs, known, typed, next) = (drawn(), self.belongs, identity.clone(), present.clone(), new.clone());
        // Where the present one does not open it, the change is the one to say so.
        let both = slowly(move || known.also(blank, &typed, &next, belongs)).await?;
        if let Some(both) = &both {
            self.keep(&Record { identity: Some(both.clone()), ..record.clone() }).await?;
        }
        let changed = change.await;
        let settled = match (&changed, both) {
            (Ok(()), Some(both)) => Record { identity: Some(both.newest()), ..record },
            (Ok(()), None) => {
                // What was sealed to an identity that nobody opens is as good as gone.
                let (blank, next) = (drawn(), new.clone());
                Record { identity: Some(slowly(move || Identity::make(blank, &next, belongs)).await?), grant: None, ..record }
            }
            (Err(_), Some(_)) => Record { identity: Some(identity), ..record },
            (Err(_), None) => return changed,
        };
        if let Err(refusal) = self.keep(&settled).await {
            // Both open it until the desk is opened next.
            tracing::warn!(%refusal, "what the desk passphrase wraps was not tidied");
        }
        changed
    }

    /// Does this while nothing is issued: what is wiped stays so.
    pub async fn apart<T>(&self, wiping: impl Future<Output = T>) -> T {
        let _going = self.going.lock().await;
        wiping.await
    }
}

async fn slowly<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Refusal> {
    tokio::task::spawn_blocking(work).await.map_err(|_| RefusalCode::Unexpected.into())
}

impl<K> std::fmt::Debug for Offline<K> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Offline").field("belongs", &self.belongs).finish_non_exhaustive()
    }
}
