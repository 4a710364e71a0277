//! The tour: drives the real window through the main job, a step at a time, and leaves numbered pictures, the
//! exported files and `tour.json` in a folder. It ends with status 0 only if every step was ok, and a step is ok
//! when something outside the program agreed.
//!
//! `tour --remote --out DIR` walks through the main job against a server, with two windows; `tour --offline --out DIR` through a
//! recovery code that is issued where the server is not reached.
//! `tour --out DIR --only create-workspace,owner-enrols,mail-settings` takes these steps alone; each stands on those before it.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program for the command line")]

mod call;
mod desk_passphrase;
mod hands;
mod moving;
mod offline;
mod people;
mod remains;
mod remote;
mod steps;
mod waiting;

use people::World;
use sallyport_tests::record::Record;
use sallyport_tests::{Error, Result};
use std::path::PathBuf;
use std::process::ExitCode;

fn main() -> ExitCode {
    match asked().and_then(|Asked { which, out, only }| match which {
        Which::Here => tour(out, &only),
        Which::Remote => remote_tour(out, &only),
        Which::Offline => offline_tour(out, &only),
    }) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("The tour could not begin: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Through what one is led.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Which {
    Here,
    Remote,
    Offline,
}

/// Which tour, the folder, and the names of the steps to take; none for all of them.
struct Asked {
    which: Which,
    out: PathBuf,
    only: Vec<String>,
}

fn asked() -> Result<Asked> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let mut arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let which = match arguments.first() {
        Some(&"--remote") => Which::Remote,
        Some(&"--offline") => Which::Offline,
        _ => Which::Here,
    };
    if which != Which::Here {
        arguments.remove(0);
    }
    let (folder, only) = match arguments.as_slice() {
        ["--out", folder] => (folder, Vec::new()),
        ["--out", folder, "--only", names] => (folder, names.split(',').map(str::to_owned).collect::<Vec<_>>()),
        _ => return Err(Error::said("it needs a folder for its pictures: [--remote | --offline] --out DIR [--only STEP,STEP].")),
    };
    let here: Vec<&str> = match which {
        Which::Here => steps::ALL.iter().map(|(name, _)| *name).collect(),
        Which::Remote => remote::ALL.iter().map(|(name, _)| *name).collect(),
        Which::Offline => offline::ALL.iter().map(|(name, _)| *name).collect(),
    };
    match only.iter().find(|name| !here.contains(&name.as_str())) {
        Some(name) => Err(Error::said(format!("there is no step called {name}."))),
        None => Ok(Asked { which, out: folder.into(), only }),
    }
}

fn remote_tour(out: PathBuf, only: &[String]) -> Result<bool> {
    let mut record = Record::new(&out)?;
    let remote = remote::Remote::new(out.clone())?;
    for (name, act) in remote::ALL.iter().filter(|(name, _)| only.is_empty() || only.iter().any(|wanted| wanted == name)) {
        record.step(name, remote.world.stage.screen(), || act(&remote))?;
        println!("{}", record.last_line());
    }
    call_taken(&mut record, &remote.world)?;
    ended(&record, &out)
}

fn offline_tour(out: PathBuf, only: &[String]) -> Result<bool> {
    let mut record = Record::new(&out)?;
    let parted = offline::Parted::new(out.clone())?;
    for (name, act) in offline::ALL.iter().filter(|(name, _)| only.is_empty() || only.iter().any(|wanted| wanted == name)) {
        record.step(name, parted.remote.world.stage.screen(), || act(&parted))?;
        println!("{}", record.last_line());
    }
    call_taken(&mut record, &parted.remote.world)?;
    ended(&record, &out)
}

fn tour(out: PathBuf, only: &[String]) -> Result<bool> {
    let mut record = Record::new(&out)?;
    let world = World::new(out.clone())?;
    for (name, act) in steps::ALL.iter().filter(|(name, _)| only.is_empty() || only.iter().any(|wanted| wanted == name)) {
        let screen = world.stage.screen();
        record.step(name, screen, || act(&world))?;
        println!("{}", record.last_line());
    }
    ended(&record, &out)
}

/// What the call of this tour asked of two people and of the program.
fn call_taken(record: &mut Record, world: &World) -> Result<()> {
    let call = world.call.borrow();
    let Some(line) = call.line() else { return Ok(()) };
    println!("{line}");
    record.keep("call", serde_json::to_value(&*call)?)
}

fn ended(record: &Record, out: &std::path::Path) -> Result<bool> {
    if !record.all_ok() {
        eprint!("\n{}", std::fs::read_to_string(out.join("failure.txt")).unwrap_or_default());
    }
    let (ok, all) = record.score();
    println!("{ok} of {all} steps ok; pictures and tour.json are in {}.", out.display());
    Ok(record.all_ok())
}
