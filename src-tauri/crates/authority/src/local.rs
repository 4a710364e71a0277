//! The authority: the rules over a store, on this machine.

use std::sync::{Mutex, PoisonError};

use domain::{Change, Decision, Event, EventKind, Refusal as DomainRefusal, Verdict, draw, secret_hash::Recipe, session::SessionId};
use hmac::{Hmac, KeyInit, Mac};
use journal::{CommitmentKey, Draft};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;
use wire::{Refusal, RefusalCode, SessionToken};

use crate::{
    ground::{Ground, session_id},
    hashing::Hashing,
    refusals,
    seal::SealingKey,
    store::{Commit, CommitError, Store},
    surroundings::{Drawing, Surroundings},
};

/// How often a decision is made anew because something changed under it.
const TRIES: usize = 8;

/// A workspace whose data this process holds.
pub struct Authority<S> {
    pub(crate) store: S,
    pub(crate) key: SealingKey,
    pub(crate) surroundings: Box<dyn Surroundings>,
    pub(crate) hashing: Hashing,
    /// What an unknown address is hashed with, so that it takes as long as a known one.
    pub(crate) decoy: Recipe,
    source: String,
    /// Seconds until an idle session locks on this computer; none, or more than the policy's, changes nothing.
    idle: Mutex<Option<i64>>,
}

/// What is counted by address and source, whether the address is known or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Counted {
    Password,
    PasswordCode,
}

/// Makes a decision, commits it, and makes it anew while something it rests on has changed.
macro_rules! settle {
    ($authority:expr, $ground:ident => $plan:expr) => {{
        let mut tries = 0;
        loop {
            let mut $ground = $authority.ground();
            let decision = $plan.await;
            match $authority.commit($ground, decision).await? {
                Some(verdict) => break verdict.map_err($crate::refusals::domain),
                None if tries < $crate::local::tries() => tries += 1,
                None => break Err(wire::RefusalCode::Busy.into()),
            }
        }
    }};
}
pub(crate) use settle;

pub(crate) const fn tries() -> usize {
    TRIES
}

impl<S: Store> Authority<S> {
    /// An authority over a store, with the key that opens its sealed secrets. `source` names where its people sit, for
    /// counting failures.
    pub fn new(store: S, key: SealingKey, surroundings: impl Surroundings, source: &str) -> Self {
        let decoy = Recipe::random(domain::secret_hash::Cost::ONLINE, &mut Drawing(&surroundings));
        Self {
            store,
            key,
            surroundings: Box::new(surroundings),
            hashing: Hashing::new(),
            decoy,
            source: source.into(),
            idle: Mutex::new(None),
        }
    }

    /// Locks a session that nobody gave a sign of life for after so many seconds, where the policy allows more. From
    /// now on, for every session.
    pub fn lock_after(&self, seconds: Option<i64>) {
        *self.idle.lock().unwrap_or_else(PoisonError::into_inner) = seconds;
    }

    /// The store beneath.
    pub fn store(&self) -> &S {
        &self.store
    }

    /// Gives the store back, to be closed. The sealing key is wiped.
    #[must_use]
    pub fn into_store(self) -> S {
        self.store
    }

    pub(crate) fn ground(&self) -> Ground<'_, S> {
        Ground::new(&self.store, self.surroundings.now(), *self.idle.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn entropy(&self) -> Drawing<'_> {
        Drawing(&*self.surroundings)
    }

    /// Under which failures of a password for this address are counted.
    pub(crate) fn throttle_key(&self, folded_email: &str) -> [u8; 32] {
        self.throttle_key_of(Counted::Password, folded_email)
    }

    /// Under which failures of this for this address are counted.
    pub(crate) fn throttle_key_of(&self, counted: Counted, folded_email: &str) -> [u8; 32] {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.key.throttle_key().as_slice()).expect("HMAC takes keys of any length");
        mac.update(folded_email.as_bytes());
        mac.update(&[0]);
        mac.update(self.source.as_bytes());
        // Keys of passwords are as they were before anything else was counted so.
        if counted == Counted::PasswordCode {
            mac.update(b"\0password-code");
        }
        mac.finalize().into_bytes().into()
    }

    pub(crate) fn new_session(&self) -> (SessionToken, SessionId) {
        let bytes: [u8; 32] = draw(&mut self.entropy());
        let token = SessionToken::from(bytes.to_vec());
        let id = session_id(&token);
        (token, id)
    }

    pub(crate) async fn hash(&self, recipe: Recipe, secret: &SecretString) -> Result<domain::secret_hash::Hashed, Refusal> {
        let secret: SecretString = secret.expose_secret().into();
        self.hashing.run(move || recipe.hash(&secret)).await
    }

    /// Commits a decision. `None` when something it rests on has changed.
    pub(crate) async fn commit<T>(
        &self,
        ground: Ground<'_, S>,
        decision: Result<Decision<T>, Refusal>,
    ) -> Result<Option<Verdict<T>>, Refusal> {
        let mut decision = match decision {
            Ok(decision) => decision,
            Err(refusal) if refusal.code == RefusalCode::NotAllowed => Decision::refuse(DomainRefusal::NotAllowed),
            Err(refusal) => return Err(refusal),
        };
        if let (Err(DomainRefusal::NotAllowed), Some(actor)) = (&decision.verdict, &ground.actor) {
            decision.events.push(Event { subject: None, ..Event::own(EventKind::Refused, actor) });
        }
        if decision.changes.is_empty() && decision.events.is_empty() {
            return Ok(Some(decision.verdict));
        }
        let entries = decision.events.iter().map(|event| self.draft(event, ground.now.0)).collect();
        let commit = Commit { at: ground.now, read: ground.read, changes: merged(decision.changes), entries, notices: decision.notices };
        match self.store.commit(commit).await {
            Ok(()) => Ok(Some(decision.verdict)),
            Err(CommitError::Conflict) => Ok(None),
            Err(CommitError::EmailTaken) => Ok(Some(Err(DomainRefusal::EmailTaken))),
            Err(CommitError::Store(error)) => Err(refusals::store(error)),
        }
    }

    /// What is refused by the gate is written down.
    pub(crate) async fn turned_away(&self, ground: Ground<'_, S>, refusal: DomainRefusal) -> Refusal {
        match self.commit(ground, Ok(Decision::<()>::refuse(refusal.clone()))).await {
            Err(broken) => broken,
            Ok(_) => refusals::domain(refusal),
        }
    }

    pub(crate) fn draft(&self, event: &Event, at: i64) -> Draft {
        let key = || CommitmentKey::from(draw::<32>(&mut self.entropy()));
        Draft {
            at,
            kind: event.kind.as_str().into(),
            communities: event.communities.iter().map(|community| community.0).collect(),
            actor: event.actor.map(|id| id.0),
            subject: event.subject.map(|id| id.0),
            words: event.words.clone(),
            facts_key: key(),
            persons_key: key(),
        }
    }
}

/// A record that is written twice in one decision is written once, as it stands at the end.
fn merged(changes: Vec<Change>) -> Vec<Change> {
    let superseded = |at: usize, change: &Change| {
        changes[at + 1..].iter().any(|later| match (change, later) {
            (Change::Account(a), Change::Account(b)) => a.id == b.id,
            (Change::Session(a), Change::Session(b)) => a.id == b.id,
            (Change::Case(a), Change::Case(b)) => a.id == b.id,
            (Change::Throttle(a, _), Change::Throttle(b, _)) => a == b,
            _ => false,
        })
    };
    let keep: Vec<bool> = changes.iter().enumerate().map(|(at, change)| !superseded(at, change)).collect();
    changes.into_iter().zip(keep).filter_map(|(change, keep)| keep.then_some(change)).collect()
}
