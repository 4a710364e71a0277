//! Memory that may be locked without a bound, and giving that up.

use crate::{Error, Result};
use std::os::unix::process::CommandExt;
use std::process::Command;

/// CAP_IPC_LOCK, as a bit of what `/proc` says of a process.
const MAY_LOCK: u64 = 1 << 14;
/// What an ordinary user may lock, in bytes: the kernel's own default.
const USUAL: &str = "8388608";
const TRIED: &str = "SALLYPORT_WITHOUT_LOCKS";

/// Begins this program anew without the right to lock memory without a bound, where it has it.
///
/// SQLCipher locks every piece of memory that it allocates, one mapping each. For an ordinary user that ends after a few
/// megabytes and nothing is lost by it. Root locks on, until the kernel has no mappings left to give (some 65,000), and
/// the next allocation of anything fails.
///
/// # Errors
/// When it has that right and cannot give it up.
pub fn as_anybody() -> Result<()> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let held = status.lines().find_map(|line| u64::from_str_radix(line.strip_prefix("CapEff:")?.trim(), 16).ok());
    if held.is_none_or(|held| held & MAY_LOCK == 0) {
        return Ok(());
    }
    let said = "As root it would lock memory until none can be had. Run it as an ordinary user";
    if std::env::var_os(TRIED).is_some() {
        return Err(Error::said(format!("{said}.")));
    }
    let limit = format!("--memlock={USUAL}:{USUAL}");
    let given_up = ["setpriv", "--bounding-set", "-ipc_lock", "--inh-caps", "-ipc_lock"];
    let mut anew = Command::new("prlimit");
    anew.arg(limit).args(given_up).arg(std::env::current_exe()?).args(std::env::args_os().skip(1)).env(TRIED, "1");
    Err(Error::said(format!("{said}, or where setpriv and prlimit are installed: {}.", anew.exec())))
}
