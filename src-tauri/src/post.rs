//! The post of the open workspace: its outbox is delivered for as long as it is open, also while it is locked.

use std::{sync::Arc, time::Duration};

use authority::{Authority, Surroundings, System};
use jiff::tz::TimeZone;
use mail::{Patience, Post, Stop, Trust};
use tokio::{sync::watch, task::JoinHandle};
use vault::Vault;

use crate::outbox::{Moved, Watched};

/// How long closing waits for it. It drops what has not wholly left, and gives what has a moment to be answered.
const PATIENCE: Duration = Duration::from_secs(5);

/// Somebody who delivers.
pub(crate) struct Delivering {
    asks: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Delivering {
    /// Begins to deliver the outbox of a workspace that nobody else has open.
    pub(crate) fn begin(authority: Arc<Authority<Vault>>, moved: Moved) -> Self {
        let (asks, stop) = Stop::new();
        let post =
            Post { trust: Trust::default(), patience: Patience::default(), zone: TimeZone::system(), now: Box::new(|| System.now().0) };
        let task = tokio::spawn(async move { post.run(&Watched { authority, moved }, 0, stop).await });
        Self { asks, task }
    }

    /// Asks it to stop, and waits for nothing.
    pub(crate) fn ask_to_stop(&self) {
        // An error: it has ended.
        let _ = self.asks.send(true);
    }

    /// Ends it. What was on its way and could not be settled in time is uncertain when the workspace opens next.
    pub(crate) async fn end(mut self) {
        self.ask_to_stop();
        if tokio::time::timeout(PATIENCE, &mut self.task).await.is_err() {
            self.task.abort();
        }
    }
}
