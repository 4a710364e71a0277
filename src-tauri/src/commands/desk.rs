//! Settings → Workspace → Support desk.

use tauri::{AppHandle, State};
use wire::{
    outbox::Settled,
    sign_in::{Done, WhoAmI},
    support::{
        ApproveCase, ApproveCaseByKit, AskStaff, CarryOutCase, CaseAct, CaseApproved, CaseOpened, Checklist, Desk, DismissRequest,
        OpenCase, ReadChecklist, ReadDesk, SetChecklist, WithdrawCase,
    },
    window::SheetKind,
};

use super::{Answer, show};
use crate::{program::Program, sheet::SheetState};

#[tauri::command]
pub(crate) async fn read_desk(program: State<'_, Program>, request: ReadDesk) -> Answer<Desk> {
    program.call(request).await
}

#[tauri::command]
pub(crate) async fn read_checklist(program: State<'_, Program>, request: ReadChecklist) -> Answer<Checklist> {
    program.call(request).await
}

#[tauri::command]
pub(crate) async fn set_checklist(program: State<'_, Program>, request: SetChecklist) -> Answer<Settled> {
    program.call(request).await
}

#[tauri::command]
pub(crate) async fn open_case(program: State<'_, Program>, request: OpenCase) -> Answer<CaseOpened> {
    program.call(request).await
}

#[tauri::command]
pub(crate) async fn approve_case(app: AppHandle, program: State<'_, Program>, request: ApproveCase) -> Answer<Done> {
    approved(&app, &program, program.call(request).await?).await
}

#[tauri::command]
pub(crate) async fn approve_case_by_kit(app: AppHandle, program: State<'_, Program>, request: ApproveCaseByKit) -> Answer<Done> {
    approved(&app, &program, program.call(request).await?).await
}

/// Where the case gives two codes, whoever approved it is shown one.
async fn approved(app: &AppHandle, program: &Program, approved: CaseApproved) -> Answer<Done> {
    if let Some(code) = approved.code {
        let workspace = program.call(WhoAmI {}).await?.workspace;
        show(app, SheetState::issued(SheetKind::Password, workspace, code))?;
    }
    Ok(Done {})
}

#[tauri::command]
pub(crate) async fn withdraw_case(program: State<'_, Program>, request: WithdrawCase) -> Answer<Settled> {
    program.call(request).await
}

#[tauri::command]
pub(crate) async fn carry_out_case(app: AppHandle, program: State<'_, Program>, request: CarryOutCase) -> Answer<Done> {
    let carried = program.call(request).await?;
    let kind = if carried.act == CaseAct::Password { SheetKind::Password } else { SheetKind::Recovery };
    if let Some(code) = carried.code {
        let workspace = program.call(WhoAmI {}).await?.workspace;
        show(&app, SheetState::issued(kind, workspace, code))?;
    }
    Ok(Done {})
}

#[tauri::command]
pub(crate) async fn ask_staff(program: State<'_, Program>, request: AskStaff) -> Answer<Done> {
    program.call(request).await
}

#[tauri::command]
pub(crate) async fn dismiss_request(program: State<'_, Program>, request: DismissRequest) -> Answer<Settled> {
    program.call(request).await
}
