//! Settings → Workspace → This workspace: moving it to a server.

use desk::{Carrier, Destination, Patience};
use tauri::State;
use vault::{Progress, Stage};
use wire::{
    backup::ReadBackupRecord,
    moving::{CallOffMove, MoveToServer, Moved, ReadMoved},
    sign_in::Done,
};

use super::Answer;
use crate::program::Program;

/// Lets the workspace go and carries it over, or goes on with that. What can be found out beforehand is, while nothing has changed yet.
#[tauri::command]
pub(crate) async fn move_to_server(program: State<'_, Program>, request: MoveToServer) -> Answer<Moved> {
    // Guarded by the same gate: nobody else makes this computer call another.
    program.call(ReadBackupRecord {}).await?;
    let to = Destination::read(&request.address, &request.code)?;
    let work = program.work.begin()?;
    let (authority, session) = program.acting()?;
    let (server, carrier) = (to.address.to_string(), Carrier::new(&to, Patience::default())?);
    carrier.look(authority.workspace_id().await?).await?;
    authority.begin_move(session.as_ref(), &server, &request.proof).await?;
    let id = authority.store().id();
    program.note_move(id, Some((server.clone(), false)));
    let watch = work.watch();
    authority.move_to(&carrier, &|done, total| watch(Progress { stage: Stage::Writing, done, total })).await?;
    program.note_move(id, Some((server, true)));
    authority.moved().await
}

#[tauri::command]
pub(crate) async fn call_off_move(program: State<'_, Program>, request: CallOffMove) -> Answer<Done> {
    program.call(ReadBackupRecord {}).await?;
    // Not under the feet of one that goes on.
    let _work = program.work.begin()?;
    let (authority, session) = program.acting()?;
    authority.call_off_move(session.as_ref(), request.certain, &request.proof).await?;
    program.note_move(authority.store().id(), None);
    Ok(Done {})
}

#[tauri::command]
pub(crate) async fn read_moved(program: State<'_, Program>, request: ReadMoved) -> Answer<Moved> {
    let ReadMoved {} = request;
    program.call(ReadBackupRecord {}).await?;
    program.authority()?.moved().await
}
