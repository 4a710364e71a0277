//! The directory against the plainest way to say what a list is: go through everybody, ask the rules, sort.

use authority::store::{Begin, Being, By, Only, Order, PeopleQuery};
use domain::{
    account::AccountState,
    gate::{Membership, Role},
    id::{AccountId, CommunityId},
    readiness::{Hour, PeopleState, Traits},
    time::Moment,
};
use proptest::prelude::*;
use uuid::Uuid;

use super::{
    book::{Book, Effects, Entry},
    found::Kept,
    search,
};

const NOW: Moment = Moment(1_790_000_000);

fn account(number: u8) -> AccountId {
    AccountId(Uuid::from_u128(u128::from(number) * 0x9e37_79b9_7f4a_7c15))
}

fn community(number: u8) -> CommunityId {
    CommunityId(Uuid::from_u128(0xa0 + u128::from(number)))
}

/// Somebody, and until when their password waits.
#[derive(Clone, Debug)]
struct Person {
    id: AccountId,
    name: String,
    email: String,
    second: Option<String>,
    traits: Traits,
    owner: bool,
    memberships: Vec<Membership>,
    signed_in_at: Option<Moment>,
    created_at: Moment,
    passwords_until: Option<Moment>,
}

impl Person {
    fn entry(&self) -> Entry {
        let Self { id, name, email, traits, owner, memberships, signed_in_at, created_at, .. } = self.clone();
        let second = self.second.clone();
        Entry { id, name, email, second, traits, owner, memberships, signed_in_at, created_at }
    }
}

#[derive(Clone, Debug)]
enum Step {
    Put(Vec<Person>),
    Remove(u8),
    Wait(u8, Option<Moment>),
    Ask(Box<PeopleQuery>),
}

fn words() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(vec!["a", "b", "an", "é", "ö", "ada", "zz", " ", "é́", "🦀"]), 1..6)
        .prop_map(|parts| parts.concat())
}

fn moment() -> impl Strategy<Value = Option<Moment>> {
    prop::option::of((-3i64..=3).prop_map(|at| NOW.plus(at * 300)))
}

fn traits() -> impl Strategy<Value = Traits> {
    let state = prop::sample::select(vec![
        AccountState::Invited,
        AccountState::Protected,
        AccountState::NoSecondFactor,
        AccountState::RecoveryPending,
        AccountState::Deactivated,
        AccountState::SignsInElsewhere,
    ]);
    (state, any::<[bool; 3]>(), prop::sample::select(vec![0u32, 1, 99, 100]), moment(), moment()).prop_map(
        |(state, [few_codes, unsaved_codes, one_authenticator], in_a_row, waits_until, begun_at)| Traits {
            state,
            few_codes,
            unsaved_codes,
            one_authenticator,
            in_a_row,
            waits_until,
            begun_at,
        },
    )
}

fn role() -> impl Strategy<Value = Role> {
    prop::sample::select(vec![Role::Member, Role::Support, Role::Administrator])
}

fn person() -> impl Strategy<Value = Person> {
    let memberships = prop::collection::btree_map(0u8..5, role(), 0..5)
        .prop_map(|held| held.into_iter().map(|(at, role)| Membership { community: community(at), role, since: NOW }).collect::<Vec<_>>());
    let second = prop::option::of(prop::sample::select(vec!["zz@home.example".to_owned(), "p1@a.example".to_owned()]));
    (0u8..40, words(), second, traits(), any::<bool>(), memberships, moment(), 0i64..4).prop_map(
        |(number, name, second, traits, owner, memberships, signed_in_at, created)| Person {
            id: account(number),
            name,
            email: format!("{}p{number}@example.org", ["a", "b", "x"][usize::from(number) % 3]),
            second,
            traits,
            owner,
            memberships,
            signed_in_at,
            created_at: Moment(created),
            passwords_until: None,
        },
    )
}

fn asked() -> impl Strategy<Value = PeopleQuery> {
    let being = prop::option::of(prop_oneof![Just(Being::Owner), role().prop_map(Being::Holding)]);
    let state = prop::option::of(prop::sample::select(PeopleState::ALL.to_vec()));
    let by = prop::sample::select(vec![By::Name, By::Email, By::State, By::SignedIn, By::Added]);
    let communities = prop::option::of(prop::collection::vec((0u8..6).prop_map(community), 0..3));
    let without_codes = prop::option::of(prop::collection::vec((0u8..6).prop_map(community), 0..2));
    let search = prop_oneof![Just(String::new()), words(), Just("p1".to_owned())];
    (search, communities, being, state, by, any::<bool>(), 0u64..50, 1u32..9, without_codes).prop_map(
        |(search, communities, being, state, by, descending, from, limit, without_codes)| PeopleQuery {
            search,
            communities,
            only: Only { being, state },
            hour: Hour { without_codes, ..Hour::plain(NOW) },
            order: Order { by, descending },
            begin: Begin::At(from),
            limit,
        },
    )
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        2 => prop::collection::vec(person(), 1..12).prop_map(Step::Put),
        1 => (0u8..40).prop_map(Step::Remove),
        1 => (0u8..40, moment()).prop_map(|(number, until)| Step::Wait(number, until)),
        4 => asked().prop_map(|query| Step::Ask(Box::new(query))),
    ];
    prop::collection::vec(step, 1..40)
}

/// Whether somebody is on the list, asked of the rules and nothing else.
fn is_meant(person: &Person, query: &PeopleQuery) -> bool {
    let within = |held: &&Membership| query.communities.as_ref().is_none_or(|communities| communities.contains(&held.community));
    let theirs: Vec<&Membership> = person.memberships.iter().filter(within).collect();
    let being = match query.only.being {
        None => true,
        Some(Being::Owner) => person.owner,
        Some(Being::Holding(role)) => theirs.iter().any(|held| held.role == role),
    };
    let has_codes =
        query.hour.without_codes.as_ref().is_some_and(|none| person.memberships.iter().all(|held| !none.contains(&held.community)));
    let state = query
        .only
        .state
        .is_none_or(|state| person.traits.are(state, person.passwords_until, &query.hour) && (has_codes || !state.is_of_codes()));
    let words = [Some(&person.name), Some(&person.email), person.second.as_ref()];
    let found = words.into_iter().flatten().any(|words| words.contains(&query.search));
    being && state && found && (query.communities.is_none() || !theirs.is_empty())
}

fn listed(people: &[Person], query: &PeopleQuery) -> Vec<AccountId> {
    let mut meant: Vec<&Person> = people.iter().filter(|person| is_meant(person, query)).collect();
    meant.sort_by(|a, b| {
        let first = match query.order.by {
            By::Name => std::cmp::Ordering::Equal,
            By::Email => a.email.cmp(&b.email),
            By::State => a.traits.state.rank().cmp(&b.traits.state.rank()),
            By::SignedIn => a.signed_in_at.cmp(&b.signed_in_at),
            By::Added => a.created_at.cmp(&b.created_at),
        };
        first.then_with(|| a.name.cmp(&b.name)).then_with(|| a.id.cmp(&b.id))
    });
    if query.order.descending {
        meant.reverse();
    }
    meant.iter().map(|person| person.id).collect()
}

fn ask(book: &Book, kept: &mut Kept, people: &[Person], query: &PeopleQuery) {
    let words = (!query.search.is_empty()).then(|| query.search.clone());
    let expected = listed(people, query);
    let Begin::At(from) = query.begin else { panic!("by position") };
    let from = (from as usize).min(expected.len());
    let page = kept.page(book, words.clone(), query);
    let rows: Vec<AccountId> = page.rows.iter().map(|(id, _)| *id).collect();
    assert_eq!(rows, expected[from..expected.len().min(from + query.limit as usize)], "{query:?}");
    assert_eq!((page.total, page.from), (expected.len() as u64, from as u64), "{query:?}");
    for (id, until) in &page.rows {
        assert_eq!(*until, people.iter().find(|person| person.id == *id).expect("one of them").passwords_until);
    }
    if query.order == (Order { by: By::Name, descending: false }) {
        let mut all = Vec::new();
        let mut going = PeopleQuery { begin: Begin::At(0), ..query.clone() };
        loop {
            let page = kept.page(book, words.clone(), &going);
            assert_eq!(page.from as usize, all.len());
            all.extend(page.rows.iter().map(|(id, _)| *id));
            let Some((name, id)) = page.next else { break };
            going.begin = Begin::After(name, id);
        }
        assert_eq!(all, expected, "one after the other: {query:?}");
    }
    let counts = search::count(book, query.communities.as_deref(), &query.hour);
    for (state, count) in PeopleState::ALL.into_iter().zip(counts) {
        let only = PeopleQuery { search: String::new(), only: Only { being: None, state: Some(state) }, ..query.clone() };
        assert_eq!(count, listed(people, &only).len() as u64, "{state:?}");
    }
}

/// Lets `people` follow a step, and adds what the directory is told of it.
fn follow(people: &mut Vec<Person>, step: &Step, effects: &mut Effects) {
    match step {
        Step::Put(put) => {
            for person in put {
                let waits = people.iter().find(|known| known.id == person.id).and_then(|known| known.passwords_until);
                people.retain(|known| known.id != person.id);
                people.push(Person { passwords_until: waits, ..person.clone() });
                effects.enter(person.entry());
            }
        }
        Step::Remove(number) => {
            people.retain(|known| known.id != account(*number));
            effects.remove(account(*number));
        }
        Step::Wait(number, until) => {
            if let Some(known) = people.iter_mut().find(|known| known.id == account(*number)) {
                known.passwords_until = *until;
                effects.wait(known.id, *until);
            }
        }
        Step::Ask(_) => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    /// Whatever is committed in whatever order, a list is who the rules say, in the order that was asked for.
    #[test]
    fn a_list_is_who_the_rules_say(steps in steps()) {
        let (mut book, mut kept, mut people) = (Book::default(), Kept::default(), Vec::new());
        // One commit goes on until somebody asks.
        let mut effects = Effects::default();
        for step in &steps {
            if let Step::Ask(query) = step {
                book.apply(std::mem::take(&mut effects));
                ask(&book, &mut kept, &people, query);
            } else {
                follow(&mut people, step, &mut effects);
            }
        }
    }
}

/// Many thousands: several pieces, several hands, and changes in all of them at once.
#[test]
fn a_large_list_is_found_piece_by_piece() {
    let person = |number: u32| Person {
        id: AccountId(Uuid::from_u128(u128::from(number.wrapping_mul(0x9e37_79b1)))),
        name: format!("{} person", ["ada", "bea", "cleo", "élodie"][number as usize % 4]),
        email: format!("person{number}@example.org"),
        second: None,
        traits: Traits {
            state: AccountState::Protected,
            few_codes: number.is_multiple_of(7),
            unsaved_codes: false,
            one_authenticator: number.is_multiple_of(2),
            in_a_row: 0,
            waits_until: (number.is_multiple_of(500)).then(|| NOW.plus(60)),
            begun_at: None,
        },
        owner: false,
        memberships: vec![Membership { community: community((number % 3) as u8), role: Role::Member, since: NOW }],
        signed_in_at: Some(Moment(i64::from(number % 100))),
        created_at: Moment(i64::from(number)),
        passwords_until: None,
    };
    let mut people: Vec<Person> = (0..80_000).map(person).collect();
    let (mut book, mut kept) = (Book::default(), Kept::default());
    book.fill((1..).zip(people.iter().map(Person::entry)).collect());
    let queries = |people: &[Person], book: &Book, kept: &mut Kept| {
        for (search, state, by) in [
            ("a", None, By::Name),
            ("élo", Some(PeopleState::FewCodes), By::SignedIn),
            ("9@", Some(PeopleState::Locked), By::Added),
            ("person12345@", None, By::Email),
        ] {
            let query = PeopleQuery {
                search: search.into(),
                only: Only { being: None, state },
                order: Order { by, descending: by == By::SignedIn },
                begin: Begin::At(150),
                ..PeopleQuery::everybody(Hour::plain(NOW), 50)
            };
            let page = kept.page(book, Some(search.into()), &query);
            let expected = listed(people, &query);
            let rows: Vec<AccountId> = page.rows.iter().map(|(id, _)| *id).collect();
            assert_eq!((page.total, &rows[..]), (expected.len() as u64, expected.get(150..expected.len().min(200)).unwrap_or_default()));
        }
    };
    queries(&people, &book, &mut kept);
    let mut effects = Effects::default();
    for person in people.iter_mut().filter(|person| person.created_at.0 % 1000 < 3) {
        person.name = format!("a longer name than before {}", person.created_at.0);
        person.signed_in_at = Some(NOW);
        effects.enter(person.entry());
    }
    book.apply(effects);
    queries(&people, &book, &mut kept);
}
