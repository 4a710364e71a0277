//! Whether the server is reached.

use authority::Surroundings;
use tokio::sync::watch;
use wire::RefusalCode;

/// How the connection stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    /// Whether the server was reached when it was last tried.
    pub connected: bool,
    /// Since when it stands so, in seconds since 1970.
    pub since: i64,
    /// Why it was not reached, where it was not.
    pub why: Option<RefusalCode>,
}

/// Knows how the connection stands, and tells those who wait for a change.
#[derive(Debug)]
pub(crate) struct Standing(watch::Sender<Link>);

impl Standing {
    /// Nobody has tried yet.
    pub(crate) fn new(surroundings: &dyn Surroundings) -> Self {
        Self(watch::Sender::new(Link { connected: false, since: surroundings.now().0, why: None }))
    }

    pub(crate) fn now(&self) -> Link {
        *self.0.borrow()
    }

    pub(crate) fn watch(&self) -> watch::Receiver<Link> {
        self.0.subscribe()
    }

    /// Notes how an attempt came out.
    pub(crate) fn tried(&self, why: Option<RefusalCode>, surroundings: &dyn Surroundings) {
        let connected = why.is_none();
        self.0.send_if_modified(|link| {
            let (changed, other) = (link.connected != connected, link.why != why);
            if changed {
                link.since = surroundings.now().0;
            }
            (link.connected, link.why) = (connected, why);
            changed || other
        });
    }
}
