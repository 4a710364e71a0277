//! Erasing a person: nothing of them is left in the vault, the journal verifies as before, and nobody does it who may not.

use std::{
    ops::ControlFlow,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Instant,
};

use authority::{Commit, Store};
use domain::EventKind;
use journal::{CommitmentKey, Draft};
use sallyport_tests::witness;
use uuid::Uuid;
use wire::{
    Refusal, RefusalCode,
    erasure::{ErasePerson, Erased, ReadErasure},
    evidence::TakeCheckpoint,
    import::Told,
    journal::ReadJournal,
    people::{Invite, ListPeople, RoleName},
    person::{ChangeOwner, PersonAction, ReadPerson, SignOutPerson},
    sign_in::AcceptInvitation,
    support::{AskStaff, CaseAct, OpenCase, ReadDesk, WithdrawCase},
};

use crate::{
    epoch::Taken,
    evidence::{EVERYTHING, file, verify},
    played::{PASSPHRASE, PASSWORD, Person, Played, secret, support},
};

const NAME: &str = "Zenobia Quillfeather";
const EMAIL: &str = "zenobia.quill@example.org";

/// Somebody whom nothing else is called like.
async fn zenobia(played: &Played, owner: &Person, role: RoleName) -> (Uuid, Person) {
    let community = Some(played.community(&owner.session).await);
    let invite = Invite { name: NAME.into(), email: EMAIL.into(), community, role };
    let issued = played.call(Some(&owner.session), invite).await.expect("invited");
    let request = AcceptInvitation { email: EMAIL.into(), code: secret(issued.code.expose()), password: secret(PASSWORD) };
    let (_, session) = played.call_opening(None, request).await.expect("accepted");
    (issued.person.id, played.enrol(EMAIL, session.expect("a session")).await)
}

async fn erase(played: &Played, by: &Person, account: Uuid, name: &str) -> Result<Erased, Refusal> {
    let proof = played.proof(by);
    played.call(Some(&by.session), ErasePerson { account, name: name.into(), proof, told: Told::default() }).await
}

fn code<T: std::fmt::Debug>(outcome: Result<T, Refusal>) -> RefusalCode {
    outcome.expect_err("refused").code
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_an_erased_person_is_left_in_the_vault_and_the_journal_says_erased_declared() {
    let (played, owner) = Played::begin().await;
    let (id, zenobia) = zenobia(&played, &owner, RoleName::Administrator).await;
    // By her about somebody else, by somebody else about her, and words that only she was given.
    let (tom, _) = played.join(&zenobia, "tom@example.org", RoleName::Member).await;
    played.reset(&zenobia, tom).await.expect("reset");
    played.call(Some(&owner.session), SignOutPerson { account: id }).await.expect("signed out");
    let (_, at_second_door) = played.first_door(EMAIL).await.expect("the first door");
    played.call(Some(&at_second_door), AskStaff {}).await.expect("asked");
    assert!(played.first_door("zenobia.quill@example.orgg").await.is_err());
    let kept = played.call(Some(&owner.session), TakeCheckpoint {}).await.expect("a checkpoint").note;
    let (head, before) = file(&played, &owner.session, EVERYTHING).await.expect("an export");
    assert!(before.contains(NAME) && before.contains(&id.to_string()), "else this proves nothing");

    let view = played.call(Some(&owner.session), ReadErasure { account: id }).await.expect("a look");
    assert_eq!(view.refused, None);
    assert_eq!((view.authenticators, view.codes, view.sessions, view.asked), (1, 10, 1, true));
    assert!(view.entries > 5 && view.shared >= 4, "{view:?}");
    let erased = erase(&played, &owner, id, NAME).await.expect("erased");
    assert_eq!(erased.entries, view.entries);

    let (_, after) = file(&played, &owner.session, EVERYTHING).await.expect("an export");
    let report = verify(&after, &head.keys[0], std::slice::from_ref(&kept));
    assert!(report.is_sound(), "{:?}", report.findings);
    assert_eq!((report.erased, report.earlier), (erased.entries, 1), "erased, declared; and nothing rewritten since");
    let page = played.call(Some(&owner.session), ReadJournal { person: None, before: None }).await.expect("a page");
    let declared = page.rows.iter().find(|row| row.kind == "person.erased").expect("declared");
    assert_eq!(declared.actor.as_ref().map(|actor| &*actor.email), Some(&*owner.email));
    assert_eq!((declared.subject.is_none(), &*declared.words["count"]), (true, &*erased.entries.to_string()));
    assert!(!declared.words.contains_key("entries"), "thousands of numbers are for the verifier, not for the page");
    let emptied: Vec<_> = page.rows.iter().filter(|row| row.erased).collect();
    assert!(!emptied.is_empty() && emptied.iter().all(|row| row.actor.is_none() && row.subject.is_none() && row.words.is_empty()));

    assert!(!played.is_signed_in(&zenobia.session).await);
    assert_eq!(code(played.first_door(EMAIL).await), RefusalCode::WrongCredentials, "like an address that is nobody's");
    let found = played.call(Some(&owner.session), ListPeople { search: "zenobia".into(), ..ListPeople::default() }).await.expect("a page");
    assert_eq!(found.total, 0);
    assert_eq!(code(played.call(Some(&owner.session), ReadPerson { account: id }).await), RefusalCode::NotAllowed);
    let desk = format!("{:?}", played.call(Some(&owner.session), ReadDesk {}).await.expect("a desk"));
    assert!(!desk.contains(NAME));

    // The whole file, decrypted by another program: tables, indexes, free pages and gaps.
    let folder = played.root().join(played.id.to_string());
    played.close().await;
    let [key, _] = witness::vault_keys(&folder.join("vault.json"), PASSPHRASE).expect("keys");
    let database = std::fs::read_dir(&folder).expect("a folder").flatten().map(|entry| entry.path());
    let database = database.filter(|path| path.extension().is_some_and(|end| end == "db")).collect::<Vec<_>>();
    let [database] = &database[..] else { panic!("one database: {database:?}") };
    let pages = witness::vault_pages(database, &key).expect("pages");
    assert!(pages.windows(15).any(|text| text == b"tom@example.org"), "others are there: the pages are readable");
    let id = id.to_string();
    for gone in [NAME, EMAIL, "Zenobia", "zenobia", &id] {
        let at = pages.windows(gone.len()).position(|text| text == gone.as_bytes());
        let around = at.map(|at| String::from_utf8_lossy(&pages[at.saturating_sub(80)..(at + 120).min(pages.len())]).into_owned());
        assert_eq!(around, None, "{gone} at page {:?}", at.map(|at| at / 4096));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_an_owner_erases_after_the_name_the_password_and_a_code() {
    let (played, owner) = Played::begin().await;
    let (id, zenobia) = zenobia(&played, &owner, RoleName::Administrator).await;
    let (member, mia) = played.join(&owner, "mia@example.org", RoleName::Member).await;
    for (person, target, name) in [(&zenobia, member, "Mia Member"), (&mia, id, NAME)] {
        assert_eq!(code(played.call(Some(&person.session), ReadErasure { account: target }).await), RefusalCode::NotAllowed);
        assert_eq!(code(erase(&played, person, target, name).await), RefusalCode::NotAllowed);
    }
    let offered = async |person: &Person, account: Uuid| {
        let view = played.call(Some(&person.session), ReadPerson { account }).await.expect("a view");
        view.actions.iter().any(|action| action.action == PersonAction::Erase && action.refused.is_none())
    };
    assert!(offered(&owner, id).await && !offered(&zenobia, member).await);
    let page = played.call(Some(&owner.session), ListPeople { search: "olive".into(), ..ListPeople::default() }).await.expect("a page");
    let own = page.rows[0].person.id;
    assert_eq!(code(erase(&played, &owner, own, "Olive Owner").await), RefusalCode::OnSelf);
    assert_eq!(code(erase(&played, &owner, id, "Zenobia").await), RefusalCode::ErasureNameDiffers);
    let without = |password: &str| {
        let proof = wire::proof::Proof { password: secret(password), code: None };
        played.call(Some(&owner.session), ErasePerson { account: id, name: NAME.into(), proof, told: Told::default() })
    };
    assert_eq!(code(without("not the password").await), RefusalCode::WrongPassword);
    assert_eq!(code(erase(&played, &owner, Uuid::from_u128(7), NAME).await), RefusalCode::NotAllowed);
    played.clock.turn(600);
    let session = played.sign_in_with_phone(&owner).await.expect("in");
    played.clock.turn(301);
    let stale = wire::proof::Proof { password: secret(PASSWORD), code: None };
    let stale = ErasePerson { account: id, name: NAME.into(), proof: stale, told: Told::default() };
    assert_eq!(code(played.call(Some(&session), stale).await), RefusalCode::FactorNeeded);
    assert!(played.first_door(EMAIL).await.is_ok(), "nobody was erased");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_waiting_case_keeps_its_people_until_it_is_over() {
    let (played, owner) = Played::begin().await;
    let (id, zenobia) = zenobia(&played, &owner, RoleName::Administrator).await;
    let (other, _) = played.join(&owner, "ada@example.org", RoleName::Administrator).await;
    let proof = played.proof(&zenobia);
    let open = OpenCase { account: other, act: CaseAct::SecondFactor, email: None, token: None, support: support(), proof };
    played.call(Some(&zenobia.session), open).await.expect("opened");
    for involved in [(id, NAME), (other, "Mia Member")] {
        let view = played.call(Some(&owner.session), ReadErasure { account: involved.0 }).await.expect("a look");
        assert_eq!(view.refused.map(|refusal| refusal.code), Some(RefusalCode::ErasureCaseWaits));
        assert_eq!(code(erase(&played, &owner, involved.0, involved.1).await), RefusalCode::ErasureCaseWaits);
    }
    let case = played.call(Some(&owner.session), ReadDesk {}).await.expect("a desk").cases[0].id;
    played.call(Some(&owner.session), WithdrawCase { case }).await.expect("withdrawn");
    erase(&played, &owner, id, NAME).await.expect("erased");
}

/// Both are owners, and each is about to erase the other: one is gone, and the other is the last.
#[tokio::test(flavor = "multi_thread")]
async fn of_two_owners_who_erase_each_other_at_once_one_stays() {
    let (played, owner) = Played::begin().await;
    let (id, zenobia) = zenobia(&played, &owner, RoleName::Member).await;
    let proof = played.proof(&owner);
    played.call(Some(&owner.session), ChangeOwner { account: id, owner: true, proof }).await.expect("an owner");
    let page = played.call(Some(&owner.session), ListPeople { search: "olive".into(), ..ListPeople::default() }).await.expect("a page");
    let own = page.rows[0].person.id;
    let (first, second) = (played.proof(&owner), played.proof(&zenobia));
    let (first, second) = tokio::join!(
        played.call(Some(&owner.session), ErasePerson { account: id, name: NAME.into(), proof: first, told: Told::default() }),
        played.call(Some(&zenobia.session), ErasePerson { account: own, name: "Olive Owner".into(), proof: second, told: Told::default() }),
    );
    assert!(first.is_ok() != second.is_ok(), "{first:?} {second:?}");
    let (winner, loser) = if first.is_ok() { (&owner, second) } else { (&zenobia, first) };
    assert_eq!(code(loser), RefusalCode::SessionEnded, "whoever is gone is told no more");
    let (head, text) = file(&played, &winner.session, EVERYTHING).await.expect("an export");
    let report = verify(&text, &head.keys[0], &[]);
    assert!(report.is_sound(), "{:?}", report.findings);
}

/// The one who erased somebody is erased in turn: what they declared stays declared.
#[tokio::test(flavor = "multi_thread")]
async fn erasing_whoever_erased_somebody_leaves_nothing_undeclared() {
    let (played, owner) = Played::begin().await;
    let (id, zenobia) = zenobia(&played, &owner, RoleName::Member).await;
    let (mia, _) = played.join(&owner, "mia@example.org", RoleName::Member).await;
    let proof = played.proof(&owner);
    played.call(Some(&owner.session), ChangeOwner { account: id, owner: true, proof }).await.expect("an owner");
    erase(&played, &zenobia, mia, "Mia Member").await.expect("erased");
    erase(&played, &owner, id, NAME).await.expect("erased");
    let (head, text) = file(&played, &owner.session, EVERYTHING).await.expect("an export");
    let report = verify(&text, &head.keys[0], &[]);
    assert!(report.is_sound(), "{:?}", report.findings);
    assert!(report.erased > 0);
    // Without the last declaration, what is gone is found and named.
    let last = text.lines().enumerate().filter(|(_, line)| line.contains("person.erased")).last().expect("declared").0;
    let undeclared: String = text
        .lines()
        .enumerate()
        .map(|(at, line)| if at == last { line.replace("person.erased", "person.elided") + "\n" } else { format!("{line}\n") })
        .collect();
    assert!(!verify(&undeclared, &head.keys[0], &[]).is_sound());
}

/// What THREATS.md and the dialog say: an older state knows nothing of what was erased since.
#[tokio::test(flavor = "multi_thread")]
async fn restoring_a_backup_from_before_brings_the_person_back() {
    let (played, owner) = Played::begin().await;
    let (id, _) = zenobia(&played, &owner, RoleName::Member).await;
    let before = Taken::of(&played).await;
    erase(&played, &owner, id, NAME).await.expect("erased");
    let after = Taken::of(&played).await;
    let found = async |played: &Played| played.authority.store().account_by_email(EMAIL).await.expect("a read").is_some();
    assert!(found(&before.restored(&played, false).await).await);
    assert!(!found(&after.restored(&played, false).await).await, "a backup taken since knows nobody");
}

/// `SALLYPORT_ENTRIES=100000` measures it, as an ordinary user (`sallyport_tests::locks` says why); fewer show that it tells of
/// progress and can be stopped whole.
#[expect(clippy::disallowed_methods, reason = "it is measured in real time")]
#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_in_thousands_of_entries_is_erased_with_progress_and_stopped_whole() {
    let entries: u64 = std::env::var("SALLYPORT_ENTRIES").ok().and_then(|number| number.parse().ok()).unwrap_or(3_000);
    let (played, owner) = Played::begin().await;
    let (id, _) = zenobia(&played, &owner, RoleName::Member).await;
    let mut written = 0;
    while written < entries {
        let drafts = (0..1_000u32).map(|number| Draft {
            at: played.clock.now().0,
            kind: EventKind::SignedInWithAuthenticator.as_str().into(),
            communities: Vec::new(),
            // Never two in a row: the longest list of places there is.
            actor: number.is_multiple_of(2).then_some(id),
            subject: number.is_multiple_of(2).then_some(id),
            words: [("authenticator".to_owned(), format!("Phone {number}"))].into(),
            facts_key: CommitmentKey::from([3; 32]),
            persons_key: CommitmentKey::from([4; 32]),
        });
        let commit =
            Commit { at: played.clock.now(), read: Vec::new(), changes: Vec::new(), entries: drafts.collect(), notices: Vec::new() };
        played.authority.store().commit(commit).await.expect("written");
        written += 500;
    }
    let asked = |told: Told| {
        let proof = played.proof(&owner);
        played.call(Some(&owner.session), ErasePerson { account: id, name: NAME.into(), proof, told })
    };
    let stopped = asked(Told::by(Arc::new(|done, _| if done > 1_000 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }))).await;
    assert_eq!(code(stopped), RefusalCode::Stopped);
    let view = played.call(Some(&owner.session), ReadErasure { account: id }).await.expect("a look");
    assert!(view.entries >= entries, "nothing of it happened: {}", view.entries);
    let steps = Arc::new(AtomicU64::new(0));
    let counted = Arc::clone(&steps);
    let begun = Instant::now();
    let tell = move |done, total| {
        assert!(done <= total);
        counted.fetch_add(1, Ordering::Relaxed);
        ControlFlow::Continue(())
    };
    let erased = asked(Told::by(Arc::new(tell))).await.expect("erased");
    let took = begun.elapsed();
    assert_eq!(erased.entries, view.entries);
    assert!(steps.load(Ordering::Relaxed) >= entries / 100, "progress is told of");
    let (head, text) = file(&played, &owner.session, EVERYTHING).await.expect("an export");
    let report = verify(&text, &head.keys[0], &[]);
    assert!(report.is_sound(), "{:?}", report.findings);
    let declarations = text.matches("\"person.erased\"").count() as u64;
    assert_eq!(declarations, view.entries.div_ceil(2_000).max(1).min(declarations), "in several entries");
    if entries > 10_000 {
        std::fs::write(
            std::env::temp_dir().join("sallyport-erasure.txt"),
            format!("{entries} entries, {declarations} declarations: {took:?}\n"),
        )
        .expect("written");
    }
}
