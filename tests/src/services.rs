//! What a desktop offers its programs over D-Bus: two private buses, a keyring, and a login manager that announces sleep.

use crate::processes::Kept;
use crate::{Error, PATIENCE, Result, until};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

// Nothing can be started through these buses: a desktop portal that is installed but cannot run here would hold up
// GTK's start by 25 s, and one that does run would make a run depend on the machine.
const BUS: &str = r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:tmpdir=RUNTIME</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"#;

/// A message bus.
#[derive(Debug)]
pub(crate) struct Bus {
    daemon: Kept,
    pub(crate) address: String,
}

impl Bus {
    /// Starts one that keeps its socket in `runtime`.
    pub(crate) fn start(runtime: &Path, config: &Path) -> Result<Self> {
        std::fs::write(config, BUS.replace("RUNTIME", &runtime.display().to_string()))?;
        let mut daemon = Kept::start(
            Command::new("dbus-daemon")
                .arg(format!("--config-file={}", config.display()))
                .args(["--print-address", "--nofork"])
                .stdout(Stdio::piped())
                .stderr(Stdio::null()),
        )?;
        let address = daemon.first_line()?;
        Ok(Self { daemon, address })
    }

    pub(crate) fn is_running(&mut self) -> bool {
        self.daemon.is_running()
    }

    /// Waits until somebody owns the name: nothing is to ask for it before.
    fn wait_for(&self, name: &str) -> Result<()> {
        let seconds = PATIENCE.as_secs().to_string();
        self.tool(&["wait", "--address", &self.address, "--timeout", &seconds, name]).map(drop)
    }

    fn call(&self, name: &str, object: &str, method: &str, arguments: &[&str]) -> Result<String> {
        self.tool(&[&["call", "--address", &self.address, "-d", name, "-o", object, "-m", method], arguments].concat())
    }

    fn tool(&self, arguments: &[&str]) -> Result<String> {
        let output = Command::new("gdbus")
            .args(arguments)
            .stdin(Stdio::null())
            .output()
            .map_err(|error| Error::said(format!("gdbus cannot be started: {error}.")))?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
        }
        Err(Error::said(format!("gdbus failed: {}", String::from_utf8_lossy(&output.stderr).trim())))
    }
}

/// A real keyring, open: gnome-keyring-daemon. It ends when it is dropped.
#[derive(Debug)]
pub struct Keyring(#[expect(dead_code, reason = "held so that it ends with this")] Kept);

impl Keyring {
    pub(crate) fn start(bus: &Bus, environment: Vec<(String, String)>) -> Result<Self> {
        let mut command = Command::new("gnome-keyring-daemon");
        command.args(["--foreground", "--unlock", "--components=secrets"]).env_clear().envs(environment);
        let mut daemon = Kept::start_told(command.stdout(Stdio::null()).stderr(Stdio::null()))?;
        daemon.hear(|input| input.write_all(b"the keyring of the stage"))?;
        bus.wait_for("org.freedesktop.secrets")?;
        Ok(Self(daemon))
    }
}

impl Keyring {
    pub(crate) fn lock(bus: &Bus) -> Result<()> {
        const SECRETS: &str = "org.freedesktop.secrets";
        let all = "[objectpath '/org/freedesktop/secrets/collection/login']";
        bus.call(SECRETS, "/org/freedesktop/secrets", "org.freedesktop.Secret.Service.Lock", &[all]).map(drop)
    }
}

/// A login manager that announces sleep: python3-dbusmock's logind. It ends when it is dropped.
#[derive(Debug)]
pub struct LoginManager {
    _mock: Kept,
}

const LOGIND: &str = "org.freedesktop.login1";
const LOGIND_OBJECT: &str = "/org/freedesktop/login1";

impl LoginManager {
    pub(crate) fn start(bus: &Bus) -> Result<Self> {
        // The system's Python: the package is there, and not in one that somebody installed beside it.
        let mock = Kept::start(
            Command::new("/usr/bin/python3")
                .args(["-m", "dbusmock", "--system", "--template", "logind"])
                .env("DBUS_SYSTEM_BUS_ADDRESS", &bus.address)
                .env("DBUS_SESSION_BUS_ADDRESS", &bus.address)
                .stdout(Stdio::null())
                .stderr(Stdio::null()),
        )?;
        bus.wait_for(LOGIND)?;
        Ok(Self { _mock: mock })
    }

    /// Says that the computer is about to sleep, or that it is awake again.
    pub(crate) fn announce(&self, bus: &Bus, sleep: bool) -> Result<()> {
        let interface = format!("{LOGIND}.Manager");
        let arguments = [interface.as_str(), "PrepareForSleep", "b", if sleep { "[<true>]" } else { "[<false>]" }];
        bus.call(LOGIND, LOGIND_OBJECT, "org.freedesktop.DBus.Mock.EmitSignal", &arguments).map(drop)
    }

    /// Waits until somebody holds sleep back under this name, or nobody does any more.
    pub(crate) fn wait_for_delay(&self, bus: &Bus, by: &str, held: bool) -> Result<()> {
        until(PATIENCE, format!("sleep {} by {by}", if held { "to be held back" } else { "to be let go" }), || {
            let listed = bus.call(LOGIND, LOGIND_OBJECT, &format!("{LOGIND}.Manager.ListInhibitors"), &[])?;
            let holds = listed.contains(&format!("('sleep', '{by}', ")) && listed.contains("'delay'");
            Ok(if holds == held { Ok(()) } else { Err(format!("logind lists: {}", listed.trim())) })
        })
    }
}
