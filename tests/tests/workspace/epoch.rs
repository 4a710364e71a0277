//! A workspace restored from a backup: what the time since may have used up is void, and nobody is let in by a password
//! alone.

use authority::Store;
use authority::{Authority, Drawing, Restored, System, store::JournalQuery};
use domain::time::Moment;
use tempfile::TempDir;
use vault::{BackupKey, unwatched};
use wire::{
    RefusalCode,
    account::ReadProfile,
    backup::{AllowBackup, BackupDue, ReadBackupRecord},
    journal::ReadJournal,
    people::RoleName,
    sign_in::{AcceptInvitation, GiveCode, Next, WhoAmI},
};

use crate::played::{PASSPHRASE, PASSWORD, Person, Played, secret};

/// A backup of a played workspace.
pub(crate) struct Taken {
    folder: TempDir,
    id: uuid::Uuid,
    at: Moment,
}

impl Taken {
    pub(crate) async fn of(played: &Played) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let at = played.clock.now();
        let file = folder.path().join("workspace.backup");
        let taking = played.authority.store().back_up(&file, &secret(PASSPHRASE), at, &mut Drawing(&System), unwatched());
        let view = taking.await.expect("a backup");
        Self { folder, id: view.id, at }
    }

    /// Restores it, as the program does, at the hour that the clock of this workspace shows.
    pub(crate) async fn restored(&self, played: &Played, keep_codes: bool) -> Played {
        let (root, file) = (self.folder.path().join("workspaces"), self.folder.path().join("workspace.backup"));
        let (key, clock) = (BackupKey::Passphrase(secret(PASSPHRASE)), played.clock.clone());
        let restoring = vault::restore(&root, &file, key, &secret(PASSPHRASE), clock.now(), &mut Drawing(&System), unwatched());
        let unpublished = restoring.await.expect("restored");
        let authority = Authority::new(unpublished.store().clone(), unpublished.sealing_key(), clock.clone(), "test");
        let restored = Restored { backup: self.id, taken_at: self.at, keep_codes };
        authority.begin_epoch(&restored, &|_, _| std::ops::ControlFlow::Continue(())).await.expect("an epoch");
        let vault = unpublished.publish().await.expect("published");
        vault.close().await;
        Played::open(&root, vault.id(), clock).await
    }
}

async fn code_refused(played: &Played, person: &Person, code: &str) -> RefusalCode {
    played.sign_in(&person.email, code).await.expect_err("it must not open").code
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_invitations_and_codes_from_before_open_nothing() {
    let (played, owner) = Played::begin().await;
    let (_, member) = played.join(&owner, "mia@example.org", RoleName::Member).await;
    let (_, invitation) = played.invite(&owner, "late@example.org", RoleName::Member).await;
    let taken = Taken::of(&played).await;
    played.clock.turn(30);
    // Used after the backup was taken: what is restored knows nothing of it.
    let seen = member.phone.code(played.clock.now());
    assert!(played.sign_in(&member.email, &seen).await.is_ok());
    let restored = taken.restored(&played, false).await;

    for session in [&owner.session, &member.session] {
        assert_eq!(restored.call(Some(session), WhoAmI {}).await.expect_err("over").code, RefusalCode::SessionEnded);
        assert!(played.is_signed_in(session).await, "the other workspace goes on as it was");
    }
    assert_eq!(code_refused(&restored, &member, &seen).await, RefusalCode::CodeUsed);
    let ahead = member.phone.code(restored.clock.now().plus(30));
    assert_eq!(code_refused(&restored, &member, &ahead).await, RefusalCode::CodeUsed);
    let accept = AcceptInvitation { email: "late@example.org".into(), code: secret(&invitation), password: secret(PASSWORD) };
    assert!(restored.call(None, accept.clone()).await.is_err());
    assert!(played.call(None, accept).await.is_ok(), "it was good where it was made");
    for person in [&owner, &member] {
        assert_eq!(code_refused(&restored, person, &person.codes[0]).await, RefusalCode::CodeVoid);
    }

    restored.clock.turn(60);
    let session = restored.sign_in_with_phone(&member).await.expect("the app goes on working");
    let factor = restored.call(Some(&session), ReadProfile {}).await.expect("a profile").factor.expect("enrolled");
    assert_eq!(factor.codes_left, 0, "the window asks for new ones");
    let id = restored.call(Some(&session), WhoAmI {}).await.expect("in").person.id;
    let told = restored.authority.store().pending_notices(domain::id::AccountId(id)).await.expect("notices");
    assert!(told.contains(&"backup-codes-void".to_owned()), "{told:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn backup_codes_open_again_only_for_whoever_asked_for_it() {
    let (played, owner) = Played::begin().await;
    let taken = Taken::of(&played).await;
    assert!(played.sign_in(&owner.email, &owner.codes[3]).await.is_ok());
    let restored = taken.restored(&played, true).await;
    assert!(restored.sign_in(&owner.email, &owner.codes[3]).await.is_ok(), "also one that was used since");
    assert_eq!(code_refused(&restored, &owner, &owner.codes[3]).await, RefusalCode::CodeUsed);
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_whose_reset_was_pending_stays_closed_until_reset_again() {
    let (played, owner) = Played::begin().await;
    let (id, member) = played.join(&owner, "mia@example.org", RoleName::Member).await;
    let code = played.reset(&owner, id).await.expect("reset");
    let taken = Taken::of(&played).await;
    for keep_codes in [false, true] {
        let restored = taken.restored(&played, keep_codes).await;
        let (next, session) = restored.first_door(&member.email).await.expect("the first door");
        assert_eq!(next, Next::RecoveryCode);
        let refusal = restored.call(Some(&session), GiveCode { code: secret(&code) }).await.expect_err("void");
        assert_eq!(refusal.code, RefusalCode::RecoveryExpired);
        restored.clock.turn(60);
        let session = restored.sign_in_with_phone(&owner).await.expect("the owner");
        let owner = Person { session, email: owner.email.clone(), phone: crate::played::phone(&owner.phone.base32), codes: Vec::new() };
        let again = restored.reset(&owner, id).await.expect("reset again");
        let (_, session) = restored.first_door(&member.email).await.expect("the first door");
        let step = restored.call(Some(&session), GiveCode { code: secret(&again) }).await.expect("the new code");
        assert_eq!(step.next, Next::Enrol);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_journal_names_the_last_entry_that_came_out_of_the_backup() {
    let (played, owner) = Played::begin().await;
    let newest = |count| JournalQuery { person: None, communities: None, before: None, limit: count };
    let taken = Taken::of(&played).await;
    let head = played.authority.store().journal(&newest(1)).await.expect("a journal").pop().expect("an entry").entry;
    // What happens after the backup is not in it.
    assert!(played.sign_in_with_phone(&owner).await.is_ok());
    let restored = taken.restored(&played, false).await;
    let break_ = restored.authority.store().journal(&newest(1)).await.expect("a journal").pop().expect("an entry").entry;
    assert_eq!((break_.kind(), break_.index()), ("workspace.restored", head.index() + 1));
    assert_eq!(break_.word("head"), Some(&*head.index().to_string()));
    let hash: String = head.leaf().hash().as_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(break_.word("head-leaf"), Some(&*hash));
    assert_eq!(break_.word("epoch"), Some("1"));

    restored.clock.turn(60);
    let session = restored.sign_in_with_phone(&owner).await.expect("the owner");
    let page = restored.call(Some(&session), ReadJournal { person: None, before: None }).await.expect("a page");
    assert!(page.rows.iter().any(|row| row.kind == "workspace.restored"));
    let record = restored.call(Some(&session), ReadBackupRecord {}).await.expect("a record");
    assert_eq!((record.epoch, record.taken_at), (1, Some(taken.at.0)));
}

#[tokio::test(flavor = "multi_thread")]
async fn stopped_in_the_middle_it_is_not_published() {
    let (played, _) = Played::begin().await;
    let taken = Taken::of(&played).await;
    let (root, file) = (taken.folder.path().join("workspaces"), taken.folder.path().join("workspace.backup"));
    let key = BackupKey::Passphrase(secret(PASSPHRASE));
    let restoring = vault::restore(&root, &file, key, &secret(PASSPHRASE), taken.at, &mut Drawing(&System), unwatched());
    let unpublished = restoring.await.expect("restored");
    let authority = Authority::new(unpublished.store().clone(), unpublished.sealing_key(), played.clock.clone(), "test");
    let restored = Restored { backup: taken.id, taken_at: taken.at, keep_codes: false };
    let stopped = authority.begin_epoch(&restored, &|_, _| std::ops::ControlFlow::Break(())).await;
    assert_eq!(stopped.expect_err("stopped").code, RefusalCode::Stopped);
    unpublished.discard().await;
    assert_eq!(vault::known(&root), []);
    assert_eq!(std::fs::read_dir(&root).expect("a folder").count(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_owners_take_backups_and_are_reminded_of_them() {
    let (played, owner) = Played::begin().await;
    let (_, admin) = played.join(&owner, "admin@example.org", RoleName::Administrator).await;
    let proof = played.proof(&admin);
    let refused = played.call(Some(&admin.session), AllowBackup { proof }).await.expect_err("not theirs");
    assert_eq!(refused.code, RefusalCode::NotAllowed);
    assert_eq!(played.call(Some(&admin.session), ReadBackupRecord {}).await.expect_err("not theirs").code, RefusalCode::NotAllowed);
    let proof = played.proof(&owner);
    played.call(Some(&owner.session), AllowBackup { proof }).await.expect("an owner");

    played.clock.turn(8 * 86_400);
    let session = played.sign_in_with_phone(&owner).await.expect("a week later");
    let me = played.call(Some(&session), WhoAmI {}).await.expect("in");
    assert_eq!(me.backup_due, Some(BackupDue::Never));
    let admins = played.sign_in_with_phone(&admin).await.expect("a week later");
    assert_eq!(played.call(Some(&admins), WhoAmI {}).await.expect("in").backup_due, None);
    played.authority.note_backup(me.person.id, "x.backup", played.clock.now()).await.expect("noted");
    assert_eq!(played.call(Some(&session), WhoAmI {}).await.expect("in").backup_due, None);
    let page = played.call(Some(&session), ReadJournal { person: None, before: None }).await.expect("a page");
    assert_eq!((&*page.rows[0].kind, &*page.rows[0].words["file"]), ("backup.taken", "x.backup"));
    played.clock.turn(31 * 86_400);
    let session = played.sign_in_with_phone(&owner).await.expect("a month later");
    assert_eq!(played.call(Some(&session), WhoAmI {}).await.expect("in").backup_due, Some(BackupDue::Old));
}
