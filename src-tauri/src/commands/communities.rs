//! Settings → Workspace → Communities.

use tauri::State;
use wire::{
    communities::{Communities, ListCommunities, MakeCommunity, RemoveCommunity, RenameCommunity},
    sign_in::Done,
};

use super::Answer;
use crate::program::Program;

#[tauri::command]
pub(crate) async fn list_communities(program: State<'_, Program>, request: ListCommunities) -> Answer<Communities> {
    program.call(request).await
}

#[tauri::command]
pub(crate) async fn make_community(program: State<'_, Program>, request: MakeCommunity) -> Answer<Done> {
    program.call(request).await
}

#[tauri::command]
pub(crate) async fn rename_community(program: State<'_, Program>, request: RenameCommunity) -> Answer<Done> {
    program.call(request).await
}

#[tauri::command]
pub(crate) async fn remove_community(program: State<'_, Program>, request: RemoveCommunity) -> Answer<Done> {
    program.call(request).await
}
