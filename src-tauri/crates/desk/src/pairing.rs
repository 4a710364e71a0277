//! What a desktop keeps of its pairing, and how it is paired.

use std::path::Path;

use authority::{Drawing, Surroundings};
use data_encoding::BASE64;
use domain::{
    device::{Asked, PairingCode, Shown},
    draw,
    id::{DeviceId, WorkspaceId},
    session::SessionId,
};
use ed25519_dalek::{Signer, SigningKey};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;
use vault::{Unpublished, Vault, VaultError};
use wire::{
    Refusal, RefusalCode, Request, UseCase,
    device::{PairDevice, Paired},
};
use zeroize::Zeroizing;

use crate::{
    address::Address,
    asking::{self, Signed},
    line::{Line, Patience},
    trust::Trust,
};

/// Under which it lies in the vault.
const RECORD: &str = "pairing";

/// With which server, and as which device.
pub struct Pairing {
    pub(crate) address: Address,
    pub(crate) trust: Trust,
    pub(crate) device: DeviceId,
    pub(crate) workspace: WorkspaceId,
    /// The public key that checkpoints of its journal are signed with.
    pub(crate) journal_key: String,
    pub(crate) key: DeviceKey,
}

impl std::fmt::Debug for Pairing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pairing").field("address", &self.address).field("device", &self.device).finish_non_exhaustive()
    }
}

/// What the device proves itself with. It is wiped when it is dropped.
pub(crate) struct DeviceKey(SigningKey);

impl DeviceKey {
    fn random(entropy: &mut dyn domain::Entropy) -> Self {
        let seed: Zeroizing<[u8; 32]> = Zeroizing::new(draw(entropy));
        Self(SigningKey::from_bytes(&seed))
    }

    /// What the header of a request says.
    pub(crate) fn show(&self, asked: &Asked<'_>) -> Shown {
        Shown { device: asked.device, signature: self.0.sign(&asked.text()).to_bytes() }
    }

    fn public(&self) -> String {
        BASE64.encode(self.0.verifying_key().as_bytes())
    }
}

/// What is to be paired.
#[derive(Debug)]
pub struct Wish {
    /// With which server.
    pub address: Address,
    /// By which code.
    pub code: PairingCode,
    /// What this computer calls itself; empty for the name that it was invited by.
    pub name: String,
    /// What opens what is kept here: the desk passphrase.
    pub passphrase: SecretString,
    /// Authorities (in DER) that are believed beside the system's.
    pub also: Vec<Vec<u8>>,
}

impl Wish {
    /// Reads what somebody typed.
    ///
    /// # Errors
    /// What is wrong with the address, the code, or the passphrase. Nothing was sent.
    pub fn read(address: &str, code: &SecretString, name: &str, passphrase: SecretString) -> Result<Self, Refusal> {
        use secrecy::ExposeSecret;
        let address = Address::read(address)?;
        let code = PairingCode::read(code.expose_secret()).map_err(authority::refusal)?;
        authority::check_passphrase(&passphrase)?;
        let name = name.trim();
        Ok(Self { address, code, name: name.into(), passphrase, also: Vec::new() })
    }

    fn trust(&self) -> Trust {
        match self.code.server() {
            Some(fingerprint) => Trust::Begins(*fingerprint),
            None => Trust::Roots(self.also.clone()),
        }
    }
}

/// A desk that was paired, and is open.
#[derive(Debug)]
pub struct Desk {
    /// Where all of it is kept.
    pub vault: Vault,
    /// With which server, and as which device.
    pub pairing: Pairing,
}

/// Pairs this desktop: draws its key, lets the server know it, and makes the vault that keeps it. Where it fails nothing of it stays
/// here; where the process is killed the next start sweeps what was begun.
///
/// # Errors
/// What the server refuses; why it was not reached; what keeps a vault from being made.
pub async fn pair(root: &Path, wish: Wish, surroundings: &impl Surroundings) -> Result<Desk, Refusal> {
    let key = DeviceKey::random(&mut Drawing(surroundings));
    // Before the code is used up: a disk that is full is found out now.
    let device = if wish.name.is_empty() { None } else { Some(wish.name.as_str()) };
    let paired_with = vault::PairedWith { server: wish.address.to_string(), device: device.map(str::to_owned) };
    let preparing = vault::prepare_desk(root, &wish.address.to_string(), paired_with, &wish.passphrase, &mut Drawing(surroundings));
    let unpublished = preparing.await.map_err(|error| of_vault(&error))?;
    match paired(&wish, key, &unpublished).await {
        Ok((pairing, name)) => {
            let vault =
                unpublished.named(&name).await.map_err(|error| of_vault(&error))?.publish().await.map_err(|error| of_vault(&error))?;
            Ok(Desk { vault, pairing })
        }
        Err(refusal) => {
            unpublished.discard().await;
            Err(refusal)
        }
    }
}

async fn paired(wish: &Wish, key: DeviceKey, unpublished: &Unpublished) -> Result<(Pairing, String), Refusal> {
    let line = Line::new(wish.address.clone(), &wish.trust(), Patience::default())?;
    let asks = PairDevice { code: wish.code.canonical().clone(), name: wish.name.clone(), key: key.public() };
    let asked = asking::exchange(&line, &Request::from(asks), None, |path, body| key.show(&Asked::pairing(path, body))).await;
    let outcome = asked.map_err(|lost| lost.refusal(true))??;
    let Paired { device, workspace, workspace_name, journal_key } = PairDevice::reply(outcome.response)?;
    let trust = match wish.trust() {
        // All of it from now on: the code had room for a part.
        Trust::Begins(_) => Trust::Key(line.key().ok_or(RefusalCode::Unexpected)?),
        other => other,
    };
    let (device, workspace) = (DeviceId(device), WorkspaceId(workspace));
    let pairing = Pairing { address: wish.address.clone(), trust, device, workspace, journal_key, key };
    pairing.keep(unpublished.store()).await?;
    Ok((pairing, workspace_name))
}

fn of_vault(error: &VaultError) -> Refusal {
    tracing::warn!(%error, "the vault of a desk could not be made");
    match error {
        VaultError::ReadOnly => RefusalCode::ReadOnly,
        VaultError::DiskFull => RefusalCode::DiskFull,
        VaultError::Failed(_) => RefusalCode::Unexpected,
    }
    .into()
}

/// The form in the vault.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Written {
    address: String,
    /// The whole SHA-256 of the server's public key, in Base64; absent where the roots of the system decide.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    server_key: Option<String>,
    device: Uuid,
    workspace: Uuid,
    journal_key: String,
    /// The 32 bytes that the device's key grows from (RFC 8032 §5.1.5), in Base64.
    device_key: Zeroizing<String>,
}

impl Pairing {
    /// The pairing that a vault holds; `None` for one that is no desk.
    ///
    /// # Errors
    /// [`RefusalCode::VaultDamaged`] for one that cannot be read.
    pub async fn of(vault: &Vault) -> Result<Option<Self>, Refusal> {
        let text = vault.desk_record(RECORD).await.map_err(authority::store_refusal)?;
        let Some(text) = text.map(Zeroizing::new) else { return Ok(None) };
        Self::read(&text).map(Some).ok_or_else(|| RefusalCode::VaultDamaged.into())
    }

    fn read(text: &str) -> Option<Self> {
        let written: Written = serde_json::from_str(text).ok()?;
        let bytes = |text: &str| <[u8; 32]>::try_from(BASE64.decode(text.as_bytes()).ok()?).ok();
        let trust = match &written.server_key {
            Some(key) => Trust::Key(bytes(key)?),
            None => Trust::Roots(Vec::new()),
        };
        Some(Self {
            address: Address::read(&written.address).ok()?,
            trust,
            device: DeviceId(written.device),
            workspace: WorkspaceId(written.workspace),
            journal_key: written.journal_key,
            key: DeviceKey(SigningKey::from_bytes(&Zeroizing::new(bytes(&written.device_key)?))),
        })
    }

    async fn keep(&self, vault: &Vault) -> Result<(), Refusal> {
        let server_key = if let Trust::Key(key) = &self.trust { Some(BASE64.encode(key)) } else { None };
        let written = Written {
            address: self.address.to_string(),
            server_key,
            device: self.device.0,
            workspace: self.workspace.0,
            journal_key: self.journal_key.clone(),
            device_key: Zeroizing::new(BASE64.encode(self.key.0.as_bytes())),
        };
        let text = serde_json::to_string(&written).map(Zeroizing::new).map_err(|_| RefusalCode::Unexpected)?;
        vault.keep_desk_record(RECORD, &text).await.map_err(authority::store_refusal)
    }

    /// The server, as it is said to people.
    #[must_use]
    pub fn server(&self) -> String {
        self.address.to_string()
    }

    /// Which workspace it is of.
    #[must_use]
    pub fn workspace(&self) -> Uuid {
        self.workspace.0
    }

    /// The public key that checkpoints of its journal are signed with, as C2SP signed notes write it.
    #[must_use]
    pub fn journal_key(&self) -> &str {
        &self.journal_key
    }

    /// The proof of a request.
    pub(crate) fn show(&self, path: &str, body: Signed, session: Option<SessionId>) -> Shown {
        self.key.show(&Asked { workspace: self.workspace, device: self.device, path, body, session })
    }
}

/// What is signed of a text.
pub(crate) fn digest(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}
