//! Settings → Workspace → This workspace: how its vault opens.
//!
//! The workspace gives its leave first, and writes it down; then the vault is changed.

use authority::{Drawing, Surroundings, System};
use tauri::State;
use vault::{ChangeError, KeyringError, KitAfter, SlotKind, unwatched};
use wire::{
    Refusal, RefusalCode,
    keeping::{AddKeyring, ChangePassphrase, ChangeVault, ReadVault, RemoveKeyring, VaultChange, VaultView},
    sign_in::{Done, Reach, WhoAmI},
};

use super::Answer;
use crate::program::Program;

#[tauri::command]
pub(crate) async fn read_vault(program: State<'_, Program>, request: ReadVault) -> Answer<VaultView> {
    let ReadVault {} = request;
    let me = program.call(WhoAmI {}).await?;
    if me.reach != Reach::Full || !me.keeps_vault {
        return Err(RefusalCode::NotAllowed.into());
    }
    let slots = program.vault()?.slots();
    let made = |kind| slots.iter().filter(|slot| slot.kind == kind).filter_map(|slot| slot.made_at).map(|at| at.0).max();
    Ok(VaultView {
        keyring_made_at: made(SlotKind::Keyring),
        keyring_there: vault::keyring::is_there().await,
        passphrase_made_at: made(SlotKind::Passphrase),
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

/// Takes every keyring away, one after the other; an old copy of the vault does not open by them either once it is gone.
#[tauri::command]
pub(crate) async fn remove_keyring(program: State<'_, Program>, request: RemoveKeyring) -> Answer<Done> {
    let change = program.call(ChangeVault { change: VaultChange::RemoveKeyring, proof: request.proof }).await?;
    let vault = program.vault()?;
    let keyrings: Vec<_> = vault.slots().into_iter().filter(|slot| slot.kind == SlotKind::Keyring).filter_map(|slot| slot.id).collect();
    for id in keyrings {
        if vault.slots().iter().all(|slot| slot.id != Some(id)) {
            continue;
        }
        let removing = vault.remove_slot(id, &request.passphrase, KitAfter::None, System.now(), &mut Drawing(&System), unwatched());
        removing.await.map_err(refusal)?;
    }
    Ok(change)
}

#[tauri::command]
pub(crate) async fn change_passphrase(program: State<'_, Program>, request: ChangePassphrase) -> Answer<Done> {
    authority::check_passphrase(&request.passphrase)?;
    let change = program.call(ChangeVault { change: VaultChange::Passphrase, proof: request.proof }).await?;
    let changing = program.vault()?.change_passphrase(&request.present, &request.passphrase, System.now(), &mut Drawing(&System));
    changing.await.map_err(refusal)?;
    Ok(change)
}

fn refusal(error: ChangeError) -> Refusal {
    tracing::warn!(%error, "the vault was not changed");
    match error {
        ChangeError::PassphraseWrong => RefusalCode::VaultPassphraseWrong,
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
