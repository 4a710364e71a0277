//! Measuring a program from outside it.

use crate::processes::{Kept, tree};
use crate::{Error, Result, Stage, until};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// What one start of a program cost.
#[derive(Debug, Clone, Copy)]
pub struct Start {
    /// From exec until the first screen was painted.
    pub painted: Duration,
    /// Memory of the program and its web processes then, each shared page counted in parts.
    pub memory_kib: u64,
}

/// Starts a program on a bare screen, without automation, and measures it until its first screen stands still.
pub fn start(stage: &Stage, program: &Path, arguments: &[&str]) -> Result<Start> {
    let ready = until(Duration::from_secs(10), "an empty screen", || {
        Ok(if is_painted(&stage.screen().pixels()?) { Err("The last window is still there.".to_owned()) } else { Ok(()) })
    });
    ready?;
    let begin = Instant::now();
    let running =
        Kept::start(Command::new(program).args(arguments).env_clear().envs(stage.variables()).stdout(Stdio::null()).stderr(Stdio::null()))?;
    let painted = until(Duration::from_secs(30), "the first screen to be painted", || {
        let at = begin.elapsed();
        Ok(if is_painted(&stage.screen().pixels()?) { Ok(at) } else { Err("The screen is empty.".to_owned()) })
    })?;
    let memory_kib = resting_memory(running.id())?;
    Ok(Start { painted, memory_kib })
}

/// Whether there is something to read: a window that is mapped but blank has one colour.
fn is_painted(pixels: &[u8]) -> bool {
    // The screen's own black, and the commonest grey that is not it: the window's ground. What differs from both is ink.
    let mut counts = [0_u32; 256];
    for pixel in pixels {
        counts[usize::from(*pixel)] += 1;
    }
    let ground = (1..256_usize).max_by_key(|grey| counts[*grey]).unwrap_or(1);
    let ink: u32 = (1..256_usize).filter(|grey| grey.abs_diff(ground) > 40).map(|grey| counts[grey]).sum();
    counts[ground] > 10_000 && ink > 300
}

// The first screen is painted before all processes have come to rest: ask until two readings agree to 1 %.
/// Memory of a process and those below it in KiB, each shared page counted in parts, once it moves no more.
pub fn resting_memory(root: u32) -> Result<u64> {
    let mut last = 0;
    let mut same = 0;
    until(Duration::from_secs(20), "the memory to settle", || {
        std::thread::sleep(Duration::from_millis(200));
        let now: u64 = tree(root).into_iter().map(proportional_kib).sum();
        same = if now > 0 && now.abs_diff(last) * 100 < now { same + 1 } else { 0 };
        last = now;
        Ok(if same >= 5 { Ok(now) } else { Err(format!("It is at {now} KiB and moving.")) })
    })
}

fn proportional_kib(process: u32) -> u64 {
    let text = std::fs::read_to_string(format!("/proc/{process}/smaps_rollup")).unwrap_or_default();
    let line = text.lines().find(|line| line.starts_with("Pss:"));
    line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok()).unwrap_or(0)
}

/// Time that a program and those it started have computed for so far. Unlike how long something takes, it hardly depends on what
/// else the machine does. Clock ticks of ten milliseconds.
pub fn computed(root: u32) -> Duration {
    let ticks: u64 = tree(root)
        .into_iter()
        .filter_map(|process| {
            let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
            // proc(5): utime and stime are the 14th and 15th field, and the name, the second, may hold anything.
            let fields = stat.rsplit(')').next()?.split_whitespace().skip(11).take(2);
            Some(fields.filter_map(|field| field.parse::<u64>().ok()).sum::<u64>())
        })
        .sum();
    Duration::from_millis(ticks * 10)
}

/// The middle one.
pub fn median(mut values: Vec<f64>) -> Result<f64> {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().ok_or_else(|| Error::said("Nothing was measured."))
}
