//! Forgotten passwords: what a code from staff does, for whom, and what it never becomes.

use uuid::Uuid;
use wire::{
    Refusal, RefusalCode, SessionToken,
    account::{DisableSecondFactor, ReadProfile},
    journal::ReadJournal,
    people::{IssuePasswordCode, ListPeople, ResetSecondFactor, RoleName},
    proof::Proof,
    sign_in::{GiveCode, Next, RedeemPasswordCode, SignIn, Touch, WhoAmI},
};

use crate::played::{PASSWORD, Person, Played, secret, support};

const NEW_PASSWORD: &str = "another one, long enough alone";
const DAY: i64 = 24 * 3600;

fn redeem(email: &str, code: &str) -> RedeemPasswordCode {
    RedeemPasswordCode { email: email.into(), code: secret(code), password: secret(NEW_PASSWORD) }
}

impl Played {
    async fn password_code(&self, by: &Person, account: Uuid) -> Result<String, Refusal> {
        let proof = self.proof(by);
        let issued = self.call(Some(&by.session), IssuePasswordCode { account, support: support(), proof }).await?;
        Ok(issued.code.expose().to_owned())
    }

    async fn redeem(&self, email: &str, code: &str) -> Result<(Next, SessionToken), Refusal> {
        let (step, session) = self.call_opening(None, redeem(email, code)).await?;
        Ok((step.next, session.expect("a session")))
    }

    /// The same person, signed in anew.
    async fn returned(&self, person: Person) -> Person {
        let session = self.sign_in_with_phone(&person).await.expect("in again");
        Person { session, ..person }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_code_changes_the_password_and_the_second_factor_is_still_asked() {
    let (played, owner) = Played::begin().await;
    let (id, mia) = played.join(&owner, "mia@example.org", RoleName::Member).await;
    let code = played.password_code(&owner, id).await.expect("issued");
    assert!(code.starts_with('P'));
    assert!(played.is_signed_in(&mia.session).await, "until it is used nothing has changed");
    assert!(played.first_door(&mia.email).await.is_ok());

    let (next, session) = played.redeem("MIA@example.org", &code.to_lowercase()).await.expect("changed");
    assert_eq!(next, Next::Code);
    assert!(!played.is_signed_in(&mia.session).await, "every session ended");
    assert_eq!(played.call(Some(&session), ReadProfile {}).await.expect_err("closed").code, RefusalCode::SessionStage);
    let same_code = played.call(Some(&session), GiveCode { code: secret(&code) }).await.expect_err("no second factor");
    assert_eq!(same_code.code, RefusalCode::CodeKind);
    assert_eq!(played.first_door(&mia.email).await.expect_err("the old password").code, RefusalCode::WrongCredentials);
    played.call(Some(&session), GiveCode { code: secret(&mia.phone.code(played.clock.now())) }).await.expect("in");
    let profile = played.call(Some(&session), ReadProfile {}).await.expect("a profile");
    assert_eq!(profile.factor.expect("as it was").codes_left, 10);

    assert_eq!(played.redeem(&mia.email, &code).await.expect_err("once").code, RefusalCode::PasswordCodeWrong);
    let sign_in = SignIn { email: mia.email.clone(), password: secret(NEW_PASSWORD) };
    assert_eq!(played.call(None, sign_in).await.expect("the new password").next, Next::Code);
    let journal = played.call(Some(&owner.session), ReadJournal { person: Some(id), before: None }).await.expect("a page");
    for kind in ["password.code-issued", "password.reset"] {
        assert!(journal.rows.iter().any(|row| row.kind == kind), "{kind}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_second_factor_it_reaches_as_far_as_the_password() {
    let (played, owner) = Played::begin().await;
    let (id, mia) = played.join(&owner, "mia@example.org", RoleName::Member).await;
    let proof = played.proof(&mia);
    played.call(Some(&mia.session), DisableSecondFactor { proof }).await.expect("off");
    let code = played.password_code(&owner, id).await.expect("issued");
    let short = RedeemPasswordCode { password: secret("short one"), ..redeem(&mia.email, &code) };
    assert_eq!(played.call(None, short).await.expect("changed").next, Next::Enrol, "a short password cannot stand alone");
    let code = played.password_code(&owner, id).await.expect("issued");
    assert_eq!(played.redeem(&mia.email, &code).await.expect("changed").0, Next::In);
}

#[tokio::test(flavor = "multi_thread")]
async fn password_codes_follow_the_roles() {
    let (played, owner) = Played::begin().await;
    let (admin, administrator) = played.join(&owner, "admin@example.org", RoleName::Administrator).await;
    let (desk, support) = played.join(&owner, "desk@example.org", RoleName::Support).await;
    let (colleague, _) = played.join(&owner, "desk2@example.org", RoleName::Support).await;
    let (member, mia) = played.join(&owner, "mia@example.org", RoleName::Member).await;
    let (invited, _) = played.invite(&owner, "new@example.org", RoleName::Member).await;
    let own = played.call(Some(&owner.session), WhoAmI {}).await.expect("known").person.id;
    let table = [
        (&owner, own, Some(RefusalCode::OnSelf)),
        (&owner, admin, Some(RefusalCode::TakesTwo)),
        (&owner, invited, Some(RefusalCode::NeverSignedIn)),
        (&administrator, admin, Some(RefusalCode::OnSelf)),
        (&administrator, own, Some(RefusalCode::NotAllowed)),
        (&support, colleague, Some(RefusalCode::NotAllowed)),
        (&support, desk, Some(RefusalCode::OnSelf)),
        (&support, admin, Some(RefusalCode::NotAllowed)),
        (&mia, colleague, Some(RefusalCode::NotAllowed)),
        (&mia, Uuid::nil(), Some(RefusalCode::NotAllowed)),
        (&support, member, None),
        (&administrator, member, None),
        (&administrator, colleague, None),
    ];
    for (actor, target, refused) in table {
        for awake in [&owner, &administrator, &support, &mia] {
            played.call(Some(&awake.session), Touch {}).await.expect("not idle");
        }
        let outcome = played.password_code(actor, target).await;
        assert_eq!(outcome.err().map(|refusal| refusal.code), refused, "{} on {target}", actor.email);
    }
    let page = played.call(Some(&owner.session), ListPeople { search: "new@".into(), ..ListPeople::default() }).await.expect("a page");
    assert_eq!(page.rows[0].password_code_refused.as_ref().map(|refusal| refusal.code), Some(RefusalCode::NeverSignedIn));
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_proof_nobody_is_given_a_code() {
    let (played, owner) = Played::begin().await;
    let (id, mia) = played.join(&owner, "mia@example.org", RoleName::Member).await;
    let first = played.password_code(&owner, id).await.expect("issued");
    let session = Some(&owner.session);
    for (password, code, refused) in [
        ("not the password at all", None, RefusalCode::WrongPassword),
        (PASSWORD, None, RefusalCode::FactorNeeded),
        (PASSWORD, Some("000000"), RefusalCode::CodeWrong),
    ] {
        let request =
            IssuePasswordCode { account: id, support: support(), proof: Proof { password: secret(password), code: code.map(secret) } };
        assert_eq!(played.call(session, request).await.map(|_| ()).expect_err("refused").code, refused);
    }
    assert!(played.redeem(&mia.email, &first).await.is_ok(), "the first was not replaced");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_wrong_kind_an_old_one_and_one_for_somebody_else_change_nothing() {
    let (played, owner) = Played::begin().await;
    let (id, mia) = played.join(&owner, "mia@example.org", RoleName::Member).await;
    let (other, tom) = played.join(&owner, "tom@example.org", RoleName::Member).await;
    let (_, invitation) = played.invite(&owner, "new@example.org", RoleName::Member).await;
    let recovery = played.reset(&owner, other).await.expect("reset");
    for kind in [invitation.as_str(), &recovery, &mia.codes[0], "123456"] {
        assert_eq!(played.redeem(&mia.email, kind).await.expect_err("another kind").code, RefusalCode::CodeKind);
    }
    let first = played.password_code(&owner, id).await.expect("issued");
    let second = played.password_code(&owner, id).await.expect("issued");
    for (email, code) in [(&mia.email, &first), (&tom.email, &second), (&owner.email, &second)] {
        assert_eq!(played.redeem(email, code).await.expect_err("dead, or of another").code, RefusalCode::PasswordCodeWrong);
    }
    let weak = RedeemPasswordCode { password: secret("password1"), ..redeem(&mia.email, &second) };
    assert_eq!(played.call(None, weak).await.expect_err("common").code, RefusalCode::PasswordCommon);
    played.clock.turn(DAY);
    assert_eq!(played.redeem(&mia.email, &second).await.expect_err("a day").code, RefusalCode::PasswordCodeExpired);
    assert!(played.first_door(&mia.email).await.is_ok(), "the old password stands");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_cannot_tell_who_was_given_a_code_nor_who_exists() {
    let (played, owner) = Played::begin().await;
    let (id, mia) = played.join(&owner, "mia@example.org", RoleName::Member).await;
    let code = played.password_code(&owner, id).await.expect("issued");
    let guess = "P932H-Y3N3S-T148G-R52H6-A3WEB";
    let mut answers = Vec::new();
    for email in [mia.email.as_str(), &owner.email, "nobody@example.org"] {
        let mut said = Vec::new();
        for _ in 0..6 {
            let refusal = played.redeem(email, guess).await.expect_err("a guess");
            said.push((refusal.code, refusal.at));
        }
        answers.push(said);
    }
    assert!(answers.iter().all(|said| *said == answers[0]), "{answers:?}");
    assert_eq!(answers[0][3].0, RefusalCode::PasswordCodeWrong);
    assert_eq!(answers[0][4].0, RefusalCode::Wait);
    assert_eq!(played.redeem(&mia.email, &code).await.expect_err("waits").code, RefusalCode::Wait);
    played.clock.turn(1801);
    assert!(played.redeem(&mia.email, &code).await.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reset_and_a_password_code_are_never_one_persons_work() {
    let (played, owner) = Played::begin().await;
    let (_, administrator) = played.join(&owner, "admin@example.org", RoleName::Administrator).await;
    let (a, mia) = played.join(&owner, "mia@example.org", RoleName::Member).await;
    let (b, _) = played.join(&owner, "tom@example.org", RoleName::Member).await;

    let code = played.password_code(&owner, a).await.expect("issued");
    let issued_at = played.clock.now().0;
    let refusal = played.reset(&administrator, a).await.expect_err("whoever asks");
    assert_eq!((refusal.code, refusal.at), (RefusalCode::SecondEffectAfterPasswordCode, Some(issued_at)));
    played.reset(&owner, b).await.expect("reset");
    assert_eq!(played.password_code(&administrator, b).await.expect_err("both lost").code, RefusalCode::DoubleLoss);
    let page = played.call(Some(&owner.session), ListPeople { search: "mia@".into(), ..ListPeople::default() }).await.expect("a page");
    assert_eq!(page.rows[0].reset_refused.as_ref().map(|refusal| refusal.at), Some(Some(issued_at)), "the menu says so before");

    // Used a day later, it counts from then.
    played.clock.turn(DAY - 120);
    played.redeem(&mia.email, &code).await.expect("used");
    played.clock.turn(2 * DAY + 600);
    let owner = played.returned(owner).await;
    assert_eq!(played.reset(&owner, a).await.expect_err("not yet").code, RefusalCode::SecondEffectAfterPasswordCode);
    played.clock.turn(DAY);
    let owner = played.returned(owner).await;
    assert!(played.reset(&owner, a).await.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_typed_in_two_windows_at_once_opens_one() {
    let (played, owner) = Played::begin().await;
    let (id, mia) = played.join(&owner, "mia@example.org", RoleName::Member).await;
    let code = played.password_code(&owner, id).await.expect("issued");
    let (a, b) = tokio::join!(played.redeem(&mia.email, &code), played.redeem(&mia.email, &code));
    assert_eq!([a, b].iter().filter(|outcome| outcome.is_ok()).count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_of_the_staff_at_once_do_not_make_a_take_over() {
    let (played, owner) = Played::begin().await;
    let (_, administrator) = played.join(&owner, "admin@example.org", RoleName::Administrator).await;
    let (account, _) = played.join(&owner, "mia@example.org", RoleName::Member).await;
    let proofs = (played.proof(&owner), played.proof(&administrator));
    let (reset, code) = tokio::join!(
        played.call(Some(&owner.session), ResetSecondFactor { account, support: support(), proof: proofs.0 }),
        played.call(Some(&administrator.session), IssuePasswordCode { account, support: support(), proof: proofs.1 }),
    );
    assert_eq!(i32::from(reset.is_ok()) + i32::from(code.is_ok()), 1);
}
