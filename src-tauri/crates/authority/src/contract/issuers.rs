//! Issuers of codes: each number of a key is one person's at one device, whoever else asks at the same moment.

use std::sync::Arc;

use domain::{
    Change,
    id::DeviceId,
    offline::{EpochKeyId, Issuer, IssuerId, IssuerNumber, IssuerRecord, KeyEpoch, Way},
    secret_hash::Opaque,
};
use tokio::task::JoinSet;
use uuid::Uuid;

use super::ground::*;
use crate::store::{RecordKey, Store};

const KEY: EpochKeyId = EpochKeyId(Opaque([3; 16]));
const OTHER: EpochKeyId = EpochKeyId(Opaque([4; 16]));

fn issuer(key: EpochKeyId, number: u16, staff: u128) -> IssuerRecord {
    let issuer = Issuer {
        way: Way::Grant,
        epoch: KeyEpoch::new(0).expect("an epoch"),
        number: IssuerNumber::new(number).expect("a number"),
        device: DeviceId(Uuid::from_u128(7)),
        staff: account_id(staff),
    };
    IssuerRecord::new(issuer, key, NOW.plus(i64::from(number)))
}

fn written(record: &IssuerRecord) -> Change {
    Change::Issuer(Box::new(record.clone()))
}

/// An issuer comes back as written, under growing versions; somebody's is the one with the highest number of a key; the latest come first.
pub async fn issuers_are_found_by_key_and_number_and_by_whose_they_are<S: Store>(store: &Arc<S>) {
    let store = &**store;
    assert_eq!(store.last_issuer(KEY).await.expect("a read"), None);
    let all = [issuer(KEY, 0, 1), issuer(KEY, 1, 2), issuer(KEY, 300, 1), issuer(OTHER, 4095, 1)];
    write(store, all.iter().map(written).collect()).await;
    let found = store.issuer(all[0].id()).await.expect("a read").expect("there");
    assert_eq!((found.version, &found.record), (1, &all[0]));
    assert!(store.issuer(IssuerId { number: IssuerNumber::new(2).expect("a number"), ..all[0].id() }).await.expect("a read").is_none());
    let device = all[0].device;
    let theirs = async |key, staff| {
        let found = store.issuer_of(key, device, account_id(staff)).await.expect("a read");
        found.map(|found| found.record.number.get())
    };
    assert_eq!(
        (theirs(KEY, 1).await, theirs(KEY, 2).await, theirs(OTHER, 1).await, theirs(OTHER, 2).await),
        (Some(300), Some(1), Some(4095), None)
    );
    assert!(store.issuer_of(KEY, DeviceId(Uuid::from_u128(8)), account_id(1)).await.expect("a read").is_none(), "of that desktop alone");
    assert_eq!(store.last_issuer(KEY).await.expect("a read"), Some(all[2].id()));
    assert_eq!(store.last_issuer(OTHER).await.expect("a read"), Some(all[3].id()));

    let mut moved = all[0].clone();
    assert!(moved.renew(20, NOW.plus(9_000)));
    let commit = commit_after(vec![(RecordKey::Issuer(moved.id()), Some(1))], vec![written(&moved)]);
    store.commit(commit).await.expect("as it was read");
    let stale = commit_after(vec![(RecordKey::Issuer(moved.id()), Some(1))], vec![written(&all[0])]);
    assert!(is_conflict(&store.commit(stale).await));
    let found = store.issuer(moved.id()).await.expect("a read").expect("there");
    assert_eq!((found.version, &found.record), (2, &moved));
    let since = async |at, limit| {
        let found = store.issuers(NOW.plus(at), limit).await.expect("a read");
        found.into_iter().map(|found| found.record.number.get()).collect::<Vec<_>>()
    };
    let touched = moved.touched_at().since(NOW);
    assert_eq!(since(touched, 10).await, [0]);
    assert_eq!(since(i64::MIN / 2, 2).await, [0, 4095], "so many at most");
}

/// Those of one device are found without those of all the others, the latest first, however many there are.
pub async fn issuers_are_found_by_their_device<S: Store>(store: &Arc<S>) {
    let store = &**store;
    let elsewhere = |number: u16| IssuerRecord { device: DeviceId(Uuid::from_u128(100 + u128::from(number))), ..issuer(KEY, number, 1) };
    let mut all: Vec<Change> = (0..IssuerNumber::COUNT - 3).map(|number| written(&elsewhere(number))).collect();
    let here = [issuer(KEY, IssuerNumber::COUNT - 2, 2), issuer(KEY, IssuerNumber::COUNT - 3, 1), issuer(OTHER, 7, 1)];
    all.extend(here.iter().map(written));
    for part in all.chunks(500) {
        write(store, part.to_vec()).await;
    }
    let device = here[0].device;
    assert_eq!(store.issuers_at(device, 10).await.expect("a read"), here);
    assert_eq!(store.issuers_at(device, 2).await.expect("a read"), here[..2], "so many at most");
    assert!(store.issuers_at(DeviceId(Uuid::from_u128(8)), 10).await.expect("a read").is_empty());
}

/// Many are given the next number at once: one of them has it, the others ask anew.
pub async fn a_number_is_given_to_one<S: Store>(store: &Arc<S>) {
    for number in 0..6 {
        let mut racing = JoinSet::new();
        for staff in 1..=6 {
            let record = issuer(KEY, number, staff);
            let commit = commit_after(vec![(RecordKey::Issuer(record.id()), None)], vec![written(&record)]);
            let store = Arc::clone(store);
            racing.spawn(async move { store.commit(commit).await.map(drop) });
        }
        let outcomes = racing.join_all().await;
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1, "{outcomes:?}");
    }
}
