//! Tampering with a vault by somebody who has its key, and who then lets the program sign what is left: what finds it.

use std::sync::atomic::{AtomicI64, Ordering};

use authority::{Authority, Commit, Founding, Store, Surroundings};
use domain::{Change, time::Moment, workspace::Workspace};
use journal::{
    CommitmentKey, Draft, export,
    note::PublicKey,
    seal,
    verify::{Finding, Report, Verifier},
};
use sqlx::{AssertSqlSafe, raw_sql};
use tempfile::TempDir;
use uuid::Uuid;

use super::*;
use crate::{Vault, prepare, tests::Fixed};

const PASSPHRASE: &str = "correct horse battery staple";
const ENTRIES: u64 = 600;

/// A clock that goes on by itself, and bytes that never come twice.
struct Going(AtomicI64);

impl Surroundings for Going {
    fn now(&self) -> Moment {
        Moment(1_790_000_000 + self.0.fetch_add(1, Ordering::SeqCst))
    }

    fn fill(&self, bytes: &mut [u8]) {
        let number = self.0.fetch_add(1, Ordering::SeqCst).to_be_bytes();
        bytes.iter_mut().zip(number.iter().rev().cycle()).for_each(|(byte, number)| *byte = *number);
    }
}

struct Held {
    authority: Authority<Vault>,
    workspace: Uuid,
    /// What an auditor kept: the public key, and a checkpoint.
    keys: Vec<PublicKey>,
    kept: String,
    _folder: TempDir,
}

fn draft(number: u64, word: &str) -> Draft {
    Draft {
        at: 1_790_000_000 + number as i64,
        kind: "person.unlocked".into(),
        communities: Vec::new(),
        actor: Some(Uuid::from_u128(1)),
        subject: None,
        words: [("name".to_owned(), word.to_owned())].into(),
        facts_key: CommitmentKey::from([1; 32]),
        persons_key: CommitmentKey::from([2; 32]),
    }
}

async fn held() -> Held {
    let folder = TempDir::new().expect("a folder");
    let unpublished = prepare(folder.path(), "Harbour", &PASSPHRASE.into(), &mut Fixed(0)).await.expect("a vault");
    let authority = Authority::new(unpublished.store().clone(), unpublished.sealing_key(), Going(AtomicI64::new(0)), "test");
    let founding = Founding::read(false, "Harbour", "Olive Owner", "olive@example.org", &"a password long enough alone".into());
    authority.found(founding.expect("words")).await.expect("founded");
    let size = authority.store().journal_size().await.expect("a size");
    let entries = (size..ENTRIES).map(|number| draft(number, "somebody")).collect();
    let commit = Commit { at: Moment(1_790_000_000), read: Vec::new(), changes: Vec::new(), entries, notices: Vec::new() };
    authority.store().commit(commit).await.expect("a commit");
    let kept = authority.keep_checkpoint().await.expect("a checkpoint").note;
    let workspace = authority.store().workspace().await.expect("reads").expect("a workspace").record;
    let keys = workspace.journal_keys.iter().map(|key| key.public.parse().expect("a key")).collect();
    unpublished.publish().await.expect("published");
    Held { authority, workspace: workspace.id.0, keys, kept, _folder: folder }
}

impl Held {
    async fn sql(&self, statements: &str) {
        let open = self.authority.store().0.connections.read().await;
        raw_sql(AssertSqlSafe(statements.to_owned())).execute(&open.writer).await.expect("SQL");
    }

    /// Puts another entry in the place of one, sealed as it should be.
    async fn replaced(&self, index: u64, word: &str) {
        let entry = seal(draft(index, word), self.workspace, index, &[]).expect("an entry");
        let open = self.authority.store().0.connections.read().await;
        query("UPDATE journal SET facts = $2, facts_key = $3, persons = $4, persons_key = $5, leaf = $6 WHERE idx = $1")
            .bind(stored(index))
            .bind(entry.facts_text())
            .bind(entry.facts_key().as_bytes().as_slice())
            .bind(entry.persons_text())
            .bind(entry.persons_key().map(|key| key.as_bytes().as_slice()))
            .bind(entry.leaf().as_bytes().as_slice())
            .execute(&open.writer)
            .await
            .expect("SQL");
    }

    /// Has the program sign the journal as it is now, and verifies all of it, as an auditor with the earlier checkpoint.
    async fn verified(&self) -> Report {
        let note = self.authority.keep_checkpoint().await.expect("a checkpoint").note;
        let store = self.authority.store();
        let every = KeptQuery { person: None, from: None, until: None, start: 0, end: u64::MAX, limit: u32::MAX };
        let entries = store.kept_entries(&every).await.expect("entries");
        let mut file = export::Header::new(self.workspace, note).line();
        entries.iter().for_each(|entry| file.push_str(&export::entry(&entry.stored(), None)));
        file.push_str(&export::end(entries.len() as u64));
        let mut verifier = Verifier::new(self.keys.clone(), std::slice::from_ref(&self.kept)).expect("its own checkpoint");
        file.lines().for_each(|line| verifier.line(line));
        verifier.finish()
    }

    /// One more entry, so that there is something new to sign.
    async fn goes_on(&self) {
        let number = self.authority.store().journal_size().await.expect("a size");
        let commit = Commit {
            at: Moment(1_790_000_000),
            read: Vec::new(),
            changes: Vec::new(),
            entries: vec![draft(number, "later")],
            notices: Vec::new(),
        };
        self.authority.store().commit(commit).await.expect("a commit");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_journal_that_only_grew_is_sound_from_checkpoint_to_checkpoint() {
    let held = held().await;
    held.goes_on().await;
    let report = held.verified().await;
    assert!(report.is_sound(), "{:?}", report.findings);
    assert_eq!((report.entries, report.earlier), (ENTRIES + 2, 1), "the key itself is an entry");
}

/// The table: what was done to the vault, and what an auditor finds who kept one checkpoint.
#[tokio::test(flavor = "multi_thread")]
async fn every_kind_of_tampering_is_found_with_an_earlier_checkpoint() {
    type Found = fn(&Report) -> bool;
    const FORGET: &str = "DELETE FROM journal_blocks;";
    let renumbered = "UPDATE journal SET idx = -idx WHERE idx > 300; UPDATE journal SET idx = -idx - 1 WHERE idx < 0;";
    let table: [(&str, &str, &str, Found); 7] = [
        // What the words say was changed, and its leaf left as it was.
        ("changed", "", "UPDATE journal SET persons = replace(persons, 'somebody', 'nobody') WHERE idx = 300", |report| {
            matches!(report.findings[0], Finding::Entry(300, _))
        }),
        // Sealed anew, and everything that is remembered with it.
        ("changed and sealed anew", "seal", FORGET, |report| report.findings == [Finding::Rewritten(ENTRIES + 1)]),
        // The remembered blocks were left: the program signs the old tree over new leaves.
        ("changed, sealed anew, blocks left", "seal", "", |report| report.findings.contains(&Finding::Root)),
        ("deleted, the rest moved up", "", "renumber", |report| report.findings.contains(&Finding::Rewritten(ENTRIES + 1))),
        (
            "reordered",
            "",
            "UPDATE journal SET idx = -1 WHERE idx = 300; UPDATE journal SET idx = 300 WHERE idx = 301; UPDATE journal SET idx = 301 WHERE idx = -1; DELETE FROM journal_blocks;",
            |report| report.findings.contains(&Finding::Rewritten(ENTRIES + 1)),
        ),
        (
            "inserted",
            "",
            "UPDATE journal SET idx = -idx - 2 WHERE idx >= 300; UPDATE journal SET idx = -idx - 1 WHERE idx < 0; INSERT INTO journal SELECT 300, at, kind, actor, subject, facts, facts_key, persons, persons_key, leaf FROM journal WHERE idx = 299; DELETE FROM journal_blocks;",
            |report| report.findings.contains(&Finding::Rewritten(ENTRIES + 1)),
        ),
        ("truncated", "", "DELETE FROM journal WHERE idx >= 500; DELETE FROM journal_blocks;", |report| {
            report.findings.contains(&Finding::RolledBack(ENTRIES + 1, 501))
        }),
    ];
    for (how, seal, statements, found) in table {
        let held = held().await;
        // Entries are referred to by the communities' own counts: whoever tampers does not mind.
        held.sql("PRAGMA foreign_keys = OFF; DELETE FROM journal_communities;").await;
        if !seal.is_empty() {
            held.replaced(300, "somebody else").await;
        }
        let statements = if statements == "renumber" {
            format!("DELETE FROM journal WHERE idx = 300; {renumbered} {FORGET}")
        } else {
            statements.into()
        };
        held.sql(&statements).await;
        held.goes_on().await;
        let report = held.verified().await;
        assert!(found(&report), "{how}: {:?}", report.findings);
    }
}

/// A copy of the vault from before is a journal that is whole in itself: the later checkpoint tells that it is old.
#[tokio::test(flavor = "multi_thread")]
async fn a_vault_rolled_back_to_an_old_copy_is_found() {
    let mut held = held().await;
    for _ in 0..3 {
        held.goes_on().await;
    }
    held.kept = held.authority.keep_checkpoint().await.expect("a checkpoint").note;
    held.sql(&format!(
        "PRAGMA foreign_keys = OFF; DELETE FROM journal WHERE idx > {ENTRIES}; DELETE FROM checkpoints WHERE size > {}",
        ENTRIES + 1
    ))
    .await;
    let report = held.verified().await;
    assert_eq!(report.findings, [Finding::RolledBack(ENTRIES + 4, ENTRIES + 1)]);
}

/// Somebody who replaces the signing key signs with one that the auditor does not have.
#[tokio::test(flavor = "multi_thread")]
async fn another_signing_key_is_not_believed() {
    let held = held().await;
    let Workspace { journal_keys, .. } = held.authority.store().workspace().await.expect("reads").expect("a workspace").record;
    assert_eq!(journal_keys.len(), 1);
    let mut workspace = held.authority.store().workspace().await.expect("reads").expect("a workspace").record;
    workspace.journal_keys.clear();
    let changes = vec![Change::Workspace(Box::new(workspace))];
    let commit = Commit { at: Moment(1_790_000_000), read: Vec::new(), changes, entries: Vec::new(), notices: Vec::new() };
    held.authority.store().commit(commit).await.expect("a commit");
    held.goes_on().await;
    let report = held.verified().await;
    assert!(matches!(report.findings[0], Finding::Checkpoint(_)), "{:?}", report.findings);
}
