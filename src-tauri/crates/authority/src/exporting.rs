//! Lists of people that leave the program as a file.

use domain::{account::Account, export, factor::SecondFactor, lockout::Locked, readiness::Hour, workspace::Community};
use wire::{
    Refusal, SessionToken,
    people::{ExportPeople, PeopleLines, PersonLine},
};

use crate::{
    local::{Authority, settle},
    refusals,
    store::{Begin, Order, PeopleQuery, Store, folded},
    views,
};

/// Accounts that are read at once.
const CHUNK: u32 = 2_000;

impl<S: Store> Authority<S> {
    /// Nothing is handed out before the entry in the journal stands, whatever becomes of the file.
    pub(crate) async fn export_people(&self, token: Option<&SessionToken>, request: ExportPeople) -> Result<PeopleLines, Refusal> {
        let mut ground = self.ground();
        let acting = ground.acting_fully(token).await?;
        let reach = match export::reach(&acting.account) {
            Ok(reach) => reach,
            Err(denied) => return Err(self.turned_away(ground, denied.into()).await),
        };
        let all = ground.communities().await?;
        let hour = Hour::of(&acting.workspace, &all, ground.now);
        let (communities, bounds) = match views::bounds(all, reach, request.community) {
            Ok(bounds) => bounds,
            Err(denied) => return Err(self.turned_away(ground, denied).await),
        };
        let mut query = PeopleQuery {
            search: folded(request.search.trim()),
            communities: bounds.clone(),
            only: views::only(request.being, request.state),
            hour,
            order: Order { by: views::by(request.order), descending: request.descending },
            begin: Begin::At(0),
            limit: CHUNK,
        };
        let mut lines = Vec::new();
        loop {
            let people = self.store.people(&query).await.map_err(refusals::store)?;
            let read = people.rows.len();
            lines.extend(people.rows.iter().zip(&people.locked).map(|(account, locked)| line(account, *locked, &communities)));
            if read < CHUNK as usize {
                break;
            }
            query.begin = Begin::At(lines.len() as u64);
        }
        settle!(self, ground => async {
            let acting = ground.acting_fully(token).await?;
            Ok(export::exported(&acting.account, bounds.clone(), lines.len() as u64))
        })?;
        Ok(PeopleLines(lines))
    }
}

fn line(account: &Account, locked: Option<Locked>, communities: &[Community]) -> PersonLine {
    let factors = match &account.second_factor {
        SecondFactor::Active(factors) => Some(factors),
        _ => None,
    };
    PersonLine {
        name: account.name.as_str().into(),
        email: account.email.as_str().into(),
        owner: account.owner,
        roles: views::roles(&account.memberships, communities).into_iter().map(|held| (held.role, held.community_name)).collect(),
        language: views::language(account.language),
        state: account.state().as_str().into(),
        locked: locked.is_some(),
        authenticators: factors.map(|factors| factors.authenticators.len()),
        codes_left: factors.map(|factors| factors.backup.left()),
        codes_saved: factors.map(|factors| factors.backup.saved.is_some()),
        signed_in_at: account.signed_in_at.map(|at| at.0),
        added_at: account.created_at.0,
    }
}
