//! `sallyport-server`.

use std::process::ExitCode;

use clap::Parser;
use server::Cli;

fn main() -> ExitCode {
    server::run(Cli::parse())
}
