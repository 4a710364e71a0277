//! The running program and its windows.

use crate::driver::Session;
use crate::processes::{running, signal, tree};
use crate::{Error, PATIENCE, Page, Result, until};
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// The program, running. Dropping it kills it.
#[derive(Debug)]
pub struct Program {
    session: Rc<Session>,
    display: String,
    id: u32,
}

impl Program {
    pub(crate) fn start(program: &Path, arguments: &[&str], variables: Vec<(String, String)>, display: &str) -> Result<Self> {
        let program = program.canonicalize()?;
        let session = Session::start(&program, arguments, variables)?;
        let id = running(session.process(), &program)
            .ok_or_else(|| Error::said(format!("{} is not running after its start.", program.display())))?;
        Ok(Self { session: Rc::new(session), display: display.to_owned(), id })
    }

    /// The window with this Tauri label, in which it is known to the program; waits until it is there.
    pub fn window(&self, label: &str) -> Result<Page> {
        Page::open(Rc::clone(&self.session), label, &self.display)
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
        self.id
    }

    /// The program's process, and those of its web pages.
    pub fn processes(&self) -> Vec<u32> {
        tree(self.id)
    }

    /// Pulls the plug: the program has no say in it.
    pub fn kill(self) -> Result<()> {
        signal("KILL", &self.id.to_string());
        self.wait()
    }

    /// Closes it as the end of the session does, and waits until it is gone.
    pub fn close(self) -> Result<()> {
        self.session.end()?;
        self.wait()
    }

    /// Waits until the program has ended by itself.
    pub fn wait(self) -> Result<()> {
        until(PATIENCE, "the program to end", || {
            // A process that ended but was not collected is a folder in /proc without a program behind it.
            let alive = std::fs::read_link(format!("/proc/{}/exe", self.id)).is_ok();
            Ok(if alive { Err("It is still running.".to_owned()) } else { Ok(()) })
        })
    }
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
