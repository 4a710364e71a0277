//! Operations: what a desktop asks for with a key of its own is done once, however often it arrives.
//!
//! A desktop without network keeps some changes and sends them later; of one whose answer was lost it cannot know whether it was
//! carried out, and sends it again. The verdict on an operation is kept with the change itself, under the key and the device that
//! sent it, and answered to whoever asks again.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    Refusal,
    id::{AccountId, DeviceId},
    policy::DAY,
    secret_hash::Opaque,
    time::Moment,
};

/// How long after it was made an operation is carried out, in seconds.
pub const VALIDITY: i64 = 30 * DAY;
/// By how much the clock of a desktop may be ahead, in seconds.
const AHEAD: i64 = 2 * DAY;
/// How long a verdict is kept: beyond the last moment at which its key is good.
const KEPT: i64 = VALIDITY + 2 * AHEAD;
/// Bits of a UUID below its moment (RFC 9562 §5.7).
const BELOW_MOMENT: u32 = 80;

/// Which operation: of which device, and the key that it drew.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct OperationKey {
    /// The device.
    pub device: DeviceId,
    /// A UUID of version 7: it says when the operation was made.
    pub key: Uuid,
}

impl OperationKey {
    /// What tells it from all others: the device and the key.
    #[must_use]
    pub fn bytes(&self) -> [u8; 32] {
        let mut bytes = [0; 32];
        bytes[..16].copy_from_slice(self.device.0.as_bytes());
        bytes[16..].copy_from_slice(self.key.as_bytes());
        bytes
    }

    /// Whether an operation of this key may be carried out now.
    ///
    /// # Errors
    /// [`Refusal::OperationExpired`] for one that was made too long ago, or in the future.
    pub fn in_time(&self, now: Moment) -> Result<(), Refusal> {
        let made = made_at(&self.key);
        if made.plus(VALIDITY) <= now || made > now.plus(AHEAD) { Err(Refusal::OperationExpired) } else { Ok(()) }
    }
}

/// Reads a key: a UUID of version 7, as it is usually written.
#[must_use]
pub fn read_key(text: &str) -> Option<Uuid> {
    let key = Uuid::try_parse(text).ok()?;
    (text.len() == 36 && key.get_version_num() == 7 && key.get_variant() == uuid::Variant::RFC4122).then_some(key)
}

/// A key for an operation that is made now, of these random bytes.
#[must_use]
pub fn new_key(now: Moment, random: &[u8; 10]) -> Uuid {
    let millis = u64::try_from(now.0).unwrap_or(0).saturating_mul(1_000);
    uuid::Builder::from_unix_timestamp_millis(millis, random).into_uuid()
}

/// When the operation with this key was made, as its desktop says.
#[must_use]
pub fn made_at(key: &Uuid) -> Moment {
    let millis = key.as_u128() >> BELOW_MOMENT;
    Moment(i64::try_from(millis / 1_000).unwrap_or(i64::MAX))
}

/// An operation that was decided.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Operation {
    /// Which.
    pub id: OperationKey,
    /// Whose it was.
    pub person: AccountId,
    /// SHA-256 of which use case was asked for and how.
    pub digest: Opaque<32>,
    /// When it was decided.
    pub at: Moment,
    /// Why it was refused, if it was.
    pub refused: Option<RefusedAs>,
    /// Which entry of the journal tells of it.
    #[serde(default)]
    pub journalled: Option<u64>,
}

/// A refusal, as it was told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedAs {
    /// Its code, as the wire writes it.
    pub code: String,
    /// Its moment.
    pub at: Option<i64>,
    /// Its number.
    pub number: Option<i64>,
}

impl Operation {
    /// Whether whoever asks again is whoever asked, for the same.
    ///
    /// # Errors
    /// [`Refusal::OperationDiffers`].
    pub fn is_asked_again(&self, person: AccountId, digest: &Opaque<32>) -> Result<(), Refusal> {
        if self.person == person && self.digest == *digest { Ok(()) } else { Err(Refusal::OperationDiffers) }
    }
}

/// Verdicts from before this are kept no longer.
#[must_use]
pub fn kept_since(now: Moment) -> Moment {
    now.plus(-KEPT)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Moment = Moment(1_800_000_000);

    fn key(made: i64) -> OperationKey {
        OperationKey { device: DeviceId(Uuid::from_u128(7)), key: new_key(Moment(made), &[0xff; 10]) }
    }

    #[test]
    fn a_key_says_when_its_operation_was_made() {
        assert_eq!(made_at(&key(NOW.0).key), NOW);
        assert_eq!(read_key(&key(NOW.0).key.to_string()), Some(key(NOW.0).key));
        let random = "8c6b2f7e-8f5e-4b5e-9d7e-0f3c1d2e4a5b";
        let simple = key(NOW.0).key.simple().to_string();
        for wrong in ["", "0", random, &simple, &format!("{{{}}}", key(NOW.0).key), "00000000-0000-0000-0000-000000000000"] {
            assert_eq!(read_key(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn an_operation_of_thirty_days_ago_is_carried_out_no_more_and_its_verdict_is_kept_until_then() {
        assert_eq!(key(NOW.0 - VALIDITY + 1).in_time(NOW), Ok(()));
        assert_eq!(key(NOW.0 - VALIDITY).in_time(NOW), Err(Refusal::OperationExpired));
        assert_eq!(key(NOW.0 + AHEAD).in_time(NOW), Ok(()), "a clock that is ahead");
        assert_eq!(key(NOW.0 + AHEAD + 1).in_time(NOW), Err(Refusal::OperationExpired));
        // Decided at once, by a clock as far ahead as may be: while its key is good, its verdict is kept.
        let ahead = key(NOW.0 + AHEAD);
        let last = NOW.plus(AHEAD + VALIDITY - 1);
        assert_eq!(ahead.in_time(last), Ok(()));
        assert!(kept_since(last) < NOW);
    }

    #[test]
    fn an_operation_is_one_device_s_and_one_person_s_and_one_request() {
        let person = AccountId(Uuid::from_u128(1));
        let digest = Opaque([1; 32]);
        let kept = Operation { id: key(NOW.0), person, digest, at: NOW, refused: None, journalled: None };
        assert_eq!(kept.is_asked_again(person, &digest), Ok(()));
        assert_eq!(kept.is_asked_again(AccountId(Uuid::from_u128(2)), &digest), Err(Refusal::OperationDiffers));
        assert_eq!(kept.is_asked_again(person, &Opaque([2; 32])), Err(Refusal::OperationDiffers));
        let other = OperationKey { device: DeviceId(Uuid::from_u128(8)), ..key(NOW.0) };
        assert_ne!(other.bytes(), key(NOW.0).bytes());
    }
}
