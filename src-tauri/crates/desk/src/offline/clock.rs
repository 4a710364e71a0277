//! What time it is at the server, while it cannot be asked.

use std::fs;

use domain::time::Moment;
use serde::{Deserialize, Serialize};

/// From so many seconds on, this computer's clock is said to be off.
const OFF: i64 = 120;

/// Since when a computer has been running.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Uptime {
    /// Which of its starts it was: another text after each.
    pub boot: String,
    /// Seconds since, those that it slept included. Nobody can set them.
    pub seconds: i64,
}

/// Knows how long the computer has been running.
pub trait Boots: Send + Sync + 'static {
    /// `None` where the computer does not tell.
    fn up(&self) -> Option<Uptime>;
}

/// The computer that this runs on.
#[derive(Clone, Copy, Debug, Default)]
pub struct ThisComputer;

impl Boots for ThisComputer {
    fn up(&self) -> Option<Uptime> {
        let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?.trim().to_owned();
        // Of CLOCK_BOOTTIME, in seconds and hundredths.
        let uptime = fs::read_to_string("/proc/uptime").ok()?;
        let seconds = uptime.split(['.', ' ']).next()?.parse().ok()?;
        Some(Uptime { boot, seconds })
    }
}

/// What the clocks showed when the server last said its time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Noted {
    /// The server's.
    pub server: i64,
    /// This computer's.
    pub wall: i64,
    /// How long it had been running.
    pub up: Option<Uptime>,
}

impl Noted {
    /// Seconds since then, where the computer was not started anew.
    fn elapsed(&self, up: Option<&Uptime>) -> Option<i64> {
        let (then, now) = (self.up.as_ref()?, up?);
        (then.boot == now.boot).then(|| now.seconds - then.seconds).filter(|elapsed| *elapsed >= 0)
    }

    /// The server's time. Since the computer was started anew its own clock is all there is, as far off as it was; `None` where that is
    /// earlier than the server is known to have been, at `known`.
    #[must_use]
    pub fn now(&self, wall: Moment, up: Option<&Uptime>, known: Option<i64>) -> Option<Moment> {
        if let Some(elapsed) = self.elapsed(up) {
            return Some(Moment(self.server.saturating_add(elapsed)));
        }
        let now = wall.0.saturating_sub(self.wall.saturating_sub(self.server));
        (now >= self.server.max(known.unwrap_or(i64::MIN))).then_some(Moment(now))
    }

    /// By how many seconds this computer's clock is ahead of the server's, where it is two minutes or more, ahead or behind.
    #[must_use]
    pub fn off(&self, wall: Moment, up: Option<&Uptime>) -> Option<i64> {
        let off = wall.0 - (self.server + self.elapsed(up)?);
        (off.abs() >= OFF).then_some(off)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn up(boot: &str, seconds: i64) -> Option<Uptime> {
        Some(Uptime { boot: boot.into(), seconds })
    }

    fn noted() -> Noted {
        Noted { server: 100_000, wall: 100_300, up: up("first", 50) }
    }

    #[test]
    fn until_the_computer_starts_anew_nobody_can_set_the_time() {
        for wall in [0, 100_300, 900_000] {
            assert_eq!(noted().now(Moment(wall), up("first", 650).as_ref(), Some(999_999)), Some(Moment(100_600)));
        }
    }

    #[test]
    fn after_a_start_the_clock_is_taken_as_far_off_as_it_was_but_never_earlier_than_the_server_was() {
        let after = |wall, known| noted().now(Moment(wall), up("second", 5).as_ref(), known);
        assert_eq!(after(101_300, None), Some(Moment(101_000)));
        assert_eq!(after(100_299, None), None, "earlier than the server was");
        assert_eq!(after(101_300, Some(101_001)), None, "earlier than the last page of the feed");
        assert_eq!(noted().now(Moment(101_300), None, None), Some(Moment(101_000)), "a computer that does not tell");
    }

    #[test]
    fn a_clock_that_is_two_minutes_off_is_said_to_be() {
        let off = |wall, boot| noted().off(Moment(wall), up(boot, 650).as_ref());
        assert_eq!((off(100_719, "first"), off(100_720, "first"), off(100_480, "first")), (None, Some(120), Some(-120)));
        assert_eq!(off(900_000, "second"), None, "nobody knows");
    }

    #[test]
    fn this_computer_tells_how_long_it_has_been_running() {
        let (first, second) = (ThisComputer.up().expect("told"), ThisComputer.up().expect("told"));
        assert!(!first.boot.is_empty() && first.boot == second.boot && first.seconds <= second.seconds);
    }
}
