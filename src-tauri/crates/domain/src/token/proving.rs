//! A token comes into use by a code that its holder proves, and back into step by two codes in a row.

use secrecy::{ExposeSecret, SecretString};

use crate::{
    enrolment::{self, Enrolled},
    factor::CodeVerdict,
    oath::OathSecret,
    secret_hash::HashedSet,
    sign_in::failed,
};

use super::*;

/// What the holder of a token proves.
#[derive(Debug)]
pub struct Proving<'a> {
    /// The token.
    pub token: Token,
    /// Its secret, out of its seal.
    pub secret: &'a OathSecret,
    /// The same, sealed for the authenticator that it becomes.
    pub sealed: (AuthenticatorId, Sealed),
    /// A code.
    pub code: &'a SecretString,
    /// The code after that.
    pub following: Option<&'a SecretString>,
}

impl Proving<'_> {
    fn fits(&self, code: &SecretString) -> Result<(), Refusal> {
        fits(&self.token.parameters, code)
    }
}

/// A code of another length is of something else, and costs nothing.
fn fits(parameters: &Parameters, code: &SecretString) -> Result<(), Refusal> {
    let digits = code.expose_secret().len();
    if digits == usize::from(parameters.digits.count()) { Ok(()) } else { Err(Refusal::CodeDigits(digits)) }
}

/// Whether a token waits for this person's first code.
///
/// # Errors
/// [`Refusal::TokenGone`]
pub fn waits_for(token: &Token, account: &Account) -> Result<(), Refusal> {
    match token.state {
        TokenState::Assigned { to, .. } if to == account.id => Ok(()),
        _ => Err(Refusal::TokenGone),
    }
}

/// Proves a code of a token that was assigned to whoever acts: from then on it is one of their authenticators. On the way in,
/// where they must set one up, it takes the place of an app. `backup` is a fresh set of ten, for the first.
///
/// One code does where the token is in step; two in a row where it is not, or where a restored backup forgot its counter.
#[must_use]
pub fn prove(
    policy: &Policy,
    mut account: Account,
    mut session: Session,
    proving: Proving<'_>,
    proof: Option<&Proof>,
    backup: HashedSet,
    now: Moment,
) -> Decision<Enrolled> {
    let formed = waits_for(&proving.token, &account)
        .and_then(|()| proving.fits(proving.code))
        .and_then(|()| proving.following.map_or(Ok(()), |following| proving.fits(following)));
    if let Err(refusal) = formed {
        return Decision::refuse(refusal);
    }
    let trail = match enrolment::may_enrol(policy, &mut account, &mut session, proof, now) {
        Ok(trail) => trail,
        Err((refusal, trail)) => return Decision::refuse(refusal).after(trail),
    };
    let Proving { mut token, secret, sealed: (id, sealed), code, following } = proving;
    if following.is_none() && token.parameters.moving == Moving::Counter && token.counter.is_lost() {
        return Decision::refuse(Refusal::TokenOutOfStep).account(account).after(trail);
    }
    let mut authenticator = Authenticator {
        id,
        name: free_name(&account, &token),
        sealed,
        added_at: now,
        used_at: Some(now),
        clock: token.clock.clone(),
        parameters: token.parameters,
        counter: token.counter.clone(),
        token: Some(token.id),
    };
    let right = match following {
        Some(following) => authenticator.resync(secret, [code, following], now),
        None => authenticator.judge(secret, code, policy.totp_window, now) == CodeVerdict::Accepted,
    };
    if !right {
        let wrong = match token.state {
            TokenState::Assigned { wrong, .. } => wrong.saturating_add(1),
            _ => WRONG_CODES,
        };
        if wrong >= WRONG_CODES {
            return Decision::refuse(Refusal::TokenGone).change(token.put_back(now)).account(account).after(trail);
        }
        (token.clock, token.counter) = (authenticator.clock, authenticator.counter);
        token.state = TokenState::Assigned { to: account.id, wrong };
        return Decision::refuse(Refusal::TokenCodeWrong).change(Change::Token(Box::new(token))).account(account).after(trail);
    }
    token.stand(TokenState::Active { account: account.id, authenticator: id }, now);
    token.used = true;
    if token.origin == Origin::Hardware {
        effect::mark(&mut account, Effect::Token, now);
    }
    let event = token.on(Event::own(EventKind::TokenActivated, &account));
    let mut decision = enrolment::add(policy, account, session, authenticator, backup, now).change(Change::Token(Box::new(token)));
    decision.events.insert(0, event);
    decision.after(trail)
}

/// What nothing else of theirs is called.
fn free_name(account: &Account, token: &Token) -> Name {
    let called = token.called().unwrap_or_else(|| "Token".into());
    let called: String = called.chars().take(200).collect();
    let taken = |name: &Name| matches!(&account.second_factor, SecondFactor::Active(factors) if factors.has_name(name, None));
    let numbered = (2u32..).map(|n| format!("{called} {n}"));
    std::iter::once(called.clone())
        .chain(numbered)
        .filter_map(|text| Name::read(&text).ok())
        .find(|name| !taken(name))
        .expect("numbers never end")
}

/// Brings a token back into step by two codes in a row (RFC 4226 §7.4): its holder, or staff to whom they are read out. Both
/// codes are spent and open nothing. Two that do not fit count as a failure of the holder's.
#[must_use]
pub fn resync(
    policy: &Policy,
    actor: &Account,
    session: &Session,
    mut target: Account,
    (id, secret): (AuthenticatorId, &OathSecret),
    codes: [&SecretString; 2],
    now: Moment,
) -> Decision<()> {
    if session.stage != Stage::Full {
        return Decision::refuse(Refusal::SessionStage);
    }
    if actor.id != target.id
        && let Err(denied) = gate::may(&actor.standing(), Act::ResyncToken(target.standing()))
    {
        return Decision::refuse(denied);
    }
    let SecondFactor::Active(factors) = &mut target.second_factor else { return Decision::refuse(Refusal::NoFactor) };
    if let Err(closed) = factors.failures.open(&policy.limits, now) {
        return Decision::refuse(closed);
    }
    let Some(authenticator) = factors.authenticators.iter_mut().find(|each| each.id == id && each.token.is_some()) else {
        return Decision::refuse(Refusal::AuthenticatorGone);
    };
    if let Err(refusal) = codes.iter().try_for_each(|code| fits(&authenticator.parameters, code)) {
        return Decision::refuse(refusal);
    }
    if !authenticator.resync(secret, codes, now) {
        let closed = factors.failures.fail(&policy.limits, now);
        return failed(target, Refusal::TokenCodeWrong, closed);
    }
    let name = authenticator.name.as_str().to_owned();
    let event = Event::on(EventKind::TokenResynchronised, actor.id, &target).word("token", name);
    Decision::accept(()).event(event).account(target)
}
