//! What only the inside can see or bring about: rows that no use case reads yet, a schema from the future, a full disk.

use std::{collections::BTreeMap, fs, path::Path, sync::Arc};

use authority::{Commit, CommitError, Store, StoreError, store::JournalQuery};
use domain::{
    Change, Entropy, Notice, NoticeKind,
    id::{AccountId, CommunityId, MailId, WorkspaceId},
    mail::outbox::{Mail, MailState},
    policy::{Policy, Tightening},
    time::Moment,
    words::{Language, Name},
    workspace::{Community, Workspace},
};
use journal::{CommitmentKey, Draft};
use sqlx::{query, raw_sql};
use tempfile::TempDir;
use uuid::Uuid;

use crate::{KitAfter, OpenError, Rotation, Vault, open, prepare, unwatched};

const PASSPHRASE: &str = "correct horse battery staple";
const AT: Moment = Moment(1_790_000_000);

/// Always the same from the same beginning, in whichever process.
pub(crate) struct Fixed(pub(crate) u8);

impl Entropy for Fixed {
    fn fill(&mut self, bytes: &mut [u8]) {
        self.0 += 1;
        bytes.fill(self.0);
    }
}

async fn vault() -> (Vault, TempDir) {
    let root = TempDir::new().expect("a folder");
    let unpublished = prepare(root.path(), "Atelier", &PASSPHRASE.into(), &mut Fixed(0)).await.expect("a vault");
    (unpublished.publish().await.expect("published"), root)
}

fn commit(changes: Vec<Change>) -> Commit {
    Commit { at: AT, read: Vec::new(), changes, entries: Vec::new(), notices: Vec::new() }
}

fn workspace(name: &str) -> Change {
    let id = WorkspaceId(Uuid::from_u128(1));
    let name = Name::read(name).expect("a name");
    Change::Workspace(Box::new(Workspace::new(id, name, Language::En, Policy::default(), AT)))
}

fn person(number: u128) -> Change {
    let person = domain::invitation::NewPerson {
        id: AccountId(Uuid::from_u128(number)),
        name: Name::read("Ada").expect("a name"),
        email: domain::words::Email::read(&format!("ada{number}@example.org")).expect("an address"),
        language: Language::En,
        membership: None,
    };
    Change::Account(Box::new(person.account(None, AT)))
}

fn files(folder: &Path) -> BTreeMap<String, (Vec<u8>, std::time::SystemTime)> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let content = |path: &Path| (fs::read(path).expect("a file"), path.metadata().expect("a file").modified().expect("a time"));
    entries.map(|path| (path.display().to_string(), content(&path))).collect()
}

#[tokio::test]
async fn notices_are_kept_in_order_until_they_are_sent() {
    let (vault, _root) = vault().await;
    let Change::Account(account) = person(5) else { unreachable!("an account") };
    for (round, kinds) in
        [vec![NoticeKind::SecondFactorReset, NoticeKind::PasswordChanged], vec![NoticeKind::SecondFactorEnabled]].iter().enumerate()
    {
        let mail = |(number, kind): (usize, &NoticeKind)| {
            let id = MailId(Uuid::from_u128(100 - 10 * round as u128 - number as u128));
            Mail::of(&Notice::new(account.id, *kind), &account, (account.email.clone(), MailState::Letter), id, AT)
        };
        let notices = kinds.iter().enumerate().map(mail).collect();
        vault.commit(Commit { notices, ..commit(vec![person(5)]) }).await.expect("a commit");
    }
    let kinds = || async { vault.pending_notices(account.id).await.expect("a read") };
    assert_eq!(kinds().await, ["factor-reset", "password-changed", "factor-enabled"]);
    let mut first = vault.mail(MailId(Uuid::from_u128(100))).await.expect("a read").expect("there").record;
    first.hand_over(account.id, AT);
    vault.commit(commit(vec![Change::Mail(Box::new(first))])).await.expect("a commit");
    assert_eq!(kinds().await, ["password-changed", "factor-enabled"]);
    vault.close().await;
}

#[tokio::test]
async fn readers_cannot_write_and_every_connection_is_set_up_as_promised() {
    let (vault, _root) = vault().await;
    let connections = vault.0.connections.read().await;
    assert!(query("DELETE FROM accounts").execute(&connections.readers).await.is_err());
    for pool in [&connections.writer, &connections.readers] {
        let settings = [
            ("PRAGMA journal_mode", "wal"),
            ("PRAGMA synchronous", "2"),
            ("PRAGMA foreign_keys", "1"),
            ("PRAGMA secure_delete", "1"),
            ("PRAGMA temp_store", "2"),
            ("PRAGMA cache_size", "-65536"),
            ("PRAGMA cipher_memory_security", "1"),
            ("PRAGMA cipher_page_size", "4096"),
            ("PRAGMA busy_timeout", "5000"),
        ];
        for (pragma, expected) in settings {
            let found = query(pragma).fetch_one(pool).await.expect("a setting");
            let found = sqlx::Row::try_get_unchecked::<String, _>(&found, 0).expect("a value");
            assert_eq!(found, expected, "{pragma}");
        }
    }
    drop(connections);
    vault.close().await;
}

/// SQLite asks for every row that still refers to one that is removed, and without an index reads the whole table for it.
#[tokio::test]
async fn whatever_refers_to_something_is_found_by_it() {
    const UNINDEXED: &str = "SELECT tables.name || '.' || key.\"from\" FROM sqlite_schema AS tables, pragma_foreign_key_list(tables.name) AS key
        WHERE tables.type = 'table' AND NOT EXISTS (SELECT 1 FROM pragma_index_list(tables.name) AS list, pragma_index_info(list.name) AS first
            WHERE first.seqno = 0 AND first.name = key.\"from\" AND (list.partial = 0
                OR (SELECT sql FROM sqlite_schema WHERE name = list.name) LIKE '% WHERE ' || key.\"from\" || ' IS NOT NULL')) ORDER BY 1";
    let (vault, _root) = vault().await;
    let connections = vault.0.connections.read().await;
    let unindexed: Vec<String> = sqlx::query_scalar(UNINDEXED).fetch_all(&connections.readers).await.expect("the schema");
    assert_eq!(unindexed, [""; 0]);
    let all: i64 = sqlx::query_scalar("SELECT count(*) FROM sqlite_schema AS tables, pragma_foreign_key_list(tables.name)")
        .fetch_one(&connections.readers)
        .await
        .expect("the schema");
    assert!(all > 5, "{all} references");
    drop(connections);
    vault.close().await;
}

#[tokio::test]
async fn a_vault_of_before_learns_its_owners_when_it_is_opened() {
    let (vault, root) = vault().await;
    let member = person(6);
    let Change::Account(mut member) = member else { unreachable!("an account") };
    member.owner = false;
    vault.commit(commit(vec![person(5), Change::Account(member)])).await.expect("a commit");
    for undo in [
        "UPDATE accounts SET body = json_remove(body, '$.deactivated_at', '$.elsewhere', '$.privileged_until')",
        crate::older::tests::FIRST_VERSION,
    ] {
        raw_sql(undo).execute(&vault.0.connections.read().await.writer).await.expect("as it was before");
    }
    vault.close().await;
    let vault = open(root.path(), vault.id(), &PASSPHRASE.into()).await.expect("opens");
    let owners: Vec<_> = vault.owners().await.expect("owners").into_iter().map(|found| found.record).collect();
    assert_eq!(owners.iter().map(|owner| owner.id).collect::<Vec<_>>(), [AccountId(Uuid::from_u128(5))]);
    assert!(owners[0].admits().is_ok(), "what was not written then is not so");
    vault.close().await;
}

#[tokio::test]
async fn a_newer_schema_is_told_before_a_byte_is_written() {
    let (vault, root) = vault().await;
    let later =
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) VALUES (9999, 'later', 1, x'00', 0)";
    query(later).execute(&vault.0.connections.read().await.writer).await.expect("a row");
    // As a process leaves it that was killed: the newer schema stands in the log alone.
    let killed = TempDir::new().expect("a folder");
    let copy = killed.path().join(vault.id().to_string());
    fs::create_dir(&copy).expect("a folder");
    for name in ["vault.json", "vault.lock", "vault-1.db", "vault-1.db-wal"] {
        fs::copy(vault.folder().join(name), copy.join(name)).expect("a file");
    }
    assert!(copy.join("vault-1.db-wal").metadata().expect("a log").len() > 0);
    vault.close().await;
    for (root, folder) in [(root.path(), vault.folder()), (killed.path(), &*copy)] {
        let before = files(folder);
        let error = open(root, vault.id(), &PASSPHRASE.into()).await.expect_err("too new");
        assert_eq!(error, OpenError::Newer);
        assert!(before == files(folder), "{}", folder.display());
    }
}

#[tokio::test]
async fn a_full_disk_refuses_a_commit_whole_and_the_next_one_finds_the_store_at_work() {
    let (vault, _root) = vault().await;
    vault.commit(commit(vec![workspace("before")])).await.expect("a commit");
    query("PRAGMA max_page_count = 1").execute(&vault.0.connections.read().await.writer).await.expect("as few pages as there are");
    let many = (1..2_000).map(person).chain([workspace("after")]).collect();
    let error = vault.commit(commit(many)).await.expect_err("no more pages");
    assert!(matches!(error, CommitError::Store(StoreError::DiskFull)), "{error:?}");
    let read = vault.workspace().await.expect("a read").expect("a workspace");
    assert_eq!((read.version, read.record.name.as_str()), (1, "before"));
    assert!(vault.account(AccountId(Uuid::from_u128(1))).await.expect("a read").is_none());
    vault.commit(commit(vec![workspace("after"), person(1)])).await.expect("a connection of its own, without the limit");
    vault.close().await;
}

#[tokio::test]
async fn an_entry_that_was_changed_or_filed_elsewhere_is_damage() {
    let (vault, _root) = vault().await;
    let community =
        Community { id: CommunityId(Uuid::from_u128(2)), name: Name::read("North").expect("a name"), tightening: Tightening::default() };
    let entry = Draft {
        at: AT.0,
        kind: "workspace.created".into(),
        communities: vec![community.id.0],
        actor: Some(Uuid::from_u128(3)),
        subject: None,
        words: BTreeMap::new(),
        facts_key: CommitmentKey::from([1; 32]),
        persons_key: CommitmentKey::from([2; 32]),
    };
    let founding = Commit { entries: vec![entry], ..commit(vec![workspace("Atelier"), Change::Community(community)]) };
    vault.commit(founding).await.expect("a commit");
    let all = JournalQuery { person: None, communities: None, before: None, limit: 10 };
    assert_eq!(vault.journal(&all).await.expect("untouched").len(), 1);
    let changes = [
        (
            "UPDATE journal SET facts = replace(facts, 'created', 'deleted')",
            "UPDATE journal SET facts = replace(facts, 'deleted', 'created')",
        ),
        ("UPDATE journal SET subject = actor", "UPDATE journal SET subject = NULL"),
        ("UPDATE journal SET persons = NULL", ""),
    ];
    for (change, back) in changes {
        query(change).execute(&vault.0.connections.read().await.writer).await.expect("a change");
        assert!(matches!(vault.journal(&all).await, Err(StoreError::Damaged(_))), "{change}");
        if !back.is_empty() {
            query(back).execute(&vault.0.connections.read().await.writer).await.expect("a change");
            assert_eq!(vault.journal(&all).await.expect("as it was").len(), 1);
        }
    }
    vault.close().await;
}

#[tokio::test]
async fn a_closed_vault_holds_its_keys_no_more_whoever_still_holds_the_vault() {
    let (vault, _root) = vault().await;
    assert!(vault.workspace().await.is_ok());
    let rotation = Rotation { passphrase: PASSPHRASE.into(), without: Vec::new(), kit: KitAfter::None };
    let old = Arc::downgrade(&vault.keys().expect("open").database);
    vault.rotate(rotation, AT, &mut Fixed(50), unwatched()).await.expect("rotated");
    assert!(old.upgrade().is_none(), "the key of the generation before");
    let keys = vault.keys().expect("open");
    let held = [Arc::downgrade(&keys.database), Arc::downgrade(&keys.sealing)];
    drop(keys);
    assert!(held.iter().all(|key| key.upgrade().is_some()));
    vault.close().await;
    assert!(held.iter().all(|key| key.upgrade().is_none()), "what is dropped is wiped");
}
