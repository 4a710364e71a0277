//! What was delivered, as another program reads it.

use crate::{Error, Result};
use serde::Deserialize;
use std::path::Path;
use std::process::Command;

/// A delivered message, as Python's `email` reads it.
#[derive(Clone, Debug, Deserialize)]
pub struct Delivered {
    /// Names and decoded values, in their order; those that the server put on top too.
    pub headers: Vec<(String, String)>,
    /// The type of the whole: `multipart/alternative`.
    pub kind: String,
    /// The parts: type, and text.
    pub parts: Vec<(String, String)>,
    /// What the parser had to complain of.
    pub defects: Vec<String>,
    /// Whether each line is short enough (RFC 5322 §2.1.1), and of ASCII.
    pub plain_lines: bool,
}

impl Delivered {
    pub(super) fn read(file: &Path) -> Result<Self> {
        let output = Command::new("/usr/bin/python3").args(["-c", READER]).arg(file).output()?;
        if !output.status.success() {
            return Err(Error::said(format!("The message was not read: {}", String::from_utf8_lossy(&output.stderr))));
        }
        serde_json::from_slice(&output.stdout).map_err(|error| Error::said(format!("The message was not read: {error}.")))
    }

    /// The values of all headers of this name.
    #[must_use]
    pub fn all(&self, name: &str) -> Vec<&str> {
        self.headers.iter().filter(|(header, _)| header.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str()).collect()
    }

    /// The value of the one header of this name.
    ///
    /// # Panics
    /// When there is none, or more than one.
    #[must_use]
    pub fn one(&self, name: &str) -> &str {
        match self.all(name).as_slice() {
            [one] => one,
            other => panic!("{name}: {other:?} in {:?}", self.headers),
        }
    }
}

const READER: &str = r#"
import email, email.policy, json, sys
raw = open(sys.argv[1], "rb").read()
message = email.message_from_bytes(raw, policy=email.policy.default)
defects = [repr(d) for part in message.walk() for d in part.defects]
defects += [repr(d) for _, value in message.items() for d in value.defects]
parts = [[part.get_content_type(), part.get_content()] for part in message.walk() if not part.is_multipart()]
lines = raw.split(b"\n")
json.dump({
    "headers": [[name, str(value)] for name, value in message.items()],
    "kind": message.get_content_type(),
    "parts": parts,
    "defects": defects,
    "plain_lines": raw.isascii() and max(map(len, lines)) <= 998,
}, sys.stdout)
"#;
