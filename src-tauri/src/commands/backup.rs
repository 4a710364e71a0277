//! Backups: taking one under This workspace, restoring one at the start, and removing a workspace from this computer.
//!
//! Paths stay here: the page asks for a dialog, and is told the name of the file alone.

use std::path::Path;

use authority::{Authority, Drawing, Restored, Surroundings, System};
use secrecy::SecretString;
use tauri::{AppHandle, Manager, State, WebviewWindow};
use vault::{BackupKey, ChangeError, KeyringError, OpenError, Removal, RestoreError, SlotKind, Stage, Unpublished, Vault, Watch};
use wire::{
    Refusal, RefusalCode,
    backup::{
        AllowBackup, BackupTaken, BackupView, BackupWay, BackupsView, ChooseBackup, ChosenBackup, OlderCopyView, PutOffBackup,
        ReadBackupRecord, ReadBackups, ReadChosenBackup, RemoveOlderCopy, RemoveWorkspace, RestoreBackup, TakeBackup,
    },
    keeping::{ChangeVault, VaultChange},
    sign_in::{Done, WhoAmI},
    window::Told,
};

use super::{Answer, keeping, start::SOURCE};
use crate::{catalogue::Catalogue, files, program::Program};

/// What the name of a backup ends with.
const ENDING: &str = "backup";

#[tauri::command]
pub(crate) async fn read_backups(program: State<'_, Program>, request: ReadBackups) -> Answer<BackupsView> {
    let ReadBackups {} = request;
    let record = program.call(ReadBackupRecord {}).await?;
    let older = program.vault()?.older_copies();
    let older = older.into_iter().map(|copy| OlderCopyView { folder: copy.folder, of: copy.of.0, size: copy.size }).collect();
    Ok(BackupsView { record, older })
}

#[tauri::command]
pub(crate) async fn remove_older_copy(program: State<'_, Program>, request: RemoveOlderCopy) -> Answer<Done> {
    program.call(ReadBackupRecord {}).await?;
    let vault = program.vault()?;
    // What is not there is not asked for: it would be written down as deleted.
    if vault.older_copies().iter().all(|copy| copy.folder != request.folder) {
        return Err(RefusalCode::NothingToShow.into());
    }
    let done = program.call(ChangeVault { change: VaultChange::RemoveOlderCopy, proof: request.proof }).await?;
    vault.remove_older_copy(&request.folder).await.map_err(|error| match error {
        ChangeError::NoSuchCopy => RefusalCode::NothingToShow.into(),
        other => keeping::refusal(other),
    })?;
    Ok(done)
}

#[tauri::command]
pub(crate) async fn put_off_backup(program: State<'_, Program>, request: PutOffBackup) -> Answer<Done> {
    let PutOffBackup {} = request;
    program.put_off_backup();
    Ok(Done {})
}

#[tauri::command]
pub(crate) async fn take_backup(window: WebviewWindow, program: State<'_, Program>, request: TakeBackup) -> Answer<BackupTaken> {
    let work = program.work.begin()?;
    program.call(AllowBackup { proof: request.proof }).await?;
    let me = program.call(WhoAmI {}).await?;
    let (vault, authority) = (program.vault()?, program.authority()?);
    vault.check_passphrase(&request.passphrase).await.map_err(keeping::refusal)?;
    let catalogue = Catalogue::of(program.language());
    let name = files::dated(&catalogue.text("file.backup.suggestedName"), &me.workspace, ENDING);
    let dialog = files::dialog(&window, &catalogue, "file.dialogTitle.backup", FILTER);
    let Some(path) = files::ask_where(dialog, name).await else {
        return Ok(BackupTaken { kept: false, file: None, size: 0, ways: Vec::new() });
    };
    if files::lies_in(&path, &program.folders.vaults) {
        return Err(RefusalCode::BackupInside.into());
    }
    let taking = vault.back_up(&path, &request.passphrase, System.now(), &mut Drawing(&System), work.watch());
    let taken = taking.await.map_err(backup_refusal)?;
    let file = files::name_of(&path);
    if let Err(refusal) = authority.note_backup(me.person.id, &file, taken.made_at).await {
        // The file is there and was read back, which is what counts; the reminder stays.
        tracing::error!(%refusal, "a backup was taken, and could not be written down");
    }
    let size = std::fs::metadata(&path).map_or(taken.length, |metadata| metadata.len());
    Ok(BackupTaken { kept: true, file: Some(file), size, ways: ways(&taken.ways) })
}

/// The files that a dialog for backups shows at first.
const FILTER: files::Filter<'static> = Some(("file.backup.kind", &[ENDING]));

fn ways(kinds: &[SlotKind]) -> Vec<BackupWay> {
    let known = kinds.iter().filter_map(|kind| match kind {
        SlotKind::Passphrase => Some(BackupWay::Passphrase),
        SlotKind::Kit => Some(BackupWay::Kit),
        SlotKind::Keyring | SlotKind::Unknown => None,
    });
    known.collect()
}

#[tauri::command]
pub(crate) async fn choose_backup(window: WebviewWindow, program: State<'_, Program>, request: ChooseBackup) -> Answer<ChosenBackup> {
    let ChooseBackup {} = request;
    let catalogue = Catalogue::of(program.language());
    if let Some(path) = files::ask_which(files::dialog(&window, &catalogue, "file.dialogTitle.restore", FILTER)).await {
        vault::inspect(&path).await.map_err(restore_refusal)?;
        program.choose_backup(Some(path));
    }
    chosen(&program).await
}

#[tauri::command]
pub(crate) async fn read_chosen_backup(program: State<'_, Program>, request: ReadChosenBackup) -> Answer<ChosenBackup> {
    let ReadChosenBackup {} = request;
    chosen(&program).await
}

async fn chosen(program: &Program) -> Answer<ChosenBackup> {
    let Some(path) = program.chosen_backup() else { return Ok(ChosenBackup { backup: None }) };
    // A stick that was pulled out meanwhile: nothing is chosen any more.
    let Ok(view) = vault::inspect(&path).await else {
        program.choose_backup(None);
        return Ok(ChosenBackup { backup: None });
    };
    let beside = vault::known(&program.folders.vaults).iter().any(|known| known.id == view.vault);
    let backup = BackupView {
        file: files::name_of(&path),
        name: view.name,
        taken_at: view.made_at.0,
        size: view.length,
        ways: ways(&view.ways),
        beside,
    };
    Ok(ChosenBackup { backup: Some(backup) })
}

/// Restores the chosen backup as a vault of its own, begins its epoch before anybody can find it, and opens it.
#[tauri::command]
pub(crate) async fn restore_backup(program: State<'_, Program>, request: RestoreBackup) -> Answer<Done> {
    let key = match (&request.kit, request.present) {
        (Some(code), _) => BackupKey::Kit(authority::read_kit(code)?),
        (None, Some(present)) => BackupKey::Passphrase(present),
        (None, None) => return Err(RefusalCode::BackupPassphraseWrong.into()),
    };
    authority::check_passphrase(&request.passphrase)?;
    let path = program.chosen_backup().ok_or(RefusalCode::BackupMissing)?;
    program.close().await;
    let work = program.work.begin()?;
    let by_kit = matches!(key, BackupKey::Kit(_));
    let (unpublished, restored) = restore(&program, &path, key, &request.passphrase, request.keep_codes, work.watch()).await?;
    let authority = Authority::over(unpublished.store().clone(), unpublished.sealing_key(), System, SOURCE).await;
    let Ok(authority) = authority else {
        unpublished.discard().await;
        return Err(RefusalCode::BackupDamaged.into());
    };
    if let Err(refusal) = renew(&authority, &restored, by_kit, &work.watch()).await {
        unpublished.discard().await;
        return Err(if refusal.code == RefusalCode::Stopped { RefusalCode::BackupStopped.into() } else { refusal });
    }
    let vault = unpublished.publish().await.map_err(|error| restore_refusal(error.into()))?;
    program.choose_backup(None);
    program.opened(vault.id(), vault.name().to_owned(), authority, None);
    program.tell(Told::Restored);
    Ok(Done {})
}

async fn restore(
    program: &Program,
    path: &Path,
    key: BackupKey,
    passphrase: &SecretString,
    keep_codes: bool,
    watch: Watch,
) -> Answer<(Unpublished, Restored)> {
    let view = vault::inspect(path).await.map_err(restore_refusal)?;
    let restoring = vault::restore(&program.folders.vaults, path, key, passphrase, System.now(), &mut Drawing(&System), watch);
    let unpublished = restoring.await.map_err(restore_refusal)?;
    Ok((unpublished, Restored { backup: view.id, taken_at: view.made_at, keep_codes }))
}

/// Begins the epoch, and makes the record of recovery kits follow what opens the new vault.
async fn renew(authority: &Authority<Vault>, restored: &Restored, by_kit: bool, watch: &Watch) -> Answer<()> {
    let told = |done, total| watch(vault::Progress { stage: Stage::Writing, done, total });
    authority.begin_epoch(restored, &told).await?;
    authority.settle_kits(authority.store().kit_slot()).await?;
    if by_kit { authority.note_opened_by_kit().await } else { Ok(()) }
}

#[tauri::command]
pub(crate) async fn remove_workspace(program: State<'_, Program>, request: RemoveWorkspace) -> Answer<Done> {
    let root = program.folders.vaults.clone();
    let known = vault::known(&root).into_iter().find(|known| known.id == request.id).ok_or(RefusalCode::VaultMissing)?;
    if spelled(&known.name) != spelled(&request.name) {
        return Err(RefusalCode::NameDiffers.into());
    }
    let removal = Removal::begin(&root, request.id).map_err(removal_refusal)?;
    match vault::keyring::forget(request.id).await {
        // Without a keyring there is no entry in it.
        Ok(()) | Err(KeyringError::Missing | KeyringError::EntryMissing) => {}
        Err(error) => {
            tracing::warn!(%error, "the entry of a workspace could not be deleted");
            if !request.leave_keyring {
                return Err(RefusalCode::KeyringEntryStays.into());
            }
        }
    }
    tauri::async_runtime::spawn_blocking(|| removal.finish()).await.map_err(|_| RefusalCode::Unexpected)?.map_err(removal_refusal)?;
    program.prefer(|preferences| {
        preferences.opened_at.remove(&request.id);
        preferences.moves.remove(&request.id);
    });
    Ok(Done {})
}

/// A name as it is compared: without what the eye does not tell apart.
fn spelled(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

fn removal_refusal(error: OpenError) -> Refusal {
    tracing::warn!(%error, "a workspace was not removed");
    match error {
        OpenError::InUse => RefusalCode::VaultInUse,
        OpenError::Missing => RefusalCode::VaultMissing,
        OpenError::ReadOnly => RefusalCode::ReadOnly,
        OpenError::DiskFull => RefusalCode::DiskFull,
        _ => RefusalCode::Unexpected,
    }
    .into()
}

fn backup_refusal(error: ChangeError) -> Refusal {
    match error {
        ChangeError::ReadOnly => RefusalCode::BackupReadOnly.into(),
        ChangeError::DiskFull => RefusalCode::BackupDiskFull.into(),
        ChangeError::Cancelled => RefusalCode::BackupStopped.into(),
        ChangeError::Failed(why) => {
            tracing::warn!(why, "a backup could not be taken");
            RefusalCode::FileNotWritten.into()
        }
        other => keeping::refusal(other),
    }
}

fn restore_refusal(error: RestoreError) -> Refusal {
    tracing::warn!(%error, "a backup was not restored");
    match error {
        RestoreError::Missing => RefusalCode::BackupMissing,
        RestoreError::NotABackup => RefusalCode::NoBackup,
        RestoreError::Newer => RefusalCode::BackupNewer,
        RestoreError::Damaged(_) => RefusalCode::BackupDamaged,
        RestoreError::PassphraseWrong => RefusalCode::BackupPassphraseWrong,
        RestoreError::KitWrong => RefusalCode::BackupKitWrong,
        RestoreError::Cancelled => RefusalCode::BackupStopped,
        RestoreError::ReadOnly => RefusalCode::ReadOnly,
        RestoreError::DiskFull => RefusalCode::DiskFull,
        RestoreError::Failed(_) => RefusalCode::Unexpected,
    }
    .into()
}

/// What was left behind by a removal that was cut short.
pub(crate) fn sweep(app: &AppHandle) {
    vault::sweep(&app.state::<Program>().folders.vaults);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_typed_to_confirm_may_differ_in_case_and_spaces_only() {
        assert_eq!(spelled("Harbour  & Sons "), spelled("harbour & sons"));
        assert_ne!(spelled("Harbour"), spelled("Harbour 2"));
    }
}
