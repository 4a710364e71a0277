//! What a desktop does by itself: looking whether the server is there, and keeping current what is kept here.

use std::{sync::Arc, time::Duration};

use tokio::time::sleep;

use super::{Held, Pace};
use crate::sync::Step;

/// Looks whether the server is there: often once it was lost, and ever less often; now and then while it is there. What a desktop
/// asks anyway counts as well.
pub(super) async fn knock_now_and_then(held: Arc<Held>, pace: Pace) {
    let mut link = held.standing.watch();
    let mut wait = pace.soon;
    loop {
        let connected = link.borrow_and_update().connected;
        if connected {
            wait = pace.soon;
        }
        tokio::select! {
            () = sleep(if connected { pace.rest } else { wait }) => {}
            changed = link.changed() => match changed {
                // Lost, or found again by what somebody asked: the wait begins anew.
                Ok(()) => continue,
                Err(_) => return,
            },
        }
        held.knock().await;
        if !connected {
            wait = (wait * 2).min(pace.late);
        }
    }
}

/// Keeps current what is kept here for reading, for as long as its person is signed in.
pub(super) async fn keep_current(held: Arc<Held>, pace: Pace) {
    let mut link = held.standing.watch();
    let (mut wait, mut patience) = (pace.rest, pace.soon);
    loop {
        tokio::select! {
            () = sleep(wait) => {}
            () = held.reading.due() => {}
            changed = link.changed() => if changed.is_err() { return },
        }
        let connected = link.borrow_and_update().connected;
        if connected && held.outbox.undecided() > 0 {
            // Why it was not is told with the connection; what waits is tried again.
            let _waits = held.send_waiting().await;
        }
        let stepped = if connected { held.step().await } else { None };
        if matches!(stepped, Some(Ok(_))) {
            held.noted().await;
        }
        if matches!(stepped, Some(Ok(Step::Current { .. }))) {
            held.renew().await;
        }
        wait = match &stepped {
            Some(Ok(Step::Going { .. })) => Duration::ZERO,
            Some(Ok(Step::Current { .. })) | None => pace.rest,
            Some(Err(_)) => patience,
        };
        patience = if matches!(stepped, Some(Err(_))) { (patience * 2).min(pace.late) } else { pace.soon };
    }
}
