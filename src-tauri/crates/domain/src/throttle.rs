//! Counting failures, and how long to wait after them.

use serde::{Deserialize, Serialize};

use crate::time::{HOUR, MINUTE, Moment};

/// How failures are answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// So many failures within a minute lock.
    pub per_minute: u8,
    /// Seconds of the first lock. Each further one without a success between is twice as long, up to a day.
    pub wait: i64,
    /// So many failures in a row disable the method until staff act (NIST SP 800-63B-4 §3.2.2).
    pub in_a_row: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self { per_minute: 5, wait: 30 * MINUTE, in_a_row: 100 }
    }
}

const LONGEST_WAIT: i64 = 24 * HOUR;
/// From so many failures in a row on every further one locks, however slowly they come.
const PATIENCE: u32 = 20;
/// After so long without a failure a count is forgotten. Nobody guesses faster for it: the nineteen tries before the waits
/// begin, once in this time, are fewer than the one a day that the longest waits let through.
const MEMORY: i64 = 30 * 24 * HOUR;

impl Limits {
    /// The same for passwords, which are never disabled: a stranger would lock out an owner for good. The waits, which
    /// rise to a day, hold guessing back.
    #[must_use]
    pub fn for_passwords(&self) -> Self {
        Self { in_a_row: u32::MAX, ..*self }
    }
}

/// Failures of one method, since its last success.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failures {
    recent: Vec<Moment>,
    in_a_row: u32,
    locks: u32,
    until: Option<Moment>,
    /// Of the failures in a row, those at programs that ask: the waits for these are counted there.
    #[serde(default)]
    elsewhere: u32,
}

/// Why nothing is evaluated now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closed {
    /// Until this moment.
    Until(Moment),
    /// Until staff act.
    Disabled,
}

impl Failures {
    /// Whether an attempt may be evaluated at all.
    ///
    /// # Errors
    /// [`Closed`] while it may not. A clock that was set back does not make a wait longer than it was to be.
    pub fn open(&self, limits: &Limits, now: Moment) -> Result<(), Closed> {
        if self.is_disabled(limits) {
            return Err(Closed::Disabled);
        }
        match self.until {
            Some(until) if now < until => Err(Closed::Until(until.min(now.plus(LONGEST_WAIT)))),
            _ => Ok(()),
        }
    }

    /// Counts one failure. Says what it closed, if it did.
    pub fn fail(&mut self, limits: &Limits, now: Moment) -> Option<Closed> {
        self.in_a_row = self.in_a_row.saturating_add(1);
        if self.is_disabled(limits) {
            return Some(Closed::Disabled);
        }
        self.recent.retain(|at| now.since(*at) < MINUTE && *at <= now);
        self.recent.push(now);
        if self.recent.len() < usize::from(limits.per_minute) && self.in_a_row < PATIENCE {
            return None;
        }
        let factor = 1i64 << self.locks.min(20);
        let until = now.plus(limits.wait.saturating_mul(factor).min(LONGEST_WAIT));
        self.recent.clear();
        self.locks = self.locks.saturating_add(1);
        self.until = Some(until);
        Some(Closed::Until(until))
    }

    /// Counts one failure at a program that asks. No wait begins here for it; but failures in a row are counted wherever they were
    /// typed. Says what it closed, if it did.
    pub fn fail_elsewhere(&mut self, limits: &Limits) -> Option<Closed> {
        self.elsewhere = self.elsewhere.saturating_add(1);
        self.is_disabled(limits).then_some(Closed::Disabled)
    }

    /// A success at a program that asks: what failed at such programs is forgotten.
    pub fn succeed_elsewhere(&mut self) {
        self.elsewhere = 0;
    }

    /// Whether so many failed in a row that nothing is evaluated until staff act.
    #[must_use]
    pub fn is_disabled(&self, limits: &Limits) -> bool {
        self.in_a_row() >= limits.in_a_row
    }

    /// A success: everything is forgotten.
    pub fn succeed(&mut self) {
        *self = Self::default();
    }

    /// Ends the wait, and the rise of the next ones. Failures in a row are still counted: only a success forgets them.
    pub fn lift(&mut self) {
        *self = Self { in_a_row: self.in_a_row, elsewhere: self.elsewhere, ..Self::default() };
    }

    /// When the last wait that they began ends, also when that is past.
    #[must_use]
    pub fn until(&self) -> Option<Moment> {
        self.until
    }

    /// Failures in a row, for the people who look at why somebody is locked out.
    #[must_use]
    pub fn in_a_row(&self) -> u32 {
        self.in_a_row.saturating_add(self.elsewhere)
    }

    /// Whether a store may let it go: nothing was counted, or that is long past.
    #[must_use]
    pub fn is_dead(&self, now: Moment) -> bool {
        let last = self.recent.last().copied().max(self.until);
        self.is_empty() || last.is_some_and(|last| now.since(last) > MEMORY)
    }

    /// Whether nothing was counted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.in_a_row() == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_within_a_minute_lock_for_half_an_hour_and_waits_rise() {
        let (limits, mut failures) = (Limits::default(), Failures::default());
        let start = Moment(1_000_000);
        let locked =
            |failures: &mut Failures, from: Moment| (0..5).filter_map(|i| failures.fail(&limits, from.plus(i))).collect::<Vec<_>>();
        assert_eq!(locked(&mut failures, start), [Closed::Until(start.plus(4 + 1800))]);
        assert_eq!(failures.open(&limits, start.plus(1803)), Err(Closed::Until(start.plus(1804))));
        let later = start.plus(1804);
        assert_eq!(failures.open(&limits, later), Ok(()));
        assert_eq!(locked(&mut failures, later), [Closed::Until(later.plus(4 + 3600))]);
    }

    /// Fails as soon as it may, `count` times, and says how long that took.
    fn fail_patiently(failures: &mut Failures, limits: &Limits, count: u32) -> i64 {
        let mut now = Moment(0);
        for _ in 0..count {
            while let Err(closed) = failures.open(limits, now) {
                let Closed::Until(until) = closed else { panic!("disabled") };
                now = until;
            }
            failures.fail(limits, now);
            now = now.plus(20);
        }
        now.0
    }

    #[test]
    fn slow_failures_wait_too_from_twenty_on_and_a_hundred_in_a_row_disable() {
        let (limits, mut failures) = (Limits::default(), Failures::default());
        assert_eq!(fail_patiently(&mut failures, &limits, 19), 19 * 20, "nobody who is merely clumsy waits");
        assert!(fail_patiently(&mut failures, &limits, 81) > 60 * 24 * HOUR);
        assert_eq!(failures.open(&limits, Moment(i64::MAX)), Err(Closed::Disabled));
        failures.succeed();
        assert_eq!(failures.open(&limits, Moment(1_000_000)), Ok(()));
    }

    #[test]
    fn a_password_is_never_disabled_for_good() {
        let (limits, mut failures) = (Limits::default().for_passwords(), Failures::default());
        fail_patiently(&mut failures, &limits, 150);
        assert_eq!(failures.open(&limits, Moment(i64::MAX)), Ok(()));
    }

    #[test]
    fn a_count_dies_with_a_success_or_a_month_after_the_last_failure_and_never_during_a_wait() {
        let (limits, start) = (Limits::default(), Moment(1_000_000));
        let mut failures = Failures::default();
        assert!(failures.is_dead(start));
        failures.fail(&limits, start);
        assert!(!failures.is_dead(start) && !failures.is_dead(start.plus(MEMORY)) && failures.is_dead(start.plus(MEMORY + 1)));
        assert!(!failures.is_dead(start.plus(-MEMORY)), "a clock set back forgets nothing");
        let Some(Closed::Until(until)) = (0..4).filter_map(|_| failures.fail(&limits, start)).last() else { panic!("not locked") };
        assert!(!failures.is_dead(until.plus(MEMORY)) && failures.is_dead(until.plus(MEMORY + 1)));
        failures.succeed();
        assert!(failures.is_dead(start));
    }

    #[test]
    fn a_clock_set_back_never_frees_and_never_waits_longer_than_a_day() {
        let (limits, mut failures) = (Limits::default(), Failures::default());
        let start = Moment(1_000_000);
        for _ in 0..5 {
            failures.fail(&limits, start);
        }
        let hour_back = start.plus(-HOUR);
        assert_eq!(failures.open(&limits, hour_back), Err(Closed::Until(start.plus(1800))));
        let year_back = start.plus(-365 * 24 * HOUR);
        assert_eq!(failures.open(&limits, year_back), Err(Closed::Until(year_back.plus(LONGEST_WAIT))));
    }
}
