//! Delivering: what is due is claimed in a commit, handed out, and settled in another.

use std::sync::{Mutex, PoisonError};

use domain::{
    Change, NoticeKind,
    id::MailId,
    mail::{
        MailSettings,
        outbox::{self, Claim, Mail, Outcome as Came, wait_after},
    },
    moving,
    report::REPORT_VALIDITY,
    time::{HOUR, Moment},
    workspace::Workspace,
};
use secrecy::SecretString;
use tokio::sync::Notify;
use uuid::Uuid;
use wire::{
    Refusal, RefusalCode,
    delivery::{Coming, Delivery, Due, MailServer, Outbox, Outcome, Woken},
};

use crate::{
    ground::Ground,
    local::Authority,
    mail::words,
    refusals,
    store::{Commit, CommitError, RecordKey, Store},
    views,
};

/// Looked at together.
const FEW: u32 = 8;
/// Given up together.
const MANY: u32 = 200;
/// How often another deliverer may come first before this one leaves it to them.
const TRIES: usize = 32;
/// No wait is longer: whatever is further away waits under a clock that was set back since.
const LONGEST: i64 = 6 * HOUR;

/// What the deliverer of this process knows beside the store.
#[derive(Debug, Default)]
pub(crate) struct Post {
    /// While the server itself is in the way, nothing is tried.
    held: Mutex<Option<Held>>,
    woken: Notify,
}

#[derive(Clone, Copy, Debug)]
struct Held {
    since: Moment,
    until: Moment,
    failures: u32,
}

impl Post {
    /// Something may be due: whoever delivers looks again.
    pub(crate) fn wake(&self) {
        self.woken.notify_one();
    }

    /// From now on everything is tried again.
    pub(crate) fn release(&self) {
        *self.held.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Until when nothing is tried, because the server was in the way under the settings that still hold.
    pub(crate) fn held_until(&self, set_at: Moment) -> Option<Moment> {
        let held = *self.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.filter(|held| held.since >= set_at).map(|held| held.until)
    }

    fn hold(&self, now: Moment) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let failures = held.map_or(0, |held| held.failures).saturating_add(1);
        *held = Some(Held { since: now, until: now.plus(wait_after(failures)), failures });
    }
}

/// What a look at the outbox came to.
enum Looked {
    Due(Due),
    /// Something was written, by this deliverer or another.
    Again {
        won: bool,
    },
}

impl<S: Store> Authority<S> {
    async fn next(&self) -> Result<Due, Refusal> {
        let mut lost = 0;
        loop {
            match self.look_once().await? {
                Looked::Due(due) => return Ok(due),
                Looked::Again { won } => lost += usize::from(!won),
            }
            if lost > TRIES {
                return Err(RefusalCode::Busy.into());
            }
        }
    }

    async fn look_once(&self) -> Result<Looked, Refusal> {
        let mut ground = self.ground();
        let now = ground.now;
        let workspace = ground.workspace().await?;
        // What waits goes along with a workspace that moves, and is sent from there.
        if moving::is_here(&workspace).is_err() {
            return Ok(Looked::Due(Due::Nothing));
        }
        let in_force = workspace.mail_in_force().is_some();
        // Without mail all that was ever tried becomes a letter at once.
        let set_at = workspace.mail_in_force().map_or(Moment(i64::MAX), |mail| mail.set_at);
        let held = self.post.held_until(set_at).unwrap_or(now);
        let mut next: Option<Moment> = None;
        for found in self.store.waiting_mail(set_at, FEW).await.map_err(refusals::store)? {
            let mut mail = found.record;
            let test = mail.kind == NoticeKind::Test;
            let due = mail.due_at(set_at).unwrap_or(now);
            let due = if test || !in_force { due } else { due.max(held) };
            if in_force && due > now && due.since(now) <= LONGEST {
                next = Some(next.map_or(due, |next| next.min(due)));
                continue;
            }
            ground.read.push((RecordKey::Mail(mail.id), Some(found.version)));
            let account = ground.account(mail.to).await?;
            let settings = workspace.mail.as_ref().filter(|_| in_force || test);
            let claim = mail.claim(account.as_ref(), settings.is_some(), now);
            let delivery = match (claim, settings) {
                (Claim::Not, _) => continue,
                (Claim::Send, Some(settings)) => {
                    let person = account.as_ref().map(|account| account.name.as_str()).unwrap_or_default();
                    let delivery = self.delivery(&mut mail, person, &workspace, settings);
                    if delivery.is_none() {
                        let failure = outbox::Failure::PasswordUnreadable;
                        mail.settle(Came::Failed { failure, for_good: false }, now);
                        self.post.hold(now);
                    }
                    delivery
                }
                _ => None,
            };
            let won = self.put(ground, mail).await?;
            return Ok(match delivery {
                Some(delivery) if won => Looked::Due(Due::Now(Box::new(delivery))),
                _ => Looked::Again { won },
            });
        }
        Ok(Looked::Due(next.map_or(Due::Nothing, |next| Due::At(next.0))))
    }

    /// All that is needed to send what was claimed; `None` where something sealed does not open.
    fn delivery(&self, mail: &mut Mail, person: &str, workspace: &Workspace, settings: &MailSettings) -> Option<Delivery> {
        let open = |sealed| self.key.open_mail_password(sealed, workspace.id, &settings.server);
        let password = match settings.password.as_ref().map(open).transpose() {
            Ok(password) => password,
            Err(broken) => {
                tracing::error!("the password of the mail server: {broken}");
                return None;
            }
        };
        let open = |carried: &outbox::Carried| self.key.open_mail_code(&carried.sealed, workspace.id, (mail.id, carried.until));
        let code = match mail.code.as_ref().map(open).transpose() {
            Ok(code) => code,
            Err(broken) => {
                tracing::error!(mail = %mail.id, "the code of a notice: {broken}");
                return None;
            }
        };
        Some(Delivery {
            id: mail.id.0,
            message_id: mail.named(&settings.sender),
            address: mail.address.as_str().into(),
            person: person.into(),
            language: views::language(mail.language),
            workspace: workspace.name.as_str().into(),
            kind: words::kind(mail.kind),
            at: mail.at.0,
            words: mail.words.clone(),
            code,
            code_until: mail.code.as_ref().map(|carried| carried.until.0),
            report: self.report_of(mail, mail.since),
            report_until: mail.at.plus(REPORT_VALIDITY).0,
            attempt: mail.attempts,
            server: MailServer {
                host: settings.server.host.clone(),
                port: settings.server.port,
                security: words::security(settings.server.security),
                user: settings.server.user.clone(),
                password,
                sender: settings.sender.as_str().into(),
                sender_name: settings.sender_name.as_ref().unwrap_or(&workspace.name).as_str().into(),
                contact: settings.contact.as_ref().map(|contact| contact.as_str().into()),
            },
        })
    }

    /// The code that answers a notice, as long as it does.
    pub(crate) fn report_of(&self, mail: &Mail, now: Moment) -> Option<SecretString> {
        let answer = mail.answer.as_ref().filter(|answer| answer.spent_at.is_none() && now.since(mail.at) < REPORT_VALIDITY)?;
        let code = self.key.report_code(mail.id);
        (self.key.report_hash(&code) == answer.hash).then(|| code.grouped())
    }

    /// Writes one notice, if nothing that it rests on has changed. Says whether it did.
    async fn put(&self, ground: Ground<'_, S>, mail: Mail) -> Result<bool, Refusal> {
        let changes = vec![Change::Mail(Box::new(mail))];
        let commit = Commit { at: ground.now, read: ground.read, changes, entries: Vec::new(), notices: Vec::new() };
        match self.store.commit(commit).await {
            Ok(_) => Ok(true),
            Err(CommitError::Conflict) => Ok(false),
            Err(CommitError::Store(error)) => Err(refusals::store(error)),
            Err(CommitError::EmailTaken | CommitError::Stopped) => Err(RefusalCode::Unexpected.into()),
        }
    }

    async fn settled(&self, id: MailId, outcome: Outcome) -> Result<(), Refusal> {
        let came = match outcome {
            Outcome::Sent => Came::Sent,
            Outcome::Uncertain => Came::Uncertain,
            Outcome::Failed { failure, for_good } => Came::Failed { failure: words::of_wire(failure), for_good },
        };
        for _ in 0..TRIES {
            let mut ground = self.ground();
            let Some(mut mail) = ground.mail(id).await? else { return Ok(()) };
            if !mail.settle(came, ground.now) {
                return Ok(());
            }
            let (now, test) = (ground.now, mail.kind == NoticeKind::Test);
            if self.put(ground, mail).await? {
                match came {
                    Came::Sent => self.post.release(),
                    Came::Failed { failure, .. } if failure.is_of_the_server() && !test => self.post.hold(now),
                    _ => {}
                }
                return Ok(());
            }
        }
        Err(RefusalCode::Busy.into())
    }

    async fn gave_up(&self, older_than: i64) -> Result<u64, Refusal> {
        let mut count = 0;
        if self.ground().workspace().await.is_ok_and(|workspace| moving::is_here(&workspace).is_err()) {
            return Ok(count);
        }
        loop {
            let now = self.ground().now;
            // Where nobody else could be sending, a clock that was set back hides nothing.
            let until = if older_than <= 0 { Moment(i64::MAX) } else { now.plus(-older_than) };
            let found = self.store.half_sent_mail(until, MANY).await.map_err(refusals::store)?;
            if found.is_empty() {
                return Ok(count);
            }
            for found in found {
                let (mut ground, mut mail) = (self.ground(), found.record);
                ground.read.push((RecordKey::Mail(mail.id), Some(found.version)));
                mail.give_up(now);
                // Whoever settled it meanwhile knows better.
                count += u64::from(self.put(ground, mail).await?);
            }
        }
    }

    /// What waited or was being sent when a backup was taken may have been sent since: it is not sent again by itself.
    pub(crate) async fn void_mail(&self, taken_at: Moment, now: Moment) -> Result<(), Refusal> {
        let mut found = self.store.waiting_mail(Moment(i64::MIN), u32::MAX).await.map_err(refusals::store)?;
        found.extend(self.store.half_sent_mail(Moment(i64::MAX), u32::MAX).await.map_err(refusals::store)?);
        let old = found.into_iter().map(|found| found.record).filter(|mail| mail.queued_at <= taken_at);
        let changed: Vec<Change> = old
            .filter_map(|mut mail| {
                let changed = mail.renew(now);
                changed.then(|| Change::Mail(Box::new(mail)))
            })
            .collect();
        for changes in changed.chunks(MANY as usize) {
            self.write(domain::Decision { changes: changes.to_vec(), ..domain::Decision::accept(()) }, now).await?;
        }
        Ok(())
    }
}

impl<S: Store> Outbox for Authority<S> {
    fn give_up_half_sent(&self, older_than: i64) -> Coming<'_, u64> {
        Box::pin(self.gave_up(older_than))
    }

    fn next_due(&self) -> Coming<'_, Due> {
        Box::pin(self.next())
    }

    fn settle(&self, id: Uuid, outcome: Outcome) -> Coming<'_, ()> {
        Box::pin(self.settled(MailId(id), outcome))
    }

    fn woken(&self) -> Woken<'_> {
        Box::pin(self.post.woken.notified())
    }
}
