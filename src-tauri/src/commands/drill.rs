//! Drills: a lockout rehearsed on a sample workspace.

use tauri::{AppHandle, State};
use wire::{
    drill::{BeginDrill, DrillCode, EndDrill, FinishDrill, ReadDrillCode},
    sign_in::Done,
    window::Told,
};

use super::Answer;
use crate::{program::Program, window};

/// The page begins anew: what it remembers of the workspace before does not go into the drill.
#[tauri::command]
pub(crate) async fn begin_drill(app: AppHandle, program: State<'_, Program>, request: BeginDrill) -> Answer<Done> {
    program.begin_drill(request.call).await?;
    window::renew(&app);
    Ok(Done {})
}

#[tauri::command]
pub(crate) async fn read_drill_code(program: State<'_, Program>, request: ReadDrillCode) -> Answer<DrillCode> {
    let ReadDrillCode {} = request;
    program.drill_code()
}

#[tauri::command]
pub(crate) async fn finish_drill(program: State<'_, Program>, request: FinishDrill) -> Answer<Done> {
    program.finish_drill(request.end).await?;
    Ok(Done {})
}

#[tauri::command]
pub(crate) async fn end_drill(app: AppHandle, program: State<'_, Program>, request: EndDrill) -> Answer<Done> {
    let EndDrill {} = request;
    program.end_drill().await;
    if program.has_session() {
        program.tell(Told::Locked);
    }
    window::renew(&app);
    Ok(Done {})
}
