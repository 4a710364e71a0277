//! A change of policy: what it would do to whom, before it is saved, and then the change itself.

use crate::{
    Change, Decision, Event, EventKind, Refusal,
    account::Account,
    factor::SecondFactor,
    gate::{self, Act, Role},
    id::CommunityId,
    policy::{Obligation, Policy, Tightening, effective, obligation},
    profile::may_disable,
    session::Session,
    sign_in::{Asks, Proof, confirm},
    time::{HOUR, MINUTE, Moment},
    workspace::{Community, Workspace},
};

/// What somebody wants to change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proposal {
    /// The workspace's policy.
    Workspace(Policy),
    /// What a community asks beyond it.
    Community(CommunityId, Tightening),
}

/// The rules as they stand at one time.
#[derive(Clone, Debug)]
pub struct Rules {
    /// With its policy.
    pub workspace: Workspace,
    /// Every community, with what it asks.
    pub communities: Vec<Community>,
}

impl Rules {
    /// What holds for a person.
    #[must_use]
    pub fn of(&self, person: &Account) -> Policy {
        effective(&self.workspace, &self.communities, person)
    }

    /// The rules as they would be.
    ///
    /// # Errors
    /// What the actor may not do, a number out of bounds, or a community that would ask for less than the workspace.
    pub fn with(&self, actor: &Account, proposal: &Proposal, now: Moment) -> Result<Self, Refusal> {
        let mut after = self.clone();
        match proposal {
            Proposal::Workspace(policy) => {
                gate::may(&actor.standing(), Act::SetPolicy)?;
                let before = &self.workspace.policy;
                let since = before.since.changed(before.required, policy.required, now);
                after.workspace.policy = Policy { since, limits: policy.limits, ..policy.clone() };
                if !after.workspace.policy.is_within_bounds() {
                    return Err(Refusal::PolicyOutOfBounds);
                }
            }
            Proposal::Community(id, tightening) => {
                gate::may(&actor.standing(), Act::TightenPolicy(*id))?;
                let community = after.communities.iter_mut().find(|community| community.id == *id).ok_or(Refusal::NotAllowed)?;
                let asked = |tightening: &Tightening| tightening.required.unwrap_or(crate::policy::Required::Nobody);
                let since = community.tightening.since.changed(asked(&community.tightening), asked(tightening), now);
                if !tightening.tightens(&self.workspace.policy) {
                    return Err(Refusal::PolicyLoosened);
                }
                community.tightening = Tightening { since, ..tightening.clone() };
                if !self.workspace.policy.clone().and(&community.tightening).is_within_bounds() {
                    return Err(Refusal::PolicyOutOfBounds);
                }
            }
        }
        Ok(after)
    }
}

/// What a change does to a person. In the order of what hurts most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effect {
    /// The password alone no longer signs in: they enrol before anything else.
    LockedOut,
    /// Newly obliged, with days of grace.
    Obliged,
    /// Obliged already, and the days of grace end sooner.
    Sooner,
    /// Their backup codes no longer open the second door.
    LosesBackupCodes,
    /// They could switch their second factor off, and no longer can.
    MayNoLongerDisable,
}

impl Effect {
    /// Every effect there is.
    pub const ALL: [Self; 5] = [Self::LockedOut, Self::Obliged, Self::Sooner, Self::LosesBackupCodes, Self::MayNoLongerDisable];
}

/// One person whom a change affects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Affected {
    /// How: at least one, in order.
    pub effects: Vec<Effect>,
    /// When their days of grace end. `None` for somebody whose first sign-in is still to come.
    pub until: Option<Moment>,
}

/// What a change from one set of rules to another does to a person.
#[must_use]
pub fn affects(before: &Rules, after: &Rules, person: &Account, now: Moment) -> Option<Affected> {
    // Nobody who cannot come in here at all is touched by how one comes in.
    if person.admits().is_err() {
        return None;
    }
    let (was, will) = (before.of(person), after.of(person));
    let mut affected = Affected { effects: Vec::new(), until: None };
    match person.second_factor {
        // Whoever never signed in is not shut out of anything: the first sign-in asks what holds then.
        SecondFactor::None if person.password.is_none() => {
            if person.policy_requires_factor(&will) && !person.policy_requires_factor(&was) {
                affected.effects.push(Effect::Obliged);
            }
        }
        SecondFactor::None => match (obligation(&was, person, now), obligation(&will, person, now)) {
            (Obligation::Now, _) | (_, Obligation::None) => {}
            (_, Obligation::Now) => affected.effects.push(Effect::LockedOut),
            (Obligation::None, Obligation::Until(until)) => {
                affected.effects.push(Effect::Obliged);
                affected.until = Some(until);
            }
            (Obligation::Until(earlier), Obligation::Until(until)) if until < earlier => {
                affected.effects.push(Effect::Sooner);
                affected.until = Some(until);
            }
            (Obligation::Until(_), Obligation::Until(_)) => {}
        },
        SecondFactor::Active(ref factors) => {
            if was.backup_codes && !will.backup_codes && factors.backup.left() > 0 {
                affected.effects.push(Effect::LosesBackupCodes);
            }
            if may_disable(&was, person).is_ok() && may_disable(&will, person).is_err() {
                affected.effects.push(Effect::MayNoLongerDisable);
            }
        }
        SecondFactor::Reset(_) => {}
    }
    (!affected.effects.is_empty()).then_some(affected)
}

/// Whether this person could come in and administer what the proposal is about, without enrolling first.
#[must_use]
pub fn can_administer(rules: &Rules, proposal: &Proposal, person: &Account, now: Moment) -> bool {
    let role = match proposal {
        Proposal::Workspace(_) => person.owner,
        Proposal::Community(id, _) => {
            person.owner || person.memberships.iter().any(|m| m.community == *id && m.role == Role::Administrator)
        }
    };
    let comes_in = match person.second_factor {
        SecondFactor::Active(_) => true,
        SecondFactor::Reset(_) => false,
        SecondFactor::None => obligation(&rules.of(person), person, now) != Obligation::Now,
    };
    role && person.password.is_some() && person.admits().is_ok() && comes_in
}

/// What is to be saved, and what was found when the whole of the people was gone through again for it.
#[derive(Clone, Copy, Debug)]
pub struct Found<'a> {
    /// The rules as they stand.
    pub before: &'a Rules,
    /// What is to change.
    pub proposal: &'a Proposal,
    /// Whether everything is still as it was shown.
    pub as_shown: bool,
    /// Whether somebody able to administer is left.
    pub administered: bool,
}

/// Saves a change of policy. `own` is what holds for the actor now.
#[must_use]
pub fn save(own: &Policy, mut actor: Account, mut session: Session, proof: &Proof, found: Found<'_>, now: Moment) -> Decision<()> {
    let Found { before, proposal, as_shown, administered } = found;
    let after = match before.with(&actor, proposal, now) {
        Ok(after) => after,
        Err(refusal) => return Decision::refuse(refusal),
    };
    let trail = match confirm(own, &mut actor, &mut session, proof, Asks::FreshFactor, now) {
        Ok(trail) => trail,
        Err((refusal, trail)) => return Decision::refuse(refusal).after(trail),
    };
    if !administered {
        return Decision::refuse(Refusal::LastAdministrator).account(actor).after(trail);
    }
    if !as_shown {
        return Decision::refuse(Refusal::PreflightStale).account(actor).after(trail);
    }
    let decision = Decision::accept(());
    let (event, decision) = match proposal {
        Proposal::Workspace(_) => {
            let event = Event { subject: None, ..Event::own(EventKind::PolicyChanged, &actor) };
            let words = differences(&of_policy(&before.workspace.policy), &of_policy(&after.workspace.policy));
            (with_words(event, words), decision.change(Change::Workspace(Box::new(after.workspace))))
        }
        Proposal::Community(id, _) => {
            let find = |rules: &Rules| rules.communities.iter().find(|community| community.id == *id).cloned();
            let (Some(was), Some(will)) = (find(before), find(&after)) else { return Decision::refuse(Refusal::NotAllowed).after(trail) };
            let event = Event { subject: None, communities: vec![*id], ..Event::own(EventKind::CommunityPolicyChanged, &actor) };
            let words = differences(&of_tightening(&was.tightening), &of_tightening(&will.tightening));
            (with_words(event, words).word("name", will.name.as_str()), decision.change(Change::Community(will)))
        }
    };
    if event.words.keys().all(|key| key == "name") {
        return Decision::accept(()).account(actor).after(trail);
    }
    decision.event(event).account(actor).after(trail)
}

type Said = [(&'static str, String); 11];

/// The rules as words of the journal: numbers in the units of the window, `-` where a community says nothing.
fn of_policy(policy: &Policy) -> Said {
    [
        ("required", policy.required.as_str().into()),
        ("graceDays", policy.grace_days.to_string()),
        ("mayDisable", yes_no(policy.may_disable)),
        ("backupCodes", yes_no(policy.backup_codes)),
        ("recoveryHours", (policy.recovery_validity / HOUR).to_string()),
        ("totpWindow", policy.totp_window.to_string()),
        ("lockFailures", policy.limits.per_minute.to_string()),
        ("lockMinutes", (policy.limits.wait / MINUTE).to_string()),
        ("idleMinutes", (policy.idle / MINUTE).to_string()),
        ("unlockAsksCode", yes_no(policy.unlock_asks_code)),
        ("offlineBudget", policy.offline_budget.to_string()),
    ]
}

fn of_tightening(asked: &Tightening) -> Said {
    let or_none = |text: Option<String>| text.unwrap_or_else(|| "-".into());
    let if_set = |set: bool, word: &str| if set { word.into() } else { "-".into() };
    [
        ("required", or_none(asked.required.map(|required| required.as_str().into()))),
        ("graceDays", or_none(asked.grace_days.map(|days| days.to_string()))),
        ("mayDisable", if_set(asked.no_disabling, "no")),
        ("backupCodes", if_set(asked.no_backup_codes, "no")),
        ("recoveryHours", or_none(asked.recovery_validity.map(|seconds| (seconds / HOUR).to_string()))),
        ("totpWindow", if_set(asked.exact_step, "0")),
        ("lockFailures", or_none(asked.per_minute.map(|failures| failures.to_string()))),
        ("lockMinutes", or_none(asked.wait.map(|seconds| (seconds / MINUTE).to_string()))),
        ("idleMinutes", or_none(asked.idle.map(|seconds| (seconds / MINUTE).to_string()))),
        ("unlockAsksCode", if_set(asked.unlock_asks_code, "yes")),
        ("offlineBudget", or_none(asked.offline_budget.map(|codes| codes.to_string()))),
    ]
}

fn yes_no(yes: bool) -> String {
    if yes { "yes".into() } else { "no".into() }
}

fn differences(before: &Said, after: &Said) -> Vec<(&'static str, String)> {
    let changed = before.iter().zip(after).filter(|((_, was), (_, will))| was != will);
    changed.map(|((key, was), (_, will))| (*key, format!("{was} → {will}"))).collect()
}

fn with_words(event: Event, words: Vec<(&'static str, String)>) -> Event {
    words.into_iter().fold(event, |event, (key, change)| event.word(key, change))
}

#[cfg(test)]
mod tests;
