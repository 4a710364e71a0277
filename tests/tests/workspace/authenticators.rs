//! Several authenticators: named, preferred, removed; and phones whose clock is off.

use domain::time::Moment;
use wire::{
    RefusalCode, SessionToken,
    account::{
        AuthenticatorView, BeginEnrolment, PreferAuthenticator, ReadProfile, RemoveAuthenticator, RenameAuthenticator, RenewBackupCodes,
        VerifyEnrolment,
    },
    journal::ReadMyActivity,
    people::RoleName,
    proof::Proof,
    sign_in::{GiveCode, WhoAmI},
};

use crate::played::{PASSWORD, Person, Phone, Played, phone, secret};

fn bare() -> Proof {
    Proof { password: secret(PASSWORD), code: None }
}

impl Played {
    async fn add(&self, session: &SessionToken, name: &str) -> Result<Phone, wire::Refusal> {
        let offer = self.call(Some(session), BeginEnrolment { name: name.into(), proof: Some(bare()) }).await?;
        let added = phone(offer.secret.expose());
        self.call(Some(session), VerifyEnrolment { code: secret(&added.code(self.clock.now())) }).await?;
        self.clock.turn(30);
        Ok(added)
    }

    async fn authenticators(&self, session: &SessionToken) -> Vec<AuthenticatorView> {
        self.call(Some(session), ReadProfile {}).await.expect("a profile").factor.expect("enrolled").authenticators
    }

    /// What the second door asks for.
    async fn asked(&self, person: &Person) -> Option<String> {
        let (_, session) = self.first_door(&person.email).await.expect("the first door");
        self.call(Some(&session), WhoAmI {}).await.expect("known").asks
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_preferred_authenticator_is_asked_first_and_any_other_still_opens() {
    let (played, owner) = Played::begin().await;
    assert_eq!(played.asked(&owner).await, None, "there is but one");
    let tablet = played.add(&owner.session, "Tablet 🦀").await.expect("added");
    assert_eq!(played.asked(&owner).await.as_deref(), Some("Phone"), "it stays when another is added");

    let id = played.authenticators(&owner.session).await.iter().find(|each| each.name == "Tablet 🦀").expect("listed").id;
    played.call(Some(&owner.session), PreferAuthenticator { id }).await.expect("preferred");
    played.call(Some(&owner.session), RenewBackupCodes { proof: bare() }).await.expect("renewed");
    played.add(&owner.session, "Third").await.expect("added");
    assert_eq!(played.asked(&owner).await.as_deref(), Some("Tablet 🦀"), "nor when codes are renewed");
    for each in [&owner.phone, &tablet] {
        assert!(played.sign_in(&owner.email, &each.code(played.clock.now())).await.is_ok());
    }

    played.call(Some(&owner.session), RenameAuthenticator { id, name: "  The   safe ".into() }).await.expect("renamed");
    assert_eq!(played.asked(&owner).await.as_deref(), Some("The safe"));
    let mine = played.call(Some(&owner.session), ReadMyActivity { before: None }).await.expect("a page");
    for kind in ["factor.preferred-changed", "factor.authenticator-renamed", "factor.authenticator-added"] {
        assert!(mine.rows.iter().any(|row| row.kind == kind), "{kind}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_removed_authenticator_opens_nothing_and_the_one_used_last_is_asked_first() {
    let (played, owner) = Played::begin().await;
    let tablet = played.add(&owner.session, "Tablet").await.expect("added");
    let third = played.add(&owner.session, "Third").await.expect("added");
    let elsewhere = played.sign_in(&owner.email, &tablet.code(played.clock.now())).await.expect("in");
    let lost = played.authenticators(&owner.session).await.iter().find(|each| each.preferred).expect("one").id;
    let remove = |elsewhere| RemoveAuthenticator { id: lost, elsewhere, proof: bare() };

    played.call(Some(&owner.session), remove(true)).await.expect("removed");
    assert!(played.is_signed_in(&owner.session).await && !played.is_signed_in(&elsewhere).await);
    assert_eq!(played.asked(&owner).await.as_deref(), Some("Tablet"));
    played.clock.turn(60);
    let gone = played.sign_in(&owner.email, &owner.phone.code(played.clock.now())).await.expect_err("removed");
    assert_eq!(gone.code, RefusalCode::CodeWrong);
    for each in [&tablet, &third] {
        assert!(played.sign_in(&owner.email, &each.code(played.clock.now())).await.is_ok());
    }
    let again = played.call(Some(&owner.session), remove(false)).await.expect_err("gone");
    assert_eq!(again.code, RefusalCode::AuthenticatorGone);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_refused_of_authenticators_and_changes_nothing() {
    let (played, owner) = Played::begin().await;
    let (_, mia) = played.join(&owner, "mia@example.org", RoleName::Member).await;
    let session = Some(&owner.session);
    let own = played.authenticators(&owner.session).await[0].id;
    let last = played.call(session, RemoveAuthenticator { id: own, elsewhere: false, proof: played.proof(&owner) }).await;
    assert_eq!(last.expect_err("the last").code, RefusalCode::LastAuthenticator);

    played.add(&owner.session, "Tablet").await.expect("added");
    let twin = played.add(&owner.session, "TABLET").await.map(|_| ()).expect_err("taken");
    assert_eq!(twin.code, RefusalCode::AuthenticatorNameTaken);
    for (name, refused) in [
        ("tablet", RefusalCode::AuthenticatorNameTaken),
        (" \u{202e}", RefusalCode::NameEmpty),
        (&"x".repeat(301), RefusalCode::NameTooLong),
    ] {
        let refusal = played.call(session, RenameAuthenticator { id: own, name: name.into() }).await.expect_err("refused");
        assert_eq!(refusal.code, refused);
    }
    played.call(session, RenameAuthenticator { id: own, name: "長".repeat(300) }).await.expect("as long as a name may be");

    // Somebody else's is not one's own, whoever one is.
    let hers = played.authenticators(&mia.session).await[0].id;
    let answers = [
        played.call(session, RenameAuthenticator { id: hers, name: "Mine now".into() }).await,
        played.call(session, PreferAuthenticator { id: hers }).await,
        played.call(session, RemoveAuthenticator { id: hers, elsewhere: false, proof: played.proof(&owner) }).await,
    ];
    assert!(answers.into_iter().all(|answer| answer.is_err_and(|refusal| refusal.code == RefusalCode::AuthenticatorGone)));

    // Not between the doors, and not without a proof.
    let (_, half) = played.first_door(&owner.email).await.expect("the first door");
    let early = played.call(Some(&half), PreferAuthenticator { id: own }).await.expect_err("not yet");
    assert_eq!(early.code, RefusalCode::SessionStage);
    let guess = Proof { password: secret("not the password at all"), code: None };
    let wrong = played.call(session, RemoveAuthenticator { id: own, elsewhere: true, proof: guess }).await.expect_err("no proof");
    assert_eq!(wrong.code, RefusalCode::WrongPassword);
    played.clock.turn(300);
    let stale = played.call(session, RemoveAuthenticator { id: own, elsewhere: true, proof: bare() }).await.expect_err("stale");
    assert_eq!(stale.code, RefusalCode::FactorNeeded);
    assert_eq!(played.authenticators(&owner.session).await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_windows_cannot_remove_the_last_two_at_once() {
    let (played, owner) = Played::begin().await;
    played.add(&owner.session, "Tablet").await.expect("added");
    let ids: Vec<_> = played.authenticators(&owner.session).await.iter().map(|each| each.id).collect();
    let remove = |id| RemoveAuthenticator { id, elsewhere: false, proof: bare() };
    let (a, b) = tokio::join!(played.call(Some(&owner.session), remove(ids[0])), played.call(Some(&owner.session), remove(ids[1])));
    let refused = [a, b].into_iter().filter_map(Result::err).map(|refusal| refusal.code).collect::<Vec<_>>();
    assert_eq!(refused, [RefusalCode::LastAuthenticator]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_five_minutes_off_is_told_so_with_its_second_code_and_shows_it_later() {
    let (played, owner) = Played::begin().await;
    played.clock.turn(900);
    let (_, session) = played.first_door(&owner.email).await.expect("the first door");
    let late = |played: &Played| GiveCode { code: secret(&owner.phone.code(Moment(played.clock.now().0 - 300))) };
    let first = played.call(Some(&session), late(&played)).await.expect_err("late");
    assert_eq!((first.code, first.number), (RefusalCode::CodeWrong, None));
    played.clock.turn(30);
    let second = played.call(Some(&session), late(&played)).await.expect_err("late");
    assert_eq!((second.code, second.number), (RefusalCode::ClockDrift, Some(-300)));
    played.call(Some(&session), GiveCode { code: secret(&owner.codes[0]) }).await.expect("a backup code opens");
    assert_eq!(played.authenticators(&session).await[0].drift_seconds, -300);
}
