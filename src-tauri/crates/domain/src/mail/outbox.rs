//! The outbox: every notice, to one address each, from the change that owed it until it was sent, or handed over on paper.
//!
//! | from | what happens | to |
//! | --- | --- | --- |
//! | waiting | claimed, before the first byte leaves | sending |
//! | waiting | mail is off | letter; failed, where it carries a code |
//! | waiting | seven days are over; its code is void or replaced | failed |
//! | sending | the server took it | sent |
//! | sending | nobody knows, or the process died | uncertain |
//! | sending | not sent, and it is no use to try again, or seven days are over | failed |
//! | sending | not sent | waiting, for longer each time |
//! | waiting, sent, uncertain, failed, letter | somebody has it sent again | waiting |
//! | letter, failed | somebody handed it over | handed over |
//!
//! Nothing is sent twice knowingly: only a claim leads to sending, only one commit wins it, and what is uncertain stays so
//! until a person decides.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    Notice, NoticeKind, Refusal,
    account::Account,
    factor::Sealed,
    id::{AccountId, MailId},
    policy::DAY,
    time::{HOUR, MINUTE, Moment},
    words::{Email, Language},
};

mod failure;

pub use failure::Failure;

/// How long sending is tried, in seconds.
pub const TRIED_FOR: i64 = 7 * DAY;
/// Seconds until the next attempt, after so many; the last one goes on.
const WAITS: [i64; 5] = [MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 6 * HOUR];

/// How long to wait after so many attempts, in seconds.
#[must_use]
pub fn wait_after(attempts: u32) -> i64 {
    let last = WAITS.len() - 1;
    WAITS[usize::try_from(attempts.saturating_sub(1)).unwrap_or(last).min(last)]
}

/// Where a notice stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MailState {
    /// Waits to be sent.
    Waiting {
        /// From when on.
        next: Moment,
    },
    /// Claimed by somebody who sends it.
    Sending,
    /// The server took it.
    Sent,
    /// Nobody knows whether the server took it.
    Uncertain,
    /// Given up.
    Failed,
    /// To be printed and handed over.
    Letter,
    /// The letter was handed over.
    HandedOver {
        /// By whom.
        by: AccountId,
    },
}

impl MailState {
    /// The word for it at rest.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting { .. } => "waiting",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Uncertain => "uncertain",
            Self::Failed => "failed",
            Self::Letter => "letter",
            Self::HandedOver { .. } => "handed-over",
        }
    }
}

/// A code that a notice carries to whom it is for.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Carried {
    /// The code in groups, sealed for this notice. Wiped as soon as it is of no more use.
    pub sealed: Sealed,
    /// Until when it is valid.
    pub until: Moment,
}

/// What answers "this was not me".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The code, hashed under a key that no store has.
    pub hash: [u8; 32],
    /// When it was used.
    pub spent_at: Option<Moment>,
}

/// One notice to one address.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Mail {
    /// Which.
    pub id: MailId,
    /// To whom.
    pub to: AccountId,
    /// Whom its words name, where that is somebody else.
    pub about: Option<AccountId>,
    /// The address as it was when it was written.
    pub address: Email,
    /// In which language.
    pub language: Language,
    /// About what.
    pub kind: NoticeKind,
    /// Words for its sentence.
    pub words: BTreeMap<String, String>,
    /// When that happened.
    pub at: Moment,
    /// The `Message-ID`, with its angle brackets, from the first attempt on: the same however often it is tried.
    pub message_id: Option<String>,
    /// Where it stands.
    pub state: MailState,
    /// Since when.
    pub since: Moment,
    /// When it began to wait: seven days count from here.
    pub queued_at: Moment,
    /// Attempts since then.
    pub attempts: u32,
    /// The last attempt.
    pub tried_at: Option<Moment>,
    /// Why it was not sent then.
    pub failure: Option<Failure>,
    /// The code that it carries.
    pub code: Option<Carried>,
    /// What answers it.
    pub answer: Option<Answer>,
}

/// How a delivery came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The server took it.
    Sent,
    /// The whole message had left, and no answer came.
    Uncertain,
    /// Not sent, for certain.
    Failed {
        /// Why.
        failure: Failure,
        /// Whether the server said that it is no use to try again.
        for_good: bool,
    },
}

/// What a look at a waiting notice came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// It is claimed: to be written, and then sent.
    Send,
    /// It stands otherwise now: to be written, and not sent.
    Put,
    /// It does not wait, or not until now.
    Not,
}

/// Where notices to somebody go: the address they sign in with, and the second one they may have.
#[must_use]
pub fn addresses(account: &Account) -> Vec<Email> {
    let mut all = vec![account.email.clone()];
    all.extend(account.second_email.iter().filter(|second| second.folded() != account.email.folded()).cloned());
    all
}

/// Where a notice goes, and how it stands there from the start. Without mail it is one letter; a code is never put into a
/// letter by itself, nor sent to a second address.
#[must_use]
pub fn plan(notice: &Notice, account: &Account, on: bool, now: Moment) -> Vec<(Email, MailState)> {
    let all = notice.addresses.clone().unwrap_or_else(|| addresses(account));
    let first = |all: Vec<Email>| all.into_iter().take(1);
    let waiting = MailState::Waiting { next: now };
    if notice.kind == NoticeKind::Test {
        return first(all).map(|email| (email, waiting)).collect();
    }
    if notice.kind.carries_code() {
        let carries = on && notice.code.is_some();
        return first(all).filter(|_| carries).map(|email| (email, waiting)).collect();
    }
    if on {
        return all.into_iter().map(|email| (email, waiting)).collect();
    }
    // The desk lists it for the same people.
    let letter = notice.kind != NoticeKind::ReportedNotMe;
    first(all).filter(|_| letter).map(|email| (email, MailState::Letter)).collect()
}

impl Mail {
    /// A notice as it is written with the change that owes it.
    #[must_use]
    pub fn of(notice: &Notice, account: &Account, place: (Email, MailState), id: MailId, now: Moment) -> Self {
        let (address, state) = place;
        Self {
            id,
            to: account.id,
            about: notice.about,
            address,
            language: account.language,
            kind: notice.kind,
            words: notice.words.clone(),
            at: now,
            message_id: None,
            state,
            since: now,
            queued_at: now,
            attempts: 0,
            tried_at: None,
            failure: None,
            code: None,
            answer: None,
        }
    }

    /// When it is due; none when it does not wait. One that was last tried before the settings were changed is due at once.
    #[must_use]
    pub fn due_at(&self, set_at: Moment) -> Option<Moment> {
        match self.state {
            MailState::Waiting { .. } if self.tried_at.is_some_and(|tried| tried < set_at) => Some(self.queued_at),
            MailState::Waiting { next } => Some(next),
            _ => None,
        }
    }

    /// Looks at it once it is due. `on` says whether it can be sent at all (a test also while mail is off); the account is that
    /// of its person now.
    pub fn claim(&mut self, account: Option<&Account>, on: bool, now: Moment) -> Claim {
        if !matches!(self.state, MailState::Waiting { .. }) {
            return Claim::Not;
        }
        if !on {
            if self.kind.carries_code() || self.kind == NoticeKind::Test {
                self.fail(Failure::MailOff, now);
            } else {
                self.put(MailState::Letter, now);
            }
            return Claim::Put;
        }
        if self.code.as_ref().is_some_and(|code| now >= code.until) || now.since(self.queued_at) >= TRIED_FOR {
            self.fail(Failure::TooLate, now);
            return Claim::Put;
        }
        if self.kind.carries_code() && (self.code.is_none() || !self.is_in_force(account)) {
            self.fail(Failure::Overtaken, now);
            return Claim::Put;
        }
        self.put(MailState::Sending, now);
        self.attempts = self.attempts.saturating_add(1);
        self.tried_at = Some(now);
        Claim::Send
    }

    /// Whether the code that it carries is the one that the person has.
    fn is_in_force(&self, account: Option<&Account>) -> bool {
        let issued = account.and_then(|account| match self.kind {
            NoticeKind::Invitation => account.invitation.as_ref().map(|invitation| invitation.issued_at),
            NoticeKind::PasswordCode => account.password_code.as_ref().map(|code| code.issued_at),
            _ => None,
        });
        issued == Some(self.at)
    }

    /// The `Message-ID`, made at the first attempt from the domain that mail comes from.
    pub fn named(&mut self, sender: &Email) -> String {
        let id = self.id;
        let domain = sender.as_str().rsplit_once('@').map(|(_, domain)| domain.to_lowercase());
        // Header fields are ASCII.
        let domain = domain.filter(|domain| domain.is_ascii()).unwrap_or_else(|| "sallyport.invalid".into());
        self.message_id.get_or_insert_with(|| format!("<{id}@{domain}>")).clone()
    }

    /// Settles a delivery. One that is not being sent is left as it is: whoever gave it up has settled it. Answers whether
    /// anything changed.
    pub fn settle(&mut self, outcome: Outcome, now: Moment) -> bool {
        if self.state != MailState::Sending {
            return false;
        }
        match outcome {
            Outcome::Sent => {
                self.failure = None;
                self.put(MailState::Sent, now);
            }
            Outcome::Uncertain => {
                self.failure = Some(Failure::BrokeOff);
                self.put(MailState::Uncertain, now);
            }
            Outcome::Failed { failure, for_good } => {
                let next = now.plus(wait_after(self.attempts));
                let over = next.since(self.queued_at) > TRIED_FOR;
                // Whoever sent a test looks at it now.
                if over || self.kind == NoticeKind::Test || (for_good && failure.may_be_for_good()) {
                    self.fail(failure, now);
                } else {
                    self.failure = Some(failure);
                    self.put(MailState::Waiting { next }, now);
                }
            }
        }
        true
    }

    /// Nobody is left who could say how it came out: the process that was sending it is gone. Answers whether it was so.
    pub fn give_up(&mut self, now: Moment) -> bool {
        self.settle(Outcome::Uncertain, now)
    }

    /// What becomes of it when a backup is restored: what waited then may have been sent since. Answers whether anything changed.
    pub fn renew(&mut self, now: Moment) -> bool {
        if matches!(self.state, MailState::Waiting { .. } | MailState::Sending) {
            self.put(MailState::Uncertain, now);
            return true;
        }
        false
    }

    /// Whether it could be sent again.
    ///
    /// # Errors
    /// [`Refusal::MailNotSetUp`], [`Refusal::NoticeMoved`], [`Refusal::NoticeCodeGone`].
    pub fn may_resend(&self, on: bool) -> Result<(), Refusal> {
        if self.kind == NoticeKind::Test || matches!(self.state, MailState::Sending | MailState::HandedOver { .. }) {
            return Err(Refusal::NoticeMoved);
        }
        if self.kind.carries_code() && self.code.is_none() {
            return Err(Refusal::NoticeCodeGone);
        }
        if on { Ok(()) } else { Err(Refusal::MailNotSetUp) }
    }

    /// Waits again from now on, for seven more days.
    pub fn resend(&mut self, now: Moment) {
        self.put(MailState::Waiting { next: now }, now);
        self.queued_at = now;
        self.attempts = 0;
        self.failure = None;
    }

    /// Whether it could be printed and handed over.
    #[must_use]
    pub fn may_hand_over(&self) -> bool {
        let stands = matches!(self.state, MailState::Letter | MailState::Failed);
        stands && !self.kind.carries_code() && self.kind != NoticeKind::Test
    }

    /// Its letter was handed over.
    pub fn hand_over(&mut self, by: AccountId, now: Moment) {
        self.put(MailState::HandedOver { by }, now);
    }

    fn fail(&mut self, failure: Failure, now: Moment) {
        self.failure = Some(failure);
        self.put(MailState::Failed, now);
    }

    /// A code stays only for as long as it is to be sent.
    fn put(&mut self, state: MailState, now: Moment) {
        if !matches!(state, MailState::Waiting { .. } | MailState::Sending) {
            self.code = None;
        }
        self.state = state;
        self.since = now;
    }
}

#[cfg(test)]
mod tests;
