//! The outbox and reports: found by when they are due and by what answers them, claimed once, bounded by communities.

use std::sync::Arc;

use domain::{
    Change, Notice, NoticeKind,
    account::Account,
    id::{AccountId, CommunityId, MailId},
    mail::outbox::{Answer, Claim, Failure, Mail, MailState, Outcome},
    report::{Pointed, Report},
    time::Moment,
};
use uuid::Uuid;

use super::ground::*;
use crate::store::{Commit, CommitError, MailCounted, OutboxQuery, RecordKey, ReportsQuery, Store};

const NEVER: Moment = Moment(0);

fn mail(number: u8, to: &Account, kind: NoticeKind, state: MailState) -> Mail {
    let id = MailId(Uuid::from_u128(0x3a11_0000 + u128::from(number)));
    Mail::of(&Notice::new(to.id, kind), to, (to.email.clone(), state), id, NOW.plus(i64::from(number)))
}

pub(super) fn waiting(number: u8, to: &Account, next: i64) -> Mail {
    mail(number, to, NoticeKind::PasswordChanged, MailState::Waiting { next: NOW.plus(next) })
}

fn put(mail: &Mail) -> Change {
    Change::Mail(Box::new(mail.clone()))
}

fn numbers(found: Vec<crate::store::Versioned<Mail>>) -> Vec<u128> {
    found.iter().map(|found| found.record.id.0.as_u128() - 0x3a11_0000).collect()
}

/// A notice is written with the commit that owes it, whole or not at all, and comes back under growing versions.
pub async fn notices_are_written_with_the_change_that_owes_them<S: Store>(store: &Arc<S>) {
    found(&**store).await;
    let ada = person(1, "Ada", &[NORTH]);
    let mut first = waiting(1, &ada, 0);
    first.answer = Some(Answer { hash: [7; 32], spent_at: None });
    let owing = |read| Commit { read, notices: vec![first.clone()], ..commit_of(vec![change(ada.clone())]) };
    assert!(is_conflict(&store.commit(owing(vec![(RecordKey::Account(ada.id), Some(4))])).await));
    assert!(store.mail(first.id).await.expect("a read").is_none(), "nothing of a refused commit is there");
    store.commit(owing(Vec::new())).await.expect("a commit");
    let kept = store.mail(first.id).await.expect("a read").expect("there");
    assert_eq!((kept.version, format!("{:?}", kept.record)), (1, format!("{first:?}")));
    assert_eq!(store.mail_answered_by([7; 32]).await.expect("a read").map(|found| found.record.id), Some(first.id));
    assert!(store.mail_answered_by([8; 32]).await.expect("a read").is_none());
    first.resend(NOW.plus(9));
    write(&**store, vec![put(&first)]).await;
    assert_eq!(store.mail(first.id).await.expect("a read").map(|found| found.version), Some(2));
    // A code that answers two notices would mark the wrong one.
    let mut twin = waiting(2, &ada, 0);
    twin.answer = Some(Answer { hash: [7; 32], spent_at: None });
    assert!(is_conflict(&store.commit(Commit { notices: vec![twin], ..commit_of(Vec::new()) }).await));
}

/// Of many who claim one notice, one has it.
pub async fn of_many_deliverers_one_claims<S: Store>(store: &Arc<S>) {
    found(&**store).await;
    let ada = person(1, "Ada", &[]);
    let first = waiting(1, &ada, 0);
    write(&**store, vec![change(ada.clone()), put(&first)]).await;
    let mut claims = Vec::new();
    for _ in 0..6 {
        let (store, ada) = (Arc::clone(store), ada.clone());
        claims.push(tokio::spawn(async move {
            let mut due = store.waiting_mail(NEVER, 1).await.expect("a read");
            let Some(mut found) = due.pop() else { return false };
            assert_eq!(found.record.claim(Some(&ada), true, NOW.plus(60)), Claim::Send);
            let read = vec![(RecordKey::Mail(found.record.id), Some(found.version))];
            match store.commit(commit_after(read, vec![put(&found.record)])).await {
                Ok(_) => true,
                Err(CommitError::Conflict) => false,
                Err(error) => panic!("{error}"),
            }
        }));
    }
    let mut won = 0;
    for claim in claims {
        won += usize::from(claim.await.expect("no panic"));
    }
    assert_eq!(won, 1);
    assert!(store.waiting_mail(NEVER, 9).await.expect("a read").is_empty());
    assert_eq!(numbers(store.half_sent_mail(NOW.plus(60), 9).await.expect("a read")), [1]);
    assert!(store.half_sent_mail(NOW.plus(59), 9).await.expect("a read").is_empty(), "it was begun later");
}

/// What waits is given by when it is due; tests first, and what was tried before the settings were changed as if never tried.
pub async fn what_waits_is_given_by_when_it_is_due<S: Store>(store: &Arc<S>) {
    found(&**store).await;
    let ada = person(1, "Ada", &[]);
    let tried = |number, at| {
        let mut mail = waiting(number, &ada, 0);
        mail.claim(Some(&ada), true, NOW.plus(at));
        mail.settle(Outcome::Failed { failure: Failure::Busy, for_good: false }, NOW.plus(at));
        mail
    };
    let test = mail(5, &ada, NoticeKind::Test, MailState::Waiting { next: NOW.plus(90) });
    let mut changes = vec![change(ada.clone())];
    let letter = mail(6, &ada, NoticeKind::PasswordChanged, MailState::Letter);
    changes.extend([waiting(1, &ada, 50), waiting(2, &ada, 20), tried(3, 30), tried(4, 10), test, letter].iter().map(put));
    write(&**store, changes).await;
    let due = async |set_at, limit| numbers(store.waiting_mail(set_at, limit).await.expect("a read"));
    assert_eq!(due(NEVER, 9).await, [5, 2, 1, 4, 3], "70 and 90 seconds from now, after their first attempts");
    assert_eq!(due(NOW.plus(20), 9).await, [5, 4, 2, 1, 3], "the fourth was tried under other settings");
    assert_eq!(due(NEVER, 2).await, [5, 2]);
}

/// Lists and counts are bounded by communities, narrowed by state and person, newest first, page by page.
pub async fn the_outbox_is_bounded_by_communities<S: Store>(store: &Arc<S>) {
    found(&**store).await;
    let (ada, grace, alan) = (person(1, "Ada", &[NORTH]), person(2, "Grace", &[NORTH, SOUTH]), person(3, "Alan", &[]));
    let mut failed = waiting(2, &grace, 0);
    failed.claim(Some(&grace), true, NOW);
    failed.settle(Outcome::Failed { failure: Failure::RefusedAddress, for_good: true }, NOW);
    let all = [
        waiting(1, &ada, 0),
        failed,
        mail(3, &alan, NoticeKind::Unlocked, MailState::Letter),
        mail(4, &ada, NoticeKind::Unlocked, MailState::Sent),
        mail(5, &ada, NoticeKind::Unlocked, MailState::HandedOver { by: alan.id }),
        mail(6, &ada, NoticeKind::Test, MailState::Failed),
    ];
    let mut changes: Vec<Change> = [&ada, &grace, &alan].map(|account| change(account.clone())).into();
    changes.extend(all.iter().map(put));
    write(&**store, changes).await;

    let query = |communities: Option<&[CommunityId]>, state, person: Option<AccountId>, tests| OutboxQuery {
        communities: communities.map(<[_]>::to_vec),
        state,
        person,
        tests,
        after: None,
        limit: 2,
    };
    let listed = async |mut query: OutboxQuery| {
        let mut all = Vec::new();
        loop {
            let page = store.outbox(&query).await.expect("a read");
            let Some(last) = page.last() else { return all };
            query.after = Some((last.record.at, last.record.id));
            all.extend(numbers(page));
        }
    };
    assert_eq!(listed(query(None, None, None, false)).await, [5, 4, 3, 2, 1]);
    assert_eq!(listed(query(Some(&[NORTH]), None, None, false)).await, [5, 4, 2, 1]);
    assert_eq!(listed(query(Some(&[SOUTH, NORTH]), None, None, false)).await, [5, 4, 2, 1], "once each");
    assert_eq!(listed(query(Some(&[SOUTH]), None, None, false)).await, [2]);
    assert!(listed(query(Some(&[]), None, None, false)).await.is_empty());
    assert_eq!(listed(query(None, Some("waiting"), None, false)).await, [1]);
    assert_eq!(listed(query(None, None, Some(ada.id), false)).await, [5, 4, 1]);
    assert_eq!(listed(query(None, None, Some(ada.id), true)).await, [6]);

    let counts = async |communities: Option<&[CommunityId]>| store.count_mail(communities).await.expect("a read");
    let count = |state: &str, failure: Option<&str>| MailCounted { state: state.into(), failure: failure.map(str::to_owned), count: 1 };
    let refused = || count("failed", Some("refused-address"));
    assert_eq!(counts(None).await, [refused(), count("letter", None), count("waiting", None)]);
    assert_eq!(counts(Some(&[SOUTH])).await, [refused()]);
    assert!(counts(Some(&[])).await.is_empty());
}

/// Reports are one a person, listed while they wait, and bounded by communities.
pub async fn reports_are_listed_while_they_wait<S: Store>(store: &Arc<S>) {
    found(&**store).await;
    let (ada, grace) = (person(1, "Ada", &[NORTH]), person(2, "Grace", &[SOUTH]));
    let report = |account: AccountId, at: i64| Report {
        account,
        first_at: NOW.plus(at),
        last_at: NOW.plus(at),
        count: 1,
        pointed: Pointed::Entry(7),
        entries: vec![7],
        signed_in: true,
        settled: None,
    };
    let put = |report: &Report| Change::Report(Box::new(report.clone()));
    let (late, early) = (report(ada.id, 9), report(grace.id, 3));
    write(&**store, vec![change(ada.clone()), change(grace.clone()), put(&late), put(&early)]).await;
    let kept = store.report(ada.id).await.expect("a read").expect("there");
    assert_eq!((kept.version, kept.record), (1, late.clone()));
    let listed = async |communities: Option<&[CommunityId]>| {
        let query = ReportsQuery { communities: communities.map(<[_]>::to_vec), limit: 9 };
        store.reports(&query).await.expect("a read").into_iter().map(|found| found.record.account).collect::<Vec<_>>()
    };
    assert_eq!(listed(None).await, [grace.id, ada.id]);
    assert_eq!(listed(Some(&[NORTH])).await, [ada.id]);
    assert!(listed(Some(&[])).await.is_empty());
    let settled = Report { settled: Some((grace.id, NOW)), ..late };
    let commit = || commit_after(vec![(RecordKey::Report(ada.id), Some(1))], vec![put(&settled)]);
    store.commit(commit()).await.expect("a commit");
    assert!(is_conflict(&store.commit(commit()).await), "it was settled once");
    assert_eq!(listed(None).await, [grace.id]);
}

/// Whoever is removed leaves no notice behind, also none that names them to somebody else.
pub async fn a_removed_account_takes_its_notices_along<S: Store>(store: &Arc<S>) {
    found(&**store).await;
    let (ada, grace) = (person(1, "Ada", &[NORTH]), person(2, "Grace", &[NORTH]));
    let named = Mail { about: Some(ada.id), ..mail(2, &grace, NoticeKind::ReportedNotMe, MailState::Waiting { next: NOW }) };
    let all = [waiting(1, &ada, 0), named, waiting(3, &grace, 0)];
    let mut changes = vec![change(ada.clone()), change(grace)];
    changes.extend(all.iter().map(put));
    write(&**store, changes).await;
    write(&**store, vec![Change::RemoveAccount(ada.id)]).await;
    assert_eq!(numbers(store.waiting_mail(NEVER, 9).await.expect("a read")), [3]);
    // One that was being sent meanwhile is not put back.
    let read = vec![(RecordKey::Mail(all[0].id), Some(1))];
    assert!(is_conflict(&store.commit(commit_after(read, vec![put(&all[0])])).await));
}
