//! The outbox of this desktop: changes that wait for the server, and the verdicts on them.

use tauri::State;
use wire::{
    outbox::{AskAgain, PutAside, ReadWaiting, SendWaiting, Waiting},
    sign_in::Done,
};

use super::Answer;
use crate::program::Program;

#[tauri::command]
pub(crate) async fn read_waiting(program: State<'_, Program>, request: ReadWaiting) -> Answer<Waiting> {
    let ReadWaiting {} = request;
    let (remote, session) = program.desk()?;
    remote.read_waiting(session.as_ref()).await
}

#[tauri::command]
pub(crate) async fn send_waiting(program: State<'_, Program>, request: SendWaiting) -> Answer<Done> {
    let SendWaiting {} = request;
    let (remote, session) = program.desk()?;
    remote.send_waiting(session.as_ref()).await.map(|()| Done {})
}

#[tauri::command]
pub(crate) async fn put_aside(program: State<'_, Program>, request: PutAside) -> Answer<Done> {
    let (remote, session) = program.desk()?;
    remote.put_aside(session.as_ref(), request.key).await.map(|()| Done {})
}

#[tauri::command]
pub(crate) async fn ask_again(program: State<'_, Program>, request: AskAgain) -> Answer<Done> {
    let (remote, session) = program.desk()?;
    remote.ask_again(session.as_ref(), request.key).await.map(|()| Done {})
}
