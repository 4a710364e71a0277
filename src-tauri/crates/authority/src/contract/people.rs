//! Lists of people: pages, searches, communities.

use std::{collections::BTreeSet, sync::Arc};

use domain::{
    Change,
    account::AccountState,
    gate::Role,
    id::{AccountId, CommunityId},
    words::{Email, Name},
};

use super::ground::*;
use crate::store::{Being, Only, PeopleQuery, Store, folded};

/// Every page of a query. Asserts that each has the same total, and that the order is the promised one.
async fn pages(store: &impl Store, search: &str, communities: Option<Vec<CommunityId>>, limit: u32) -> Vec<AccountId> {
    pages_of(store, search, communities, Only::ANYBODY, limit).await
}

async fn pages_of(store: &impl Store, search: &str, communities: Option<Vec<CommunityId>>, only: Only, limit: u32) -> Vec<AccountId> {
    let mut query = PeopleQuery { search: search.into(), communities, only, after: None, limit };
    let mut listed: Vec<(String, AccountId)> = Vec::new();
    let mut totals = BTreeSet::new();
    loop {
        let page = store.people(&query).await.expect("a page");
        assert!(page.rows.len() <= limit as usize);
        totals.insert(page.total);
        listed.extend(page.rows.iter().map(|account| (folded(account.name.as_str()), account.id)));
        if page.next.is_some() {
            assert_eq!(page.next.as_ref(), listed.last(), "the next page begins after the last row");
        }
        match page.next {
            Some(next) => query.after = Some(next),
            None => break,
        }
    }
    assert!(listed.is_sorted(), "by folded name, then by identifier");
    assert_eq!(totals.into_iter().collect::<Vec<_>>(), [listed.len() as u64], "the total of {search:?}");
    listed.into_iter().map(|(_, id)| id).collect()
}

/// Where names are equal the identifier decides, so that a page boundary inside them loses nobody.
pub async fn a_thousand_people_of_one_name_are_paged_once_each<S: Store>(store: &Arc<S>) {
    found(&**store).await;
    for chunk in (0..1_000u128).collect::<Vec<_>>().chunks(250) {
        // From the last to the first: the order of writing must not matter.
        write(&**store, chunk.iter().rev().map(|number| change(person(999 - number, "Ada", &[NORTH]))).collect()).await;
    }
    let expected: Vec<_> = (0..1_000).map(account_id).collect();
    for limit in [1_000, 60, 7] {
        assert_eq!(pages(&**store, "", None, limit).await, expected);
    }
    assert_eq!(pages(&**store, "ad", Some(vec![NORTH]), 60).await, expected);
}

/// Wildcards are letters like any other; case, accents typed in two ways and white space around do not matter.
pub async fn a_search_means_what_is_typed<S: Store>(store: &Arc<S>) {
    let names = ["100% Ada", "Under_score", r"Back\slash", "Zoë 🦀", "דנה כהן", "ÉLODIE", "O'Hara", "Percent Plain"];
    let mut changes = Vec::new();
    for (number, name) in (0..).zip(names) {
        changes.push(change(person(number, name, &[])));
    }
    let mut grace = person(100, "Grace", &[]);
    grace.email = Email::read("Hopper_G@navy.example").expect("an address");
    changes.push(change(grace));
    write(&**store, changes).await;
    let cases: [(&str, &[u128]); 18] = [
        ("%", &[0]),
        ("_", &[100, 1]),
        (r"\", &[2]),
        ("0% a", &[0]),
        ("100_", &[]),
        ("🦀", &[3]),
        ("דנה", &[4]),
        ("élodie", &[5]),
        ("e\u{301}LO", &[5]),
        ("ZOË", &[3]),
        ("o'h", &[6]),
        ("  grace ", &[100]),
        ("HOPPER_g@", &[100]),
        ("hopperxg", &[]),
        ("person7@", &[7]),
        ("nobody", &[]),
        ("' OR 1=1 --", &[]),
        ("\u{0}", &[0, 2, 100, 6, 7, 1, 3, 5, 4]),
    ];
    for (search, expected) in cases {
        let expected: Vec<_> = expected.iter().copied().map(account_id).collect();
        for limit in [1, 50] {
            assert_eq!(pages(&**store, search, None, limit).await, expected, "{search:?}");
        }
    }
    assert_eq!(pages(&**store, &"a".repeat(100_000), None, 10).await, []);
}

/// A person of several communities is listed once; a role that was taken away no longer lists them.
pub async fn people_of_communities_come_once_each<S: Store>(store: &Arc<S>) {
    found(&**store).await;
    let mut ada = person(1, "Ada", &[NORTH, SOUTH]);
    let people = [ada.clone(), person(2, "Bea", &[NORTH]), person(3, "Cleo", &[SOUTH]), person(4, "Dora", &[])];
    write(&**store, people.into_iter().map(change).collect()).await;
    let listed = async |search, communities| pages(&**store, search, communities, 2).await;
    let ids = |numbers: &[u128]| numbers.iter().copied().map(account_id).collect::<Vec<_>>();
    assert_eq!(listed("", Some(vec![NORTH, SOUTH])).await, ids(&[1, 2, 3]));
    assert_eq!(listed("", Some(vec![NORTH])).await, ids(&[1, 2]));
    assert_eq!(listed("c", Some(vec![SOUTH])).await, ids(&[3]));
    assert_eq!(listed("", Some(vec![])).await, []);
    assert_eq!(listed("", None).await, ids(&[1, 2, 3, 4]));

    ada.memberships.retain(|membership| membership.community == SOUTH);
    ada.name = Name::read("Zora").expect("a name");
    write(&**store, vec![change(ada)]).await;
    assert_eq!(listed("", Some(vec![NORTH])).await, ids(&[2]));
    assert_eq!(listed("", Some(vec![SOUTH])).await, ids(&[3, 1]));
}

/// Filters narrow a list and never widen it: a role counts where the list is of, not elsewhere.
pub async fn lists_are_narrowed_by_role_and_state<S: Store>(store: &Arc<S>) {
    found(&**store).await;
    let mut ada = person(1, "Ada", &[NORTH, SOUTH]);
    ada.memberships[1].role = Role::Support;
    let mut bea = person(2, "Bea", &[NORTH]);
    bea.memberships[0].role = Role::Administrator;
    let cleo = domain::account::Account { deactivated_at: Some(NOW), ..person(3, "Cleo", &[SOUTH]) };
    let dora = domain::account::Account { owner: true, ..person(4, "Dora", &[]) };
    write(&**store, [ada, bea, cleo, dora.clone()].into_iter().map(change).collect()).await;
    let listed = async |communities, being, state| pages_of(&**store, "", communities, Only { being, state }, 1).await;
    let ids = |numbers: &[u128]| numbers.iter().copied().map(account_id).collect::<Vec<_>>();
    let holding = |role| Some(Being::Holding(role));
    assert_eq!(listed(None, holding(Role::Support), None).await, ids(&[1]));
    assert_eq!(listed(Some(vec![NORTH]), holding(Role::Support), None).await, ids(&[]), "support elsewhere is not support here");
    assert_eq!(listed(Some(vec![NORTH]), holding(Role::Member), None).await, ids(&[1]));
    assert_eq!(listed(None, holding(Role::Administrator), None).await, ids(&[2]));
    assert_eq!(listed(None, Some(Being::Owner), None).await, ids(&[4]));
    assert_eq!(listed(Some(vec![NORTH]), Some(Being::Owner), None).await, ids(&[]));
    assert_eq!(listed(None, None, Some(AccountState::Deactivated)).await, ids(&[3]));
    assert_eq!(listed(Some(vec![NORTH]), None, Some(AccountState::Deactivated)).await, ids(&[]));
    let owners = || async { store.owners().await.expect("owners").iter().map(|found| found.record.id).collect::<Vec<_>>() };
    assert_eq!(owners().await, ids(&[4]));
    write(&**store, vec![change(domain::account::Account { owner: false, ..dora })]).await;
    assert_eq!(owners().await, ids(&[]));
}

/// A community goes only while nobody holds a role in it, whatever was counted before.
pub async fn a_community_with_people_is_never_removed<S: Store>(store: &Arc<S>) {
    found(&**store).await;
    let mut ada = person(1, "Ada", &[NORTH]);
    write(&**store, vec![change(ada.clone())]).await;
    assert_eq!(store.community_sizes().await.expect("sizes"), [(NORTH, 1)]);
    let outcome = store.commit(commit_of(vec![Change::RemoveCommunity(NORTH)])).await;
    assert!(is_conflict(&outcome), "{outcome:?}");
    assert_eq!(store.communities().await.expect("both").len(), 2);
    ada.memberships.clear();
    write(&**store, vec![change(ada), Change::RemoveCommunity(NORTH)]).await;
    let left: Vec<_> = store.communities().await.expect("one").into_iter().map(|found| found.record.id).collect();
    assert_eq!(left, [SOUTH]);
    assert!(is_conflict(&store.commit(commit_of(vec![Change::RemoveCommunity(NORTH)])).await), "twice");
}
