//! Operations: decided once, and kept with the place of their entry.

use std::sync::Arc;

use domain::{
    Change,
    erasure::{Erase, Places},
    id::DeviceId,
    operation::{Operation, OperationKey, RefusedAs, kept_since, new_key},
    secret_hash::Opaque,
    time::Moment,
};
use tokio::task::JoinSet;
use uuid::Uuid;

use super::ground::*;
use crate::store::{Commit, RecordKey, Store};

fn operation(number: u8, person: u128, at: Moment) -> Operation {
    let id = OperationKey { device: DeviceId(Uuid::from_u128(0xde)), key: new_key(NOW, &[number; 10]) };
    Operation { id, person: account_id(person), digest: Opaque([number; 32]), at, refused: None, journalled: None }
}

fn write_operation(operation: &Operation, place: Option<u64>) -> Change {
    Change::Operation(Box::new(operation.clone()), place)
}

/// A verdict comes back with the index of the entry that it named by its place in the commit; a key that is there is a conflict,
/// whoever else would have used it.
pub async fn a_verdict_is_kept_with_the_place_of_its_entry<S: Store>(store: &Arc<S>) {
    let store = &**store;
    found(store).await;
    write(store, vec![change(person(1, "Ada", &[]))]).await;
    record(store, vec![draft(None, None, &[]), draft(None, None, &[])]).await;
    let one = operation(1, 1, NOW);
    assert!(store.operation(one.id).await.expect("a read").is_none());
    let entries = vec![draft(None, None, &[]), draft(None, None, &[])];
    let absent = || vec![(RecordKey::Operation(one.id), None)];
    let commit = Commit { entries, ..commit_after(absent(), vec![write_operation(&one, Some(1)), change(person(1, "Ada L", &[]))]) };
    assert_eq!(store.commit(commit).await.expect("nobody else"), Some(2));
    let found = store.operation(one.id).await.expect("a read").expect("kept");
    assert_eq!((found.version, found.record.journalled, found.record.person), (1, Some(3), account_id(1)));
    let again = Commit {
        entries: vec![draft(None, None, &[])],
        ..commit_after(absent(), vec![write_operation(&one, Some(0)), change(person(1, "Ada twice", &[]))])
    };
    assert!(is_conflict(&store.commit(again).await));
    assert_eq!(store.journal_size().await.expect("a read"), 4, "and nothing of it is written");
    assert_eq!(store.account(account_id(1)).await.expect("a read").expect("there").record.name.as_str(), "Ada L");

    let refused = Some(RefusedAs { code: "not-allowed".into(), at: Some(7), number: None });
    let two = Operation { refused: refused.clone(), ..operation(2, 1, NOW) };
    write(store, vec![write_operation(&two, None)]).await;
    let found = store.operation(two.id).await.expect("a read").expect("kept").record;
    assert_eq!((found.refused, found.journalled), (refused, None));
    let elsewhere = OperationKey { device: DeviceId(Uuid::from_u128(0xdf)), ..one.id };
    assert!(store.operation(elsewhere).await.expect("a read").is_none(), "another device's key is another");
}

/// Eight at once with one key, each of which would change another record: one does.
pub async fn of_two_operations_with_one_key_one_is_done<S: Store>(store: &Arc<S>) {
    found(&**store).await;
    for round in 0..6u8 {
        let one = operation(round, 1, NOW);
        let mut racing = JoinSet::new();
        for number in 0..8u128 {
            let who = person(u128::from(round) * 10 + number, "Ada", &[]);
            let changes = vec![change(who), write_operation(&one, Some(0))];
            let commit =
                Commit { entries: vec![draft(None, None, &[])], ..commit_after(vec![(RecordKey::Operation(one.id), None)], changes) };
            let store = Arc::clone(store);
            racing.spawn(async move { store.commit(commit).await });
        }
        let (mut done, mut at) = (0, None);
        for outcome in racing.join_all().await {
            match outcome {
                Ok(first) => (done, at) = (done + 1, first),
                outcome => assert!(is_conflict(&outcome), "{outcome:?}"),
            }
        }
        assert_eq!(done, 1, "round {round}");
        let kept = store.operation(one.id).await.expect("a read").expect("kept");
        assert_eq!((kept.version, kept.record.journalled), (1, at));
        assert_eq!(store.journal_size().await.expect("a read"), u64::from(round) + 1);
    }
}

/// What is too old goes with one that is written, and whoever is erased takes theirs along.
pub async fn verdicts_are_let_go_with_time_and_with_whoever_they_were_told<S: Store>(store: &Arc<S>) {
    let store = &**store;
    found(store).await;
    write(store, vec![change(person(1, "Ada", &[])), change(person(2, "Grace", &[]))]).await;
    let since = kept_since(NOW);
    let all = [operation(1, 1, since.plus(-1)), operation(2, 1, since), operation(3, 2, NOW), operation(4, 1, NOW)];
    for one in &all {
        let commit = Commit { at: one.at, ..commit_of(vec![write_operation(one, None)]) };
        store.commit(commit).await.expect("nothing was read");
    }
    let left = async || {
        let mut left = Vec::new();
        for one in &all {
            left.push(store.operation(one.id).await.expect("a read").is_some());
        }
        left
    };
    assert_eq!(left().await, [false, true, true, true]);
    let erase = Erase { account: account_id(1), entries: Places::default() };
    store.commit(commit_of(vec![Change::Erase(Box::new(erase))])).await.expect("nothing was read");
    assert_eq!(left().await, [false, false, true, false]);
}
