//! What a tour leaves behind: pictures, and a list of what was tried.

use crate::{Error, Result, Screen, until};
use serde::Serialize;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

const BLANK_FOR: Duration = Duration::from_secs(3);
/// An empty window on an empty screen has fewer; the smoothed edges of words make dozens.
const BLANK_SHADES: usize = 8;

/// One step, as `tour.json` has it.
#[derive(Debug, Serialize)]
pub struct Step {
    name: String,
    screenshot: Option<String>,
    ok: bool,
    seconds: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<String>,
}

/// The record of a tour in a folder. It is written after every step, so that a tour that is cut short can be read.
#[derive(Debug)]
pub struct Record {
    folder: PathBuf,
    steps: Vec<Step>,
    kept: serde_json::Map<String, serde_json::Value>,
}

impl Record {
    /// Begins a record; pictures of an earlier tour in the folder go.
    pub fn new(folder: &Path) -> Result<Self> {
        std::fs::create_dir_all(folder)?;
        for entry in std::fs::read_dir(folder)?.flatten() {
            let name = entry.file_name().display().to_string();
            let numbered = name.ends_with(".png") && name.starts_with(|first: char| first.is_ascii_digit());
            if numbered || name == "tour.json" || name == "failure.txt" {
                std::fs::remove_file(entry.path())?;
            }
        }
        Ok(Self { folder: folder.to_owned(), steps: Vec::new(), kept: serde_json::Map::new() })
    }

    /// Does one step and keeps a picture of how it ended. After a failure every further step is recorded as not
    /// reached, because each stands on the one before.
    pub fn step(&mut self, name: &str, screen: &Screen, act: impl FnOnce() -> Result<()>) -> Result<()> {
        if !self.all_ok() {
            self.steps.push(Step {
                name: name.to_owned(),
                screenshot: None,
                ok: false,
                seconds: 0.0,
                why: Some("An earlier step failed.".to_owned()),
            });
            return self.write();
        }
        let start = Instant::now();
        let ended = catch_unwind(AssertUnwindSafe(act)).unwrap_or_else(|_| Err(Error::said("The step itself broke off.")));
        let seconds = (start.elapsed().as_secs_f64() * 100.0).round() / 100.0;
        let failed = if ended.is_err() { "-failed" } else { "" };
        let picture = format!("{:02}-{name}{failed}.png", self.steps.len() + 1);
        // The page may know more than is painted yet. A picture of nothing is taken too, if that is how it stays.
        let _ =
            until(BLANK_FOR, "something on the screen", || Ok(if shades(screen)? > BLANK_SHADES { Ok(()) } else { Err(String::new()) }));
        let taken = screen.picture(&self.folder.join(&picture));
        let why = ended.err().or(taken.as_ref().err().map(|error| Error::said(error.to_string()))).map(|error| error.to_string());
        if let Some(why) = &why {
            std::fs::write(self.folder.join("failure.txt"), format!("{name}: {why}\n"))?;
        }
        let short = why.as_deref().and_then(|why| why.lines().next()).map(str::to_owned);
        self.steps.push(Step {
            name: name.to_owned(),
            screenshot: taken.is_ok().then_some(picture),
            ok: why.is_none(),
            seconds,
            why: short,
        });
        self.write()
    }

    /// Keeps something else that was found out, beside the steps.
    pub fn keep(&mut self, name: &str, what: serde_json::Value) -> Result<()> {
        self.kept.insert(name.to_owned(), what);
        self.write()
    }

    /// Whether nothing failed so far.
    pub fn all_ok(&self) -> bool {
        self.steps.iter().all(|step| step.ok)
    }

    /// The last step as a line to print.
    pub fn last_line(&self) -> String {
        self.steps.last().map_or(String::new(), |step| {
            let mark = if step.ok { "ok" } else { "FAILED" };
            let why = step.why.as_ref().map_or(String::new(), |why| format!("  {why}"));
            format!("{:>3}  {:<36} {mark:<7} {:>6.1} s{why}", self.steps.len(), step.name, step.seconds)
        })
    }

    /// How many steps were ok, of how many.
    pub fn score(&self) -> (usize, usize) {
        (self.steps.iter().filter(|step| step.ok).count(), self.steps.len())
    }

    fn write(&self) -> Result<()> {
        let mut all = self.kept.clone();
        all.insert("steps".to_owned(), serde_json::to_value(&self.steps)?);
        let text = serde_json::to_string_pretty(&all)?;
        Ok(std::fs::write(self.folder.join("tour.json"), text + "\n")?)
    }
}

fn shades(screen: &Screen) -> Result<usize> {
    Ok(screen.pixels()?.into_iter().collect::<std::collections::BTreeSet<u8>>().len())
}
