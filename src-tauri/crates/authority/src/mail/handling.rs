//! The outbox as people see it: listed, sent again, printed and handed over.

use domain::{
    Refusal as DomainRefusal,
    gate::{self, Act, Role},
    id::{AccountId, MailId},
    mail::{
        handling,
        outbox::{Mail, MailState},
    },
    report::REPORT_VALIDITY,
    time::Moment,
};
use wire::{
    Refusal, RefusalCode, SessionToken,
    mail::{HandOverLetter, Letter, OutboxPage, OutboxRow, ReadLetter, ReadOutbox, ResendNotice},
    sign_in::Done,
};

use crate::{
    ground::Ground,
    local::{Authority, settle},
    mail::words,
    refusals,
    store::{OutboxQuery, Store},
    views,
};

const PAGE: u32 = 60;

impl<S: Store> Authority<S> {
    pub(crate) async fn read_outbox(&self, token: Option<&SessionToken>, request: ReadOutbox) -> Result<OutboxPage, Refusal> {
        let mut ground = self.ground();
        let acting = ground.acting_fully(token).await?;
        let standing = acting.account.standing();
        if let Err(denied) = gate::may(&standing, Act::ReadOutbox) {
            return Err(self.turned_away(ground, denied.into()).await);
        }
        if let Some(person) = request.person {
            let person = ground.account(AccountId(person)).await?;
            if person.is_none_or(|person| gate::may(&standing, Act::HandleNotice(person.standing())).is_err()) {
                return Err(self.turned_away(ground, DomainRefusal::NotAllowed).await);
            }
        }
        let (on, set_at) =
            (acting.workspace.mail_in_force().is_some(), acting.workspace.mail.as_ref().map_or(Moment(0), |mail| mail.set_at));
        let held = self.post.held_until(set_at);
        let communities = standing.reach(Role::Administrator);
        let query = OutboxQuery {
            communities: communities.clone(),
            state: request.state.map(words::at_rest),
            person: request.person.map(AccountId),
            tests: false,
            after: request.after.as_deref().and_then(read_cursor),
            limit: PAGE + 1,
        };
        let mut found = self.store.outbox(&query).await.map_err(refusals::store)?;
        let more = found.len() > PAGE as usize;
        found.truncate(PAGE as usize);
        let next = found.last().filter(|_| more).map(|last| format!("{} {}", last.record.at.0, last.record.id));
        let mut rows = Vec::with_capacity(found.len());
        for mail in found.into_iter().map(|found| found.record) {
            let Some(account) = ground.account(mail.to).await? else { continue };
            let may = gate::may(&standing, Act::HandleNotice(account.standing())).is_ok();
            let next_at = match mail.state {
                MailState::Waiting { .. } => mail.due_at(set_at).map(|due| held.map_or(due, |held| due.max(held)).0),
                _ => None,
            };
            rows.push(OutboxRow {
                id: mail.id.0,
                person: views::person(&account),
                address: mail.address.as_str().into(),
                kind: words::kind(mail.kind),
                at: mail.at.0,
                state: words::state(mail.state),
                since: mail.since.0,
                attempts: mail.attempts,
                next_at,
                failure: mail.failure.map(words::failure),
                may_resend: may && mail.may_resend(on).is_ok(),
                may_hand_over: may && mail.may_hand_over(),
            });
        }
        let counts = self.store.count_mail(communities.as_deref()).await.map_err(refusals::store)?;
        Ok(OutboxPage { rows, next, counts: counts.iter().filter_map(words::count).collect(), mail_is_on: on })
    }

    pub(crate) async fn resend_notice(&self, token: Option<&SessionToken>, request: ResendNotice) -> Result<Done, Refusal> {
        settle!(self, ground => async {
            let acting = ground.acting_fully(token).await?;
            let mail = known(&mut ground, request.id).await?;
            let target = ground.target(mail.to).await?;
            let on = acting.workspace.mail_in_force().is_some();
            Ok(handling::resend(&acting.account, &target, mail, on, ground.now))
        })?;
        self.post.release();
        self.post.wake();
        Ok(Done {})
    }

    pub(crate) async fn read_letter(&self, token: Option<&SessionToken>, request: ReadLetter) -> Result<Letter, Refusal> {
        let mut ground = self.ground();
        let acting = ground.acting_fully(token).await?;
        let found = match ground.mail(MailId(request.id)).await? {
            Some(mail) => ground.account(mail.to).await?.map(|target| (mail, target)),
            None => None,
        };
        let allowed = found.filter(|(_, target)| handling::may_handle(&acting.account, target).is_ok());
        let Some((mail, target)) = allowed else {
            return Err(self.turned_away(ground, DomainRefusal::NotAllowed).await);
        };
        if !mail.may_hand_over() {
            return Err(refusals::domain(DomainRefusal::NoticeMoved));
        }
        Ok(Letter {
            person: views::person(&target),
            language: views::language(mail.language),
            workspace: acting.workspace.name.as_str().into(),
            kind: words::kind(mail.kind),
            at: mail.at.0,
            report: self.report_of(&mail, ground.now).map(Into::into),
            report_until: mail.at.plus(REPORT_VALIDITY).0,
            contact: acting.workspace.mail.as_ref().and_then(|mail| mail.contact.as_ref()).map(|contact| contact.as_str().into()),
            words: mail.words,
        })
    }

    pub(crate) async fn hand_over_letter(&self, token: Option<&SessionToken>, request: HandOverLetter) -> Result<Done, Refusal> {
        settle!(self, ground => async {
            let acting = ground.acting_fully(token).await?;
            let mail = known(&mut ground, request.id).await?;
            let target = ground.target(mail.to).await?;
            Ok(handling::hand_over(&acting.account, &target, mail, ground.now))
        })?;
        Ok(Done {})
    }
}

/// One that is not there is refused like one out of reach.
async fn known<S: Store>(ground: &mut Ground<'_, S>, id: uuid::Uuid) -> Result<Mail, Refusal> {
    ground.mail(MailId(id)).await?.ok_or_else(|| RefusalCode::NotAllowed.into())
}

/// A cursor that cannot be read begins at the first page: it only ever came from here.
fn read_cursor(text: &str) -> Option<(Moment, MailId)> {
    let (at, id) = text.split_once(' ')?;
    Some((Moment(at.parse().ok()?), MailId(id.parse().ok()?)))
}
