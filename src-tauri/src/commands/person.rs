//! One person, beside the list of Users.

use tauri::State;
use wire::{
    person::{
        ChangeOwner, ChangeRole, DeactivatePerson, MarkElsewhere, PersonView, ReactivatePerson, ReadPerson, SignOutPerson, UnlockPerson,
        UnmarkElsewhere,
    },
    sign_in::Done,
};

use super::Answer;
use crate::program::Program;

#[tauri::command]
pub(crate) async fn read_person(program: State<'_, Program>, request: ReadPerson) -> Answer<PersonView> {
    program.call(request).await
}

#[tauri::command]
pub(crate) async fn change_role(program: State<'_, Program>, request: ChangeRole) -> Answer<Done> {
    program.call(request).await
}

#[tauri::command]
pub(crate) async fn change_owner(program: State<'_, Program>, request: ChangeOwner) -> Answer<Done> {
    program.call(request).await
}

#[tauri::command]
pub(crate) async fn unlock_person(program: State<'_, Program>, request: UnlockPerson) -> Answer<Done> {
    program.call(request).await
}

#[tauri::command]
pub(crate) async fn sign_out_person(program: State<'_, Program>, request: SignOutPerson) -> Answer<Done> {
    program.call(request).await
}

#[tauri::command]
pub(crate) async fn deactivate_person(program: State<'_, Program>, request: DeactivatePerson) -> Answer<Done> {
    program.call(request).await
}

#[tauri::command]
pub(crate) async fn reactivate_person(program: State<'_, Program>, request: ReactivatePerson) -> Answer<Done> {
    program.call(request).await
}

#[tauri::command]
pub(crate) async fn mark_elsewhere(program: State<'_, Program>, request: MarkElsewhere) -> Answer<Done> {
    program.call(request).await
}

#[tauri::command]
pub(crate) async fn unmark_elsewhere(program: State<'_, Program>, request: UnmarkElsewhere) -> Answer<Done> {
    program.call(request).await
}
