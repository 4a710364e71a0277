//! Users: the list, invitations and resets.

use domain::{
    Refusal as DomainRefusal,
    code::{Code, Kind},
    gate::{self, Act, Membership, Role},
    id::{AccountId, CommunityId},
    invitation::{self, NewPerson},
    policy::{INVITATION_VALIDITY, Policy},
    readiness::Hour,
    recovery,
    secret_hash::{Cost, Hashed, Recipe},
    words::{Email, Name},
};
use wire::{
    Refusal, SessionToken,
    people::{HandOver, Invite, InviteAgain, IssuedCode, ListPeople, PeoplePage, ReadReadiness, Readiness, ResetSecondFactor, RoleName},
};

use crate::{
    desk::note,
    local::{Authority, settle},
    refusals,
    store::{Begin, Order, PeopleQuery, Store, folded},
    views,
};

const PAGE: u32 = 100;
const LONGEST_PAGE: u32 = 200;

impl<S: Store> Authority<S> {
    pub(crate) async fn list_people(&self, token: Option<&SessionToken>, request: ListPeople) -> Result<PeoplePage, Refusal> {
        let mut ground = self.ground();
        let acting = ground.acting_fully(token).await?;
        let standing = acting.account.standing();
        if let Err(denied) = gate::may(&standing, Act::ListPeople) {
            return Err(self.turned_away(ground, denied.into()).await);
        }
        let reach = standing.reach(Role::Support);
        let all = ground.communities().await?;
        let (communities, bounds) = match views::bounds(all.clone(), reach, request.community) {
            Ok(bounds) => bounds,
            Err(denied) => return Err(self.turned_away(ground, denied).await),
        };
        let query = PeopleQuery {
            search: folded(request.search.trim()),
            communities: bounds,
            only: views::only(request.being, request.state),
            hour: Hour::of(&acting.workspace, &all, ground.now),
            order: Order { by: views::by(request.order), descending: request.descending },
            begin: Begin::At(request.from),
            limit: request.limit.unwrap_or(PAGE).clamp(1, LONGEST_PAGE),
        };
        let people = self.store.people(&query).await.map_err(refusals::store)?;
        Ok(views::people(&acting.account, &communities, people, ground.now))
    }

    pub(crate) async fn read_readiness(&self, token: Option<&SessionToken>, request: ReadReadiness) -> Result<Readiness, Refusal> {
        let mut ground = self.ground();
        let acting = ground.acting_fully(token).await?;
        let standing = acting.account.standing();
        if let Err(denied) = gate::may(&standing, Act::ListPeople) {
            return Err(self.turned_away(ground, denied.into()).await);
        }
        let reach = standing.reach(Role::Support);
        let all = ground.communities().await?;
        let hour = Hour::of(&acting.workspace, &all, ground.now);
        let bounds = match views::bounds(all, reach, request.community) {
            Ok((_, bounds)) => bounds,
            Err(denied) => return Err(self.turned_away(ground, denied).await),
        };
        let counts = self.store.count_people(bounds.as_deref(), &hour).await.map_err(refusals::store)?;
        Ok(views::readiness(&counts))
    }

    pub(crate) async fn invite(&self, token: Option<&SessionToken>, request: Invite) -> Result<IssuedCode, Refusal> {
        let (code, hash) = self.issue(Kind::Invitation).await?;
        let name = Name::read(&request.name).map_err(refusals::domain)?;
        let email = Email::read(&request.email).map_err(refusals::domain)?;
        let role = match request.role {
            RoleName::Member => Role::Member,
            RoleName::Support => Role::Support,
            RoleName::Administrator => Role::Administrator,
        };
        let id = AccountId::random(&mut self.entropy());
        settle!(self, ground => async {
            let acting = ground.acting_fully(token).await?;
            let communities = ground.communities().await?;
            let membership = request.community.map(|community| Membership { community: CommunityId(community), role, since: ground.now });
            if membership.is_some_and(|m| communities.iter().all(|community| community.id != m.community)) {
                return Err(refusals::domain(DomainRefusal::NotAllowed));
            }
            let language = acting.workspace.language;
            let person = NewPerson { id, name: name.clone(), email: email.clone(), language, membership };
            let taken = ground.account_by_email(&email.folded()).await?.is_some();
            let decision = invitation::invite(&acting.account, person, taken, hash, ground.now);
            Ok(decision.carrying(&code, ground.now.plus(INVITATION_VALIDITY)))
        })?;
        self.issued(id, code, INVITATION_VALIDITY).await
    }

    pub(crate) async fn invite_again(&self, token: Option<&SessionToken>, request: InviteAgain) -> Result<IssuedCode, Refusal> {
        let (code, hash) = self.issue(Kind::Invitation).await?;
        let id = AccountId(request.account);
        settle!(self, ground => async {
            let acting = ground.acting_fully(token).await?;
            let target = ground.target(id).await?;
            let decision = invitation::invite_again(&acting.account, target, hash, ground.now);
            Ok(decision.carrying(&code, ground.now.plus(INVITATION_VALIDITY)))
        })?;
        self.issued(id, code, INVITATION_VALIDITY).await
    }

    pub(crate) async fn hand_over(&self, token: Option<&SessionToken>, request: HandOver) -> Result<IssuedCode, Refusal> {
        let (code, hash) = self.issue(Kind::Invitation).await?;
        let id = AccountId(request.account);
        settle!(self, ground => async {
            let acting = ground.acting_fully(token).await?;
            let target = ground.target(id).await?;
            Ok(invitation::hand_over(&acting.account, &acting.session, target, hash, ground.now))
        })?;
        self.issued(id, code, INVITATION_VALIDITY).await
    }

    pub(crate) async fn reset_second_factor(
        &self,
        token: Option<&SessionToken>,
        request: ResetSecondFactor,
    ) -> Result<IssuedCode, Refusal> {
        let (code, hash) = self.issue(Kind::Recovery).await?;
        let id = AccountId(request.account);
        let expires_at = settle!(self, ground => async {
            let acting = ground.acting_fully(token).await?;
            let target = ground.target(id).await?;
            recovery::may_reset(&acting.account, &target, ground.now).map_err(refusals::domain)?;
            let note = note(&acting.workspace, &request.support)?;
            let proof = self.prove(&mut ground, &acting, &request.proof).await?;
            // The code lives as long as the rules of the person allow who is to use it.
            let theirs = ground.policy_of(&acting.workspace, &target).await?;
            let policy = Policy { recovery_validity: theirs.recovery_validity, ..acting.policy };
            Ok(recovery::reset(&policy, acting.account, acting.session, target, &proof, (hash, &note), ground.now))
        })?;
        let issued = self.issued(id, code, 0).await?;
        Ok(IssuedCode { expires_at: expires_at.0, ..issued })
    }

    pub(crate) async fn issue(&self, kind: Kind) -> Result<(Code, Hashed), Refusal> {
        let code = Code::random(kind, &mut self.entropy());
        let hash = self.hash(Recipe::random(Cost::ONLINE, &mut self.entropy()), code.canonical()).await?;
        Ok((code, hash))
    }

    pub(crate) async fn issued(&self, id: AccountId, code: Code, validity: i64) -> Result<IssuedCode, Refusal> {
        let mut ground = self.ground();
        let target = ground.target(id).await?;
        Ok(IssuedCode {
            person: views::person(&target),
            language: views::language(target.language),
            code: code.grouped().into(),
            expires_at: ground.now.plus(validity).0,
        })
    }
}
