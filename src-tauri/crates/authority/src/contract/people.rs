//! Lists of people: pages, searches, communities.

use std::{collections::BTreeSet, sync::Arc};

use domain::{
    Change,
    account::AccountState,
    gate::Role,
    id::{AccountId, CommunityId},
    lockout::Locked,
    readiness::{Hour, PeopleState},
    throttle::{Closed, Failures, Limits},
    words::{Email, Name},
};

use super::ground::*;
use crate::store::{Begin, Being, By, Only, Order, PeopleQuery, Store, folded};

/// Every page of a query. Asserts that each has the same total, and that the order is the promised one.
async fn pages(store: &impl Store, search: &str, communities: Option<Vec<CommunityId>>, limit: u32) -> Vec<AccountId> {
    pages_of(store, search, communities, Only::ANYBODY, limit).await
}

async fn pages_of(store: &impl Store, search: &str, communities: Option<Vec<CommunityId>>, only: Only, limit: u32) -> Vec<AccountId> {
    let mut query = PeopleQuery { search: search.into(), communities, only, ..PeopleQuery::everybody(Hour::plain(NOW), limit) };
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
            Some((name, id)) => query.begin = Begin::After(name, id),
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
    grace.second_email = Some(Email::read("Amazing@Home.example").expect("an address"));
    changes.push(change(grace));
    write(&**store, changes).await;
    let cases: [(&str, &[u128]); 19] = [
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
        ("amazing@HOME", &[100]),
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
    let listed = async |communities, being, state: Option<AccountState>| {
        let only = Only { being, state: state.map(PeopleState::Is) };
        pages_of(&**store, "", communities, only, 1).await
    };
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

/// Every order has one list, and a page is a part of it, wherever it begins.
pub async fn any_position_in_any_order_is_a_page_of_one_list<S: Store>(store: &Arc<S>) {
    found(&**store).await;
    let mut people = Vec::new();
    for number in 0..40u128 {
        let mut somebody = person(number, ["Ada", "Bea", "Zoë"][number as usize % 3], &[NORTH]);
        somebody.email = Email::read(&format!("{}{number}@example.org", ["x", "a"][number as usize % 2])).expect("an address");
        somebody.created_at = NOW.plus(-(number as i64 % 4));
        somebody.signed_in_at = (number % 5 > 0).then(|| NOW.plus(number as i64 % 5));
        somebody.elsewhere = number % 7 == 0;
        somebody.deactivated_at = (number % 11 == 0).then_some(NOW);
        people.push(somebody);
    }
    write(&**store, people.iter().cloned().map(change).collect()).await;
    for by in [By::Name, By::Email, By::State, By::SignedIn, By::Added] {
        people.sort_by_key(|account| (folded(account.name.as_str()), account.id));
        people.sort_by(|a, b| match by {
            By::Name => std::cmp::Ordering::Equal,
            By::Email => a.email.folded().cmp(&b.email.folded()),
            By::State => a.state().rank().cmp(&b.state().rank()),
            By::SignedIn => a.signed_in_at.cmp(&b.signed_in_at),
            By::Added => a.created_at.cmp(&b.created_at),
        });
        for descending in [false, true] {
            let mut expected: Vec<AccountId> = people.iter().map(|account| account.id).collect();
            if descending {
                expected.reverse();
            }
            for from in [0, 7, 39, 40, 1_000, 3] {
                let begin = Begin::At(from);
                let query = PeopleQuery { order: Order { by, descending }, begin, ..PeopleQuery::everybody(Hour::plain(NOW), 6) };
                let page = store.people(&query).await.expect("a page");
                let first = (from as usize).min(40);
                let rows: Vec<AccountId> = page.rows.iter().map(|account| account.id).collect();
                assert_eq!(rows, expected[first..(first + 6).min(40)], "{by:?} {descending} from {from}");
                assert_eq!((page.total, page.from, page.locked.len()), (40, first as u64, rows.len()));
            }
        }
    }
}

/// Who waits is known by the account that a count is named after, for as long as the wait lasts.
pub async fn who_waits_is_listed_as_locked<S: Store>(store: &Arc<S>) {
    found(&**store).await;
    let (key, other, elsewhere) = ([7; 32], [8; 32], [9; 32]);
    write(&**store, vec![change(person(1, "Ada", &[NORTH])), change(person(2, "Bea", &[SOUTH]))]).await;
    let mut failures = Failures::default();
    let until = (0..5).filter_map(|_| failures.fail(&Limits::default(), NOW)).last();
    let Some(Closed::Until(until)) = until else { panic!("five within a minute") };
    write(&**store, vec![Change::Throttle(key, failures)]).await;
    let locked = async |communities: Option<Vec<CommunityId>>, now| {
        let hour = Hour::plain(now);
        let only = Only { being: None, state: Some(PeopleState::Locked) };
        let query = PeopleQuery { communities: communities.clone(), only, ..PeopleQuery::everybody(hour.clone(), 10) };
        let page = store.people(&query).await.expect("a page");
        let counts = store.count_people(communities.as_deref(), &hour).await.expect("counts");
        assert_eq!(counts.of(PeopleState::Locked), page.total);
        page.rows.iter().map(|account| account.id).zip(page.locked).collect::<Vec<_>>()
    };
    assert_eq!(locked(None, NOW).await, [], "a count that is nobody's");
    // Somebody had tried the address before it was Ada's.
    write(&**store, vec![Change::CountsOf(Some(account_id(1)), [key, other])]).await;
    let ada = [(account_id(1), Some(Locked::Until(until)))];
    assert_eq!(locked(None, NOW).await, ada);
    assert_eq!(locked(Some(vec![NORTH]), NOW).await, ada);
    assert_eq!(locked(Some(vec![SOUTH]), NOW).await, []);
    assert_eq!(locked(None, until.plus(-1)).await, ada);
    assert_eq!(locked(None, until).await, [], "the wait is over");
    write(&**store, vec![Change::CountsOf(None, [key, other])]).await;
    assert_eq!(locked(None, NOW).await, [], "the address is nobody's again");
    write(&**store, vec![Change::CountsOf(Some(account_id(2)), [other, key])]).await;
    assert_eq!(locked(None, NOW).await, [(account_id(2), Some(Locked::Until(until)))]);
    write(&**store, vec![Change::CountsOf(Some(account_id(2)), [other, elsewhere])]).await;
    assert_eq!(locked(None, NOW).await, [], "theirs are counted under other keys now");
}
