//! Addresses and names: of others beside the list of Users, one's own in the profile, and the code by mail at sign-in.

use tauri::{AppHandle, State};
use wire::{
    address::{AskPasswordCode, ChangeEmail, ChangeOwnEmail, CorrectName, Forgotten, ReadForgotten, SetOwnSecondEmail, SetSecondEmail},
    outbox::Settled,
    sign_in::Done,
    window::SheetKind,
};

use super::{Answer, people::show_issued};
use crate::program::Program;

#[tauri::command]
pub(crate) async fn change_email(app: AppHandle, program: State<'_, Program>, request: ChangeEmail) -> Answer<Done> {
    match program.call(request).await?.invitation {
        Some(issued) => show_issued(&app, &program, SheetKind::Invitation, issued).await,
        None => Ok(Done {}),
    }
}

#[tauri::command]
pub(crate) async fn change_own_email(program: State<'_, Program>, request: ChangeOwnEmail) -> Answer<Done> {
    program.call(request).await
}

#[tauri::command]
pub(crate) async fn set_second_email(program: State<'_, Program>, request: SetSecondEmail) -> Answer<Done> {
    program.call(request).await
}

#[tauri::command]
pub(crate) async fn set_own_second_email(program: State<'_, Program>, request: SetOwnSecondEmail) -> Answer<Done> {
    program.call(request).await
}

#[tauri::command]
pub(crate) async fn correct_name(program: State<'_, Program>, request: CorrectName) -> Answer<Settled> {
    program.call(request).await
}

#[tauri::command]
pub(crate) async fn read_forgotten(program: State<'_, Program>, request: ReadForgotten) -> Answer<Forgotten> {
    program.call(request).await
}

#[tauri::command]
pub(crate) async fn ask_password_code(program: State<'_, Program>, request: AskPasswordCode) -> Answer<Done> {
    program.call(request).await
}
