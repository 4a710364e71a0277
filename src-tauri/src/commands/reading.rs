//! The journal, and one's own part of it.

use tauri::State;
use wire::journal::{JournalFound, JournalPage, ReadMyActivity, ReadReceipt, Receipt, SearchJournal};

use super::Answer;
use crate::program::Program;

#[tauri::command]
pub(crate) async fn search_journal(program: State<'_, Program>, request: SearchJournal) -> Answer<JournalFound> {
    program.call(request).await
}

#[tauri::command]
pub(crate) async fn read_my_activity(program: State<'_, Program>, request: ReadMyActivity) -> Answer<JournalPage> {
    program.call(request).await
}

#[tauri::command]
pub(crate) async fn read_receipt(program: State<'_, Program>, request: ReadReceipt) -> Answer<Receipt> {
    let ReadReceipt {} = request;
    Ok(Receipt { index: program.receipt() })
}
