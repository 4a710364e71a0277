//! Recovery codes that are issued out of reach of whoever accepts them (FORMATS.md, "Offline recovery codes").
//!
//! A desktop is given an [issuing key](IssuingKey) while it can be reached. Out of reach, it makes codes of it; whoever has the
//! [key of the epoch](EpochKey) makes the same issuing key and sees whether a code is of it, for this person, and when it was made.
//! Whether such a code lets anybody in is another question, asked afterwards.

mod claim;
mod issuer;
mod keys;

use hkdf::{
    Hkdf,
    hmac::{Hmac, KeyInit, Mac},
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::{
    code::{Code, Kind},
    id::{AccountId, DeviceId, WorkspaceId},
    secret_hash::Opaque,
    time::{HOUR, MINUTE, Moment},
};

pub use claim::{OfflineTry, claim, first_good, open};
pub use issuer::{
    Desktop, Ended, GRANT_VALIDITY, IssuerId, IssuerRecord, KEPT, OfflineCode, Report, Told, Window, budget_left, may_void, tell, void,
};
pub use keys::{EpochKeys, KeysRefused, LIVE};

const EPOCH_KEY: &[u8] = b"sallyport/offline-code/epoch-key/v1\0";
const ISSUING: &[u8] = b"sallyport/offline-code/issuing-key/v1\0";
const LABEL: &[u8] = b"sallyport/offline-code/v1\0";
/// Symbols behind the first: what the header says, and what proves it.
const HEADER: usize = 7;
const PROOF: usize = 16;
const PROOF_BYTES: usize = 10;

/// Seconds of a tick.
const TICK: i64 = 10 * MINUTE;
/// How many ticks have different numbers in a code.
const TICKS: u64 = 1 << 10;
/// Ticks ahead of the reader's clock that are still told apart from those long gone.
const AHEAD: u64 = (24 * HOUR / TICK).unsigned_abs();

/// Out of whose reach codes are issued.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Way {
    /// Of a server, by its grant.
    Grant,
    /// Of the desktop that holds a local workspace, by its hand-over.
    HandOver,
}

impl Way {
    const fn kind(self) -> Kind {
        match self {
            Self::Grant => Kind::Granted,
            Self::HandOver => Kind::HandedOver,
        }
    }

    /// Which way a code of this kind came, if it is of these at all.
    #[must_use]
    pub const fn of(kind: Kind) -> Option<Self> {
        match kind {
            Kind::Granted => Some(Self::Grant),
            Kind::HandedOver => Some(Self::HandOver),
            _ => None,
        }
    }
}

macro_rules! numbers {
    ($($(#[$doc:meta])* $name:ident: $bits:literal),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "u16", into = "u16")]
        pub struct $name(u16);

        impl TryFrom<u16> for $name {
            type Error = &'static str;

            fn try_from(number: u16) -> Result<Self, Self::Error> {
                Self::new(number).ok_or("a number that there is not")
            }
        }

        impl From<$name> for u16 {
            fn from(number: $name) -> Self {
                number.0
            }
        }

        impl $name {
            /// How many there are.
            pub const COUNT: u16 = 1 << $bits;

            /// `None` from [`COUNT`](Self::COUNT) on.
            #[must_use]
            pub const fn new(number: u16) -> Option<Self> {
                if number < Self::COUNT { Some(Self(number)) } else { None }
            }

            /// As a number.
            #[must_use]
            pub const fn get(self) -> u16 {
                self.0
            }
        }
    )+};
}

numbers! {
    /// Which of the keys of a workspace.
    KeyEpoch: 3,
    /// One person at one desktop, within an epoch. Never given to another.
    IssuerNumber: 12,
    /// Which of an issuer's codes.
    Sequence: 10,
}

/// Ten minutes, counted from 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Tick(u64);

impl Tick {
    /// The one with this number, counted from 1970.
    #[must_use]
    pub const fn new(number: u64) -> Self {
        Self(number)
    }

    /// As a number.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }

    /// The one before it.
    #[must_use]
    pub const fn before(self) -> Self {
        Self(self.0.saturating_sub(1))
    }

    /// The one after it.
    #[must_use]
    pub const fn after(self) -> Self {
        Self(self.0.saturating_add(1))
    }

    /// The one that a moment lies in. Moments before 1970 lie in the first.
    #[must_use]
    pub fn of(moment: Moment) -> Self {
        Self((moment.0.max(0) / TICK).unsigned_abs())
    }

    /// When it begins.
    #[must_use]
    pub fn begins(self) -> Moment {
        Moment(i64::try_from(self.0).unwrap_or(i64::MAX).saturating_mul(TICK))
    }

    /// The tick with this number in a code that is nearest to a reader's clock: at most a day ahead of it, else before it.
    fn near(number: u64, now: Moment) -> Self {
        let last = Self::of(now).0 + AHEAD;
        Self(last.saturating_sub(last.wrapping_sub(number) % TICKS))
    }
}

/// Who says to have issued a code, and which it is. Nothing of it is proved yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Number {
    /// With a key of which epoch.
    pub epoch: KeyEpoch,
    /// Who.
    pub issuer: IssuerNumber,
    /// Which.
    pub sequence: Sequence,
}

impl Number {
    /// 35 bits, with the number of the tick last.
    fn header(self, tick: u64) -> u64 {
        let Self { epoch, issuer, sequence } = self;
        (u64::from(epoch.0) << 32) | (u64::from(issuer.0) << 20) | (u64::from(sequence.0) << 10) | (tick % TICKS)
    }
}

/// What the key of an epoch is called where it is not kept. Two keys that one epoch had, one after the other, are called differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EpochKeyId(pub Opaque<16>);

/// The key that those of all issuers of an epoch grow from. Drawn at random, and never told to any of them.
pub struct EpochKey(Zeroizing<[u8; 32]>);

impl EpochKey {
    /// The key of these bytes.
    #[must_use]
    pub fn new(bytes: Zeroizing<[u8; 32]>) -> Self {
        Self(bytes)
    }

    /// What it is called.
    #[must_use]
    pub fn id(&self) -> EpochKeyId {
        let hash = Sha256::new().chain_update(EPOCH_KEY).chain_update(*self.0).finalize();
        EpochKeyId(Opaque(std::array::from_fn(|at| hash[at])))
    }

    /// The key of one issuer.
    ///
    /// # Panics
    /// Never: HKDF gives far more than 32 bytes.
    #[must_use]
    pub fn issuing(&self, workspace: WorkspaceId, issuer: &Issuer) -> IssuingKey {
        let Issuer { way, epoch, number, device, staff } = *issuer;
        let mut key = Zeroizing::new([0; 32]);
        let kind: &[u8] = match way {
            Way::Grant => b"G",
            Way::HandOver => b"H",
        };
        let epoch = epoch.0.to_be_bytes();
        let info = [ISSUING, kind, &epoch[1..], &number.0.to_be_bytes(), device.0.as_bytes(), staff.0.as_bytes()];
        let hkdf = Hkdf::<Sha256>::new(Some(workspace.0.as_bytes()), &*self.0);
        hkdf.expand_multi_info(&info, &mut *key).expect("32 bytes");
        IssuingKey(key)
    }
}

impl std::fmt::Debug for EpochKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("EpochKey(…)")
    }
}

/// Who may issue codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Issuer {
    /// Out of whose reach.
    pub way: Way,
    /// With a key of which epoch.
    pub epoch: KeyEpoch,
    /// As which number.
    pub number: IssuerNumber,
    /// At which desktop.
    pub device: DeviceId,
    /// Who.
    pub staff: AccountId,
}

/// What one issuer's codes are made with.
pub struct IssuingKey(Zeroizing<[u8; 32]>);

impl std::fmt::Debug for IssuingKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("IssuingKey(…)")
    }
}

impl IssuingKey {
    /// As it is sealed for a desktop.
    #[must_use]
    pub fn new(bytes: Zeroizing<[u8; 32]>) -> Self {
        Self(bytes)
    }

    /// Its bytes.
    #[must_use]
    pub fn expose(&self) -> &[u8; 32] {
        &self.0
    }

    /// A key that no issuer has: looking at the code of an issuer that there is not takes as long as at any other.
    #[must_use]
    pub fn of_nobody() -> Self {
        Self(Zeroizing::new([0; 32]))
    }

    /// Makes a code for one person.
    #[must_use]
    pub fn issue(&self, way: Way, number: Number, workspace: WorkspaceId, user: AccountId, tick: Tick) -> Code {
        let header = number.header(tick.0);
        let proof = self.proof(workspace, user, header, tick);
        let bits = proof.iter().fold(0u128, |bits, byte| (bits << 8) | u128::from(*byte)) | (u128::from(header) << (5 * PROOF));
        Code::of(way.kind(), (0..HEADER + PROOF).rev().map(|symbol| (bits >> (5 * symbol)).to_be_bytes()[15] & 31))
    }

    fn proof(&self, workspace: WorkspaceId, user: AccountId, header: u64, tick: Tick) -> [u8; PROOF_BYTES] {
        let mut mac = Hmac::<Sha256>::new_from_slice(&*self.0).expect("HMAC takes keys of any length");
        mac.update(LABEL);
        mac.update(workspace.0.as_bytes());
        mac.update(user.0.as_bytes());
        mac.update(&header.to_be_bytes()[3..]);
        mac.update(&tick.0.to_be_bytes());
        let whole = mac.finalize().into_bytes();
        std::array::from_fn(|at| whole[at])
    }
}

/// A code that says to be of an issuer.
#[derive(Clone, Debug)]
pub struct Claimed {
    way: Way,
    number: Number,
    header: u64,
    proof: [u8; PROOF_BYTES],
}

impl Claimed {
    /// What a code says. `None` when it is of another kind.
    #[must_use]
    pub fn of(code: &Code) -> Option<Self> {
        let way = Way::of(code.kind())?;
        let bits = code.values().get(1..=HEADER + PROOF)?.iter().fold(0, |bits: u128, value| (bits << 5) | u128::from(*value));
        let (header, proof) = (u64::try_from(bits >> (5 * PROOF)).ok()?, bits.to_be_bytes());
        let part = |bits: u64, count: u16| u16::try_from(bits % u64::from(count)).ok();
        let number = Number {
            epoch: KeyEpoch::new(part(header >> 32, KeyEpoch::COUNT)?)?,
            issuer: IssuerNumber::new(part(header >> 20, IssuerNumber::COUNT)?)?,
            sequence: Sequence::new(part(header >> 10, Sequence::COUNT)?)?,
        };
        Some(Self { way, number, header, proof: std::array::from_fn(|at| proof[proof.len() - PROOF_BYTES + at]) })
    }

    /// Which way it came.
    #[must_use]
    pub fn way(&self) -> Way {
        self.way
    }

    /// Who says to have issued it, and which it is.
    #[must_use]
    pub fn number(&self) -> Number {
        self.number
    }

    /// When it was issued, if it is of this key and for this person. Takes as long whether it is or not.
    #[must_use]
    pub fn issued(&self, key: &IssuingKey, workspace: WorkspaceId, user: AccountId, now: Moment) -> Option<Tick> {
        let tick = Tick::near(self.header % TICKS, now);
        let right = key.proof(workspace, user, self.header, tick);
        bool::from(right.ct_eq(&self.proof)).then_some(tick)
    }
}

#[cfg(test)]
mod tests;
