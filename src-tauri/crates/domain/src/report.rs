//! "This was not me": what a notice or an entry of one's own activity is answered with.
//!
//! It marks the account for staff, tells those who administer it, and changes nothing else: whoever finds a notice in
//! somebody's mailbox could say so too, and must lock nobody out by it.

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use crate::{
    Change, Decision, Event, EventKind, Notice, NoticeKind, Refusal,
    account::Account,
    alphabet,
    code::FormError,
    decision::ThrottleKey,
    gate::{self, Act},
    id::AccountId,
    mail::outbox::Mail,
    policy::DAY,
    session::{Session, Stage},
    throttle::{Failures, Limits},
    time::{MINUTE, Moment},
    words::Name,
};

/// How long the code of a notice is good, in seconds from what the notice tells of.
pub const REPORT_VALIDITY: i64 = 30 * DAY;
/// How codes that nobody has are answered, from one place. Nothing is ever closed for good.
const TRIES: Limits = Limits { per_minute: 5, wait: 5 * MINUTE, in_a_row: u32::MAX };

const SYMBOLS: usize = 10;
const GROUP: usize = 5;

/// The code of a notice: nine symbols (45 bits) and a check symbol, `XXXXX-XXXXX`. Debug never shows it.
#[derive(Clone, Debug)]
pub struct ReportCode(SecretString);

impl ReportCode {
    /// The code that these bytes give. The same bytes give the same code.
    #[must_use]
    pub fn of(bytes: &[u8; 32]) -> Self {
        let mut values: Vec<u8> = bytes.iter().take(SYMBOLS - 1).map(|byte| byte & 31).collect();
        values.push(alphabet::check(&values));
        Self::from_values(&values)
    }

    /// Reads what somebody typed, with the same forgiveness as other codes.
    ///
    /// # Errors
    /// [`FormError`]. Nothing secret was looked at: it costs no attempt.
    pub fn read(text: &str) -> Result<Self, FormError> {
        let symbols: Vec<char> = text.chars().filter(|c| !c.is_whitespace() && !crate::code::is_dash(*c)).collect();
        match symbols.len() {
            0 => Err(FormError::Empty),
            SYMBOLS => {
                let values: Vec<u8> = symbols.iter().copied().map(alphabet::value).collect::<Option<_>>().ok_or(FormError::Mistyped)?;
                if alphabet::is_valid(&values) { Ok(Self::from_values(&values)) } else { Err(FormError::Mistyped) }
            }
            symbols => Err(FormError::Length { symbols }),
        }
    }

    fn from_values(values: &[u8]) -> Self {
        Self(values.iter().copied().map(alphabet::symbol).collect::<String>().into())
    }

    /// The symbols without dashes, upper case: what is hashed.
    #[must_use]
    pub fn canonical(&self) -> &SecretString {
        &self.0
    }

    /// The symbols in groups, as they are mailed and printed.
    #[must_use]
    pub fn grouped(&self) -> SecretString {
        let symbols: Vec<char> = self.0.expose_secret().chars().collect();
        symbols.chunks(GROUP).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-").into()
    }
}

/// What somebody pointed at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Pointed {
    /// A notice.
    Notice(NoticeKind),
    /// An entry of the journal.
    Entry(u64),
}

/// What a person says was not them: one record a person, until staff settle it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Who says so.
    pub account: AccountId,
    /// When first.
    pub first_at: Moment,
    /// When last.
    pub last_at: Moment,
    /// How often.
    pub count: u32,
    /// What they pointed at first.
    pub pointed: Pointed,
    /// Entries that they pointed at.
    pub entries: Vec<u64>,
    /// Whether they were ever signed in when they said so.
    pub signed_in: bool,
    /// By whom it was settled, and when.
    pub settled: Option<(AccountId, Moment)>,
}

impl Report {
    /// Whether staff have still to look at it.
    #[must_use]
    pub fn waits(&self) -> bool {
        self.settled.is_none()
    }
}

/// More entries than anybody points at by themselves.
const ENTRIES: usize = 20;

/// A code that was typed, and what is counted.
#[derive(Debug)]
pub struct ReportTry {
    /// Under which failures from this place are counted.
    pub key: ThrottleKey,
    /// Failures so far.
    pub failures: Failures,
}

/// Whether a code may be looked at; asked before the outbox is.
///
/// # Errors
/// The wait.
pub fn open(failures: &Failures, now: Moment) -> Result<(), Refusal> {
    Ok(failures.open(&TRIES, now)?)
}

/// Says "this was not me" with the code of a notice. A code that nobody has, one that was used and one that is too old are
/// answered and counted alike. `concerned` are those who administer the person.
#[must_use]
pub fn by_code(
    mut tried: ReportTry,
    found: Option<(Mail, Account)>,
    earlier: Option<Report>,
    concerned: &[AccountId],
    now: Moment,
) -> Decision<()> {
    if let Err(refusal) = open(&tried.failures, now) {
        return Decision::refuse(refusal);
    }
    let good = found.filter(|(mail, _)| {
        let unspent = mail.answer.as_ref().is_some_and(|answer| answer.spent_at.is_none());
        unspent && now.since(mail.at) < REPORT_VALIDITY
    });
    let Some((mut mail, account)) = good else {
        let closed = tried.failures.fail(&TRIES, now);
        return Decision::refuse(closed.map_or(Refusal::ReportCodeWrong, Refusal::from))
            .change(Change::Throttle(tried.key, tried.failures));
    };
    if let Some(answer) = &mut mail.answer {
        answer.spent_at = Some(now);
    }
    let kind = mail.kind;
    // Whoever has the code need not be the person.
    let event = Event { actor: None, ..Event::own(EventKind::NotMeReported, &account) }.word("how", "code").word("notice", kind.as_str());
    let decision =
        marked(&account, earlier, Pointed::Notice(kind), false, concerned, now).event(event).change(Change::Mail(Box::new(mail)));
    if tried.failures.is_empty() {
        return decision;
    }
    decision.change(Change::Throttle(tried.key, Failures::default()))
}

/// Says so of an entry of one's own activity. Once for each entry; `owned` says whether the entry is by or about them.
#[must_use]
pub fn by_entry(
    account: &Account,
    session: &Session,
    (entry, owned): (u64, bool),
    earlier: Option<Report>,
    concerned: &[AccountId],
    now: Moment,
) -> Decision<()> {
    if session.stage != Stage::Full {
        return Decision::refuse(Refusal::SessionStage);
    }
    if !owned {
        return Decision::refuse(Refusal::EntryNotOwn);
    }
    if earlier.as_ref().is_some_and(|report| report.waits() && (report.entries.contains(&entry) || report.entries.len() >= ENTRIES)) {
        return Decision::accept(());
    }
    let event = Event::own(EventKind::NotMeReported, account).word("how", "signed-in").word("entry", entry.to_string());
    marked(account, earlier, Pointed::Entry(entry), true, concerned, now).event(event)
}

/// Marks the account. Those who administer it are told once, until it is settled.
fn marked(
    account: &Account,
    earlier: Option<Report>,
    pointed: Pointed,
    signed_in: bool,
    concerned: &[AccountId],
    now: Moment,
) -> Decision<()> {
    let waiting = earlier.filter(Report::waits);
    let told = waiting.is_some();
    let first =
        || Report { account: account.id, first_at: now, last_at: now, count: 0, pointed, entries: Vec::new(), signed_in, settled: None };
    let mut report = waiting.unwrap_or_else(first);
    report.last_at = now;
    report.count = report.count.saturating_add(1);
    report.signed_in |= signed_in;
    if let Pointed::Entry(entry) = pointed {
        report.entries.push(entry);
    }
    let mut decision = Decision::accept(()).change(Change::Report(Box::new(report)));
    for to in concerned.iter().filter(|to| !told && **to != account.id) {
        let notice = Notice { about: Some(account.id), ..Notice::new(*to, NoticeKind::ReportedNotMe) };
        decision = decision.notify(notice.word("name", account.name.as_str()).word("email", account.email.as_str()));
    }
    decision
}

/// Settles it: staff who reach the person say what they found, or did.
#[must_use]
pub fn settle(actor: &Account, session: &Session, target: &Account, report: Option<Report>, note: &Name, now: Moment) -> Decision<()> {
    if session.stage != Stage::Full {
        return Decision::refuse(Refusal::SessionStage);
    }
    if let Err(denied) = gate::may(&actor.standing(), Act::SettleReport(target.standing())) {
        return Decision::refuse(denied);
    }
    let Some(report) = report.filter(Report::waits) else { return Decision::refuse(Refusal::NothingReported) };
    let event = Event::on(EventKind::ReportSettled, actor.id, target).word("note", note.as_str());
    Decision::accept(()).event(event).change(Change::Report(Box::new(Report { settled: Some((actor.id, now)), ..report })))
}

#[cfg(test)]
mod tests;
