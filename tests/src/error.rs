//! What can go wrong in a test, as sentences.

/// The one error of the harness. A test only ever prints it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A sentence that says what was expected and what was there.
    #[error("{0}")]
    Said(String),
    /// WebKitWebDriver refused a command; `kind` is one of the error codes of the WebDriver standard.
    #[error("WebKitWebDriver answered “{kind}” to {command}: {message}")]
    Driver {
        /// The command, as method and path.
        command: String,
        /// The standard's error code.
        kind: String,
        /// What the driver added.
        message: String,
    },
    /// Files and processes.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// A text that is not the JSON it should be.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    /// The driver could not be reached.
    #[error("WebKitWebDriver cannot be reached: {0}")]
    Http(#[from] ureq::Error),
}

/// The harness's result.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// An error that is a sentence.
    pub fn said(sentence: impl Into<String>) -> Self {
        Self::Said(sentence.into())
    }

    /// Whether the page moved on between finding an element and touching it, so that nothing was done and the
    /// whole attempt may be made again.
    pub(crate) fn page_moved_on(&self) -> bool {
        matches!(self, Self::Driver { kind, .. } if matches!(
            kind.as_str(),
            "stale element reference"
                | "no such element"
                | "element click intercepted"
                | "element not interactable"
                | "no such window"
                | "javascript error"
                | "unknown error"
                | crate::driver::PAGE_ENDED
        ))
    }
}
