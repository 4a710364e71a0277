//! The gallery: walks the real window through every screen, dialog and sheet, leaves a picture of each, and lets
//! axe-core look at it. It ends with status 0 only if axe found nothing and nothing stuck out of its window.
//!
//! `gallery --out DIR` does so in English, light, at the window's own size; `--all` in both languages, both themes
//! and also at the smallest size; `--only fr-dark-800` in one of these, and `--only fr-dark-800 --mail` only what is about mail.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program for the command line")]
#![allow(clippy::disallowed_methods, reason = "it says how long it took, in real time")]

mod addresses;
mod axe;
mod backups;
mod communities;
mod desk;
mod drill;
mod easel;
mod erasure;
mod evidence;
mod inside;
mod journal;
mod lists;
mod lost;
mod mail;
mod moving;
mod offline;
mod outside;
mod policies;
mod remote;
mod seeds;
mod tokens;
mod visit;
mod waiting;

use easel::Look;
use sallyport_tests::{Error, Result};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;
use visit::Visit;

fn main() -> ExitCode {
    let begin = Instant::now();
    match asked().and_then(|(out, looks, parts)| show(&out, &looks, parts)) {
        Ok(faults) => {
            println!("{} faults, {:.0} s.", faults.len(), begin.elapsed().as_secs_f32());
            if faults.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(error) => {
            eprintln!("The gallery broke off: {error}");
            ExitCode::FAILURE
        }
    }
}

/// A part of a visit.
type Part = fn(&Visit) -> Result<()>;

const ALL: &[Part] = &[outside::walk, inside::walk, seeds::walk, backups::walk, remote::walk];

fn asked() -> Result<(PathBuf, Vec<Look>, &'static [Part])> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (looks, parts): (_, &[Part]) = match arguments.as_slice() {
        ["--out", _] => (Look::named("en-light-1100"), ALL),
        ["--out", _, "--all"] => (Look::all(), ALL),
        ["--out", _, "--only", name] => (Look::named(name), ALL),
        ["--out", _, "--only", name, "--mail"] => (Look::named(name), &[mail::alone]),
        ["--out", _, "--only", name, "--addresses"] => (Look::named(name), &[addresses::alone]),
        ["--out", _, "--only", name, "--erasure"] => (Look::named(name), &[erasure::alone]),
        ["--out", _, "--only", name, "--remote"] => (Look::named(name), &[remote::walk]),
        ["--out", _, "--only", name, "--moving"] => (Look::named(name), &[moving::alone]),
        ["--out", _, "--only", name, "--tokens"] => (Look::named(name), &[tokens::alone]),
        _ => {
            return Err(Error::said(
                "it is called as: gallery --out DIR [--all | --only LOOK [--mail | --erasure | --addresses | --moving | --tokens | --remote]].",
            ));
        }
    };
    if looks.is_empty() {
        return Err(Error::said("a look is called like fr-dark-800."));
    }
    Ok((arguments[1].into(), looks, parts))
}

/// Two visits at a time: each has a computer of its own.
fn show(out: &std::path::Path, looks: &[Look], parts: &'static [Part]) -> Result<Vec<String>> {
    let mut faults = Vec::new();
    for pair in looks.chunks(2) {
        let shown: Vec<Result<Vec<String>>> = std::thread::scope(|scope| {
            let walks: Vec<_> = pair.iter().map(|look| scope.spawn(move || walk(&out.join(look.to_string()), *look, parts))).collect();
            walks.into_iter().map(|walk| walk.join().unwrap_or_else(|_| Err(Error::said("A visit broke off.")))).collect()
        });
        for found in shown {
            faults.extend(found?);
        }
    }
    Ok(faults)
}

fn walk(out: &std::path::Path, look: Look, parts: &[Part]) -> Result<Vec<String>> {
    let visit = Visit::begin(out, look)?;
    let walked = parts.iter().try_for_each(|part| part(&visit));
    if walked.is_err() {
        visit.easel.picture(&visit.stage, "broken-off")?;
    }
    let faults = visit.easel.faults();
    for fault in &faults {
        println!("{look}: {fault}");
    }
    walked?;
    println!("{look}: {} pictures in {}", visit.easel.count(), out.display());
    Ok(faults)
}
