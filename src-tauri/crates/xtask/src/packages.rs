//! Trying the packages out: what is in them, and that the `.deb` can be installed, started and removed.

use crate::Done;
use crate::bundle::{Packages, answer};
use crate::cargo::{cargo, cargo_with, run as call};
use crate::install::as_root;
use std::path::Path;
use std::process::Command;

const PROGRAM: &str = "/usr/bin/sallyport";
/// What either package brings, besides its papers.
const PARTS: &[&str] = &[
    PROGRAM,
    "/usr/bin/sallyport-verify",
    "/usr/share/applications/sallyport.desktop",
    "/usr/share/icons/hicolor/256x256/apps/sallyport.png",
    "/usr/share/doc/sallyport/copyright",
];

/// Looks into both packages, then installs, starts and removes the one for this system.
pub(crate) fn try_out(packages: &Packages) -> Done {
    let folder = packages.deb.parent().unwrap_or(Path::new("."));
    call(Command::new("desktop-file-validate").arg(folder.join("tree/usr/share/applications/sallyport.desktop")), "desktop-file-validate")?;
    holds("The .deb", &answer(Command::new("dpkg-deb").arg("--contents").arg(&packages.deb))?, PARTS)?;
    let needs = answer(Command::new("dpkg-deb").arg("--field").arg(&packages.deb).arg("Depends"))?;
    holds("What the .deb depends on", &needs, &["libwebkit2gtk-4.1-0", "libgtk-3-0", "libc6 (>= ", "libssl3"])?;
    let rpm = |query: &[&str]| answer(Command::new("rpm").args(["--query", "--package", "--nosignature"]).args(query).arg(&packages.rpm));
    holds("The .rpm", &rpm(&["--list"])?, PARTS)?;
    holds(
        "What the .rpm requires",
        &rpm(&["--requires"])?,
        &["libwebkit2gtk-4.1.so.0()(64bit)", "libgtk-3.so.0()(64bit)", "libssl.so.3()(64bit)"],
    )?;
    installed(&packages.deb)
}

/// Only root can install, and nobody's own installation is touched.
fn installed(deb: &Path) -> Done {
    let Some(apt) = as_root("apt-get") else {
        println!("Left out: the .deb was not installed, because this is neither root nor may it become root without a password.");
        return Ok(());
    };
    if Path::new(PROGRAM).exists() {
        println!("Left out: the .deb was not installed, because {PROGRAM} is there already.");
        return Ok(());
    }
    let apt = |arguments: &[&str], what: &Path| {
        let mut command = Command::new(&apt[0]);
        command.args(&apt[1..]).args(["--yes", "--quiet"]).args(arguments).arg(what);
        command.env("DEBIAN_FRONTEND", "noninteractive");
        call(&mut command, &format!("apt-get {}", arguments.join(" ")))
    };
    // What does not build is to leave nothing behind on this system.
    cargo(&["test", "--package", "sallyport-tests", "--test", "window", "--no-run"])?;
    apt(&["install", "--no-install-recommends", "--no-remove"], deb)?;
    let brought = answer(Command::new("dpkg").args(["--listfiles", "sallyport"]));
    let started = cargo_with(
        &[("SALLYPORT_BIN", PROGRAM)],
        &["test", "--quiet", "--package", "sallyport-tests", "--test", "window", "--", "installed::", "--nocapture"],
    );
    // Removed whatever came before.
    apt(&["purge"], Path::new("sallyport"))?;
    started?;
    let left: Vec<String> =
        brought?.lines().filter(|path| path.contains("sallyport") && Path::new(path).exists()).map(str::to_owned).collect();
    if left.is_empty() { Ok(()) } else { Err(format!("After the program was removed these were left: {}", left.join(" "))) }
}

fn holds(what: &str, text: &str, parts: &[&str]) -> Done {
    match parts.iter().find(|part| !text.contains(**part)) {
        None => Ok(()),
        Some(missing) => Err(format!("{what} lacks {missing}:\n{text}")),
    }
}
