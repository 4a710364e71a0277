//! Runs, tests and measures the project. It leans on nothing, so that it builds on a machine that has only Rust.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program for the command line")]

mod bundle;
mod cargo;
mod disk;
mod display;
mod install;
mod packages;
mod serve;
mod stages;

use std::path::PathBuf;
use std::process::ExitCode;

const HELP: &str = "\
cargo xtask <command>

  run [-- ARGS]    installs what is missing, builds the program and opens its window
                   (without a display: shows the tour on a virtual one)
  test             installs what is missing and runs every check, the tour last
  tour --out DIR   drives the real window through the main job; pictures and tour.json go to DIR
                   (tour --remote --out DIR: against a server, with two windows;
                   tour --offline --out DIR: a recovery code without the network)
  bench [GROUP]    measures the release build against a bare window; writes target/bench.json
  serve            starts the server for trying out, with a PostgreSQL of its own under target/serve
  check            formatting, clippy and the types of the JavaScript; quick
  bundle [--debug] makes a .deb and an .rpm of the program, in target/bundle
  packages         makes both of the debug build and tries them out: contents, install, start, remove
  licences         writes the licences of what the program is built from
  bindings         writes the page's side of the commands from Rust (--check: fails if it differs)

  --yes            installs without asking (so does CI=1)
";

/// A command that did not do what it should, and why, as a sentence.
pub(crate) type Done<T = ()> = Result<T, String>;

fn main() -> ExitCode {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let rest = arguments.iter().position(|one| one == "--").map(|at| arguments.split_off(at)[1..].to_vec()).unwrap_or_default();
    let before = arguments.len();
    arguments.retain(|one| one != "--yes");
    let asks = if arguments.len() < before { install::Asks::Never } else { install::Asks::IfSomebodyIsThere };
    match dispatch(&arguments, &rest, asks) {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("\n{sentence}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(arguments: &[String], rest: &[String], asks: install::Asks) -> Done {
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        [] | ["help" | "--help" | "-h"] => {
            print!("{HELP}");
            Ok(())
        }
        ["run"] => {
            if display::is_there() {
                install::make_sure_of(install::WINDOW, asks)?;
                disk::make_sure_of(disk::PROGRAM)?;
                return stages::run(rest);
            }
            let pictures = cargo::target().join("tour");
            println!("There is no display here, so the tour is shown on a virtual one.");
            install::make_sure_of(install::TESTS, asks)?;
            disk::make_sure_of(disk::PROGRAM)?;
            let toured = stages::tour(&pictures, &[]);
            println!("The pictures are in {}.", pictures.display());
            toured
        }
        ["test"] => {
            install::make_sure_of(install::TESTS, asks)?;
            disk::make_sure_of(disk::TESTS)?;
            let schemathesis = install::schemathesis(asks)?;
            stages::test(&schemathesis)
        }
        ["tour", "--out", folder] => {
            install::make_sure_of(install::TESTS, asks)?;
            stages::tour(&PathBuf::from(folder), &[])
        }
        ["tour", which @ ("--remote" | "--offline"), "--out", folder] => {
            install::make_sure_of(install::TESTS, asks)?;
            stages::tour(&PathBuf::from(folder), &[which])
        }
        ["tour"] => Err("The tour needs a folder for its pictures: cargo xtask tour --out DIR".to_owned()),
        ["bench", groups @ ..] => {
            install::make_sure_of(install::TESTS, asks)?;
            stages::bench(groups)
        }
        ["serve"] => {
            install::make_sure_of(install::SERVER, asks)?;
            disk::make_sure_of(disk::PROGRAM)?;
            serve::serve()
        }
        ["bundle"] => {
            install::make_sure_of(install::BUNDLE, asks)?;
            bundle::bundle(bundle::Build::Release).map(drop)
        }
        ["bundle", "--debug"] => {
            install::make_sure_of(install::BUNDLE, asks)?;
            bundle::bundle(bundle::Build::Debug).map(drop)
        }
        ["packages"] => {
            install::make_sure_of(install::TESTS, asks)?;
            stages::packages()
        }
        ["licences"] => stages::licences(),
        ["check"] => stages::check(),
        ["bindings"] => stages::bindings(&[]),
        ["bindings", "--check"] => stages::bindings(&["--check"]),
        [unknown, ..] => Err(format!("There is no command “{unknown}” of this form.\n\n{HELP}")),
    }
}
