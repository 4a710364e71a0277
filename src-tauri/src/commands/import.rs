//! Users → Import. Paths and rows stay here: the page asks for a dialog, and is shown verdicts a slice at a time.

use std::{
    fs::File,
    io::{self, Read},
    ops::ControlFlow,
    path::{Path, PathBuf},
    sync::Arc,
};

use documents::people_list::harmless;
use intake::people::{self, PeopleFileError, PersonRow, RowProblem};
use sha2::{Digest, Sha256};
use tauri::{State, WebviewWindow};
use uuid::Uuid;
use vault::{Progress, Stage, Watch};
use wire::{
    RefusalCode,
    import::{
        AllowImport, CarryOutImport, CheckImportAgain, CheckPeople, CheckedRow, ChooseImport, ChosenImport, DraftRow, DropImport,
        FileFault, ImportDesk, ImportDone, ImportKind, ImportPeople, ImportRows, Imports, ListImports, ReadImport, ReadImportRows,
        RefusedKept, RowCounts, RowReason, SaveRefusedRows, Told, UndoImport,
    },
    sign_in::Done,
};

use super::Answer;
use crate::{catalogue::Catalogue, files, imports::Chosen, program::Program};

/// Rows of one import. While a batch is written nothing else is: this many take seconds.
const MOST_ROWS: usize = 20_000;

#[tauri::command]
pub(crate) async fn choose_import(window: WebviewWindow, program: State<'_, Program>, request: ChooseImport) -> Answer<ImportDesk> {
    let by = program.call(AllowImport {}).await?.id;
    let catalogue = Catalogue::of(program.language());
    let filter = match request.kind {
        ImportKind::People => Some(("file.import.people", &["csv", "CSV", "txt", "tsv"][..])),
    };
    if let Some(path) = files::ask_which(files::dialog(&window, &catalogue, "file.dialogTitle.import", filter)).await {
        let chosen = look(&program, by, request.kind, path).await?;
        program.imports.hold(Some(chosen));
    }
    Ok(desk(&program, by))
}

#[tauri::command]
pub(crate) async fn check_import_again(program: State<'_, Program>, request: CheckImportAgain) -> Answer<ImportDesk> {
    let CheckImportAgain {} = request;
    let by = program.call(AllowImport {}).await?.id;
    if let Some(before) = program.imports.chosen(by) {
        let chosen = look(&program, by, before.view.kind, before.path.clone()).await?;
        program.imports.hold(Some(chosen));
    }
    Ok(desk(&program, by))
}

#[tauri::command]
pub(crate) async fn drop_import(program: State<'_, Program>, request: DropImport) -> Answer<Done> {
    let DropImport {} = request;
    program.call(AllowImport {}).await?;
    program.imports.hold(None);
    Ok(Done {})
}

#[tauri::command]
pub(crate) async fn read_import(program: State<'_, Program>, request: ReadImport) -> Answer<ImportDesk> {
    let ReadImport {} = request;
    let by = program.call(AllowImport {}).await?.id;
    Ok(desk(&program, by))
}

fn desk(program: &Program, by: Uuid) -> ImportDesk {
    ImportDesk { chosen: program.imports.chosen(by).map(|chosen| chosen.view.clone()) }
}

#[tauri::command]
pub(crate) async fn read_import_rows(program: State<'_, Program>, request: ReadImportRows) -> Answer<ImportRows> {
    let by = program.call(AllowImport {}).await?.id;
    let chosen = program.imports.chosen(by).ok_or(RefusalCode::NothingToShow)?;
    Ok(chosen.slice(request.verdict, request.from))
}

/// Reads a file, and asks the workspace what its rows come to. A file that cannot be read is an answer too.
async fn look(program: &Program, by: Uuid, kind: ImportKind, path: PathBuf) -> Answer<Chosen> {
    let ImportKind::People = kind;
    let none = RowCounts { added: 0, changed: 0, same: 0, refused: 0 };
    let file = files::name_of(&path);
    let view = ChosenImport { file, kind, fault: None, line: None, heading: None, counts: none, ignored: Vec::new() };
    let mut chosen = Chosen { by, path, digest: None, drafts: Vec::new(), rows: Vec::new(), seen: String::new(), view };
    let read = match bytes(chosen.path.clone()).await {
        Ok(bytes) => {
            chosen.digest = Some(Sha256::digest(&bytes).into());
            tauri::async_runtime::spawn_blocking(move || people::read(&bytes)).await.map_err(|_| RefusalCode::Unexpected)?
        }
        Err(error) => {
            tracing::warn!(kind = %error.kind(), "a list could not be read");
            chosen.view.fault = Some(FileFault::Unreadable);
            return Ok(chosen);
        }
    };
    match read {
        Ok(list) if list.rows.len() > MOST_ROWS => chosen.view.fault = Some(FileFault::TooManyRows),
        Ok(list) if list.rows.is_empty() => chosen.view.fault = Some(FileFault::Empty),
        Ok(list) => {
            chosen.view.ignored = list.ignored;
            chosen.drafts = list.rows.into_iter().map(draft).collect();
            let checked = program.call(CheckPeople { rows: chosen.drafts.clone() }).await?;
            chosen.view.counts = checked.counts;
            (chosen.rows, chosen.seen) = (checked.rows, checked.seen);
        }
        Err(error) => (chosen.view.fault, chosen.view.line, chosen.view.heading) = fault(error),
    }
    Ok(chosen)
}

/// All of a file, or one byte more than may be read.
async fn bytes(path: PathBuf) -> io::Result<Vec<u8>> {
    let reading = move || {
        let mut bytes = Vec::new();
        File::open(&path)?.take(people::MAX_BYTES as u64 + 1).read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    tauri::async_runtime::spawn_blocking(reading).await.map_err(io::Error::other)?
}

fn draft(row: PersonRow) -> DraftRow {
    let flaw = row.problems.first().map(|problem| match problem {
        RowProblem::NoEmail => RowReason::NoEmail,
        RowProblem::TooManyCells { .. } => RowReason::TooManyCells,
        RowProblem::CellTooLong(_) => RowReason::CellTooLong,
        RowProblem::ControlCharacter(_) => RowReason::ControlCharacter,
    });
    let PersonRow { line, email, name, role, community, language, .. } = row;
    DraftRow { line, email, name, role, community, language, flaw }
}

fn fault(error: PeopleFileError) -> (Option<FileFault>, Option<u64>, Option<String>) {
    use PeopleFileError as Error;
    let at = |fault, line| (Some(fault), Some(line), None);
    let plain = |fault| (Some(fault), None, None);
    match error {
        Error::TooLarge => plain(FileFault::TooLarge),
        Error::TooManyRows => plain(FileFault::TooManyRows),
        Error::Empty => plain(FileFault::Empty),
        Error::Spreadsheet => plain(FileFault::Spreadsheet),
        Error::Utf16 => plain(FileFault::Utf16),
        Error::NotUtf8 { line } => at(FileFault::NotUtf8, line),
        Error::Nul { line } => at(FileFault::Nul, line),
        Error::LineTooLong { line } => at(FileFault::LineTooLong, line),
        Error::UnclosedQuote { line } => at(FileFault::UnclosedQuote, line),
        Error::TextAfterQuote { line } => at(FileFault::TextAfterQuote, line),
        Error::NoHeader => plain(FileFault::NoHeader),
        Error::NoEmailColumn => plain(FileFault::NoEmailColumn),
        Error::HeadingTwice { heading } => (Some(FileFault::HeadingTwice), None, Some(heading)),
    }
}

#[tauri::command]
pub(crate) async fn carry_out_import(program: State<'_, Program>, request: CarryOutImport) -> Answer<ImportDone> {
    let work = program.work.begin()?;
    let by = program.call(AllowImport {}).await?.id;
    let chosen = program.imports.chosen(by).ok_or(RefusalCode::NothingToShow)?;
    // Whoever mended the file meanwhile wants it as it is now. One that is gone, with the stick it lay on, was shown all the same.
    if let Ok(bytes) = bytes(chosen.path.clone()).await
        && chosen.digest != Some(Sha256::digest(&bytes).into())
    {
        return Err(RefusalCode::ImportFileChanged.into());
    }
    let (file, rows, seen) = (chosen.view.file.clone(), chosen.drafts.clone(), chosen.seen.clone());
    let done = program.call(ImportPeople { file, rows, seen, proof: request.proof, told: told(work.watch()) }).await?;
    program.imports.hold(None);
    Ok(done)
}

#[tauri::command]
pub(crate) async fn list_imports(program: State<'_, Program>, request: ListImports) -> Answer<Imports> {
    program.call(request).await
}

#[tauri::command]
pub(crate) async fn undo_import(program: State<'_, Program>, request: UndoImport) -> Answer<Done> {
    let work = program.work.begin()?;
    program.call(UndoImport { told: told(work.watch()), ..request }).await
}

pub(super) fn told(watch: Watch) -> Told {
    Told::by(Arc::new(move |done, total| -> ControlFlow<()> { watch(Progress { stage: Stage::Writing, done, total }) }))
}

#[tauri::command]
pub(crate) async fn save_refused_rows(window: WebviewWindow, program: State<'_, Program>, request: SaveRefusedRows) -> Answer<RefusedKept> {
    let SaveRefusedRows {} = request;
    let by = program.call(AllowImport {}).await?.id;
    let chosen = program.imports.chosen(by).ok_or(RefusalCode::NothingToShow)?;
    let catalogue = Catalogue::of(program.language());
    let stem = Path::new(&chosen.view.file).file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let dialog = files::dialog(&window, &catalogue, "file.dialogTitle.refusedRows", Some(("file.import.people", &["csv"])));
    let name = format!("{stem}-{}.csv", catalogue.text("file.import.refusedName"));
    let Some(path) = files::ask_where(dialog, name).await else { return Ok(RefusedKept { file: None }) };
    // The list itself is not written over, nor anything among the vaults.
    if path == chosen.path || files::lies_in(&path, &program.folders.vaults) {
        return Err(RefusalCode::FileNotWritten.into());
    }
    files::write(&path, refused(&chosen, &catalogue).as_bytes()).map_err(|error| files::refusal(&error))?;
    Ok(RefusedKept { file: Some(files::name_of(&path)) })
}

/// The refused rows under the headings that an import reads, so that the mended file can be imported. What a reason says is
/// in a column that is left out then.
fn refused(chosen: &Chosen, catalogue: &Catalogue) -> String {
    // With the mark, spreadsheets read it as UTF-8.
    let mut text = String::from("\u{feff}name,email,role,community,language,line,reason\r\n");
    for (draft, row) in chosen.refused() {
        let reason = said(catalogue, row);
        let line = row.line.to_string();
        let cells = [&draft.name, &draft.email, &draft.role, &draft.community, &draft.language, &line, &reason];
        text.push_str(&cells.map(|cell| guarded(cell)).join(","));
        text.push_str("\r\n");
    }
    text
}

fn said(catalogue: &Catalogue, row: &CheckedRow) -> String {
    let reason = row.reason.and_then(|reason| serde_json::to_value(reason).ok());
    let key = reason.as_ref().and_then(|reason| reason.as_str()).unwrap_or_default();
    let line = row.first_line.map(|line| line.to_string()).unwrap_or_default();
    catalogue.text(&format!("import.reason.{key}")).replace("{line}", &line)
}

/// A cell in quotes. An apostrophe before what a spreadsheet would reckon with: the import takes it off again.
fn guarded(cell: &str) -> String {
    format!("\"{}\"", harmless(cell).replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use wire::import::RowVerdict;
    use wire::window::Language;

    use super::*;

    fn chosen(drafts: Vec<DraftRow>, reasons: &[RowReason]) -> Chosen {
        let row = |(draft, reason): (&DraftRow, &RowReason)| CheckedRow {
            line: draft.line,
            name: draft.name.clone(),
            email: draft.email.clone(),
            verdict: RowVerdict::Refused,
            reason: Some(*reason),
            first_line: (*reason == RowReason::Twice).then_some(2),
            role: None,
            owner: false,
            community: None,
            name_before: None,
            language_after: None,
            role_changed: None,
        };
        let counts = RowCounts { added: 0, changed: 0, same: 0, refused: drafts.len() as u64 };
        let kind = ImportKind::People;
        let view = ChosenImport { file: "people.csv".into(), kind, fault: None, line: None, heading: None, counts, ignored: Vec::new() };
        let rows = drafts.iter().zip(reasons).map(row).collect();
        Chosen { by: Uuid::nil(), path: "people.csv".into(), digest: None, drafts, rows, seen: String::new(), view }
    }

    fn drafted(line: u64, name: &str, email: &str) -> DraftRow {
        let (name, email) = (name.to_owned(), email.to_owned());
        DraftRow { line, name, email, role: String::new(), community: String::new(), language: String::new(), flaw: None }
    }

    #[test]
    fn refused_rows_are_saved_with_reasons_and_can_be_read_again() {
        let drafts = vec![drafted(2, "Mia, \"the\" Member", "mia@example.org"), drafted(7, "=HYPERLINK(\"x\")", "+1@example.org")];
        let chosen = chosen(drafts.clone(), &[RowReason::Twice, RowReason::EmailTaken]);
        for language in [Language::En, Language::Fr] {
            let text = refused(&chosen, &Catalogue::of(language));
            assert!(!text.contains("import.reason.") && !text.contains("{line}"), "{text}");
            for line in text.lines().skip(1) {
                assert!(!line.split("\",\"").any(|cell| cell.trim_start_matches('"').starts_with(['=', '+', '-', '@'])), "{line}");
            }
            let again = people::read(text.as_bytes()).expect("a list");
            let names: Vec<_> = again.rows.iter().map(|row| (row.name.as_str(), row.email.as_str())).collect();
            assert_eq!(names, drafts.iter().map(|row| (row.name.as_str(), row.email.as_str())).collect::<Vec<_>>());
            assert_eq!(again.ignored, ["line", "reason"]);
        }
    }

    #[tokio::test]
    async fn a_file_is_read_to_one_byte_more_than_may_be() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("list.csv");
        let file = File::create(&path).expect("a file");
        file.set_len(people::MAX_BYTES as u64 * 20).expect("sparse");
        let read = bytes(path).await.expect("bytes");
        assert_eq!(read.len(), people::MAX_BYTES + 1);
        assert_eq!(people::read(&read), Err(PeopleFileError::TooLarge));
        assert!(bytes(folder.path().join("gone.csv")).await.is_err());
    }
}
