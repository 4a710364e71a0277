//! A workspace of this computer on its way to a server (FORMATS.md, "A move").

use std::time::Duration;

use authority::moving::{End, Leaving, Look, Mover, Part, Progress};
use domain::{device::PairingCode, id::WorkspaceId};
use reqwest::{StatusCode, header::HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use tokio::time::sleep;
use wire::{Refusal, RefusalCode};
use zeroize::Zeroizing;

use crate::{
    address::Address,
    line::{Answered, Line, Lost, Patience, Sent},
    told,
    trust::Trust,
};

/// Bytes of an answer that are read: it says how far the move has come.
const MOST: usize = 64 * 1024;
/// How long it waits before it asks again, each time that no answer came. Each request may be asked again and again.
const PAUSES: [Duration; 4] = [Duration::from_millis(500), Duration::from_secs(1), Duration::from_secs(2), Duration::from_secs(4)];

/// Where a workspace is to go.
#[derive(Clone, Debug)]
pub struct Destination {
    /// The server.
    pub address: Address,
    code: PairingCode,
    /// Authorities (in DER) that are believed beside the system's.
    pub also: Vec<Vec<u8>>,
}

impl Destination {
    /// Reads what somebody typed.
    ///
    /// # Errors
    /// What is wrong with the address; [`RefusalCode::MoveCodeWrong`]. Nothing was sent.
    pub fn read(address: &str, code: &SecretString) -> Result<Self, Refusal> {
        let address = Address::read(address)?;
        let code = PairingCode::read_moving(code.expose_secret()).map_err(|_| RefusalCode::MoveCodeWrong)?;
        Ok(Self { address, code, also: Vec::new() })
    }

    fn trust(&self) -> Trust {
        match self.code.server() {
            Some(fingerprint) => Trust::Begins(*fingerprint),
            None => Trust::Roots(self.also.clone()),
        }
    }
}

/// Carries a workspace to a server that waits for one.
#[derive(Debug)]
pub struct Carrier {
    line: Line,
    bearer: HeaderValue,
}

impl Carrier {
    /// The way there.
    ///
    /// # Errors
    /// When there can be no TLS on this computer.
    pub fn new(to: &Destination, patience: Patience) -> Result<Self, Refusal> {
        let line = Line::new(to.address.clone(), &to.trust(), patience)?;
        let text = Zeroizing::new(format!("Bearer {}", to.code.canonical().expose_secret()));
        let mut bearer = HeaderValue::from_str(&text).map_err(|_| RefusalCode::Unexpected)?;
        bearer.set_sensitive(true);
        Ok(Self { line, bearer })
    }

    /// Whether the server is there, has this code, and would take this workspace in: asked before it is let go.
    ///
    /// # Errors
    /// What the server refuses; why it was not reached.
    pub async fn look(&self, workspace: WorkspaceId) -> Result<(), Refusal> {
        let version = env!("CARGO_PKG_VERSION").to_owned();
        self.ask("look", &Look { version, workspace }, &[]).await.map(drop)
    }

    async fn ask(&self, step: &str, document: &(impl Serialize + Sync), pauses: &[Duration]) -> Result<Progress, Refusal> {
        // Keys and secrets go by in it.
        let body = serde_json::to_vec(document).map(Zeroizing::new).map_err(|_| RefusalCode::Unexpected)?;
        let mut pauses = pauses.iter();
        loop {
            let (path, body, bearer) = (format!("/v1/move/{step}"), body.clone(), Some(self.bearer.clone()));
            let sent = Sent { path, body, bearer, proof: None, key: None, most: MOST, is_list: false };
            let refusal = match self.line.send(sent).await {
                Ok(answered) => match read(&answered) {
                    Err(refusal) if refusal.code == RefusalCode::AnswerLost => RefusalCode::Offline.into(),
                    // What was asked before, and whose answer was lost, may still be under way there.
                    Err(refusal) if refusal.code == RefusalCode::MoveOutOfOrder => refusal,
                    said => return said,
                },
                Err(lost @ (Lost::Unanswered | Lost::Unsent(RefusalCode::Offline))) => lost.refusal(false),
                Err(lost) => return Err(lost.refusal(false)),
            };
            let Some(pause) = pauses.next() else { return Err(refusal) };
            sleep(*pause).await;
        }
    }
}

fn read(answered: &Answered) -> Result<Progress, Refusal> {
    if answered.is_json && answered.status == StatusCode::OK {
        return serde_json::from_slice(&answered.body).map_err(|_| RefusalCode::ServerDiffers.into());
    }
    if answered.is_json && answered.status == StatusCode::NOT_FOUND {
        // A server of ours that serves.
        return Err(RefusalCode::MoveNotAwaited.into());
    }
    let refusal = told::refusal(answered);
    // Its disk, not this computer's.
    Err(if refusal.code == RefusalCode::DiskFull { RefusalCode::MoveDiskFull.into() } else { refusal })
}

impl Mover for Carrier {
    async fn begin(&self, leaving: Leaving) -> Result<Progress, Refusal> {
        self.ask("begin", &leaving, &PAUSES).await
    }

    async fn part(&self, part: Part) -> Result<Progress, Refusal> {
        self.ask("part", &part, &PAUSES).await
    }

    async fn end(&self, end: End) -> Result<Progress, Refusal> {
        self.ask("end", &end, &PAUSES).await
    }
}
