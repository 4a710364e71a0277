//! Time and randomness, as the program is given them.

use domain::{Entropy, time::Moment};

/// Where a running program takes time and random bytes from.
pub trait Surroundings: Send + Sync + 'static {
    /// The present moment.
    fn now(&self) -> Moment;

    /// Fills the whole buffer with bytes fit for keys.
    fn fill(&self, bytes: &mut [u8]);
}

/// The operating system's clock and generator.
#[derive(Clone, Copy, Debug, Default)]
pub struct System;

impl Surroundings for System {
    #[allow(clippy::disallowed_methods, reason = "the one place where the clock is read")]
    fn now(&self) -> Moment {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        Moment(i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
    }

    /// # Panics
    /// When the operating system gives no random bytes: nothing safe can be done then.
    #[allow(clippy::disallowed_methods, reason = "the one place where random bytes are drawn")]
    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("the operating system gives random bytes");
    }
}

/// The same source, as the rules take it.
pub struct Drawing<'a>(pub &'a dyn Surroundings);

impl Entropy for Drawing<'_> {
    fn fill(&mut self, bytes: &mut [u8]) {
        self.0.fill(bytes);
    }
}
