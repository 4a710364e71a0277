//! Records, their versions and what conflicts.

use std::sync::Arc;

use domain::{
    Change,
    account::AccountState,
    readiness::Hour,
    session::Stage,
    throttle::{Failures, Limits},
    time::Moment,
    words::{Email, Name},
};

use super::ground::*;
use crate::store::{Commit, CommitError, JournalQuery, PeopleQuery, RecordKey, Store};

const EVERYTHING: JournalQuery = JournalQuery { person: None, communities: None, before: None, limit: 10 };

/// Absent records are absent, not errors.
pub async fn an_empty_store_has_nothing<S: Store>(store: &Arc<S>) {
    assert!(store.workspace().await.expect("a read").is_none());
    assert!(store.communities().await.expect("a read").is_empty());
    assert!(store.account(account_id(1)).await.expect("a read").is_none());
    assert!(store.account_by_email("person1@example.org").await.expect("a read").is_none());
    assert!(store.session(session(1, account_id(1)).id).await.expect("a read").is_none());
    assert!(store.throttle([1; 32]).await.expect("a read").is_none());
    let people = store.people(&PeopleQuery::everybody(Hour::plain(NOW), 10)).await.expect("a read");
    assert!(people.rows.is_empty() && people.total == 0 && people.next.is_none());
    assert!(store.journal(&EVERYTHING).await.expect("a read").is_empty());
}

/// Every kind of record comes back as it was written, under version 1, 2, 3.
pub async fn versions_begin_at_one_and_grow_with_every_write<S: Store>(store: &Arc<S>) {
    let mut failures = Failures::default();
    for round in 1..=3u8 {
        failures.fail(&Limits::default(), NOW);
        let mut workspace = workspace();
        workspace.name = Name::read(&format!("Workspace {round}")).expect("a name");
        let mut ada = person(1, &format!("Ada {round}"), &[NORTH, SOUTH]);
        ada.email = Email::read(&format!("Ada{round}@example.org")).expect("an address");
        let mut session = session(1, ada.id);
        session.seen_at = NOW.plus(i64::from(round));
        let changes = vec![
            Change::Workspace(Box::new(workspace)),
            Change::Community(community(SOUTH, &format!("South {round}"))),
            Change::Community(community(NORTH, "North")),
            change(ada.clone()),
            Change::Session(session.clone()),
            Change::Throttle([7; 32], failures.clone()),
        ];
        write(&**store, changes).await;

        let version = u64::from(round);
        let read = store.workspace().await.expect("a read").expect("a workspace");
        assert_eq!((read.version, read.record.name.as_str()), (version, format!("Workspace {round}").as_str()));
        let read = store.communities().await.expect("a read");
        let names: Vec<_> = read.iter().map(|community| (community.version, community.record.name.as_str())).collect();
        assert_eq!(names, [(version, "North"), (version, format!("South {round}").as_str())]);
        let read = store.account(ada.id).await.expect("a read").expect("an account");
        assert_eq!((read.version, format!("{:?}", read.record)), (version, format!("{ada:?}")));
        assert_eq!(read.record.state(), AccountState::Invited);
        let by_email = store.account_by_email(&format!("ada{round}@example.org")).await.expect("a read").expect("an account");
        assert_eq!((by_email.version, by_email.record.id), (version, ada.id));
        assert!(store.account_by_email(&format!("ada{}@example.org", round - 1)).await.expect("a read").is_none());
        let read = store.session(session.id).await.expect("a read").expect("a session");
        assert_eq!((read.version, read.record.seen_at, read.record.stage), (version, session.seen_at, Stage::Full));
        let read = store.throttle([7; 32]).await.expect("a read").expect("a count");
        assert_eq!((read.version, &read.record), (version, &failures));
    }
}

/// Counts that are dead go when another is written; the others stay.
pub async fn dead_counts_are_let_go<S: Store>(store: &Arc<S>) {
    let limits = Limits::default();
    let failed = |at: Moment, times: u8| {
        let mut failures = Failures::default();
        (0..times).for_each(|_| {
            failures.fail(&limits, at);
        });
        failures
    };
    let year = 365 * 24 * 3600;
    // A year ago, a year ago and locked then, a success; just now, just now and locked, and far ahead of a clock set back.
    let counts = [
        failed(NOW.plus(-year), 1),
        failed(NOW.plus(-year), 5),
        Failures::default(),
        failed(NOW, 1),
        failed(NOW, 5),
        failed(NOW.plus(year), 1),
    ];
    let keys: Vec<[u8; 32]> = (0..6).map(|number| [number * 40 + 1; 32]).collect();
    // All in one commit of then: nothing was dead that a count was written beside.
    for (key, failures) in keys.iter().zip(&counts) {
        let early = Commit { at: NOW.plus(-year), ..commit_after(Vec::new(), vec![Change::Throttle(*key, failures.clone())]) };
        store.commit(early).await.expect("committed");
    }
    write(&**store, vec![Change::Throttle([100; 32], failed(NOW, 1))]).await;
    let mut left = Vec::new();
    for key in keys.iter().chain([&[100; 32]]) {
        left.push(store.throttle(*key).await.expect("a read").is_some());
    }
    assert_eq!(left, [false, false, false, true, true, true, true]);
    // One that was let go is counted anew.
    store
        .commit(commit_after(vec![(RecordKey::Throttle(keys[0]), None)], vec![Change::Throttle(keys[0], failed(NOW, 1))]))
        .await
        .expect("none");
}

/// One stale version among good ones: no change, no entry, of the whole commit.
pub async fn a_stale_version_is_refused_whole<S: Store>(store: &Arc<S>) {
    found(&**store).await;
    write(&**store, vec![change(person(1, "Ada", &[]))]).await;
    write(&**store, vec![change(person(1, "Ada", &[]))]).await;
    let read = vec![(RecordKey::Workspace, Some(1)), (RecordKey::Community(NORTH), Some(1)), (RecordKey::Account(account_id(1)), Some(1))];
    let changes = vec![change(person(2, "Grace", &[])), Change::Session(session(1, account_id(2)))];
    let entries = vec![draft(Some(account_id(1)), Some(account_id(2)), &[NORTH])];
    let outcome = store.commit(Commit { entries, ..commit_after(read, changes) }).await;
    assert!(is_conflict(&outcome), "{outcome:?}");
    assert_eq!(version(&**store, account_id(2)).await, None);
    assert!(store.session(session(1, account_id(2)).id).await.expect("a read").is_none());
    assert!(store.journal(&EVERYTHING).await.expect("a read").is_empty());

    let read = vec![(RecordKey::Workspace, Some(1)), (RecordKey::Community(NORTH), Some(1)), (RecordKey::Account(account_id(1)), Some(2))];
    store.commit(commit_after(read, vec![change(person(1, "Ada", &[]))])).await.expect("nothing has changed");
    assert_eq!(version(&**store, account_id(1)).await, Some(3));
}

/// Having read that there is no such record holds until there is one.
pub async fn absence_is_a_version_too<S: Store>(store: &Arc<S>) {
    let ada = person(1, "Ada", &[]);
    let records = [
        (RecordKey::Workspace, Change::Workspace(Box::new(workspace()))),
        (RecordKey::Community(NORTH), Change::Community(community(NORTH, "North"))),
        (RecordKey::Account(ada.id), change(ada.clone())),
        (RecordKey::Session(session(1, ada.id).id), Change::Session(session(1, ada.id))),
        (RecordKey::Throttle([7; 32]), Change::Throttle([7; 32], Failures::default())),
    ];
    for (key, change) in records {
        store.commit(commit_after(vec![(key, None)], vec![change.clone()])).await.expect("there was none");
        let outcome = store.commit(commit_after(vec![(key, None)], vec![change])).await;
        assert!(is_conflict(&outcome), "{key:?}: {outcome:?}");
    }
}

/// A session that ended is not the one that was read.
pub async fn a_record_that_is_gone_conflicts<S: Store>(store: &Arc<S>) {
    let own = session(1, account_id(1));
    write(&**store, vec![change(person(1, "Ada", &[])), Change::Session(own.clone())]).await;
    write(&**store, vec![Change::EndSession(own.id)]).await;
    let outcome = store.commit(commit_after(vec![(RecordKey::Session(own.id), Some(1))], vec![Change::Session(own.clone())])).await;
    assert!(is_conflict(&outcome), "{outcome:?}");
    assert!(store.session(own.id).await.expect("a read").is_none());
    write(&**store, vec![Change::EndSession(own.id)]).await;
}

/// Addresses that differ only in case are one address; rewriting an account keeps its own.
pub async fn an_address_belongs_to_one_account<S: Store>(store: &Arc<S>) {
    let mut ada = person(1, "Ada", &[]);
    ada.email = Email::read("Ada@Example.org").expect("an address");
    write(&**store, vec![change(ada.clone())]).await;
    write(&**store, vec![change(ada.clone())]).await;

    let mut grace = person(2, "Grace", &[]);
    let taken = Email::read("aDA@example.ORG").expect("an address");
    let outcome = store.commit(commit_of(vec![
        change(person(3, "Alan", &[])),
        change(domain::account::Account { email: taken.clone(), ..grace.clone() }),
    ]));
    assert!(matches!(outcome.await, Err(CommitError::EmailTaken)));
    assert_eq!(version(&**store, account_id(2)).await, None);
    assert_eq!(version(&**store, account_id(3)).await, None);

    write(&**store, vec![change(grace.clone())]).await;
    grace.email = taken;
    assert!(matches!(store.commit(commit_of(vec![change(grace.clone())])).await, Err(CommitError::EmailTaken)));
    assert_eq!(version(&**store, grace.id).await, Some(1));

    ada.email = Email::read("countess@example.org").expect("an address");
    write(&**store, vec![change(ada), change(grace)]).await;
    assert_eq!(version(&**store, account_id(2)).await, Some(2));
}

/// Ending sessions ends those of one account, and spares the one to keep.
pub async fn sessions_end_alone_or_all_but_one<S: Store>(store: &Arc<S>) {
    let (ada, grace) = (account_id(1), account_id(2));
    let mut changes = vec![change(person(1, "Ada", &[])), change(person(2, "Grace", &[]))];
    changes.extend((1..=4).map(|number| Change::Session(session(number, ada))));
    changes.push(Change::Session(session(9, grace)));
    write(&**store, changes).await;
    let alive = async || {
        let mut alive = Vec::new();
        for number in [1, 2, 3, 4, 9] {
            if store.session(session(number, ada).id).await.expect("a read").is_some() {
                alive.push(number);
            }
        }
        alive
    };
    write(&**store, vec![Change::EndSession(session(1, ada).id)]).await;
    assert_eq!(alive().await, [2, 3, 4, 9]);
    write(&**store, vec![Change::EndSessions(ada, Some(session(3, ada).id))]).await;
    assert_eq!(alive().await, [3, 9]);
    // In order: the session that begins after the others were ended stays.
    write(&**store, vec![Change::EndSessions(ada, None), Change::Session(session(4, ada))]).await;
    assert_eq!(alive().await, [4, 9]);
}
