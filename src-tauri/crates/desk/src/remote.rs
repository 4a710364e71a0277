//! A workspace on a server, behind the seam.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use authority::Surroundings;
use data_encoding::BASE64URL_NOPAD;
use domain::{device::Shown, secret_hash::Opaque};
use reqwest::header::HeaderValue;
use secrecy::ExposeSecret;
use serde_json::Value;
use tokio::{sync::watch, task::JoinHandle, time::sleep};
use wire::{
    Refusal, RefusalCode, Request, SessionToken, Workspace,
    seam::{Outcome, Reply, UseCaseName},
};
use zeroize::Zeroizing;

use crate::{
    line::{Line, Lost, Patience, Sent},
    link::{Link, Standing},
    pairing::{Pairing, digest},
    told,
};

/// SHA-256 of what is sent.
pub(crate) type Signed = [u8; 32];

/// Bytes that are set aside for a request.
const ROOM: usize = 8 * 1024;
/// Bytes of an answer that are read: far more than any screen shows.
const USUAL: usize = 16 * 1024 * 1024;
/// The same of a list of people, or of the verdicts on one.
const LIST: usize = 512 * 1024 * 1024;

/// How often it is tried whether the server is there.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// While it is, and nobody asks it anything.
    pub rest: Duration,
    /// After it was lost; twice as long after each time that nobody answered.
    pub soon: Duration,
    /// And never longer than this.
    pub late: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self { rest: Duration::from_secs(15), soon: Duration::from_secs(2), late: Duration::from_secs(30) }
    }
}

/// A workspace on the server that this desktop was paired with.
pub struct Remote {
    held: Arc<Held>,
    knocking: JoinHandle<()>,
}

struct Held {
    line: Line,
    pairing: Pairing,
    standing: Standing,
    surroundings: Box<dyn Surroundings>,
    life: Mutex<Life>,
}

/// When somebody last gave a sign of life, and how long this computer waits for the next.
#[derive(Clone, Copy, Debug, Default)]
struct Life {
    seen_at: Option<i64>,
    idle: Option<i64>,
}

impl Drop for Remote {
    fn drop(&mut self) {
        self.knocking.abort();
    }
}

impl Remote {
    /// The workspace of a pairing. From here on it is tried now and then whether the server is there.
    ///
    /// # Errors
    /// When there can be no TLS on this computer.
    pub fn begin(pairing: Pairing, surroundings: impl Surroundings, patience: Patience, pace: Pace) -> Result<Self, Refusal> {
        let line = Line::new(pairing.address.clone(), &pairing.trust, patience)?;
        let standing = Standing::new(&surroundings);
        let held = Arc::new(Held { line, pairing, standing, surroundings: Box::new(surroundings), life: Mutex::default() });
        let knocking = tokio::spawn(knock_now_and_then(Arc::clone(&held), pace));
        Ok(Self { held, knocking })
    }

    /// With which server, and as which device.
    #[must_use]
    pub fn pairing(&self) -> &Pairing {
        &self.held.pairing
    }

    /// How the connection stands.
    #[must_use]
    pub fn link(&self) -> Link {
        self.held.standing.now()
    }

    /// Tells of each change of it.
    #[must_use]
    pub fn watch(&self) -> watch::Receiver<Link> {
        self.held.standing.watch()
    }

    /// Tries now whether the server is there.
    pub async fn knock(&self) -> Link {
        self.held.knock().await;
        self.link()
    }

    /// Locks a session that nobody gave a sign of life for after so many seconds, where the policy allows more.
    pub fn lock_after(&self, seconds: Option<i64>) {
        self.held.life().idle = seconds.filter(|seconds| *seconds > 0);
    }

    /// Whether nobody gave a sign of life for as long as this computer waits. The server has a wait of its own beside it.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        let (life, now) = (*self.held.life(), self.held.surroundings.now().0);
        matches!((life.seen_at, life.idle), (Some(seen), Some(idle)) if now - seen >= idle)
    }

    /// Asks the server, whatever the replica knows.
    ///
    /// # Errors
    /// What the server refuses, and why it was not reached.
    pub async fn ask(&self, session: Option<&SessionToken>, request: Request) -> Result<Outcome, Refusal> {
        self.held.ask(session, request).await
    }
}

impl Workspace for Remote {
    fn call<'a>(&'a self, session: Option<&'a SessionToken>, request: Request) -> Reply<'a, Outcome> {
        Box::pin(self.ask(session, request))
    }
}

impl Held {
    async fn ask(&self, session: Option<&SessionToken>, request: Request) -> Result<Outcome, Refusal> {
        let name = request.name();
        let id = session.map(|token| Opaque(digest(token.expose_secret())));
        let asked = exchange(&self.line, &request, session, |path, body| self.pairing.show(path, body, id)).await;
        drop(request);
        match asked {
            Ok(outcome) => {
                self.standing.tried(None, &*self.surroundings);
                if let Ok(outcome) = &outcome {
                    self.lives(name, outcome);
                }
                outcome
            }
            Err(lost) => {
                self.standing.tried(Some(lost.refusal(false).code), &*self.surroundings);
                Err(lost.refusal(changes(name)))
            }
        }
    }

    fn life(&self) -> std::sync::MutexGuard<'_, Life> {
        self.life.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes signs of life, and that there is nobody any more whose they could be.
    fn lives(&self, name: UseCaseName, outcome: &Outcome) {
        use UseCaseName as Name;
        let here = outcome.opened.is_some() || matches!(name, Name::Touch | Name::Unlock);
        let gone = matches!(name, Name::Lock | Name::SignOut);
        if here {
            self.life().seen_at = Some(self.surroundings.now().0);
        } else if gone {
            self.life().seen_at = None;
        }
    }

    async fn knock(&self) {
        let came = self.line.knock().await;
        self.standing.tried(came.err().map(|lost| lost.refusal(false).code), &*self.surroundings);
    }
}

/// Looks whether the server is there: often once it was lost, and ever less often; now and then while it is there. What a desktop
/// asks anyway counts as well.
async fn knock_now_and_then(held: Arc<Held>, pace: Pace) {
    let mut link = held.standing.watch();
    let mut wait = pace.soon;
    loop {
        let connected = link.borrow_and_update().connected;
        if connected {
            wait = pace.soon;
        }
        tokio::select! {
            () = sleep(if connected { pace.rest } else { wait }) => {}
            changed = link.changed() => match changed {
                // Lost, or found again by what somebody asked: the wait begins anew.
                Ok(()) => continue,
                Err(_) => return,
            },
        }
        held.knock().await;
        if !connected {
            wait = (wait * 2).min(pace.late);
        }
    }
}

/// Sends one request and reads its answer.
pub(crate) async fn exchange(
    line: &Line,
    request: &Request,
    session: Option<&SessionToken>,
    show: impl FnOnce(&str, Signed) -> Shown,
) -> Result<Result<Outcome, Refusal>, Lost> {
    let name = request.name();
    let path = path(name);
    // With room for all that anybody types: what grows leaves copies behind.
    let mut body = Zeroizing::new(Vec::with_capacity(ROOM));
    serde_json::to_writer(&mut *body, request).map_err(|_| Lost::Unsent(RefusalCode::Unexpected))?;
    let proof = Some(show(&path, digest(&body)).to_string());
    let bearer = session.map(bearer).transpose()?;
    let is_list = takes_or_gives_list(name);
    let answered = line.send(Sent { path, body, bearer, proof, most: if is_list { LIST } else { USUAL }, is_list }).await?;
    Ok(told::read(name, &answered))
}

fn bearer(token: &SessionToken) -> Result<HeaderValue, Lost> {
    let text = Zeroizing::new(format!("Bearer {}", BASE64URL_NOPAD.encode(token.expose_secret())));
    let mut value = HeaderValue::from_str(&text).map_err(|_| Lost::Unsent(RefusalCode::Unexpected))?;
    value.set_sensitive(true);
    Ok(value)
}

fn path(name: UseCaseName) -> String {
    match serde_json::to_value(name) {
        Ok(Value::String(name)) => format!("/v1/{name}"),
        _ => String::new(),
    }
}

fn takes_or_gives_list(name: UseCaseName) -> bool {
    use UseCaseName as Name;
    matches!(
        name,
        Name::CheckPeople
            | Name::ImportPeople
            | Name::UndoImport
            | Name::CheckTokens
            | Name::ImportTokens
            | Name::UndoTokenImport
            | Name::ExportPeople
    )
}

/// Whether it could matter that a request was carried out whose answer was lost. What only reads is asked again.
fn changes(name: UseCaseName) -> bool {
    let word = serde_json::to_value(name).ok().and_then(|word| word.as_str().map(str::to_owned)).unwrap_or_default();
    let reads = [
        "read-",
        "list-",
        "search-",
        "check-",
        "preflight-",
        "begin-verification",
        "begin-export",
        "export-",
        "prove-entry",
        "who-am-i",
        "touch",
    ];
    !reads.iter().any(|begin| word.starts_with(begin))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_could_have_changed_something_is_told_so() {
        let reading = UseCaseName::ALL.iter().filter(|name| !changes(**name)).count();
        assert!(reading > 25, "{reading}");
        for name in [
            UseCaseName::ResetSecondFactor,
            UseCaseName::GiveCode,
            UseCaseName::ProveToken,
            UseCaseName::BeginEnrolment,
            UseCaseName::AskStaff,
        ] {
            assert!(changes(name), "{name:?}");
        }
        for name in [UseCaseName::WhoAmI, UseCaseName::ListPeople, UseCaseName::ReadLines, UseCaseName::PreflightPolicy] {
            assert!(!changes(name), "{name:?}");
        }
    }
}
