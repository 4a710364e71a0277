//! Who is kept out, why, and how they come back: waits, deactivation, the last owner.

use wire::{
    RefusalCode,
    people::{AccountState, Invite, RoleName},
    person::{
        ChangeOwner, DeactivatePerson, MarkElsewhere, PersonAction, PersonView, ReactivatePerson, ReadPerson, SignOutPerson, UnlockPerson,
        UnmarkElsewhere, WhyCode,
    },
    sign_in::{AcceptInvitation, GiveCode, SignIn},
};

use crate::played::{PASSWORD, Person, Played, secret};

async fn look(played: &Played, by: &Person, account: uuid::Uuid) -> PersonView {
    played.call(Some(&by.session), ReadPerson { account }).await.expect("within reach")
}

/// Five wrong codes within a minute.
async fn lock(played: &Played, person: &Person) -> RefusalCode {
    let (_, session) = played.first_door(&person.email).await.expect("the password is right");
    let mut last = RefusalCode::Unexpected;
    for n in 0..5 {
        let code = secret(&format!("00000{n}"));
        last = played.call(Some(&session), GiveCode { code }).await.expect_err("wrong").code;
    }
    last
}

#[tokio::test(flavor = "multi_thread")]
async fn support_unlocks_a_member_who_is_told_to_ask() {
    let (played, owner) = Played::begin().await;
    let (desk, support) = played.join(&owner, "desk@example.org", RoleName::Support).await;
    let (colleague, other) = played.join(&owner, "desk2@example.org", RoleName::Support).await;
    let (mia, member) = played.join(&owner, "mia@example.org", RoleName::Member).await;
    assert_eq!(look(&played, &support, mia).await.why.code, WhyCode::Nothing);
    let nothing = played.call(Some(&support.session), UnlockPerson { account: mia }).await.expect_err("nothing to do");
    assert_eq!(nothing.code, RefusalCode::NothingToUnlock);

    assert_eq!(lock(&played, &member).await, RefusalCode::LockedOut, "the password was right: they are told whom to ask");
    let seen = look(&played, &support, mia).await;
    assert_eq!((seen.why.code, seen.why.at, seen.code_failures), (WhyCode::CodeWait, seen.locked_until, 5));
    assert_eq!(seen.actions[0].action, PersonAction::Unlock, "the one right action comes first");
    let by_member = played.call(Some(&other.session), UnlockPerson { account: desk }).await.expect_err("a colleague");
    assert_eq!(by_member.code, RefusalCode::NotAllowed);
    let oneself = played.call(Some(&other.session), UnlockPerson { account: colleague }).await.expect_err("oneself");
    assert_eq!(oneself.code, RefusalCode::OnSelf);
    assert_eq!(played.sign_in_with_phone(&member).await.expect_err("still waits").code, RefusalCode::LockedOut);

    played.call(Some(&support.session), UnlockPerson { account: mia }).await.expect("unlocked");
    played.sign_in_with_phone(&member).await.expect("comes in at once");
    let seen = look(&played, &support, mia).await;
    assert!(seen.recent.iter().any(|row| row.kind == "person.unlocked"));
    assert_eq!((seen.why.code, seen.code_failures), (WhyCode::Nothing, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wait_after_wrong_passwords_tells_nobody_more_and_staff_end_it() {
    let (played, owner) = Played::begin().await;
    let (mia, member) = played.join(&owner, "mia@example.org", RoleName::Member).await;
    for email in ["mia@example.org", "nobody@example.org"] {
        let mut said = Vec::new();
        for _ in 0..6 {
            let request = SignIn { email: email.into(), password: secret("not the password at all") };
            said.push(played.call(None, request).await.expect_err("wrong").code);
        }
        assert_eq!(said[..4], [RefusalCode::WrongCredentials; 4], "{email}");
        assert_eq!(said[4..], [RefusalCode::Wait; 2], "{email}: known and unknown are told the same");
    }
    assert_eq!(look(&played, &owner, mia).await.why.code, WhyCode::PasswordWait);
    assert_eq!(played.first_door(&member.email).await.expect_err("waits").code, RefusalCode::Wait);
    played.call(Some(&owner.session), UnlockPerson { account: mia }).await.expect("unlocked");
    played.sign_in_with_phone(&member).await.expect("comes in at once");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deactivated_account_is_closed_at_once_and_told_only_to_its_owner() {
    let (played, owner) = Played::begin().await;
    let (mia, member) = played.join(&owner, "mia@example.org", RoleName::Member).await;
    let (_, half_way) = played.first_door("mia@example.org").await.expect("the first door");
    played.call(Some(&owner.session), DeactivatePerson { account: mia }).await.expect("deactivated");
    assert!(!played.is_signed_in(&member.session).await);
    let code = secret(&member.phone.code(played.clock.now()));
    assert_eq!(played.call(Some(&half_way), GiveCode { code }).await.expect_err("over").code, RefusalCode::SessionEnded);
    assert_eq!(played.first_door("mia@example.org").await.expect_err("told").code, RefusalCode::AccountDeactivated);
    let wrong = SignIn { email: "mia@example.org".into(), password: secret("not the password at all") };
    assert_eq!(played.call(None, wrong).await.expect_err("wrong").code, RefusalCode::WrongCredentials);
    let seen = look(&played, &owner, mia).await;
    assert_eq!((seen.state, seen.why.code), (AccountState::Deactivated, WhyCode::Deactivated));
    let offered: Vec<_> = seen.actions.iter().map(|each| each.action).collect();
    assert_eq!(offered, [PersonAction::Reactivate, PersonAction::CorrectName, PersonAction::ChangeEmail, PersonAction::Erase]);

    let proof = played.proof(&owner);
    played.call(Some(&owner.session), ReactivatePerson { account: mia, proof }).await.expect("reactivated");
    played.sign_in_with_phone(&member).await.expect("as before");
    // Opening the account was one way in; a reset would be another.
    assert_eq!(played.reset(&owner, mia).await.expect_err("the second kind").code, RefusalCode::SecondEffectAfterReactivation);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_open_invitation_dies_with_the_account() {
    let (played, owner) = Played::begin().await;
    let (mia, code) = played.invite(&owner, "mia@example.org", RoleName::Member).await;
    assert_eq!(look(&played, &owner, mia).await.why.code, WhyCode::Invited);
    played.call(Some(&owner.session), DeactivatePerson { account: mia }).await.expect("deactivated");
    let accept = AcceptInvitation { email: "mia@example.org".into(), code: secret(&code), password: secret(PASSWORD) };
    assert_eq!(played.call(None, accept).await.expect_err("dead").code, RefusalCode::CodeWrong);
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_who_signs_in_elsewhere_has_no_password_here_until_that_is_taken_back() {
    let (played, owner) = Played::begin().await;
    let (mia, member) = played.join(&owner, "mia@example.org", RoleName::Member).await;
    played.call(Some(&owner.session), MarkElsewhere { account: mia }).await.expect("marked");
    assert!(!played.is_signed_in(&member.session).await);
    assert_eq!(played.first_door("mia@example.org").await.expect_err("told").code, RefusalCode::SignsInElsewhere);
    let unproved = wire::proof::Proof { password: secret("not the password at all"), code: None };
    let refused = played.call(Some(&owner.session), UnmarkElsewhere { account: mia, proof: unproved }).await.expect_err("unproved");
    assert_eq!(refused.code, RefusalCode::WrongPassword);
    let proof = played.proof(&owner);
    played.call(Some(&owner.session), UnmarkElsewhere { account: mia, proof }).await.expect("taken back");
    played.sign_in_with_phone(&member).await.expect("as before");
}

#[tokio::test(flavor = "multi_thread")]
async fn staff_sign_somebody_out_everywhere() {
    let (played, owner) = Played::begin().await;
    let (mia, member) = played.join(&owner, "mia@example.org", RoleName::Member).await;
    let second = played.sign_in_with_phone(&member).await.expect("signed in");
    played.call(Some(&owner.session), SignOutPerson { account: mia }).await.expect("signed out");
    assert!(!played.is_signed_in(&member.session).await && !played.is_signed_in(&second).await);
    played.sign_in_with_phone(&member).await.expect("may come back");
}

async fn second_owner(played: &Played, owner: &Person) -> (uuid::Uuid, Person) {
    let invite = Invite { name: "Otto Owner".into(), email: "otto@example.org".into(), community: None, role: RoleName::Member };
    let issued = played.call(Some(&owner.session), invite).await.expect("invited");
    let accept = AcceptInvitation { email: "otto@example.org".into(), code: secret(issued.code.expose()), password: secret(PASSWORD) };
    let (_, session) = played.call_opening(None, accept).await.expect("accepted");
    (issued.person.id, played.enrol("otto@example.org", session.expect("a session")).await)
}

/// Each removes the other at the same moment: one of them is too late, whichever it is, and an owner is left.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_owners_who_unmake_each_other_at_once_leave_one() {
    let (played, olive) = Played::begin().await;
    let (otto_id, otto) = second_owner(&played, &olive).await;
    let olive_id = played.call(Some(&olive.session), wire::sign_in::WhoAmI {}).await.expect("known").person.id;
    let (first, second) = (played.proof(&olive), played.proof(&otto));
    let (one, other) = tokio::join!(
        played.call(Some(&olive.session), ChangeOwner { account: otto_id, owner: false, proof: first }),
        played.call(Some(&otto.session), ChangeOwner { account: olive_id, owner: false, proof: second }),
    );
    assert_eq!([one.is_ok(), other.is_ok()].iter().filter(|done| **done).count(), 1, "{one:?} {other:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_owners_who_deactivate_each_other_at_once_leave_one() {
    let (played, olive) = Played::begin().await;
    let (otto_id, otto) = second_owner(&played, &olive).await;
    let olive_id = played.call(Some(&olive.session), wire::sign_in::WhoAmI {}).await.expect("known").person.id;
    for _ in 0..3 {
        let (one, other) = tokio::join!(
            played.call(Some(&olive.session), DeactivatePerson { account: otto_id }),
            played.call(Some(&otto.session), MarkElsewhere { account: olive_id }),
        );
        assert!(!(one.is_ok() && other.is_ok()), "both went");
    }
    let left = [&olive, &otto].map(|owner| played.first_door(&owner.email));
    let [olive, otto] = left;
    assert_eq!([olive.await.is_ok(), otto.await.is_ok()].iter().filter(|still| **still).count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_closes_their_own_account() {
    let (played, olive) = Played::begin().await;
    let id = played.call(Some(&olive.session), wire::sign_in::WhoAmI {}).await.expect("known").person.id;
    let session = Some(&olive.session);
    let deactivated = played.call(session, DeactivatePerson { account: id }).await.expect_err("oneself");
    let elsewhere = played.call(session, MarkElsewhere { account: id }).await.expect_err("oneself");
    let unmade = played.call(session, ChangeOwner { account: id, owner: false, proof: played.proof(&olive) }).await.expect_err("oneself");
    assert_eq!([deactivated.code, elsewhere.code, unmade.code], [RefusalCode::OnSelf; 3]);
}
