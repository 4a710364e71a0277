//! The bench: measures the program against something to compare it with, prints one table and writes the same to
//! `target/bench.json`.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program for the command line")]
#![allow(clippy::disallowed_methods, reason = "it measures")]

mod backup;
mod import;
mod journal;
mod journal_search;
mod people;
#[path = "../../../tests/workspace/played.rs"]
#[allow(dead_code, reason = "shared with the tests of the seam")]
mod played;
mod qr;
mod rows;
mod server;
mod sign_in;
mod sync;
mod unlock;

use sallyport_tests::Result;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

fn main() -> ExitCode {
    match sallyport_tests::as_anybody().and_then(|()| people::asked_for_memory().unwrap_or_else(bench)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("The bench stopped: {error}");
            ExitCode::FAILURE
        }
    }
}

fn bench() -> Result<()> {
    let mut table = Vec::new();
    println!("{:<40} {:>12} {:>12} {:>8}  unit", "", "ours", "reference", "ratio");
    // Named groups alone, where any are named.
    let named: Vec<String> = std::env::args().skip(1).collect();
    for (_, measure) in rows::ALL.iter().filter(|(name, _)| named.is_empty() || named.iter().any(|only| only == name)) {
        for row in measure()? {
            println!("{row}");
            table.push(row);
        }
    }
    let file = std::env::var_os("SALLYPORT_BENCH_OUT").map_or_else(|| PathBuf::from("target/bench.json"), PathBuf::from);
    std::fs::create_dir_all(file.parent().unwrap_or(&file))?;
    std::fs::write(&file, serde_json::to_string_pretty(&table)? + "\n")?;
    println!("\nWritten to {}.", file.display());
    Ok(())
}

/// Runs what waits for a vault.
fn wait_for<T>(future: impl Future<Output = T>) -> Result<T> {
    Ok(tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(future))
}

/// How long a piece of work takes, and what it gives.
async fn timed<T>(work: impl Future<Output = T>) -> (Duration, T) {
    let begin = Instant::now();
    let done = work.await;
    (begin.elapsed(), done)
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
