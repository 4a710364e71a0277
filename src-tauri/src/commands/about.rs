//! About the program: what it is built from. And its end.

use tauri::AppHandle;
use wire::{
    RefusalCode,
    sign_in::Done,
    window::{Licences, Quit, ReadLicences},
};

use super::Answer;
use crate::{licences, window};

#[tauri::command]
pub(crate) async fn read_licences(request: ReadLicences) -> Answer<Licences> {
    let ReadLicences {} = request;
    licences::read().ok_or_else(|| RefusalCode::Unexpected.into())
}

/// The same way as by the close button: unsaved codes ask first.
#[tauri::command]
pub(crate) async fn quit(app: AppHandle, request: Quit) -> Answer<Done> {
    let Quit {} = request;
    window::ask_to_close(&app);
    Ok(Done {})
}
