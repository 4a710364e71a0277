//! A virtual screen, seen and touched from outside the program.

use crate::processes::Kept;
use crate::{Error, PATIENCE, Result, until};
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// A virtual screen of 1280 by 900 without a window manager.
#[derive(Debug)]
pub struct Screen {
    server: Kept,
    display: String,
}

impl Screen {
    pub(crate) fn new() -> Result<Self> {
        let mut server = Kept::start(
            Command::new("Xvfb")
                .args(["-displayfd", "1", "-screen", "0", "1280x900x24", "-nolisten", "tcp", "-noreset"])
                .stdout(Stdio::piped())
                .stderr(Stdio::null()),
        )?;
        let display = format!(":{}", server.first_line()?);
        Ok(Self { server, display })
    }

    pub(crate) fn is_running(&mut self) -> bool {
        self.server.is_running()
    }

    /// The display's name, as in `DISPLAY`.
    pub fn display(&self) -> &str {
        &self.display
    }

    /// A picture of the whole screen, as a person sees it, native dialogs included.
    pub fn picture(&self, file: &Path) -> Result<()> {
        self.tool("import", &["-silent", "-window", "root", &file.display().to_string()]).map(drop)
    }

    /// The pixels of the screen, one byte of grey each.
    pub fn pixels(&self) -> Result<Vec<u8>> {
        Ok(self.tool("import", &["-silent", "-window", "root", "-depth", "8", "gray:-"])?.stdout)
    }

    /// Presses a key or a combination, as xdotool names them (`ctrl+l`), in whatever has the focus.
    pub fn press(&self, keys: &str) -> Result<()> {
        self.tool("xdotool", &["key", "--clearmodifiers", keys]).map(drop)
    }

    /// What is on the clipboard; `None` when it is empty.
    pub fn clipboard(&self) -> Option<String> {
        let output = self.tool("xclip", &["-selection", "clipboard", "-o"]).ok()?;
        String::from_utf8(output.stdout).ok().filter(|text| !text.is_empty())
    }

    /// Puts a text on the clipboard, as another program would.
    pub fn set_clipboard(&self, text: &str) -> Result<()> {
        use std::io::Write;
        let mut child = Command::new("xclip")
            .args(["-selection", "clipboard", "-i"])
            .env("DISPLAY", &self.display)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()?;
        if let Some(mut input) = child.stdin.take() {
            input.write_all(text.as_bytes())?;
        }
        child.wait()?;
        Ok(())
    }

    /// Waits for the system's save dialog, types `path` into it and presses Return.
    pub fn save_as(&self, path: &Path) -> Result<()> {
        let dialog = self.native_dialog()?;
        let path = path.display().to_string();
        // The name field has the focus; a path from the root replaces folder and name.
        self.tool("xdotool", &["windowfocus", "--sync", &dialog])?;
        self.tool("xdotool", &["key", "--clearmodifiers", "ctrl+a"])?;
        self.tool("xdotool", &["type", "--clearmodifiers", "--delay", "8", &path])?;
        self.tool("xdotool", &["key", "--clearmodifiers", "Return"])?;
        until(PATIENCE, "the save dialog to close", || {
            Ok(if self.dialogs()?.contains(&dialog) { Err("It is still open.".to_owned()) } else { Ok(()) })
        })
    }

    /// Waits for the system's file dialog and cancels it.
    pub fn cancel_dialog(&self) -> Result<()> {
        let dialog = self.native_dialog()?;
        self.tool("xdotool", &["windowfocus", "--sync", &dialog, "key", "--clearmodifiers", "Escape"]).map(drop)
    }

    fn native_dialog(&self) -> Result<String> {
        until(PATIENCE, "the system's file dialog to open", || {
            Ok(self.dialogs()?.pop().ok_or_else(|| format!("Open windows: {}.", self.titles().join(", "))))
        })
    }

    // GTK gives its file dialogs a window role that no other window has.
    fn dialogs(&self) -> Result<Vec<String>> {
        let visible = Command::new("xdotool").args(["search", "--onlyvisible", "--name", ""]).env("DISPLAY", &self.display).output()?;
        let visible = String::from_utf8_lossy(&visible.stdout).into_owned();
        Ok(visible.lines().filter(|id| self.property(id, "WM_WINDOW_ROLE").contains("GtkFileChooser")).map(str::to_owned).collect())
    }

    fn property(&self, window: &str, name: &str) -> String {
        self.tool("xprop", &["-id", window, name]).map_or(String::new(), |output| String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// The titles of the windows on the screen: what a passer-by or a screenshot of the task bar would show.
    pub fn titles(&self) -> Vec<String> {
        let Ok(tree) = self.tool("xwininfo", &["-root", "-tree"]) else { return Vec::new() };
        let text = String::from_utf8_lossy(&tree.stdout).into_owned();
        text.lines().filter_map(|line| line.split('"').nth(1)).map(str::to_owned).collect()
    }

    pub(crate) fn tool(&self, name: &str, arguments: &[&str]) -> Result<Output> {
        let output = Command::new(name)
            .args(arguments)
            .env("DISPLAY", &self.display)
            .stdin(Stdio::null())
            .output()
            .map_err(|error| Error::said(format!("{name} cannot be started: {error}.")))?;
        if output.status.success() {
            return Ok(output);
        }
        let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        Err(Error::said(format!("{name} failed: {said}")))
    }
}
