//! The WebDriver protocol, as far as a person's actions need it.

use crate::processes::Kept;
use crate::{Error, PATIENCE, Result, until};
use serde_json::{Value, json};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

// The key under which the WebDriver standard sends elements.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// A session with one running program, and the driver that started it.
///
/// `tauri-driver` would only rename capabilities on the way, so this speaks to WebKitWebDriver itself.
#[derive(Debug)]
pub(crate) struct Session {
    process: Kept,
    agent: ureq::Agent,
    address: String,
    path: String,
}

impl Session {
    pub(crate) fn start(program: &Path, arguments: &[&str], variables: Vec<(String, String)>) -> Result<Self> {
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        let process = Kept::start(
            Command::new("WebKitWebDriver")
                .arg(format!("--port={port}"))
                .env_clear()
                .envs(variables)
                .env("TAURI_AUTOMATION", "true")
                .env("TAURI_WEBVIEW_AUTOMATION", "true")
                .stdout(Stdio::null())
                .stderr(Stdio::null()),
        )?;
        until(PATIENCE, "WebKitWebDriver to listen", || {
            Ok(TcpStream::connect((Ipv4Addr::LOCALHOST, port)).map(drop).map_err(|error| error.to_string()))
        })?;
        let agent =
            ureq::Agent::config_builder().http_status_as_error(false).timeout_global(Some(Duration::from_secs(60))).build().new_agent();
        let mut session = Self { process, agent, address: format!("http://127.0.0.1:{port}"), path: "/session".to_owned() };
        let options = json!({ "binary": program, "args": arguments });
        let capabilities = json!({ "alwaysMatch": { "webkitgtk:browserOptions": options } });
        let answer = session.post("", json!({ "capabilities": capabilities }))?;
        let id = answer["sessionId"].as_str().ok_or_else(|| Error::said("WebKitWebDriver gave no session."))?;
        session.path = format!("/session/{id}");
        Ok(session)
    }

    pub(crate) fn process(&self) -> u32 {
        self.process.id()
    }

    pub(crate) fn get(&self, path: &str) -> Result<Value> {
        let answer = self.agent.get(format!("{}{}{path}", self.address, self.path)).call()?;
        Self::value("GET", path, answer)
    }

    pub(crate) fn post(&self, path: &str, body: Value) -> Result<Value> {
        let answer = self.agent.post(format!("{}{}{path}", self.address, self.path)).send_json(body)?;
        Self::value("POST", path, answer)
    }

    /// Asks the program to end, as closing its last window would.
    pub(crate) fn end(&self) -> Result<()> {
        let answer = self.agent.delete(format!("{}{}", self.address, self.path)).call()?;
        Self::value("DELETE", "", answer).map(drop)
    }

    pub(crate) fn handles(&self) -> Result<Vec<String>> {
        Ok(serde_json::from_value(self.get("/window/handles")?)?)
    }

    pub(crate) fn switch(&self, handle: &str) -> Result<()> {
        self.post("/window", json!({ "handle": handle })).map(drop)
    }

    /// Runs a function body in the page.
    pub(crate) fn script(&self, body: &str, arguments: Value) -> Result<Value> {
        self.post("/execute/sync", json!({ "script": body, "args": arguments }))
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
