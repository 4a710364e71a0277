//! Issuing one code, and saying what may be issued.

use domain::{
    Refusal as Reason,
    account::Account,
    offline::{Way, first_good},
    policy::effective,
    recovery::may_reset,
    time::MINUTE,
    workspace::{Community, Workspace},
};
use secrecy::SecretString;
use uuid::Uuid;
use wire::{
    Refusal, RefusalCode,
    offline::{IssuedHere, OfflineDesk},
    people::{IssuedCode, PersonName},
    support::SupportAnswers,
};

use super::{Keeps, Offline, slowly};

/// So many wrong passphrases within a minute, and the next waits for one.
const WRONG: usize = 5;

/// What is asked for, and what the replica says of it.
#[derive(Debug)]
pub(super) struct Asked<'a> {
    /// Who issues.
    pub(super) staff: &'a Account,
    /// For whom.
    pub(super) target: &'a Account,
    /// The workspace.
    pub(super) workspace: &'a Workspace,
    /// Its communities.
    pub(super) communities: &'a [Community],
    /// The server's time that the replica knows.
    pub(super) known: Option<i64>,
}

impl<K: Keeps> Offline<K> {
    /// What this person may issue here. `names` says what those are called for whom something was issued.
    pub(super) async fn read<F>(&self, person: Uuid, known: Option<i64>, names: impl Fn(Uuid) -> F) -> Result<OfflineDesk, Refusal>
    where
        F: Future<Output = Option<PersonName>>,
    {
        let record = self.record().await?;
        let (wall, up) = (self.surroundings.now(), self.boots.up());
        let now = self.now(&record, known);
        let left = now.as_ref().copied().map_err(Clone::clone).and_then(|now| record.left(person, now));
        // Nobody has to set a clock to learn that nothing can be issued anyway.
        let left = if record.grant.is_none() { record.left(person, wall) } else { left };
        let mut issued = Vec::new();
        for row in record.shown(now.unwrap_or(wall)) {
            let Some(person) = names(row.account).await else { continue };
            issued.push(IssuedHere { person, issued_at: row.issued_at().0, expires_at: row.expires_at, told: row.is_told() });
        }
        let noted = self.memory().noted.clone().or_else(|| record.noted.clone());
        Ok(OfflineDesk {
            left: left.as_ref().copied().unwrap_or(0),
            refused: left.err(),
            budget: record.budget(person),
            until: record.grant.as_ref().map(|grant| grant.until),
            clock_off: noted.and_then(|noted| noted.off(wall, up.as_ref())),
            issued,
        })
    }

    /// Issues a code. What costs nothing is looked at before the passphrase is.
    pub(super) async fn issue(&self, asked: Asked<'_>, support: SupportAnswers, passphrase: &SecretString) -> Result<IssuedCode, Refusal> {
        let Asked { staff, target, workspace, communities, known } = asked;
        let _going = self.going.lock().await;
        let mut record = self.record().await?;
        let person = staff.id.0;
        if record.grant.is_none() {
            return Err(record.left(person, self.surroundings.now()).err().unwrap_or_else(|| RefusalCode::OfflineNoGrant.into()));
        }
        let now = self.now(&record, known)?;
        let rules = effective(workspace, communities, target);
        if rules.offline_budget == 0 {
            return Err(RefusalCode::OfflineForbidden.into());
        }
        let validity = rules.recovery_validity;
        let (next, grant) = record.next(person, validity, now)?;
        may_reset(staff, target, now).map_err(alone)?;
        if let Some(first) = first_good(target).filter(|first| next.tick < *first) {
            return Err(Refusal { at: Some(first.begins().0), ..RefusalCode::OfflineTooSoon.into() });
        }
        authority::support_note(workspace, &support)?;
        let (sealed, identity) = (grant.sealed.clone(), record.identity.clone().ok_or(RefusalCode::OfflineNoGrant)?);
        self.may_try()?;
        let (typed, belongs) = (passphrase.clone(), self.belongs);
        let opened = slowly(move || identity.open(&typed, belongs)).await?;
        let Some(opened) = opened else {
            self.memory().wrong.push(self.surroundings.now());
            return Err(RefusalCode::DeskPassphraseWrong.into());
        };
        let key = opened.read(&sealed).ok_or(RefusalCode::VaultDamaged)?;
        record.spend(next, target.id, support, now);
        // First this: a code that is shown has a number that nothing is made with again.
        self.keep(&record).await?;
        let code = key.issue(Way::Grant, next.number, self.belongs.workspace, target.id, next.tick);
        Ok(IssuedCode {
            person: authority::person_name(target),
            language: authority::language(target.language),
            code: code.grouped().into(),
            expires_at: next.expires_at.0,
        })
    }

    fn may_try(&self) -> Result<(), Refusal> {
        let (now, mut memory) = (self.surroundings.now(), self.memory());
        memory.wrong.retain(|at| now.since(*at) < MINUTE);
        // A clock that was set back makes nobody wait for longer than a minute.
        for at in &mut memory.wrong {
            *at = (*at).min(now);
        }
        match memory.wrong.iter().max() {
            Some(last) if memory.wrong.len() >= WRONG => Err(Refusal { at: Some(last.plus(MINUTE).0), ..RefusalCode::Wait.into() }),
            _ => Ok(()),
        }
    }
}

/// What takes two people takes the server: there is one of them here.
fn alone(reason: Reason) -> Refusal {
    match reason {
        Reason::TakesTwo | Reason::SecondEffect(_) => RefusalCode::OfflineTakesTwo.into(),
        other => authority::refusal(other),
    }
}
