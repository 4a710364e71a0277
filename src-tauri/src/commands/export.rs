//! Users → Export this list.

use jiff::{Timestamp, tz::TimeZone};
use tauri::{State, WebviewWindow};
use wire::{
    RefusalCode,
    people::{ExportPeople, PeopleExport},
    sign_in::WhoAmI,
    window::Language,
};

use super::Answer;
use crate::{catalogue::Catalogue, files, program::Program};

/// Asks where to before anybody is read: a list that nobody saves is no list that left.
#[tauri::command]
pub(crate) async fn export_people(window: WebviewWindow, program: State<'_, Program>, request: ExportPeople) -> Answer<PeopleExport> {
    let me = program.call(WhoAmI {}).await?;
    if !me.lists_people {
        // Refused, and written down.
        program.call(request).await?;
        return Err(RefusalCode::NotAllowed.into());
    }
    let language = program.language();
    let catalogue = Catalogue::of(language);
    let name = files::dated(&catalogue.text("file.people.suggestedName"), &me.workspace, "csv");
    let dialog = files::dialog(&window, &catalogue, "file.dialogTitle.people", Some(("file.people.kind", &["csv"])));
    let Some(path) = files::ask_where(dialog, name).await else {
        return Ok(PeopleExport { file: None, people: 0 });
    };
    if files::lies_in(&path, &program.folders.vaults) {
        return Err(RefusalCode::BackupInside.into());
    }
    let lines = program.call(request).await?.0;
    let file = files::name_of(&path);
    let people = lines.len() as u64;
    tauri::async_runtime::spawn_blocking(move || files::write(&path, &documents::people_list::csv(&lines, separator(language), local)?))
        .await
        .map_err(|_| RefusalCode::Unexpected)?
        .map_err(|error| files::refusal(&error))?;
    Ok(PeopleExport { file: Some(file), people })
}

/// What a spreadsheet of the language takes for the end of a cell: where a comma stands in numbers, a semicolon.
fn separator(language: Language) -> u8 {
    match language {
        Language::En => b',',
        Language::Fr => b';',
    }
}

/// A moment in this computer's time zone, as every spreadsheet knows a date.
fn local(at: i64) -> String {
    let at = Timestamp::from_second(at).unwrap_or_default();
    at.to_zoned(TimeZone::system()).strftime("%Y-%m-%d %H:%M:%S").to_string()
}
