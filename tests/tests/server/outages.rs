//! The database goes away and comes back, or takes no writes: nothing that was answered is lost, and the pool goes on.

use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use authority::{CommitError, Store, StoreError, store::KeptQuery};
use sallyport_tests::{Cluster, PATIENCE};
use tokio::task::{JoinSet, spawn_blocking, yield_now};

use crate::ground::*;

const ALL: KeptQuery = KeptQuery { person: None, from: None, until: None, start: 0, end: u64::MAX, limit: u32::MAX };

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_is_restarted_is_gone_on_with() {
    let cluster = Arc::new(Cluster::start(&[]).expect("a cluster"));
    let url = cluster.database().url();
    let store = Arc::new(postgres::Postgres::open(&url.into(), &postgres::Settings::default()).await.expect("a database"));
    found(&store).await;
    let (over, done) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let mut committers = JoinSet::new();
    for committer in 0..6 {
        let (store, over, done) = (Arc::clone(&store), Arc::clone(&over), Arc::clone(&done));
        committers.spawn(async move {
            let (mut acknowledged, mut failed) = (Vec::new(), 0);
            for round in 0.. {
                if over.load(Ordering::Acquire) {
                    break;
                }
                let word = format!("{committer} {round}");
                match store.commit(entering(vec![draft(&word, None, &[NORTH])])).await {
                    Ok(_) => {
                        acknowledged.push(word);
                        done.fetch_add(1, Ordering::AcqRel);
                    }
                    Err(CommitError::Store(StoreError::Failed(_))) => failed += 1,
                    Err(error) => panic!("{error}"),
                }
            }
            (acknowledged, failed)
        });
    }
    let more = async |count: usize| {
        let from = done.load(Ordering::Acquire);
        let reached = async {
            while done.load(Ordering::Acquire) < from + count {
                yield_now().await;
            }
        };
        tokio::time::timeout(PATIENCE, reached).await.expect("commits go on");
    };
    for _ in 0..2 {
        more(30).await;
        let cluster = Arc::clone(&cluster);
        spawn_blocking(move || cluster.restart()).await.expect("no panic").expect("restarted");
    }
    more(30).await;
    over.store(true, Ordering::Release);
    let outcomes = committers.join_all().await;

    let kept = store.kept_entries(&ALL).await.expect("entries");
    assert!(kept.iter().zip(0..).all(|(entry, index)| entry.index == index), "from 0 on, without a gap");
    let words: Vec<String> = kept
        .iter()
        .map(|entry| journal::open(WORKSPACE, entry.stored()).expect("verified").word("name").expect("a word").to_owned())
        .collect();
    assert_eq!(words.iter().collect::<BTreeSet<_>>().len(), words.len(), "none comes twice");
    let there: BTreeSet<&String> = words.iter().collect();
    for (acknowledged, _) in &outcomes {
        assert!(acknowledged.iter().all(|word| there.contains(word)), "what was answered is there");
    }
    let failed: usize = outcomes.iter().map(|(_, failed)| failed).sum();
    assert!(failed > 0, "somebody was told that the database was away");
    assert!(words.len() <= outcomes.iter().map(|(acknowledged, _)| acknowledged.len()).sum::<usize>() + failed);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_takes_no_writes_is_told_as_such() {
    let database = Cluster::shared().database();
    let store = open(&database).await;
    found(&store).await;
    database.psql(&format!("ALTER DATABASE {} SET default_transaction_read_only = on", database.name())).expect("set");
    let refused = postgres::Postgres::open(&database.url().into(), &postgres::Settings::default()).await;
    assert_eq!(refused.expect_err("it cannot be written"), postgres::OpenError::ReadOnly);
    // Who is connected goes on as before; whoever connects anew is told.
    let all =
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
    database.psql(all).expect("ended");
    let mut told = Vec::new();
    for _ in 0..10 {
        match store.commit(commit_of(vec![change(person(1, "Ada"))])).await {
            // The connection that was ended.
            Err(CommitError::Store(StoreError::Failed(_))) => {}
            outcome => {
                told.push(outcome);
                break;
            }
        }
    }
    assert!(matches!(told[..], [Err(CommitError::Store(StoreError::ReadOnly))]), "{told:?}");
    store.workspace().await.expect("a read").expect("it is still read");
}

/// A full disk refuses one commit whole; once there is room again, the next one goes through.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_is_full_refuses_and_goes_on() {
    let database = Cluster::shared().database();
    let store = open(&database).await;
    found(&store).await;
    store.commit(commit_of(vec![change(person(1, "Ada"))])).await.expect("written");
    // As PostgreSQL says it when a file cannot grow.
    database
        .psql(
            "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS
                 $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$;
             CREATE TRIGGER full_disk BEFORE INSERT ON journal FOR EACH ROW EXECUTE FUNCTION full_disk()",
        )
        .expect("full");
    let commit = || {
        let read = vec![(authority::store::RecordKey::Account(account_id(1)), Some(1))];
        authority::Commit { read, entries: vec![draft("full", None, &[])], ..commit_of(vec![change(person(1, "Grace"))]) }
    };
    let refused = store.commit(commit()).await;
    assert!(matches!(refused, Err(CommitError::Store(StoreError::DiskFull))), "{refused:?}");
    let kept = store.account(account_id(1)).await.expect("a read").expect("there");
    assert_eq!((kept.version, kept.record.name.as_str()), (1, "Ada"), "nothing of it was written");
    database.psql("DROP TRIGGER full_disk ON journal").expect("room");
    assert_eq!(store.commit(commit()).await.expect("written"), Some(0));
}
