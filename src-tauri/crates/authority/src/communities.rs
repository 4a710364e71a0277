//! Communities of the workspace.

use domain::{
    Decision,
    community::{self, may_remove},
    gate::{self, Act},
    id::CommunityId,
    words::Name,
};
use wire::{
    Refusal, SessionToken,
    communities::{Communities, CommunityRow, MakeCommunity, RemoveCommunity, RenameCommunity},
    sign_in::Done,
};

use crate::{
    local::{Authority, settle},
    refusals,
    store::Store,
};

impl<S: Store> Authority<S> {
    pub(crate) async fn list_communities(&self, token: Option<&SessionToken>) -> Result<Communities, Refusal> {
        let mut ground = self.ground();
        let acting = ground.acting_fully(token).await?;
        if let Err(denied) = gate::may(&acting.account.standing(), Act::KeepCommunities) {
            return Err(self.turned_away(ground, denied.into()).await);
        }
        let all = ground.communities().await?;
        let sizes = self.store.community_sizes().await.map_err(refusals::store)?;
        let rows = all.iter().map(|community| {
            let people = size(&sizes, community.id);
            let remove_refused = may_remove(&all, people).err().map(refusals::domain);
            CommunityRow { id: community.id.0, name: community.name.as_str().into(), people, remove_refused }
        });
        Ok(Communities { rows: rows.collect() })
    }

    pub(crate) async fn make_community(&self, token: Option<&SessionToken>, request: MakeCommunity) -> Result<Done, Refusal> {
        let name = Name::read(&request.name).map_err(refusals::domain)?;
        let id = CommunityId::random(&mut self.entropy());
        settle!(self, ground => async {
            let acting = ground.acting_fully(token).await?;
            let all = ground.communities().await?;
            // Names are unique across communities: whoever names one at the same moment decides again.
            let decision = community::make(&acting.account, &all, id, name.clone());
            Ok(across(decision, acting.workspace))
        })?;
        Ok(Done {})
    }

    pub(crate) async fn rename_community(&self, token: Option<&SessionToken>, request: RenameCommunity) -> Result<Done, Refusal> {
        let name = Name::read(&request.name).map_err(refusals::domain)?;
        let id = CommunityId(request.community);
        settle!(self, ground => async {
            let acting = ground.acting_fully(token).await?;
            let all = ground.communities().await?;
            let decision = community::rename(&acting.account, &all, id, name.clone());
            Ok(across(decision, acting.workspace))
        })?;
        Ok(Done {})
    }

    pub(crate) async fn remove_community(&self, token: Option<&SessionToken>, request: RemoveCommunity) -> Result<Done, Refusal> {
        let id = CommunityId(request.community);
        settle!(self, ground => async {
            let acting = ground.acting_fully(token).await?;
            let all = ground.communities().await?;
            let sizes = self.store.community_sizes().await.map_err(refusals::store)?;
            let decision = community::remove(&acting.account, &all, id, size(&sizes, id));
            Ok(across(decision, acting.workspace))
        })?;
        Ok(Done {})
    }
}

fn size(sizes: &[(CommunityId, u64)], id: CommunityId) -> u64 {
    sizes.iter().find(|(community, _)| *community == id).map_or(0, |(_, size)| *size)
}

/// A rule across records: the workspace's own is written with it.
fn across<T>(decision: Decision<T>, workspace: domain::workspace::Workspace) -> Decision<T> {
    if decision.changes.is_empty() { decision } else { decision.change(domain::Change::Workspace(Box::new(workspace))) }
}
