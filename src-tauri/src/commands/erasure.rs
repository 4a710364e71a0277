//! Erasing a person.

use std::{ops::ControlFlow, sync::Arc};

use tauri::State;
use vault::{Progress, Stage};
use wire::{
    erasure::{ErasePerson, Erased, ErasureView, ReadErasure},
    import::Told,
};

use super::Answer;
use crate::program::Program;

#[tauri::command]
pub(crate) async fn read_erasure(program: State<'_, Program>, request: ReadErasure) -> Answer<ErasureView> {
    program.call(request).await
}

#[tauri::command]
pub(crate) async fn erase_person(program: State<'_, Program>, request: ErasePerson) -> Answer<Erased> {
    let work = program.work.begin()?;
    let watch = work.watch();
    let told = Told::by(Arc::new(move |done, total| -> ControlFlow<()> { watch(Progress { stage: Stage::Writing, done, total }) }));
    program.call(ErasePerson { told, ..request }).await
}
