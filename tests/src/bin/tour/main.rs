//! The tour: drives the real window through the main job, a step at a time, and leaves numbered pictures, the
//! exported files and `tour.json` in a folder. It ends with status 0 only if every step was ok, and a step is ok
//! when something outside the program agreed.
//!
//! `tour --out DIR --only create-workspace,owner-enrols,mail-settings` takes these steps alone; each stands on those before it.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program for the command line")]

mod hands;
mod people;
mod steps;

use people::World;
use sallyport_tests::record::Record;
use sallyport_tests::{Error, Result};
use std::path::PathBuf;
use std::process::ExitCode;

fn main() -> ExitCode {
    match asked().and_then(|(out, only)| tour(out, &only)) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("The tour could not begin: {error}");
            ExitCode::FAILURE
        }
    }
}

/// The folder, and the names of the steps to take; none for all of them.
fn asked() -> Result<(PathBuf, Vec<String>)> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (folder, only) = match arguments.as_slice() {
        ["--out", folder] => (folder, Vec::new()),
        ["--out", folder, "--only", names] => (folder, names.split(',').map(str::to_owned).collect::<Vec<_>>()),
        _ => return Err(Error::said("it needs a folder for its pictures: --out DIR [--only STEP,STEP].")),
    };
    match only.iter().find(|name| !steps::ALL.iter().any(|(known, _)| known == name)) {
        Some(name) => Err(Error::said(format!("there is no step called {name}."))),
        None => Ok((folder.into(), only)),
    }
}

fn tour(out: PathBuf, only: &[String]) -> Result<bool> {
    let mut record = Record::new(&out)?;
    let world = World::new(out.clone())?;
    for (name, act) in steps::ALL.iter().filter(|(name, _)| only.is_empty() || only.iter().any(|wanted| wanted == name)) {
        let screen = world.stage.screen();
        record.step(name, screen, || act(&world))?;
        println!("{}", record.last_line());
    }
    if !record.all_ok() {
        eprint!("\n{}", std::fs::read_to_string(out.join("failure.txt")).unwrap_or_default());
    }
    let (ok, all) = record.score();
    println!("{ok} of {all} steps ok; pictures and tour.json are in {}.", out.display());
    Ok(record.all_ok())
}
