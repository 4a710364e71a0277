//! Tokens: hardware of the workspace's stock, and seeds that people bring from other authenticators. They are imported,
//! assigned to a person, and open nothing until that person has [proved](proving) a code.

use serde::{Deserialize, Serialize};

use crate::{
    Change, Decision, Event, EventKind, NoticeKind, Refusal,
    account::Account,
    effect::{self, Effect},
    factor::{Authenticator, Clock, Counter, Sealed, SecondFactor},
    gate::{self, Act},
    id::{AccountId, AuthenticatorId, BatchId, CommunityId, TokenId},
    oath::{Moving, Parameters},
    policy::Policy,
    session::{Session, Stage},
    sign_in::{Asks, Proof, confirm},
    time::Moment,
    words::Name,
};

pub mod proving;

/// Wrong codes after which an assignment ends.
pub const WRONG_CODES: u8 = 10;
/// The widest window that a policy can ask for, in steps.
const WIDEST_WINDOW: u64 = 1;

/// Where a token comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// A device of the stock.
    Hardware,
    /// A seed that its holder brought. It is nobody else's, ever.
    Brought,
}

/// Where a token stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TokenState {
    /// Nobody's.
    Free,
    /// Somebody's, who has not proved it.
    Assigned {
        /// Whose.
        to: AccountId,
        /// Wrong codes so far.
        wrong: u8,
    },
    /// One of somebody's authenticators.
    Active {
        /// Whose.
        account: AccountId,
        /// Which.
        authenticator: AuthenticatorId,
    },
    /// Taken out of the stock for good.
    Retired,
}

impl TokenState {
    /// The word for it at rest.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Free => "free",
            Self::Assigned { .. } => "assigned",
            Self::Active { .. } => "active",
            Self::Retired => "retired",
        }
    }

    /// Whose it is.
    #[must_use]
    pub fn holder(self) -> Option<AccountId> {
        match self {
            Self::Assigned { to: account, .. } | Self::Active { account, .. } => Some(account),
            Self::Free | Self::Retired => None,
        }
    }
}

/// One token of the inventory.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Token {
    /// Which one.
    pub id: TokenId,
    /// Where it comes from.
    pub origin: Origin,
    /// Whose stock it belongs to; `None` for the workspace's, and for a seed that was brought.
    pub community: Option<CommunityId>,
    /// Its serial number.
    pub serial: Option<Name>,
    /// What another authenticator called it, or the issuer.
    pub label: Option<Name>,
    /// Who made it.
    pub maker: Option<Name>,
    /// How its codes are made.
    pub parameters: Parameters,
    /// Its secret, sealed for the inventory. `None` once it is retired.
    pub sealed: Option<Sealed>,
    /// A keyed hash of the secret: tells a token that is here already, and nothing else.
    pub fingerprint: [u8; 32],
    /// Which import it came with.
    pub batch: BatchId,
    /// When it was imported.
    pub imported_at: Moment,
    /// Who imported it.
    pub imported_by: AccountId,
    /// Where it stands.
    pub state: TokenState,
    /// Since when.
    pub since: Moment,
    /// Whose it was last, once it is nobody's.
    pub last_holder: Option<AccountId>,
    /// Whether it was ever in use.
    pub used: bool,
    /// What is known of its clock, while it is not in use.
    pub clock: Clock,
    /// Where its counter stands, while it is not in use.
    pub counter: Counter,
}

impl Token {
    /// What it is called: maker and serial number, or what it was called elsewhere.
    #[must_use]
    pub fn called(&self) -> Option<String> {
        let words: Vec<&str> = match (&self.serial, &self.label) {
            (Some(serial), _) => self.maker.iter().chain([serial]).map(Name::as_str).collect(),
            (None, Some(label)) => vec![label.as_str()],
            (None, None) => self.maker.iter().map(Name::as_str).collect(),
        };
        (!words.is_empty()).then(|| words.join(" "))
    }

    /// Adds what it is called to what the journal says.
    pub(crate) fn on(&self, event: Event) -> Event {
        event.word("token", self.called().unwrap_or_default())
    }

    fn stand(&mut self, state: TokenState, now: Moment) {
        self.last_holder = self.state.holder().or(self.last_holder);
        self.state = state;
        self.since = now;
    }

    /// It is nobody's any more: one of the stock can be assigned anew, a seed that was brought is gone.
    pub(crate) fn put_back(mut self, now: Moment) -> Change {
        if self.origin == Origin::Brought {
            return Change::RemoveToken(self.id);
        }
        self.stand(TokenState::Free, now);
        Change::Token(Box::new(self))
    }

    /// It is out of the stock, and its secret gone.
    fn forget(&mut self, now: Moment) {
        self.sealed = None;
        self.stand(TokenState::Retired, now);
    }

    /// Its authenticator is gone from the account: after a reset, when its holder removed it, or with the second factor. No
    /// code that was shown until now opens anything for the next holder.
    #[must_use]
    pub fn let_go(mut self, clock: Clock, counter: Counter, now: Moment) -> Change {
        (self.clock, self.counter) = (clock, counter);
        self.spend_all(now);
        self.put_back(now)
    }

    fn spend_all(&mut self, now: Moment) {
        match self.parameters.moving {
            Moving::Time(_) => self.clock.spend_now(self.parameters.step_at(now), WIDEST_WINDOW),
            Moving::Counter => self.counter.lose(),
        }
    }

    /// What a new epoch makes of it: codes that may have been used since the backup open nothing, and whoever it was to be
    /// given to is asked anew. One in use is renewed with its account.
    #[must_use]
    pub fn renew(mut self, now: Moment) -> Option<Change> {
        self.spend_all(now);
        match self.state {
            TokenState::Free => Some(Change::Token(Box::new(self))),
            TokenState::Assigned { .. } => Some(self.put_back(now)),
            TokenState::Active { .. } | TokenState::Retired => None,
        }
    }
}

/// A token that is one of somebody's authenticators, as the account knows it.
#[derive(Clone, Debug)]
pub struct Held {
    /// Whose.
    pub account: AccountId,
    /// Which.
    pub token: TokenId,
    /// Its clock.
    pub clock: Clock,
    /// Its counter.
    pub counter: Counter,
}

/// The tokens among somebody's authenticators.
#[must_use]
pub fn held(account: &Account) -> Vec<Held> {
    let of = |each: &Authenticator| {
        each.token.map(|token| Held { account: account.id, token, clock: each.clock.clone(), counter: each.counter.clone() })
    };
    match &account.second_factor {
        SecondFactor::Active(factors) => factors.authenticators.iter().filter_map(of).collect(),
        SecondFactor::None | SecondFactor::Reset(_) => Vec::new(),
    }
}

/// Whether somebody may keep this stock: import to it, assign from it, retire.
///
/// # Errors
/// Why not.
pub fn may_keep(actor: &Account, community: Option<CommunityId>) -> Result<(), Refusal> {
    let act = community.map_or(Act::KeepWorkspaceTokens, Act::KeepTokens);
    Ok(gate::may(&actor.standing(), act)?)
}

/// Whether somebody may import so.
///
/// # Errors
/// Why not.
pub fn may_import(actor: &Account, origin: Origin, community: Option<CommunityId>) -> Result<(), Refusal> {
    match origin {
        Origin::Hardware => may_keep(actor, community),
        Origin::Brought => Ok(()),
    }
}

/// Whether one person alone may give this person a token now. Giving oneself one is like enrolling an app.
///
/// # Errors
/// Why not.
pub fn may_give(actor: &Account, target: &Account, now: Moment) -> Result<(), Refusal> {
    gate::may(&actor.standing(), Act::AssignToken(target.standing_at(now)))?;
    target.admits()?;
    if actor.id == target.id { Ok(()) } else { effect::may_follow(target, Effect::Token, now) }
}

/// An import.
#[derive(Debug)]
pub struct Importing<'a> {
    /// Where the tokens come from.
    pub origin: Origin,
    /// Whose stock they join.
    pub community: Option<CommunityId>,
    /// The tokens, each free or assigned.
    pub tokens: Vec<Token>,
    /// Those whom some of them are assigned to, but the importer.
    pub holders: Vec<Account>,
    /// The name of the file.
    pub file: &'a str,
}

/// Imports tokens. Seeds that are brought are their importer's at once; they take a code of each, like the others.
#[must_use]
pub fn import(
    policy: &Policy,
    mut actor: Account,
    mut session: Session,
    importing: Importing<'_>,
    proof: &Proof,
    now: Moment,
) -> Decision<()> {
    let Importing { origin, community, tokens, holders, file } = importing;
    if session.stage != Stage::Full {
        return Decision::refuse(Refusal::SessionStage);
    }
    if let Err(refusal) = may_import(&actor, origin, community) {
        return Decision::refuse(refusal);
    }
    let trail = match confirm(policy, &mut actor, &mut session, proof, Asks::FreshFactor, now) {
        Ok(trail) => trail,
        Err((refusal, trail)) => return Decision::refuse(refusal).after(trail),
    };
    let event = Event { communities: community.into_iter().collect(), subject: None, ..Event::own(EventKind::TokensImported, &actor) };
    let event = event.word("count", tokens.len().to_string()).word("file", file);
    let mut decision = Decision::accept(()).event(event);
    for mut holder in holders {
        if let Err(refusal) = may_give(&actor, &holder, now) {
            return Decision::refuse(refusal).account(actor).after(trail);
        }
        for token in tokens.iter().filter(|token| token.state.holder() == Some(holder.id)) {
            decision = decision.event(token.on(Event::on(EventKind::TokenAssigned, actor.id, &holder)));
        }
        effect::mark(&mut holder, Effect::Token, now);
        decision = decision.notice(holder.id, NoticeKind::TokenAssigned).account(holder);
    }
    decision.changes.extend(tokens.into_iter().map(|token| Change::Token(Box::new(token))));
    decision.account(actor).after(trail)
}

/// Takes back all that came with an import, until one of its tokens has been in use.
#[must_use]
pub fn undo_import(actor: &Account, tokens: &[Token]) -> Decision<()> {
    let Some(first) = tokens.first() else { return Decision::refuse(Refusal::NotAllowed) };
    let may = match first.origin {
        Origin::Hardware => may_keep(actor, first.community),
        Origin::Brought if first.imported_by == actor.id => Ok(()),
        Origin::Brought => Err(Refusal::NotAllowed),
    };
    if let Err(refusal) = may {
        return Decision::refuse(refusal);
    }
    if tokens.iter().any(|token| token.used) {
        return Decision::refuse(Refusal::TokenInUse);
    }
    let event =
        Event { communities: first.community.into_iter().collect(), subject: None, ..Event::own(EventKind::TokenImportUndone, actor) };
    let mut decision = Decision::accept(()).event(event.word("count", tokens.len().to_string()));
    decision.changes.extend(tokens.iter().map(|token| Change::RemoveToken(token.id)));
    decision
}

/// Gives a free token to somebody. It opens nothing until they have proved a code.
#[must_use]
pub fn assign(
    policy: &Policy,
    mut actor: Account,
    mut session: Session,
    mut token: Token,
    target: Option<Account>,
    proof: &Proof,
    now: Moment,
) -> Decision<()> {
    let may = may_keep(&actor, token.community).and_then(|()| may_give(&actor, target.as_ref().unwrap_or(&actor), now));
    if let Err(refusal) = may.and_then(|()| may_take(&actor, &token)) {
        return Decision::refuse(refusal);
    }
    let trail = match confirm(policy, &mut actor, &mut session, proof, Asks::FreshFactor, now) {
        Ok(trail) => trail,
        Err((refusal, trail)) => return Decision::refuse(refusal).after(trail),
    };
    let Some(mut target) = target else {
        token.stand(TokenState::Assigned { to: actor.id, wrong: 0 }, now);
        let event = token.on(Event::own(EventKind::TokenAssigned, &actor));
        return Decision::accept(()).event(event).change(Change::Token(Box::new(token))).account(actor).after(trail);
    };
    give(actor.id, token, &mut target, now).account(target).account(actor).after(trail)
}

/// Whether this token is one that somebody could be given out of the stock by whoever acts.
///
/// # Errors
/// Why not.
pub fn may_take(actor: &Account, token: &Token) -> Result<(), Refusal> {
    may_keep(actor, token.community)?;
    if token.state == TokenState::Free && token.origin == Origin::Hardware { Ok(()) } else { Err(Refusal::TokenNotFree) }
}

/// It is another's from here on, who has yet to prove it.
pub(crate) fn give(actor: AccountId, mut token: Token, target: &mut Account, now: Moment) -> Decision<()> {
    token.stand(TokenState::Assigned { to: target.id, wrong: 0 }, now);
    effect::mark(target, Effect::Token, now);
    let event = token.on(Event::on(EventKind::TokenAssigned, actor, target));
    Decision::accept(()).event(event).change(Change::Token(Box::new(token))).notice(target.id, NoticeKind::TokenAssigned)
}

/// Takes a token back that its holder has not proved. Its holder may say so too.
#[must_use]
pub fn unassign(actor: &Account, token: Token, holder: &Account, now: Moment) -> Decision<()> {
    let own = token.state.holder() == Some(actor.id);
    if let Err(refusal) = may_keep(actor, token.community).or_else(|refusal| if own { Ok(()) } else { Err(refusal) }) {
        return Decision::refuse(refusal);
    }
    match token.state {
        TokenState::Assigned { to, .. } if to == holder.id => {}
        TokenState::Active { .. } => return Decision::refuse(Refusal::TokenInUse),
        _ => return Decision::refuse(Refusal::TokenGone),
    }
    let event = token.on(Event::on(EventKind::TokenUnassigned, actor.id, holder));
    Decision::accept(()).change(token.put_back(now)).event(event)
}

/// Takes a token out of the stock for good, and forgets its secret. One in use is let go of first: otherwise somebody could
/// take another's last authenticator without the two people that takes.
#[must_use]
pub fn retire(actor: &Account, mut token: Token, holder: Option<&Account>, now: Moment) -> Decision<()> {
    if let Err(refusal) = may_keep(actor, token.community) {
        return Decision::refuse(refusal);
    }
    match token.state {
        TokenState::Free | TokenState::Assigned { .. } => {}
        TokenState::Active { .. } => return Decision::refuse(Refusal::TokenInUse),
        TokenState::Retired => return Decision::accept(()),
    }
    let event = match holder {
        Some(holder) => Event::on(EventKind::TokenRetired, actor.id, holder),
        None => Event { communities: token.community.into_iter().collect(), subject: None, ..Event::own(EventKind::TokenRetired, actor) },
    };
    let event = token.on(event);
    token.forget(now);
    Decision::accept(()).change(Change::Token(Box::new(token))).event(event)
}

#[cfg(test)]
mod tests;
