//! The sheet: what it shows, and where that goes.

use secrecy::ExposeSecret;
use tauri::{AppHandle, Manager, State, WebviewWindow};
use wire::{
    RefusalCode,
    account::{NoteCodesSaved, SavedAs, VerifyEnrolment},
    sign_in::{Done, WhoAmI},
    window::{
        CloseSheet, CopySheet, Kept, NoteSheetPrinted, PrintSheet, ReadBack, ReadBackView, ReadSheet, SaveSheetAsPdf, SaveSheetAsText,
        SaveSheetEncrypted, Sheet, SheetKind, VerifyOnSheet,
    },
};

use super::Answer;
use crate::{catalogue::Catalogue, clipboard, drill, files, program::Program, sheet::SheetState, window};

#[tauri::command]
pub(crate) async fn read_sheet(program: State<'_, Program>, request: ReadSheet) -> Answer<Sheet> {
    let ReadSheet {} = request;
    let preferences = program.preferences();
    let sheet = look(&program, |sheet| sheet.view(&preferences))?;
    let reading = match sheet.codes.as_slice() {
        [code] if program.drills() => Some(drill::reading(code.expose())),
        _ => None,
    };
    Ok(Sheet { drill: program.drills(), reading, ..sheet })
}

fn look<T>(program: &Program, look: impl FnOnce(&mut SheetState) -> T) -> Answer<T> {
    program.with_sheet(|sheet| sheet.as_mut().map(look)).ok_or_else(|| RefusalCode::NothingToShow.into())
}

/// Verifies the new authenticator. With the first one ten backup codes come, and take the QR code's place at once.
#[tauri::command]
pub(crate) async fn verify_on_sheet(app: AppHandle, program: State<'_, Program>, request: VerifyOnSheet) -> Answer<Done> {
    let enrolled = program.call(VerifyEnrolment { code: request.code }).await?;
    if enrolled.codes.is_empty() {
        window::close_sheet(&app);
        return Ok(Done {});
    }
    look(&program, |sheet| {
        *sheet = SheetState::backup_codes(sheet.person.clone(), sheet.language, sheet.workspace.clone(), enrolled.codes);
    })?;
    window::retitle_sheet(&app, SheetKind::BackupCodes);
    window::situation_changed(&app);
    Ok(Done {})
}

#[tauri::command]
pub(crate) async fn copy_sheet(app: AppHandle, program: State<'_, Program>, request: CopySheet) -> Answer<Kept> {
    let CopySheet {} = request;
    // A clipboard is no place for what opens everything, and a letter goes on paper.
    if matches!(look(&program, |sheet| sheet.kind)?, SheetKind::RecoveryKit | SheetKind::Letter) {
        return Err(RefusalCode::NothingToShow.into());
    }
    let text = look(&program, |sheet| sheet.to_copy())?;
    let copy = program.clipboard.put(text)?;
    tauri::async_runtime::spawn(async move {
        tokio::time::sleep(clipboard::STAYS).await;
        app.state::<Program>().clipboard.empty_after(copy);
    });
    note_saved(&program, SavedAs::Copied).await?;
    Ok(Kept { kept: true, file: None })
}

#[tauri::command]
pub(crate) async fn save_sheet_as_text(window: WebviewWindow, program: State<'_, Program>, request: SaveSheetAsText) -> Answer<Kept> {
    let SaveSheetAsText {} = request;
    let text = codes_as_text(&program)?;
    save(&window, &program, SavedAs::TextFile, text.expose_secret().as_bytes()).await
}

#[tauri::command]
pub(crate) async fn save_sheet_encrypted(window: WebviewWindow, program: State<'_, Program>, request: SaveSheetEncrypted) -> Answer<Kept> {
    authority::check_passphrase(&request.passphrase)?;
    let text = codes_as_text(&program)?;
    let sealed =
        tauri::async_runtime::spawn_blocking(move || documents::sealed::encrypt(text.expose_secret().as_bytes(), request.passphrase))
            .await
            .map_err(|_| RefusalCode::Unexpected)?
            .map_err(|error| {
                tracing::warn!(%error, "the backup codes could not be encrypted");
                RefusalCode::PassphraseTooShort
            })?;
    save(&window, &program, SavedAs::EncryptedFile, &sealed).await
}

#[tauri::command]
pub(crate) async fn save_sheet_as_pdf(window: WebviewWindow, program: State<'_, Program>, request: SaveSheetAsPdf) -> Answer<Kept> {
    let SaveSheetAsPdf {} = request;
    let me = program.call(WhoAmI {}).await?.person;
    let pdf = look(&program, |sheet| sheet.to_pdf(&me))??;
    save(&window, &program, SavedAs::PdfFile, pdf.expose_secret()).await
}

/// Whether Print was pressed, and not Cancel: only then is there a paper to ask about.
#[tauri::command]
pub(crate) async fn print_sheet(window: WebviewWindow, program: State<'_, Program>, request: PrintSheet) -> Answer<Kept> {
    let PrintSheet {} = request;
    look(&program, |_| ())?;
    let kept = window::print(&window).await.map_err(|error| {
        tracing::error!(%error, "the print dialog could not be opened");
        RefusalCode::Unexpected
    })?;
    Ok(Kept { kept, file: None })
}

#[tauri::command]
pub(crate) async fn note_sheet_printed(program: State<'_, Program>, request: NoteSheetPrinted) -> Answer<Done> {
    let NoteSheetPrinted {} = request;
    note_saved(&program, SavedAs::Printed).await?;
    Ok(Done {})
}

fn codes_as_text(program: &Program) -> Answer<secrecy::SecretString> {
    look(program, |sheet| match sheet.kind {
        SheetKind::BackupCodes => Ok(sheet.to_text()),
        _ => Err(RefusalCode::NothingToShow.into()),
    })?
}

/// Asks where to, writes the file, and notes that the codes were kept.
async fn save(window: &WebviewWindow, program: &Program, how: SavedAs, bytes: &[u8]) -> Answer<Kept> {
    let catalogue = Catalogue::of(program.language());
    let kind = look(program, |sheet| sheet.kind)?;
    let (title, name, ending) = match how {
        SavedAs::PdfFile if kind == SheetKind::RecoveryKit => ("file.dialogTitle.kit", "file.kit.suggestedName", ".pdf"),
        SavedAs::PdfFile if kind == SheetKind::Recovery => ("file.dialogTitle.letter", "file.letter.suggestedName", ".pdf"),
        SavedAs::PdfFile if kind == SheetKind::Letter => ("file.dialogTitle.letter", "file.notice.suggestedName", ".pdf"),
        SavedAs::PdfFile if kind == SheetKind::Password => ("file.dialogTitle.letter", "file.passwordLetter.suggestedName", ".pdf"),
        SavedAs::PdfFile => ("file.dialogTitle.pdf", "file.suggestedName", ".pdf"),
        SavedAs::EncryptedFile => ("file.dialogTitle.encrypted", "file.suggestedName", ".txt.age"),
        _ => ("file.dialogTitle.text", "file.suggestedName", ".txt"),
    };
    let chosen = files::ask_where(files::dialog(window, &catalogue, title, None), catalogue.text(name) + ending).await;
    let Some(path) = chosen else { return Ok(Kept { kept: false, file: None }) };
    files::write(&path, bytes).map_err(|error| files::refusal(&error))?;
    note_saved(program, how).await?;
    Ok(Kept { kept: true, file: Some(files::name_of(&path)) })
}

/// Only backup codes and kits are ever "saved"; a copied invitation is not.
async fn note_saved(program: &Program, how: SavedAs) -> Answer<()> {
    match look(program, |sheet| sheet.kind)? {
        SheetKind::BackupCodes => {
            program.call(NoteCodesSaved { how }).await?;
            look(program, |sheet| sheet.saved = true)
        }
        SheetKind::RecoveryKit => super::kit::kept(program, how).await,
        SheetKind::Enrolment
        | SheetKind::Invitation
        | SheetKind::Recovery
        | SheetKind::Password
        | SheetKind::Letter
        | SheetKind::Pairing => Ok(()),
    }
}

/// What was heard goes no further than here.
#[tauri::command]
pub(crate) async fn read_back(program: State<'_, Program>, request: ReadBack) -> Answer<ReadBackView> {
    let back = look(&program, |sheet| sheet.read_back(&request.heard))??;
    program.with_drill(|drill| drill.hear(&back));
    Ok(back)
}

#[tauri::command]
pub(crate) async fn close_sheet(app: AppHandle, program: State<'_, Program>, request: CloseSheet) -> Answer<Done> {
    let CloseSheet {} = request;
    if program.with_sheet(|sheet| sheet.as_ref().is_some_and(SheetState::must_keep)) {
        return Err(RefusalCode::KitNotKept.into());
    }
    window::close_sheet(&app);
    Ok(Done {})
}
