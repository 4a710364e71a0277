//! Writing to the outbox: what a decision owes becomes rows of the same commit, with the addresses of that moment.

use std::collections::{HashMap, HashSet};

use domain::{
    Change, Notice,
    account::Account,
    id::{AccountId, MailId},
    mail::outbox::{self, Answer, Carried, Mail},
    time::Moment,
};
use wire::Refusal;

use crate::{local::Authority, refusals, store::Store};

impl<S: Store> Authority<S> {
    /// The rows for these notices, once these changes are made. Who is gone by then is told nothing.
    pub(crate) async fn mails(&self, notices: &[Notice], changes: &[Change], now: Moment) -> Result<Vec<Mail>, Refusal> {
        if notices.is_empty() {
            return Ok(Vec::new());
        }
        let (mut workspace, mut written, mut gone) = (None, HashMap::<AccountId, &Account>::new(), HashSet::new());
        for change in changes {
            match change {
                Change::Workspace(changed) => workspace = Some((**changed).clone()),
                Change::Account(account) => drop(written.insert(account.id, account)),
                Change::RemoveAccount(account) => drop(gone.insert(*account)),
                Change::Erase(erase) => drop(gone.insert(erase.account)),
                _ => {}
            }
        }
        let workspace = match workspace {
            Some(changed) => Some(changed),
            None => self.store.workspace().await.map_err(refusals::store)?.map(|found| found.record),
        };
        let Some(workspace) = workspace else { return Ok(Vec::new()) };
        let on = workspace.mail_in_force().is_some();
        let mut mails = Vec::with_capacity(notices.len());
        for notice in notices.iter().filter(|notice| !gone.contains(&notice.to)) {
            let account = match written.get(&notice.to) {
                Some(account) => Some((*account).clone()),
                None => self.store.account(notice.to).await.map_err(refusals::store)?.map(|found| found.record),
            };
            let Some(account) = account else { continue };
            for place in outbox::plan(notice, &account, on, now) {
                let mut mail = Mail::of(notice, &account, place, MailId::random(&mut self.entropy()), now);
                if let Some((code, until)) = notice.code.as_ref().filter(|_| notice.kind.carries_code()) {
                    let sealed = self.key.seal_mail_code(code, workspace.id, (mail.id, *until), &mut self.entropy());
                    mail.code = Some(Carried { sealed, until: *until });
                }
                if notice.kind.answerable() {
                    let hash = self.key.report_hash(&self.key.report_code(mail.id));
                    mail.answer = Some(Answer { hash, spent_at: None });
                }
                mails.push(mail);
            }
        }
        Ok(mails)
    }
}
