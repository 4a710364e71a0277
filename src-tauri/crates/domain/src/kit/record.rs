//! What a workspace keeps of its recovery kits, and the rules about them.
//!
//! A kit is two things in two files: a slot in the vault's header, which opens the vault, and a verifier in the
//! workspace's own record, which proves the owner. No transaction spans both. So the header decides, which is replaced
//! atomically: a new kit's verifier is written beside the old one first, the header changes, and [`settle`] makes the
//! record follow it, at once or when the vault is opened next. Killed anywhere between, the old kit holds or the new one.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::OwnerVerifier;
use crate::{
    Change, Decision, Event, EventKind, Notice, NoticeKind, Refusal,
    account::{Account, Password},
    code::Code,
    decision::ThrottleKey,
    effect::{self, Effect},
    erasure::ERASED,
    factor::{Recovery, Saved, SecondFactor},
    gate::{self, Act},
    id::{AccountId, CommunityId},
    secret_hash::Hashed,
    session::{Session, SessionId, Stage},
    sign_in::{Asks, Next, Proof, confirm},
    throttle::Failures,
    time::Moment,
    workspace::Workspace,
};

/// The recovery kits of a workspace.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Kits {
    /// The one in force.
    pub held: Option<HeldKit>,
    /// One that is to take its place. It proves nothing yet.
    pub next: Option<HeldKit>,
    /// How often a kit was used since the workspace was made.
    pub uses: u32,
    /// The last time.
    pub last_use: Option<KitUse>,
}

/// What is kept of one kit.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct HeldKit {
    /// The slot of the vault that it opens.
    pub slot: Uuid,
    /// Knows its owner again.
    pub verifier: OwnerVerifier,
    /// When it was drawn.
    pub made_at: Moment,
    /// When it was first saved or printed.
    pub kept_at: Option<Moment>,
    /// When it was last used: from then on it asks to be replaced.
    pub used_at: Option<Moment>,
}

impl HeldKit {
    /// A kit that was just drawn, for the slot that it opens or is to open.
    #[must_use]
    pub fn drawn(slot: Uuid, verifier: OwnerVerifier, now: Moment) -> Self {
        Self { slot, verifier, made_at: now, kept_at: None, used_at: None }
    }
}

/// One use of a kit.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct KitUse {
    /// When.
    pub at: Moment,
    /// Who used it: the owner who enrols again by it, or who approved a case with it. `None` when it opened the vault.
    pub owner: Option<AccountId>,
    /// About whom that case is. `None` where it approved none.
    #[serde(default)]
    pub case_of: Option<AccountId>,
}

/// Why owners should make a new kit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// There is none.
    Missing,
    /// It was never saved or printed.
    NotKept,
    /// It was used.
    Used,
    /// A newer one was saved or printed, and did not come to count.
    Unfinished,
}

impl Kits {
    /// What is wrong with them, the worst first.
    #[must_use]
    pub fn trouble(&self) -> Option<Trouble> {
        match (&self.held, &self.next) {
            (_, Some(next)) if next.kept_at.is_some() => Some(Trouble::Unfinished),
            (None, _) => Some(Trouble::Missing),
            (Some(held), _) if held.used_at.is_some() => Some(Trouble::Used),
            (Some(held), _) if held.kept_at.is_none() => Some(Trouble::NotKept),
            _ => None,
        }
    }

    /// The last use, for an owner or administrator who has not said yet that they know of it.
    #[must_use]
    pub fn untold(&self, reader: &Account) -> Option<&KitUse> {
        let concerns = reader.standing().is_privileged() && reader.kit_uses_told < self.uses;
        self.last_use.as_ref().filter(|last| concerns && last.at >= reader.created_at)
    }

    /// Nobody is named any more where this person was. Answers whether they were.
    pub(crate) fn forget(&mut self, person: AccountId) -> bool {
        let named =
            self.last_use.iter_mut().flat_map(|last| [&mut last.owner, &mut last.case_of]).flatten().filter(|named| **named == person);
        named.map(|named| *named = ERASED).count() > 0
    }

    fn used(&mut self, owner: Option<AccountId>, case_of: Option<AccountId>, now: Moment) {
        self.uses = self.uses.saturating_add(1);
        self.last_use = Some(KitUse { at: now, owner, case_of });
        if let Some(held) = &mut self.held {
            held.used_at = Some(now);
        }
    }
}

/// Whom the use of a kit concerns: everybody who administers anything, in all communities.
#[derive(Clone, Debug, Default)]
pub struct Concerned {
    /// Owners and administrators.
    pub people: Vec<AccountId>,
    /// Every community.
    pub communities: Vec<CommunityId>,
}

impl Concerned {
    pub(crate) fn told_of<T>(&self, decision: Decision<T>, notice: impl Fn(AccountId) -> Notice) -> Decision<T> {
        self.people.iter().fold(decision, |decision, to| decision.notify(notice(*to)))
    }

    fn tell<T>(&self, decision: Decision<T>) -> Decision<T> {
        self.people.iter().fold(decision, |decision, to| decision.notice(*to, NoticeKind::KitUsed))
    }
}

fn by_itself(kind: EventKind, communities: Vec<CommunityId>) -> Event {
    Event { kind, actor: None, subject: None, communities, words: std::collections::BTreeMap::new() }
}

/// Writes a new kit beside the one in force. `asked` is what else the owner asked for with the same proof, and what
/// happens once the new kit was kept.
#[must_use]
pub fn begin(
    mut workspace: Workspace,
    mut owner: Account,
    mut session: Session,
    proof: &Proof,
    drawn: HeldKit,
    asked: Option<EventKind>,
    now: Moment,
) -> Decision<()> {
    if let Err(denied) = gate::may(&owner.standing(), Act::KeepVault) {
        return Decision::refuse(denied);
    }
    let trail = match confirm(&workspace.policy, &mut owner, &mut session, proof, Asks::FreshFactor, now) {
        Ok(trail) => trail,
        Err((refusal, trail)) => return Decision::refuse(refusal).after(trail),
    };
    workspace.kits.next = Some(drawn);
    let event = |kind| Event { subject: None, ..Event::own(kind, &owner) };
    let mut decision = Decision::accept(()).event(event(EventKind::KitBegun));
    decision.events.extend(asked.map(event));
    decision.change(Change::Workspace(Box::new(workspace))).account(owner).after(trail)
}

/// Notes that a kit was saved or printed. Only the first time is an event.
///
/// The founder has not enrolled yet when the first one is.
#[must_use]
pub fn note_kept(mut workspace: Workspace, owner: &Account, session: &Session, slot: Uuid, how: Saved, now: Moment) -> Decision<()> {
    if let Err(denied) = gate::may(&owner.standing(), Act::KeepVault) {
        return Decision::refuse(denied);
    }
    if !matches!(session.stage, Stage::Full | Stage::Enrol { by_recovery: false }) {
        return Decision::refuse(Refusal::SessionStage);
    }
    let Kits { held, next, .. } = &mut workspace.kits;
    let Some(kept) = [held, next].into_iter().flatten().find(|kit| kit.slot == slot) else {
        return Decision::refuse(Refusal::KitMissing);
    };
    if kept.kept_at.is_some() {
        return Decision::accept(());
    }
    kept.kept_at = Some(now);
    let event = Event { subject: None, ..Event::own(EventKind::KitKept, owner) }.word("how", how.as_str());
    Decision::accept(()).event(event).change(Change::Workspace(Box::new(workspace)))
}

/// Makes the record follow the header: `slot` is the kit that the vault opens by.
#[must_use]
pub fn settle(mut workspace: Workspace, slot: Option<Uuid>) -> Decision<()> {
    let kits = &mut workspace.kits;
    let event = match (slot, &mut kits.held) {
        (Some(slot), held) if kits.next.as_ref().is_some_and(|next| next.slot == slot) => {
            *held = kits.next.take();
            Some(EventKind::KitRenewed)
        }
        (Some(slot), Some(held)) if held.slot != slot => {
            // Restored by this kit: the same code opens a slot of another vault.
            held.slot = slot;
            None
        }
        (None, held @ Some(_)) => {
            *held = None;
            Some(EventKind::KitGone)
        }
        _ => return Decision::accept(()),
    };
    let mut decision = Decision::accept(()).change(Change::Workspace(Box::new(workspace)));
    decision.events.extend(event.map(|kind| by_itself(kind, Vec::new())));
    decision
}

/// The vault was opened by the kit. Everybody whom it concerns is told.
#[must_use]
pub fn opened_vault(mut workspace: Workspace, concerned: &Concerned, now: Moment) -> Decision<()> {
    workspace.kits.used(None, None, now);
    let event = by_itself(EventKind::KitOpenedVault, concerned.communities.clone());
    concerned.tell(Decision::accept(()).event(event).change(Change::Workspace(Box::new(workspace))))
}

/// The kit stood for the second person of a case. Everybody whom its use concerns is told; about whom the case is stands in
/// the entries of that person's communities alone.
pub(crate) fn approved_case<T>(
    decision: Decision<T>,
    mut workspace: Workspace,
    by: &Account,
    about: AccountId,
    concerned: &Concerned,
    now: Moment,
) -> Decision<T> {
    workspace.kits.used(Some(by.id), Some(about), now);
    let event = Event { actor: Some(by.id), ..by_itself(EventKind::KitApprovedCase, concerned.communities.clone()) };
    concerned.tell(decision.event(event).change(Change::Workspace(Box::new(workspace))))
}

/// Somebody says to be an owner who has lost everything but the kit.
#[derive(Debug)]
pub struct KitTry {
    /// The typed code.
    pub code: Code,
    /// Under which failures for this address are counted. Not those of its password: the kit passes their waits.
    pub key: ThrottleKey,
    /// Failures so far.
    pub failures: Failures,
    /// The password that they chose.
    pub password: Password,
    /// The hash of a code that nobody has: until the enrolment is verified, the kit alone leads back here.
    pub closed: Hashed,
    /// The session to open.
    pub session: SessionId,
}

/// Lets an owner enrol again, alone: authenticators, codes and sessions are gone, the password is the new one, and the
/// session leads to setting up a second factor and nowhere else. An unknown address, somebody who owns nothing, an owner whose
/// account is deactivated or signs in elsewhere, and a wrong kit are answered with the same words.
#[must_use]
pub fn recover_owner(
    mut workspace: Workspace,
    account: Option<Account>,
    tried: KitTry,
    concerned: &Concerned,
    now: Moment,
) -> Decision<Next> {
    let Some(held) = &workspace.kits.held else { return Decision::refuse(Refusal::KitMissing) };
    let limits = workspace.policy.limits.for_passwords();
    let mut failures = tried.failures;
    if let Err(closed) = failures.open(&limits, now) {
        return Decision::refuse(closed);
    }
    let proved = held.verifier.is_proved_by(&tried.code);
    let mut owner = match account {
        Some(owner) if owner.owner && owner.deactivated_at.is_none() && !owner.elsewhere && proved => owner,
        other => {
            let locked = failures.fail(&limits, now);
            let mut decision =
                Decision::refuse(locked.map_or(Refusal::WrongKit, Refusal::from)).change(Change::Throttle(tried.key, failures));
            decision.events.extend(other.filter(|_| locked.is_some()).map(|account| Event::own(EventKind::FailuresLocked, &account)));
            return decision;
        }
    };
    failures.succeed();
    owner.password = Some(tried.password);
    owner.invitation = None;
    owner.pending = None;
    owner.password_code = None;
    effect::mark(&mut owner, Effect::Password, now);
    effect::mark(&mut owner, Effect::SecondFactor, now);
    owner.second_factor = SecondFactor::Reset(Recovery {
        hash: tried.closed,
        issued_at: now,
        expires_at: now.plus(workspace.policy.recovery_validity),
        claims: 1,
        claimed_by: Some(tried.session),
        failures: Failures::default(),
        out_of_reach: None,
    });
    owner.void_out_of_reach(now);
    workspace.kits.used(Some(owner.id), None, now);
    let event = Event { communities: concerned.communities.clone(), ..Event::own(EventKind::OwnerRecovered, &owner) };
    let session = Session::begin(tried.session, owner.id, Stage::Enrol { by_recovery: true }, now);
    let decision = Decision::accept(Next::Enrol)
        .change(Change::Throttle(tried.key, failures))
        .change(Change::EndSessions(owner.id, None))
        .change(Change::Session(session))
        .change(Change::Workspace(Box::new(workspace)))
        .event(event)
        .account(owner);
    concerned.tell(decision)
}

/// An owner or administrator says that they know of the uses of the kit so far.
#[must_use]
pub fn acknowledge(kits: &Kits, mut reader: Account, session: &Session) -> Decision<()> {
    if session.stage != Stage::Full {
        return Decision::refuse(Refusal::SessionStage);
    }
    if reader.kit_uses_told == kits.uses {
        return Decision::accept(());
    }
    reader.kit_uses_told = kits.uses;
    Decision::accept(()).account(reader)
}

#[cfg(test)]
mod tests;
