//! Recovery codes that are issued out of the server's reach: at this desktop, and the list of all of them.

use tauri::{AppHandle, State};
use wire::{
    offline::{IssueOffline, ListOfflineCodes, OfflineCodes, OfflineDesk, ReadOfflineDesk, VoidOfflineCode},
    sign_in::Done,
};

use super::{Answer, people::show_unheard};
use crate::program::Program;

#[tauri::command]
pub(crate) async fn list_offline_codes(program: State<'_, Program>, request: ListOfflineCodes) -> Answer<OfflineCodes> {
    program.call(request).await
}

#[tauri::command]
pub(crate) async fn void_offline_code(program: State<'_, Program>, request: VoidOfflineCode) -> Answer<Done> {
    program.call(request).await
}

#[tauri::command]
pub(crate) async fn read_offline_desk(program: State<'_, Program>, request: ReadOfflineDesk) -> Answer<OfflineDesk> {
    let ReadOfflineDesk {} = request;
    let (remote, session) = program.desk()?;
    remote.read_offline_desk(session.as_ref()).await
}

#[tauri::command]
pub(crate) async fn issue_offline(app: AppHandle, program: State<'_, Program>, request: IssueOffline) -> Answer<Done> {
    let (remote, session) = program.desk()?;
    let issued = remote.issue_offline(session.as_ref(), request).await?;
    show_unheard(&app, &program, issued).await
}
