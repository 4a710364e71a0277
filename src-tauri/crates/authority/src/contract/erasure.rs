//! Erasing a person: everything of them goes, all that is not theirs stays, and the tree is the same.

use std::sync::Arc;

use domain::{
    Change,
    case::{Brings, Case, CaseAct, CaseState},
    device::{Device, LostTold, State},
    erasure::{ERASED, Erase, Places},
    factor::{Clock, Counter},
    id::{BatchId, CaseId, ImportId, TokenId},
    import::{Batch, Item, Traits, Undone},
    oath::Parameters,
    readiness::Hour,
    request::HelpRequest,
    support::{Answers, Channel, Checklist, SupportNote},
    throttle::Failures,
    token::{Origin, Token, TokenState},
    words::Language,
};
use journal::tree::{Span, TreeHash};
use uuid::Uuid;

use super::{
    devices::{device, paired, revoked, write_device},
    ground::*,
};
use crate::store::{JournalQuery, KeptQuery, PeopleQuery, RecordKey, Store};

const ALL: KeptQuery = KeptQuery { person: None, from: None, until: None, start: 0, end: u64::MAX, limit: u32::MAX };

pub(super) fn case(number: u128, target: u128, opener: u128, state: CaseState) -> Case {
    let list = Checklist::usual(Language::En);
    let checked = list.entries().take(1).map(str::to_owned).collect();
    let answers = Answers { asked_by: "Ada".into(), checked, reason: "lost".into(), channel: Channel::Phone };
    Case {
        id: CaseId(Uuid::from_u128(0xca5e_1000 + number)),
        target: account_id(target),
        act: CaseAct::Both,
        brings: Brings::Nothing,
        opener: account_id(opener),
        opened_at: NOW,
        note: SupportNote::read(&answers, &list).expect("filled in"),
        state,
    }
}

pub(super) fn token(number: u8, by: u128, last_holder: Option<u128>) -> Token {
    Token {
        id: TokenId(Uuid::from_u128(0x71_0000 + u128::from(number))),
        origin: Origin::Hardware,
        community: None,
        serial: None,
        label: None,
        maker: None,
        parameters: Parameters::default(),
        sealed: None,
        fingerprint: [number; 32],
        batch: BatchId(Uuid::from_u128(7)),
        imported_at: NOW,
        imported_by: account_id(by),
        state: TokenState::Free,
        since: NOW,
        last_holder: last_holder.map(account_id),
        used: false,
        clock: Clock::default(),
        counter: Counter::at(0),
    }
}

pub(super) fn batch(number: u128, by: u128, undone: Option<u128>) -> Batch {
    let undone = undone.map(|by| Undone { by: account_id(by), at: NOW });
    Batch {
        id: ImportId(Uuid::from_u128(0x1_3000 + number)),
        by: account_id(by),
        at: NOW,
        file: "l.csv".into(),
        added: 1,
        changed: 0,
        same: 0,
        refused: 0,
        undone,
    }
}

async fn root(store: &impl Store) -> TreeHash {
    let span = Span::first(store.journal_size().await.expect("a size"));
    let mut hashes = store.subtrees(&span.subtrees()).await.expect("hashes").into_iter();
    span.hash(|_| hashes.next()).expect("a root")
}

/// Ada (1) is erased; Grace (2) and what is hers stay.
pub async fn a_person_is_erased_from_every_record<S: Store>(store: &Arc<S>) {
    let store = &**store;
    found(store).await;
    let (ada, grace) = (person(1, "Ada", &[NORTH]), person(2, "Grace", &[NORTH]));
    let (one, two) = (batch(1, 2, None), batch(3, 2, Some(1)));
    let item = |account: &domain::account::Account| Item { account: account.id, before: None, after: Traits::of(account) };
    let key = [9; 32];
    write(store, vec![change(ada.clone()), change(grace.clone())]).await;
    let changes = vec![
        Change::Session(session(1, ada.id)),
        Change::Session(session(2, grace.id)),
        Change::HelpRequest(HelpRequest { account: ada.id, asked_at: NOW, dismissed_at: None }),
        Change::HelpRequest(HelpRequest { account: grace.id, asked_at: NOW, dismissed_at: None }),
        Change::Throttle(key, Failures::default()),
        Change::CountsOf(Some(ada.id), [key, [8; 32]]),
        Change::Case(Box::new(case(1, 1, 2, CaseState::CarriedOut { at: NOW }))),
        Change::Case(Box::new(case(2, 2, 1, CaseState::Open))),
        Change::Case(Box::new(case(3, 2, 2, CaseState::Approved { by: Some(ada.id), at: NOW, password: None }))),
        Change::Case(Box::new(case(4, 2, 2, CaseState::Open))),
        Change::Token(Box::new(token(1, 1, None))),
        Change::Token(Box::new(token(2, 2, Some(1)))),
        Change::Import(Box::new(one.clone())),
        Change::ImportItem(one.id, item(&ada)),
        Change::ImportItem(one.id, item(&grace)),
        Change::Import(Box::new(batch(2, 1, None))),
        Change::Import(Box::new(two.clone())),
        write_device(&Device { person: Some(ada.id), ..device(1, paired()) }),
        write_device(&Device { invited_by: Some(ada.id), person: Some(grace.id), ..device(2, paired()) }),
        write_device(&Device {
            signed_in: vec![ada.id, grace.id],
            told: [ada.id, grace.id].map(|person| LostTold { person, at: NOW }).into(),
            ..device(3, revoked(1))
        }),
    ];
    write(store, changes).await;
    let entries = vec![
        draft(Some(grace.id), None, &[NORTH]),
        draft(Some(ada.id), Some(grace.id), &[NORTH]),
        draft(Some(grace.id), Some(ada.id), &[NORTH]),
        draft(Some(ada.id), Some(ada.id), &[]),
        draft(Some(grace.id), Some(grace.id), &[SOUTH]),
    ];
    record(store, entries).await;
    let (before, size) = (root(store).await, store.journal_size().await.expect("a size"));

    let traces = store.traces(ada.id).await.expect("a look");
    assert_eq!((traces.entries.to_string().as_str(), traces.shared), ("1-3", 2));
    assert_eq!((traces.sessions, traces.imports, traces.cases, traces.asked), (1, 1, 3, true));
    assert_eq!(traces.undecided.len(), 2, "opened and approved by her: the one about her was carried out");

    let erase = |entries| commit_of(vec![Change::Erase(Box::new(Erase { account: ada.id, entries }))]);
    for stale in ["1-2", "0-3", "", "1-4"] {
        assert!(is_conflict(&store.commit(erase(Places::read(stale))).await), "{stale}");
    }
    assert!(version(store, ada.id).await.is_some(), "nothing of a refused commit happened");
    store.commit(erase(traces.entries.clone())).await.expect("erased");

    assert!(version(store, ada.id).await.is_none() && version(store, grace.id).await.is_some());
    assert!(store.account_by_email("person1@example.org").await.expect("a read").is_none());
    assert!(store.device(device(1, paired()).id).await.expect("a read").is_none(), "a device is its person's");
    let left = store.device(device(2, paired()).id).await.expect("a read").expect("Grace's");
    assert_eq!((left.record.invited_by, left.record.person), (Some(ERASED), Some(grace.id)));
    let left = store.device(device(3, paired()).id).await.expect("a read").expect("nobody's").record;
    assert!(matches!(left.state, State::Revoked { by: Some(ERASED), .. }), "{left:?}");
    assert_eq!(
        (left.signed_in, left.told),
        (vec![grace.id], vec![LostTold { person: grace.id, at: NOW }]),
        "who is gone is no longer named"
    );
    let listed = store.people(&PeopleQuery { search: "ada".into(), ..PeopleQuery::everybody(Hour::plain(NOW), 10) }).await.expect("a page");
    assert_eq!(listed.total, 0, "nobody finds her");
    assert!(store.session(session(1, ada.id).id).await.expect("a read").is_none());
    assert!(store.session(session(2, grace.id).id).await.expect("a read").is_some());
    assert!(store.help_request(ada.id).await.expect("a read").is_none() && store.help_request(grace.id).await.expect("a read").is_some());
    assert!(store.throttle(key).await.expect("a read").is_none(), "the key of a count is made from her address");
    for (number, stays) in [(1, false), (2, false), (3, false), (4, true)] {
        let found = store.case(case(number, 2, 2, CaseState::Open).id).await.expect("a read");
        assert_eq!(found.is_some(), stays, "case {number}");
    }
    let imported = store.token(token(1, 1, None).id).await.expect("a read").expect("the stock's").record;
    let held = store.token(token(2, 1, None).id).await.expect("a read").expect("the stock's").record;
    assert_eq!((imported.imported_by, held.last_holder), (ERASED, None));
    assert!(store.import(batch(2, 1, None).id).await.expect("a read").is_none());
    let undone = store.import(two.id).await.expect("a read").expect("Grace's").record.undone;
    assert_eq!(undone.map(|undone| undone.by), Some(ERASED));

    let kept = store.kept_entries(&ALL).await.expect("entries");
    let emptied: Vec<u64> =
        kept.iter().filter(|entry| entry.persons.is_none() && entry.persons_key.is_none()).map(|entry| entry.index).collect();
    assert_eq!(emptied, [1, 2, 3]);
    assert_eq!((root(store).await, store.journal_size().await.expect("a size")), (before, size), "the tree is as it was");
    let query = JournalQuery { person: Some(ada.id), communities: None, before: None, limit: 10 };
    assert!(store.journal(&query).await.expect("a journal").is_empty());
    let lines =
        store.journal(&JournalQuery { person: None, communities: Some(vec![NORTH]), ..query }).await.expect("a journal that verifies");
    assert_eq!(lines.iter().map(|line| line.entry.index()).collect::<Vec<_>>(), [2, 1, 0], "filed where they were");
    assert!(lines[..2].iter().all(|line| line.actor.is_none() && line.subject.is_none()));
    assert!(is_conflict(&store.commit(erase(Places::default())).await), "nobody is erased twice");
    let none = store.traces(ada.id).await.expect("a look");
    assert_eq!((none.entries.count(), none.cases, none.imports, none.sessions), (0, 0, 0, 0));
}

/// An entry more about them, or their account written: what was decided rests on neither any more.
pub async fn of_an_erasure_and_another_commit_one_wins<S: Store>(store: &Arc<S>) {
    found(&**store).await;
    let ada = person(1, "Ada", &[]);
    write(&**store, vec![change(ada.clone())]).await;
    for round in 0..10u64 {
        let erase = || {
            let changes = vec![Change::Erase(Box::new(Erase { account: ada.id, entries: Places::of((0..round).collect()) }))];
            commit_after(vec![(RecordKey::Account(ada.id), Some(1))], changes)
        };
        if round < 9 {
            // Somebody signs her out at that moment: their entry comes first, or the account is gone.
            record(&**store, vec![draft(None, Some(ada.id), &[])]).await;
            assert!(is_conflict(&store.commit(erase()).await), "{round}");
        } else {
            let (first, second) = tokio::join!(store.commit(erase()), store.commit(erase()));
            assert!(first.is_ok() != second.is_ok(), "one of two");
        }
    }
    assert!(version(&**store, ada.id).await.is_none());
}
