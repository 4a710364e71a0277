//! The start: workspaces on this computer.

use authority::{Authority, Drawing, Founding, System};
use tauri::{AppHandle, State};
use uuid::Uuid;
use vault::{OpenError, Unlock, VaultError};
use wire::{
    Refusal, RefusalCode,
    keeping::OpenByKeyring,
    sign_in::Done,
    window::{CloseWorkspace, CreateWorkspace, Language, OpenVault, ReadSituation, SetPreferences, Situation},
};

use super::Answer;
use crate::{program::Program, window};

/// The one source of people on a local workspace: this computer.
const SOURCE: &str = "this-computer";

#[tauri::command]
pub(crate) async fn read_situation(app: AppHandle, program: State<'_, Program>, request: ReadSituation) -> Answer<Situation> {
    let ReadSituation {} = request;
    let over = program.session_is_over().await;
    if over {
        window::renew(&app);
    }
    Ok(program.situation(!over).await)
}

#[tauri::command]
pub(crate) async fn create_workspace(program: State<'_, Program>, request: CreateWorkspace) -> Answer<Done> {
    let french = request.language == Language::Fr;
    let founding = Founding::read(french, &request.name, &request.owner_name, &request.owner_email, &request.owner_password)?;
    authority::check_passphrase(&request.passphrase)?;
    program.close().await;
    let name = founding.name().to_owned();
    let unpublished =
        vault::prepare(&program.folders.vaults, &name, &request.passphrase, &mut Drawing(&System)).await.map_err(vault_refusal)?;
    let authority = Authority::new(unpublished.store().clone(), unpublished.sealing_key(), System, SOURCE);
    let session = match authority.found(founding).await {
        Ok(session) => session,
        Err(refusal) => {
            unpublished.discard().await;
            return Err(refusal);
        }
    };
    let vault = unpublished.publish().await.map_err(vault_refusal)?;
    program.opened(vault.id(), name, authority, Some(session));
    program.prefer(|preferences| preferences.language = request.language);
    Ok(Done {})
}

#[tauri::command]
pub(crate) async fn open_vault(program: State<'_, Program>, request: OpenVault) -> Answer<Done> {
    open(&program, request.id, Unlock::Passphrase(request.passphrase)).await
}

#[tauri::command]
pub(crate) async fn open_by_keyring(program: State<'_, Program>, request: OpenByKeyring) -> Answer<Done> {
    open(&program, request.id, Unlock::Keyring).await
}

async fn open(program: &Program, id: Uuid, unlock: Unlock) -> Answer<Done> {
    program.close().await;
    let vault = vault::open_with(&program.folders.vaults, id, unlock).await.map_err(open_refusal)?;
    let name = vault.name().to_owned();
    let key = vault.sealing_key().ok_or(RefusalCode::Unexpected)?;
    program.opened(id, name, Authority::new(vault, key, System, SOURCE), None);
    Ok(Done {})
}

#[tauri::command]
pub(crate) async fn close_workspace(app: AppHandle, program: State<'_, Program>, request: CloseWorkspace) -> Answer<Done> {
    let CloseWorkspace {} = request;
    program.close().await;
    window::renew(&app);
    Ok(Done {})
}

#[tauri::command]
pub(crate) async fn set_preferences(app: AppHandle, program: State<'_, Program>, request: SetPreferences) -> Answer<Done> {
    program.prefer(|preferences| {
        preferences.language = request.language;
        preferences.theme = request.theme;
    });
    window::colour(&app, request.theme);
    Ok(Done {})
}

fn open_refusal(error: OpenError) -> Refusal {
    tracing::warn!(%error, "a vault did not open");
    match error {
        OpenError::PassphraseWrong => RefusalCode::VaultPassphraseWrong,
        OpenError::KitWrong => RefusalCode::CodeWrong,
        OpenError::KeyringMissing => RefusalCode::KeyringMissing,
        OpenError::KeyringEntryMissing => RefusalCode::KeyringEntryMissing,
        OpenError::KeyringLocked => RefusalCode::KeyringLocked,
        OpenError::KeyringSilent => RefusalCode::KeyringSilent,
        OpenError::InUse => RefusalCode::VaultInUse,
        OpenError::Damaged(_) => RefusalCode::VaultDamaged,
        OpenError::Newer => RefusalCode::VaultNewer,
        OpenError::ReadOnly => RefusalCode::ReadOnly,
        OpenError::Missing => RefusalCode::VaultMissing,
        OpenError::DiskFull => RefusalCode::DiskFull,
        OpenError::Failed(_) => RefusalCode::Unexpected,
    }
    .into()
}

fn vault_refusal(error: VaultError) -> Refusal {
    tracing::warn!(%error, "a vault could not be made");
    match error {
        VaultError::ReadOnly => RefusalCode::ReadOnly,
        VaultError::DiskFull => RefusalCode::DiskFull,
        VaultError::Failed(_) => RefusalCode::Unexpected,
    }
    .into()
}
