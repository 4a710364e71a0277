//! One message to one server, with every wait bounded.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use tokio::time::timeout;
use wire::{
    delivery::{MailServer, Outcome},
    mail::MailFailure,
};

use crate::{compose::Composed, connect, connect::Trust, converse::converse, drive::Stop};

/// How long each thing may take.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// Finding and reaching the server; and, again, agreeing on TLS.
    pub connect: Duration,
    /// Each reply.
    pub command: Duration,
    /// The reply to the end of the message: servers look for viruses there (RFC 5321 §4.5.3.2.6).
    pub end: Duration,
    /// All of it.
    pub whole: Duration,
    /// How long closing waits for that last reply, once the end of the message has left.
    pub parting: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        let [connect, command, end, whole, parting] = [20, 30, 120, 240, 3].map(Duration::from_secs);
        Self { connect, command, end, whole, parting }
    }
}

pub(crate) fn failed(failure: MailFailure) -> Outcome {
    Outcome::Failed { failure, for_good: false }
}

/// Sends one message. `now` is for the validity of the server's certificate, in seconds since 1970. Whoever asks to `stop`
/// does not wait long: what has not wholly left is dropped, which is certain; what has, gets a moment for its answer.
pub async fn send(server: &MailServer, message: &Composed, trust: &Trust, patience: &Patience, now: i64, mut stop: Stop) -> Outcome {
    let ended = AtomicBool::new(false);
    let unanswered = || if ended.load(Ordering::SeqCst) { Outcome::Uncertain } else { failed(MailFailure::BrokeOff) };
    let sending = async {
        let link = connect::connect(server, trust, patience, now).await?;
        converse(link, server, message, patience, &ended).await
    };
    let sending = timeout(patience.whole, sending);
    tokio::pin!(sending);
    let came_out = tokio::select! {
        biased;
        came_out = &mut sending => came_out,
        () = stop.asked() => {
            let rest = if ended.load(Ordering::SeqCst) { patience.parting } else { Duration::ZERO };
            match timeout(rest, sending).await {
                Ok(came_out) => came_out,
                Err(_) => return unanswered(),
            }
        }
    };
    match came_out {
        Ok(Ok(())) => Outcome::Sent,
        Ok(Err(why)) => why,
        Err(_) => unanswered(),
    }
}
