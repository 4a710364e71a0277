//! Several at once, and gone in the middle.

use std::sync::Arc;

use domain::Change;
use tokio::task::{JoinSet, yield_now};

use super::ground::*;
use crate::store::{Commit, JournalQuery, RecordKey, Store};

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
    }
}
