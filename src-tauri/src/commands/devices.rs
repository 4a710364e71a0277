//! Settings → Workspace → Devices.

use tauri::{AppHandle, State};
use wire::{
    device::{Devices, InviteDevice, ListDevices, LostDevice, LostTold, ReadLostDevice, RevokeDevice, TellLostDevice},
    sign_in::{Done, WhoAmI},
};

use super::{Answer, show};
use crate::{program::Program, sheet::SheetState};

#[tauri::command]
pub(crate) async fn list_devices(program: State<'_, Program>, request: ListDevices) -> Answer<Devices> {
    program.call(request).await
}

#[tauri::command]
pub(crate) async fn invite_device(app: AppHandle, program: State<'_, Program>, request: InviteDevice) -> Answer<Done> {
    let invited = program.call(request).await?;
    let me = program.call(WhoAmI {}).await?;
    show(&app, SheetState::pairing(me, invited))?;
    Ok(Done {})
}

#[tauri::command]
pub(crate) async fn revoke_device(program: State<'_, Program>, request: RevokeDevice) -> Answer<Done> {
    program.call(request).await
}

#[tauri::command]
pub(crate) async fn read_lost_device(program: State<'_, Program>, request: ReadLostDevice) -> Answer<LostDevice> {
    program.call(request).await
}

#[tauri::command]
pub(crate) async fn tell_lost_device(program: State<'_, Program>, request: TellLostDevice) -> Answer<LostTold> {
    program.call(request).await
}
