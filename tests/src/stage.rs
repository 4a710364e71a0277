//! A computer of its own for a test: home folder, screen, message bus and clock.

use crate::program::{spawn, wait};
use crate::services::{Bus, Keyring, LoginManager};
use crate::{Clock, Error, Program, Result, Screen, built_program};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};
use tempfile::TempDir;

/// A private computer. All that runs on it ends, and its files are deleted, when it is dropped.
#[derive(Debug)]
pub struct Stage {
    bus: Bus,
    // A bus of the whole computer, so that nothing asks the machine's own: that one can fall asleep.
    system_bus: Bus,
    screen: Screen,
    clock: Option<Clock>,
    language: String,
    /// What the environment has instead of its usual; `None` is nothing.
    instead: Vec<(String, Option<String>)>,
    // Last, so that nothing is still writing there when it goes.
    folder: TempDir,
}

impl Stage {
    /// A computer with a clock that can be moved.
    pub fn new() -> Result<Self> {
        let mut stage = Self::with_real_clock()?;
        stage.clock = Some(Clock::new(stage.folder.path())?);
        Ok(stage)
    }

    /// A computer on real time, where nothing slows the program down: for measuring.
    pub fn with_real_clock() -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("sallyport-").tempdir()?;
        for part in ["home", "data", "config", "cache", "state", "runtime", "tmp", "screen"] {
            std::fs::create_dir(folder.path().join(part))?;
        }
        let runtime = folder.path().join("runtime");
        std::fs::set_permissions(&runtime, std::os::unix::fs::PermissionsExt::from_mode(0o700))?;
        let bus = Bus::start(&runtime, &folder.path().join("bus.conf"))?;
        let system_bus = Bus::start(&runtime, &folder.path().join("system-bus.conf"))?;
        let screen = Screen::new(&folder.path().join("screen"))?;
        Ok(Self { bus, system_bus, screen, clock: None, language: "en_GB.UTF-8".to_owned(), instead: Vec::new(), folder })
    }

    /// The language of the computer, as `LANG` has it. Programs started from now on see it.
    pub fn set_language(&mut self, language: &str) {
        language.clone_into(&mut self.language);
    }

    /// Sets a variable of the environment for programs started from now on, or takes it away.
    pub fn set_variable(&mut self, name: &str, value: Option<&str>) {
        self.instead.push((name.to_owned(), value.map(str::to_owned)));
    }

    /// Starts the program that was built beside this test, or the one that `SALLYPORT_BIN` names, and waits for
    /// its first window.
    pub fn start(&self, profile: &str) -> Result<Program> {
        self.start_with(&built_program("sallyport")?, &["--profile", profile])
    }

    /// Starts any Tauri program.
    pub fn start_with(&self, program: &Path, arguments: &[&str]) -> Result<Program> {
        Program::start(&mut self.command(program, arguments), &self.output())
    }

    /// Starts the program where it should not stay (a second start of a profile, a wrong argument) and waits until
    /// it has ended.
    pub fn start_in_vain(&self, arguments: &[&str]) -> Result<ExitStatus> {
        let program = built_program("sallyport")?;
        wait(&mut spawn(&mut self.command(&program, arguments), &self.output())?)
    }

    fn command(&self, program: &Path, arguments: &[&str]) -> Command {
        let mut command = Command::new(program);
        command.args(arguments).env_clear().envs(self.variables()).current_dir(self.home());
        command
    }

    /// What the program has written to standard output and error. It lies in the stage's folder too.
    pub fn output(&self) -> PathBuf {
        self.folder.path().join("output.txt")
    }

    /// What is on the screen, and the hands on keyboard and mouse.
    pub fn screen(&self) -> &Screen {
        &self.screen
    }

    /// The clock on the wall.
    pub fn clock(&self) -> Result<&Clock> {
        self.clock.as_ref().ok_or_else(|| Error::said("This stage runs on real time."))
    }

    /// Everything that the program could have written to, temporary files and caches included.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The folder for what a person saves.
    pub fn home(&self) -> PathBuf {
        self.folder.path().join("home")
    }

    /// Whether the bus is still there: when not, what follows would be about the test and not the program.
    pub fn is_sound(&mut self) -> bool {
        self.bus.is_running() && self.system_bus.is_running() && self.screen.is_running()
    }

    /// Starts a real keyring on the bus of this computer, open, and waits until it answers.
    pub fn keyring(&self) -> Result<Keyring> {
        Keyring::start(&self.bus, self.variables())
    }

    /// Locks the keyring, as its owner may.
    pub fn lock_keyring(&self) -> Result<()> {
        Keyring::lock(&self.bus)
    }

    /// Starts a login manager, and waits until it answers.
    pub fn login_manager(&self) -> Result<LoginManager> {
        LoginManager::start(&self.system_bus)
    }

    /// The computer is about to sleep: waits until `program`, which held sleep back, lets it go.
    pub fn fall_asleep(&self, manager: &LoginManager, program: &str) -> Result<()> {
        manager.wait_for_delay(&self.system_bus, program, true)?;
        manager.announce(&self.system_bus, true)?;
        manager.wait_for_delay(&self.system_bus, program, false)
    }

    /// The computer is awake again: waits until `program` holds the next sleep back.
    pub fn wake_up(&self, manager: &LoginManager, program: &str) -> Result<()> {
        manager.announce(&self.system_bus, false)?;
        manager.wait_for_delay(&self.system_bus, program, true)
    }

    /// The whole environment of a program here; nothing else of this process's environment reaches it.
    pub fn variables(&self) -> Vec<(String, String)> {
        let at = |part: &str| self.folder.path().join(part).display().to_string();
        let mut all: Vec<(String, String)> = [
            ("HOME", at("home")),
            ("XDG_DATA_HOME", at("data")),
            ("XDG_CONFIG_HOME", at("config")),
            ("XDG_CACHE_HOME", at("cache")),
            ("XDG_STATE_HOME", at("state")),
            ("XDG_RUNTIME_DIR", at("runtime")),
            ("TMPDIR", at("tmp")),
            ("DISPLAY", self.screen.display().to_owned()),
            ("DBUS_SESSION_BUS_ADDRESS", self.bus.address.clone()),
            ("DBUS_SYSTEM_BUS_ADDRESS", self.system_bus.address.clone()),
            ("LANG", self.language.clone()),
            ("PATH", std::env::var("PATH").unwrap_or_default()),
            ("GDK_BACKEND", "x11".to_owned()),
            ("GTK_USE_PORTAL", "0".to_owned()),
            ("NO_AT_BRIDGE", "1".to_owned()),
            ("GIO_USE_VFS", "local".to_owned()),
            ("GSETTINGS_BACKEND", "memory".to_owned()),
            ("LIBGL_ALWAYS_SOFTWARE", "1".to_owned()),
            ("WEBKIT_DISABLE_DMABUF_RENDERER", "1".to_owned()),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into();
        if let Some(clock) = &self.clock {
            all.extend(clock.variables().map(|(name, value)| (name.to_owned(), value)));
        }
        for (name, value) in &self.instead {
            all.retain(|(known, _)| known != name);
            all.extend(value.clone().map(|value| (name.clone(), value)));
        }
        all
    }
}
