//! Two servers on one database: what is spent once is spent once, whichever of them is asked.

use std::sync::Arc;

use authority::{Commit, CommitError, Store, store::RecordKey};
use domain::{
    Change,
    id::AccountId,
    secret_hash::Opaque,
    session::{Session, Stage},
    throttle::{Failures, Limits},
};
use sallyport_tests::Cluster;
use tokio::task::JoinSet;

use crate::ground::*;

/// The commit of whoever saw version `read` of an account and spends a code of it.
fn spend(account: AccountId, read: u64) -> Commit {
    let read = vec![(RecordKey::Workspace, Some(1)), (RecordKey::Community(NORTH), Some(1)), (RecordKey::Account(account), Some(read))];
    Commit { read, entries: vec![draft("spent", Some(account), &[NORTH])], ..commit_of(vec![change(person(1, "Ada"))]) }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_a_hundred_uses_of_one_code_at_two_servers_one_is_accepted() {
    let database = Cluster::shared().database();
    let servers = [Arc::new(open(&database).await), Arc::new(open(&database).await)];
    found(&servers[0]).await;
    servers[0].commit(commit_of(vec![change(person(1, "Ada"))])).await.expect("written");
    for round in 1..=5 {
        let mut racing = JoinSet::new();
        for number in 0..100 {
            let server = Arc::clone(&servers[number % 2]);
            racing.spawn(async move { server.commit(spend(account_id(1), round)).await });
        }
        let outcomes = racing.join_all().await;
        let accepted = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
        let refused = outcomes.iter().filter(|outcome| matches!(outcome, Err(CommitError::Conflict))).count();
        assert_eq!((accepted, refused), (1, 99), "{:?}", outcomes.iter().find(|outcome| outcome.is_err()));
    }
    let account = servers[1].account(account_id(1)).await.expect("a read").expect("there");
    assert_eq!((account.version, servers[1].journal_size().await.expect("a size")), (6, 5));
}

/// Nobody has failed so far: a hundred who count the first failure are counted one after the other.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn failures_counted_by_two_servers_at_once_are_all_counted() {
    const TRIES: u32 = 40;
    let database = Cluster::shared().database();
    let servers = [Arc::new(open(&database).await), Arc::new(open(&database).await)];
    let key = [7; 32];
    let mut trying = JoinSet::new();
    for number in 0..TRIES {
        let server = Arc::clone(&servers[number as usize % 2]);
        trying.spawn(async move {
            loop {
                let known = server.throttle(key).await.expect("a read");
                let version = known.as_ref().map(|known| known.version);
                let mut failures = known.map_or_else(Failures::default, |known| known.record);
                failures.fail(&Limits::default(), NOW);
                let read = vec![(RecordKey::Throttle(key), version)];
                match server.commit(Commit { read, ..commit_of(vec![Change::Throttle(key, failures)]) }).await {
                    Ok(_) => return,
                    Err(CommitError::Conflict) => {}
                    Err(error) => panic!("{error}"),
                }
            }
        });
    }
    trying.join_all().await;
    let counted = servers[0].throttle(key).await.expect("a read").expect("there");
    assert_eq!((counted.version, counted.record.in_a_row()), (u64::from(TRIES), TRIES));
}

/// Each of two commits reads what the other writes: both would be right alone, and both together are not.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_who_rest_on_each_other_one_wins() {
    let database = Cluster::shared().database();
    let servers = [Arc::new(open(&database).await), Arc::new(open(&database).await)];
    servers[0].commit(commit_of(vec![change(person(1, "Ada")), change(person(2, "Grace"))])).await.expect("written");
    for round in 1..=20u64 {
        let known = async |number| servers[0].account(account_id(number)).await.expect("a read").expect("there").version;
        let read =
            vec![(RecordKey::Account(account_id(1)), Some(known(1).await)), (RecordKey::Account(account_id(2)), Some(known(2).await))];
        let demote = |number: u128| Commit { read: read.clone(), ..commit_of(vec![change(person(number, &format!("Round {round}")))]) };
        let (first, second) = tokio::join!(servers[0].commit(demote(1)), servers[1].commit(demote(2)));
        assert!(first.is_ok() != second.is_ok(), "round {round}: {first:?} {second:?}");
    }
}

/// A session that another server ends is not written back by one that had read it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_that_was_ended_elsewhere_stays_ended() {
    let database = Cluster::shared().database();
    let servers = [open(&database).await, open(&database).await];
    servers[0].commit(commit_of(vec![change(person(1, "Ada"))])).await.expect("written");
    for round in 0..20u8 {
        let session = Session::begin(Opaque([round; 32]), account_id(1), Stage::Full, NOW);
        servers[0].commit(commit_of(vec![Change::Session(session.clone())])).await.expect("begun");
        let read = vec![(RecordKey::Session(session.id), Some(1))];
        let go_on = Commit { read, ..commit_of(vec![Change::Session(session.clone())]) };
        let end = commit_of(vec![Change::EndSessions(account_id(1), None)]);
        let (went_on, ended) = tokio::join!(servers[0].commit(go_on), servers[1].commit(end));
        ended.expect("ended");
        assert!(went_on.is_ok() || matches!(went_on, Err(CommitError::Conflict)), "{went_on:?}");
        assert!(servers[0].session(session.id).await.expect("a read").is_none(), "round {round}");
    }
}

/// Waits until somebody waits for a lock in this database.
fn until_somebody_waits(database: &sallyport_tests::Database<'_>) {
    let waits = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    sallyport_tests::until(sallyport_tests::PATIENCE, "somebody to wait for a lock", || {
        Ok(if database.psql(waits)? == "0" { Err("Nobody waits.".to_owned()) } else { Ok(()) })
    })
    .expect("somebody waits");
}

/// A commit that began before another ended, and had to wait for it, rests on what that one wrote.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_had_to_wait_looks_again() {
    let database = Cluster::shared().database();
    let server = Arc::new(open(&database).await);
    found(&server).await;
    let session = Session::begin(Opaque([1; 32]), account_id(1), Stage::Full, NOW);
    server.commit(commit_of(vec![change(person(1, "Ada")), Change::Session(session.clone())])).await.expect("written");
    let read = vec![
        (RecordKey::Workspace, Some(1)),
        (RecordKey::Community(NORTH), Some(1)),
        (RecordKey::Account(account_id(1)), Some(1)),
        (RecordKey::Session(session.id), Some(1)),
    ];
    let ground = "SELECT pg_advisory_xact_lock(1396788313, 0)";
    for (held, back) in [
        (format!("{ground}; UPDATE workspace SET version = 2"), "UPDATE workspace SET version = 1"),
        (format!("{ground}; UPDATE communities SET version = version + 1"), "UPDATE communities SET version = 1"),
        ("UPDATE accounts SET version = version + 1".into(), "UPDATE accounts SET version = 1"),
        ("UPDATE sessions SET version = version + 1".into(), "UPDATE sessions SET version = 1"),
    ] {
        for changes in [vec![change(person(1, "Grace"))], vec![Change::Session(session.clone())]] {
            let mut holder = database.session().expect("a session");
            holder.say(&format!("BEGIN; {held};")).expect("held");
            let commit = Commit { read: read.clone(), entries: vec![draft("late", None, &[NORTH])], ..commit_of(changes) };
            let late = tokio::spawn({
                let server = Arc::clone(&server);
                async move { server.commit_unasked(commit).await }
            });
            tokio::task::block_in_place(|| until_somebody_waits(&database));
            holder.say("COMMIT;").expect("let go");
            let outcome = late.await.expect("no panic");
            assert!(matches!(outcome, Err(CommitError::Conflict)), "{held}: {outcome:?}");
            database.psql(back).expect("as before");
        }
    }
    assert_eq!(server.journal_size().await.expect("a size"), 0, "nothing of them was written");
}

/// What one server remembers of the workspace is never older than what another one changed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_another_server_changed_is_seen_at_once() {
    let database = Cluster::shared().database();
    let servers = [open(&database).await, open(&database).await];
    found(&servers[0]).await;
    for round in 2..30u64 {
        let (writer, reader) = (&servers[round as usize % 2], &servers[(round as usize + 1) % 2]);
        let mut community = writer.communities().await.expect("a read").remove(0).record;
        community.name = domain::words::Name::read(&format!("North {round}")).expect("a name");
        writer.commit(commit_of(vec![Change::Community(community)])).await.expect("written");
        for server in [reader, writer] {
            let standing = server.standing(authority::store::Whose::Email("nobody@example.org")).await.expect("a read");
            assert_eq!(standing.communities[0].version, round);
            assert_eq!(standing.communities[0].record.name.as_str(), format!("North {round}"));
        }
    }
}
