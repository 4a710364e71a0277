//! `cargo xtask run` on machines that lack something. Every program that it calls is a stand-in that writes down how it was called.
#![cfg(target_os = "linux")]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const MISSING: &str = "libwebkit2gtk-4.1-dev";

/// A machine: where its programs lie, and what was called on it.
struct Machine {
    folder: PathBuf,
    variables: Vec<(&'static str, &'static str)>,
}

/// How it ended.
struct Ran {
    well: bool,
    said: String,
    called: Vec<String>,
}

impl Machine {
    /// Debian, with all packages but those of `missing`, and this user.
    fn debian(name: &str, missing: &[&str], user: u32) -> Self {
        let machine = Self::bare(name);
        machine.holds("apt-get", "");
        machine.holds("sudo", "");
        machine.holds("id", &format!("echo {user}"));
        let missing = if missing.is_empty() { "nothing" } else { &missing.join("|") };
        machine.holds("dpkg-query", &format!(r#"for one in "$@"; do case "$one" in {missing}) ;; *) echo "installed $one" ;; esac; done"#));
        machine
    }

    /// Another system: Rust, and nothing that installs.
    fn bare(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).expect("a folder");
        let machine = Self { folder, variables: Vec::new() };
        machine.holds("cargo", "");
        machine
    }

    fn with(mut self, name: &'static str, value: &'static str) -> Self {
        self.variables.push((name, value));
        self
    }

    fn holds(&self, program: &str, act: &str) {
        let file = self.folder.join(program);
        fs::write(&file, format!("#!/bin/sh\nprintf '%s\\n' \"{program} $*\" >> '{}'\n{act}\n", self.log().display())).expect("a program");
        fs::set_permissions(file, fs::Permissions::from_mode(0o755)).expect("a program");
    }

    fn log(&self) -> PathBuf {
        self.folder.join("called.txt")
    }

    fn xtask(&self, arguments: &[&str]) -> Ran {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        command.args(arguments).env_clear().env("PATH", &self.folder).env("CARGO", self.folder.join("cargo")).stdin(Stdio::null());
        let output = command.envs(self.variables.iter().copied()).output().expect("it runs");
        let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
        let log = fs::read_to_string(self.log()).unwrap_or_default();
        // What only asks changes nothing.
        let asks = |line: &&str| line.starts_with("dpkg-query") || line.starts_with("id ");
        Ran { well: output.status.success(), said, called: log.lines().filter(|line| !asks(line)).map(str::to_owned).collect() }
    }
}

#[test]
fn with_a_display_the_program_is_built_and_opened_with_what_follows_the_dashes() {
    for display in ["DISPLAY", "WAYLAND_DISPLAY"] {
        let ran = Machine::debian(display, &[], 1000).with(display, ":7").xtask(&["run", "--", "--profile", "desk"]);
        assert!(ran.well, "{}", ran.said);
        assert_eq!(ran.called, ["cargo run --package sallyport -- --profile desk"]);
    }
}

#[test]
fn without_a_display_it_says_so_takes_the_tour_and_names_the_folder_however_that_ends() {
    let machine = Machine::debian("no-display", &[], 1000).with("DISPLAY", "");
    let ran = machine.xtask(&["run"]);
    assert!(ran.well, "{}", ran.said);
    let folder = Path::new(env!("CARGO_BIN_EXE_xtask")).ancestors().nth(2).expect("the target folder").join("tour");
    let names = format!("The pictures are in {}.", folder.display());
    assert!(
        ran.said.contains("There is no display here, so the tour is shown on a virtual one.") && ran.said.contains(&names),
        "{}",
        ran.said
    );
    let last = ran.called.last().map(String::as_str).unwrap_or_default();
    assert!(last.starts_with("cargo run ") && last.ends_with(&format!("--bin tour -- --out {}", folder.display())), "{:?}", ran.called);

    machine.holds("cargo", "exit 1");
    let ran = machine.xtask(&["run"]);
    assert!(!ran.well && ran.said.contains(&names), "{}", ran.said);
}

#[test]
fn what_is_missing_is_named_and_installed_where_nobody_would_answer_or_yes_was_said() {
    let update = "apt-get update";
    let install = format!("apt-get install --yes --no-install-recommends {MISSING}");
    for (name, user, arguments, before) in [("root", 0, &["run"][..], ""), ("yes", 1000, &["run", "--yes"], "sudo ")] {
        let ran = Machine::debian(name, &[MISSING], user).with("DISPLAY", ":7").xtask(arguments);
        assert!(ran.well && ran.said.contains(&format!("These packages are missing: {MISSING}")), "{}", ran.said);
        assert_eq!(ran.called, [format!("{before}{update}"), format!("{before}{install}"), "cargo run --package sallyport --".to_owned()]);
    }
}

#[test]
fn nothing_is_installed_unasked_and_what_to_type_is_said() {
    let ran = Machine::debian("unasked", &[MISSING], 1000).with("DISPLAY", ":7").xtask(&["run"]);
    assert!(!ran.well && ran.said.contains(&format!("sudo apt-get install {MISSING}")), "{}", ran.said);
    assert_eq!(ran.called, [""; 0]);
}

#[test]
fn a_failed_installation_ends_it() {
    let machine = Machine::debian("failed", &[MISSING], 0).with("DISPLAY", ":7");
    machine.holds("apt-get", "exit 100");
    let ran = machine.xtask(&["run"]);
    assert!(!ran.well && ran.said.contains("`apt-get update` failed"), "{}", ran.said);
    assert_eq!(ran.called, ["apt-get update"]);
}

#[test]
fn where_there_is_no_apt_the_packages_are_named_and_nothing_is_tried() {
    let ran = Machine::bare("no-apt").with("DISPLAY", ":7").xtask(&["run"]);
    assert!(!ran.well && ran.said.contains("This machine has no apt") && ran.said.contains(MISSING), "{}", ran.said);
    assert_eq!(ran.called, [""; 0]);
}
