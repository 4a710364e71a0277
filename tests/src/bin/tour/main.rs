//! The tour: drives the real window through the main job, a step at a time, and leaves numbered pictures, the
//! exported files and `tour.json` in a folder. It ends with status 0 only if every step was ok, and a step is ok
//! when something outside the program agreed.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program for the command line")]

mod desk;
mod hands;
mod lockouts;
mod people;
mod policies;
mod steps;
mod ways_in;

use people::World;
use sallyport_tests::record::Record;
use sallyport_tests::{Error, Result};
use std::path::PathBuf;
use std::process::ExitCode;

fn main() -> ExitCode {
    match out_folder().and_then(tour) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("The tour could not begin: {error}");
            ExitCode::FAILURE
        }
    }
}

fn out_folder() -> Result<PathBuf> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.as_slice() {
        [flag, folder] if flag == "--out" => Ok(folder.into()),
        _ => Err(Error::said("it needs a folder for its pictures: --out DIR.")),
    }
}

fn tour(out: PathBuf) -> Result<bool> {
    let mut record = Record::new(&out)?;
    let world = World::new(out.clone())?;
    for (name, act) in steps::ALL {
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
