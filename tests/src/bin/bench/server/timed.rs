//! What clients did at the same time, one thing after the other each.

use std::time::Duration;

#[derive(Default)]
pub(super) struct Timed {
    pub(super) took: Vec<Duration>,
    pub(super) lasted: Duration,
}

impl Timed {
    pub(super) fn and(&mut self, other: Self) {
        self.took.extend(other.took);
        self.lasted += other.lasted;
    }

    #[allow(clippy::cast_precision_loss, reason = "fewer than 2^52")]
    pub(super) fn rate(&self) -> f64 {
        self.took.len() as f64 / self.lasted.as_secs_f64()
    }

    /// Microseconds of this for each.
    #[allow(clippy::cast_precision_loss, reason = "fewer than 2^52")]
    pub(super) fn each(&self, spent: Duration) -> f64 {
        spent.as_secs_f64() * 1_000_000.0 / self.took.len() as f64
    }

    /// Milliseconds within which 99 of 100 were done.
    pub(super) fn p99(&mut self) -> f64 {
        self.took.sort_unstable();
        self.took.get(self.took.len() * 99 / 100).map_or(f64::NAN, |took| crate::milliseconds(*took))
    }
}
