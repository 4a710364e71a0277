//! The journal, and one's own part of it.

use tauri::State;
use wire::journal::{JournalPage, ReadJournal, ReadMyActivity};

use super::Answer;
use crate::program::Program;

#[tauri::command]
pub(crate) async fn read_journal(program: State<'_, Program>, request: ReadJournal) -> Answer<JournalPage> {
    program.call(request).await
}

#[tauri::command]
pub(crate) async fn read_my_activity(program: State<'_, Program>, request: ReadMyActivity) -> Answer<JournalPage> {
    program.call(request).await
}
