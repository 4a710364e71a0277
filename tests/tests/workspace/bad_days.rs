//! Races, guesses, kills and clocks.

use std::sync::Arc;

use wire::{
    RefusalCode,
    account::{BeginEnrolment, ReadProfile, VerifyEnrolment},
    people::{ResetSecondFactor, RoleName},
    proof::Proof,
    sign_in::{GiveCode, Next, SignIn, WhoAmI},
};

use crate::played::{PASSWORD, Played, phone, secret, support};

#[tokio::test(flavor = "multi_thread")]
async fn one_backup_code_used_twice_at_once_opens_once() {
    let (played, owner) = Played::begin().await;
    let played = Arc::new(played);
    let mut doors = Vec::new();
    for _ in 0..4 {
        doors.push(played.first_door(&owner.email).await.expect("the first door").1);
    }
    let tries: Vec<_> = doors
        .into_iter()
        .map(|session| {
            let (played, code) = (Arc::clone(&played), secret(&owner.codes[0]));
            tokio::spawn(async move { played.call(Some(&session), GiveCode { code }).await.map_err(|refusal| refusal.code) })
        })
        .collect();
    let mut opened = 0;
    for answer in tries {
        match answer.await.expect("an answer") {
            Ok(step) => opened += i32::from(step.next == Next::In),
            Err(code) => assert!(matches!(code, RefusalCode::CodeUsed | RefusalCode::LockedOut), "{code:?}"),
        }
    }
    assert_eq!(opened, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_resets_at_once_leave_exactly_one_good_code() {
    let (played, owner) = Played::begin().await;
    let (_, other) = played.join(&owner, "admin@example.org", RoleName::Administrator).await;
    let (id, member) = played.join(&owner, "mia@example.org", RoleName::Member).await;
    let proofs = (played.proof(&owner), played.proof(&other));
    let (a, b) = tokio::join!(
        played.call(Some(&owner.session), ResetSecondFactor { account: id, support: support(), proof: proofs.0 }),
        played.call(Some(&other.session), ResetSecondFactor { account: id, support: support(), proof: proofs.1 }),
    );
    let mut good = 0;
    for issued in [a, b].into_iter().flatten() {
        let (_, session) = played.first_door(&member.email).await.expect("the first door");
        let claim = played.call(Some(&session), GiveCode { code: secret(issued.code.expose()) }).await;
        good += i32::from(claim.is_ok());
    }
    assert_eq!(good, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replayed_code_is_told_as_used() {
    let (played, owner) = Played::begin().await;
    let code = owner.phone.code(played.clock.now());
    assert!(played.sign_in(&owner.email, &code).await.is_ok());
    assert_eq!(played.sign_in(&owner.email, &code).await.expect_err("replayed").code, RefusalCode::CodeUsed);
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_wrong_codes_wait_and_a_stranger_cannot_tell_unknown_from_known() {
    let (played, owner) = Played::begin().await;
    let (_, session) = played.first_door(&owner.email).await.expect("the first door");
    let mut answers = Vec::new();
    for n in 0..10 {
        let code = secret(&format!("{n:06}"));
        answers.push(played.call(Some(&session), GiveCode { code }).await.expect_err("wrong").code);
    }
    assert_eq!(answers[..4], [RefusalCode::CodeWrong; 4]);
    assert!(answers[4..].iter().all(|code| *code == RefusalCode::LockedOut), "{answers:?}");

    let strangers = |email: &'static str| {
        let played = &played;
        async move {
            let mut answers = Vec::new();
            for _ in 0..6 {
                let request = SignIn { email: email.into(), password: secret("a guess at a password") };
                let refusal = played.call(None, request).await.expect_err("closed");
                answers.push((refusal.code, refusal.at));
            }
            answers
        }
    };
    let (known, unknown) = (strangers("olive@example.org").await, strangers("nobody@example.org").await);
    assert_eq!(known, unknown);
    assert_eq!(known[4].0, RefusalCode::Wait);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_an_hour_back_opens_nothing_twice_and_shuts_nobody_out_for_good() {
    let (played, owner) = Played::begin().await;
    let code = owner.phone.code(played.clock.now());
    assert!(played.sign_in(&owner.email, &code).await.is_ok());
    played.clock.turn(-3600);
    assert_eq!(played.sign_in(&owner.email, &code).await.expect_err("replayed").code, RefusalCode::CodeWrong);
    assert!(played.sign_in(&owner.email, &owner.codes[2]).await.is_ok(), "a backup code still opens");
    played.clock.turn(3600 + 90);
    assert!(played.sign_in_with_phone(&owner).await.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_between_verify_and_the_codes_the_member_is_enrolled_and_the_codes_are_unsaved() {
    let (played, owner) = Played::begin().await;
    let played = played.reopen().await;
    let session = played.sign_in_with_phone(&owner).await.expect("enrolled");
    let factor = played.call(Some(&session), ReadProfile {}).await.expect("a profile").factor.expect("enrolled");
    assert!(!factor.codes_saved, "the window offers new codes");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_enrolment_does_not_outlive_ten_minutes_nor_a_reset() {
    let (played, owner) = Played::begin().await;
    let (id, member) = played.join(&owner, "mia@example.org", RoleName::Member).await;
    let begin = || BeginEnrolment { name: "Tablet".into(), proof: Some(Proof { password: secret(PASSWORD), code: None }) };
    let offer = played.call(Some(&member.session), begin()).await.expect("begun");
    let tablet = phone(offer.secret.expose());
    played.clock.turn(300);
    played.call(Some(&member.session), wire::sign_in::Touch {}).await.expect("alive");
    played.clock.turn(300);
    let late = VerifyEnrolment { code: secret(&tablet.code(played.clock.now())) };
    assert_eq!(played.call(Some(&member.session), late).await.expect_err("gone").code, RefusalCode::EnrolmentGone);

    let proof = played.proof(&member);
    played.call(Some(&member.session), BeginEnrolment { name: "Tablet".into(), proof: Some(proof) }).await.expect("begun");
    let session = played.sign_in_with_phone(&owner).await.expect("the owner was idle");
    let owner = crate::played::Person { session, ..owner };
    played.reset(&owner, id).await.expect("reset");
    let verify = VerifyEnrolment { code: secret("123456") };
    assert_eq!(played.call(Some(&member.session), verify).await.expect_err("ended").code, RefusalCode::SessionEnded);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_made_up_token_is_nobody() {
    let (played, _) = Played::begin().await;
    let token = wire::SessionToken::from(vec![7; 32]);
    assert_eq!(played.call(Some(&token), WhoAmI {}).await.expect_err("nobody").code, RefusalCode::SessionEnded);
}
