//! How long a window takes to answer, by the clocks of its own pages: what the driver takes is not in it.

use crate::{Error, PATIENCE, Page, Result, until};
use serde_json::{Value, json};
use std::time::Instant;

// From the first press that the page has to when these words were painted; without words, only the press is noted.
const WATCH: &str = "
    const [words] = arguments;
    const watch = (window.__watch = { from: null, to: null });
    const press = () => (watch.from ??= performance.now());
    for (const kind of ['click', 'keydown']) addEventListener(kind, press, { capture: true, once: true });
    if (words === null) return;
    const look = () => {
        if (watch.from === null || !document.body.innerText.replace(/\\s+/g, ' ').includes(words)) return;
        observer.disconnect();
        requestAnimationFrame(() => setTimeout(() => (watch.to = performance.now())));
    };
    const observer = new MutationObserver(look);
    observer.observe(document.documentElement, { subtree: true, childList: true, characterData: true, attributes: true });
";
const FROM: &str = "return window.__watch?.from ?? null";
const TO: &str = "return window.__watch?.to ?? null";
const FIRST_PAINT: &str = "return performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null";
const NOW: &str = "return performance.now()";

impl Page {
    /// Presses something, and says how many seconds after the page had that press these words were painted in it.
    pub fn answers(&self, words: &str, press: impl FnOnce() -> Result<()>) -> Result<f64> {
        if self.visible_text()?.contains(words) {
            return Err(Error::said(format!("“{words}” is there before anything is pressed.")));
        }
        self.script(WATCH, json!([words]))?;
        press()?;
        self.see_text(words)?;
        let to = self.moment(TO)?;
        Ok((to - self.moment(FROM)?).max(0.0))
    }

    /// Presses something that opens another window, and says how many seconds after the page had that press the other had
    /// its first picture. The clocks of the two pages are compared within what the quickest of a few questions took.
    pub fn opens(&self, press: impl FnOnce() -> Result<()>, other: impl FnOnce() -> Result<Self>) -> Result<f64> {
        self.script(WATCH, json!([null]))?;
        press()?;
        let other = other()?;
        let begin = Instant::now();
        let to = other.moment(FIRST_PAINT)? + other.origin(begin)?;
        Ok((to - self.moment(FROM)? - self.origin(begin)?).max(0.0))
    }

    // A moment by the page's own clock, in seconds, once it has come.
    fn moment(&self, script: &str) -> Result<f64> {
        until(PATIENCE, "a moment that the page noted", || {
            let value = self.script(script, json!([]))?;
            Ok(value.as_f64().map(|milliseconds| milliseconds / 1000.0).ok_or_else(|| "It noted none.".to_owned()))
        })
    }

    // When the page's clock stood at nothing, in seconds after `begin`.
    fn origin(&self, begin: Instant) -> Result<f64> {
        let mut best = (f64::MAX, 0.0);
        for _ in 0..5 {
            let before = begin.elapsed().as_secs_f64();
            let now = self.script(NOW, json!([])).map(|now: Value| now.as_f64().unwrap_or_default() / 1000.0)?;
            let after = begin.elapsed().as_secs_f64();
            if after - before < best.0 {
                best = (after - before, (before + after) / 2.0 - now);
            }
        }
        Ok(best.1)
    }
}
