//! Finding entries among a million: every filter, and the worst of them together.
//!
//! Every call goes the way that a command goes: session, gate, the search, and the rows as the page gets them. No two calls
//! one after the other ask the same, so that nothing of the last answer helps.

use crate::played::{Clock, Person, Played};
use crate::rows::Row;
use crate::{milliseconds, timed, wait_for};
use ::journal::Draft;
use authority::{Commit, Drawing, Store, System};
use domain::{Entropy, EventKind, id::CommunityId};
use sallyport_tests::{Error, Result, crowd};
use std::path::Path;
use uuid::Uuid;
use wire::journal::SearchJournal;

/// As many as the aim is about; fewer where this says so.
const ENTRIES_ARE: &str = "SALLYPORT_BENCH_ENTRIES";
const PEOPLE: u32 = 20_000;
const AT_ONCE: u64 = 5_000;
/// Calls of each kind.
const CALLS: usize = 200;
const AT: i64 = 1_800_000_000;
const AIM: &str = "(aim 5)";

pub(crate) fn rows() -> Result<Vec<Row>> {
    let entries = std::env::var(ENTRIES_ARE).map_or(Ok(1_000_000), |text| text.parse::<u64>());
    let entries = entries.map_err(|_| Error::said(format!("{ENTRIES_ARE} is a number.")))?;
    let folder = tempfile::tempdir()?;
    let filled = wait_for(async {
        let (played, owner) = Played::found(folder.path(), "Bench", AT).await;
        let busy = fill(&played, &owner, entries).await?;
        played.close().await;
        Ok::<_, Error>((played.id, owner, played.clock.clone(), busy))
    })?;
    let (id, owner, clock, busy) = filled?;
    wait_for(measure(folder.path(), (id, clock), &owner, &busy, entries))?
}

/// Those whom worst cases are about.
struct Busy {
    /// Did a third of everything, but nothing of the kind that another third is of.
    actor: Uuid,
    people: Vec<Uuid>,
    communities: Vec<Uuid>,
}

/// A journal as a busy workspace has one: mostly sign-ins, a few resets, one robot of an administrator, and four communities,
/// of which one is rarely concerned.
async fn fill(played: &Played, owner: &Person, entries: u64) -> Result<Busy> {
    let said = |error: &dyn std::fmt::Display| Error::said(error.to_string());
    let (store, now) = (played.authority.store(), played.clock.now());
    crowd::fill(store, &owner.email, PEOPLE, now).await?;
    let template = store.account_by_email(&owner.email).await.map_err(|error| said(&error))?;
    let template = template.ok_or_else(|| Error::said("Nobody has that address."))?.record;
    let all = store.communities().await.map_err(|error| said(&error))?;
    let communities: Vec<CommunityId> = all.iter().map(|found| found.record.id).collect();
    let crowd = crowd::Crowd::like(&template, &communities, now);
    let people: Vec<Uuid> = (0..PEOPLE).map(|number| crowd.person(number).id.0).collect();
    let (communities, actor) = (communities.iter().map(|id| id.0).collect::<Vec<_>>(), people[7]);
    let mut entropy = Drawing(&System);
    let mut key = || {
        let mut bytes = [0; 32];
        entropy.fill(&mut bytes);
        bytes.into()
    };
    for from in (0..entries).step_by(AT_ONCE as usize) {
        let drafts = (from..entries.min(from + AT_ONCE)).map(|number| {
            let mixed = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 20;
            let person = people[(mixed % u64::from(PEOPLE)) as usize];
            // The busy one never signs out, and everybody else does so every other time.
            let (by, kind) = match number % 3 {
                0 => (actor, if mixed % 5_000 == 0 { EventKind::SecondFactorReset } else { EventKind::Unlocked }),
                1 => (person, EventKind::SignedOut),
                _ => (person, if mixed % 20_000 == 1 { EventKind::RoleGiven } else { EventKind::SignedInWithAuthenticator }),
            };
            let community = communities[if mixed % 10_000 == 2 { 0 } else { 1 + (mixed as usize / 7) % (communities.len() - 1) }];
            Draft {
                at: AT - entries.cast_signed() * 30 + number.cast_signed() * 30,
                kind: kind.as_str().into(),
                communities: vec![community],
                actor: Some(by),
                subject: Some(person),
                words: [("ticket".to_owned(), format!("HD-{number}"))].into(),
                facts_key: key(),
                persons_key: key(),
            }
        });
        let drafts = drafts.collect();
        let commit = Commit { at: now, read: Vec::new(), changes: Vec::new(), entries: drafts, notices: Vec::new() };
        store.commit(commit).await.map_err(|error| said(&error))?;
    }
    Ok(Busy { actor, people, communities })
}

async fn measure(root: &Path, (id, clock): (Uuid, Clock), owner: &Person, busy: &Busy, entries: u64) -> Result<Vec<Row>> {
    let played = Played::open(root, id, clock).await;
    let session = played.sign_in_with_phone(owner).await.map_err(|refusal| Error::said(refusal.to_string()))?;
    let find = async |search: SearchJournal| -> Result<(f64, u64)> {
        let (time, found) = timed(played.call(Some(&session), search)).await;
        Ok((milliseconds(time), found.map_err(|refusal| Error::said(refusal.to_string()))?.total))
    };
    let mut rows = Vec::new();
    let everything = SearchJournal::default;
    let kind = |kind: EventKind| vec![kind.as_str().to_owned()];
    rows.push(Row::new("the first page of the journal, after opening", find(everything()).await?.0, None, "ms"));
    let first = SearchJournal { kinds: kind(EventKind::SecondFactorReset), ..everything() };
    rows.push(Row::new("the first filter after opening", find(first).await?.0, None, "ms"));

    // Two moments a day apart, another pair at every call.
    let day = |call: usize| AT - entries.cast_signed() * 30 + (call as i64 * 7_919) % (entries.cast_signed() * 30).max(1);
    let person = |call: usize| busy.people[call * 97 % busy.people.len()];
    type Asked<'a> = (&'a str, Box<dyn Fn(usize) -> SearchJournal + 'a>);
    let asked: Vec<Asked<'_>> = vec![
        ("everything, anywhere", Box::new(|call| SearchJournal { from: (call as u64 * 7_919_777) % entries, ..everything() })),
        ("one person", Box::new(|call| SearchJournal { person: Some(person(call)), ..everything() })),
        (
            "the busiest person, anywhere",
            Box::new(|call| SearchJournal {
                person: Some(busy.actor),
                end: Some(entries - call as u64),
                from: (call as u64 * 7_919_777) % (entries / 3),
                ..everything()
            }),
        ),
        (
            "done by the busiest",
            Box::new(|call| SearchJournal { actor: Some(busy.actor), end: Some(entries - call as u64), ..everything() }),
        ),
        (
            "a rare kind",
            Box::new(|call| SearchJournal { kinds: kind(EventKind::SecondFactorReset), end: Some(entries - call as u64), ..everything() }),
        ),
        (
            "all sign-ins",
            Box::new(|call| SearchJournal {
                kinds: vec!["sign-in.authenticator".into(), "session.signed-out".into(), "session.locked".into()],
                end: Some(entries - call as u64),
                ..everything()
            }),
        ),
        (
            "one community",
            Box::new(|call| SearchJournal {
                community: Some(busy.communities[1 + call % (busy.communities.len() - 1)]),
                end: Some(entries - call as u64),
                ..everything()
            }),
        ),
        ("one day", Box::new(|call| SearchJournal { since: Some(day(call)), until: Some(day(call) + 86_400), ..everything() })),
        (
            "a rare kind by the busiest",
            Box::new(|call| SearchJournal {
                kinds: kind(EventKind::SecondFactorReset),
                person: Some(busy.actor),
                end: Some(entries - call as u64),
                ..everything()
            }),
        ),
        (
            "a frequent kind never by the busiest",
            Box::new(|call| SearchJournal {
                kinds: kind(EventKind::SignedOut),
                actor: Some(busy.actor),
                end: Some(entries - call as u64),
                ..everything()
            }),
        ),
        (
            "a rare kind in a rare community",
            Box::new(|call| SearchJournal {
                kinds: kind(EventKind::RoleGiven),
                community: Some(busy.communities[0]),
                end: Some(entries - call as u64),
                ..everything()
            }),
        ),
        (
            "everything at once",
            Box::new(|call| SearchJournal {
                person: Some(busy.actor),
                actor: Some(busy.actor),
                kinds: kind(EventKind::Unlocked),
                community: Some(busy.communities[1]),
                since: Some(AT - entries.cast_signed() * 30 + call as i64),
                until: Some(AT - call as i64),
                ..everything()
            }),
        ),
    ];
    for (name, ask) in asked {
        let mut times = Vec::new();
        let mut total = 0;
        for call in 0..CALLS {
            let (time, found) = find(ask(call)).await?;
            times.push(time);
            total = found;
        }
        times.sort_by(f64::total_cmp);
        let at = |hundredth: usize| times[(times.len() * hundredth / 100).min(times.len() - 1)];
        rows.push(Row::new(format!("{name} ({total}), p50"), at(50), None, "ms"));
        rows.push(Row::new(format!("{name} ({total}), p99 {AIM}"), at(99), None, "ms"));
    }
    played.close().await;
    Ok(rows)
}
