//! Whoever delivers: asks the outbox for what is due, sends it, says how that came out, and waits.

use std::time::Duration;

use jiff::tz::TimeZone;
use tokio::sync::watch;
use wire::{
    Refusal,
    delivery::{Due, Outbox, Outcome},
};

use crate::{
    compose::compose,
    connect::Trust,
    send::{Patience, send},
};

/// How long nothing is asked at most. Clocks are set, and computers sleep: the moment that was named may come sooner.
const ASK_AGAIN: Duration = Duration::from_secs(60);

/// Whether to stop.
#[derive(Clone, Debug)]
pub struct Stop(watch::Receiver<bool>);

impl Stop {
    /// What asks to stop when it is sent `true` or dropped, and what hears it.
    #[must_use]
    pub fn new() -> (watch::Sender<bool>, Self) {
        let (asks, hears) = watch::channel(false);
        (asks, Self(hears))
    }

    pub(crate) async fn asked(&mut self) {
        // An error: whoever could ask is gone.
        let _ = self.0.wait_for(|stop| *stop).await;
    }

    fn is_asked(&self) -> bool {
        *self.0.borrow() || self.0.has_changed().is_err()
    }
}

/// The present moment, in seconds since 1970.
pub type Now = Box<dyn Fn() -> i64 + Send + Sync>;

/// Delivers an outbox. At most one message is on its way at any time.
pub struct Post {
    /// Whose certificates are believed.
    pub trust: Trust,
    /// How long each thing may take.
    pub patience: Patience,
    /// Where moments are told.
    pub zone: TimeZone,
    /// The clock that the outbox goes by.
    pub now: Now,
}

impl Post {
    /// Sends all that is due, one after the other, and says when to ask again: nothing where only a commit changes it.
    ///
    /// # Errors
    /// When the outbox cannot be read or written.
    pub async fn deliver_due(&self, outbox: &dyn Outbox, stop: &Stop) -> Result<Option<i64>, Refusal> {
        while !stop.is_asked() {
            let delivery = match outbox.next_due().await? {
                Due::Now(delivery) => delivery,
                Due::At(moment) => return Ok(Some(moment)),
                Due::Nothing => return Ok(None),
            };
            let outcome = match compose(&delivery, &self.zone) {
                Ok(message) => send(&delivery.server, &message, &self.trust, &self.patience, (self.now)(), stop.clone()).await,
                Err(outcome) => outcome,
            };
            if outcome != Outcome::Sent {
                tracing::warn!(id = %delivery.id, attempt = delivery.attempt, ?outcome, "mail was not sent");
            }
            outbox.settle(delivery.id, outcome).await?;
        }
        Ok(None)
    }

    /// Delivers until asked to stop: at once, whenever the outbox gives a sign, and when something is due. What an earlier
    /// process left half sent `older_than` seconds ago is given up first; see [`Outbox::give_up_half_sent`].
    pub async fn run(&self, outbox: &dyn Outbox, older_than: i64, mut stop: Stop) {
        let mut given_up = false;
        while !stop.is_asked() {
            let next = async {
                if !given_up {
                    outbox.give_up_half_sent(older_than).await?;
                    given_up = true;
                }
                self.deliver_due(outbox, &stop).await
            };
            let next = next.await.unwrap_or_else(|refusal: Refusal| {
                tracing::warn!(%refusal, "the outbox was not read");
                None
            });
            let wait = next.map_or(ASK_AGAIN, |at| Duration::from_secs(at.saturating_sub((self.now)()).max(1).unsigned_abs()));
            tokio::select! {
                () = stop.asked() => {}
                () = outbox.woken() => {}
                () = tokio::time::sleep(wait.min(ASK_AGAIN)) => {}
            }
        }
    }
}
