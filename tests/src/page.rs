//! A window, seen and used as a person would.

use crate::driver::{Element, PAGE_ENDED, Session};
use crate::{Error, PATIENCE, Result, Target, until};
use serde::Deserialize;
use serde_json::{Value, json};
use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

// Tauri tells every window its own label.
const LABEL: &str = "return window.__TAURI_INTERNALS__?.metadata?.currentWindow?.label ?? null";
// A fresh window first holds an empty page, which is complete too.
const READY: &str = "return location.href !== 'about:blank' && document.readyState === 'complete'";
const OUT_FROM_UNDER: &str = "(arguments[0].closest('select') ?? arguments[0]).scrollIntoView({ block: 'center' })";
// WebKitWebDriver drops characters beyond U+FFFF from key presses: they arrive as an input method would bring them.
const INSERT: &str = "arguments[0].focus(); return document.execCommand('insertText', false, arguments[1])";
const FIND: &str = include_str!("find.js");
// As the WebDriver standard names the key.
const ENTER: &str = "\u{e007}";

/// One window of the program. It is known by its label: when the program closes it and opens another of the same
/// label, this is the new one.
#[derive(Debug)]
pub struct Page {
    session: Rc<Session>,
    label: String,
    handle: RefCell<String>,
}

#[derive(Deserialize)]
struct Found {
    element: Value,
    text: Option<String>,
    value: Option<String>,
    checked: bool,
    enabled: bool,
}

#[derive(Deserialize)]
struct Sight {
    seen: Vec<String>,
    text: String,
}

type Attempt<T> = std::result::Result<T, String>;

impl Page {
    pub(crate) fn open(session: Rc<Session>, label: &str) -> Result<Self> {
        let page = Self { session, label: label.to_owned(), handle: RefCell::default() };
        until(PATIENCE, format!("the window “{label}”"), || {
            if page.enter()? {
                let ready = page.session.script(READY, json!([]));
                return Ok(if ready.is_ok_and(|ready| ready == true) { Ok(()) } else { Err("It is still loading.".to_owned()) });
            }
            let open: Vec<_> = Self::labels(&page.session)?.into_iter().map(|(_, label)| label).collect();
            Ok(Err(format!("Open windows: {}.", open.join(", "))))
        })?;
        Ok(page)
    }

    /// The windows that can be asked now, by handle and label; one that is just closing is left out.
    pub(crate) fn labels(session: &Session) -> Result<Vec<(String, String)>> {
        let mut all = Vec::new();
        for handle in session.handles()? {
            let label = session.switch(&handle).and_then(|()| session.script(LABEL, json!([])));
            match label {
                Ok(label) => all.push((handle, label.as_str().unwrap_or_default().to_owned())),
                Err(error) if error.page_moved_on() => {}
                Err(error) => return Err(error),
            }
        }
        Ok(all)
    }

    /// Makes the driver look at this window; false when no window has the label now.
    fn enter(&self) -> Result<bool> {
        let known = self.handle.borrow().clone();
        if !known.is_empty() && self.session.handles()?.contains(&known) && self.session.switch(&known).is_ok() {
            return Ok(true);
        }
        let all = Self::labels(&self.session)?;
        let Some((handle, _)) = all.into_iter().find(|(_, label)| *label == self.label) else { return Ok(false) };
        if let Err(error) = self.session.switch(&handle) {
            return if error.page_moved_on() { Ok(false) } else { Err(error) };
        }
        *self.handle.borrow_mut() = handle;
        Ok(true)
    }

    /// Clicks it, once it is there and enabled.
    pub fn click(&self, target: impl Into<Target>) -> Result<()> {
        self.act(&target.into(), |element| self.click_element(element))?;
        self.session.count();
        Ok(())
    }

    /// Where its middle lies, in pixels from the corner of the page: for a click by the real mouse, which does not wait
    /// for the page to answer.
    pub fn middle(&self, target: impl Into<Target>) -> Result<(i32, i32)> {
        let element = Element::read(&self.one(&target.into())?.element)?;
        let rect = self.session.get(&element.path("rect"))?;
        let at = |from: &str, size: &str| (rect[from].as_f64().unwrap_or_default() + rect[size].as_f64().unwrap_or_default() / 2.0) as i32;
        Ok((at("x", "width"), at("y", "height")))
    }

    /// Replaces what is in a field.
    pub fn fill(&self, target: impl Into<Target>, text: &str) -> Result<()> {
        self.act(&target.into(), |element| {
            self.session.post(&element.path("clear"), json!({}))?;
            if text.chars().any(|c| c > '\u{ffff}') {
                self.session.script(INSERT, json!([element.value(), text])).map(drop)
            } else {
                self.session.post(&element.path("value"), json!({ "text": text })).map(drop)
            }
        })?;
        self.session.count();
        Ok(())
    }

    /// Presses Enter in a field that was filled in: with that the field is done, and it counts as nothing more.
    pub fn press_enter(&self, target: impl Into<Target>) -> Result<()> {
        self.act(&target.into(), |element| self.session.post(&element.path("value"), json!({ "text": ENTER })).map(drop))
    }

    /// How often a person clicked or filled in a field in the windows of this program, so far. What is ticked already is
    /// not clicked.
    pub fn interactions(&self) -> u32 {
        self.session.hands()
    }

    /// Chooses an entry of a list by its words.
    pub fn choose(&self, target: impl Into<Target>, option: &str) -> Result<()> {
        let target = target.into();
        let entry = crate::named("option", option).within(target.clone());
        self.act(&entry, |element| self.click_element(element))?;
        self.session.count();
        Ok(())
    }

    /// Ticks a box, if it is not ticked.
    pub fn check(&self, target: impl Into<Target>) -> Result<()> {
        let target = target.into();
        if self.one(&target)?.checked { Ok(()) } else { self.click(target) }
    }

    /// Types a text into whatever has the focus.
    pub fn type_text(&self, text: &str) -> Result<()> {
        self.look("something to type in", || {
            let active = self.session.get("/element/active")?;
            self.session.post(&Element::read(&active)?.path("value"), json!({ "text": text }))?;
            Ok(Ok(()))
        })
    }

    /// Waits until it can be seen.
    pub fn see(&self, target: impl Into<Target>) -> Result<()> {
        self.one(&target.into()).map(drop)
    }

    /// Waits until it cannot be seen any more.
    pub fn see_gone(&self, target: impl Into<Target>) -> Result<()> {
        let target = target.into();
        self.look(format!("{target} to go"), || {
            Ok(if self.find(&target)?.is_empty() { Ok(()) } else { Err("It is still there.".to_owned()) })
        })
    }

    /// Waits until these words stand on the page, in any element.
    pub fn see_text(&self, words: &str) -> Result<()> {
        self.look(format!("the words “{words}”"), || {
            let flat: String = self.sight()?.text.split_whitespace().collect::<Vec<_>>().join(" ");
            Ok(if flat.contains(words) { Ok(()) } else { Err(String::new()) })
        })
    }

    /// Waits until these words stand in it.
    pub fn see_text_in(&self, target: impl Into<Target>, words: &str) -> Result<()> {
        let target = target.into();
        self.look(format!("the words “{words}” in {target}"), || {
            Ok(match self.only(&target)? {
                Ok(found) if found.text.as_deref().unwrap_or_default().contains(words) => Ok(()),
                Ok(found) => Err(format!("It says {:?}.", found.text)),
                Err(why) => Err(why),
            })
        })
    }

    /// Waits for it and reads its text.
    pub fn text(&self, target: impl Into<Target>) -> Result<String> {
        Ok(self.one(&target.into())?.text.unwrap_or_default())
    }

    /// Waits for it and reads what is typed in it.
    pub fn value(&self, target: impl Into<Target>) -> Result<String> {
        Ok(self.one(&target.into())?.value.unwrap_or_default())
    }

    /// Waits for it and says whether it can be used.
    pub fn is_enabled(&self, target: impl Into<Target>) -> Result<bool> {
        Ok(self.one(&target.into())?.enabled)
    }

    /// The texts of all that fit, in the order of the page; does not wait.
    pub fn texts(&self, target: impl Into<Target>) -> Result<Vec<String>> {
        self.enter()?;
        self.texts_now(&target.into())
    }

    fn texts_now(&self, target: &Target) -> Result<Vec<String>> {
        let text = |found: Found| found.text.unwrap_or_default().trim().to_owned();
        Ok(self.find(target)?.into_iter().map(text).collect())
    }

    /// Waits until exactly `count` of them can be seen, and reads their texts in the order of the page.
    pub fn all_texts(&self, target: impl Into<Target>, count: usize) -> Result<Vec<String>> {
        let target = target.into();
        self.look(format!("{count} times {target}"), || {
            let texts = self.texts_now(&target)?;
            Ok(if texts.len() == count { Ok(texts) } else { Err(format!("There are {}.", texts.len())) })
        })
    }

    /// All that can be read in this window, or in the dialog that covers it.
    pub fn visible_text(&self) -> Result<String> {
        self.enter()?;
        Ok(self.sight()?.text)
    }

    /// What can be pointed at, one in a line: for messages and for writing tests.
    pub fn outline(&self) -> Result<String> {
        self.enter()?;
        Ok(self.sight()?.seen.join("\n"))
    }

    /// Runs a function body in the page, for what has no other witness (an accessibility checker, a count of rows).
    /// Never for acting in a person's place.
    pub fn script(&self, body: &str, arguments: Value) -> Result<Value> {
        self.enter()?;
        self.session.script(body, arguments)
    }

    /// WebKit's own opinion of an element's role and name, as a screen reader is told.
    pub fn computed(&self, target: impl Into<Target>) -> Result<(String, String)> {
        let element = Element::read(&self.one(&target.into())?.element)?;
        let ask = |what: &str| self.session.get(&element.path(what));
        let text = |value: Value| value.as_str().unwrap_or_default().to_owned();
        Ok((text(ask("computedrole")?), text(ask("computedlabel")?)))
    }

    // A click may close its own window, or end the page's process, before the driver has the answer. The element was
    // there a moment ago, so that its going is what the click did.
    fn click_element(&self, element: &Element) -> Result<()> {
        match self.session.post(&element.path("click"), json!({})) {
            Err(Error::Driver { kind, .. }) if kind == PAGE_ENDED || kind == "no such window" => Ok(()),
            Err(Error::Driver { kind, .. }) if kind == "unknown error" => {
                until(Duration::from_secs(2), "the page to answer a click or to go", || {
                    let gone = self.session.get(&element.path("name")).is_err();
                    Ok(if gone { Ok(()) } else { Err("It did neither.".to_owned()) })
                })
            }
            other => other.map(drop),
        }
    }

    fn act(&self, target: &Target, act: impl Fn(&Element) -> Result<()>) -> Result<()> {
        self.look(target.to_string(), || {
            let found = match self.only(target)? {
                Ok(found) => found,
                Err(instead) => return Ok(Err(instead)),
            };
            if !found.enabled {
                return Ok(Err("It is disabled.".to_owned()));
            }
            let element = Element::read(&found.element)?;
            self.agree(target, &element)?;
            match act(&element) {
                // It lies under what stays in sight while a dialog scrolls: as a person would, scrolls it out of there.
                Err(Error::Driver { kind, .. }) if ["element click intercepted", "element not interactable"].contains(&kind.as_str()) => {
                    self.session.script(OUT_FROM_UNDER, json!([element.value()]))?;
                    act(&element).map(Ok)
                }
                done => done.map(Ok),
            }
        })
    }

    // What is used must also be reachable for a screen reader: WebKit has to know a name for it.
    fn agree(&self, target: &Target, element: &Element) -> Result<()> {
        if target.role() == "option" {
            return Ok(());
        }
        let label = self.session.get(&element.path("computedlabel"))?;
        if label.as_str().is_none_or(|label| label.trim().is_empty()) {
            return Err(Error::said(format!("A screen reader has no name for {target}.")));
        }
        Ok(())
    }

    fn one(&self, target: &Target) -> Result<Found> {
        self.look(target.to_string(), || self.only(target))
    }

    fn only(&self, target: &Target) -> Result<Attempt<Found>> {
        let mut all = self.find(target)?;
        Ok(match all.len() {
            1 => Ok(all.remove(0)),
            0 => Err(String::new()),
            several => Err(format!("{several} of them can be seen.")),
        })
    }

    fn find(&self, target: &Target) -> Result<Vec<Found>> {
        Ok(serde_json::from_value(self.session.script(FIND, json!([target]))?)?)
    }

    fn sight(&self) -> Result<Sight> {
        Ok(serde_json::from_value(self.session.script(FIND, json!([null]))?)?)
    }

    // One bounded poll for everything: the page may redraw between finding and touching, which touches nothing.
    fn look<T>(&self, expected: impl std::fmt::Display, mut look: impl FnMut() -> Result<Attempt<T>>) -> Result<T> {
        let answer = until(PATIENCE, &expected, || {
            if !self.enter()? {
                return Ok(Err(format!("There is no window “{}”.", self.label)));
            }
            match look() {
                Err(error) if error.page_moved_on() => Ok(Err(error.to_string())),
                other => other,
            }
        });
        answer.map_err(|error| match error {
            Error::Said(sentence) => {
                let outline = self.outline().unwrap_or_default();
                let text = self.visible_text().unwrap_or_default();
                Error::said(format!("{sentence}\nIn the window “{}”:\n{outline}\n--- text ---\n{text}", self.label))
            }
            other => other,
        })
    }
}
