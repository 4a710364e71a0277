//! A virtual screen, seen and touched from outside the program.

use crate::processes::Kept;
use crate::{Error, PATIENCE, Result, until};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

// What a window manager sends when the close button is pressed; no tool at hand sends it without one.
const CLOSE: &str = r#"
import ctypes, sys
x = ctypes.CDLL("libX11.so.6")
x.XOpenDisplay.restype = ctypes.c_void_p
x.XInternAtom.restype = ctypes.c_ulong
class Message(ctypes.Structure):
    _fields_ = [("type", ctypes.c_int), ("serial", ctypes.c_ulong), ("send_event", ctypes.c_int), ("display", ctypes.c_void_p),
                ("window", ctypes.c_ulong), ("kind", ctypes.c_ulong), ("format", ctypes.c_int), ("data", ctypes.c_long * 24)]
display = ctypes.c_void_p(x.XOpenDisplay(None))
window = int(sys.argv[1])
atom = lambda name: x.XInternAtom(display, name, 0)
event = Message(33, 0, 1, display, window, atom(b"WM_PROTOCOLS"), 32)
event.data[0] = atom(b"WM_DELETE_WINDOW")
x.XSendEvent(display, ctypes.c_ulong(window), 0, ctypes.c_long(0), ctypes.byref(event))
x.XSync(display, 0)
"#;

/// A virtual screen of 1280 by 900 without a window manager.
#[derive(Debug)]
pub struct Screen {
    server: Kept,
    display: String,
    memory: PathBuf,
}

impl Screen {
    pub(crate) fn new(folder: &Path) -> Result<Self> {
        let mut server = Kept::start(
            Command::new("Xvfb")
                .arg("-fbdir")
                .arg(folder)
                .args(["-displayfd", "1", "-screen", "0", "1280x900x24", "-nolisten", "tcp", "-noreset"])
                .stdout(Stdio::piped())
                .stderr(Stdio::null()),
        )?;
        let display = format!(":{}", server.first_line()?);
        Ok(Self { server, display, memory: folder.join("Xvfb_screen0") })
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

    /// The pixels of the screen, one byte of green each: read from the server's own memory, which costs a
    /// millisecond where a screenshot would cost a hundred.
    pub fn pixels(&self) -> Result<Vec<u8>> {
        let bytes = std::fs::read(&self.memory)?;
        // An XWD file: big-endian words, of which the first is the header's length and the twentieth the number of
        // colours, 12 bytes each, before the pixels.
        let word =
            |at: usize| bytes.get(at * 4..at * 4 + 4).map_or(0, |four| u32::from_be_bytes([four[0], four[1], four[2], four[3]]) as usize);
        let pixels = bytes.get(word(0) + word(19) * 12..).ok_or_else(|| Error::said("The screen's memory is cut short."))?;
        Ok(pixels.chunks_exact(4).map(|pixel| pixel[1]).collect())
    }

    /// Presses a key or a combination, as xdotool names them (`ctrl+l`), in the window that lies on top.
    pub fn press(&self, keys: &str) -> Result<()> {
        // Without a window manager nobody hands on the focus when a window closes.
        if let Some(top) = self.top_window()? {
            self.tool("xdotool", &["windowfocus", "--sync", &top])?;
        }
        self.tool("xdotool", &["key", "--clearmodifiers", keys]).map(drop)
    }

    /// Types a text on the keyboard, into whatever has the focus in the window that lies on top.
    pub fn type_text(&self, text: &str) -> Result<()> {
        if let Some(top) = self.top_window()? {
            self.tool("xdotool", &["windowfocus", "--sync", &top])?;
        }
        self.tool("xdotool", &["type", "--clearmodifiers", "--delay", "12", text]).map(drop)
    }

    /// Clicks with the mouse, so far from the corner of the window that lies on top.
    pub fn click_at(&self, (x, y): (i32, i32)) -> Result<()> {
        let top = self.top_window()?.ok_or_else(|| Error::said("There is no window to click in."))?;
        self.tool("xdotool", &["mousemove", "--sync", "--window", &top, &x.to_string(), &y.to_string(), "click", "1"]).map(drop)
    }

    /// Waits for the system's print dialog and presses its button; without a printer it prints to a file.
    pub fn print(&self) -> Result<()> {
        let dialog = until(PATIENCE, "the system's print dialog to open", || {
            let found = self.visible()?.into_iter().find(|id| self.property(id, "WM_NAME").contains("\"Print\""));
            Ok(found.ok_or_else(|| format!("Open windows: {}.", self.titles().join(", "))))
        })?;
        self.tool("xdotool", &["windowfocus", "--sync", &dialog])?;
        // To the list, its only entry, and Print.
        self.tool("xdotool", &["key", "--clearmodifiers", "--delay", "60", "Tab", "Home", "space", "alt+p"])?;
        until(PATIENCE, "the print dialog to close", || {
            Ok(if self.visible()?.contains(&dialog) { Err("It is still open.".to_owned()) } else { Ok(()) })
        })
    }

    /// Drags the window that lies on top to this size.
    pub fn resize_top_window(&self, width: u32, height: u32) -> Result<()> {
        let top = self.top_window()?.ok_or_else(|| Error::said("There is no window to resize."))?;
        self.tool("xdotool", &["windowsize", "--sync", &top, &width.to_string(), &height.to_string()]).map(drop)
    }

    /// Asks the window that lies on top to close, as the button in its title bar would. The program may ask back.
    pub fn close_top_window(&self) -> Result<()> {
        let top = self.top_window()?.ok_or_else(|| Error::said("There is no window to close."))?;
        self.tool("python3", &["-c", CLOSE, &top]).map(drop)
    }

    fn top_window(&self) -> Result<Option<String>> {
        let visible = self.visible()?;
        let listed = self.tool("xwininfo", &["-root", "-children", "-int"])?;
        let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
        // Topmost first.
        let ids = listed.lines().filter_map(|line| line.split_whitespace().next()).map(str::to_owned);
        Ok(ids.filter(|id| visible.contains(id)).find(|id| self.property(id, "_NET_WM_PID").contains('=')))
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
            .stderr(Stdio::null())
            .spawn()?;
        if let Some(mut input) = child.stdin.take() {
            input.write_all(text.as_bytes())?;
        }
        child.wait()?;
        Ok(())
    }

    /// Waits for the system's save dialog, types `path` into it and presses Return.
    pub fn save_as(&self, path: &Path) -> Result<()> {
        // The name field has the focus; a path from the root replaces folder and name.
        self.give_path(path, "ctrl+a")
    }

    /// Waits for the system's open dialog, types `path` into it and presses Return.
    pub fn open_file(&self, path: &Path) -> Result<()> {
        // The field for a path, which it does not show at first.
        self.give_path(path, "ctrl+l")
    }

    /// Tells a file dialog again what it did not hear: it loses keys that come while it still reads its list of recent files.
    fn give_path(&self, path: &Path, first: &str) -> Result<()> {
        let dialog = self.native_dialog()?;
        let closes = || until(Duration::from_secs(2), "the file dialog to close", || self.gone(&dialog)).is_ok();
        for _ in 0..4 {
            self.tool("xdotool", &["windowfocus", "--sync", &dialog])?;
            for keys in [first, "ctrl+a"] {
                self.tool("xdotool", &["key", "--clearmodifiers", keys])?;
            }
            self.tool("xdotool", &["type", "--clearmodifiers", "--delay", "8", &path.display().to_string()])?;
            // Its list of suggestions takes a Return that comes while the list opens; the next one is for the dialog.
            for _ in 0..2 {
                self.tool("xdotool", &["key", "--clearmodifiers", "Return"])?;
                if closes() {
                    return Ok(());
                }
            }
        }
        until(PATIENCE, "the file dialog to close", || self.gone(&dialog))
    }

    fn gone(&self, dialog: &str) -> Result<std::result::Result<(), String>> {
        Ok(if self.dialogs()?.iter().any(|open| open == dialog) { Err("It is still open.".to_owned()) } else { Ok(()) })
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
        let visible = self.visible()?;
        Ok(visible.into_iter().filter(|id| self.property(id, "WM_WINDOW_ROLE").contains("GtkFileChooser")).collect())
    }

    fn visible(&self) -> Result<Vec<String>> {
        // xdotool fails when it finds nothing, which is an answer too.
        let found = Command::new("xdotool").args(["search", "--onlyvisible", "--name", ""]).env("DISPLAY", &self.display).output()?;
        Ok(String::from_utf8_lossy(&found.stdout).lines().map(str::to_owned).collect())
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
