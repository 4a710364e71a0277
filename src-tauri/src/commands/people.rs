//! Settings → Workspace → Users.

use tauri::{AppHandle, State};
use wire::{
    mail::{MailState, ReadOutbox},
    people::{
        HandOver, Invite, InviteAgain, IssuePasswordCode, IssuedCode, ListPeople, PeoplePage, ReadReadiness, Readiness, ResetSecondFactor,
    },
    sign_in::{Done, WhoAmI},
    window::SheetKind,
};

use super::{Answer, show};
use crate::{
    program::{HandedOver, Program},
    sheet::SheetState,
    window,
};

#[tauri::command]
pub(crate) async fn list_people(program: State<'_, Program>, request: ListPeople) -> Answer<PeoplePage> {
    program.call(request).await
}

#[tauri::command]
pub(crate) async fn read_readiness(program: State<'_, Program>, request: ReadReadiness) -> Answer<Readiness> {
    program.call(request).await
}

#[tauri::command]
pub(crate) async fn invite(app: AppHandle, program: State<'_, Program>, request: Invite) -> Answer<Done> {
    let issued = program.call(request).await?;
    show_issued(&app, &program, SheetKind::Invitation, issued).await
}

#[tauri::command]
pub(crate) async fn invite_again(app: AppHandle, program: State<'_, Program>, request: InviteAgain) -> Answer<Done> {
    let issued = program.call(request).await?;
    show_issued(&app, &program, SheetKind::Invitation, issued).await
}

#[tauri::command]
pub(crate) async fn reset_second_factor(app: AppHandle, program: State<'_, Program>, request: ResetSecondFactor) -> Answer<Done> {
    let issued = program.call(request).await?;
    show_issued(&app, &program, SheetKind::Recovery, issued).await
}

#[tauri::command]
pub(crate) async fn issue_password_code(app: AppHandle, program: State<'_, Program>, request: IssuePasswordCode) -> Answer<Done> {
    let issued = program.call(request).await?;
    show_issued(&app, &program, SheetKind::Password, issued).await
}

/// Whoever invites may look.
async fn mail_is_on(program: &Program) -> bool {
    let sending = ReadOutbox { state: Some(MailState::Sending), person: None, after: None };
    program.call(sending).await.is_ok_and(|outbox| outbox.mail_is_on)
}

pub(super) async fn show_issued(app: &AppHandle, program: &Program, kind: SheetKind, issued: IssuedCode) -> Answer<Done> {
    let workspace = program.call(WhoAmI {}).await?.workspace;
    let mut sheet = SheetState::issued(kind, workspace, issued);
    sheet.mailed = kind == SheetKind::Invitation && mail_is_on(program).await;
    show(app, sheet)?;
    Ok(Done {})
}

/// Shows a recovery code that was issued out of the server's reach.
pub(super) async fn show_unheard(app: &AppHandle, program: &Program, issued: IssuedCode) -> Answer<Done> {
    let workspace = program.call(WhoAmI {}).await?.workspace;
    let mut sheet = SheetState::issued(SheetKind::Recovery, workspace, issued);
    sheet.unheard = true;
    show(app, sheet)?;
    Ok(Done {})
}

/// The administrator's session has ended with it: the page is loaded anew for the next person at the keyboard.
#[tauri::command]
pub(crate) async fn hand_over(app: AppHandle, program: State<'_, Program>, request: HandOver) -> Answer<Done> {
    let issued = program.call(request).await?;
    program.clipboard.empty();
    program.hold(None);
    program.hand_over(Some(HandedOver { person: issued.person, code: issued.code }));
    window::renew(&app);
    Ok(Done {})
}
