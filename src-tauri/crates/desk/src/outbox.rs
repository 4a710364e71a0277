//! The outbox of a desk: changes that its person asked for without the server, sent once it is back, and the verdicts on them.
//!
//! Only what [`CanWait`] names is ever kept, and there is no secret in any of it. Each has a key, under which the server carries it out
//! once, however often it arrives (FORMATS.md, "Operations"): one whose answer was lost is sent again.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use authority::{StoreError, Surroundings};
use domain::{
    operation::{made_at, new_key},
    support::Checklist,
    words::Name,
};
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;
use uuid::Uuid;
use vault::Vault;
use wire::{
    Refusal, RefusalCode, Request, Response,
    outbox::{CanWait, Waiting, WaitingRow, WaitingState, decides},
    people::PersonName,
    person::ReadPerson,
    seam::Outcome,
    support::{ReadChecklist, ReadDesk},
};

use crate::replica::Replica;

/// How many changes an outbox takes, those that were decided and are still listed among them.
pub const MOST: u32 = 1_000;

/// The way to the server, in the name of the outbox's person.
pub trait Sends: Send + Sync {
    /// Sends one request with the key under which it is done once.
    fn send(&self, key: Uuid, request: Request) -> impl Future<Output = Result<Outcome, Refusal>> + Send;
}

/// One change, as it is kept.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Entry {
    /// Who asked for it.
    person: Uuid,
    about: Option<About>,
    asked: CanWait,
    state: WaitingState,
    refusal: Option<Refusal>,
    journalled: Option<u64>,
}

/// About whom, as they were called then.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct About {
    id: Uuid,
    name: String,
    email: String,
}

impl From<PersonName> for About {
    fn from(PersonName { id, name, email }: PersonName) -> Self {
        Self { id, name, email }
    }
}

impl Entry {
    fn is_decided(&self) -> bool {
        matches!(self.state, WaitingState::Accepted | WaitingState::Refused)
    }

    fn row(self, key: Uuid) -> WaitingRow {
        let words = match &self.asked {
            CanWait::CorrectName(asked) => vec![asked.name.clone()],
            CanWait::SetChecklist(asked) => asked.entries.iter().filter(|entry| !entry.trim().is_empty()).cloned().collect(),
            CanWait::DismissRequest(_) | CanWait::WithdrawCase(_) => Vec::new(),
        };
        WaitingRow {
            key,
            kind: self.asked.kind(),
            person: self.about.map(|About { id, name, email }| PersonName { id, name, email }),
            words,
            made_at: made_at(&key).0,
            state: self.state,
            refusal: self.refusal,
            journalled: self.journalled,
        }
    }
}

/// An entry, with the text that it was read from.
struct Found {
    key: Uuid,
    text: String,
    entry: Entry,
}

/// The outbox of a desk. Clones are the same one.
#[derive(Clone)]
pub struct Outbox(Arc<Inner>);

struct Inner {
    vault: Vault,
    surroundings: Arc<dyn Surroundings>,
    /// Held while anything is sent or changed: one after the other, in their order.
    going: Mutex<()>,
    undecided: AtomicU32,
    refused: AtomicU32,
}

impl Outbox {
    /// The outbox of this desk.
    ///
    /// # Errors
    /// Whatever keeps it from being read.
    pub async fn open(vault: Vault, surroundings: Arc<dyn Surroundings>) -> Result<Self, Refusal> {
        let outbox = Self(Arc::new(Inner {
            vault,
            surroundings,
            going: Mutex::default(),
            undecided: AtomicU32::default(),
            refused: AtomicU32::default(),
        }));
        outbox.count(&outbox.all().await?);
        Ok(outbox)
    }

    /// Looks what is in it, once something else wrote there: what is wiped waits no more.
    pub(crate) async fn recount(&self) {
        match self.all().await {
            Ok(all) => self.count(&all),
            Err(refusal) => tracing::error!(%refusal, "the outbox cannot be read"),
        }
    }

    /// How many changes are yet to be decided.
    #[must_use]
    pub fn undecided(&self) -> u32 {
        self.0.undecided.load(Ordering::Acquire)
    }

    /// How many were refused and are still listed.
    #[must_use]
    pub fn refused(&self) -> u32 {
        self.0.refused.load(Ordering::Acquire)
    }

    /// Keeps what the replica's person asks for, with what it changes as the replica has it: where the server has something else by
    /// then, it refuses.
    ///
    /// # Errors
    /// [`RefusalCode::OutboxFull`]; [`RefusalCode::NotAllowed`] for what the replica does not show.
    pub async fn keep(&self, replica: &Replica, asked: CanWait) -> Result<(), Refusal> {
        let _going = self.0.going.lock().await;
        self.add(replica, asked).await
    }

    async fn add(&self, replica: &Replica, mut asked: CanWait) -> Result<(), Refusal> {
        makes_sense(&asked)?;
        follows(&self.all().await?, replica.person(), &mut asked);
        let about = rests_on(replica, &mut asked).await?;
        let entry = Entry { person: replica.person(), about, asked, state: WaitingState::Waiting, refusal: None, journalled: None };
        self.make_room().await?;
        let added = self.0.vault.add_desk_operation(self.new_key(), &written(&entry)?, MOST).await.map_err(of_store)?;
        if !added {
            return Err(RefusalCode::OutboxFull.into());
        }
        self.count(&self.all().await?);
        Ok(())
    }

    /// What is in it.
    ///
    /// # Errors
    /// Whatever keeps it from being read.
    pub async fn list(&self) -> Result<Waiting, Refusal> {
        let all = self.all().await?;
        let undecided = all.iter().filter(|found| !found.entry.is_decided()).count();
        Ok(Waiting { rows: all.into_iter().map(|found| found.entry.row(found.key)).collect(), undecided: undecided as u32 })
    }

    /// Takes a change out, unless it may have been carried out already and nobody knows.
    ///
    /// # Errors
    /// [`RefusalCode::AnswerLost`] for one that was sent and not answered.
    pub async fn put_aside(&self, key: Uuid) -> Result<(), Refusal> {
        let _going = self.0.going.lock().await;
        let mut all = self.all().await?;
        if let Some(found) = all.iter().find(|found| found.key == key) {
            if found.entry.state == WaitingState::Sent {
                return Err(RefusalCode::AnswerLost.into());
            }
            self.0.vault.remove_desk_operation(key, &found.text).await.map_err(of_store)?;
            all.retain(|found| found.key != key);
        }
        self.count(&all);
        Ok(())
    }

    /// Asks anew for what was refused: as a change that is made now.
    ///
    /// # Errors
    /// As [`keep`](Self::keep).
    pub async fn ask_again(&self, replica: &Replica, key: Uuid) -> Result<(), Refusal> {
        let _going = self.0.going.lock().await;
        let all = self.all().await?;
        let Some(found) = all.into_iter().find(|found| found.key == key && found.entry.state == WaitingState::Refused) else {
            return Ok(());
        };
        self.0.vault.remove_desk_operation(key, &found.text).await.map_err(of_store)?;
        let added = self.add(replica, as_asked(found.entry.asked.clone())).await;
        if added.is_err() {
            // It was there and is there again: refused, at the end of the list.
            self.0.vault.add_desk_operation(key, &found.text, MOST).await.map_err(of_store)?;
        }
        added
    }

    /// Sends what this person made, the oldest first. Where the server cannot be reached or cannot decide, the rest waits.
    ///
    /// # Errors
    /// Why the rest waits.
    pub async fn send(&self, person: Uuid, server: &impl Sends) -> Result<(), Refusal> {
        let _going = self.0.going.lock().await;
        for found in self.all().await?.into_iter().filter(|found| !found.entry.is_decided() && found.entry.person == person) {
            self.send_one(found, server).await?;
        }
        Ok(())
    }

    async fn send_one(&self, found: Found, server: &impl Sends) -> Result<(), Refusal> {
        let Found { key, text, entry } = found;
        // Known before it leaves: a program that ends here does not know whether it was carried out.
        let sent = Entry { state: WaitingState::Sent, ..entry.clone() };
        let sent_text = self.put(key, &text, &sent).await?;
        let (after, ended) = match server.send(key, entry.asked.clone().into()).await {
            Ok(outcome) => (Entry { state: WaitingState::Accepted, journalled: outcome.journalled, refusal: None, ..sent }, None),
            Err(refusal) if decides(refusal.code) => (Entry { state: WaitingState::Refused, refusal: Some(refusal), ..sent }, None),
            // It did not leave.
            Err(refusal) if refusal.code == RefusalCode::Offline => (entry, Some(refusal)),
            Err(refusal) => (sent, Some(refusal)),
        };
        self.put(key, &sent_text, &after).await?;
        self.count(&self.all().await?);
        ended.map_or(Ok(()), Err)
    }

    async fn put(&self, key: Uuid, was: &str, entry: &Entry) -> Result<String, Refusal> {
        let text = written(entry)?;
        if text != was && !self.0.vault.change_desk_operation(key, was, &text).await.map_err(of_store)? {
            // Wiped meanwhile: nothing of it is kept any more.
            return Err(RefusalCode::Stopped.into());
        }
        Ok(text)
    }

    /// Where there is no room, the oldest that were accepted go: what they did is in the journal.
    async fn make_room(&self) -> Result<(), Refusal> {
        let all = self.all().await?;
        let beyond = (all.len() + 1).saturating_sub(MOST as usize);
        for found in all.iter().filter(|found| found.entry.state == WaitingState::Accepted).take(beyond) {
            self.0.vault.remove_desk_operation(found.key, &found.text).await.map_err(of_store)?;
        }
        Ok(())
    }

    async fn all(&self) -> Result<Vec<Found>, Refusal> {
        let rows = self.0.vault.desk_operations().await.map_err(of_store)?;
        let read = |(key, text): (Uuid, String)| {
            let entry = serde_json::from_str(&text).map_err(|_| Refusal::from(RefusalCode::VaultDamaged))?;
            Ok(Found { key, text, entry })
        };
        rows.into_iter().map(read).collect()
    }

    fn count(&self, all: &[Found]) {
        let count = |counts: fn(&Entry) -> bool| {
            let found = all.iter().filter(|found| counts(&found.entry)).count();
            u32::try_from(found).unwrap_or(u32::MAX)
        };
        self.0.undecided.store(count(|entry| !entry.is_decided()), Ordering::Release);
        self.0.refused.store(count(|entry| entry.state == WaitingState::Refused), Ordering::Release);
    }

    fn new_key(&self) -> Uuid {
        let mut random = [0; 10];
        self.0.surroundings.fill(&mut random);
        new_key(self.0.surroundings.now(), &random)
    }
}

/// Without what it rested on when it was refused.
fn as_asked(mut asked: CanWait) -> CanWait {
    match &mut asked {
        CanWait::CorrectName(asked) => asked.was = None,
        CanWait::SetChecklist(asked) => asked.was = None,
        CanWait::DismissRequest(asked) => asked.asked_at = None,
        CanWait::WithdrawCase(_) => {}
    }
    asked
}

/// What the server would refuse whatever it has is refused at once.
fn makes_sense(asked: &CanWait) -> Result<(), Refusal> {
    match asked {
        CanWait::CorrectName(asked) => Name::read(&asked.name).map(drop),
        CanWait::SetChecklist(asked) => Checklist::read(&asked.entries).map(drop),
        CanWait::DismissRequest(_) | CanWait::WithdrawCase(_) => Ok(()),
    }
    .map_err(authority::refusal)
}

/// A change of what an earlier one changes, that is yet to be decided, rests on that one.
fn follows(all: &[Found], person: Uuid, asked: &mut CanWait) {
    let earlier =
        all.iter().rev().filter(|found| !found.entry.is_decided() && found.entry.person == person).map(|found| &found.entry.asked);
    for earlier in earlier {
        match (earlier, &mut *asked) {
            (CanWait::CorrectName(earlier), CanWait::CorrectName(asked)) if earlier.account == asked.account => {
                if asked.was.is_none() {
                    asked.was = Name::read(&earlier.name).ok().map(|name| name.as_str().to_owned());
                }
                return;
            }
            (CanWait::SetChecklist(earlier), CanWait::SetChecklist(asked)) => {
                if asked.was.is_none() {
                    asked.was = Checklist::read(&earlier.entries).ok().map(|list| list.entries().map(str::to_owned).collect());
                }
                return;
            }
            _ => {}
        }
    }
}

/// Notes in a change what it changes, as the replica's person sees it, and answers about whom it is.
async fn rests_on(replica: &Replica, asked: &mut CanWait) -> Result<Option<About>, Refusal> {
    match asked {
        CanWait::CorrectName(asked) => {
            let Response::ReadPerson(seen) = read(replica, ReadPerson { account: asked.account }).await? else { return Err(strange()) };
            asked.was.get_or_insert_with(|| seen.person.name.clone());
            Ok(Some(seen.person.into()))
        }
        CanWait::SetChecklist(asked) => {
            let Response::ReadChecklist(seen) = read(replica, ReadChecklist {}).await? else { return Err(strange()) };
            asked.was.get_or_insert(seen.entries);
            Ok(None)
        }
        CanWait::DismissRequest(asked) => {
            let Response::ReadDesk(desk) = read(replica, ReadDesk {}).await? else { return Err(strange()) };
            let seen = desk.requests.into_iter().find(|row| row.person.id == asked.account).ok_or(RefusalCode::NotAllowed)?;
            asked.asked_at.get_or_insert(seen.asked_at);
            Ok(Some(seen.person.into()))
        }
        CanWait::WithdrawCase(asked) => {
            let Response::ReadDesk(desk) = read(replica, ReadDesk {}).await? else { return Err(strange()) };
            let seen = desk.cases.into_iter().find(|row| row.id == asked.case).ok_or(RefusalCode::NotAllowed)?;
            Ok(Some(seen.person.into()))
        }
    }
}

async fn read(replica: &Replica, request: impl Into<Request>) -> Result<Response, Refusal> {
    Ok(replica.call(request.into()).await?.response)
}

fn strange() -> Refusal {
    RefusalCode::Unexpected.into()
}

fn written(entry: &Entry) -> Result<String, Refusal> {
    serde_json::to_string(entry).map_err(|_| strange())
}

fn of_store(error: StoreError) -> Refusal {
    authority::store_refusal(error)
}

impl std::fmt::Debug for Outbox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Outbox").field("undecided", &self.undecided()).finish_non_exhaustive()
    }
}
