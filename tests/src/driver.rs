//! The WebDriver protocol, as far as a person's actions need it.

use crate::processes::Kept;
use crate::{Error, PATIENCE, Result, until};
use serde_json::{Value, json};
use std::cell::{Cell, RefCell};
use std::net::{Ipv4Addr, TcpListener};
use std::process::{Command, Stdio};
use std::time::Duration;

// The key under which the WebDriver standard sends elements.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// What this module answers, in the manner of the standard's error codes, when a page's process ended while a
/// command was under way.
pub(crate) const PAGE_ENDED: &str = "page ended";

/// A session with one running program.
///
/// `tauri-driver` would only rename capabilities on the way, so this speaks to WebKitWebDriver itself. The driver is
/// attached to a program that already runs: when the program ends a page's process (as it does on lock), the driver
/// gives up its session, and a new one is attached.
#[derive(Debug)]
pub(crate) struct Session {
    agent: ureq::Agent,
    inspector: u16,
    attached: RefCell<Attached>,
    /// How often a person clicked or filled something in.
    hands: Cell<u32>,
}

#[derive(Debug)]
struct Attached {
    // Held so that it ends with the session.
    _driver: Kept,
    address: String,
}

impl Session {
    /// Attaches to the program that offers automation at this port of the local machine.
    pub(crate) fn attach(inspector: u16) -> Result<Self> {
        let agent =
            ureq::Agent::config_builder().http_status_as_error(false).timeout_global(Some(Duration::from_secs(30))).build().new_agent();
        let attached = RefCell::new(attach(&agent, inspector)?);
        Ok(Self { agent, inspector, attached, hands: Cell::default() })
    }

    pub(crate) fn get(&self, path: &str) -> Result<Value> {
        let address = self.attached.borrow().address.clone();
        let answer = value("GET", path, self.agent.get(format!("{address}{path}")).call()?);
        self.or_attach_anew(answer)
    }

    pub(crate) fn post(&self, path: &str, body: Value) -> Result<Value> {
        let address = self.attached.borrow().address.clone();
        let answer = value("POST", path, self.agent.post(format!("{address}{path}")).send_json(body)?);
        self.or_attach_anew(answer)
    }

    // When a page's process ends, the driver first answers what is under way with an unknown error and then forgets
    // the session. A new one is attached, and the caller looks again as after any redraw.
    fn or_attach_anew(&self, answer: Result<Value>) -> Result<Value> {
        let Err(Error::Driver { kind, .. }) = &answer else { return answer };
        let kind = match kind.as_str() {
            "invalid session id" => "no such window",
            "unknown error" if self.is_forgotten() => PAGE_ENDED,
            _ => return answer,
        };
        *self.attached.borrow_mut() = attach(&self.agent, self.inspector)?;
        let message = "the process of the page ended".to_owned();
        Err(Error::Driver { command: "a command".to_owned(), kind: kind.to_owned(), message })
    }

    fn is_forgotten(&self) -> bool {
        let address = format!("{}/window/handles", self.attached.borrow().address);
        let forgotten = until(Duration::from_millis(300), "the driver to forget the session", || {
            let answer = value("GET", "/window/handles", self.agent.get(&address).call()?);
            let forgotten = matches!(answer, Err(Error::Driver { kind, .. }) if kind == "invalid session id");
            Ok(if forgotten { Ok(()) } else { Err(String::new()) })
        });
        forgotten.is_ok()
    }

    pub(crate) fn handles(&self) -> Result<Vec<String>> {
        let first = self.get("/window/handles");
        let answer = if first.as_ref().is_err_and(Error::page_moved_on) { self.get("/window/handles") } else { first };
        Ok(serde_json::from_value(answer?)?)
    }

    pub(crate) fn switch(&self, handle: &str) -> Result<()> {
        self.post("/window", json!({ "handle": handle })).map(drop)
    }

    /// How often a person clicked or filled something in so far.
    pub(crate) fn hands(&self) -> u32 {
        self.hands.get()
    }

    /// Counts one more click or field.
    pub(crate) fn count(&self) {
        self.hands.set(self.hands.get() + 1);
    }

    /// Runs a function body in the page.
    pub(crate) fn script(&self, body: &str, arguments: Value) -> Result<Value> {
        self.post("/execute/sync", json!({ "script": body, "args": arguments }))
    }
}

fn attach(agent: &ureq::Agent, inspector: u16) -> Result<Attached> {
    let port = free_port()?;
    let driver = Kept::start(
        Command::new("WebKitWebDriver")
            .args([format!("--port={port}"), format!("--target=127.0.0.1:{inspector}")])
            .stdout(Stdio::null())
            .stderr(Stdio::null()),
    )?;
    let address = format!("http://127.0.0.1:{port}/session");
    // Neither the driver nor the program listens at once.
    let id = until(PATIENCE, "WebKitWebDriver to attach to the program", || {
        let asked = agent.post(&address).send_json(json!({ "capabilities": { "alwaysMatch": {} } }));
        let answer = asked.map_err(Error::from).and_then(|answer| value("POST", "/session", answer));
        Ok(answer
            .map_err(|error| error.to_string())
            .and_then(|answer| answer["sessionId"].as_str().map(str::to_owned).ok_or_else(|| "It gave no session.".to_owned())))
    })?;
    Ok(Attached { _driver: driver, address: format!("{address}/{id}") })
}

/// A port of the local machine that nobody listens at.
pub(crate) fn free_port() -> Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}

fn value(method: &str, path: &str, mut answer: ureq::http::Response<ureq::Body>) -> Result<Value> {
    let mut body: Value = answer.body_mut().read_json()?;
    let value = body["value"].take();
    if answer.status().is_success() {
        return Ok(value);
    }
    let text = |key: &str| value[key].as_str().unwrap_or_default().to_owned();
    Err(Error::Driver { command: format!("{method} {path}"), kind: text("error"), message: text("message") })
}

/// An element of the page, good until the page redraws it.
#[derive(Debug, Clone)]
pub(crate) struct Element(String);

impl Element {
    pub(crate) fn read(value: &Value) -> Result<Self> {
        let id = value[ELEMENT].as_str().ok_or_else(|| Error::said("The page gave no element."))?;
        Ok(Self(id.to_owned()))
    }

    pub(crate) fn path(&self, command: &str) -> String {
        format!("/element/{}/{command}", self.0)
    }

    pub(crate) fn value(&self) -> Value {
        json!({ ELEMENT: self.0 })
    }
}
