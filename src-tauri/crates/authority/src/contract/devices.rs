//! Devices: found by their code while it waits, listed by when they were invited, and their sessions.

use std::sync::Arc;

use domain::{
    Change,
    device::{CodeHash, Device, PublicKey, State},
    id::DeviceId,
    secret_hash::Opaque,
    session::Session,
    words::Name,
};
use tokio::task::JoinSet;
use uuid::Uuid;

use super::ground::*;
use crate::store::{CommitError, DeviceQuery, RecordKey, Store};

pub(super) fn device(number: u8, state: State) -> Device {
    Device {
        id: DeviceId(Uuid::from_u128(0xde_0000 + u128::from(number))),
        name: Name::read(&format!("Desk {number}")).expect("a name"),
        state,
        invited_by: Some(account_id(2)),
        // Two at one moment.
        invited_at: NOW.plus(i64::from(number / 2)),
        person: None,
        seen_at: None,
        signed_in: Vec::new(),
        told: Vec::new(),
    }
}

fn hash(number: u8) -> CodeHash {
    Opaque([number; 32])
}

pub(super) fn invited(number: u8) -> State {
    State::Invited { hash: hash(number), expires_at: NOW.plus(i64::from(number)) }
}

pub(super) fn paired() -> State {
    // The base point of the curve: any key that is none of small order.
    let mut key = [0x66; 32];
    key[0] = 0x58;
    State::Paired { key: PublicKey::from_bytes(key).expect("a key"), paired_at: NOW }
}

pub(super) fn revoked(by: u128) -> State {
    State::Revoked { at: NOW, by: Some(account_id(by)), paired: None }
}

pub(super) fn write_device(device: &Device) -> Change {
    Change::Device(Box::new(device.clone()))
}

/// A device comes back as written, under growing versions, and is found by its code until it has none; a code belongs to one.
pub async fn devices_are_found_by_the_code_that_waits<S: Store>(store: &Arc<S>) {
    let store = &**store;
    let one = device(1, invited(1));
    store.commit(commit_after(vec![(RecordKey::Device(one.id), None)], vec![write_device(&one)])).await.expect("there was none");
    let found = store.device(one.id).await.expect("a read").expect("there");
    assert_eq!((found.version, format!("{:?}", found.record)), (1, format!("{one:?}")));
    assert!(store.device(device(2, paired()).id).await.expect("a read").is_none());
    assert_eq!(store.device_invited_by(hash(1)).await.expect("a read").expect("by its code").record.id, one.id);
    assert!(store.device_invited_by(hash(2)).await.expect("a read").is_none());
    let twin = store.commit(commit_of(vec![write_device(&device(2, invited(1)))])).await;
    assert!(matches!(twin, Err(CommitError::Conflict)), "{twin:?}");

    let used = Device { state: paired(), person: Some(account_id(1)), seen_at: Some(NOW), ..one.clone() };
    write(store, vec![write_device(&used)]).await;
    assert!(store.device_invited_by(hash(1)).await.expect("a read").is_none(), "it is spent");
    let found = store.device(one.id).await.expect("a read").expect("there");
    assert_eq!((found.version, format!("{:?}", found.record)), (2, format!("{used:?}")));
    let stale = commit_after(vec![(RecordKey::Device(one.id), Some(1))], vec![write_device(&one)]);
    assert!(is_conflict(&store.commit(stale).await));
    write(store, vec![write_device(&device(2, invited(1)))]).await;
}

/// The latest comes first; pages miss none and repeat none; those of no use are listed when they are asked for.
pub async fn devices_are_listed_by_when_they_were_invited<S: Store>(store: &Arc<S>) {
    let store = &**store;
    let all = [device(1, invited(1)), device(2, paired()), device(3, invited(3)), device(4, revoked(2)), device(5, paired())];
    write(store, all.iter().map(write_device).collect()).await;
    let listed = async |at, gone| {
        let (mut query, mut numbers) = (DeviceQuery { at: NOW.plus(at), gone, after: None, limit: 2 }, Vec::new());
        loop {
            let page = store.devices(&query).await.expect("a read");
            numbers.extend(page.rows.iter().map(|device| device.id.0.as_u128() - 0xde_0000));
            match page.next {
                Some(next) => query.after = Some(next),
                None => return (numbers, page.total, page.gone),
            }
        }
    };
    assert_eq!(listed(0, false).await, (vec![5, 3, 2, 1], 4, 1));
    assert_eq!(listed(1, false).await, (vec![5, 3, 2], 3, 2), "a code is of no use from that very second on");
    assert_eq!(listed(3, false).await, (vec![5, 2], 2, 3));
    assert_eq!(listed(3, true).await, (vec![5, 4, 3, 2, 1], 5, 3));
}

/// The sessions that began through a device end, whosever they are, and no others.
pub async fn sessions_through_a_device_end_with_it<S: Store>(store: &Arc<S>) {
    let store = &**store;
    let (one, two) = (device(1, paired()), device(2, paired()));
    let through = |number, account, device: Option<&Device>| Session { device: device.map(|device| device.id), ..session(number, account) };
    let sessions = [
        through(1, account_id(1), Some(&one)),
        through(2, account_id(2), Some(&one)),
        through(3, account_id(1), Some(&two)),
        through(4, account_id(1), None),
        through(5, account_id(1), Some(&one)),
    ];
    let mut changes = vec![change(person(1, "Ada", &[])), change(person(2, "Grace", &[])), write_device(&one), write_device(&two)];
    changes.extend(sessions.iter().map(|session| Change::Session(session.clone())));
    write(store, changes).await;
    assert_eq!(store.session(sessions[0].id).await.expect("a read").expect("there").record.device, Some(one.id));
    let there = async |limit| store.signed_in_through(one.id, limit).await.expect("a read");
    assert_eq!(there(10).await, [account_id(1), account_id(2)], "each once");
    assert_eq!(there(1).await, [account_id(1)], "so many at most");
    // The session in which it is revoked may be one of them.
    write(
        store,
        vec![
            Change::Session(sessions[1].clone()),
            write_device(&Device { state: revoked(2), ..one.clone() }),
            Change::EndSessionsThrough(one.id),
        ],
    )
    .await;
    let mut left = Vec::new();
    for session in &sessions {
        left.push(store.session(session.id).await.expect("a read").is_some());
    }
    assert_eq!(left, [false, false, true, true, false]);
    assert!(there(10).await.is_empty());
}

/// Many sign in through a device at the moment in which it is revoked: whoever comes first, no session is left.
pub async fn no_session_outlives_its_device<S: Store>(store: &Arc<S>) {
    write(&**store, vec![change(person(1, "Ada", &[]))]).await;
    for round in 0..8u8 {
        let device = device(round, paired());
        write(&**store, vec![write_device(&device)]).await;
        let mut racing = JoinSet::new();
        for number in 0..4u8 {
            let session = Session { device: Some(device.id), ..session(100 + round * 4 + number, account_id(1)) };
            let begin = commit_after(vec![(RecordKey::Device(device.id), Some(1))], vec![Change::Session(session)]);
            let store = Arc::clone(store);
            racing.spawn(async move { store.commit(begin).await.map(drop) });
        }
        let gone = Device { state: revoked(1), ..device.clone() };
        let revoke =
            commit_after(vec![(RecordKey::Device(device.id), Some(1))], vec![write_device(&gone), Change::EndSessionsThrough(device.id)]);
        let revoking = Arc::clone(store);
        racing.spawn(async move { revoking.commit(revoke).await.map(drop) });
        for outcome in racing.join_all().await {
            assert!(outcome.is_ok() || is_conflict(&outcome), "{outcome:?}");
        }
        assert_eq!(store.device(device.id).await.expect("a read").expect("there").version, 2, "nothing kept it from being revoked");
        for number in 0..4u8 {
            let id = session(100 + round * 4 + number, account_id(1)).id;
            assert!(store.session(id).await.expect("a read").is_none(), "round {round}");
        }
    }
}
