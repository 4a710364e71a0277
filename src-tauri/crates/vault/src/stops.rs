//! Places where the tests of this crate kill the process, as a power cut would.

use std::process::Command;

/// The name of the place where the process is to die; from the process that runs it.
pub(crate) const STOP: &str = "STOP_AT";

pub(crate) fn stop_at(place: &str) {
    if std::env::var(STOP).is_ok_and(|wanted| wanted == place) {
        let killed = Command::new("kill").args(["-KILL", &std::process::id().to_string()]).status();
        unreachable!("killed: {killed:?}");
    }
}
