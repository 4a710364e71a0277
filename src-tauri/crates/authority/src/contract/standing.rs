//! Who asks, with all that surrounds them; and commits whose place in the journal nobody asks for.

use std::sync::Arc;

use domain::{
    Change,
    account::Account,
    gate::{Membership, Role},
    id::AccountId,
    readiness::Hour,
    words::Email,
};
use tokio::task::JoinSet;

use super::ground::*;
use crate::store::{Commit, CommitError, JournalQuery, PeopleQuery, RecordKey, Standing, Store, Whose};

async fn standing(store: &impl Store, whose: Whose<'_>) -> Standing {
    store.standing(whose).await.expect("a read")
}

/// It is what each read by itself would answer, at any time.
pub async fn who_asks_is_read_with_all_that_surrounds_them<S: Store>(store: &Arc<S>) {
    let nobody = standing(&**store, Whose::Email("person1@example.org")).await;
    assert!(nobody.workspace.is_none() && nobody.communities.is_empty() && nobody.account.is_none());
    found(&**store).await;
    let begun = session(1, account_id(1));
    write(&**store, vec![change(person(1, "Ada", &[NORTH])), change(person(2, "Grace", &[])), Change::Session(begun.clone())]).await;
    for round in 1..=3 {
        let here = standing(&**store, Whose::Session(begun.id)).await;
        assert_eq!(here.workspace.map(|found| (found.record.name.as_str().to_owned(), found.version)), Some(("Workspace".into(), round)));
        let communities: Vec<_> = here.communities.iter().map(|found| (found.record.name.as_str(), found.version)).collect();
        assert_eq!(communities, [("North", round), ("south", 1)], "round {round}");
        assert_eq!(here.session.map(|found| (found.record.account, found.version)), Some((account_id(1), round)));
        assert_eq!(here.account.map(|found| (found.record.id, found.version)), Some((account_id(1), round)));
        let again = vec![
            Change::Workspace(Box::new(workspace())),
            Change::Community(community(NORTH, "North")),
            change(person(1, "Ada", &[NORTH])),
            Change::Session(begun.clone()),
        ];
        write(&**store, again).await;
    }
    let here = standing(&**store, Whose::Email("person2@example.org")).await;
    assert!(here.session.is_none() && here.workspace.is_some());
    assert_eq!(here.account.map(|found| found.record.id), Some(account_id(2)));
    assert!(standing(&**store, Whose::Email("person3@example.org")).await.account.is_none());
    write(&**store, vec![Change::RemoveCommunity(SOUTH)]).await;
    write(&**store, vec![Change::EndSession(begun.id)]).await;
    let here = standing(&**store, Whose::Session(begun.id)).await;
    assert!(here.session.is_none() && here.account.is_none(), "a session that ended is nobody's");
    assert_eq!(here.communities.len(), 1);
}

fn listed(account: &Account) -> (String, usize) {
    (account.name.as_str().to_owned(), account.memberships.len())
}

/// It rests on what was read as any other does, writes the same, and its entry is in the journal for whoever looks.
pub async fn a_commit_that_nobody_asks_about_is_as_any_other<S: Store>(store: &Arc<S>) {
    found(&**store).await;
    let (ada, begun) = (account_id(1), session(1, account_id(1)));
    write(&**store, vec![change(person(1, "Ada", &[SOUTH])), change(person(2, "Grace", &[])), Change::Session(begun.clone())]).await;
    let read = [
        (RecordKey::Workspace, Some(1)),
        (RecordKey::Community(NORTH), Some(1)),
        (RecordKey::Account(ada), Some(1)),
        (RecordKey::Session(begun.id), Some(1)),
    ];
    let renamed = || Account {
        memberships: vec![Membership { community: NORTH, role: Role::Support, since: NOW }],
        ..person(1, "Ada Lovelace", &[])
    };
    let entries = || vec![draft(Some(ada), None, &[NORTH]), draft(None, Some(ada), &[NORTH])];
    let commit = |read: &[(RecordKey, Option<u64>)], changes| Commit { entries: entries(), ..commit_after(read.to_vec(), changes) };
    let both = || vec![change(renamed()), Change::Session(begun.clone())];
    // Each in its turn is another one by now, or was not there.
    for (at, version) in (0..read.len()).flat_map(|at| [(at, Some(2)), (at, None)]) {
        let mut stale = read;
        stale[at].1 = version;
        for changes in [both(), vec![change(renamed())], vec![Change::Session(begun.clone())], Vec::new()] {
            let outcome = store.commit_unasked(commit(&stale, changes)).await;
            assert!(is_conflict(&outcome), "{:?}: {outcome:?}", stale[at]);
        }
    }
    let gone = [(RecordKey::Account(account_id(9)), Some(1))];
    assert!(is_conflict(&store.commit_unasked(commit(&gone, Vec::new())).await));
    let taken = vec![change(Account { email: Email::read("person2@example.org").expect("an address"), ..renamed() })];
    let outcome = store.commit_unasked(commit(&read, taken)).await;
    assert!(matches!(outcome, Err(CommitError::EmailTaken)), "{outcome:?}");
    let people = async || store.people(&PeopleQuery::everybody(Hour::plain(NOW), 10)).await.expect("a list").rows;
    assert_eq!(people().await.iter().map(listed).collect::<Vec<_>>(), [("Ada".into(), 1), ("Grace".into(), 0)], "nothing was written");
    assert_eq!(store.journal_size().await.expect("a size"), 0);

    store.commit_unasked(commit(&read, both())).await.expect("nothing has changed");
    assert_eq!(version(&**store, ada).await, Some(2));
    assert_eq!(store.session(begun.id).await.expect("a read").map(|found| found.version), Some(2));
    assert_eq!(people().await.iter().map(listed).collect::<Vec<_>>(), [("Ada Lovelace".into(), 1), ("Grace".into(), 0)]);
    assert_eq!(store.community_sizes().await.expect("a read"), [(NORTH, 1)], "one role went and one came");
    let support = PeopleQuery {
        only: crate::store::Only { being: Some(crate::store::Being::Holding(Role::Support)), state: None },
        ..PeopleQuery::everybody(Hour::plain(NOW), 10)
    };
    assert_eq!(store.people(&support).await.expect("a list").total, 1);
    let query = JournalQuery { person: None, communities: Some(vec![NORTH]), before: None, limit: 10 };
    let told: Vec<_> = store.journal(&query).await.expect("entries").iter().map(|line| (line.entry.index(), line.entry.actor())).collect();
    assert_eq!(told, [(1, None), (0, Some(ada.0))], "in their order");

    // Read and not written: the account stays as it is, and still counts.
    let read = [(RecordKey::Account(ada), Some(2)), (RecordKey::Session(begun.id), Some(2))];
    store.commit_unasked(commit(&read, vec![Change::Session(begun.clone())])).await.expect("nothing has changed");
    assert_eq!(version(&**store, ada).await, Some(2));
    assert!(is_conflict(&store.commit_unasked(commit(&read, Vec::new())).await), "the session has another version by now");
    assert_eq!(store.journal_size().await.expect("a size"), 4);
}

/// What is spent once is spent once, also where nobody asks for its place in the journal.
pub async fn of_many_that_nobody_asks_about_one_wins<S: Store>(store: &Arc<S>) {
    found(&**store).await;
    write(&**store, vec![change(person(1, "Ada", &[NORTH]))]).await;
    let ada: AccountId = account_id(1);
    for round in 1..=10 {
        let read = vec![(RecordKey::Workspace, Some(1)), (RecordKey::Community(NORTH), Some(1)), (RecordKey::Account(ada), Some(round))];
        let mut racing = JoinSet::new();
        for number in 0..12 {
            let entries = vec![draft(None, Some(ada), &[NORTH])];
            let commit = Commit { entries, ..commit_after(read.clone(), vec![change(person(1, "Ada", &[NORTH]))]) };
            let store = Arc::clone(store);
            // Of either kind.
            racing.spawn(
                async move { if number % 3 == 0 { store.commit(commit).await.map(drop) } else { store.commit_unasked(commit).await } },
            );
        }
        let outcomes = racing.join_all().await;
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1, "{outcomes:?}");
        assert_eq!(outcomes.iter().filter(|outcome| is_conflict(outcome)).count(), 11, "{outcomes:?}");
    }
    assert_eq!(store.journal_size().await.expect("a size"), 10);
}
