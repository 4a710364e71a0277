//! Cases and requests: what waits on the support desk, and whose role reaches it.

use std::sync::Arc;

use domain::{
    Change,
    case::{Case, CaseAct, CaseState},
    id::{AccountId, CaseId, CommunityId},
    request::HelpRequest,
    support::{Answers, Channel, Checklist, SupportNote},
    time::Moment,
    words::Language,
};
use uuid::Uuid;

use super::ground::*;
use crate::store::{DeskQuery, RecordKey, Store};

fn note() -> SupportNote {
    let list = Checklist::usual(Language::En);
    let answers = Answers {
        asked_by: "Zoë 🦀".into(),
        checked: list.entries().map(str::to_owned).collect(),
        reason: "O'Hara's phone".into(),
        channel: Channel::Letter,
    };
    SupportNote::read(&answers, &list).expect("filled in")
}

pub(super) fn case(number: u128, target: u128, opener: u128, opened_at: Moment) -> Case {
    Case {
        id: CaseId(Uuid::from_u128(0xca5e_0000 + number)),
        target: account_id(target),
        act: CaseAct::Both,
        brings: domain::case::Brings::Nothing,
        opener: account_id(opener),
        opened_at,
        note: note(),
        state: CaseState::Open,
    }
}

fn write_case(case: &Case) -> Change {
    Change::Case(Box::new(case.clone()))
}

fn request(number: u128, asked_at: Moment) -> HelpRequest {
    HelpRequest { account: account_id(number), asked_at, dismissed_at: None }
}

async fn waiting(store: &impl Store, communities: Option<Vec<CommunityId>>, reader: AccountId) -> (Vec<CaseId>, Vec<AccountId>) {
    let query = DeskQuery { communities, reader, cases_after: NOW.plus(-100), requests_after: NOW.plus(-100), limit: 10 };
    let waiting = store.waiting(&query).await.expect("a read");
    (
        waiting.cases.into_iter().map(|found| found.record.id).collect(),
        waiting.requests.into_iter().map(|found| found.record.account).collect(),
    )
}

/// Cases and requests come back as written, under growing versions; absence is a version, and a stale one is refused.
pub async fn cases_and_requests_have_versions<S: Store>(store: &Arc<S>) {
    found(&**store).await;
    write(&**store, vec![change(person(1, "Ada", &[NORTH])), change(person(2, "Grace", &[]))]).await;
    let mut one = case(1, 1, 2, NOW);
    assert!(store.case(one.id).await.expect("a read").is_none());
    assert!(store.help_request(account_id(1)).await.expect("a read").is_none());
    for version in 1..=3u64 {
        write(&**store, vec![write_case(&one), Change::HelpRequest(request(1, NOW))]).await;
        let read = store.case(one.id).await.expect("a read").expect("a case");
        assert_eq!((read.version, format!("{:?}", read.record)), (version, format!("{one:?}")));
        let read = store.help_request(account_id(1)).await.expect("a read").expect("a request");
        assert_eq!((read.version, read.record), (version, request(1, NOW)));
        one.state = CaseState::Approved { by: Some(account_id(2)), at: NOW.plus(i64::try_from(version).expect("small")), password: None };
    }
    for (key, change) in
        [(RecordKey::Case(one.id), write_case(&one)), (RecordKey::HelpRequest(account_id(1)), Change::HelpRequest(request(1, NOW)))]
    {
        for stale in [None, Some(2)] {
            assert!(is_conflict(&store.commit(commit_after(vec![(key, stale)], vec![change.clone()])).await), "{key:?} {stale:?}");
        }
        store.commit(commit_after(vec![(key, Some(3))], vec![change])).await.expect("nothing has changed");
    }
}

/// Of two who approve at once, one does.
pub async fn of_two_approvals_one_wins<S: Store>(store: &Arc<S>) {
    found(&**store).await;
    write(&**store, vec![change(person(1, "Ada", &[NORTH])), change(person(2, "Grace", &[])), write_case(&case(1, 1, 2, NOW))]).await;
    let approval = |by: u128| {
        let approved = Case { state: CaseState::Approved { by: Some(account_id(by)), at: NOW, password: None }, ..case(1, 1, 2, NOW) };
        commit_after(vec![(RecordKey::Case(approved.id), Some(1))], vec![write_case(&approved)])
    };
    let (a, b) = tokio::join!(store.commit(approval(3)), store.commit(approval(4)));
    assert_eq!([&a, &b].iter().filter(|outcome| outcome.is_ok()).count(), 1, "{a:?} {b:?}");
    assert_eq!([&a, &b].iter().filter(|outcome| is_conflict(outcome)).count(), 1, "{a:?} {b:?}");
}

/// Oldest first, within the reader's communities as they are now, and one's own cases whoever they are about.
pub async fn what_waits_is_bounded_by_communities<S: Store>(store: &Arc<S>) {
    found(&**store).await;
    let people = [(1, vec![NORTH]), (2, vec![SOUTH]), (3, vec![NORTH, SOUTH]), (4, vec![]), (9, vec![])];
    write(&**store, people.iter().map(|(number, held)| change(person(*number, "Ada", held))).collect()).await;
    let mut changes: Vec<Change> = [(1, 1, 9), (2, 2, 9), (3, 3, 9), (4, 4, 9)]
        .map(|(number, target, opener)| write_case(&case(number, target, opener, NOW.plus(10 - i64::try_from(number).expect("small")))))
        .into();
    let decided = |number: u128, state: CaseState| write_case(&Case { state, ..case(number, 1, 9, NOW) });
    changes.push(decided(5, CaseState::CarriedOut { at: NOW }));
    changes.push(decided(6, CaseState::Withdrawn { by: account_id(9), at: NOW }));
    changes.push(decided(7, CaseState::Void { at: NOW }));
    changes.push(write_case(&case(8, 1, 9, NOW.plus(-100))));
    changes.extend([1, 2, 3, 4].map(|number| Change::HelpRequest(request(number, NOW.plus(10 - i64::try_from(number).expect("small"))))));
    write(&**store, changes).await;

    let case_ids = |numbers: &[u128]| numbers.iter().map(|number| case(*number, 1, 9, NOW).id).collect::<Vec<_>>();
    let ids = |numbers: &[u128]| numbers.iter().map(|number| account_id(*number)).collect::<Vec<_>>();
    type Seen<'a> = (Option<Vec<CommunityId>>, u128, &'a [u128], &'a [u128]);
    let table: [Seen<'_>; 6] = [
        (None, 5, &[4, 3, 2, 1], &[4, 3, 2, 1]),
        (Some(vec![NORTH]), 5, &[3, 1], &[3, 1]),
        (Some(vec![SOUTH]), 5, &[3, 2], &[3, 2]),
        (Some(vec![NORTH, SOUTH]), 5, &[3, 2, 1], &[3, 2, 1]),
        (Some(vec![]), 5, &[], &[]),
        (Some(vec![NORTH]), 9, &[4, 3, 2, 1], &[3, 1]),
    ];
    for (communities, reader, cases, requests) in table {
        let (found, asked) = waiting(&**store, communities.clone(), account_id(reader)).await;
        assert_eq!((found, asked), (case_ids(cases), ids(requests)), "{communities:?} {reader}");
    }
    // Who moves, moves with what waits for them; what is dismissed waits no more.
    let dismissed = Change::HelpRequest(HelpRequest { dismissed_at: Some(NOW), ..request(3, NOW) });
    write(&**store, vec![change(person(1, "Ada", &[SOUTH])), dismissed]).await;
    assert_eq!(waiting(&**store, Some(vec![NORTH]), account_id(5)).await, (case_ids(&[3]), ids(&[])));

    let about = store.cases_about(account_id(1)).await.expect("a read");
    assert_eq!(about.into_iter().map(|found| found.record.id).collect::<Vec<_>>(), case_ids(&[8, 1]), "decided ones are left out");
}
