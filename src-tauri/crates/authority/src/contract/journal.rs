//! The journal: numbers, filters, names.

use std::{collections::BTreeMap, sync::Arc};

use domain::{id::AccountId, words::Name};
use tokio::task::JoinSet;

use super::ground::*;
use crate::store::{Commit, JournalLine, JournalQuery, RecordKey, Store};

const ALL: JournalQuery = JournalQuery { person: None, communities: None, before: None, limit: 1_000 };

async fn read(store: &impl Store, query: &JournalQuery) -> Vec<JournalLine> {
    store.journal(query).await.expect("a journal that verifies")
}

fn indices(lines: &[JournalLine]) -> Vec<u64> {
    lines.iter().map(|line| line.entry.index()).collect()
}

/// Indices from 0, sequences of each community from 1, one after the other, whoever commits at the same time.
pub async fn entries_are_numbered_without_gaps_under_eight_committers<S: Store>(store: &Arc<S>) {
    found(&**store).await;
    let mut committers = JoinSet::new();
    for committer in 0..8u8 {
        let store = Arc::clone(store);
        committers.spawn(async move {
            for round in 0..10u8 {
                let communities: &[_] = match (committer + round) % 4 {
                    0 => &[NORTH],
                    1 => &[SOUTH],
                    2 => &[SOUTH, NORTH, SOUTH],
                    _ => &[],
                };
                // Two entries a commit: they must stay together.
                record(&*store, vec![draft(Some(account_id(u128::from(committer))), None, communities), draft(None, None, &[])]).await;
            }
        });
    }
    committers.join_all().await;
    let mut lines = read(&**store, &ALL).await;
    lines.reverse();
    assert_eq!(indices(&lines), (0..160).collect::<Vec<_>>());
    assert!(lines.chunks(2).all(|pair| pair[0].entry.actor().is_some() && pair[1].entry.actor().is_none()));
    let mut last = BTreeMap::new();
    for (community, sequence) in lines.iter().flat_map(|line| line.entry.communities()) {
        let before = last.insert(*community, *sequence).unwrap_or(0);
        assert_eq!(*sequence, before + 1, "{community}");
    }
    assert_eq!(last.values().copied().collect::<Vec<_>>(), [40, 40]);
}

/// What did not happen left no gap.
pub async fn a_refused_commit_takes_no_number<S: Store>(store: &Arc<S>) {
    found(&**store).await;
    let entry = || vec![draft(None, None, &[NORTH])];
    record(&**store, entry()).await;
    let refused = Commit { entries: entry(), ..commit_after(vec![(RecordKey::Workspace, Some(9))], Vec::new()) };
    assert!(is_conflict(&store.commit(refused).await));
    // Fails after its first entry was numbered: the second is not in the form of the journal.
    let mut bad = draft(None, None, &[NORTH]);
    bad.kind = "Not a kind".into();
    let failed = Commit { entries: vec![draft(None, None, &[NORTH]), bad], ..commit_of(Vec::new()) };
    assert!(store.commit(failed).await.is_err());
    record(&**store, entry()).await;
    let lines = read(&**store, &ALL).await;
    assert_eq!(indices(&lines), [1, 0]);
    assert_eq!(lines[0].entry.communities(), [(NORTH.0, 2)]);
}

/// By actor or subject, by any of the communities, both at once, newest first, page by page, none twice.
pub async fn the_journal_is_filtered_by_person_and_community<S: Store>(store: &Arc<S>) {
    found(&**store).await;
    let (ada, grace): (AccountId, AccountId) = (account_id(1), account_id(2));
    let entries = vec![
        draft(Some(ada), None, &[]),
        draft(Some(ada), Some(grace), &[NORTH]),
        draft(Some(grace), Some(ada), &[SOUTH]),
        draft(Some(grace), Some(grace), &[NORTH, SOUTH]),
        draft(Some(ada), Some(ada), &[NORTH, SOUTH]),
        draft(None, None, &[]),
    ];
    record(&**store, entries).await;
    let cases: [(Option<AccountId>, Option<Vec<_>>, &[u64]); 10] = [
        (None, None, &[5, 4, 3, 2, 1, 0]),
        (Some(ada), None, &[4, 2, 1, 0]),
        (Some(grace), None, &[3, 2, 1]),
        (Some(account_id(3)), None, &[]),
        (None, Some(vec![NORTH]), &[4, 3, 1]),
        (None, Some(vec![NORTH, SOUTH]), &[4, 3, 2, 1]),
        (None, Some(vec![]), &[]),
        (Some(ada), Some(vec![SOUTH]), &[4, 2]),
        (Some(ada), Some(vec![SOUTH, NORTH]), &[4, 2, 1]),
        (Some(ada), Some(vec![]), &[]),
    ];
    for (person, communities, expected) in cases {
        let query = JournalQuery { person, communities, before: None, limit: 10 };
        assert_eq!(indices(&read(&**store, &query).await), expected, "{query:?}");
        for limit in 1..4 {
            let (mut paged, mut before) = (Vec::new(), None);
            loop {
                let page = indices(&read(&**store, &JournalQuery { before, limit, ..query.clone() }).await);
                assert!(page.len() <= limit as usize);
                before = page.last().copied();
                paged.extend(page);
                if before.is_none() {
                    break;
                }
            }
            assert_eq!(paged, expected, "{query:?} in pages of {limit}");
        }
    }
}

/// Names are those that accounts have now; who has no account has no name.
pub async fn the_journal_gives_present_names<S: Store>(store: &Arc<S>) {
    found(&**store).await;
    let mut ada = person(1, "Ada", &[]);
    write(&**store, vec![change(ada.clone())]).await;
    record(&**store, vec![draft(Some(ada.id), Some(account_id(2)), &[])]).await;
    ada.name = Name::read("Ada King 👑").expect("a name");
    write(&**store, vec![change(ada.clone())]).await;
    let lines = read(&**store, &ALL).await;
    let actor = lines[0].actor.as_ref().expect("a name");
    assert_eq!((actor.id, actor.name.as_str(), actor.email.as_str()), (ada.id, "Ada King 👑", "person1@example.org"));
    assert!(lines[0].subject.is_none());
    assert_eq!(lines[0].entry.subject(), Some(account_id(2).0));
    assert_eq!(lines[0].entry.word("name"), Some("Zoë 🦀"));
    assert_eq!(lines[0].entry.workspace(), workspace().id.0);
}
