//! Commits of many records: they are what as many small ones would be, and never half of it.

use std::{
    ops::ControlFlow,
    sync::{Arc, Mutex},
};

use domain::{
    Change,
    account::Account,
    import::{Item, Traits},
    readiness::{Hour, PeopleState},
    throttle::{Failures, Limits},
};

use super::{desk::case, erasure::batch, ground::*};
use crate::store::{Commit, CommitError, ImportedQuery, JournalQuery, Only, PeopleQuery, RecordKey, Store};

/// More than any store writes at once, and no round number.
const MANY: u128 = 677;
/// Neither first nor last of anything.
const MIDDLE: u128 = 333;

fn everybody() -> impl Iterator<Item = u128> {
    1..=MANY
}

/// Of three people, one holds no role, one holds one, and one holds two.
fn resident(number: u128) -> Account {
    person(number, &format!("Person {number}"), &[NORTH, SOUTH][..(number % 3) as usize])
}

async fn listed(store: &impl Store) -> u64 {
    store.people(&PeopleQuery::everybody(Hour::plain(NOW), 1)).await.expect("a list").total
}

/// Each is there with its version, its roles, its place in an import and its entry.
pub async fn many_records_are_written_as_they_would_be_one_by_one<S: Store>(store: &Arc<S>) {
    found(&**store).await;
    // Somebody who stays.
    write(&**store, vec![change(person(MANY + 2, "Importer", &[]))]).await;
    let import = batch(1, MANY + 2, None);
    let imported = |account: Account| {
        let item = Item { account: account.id, before: None, after: Traits::of(&account) };
        [change(account), Change::ImportItem(import.id, item)]
    };
    let mut changes = vec![Change::Import(Box::new(import.clone()))];
    changes.extend(everybody().flat_map(|number| imported(resident(number))));
    // Who is written once more after that was not left as the import left them.
    changes.push(change(person(MANY, "Twice", &[SOUTH])));
    let entry = |number: u128| draft(None, Some(account_id(number)), &[[NORTH, SOUTH][(number % 2) as usize]]);
    let entries = everybody().map(entry).collect();
    let first = store.commit(Commit { entries, ..commit_of(changes) }).await.expect("nothing was read");
    assert_eq!((first, listed(&**store).await), (Some(0), MANY as u64 + 1));

    let mut query = ImportedQuery { import: import.id, written_since: false, after: None, limit: 10_000 };
    assert_eq!(store.import_people(&query).await.expect("a read").len() as u128, MANY);
    query.written_since = true;
    let since = store.import_people(&query).await.expect("a read");
    assert_eq!(since.iter().map(|found| (found.person.item.account, found.version)).collect::<Vec<_>>(), [(account_id(MANY), Some(2))]);
    let twice = store.account(account_id(MANY)).await.expect("a read").expect("there").record;
    assert_eq!((twice.name.as_str(), twice.memberships.len()), ("Twice", 1));
    let held = |roles: u128| everybody().filter(|number| *number != MANY && number % 3 >= roles).count() as u64;
    assert_eq!(store.community_sizes().await.expect("a read"), [(NORTH, held(1)), (SOUTH, held(2) + 1)]);

    let query = JournalQuery { person: None, communities: None, before: None, limit: 10_000 };
    let lines = store.journal(&query).await.expect("entries that verify");
    let told: Vec<_> = lines.iter().rev().map(|line| (line.entry.subject(), line.entry.communities()[0].1)).collect();
    let expected: Vec<_> = everybody().map(|number| (Some(account_id(number).0), (number as u64).div_ceil(2))).collect();
    assert_eq!(told, expected, "in order, and numbered in each community");

    // One after the other, each takes the address that the one before gave up.
    let mut handed_on = vec![change(Account { email: person(MANY + 1, "Next", &[]).email, ..resident(1) })];
    handed_on.extend((2..=MANY).map(|number| change(Account { email: resident(number - 1).email, ..resident(number) })));
    write(&**store, handed_on).await;
    let there = store.account_by_email(resident(MIDDLE).email.as_str()).await.expect("a read").expect("there");
    assert_eq!((there.record.id, there.version), (account_id(MIDDLE + 1), 2));

    // And away again, each with what is theirs.
    let read = everybody().map(|number| (RecordKey::Account(account_id(number)), Some(if number == MANY { 3 } else { 2 }))).collect();
    let mut changes: Vec<Change> = everybody().map(|number| Change::RemoveAccount(account_id(number))).collect();
    // Whoever comes in their place may have an address of theirs.
    changes.push(change(Account { email: resident(MIDDLE).email, ..person(MANY + 1, "Next", &[NORTH]) }));
    store.commit(commit_after(read, changes)).await.expect("nothing has changed");
    assert_eq!(store.community_sizes().await.expect("a read"), [(NORTH, 1)]);
    assert_eq!(listed(&**store).await, 2);
}

/// A version, an address, somebody who is named, somebody who watches: whatever it is, nothing was written.
pub async fn a_fault_in_the_middle_of_many_writes_nothing<S: Store>(store: &Arc<S>) {
    found(&**store).await;
    write(&**store, everybody().map(|number| change(resident(number))).collect()).await;
    write(&**store, vec![change(resident(MIDDLE)), Change::Case(Box::new(case(1, MIDDLE, 1, NOW)))]).await;
    let read = |middle: Option<u64>| -> Vec<(RecordKey, Option<u64>)> {
        everybody().map(|number| (RecordKey::Account(account_id(number)), if number == MIDDLE { middle } else { Some(1) })).collect()
    };
    let renamed = |number: u128| person(number, "Renamed", &[]);
    let entries = || everybody().map(|number| draft(None, Some(account_id(number)), &[NORTH])).collect::<Vec<_>>();
    let rename = || everybody().map(|number| change(renamed(number))).collect::<Vec<_>>();
    for stale in [Some(1), Some(3), None] {
        let outcome = store.commit(Commit { entries: entries(), ..commit_after(read(stale), rename()) }).await;
        assert!(is_conflict(&outcome), "{stale:?}: {outcome:?}");
    }
    let mut taken = rename();
    taken[MIDDLE as usize] = change(Account { email: resident(MANY).email, ..renamed(MIDDLE + 1) });
    let outcome = store.commit(Commit { entries: entries(), ..commit_after(read(Some(2)), taken) }).await;
    assert!(matches!(outcome, Err(CommitError::EmailTaken)), "{outcome:?}");
    let gone = everybody().map(|number| Change::RemoveAccount(account_id(number))).collect();
    let outcome = store.commit(Commit { entries: entries(), ..commit_after(read(Some(2)), gone) }).await;
    assert!(is_conflict(&outcome), "a case names one of them: {outcome:?}");
    // Nobody of that identifier, among many who are there.
    let gone = (1..=MANY).map(|number| Change::RemoveAccount(account_id(if number == MIDDLE { MANY + 9 } else { number }))).collect();
    let outcome = store.commit(Commit { entries: entries(), ..commit_of(gone) }).await;
    assert!(is_conflict(&outcome), "one of them is not there: {outcome:?}");

    let told = Mutex::new(Vec::new());
    let total = 2 * MANY as u64;
    for stop in [0, total / 2, total] {
        told.lock().expect("told").clear();
        let watch = |done: u64, of: u64| {
            assert_eq!(of, total);
            told.lock().expect("told").push(done);
            if done > stop { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        let outcome = store.commit_watched(Commit { entries: entries(), ..commit_after(read(Some(2)), rename()) }, &watch).await;
        let told = told.lock().expect("told").clone();
        assert!(told.is_sorted_by(|earlier, later| earlier < later && later - earlier <= 300) && told[0] <= 300, "{told:?}");
        assert_eq!(matches!(outcome, Err(CommitError::Stopped)), stop < total, "{outcome:?}");
        let left = if stop < total { "Person 1" } else { "Renamed" };
        assert_eq!(store.account(account_id(1)).await.expect("a read").expect("there").record.name.as_str(), left);
        assert_eq!(store.journal_size().await.expect("a size"), if stop < total { 0 } else { MANY as u64 });
    }
    assert_eq!((listed(&**store).await, version(&**store, account_id(MIDDLE)).await), (MANY as u64, Some(3)));
}

/// Of many accounts that are made, one has an address that somebody had tried, and one is no longer whom it was said to be.
pub async fn many_counts_are_named_as_one_is<S: Store>(store: &Arc<S>) {
    found(&**store).await;
    let keys = |number: u128| {
        [1u8, 2].map(|what| {
            let mut key = [what; 32];
            key[..16].copy_from_slice(&number.to_be_bytes());
            key
        })
    };
    let mut failures = Failures::default();
    (0..5).for_each(|_| {
        failures.fail(&Limits::default(), NOW);
    });
    let (tried, moved) = (MIDDLE, MIDDLE + 1);
    let counts = [keys(tried)[0], keys(MANY + 1)[1]].map(|key| Change::Throttle(key, failures.clone()));
    write(&**store, counts.to_vec()).await;
    write(&**store, vec![change(resident(moved)), Change::CountsOf(Some(account_id(moved)), keys(MANY + 1))]).await;
    let locked = async || {
        let only = Only { being: None, state: Some(PeopleState::Locked) };
        let page = store.people(&PeopleQuery { only, ..PeopleQuery::everybody(Hour::plain(NOW), 10) }).await.expect("a page");
        page.rows.iter().map(|account| account.id).collect::<Vec<_>>()
    };
    assert_eq!(locked().await, [account_id(moved)]);
    let mut changes: Vec<Change> = everybody().map(|number| change(resident(number))).collect();
    changes.extend(everybody().map(|number| Change::CountsOf(Some(account_id(number)), keys(number))));
    write(&**store, changes).await;
    assert_eq!(locked().await, [account_id(tried)]);
    // Of two that are said of one account, the last holds.
    let mut changes: Vec<Change> = everybody().map(|number| Change::CountsOf(Some(account_id(number)), keys(number))).collect();
    changes.push(Change::CountsOf(Some(account_id(tried)), keys(MANY + 2)));
    write(&**store, changes).await;
    assert_eq!(locked().await, []);
}
