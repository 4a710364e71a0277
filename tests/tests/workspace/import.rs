//! Importing people: what a list comes to, all of it or nothing, and taking it back while nobody has come in.

use std::{
    ops::ControlFlow,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use uuid::Uuid;
use wire::{
    Refusal, RefusalCode, SessionToken,
    communities::MakeCommunity,
    import::{
        AllowImport, CheckPeople, DraftRow, ImportDone, ImportPeople, ListImports, MovedBy, PastImport, PeopleChecked, RowCounts,
        RowReason, RowVerdict, Told, UndoImport,
    },
    journal::{JournalRow, ReadJournal},
    people::{HandOver, Invite, InviteAgain, ListPeople, RoleName},
    person::{DeactivatePerson, ReadPerson},
    proof::Proof,
    sign_in::AcceptInvitation,
};

use crate::played::{PASSWORD, Person, Played, secret};

fn row(line: u64, name: &str, email: &str) -> DraftRow {
    let (name, email) = (name.to_owned(), email.to_owned());
    DraftRow { line, email, name, role: String::new(), community: String::new(), language: String::new(), flaw: None }
}

fn role(row: DraftRow, role: &str) -> DraftRow {
    DraftRow { role: role.into(), ..row }
}

fn within(row: DraftRow, community: &str) -> DraftRow {
    DraftRow { community: community.into(), ..row }
}

/// So many people, every twentieth of whom cannot be.
fn list(rows: u64) -> Vec<DraftRow> {
    let email = |n: u64| if n.is_multiple_of(20) { "not an address".to_owned() } else { format!("person{n}@example.org") };
    (0..rows).map(|n| row(n + 2, &format!("Person {n}"), &email(n))).collect()
}

fn reasons(checked: &PeopleChecked) -> Vec<Option<RowReason>> {
    checked.rows.iter().map(|row| row.reason).collect()
}

fn code<T>(outcome: Result<T, Refusal>) -> RefusalCode {
    outcome.err().expect("a refusal").code
}

impl Played {
    async fn check(&self, session: &SessionToken, rows: &[DraftRow]) -> Result<PeopleChecked, Refusal> {
        self.call(Some(session), CheckPeople { rows: rows.to_vec() }).await
    }

    async fn import_seen(&self, by: &Person, rows: &[DraftRow], seen: &str, told: Told) -> Result<ImportDone, Refusal> {
        let proof = self.proof(by);
        let request = ImportPeople { file: "people.csv".into(), rows: rows.to_vec(), seen: seen.into(), proof, told };
        self.call(Some(&by.session), request).await
    }

    /// Checks, and imports what was shown.
    async fn import(&self, by: &Person, rows: &[DraftRow]) -> Result<ImportDone, Refusal> {
        let seen = self.check(&by.session, rows).await?.seen;
        self.import_seen(by, rows, &seen, Told::default()).await
    }

    async fn undo(&self, by: &Person, import: Uuid) -> Result<(), Refusal> {
        let proof = self.proof(by);
        self.call(Some(&by.session), UndoImport { import, proof, told: Told::default() }).await.map(drop)
    }

    async fn imports(&self, by: &Person) -> Vec<PastImport> {
        self.call(Some(&by.session), ListImports {}).await.expect("imports").rows
    }

    async fn people(&self, by: &Person) -> u64 {
        self.call(Some(&by.session), ListPeople::default()).await.expect("people").total
    }

    async fn listed(&self, by: &Person, search: &str) -> Option<Uuid> {
        let page = self.call(Some(&by.session), ListPeople { search: search.into(), ..ListPeople::default() }).await.expect("people");
        page.rows.first().map(|row| row.person.id)
    }

    async fn entries(&self, by: &Person, kind: &str) -> Vec<JournalRow> {
        let rows = self.call(Some(&by.session), ReadJournal { person: None, before: None }).await.expect("a journal").rows;
        rows.into_iter().filter(|row| row.kind == kind).collect()
    }

    /// The first sign-in of somebody who was imported.
    async fn come_in(&self, by: &Person, account: Uuid, email: &str) {
        let issued = self.call(Some(&by.session), InviteAgain { account }).await.expect("an invitation");
        let accept = AcceptInvitation { email: email.into(), code: secret(issued.code.expose()), password: secret(PASSWORD) };
        self.call(None, accept).await.expect("in");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_shown_is_done_in_one_batch_and_taken_back_whole() {
    let (played, owner) = Played::begin().await;
    let rows = vec![row(2, "Ana", "ana@example.org"), role(row(3, "Ben", "Ben@Example.org"), "support"), row(4, "", "nobody@example.org")];
    let checked = played.check(&owner.session, &rows).await.expect("verdicts");
    assert_eq!(checked.counts, RowCounts { added: 2, changed: 0, same: 0, refused: 1 });
    assert_eq!(reasons(&checked), [None, None, Some(RowReason::NameEmpty)]);
    assert_eq!(played.people(&owner).await, 1, "a check changes nothing");

    let done = played.import(&owner, &rows).await.expect("imported");
    assert_eq!((done.added, done.changed, played.people(&owner).await), (2, 0, 3));
    let ben = played.listed(&owner, "ben").await.expect("listed");
    let person = played.call(Some(&owner.session), ReadPerson { account: ben }).await.expect("a person");
    assert_eq!(person.roles[0].role, RoleName::Support);
    assert!(played.call(Some(&owner.session), InviteAgain { account: ben }).await.is_ok(), "an invitation is made when it is handed over");

    let past = played.imports(&owner).await.remove(0);
    assert_eq!((past.counts, past.undo_refused.is_none()), (RowCounts { added: 2, changed: 0, same: 0, refused: 1 }, true));
    assert_eq!(played.entries(&owner, "person.imported").await.len(), 2);
    let told = played.entries(&owner, "import.carried-out").await.remove(0);
    assert_eq!((told.words["added"].as_str(), told.words["refused"].as_str(), told.words["file"].as_str()), ("2", "1", "people.csv"));

    played.undo(&owner, past.id).await.expect("taken back");
    assert_eq!(played.people(&owner).await, 1);
    let named: Vec<_> =
        played.entries(&owner, "person.imported").await.iter().filter_map(|row| Some(row.subject.as_ref()?.name.clone())).collect();
    assert_eq!(named, ["Ben", "Ana"], "the journal goes on naming them");
    assert_eq!(code(played.undo(&owner, past.id).await), RefusalCode::ImportUndone);
    let past = played.imports(&owner).await.remove(0);
    assert_eq!(past.undone_by.expect("somebody").email, owner.email);
    // The addresses are free again.
    assert_eq!(played.import(&owner, &rows).await.expect("again").added, 2);
    let played = played.reopen().await;
    played.authority.store().verify().await.expect("sound");
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_who_never_signed_in_is_changed_and_put_back_exactly() {
    let (played, owner) = Played::begin().await;
    let (mia, _) = played.invite(&owner, "mia@example.org", RoleName::Member).await;
    let before = played.call(Some(&owner.session), ReadPerson { account: mia }).await.expect("a person");
    let same = row(2, "Mia Member", "MIA@example.org");
    let other = DraftRow { role: "support".into(), language: "fr".into(), ..row(2, "Mia Moreau", "mia@example.org") };
    assert_eq!(played.check(&owner.session, &[same]).await.expect("verdicts").rows[0].verdict, RowVerdict::Same);
    let checked = played.check(&owner.session, std::slice::from_ref(&other)).await.expect("verdicts");
    assert_eq!(checked.rows[0].name_before.as_deref(), Some("Mia Member"));
    let done = played.import(&owner, &[other]).await.expect("imported");
    assert_eq!((done.added, done.changed), (0, 1));
    let during = played.call(Some(&owner.session), ReadPerson { account: mia }).await.expect("a person");
    assert_eq!((during.person.name.as_str(), during.roles[0].role), ("Mia Moreau", RoleName::Support));
    played.undo(&owner, done.import).await.expect("taken back");
    let after = played.call(Some(&owner.session), ReadPerson { account: mia }).await.expect("still there");
    assert_eq!((after.person.name, after.roles[0].role), (before.person.name, before.roles[0].role));
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_somebody_who_has_signed_in_is_changed() {
    let (played, owner) = Played::begin().await;
    let (_, mia) = played.join(&owner, "mia@example.org", RoleName::Member).await;
    let rows =
        [row(2, "Another Name", &mia.email), role(row(3, "Olive Owner", "olive@example.org"), "member"), row(4, "", "MIA@EXAMPLE.ORG")];
    let checked = played.check(&owner.session, &rows).await.expect("verdicts");
    assert_eq!(reasons(&checked), [Some(RowReason::SignedIn), Some(RowReason::SignedIn), Some(RowReason::Twice)]);
    assert_eq!(checked.rows[2].first_line, Some(2));
    assert_eq!(code(played.import(&owner, &rows).await), RefusalCode::ImportEmpty);
    assert!(played.imports(&owner).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_gives_no_role_that_its_importer_could_not_give() {
    let (played, owner) = Played::begin().await;
    played.call(Some(&owner.session), MakeCommunity { name: "South".into() }).await.expect("made");
    let (_, admin) = played.join(&owner, "adam@example.org", RoleName::Administrator).await;
    let south = played.call(Some(&owner.session), ListPeople::default()).await.expect("a page").communities;
    let south = south.iter().find(|community| community.name == "South").expect("made").id;
    let secret_person = Invite { name: "Sue".into(), email: "sue@example.org".into(), community: Some(south), role: RoleName::Member };
    played.call(Some(&owner.session), secret_person).await.expect("invited");
    let home = played.call(Some(&admin.session), ListPeople::default()).await.expect("a page").communities.remove(0).name;
    let rows = [
        within(row(2, "Ana", "ana@example.org"), &home.to_uppercase()),
        within(row(3, "Ben", "ben@example.org"), "South"),
        within(row(4, "Cem", "cem@example.org"), "Nowhere"),
        role(row(5, "Dee", "dee@example.org"), "administrator"),
        role(row(6, "Eve", "eve@example.org"), "owner"),
        row(7, "Sue", "sue@example.org"),
        role(row(8, "Olive", "olive@example.org"), "member"),
        role(row(9, "Fay", "fay@example.org"), "emperor"),
    ];
    let checked = played.check(&admin.session, &rows).await.expect("verdicts");
    let (unknown, reach, taken) = (Some(RowReason::CommunityUnknown), Some(RowReason::OutOfReach), Some(RowReason::EmailTaken));
    // A community that is elsewhere reads as one that is not there, and whoever is in it only as an address that is taken.
    assert_eq!(reasons(&checked), [None, unknown, unknown, reach, reach, taken, taken, Some(RowReason::RoleUnknown)]);
    assert!(checked.rows[5].community.is_none() && checked.rows[5].role.is_none());
    let of_owner = reasons(&played.check(&owner.session, &rows).await.expect("verdicts"));
    assert_eq!(of_owner[1..5], [None, unknown, Some(RowReason::CommunityMissing), None]);
    assert_eq!(played.import(&admin, &rows).await.expect("imported").added, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn support_and_members_neither_import_nor_undo_and_administrators_undo_their_own() {
    let (played, owner) = Played::begin().await;
    let done = played.import(&owner, &[row(2, "Ana", "ana@example.org")]).await.expect("imported");
    let (_, admin) = played.join(&owner, "adam@example.org", RoleName::Administrator).await;
    assert_eq!(code(played.undo(&admin, done.import).await), RefusalCode::NotAllowed);
    assert!(played.imports(&admin).await.is_empty(), "those of others are not shown");
    for (email, role) in [("sam@example.org", RoleName::Support), ("mia@example.org", RoleName::Member)] {
        let (_, person) = played.join(&owner, email, role).await;
        let session = Some(&person.session);
        let rows = [row(2, "Zed", "zed@example.org")];
        assert_eq!(code(played.call(session, AllowImport {}).await), RefusalCode::NotAllowed);
        assert_eq!(code(played.check(&person.session, &rows).await), RefusalCode::NotAllowed);
        assert_eq!(code(played.import_seen(&person, &rows, "", Told::default()).await), RefusalCode::NotAllowed);
        assert_eq!(code(played.call(session, ListImports {}).await), RefusalCode::NotAllowed);
        assert_eq!(code(played.undo(&person, done.import).await), RefusalCode::NotAllowed);
    }
    assert_eq!(played.entries(&owner, "gate.refused").await.len(), 11, "and each try is written down");
    let wrong = Proof { password: secret("not the password at all"), code: None };
    let rows = vec![row(2, "Zed", "zed@example.org")];
    let seen = played.check(&owner.session, &rows).await.expect("verdicts").seen;
    let request = ImportPeople { file: "x.csv".into(), rows, seen, proof: wrong, told: Told::default() };
    assert_eq!(code(played.call(Some(&owner.session), request).await), RefusalCode::WrongPassword);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_longer_as_it_was_shown_is_not_done() {
    let (played, owner) = Played::begin().await;
    let rows = vec![row(2, "Ana", "ana@example.org"), row(3, "Ben", "ben@example.org")];
    let seen = played.check(&owner.session, &rows).await.expect("verdicts").seen;
    // The file was mended meanwhile.
    let mended = vec![row(2, "Ana", "ana@example.org"), row(3, "Bob", "ben@example.org")];
    assert_eq!(code(played.import_seen(&owner, &mended, &seen, Told::default()).await), RefusalCode::PreflightStale);
    // Somebody was invited meanwhile.
    played.invite(&owner, "ben@example.org", RoleName::Member).await;
    assert_eq!(code(played.import_seen(&owner, &rows, &seen, Told::default()).await), RefusalCode::PreflightStale);
    assert_eq!(played.people(&owner).await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_imports_at_once_one_is_done() {
    let (played, owner) = Played::begin().await;
    let rows = list(40);
    let seen = played.check(&owner.session, &rows).await.expect("verdicts").seen;
    let proof = || Proof { password: secret(PASSWORD), code: None };
    let request =
        || ImportPeople { file: "people.csv".into(), rows: rows.clone(), seen: seen.clone(), proof: proof(), told: Told::default() };
    let session = Some(&owner.session);
    let (first, second) = tokio::join!(played.call(session, request()), played.call(session, request()));
    let mut refused: Vec<_> = [first, second].into_iter().filter_map(|outcome| outcome.err().map(|refusal| refusal.code)).collect();
    assert_eq!(refused.pop(), Some(RefusalCode::PreflightStale));
    assert!(refused.is_empty() && played.people(&owner).await == 39 && played.imports(&owner).await.len() == 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_is_taken_back_until_somebody_of_it_has_come_in() {
    let (played, owner) = Played::begin().await;
    let rows = vec![row(2, "Ana", "ana@example.org"), row(3, "Ben", "ben@example.org"), row(4, "Cem", "cem@example.org")];
    let done = played.import(&owner, &rows).await.expect("imported");
    let ana = played.listed(&owner, "ana").await.expect("Ana");
    // An invitation alone does not hold it.
    let issued = played.call(Some(&owner.session), InviteAgain { account: ana }).await.expect("an invitation");
    assert!(played.imports(&owner).await[0].undo_refused.is_none());
    let ben = played.listed(&owner, "ben").await.expect("Ben");
    played.call(Some(&owner.session), DeactivatePerson { account: ben }).await.expect("deactivated");
    let held = played.imports(&owner).await.remove(0).held_by.expect("somebody");
    assert_eq!((held.why, held.person.expect("Ben").name.as_str()), (MovedBy::Changed, "Ben"));
    assert_eq!(code(played.undo(&owner, done.import).await), RefusalCode::ImportMoved);

    let accept = AcceptInvitation { email: "ana@example.org".into(), code: secret(issued.code.expose()), password: secret(PASSWORD) };
    played.call(None, accept).await.expect("in");
    assert_eq!(code(played.undo(&owner, done.import).await), RefusalCode::ImportMoved);
    assert_eq!(played.people(&owner).await, 4, "nothing of it was taken back");

    let done = played.import(&owner, &[row(2, "Dee", "dee@example.org")]).await.expect("imported");
    let dee = played.listed(&owner, "dee").await.expect("Dee");
    played.come_in(&owner, dee, "dee@example.org").await;
    let held = played.imports(&owner).await.into_iter().find(|past| past.id == done.import).expect("listed").held_by.expect("Dee");
    assert_eq!(held.why, MovedBy::SignedIn);
    assert_eq!(code(played.undo(&owner, done.import).await), RefusalCode::ImportMoved);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_of_somebody_who_was_taken_back_opens_nothing() {
    let (played, owner) = Played::begin().await;
    let done = played.import(&owner, &[row(2, "Ana", "ana@example.org")]).await.expect("imported");
    let ana = played.listed(&owner, "ana").await.expect("Ana");
    let issued = played.call(Some(&owner.session), InviteAgain { account: ana }).await.expect("an invitation");
    played.undo(&owner, done.import).await.expect("taken back");
    let accept = AcceptInvitation { email: "ana@example.org".into(), code: secret(issued.code.expose()), password: secret(PASSWORD) };
    assert_eq!(code(played.call(None, accept).await), RefusalCode::CodeWrong);
    assert_eq!(code(played.first_door("ana@example.org").await), RefusalCode::WrongCredentials);
    assert_eq!(code(played.call(Some(&owner.session), HandOver { account: ana }).await), RefusalCode::NotAllowed);
}

/// Issue 5: ten thousand rows, five hundred of them bad.
#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_rows_with_five_hundred_bad_ones_stop_with_nothing_or_come_whole() {
    let (played, owner) = Played::begin().await;
    let rows = list(10_000);
    let checked = played.check(&owner.session, &rows).await.expect("verdicts");
    assert_eq!(checked.counts, RowCounts { added: 9_500, changed: 0, same: 0, refused: 500 });
    // Stopped half-way.
    let stop = Told::by(Arc::new(|done, total| if done * 2 > total { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }));
    assert_eq!(code(played.import_seen(&owner, &rows, &checked.seen, stop).await), RefusalCode::Stopped);
    assert_eq!(played.people(&owner).await, 1);
    assert!(played.imports(&owner).await.is_empty() && played.entries(&owner, "person.imported").await.is_empty());

    let furthest = Arc::new(AtomicU64::new(0));
    let seen = furthest.clone();
    let told = Told::by(Arc::new(move |done, total| {
        assert!(done <= total && seen.fetch_max(done, Ordering::SeqCst) < done, "it only ever goes on");
        ControlFlow::Continue(())
    }));
    let done = played.import_seen(&owner, &rows, &checked.seen, told).await.expect("imported");
    assert_eq!((done.added, played.people(&owner).await), (9_500, 9_501));
    assert!(furthest.load(Ordering::SeqCst) > 19_000);
    let again = played.check(&owner.session, &rows).await.expect("verdicts").counts;
    assert_eq!(again, RowCounts { added: 0, changed: 0, same: 9_500, refused: 500 });
    played.undo(&owner, done.import).await.expect("taken back");
    assert_eq!(played.people(&owner).await, 1);
    played.authority.store().verify().await.expect("sound");
}
