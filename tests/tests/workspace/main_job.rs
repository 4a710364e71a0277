//! Enrol, save backup codes, get locked out, get back in.

use std::collections::BTreeSet;

use wire::{
    RefusalCode,
    account::{
        BeginEnrolment, ChangePassword, DisableSecondFactor, NoteCodesSaved, ReadProfile, RenewBackupCodes, SavedAs, VerifyEnrolment,
    },
    people::{AccountState, ListPeople, RoleName},
    proof::Proof,
    sign_in::{GiveCode, Lock, Next, Reach, SignIn, SignOut, Unlock, WhoAmI},
};

use crate::played::{PASSWORD, Played, phone, secret};

#[tokio::test(flavor = "multi_thread")]
async fn a_member_enrols_loses_the_phone_and_gets_back_in() {
    let (played, owner) = Played::begin().await;
    let (id, member) = played.join(&owner, "mia@example.org", RoleName::Member).await;
    assert_eq!(member.codes.iter().collect::<BTreeSet<_>>().len(), 10);

    assert!(played.sign_in_with_phone(&member).await.is_ok());
    assert!(played.sign_in(&member.email, &member.codes[0]).await.is_ok());
    let used = played.sign_in(&member.email, &member.codes[0]).await.expect_err("once only");
    assert_eq!(used.code, RefusalCode::CodeUsed);

    let code = played.reset(&owner, id).await.expect("reset");
    assert!(!played.is_signed_in(&member.session).await, "every session is gone");
    let (next, session) = played.first_door(&member.email).await.expect("the password still stands");
    assert_eq!(next, Next::RecoveryCode);
    let lost = member.phone.code(played.clock.now());
    for old in [lost.as_str(), &member.codes[1]] {
        let refused = played.call(Some(&session), GiveCode { code: secret(old) }).await.expect_err("no longer a way in");
        assert_eq!(refused.code, RefusalCode::CodeKind);
    }
    played.call(Some(&session), GiveCode { code: secret(&code) }).await.expect("claimed");
    let me = played.call(Some(&session), WhoAmI {}).await.expect("known");
    assert_eq!(me.reach, Reach::EnrolAgain);
    let closed = played.call(Some(&session), ReadProfile {}).await.expect_err("nothing but enrolling");
    assert_eq!(closed.code, RefusalCode::SessionStage);

    let again = played.enrol(&member.email, session).await;
    assert_eq!(again.codes.len(), 10);
    assert!(again.codes.iter().all(|code| !member.codes.contains(code)));
    assert!(played.sign_in_with_phone(&again).await.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recovery_code_never_opens_without_the_password() {
    let (played, owner) = Played::begin().await;
    let (id, member) = played.join(&owner, "mia@example.org", RoleName::Member).await;
    let code = played.reset(&owner, id).await.expect("reset");
    let wrong = SignIn { email: member.email.clone(), password: secret("not the password at all") };
    assert_eq!(played.call(None, wrong).await.expect_err("closed").code, RefusalCode::WrongCredentials);
    let refused = played.call(None, GiveCode { code: secret(&code) }).await.expect_err("no session");
    assert_eq!(refused.code, RefusalCode::SessionEnded);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expired_recovery_code_is_told_and_the_account_stays_closed() {
    let (played, owner) = Played::begin().await;
    let (id, member) = played.join(&owner, "mia@example.org", RoleName::Member).await;
    let code = played.reset(&owner, id).await.expect("reset");
    played.clock.turn(24 * 3600);
    let (_, session) = played.first_door(&member.email).await.expect("the password stands");
    let told = played.call(Some(&session), GiveCode { code: secret(&code) }).await.expect_err("too old");
    assert_eq!(told.code, RefusalCode::RecoveryExpired);
    let begin = BeginEnrolment { name: "Phone".into(), proof: None };
    assert_eq!(played.call(Some(&session), begin).await.expect_err("closed").code, RefusalCode::WrongPassword);
}

#[tokio::test(flavor = "multi_thread")]
async fn new_codes_kill_the_old_and_saving_is_noted() {
    let (played, owner) = Played::begin().await;
    let old = owner.codes[5].clone();
    let stale = played.call(Some(&owner.session), RenewBackupCodes { proof: Proof { password: secret(PASSWORD), code: None } }).await;
    let renewed = stale.expect("the factor given a minute ago still vouches");
    played.call(Some(&owner.session), NoteCodesSaved { how: SavedAs::TextFile }).await.expect("noted");
    let profile = played.call(Some(&owner.session), ReadProfile {}).await.expect("a profile");
    let factor = profile.factor.expect("enrolled");
    assert_eq!((factor.codes_left, factor.codes_saved), (10, true));
    assert_eq!(played.sign_in(&owner.email, &old).await.expect_err("dead").code, RefusalCode::CodeWrong);
    assert!(played.sign_in(&owner.email, renewed.codes[0].expose()).await.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn sensitive_changes_ask_for_a_code_once_five_minutes_have_passed() {
    let (played, owner) = Played::begin().await;
    played.clock.turn(240);
    let bare = || RenewBackupCodes { proof: Proof { password: secret(PASSWORD), code: None } };
    assert_eq!(played.call(Some(&owner.session), bare()).await.expect_err("asks").code, RefusalCode::FactorNeeded);
    let profile = played.call(Some(&owner.session), ReadProfile {}).await.expect("a profile");
    assert!(profile.asks_code);
    let proof = played.proof(&owner);
    assert!(played.call(Some(&owner.session), RenewBackupCodes { proof }).await.is_ok());
    assert!(played.call(Some(&owner.session), bare()).await.is_ok(), "the code just given vouches");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_may_switch_it_off_and_an_owner_may_not() {
    let (played, owner) = Played::begin().await;
    let (_, member) = played.join(&owner, "mia@example.org", RoleName::Member).await;
    let proof = || Proof { password: secret(PASSWORD), code: None };
    let refused = played.call(Some(&owner.session), DisableSecondFactor { proof: proof() }).await.expect_err("policy");
    assert_eq!(refused.code, RefusalCode::DisableForbidden);
    played.call(Some(&member.session), DisableSecondFactor { proof: proof() }).await.expect("switched off");
    assert!(!played.is_signed_in(&member.session).await);
    let (next, session) = played.first_door(&member.email).await.expect("in");
    assert_eq!(next, Next::In);
    assert!(played.call(Some(&session), ReadProfile {}).await.expect("a profile").factor.is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_password_ends_every_session_and_the_old_one_is_dead() {
    let (played, owner) = Played::begin().await;
    let other = played.sign_in_with_phone(&owner).await.expect("a second session");
    let request = |new: &str| ChangePassword { proof: Proof { password: secret(PASSWORD), code: None }, password: secret(new) };
    let long: String = "né à Épernay, 17 vélos ".chars().cycle().take(128).collect();
    let same = played.call(Some(&owner.session), request(PASSWORD)).await.expect_err("unchanged");
    assert_eq!(same.code, RefusalCode::PasswordUnchanged);
    played.call(Some(&owner.session), request(&long)).await.expect("changed");
    for session in [&owner.session, &other] {
        assert!(!played.is_signed_in(session).await);
    }
    assert_eq!(played.first_door(&owner.email).await.expect_err("dead").code, RefusalCode::WrongCredentials);
    let new = SignIn { email: "OLIVE@example.org".into(), password: secret(&long.replace('é', "e\u{301}")) };
    assert!(played.call(None, new).await.is_ok(), "the same password in another normal form, the address in another case");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_locked_session_waits_for_its_owner_and_idleness_locks() {
    let (played, owner) = Played::begin().await;
    played.call(Some(&owner.session), Lock {}).await.expect("locked");
    assert_eq!(played.call(Some(&owner.session), WhoAmI {}).await.expect("known").reach, Reach::Locked);
    assert_eq!(played.call(Some(&owner.session), ReadProfile {}).await.expect_err("locked").code, RefusalCode::SessionStage);
    let wrong =
        played.call(Some(&owner.session), Unlock { proof: Proof { password: secret("something else entirely"), code: None } }).await;
    assert_eq!(wrong.expect_err("wrong").code, RefusalCode::WrongPassword);
    played.call(Some(&owner.session), Unlock { proof: Proof { password: secret(PASSWORD), code: None } }).await.expect("back");

    played.clock.turn(600);
    assert_eq!(played.call(Some(&owner.session), ReadProfile {}).await.expect_err("idle").code, RefusalCode::SessionIdle);
    played.call(Some(&owner.session), Lock {}).await.expect("an idle session can be locked");
    played.clock.turn(11 * 3600 + 3000);
    let over = played.call(Some(&owner.session), Unlock { proof: Proof { password: secret(PASSWORD), code: None } }).await;
    assert_eq!(over.expect_err("twelve hours").code, RefusalCode::SessionEnded);
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_ends_the_session() {
    let (played, owner) = Played::begin().await;
    played.call(Some(&owner.session), SignOut {}).await.expect("out");
    assert_eq!(played.call(Some(&owner.session), WhoAmI {}).await.expect_err("gone").code, RefusalCode::SessionEnded);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_authenticator_signs_in_too_and_keeps_the_codes() {
    let (played, owner) = Played::begin().await;
    let proof = Some(Proof { password: secret(PASSWORD), code: None });
    let offer = played.call(Some(&owner.session), BeginEnrolment { name: "Tablet 🦀".into(), proof }).await.expect("begun");
    let tablet = phone(offer.secret.expose());
    let verify = VerifyEnrolment { code: secret(&tablet.code(played.clock.now())) };
    assert!(played.call(Some(&owner.session), verify).await.expect("verified").codes.is_empty());
    played.clock.turn(60);
    for authenticator in [&owner.phone, &tablet] {
        let code = authenticator.code(played.clock.now());
        assert!(played.sign_in(&owner.email, &code).await.is_ok());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_says_where_everybody_stands() {
    let (played, owner) = Played::begin().await;
    let (reset, _) = played.join(&owner, "reset@example.org", RoleName::Member).await;
    played.join(&owner, "fine@example.org", RoleName::Support).await;
    played.invite(&owner, "new@example.org", RoleName::Member).await;
    played.reset(&owner, reset).await.expect("reset");
    let page = played.call(Some(&owner.session), ListPeople::default()).await.expect("a page");
    let state = |email: &str| page.rows.iter().find(|row| row.person.email == email).map(|row| row.state);
    assert_eq!(page.total, 4);
    assert_eq!(state("reset@example.org"), Some(AccountState::RecoveryPending));
    assert_eq!(state("fine@example.org"), Some(AccountState::Protected));
    assert_eq!(state("new@example.org"), Some(AccountState::Invited));
}
