//! Settings → Workspace → This workspace: how its vault opens.
//!
//! The workspace gives its leave first, and writes it down; then the vault is changed.

use authority::{Drawing, Surroundings, System};
use tauri::{AppHandle, State};
use vault::{ChangeError, KeyringError, SlotKind};
use wire::{
    Refusal, RefusalCode,
    backup::ReadBackupRecord,
    device::ChangeDeskPassphrase,
    keeping::{AddKeyring, ChangePassphrase, ChangeVault, ReadVault, RemoveKeyring, VaultChange, VaultView},
    sign_in::Done,
};

use super::{Answer, kit::change_key};
use crate::program::Program;

#[tauri::command]
pub(crate) async fn read_vault(program: State<'_, Program>, request: ReadVault) -> Answer<VaultView> {
    let ReadVault {} = request;
    // Guarded by the same gate, which writes down whom it refuses.
    program.call(ReadBackupRecord {}).await?;
    let slots = program.vault()?.slots();
    let made = |kind| slots.iter().filter(|slot| slot.kind == kind).filter_map(|slot| slot.made_at).map(|at| at.0).max();
    Ok(VaultView {
        keyring_made_at: made(SlotKind::Keyring),
        keyring_there: vault::keyring::is_there().await,
        passphrase_made_at: made(SlotKind::Passphrase),
        kit_made_at: made(SlotKind::Kit),
    })
}

#[tauri::command]
pub(crate) async fn add_keyring(program: State<'_, Program>, request: AddKeyring) -> Answer<Done> {
    if !vault::keyring::is_there().await {
        return Err(RefusalCode::KeyringMissing.into());
    }
    let change = program.call(ChangeVault { change: VaultChange::AddKeyring, proof: request.proof }).await?;
    let adding = program.vault()?.add_keyring_slot(System.now(), &mut Drawing(&System));
    adding.await.map_err(refusal)?;
    Ok(change)
}

/// Takes every keyring away at once; what a keyring held opens nothing any more but older copies of the file.
#[tauri::command]
pub(crate) async fn remove_keyring(app: AppHandle, program: State<'_, Program>, request: RemoveKeyring) -> Answer<Done> {
    let slots = program.vault()?.slots();
    let keyrings = slots.into_iter().filter(|slot| slot.kind == SlotKind::Keyring).filter_map(|slot| slot.id).collect();
    change_key(&app, &program, VaultChange::RemoveKeyring, request.proof, request.passphrase, request.kit, keyrings).await
}

#[tauri::command]
pub(crate) async fn change_passphrase(program: State<'_, Program>, request: ChangePassphrase) -> Answer<Done> {
    authority::check_passphrase(&request.passphrase)?;
    let kit = request.kit.as_ref().map(authority::read_kit).transpose()?;
    let by = if kit.is_some() { VaultChange::PassphraseByKit } else { VaultChange::Passphrase };
    let change = program.call(ChangeVault { change: by, proof: request.proof }).await?;
    let (vault, now) = (program.vault()?, System.now());
    let changed = match (kit, request.present) {
        (Some(code), _) => vault.change_passphrase_by_kit(&code, &request.passphrase, now, &mut Drawing(&System)).await,
        (None, Some(present)) => vault.change_passphrase(&present, &request.passphrase, now, &mut Drawing(&System)).await,
        (None, None) => Err(ChangeError::PassphraseWrong),
    };
    changed.map_err(refusal)?;
    Ok(change)
}

/// Nobody is asked at the server: it knows nothing of this passphrase.
#[tauri::command]
pub(crate) async fn change_desk_passphrase(program: State<'_, Program>, request: ChangeDeskPassphrase) -> Answer<Done> {
    let (remote, session) = program.desk()?;
    remote.is_own(session.as_ref())?;
    authority::check_passphrase(&request.passphrase)?;
    let vault = program.desk_vault()?;
    let changing = vault.change_passphrase(&request.present, &request.passphrase, System.now(), &mut Drawing(&System));
    let changing = async {
        changing.await.map_err(|error| match error {
            ChangeError::PassphraseWrong => RefusalCode::DeskPassphraseWrong.into(),
            other => refusal(other),
        })
    };
    remote.change_passphrase(&request.present, &request.passphrase, changing).await?;
    Ok(Done {})
}

pub(super) fn refusal(error: ChangeError) -> Refusal {
    tracing::warn!(%error, "the vault was not changed");
    match error {
        ChangeError::PassphraseWrong => RefusalCode::VaultPassphraseWrong,
        ChangeError::KitWrong => RefusalCode::VaultKitWrong,
        ChangeError::Cancelled => RefusalCode::Stopped,
        ChangeError::Keyring(KeyringError::Missing) => RefusalCode::KeyringMissing,
        ChangeError::Keyring(KeyringError::EntryMissing) => RefusalCode::KeyringEntryMissing,
        ChangeError::Keyring(KeyringError::Locked) => RefusalCode::KeyringLocked,
        ChangeError::Keyring(KeyringError::Silent) => RefusalCode::KeyringSilent,
        ChangeError::ReadOnly => RefusalCode::ReadOnly,
        ChangeError::DiskFull => RefusalCode::DiskFull,
        ChangeError::Damaged(_) => RefusalCode::VaultDamaged,
        ChangeError::Closed => RefusalCode::NoWorkspace,
        _ => RefusalCode::Unexpected,
    }
    .into()
}
