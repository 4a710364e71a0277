//! Tokens: the inventory, and one's own.

use tauri::{AppHandle, State};
use wire::{
    sign_in::{Done, WhoAmI},
    tokens::{
        AssignToken, ListTokens, OwnTokens, ProveToken, ReadOwnTokens, ResyncToken, RetireToken, TokensPage, UnassignToken, UndoTokenImport,
    },
};

use super::{Answer, show};
use crate::{program::Program, sheet::SheetState, window};

#[tauri::command]
pub(crate) async fn list_tokens(program: State<'_, Program>, request: ListTokens) -> Answer<TokensPage> {
    program.call(request).await
}

#[tauri::command]
pub(crate) async fn assign_token(program: State<'_, Program>, request: AssignToken) -> Answer<Done> {
    program.call(request).await
}

#[tauri::command]
pub(crate) async fn unassign_token(program: State<'_, Program>, request: UnassignToken) -> Answer<Done> {
    program.call(request).await
}

#[tauri::command]
pub(crate) async fn retire_token(program: State<'_, Program>, request: RetireToken) -> Answer<Done> {
    program.call(request).await
}

#[tauri::command]
pub(crate) async fn undo_token_import(program: State<'_, Program>, request: UndoTokenImport) -> Answer<Done> {
    program.call(request).await
}

#[tauri::command]
pub(crate) async fn read_own_tokens(program: State<'_, Program>, request: ReadOwnTokens) -> Answer<OwnTokens> {
    program.call(request).await
}

/// With the first authenticator come backup codes: the sheet shows them.
#[tauri::command]
pub(crate) async fn prove_token(app: AppHandle, program: State<'_, Program>, request: ProveToken) -> Answer<Done> {
    let enrolled = program.call(request).await?;
    if !enrolled.codes.is_empty() {
        let me = program.call(WhoAmI {}).await?;
        show(&app, SheetState::backup_codes(me.person, me.language, me.workspace, enrolled.codes))?;
    }
    window::situation_changed(&app);
    Ok(Done {})
}

#[tauri::command]
pub(crate) async fn resync_token(program: State<'_, Program>, request: ResyncToken) -> Answer<Done> {
    program.call(request).await
}
