//! The recovery kit and the vault's key: a new kit, a new key, and an owner who has nothing left but the kit.
//!
//! A new kit is written beside the old one, shown, and comes to count by a rotation once it was kept.

use authority::{Drawing, Surroundings, System};
use secrecy::SecretString;
use tauri::{AppHandle, State};
use uuid::Uuid;
use vault::{ChangeError, Kit, KitAfter, Rotation};
use wire::{
    RefusalCode,
    account::SavedAs,
    keeping::{
        AcknowledgeKit, BeginKit, ChangeVault, DrawnKit, NoteKitKept, ReadWork, RecoverOwner, RenewKit, RotateKey, StopWork, VaultChange,
        Work,
    },
    proof::Proof,
    sign_in::{Done, Step, WhoAmI},
};

use super::{Answer, keeping::refusal, show};
use crate::{
    program::Program,
    sheet::{KitChange, SheetState},
};

#[tauri::command]
pub(crate) async fn renew_kit(app: AppHandle, program: State<'_, Program>, request: RenewKit) -> Answer<Done> {
    draw(&app, &program, None, request.proof, request.passphrase, Vec::new()).await
}

#[tauri::command]
pub(crate) async fn rotate_key(app: AppHandle, program: State<'_, Program>, request: RotateKey) -> Answer<Done> {
    change_key(&app, &program, VaultChange::Key, request.proof, request.passphrase, request.kit, Vec::new()).await
}

#[tauri::command]
pub(crate) async fn acknowledge_kit(program: State<'_, Program>, request: AcknowledgeKit) -> Answer<Done> {
    program.call(request).await
}

#[tauri::command]
pub(crate) async fn recover_owner(program: State<'_, Program>, request: RecoverOwner) -> Answer<Step> {
    program.call(request).await
}

#[tauri::command]
pub(crate) async fn read_work(program: State<'_, Program>, request: ReadWork) -> Answer<Work> {
    let ReadWork {} = request;
    Ok(program.work.view())
}

#[tauri::command]
pub(crate) async fn stop_work(program: State<'_, Program>, request: StopWork) -> Answer<Done> {
    let StopWork {} = request;
    program.work.stop();
    Ok(Done {})
}

/// Gives the vault a new key, without these slots. With the code of the kit it stays; else a new kit is shown, and the
/// key changes once that was kept.
pub(super) async fn change_key(
    app: &AppHandle,
    program: &Program,
    change: VaultChange,
    proof: Proof,
    passphrase: SecretString,
    kit: Option<SecretString>,
    without: Vec<Uuid>,
) -> Answer<Done> {
    let Some(code) = kit else { return draw(app, program, Some(change), proof, passphrase, without).await };
    let code = authority::read_kit(&code)?;
    program.call(ChangeVault { change, proof }).await?;
    rotate(program, Rotation { passphrase, without, kit: KitAfter::Same(code) }).await?;
    Ok(Done {})
}

/// Draws a new kit and shows it.
async fn draw(
    app: &AppHandle,
    program: &Program,
    change: Option<VaultChange>,
    proof: Proof,
    passphrase: SecretString,
    without: Vec<Uuid>,
) -> Answer<Done> {
    let vault = program.vault()?;
    let kit = Kit::draw(&mut Drawing(&System));
    let drawn = DrawnKit { slot: kit.slot(), verifier: kit.verifier().to_bytes() };
    program.call(BeginKit { kit: drawn, change, proof }).await?;
    // Not before the proof: else this would be a place to guess it.
    vault.check_passphrase(&passphrase).await.map_err(refusal)?;
    let me = program.call(WhoAmI {}).await?;
    let change = KitChange { passphrase, without };
    show(app, SheetState::recovery_kit(me, kit, vault.id(), System.now().0, Some(change)))?;
    Ok(Done {})
}

/// The kit on the sheet was saved or printed. One that takes the place of another comes to count now.
pub(super) async fn kept(program: &Program, how: SavedAs) -> Answer<()> {
    let kit = program.with_sheet(|sheet| sheet.as_ref().and_then(|sheet| sheet.kit.clone())).ok_or(RefusalCode::NothingToShow)?;
    program.call(NoteKitKept { slot: kit.kit.slot(), how }).await?;
    if let Some(KitChange { passphrase, without }) = kit.change {
        rotate(program, Rotation { passphrase, without, kit: KitAfter::New(kit.kit.clone()) }).await?;
    }
    program.with_sheet(|sheet| {
        if let Some(sheet) = sheet.as_mut().filter(|sheet| sheet.kit.as_ref().is_some_and(|shown| shown.kit.slot() == kit.kit.slot())) {
            sheet.kit_kept();
        }
    });
    Ok(())
}

async fn rotate(program: &Program, rotation: Rotation) -> Answer<()> {
    let authority = program.authority()?;
    let work = program.work.begin()?;
    let vault = authority.store();
    let rotated = vault.rotate(rotation, System.now(), &mut Drawing(&System), work.watch()).await;
    drop(work);
    match rotated {
        Ok(_dropped) => authority.settle_kits(vault.kit_slot()).await,
        Err(error) => {
            if error == ChangeError::Closed {
                program.close().await;
            }
            Err(refusal(error))
        }
    }
}
