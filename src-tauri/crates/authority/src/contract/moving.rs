//! Moving: everything is given as it is kept, and placed once and in order, or not at all.

use std::sync::Arc;

use domain::{
    Change,
    case::CaseState,
    erasure::Erase,
    evidence::Checkpoint,
    import::{Item, Traits},
    moving::{Arrival, Extent, Kind, Place},
    request::HelpRequest,
};
use uuid::Uuid;

use super::{
    erasure::{batch, case, token},
    ground::*,
    mail::waiting,
};
use crate::store::{CommitError, ImportedItem, ImportedQuery, JournalQuery, KeptEntry, KeptQuery, KeptRecord, Placing, RemovedName, Store};

const ALL: KeptQuery = KeptQuery { person: None, from: None, until: None, start: 0, end: u64::MAX, limit: u32::MAX };
/// What is kept besides documents.
const BY_PLACE: [Kind; 2] = [Kind::Entries, Kind::Checkpoints];

/// Some of everything. Ada (1) is erased and Eve (4) removed; Tom (3) was written since his import, Grace (2) was not.
async fn filled(store: &impl Store) {
    found(store).await;
    let people = [(1, "Ada"), (2, "Grace"), (3, "Tom"), (4, "Eve")].map(|(number, name)| person(number, name, &[NORTH]));
    write(store, people.iter().cloned().map(change).collect()).await;
    let list = batch(1, 2, None);
    let item = |number: usize| Item { account: people[number].id, before: None, after: Traits::of(&people[number]) };
    let mail = waiting(1, &people[1], 0);
    let changes = vec![
        Change::Token(Box::new(token(1, 2, Some(3)))),
        Change::Token(Box::new(token(2, 2, None))),
        Change::Case(Box::new(case(1, 3, 2, CaseState::Open))),
        Change::HelpRequest(HelpRequest { account: people[2].id, asked_at: NOW, dismissed_at: None }),
        Change::Import(Box::new(list.clone())),
        Change::ImportItem(list.id, item(1)),
        Change::ImportItem(list.id, item(2)),
        Change::Mail(Box::new(mail)),
    ];
    write(store, changes).await;
    write(store, vec![change(people[2].clone()), Change::RemoveAccount(people[3].id)]).await;
    let entries = (0..300).map(|number| draft(Some(people[number % 2].id), None, &[[NORTH, SOUTH][number % 2]])).collect();
    record(store, entries).await;
    write(store, vec![Change::Checkpoint(Checkpoint { size: 299, at: NOW, note: "one".into() })]).await;
    let entries = store.traces(people[0].id).await.expect("a look").entries;
    write(store, vec![Change::Erase(Box::new(Erase { account: people[0].id, entries }))]).await;
}

async fn kept(store: &impl Store, kind: Kind, limit: u32) -> Vec<KeptRecord> {
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let page = store.kept_records(kind, after, limit).await.expect("a page");
        let Some(last) = page.last() else { return all };
        assert!(page.len() <= limit as usize && after < Some(last.key), "{kind:?}");
        after = Some(last.key);
        all.extend(page);
    }
}

/// In the order of their keys, whatever the pages; and as many as are counted.
pub async fn every_kind_is_given_as_it_is_kept<S: Store>(store: &Arc<S>) {
    let store = &**store;
    filled(store).await;
    for (kind, count) in Kind::ALL.into_iter().zip([2, 2, 1, 2, 1, 1, 0, 1, 2, 1, 300, 1]) {
        assert_eq!(store.count_records(kind).await.expect("a count"), count, "{kind:?}");
        let all = kept(store, kind, 1_000).await;
        assert_eq!(all.len() as u64, if BY_PLACE.contains(&kind) { 0 } else { count }, "{kind:?}");
        let one_by_one = kept(store, kind, 1).await;
        assert!(all.iter().zip(&one_by_one).all(|(one, other)| one.key == other.key && one.body == other.body), "{kind:?}");
    }
    let removed = kept(store, Kind::RemovedNames, 10).await;
    assert!(removed[0].body.contains("Eve") && removed[0].body.contains("person4@example.org"), "{}", removed[0].body);
    let items = kept(store, Kind::ImportedPeople, 10).await;
    let since: Vec<_> = items.iter().map(|item| (item.key, item.written_since)).collect();
    let import = batch(1, 2, None).id.0;
    assert_eq!(since, [((import, account_id(2).0), false), ((import, account_id(3).0), true)]);
}

fn arrival(parts: u64, arrived: bool) -> Arrival {
    let journal = Extent { size: 300, root: [7; 32] };
    Arrival { parts, arrived, next: Some(Place::first(Kind::People)), ..Arrival::begun(workspace().id, NOW, journal) }
}

fn placing(read: Option<u64>, parts: u64) -> Placing {
    Placing::of(arrival(parts, false), read, NOW)
}

fn entries(range: std::ops::Range<u64>) -> Vec<KeptEntry> {
    let entry = |index: u64| {
        let sealed = journal::seal(draft(None, None, &[NORTH]), workspace().id.0, index, &[(NORTH.0, index + 1)]).expect("an entry");
        KeptEntry {
            index,
            facts: sealed.facts_text().into(),
            facts_key: sealed.facts_key().as_bytes().to_vec(),
            persons: sealed.persons_text().map(str::to_owned),
            persons_key: sealed.persons_key().map(|key| key.as_bytes().to_vec()),
            leaf: sealed.leaf().as_bytes().to_vec(),
        }
    };
    range.map(entry).collect()
}

/// Of two who hand over the same part, one does; entries follow on; and of a part that is refused nothing is there.
pub async fn parts_are_placed_once_and_in_order<S: Store>(store: &Arc<S>) {
    let store = &**store;
    assert!(store.arrival().await.expect("a read").is_none());
    store.place(placing(None, 0)).await.expect("begun");
    assert!(is_conflict(&store.place(placing(None, 0)).await), "begun twice");
    assert_eq!(store.arrival().await.expect("a read").map(|found| (found.version, found.record)), Some((1, arrival(0, false))));
    let with = |read, range| Placing { entries: entries(range), ..placing(Some(read), read) };
    store.place(with(1, 0..3)).await.expect("the first part");
    assert!(is_conflict(&store.place(with(1, 3..5)).await), "handed over twice");
    let gap = Placing { changes: vec![Change::Community(community(NORTH, "North"))], ..with(2, 4..6) };
    assert!(is_conflict(&store.place(gap).await), "entry 3 is missing");
    assert_eq!((store.journal_size().await.expect("a size"), store.count_records(Kind::Communities).await.expect("a count")), (3, 0));
    let (one, other) = tokio::join!(store.place(with(2, 3..5)), store.place(with(2, 3..5)));
    assert!(one.is_ok() != other.is_ok(), "one of two");
    assert_eq!(store.journal_size().await.expect("a size"), 5);
}

/// Emptied and filled again from what it gave, a store gives the same; and numbers on from there.
pub async fn what_was_placed_is_what_was_kept<S: Store>(store: &Arc<S>) {
    let store = &**store;
    store.place(placing(None, 0)).await.expect("begun");
    let [communities, people] = [vec![Change::Community(community(NORTH, "North"))], vec![change(person(1, "Ada", &[NORTH]))]];
    store.place(Placing { changes: communities, ..placing(Some(1), 1) }).await.expect("communities");
    store.place(Placing { changes: people, ..placing(Some(2), 2) }).await.expect("people");
    let removed = vec![RemovedName { id: account_id(4), name: "Eve".into(), email: "eve@example.org".into() }];
    store.place(Placing { removed, ..placing(Some(3), 3) }).await.expect("names");
    let list = batch(1, 1, None);
    store.place(Placing { changes: vec![Change::Import(Box::new(list.clone()))], ..placing(Some(4), 4) }).await.expect("imports");
    let item = |number| Item { account: account_id(number), before: None, after: Traits::of(&person(number, "Somebody", &[])) };
    let imported = [(1, false), (9, true)];
    let imported = imported.map(|(number, written_since)| ImportedItem { import: list.id, item: item(number), written_since }).to_vec();
    store.place(Placing { imported, ..placing(Some(5), 5) }).await.expect("what it did");
    store.place(Placing { entries: entries(0..300), ..placing(Some(6), 6) }).await.expect("entries");
    let founding = Placing { arrival: arrival(7, true), changes: vec![Change::Workspace(Box::new(workspace()))], ..placing(Some(7), 7) };
    let arriving = Placing { drafts: vec![draft(None, None, &[NORTH])], ..founding };
    store.place(arriving).await.expect("arrived");

    let since: Vec<_> = kept(store, Kind::ImportedPeople, 1).await.iter().map(|item| (item.key.1, item.written_since)).collect();
    assert_eq!(since, [(account_id(1).0, false), (account_id(9).0, true)]);
    let query = ImportedQuery { import: list.id, written_since: true, after: None, limit: 10 };
    let found = store.import_people(&query).await.expect("a read");
    assert_eq!(found.iter().map(|found| found.person.item.account).collect::<Vec<_>>(), [account_id(9)]);
    let names = kept(store, Kind::RemovedNames, 1).await;
    assert_eq!(names.iter().map(|name| name.key.0).collect::<Vec<Uuid>>(), [account_id(4).0]);
    let all = store.kept_entries(&ALL).await.expect("entries");
    let same = |(one, other): (&KeptEntry, &KeptEntry)| one.index == other.index && one.leaf == other.leaf && one.facts == other.facts;
    assert!(all.iter().zip(&entries(0..300)).all(same) && all.len() == 301, "and the one that was numbered after them");
    let query = JournalQuery { person: None, communities: Some(vec![NORTH]), before: None, limit: 3 };
    let lines = store.journal(&query).await.expect("a journal that verifies");
    assert_eq!(lines[0].entry.communities(), [(NORTH.0, 301)], "it counts on");
}

/// Until there is a workspace.
pub async fn an_arrival_is_emptied_until_it_has_arrived<S: Store>(store: &Arc<S>) {
    let store = &**store;
    for _ in 0..2 {
        store.place(placing(None, 0)).await.expect("begun");
        let changes = vec![Change::Community(community(NORTH, "North")), change(person(1, "Ada", &[NORTH]))];
        store.place(Placing { changes, entries: entries(0..3), ..placing(Some(1), 1) }).await.expect("placed");
        store.discard_arrival().await.expect("emptied");
        assert!(store.arrival().await.expect("a read").is_none());
        for kind in Kind::ALL {
            assert_eq!(store.count_records(kind).await.expect("a count"), 0, "{kind:?}");
        }
        let listed = store.people(&crate::store::PeopleQuery::everybody(domain::readiness::Hour::plain(NOW), 10)).await.expect("a list");
        assert_eq!(listed.total, 0);
    }
    store.place(Placing { changes: vec![Change::Workspace(Box::new(workspace()))], ..placing(None, 0) }).await.expect("arrived");
    assert!(matches!(store.discard_arrival().await, Err(CommitError::Conflict)), "it is there");
}
