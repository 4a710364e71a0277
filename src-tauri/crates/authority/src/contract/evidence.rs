//! The journal's tree, its entries as they are kept, and checkpoints.

use std::sync::Arc;

use domain::{Change, evidence::Checkpoint, time::Moment};
use journal::{
    LeafHash,
    tree::{Frontier, Span, Subtree, TreeHash},
};

use super::ground::*;
use crate::store::{KeptEntry, KeptQuery, Store};

const ALL: KeptQuery = KeptQuery { person: None, from: None, until: None, start: 0, end: u64::MAX, limit: u32::MAX };

async fn kept(store: &impl Store, query: &KeptQuery) -> Vec<KeptEntry> {
    store.kept_entries(query).await.expect("entries")
}

async fn root(store: &impl Store, size: u64) -> TreeHash {
    let mut hashes = store.subtrees(&Span::first(size).subtrees()).await.expect("hashes").into_iter();
    Span::first(size).hash(|_| hashes.next()).expect("a root")
}

fn grown(entries: &[KeptEntry]) -> TreeHash {
    let mut tree = Frontier::default();
    entries.iter().for_each(|entry| tree.push(LeafHash::of(&entry.leaf)));
    tree.root()
}

async fn check(store: &impl Store, size: u64) {
    store.commit(commit_of(vec![Change::Checkpoint(Checkpoint { size, at: NOW, note: size.to_string() })])).await.expect("kept");
}

/// Whatever a store remembers of the tree, and whenever it began to: every root is that of the entries.
pub async fn the_tree_is_that_of_the_entries<S: Store>(store: &Arc<S>) {
    found(&**store).await;
    assert_eq!(store.journal_size().await.expect("a size"), 0);
    check(&**store, 0).await;
    for size in [3, 255, 256, 257, 700, 1_030] {
        let more = size - store.journal_size().await.expect("a size");
        record(&**store, (0..more).map(|_| draft(None, None, &[NORTH])).collect()).await;
        let entries = kept(&**store, &ALL).await;
        assert_eq!(entries.len() as u64, size);
        for smaller in [1, 2, 255, 256, 300, 512, size].into_iter().filter(|smaller| *smaller <= size) {
            assert_eq!(root(&**store, smaller).await, grown(&entries[..smaller as usize]), "{smaller} of {size}, not yet remembered");
        }
        if size != 257 {
            check(&**store, size).await;
            assert_eq!(root(&**store, size).await, grown(&entries), "{size}");
        }
    }
    let missing = store.subtrees(&[Subtree { level: 0, index: 1_030 }]).await;
    assert!(missing.is_err(), "there is no such entry");
}

/// Entries come as they were written, oldest first, narrowed by person, time and place.
pub async fn entries_are_given_as_they_are_kept<S: Store>(store: &Arc<S>) {
    found(&**store).await;
    let (mia, tom) = (account_id(1), account_id(2));
    for (actor, subject, at) in [(Some(mia), None, 5), (Some(tom), Some(mia), 6), (Some(tom), None, 7), (None, None, 6)] {
        let entry = journal::Draft { at, ..draft(actor, subject, &[NORTH]) };
        record(&**store, vec![entry]).await;
    }
    let indices = async |query: KeptQuery| kept(&**store, &query).await.iter().map(|entry| entry.index).collect::<Vec<_>>();
    assert_eq!(indices(ALL).await, [0, 1, 2, 3]);
    assert_eq!(indices(KeptQuery { person: Some(mia), ..ALL }).await, [0, 1]);
    assert_eq!(indices(KeptQuery { from: Some(Moment(6)), until: Some(Moment(7)), ..ALL }).await, [1, 3]);
    assert_eq!(indices(KeptQuery { start: 1, limit: 2, ..ALL }).await, [1, 2]);
    assert_eq!(indices(KeptQuery { start: 1, end: 2, ..ALL }).await, [1]);
    let workspace = workspace().id.0;
    for entry in kept(&**store, &ALL).await {
        assert!(journal::open(workspace, entry.stored()).is_ok());
    }
}

/// The newest checkpoints come first, also of one length and at one moment.
pub async fn checkpoints_are_given_newest_first<S: Store>(store: &Arc<S>) {
    found(&**store).await;
    record(&**store, (0..4).map(|_| draft(None, None, &[])).collect()).await;
    for size in [1, 3, 4] {
        check(&**store, size).await;
    }
    let newest = store.checkpoints(2).await.expect("checkpoints");
    assert_eq!(newest.iter().map(|one| (one.size, one.note.as_str(), one.at)).collect::<Vec<_>>(), [(4, "4", NOW), (3, "3", NOW)]);
}
