//! A desktop that is paired, as far as a server sees it: a key, and a proof with every request.

use data_encoding::{BASE64, BASE64URL_NOPAD};
use domain::{
    device::{Asked, HEADER, Shown},
    id::{DeviceId, WorkspaceId},
    secret_hash::Opaque,
    session::SessionId,
};
use ed25519_dalek::{Signer, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::client::{Answer, Client};

pub(crate) struct Desktop {
    pub(crate) key: SigningKey,
    pub(crate) device: DeviceId,
    pub(crate) workspace: WorkspaceId,
}

pub(crate) fn digest(body: &str) -> [u8; 32] {
    Sha256::digest(body).into()
}

/// The identifier of the session with this token.
pub(crate) fn session_id(token: &str) -> SessionId {
    Opaque(Sha256::digest(BASE64URL_NOPAD.decode(token.as_bytes()).expect("a token")).into())
}

/// The part of a pairing code that the server knows.
pub(crate) fn sent(code: &str) -> String {
    let symbols: String = code.chars().filter(|c| *c != '-').collect();
    symbols[..25].to_owned()
}

/// What a desktop with this key asks to be paired by.
pub(crate) fn request(key: &SigningKey, code: &str) -> Value {
    json!({ "code": sent(code), "key": BASE64.encode(&key.verifying_key().to_bytes()) })
}

/// A header after a line break, as [`Client::call_with`] takes it.
pub(crate) fn line(device: DeviceId, signed: &SigningKey, asked: &Asked<'_>) -> String {
    let shown = Shown { device, signature: signed.sign(&asked.text()).to_bytes() };
    format!("\r\n{HEADER}: {shown}")
}

/// Asks to be paired; whatever is answered.
pub(crate) fn try_pairing(client: &Client, key: &SigningKey, code: &str) -> Answer {
    let request = request(key, code);
    let body = digest(&request.to_string());
    let header = line(DeviceId(Uuid::nil()), key, &Asked::pairing("/v1/pair-device", body));
    client.call_with("pair-device", None, &header, &request)
}

impl Desktop {
    /// One whose key is drawn from this number.
    pub(crate) fn paired(client: &Client, number: u8, code: &str) -> Self {
        let key = SigningKey::from_bytes(&[number; 32]);
        let reply = try_pairing(client, &key, code).reply();
        let id = |name: &str| reply[name].as_str().and_then(|text| text.parse().ok()).unwrap_or_else(|| panic!("no {name}: {reply}"));
        Self { device: DeviceId(id("device")), workspace: WorkspaceId(id("workspace")), key }
    }

    /// The header over a request, as this desktop writes it.
    pub(crate) fn header(&self, name: &str, session: Option<&str>, request: &Value) -> String {
        let (path, body) = (format!("/v1/{name}"), digest(&request.to_string()));
        let asked = Asked { workspace: self.workspace, device: self.device, path: &path, body, session: session.map(session_id) };
        line(self.device, &self.key, &asked)
    }

    pub(crate) fn call(&self, client: &Client, name: &str, session: Option<&str>, request: &Value) -> Answer {
        client.call_with(name, session, &self.header(name, session, request), request)
    }

    /// Comes through both doors by it.
    pub(crate) fn sign_in(&self, client: &Client, email: &str, password: &str, code: &str) -> String {
        let session = self.call(client, "sign-in", None, &json!({ "email": email, "password": password })).session();
        let step = self.call(client, "give-code", Some(&session), &json!({ "code": code })).reply();
        assert_eq!(step["next"], "in", "{step}");
        session
    }
}
