//! Settings → Workspace → Mail, its outbox, and "this was not me".

use tauri::{AppHandle, State};
use wire::{
    mail::{
        HandOverLetter, MailTestBegun, MailView, OutboxPage, ReadLetter, ReadMail, ReadOutbox, RemoveMail, ReportEntry, ReportNotMe,
        ResendNotice, SendTestMail, SetMail, SettleReport,
    },
    sign_in::Done,
};

use super::{Answer, show};
use crate::{program::Program, sheet::SheetState};

#[tauri::command]
pub(crate) async fn read_mail(program: State<'_, Program>, request: ReadMail) -> Answer<MailView> {
    program.call(request).await
}

#[tauri::command]
pub(crate) async fn set_mail(program: State<'_, Program>, request: SetMail) -> Answer<Done> {
    program.call(request).await
}

#[tauri::command]
pub(crate) async fn remove_mail(program: State<'_, Program>, request: RemoveMail) -> Answer<Done> {
    program.call(request).await
}

#[tauri::command]
pub(crate) async fn send_test_mail(program: State<'_, Program>, request: SendTestMail) -> Answer<MailTestBegun> {
    program.call(request).await
}

#[tauri::command]
pub(crate) async fn read_outbox(program: State<'_, Program>, request: ReadOutbox) -> Answer<OutboxPage> {
    program.call(request).await
}

#[tauri::command]
pub(crate) async fn resend_notice(program: State<'_, Program>, request: ResendNotice) -> Answer<Done> {
    program.call(request).await
}

/// The letter goes to the sheet: its code belongs on the paper.
#[tauri::command]
pub(crate) async fn open_letter(app: AppHandle, program: State<'_, Program>, request: ReadLetter) -> Answer<Done> {
    let letter = program.call(request).await?;
    show(&app, SheetState::letter_of(letter))?;
    Ok(Done {})
}

#[tauri::command]
pub(crate) async fn hand_over_letter(program: State<'_, Program>, request: HandOverLetter) -> Answer<Done> {
    program.call(request).await
}

/// Without a session: whoever got the message may not be able to sign in.
#[tauri::command]
pub(crate) async fn report_not_me(program: State<'_, Program>, request: ReportNotMe) -> Answer<Done> {
    program.call(request).await
}

#[tauri::command]
pub(crate) async fn report_entry(program: State<'_, Program>, request: ReportEntry) -> Answer<Done> {
    program.call(request).await
}

#[tauri::command]
pub(crate) async fn settle_report(program: State<'_, Program>, request: SettleReport) -> Answer<Done> {
    program.call(request).await
}
