//! What each command does, as stages that stop at the first failure.

use crate::Done;
use crate::bundle::{Build, bundle};
use crate::cargo::{cargo, cargo_with, root, run as call, target};
use crate::packages::try_out;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

/// Builds the program and opens its window.
pub(crate) fn run(arguments: &[String]) -> Done {
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    cargo(&[&["run", "--package", "sallyport", "--"], arguments.as_slice()].concat())
}

/// Everything that has to hold before a change is given away.
pub(crate) fn test(schemathesis: &Path) -> Done {
    let mut stages = Stages::default();
    stages.stage("formatting", format)?;
    stages.stage("clippy", clippy)?;
    stages.stage("bindings", || bindings(&["--check"]))?;
    stages.stage("types of the page", types)?;
    stages.stage("tests of the page", page)?;
    // Cargo builds a program for the tests of its own package only: the window's tests would find none, or an old one.
    stages.stage("the program", || cargo(&["build", "--package", "sallyport", "--package", "sallyport-verify", "--package", "server"]))?;
    stages.stage("cargo test", || cargo(&["test", "--workspace"]))?;
    stages.stage("API", || api(schemathesis))?;
    stages.stage("packages", packages)?;
    stages.stage("tour and gallery", || tour_and_gallery(&target().join("tour"), &target().join("gallery")))?;
    stages.stage("remote tour", || tour(&target().join("tour-remote"), &["--remote"]))?;
    stages.stage("offline tour", || tour(&target().join("tour-offline"), &["--offline"]))?;
    stages.summary();
    Ok(())
}

/// The quick part of the tests.
pub(crate) fn check() -> Done {
    let mut stages = Stages::default();
    stages.stage("formatting", format)?;
    stages.stage("clippy", clippy)?;
    stages.stage("types of the page", types)?;
    stages.summary();
    Ok(())
}

/// Drives the real window through the main job: on this computer alone, against a server (`--remote`), or cut off it (`--offline`).
pub(crate) fn tour(folder: &Path, which: &[&str]) -> Done {
    // The folder is meant from where the person stands, not from the top of the repository.
    let folder = std::path::absolute(folder).map_err(|error| error.to_string())?;
    cargo(&["build", "--package", "sallyport", "--package", "sallyport-verify", "--package", "server"])?;
    let folder = folder.display().to_string();
    cargo(&[&["run", "--quiet", "--package", "sallyport-tests", "--bin", "tour", "--"], which, &["--out", &folder]].concat())
}

/// The tour, and beside it a look at every screen. Each has a display and a home of its own, and mostly waits for its window.
fn tour_and_gallery(tour: &Path, gallery: &Path) -> Done {
    cargo(&["build", "--package", "sallyport-tests", "--bin", "tour", "--bin", "gallery"])?;
    let walk = |name: &str, folder: &Path| {
        let mut walk = Command::new(target().join("debug").join(name));
        call(walk.arg("--out").arg(folder), name)
    };
    std::thread::scope(|scope| {
        let looked = scope.spawn(|| walk("gallery", gallery));
        let toured = walk("tour", tour);
        let looked = looked.join().unwrap_or_else(|_| Err("The gallery broke off.".to_owned()));
        toured.and(looked)
    })
}

/// Measures the release build.
pub(crate) fn bench(groups: &[&str]) -> Done {
    cargo(&["build", "--release", "--package", "sallyport", "--package", "bare", "--package", "server"])?;
    cargo(&["build", "--release", "--package", "sallyport-tests", "--bin", "bench"])?;
    let mut bench = Command::new(target().join("release/bench"));
    call(bench.args(groups).env("SALLYPORT_BENCH_OUT", target().join("bench.json")), "bench")
}

/// Writes the page's side of the commands, or compares it.
pub(crate) fn bindings(arguments: &[&str]) -> Done {
    cargo(&[&["run", "--quiet", "--package", "sallyport-tests", "--bin", "bindings", "--"], arguments].concat())
}

/// Asks a real server at random whether it answers as it says.
fn api(schemathesis: &Path) -> Done {
    let program = schemathesis.display().to_string();
    let test = ["test", "--quiet", "--package", "sallyport-tests", "--test", "server", "--", "at_random", "--nocapture"];
    cargo_with(&[("SALLYPORT_SCHEMATHESIS", &program)], &test)
}

/// Makes packages of the program that was built for the tests, and tries them out.
pub(crate) fn packages() -> Done {
    try_out(&bundle(Build::Debug)?)
}

/// Writes the licences of what the program is built from.
pub(crate) fn licences() -> Done {
    cargo(&["run", "--quiet", "--package", "sallyport-tests", "--bin", "licences"])
}

fn format() -> Done {
    cargo(&["fmt", "--all", "--check"]).map_err(|_| "The formatting differs: `cargo fmt --all` puts it right.".to_owned())
}

fn clippy() -> Done {
    cargo(&["clippy", "--workspace", "--all-targets", "--", "--deny", "warnings"])
}

fn types() -> Done {
    let folder = page_tools()?;
    call(Command::new("npx").args(["--no-install", "tsc", "--project", "."]).current_dir(folder), "tsc")
}

fn page() -> Done {
    call(Command::new("node").arg("--test").current_dir(page_tools()?), "node --test")
}

// The tools are installed as the lock file says, once for each lock file.
fn page_tools() -> Done<PathBuf> {
    let folder = root().join("tests/ui");
    let installed = modified(&folder.join("node_modules/.package-lock.json"));
    if installed.is_none() || installed < modified(&folder.join("package-lock.json")) {
        call(Command::new("npm").args(["ci", "--no-audit", "--no-fund"]).current_dir(&folder), "npm ci")?;
    }
    Ok(folder)
}

fn modified(file: &Path) -> Option<std::time::SystemTime> {
    file.metadata().ok()?.modified().ok()
}

#[derive(Default)]
struct Stages {
    done: Vec<(String, bool, f32)>,
}

impl Stages {
    fn stage(&mut self, name: &str, act: impl FnOnce() -> Done) -> Done {
        println!("\n== {name}");
        #[allow(clippy::disallowed_methods, reason = "the person waits in real time")]
        let start = Instant::now();
        let done = act();
        self.done.push((name.to_owned(), done.is_ok(), start.elapsed().as_secs_f32()));
        if done.is_err() {
            self.summary();
        }
        done.map_err(|sentence| format!("Stopped at “{name}”: {sentence}"))
    }

    // The last line has cargo test's form: whoever reads the log by machine knows it.
    fn summary(&self) {
        println!();
        for (name, ok, seconds) in &self.done {
            println!("{name:<20} {:<7} {seconds:>7.1} s", if *ok { "ok" } else { "FAILED" });
        }
        let passed = self.done.iter().filter(|(_, ok, _)| *ok).count();
        let failed = self.done.len() - passed;
        let seconds: f32 = self.done.iter().map(|(_, _, seconds)| seconds).sum();
        let verdict = if failed == 0 { "ok" } else { "FAILED" };
        println!(
            "test result: {verdict}. {passed} passed; {failed} failed; 0 ignored; 0 measured; 0 filtered out; finished in {seconds:.2}s"
        );
    }
}
