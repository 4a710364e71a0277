//! The journal of several servers: no number is missing, none comes twice, and whoever reads on misses nothing.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use authority::{
    Store,
    store::{KeptEntry, KeptQuery},
};
use journal::{
    LeafHash,
    tree::{Frontier, Span},
};
use postgres::Postgres;
use sallyport_tests::{Cluster, PATIENCE};
use tokio::task::JoinSet;

use crate::ground::*;

const ALL: KeptQuery = KeptQuery { person: None, from: None, until: None, start: 0, end: u64::MAX, limit: u32::MAX };

fn word(entry: &KeptEntry) -> String {
    let entry = journal::open(WORKSPACE, entry.stored()).expect("an entry that verifies");
    entry.word("name").expect("a word").to_owned()
}

/// Reads on from where it was, until told that nothing more comes.
async fn follow(server: Arc<Postgres>, over: Arc<AtomicBool>) -> Vec<String> {
    let mut seen = Vec::new();
    loop {
        let last = over.load(Ordering::Acquire);
        let page = server.kept_entries(&KeptQuery { start: seen.len() as u64, limit: 50, ..ALL }).await.expect("a page");
        for entry in &page {
            assert_eq!(entry.index, seen.len() as u64, "a number is missing where others follow");
            seen.push(word(entry));
        }
        if page.is_empty() && last {
            return seen;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_servers_number_one_journal() {
    const COMMITTERS: usize = 12;
    const ROUNDS: usize = 20;
    let database = Cluster::shared().database();
    let servers = [Arc::new(open(&database).await), Arc::new(open(&database).await)];
    found(&servers[0]).await;
    let over = Arc::new(AtomicBool::new(false));
    let followers: Vec<_> = servers.iter().map(|server| tokio::spawn(follow(Arc::clone(server), Arc::clone(&over)))).collect();
    let mut committers = JoinSet::new();
    for committer in 0..COMMITTERS {
        let server = Arc::clone(&servers[committer % 2]);
        committers.spawn(async move {
            let mut told = Vec::new();
            for round in 0..ROUNDS {
                let communities: &[_] = match (committer + round) % 4 {
                    0 => &[NORTH],
                    1 => &[SOUTH],
                    2 => &[SOUTH, NORTH],
                    _ => &[],
                };
                let entries = (0..=round % 3).map(|part| draft(&format!("{committer} {round} {part}"), None, communities)).collect();
                let first = server.commit(entering(entries)).await.expect("committed");
                told.push((format!("{committer} {round} 0"), first.expect("a number within the bound")));
            }
            told
        });
    }
    let told: Vec<(String, u64)> = committers.join_all().await.into_iter().flatten().collect();
    over.store(true, Ordering::Release);

    let kept = servers[0].kept_entries(&ALL).await.expect("entries");
    let words: Vec<String> = kept.iter().map(word).collect();
    assert!(kept.iter().zip(0..).all(|(entry, index)| entry.index == index), "from 0 on, without a gap");
    assert_eq!(words.iter().collect::<BTreeSet<_>>().len(), words.len(), "none comes twice");
    let expected: usize = COMMITTERS * (0..ROUNDS).map(|round| round % 3 + 1).sum::<usize>();
    assert_eq!(words.len(), expected, "none is missing");
    for (word, index) in told {
        assert_eq!(words[index as usize], word, "the number that was told");
    }
    for follower in followers {
        assert_eq!(follower.await.expect("no panic"), words, "whoever reads on sees what is there in the end");
    }
    // Entries of one commit are together, and commits of one committer in their order.
    let mut rounds: BTreeMap<&str, usize> = BTreeMap::new();
    let mut at = 0;
    while at < words.len() {
        let mut parts = words[at].split(' ');
        let (committer, round) = (parts.next().expect("who"), parts.next().expect("when"));
        let round: usize = round.parse().expect("a number");
        let known = rounds.entry(committer).or_insert(0);
        assert_eq!(*known, round, "of {committer}");
        *known += 1;
        for part in 0..=round % 3 {
            assert_eq!(words[at], format!("{committer} {round} {part}"));
            at += 1;
        }
    }
    // Each community counts by itself.
    let mut sequences: BTreeMap<uuid::Uuid, u64> = BTreeMap::new();
    for entry in &kept {
        for (community, sequence) in journal::open(WORKSPACE, entry.stored()).expect("verified").communities() {
            let last = sequences.entry(*community).or_insert(0);
            *last += 1;
            assert_eq!(sequence, last);
        }
    }
    let mut tree = Frontier::default();
    kept.iter().for_each(|entry| tree.push(LeafHash::of(&entry.leaf)));
    let span = Span::first(kept.len() as u64);
    let mut hashes = servers[1].subtrees(&span.subtrees()).await.expect("hashes").into_iter();
    assert_eq!(span.hash(|_| hashes.next()).expect("a root"), tree.root());
}

/// Somebody holds the head for longer than is waited: the commit has happened, its number comes later, from whoever is there.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_server_left_without_a_number_another_numbers() {
    let database = Cluster::shared().database();
    let server = open(&database).await;
    found(&server).await;
    assert_eq!(server.commit(entering(vec![draft("before", None, &[])])).await.expect("committed"), Some(0));
    let mut holder = database.session().expect("a session");
    holder.say("BEGIN; SELECT next FROM journal_head FOR UPDATE;").expect("held");
    let outcome = server.commit(entering(vec![draft("later", None, &[NORTH]), draft("latest", None, &[NORTH])])).await;
    assert_eq!(outcome.expect("committed all the same"), None, "no number within the bound");
    assert_eq!(server.unnumbered().await.expect("a count"), 2);
    // It dies before the head is let go.
    drop(server);
    let other = open(&database).await;
    holder.say("COMMIT;").expect("let go");
    // Without being asked.
    waits_for(&other, 0).await;
    let words: Vec<String> = other.kept_entries(&ALL).await.expect("entries").iter().map(word).collect();
    assert_eq!(words, ["before", "later", "latest"]);
}

/// Whoever reads right after a commit, at another server, finds its entry, though nobody had numbered it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_reads_has_what_waits_numbered_first() {
    let database = Cluster::shared().database();
    let (one, other) = (Arc::new(open(&database).await), open(&database).await);
    found(&one).await;
    for round in 0..10u64 {
        let mut holder = database.session().expect("a session");
        holder.say("BEGIN; SELECT next FROM journal_head FOR UPDATE;").expect("held");
        let committing = tokio::spawn({
            let one = Arc::clone(&one);
            async move { one.commit(entering(vec![draft(&round.to_string(), None, &[])])).await }
        });
        waits_for(&other, 1).await;
        holder.say("COMMIT;").expect("let go");
        assert_eq!(other.journal_size().await.expect("a size"), round + 1);
        assert_eq!(committing.await.expect("no panic").expect("committed"), Some(round));
    }
}

/// Until so many entries wait for their numbers.
async fn waits_for(server: &Postgres, count: u64) {
    let counted = async {
        while server.unnumbered().await.expect("a count") != count {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, counted).await.expect("entries that wait");
}
