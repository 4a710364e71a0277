//! Who may do what: the wrong role, the wrong person, the second use.

use uuid::Uuid;
use wire::{
    RefusalCode,
    account::ReadProfile,
    journal::ReadJournal,
    people::{HandOver, Invite, InviteAgain, ListPeople, ResetSecondFactor, RoleName},
    proof::Proof,
    sign_in::{AcceptInvitation, WhoAmI},
    support::{ReadChecklist, SupportAnswers},
    window::Language,
};

use crate::played::{PASSWORD, Played, secret, support};

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_is_good_once_for_a_day_and_until_the_next() {
    let (played, owner) = Played::begin().await;
    let (id, first) = played.invite(&owner, "mia@example.org", RoleName::Member).await;
    let again = played.call(Some(&owner.session), InviteAgain { account: id }).await.expect("renewed");
    let accept = |code: &str| AcceptInvitation { email: "mia@example.org".into(), code: secret(code), password: secret(PASSWORD) };
    assert_eq!(played.call(None, accept(&first)).await.expect_err("dead").code, RefusalCode::CodeWrong);
    assert!(played.call(None, accept(again.code.expose())).await.is_ok());
    assert_eq!(played.call(None, accept(again.code.expose())).await.expect_err("used").code, RefusalCode::CodeWrong);
    let late = played.call(Some(&owner.session), InviteAgain { account: id }).await.expect_err("too late");
    assert_eq!(late.code, RefusalCode::AlreadySignedIn);

    let (_, code) = played.invite(&owner, "late@example.org", RoleName::Member).await;
    played.clock.turn(24 * 3600);
    let late = AcceptInvitation { email: "late@example.org".into(), code: secret(&code), password: secret(PASSWORD) };
    assert_eq!(played.call(None, late).await.expect_err("expired").code, RefusalCode::InvitationExpired);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mistyped_invitation_costs_nothing_and_a_short_password_spends_nothing() {
    let (played, owner) = Played::begin().await;
    let (_, code) = played.invite(&owner, "mia@example.org", RoleName::Member).await;
    let accept =
        |code: &str, password: &str| AcceptInvitation { email: "mia@example.org".into(), code: secret(code), password: secret(password) };
    let mut mistyped = code.clone();
    let last = mistyped.pop().expect("a symbol");
    mistyped.push(if last == '7' { '8' } else { '7' });
    for _ in 0..8 {
        assert_eq!(played.call(None, accept(&mistyped, PASSWORD)).await.expect_err("mistyped").code, RefusalCode::CodeMistyped);
    }
    assert_eq!(played.call(None, accept(&code, "short")).await.expect_err("short").code, RefusalCode::PasswordTooShort);
    assert_eq!(played.call(None, accept(&code, &"x".repeat(129))).await.expect_err("long").code, RefusalCode::PasswordTooLong);
    assert!(played.call(None, accept(&code.to_lowercase().replace('-', "  "), PASSWORD)).await.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn handing_over_the_keyboard_ends_the_administrators_session() {
    let (played, owner) = Played::begin().await;
    let (id, old) = played.invite(&owner, "mia@example.org", RoleName::Member).await;
    let handed = played.call(Some(&owner.session), HandOver { account: id }).await.expect("handed over");
    assert!(!played.is_signed_in(&owner.session).await);
    let accept = |code: &str| AcceptInvitation { email: "mia@example.org".into(), code: secret(code), password: secret(PASSWORD) };
    assert_eq!(played.call(None, accept(&old)).await.expect_err("dead").code, RefusalCode::CodeWrong);
    assert!(played.call(None, accept(handed.code.expose())).await.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_sees_and_changes_nobody_else() {
    let (played, owner) = Played::begin().await;
    let (_, mia) = played.join(&owner, "mia@example.org", RoleName::Member).await;
    let (tom, _) = played.join(&owner, "tom@example.org", RoleName::Member).await;
    let community = played.community(&owner.session).await;
    let proof = || Proof { password: secret(PASSWORD), code: None };
    let session = Some(&mia.session);
    let list = played.call(session, ListPeople::default()).await.map(|_| ());
    let journal = played.call(session, ReadJournal { person: None, before: None }).await.map(|_| ());
    let reset = played.call(session, ResetSecondFactor { account: tom, support: support(), proof: proof() }).await.map(|_| ());
    let unknown = played.call(session, ResetSecondFactor { account: Uuid::nil(), support: support(), proof: proof() }).await.map(|_| ());
    let invite = Invite { name: "X".into(), email: "x@example.org".into(), community: Some(community), role: RoleName::Member };
    let invite = played.call(session, invite).await.map(|_| ());
    let again = played.call(session, InviteAgain { account: tom }).await.map(|_| ());
    let hand_over = played.call(session, HandOver { account: tom }).await.map(|_| ());
    for answer in [list, journal, reset, unknown, invite, again, hand_over] {
        assert_eq!(answer.expect_err("refused").code, RefusalCode::NotAllowed);
    }
    let entries = played.call(Some(&owner.session), ReadJournal { person: None, before: None }).await.expect("a page");
    assert!(entries.rows.iter().filter(|row| row.kind == "gate.refused").count() >= 4, "refusals are journalled");
}

#[tokio::test(flavor = "multi_thread")]
async fn resets_follow_the_roles() {
    let (played, owner) = Played::begin().await;
    let (admin, administrator) = played.join(&owner, "admin@example.org", RoleName::Administrator).await;
    let (desk, support) = played.join(&owner, "desk@example.org", RoleName::Support).await;
    let (colleague, _) = played.join(&owner, "desk2@example.org", RoleName::Support).await;
    let (member, _) = played.join(&owner, "mia@example.org", RoleName::Member).await;
    let own = played.call(Some(&owner.session), WhoAmI {}).await.expect("known").person.id;
    let table = [
        (&owner, own, Some(RefusalCode::OnSelf)),
        (&owner, admin, Some(RefusalCode::TakesTwo)),
        (&administrator, admin, Some(RefusalCode::OnSelf)),
        (&administrator, own, Some(RefusalCode::NotAllowed)),
        (&support, colleague, Some(RefusalCode::NotAllowed)),
        (&support, desk, Some(RefusalCode::OnSelf)),
        (&support, admin, Some(RefusalCode::NotAllowed)),
        (&support, member, None),
        (&administrator, member, None),
        (&administrator, colleague, None),
    ];
    for (actor, target, refused) in table {
        let outcome = played.reset(actor, target).await;
        assert_eq!(outcome.err().map(|refusal| refusal.code), refused, "{} on {target}", actor.email);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reset_with_a_wrong_password_or_no_code_changes_nothing() {
    let (played, owner) = Played::begin().await;
    let (id, member) = played.join(&owner, "mia@example.org", RoleName::Member).await;
    let try_reset = |password: &str, code: Option<&str>| ResetSecondFactor {
        account: id,
        support: support(),
        proof: Proof { password: secret(password), code: code.map(secret) },
    };
    let session = Some(&owner.session);
    assert_eq!(played.call(session, try_reset("wrong wrong wrong", None)).await.expect_err("no").code, RefusalCode::WrongPassword);
    assert_eq!(played.call(session, try_reset(PASSWORD, None)).await.expect_err("no").code, RefusalCode::FactorNeeded);
    assert_eq!(played.call(session, try_reset(PASSWORD, Some("000000"))).await.expect_err("no").code, RefusalCode::CodeWrong);
    assert!(played.call(Some(&member.session), ReadProfile {}).await.expect("still in").factor.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_belongs_to_one_person_whatever_its_case() {
    let (played, owner) = Played::begin().await;
    played.invite(&owner, "mia@example.org", RoleName::Member).await;
    let community = Some(played.community(&owner.session).await);
    let twin = Invite { name: "Twin".into(), email: "MIA@Example.org".into(), community, role: RoleName::Member };
    assert_eq!(played.call(Some(&owner.session), twin).await.expect_err("taken").code, RefusalCode::EmailTaken);
}

#[tokio::test(flavor = "multi_thread")]
async fn names_in_any_script_are_kept_and_found() {
    let (played, owner) = Played::begin().await;
    let community = Some(played.community(&owner.session).await);
    for (n, name) in ["דנה כהן", "🦀🦀", &"長".repeat(300), "100% _x_"].into_iter().enumerate() {
        let request = Invite { name: name.into(), email: format!("n{n}@example.org"), community, role: RoleName::Member };
        played.call(Some(&owner.session), request).await.expect("added");
        let found = played.call(Some(&owner.session), ListPeople { search: name.into(), ..ListPeople::default() }).await.expect("a page");
        assert_eq!(found.rows.iter().map(|row| row.person.name.as_str()).collect::<Vec<_>>(), [name]);
    }
    let long = Invite { name: "a".repeat(301), email: "long@example.org".into(), community, role: RoleName::Member };
    assert_eq!(played.call(Some(&owner.session), long).await.expect_err("long").code, RefusalCode::NameTooLong);
}

#[tokio::test(flavor = "multi_thread")]
async fn papers_are_told_the_language_of_the_person_they_are_about() {
    for (french, language) in [(true, Language::Fr), (false, Language::En)] {
        let folder = tempfile::tempdir().expect("a folder");
        let (played, owner) = Played::found_speaking(french, folder.path(), "Atelier", 1_800_000_000).await;
        let me = played.call(Some(&owner.session), WhoAmI {}).await.expect("signed in");
        let (id, _) = played.join(&owner, "mia@example.org", RoleName::Member).await;
        let checklist = played.call(Some(&owner.session), ReadChecklist {}).await.expect("the list in the workspace's language");
        let support = SupportAnswers { checked: checklist.entries, ..support() };
        let reset = ResetSecondFactor { account: id, support, proof: played.proof(&owner) };
        let issued = played.call(Some(&owner.session), reset).await.expect("reset");
        assert_eq!((me.language, issued.language), (language, language));
    }
}
