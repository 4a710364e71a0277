use super::*;
use crate::{gate::Role, invitation, secret_hash::Recipe, session::Stage, testing::*};

fn try_close(actor: &Account, target: &Account, owners: &[Account], how: Closing) -> Decision<()> {
    close(workspace(Policy::default()), actor, target.clone(), owners, how, NOW)
}

fn try_open(actor: &Account, target: &Account, how: Closing, matched: bool) -> Decision<()> {
    open(&Policy::default(), actor.clone(), session(actor, Stage::Full), target.clone(), how, &proof(matched, None), NOW)
}

#[test]
fn closing_ends_every_session_and_every_code_that_leads_in() {
    let owner = person(1, None);
    let mut member = person(2, Some(Role::Member));
    let session = session(&member, Stage::Full);
    member.pending = Some(begun_enrolment(&session, NOW));
    for how in [Closing::Deactivated, Closing::Elsewhere] {
        let decision = try_close(&owner, &member, std::slice::from_ref(&owner), how);
        let closed = written(&decision).expect("written");
        assert!(closed.admits().is_err());
        assert!(closed.pending.is_none());
        assert!(ends_sessions_of(&decision, member.id));
        assert_eq!(try_close(&owner, &closed, std::slice::from_ref(&owner), how).changes.len(), 0, "twice changes nothing");
    }
}

#[test]
fn the_last_owner_is_neither_deactivated_nor_sent_elsewhere() {
    let (owner, other) = (person(1, None), person(2, None));
    let unable = Account { deactivated_at: Some(NOW), ..owner.clone() };
    for how in [Closing::Deactivated, Closing::Elsewhere] {
        assert_eq!(try_close(&owner, &other, &[owner.clone(), other.clone()], how).verdict, Ok(()));
        assert_eq!(try_close(&owner, &other, &[unable.clone(), other.clone()], how).verdict, Err(Refusal::LastOwner));
        assert_eq!(try_close(&owner, &owner, &[owner.clone(), other.clone()], how).verdict, Err(Refusal::OnSelf));
    }
    let locks = try_close(&owner, &other, &[owner.clone(), other.clone()], Closing::Deactivated);
    assert!(locks.changes.iter().any(|change| matches!(change, Change::Workspace(_))), "of two at once one decides again");
}

#[test]
fn opening_again_asks_for_the_password_and_takes_two_for_the_privileged() {
    let owner = person(1, None);
    let member = Account { deactivated_at: Some(NOW), ..person(2, Some(Role::Member)) };
    assert_eq!(try_open(&owner, &member, Closing::Deactivated, false).verdict, Err(Refusal::WrongPassword));
    let opened = try_open(&owner, &member, Closing::Deactivated, true);
    assert!(written(&opened).is_some_and(|account| account.admits().is_ok()));
    let administrator = Account { deactivated_at: Some(NOW), ..person(2, Some(Role::Administrator)) };
    assert_eq!(try_open(&owner, &administrator, Closing::Deactivated, true).verdict, Err(Refusal::TakesTwo));
    // Demoted while deactivated, to be opened alone: it still takes two.
    let demoted = Account { privileged_until: Some(NOW), ..member };
    assert_eq!(try_open(&owner, &demoted, Closing::Deactivated, true).verdict, Err(Refusal::TakesTwo));
}

#[test]
fn opening_and_then_resetting_is_two_ways_in_and_takes_two() {
    let owner = person(1, None);
    let member = Account { deactivated_at: Some(NOW), ..enrolled(person(2, Some(Role::Member))).account };
    let opened = try_open(&owner, &member, Closing::Deactivated, true);
    let account = opened.changes.iter().find_map(|change| match change {
        Change::Account(account) if account.id == member.id => Some(account),
        _ => None,
    });
    let refused = crate::recovery::may_reset(&owner, account.expect("written"), NOW);
    assert!(matches!(refused, Err(Refusal::SecondEffect(_))), "{refused:?}");
}

/// Only the right password learns that an account is closed, and no code that was issued before leads in.
#[test]
fn a_closed_account_is_told_to_nobody_but_its_owner() {
    let policy = Policy::default();
    for (account, expected) in [
        (Account { deactivated_at: Some(NOW), ..person(2, Some(Role::Member)) }, Refusal::AccountDeactivated),
        (Account { elsewhere: true, ..person(2, Some(Role::Member)) }, Refusal::SignsInElsewhere),
    ] {
        let attempt = |matched| crate::sign_in::with_password(&policy, Some(account.clone()), password_try(matched), session_id(1), NOW);
        assert_eq!(attempt(false).verdict, Err(Refusal::WrongCredentials));
        let right = attempt(true);
        assert_eq!(right.verdict, Err(expected.clone()));
        assert!(written_session(&right).is_none(), "no session begins");

        let entropy = &mut Counting(4);
        let hash = Recipe::random(CHEAP, entropy).hash(&"code".into());
        let mut invited = Account { password: None, ..account };
        invited.invitation = Some(crate::account::Invitation::new(hash, NOW));
        let password = crate::account::Password { hash, stands_alone: true };
        let acceptance = invitation::Acceptance { code: hash, password, session: session_id(2) };
        assert_eq!(invitation::accept(&policy, Some(invited), acceptance, NOW).verdict, Err(expected));
    }
}

#[test]
fn signing_out_is_for_administrators_and_never_for_oneself() {
    let (owner, support, member) = (person(1, None), person(3, Some(Role::Support)), person(2, Some(Role::Member)));
    assert!(ends_sessions_of(&sign_out(&owner, &member), member.id));
    assert_eq!(sign_out(&support, &member).verdict, Err(Refusal::NotAllowed));
    assert_eq!(sign_out(&owner, &owner).verdict, Err(Refusal::OnSelf));
}
