//! What is remembered of the journal to search it never says more than its rows do.

use authority::{Authority, Commit, Founding, Store, store::JournalSearch};
use domain::{id::AccountId, time::Moment};
use journal::{CommitmentKey, Draft};
use sqlx::{AssertSqlSafe, raw_sql};
use tempfile::TempDir;
use uuid::Uuid;

use crate::{Vault, prepare, tests::Fixed};

const ADA: AccountId = AccountId(Uuid::from_u128(0xada));

async fn founded() -> (Authority<Vault>, TempDir) {
    let folder = TempDir::new().expect("a folder");
    let phrase = "correct horse battery staple".into();
    let unpublished = prepare(folder.path(), "Harbour", &phrase, &mut Fixed(0)).await.expect("a vault");
    let authority = Authority::new(unpublished.store().clone(), unpublished.sealing_key(), authority::System, "test");
    let founding = Founding::read(false, "Harbour", "Olive Owner", "olive@example.org", &"a password long enough alone".into());
    authority.found(founding.expect("words")).await.expect("founded");
    unpublished.publish().await.expect("published");
    (authority, folder)
}

async fn sql(vault: &Vault, statements: &str) {
    let open = vault.0.connections.read().await;
    raw_sql(AssertSqlSafe(statements.to_owned())).execute(&open.writer).await.expect("SQL");
}

async fn append(vault: &Vault, count: u64) {
    let entries = (0..count).map(|number| Draft {
        at: 1_790_000_000 + number as i64,
        kind: "person.unlocked".into(),
        communities: Vec::new(),
        actor: Some(ADA.0),
        subject: None,
        words: [("name".to_owned(), number.to_string())].into(),
        facts_key: CommitmentKey::from([1; 32]),
        persons_key: CommitmentKey::from([2; 32]),
    });
    let entries = entries.collect();
    let commit = Commit { at: Moment(1_790_000_000), read: Vec::new(), changes: Vec::new(), entries, notices: Vec::new() };
    vault.commit(commit).await.expect("a commit");
}

/// Also where nobody said that somebody was erased: the rows are what counts.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_was_erased_is_not_found_in_what_was_remembered() {
    let (authority, _folder) = founded().await;
    let vault = authority.store();
    append(vault, 20).await;
    let search = JournalSearch { actor: Some(ADA), limit: 100, ..JournalSearch::default() };
    let before = vault.search_journal(&search).await.expect("found");
    assert_eq!((before.total, before.lines.len()), (20, 20));
    let end = before.end;
    sql(vault, &format!("UPDATE journal SET actor = NULL, persons = NULL, persons_key = NULL WHERE actor = '{}' AND idx % 2 = 0", ADA.0))
        .await;
    let after = vault.search_journal(&search).await.expect("found");
    assert_eq!((after.total, after.lines.len(), after.end), (10, 10, end));
}

/// A row that says another than its leaf is a damaged vault, whichever way it is found.
#[tokio::test(flavor = "multi_thread")]
async fn an_entry_filed_under_somebody_else_is_damage() {
    let (authority, _folder) = founded().await;
    let vault = authority.store();
    append(vault, 3).await;
    sql(vault, &format!("UPDATE journal SET actor = '{}' WHERE actor = '{}'", Uuid::from_u128(0xbad), ADA.0)).await;
    let search = JournalSearch { actor: Some(AccountId(Uuid::from_u128(0xbad))), limit: 100, ..JournalSearch::default() };
    assert!(matches!(vault.search_journal(&search).await, Err(authority::StoreError::Damaged(_))));
    // And so is one that is missing from the middle.
    sql(vault, "PRAGMA foreign_keys = OFF; DELETE FROM journal WHERE idx = 1").await;
    vault.0.finder.forget().await;
    let search = JournalSearch { kinds: vec!["person.unlocked".into()], limit: 100, ..JournalSearch::default() };
    assert!(matches!(vault.search_journal(&search).await, Err(authority::StoreError::Damaged(_))));
}
