//! Finding entries of the journal: by who, whom, what, where and when, and all of it together.

use std::sync::Arc;

use domain::{EventKind, id::AccountId, time::Moment};

use super::ground::*;
use crate::store::{JournalFound, JournalSearch, Store};

async fn search(store: &impl Store, search: &JournalSearch) -> JournalFound {
    store.search_journal(search).await.expect("a journal that verifies")
}

fn all() -> JournalSearch {
    JournalSearch { limit: 1_000, ..JournalSearch::default() }
}

fn indices(found: &JournalFound) -> Vec<u64> {
    found.lines.iter().map(|line| line.entry.index()).collect()
}

/// Each filter alone, all pairs of them and all together find just what the entries say, newest first, whichever page is
/// asked for; and every page knows how many there are.
pub async fn the_journal_is_searched_by_everything_at_once<S: Store>(store: &Arc<S>) {
    found(&**store).await;
    let (kinds, people) = ([EventKind::PersonInvited, EventKind::SecondFactorReset, EventKind::SignedOut], [1, 2, 3].map(account_id));
    let mut entries = Vec::new();
    for number in 0..200_usize {
        // Everything meets everything, and the clock was set back now and then.
        let actor = (number % 4 < 3).then(|| people[number % 4]);
        let subject = (number % 5 < 3).then(|| people[number % 5]);
        let communities: &[_] = match number % 7 {
            0 | 1 => &[],
            2 | 3 => &[NORTH],
            4 => &[SOUTH],
            _ => &[SOUTH, NORTH],
        };
        let mut entry = draft(actor, subject, communities);
        entry.kind = kinds[number * number % 3].as_str().into();
        entry.at = NOW.0 + (number as i64 * 37) % 100;
        entries.push(entry);
    }
    let facts: Vec<_> = entries.iter().map(|e| (e.at, e.kind.clone(), e.actor, e.subject, e.communities.clone())).collect();
    // In several commits: what was found before is read on from there.
    let mut rest = entries;
    while !rest.is_empty() {
        let next = rest.split_off(rest.len().min(70));
        record(&**store, rest).await;
        assert!(search(&**store, &JournalSearch { actor: Some(people[0]), ..all() }).await.total > 0);
        rest = next;
    }
    let persons: [Option<AccountId>; 3] = [None, Some(people[1]), Some(account_id(9))];
    let actors = [None, Some(people[0]), Some(people[1])];
    let kind_sets: [&[EventKind]; 4] = [&[], &kinds[1..2], &[kinds[0], kinds[1]], &[EventKind::Refused]];
    let reaches = [None, Some(vec![NORTH]), Some(vec![SOUTH, NORTH]), Some(vec![])];
    let spans = [(None, None), (Some(NOW.0 + 20), None), (None, Some(NOW.0 + 50)), (Some(NOW.0 + 20), Some(NOW.0 + 21))];
    for (person, actor) in persons.iter().flat_map(|person| actors.iter().map(move |actor| (*person, *actor))) {
        for asked_kinds in kind_sets {
            for communities in &reaches {
                for (since, until) in spans {
                    let asked = JournalSearch {
                        person,
                        actor,
                        kinds: asked_kinds.iter().map(|kind| kind.as_str().to_owned()).collect(),
                        communities: communities.clone(),
                        since: since.map(Moment),
                        until: until.map(Moment),
                        ..all()
                    };
                    let fits = |(at, kind, by, about, filed): &(i64, String, Option<uuid::Uuid>, Option<uuid::Uuid>, Vec<uuid::Uuid>)| {
                        person.is_none_or(|id| [*by, *about].contains(&Some(id.0)))
                            && actor.is_none_or(|id| *by == Some(id.0))
                            && (asked.kinds.is_empty() || asked.kinds.contains(kind))
                            && communities.as_ref().is_none_or(|reach| reach.iter().any(|id| filed.contains(&id.0)))
                            && since.is_none_or(|since| *at >= since)
                            && until.is_none_or(|until| *at < until)
                    };
                    let expected: Vec<u64> = (0..facts.len()).rev().filter(|at| fits(&facts[*at])).map(|at| at as u64).collect();
                    let found = search(&**store, &asked).await;
                    assert_eq!((indices(&found), found.total), (expected.clone(), expected.len() as u64), "{asked:?}");
                    let page = search(&**store, &JournalSearch { from: 3, limit: 2, ..asked.clone() }).await;
                    let expected: Vec<u64> = expected.into_iter().skip(3).take(2).collect();
                    assert_eq!((indices(&page), page.total), (expected, found.total), "{asked:?}");
                }
            }
        }
    }
}

/// Whoever goes on from page to page of one list misses nothing and meets nothing twice, whatever is added meanwhile.
pub async fn a_search_stands_still_while_the_journal_grows<S: Store>(store: &Arc<S>) {
    found(&**store).await;
    let ada = account_id(1);
    let add = async |count: usize| record(&**store, (0..count).map(|_| draft(Some(ada), None, &[NORTH])).collect()).await;
    for asked in [all(), JournalSearch { actor: Some(ada), ..all() }] {
        add(10).await;
        let first = search(&**store, &JournalSearch { limit: 4, ..asked.clone() }).await;
        add(3).await;
        let next = search(&**store, &JournalSearch { limit: 100, from: 4, end: Some(first.end), ..asked.clone() }).await;
        assert_eq!((next.total, next.end), (first.total, first.end));
        let seen: Vec<u64> = indices(&first).into_iter().chain(indices(&next)).collect();
        assert_eq!(seen, (0..first.end).rev().collect::<Vec<_>>());
        let now = search(&**store, &asked).await;
        assert_eq!((now.total, now.end), (first.total + 3, first.end + 3));
        // Beyond what there is, there is nothing; and nothing of the future.
        assert!(search(&**store, &JournalSearch { from: 1_000, ..asked.clone() }).await.lines.is_empty());
        assert_eq!(search(&**store, &JournalSearch { end: Some(1_000_000), ..asked }).await.end, now.end);
    }
}
