//! A long change of the vault: how far it has come, and whether it is to stop.

use std::{
    ops::ControlFlow,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use vault::{Progress, Stage, Watch};
use wire::{
    Refusal, RefusalCode,
    keeping::{Work as WorkView, WorkStage},
};

/// At most one long change at a time.
#[derive(Clone, Debug, Default)]
pub(crate) struct Work(Arc<Mutex<Option<Running>>>);

#[derive(Debug, Default)]
struct Running {
    progress: Option<Progress>,
    stop: bool,
}

/// Held while a long change runs.
#[derive(Debug)]
pub(crate) struct Begun(Work);

impl Work {
    /// Begins a long change.
    ///
    /// # Errors
    /// [`RefusalCode::Busy`] while another one runs.
    pub(crate) fn begin(&self) -> Result<Begun, Refusal> {
        let mut running = self.running();
        if running.is_some() {
            return Err(RefusalCode::Busy.into());
        }
        *running = Some(Running::default());
        Ok(Begun(self.clone()))
    }

    /// Asks what runs to stop.
    pub(crate) fn stop(&self) {
        if let Some(running) = self.running().as_mut() {
            running.stop = true;
        }
    }

    /// Whether one runs.
    pub(crate) fn is_under_way(&self) -> bool {
        self.running().is_some()
    }

    /// How far it has come.
    pub(crate) fn view(&self) -> WorkView {
        let progress = self.running().as_ref().and_then(|running| running.progress);
        let stage = progress.map(|progress| match progress.stage {
            Stage::Copying => WorkStage::Copying,
            Stage::Checking => WorkStage::Checking,
            Stage::Writing => WorkStage::Writing,
        });
        WorkView { stage, done: progress.map_or(0, |p| p.done), total: progress.map_or(0, |p| p.total) }
    }

    fn running(&self) -> MutexGuard<'_, Option<Running>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Begun {
    /// What tells of progress, and answers whether to go on.
    pub(crate) fn watch(&self) -> Watch {
        let work = self.0.clone();
        Arc::new(move |progress| match work.running().as_mut() {
            Some(running) => {
                running.progress = Some(progress);
                if running.stop { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            }
            None => ControlFlow::Continue(()),
        })
    }
}

impl Drop for Begun {
    fn drop(&mut self) {
        *self.0.running() = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_at_a_time_is_watched_and_stopped_and_the_next_begins_afresh() {
        let work = Work::default();
        let begun = work.begin().expect("nothing runs");
        assert_eq!(work.begin().expect_err("one runs").code, RefusalCode::Busy);
        let watch = begun.watch();
        let progress = Progress { stage: Stage::Checking, done: 3, total: 5 };
        assert_eq!(watch(progress), ControlFlow::Continue(()));
        assert_eq!((work.view().stage, work.view().done, work.view().total), (Some(WorkStage::Checking), 3, 5));
        work.stop();
        assert_eq!(watch(progress), ControlFlow::Break(()));
        drop(begun);
        assert_eq!(work.view().stage, None);
        let next = work.begin().expect("nothing runs any more");
        assert_eq!(next.watch()(progress), ControlFlow::Continue(()));
    }
}
