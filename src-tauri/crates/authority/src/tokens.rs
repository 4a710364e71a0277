//! The inventory of tokens: listed, assigned, taken back, retired.

use domain::{
    Refusal as DomainRefusal,
    account::Account,
    gate::{self, Act, Role, Standing},
    id::{AccountId, BatchId, CommunityId, TokenId},
    oath::{Algorithm, Moving},
    token::{self, Origin, Token, TokenState},
    workspace::Community,
};
use wire::{
    Refusal, SessionToken,
    people::{CommunityName, PersonName},
    sign_in::Done,
    tokens::{
        AssignToken, ListTokens, RetireToken, TokenAlgorithm, TokenKind, TokenOrigin, TokenView, TokensPage, UnassignToken, UndoTokenImport,
    },
};

use crate::{
    ground::Ground,
    local::{Authority, settle},
    refusals,
    store::{Store, TokenQuery, folded},
    views,
};

const PAGE: u32 = 60;
/// More than an import may bring.
const WHOLE_BATCH: u32 = 1_000_000;

impl<S: Store> Authority<S> {
    pub(crate) async fn list_tokens(&self, session: Option<&SessionToken>, request: ListTokens) -> Result<TokensPage, Refusal> {
        let mut ground = self.ground();
        let acting = ground.acting_fully(session).await?;
        let standing = acting.account.standing();
        let stocks = standing.reach(Role::Administrator);
        if stocks.as_ref().is_some_and(Vec::is_empty) {
            return Err(self.turned_away(ground, DomainRefusal::NotAllowed).await);
        }
        let communities = ground.communities().await?;
        let query = TokenQuery {
            search: folded(request.search.trim()),
            stocks,
            origin: Some(Origin::Hardware),
            state: request.state.map(state_word),
            holder: request.account.map(AccountId),
            after: request.after.as_deref().and_then(read_cursor),
            ..TokenQuery::all(PAGE)
        };
        let page = self.store.tokens(&query).await.map_err(refusals::store)?;
        let mut rows = Vec::with_capacity(page.rows.len());
        for found in &page.rows {
            let holder = found.record.state.holder().or(found.record.last_holder);
            let holder = if let Some(id) = holder { ground.account(id).await? } else { None };
            rows.push(view(&found.record, holder.as_ref(), &standing, &communities));
        }
        let mine = |community: &&Community| gate::may(&standing, Act::KeepTokens(community.id)).is_ok();
        Ok(TokensPage {
            rows,
            next: page.next.map(|(serial, id)| write_cursor(&serial, id)),
            total: page.total,
            stocks: communities.iter().filter(mine).map(|c| CommunityName { id: c.id.0, name: c.name.as_str().into() }).collect(),
            stocks_workspace: gate::may(&standing, Act::KeepWorkspaceTokens).is_ok(),
        })
    }

    pub(crate) async fn assign_token(&self, session: Option<&SessionToken>, request: AssignToken) -> Result<Done, Refusal> {
        settle!(self, ground => async {
            let acting = ground.acting_fully(session).await?;
            let token = stocked(&mut ground, request.token).await?;
            let target = ground.target(AccountId(request.account)).await?;
            token::may_keep(&acting.account, token.community)
                .and_then(|()| token::may_give(&acting.account, &target, ground.now))
                .map_err(refusals::domain)?;
            let proof = self.prove(&mut ground, &acting, &request.proof).await?;
            let target = Some(target).filter(|target| target.id != acting.account.id);
            Ok(token::assign(&acting.policy, acting.account, acting.session, token, target, &proof, ground.now))
        })?;
        Ok(Done {})
    }

    pub(crate) async fn unassign_token(&self, session: Option<&SessionToken>, request: UnassignToken) -> Result<Done, Refusal> {
        settle!(self, ground => async {
            let acting = ground.acting_fully(session).await?;
            let token = stocked(&mut ground, request.token).await?;
            let holder = match token.state.holder() {
                Some(holder) => ground.target(holder).await?,
                None => acting.account.clone(),
            };
            Ok(token::unassign(&acting.account, token, &holder, ground.now))
        })?;
        Ok(Done {})
    }

    pub(crate) async fn retire_token(&self, session: Option<&SessionToken>, request: RetireToken) -> Result<Done, Refusal> {
        settle!(self, ground => async {
            let acting = ground.acting_fully(session).await?;
            let token = stocked(&mut ground, request.token).await?;
            let holder = match token.state.holder() {
                Some(holder) => Some(ground.target(holder).await?),
                None => None,
            };
            Ok(token::retire(&acting.account, token, holder.as_ref(), ground.now))
        })?;
        Ok(Done {})
    }

    pub(crate) async fn undo_token_import(&self, session: Option<&SessionToken>, request: UndoTokenImport) -> Result<Done, Refusal> {
        let query = TokenQuery { batch: Some(BatchId(request.batch)), ..TokenQuery::all(WHOLE_BATCH) };
        settle!(self, ground => async {
            let acting = ground.acting_fully(session).await?;
            let tokens = ground.tokens(&query).await?;
            Ok(token::undo_import(&acting.account, &tokens))
        })?;
        Ok(Done {})
    }
}

/// One that is not there is refused like one out of reach.
async fn stocked<S: Store>(ground: &mut Ground<'_, S>, id: uuid::Uuid) -> Result<Token, Refusal> {
    ground.token(TokenId(id)).await?.ok_or_else(|| refusals::domain(DomainRefusal::NotAllowed))
}

fn view(token: &Token, holder: Option<&Account>, reader: &Standing<'_>, communities: &[Community]) -> TokenView {
    let seen = |holder: &&Account| gate::may(reader, Act::See(holder.standing())).is_ok();
    let stock = |id: CommunityId| communities.iter().find(|community| community.id == id).map(|community| community.name.as_str().into());
    TokenView {
        id: token.id.0,
        origin: origin(token.origin),
        serial: text(token.serial.as_ref()),
        label: text(token.label.as_ref()),
        maker: text(token.maker.as_ref()),
        kind: kind(token.parameters.moving),
        digits: token.parameters.digits.count(),
        algorithm: match token.parameters.algorithm {
            Algorithm::Sha1 => TokenAlgorithm::Sha1,
            Algorithm::Sha256 => TokenAlgorithm::Sha256,
            Algorithm::Sha512 => TokenAlgorithm::Sha512,
        },
        step_seconds: match token.parameters.moving {
            Moving::Time(seconds) => Some(seconds),
            Moving::Counter => None,
        },
        state: state(token.state),
        holder: holder.filter(seen).map(views::person),
        since: token.since.0,
        community_name: token.community.and_then(stock),
        batch: token.batch.0,
    }
}

fn text(name: Option<&domain::words::Name>) -> Option<String> {
    name.map(|name| name.as_str().into())
}

pub(crate) fn person_of(account: Option<&Account>) -> Option<PersonName> {
    account.map(views::person)
}

pub(crate) fn origin(origin: Origin) -> TokenOrigin {
    match origin {
        Origin::Hardware => TokenOrigin::Hardware,
        Origin::Brought => TokenOrigin::Brought,
    }
}

pub(crate) fn kind(moving: Moving) -> TokenKind {
    match moving {
        Moving::Time(_) => TokenKind::Time,
        Moving::Counter => TokenKind::Counter,
    }
}

fn state(state: TokenState) -> wire::tokens::TokenState {
    use wire::tokens::TokenState as Word;
    match state {
        TokenState::Free => Word::Free,
        TokenState::Assigned { .. } => Word::Assigned,
        TokenState::Active { .. } => Word::Active,
        TokenState::Retired => Word::Retired,
    }
}

fn state_word(state: wire::tokens::TokenState) -> &'static str {
    use wire::tokens::TokenState as Word;
    match state {
        Word::Free => "free",
        Word::Assigned => "assigned",
        Word::Active => "active",
        Word::Retired => "retired",
    }
}

fn write_cursor(serial: &str, id: TokenId) -> String {
    format!("{id} {serial}")
}

/// A cursor that cannot be read begins at the first page: it only ever came from here.
fn read_cursor(text: &str) -> Option<(String, TokenId)> {
    let (id, serial) = text.split_once(' ')?;
    Some((serial.into(), TokenId(id.parse().ok()?)))
}
