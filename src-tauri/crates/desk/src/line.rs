//! The line to a server: one request, one answer, and what can go wrong between them.

use std::{error::Error as StdError, io, time::Duration};

use bytes::Bytes;
use domain::device::HEADER;
use reqwest::{
    Client, StatusCode,
    header::{ACCEPT_ENCODING, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue, RETRY_AFTER},
    redirect, retry,
};
use rustls::CertificateError;
use uuid::Uuid;
use wire::{Refusal, RefusalCode, outbox::IDEMPOTENCY_KEY};
use zeroize::Zeroizing;

use crate::{
    address::Address,
    trust::{OtherKey, Seen, Trust},
};

/// How long things may take.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// Until there is a connection.
    pub connect: Duration,
    /// Until an answer has come, all of it. Longer than a server takes to give a request up.
    pub answer: Duration,
    /// The same for a list of thousands.
    pub list: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { connect: Duration::from_secs(6), answer: Duration::from_secs(40), list: Duration::from_secs(180) }
    }
}

/// The server closes connections that rest for ten seconds: one that it is about to close is not taken for a request.
const RESTS: Duration = Duration::from_secs(8);
const IDLE: usize = 4;

/// A way to one server. Requests go nowhere else: no redirects, no proxies of the environment, no cookies; and none is sent twice.
#[derive(Debug)]
pub(crate) struct Line {
    client: Client,
    address: Address,
    patience: Patience,
    seen: Seen,
}

/// One request as it is sent.
pub(crate) struct Sent {
    pub(crate) path: String,
    pub(crate) body: Zeroizing<Vec<u8>>,
    pub(crate) bearer: Option<HeaderValue>,
    pub(crate) proof: Option<String>,
    /// Under which it is carried out once.
    pub(crate) key: Option<Uuid>,
    /// Bytes of an answer that are read.
    pub(crate) most: usize,
    pub(crate) is_list: bool,
}

/// One answer as it came.
pub(crate) struct Answered {
    pub(crate) status: StatusCode,
    pub(crate) is_json: bool,
    pub(crate) body: Zeroizing<Vec<u8>>,
}

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lost {
    /// There was no connection: nothing was sent.
    Unsent(RefusalCode),
    /// The connection broke after the request may have left.
    Unanswered,
    /// More came than is read, or nothing that is HTTP. Something else than a server of ours answers there.
    Strange,
}

impl Lost {
    /// As it is told of a request that changes something, or of one that only reads.
    pub(crate) fn refusal(self, changes: bool) -> Refusal {
        match self {
            Self::Unsent(code) => code,
            Self::Unanswered if changes => RefusalCode::AnswerLost,
            Self::Unanswered => RefusalCode::Offline,
            Self::Strange => RefusalCode::ServerStrange,
        }
        .into()
    }
}

impl Line {
    pub(crate) fn new(address: Address, trust: &Trust, patience: Patience) -> Result<Self, Refusal> {
        let (config, seen) = trust.config().map_err(|error| {
            tracing::error!(%error, "no TLS");
            RefusalCode::ServerUntrusted
        })?;
        let client = Client::builder()
            .tls_backend_preconfigured(config)
            .https_only(address.is_encrypted())
            .http1_only()
            .no_proxy()
            .redirect(redirect::Policy::none())
            .retry(retry::never())
            .referer(false)
            .connect_timeout(patience.connect)
            .pool_idle_timeout(RESTS)
            .pool_max_idle_per_host(IDLE)
            .build()
            .map_err(|error| {
                tracing::error!(%error, "no client");
                RefusalCode::Unexpected
            })?;
        Ok(Self { client, address, patience, seen })
    }

    /// The key of the server, once it was reached and where that is what it is known by.
    pub(crate) fn key(&self) -> Option<[u8; 32]> {
        self.seen.key()
    }

    /// Sends a request.
    pub(crate) async fn send(&self, sent: Sent) -> Result<Answered, Lost> {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        if let Some(bearer) = sent.bearer {
            headers.insert(AUTHORIZATION, bearer);
        }
        if let Some(proof) = &sent.proof {
            headers.insert(HEADER, HeaderValue::from_str(proof).map_err(|_| Lost::Unsent(RefusalCode::Unexpected))?);
        }
        if let Some(key) = sent.key {
            headers.insert(IDEMPOTENCY_KEY, HeaderValue::from_str(&key.to_string()).map_err(|_| Lost::Unsent(RefusalCode::Unexpected))?);
        }
        let patience = if sent.is_list { self.patience.list } else { self.patience.answer };
        let request = self.client.post(self.address.at(&sent.path)).headers(headers).timeout(patience);
        let response = request.body(Bytes::from_owner(sent.body)).send().await.map_err(|error| lost(&error))?;
        read(response, sent.most).await
    }

    /// Whether anybody is there. Nothing is asked of the workspace.
    pub(crate) async fn knock(&self) -> Result<(), Lost> {
        let asked =
            self.client.get(self.address.at("/healthz")).timeout(self.patience.connect).send().await.map_err(|error| lost(&error))?;
        let fine = asked.status() == StatusCode::OK;
        let alive = read(asked, 64).await?;
        if fine && alive.body.as_slice() == b"alive\n" { Ok(()) } else { Err(Lost::Strange) }
    }
}

async fn read(mut response: reqwest::Response, most: usize) -> Result<Answered, Lost> {
    let kind = response.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let is_json = ["application/json", "application/problem+json"].contains(&kind.split(';').next().unwrap_or_default().trim());
    let (status, announced) = (response.status(), response.content_length().unwrap_or_default());
    let announced = usize::try_from(announced).unwrap_or(usize::MAX);
    if announced > most {
        return Err(Lost::Strange);
    }
    if status == StatusCode::SERVICE_UNAVAILABLE && !is_json && response.headers().contains_key(RETRY_AFTER) {
        // A proxy before a server that is being restarted.
        return Err(Lost::Unsent(RefusalCode::Offline));
    }
    // Of the announced size at once: what grows leaves copies behind.
    let mut body = Zeroizing::new(Vec::with_capacity(announced));
    while let Some(chunk) = response.chunk().await.map_err(|error| lost(&error))? {
        if body.len() + chunk.len() > most {
            return Err(Lost::Strange);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Answered { status, is_json, body })
}

/// Sorts what went wrong. The error itself is for the log: it names the address, and nothing of what was sent.
fn lost(error: &reqwest::Error) -> Lost {
    let lost = match cause::<rustls::Error>(error) {
        Some(tls) if error.is_connect() => Lost::Unsent(of_tls(tls)),
        None if error.is_connect() || error.is_builder() => Lost::Unsent(RefusalCode::Offline),
        _ => Lost::Unanswered,
    };
    tracing::info!(?lost, "the server did not answer");
    lost
}

fn of_tls(error: &rustls::Error) -> RefusalCode {
    match error {
        rustls::Error::InvalidCertificate(why) => match why {
            CertificateError::Other(other) if other.0.is::<OtherKey>() => RefusalCode::ServerKeyChanged,
            CertificateError::Expired
            | CertificateError::ExpiredContext { .. }
            | CertificateError::NotValidYet
            | CertificateError::NotValidYetContext { .. } => RefusalCode::ServerClock,
            _ => RefusalCode::ServerUntrusted,
        },
        rustls::Error::InvalidMessage(_) | rustls::Error::PeerIncompatible(_) | rustls::Error::AlertReceived(_) => {
            RefusalCode::ServerStrange
        }
        _ => RefusalCode::Offline,
    }
}

/// The first cause of this kind. An `io::Error` may hold another one inside, which it does not call its source.
fn cause<'a, E: StdError + 'static>(error: &'a (dyn StdError + 'static)) -> Option<&'a E> {
    let mut next = Some(error);
    while let Some(one) = next {
        if let Some(found) = one.downcast_ref::<E>() {
            return Some(found);
        }
        let within = one.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        next = match within {
            Some(inner) => Some(inner as &(dyn StdError + 'static)),
            None => one.source(),
        };
    }
    None
}
