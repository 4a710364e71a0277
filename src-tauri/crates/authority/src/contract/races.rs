//! Several at once, and gone in the middle.

use std::{collections::BTreeSet, sync::Arc};

use domain::{Change, readiness::Hour};
use tokio::task::{JoinSet, yield_now};

use super::ground::*;
use crate::store::{Commit, JournalQuery, PeopleQuery, RecordKey, Store};

/// What is spent once is spent once, whoever races for it.
pub async fn of_two_commits_on_one_account_one_wins<S: Store>(store: &Arc<S>) {
    found(&**store).await;
    write(&**store, vec![change(person(1, "Ada", &[]))]).await;
    for round in 1..=25 {
        let spend = || Commit {
            entries: vec![draft(None, Some(account_id(1)), &[])],
            ..commit_after(vec![(RecordKey::Account(account_id(1)), Some(round))], vec![change(person(1, "Ada", &[]))])
        };
        let mut racing = JoinSet::new();
        for _ in 0..2 {
            let (store, commit) = (Arc::clone(store), spend());
            racing.spawn(async move { store.commit(commit).await });
        }
        let outcomes = racing.join_all().await;
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1, "{outcomes:?}");
        assert_eq!(outcomes.iter().filter(|outcome| is_conflict(outcome)).count(), 1, "{outcomes:?}");
    }
    assert_eq!(version(&**store, account_id(1)).await, Some(26));
    let query = JournalQuery { person: None, communities: None, before: None, limit: 100 };
    assert_eq!(store.journal(&query).await.expect("a read").len(), 25);
}

/// A commit dropped at any moment has happened whole or not at all, and the next one finds the store at work.
pub async fn a_commit_that_nobody_waits_for_is_whole_or_nothing<S: Store>(store: &Arc<S>) {
    found(&**store).await;
    for number in 0..60u8 {
        let id = account_id(u128::from(number));
        let mut changes = vec![change(person(u128::from(number), "Ada", &[NORTH]))];
        changes.extend((0..5).map(|_| Change::Session(session(number, id))));
        let commit = Commit { entries: vec![draft(None, Some(id), &[NORTH])], ..commit_of(changes) };
        let task = tokio::spawn({
            let store = Arc::clone(store);
            async move { store.commit(commit).await.is_ok() }
        });
        for _ in 0..u32::from(number) * 3 {
            yield_now().await;
        }
        task.abort();
        let _gone = task.await;

        // Goes to the end of the queue of writers, so whatever was left half done would stand in its way.
        write(&**store, vec![Change::Community(community(SOUTH, "south"))]).await;
        let account = version(&**store, id).await;
        let begun = store.session(session(number, id).id).await.expect("a read").map(|session| session.version);
        let query = JournalQuery { person: Some(id), communities: Some(vec![NORTH]), before: None, limit: 10 };
        let entries = store.journal(&query).await.expect("a read").len();
        let found = (account, begun, entries);
        assert!(found == (Some(1), Some(5), 1) || found == (None, None, 0), "{found:?}");
        let people = store.people(&PeopleQuery::everybody(Hour::plain(NOW), 100)).await.expect("a list");
        assert_eq!(people.rows.iter().any(|listed| listed.id == id), account.is_some(), "lists know how it ended");
    }
}

/// A list is of one moment: two who are written together are never seen apart, and whoever was told that a commit is done
/// finds it in the list.
pub async fn a_list_never_shows_half_a_commit<S: Store>(store: &Arc<S>) {
    let pair = |round: u128| vec![change(person(1, &format!("One {round}"), &[])), change(person(2, &format!("Two {round}"), &[]))];
    write(&**store, pair(0)).await;
    let listed = async |store: &S, search: &str| {
        let query = PeopleQuery { search: search.into(), ..PeopleQuery::everybody(Hour::plain(NOW), 10) };
        let page = store.people(&query).await.expect("a page");
        assert_eq!(page.total, page.rows.len() as u64);
        page.rows.iter().map(|account| account.name.as_str().to_owned()).collect::<Vec<_>>()
    };
    let reading: Vec<_> = (0..2)
        .map(|_| {
            let store = Arc::clone(store);
            tokio::spawn(async move {
                for _ in 0..150 {
                    let names = listed(&store, "").await;
                    let rounds: BTreeSet<&str> = names.iter().filter_map(|name| name.split(' ').nth(1)).collect();
                    assert_eq!((names.len(), rounds.len()), (2, 1), "{names:?}");
                }
            })
        })
        .collect();
    for round in 1..=60 {
        write(&**store, pair(round)).await;
        assert_eq!(listed(&**store, &format!(" {round}")).await, [format!("One {round}"), format!("Two {round}")]);
    }
    for reader in reading {
        reader.await.expect("what a reader saw");
    }
}
