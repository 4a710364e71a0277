//! What a process does besides answering: it delivers the outbox, and takes a checkpoint of the journal every day.

use std::time::Duration;

use authority::{Authority, Store, Surroundings, System};
use jiff::tz::TimeZone;
use mail::{Patience, Post, Stop, Trust};
use tokio::{
    sync::watch,
    task::JoinHandle,
    time::{MissedTickBehavior, interval, timeout},
};

use crate::listen::asked;

/// What another process took to send so long ago, and never settled, is given up: in seconds. A message has a bound of minutes.
const GIVEN_UP_AFTER: i64 = 15 * 60;
/// Between two looks at whether a checkpoint is due.
const CHECKPOINTS: Duration = Duration::from_secs(15 * 60);

/// Chores that are under way.
pub(crate) struct Chores {
    post: (watch::Sender<bool>, JoinHandle<()>),
    checkpoints: JoinHandle<()>,
}

impl Chores {
    /// Begins them. Any number of processes may: a message is claimed in a commit that only one of them wins.
    pub(crate) fn begin<S: Store>(authority: &Authority<S>, stop: watch::Receiver<bool>) -> Self {
        let outbox = authority.at("outbox");
        let (asks, hears) = Stop::new();
        // Mail names moments in UTC: a server does not know where its readers are.
        let post = Post { trust: Trust::default(), patience: Patience::default(), zone: TimeZone::UTC, now: Box::new(|| System.now().0) };
        let delivering = tokio::spawn(async move { post.run(&outbox, GIVEN_UP_AFTER, hears).await });
        let checkpoints = tokio::spawn(keep_checkpoints(authority.at("checkpoints"), stop));
        Self { post: (asks, delivering), checkpoints }
    }

    /// Ends them: a message that is on its way has a moment to be answered, and is uncertain after it.
    pub(crate) async fn end(self, patience: Duration) {
        let (asks, mut delivering) = self.post;
        // An error: it has ended.
        let _ = asks.send(true);
        if timeout(patience, &mut delivering).await.is_err() {
            delivering.abort();
        }
        self.checkpoints.abort();
    }
}

async fn keep_checkpoints<S: Store>(authority: Authority<S>, mut stop: watch::Receiver<bool>) {
    let mut ticks = interval(CHECKPOINTS);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = asked(&mut stop) => return,
            _tick = ticks.tick() => {}
        }
        if let Err(refusal) = authority.keep_daily_checkpoint().await {
            tracing::warn!(%refusal, "no checkpoint was taken");
        }
    }
}
