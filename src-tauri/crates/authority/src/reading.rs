//! Reading the journal.

use domain::{
    Refusal as DomainRefusal,
    gate::{self, Act, Role},
    id::AccountId,
    time::Moment,
};
use wire::{
    Refusal, SessionToken,
    journal::{JournalFound, JournalPage, ReadJournal, ReadMyActivity, SearchJournal},
    people::CommunityName,
};

use crate::{
    local::Authority,
    refusals,
    store::{JournalQuery, JournalSearch, Store},
    views,
};

const PAGE: u32 = 50;
const LONGEST_PAGE: u32 = 100;
/// More kinds than there are were never asked for by a person.
const KINDS: usize = 500;

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

    /// Finds entries within reach. Nobody learns by a filter what they could not read: it narrows what they reach.
    pub(crate) async fn search_journal(&self, token: Option<&SessionToken>, request: SearchJournal) -> Result<JournalFound, Refusal> {
        let mut ground = self.ground();
        let acting = ground.acting_fully(token).await?;
        let standing = acting.account.standing();
        if let Err(denied) = gate::may(&standing, Act::ReadJournal) {
            return Err(self.turned_away(ground, denied.into()).await);
        }
        let mut person = None;
        if let Some(asked) = request.person {
            person = ground.account(AccountId(asked)).await?;
            // Whoever is not there any more is still in the entries that an owner reads.
            let within = person.as_ref().map_or(standing.owner, |person| gate::may(&standing, Act::See(person.standing())).is_ok());
            if !within {
                return Err(self.turned_away(ground, DomainRefusal::NotAllowed).await);
            }
        }
        let all = ground.communities().await?;
        let (communities, bounds) = match views::bounds(all, standing.reach(Role::Administrator), request.community) {
            Ok(bounds) => bounds,
            Err(denied) => return Err(self.turned_away(ground, denied).await),
        };
        let search = JournalSearch {
            person: request.person.map(AccountId),
            actor: request.actor.map(AccountId),
            kinds: request.kinds.into_iter().take(KINDS).collect(),
            communities: bounds,
            since: request.since.map(Moment),
            until: request.until.map(Moment),
            end: request.end,
            from: request.from,
            limit: request.limit.unwrap_or(PAGE).clamp(1, LONGEST_PAGE),
        };
        let found = self.store.search_journal(&search).await.map_err(refusals::store)?;
        let mut rows = views::journal_rows(&found.lines);
        // Of what concerns others too, only one's own communities are named.
        for row in &mut rows {
            row.communities.retain(|id| standing.owner || communities.iter().any(|community| community.id.0 == *id));
        }
        Ok(JournalFound {
            rows,
            from: search.from.min(found.total),
            total: found.total,
            end: found.end,
            person: person.map(|person| views::person(&person)),
            communities: communities.iter().map(|c| CommunityName { id: c.id.0, name: c.name.as_str().into() }).collect(),
        })
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
