//! Which entry tells of what a call did: noted where it is committed, and answered with the reply.

use std::cell::Cell;

use domain::{Event, account::Account};
use tokio::task_local;

/// An entry of the call that goes on.
#[derive(Clone, Copy)]
struct Noted {
    index: u64,
    /// Whether it says of somebody that they did it, and not of the program.
    somebody: bool,
}

task_local! {
    static NOTED: Cell<Option<Noted>>;
}

/// Whether somebody waits to be told.
pub(crate) fn is_asked_for() -> bool {
    NOTED.try_with(|_| ()).is_ok()
}

/// Carries out a call, and gives the entry that tells of it besides.
pub(crate) async fn with_entry<T>(call: impl Future<Output = T>) -> (T, Option<u64>) {
    NOTED
        .scope(Cell::new(None), async {
            let done = call.await;
            (done, NOTED.with(Cell::get).map(|noted| noted.index))
        })
        .await
}

/// Which of a decision's events tells what its actor did: the last that is theirs, or else the first.
#[derive(Clone, Copy)]
pub(crate) struct Telling {
    place: u64,
    somebody: bool,
}

impl Telling {
    pub(crate) fn of(events: &[Event], actor: Option<&Account>) -> Self {
        let theirs = |event: &Event| event.actor.is_some() && actor.is_none_or(|actor| event.actor == Some(actor.id));
        match events.iter().rposition(theirs) {
            Some(place) => Self { place: place as u64, somebody: true },
            None => Self { place: 0, somebody: false },
        }
    }

    /// Where it stands among the events.
    pub(crate) fn place(self) -> u64 {
        self.place
    }

    /// Notes it, once the first entry of the commit has its index. Outside a call nobody asks.
    pub(crate) fn note(self, first: Option<u64>) {
        let Some(first) = first else { return };
        let noted = Noted { index: first + self.place, somebody: self.somebody };
        let _nobody_asks = NOTED.try_with(|cell| {
            // What the program did of itself on the way is not what was asked for.
            if noted.somebody || cell.get().is_none_or(|before| !before.somebody) {
                cell.set(Some(noted));
            }
        });
    }
}
