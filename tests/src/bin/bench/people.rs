//! The list of people at 100,000 and 1,000,000: a search at every key, pages, the memory, and the first list after opening.
//!
//! Every call goes the way that a command goes: session, gate, policies, the list, and the rows as the page gets them.
//!
//! `SALLYPORT_BENCH_PEOPLE=100000` measures that size alone. Time on the processor is told beside the time that passes: it
//! says the same on a machine that is busy.

use crate::played::{Clock, Person, Played};
use crate::rows::Row;
use crate::{milliseconds, timed, wait_for};
use sallyport_tests::{Error, Result, crowd};
use std::path::{Path, PathBuf};
use std::process::Command;
use uuid::Uuid;
use wire::people::{ListPeople, PeopleOrder, PeoplePage, PeopleState};
use wire::policies::{PolicyDraft, PreflightPolicy, ReadPolicies, RequiredOf};

const SIZES: [(u32, &str); 2] = [(100_000, "100,000"), (1_000_000, "1,000,000")];
/// Calls of each kind.
const CALLS: usize = 200;
const AT: i64 = 1_800_000_000;
const MEMORY_OF: &str = "SALLYPORT_BENCH_MEMORY_OF";

/// What is typed. The list of before is never kept for the next: every key is another search.
const SEARCHES: [(&str, [&str; 4]); 4] = [
    ("one letter", ["a", "e", "z", "q"]),
    ("two letters", ["an", "ma", "qu", "zo"]),
    ("common", ["mart", "anna", "sson", "garcía"]),
    ("rare", ["weber77", "schneider9", "o’brien zoë", "nobody of that name"]),
];

pub(crate) fn rows() -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    let mut pages = Vec::new();
    let mut empty = None;
    let only = std::env::var("SALLYPORT_BENCH_PEOPLE").ok();
    for (people, size) in SIZES.into_iter().filter(|(people, _)| only.as_ref().is_none_or(|only| *only == people.to_string())) {
        let folder = tempfile::tempdir()?;
        let filled = wait_for(async {
            let (played, owner) = Played::found(folder.path(), "Bench", AT).await;
            let before = memory_with(&played, folder.path()).await?;
            crowd::fill(played.authority.store(), &owner.email, people, played.clock.now()).await?;
            played.close().await;
            Ok::<_, Error>((played.id, owner, played.clock.clone(), before))
        })?;
        let (id, owner, clock, before) = filled?;
        let empty = *empty.get_or_insert(before);
        rows.push(Row::new(format!("memory with {size}, empty (aim 1.2)"), memory_of(folder.path(), id)?, Some(empty), "MiB"));
        pages.push(wait_for(measure(folder.path(), (id, clock), &owner, size, &mut rows))??);
    }
    if let [small, large] = pages[..] {
        rows.push(Row::new("page at 1,000,000, at 100,000 (aim 1.3)", large, Some(small), "ms"));
    }
    Ok(rows)
}

/// Measures one size, and gives the middle of the pages.
async fn measure(root: &Path, (id, clock): (Uuid, Clock), owner: &Person, size: &str, rows: &mut Vec<Row>) -> Result<f64> {
    let before = on_the_processor()?;
    let (opening, played) = timed(Played::open(root, id, clock)).await;
    let session = played.sign_in_with_phone(owner).await.map_err(|refusal| Error::said(refusal.to_string()))?;
    let list = async |request: ListPeople| -> Result<(f64, PeoplePage)> {
        let (time, page) = timed(played.call(Some(&session), request)).await;
        Ok((milliseconds(time), page.map_err(|refusal| Error::said(refusal.to_string()))?))
    };
    let (waited, first) = list(ListPeople::default()).await?;
    rows.push(Row::new(format!("the first list of {size}, on the processor"), on_the_processor()? - before, None, "ms"));
    rows.push(Row::new(format!("the first list of {size}, after opening"), waited, Some(milliseconds(opening)), "ms"));
    let total = first.total;

    for (kind, searches) in SEARCHES {
        let (mut times, began) = (Vec::new(), on_the_processor()?);
        for call in 0..CALLS {
            // Turned over at every key: another list than the last few.
            let search = searches[call % searches.len()].to_owned();
            let descending = (call / searches.len()) % 2 == 1;
            times.push(list(ListPeople { search, descending, ..ListPeople::default() }).await?.0);
        }
        quantiles(rows, &format!("search of {size}, {kind}"), (times, on_the_processor()? - began));
    }
    let (mut times, began) = (Vec::new(), on_the_processor()?);
    let states = [PeopleState::FewCodes, PeopleState::Locked, PeopleState::NoSecondFactor, PeopleState::OneAuthenticator];
    for call in 0..CALLS {
        let (state, descending) = (Some(states[call % states.len()]), (call / states.len()) % 2 == 1);
        times.push(list(ListPeople { search: "an".into(), state, descending, ..ListPeople::default() }).await?.0);
    }
    quantiles(rows, &format!("search of {size}, two letters in a state"), (times, on_the_processor()? - began));

    let (mut times, began) = (Vec::new(), on_the_processor()?);
    for call in 0..CALLS as u64 {
        let from = call.wrapping_mul(0x9e37_79b9_7f4a_7c15) % total;
        times.push(list(ListPeople { from, ..ListPeople::default() }).await?.0);
    }
    let pages = quantiles(rows, &format!("page of 100 of {size}, anywhere"), (times, on_the_processor()? - began));
    for (name, order) in [("e-mail", PeopleOrder::Email), ("sign-in", PeopleOrder::SignedIn)] {
        let (first, _) = list(ListPeople { order, ..ListPeople::default() }).await?;
        rows.push(Row::new(format!("first page of {size} by {name}"), first, None, "ms"));
    }

    let policies = played.call(Some(&session), ReadPolicies {}).await.map_err(|refusal| Error::said(refusal.to_string()))?;
    let values = policies.workspace;
    let draft = PolicyDraft {
        required: Some(RequiredOf::Everyone),
        grace_days: Some(values.grace_days),
        may_disable: Some(values.may_disable),
        backup_codes: Some(values.backup_codes),
        recovery_hours: Some(values.recovery_hours),
        totp_window: Some(values.totp_window),
        lock_failures: Some(values.lock_failures),
        lock_minutes: Some(values.lock_minutes),
        idle_minutes: Some(values.idle_minutes),
        unlock_asks_code: Some(values.unlock_asks_code),
        offline_budget: Some(values.offline_budget),
    };
    let request = PreflightPolicy { community: None, draft, search: String::new(), after: None };
    let (time, looked) = timed(played.call(Some(&session), request)).await;
    looked.map_err(|refusal| Error::said(refusal.to_string()))?;
    rows.push(Row::new(format!("preflight of {size}"), milliseconds(time), None, "ms"));
    played.close().await;
    Ok(pages)
}

/// How long the threads of this process have run so far, in milliseconds.
#[allow(clippy::cast_precision_loss, reason = "days, in nanoseconds, are far below 2^52 of them")]
fn on_the_processor() -> Result<f64> {
    let mut nanoseconds = 0;
    for thread in std::fs::read_dir("/proc/self/task")? {
        // One that has just ended has nothing to say.
        let said = std::fs::read_to_string(thread?.path().join("schedstat")).unwrap_or_default();
        nanoseconds += said.split_whitespace().next().and_then(|first| first.parse::<u64>().ok()).unwrap_or(0);
    }
    Ok(nanoseconds as f64 / 1e6)
}

/// The middle and the slowest of a hundred, and what each took of the processor, as three rows. Gives the middle.
#[allow(clippy::cast_precision_loss, reason = "a few hundred calls")]
fn quantiles(rows: &mut Vec<Row>, name: &str, (mut times, processor): (Vec<f64>, f64)) -> f64 {
    let each = processor / times.len() as f64;
    times.sort_by(f64::total_cmp);
    let at = |hundredth: usize| times[(times.len() * hundredth / 100).min(times.len() - 1)];
    rows.push(Row::new(format!("{name}, p50"), at(50), None, "ms"));
    rows.push(Row::new(format!("{name}, p99"), at(99), None, "ms"));
    rows.push(Row::new(format!("{name}, on the processor"), each, None, "ms"));
    at(50)
}

/// The memory with nobody but the owner in it; the vault is closed for that and opened again.
async fn memory_with(played: &Played, root: &Path) -> Result<f64> {
    let (copy, id) = (tempfile::tempdir()?, played.id);
    // A process of its own, on a copy: one vault is open in one process.
    let (from, to) = (root.join(id.to_string()), copy.path().join(id.to_string()));
    std::fs::create_dir_all(&to)?;
    for entry in std::fs::read_dir(&from)? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            std::fs::copy(entry.path(), to.join(entry.file_name()))?;
        }
    }
    memory_of(copy.path(), id)
}

/// The memory of a process that has opened a vault, listed people and searched them, in MiB.
fn memory_of(root: &Path, id: Uuid) -> Result<f64> {
    let said = Command::new(std::env::current_exe()?).env(MEMORY_OF, root.join(id.to_string())).output()?;
    let text = String::from_utf8_lossy(&said.stdout).trim().to_owned();
    text.parse().map_err(|_| Error::said(format!("The memory was not measured: {text} {}", String::from_utf8_lossy(&said.stderr))))
}

/// What [`memory_of`] asks another process of this program for.
pub(crate) fn asked_for_memory() -> Option<Result<()>> {
    let folder = PathBuf::from(std::env::var_os(MEMORY_OF)?);
    Some(report_memory(&folder))
}

fn report_memory(folder: &Path) -> Result<()> {
    use authority::Store;
    use authority::store::PeopleQuery;
    use domain::readiness::Hour;
    let id = folder.file_name().and_then(|name| name.to_str()).and_then(|name| name.parse().ok());
    let (root, id) = folder.parent().zip(id).ok_or_else(|| Error::said("That is no vault."))?;
    wait_for(async {
        let played = Played::open(root, id, Clock::at(AT)).await;
        for search in ["", "an", "weber77"] {
            let query = PeopleQuery { search: search.into(), ..PeopleQuery::everybody(Hour::plain(played.clock.now()), 100) };
            played.authority.store().people(&query).await.map_err(|error| Error::said(error.to_string()))?;
        }
        let text = std::fs::read_to_string("/proc/self/smaps_rollup")?;
        let line = text.lines().find(|line| line.starts_with("Pss:"));
        let kib: f64 = line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok()).unwrap_or(0.0);
        println!("{}", kib / 1024.0);
        played.close().await;
        Ok(())
    })?
}
