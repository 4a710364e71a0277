//! Waiting for a condition, never for a time.

use crate::{Error, Result};
use std::time::{Duration, Instant};

/// How long a person would wait before calling it broken.
pub const PATIENCE: Duration = Duration::from_secs(15);

/// Asks `look` until it answers, at most for `bound`. On giving up, `expected` and the last thing `look` said
/// make the sentence.
pub fn until<T>(
    bound: Duration,
    expected: impl std::fmt::Display,
    mut look: impl FnMut() -> Result<std::result::Result<T, String>>,
) -> Result<T> {
    let start = Instant::now();
    loop {
        let instead = match look()? {
            Ok(value) => return Ok(value),
            Err(instead) => instead,
        };
        if start.elapsed() > bound {
            let seconds = bound.as_secs_f32();
            return Err(Error::said(format!("Waited {seconds:.0} s for {expected}. {instead}")));
        }
        std::thread::sleep(Duration::from_millis(30));
    }
}
