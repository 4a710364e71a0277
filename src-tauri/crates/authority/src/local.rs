//! The authority: the rules over a store, on this machine.

use std::{
    collections::{BTreeSet, HashSet},
    ops::Deref,
    sync::{Arc, Mutex, PoisonError},
};

use domain::{
    Change, Decision, Event, EventKind, Refusal as DomainRefusal, Verdict, decision::ThrottleKey, draw, id::AccountId, offline::EpochKeys,
    secret_hash::Recipe, session::SessionId,
};
use hmac::{Hmac, KeyInit, Mac};
use journal::{CommitmentKey, Draft};
use secrecy::{ExposeSecret, SecretBox, SecretString};
use sha2::{Digest, Sha256};
use wire::{Refusal, RefusalCode, SessionToken};

use crate::{
    devices::Through,
    ground::{Ground, session_id},
    hashing::Hashing,
    journalled::{self, Telling},
    mail::Post,
    operations::Once,
    refusals,
    seal::SealingKey,
    store::{Commit, CommitError, Store, Watch},
    surroundings::{Drawing, Surroundings},
};

/// How often a decision is made anew because something changed under it.
const TRIES: usize = 8;

/// A workspace whose data this process holds, as it is called from one source.
pub struct Authority<S> {
    held: Arc<Held<S>>,
    source: Arc<str>,
    pub(crate) through: Through,
    /// What is asked with a key, to be done once.
    pub(crate) once: Option<Once>,
    /// SHA-256 of the public key that a server's own certificate is for.
    pub(crate) certificate: Option<[u8; 32]>,
    /// The keys that codes are issued with out of reach.
    pub(crate) issuing: Arc<EpochKeys>,
    /// Whether it is called by whoever keeps the server, who is answered also where the workspace has left it.
    pub(crate) at_console: bool,
}

/// What all sources share.
pub struct Held<S> {
    pub(crate) store: S,
    pub(crate) key: SealingKey,
    pub(crate) surroundings: Box<dyn Surroundings>,
    pub(crate) hashing: Hashing,
    /// What an unknown address is hashed with, so that it takes as long as a known one.
    pub(crate) decoy: Recipe,
    pub(crate) post: Post,
    /// Seconds until an idle session locks on this computer; none, or more than the policy's, changes nothing.
    idle: Mutex<Option<i64>>,
    /// Over the replica of a desktop: whose it is.
    replica_of: Option<AccountId>,
}

impl<S> Deref for Authority<S> {
    type Target = Held<S>;

    fn deref(&self) -> &Held<S> {
        &self.held
    }
}

/// What is counted by address and source, whether the address is known or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Counted {
    Password,
    PasswordCode,
    /// Codes of notices that nobody has, whosever they might be.
    Report,
    /// Codes that a program asks about.
    Check,
    /// Pairing codes that nobody has.
    Pairing,
    /// Questions for a password code by mail. Whoever asks too often waits for that alone, and is not locked out.
    Asked,
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

/// As [`settle!`], while somebody watches how far it has come and may stop it. It is decided anew also when an address was
/// taken meanwhile.
macro_rules! settle_watched {
    ($authority:expr, $told:expr, $ground:ident => $plan:expr) => {{
        let told = $told.clone();
        let watch = move |done: u64, total: u64| told.tell(done, total);
        let mut tried = 0;
        loop {
            let mut $ground = $authority.ground();
            let decision = $plan.await;
            match $authority.commit_watched($ground, decision, &watch).await? {
                None | Some(Err(domain::Refusal::EmailTaken)) if tried < $crate::local::tries() => tried += 1,
                None => break Err(wire::RefusalCode::Busy.into()),
                Some(verdict) => break verdict.map_err($crate::refusals::domain),
            }
        }
    }};
}
pub(crate) use settle_watched;

pub(crate) const fn tries() -> usize {
    TRIES
}

impl<S: Store> Authority<S> {
    /// An authority over a store, with the key that opens its sealed secrets. `source` names where its people sit, for
    /// counting failures.
    pub fn new(store: S, key: SealingKey, surroundings: impl Surroundings, source: &str) -> Self {
        let decoy = Recipe::random(domain::secret_hash::Cost::ONLINE, &mut Drawing(&surroundings));
        let held = Held {
            store,
            key,
            surroundings: Box::new(surroundings),
            hashing: Hashing::new(),
            decoy,
            post: Post::default(),
            idle: Mutex::new(None),
            replica_of: None,
        };
        let (through, source) = (Through::Nothing, source.into());
        let issuing = Arc::new(EpochKeys::default());
        Self { held: Arc::new(held), source, through, once: None, certificate: None, issuing, at_console: false }
    }

    /// An authority over the replica that a desktop has for this person. Whoever calls it is that person, through both doors, with
    /// no session; nothing is written, and what would write is refused.
    ///
    /// # Panics
    /// Never: nobody else holds what was just made.
    pub fn over_replica(store: S, surroundings: impl Surroundings, person: AccountId) -> Self {
        // Nothing in a replica is sealed, so that no key opens any of it.
        let made = Self::new(store, SealingKey::new(SecretBox::new(Box::new([0; 32]))), surroundings, "replica");
        let Self { held, source, through, once, certificate, issuing, at_console } = made;
        let held = Arc::into_inner(held).expect("nobody else holds it");
        Self { held: Arc::new(Held { replica_of: Some(person), ..held }), source, through, once, certificate, issuing, at_console }
    }

    /// Under which failures of the password for this address would be counted: where a replica keeps what the server counts.
    #[must_use]
    pub fn count_key(&self, folded_email: &str) -> ThrottleKey {
        self.throttle_key(folded_email)
    }

    /// The same workspace, called from somewhere else: failures are counted there. Costs next to nothing.
    #[must_use]
    pub fn at(&self, source: &str) -> Self {
        Self {
            held: Arc::clone(&self.held),
            source: source.into(),
            through: self.through.clone(),
            once: None,
            certificate: self.certificate,
            issuing: Arc::clone(&self.issuing),
            at_console: false,
        }
    }

    /// The same, called by whoever keeps the server.
    pub(crate) fn at_console(self) -> Self {
        Self { at_console: true, ..self }
    }

    /// The same workspace, by something else.
    pub(crate) fn coming_by(&self, through: Through) -> Self {
        Self { through, ..self.at(&self.source) }
    }

    /// The same workspace, served under a certificate of its own for this public key (SubjectPublicKeyInfo, DER): pairing codes say
    /// so.
    #[must_use]
    pub fn known_by(self, public_key: &[u8]) -> Self {
        Self { certificate: Some(Sha256::digest(public_key).into()), ..self }
    }

    /// The same workspace, with keys that codes are issued with out of its reach.
    #[must_use]
    pub fn issuing_with(self, keys: EpochKeys) -> Self {
        Self { issuing: Arc::new(keys), ..self }
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

    pub(crate) fn ground(&self) -> Ground<'_, S> {
        let idle = *self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        Ground::new(&self.store, self.surroundings.now(), idle, self.through.device())
            .over_replica_of(self.replica_of)
            .once(self.once.as_ref().map(|once| once.key))
            .reading_also_when_out(self.at_console)
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
        match counted {
            Counted::Password => {}
            Counted::PasswordCode => mac.update(b"\0password-code"),
            Counted::Asked => mac.update(b"\0asked-code"),
            Counted::Report => mac.update(b"\0report-code"),
            Counted::Check => mac.update(b"\0check"),
            Counted::Pairing => mac.update(b"\0pairing-code"),
        }
        mac.finalize().into_bytes().into()
    }

    /// Says whose the counts are that a commit writes, and those of whoever it makes or gives another address: somebody may
    /// have tried that before it was anybody's.
    fn counts_of(&self, addresses: &[(String, Option<AccountId>)], changes: &[Change]) -> Vec<Change> {
        let keys = |folded: &str| [Counted::Password, Counted::PasswordCode].map(|what| self.throttle_key_of(what, folded));
        let counted: Vec<&ThrottleKey> =
            changes.iter().filter_map(|change| if let Change::Throttle(key, _) = change { Some(key) } else { None }).collect();
        let mut named = Vec::new();
        if !counted.is_empty() {
            // The same for an address that is nobody's.
            let of = addresses.iter().map(|(folded, account)| (*account, keys(folded)));
            named.extend(of.filter(|(_, keys)| keys.iter().any(|key| counted.contains(&key))));
        }
        let known: HashSet<(&str, AccountId)> =
            addresses.iter().filter_map(|(folded, account)| Some((folded.as_str(), (*account)?))).collect();
        for change in changes {
            if let Change::Account(account) = change {
                let folded = account.email.folded();
                if !known.contains(&(folded.as_str(), account.id)) {
                    named.push((Some(account.id), keys(&folded)));
                }
            }
        }
        named.into_iter().map(|(account, keys)| Change::CountsOf(account, keys)).collect()
    }

    pub(crate) fn new_session(&self) -> (SessionToken, SessionId) {
        let bytes: [u8; 32] = draw(&mut self.entropy());
        let token = SessionToken::from(bytes.to_vec());
        let id = session_id(&token);
        (token, id)
    }

    /// How many slow hashes were begun since the start: what somebody waits for who asks, whoever they are.
    #[must_use]
    pub fn hashes_begun(&self) -> u64 {
        self.hashing.begun()
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
        let (commit, verdict) = self.prepared(ground, decision).await?;
        let Some((commit, telling)) = commit else { return Ok(Some(verdict)) };
        let owes = !commit.notices.is_empty();
        let outcome = if journalled::is_asked_for() {
            self.store.commit(commit).await
        } else {
            self.store.commit_unasked(commit).await.map(|()| None)
        };
        if owes {
            self.post.wake();
        }
        Self::came_to(outcome, telling, verdict)
    }

    /// As [`Self::commit`], for a decision of thousands of records.
    pub(crate) async fn commit_watched<T>(
        &self,
        ground: Ground<'_, S>,
        decision: Result<Decision<T>, Refusal>,
        watch: Watch<'_>,
    ) -> Result<Option<Verdict<T>>, Refusal> {
        let (commit, verdict) = self.prepared(ground, decision).await?;
        let Some((commit, telling)) = commit else { return Ok(Some(verdict)) };
        Self::came_to(self.store.commit_watched(commit, watch).await, telling, verdict)
    }

    fn came_to<T>(outcome: Result<Option<u64>, CommitError>, telling: Telling, verdict: Verdict<T>) -> Result<Option<Verdict<T>>, Refusal> {
        match outcome {
            Ok(first) => {
                telling.note(first);
                Ok(Some(verdict))
            }
            Err(CommitError::Conflict) => Ok(None),
            Err(CommitError::EmailTaken) => Ok(Some(Err(DomainRefusal::EmailTaken))),
            Err(CommitError::Stopped) => Err(RefusalCode::Stopped.into()),
            Err(CommitError::Store(error)) => Err(refusals::store(error)),
        }
    }

    /// What a decision writes, if anything, and what is answered then.
    async fn prepared<T>(
        &self,
        mut ground: Ground<'_, S>,
        decision: Result<Decision<T>, Refusal>,
    ) -> Result<(Option<(Commit, Telling)>, Verdict<T>), Refusal> {
        let mut decision = match decision {
            Ok(decision) => decision,
            Err(refusal) if refusal.code == RefusalCode::NotAllowed => Decision::refuse(DomainRefusal::NotAllowed),
            Err(refusal) => return Err(refusal),
        };
        if self.replica_of.is_some() {
            let writes = !decision.changes.is_empty() || (decision.verdict.is_ok() && !decision.events.is_empty());
            return if writes { Err(RefusalCode::Offline.into()) } else { Ok((None, decision.verdict)) };
        }
        if let (Err(DomainRefusal::NotAllowed), Some(actor)) = (&decision.verdict, &ground.actor) {
            decision.events.push(Event { subject: None, ..Event::own(EventKind::Refused, actor) });
        }
        let once = self.once.as_ref().zip(ground.actor.as_ref().map(|actor| actor.id));
        if decision.changes.is_empty() && decision.events.is_empty() && once.is_none() {
            return Ok((None, decision.verdict));
        }
        if let Err(away) = self.may_change(&mut ground, &decision).await? {
            return Ok((None, Err(away)));
        }
        let telling = Telling::of(&decision.events, ground.actor.as_ref());
        let entries = decision.events.iter().map(|event| self.draft(event, ground.now.0)).collect();
        let mut changes = merged(decision.changes);
        ground.begin_through(&mut changes);
        // Whichever rule took an authenticator away: the token that it was goes back.
        for held in ground.let_go(&changes) {
            if let Some(token) = ground.token(held.token).await? {
                changes.push(token.let_go(held.clock, held.counter, ground.now));
            }
        }
        let named = self.counts_of(&ground.addresses, &changes);
        changes.extend(named);
        if let Some((once, person)) = once {
            let told_by = (!decision.events.is_empty()).then(|| telling.place());
            changes.push(Change::Operation(Box::new(once.decided(person, ground.now, &decision.verdict)), told_by));
        }
        let notices = self.mails(&decision.notices, &changes, ground.now).await?;
        let commit = Commit { at: ground.now, read: ground.read, changes, entries, notices };
        Ok((Some((commit, telling)), decision.verdict))
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
    let mut later = BTreeSet::new();
    let keep: Vec<bool> = changes.iter().rev().map(|change| record(change).is_none_or(|record| later.insert(record))).collect();
    changes.into_iter().zip(keep.into_iter().rev()).filter_map(|(change, keep)| keep.then_some(change)).collect()
}

/// Which record a change replaces whole.
fn record(change: &Change) -> Option<(u8, [u8; 32])> {
    let half = |id: uuid::Uuid| {
        let mut bytes = [0; 32];
        bytes[..16].copy_from_slice(id.as_bytes());
        bytes
    };
    match change {
        Change::Account(account) => Some((0, half(account.id.0))),
        Change::Session(session) => Some((1, session.id.0)),
        Change::Case(case) => Some((2, half(case.id.0))),
        Change::Throttle(key, _) => Some((3, *key)),
        Change::Token(token) => Some((4, half(token.id.0))),
        Change::Device(device) => Some((5, half(device.id.0))),
        Change::Issuer(issuer) => {
            let mut bytes = [0; 32];
            bytes[..18].copy_from_slice(&issuer.id().bytes());
            Some((6, bytes))
        }
        _ => None,
    }
}
