//! Settings → Workspace → Policies.

use tauri::State;
use wire::{
    policies::{Policies, Preflight, PreflightPolicy, ReadPolicies, SavePolicy},
    sign_in::Done,
};

use super::Answer;
use crate::program::Program;

#[tauri::command]
pub(crate) async fn read_policies(program: State<'_, Program>, request: ReadPolicies) -> Answer<Policies> {
    program.call(request).await
}

#[tauri::command]
pub(crate) async fn preflight_policy(program: State<'_, Program>, request: PreflightPolicy) -> Answer<Preflight> {
    program.call(request).await
}

#[tauri::command]
pub(crate) async fn save_policy(program: State<'_, Program>, request: SavePolicy) -> Answer<Done> {
    program.call(request).await
}
