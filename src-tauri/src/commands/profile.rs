//! Profile and security.

use tauri::{AppHandle, State};
use wire::{
    account::{
        BeginEnrolment, ChangePassword, DisableSecondFactor, PreferAuthenticator, Profile, ReadProfile, RemoveAuthenticator,
        RenameAuthenticator, RenewBackupCodes,
    },
    sign_in::{Done, WhoAmI},
    window::Told,
};

use super::{Answer, show};
use crate::{program::Program, sheet::SheetState, window};

#[tauri::command]
pub(crate) async fn read_profile(program: State<'_, Program>, request: ReadProfile) -> Answer<Profile> {
    program.call(request).await
}

#[tauri::command]
pub(crate) async fn begin_enrolment(app: AppHandle, program: State<'_, Program>, request: BeginEnrolment) -> Answer<Done> {
    let offer = program.call(request).await?;
    let me = program.call(WhoAmI {}).await?;
    show(&app, SheetState::enrolment(me, offer)?)?;
    Ok(Done {})
}

#[tauri::command]
pub(crate) async fn renew_backup_codes(app: AppHandle, program: State<'_, Program>, request: RenewBackupCodes) -> Answer<Done> {
    let renewed = program.call(request).await?;
    let me = program.call(WhoAmI {}).await?;
    show(&app, SheetState::backup_codes(me.person, me.language, me.workspace, renewed.codes))?;
    Ok(Done {})
}

#[tauri::command]
pub(crate) async fn rename_authenticator(program: State<'_, Program>, request: RenameAuthenticator) -> Answer<Done> {
    program.call(request).await
}

#[tauri::command]
pub(crate) async fn prefer_authenticator(program: State<'_, Program>, request: PreferAuthenticator) -> Answer<Done> {
    program.call(request).await
}

#[tauri::command]
pub(crate) async fn remove_authenticator(program: State<'_, Program>, request: RemoveAuthenticator) -> Answer<Done> {
    program.call(request).await
}

#[tauri::command]
pub(crate) async fn disable_second_factor(app: AppHandle, program: State<'_, Program>, request: DisableSecondFactor) -> Answer<Done> {
    program.call(request).await?;
    begin_anew(&app, &program, Told::FactorDisabled);
    Ok(Done {})
}

#[tauri::command]
pub(crate) async fn change_password(app: AppHandle, program: State<'_, Program>, request: ChangePassword) -> Answer<Done> {
    program.call(request).await?;
    begin_anew(&app, &program, Told::PasswordChanged);
    Ok(Done {})
}

/// Every session of the account has ended: back to the doors, with a word on why.
fn begin_anew(app: &AppHandle, program: &Program, told: Told) {
    program.clipboard.empty();
    program.hold(None);
    program.tell(told);
    window::renew(app);
}
