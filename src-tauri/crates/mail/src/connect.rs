//! From a host name to a TLS connection.

use std::{io, sync::Arc, time::Duration};

use lettre::transport::smtp::{
    extension::{ClientId, Extension, ServerInfo},
    response::Response,
};
use rustls::{
    ClientConfig,
    crypto::ring,
    pki_types::{CertificateDer, ServerName, UnixTime},
    time_provider::TimeProvider,
};
use rustls_platform_verifier::Verifier;
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
    time::timeout,
};
use tokio_rustls::TlsConnector;
use wire::{
    delivery::{MailServer, Outcome},
    mail::{MailFailure, MailSecurity},
};

use crate::{
    link::Link,
    reply::{No, Phase, outcome},
    send::{Patience, failed},
};

/// How much a server may say before TLS.
const MOST_IN_THE_CLEAR: u64 = 16 * 1024;

/// Whose certificates are believed: those that this system trusts, and any that are added.
#[derive(Clone, Debug, Default)]
pub struct Trust {
    /// Authorities besides the system's, in DER.
    pub also: Vec<Vec<u8>>,
}

#[derive(Debug)]
struct At(UnixTime);

impl TimeProvider for At {
    fn current_time(&self) -> Option<UnixTime> {
        Some(self.0)
    }
}

impl Trust {
    /// Reads the system's certificates anew: what an administrator adds there counts from the next message on.
    fn config(&self, now: i64) -> Result<ClientConfig, rustls::Error> {
        let provider = Arc::new(ring::default_provider());
        let also = self.also.iter().map(|authority| CertificateDer::from(authority.clone()));
        let verifier = Verifier::new_with_extra_roots(also, provider.clone())?;
        let now = UnixTime::since_unix_epoch(Duration::from_secs(now.try_into().unwrap_or_default()));
        let config = ClientConfig::builder_with_details(provider, Arc::new(At(now)))
            .with_safe_default_protocol_versions()?
            // Not dangerous: it is the system's own.
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier))
            .with_no_client_auth();
        Ok(config)
    }
}

/// The name by which the program greets a server: nobody's, so that no mail says what the computer is called.
pub(crate) fn own_name() -> ClientId {
    ClientId::default()
}

/// Opens a TLS connection to the server. `now` is for the validity of its certificate, in seconds since 1970.
pub(crate) async fn connect(server: &MailServer, trust: &Trust, patience: &Patience, now: i64) -> Result<Link, Outcome> {
    let unreachable = failed(MailFailure::CannotReach);
    let refused = |why: &dyn std::fmt::Display| {
        tracing::warn!(%why, "no protected connection to the mail server");
        failed(MailFailure::Tls)
    };
    let host = server.host.trim_end_matches('.');
    let host = idna::domain_to_ascii(host).unwrap_or_else(|_| host.to_owned());
    let name = ServerName::try_from(host.clone()).map_err(|_| unreachable)?;
    let mut tcp = match timeout(patience.connect, TcpStream::connect((host.as_str(), server.port))).await {
        Ok(Ok(tcp)) => tcp,
        Ok(Err(_)) | Err(_) => return Err(unreachable),
    };
    if server.security == MailSecurity::Starttls {
        match timeout(patience.command, ask_for_tls(&mut tcp)).await {
            Ok(Ok(())) => {}
            Ok(Err(Opening::No(no))) => return Err(outcome(Phase::Greeting, no, false)),
            Ok(Err(Opening::NoTls(why))) => return Err(refused(&why)),
            Ok(Err(Opening::Broken(_))) | Err(_) => return Err(unreachable),
        }
    }
    let trust = trust.clone();
    let config = tokio::task::spawn_blocking(move || trust.config(now)).await;
    let config = config.map_err(|why| refused(&why))?.map_err(|why| refused(&why))?;
    match timeout(patience.connect, TlsConnector::from(Arc::new(config)).connect(name, tcp)).await {
        Ok(Ok(tls)) if server.security == MailSecurity::Starttls => Ok(Link::greeted(tls)),
        Ok(Ok(tls)) => Ok(Link::fresh(tls)),
        Ok(Err(why)) => Err(refused(&why)),
        Err(late) => Err(refused(&late)),
    }
}

/// Why STARTTLS came to nothing.
enum Opening {
    No(No),
    NoTls(&'static str),
    Broken(#[expect(dead_code, reason = "for whoever debugs")] io::Error),
}

impl From<io::Error> for Opening {
    fn from(error: io::Error) -> Self {
        Self::Broken(error)
    }
}

/// The three lines that are said in the clear (RFC 3207). Nothing of what the server says here is believed afterwards.
async fn ask_for_tls(tcp: &mut TcpStream) -> Result<(), Opening> {
    let (reading, mut writing) = tcp.split();
    let mut reading = BufReader::new(reading.take(MOST_IN_THE_CLEAR));
    positive(reply(&mut reading).await?)?;
    writing.write_all(format!("EHLO {}\r\n", own_name()).as_bytes()).await?;
    let offers = positive(reply(&mut reading).await?)?;
    if !ServerInfo::from_response(&offers).is_ok_and(|info| info.supports_feature(Extension::StartTls)) {
        return Err(Opening::NoTls("the server offers no STARTTLS"));
    }
    writing.write_all(b"STARTTLS\r\n").await?;
    if !reply(&mut reading).await?.has_code(220) {
        return Err(Opening::NoTls("the server offers STARTTLS and refuses it"));
    }
    // Whoever put something behind the reply wants it taken for the server's own words under TLS.
    if reading.buffer().is_empty() { Ok(()) } else { Err(Opening::NoTls("something was said between STARTTLS and TLS")) }
}

fn positive(reply: Response) -> Result<Response, Opening> {
    if reply.is_positive() {
        return Ok(reply);
    }
    Err(Opening::No(No::new(reply.code().into(), reply.first_line().unwrap_or_default())))
}

async fn reply(reading: &mut (impl AsyncBufReadExt + Unpin)) -> Result<Response, Opening> {
    let mut text = String::new();
    loop {
        let begin = text.len();
        if reading.read_line(&mut text).await? == 0 {
            return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into());
        }
        // A dash behind the code: more lines follow (RFC 5321 §4.2.1).
        if text.as_bytes().get(begin + 3) != Some(&b'-') {
            return text.parse().map_err(|_| io::Error::from(io::ErrorKind::InvalidData).into());
        }
    }
}
