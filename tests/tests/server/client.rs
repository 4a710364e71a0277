//! Whoever asks a server: over TLS or in plain words, whole requests or torn ones.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    sync::Arc,
    time::Duration,
};

use rustls::{
    ClientConfig, ClientConnection, RootCertStore, StreamOwned,
    crypto::ring,
    pki_types::{CertificateDer, ServerName},
};
use serde_json::{Value, json};

const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) trait Line: Read + Write + Send {}
impl<T: Read + Write + Send> Line for T {}

/// A client of one server.
#[derive(Clone)]
pub(crate) struct Client {
    pub(crate) address: SocketAddr,
    tls: Option<Arc<ClientConfig>>,
}

/// What a server answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }

    /// The reply of a use case that was carried out.
    pub(crate) fn reply(&self) -> Value {
        assert_eq!(self.status, 200, "{self:?}");
        self.json()["reply"].clone()
    }

    /// The session that began with it.
    pub(crate) fn session(&self) -> String {
        self.json()["session"].as_str().unwrap_or_else(|| panic!("no session: {self:?}")).to_owned()
    }

    /// Status and code of a problem.
    pub(crate) fn problem(&self) -> (u16, String) {
        assert!(self.header("content-type").is_some_and(|kind| kind == "application/problem+json"), "{self:?}");
        let problem = self.json();
        assert_eq!(problem["status"], self.status);
        (self.status, problem["code"].as_str().unwrap_or_default().to_owned())
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
}

impl Client {
    pub(crate) fn plain(address: SocketAddr) -> Self {
        Self { address, tls: None }
    }

    /// One that believes this certificate and no other.
    pub(crate) fn believing(address: SocketAddr, certificate: &CertificateDer<'static>) -> Self {
        let mut roots = RootCertStore::empty();
        roots.add(certificate.clone()).expect("a root");
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_root_certificates(roots)
            .with_no_client_auth();
        Self { address, tls: Some(Arc::new(config)) }
    }

    pub(crate) fn connect(&self) -> std::io::Result<Box<dyn Line>> {
        let stream = TcpStream::connect_timeout(&self.address, PATIENCE)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        match &self.tls {
            None => Ok(Box::new(stream)),
            Some(config) => {
                let name = ServerName::try_from("localhost").expect("a name");
                let connection = ClientConnection::new(Arc::clone(config), name).expect("a connection");
                Ok(Box::new(StreamOwned::new(connection, stream)))
            }
        }
    }

    /// Sends these bytes, and reads what is answered until the server closes.
    pub(crate) fn raw(&self, bytes: &[u8]) -> std::io::Result<String> {
        let mut line = self.connect()?;
        line.write_all(bytes)?;
        line.flush()?;
        Ok(rest(line.as_mut()))
    }

    pub(crate) fn send(&self, head: &str, body: &[u8]) -> Answer {
        let head = format!("{head}\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {}\r\n\r\n", body.len());
        let answered = self.raw(&[head.as_bytes(), body].concat()).expect("an answer");
        parsed(&answered)
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.send(&format!("GET {path} HTTP/1.1"), b"")
    }

    /// Calls a use case.
    pub(crate) fn call(&self, name: &str, session: Option<&str>, request: &Value) -> Answer {
        self.call_with(name, session, "", request)
    }

    /// The same with more headers, each after a line break.
    pub(crate) fn call_with(&self, name: &str, session: Option<&str>, more: &str, request: &Value) -> Answer {
        let bearer = session.map(|token| format!("\r\nAuthorization: Bearer {token}")).unwrap_or_default();
        let head = format!("POST /v1/{name} HTTP/1.1\r\nContent-Type: application/json{bearer}{more}");
        self.send(&head, request.to_string().as_bytes())
    }

    pub(crate) fn sign_in(&self, email: &str, password: &str) -> Answer {
        self.call("sign-in", None, &json!({ "email": email, "password": password }))
    }
}

/// Whatever still comes; a connection that is cut ends it.
pub(crate) fn rest(line: &mut dyn Line) -> String {
    let mut bytes = Vec::new();
    let mut some = [0; 4096];
    while let Ok(count) = line.read(&mut some) {
        if count == 0 {
            break;
        }
        bytes.extend_from_slice(&some[..count]);
    }
    String::from_utf8(bytes).expect("text")
}

pub(crate) fn parsed(answered: &str) -> Answer {
    let (head, text) = answered.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no answer: {answered:?}"));
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_else(|| panic!("no status: {head}"));
    Answer { status, head: head.to_owned(), text: text.to_owned() }
}
