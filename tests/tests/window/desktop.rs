//! The desktop's own colours: asked through its portal, which may be of any humour.

use sallyport_tests::{Page, Program, Result, Stage, button, combobox, until};
use serde_json::json;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};

const NAME: &str = "org.freedesktop.portal.Desktop";
const OBJECT: &str = "/org/freedesktop/portal/desktop";
const SETTINGS: &str = "org.freedesktop.portal.Settings";

/// A desktop portal that answers with this Python statement.
struct Portal<'a> {
    stage: &'a Stage,
    process: Child,
}

impl<'a> Portal<'a> {
    fn start(stage: &'a Stage, answer: &str) -> Result<Self> {
        let process = Command::new("/usr/bin/python3")
            .args(["-m", "dbusmock", "--session", NAME, OBJECT, SETTINGS])
            .envs(stage.variables())
            .env_remove("LD_PRELOAD")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let portal = Self { stage, process };
        portal.gdbus(&["wait", "--session", "--timeout", "15", NAME])?;
        portal.call("AddMethod", &[SETTINGS, "Read", "ss", "v", answer])?;
        Ok(portal)
    }

    fn changes(&self, scheme: u32) -> Result<()> {
        let words = format!("[<'org.freedesktop.appearance'>, <'color-scheme'>, <<uint32 {scheme}>>]");
        self.call("EmitSignal", &[SETTINGS, "SettingChanged", "ssv", &words])
    }

    fn call(&self, method: &str, arguments: &[&str]) -> Result<()> {
        let method = format!("org.freedesktop.DBus.Mock.{method}");
        self.gdbus(&[&["call", "--session", "-d", NAME, "-o", OBJECT, "-m", &method][..], arguments].concat())
    }

    fn gdbus(&self, arguments: &[&str]) -> Result<()> {
        let output = Command::new("gdbus").args(arguments).envs(self.stage.variables()).env_remove("LD_PRELOAD").output()?;
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        if output.status.success() { Ok(()) } else { Err(sallyport_tests::Error::said(format!("gdbus {arguments:?}: {said}"))) }
    }
}

impl Drop for Portal<'_> {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn is_dark(main: &Page, dark: bool) -> Result<()> {
    until(sallyport_tests::PATIENCE, format!("dark to be {dark}"), || {
        let ground = main.script("return getComputedStyle(document.documentElement).backgroundColor", json!([]))?;
        Ok(if (ground == "rgb(20, 26, 26)") == dark { Ok(()) } else { Err(format!("The ground is {ground}.")) })
    })
}

/// Starts the program, and whether as much of the screen as a window has was ever light until its page stood.
fn start_watched(stage: &Stage, profile: &str) -> Result<(Program, bool)> {
    let (screen, done) = (stage.screen(), AtomicBool::new(false));
    let light = |pixels: Vec<u8>| pixels.iter().filter(|green| **green > 200).count() > 400_000;
    std::thread::scope(|scope| {
        let watch = scope.spawn(|| {
            let mut flashed = false;
            while !done.load(Ordering::Relaxed) {
                flashed |= screen.pixels().is_ok_and(light);
            }
            flashed
        });
        let started = stage.start(profile).and_then(|program| {
            program.main()?.see(button("Create a workspace"))?;
            Ok(program)
        });
        done.store(true, Ordering::Relaxed);
        Ok((started?, watch.join().unwrap_or(true)))
    })
}

#[test]
fn as_the_system_means_the_desktops_colours_and_follows_them_and_a_choice_stands_above() -> Result<()> {
    let stage = Stage::new()?;
    let portal = Portal::start(&stage, "ret = dbus.UInt32(1, variant_level=1)")?;
    let (program, flashed) = start_watched(&stage, "colours")?;
    assert!(!flashed, "the window was light before it was dark");
    let main = program.main()?;
    main.see(button("Create a workspace"))?;
    is_dark(&main, true)?;
    portal.changes(2)?;
    is_dark(&main, false)?;
    portal.changes(1)?;
    is_dark(&main, true)?;
    main.choose(combobox("Colours"), "Light")?;
    is_dark(&main, false)?;
    portal.changes(0)?;
    portal.changes(1)?;
    main.choose(combobox("Colours"), "As the system")?;
    is_dark(&main, true)
}

#[test]
fn a_portal_that_knows_no_colours_yet_is_heard_when_it_does() -> Result<()> {
    let stage = Stage::new()?;
    let portal = Portal::start(&stage, "raise dbus.exceptions.DBusException('not yet', name='org.freedesktop.portal.Error.NotFound')")?;
    let (program, light) = start_watched(&stage, "later")?;
    assert!(light, "the screen is watched in vain");
    portal.changes(1)?;
    is_dark(&program.main()?, true)
}

#[test]
fn a_portal_that_never_answers_holds_nothing_up() -> Result<()> {
    let stage = Stage::new()?;
    let _portal = Portal::start(&stage, "import time; time.sleep(3600)")?;
    let program = stage.start("silence")?;
    let main = program.main()?;
    main.see(button("Create a workspace"))?;
    is_dark(&main, false)
}
