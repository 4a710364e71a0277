//! Cases: what takes two people. One opens a case, another approves it, and the first carries it out. What it brings (an
//! address, a token) is said when it is opened, and is what the second person approves.
//!
//! Roles and reach are read again at every step: what somebody was when the case was opened counts for nothing later.

use serde::{Deserialize, Serialize};

use crate::{
    Change, Decision, Event, EventKind, Refusal,
    account::Account,
    effect::Effect,
    factor::SecondFactor,
    id::{AccountId, CaseId},
    password_code::PASSWORD_CODE_VALIDITY,
    policy::Policy,
    secret_hash::Hashed,
    session::Session,
    sign_in::{Asks, Proof, confirm},
    support::SupportNote,
    time::{HOUR, Moment},
    workspace::Workspace,
};

mod act;
mod brings;
mod carrying_out;
pub mod second;

pub use act::CaseAct;
pub use brings::{Bringing, Brings};
pub use carrying_out::{CarryingOut, carry_out, may_carry_out};
pub use second::{SecondPerson, second_person};

/// How long a case stands, from its opening until it is carried out, in seconds.
pub const CASE_VALIDITY: i64 = 24 * HOUR;

/// How far a case is.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CaseState {
    /// Waits for a second person.
    Open,
    /// Waits for its opener.
    Approved {
        /// Who approved; `None` when it was the owner key of the recovery kit.
        by: Option<AccountId>,
        /// When.
        at: Moment,
        /// The password code that the approver was shown, where the case gives two codes.
        password: Option<Hashed>,
    },
    /// Done.
    CarriedOut {
        /// When.
        at: Moment,
    },
    /// Called off.
    Withdrawn {
        /// By whom.
        by: AccountId,
        /// When.
        at: Moment,
    },
    /// Opener or approver lost the role that it rested on.
    Void {
        /// When that was found.
        at: Moment,
    },
}

/// A case.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Case {
    /// Which.
    pub id: CaseId,
    /// Whose way in is changed.
    pub target: AccountId,
    /// What is done.
    pub act: CaseAct,
    /// What it brings.
    #[serde(default)]
    pub brings: Brings,
    /// Who opened it.
    pub opener: AccountId,
    /// When.
    pub opened_at: Moment,
    /// Who asked, how that was checked, why, and how the code is handed over.
    pub note: SupportNote,
    /// How far it is.
    pub state: CaseState,
}

impl Case {
    /// When it ends, whatever its state.
    #[must_use]
    pub fn expires_at(&self) -> Moment {
        self.opened_at.plus(CASE_VALIDITY)
    }

    /// Whether its day has passed. A clock set back by more than a day counts as passed.
    #[must_use]
    pub fn is_expired(&self, now: Moment) -> bool {
        now.since(self.opened_at) >= CASE_VALIDITY || self.opened_at.since(now) >= CASE_VALIDITY
    }

    /// Whether something can still become of it.
    #[must_use]
    pub fn is_waiting(&self, now: Moment) -> bool {
        matches!(self.state, CaseState::Open | CaseState::Approved { .. }) && !self.is_expired(now)
    }

    /// Approved. Until when the password code is good that the second person is shown, where the case gives two codes.
    fn approve(&mut self, by: Option<AccountId>, password: Hashed, now: Moment) -> Option<Moment> {
        let gives_two = self.act == CaseAct::Both;
        self.state = CaseState::Approved { by, at: now, password: gives_two.then_some(password) };
        gives_two.then(|| now.plus(PASSWORD_CODE_VALIDITY))
    }

    fn event(&self, kind: EventKind, actor: AccountId, target: &Account) -> Event {
        Event::on(kind, actor, target).word("act", self.act.as_str())
    }

    fn void<T>(mut self, actor: AccountId, target: &Account, now: Moment) -> Decision<T> {
        self.state = CaseState::Void { at: now };
        let event = self.event(EventKind::CaseVoided, actor, target);
        Decision::refuse(Refusal::CaseVoid).change(Change::Case(Box::new(self))).event(event)
    }
}

/// What a case would do when this is asked for: both, where the other way in was changed within 72 hours or is still
/// closed. So no two cases, and no case after an act of one person, give the same person both codes.
#[must_use]
pub fn act_for(target: &Account, asked: CaseAct, now: Moment) -> CaseAct {
    let other = match asked {
        CaseAct::SecondFactor => lately(target, Effect::Password, now),
        CaseAct::Password => matches!(target.second_factor, SecondFactor::Reset(_)) || lately(target, Effect::SecondFactor, now),
        CaseAct::Both => true,
        CaseAct::Reactivation | CaseAct::SignsInHere | CaseAct::Email | CaseAct::Token => false,
    };
    if other && !matches!(target.second_factor, SecondFactor::None) { CaseAct::Both } else { asked }
}

fn lately(target: &Account, effect: Effect, now: Moment) -> bool {
    target.way_in_changed.lately(effect, now)
}

/// Whether a case could be opened. `others` are the cases of the same target.
///
/// # Errors
/// Why not.
pub fn may_open(actor: &Account, target: &Account, asked: CaseAct, others: &[Case], now: Moment) -> Result<(), Refusal> {
    asked.reach(actor, target, now)?;
    asked.fits(target)?;
    let gives_codes = asked.gives_codes();
    if gives_codes && target.password.is_none() {
        return Err(Refusal::NeverSignedIn);
    }
    if gives_codes && asked != CaseAct::Password && matches!(target.second_factor, SecondFactor::None) {
        return Err(Refusal::NothingToReset);
    }
    if others.iter().any(|other| other.is_waiting(now)) { Err(Refusal::CaseOpen) } else { Ok(()) }
}

/// A case to be opened.
#[derive(Debug)]
pub struct Opening<'a> {
    /// Which it will be.
    pub id: CaseId,
    /// Whose way in is changed.
    pub target: Account,
    /// What was asked for.
    pub asked: CaseAct,
    /// What it is to bring.
    pub bringing: Bringing,
    /// What staff filled in.
    pub note: SupportNote,
    /// The cases of the same target.
    pub others: &'a [Case],
}

/// Opens a case. Nothing of the target changes; their record is written all the same, so that of two who open a case
/// at once the later one finds the earlier.
#[must_use]
pub fn open(
    policy: &Policy,
    mut actor: Account,
    mut session: Session,
    opening: Opening<'_>,
    proof: &Proof,
    now: Moment,
) -> Decision<CaseAct> {
    let Opening { id, target, asked, bringing, note, others } = opening;
    if let Err(refusal) = may_open(&actor, &target, asked, others, now).and_then(|()| bringing.fits(asked, &actor, &target)) {
        return Decision::refuse(refusal);
    }
    let trail = match confirm(policy, &mut actor, &mut session, proof, Asks::FactorNow, now) {
        Ok(trail) => trail,
        Err((refusal, trail)) => return Decision::refuse(refusal).after(trail),
    };
    let act = act_for(&target, asked, now);
    let case =
        Case { id, target: target.id, act, brings: bringing.brings(), opener: actor.id, opened_at: now, note, state: CaseState::Open };
    let mut event = case.note.on(case.event(EventKind::CaseOpened, actor.id, &target));
    // Without a code the channel is how they are told.
    if act.reopens().is_some() {
        event = event.word("how", "reopens");
    }
    event = match &bringing {
        Bringing::Nothing => event,
        Bringing::Email(new) => event.word("how", "brings").word("after", new.email.as_str()),
        Bringing::Token(token) => token.on(event.word("how", "brings")),
    };
    Decision::accept(act).change(Change::Case(Box::new(case))).event(event).account(actor).account(target).after(trail)
}

/// The people of a case, as they are now.
#[derive(Clone, Copy, Debug)]
pub struct People<'a> {
    /// The workspace they work in.
    pub workspace: &'a Workspace,
    /// Who opened it. `None` once their account is gone.
    pub opener: Option<&'a Account>,
    /// Whose way in is changed.
    pub target: &'a Account,
}

/// Whether this person could approve.
///
/// # Errors
/// Why not. [`Refusal::NotAllowed`] comes first, and says nothing of the case.
pub fn may_approve(approver: &Account, case: &Case, people: People<'_>, now: Moment) -> Result<(), Refusal> {
    case.act.reach(approver, people.target, now)?;
    waits_for_approval(case, now)?;
    if approver.id == case.opener {
        return Err(Refusal::OwnCase);
    }
    if let Some(until) = second::unseasoned_until(people.workspace, approver, people.target, case.act, now) {
        return Err(Refusal::RoleTooYoung(until));
    }
    // One who proves themselves by a password alone would be no second person to whoever learnt it.
    if !matches!(approver.second_factor, SecondFactor::Active(_)) {
        return Err(Refusal::ApprovalNeedsFactor);
    }
    Ok(())
}

fn waits_for_approval(case: &Case, now: Moment) -> Result<(), Refusal> {
    match case.state {
        _ if case.is_expired(now) => Err(Refusal::CaseExpired),
        CaseState::Open => Ok(()),
        CaseState::Void { .. } => Err(Refusal::CaseVoid),
        _ => Err(Refusal::CaseOver),
    }
}

/// An approval to be given.
#[derive(Debug)]
pub struct Approving<'a> {
    /// The case.
    pub case: Case,
    /// Its people.
    pub people: People<'a>,
    /// A password code that the approver is shown once it is approved. Taken only where the case gives two codes.
    pub password: Hashed,
}

/// Approves a case: own password, and a second factor given now. Answers whether the approver is to be shown the password
/// code. It opens nothing before the case is carried out, and dies 24 hours after the approval.
#[must_use]
pub fn approve(
    policy: &Policy,
    mut approver: Account,
    mut session: Session,
    approving: Approving<'_>,
    proof: &Proof,
    now: Moment,
) -> Decision<Option<Moment>> {
    let Approving { mut case, people, password } = approving;
    if let Err(refusal) = may_approve(&approver, &case, people, now) {
        return Decision::refuse(refusal);
    }
    if !people.opener.is_some_and(|opener| stands(opener, people.target, case.act, now)) {
        return case.void(approver.id, people.target, now);
    }
    let trail = match confirm(policy, &mut approver, &mut session, proof, Asks::FactorNow, now) {
        Ok(trail) => trail,
        Err((refusal, trail)) => return Decision::refuse(refusal).after(trail),
    };
    let shown_until = case.approve(Some(approver.id), password, now);
    let event = case.event(EventKind::CaseApproved, approver.id, people.target);
    Decision::accept(shown_until).change(Change::Case(Box::new(case))).event(event).account(approver).after(trail)
}

/// Whether somebody could still act on the target: their role reaches, and they may come in.
fn stands(actor: &Account, target: &Account, act: CaseAct, now: Moment) -> bool {
    actor.admits().is_ok() && act.reach(actor, target, now).is_ok()
}

/// Calls a case off: its opener, or anybody whose role reaches the target.
#[must_use]
pub fn withdraw(actor: &Account, mut case: Case, target: &Account, now: Moment) -> Decision<()> {
    let reach = case.act.reach(actor, target, now);
    if let Err(refusal) = reach.or_else(|refusal| if actor.id == case.opener { Ok(()) } else { Err(refusal) }) {
        return Decision::refuse(refusal);
    }
    if !case.is_waiting(now) {
        return Decision::refuse(over(&case, now));
    }
    case.state = CaseState::Withdrawn { by: actor.id, at: now };
    let event = case.event(EventKind::CaseWithdrawn, actor.id, target);
    Decision::accept(()).change(Change::Case(Box::new(case))).event(event)
}

fn over(case: &Case, now: Moment) -> Refusal {
    match case.state {
        CaseState::Void { .. } => Refusal::CaseVoid,
        CaseState::Open | CaseState::Approved { .. } if case.is_expired(now) => Refusal::CaseExpired,
        _ => Refusal::CaseOver,
    }
}

#[cfg(test)]
mod tests;
