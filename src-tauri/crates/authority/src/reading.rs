//! Reading the journal.

use domain::{
    Refusal as DomainRefusal,
    gate::{self, Act, Role},
    id::AccountId,
};
use wire::{
    Refusal, SessionToken,
    journal::{JournalPage, ReadJournal, ReadMyActivity},
};

use crate::{
    local::Authority,
    refusals,
    store::{JournalQuery, Store},
    views,
};

const PAGE: u32 = 50;

impl<S: Store> Authority<S> {
    pub(crate) async fn read_journal(&self, token: Option<&SessionToken>, request: ReadJournal) -> Result<JournalPage, Refusal> {
        let mut ground = self.ground();
        let acting = ground.acting_fully(token).await?;
        let standing = acting.account.standing();
        if let Err(denied) = gate::may(&standing, Act::ReadJournal) {
            return Err(self.turned_away(ground, denied.into()).await);
        }
        if let Some(person) = request.person {
            let person = ground.account(AccountId(person)).await?;
            if person.is_none_or(|person| gate::may(&standing, Act::See(person.standing())).is_err()) {
                return Err(self.turned_away(ground, DomainRefusal::NotAllowed).await);
            }
        }
        self.page(JournalQuery {
            person: request.person.map(AccountId),
            communities: standing.reach(Role::Administrator),
            before: request.before,
            limit: PAGE,
        })
        .await
    }

    pub(crate) async fn read_my_activity(&self, token: Option<&SessionToken>, request: ReadMyActivity) -> Result<JournalPage, Refusal> {
        let acting = self.ground().acting_fully(token).await?;
        self.page(JournalQuery { person: Some(acting.account.id), communities: None, before: request.before, limit: PAGE }).await
    }

    async fn page(&self, query: JournalQuery) -> Result<JournalPage, Refusal> {
        let lines = self.store.journal(&query).await.map_err(refusals::store)?;
        Ok(views::journal(&lines, query.limit))
    }
}
