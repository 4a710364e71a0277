//! Devices: invited, paired, listed, revoked; and the device that a call comes through.

use domain::{
    Refusal as DomainRefusal,
    code::{Code, Kind},
    device::{self, Asked, Device, Fingerprint, NewDevice, PairTry, PairingCode, PublicKey, Shown, State},
    id::{AccountId, DeviceId},
    time::Moment,
    words::Name,
    workspace::Workspace,
};
use secrecy::ExposeSecret;
use sha2::{Digest, Sha256};
use uuid::Uuid;
use wire::{
    Refusal, RefusalCode, SessionToken,
    device::{DeviceInvited, DeviceRow, DeviceState, Devices, InviteDevice, ListDevices, PairDevice, Paired, RevokeDevice},
    people::PersonName,
    sign_in::Done,
};

use crate::{
    evidence::public_keys,
    ground::{Ground, session_id},
    local::{Authority, Counted, settle},
    refusals,
    store::{DeviceQuery, Store},
    views,
};

/// The header that carries a device's proof.
pub use domain::device::{HEADER as DEVICE_HEADER, PAIRING_VALIDITY};

const PAGE: u32 = 60;
/// People at most of whom it is said that they are signed in by one device.
pub(crate) const SIGNED_IN: u32 = 100;

/// By what a call comes.
#[derive(Clone, Debug, Default)]
pub(crate) enum Through {
    /// By no device: a program, or a window beside the store.
    #[default]
    Nothing,
    /// By a device that proved itself.
    Device(DeviceId),
    /// By one that is yet to be paired. Whether it has the key that it will name is looked at then.
    Pairing(NewKeyShown),
}

/// What a desktop that pairs signed, and how.
#[derive(Clone, Debug)]
pub(crate) struct NewKeyShown {
    path: String,
    body: [u8; 32],
    signature: [u8; 64],
}

impl Through {
    /// The device that must be in use for anything to be done. One that pairs is none yet: it can do nothing else.
    pub(crate) fn device(&self) -> Option<DeviceId> {
        match self {
            Self::Nothing => None,
            Self::Device(id) => Some(*id),
            Self::Pairing(_) => Some(DeviceId(Uuid::nil())),
        }
    }

    fn shows(&self, key: &PublicKey) -> bool {
        matches!(self, Self::Pairing(shown) if key.proves(&Asked::pairing(&shown.path, shown.body), &shown.signature))
    }
}

impl<S: Store> Authority<S> {
    /// The same workspace, called through the device whose proof this is: the value of the header, over a request with this path and
    /// this body as it came. A session that begins is good through that device alone. A nil device is one that pairs.
    ///
    /// # Errors
    /// [`RefusalCode::DeviceUnknown`] or [`RefusalCode::DeviceRevoked`].
    pub async fn through(&self, header: &str, path: &str, body: &[u8], session: Option<&SessionToken>) -> Result<Self, Refusal> {
        let shown = Shown::read(header).ok_or(RefusalCode::DeviceUnknown)?;
        let body = Sha256::digest(body).into();
        if shown.device.0.is_nil() {
            let shown = NewKeyShown { path: path.to_owned(), body, signature: shown.signature };
            return Ok(self.coming_by(Through::Pairing(shown)));
        }
        let workspace = self.store.workspace().await.map_err(refusals::store)?.ok_or(RefusalCode::NoWorkspace)?.record.id;
        let found = self.store.device(shown.device).await.map_err(refusals::store)?.ok_or(RefusalCode::DeviceUnknown)?;
        let asked = Asked { workspace, device: shown.device, path, body, session: session.map(session_id) };
        found.record.proved(&asked, &shown.signature).map_err(refusals::domain)?;
        Ok(self.coming_by(Through::Device(shown.device)))
    }

    /// The same workspace, called through the device that this header names, whoever wrote it. For looking whether somebody is
    /// anybody before their request is read: what they ask for is carried out [through](Self::through) what was proved.
    ///
    /// # Errors
    /// [`RefusalCode::DeviceUnknown`] for what is no such header.
    pub fn said_to_come_through(&self, header: &str) -> Result<Self, Refusal> {
        let shown = Shown::read(header).ok_or(RefusalCode::DeviceUnknown)?;
        Ok(self.coming_by(Through::Device(shown.device)))
    }

    pub(crate) async fn invite_device(&self, token: Option<&SessionToken>, request: InviteDevice) -> Result<DeviceInvited, Refusal> {
        let name = Name::read(&request.name).map_err(refusals::domain)?;
        let (code, id) = self.pairing_code()?;
        let until = settle!(self, ground => async {
            let acting = ground.acting_fully(token).await?;
            device::may_keep(&acting.account).map_err(refusals::domain)?;
            on_server(&acting.workspace)?;
            let proof = self.prove(&mut ground, &acting, &request.proof).await?;
            let new = NewDevice { id, name: name.clone(), hash: code.hash() };
            Ok::<_, Refusal>(device::invite(&acting.policy, acting.account, acting.session, new, &proof, ground.now))
        })?;
        Ok(invited(id, &name, &code, until))
    }

    /// Invites a device at the server's console.
    ///
    /// # Errors
    /// A name that is none, or a refusal of the store.
    pub async fn invite_device_at_console(&self, name: &str) -> Result<DeviceInvited, Refusal> {
        let name = Name::read(name).map_err(refusals::domain)?;
        let (code, id) = self.pairing_code()?;
        let until = settle!(self, ground => async {
            on_server(&ground.workspace().await?)?;
            let new = NewDevice { id, name: name.clone(), hash: code.hash() };
            Ok::<_, Refusal>(device::invite_at_console(new, ground.now))
        })?;
        Ok(invited(id, &name, &code, until))
    }

    fn pairing_code(&self) -> Result<(PairingCode, DeviceId), Refusal> {
        let code = Code::random(Kind::Pairing, &mut self.entropy());
        let code = PairingCode::new(code, self.certificate.as_ref().map(Fingerprint::of)).ok_or(RefusalCode::Unexpected)?;
        Ok((code, DeviceId::random(&mut self.entropy())))
    }

    /// No session: the code is what lets it in.
    pub(crate) async fn pair_device(&self, request: PairDevice) -> Result<Paired, Refusal> {
        let code = PairingCode::read(request.code.expose_secret()).map_err(refusals::domain)?;
        let shown = PublicKey::read(&request.key).filter(|key| self.through.shows(key)).ok_or(RefusalCode::DeviceUnknown)?;
        let name = match request.name.trim() {
            "" => None,
            name => Some(Name::read(name).map_err(refusals::domain)?),
        };
        let (key, hash) = (self.throttle_key_of(Counted::Pairing, ""), code.hash());
        let here = self.coming_by(Through::Nothing);
        let id = settle!(here, ground => async {
            on_server(&ground.workspace().await?)?;
            let tried = PairTry { key, failures: ground.throttle(key).await?, shown, name: name.clone() };
            // Counted first: while it waits, the devices are not even asked.
            let found = if device::open(&tried.failures, ground.now).is_ok() { ground.device_invited_by(hash).await? } else { None };
            let owners: Vec<_> = self.store.owners().await.map_err(refusals::store)?.iter().map(|found| found.record.id).collect();
            Ok::<_, Refusal>(device::pair(tried, found, &owners, ground.now))
        })?;
        // The first time, the key is made.
        let (workspace, _) = here.signing().await?;
        let journal_key = public_keys(&workspace).first().map(ToString::to_string).ok_or(RefusalCode::Unexpected)?;
        Ok(Paired { device: id.0, workspace: workspace.id.0, workspace_name: workspace.name.as_str().into(), journal_key })
    }

    pub(crate) async fn list_devices(&self, token: Option<&SessionToken>, request: ListDevices) -> Result<Devices, Refusal> {
        let mut ground = self.ground();
        let acting = ground.acting_fully(token).await?;
        if let Err(refusal) = device::may_keep(&acting.account) {
            return Err(self.turned_away(ground, refusal).await);
        }
        on_server(&acting.workspace)?;
        let after = request.after.as_deref().and_then(read_cursor);
        let query = DeviceQuery { at: ground.now, gone: request.gone, after, limit: PAGE };
        let page = self.store.devices(&query).await.map_err(refusals::store)?;
        let mut rows = Vec::with_capacity(page.rows.len());
        for device in &page.rows {
            rows.push(row(&mut ground, device).await?);
        }
        let next = page.next.map(|(at, id)| format!("{}.{id}", at.0));
        Ok(Devices { rows, next, total: page.total, gone: page.gone })
    }

    pub(crate) async fn revoke_device(&self, token: Option<&SessionToken>, request: RevokeDevice) -> Result<Done, Refusal> {
        settle!(self, ground => async {
            let acting = ground.acting_fully(token).await?;
            device::may_keep(&acting.account).map_err(refusals::domain)?;
            let found = match ground.device(DeviceId(request.device)).await? {
                Some(device) => {
                    let there = self.store.signed_in_through(device.id, SIGNED_IN).await.map_err(refusals::store)?;
                    Some((device, there))
                }
                None => None,
            };
            let proof = self.prove(&mut ground, &acting, &request.proof).await?;
            Ok::<_, Refusal>(device::revoke(&acting.policy, acting.account, acting.session, found, &proof, ground.now))
        })?;
        Ok(Done {})
    }
}

/// Devices are paired with a server; in a local workspace there is nothing to pair with.
pub(crate) fn on_server(workspace: &Workspace) -> Result<(), Refusal> {
    if workspace.naming_key.is_some() { Ok(()) } else { Err(refusals::domain(DomainRefusal::OnlyOnServer)) }
}

fn invited(id: DeviceId, name: &Name, code: &PairingCode, until: Moment) -> DeviceInvited {
    DeviceInvited { device: id.0, name: name.as_str().into(), code: code.grouped().into(), expires_at: until.0 }
}

pub(crate) async fn row<S: Store>(ground: &mut Ground<'_, S>, device: &Device) -> Result<DeviceRow, Refusal> {
    let (state, expires_at, paired_at, revoked) = match &device.state {
        State::Invited { expires_at, .. } => {
            let state = if ground.now < *expires_at { DeviceState::Invited } else { DeviceState::Expired };
            (state, Some(expires_at.0), None, None)
        }
        State::Paired { paired_at, .. } => (DeviceState::Paired, None, Some(paired_at.0), None),
        State::Revoked { at, by, paired } => (DeviceState::Revoked, None, paired.map(|(_, at)| at.0), Some((at.0, *by))),
    };
    let revoked_by = revoked.and_then(|(_, by)| by);
    Ok(DeviceRow {
        id: device.id.0,
        name: device.name.as_str().into(),
        state,
        person: named(ground, device.person).await?,
        invited_at: device.invited_at.0,
        invited_by: named(ground, device.invited_by).await?,
        expires_at,
        paired_at,
        seen_at: device.seen_at.map(|at| at.0),
        revoked_at: revoked.map(|(at, _)| at),
        revoked_by: named(ground, revoked_by).await?,
    })
}

async fn named<S: Store>(ground: &mut Ground<'_, S>, id: Option<AccountId>) -> Result<Option<PersonName>, Refusal> {
    let Some(id) = id else { return Ok(None) };
    Ok(ground.account(id).await?.as_ref().map(views::person))
}

fn read_cursor(text: &str) -> Option<(Moment, DeviceId)> {
    let (at, id) = text.split_once('.')?;
    Some((Moment(at.parse().ok()?), DeviceId(id.parse().ok()?)))
}
