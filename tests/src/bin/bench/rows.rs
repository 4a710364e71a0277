//! What is measured, a function for each group of rows.

use crate::{backup, import, journal, journal_search, people, qr, server, sign_in, sync, unlock};
use sallyport_tests::measure::{Start, median, start};
use sallyport_tests::{Result, Stage, built_program};
use serde::Serialize;

// Odd, so that the median is a run that happened.
const RUNS: usize = 9;

/// One row of the table. `ratio` is ours against the reference.
#[derive(Debug, Serialize)]
pub(crate) struct Row {
    name: String,
    ours: f64,
    reference: Option<f64>,
    ratio: Option<f64>,
    unit: &'static str,
}

impl Row {
    pub(crate) fn new(name: impl Into<String>, ours: f64, reference: Option<f64>, unit: &'static str) -> Self {
        let round = |value: f64| (value * 100.0).round() / 100.0;
        let ratio = reference.map(|reference| round(ours / reference));
        Self { name: name.into(), ours: round(ours), reference: reference.map(round), ratio, unit }
    }
}

impl std::fmt::Display for Row {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let number = |value: Option<f64>| value.map_or("-".to_owned(), |value| format!("{value:.2}"));
        let (ours, reference, ratio) = (number(Some(self.ours)), number(self.reference), number(self.ratio));
        write!(f, "{:<40} {ours:>12} {reference:>12} {ratio:>8}  {}", self.name, self.unit)
    }
}

/// Measures one group of rows.
type Measure = fn() -> Result<Vec<Row>>;

/// Everything that is measured, in the order of the table.
pub(crate) const ALL: &[(&str, Measure)] = &[
    ("window", window),
    ("unlock", unlock::rows),
    ("sign-in", sign_in::rows),
    ("qr", qr::rows),
    ("backup", backup::rows),
    ("import", import::rows),
    ("journal", journal::rows),
    ("journal-search", journal_search::rows),
    ("people", people::rows),
    ("server", server::rows),
    ("sync", sync::rows),
];

const RENDERER: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";

/// The first screen and the memory, against a bare Tauri window: as it comes, which is what the aims are about (0.9 and
/// 0.85), and with the renderer that ours chooses for itself. The three take turns, so that whatever else the machine does
/// meets all.
fn window() -> Result<Vec<Row>> {
    let (ours, bare) = (built_program("sallyport")?, built_program("bare")?);
    let mut starts: [Vec<Start>; 3] = Default::default();
    // The first round only warms the caches of the disk.
    for run in 0..=RUNS {
        // A fresh computer each time: what is measured is the first start of the day, not a warm profile.
        let fresh = |renderer: Option<&str>| -> Result<Stage> {
            let mut stage = Stage::with_real_clock()?;
            stage.set_variable(RENDERER, renderer);
            Ok(stage)
        };
        let round = [
            start(&fresh(None)?, &ours, &["--profile", "bench"])?,
            start(&fresh(None)?, &bare, &[])?,
            start(&fresh(Some("1"))?, &bare, &[])?,
        ];
        if run > 0 {
            starts.iter_mut().zip(round).for_each(|(all, one)| all.push(one));
        }
    }
    let painted = |all: &[Start]| median(all.iter().map(|one| one.painted.as_secs_f64() * 1000.0).collect());
    #[allow(clippy::cast_precision_loss, reason = "memory in KiB is far below 2^52")]
    let memory = |all: &[Start]| median(all.iter().map(|one| one.memory_kib as f64 / 1024.0).collect());
    let [ours, defaults, chosen] = &starts;
    Ok(vec![
        Row::new("first pixels, bare as it comes (aim 0.9)", painted(ours)?, Some(painted(defaults)?), "ms"),
        Row::new("first pixels, bare with our renderer", painted(ours)?, Some(painted(chosen)?), "ms"),
        Row::new("memory, bare as it comes (aim 0.85)", memory(ours)?, Some(memory(defaults)?), "MiB"),
        Row::new("memory, bare with our renderer", memory(ours)?, Some(memory(chosen)?), "MiB"),
    ])
}
