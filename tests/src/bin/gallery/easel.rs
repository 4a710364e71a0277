//! Where pictures are made: the look of the windows, their sizes, and the files.

use crate::axe;
use sallyport_tests::{Error, PATIENCE, Page, Result, Stage, until};
use std::cell::{Cell, RefCell};
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Command;

const SCREEN: (u32, u32) = (1280, 900);
const SHEET: (u32, u32) = (640, 640);
/// The smallest that the sheet can be made.
const SMALL_SHEET: (u32, u32) = (560, 560);

/// One way to look at the program.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Look {
    pub(crate) french: bool,
    pub(crate) dark: bool,
    pub(crate) small: bool,
}

impl Look {
    pub(crate) fn all() -> Vec<Self> {
        (0..8).map(|number| Self { french: number & 4 != 0, dark: number & 2 != 0, small: number & 1 != 0 }).collect()
    }

    pub(crate) fn named(name: &str) -> Vec<Self> {
        Self::all().into_iter().filter(|look| look.to_string() == name).collect()
    }

    fn size(self) -> (u32, u32) {
        if self.small { (800, 600) } else { (1100, 760) }
    }
}

impl fmt::Display for Look {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = |yes, one, other| if yes { one } else { other };
        write!(f, "{}-{}-{}", word(self.french, "fr", "en"), word(self.dark, "dark", "light"), self.size().0)
    }
}

#[derive(Debug)]
pub(crate) struct Easel {
    out: PathBuf,
    look: Look,
    count: Cell<usize>,
    faults: RefCell<Vec<String>>,
}

impl Easel {
    /// Pictures of an earlier visit go.
    pub(crate) fn new(out: &Path, look: Look) -> Result<Self> {
        std::fs::create_dir_all(out)?;
        for file in std::fs::read_dir(out)?.flatten().filter(|file| file.path().extension().is_some_and(|end| end == "png")) {
            std::fs::remove_file(file.path())?;
        }
        Ok(Self { out: out.to_owned(), look, count: Cell::new(0), faults: RefCell::default() })
    }

    pub(crate) fn count(&self) -> usize {
        self.count.get()
    }

    pub(crate) fn faults(&self) -> Vec<String> {
        self.faults.borrow().clone()
    }

    /// Gives the main window its size, in the middle of the screen.
    pub(crate) fn hang(&self, stage: &Stage) -> Result<()> {
        resize(stage, main_window, self.look.size())
    }

    /// Looks at a page, and keeps a picture of the main window with all that lies on it.
    pub(crate) fn shot(&self, stage: &Stage, page: &Page, name: &str) -> Result<()> {
        self.picture(stage, name)?;
        self.examine(page, name)
    }

    /// Looks at the sheet: over the main window at its own size, and alone at its smallest.
    pub(crate) fn sheet_shot(&self, stage: &Stage, sheet: &Page, name: &str) -> Result<()> {
        resize(stage, sheet_window, SHEET)?;
        let (width, height) = self.look.size();
        // The sheet is higher than the smallest main window.
        self.keep(stage, name, (width, height.max(648)))?;
        self.examine(sheet, name)?;
        resize(stage, sheet_window, SMALL_SHEET)?;
        self.keep(stage, &format!("{name}-small"), SMALL_SHEET)?;
        self.examine(sheet, &format!("{name}-small"))?;
        resize(stage, sheet_window, SHEET)
    }

    pub(crate) fn picture(&self, stage: &Stage, name: &str) -> Result<()> {
        self.keep(stage, name, self.look.size())
    }

    /// A picture of what will not stand still.
    pub(crate) fn at_once(&self, stage: &Stage, name: &str) -> Result<()> {
        self.cut(stage, name, self.look.size())
    }

    fn keep(&self, stage: &Stage, name: &str, size: (u32, u32)) -> Result<()> {
        stand_still(stage)?;
        self.cut(stage, name, size)
    }

    fn cut(&self, stage: &Stage, name: &str, (width, height): (u32, u32)) -> Result<()> {
        self.count.set(self.count.get() + 1);
        let file = self.out.join(format!("{:02}-{name}.png", self.count.get()));
        let (left, top) = ((SCREEN.0 - width) / 2, (SCREEN.1 - height) / 2);
        let part = format!("{width}x{height}+{left}+{top}");
        tool(stage, "import", &["-silent", "-window", "root", "-crop", &part, "+repage", &file.display().to_string()]).map(drop)
    }

    fn examine(&self, page: &Page, name: &str) -> Result<()> {
        let found = axe::examine(page)?;
        self.faults.borrow_mut().extend(found.into_iter().map(|fault| format!("{name}: {fault}")));
        Ok(())
    }
}

/// Waits until what is on the screen has been painted: four looks in a row that are the same.
fn stand_still(stage: &Stage) -> Result<()> {
    let mut last = Vec::new();
    let mut same = 0;
    until(PATIENCE, "the screen to stand still", || {
        let now = stage.screen().pixels()?;
        same = if now == last { same + 1 } else { 0 };
        last = now;
        Ok(if same >= 3 { Ok(()) } else { Err("It moves.".to_owned()) })
    })
}

/// The main window is the one whose title never changes.
fn main_window(stage: &Stage) -> Vec<String> {
    visible(stage, "^Sallyport$")
}

/// The sheet is the other one that a program owns up to. Its title may hold letters that xdotool cannot look for.
fn sheet_window(stage: &Stage) -> Vec<String> {
    let main = main_window(stage);
    let mut others = visible(stage, "");
    others.retain(|id| !main.contains(id) && tool(stage, "xprop", &["-id", id, "_NET_WM_PID"]).is_ok_and(|line| line.contains('=')));
    others
}

fn visible(stage: &Stage, name: &str) -> Vec<String> {
    let found = tool(stage, "xdotool", &["search", "--onlyvisible", "--name", name]).unwrap_or_default();
    found.lines().map(str::to_owned).collect()
}

fn resize(stage: &Stage, which: fn(&Stage) -> Vec<String>, (width, height): (u32, u32)) -> Result<()> {
    let window = until(PATIENCE, "the window to be on the screen", || {
        Ok(which(stage).pop().ok_or_else(|| format!("Open windows: {}.", stage.screen().titles().join(", "))))
    })?;
    tool(stage, "xdotool", &["windowsize", &window, &width.to_string(), &height.to_string()])?;
    let (left, top) = ((SCREEN.0 - width) / 2, (SCREEN.1 - height) / 2);
    tool(stage, "xdotool", &["windowmove", &window, &left.to_string(), &top.to_string()])?;
    // Without a window manager nobody hands on the focus.
    tool(stage, "xdotool", &["windowfocus", "--sync", &window])?;
    stand_still(stage)
}

fn tool(stage: &Stage, name: &str, arguments: &[&str]) -> Result<String> {
    let output = Command::new(name).args(arguments).env("DISPLAY", stage.screen().display()).output()?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    Err(Error::said(format!("{name} failed: {}", String::from_utf8_lossy(&output.stderr).trim())))
}
