//! The recovery kit on a real vault: opened by it, enrolled again by it, replaced, and killed in between.

use authority::{Drawing, System};
use secrecy::ExposeSecret;
use vault::{Kit, KitAfter, OpenError, Rotation, Unlock, open_with, unwatched};
use wire::{
    Refusal, RefusalCode,
    account::{Profile, ReadProfile, SavedAs},
    journal::ReadJournal,
    keeping::{AcknowledgeKit, BeginKit, DrawnKit, KitTrouble, NoteKitKept, RecoverOwner, VaultChange},
    people::RoleName,
    proof::Proof,
    sign_in::{GiveCode, Next, Reach, SignIn, WhoAmI},
};

use crate::played::{PASSPHRASE, Person, Played, secret};

const NEW_PASSWORD: &str = "another password, as long";

fn typed(kit: &Kit) -> String {
    kit.code().grouped().expose_secret().to_owned()
}

fn recovering(email: &str, code: &str) -> RecoverOwner {
    RecoverOwner { email: email.into(), code: secret(code), password: secret(NEW_PASSWORD) }
}

async fn refused(played: &Played, email: &str, code: &str) -> RefusalCode {
    played.call(None, recovering(email, code)).await.expect_err("refused").code
}

async fn profile(played: &Played, person: &Person) -> Profile {
    played.call(Some(&person.session), ReadProfile {}).await.expect("a profile")
}

async fn begin(played: &Played, by: &Person, kit: &Kit, proof: Proof) -> Result<(), Refusal> {
    let drawn = DrawnKit { slot: kit.slot(), verifier: kit.verifier().to_bytes() };
    played.call(Some(&by.session), BeginKit { kit: drawn, change: Some(VaultChange::RemoveKeyring), proof }).await.map(drop)
}

async fn keep(played: &Played, by: &Person, kit: &Kit) {
    played.call(Some(&by.session), NoteKitKept { slot: kit.slot(), how: SavedAs::PdfFile }).await.expect("kept");
}

async fn rotate(played: &Played, kit: &Kit) {
    let rotation = Rotation { passphrase: PASSPHRASE.into(), without: Vec::new(), kit: KitAfter::New(kit.clone()) };
    let rotating = played.authority.store().rotate(rotation, played.clock.now(), &mut Drawing(&System), unwatched());
    rotating.await.expect("rotated");
}

async fn settle(played: &Played) {
    played.authority.settle_kits(played.authority.store().kit_slot()).await.expect("settled");
}

/// Begun, kept, rotated, settled.
async fn renew(played: &Played, by: &Person) -> Kit {
    let kit = Kit::draw(&mut Drawing(&System));
    begin(played, by, &kit, played.proof(by)).await.expect("begun");
    keep(played, by, &kit).await;
    rotate(played, &kit).await;
    settle(played).await;
    kit
}

#[tokio::test(flavor = "multi_thread")]
async fn an_owner_who_lost_everything_but_the_kit_comes_back_alone() {
    let (played, owner) = Played::begin().await;
    let (_, administrator) = played.join(&owner, "admin@example.org", RoleName::Administrator).await;
    let (_, member) = played.join(&owner, "mia@example.org", RoleName::Member).await;
    let code = typed(played.kit.as_ref().expect("a kit"));

    let (step, session) = played.call_opening(None, recovering("Olive@Example.org", &code.to_lowercase())).await.expect("proved");
    let session = session.expect("a session");
    assert_eq!(step.next, Next::Enrol);
    assert!(!played.is_signed_in(&owner.session).await, "every session of before is gone");
    assert_eq!(played.call(Some(&session), WhoAmI {}).await.expect("known").reach, Reach::EnrolAgain);
    assert_eq!(played.call(Some(&session), ReadProfile {}).await.expect_err("enrol first").code, RefusalCode::SessionStage);

    // Killed before the new authenticator was verified: closed, but for the kit.
    let request = SignIn { email: owner.email.clone(), password: secret(NEW_PASSWORD) };
    let (door, alone) = played.call_opening(None, request).await.expect("the new password");
    assert_eq!(door.next, Next::RecoveryCode);
    for old in [&owner.codes[0], &owner.phone.code(played.clock.now()), &code] {
        let give = GiveCode { code: secret(old) };
        assert_eq!(played.call(alone.as_ref(), give).await.expect_err("closed").code, RefusalCode::CodeKind);
    }
    assert_eq!(played.first_door(&owner.email).await.expect_err("the password of before").code, RefusalCode::WrongCredentials);
    let (_, session) = played.call_opening(None, recovering(&owner.email, &code)).await.expect("the kit leads back");

    let again = played.enrol(&owner.email, session.expect("a session")).await;
    assert_ne!(again.phone.base32, owner.phone.base32);
    for person in [&again, &administrator] {
        let told = profile(&played, person).await.kit_used.expect("told");
        assert_eq!(told.owner.expect("by whom").email, owner.email);
        let kinds: Vec<String> = played
            .call(Some(&person.session), ReadJournal { person: None, before: None })
            .await
            .expect("a page")
            .rows
            .into_iter()
            .map(|row| row.kind)
            .collect();
        assert!(kinds.contains(&"kit.owner-recovered".to_owned()), "{kinds:?}");
        played.call(Some(&person.session), AcknowledgeKit {}).await.expect("known");
        assert!(profile(&played, person).await.kit_used.is_none(), "told until one says so");
    }
    assert!(profile(&played, &member).await.kit_used.is_none(), "a member is not told");
    assert_eq!(profile(&played, &again).await.kit_trouble, Some(KitTrouble::Used), "owners are asked to replace it");
    assert_eq!(profile(&played, &administrator).await.kit_trouble, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_but_an_owner_and_nothing_but_the_kit_in_force() {
    let (played, owner) = Played::begin().await;
    played.join(&owner, "admin@example.org", RoleName::Administrator).await;
    played.join(&owner, "mia@example.org", RoleName::Member).await;
    let first = typed(played.kit.as_ref().expect("a kit"));
    let other = typed(&Kit::draw(&mut Drawing(&System)));
    for email in ["mia@example.org", "admin@example.org", "nobody@example.org", "no address"] {
        assert_eq!(refused(&played, email, &first).await, RefusalCode::WrongKit, "{email}");
    }
    assert_eq!(refused(&played, &owner.email, &other).await, RefusalCode::WrongKit);

    // What has another form costs nothing.
    let mut mistyped = first.clone();
    let last = mistyped.pop().expect("a symbol");
    mistyped.push(if last == '7' { '8' } else { '7' });
    for text in [mistyped.as_str(), "123456", &owner.codes[0], ""] {
        assert_eq!(refused(&played, &owner.email, text).await, RefusalCode::KitMistyped, "{text}");
    }
    let short = RecoverOwner { password: secret("short"), ..recovering(&owner.email, &first) };
    assert_eq!(played.call(None, short).await.expect_err("short").code, RefusalCode::PasswordTooShort);

    let second = renew(&played, &owner).await;
    assert_eq!(refused(&played, &owner.email, &first).await, RefusalCode::WrongKit, "the kit from before is dead");
    played.call(None, recovering(&owner.email, &typed(&second))).await.expect("the new one lives");
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_kits_wait_alike_for_known_and_unknown_and_the_right_one_waits_too() {
    let (played, owner) = Played::begin().await;
    let right = typed(played.kit.as_ref().expect("a kit"));
    let mut waits = Vec::new();
    for email in ["olive@example.org", "nobody@example.org"] {
        for number in 0..6 {
            let wrong = typed(&Kit::draw(&mut Drawing(&System)));
            let refusal = played.call(None, recovering(email, &wrong)).await.expect_err("wrong");
            assert_eq!(refusal.code, if number < 4 { RefusalCode::WrongKit } else { RefusalCode::Wait }, "{email} {number}");
            waits.extend(refusal.at);
        }
    }
    assert!(waits.len() == 4 && waits.iter().all(|at| *at == waits[0]), "{waits:?}");
    assert_eq!(refused(&played, &owner.email, &right).await, RefusalCode::Wait, "nothing is evaluated meanwhile");
    assert!(played.sign_in_with_phone(&owner).await.is_ok(), "and nobody is locked out of their password by it");
    played.clock.turn(31 * 60);
    played.call(None, recovering(&owner.email, &right)).await.expect("after the wait");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_an_owner_draws_a_kit_and_a_workspace_without_one_says_so() {
    let (played, owner) = Played::begin().await;
    let (_, administrator) = played.join(&owner, "admin@example.org", RoleName::Administrator).await;
    let kit = Kit::draw(&mut Drawing(&System));
    let proof = played.proof(&administrator);
    assert_eq!(begin(&played, &administrator, &kit, proof).await.expect_err("no owner").code, RefusalCode::NotAllowed);
    let wrong = Proof { password: secret("not this one, surely"), code: None };
    assert_eq!(begin(&played, &owner, &kit, wrong).await.expect_err("not proved").code, RefusalCode::WrongPassword);
    let note = NoteKitKept { slot: kit.slot(), how: SavedAs::PdfFile };
    assert_eq!(played.call(Some(&owner.session), note).await.expect_err("never begun").code, RefusalCode::KitMissing);

    played.authority.settle_kits(None).await.expect("as after a restore by passphrase");
    assert_eq!(profile(&played, &owner).await.kit_trouble, Some(KitTrouble::Missing));
    let code = typed(played.kit.as_ref().expect("a kit"));
    assert_eq!(refused(&played, &owner.email, &code).await, RefusalCode::KitMissing);
}

/// Whenever a renewal dies, one kit opens the vault and the same one proves the owner.
#[tokio::test(flavor = "multi_thread")]
async fn killed_at_any_step_of_a_renewal_exactly_one_kit_opens_and_proves() {
    for step in 0..4 {
        let (played, owner) = Played::begin().await;
        let (old, new) = (played.kit.clone().expect("a kit"), Kit::draw(&mut Drawing(&System)));
        begin(&played, &owner, &new, played.proof(&owner)).await.expect("begun");
        if step > 0 {
            keep(&played, &owner, &new).await;
        }
        if step > 1 {
            rotate(&played, &new).await;
        }
        if step > 2 {
            settle(&played).await;
        }
        // Dies here, and is opened again as the window does.
        let played = played.reopen().await;
        settle(&played).await;
        let (lives, dead) = if step > 1 { (&new, &old) } else { (&old, &new) };
        assert_eq!(refused(&played, &owner.email, &typed(dead)).await, RefusalCode::WrongKit, "step {step}");
        played.clock.turn(30);
        let session = played.sign_in_with_phone(&owner).await.expect("as before");
        let trouble = played.call(Some(&session), ReadProfile {}).await.expect("a profile").kit_trouble;
        assert_eq!(trouble, (step == 1).then_some(KitTrouble::Unfinished), "step {step}");
        played.call(None, recovering(&owner.email, &typed(lives))).await.unwrap_or_else(|error| panic!("step {step}: {error}"));
        played.close().await;
        let open = async |kit: &Kit| open_with(played.root(), played.id, Unlock::Kit(kit.code().clone())).await;
        assert_eq!(open(dead).await.err(), Some(OpenError::KitWrong), "step {step}");
        open(lives).await.unwrap_or_else(|error| panic!("step {step}: {error}")).close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn opening_by_the_kit_is_told_to_whoever_administers_anything() {
    let (played, owner) = Played::begin().await;
    let (_, administrator) = played.join(&owner, "admin@example.org", RoleName::Administrator).await;
    played.authority.note_opened_by_kit().await.expect("noted");
    played.clock.turn(1);
    let (_, later) = played.join(&owner, "late@example.org", RoleName::Administrator).await;
    for (person, told) in [(&owner, true), (&administrator, true), (&later, false)] {
        let used = profile(&played, person).await.kit_used;
        assert_eq!(used.is_some_and(|used| used.owner.is_none()), told, "{}", person.email);
    }
    assert_eq!(profile(&played, &owner).await.kit_trouble, Some(KitTrouble::Used));
    renew(&played, &owner).await;
    assert_eq!(profile(&played, &owner).await.kit_trouble, None, "a new kit settles it");
}
