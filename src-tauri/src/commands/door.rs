//! Sign-in, first sign-in, lock and sign-out.

use desk::unreached;
use tauri::{AppHandle, State};
use wire::{
    RefusalCode,
    sign_in::{AcceptInvitation, Done, GiveCode, Lock, RedeemPasswordCode, SignIn, SignOut, Step, Touch, Unlock},
    window::{AcceptHandOver, DeclineHandOver, Told},
};

use super::Answer;
use crate::{program::Program, window};

#[tauri::command]
pub(crate) async fn sign_in(program: State<'_, Program>, request: SignIn) -> Answer<Step> {
    program.call(request).await
}

#[tauri::command]
pub(crate) async fn give_code(program: State<'_, Program>, request: GiveCode) -> Answer<Step> {
    program.call(request).await
}

#[tauri::command]
pub(crate) async fn accept_invitation(program: State<'_, Program>, request: AcceptInvitation) -> Answer<Step> {
    program.call(request).await
}

#[tauri::command]
pub(crate) async fn redeem_password_code(program: State<'_, Program>, request: RedeemPasswordCode) -> Answer<Step> {
    program.call(request).await
}

/// The invitation code of a hand-over stays in Rust: the person only chooses a password.
#[tauri::command]
pub(crate) async fn accept_hand_over(program: State<'_, Program>, request: AcceptHandOver) -> Answer<Step> {
    let handed = program.handed().ok_or(RefusalCode::NothingToShow)?;
    let invitation = AcceptInvitation { email: handed.person.email, code: handed.code.into_inner(), password: request.password };
    let step = program.call(invitation).await?;
    program.hand_over(None);
    Ok(step)
}

#[tauri::command]
pub(crate) async fn decline_hand_over(program: State<'_, Program>, request: DeclineHandOver) -> Answer<Done> {
    let DeclineHandOver {} = request;
    program.hand_over(None);
    Ok(Done {})
}

#[tauri::command]
pub(crate) async fn unlock(program: State<'_, Program>, request: Unlock) -> Answer<Done> {
    program.call(request).await
}

#[tauri::command]
pub(crate) async fn lock(app: AppHandle, program: State<'_, Program>, request: Lock) -> Answer<Done> {
    let Lock {} = request;
    if program.is_entered() {
        program.lock().await;
        program.tell(Told::Locked);
        window::renew(&app);
    }
    Ok(Done {})
}

#[tauri::command]
pub(crate) async fn sign_out(app: AppHandle, program: State<'_, Program>, request: SignOut) -> Answer<Done> {
    if program.reads_alone() {
        program.lock().await;
        window::renew(&app);
        return Ok(Done {});
    }
    // On a server that is not reached it ends by itself: whoever leaves is not kept here for that.
    program.call(request).await.map(drop).or_else(|refusal| if unreached(refusal.code) { Ok(()) } else { Err(refusal) })?;
    program.clipboard.empty();
    program.hold(None);
    window::renew(&app);
    Ok(Done {})
}

#[tauri::command]
pub(crate) async fn touch(program: State<'_, Program>, request: Touch) -> Answer<Done> {
    program.call(request).await
}
