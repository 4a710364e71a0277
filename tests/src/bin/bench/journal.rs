//! The journal as evidence: verifying a million entries, and what checkpoints cost those who write.

use crate::played::Played;
use crate::rows::Row;
use crate::{timed, wait_for};
use ::journal::{Checkpoint, Draft, export, note::SigningKey, seal, tree::Frontier, verify::Verifier};
use authority::{Commit, Drawing, Store, System};
use domain::{Change, Entropy, throttle::Failures};
use sallyport_tests::{Error, Result};
use sha2::{Digest, Sha256};
use std::{
    hint::black_box,
    path::Path,
    time::{Duration, Instant},
};
use uuid::Uuid;

const ENTRIES: u64 = 1_000_000;
const AT_ONCE: usize = 1 << 20;
const ORIGIN: &str = "sallyport/bench/1";
const AT: i64 = 1_800_000_000;
/// Commits of each kind.
const COMMITS: u32 = 2_000;
/// The program takes a checkpoint a day, and when a workspace is closed.
const BETWEEN: u32 = 100;

pub(crate) fn rows() -> Result<Vec<Row>> {
    let mut rows = verifying()?;
    let folder = tempfile::tempdir()?;
    rows.push(wait_for(appending(folder.path()))??);
    Ok(rows)
}

fn verifying() -> Result<Vec<Row>> {
    let (file, key) = exported()?;
    let begin = Instant::now();
    black_box(Sha256::digest(black_box(file.as_bytes())));
    let plain = begin.elapsed();

    let public = key.public(ORIGIN).ok_or_else(|| Error::said("The key has no name."))?;
    let begin = Instant::now();
    let mut verifier = Verifier::new(vec![public], &[]).map_err(|(_, error)| Error::said(error.to_string()))?;
    // As much at once as the programs hand on.
    let mut rest = file.as_str();
    while !rest.is_empty() {
        let end = rest[AT_ONCE.min(rest.len() - 1)..].find('\n').map_or(rest.len(), |end| AT_ONCE.min(rest.len() - 1) + end + 1);
        verifier.lines(&rest[..end]);
        rest = &rest[end..];
    }
    let report = verifier.finish();
    let verifying = begin.elapsed();
    if !report.is_sound() || report.entries != ENTRIES {
        return Err(Error::said(format!("The journal is not what was written: {:?}", report.findings)));
    }
    #[allow(clippy::cast_precision_loss, reason = "a file of less than 2^52 bytes")]
    let rate = |time: Duration| file.len() as f64 / 1_048_576.0 / time.as_secs_f64();
    Ok(vec![
        Row::new("verifying 1,000,000 entries, SHA-256 (aim 0.5)", rate(verifying), Some(rate(plain)), "MiB/s"),
        Row::new("verifying 1,000,000 entries", verifying.as_secs_f64(), None, "s"),
    ])
}

/// The export of a journal of a million entries such as the program writes.
fn exported() -> Result<(String, SigningKey)> {
    let (workspace, community) = (Uuid::from_u128(1), Uuid::from_u128(2));
    let mut entropy = Drawing(&System);
    let (mut entries, mut tree) = (String::new(), Frontier::default());
    for index in 0..ENTRIES {
        let sequence = [(community, index + 1)];
        let entry =
            seal(draft(index, community, &mut entropy), workspace, index, &sequence).map_err(|error| Error::said(error.to_string()))?;
        tree.push(entry.leaf().hash());
        entries.push_str(&export::entry(&entry.stored(), None));
    }
    let key = SigningKey::from_seed(&[7; 32]);
    let checkpoint = Checkpoint { origin: ORIGIN.into(), size: ENTRIES, root: tree.root() };
    let note = checkpoint.sign(&key).ok_or_else(|| Error::said("The checkpoint was not signed."))?;
    let mut file = export::Header::new(workspace, note).line();
    file.reserve_exact(entries.len() + 64);
    file.push_str(&entries);
    file.push_str(&export::end(ENTRIES));
    Ok((file, key))
}

fn draft(number: u64, community: Uuid, entropy: &mut impl Entropy) -> Draft {
    let mut key = || {
        let mut bytes = [0; 32];
        entropy.fill(&mut bytes);
        bytes.into()
    };
    Draft {
        at: AT + number.cast_signed(),
        kind: "account.two-factor-reset".into(),
        communities: vec![community],
        actor: Some(Uuid::from_u128(u128::from(number % 97))),
        subject: Some(Uuid::from_u128(u128::from(number))),
        words: [("channel".to_owned(), "video".to_owned()), ("ticket".to_owned(), format!("HD-{number}"))].into(),
        facts_key: key(),
        persons_key: key(),
    }
}

/// The same commits, with a checkpoint now and then and without, taking turns in two vaults. One of the commits that has a
/// checkpoint after it carries what that costs.
async fn appending(folder: &Path) -> Result<Row> {
    let (with, _) = Played::found(&folder.join("with"), "Bench", AT).await;
    let (without, _) = Played::found(&folder.join("without"), "Bench", AT).await;
    let (mut ours, mut reference) = (Duration::ZERO, Duration::ZERO);
    for number in 0..COMMITS {
        let (time, done) = timed(append(&with, number)).await;
        done?;
        ours += time;
        if number % BETWEEN == BETWEEN - 1 {
            let (time, taken) = timed(with.authority.keep_checkpoint()).await;
            taken.map_err(|refusal| Error::said(refusal.to_string()))?;
            ours += time;
        }
        let (time, done) = timed(append(&without, number)).await;
        done?;
        reference += time;
    }
    with.close().await;
    without.close().await;
    let rate = |time: Duration| f64::from(COMMITS) / time.as_secs_f64();
    Ok(Row::new("appending, without checkpoints (aim 0.9)", rate(ours), Some(rate(reference)), "/s"))
}

async fn append(played: &Played, number: u32) -> Result<()> {
    let entries = vec![draft(u64::from(number), Uuid::from_u128(2), &mut Drawing(&System))];
    let changes = vec![Change::Throttle([7; 32], Failures::default())];
    let commit = Commit { at: played.clock.now(), read: Vec::new(), changes, entries, notices: Vec::new() };
    played.authority.store().commit(commit).await.map(drop).map_err(|error| Error::said(format!("{error:?}")))
}
