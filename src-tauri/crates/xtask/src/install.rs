//! Installing what the machine lacks.

use crate::Done;
use crate::cargo::{root, run, target};
use std::io::{BufRead, IsTerminal, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// What building and opening the window takes.
pub(crate) const WINDOW: &[&[&str]] = &[BUILD];
/// What the tests take.
pub(crate) const TESTS: &[&[&str]] = &[BUILD, WITNESSES, PACKAGES];
/// What making packages takes.
pub(crate) const BUNDLE: &[&[&str]] = &[BUILD, PACKAGES];

/// What the server for trying out takes.
pub(crate) const SERVER: &[&[&str]] = &[SERVES];

/// A certificate is made with `openssl`.
const SERVES: &[&str] = &["build-essential", "openssl", "postgresql"];

/// `rpm` writes and reads the .rpm, `desktop-file-utils` judges the entry in the desktop's menu, `dpkg-dev` finds what the .deb depends on.
const PACKAGES: &[&str] = &["desktop-file-utils", "dpkg-dev", "rpm"];

const BUILD: &[&str] = &["build-essential", "libgtk-3-dev", "librsvg2-dev", "libssl-dev", "libwebkit2gtk-4.1-dev", "pkg-config"];
/// A mail server, which the tests run as a private process. As the package sets it up it listens on the loopback interface
/// alone, and delivers among the accounts of the machine.
const EXIM: &str = "exim4-daemon-light";

const WITNESSES: &[&str] = &[
    "age",
    "at-spi2-core",
    "dbus",
    "dbus-x11",
    EXIM,
    "faketime",
    "fonts-dejavu-core",
    "fonts-noto-color-emoji",
    // The tests run a RADIUS server of their own that asks ours, in a private folder. The one that the package sets up is left alone.
    "freeradius",
    "freeradius-rest",
    "freeradius-utils",
    "gnome-keyring",
    "imagemagick",
    "libfaketime",
    // gdbus: waits for a name on a bus.
    "libglib2.0-bin",
    "oathtool",
    "poppler-utils",
    // The tests of the server start databases of their own with its programs, and leave alone the one that it sets up.
    "postgresql",
    "python3",
    "python3-argon2",
    "python3-cryptography",
    // A login manager that announces sleep.
    "python3-dbusmock",
    // What asks the server's API at random is installed from PyPI, in a folder of its own under target.
    "python3-venv",
    "sqlite3",
    "webkit2gtk-driver",
    "x11-utils",
    "xclip",
    "xdotool",
    "xvfb",
    "zbar-tools",
];

/// Whether to ask before something is installed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asks {
    /// `--yes` was given.
    Never,
    /// Ask, unless this is CI or root, where nobody would answer.
    IfSomebodyIsThere,
}

/// Installs those packages that are missing. Does nothing, quickly, when all are there.
pub(crate) fn make_sure_of(groups: &[&[&'static str]], asks: Asks) -> Done {
    let mut wanted: Vec<&str> = groups.concat();
    // A machine may have Node from elsewhere; the package would fight with it.
    if groups.contains(&WITNESSES) {
        wanted.extend(["node", "npm"].iter().zip(["nodejs", "npm"]).filter(|(program, _)| !on_path(program)).map(|(_, package)| package));
    }
    // Debian has one mail server at a time: somebody's own is not pushed out for a test. On a CI machine it is nobody's.
    let another = std::path::Path::new("/usr/sbin/sendmail").exists() && !std::path::Path::new("/usr/sbin/exim4").exists();
    if wanted.contains(&EXIM) && another && std::env::var_os("CI").is_none() {
        println!("This machine has a mail server of its own, which {EXIM} would replace: the tests of mail will not run here.");
        wanted.retain(|package| *package != EXIM);
    }
    if !on_path("apt-get") || !on_path("dpkg-query") {
        return elsewhere(&wanted);
    }
    let missing: Vec<&str> = without_installed(wanted);
    if missing.is_empty() {
        return Ok(());
    }
    println!("These packages are missing: {}", missing.join(" "));
    let root = is_root();
    let unattended = asks == Asks::Never || root || std::env::var_os("CI").is_some();
    if !unattended && !agreed()? {
        return Err(format!("Nothing was installed. To do it by hand: sudo apt-get install {}", missing.join(" ")));
    }
    apt(root, &["update"])?;
    apt(root, &[&["install", "--yes", "--no-install-recommends"], missing.as_slice()].concat())
}

/// Schemathesis and what it leans on, in an environment of its own: where its program is. Made once for each list of requirements.
pub(crate) fn schemathesis(asks: Asks) -> Done<PathBuf> {
    let (folder, list) = (target().join("api"), root().join("tests/api/requirements.txt"));
    let (wanted, noted) = (std::fs::read(&list).map_err(|error| error.to_string())?, folder.join("requirements.txt"));
    let program = folder.join("bin/schemathesis");
    if program.is_file() && std::fs::read(&noted).is_ok_and(|there| there == wanted) {
        return Ok(program);
    }
    println!("Schemathesis is missing: it comes from PyPI as tests/api/requirements.txt says, into {}.", folder.display());
    let unattended = asks == Asks::Never || is_root() || std::env::var_os("CI").is_some();
    if !unattended && !agreed()? {
        return Err("Nothing was installed, and the API is not asked at random without it.".to_owned());
    }
    run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder), "python3 -m venv")?;
    let mut pip = Command::new(folder.join("bin/pip"));
    run(pip.args(["install", "--quiet", "--disable-pip-version-check", "--requirement"]).arg(&list), "pip install")?;
    std::fs::write(&noted, wanted).map_err(|error| error.to_string())?;
    Ok(program)
}

// Without apt nothing is installed; what is found is said, so that the build's own words come as no surprise.
fn elsewhere(wanted: &[&str]) -> Done {
    let webkit = Command::new("pkg-config").args(["--exists", "webkit2gtk-4.1"]).status().is_ok_and(|status| status.success());
    let tests = wanted.contains(&"xvfb");
    let tools = [
        "Xvfb",
        "WebKitWebDriver",
        "xdotool",
        "zbarimg",
        "oathtool",
        "age",
        "sqlite3",
        "dbus-daemon",
        "import",
        "pdftotext",
        "gnome-keyring-daemon",
        "node",
        "npm",
    ];
    if webkit && (!tests || tools.iter().all(|tool| on_path(tool))) {
        return Ok(());
    }
    Err(format!(
        "This machine has no apt, so nothing was installed. Install what your system calls these Debian packages, then try again:\n  {}",
        wanted.join(" ")
    ))
}

fn without_installed(mut wanted: Vec<&str>) -> Vec<&str> {
    let output =
        Command::new("dpkg-query").args(["-W", "-f", "${db:Status-Status} ${Package}\\n"]).args(&wanted).stderr(Stdio::null()).output();
    let listed = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    let installed: Vec<&str> = listed.lines().filter_map(|line| line.strip_prefix("installed ")).collect();
    wanted.retain(|package| !installed.contains(package));
    wanted
}

fn agreed() -> Done<bool> {
    if !std::io::stdin().is_terminal() {
        return Ok(false);
    }
    print!("Install them now? [y/N] ");
    std::io::stdout().flush().map_err(|error| error.to_string())?;
    let mut answer = String::new();
    std::io::stdin().lock().read_line(&mut answer).map_err(|error| error.to_string())?;
    Ok(["y", "yes"].contains(&answer.trim().to_lowercase().as_str()))
}

fn apt(root: bool, arguments: &[&str]) -> Done {
    let mut command = if root { Command::new("apt-get") } else { Command::new("sudo") };
    if !root {
        command.arg("apt-get");
    }
    command.env("DEBIAN_FRONTEND", "noninteractive").args(arguments);
    crate::cargo::run(&mut command, &format!("apt-get {}", arguments.join(" ")))
}

/// A command and its first arguments, as root runs it; `None` where this is not root and asking would take a password.
pub(crate) fn as_root(program: &str) -> Option<Vec<String>> {
    if !on_path(program) {
        return None;
    }
    if is_root() {
        return Some(vec![program.to_owned()]);
    }
    let may = Command::new("sudo").args(["-n", "true"]).stderr(Stdio::null()).status().is_ok_and(|status| status.success());
    may.then(|| ["sudo", "-n", program].map(str::to_owned).to_vec())
}

pub(crate) fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

fn on_path(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}
