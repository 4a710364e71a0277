//! The running program and its windows.

use crate::driver::{Session, free_port};
use crate::processes::{Kept, signal, tree};
use crate::{Error, PATIENCE, Page, Result, until};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};
use std::rc::Rc;

/// The program, running. Dropping it kills it.
#[derive(Debug)]
pub struct Program {
    session: Rc<Session>,
    process: Kept,
}

impl Program {
    pub(crate) fn start(command: &mut Command, output: &Path) -> Result<Self> {
        let inspector = free_port()?;
        command
            .env("TAURI_AUTOMATION", "true")
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            .env("WEBKIT_INSPECTOR_SERVER", format!("127.0.0.1:{inspector}"));
        let mut process = spawn(command, output)?;
        let session = Session::attach(inspector).map_err(|error| match process.ended() {
            Ok(Some(status)) => Error::said(format!("The program ended ({status}) before its window opened: {}", tail(output))),
            _ => Error::said(format!("{error} The program said: {}", tail(output))),
        })?;
        Ok(Self { session: Rc::new(session), process })
    }

    /// The window with this Tauri label, in which it is known to the program; waits until it is there.
    pub fn window(&self, label: &str) -> Result<Page> {
        Page::open(Rc::clone(&self.session), label)
    }

    /// The main window.
    pub fn main(&self) -> Result<Page> {
        self.window("main")
    }

    /// Waits until no window has this label.
    pub fn window_gone(&self, label: &str) -> Result<()> {
        until(PATIENCE, format!("the window “{label}” to close"), || {
            let open = Page::labels(&self.session)?;
            Ok(if open.iter().any(|(_, name)| name == label) { Err("It is still open.".to_owned()) } else { Ok(()) })
        })
    }

    /// The labels of all open windows.
    pub fn windows(&self) -> Result<Vec<String>> {
        Ok(Page::labels(&self.session)?.into_iter().map(|(_, label)| label).collect())
    }

    /// The program's process.
    pub fn id(&self) -> u32 {
        self.process.id()
    }

    /// The program's process, and those of its web pages.
    pub fn processes(&self) -> Vec<u32> {
        tree(self.id())
    }

    /// Pulls the plug: the program has no say in it.
    pub fn kill(self) -> Result<()> {
        signal("KILL", &self.id().to_string());
        self.wait().map(drop)
    }

    /// Waits until the program has ended by itself.
    pub fn wait(mut self) -> Result<ExitStatus> {
        wait(&mut self.process)
    }
}

pub(crate) fn wait(process: &mut Kept) -> Result<ExitStatus> {
    until(PATIENCE, "the program to end", || Ok(process.ended()?.ok_or_else(|| "It is still running.".to_owned())))
}

/// Starts a program whose words go to the end of a file.
pub(crate) fn spawn(command: &mut Command, output: &Path) -> Result<Kept> {
    let out = File::options().create(true).append(true).open(output)?;
    Kept::start(command.stdout(out.try_clone()?).stderr(out))
}

fn tail(output: &Path) -> String {
    let said = std::fs::read_to_string(output).unwrap_or_default();
    said.lines().rev().take(5).collect::<Vec<_>>().into_iter().rev().collect::<Vec<_>>().join(" / ")
}

/// A program of this workspace, built beside the running test. For `sallyport`, `SALLYPORT_BIN` may name another.
pub fn built_program(name: &str) -> Result<PathBuf> {
    if name == "sallyport"
        && let Some(path) = std::env::var_os("SALLYPORT_BIN")
    {
        return Ok(path.into());
    }
    let me = std::env::current_exe()?;
    let folder = me.parent().filter(|folder| !folder.ends_with("deps")).or_else(|| me.parent()?.parent());
    let program = folder.map(|folder| folder.join(name)).unwrap_or_default();
    if program.exists() {
        return Ok(program);
    }
    Err(Error::said(format!("{name} is not built: `cargo build -p {name}` builds it.")))
}
