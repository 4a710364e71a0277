//! Many at the same moment, each about a person of their own: what a store does for several at once is as if each had come alone.

use std::sync::Arc;

use domain::{Change, account::Account, readiness::Hour, words::Email};
use tokio::{
    sync::Barrier,
    task::{JoinSet, yield_now},
};

use super::ground::*;
use crate::store::{Commit, CommitError, JournalQuery, PeopleQuery, RecordKey, Store, Whose};

const CROWD: u8 = 24;

fn somebody(number: u8, name: &str) -> Account {
    person(u128::from(number), name, &[if number.is_multiple_of(4) { SOUTH } else { NORTH }])
}

fn rests_on(number: u8, version: u64, ground: u64) -> Vec<(RecordKey, Option<u64>)> {
    let account = RecordKey::Account(account_id(u128::from(number)));
    vec![(RecordKey::Workspace, Some(ground)), (RecordKey::Community(NORTH), Some(1)), (account, Some(version))]
}

/// Of those who come at once some rest on what is no longer so, and some ask for what another has. The others are not held up.
pub async fn many_at_once_have_each_their_own_verdict<S: Store>(store: &Arc<S>) {
    found(&**store).await;
    write(&**store, (0..CROWD).map(|number| change(somebody(number, "Before"))).collect()).await;
    write(&**store, vec![change(person(99, "Another", &[]))]).await;
    for round in 1..=4 {
        let (mut racing, start) = (JoinSet::new(), Arc::new(Barrier::new(CROWD.into())));
        for number in 0..CROWD {
            let known = version(&**store, account_id(number.into())).await.expect("they are there");
            let moved = person(number.into(), &format!("After {number} {round}"), &[if round % 2 == 1 { NORTH } else { SOUTH }]);
            let (read, account) = match number % 6 {
                1 => (rests_on(number, known + 1, 1), moved),
                2 => (rests_on(number, known, 1), Account { email: Email::read("person99@example.org").expect("an address"), ..moved }),
                3 => (rests_on(number, known, 2), moved),
                _ => (rests_on(number, known, 1), moved),
            };
            let id = Some(account_id(number.into()));
            let entries = vec![draft(id, None, &[NORTH]), draft(None, id, &[SOUTH])];
            let commit = Commit { entries, ..commit_after(read, vec![change(account)]) };
            let (store, start) = (Arc::clone(store), Arc::clone(&start));
            racing.spawn(async move {
                start.wait().await;
                // Some ask for their place in the journal, most do not.
                let outcome = if number % 5 == 0 { store.commit(commit).await.map(drop) } else { store.commit_unasked(commit).await };
                (number, outcome)
            });
        }
        for (number, outcome) in racing.join_all().await {
            let as_promised = match number % 6 {
                1 | 3 => is_conflict(&outcome),
                2 => matches!(outcome, Err(CommitError::EmailTaken)),
                _ => outcome.is_ok(),
            };
            assert!(as_promised, "{number} in round {round}: {outcome:?}");
        }
        let listed = store.people(&PeopleQuery::everybody(Hour::plain(NOW), 100)).await.expect("a list").rows;
        for number in 0..CROWD {
            let id = account_id(number.into());
            let refused = matches!(number % 6, 1..=3);
            let name = if refused { "Before".to_owned() } else { format!("After {number} {round}") };
            assert_eq!(listed.iter().find(|one| one.id == id).map(|one| one.name.as_str().to_owned()), Some(name));
            assert_eq!(version(&**store, id).await, Some(if refused { 1 } else { 1 + round }));
            let query = JournalQuery { person: Some(id), communities: None, before: None, limit: 100 };
            let told = store.journal(&query).await.expect("entries");
            assert_eq!(told.len() as u64, if refused { 0 } else { 2 * round }, "{number}");
            // Newest first, and those of one commit beside each other.
            for pair in told.chunks(2) {
                assert_eq!((pair[0].entry.index(), pair[1].entry.actor()), (pair[1].entry.index() + 1, Some(id.0)));
            }
        }
        let refused_in =
            |place| (0..CROWD).filter(|number| matches!(number % 6, 1..=3) && (number % 4 == 0) == (place == SOUTH)).count() as u64;
        let (others, here) = (u64::from(CROWD) / 2, if round % 2 == 1 { NORTH } else { SOUTH });
        let expected = |place| refused_in(place) + if place == here { others } else { 0 };
        assert_eq!(store.community_sizes().await.expect("a read"), [(NORTH, expected(NORTH)), (SOUTH, expected(SOUTH))]);
    }
}

/// Of those who are told of one record at once each is told of their own.
pub async fn many_who_ask_at_once_are_each_told_of_their_own<S: Store>(store: &Arc<S>) {
    found(&**store).await;
    write(&**store, (0..CROWD).map(|number| change(somebody(number, "Somebody"))).collect()).await;
    let (mut asking, start) = (JoinSet::new(), Arc::new(Barrier::new(usize::from(CROWD) + 4)));
    // Some address twice, some of nobody, and one that could not be written anywhere.
    let known = (0..CROWD).map(|number| (format!("person{number}@example.org"), Some(account_id(number.into()))));
    let others = [("person3@example.org", Some(account_id(3))), ("nobody@example.org", None), ("", None), ("person4\0@example.org", None)];
    for (address, whose) in known.chain(others.map(|(address, whose)| (address.to_owned(), whose))) {
        let (store, start) = (Arc::clone(store), Arc::clone(&start));
        asking.spawn(async move {
            start.wait().await;
            let here = store.standing(Whose::Email(&address)).await.expect("a read");
            assert_eq!((here.communities.len(), here.workspace.map(|found| found.version)), (2, Some(1)));
            assert_eq!(here.account.map(|found| (found.record.id, found.version)), whose.map(|id| (id, 1)), "{address:?}");
        });
    }
    asking.join_all().await;
}

/// Whoever is given up in the middle of a crowd was written whole or not at all, and nothing of it happens after what comes later.
pub async fn of_a_crowd_some_are_given_up<S: Store>(store: &Arc<S>) {
    found(&**store).await;
    write(&**store, (0..CROWD).map(|number| change(somebody(number, "Before"))).collect()).await;
    for round in 0..20_u32 {
        let mut crowd = Vec::new();
        for number in 0..CROWD {
            let id = account_id(number.into());
            let known = version(&**store, id).await.expect("they are there");
            let entries = vec![draft(None, Some(id), &[NORTH])];
            let commit = Commit { entries, ..commit_after(rests_on(number, known, 1), vec![change(somebody(number, "After"))]) };
            let store = Arc::clone(store);
            crowd.push(tokio::spawn(async move { store.commit_unasked(commit).await.is_ok() }));
        }
        for _ in 0..round * 4 {
            yield_now().await;
        }
        for given_up in crowd.iter().step_by(2) {
            given_up.abort();
        }
        let mut sure = 0;
        for (at, one) in crowd.into_iter().enumerate() {
            let done = one.await;
            sure += usize::from(at % 2 == 1 && done.is_ok_and(|done| done));
        }
        assert_eq!(sure, usize::from(CROWD / 2), "whoever was waited for was written");
        // Waits for whatever was given up.
        write(&**store, vec![Change::Community(community(SOUTH, "south"))]).await;
        let state = async || {
            let mut state = Vec::new();
            for number in 0..CROWD {
                let id = account_id(number.into());
                let query = JournalQuery { person: Some(id), communities: None, before: None, limit: 100 };
                let told = store.journal(&query).await.expect("entries").len() as u64;
                let version = version(&**store, id).await;
                assert_eq!(version, Some(1 + told), "{number}: whole or not at all");
                state.push(told);
            }
            state
        };
        assert_eq!(state().await, state().await, "nothing goes on");
    }
}
