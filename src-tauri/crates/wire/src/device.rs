//! Settings → Workspace → Devices, and the pairing of a desktop with a server.

use secrecy::SecretString;
use uuid::Uuid;

use crate::{
    offline::OfflineCodeRow,
    people::{PersonName, RoleName},
    proof::Proof,
    secret::ShownOnce,
};

words! {
    /// Where a device stands.
    enum DeviceState {
        /// Its pairing code waits to be typed.
        Invited,
        /// Nobody typed its pairing code in time.
        Expired,
        /// In use.
        Paired,
        /// Taken back.
        Revoked,
    }
    /// Why somebody is told that a device was lost.
    enum LostWhy {
        /// They worked at it.
        Staff,
        /// A code was issued for them there.
        Issued,
        /// They administer somebody whom it could have shown, or for whom a code was issued there.
        Administers,
    }
}

shapes! {
    /// A desktop that was paired.
    struct Paired {
        /// As which device, from now on.
        pub device: Uuid,
        /// With which workspace.
        pub workspace: Uuid,
        /// What that is called.
        pub workspace_name: String,
        /// The public key that checkpoints of the journal are signed with, as C2SP signed notes write it.
        pub journal_key: String,
    }
    /// A device that was invited.
    struct DeviceInvited {
        /// Which.
        pub device: Uuid,
        /// What it is called.
        pub name: String,
        /// Its pairing code, shown once: with what the server is known by, where it has a certificate of its own.
        #[cfg_attr(feature = "bindings", ts(type = "string"))]
        pub code: ShownOnce,
        /// Until when it is good.
        pub expires_at: i64,
    }
    /// One device.
    struct DeviceRow {
        /// Which.
        pub id: Uuid,
        /// What it is called.
        pub name: String,
        /// Where it stands.
        pub state: DeviceState,
        /// Whose it is; absent before anybody came in by it.
        pub person: Option<PersonName>,
        /// When it was invited.
        pub invited_at: i64,
        /// By whom; absent where that was done at the server's console.
        pub invited_by: Option<PersonName>,
        /// Until when its code is good, or was; absent once it was paired.
        pub expires_at: Option<i64>,
        /// Since when it is paired.
        pub paired_at: Option<i64>,
        /// When it was last used, to the hour.
        pub seen_at: Option<i64>,
        /// When it was taken back.
        pub revoked_at: Option<i64>,
        /// By whom.
        pub revoked_by: Option<PersonName>,
    }
    /// A page of devices, the latest first.
    struct Devices {
        /// The rows.
        pub rows: Vec<DeviceRow>,
        /// Where the next page begins; absent on the last.
        pub next: Option<String>,
        /// How many match in all.
        pub total: u64,
        /// How many there are that are of no use any more.
        pub gone: u64,
    }
    /// A community that somebody could look into.
    struct LostCommunity {
        /// Its name.
        pub name: String,
        /// As what, today.
        pub role: RoleName,
        /// How many people hold a role in it.
        pub people: u64,
    }
    /// Somebody who is known to have worked at a device.
    struct LostHolder {
        /// Who.
        pub person: PersonName,
        /// Whether it is theirs: what it keeps for reading is what they may see.
        pub own: bool,
        /// Whether they were given the right to issue codes there.
        pub issues: bool,
        /// Whether they are signed in there, or were when it was taken back.
        pub signed_in: bool,
        /// How many people there are, where they own the workspace and see all of them.
        pub everybody: Option<u64>,
        /// The communities in which they help others, as of today.
        pub communities: Vec<LostCommunity>,
    }
    /// A code that was issued at a device.
    struct LostCode {
        /// The code.
        pub code: OfflineCodeRow,
        /// Whether it was used after the moment that was asked about.
        pub late: bool,
    }
    /// Numbers of which a device has told nothing.
    struct LostNumbers {
        /// Whose; absent once they were erased.
        pub staff: Option<PersonName>,
        /// How many.
        pub untold: u16,
        /// Until when a code with one of them could have let somebody in, had the device not been taken back.
        pub until: i64,
    }
    /// Somebody whom it concerns that a device was lost.
    struct LostConcerned {
        /// Who.
        pub person: PersonName,
        /// Why.
        pub why: LostWhy,
        /// When they were told.
        pub told_at: Option<i64>,
    }
    /// What a device that was lost could have shown and issued, and whom that concerns.
    struct LostDevice {
        /// The device.
        pub device: DeviceRow,
        /// After which moment the use of a code is remarked upon; absent where the device was never used.
        pub since: Option<i64>,
        /// Who is known to have worked at it; its own person first.
        pub holders: Vec<LostHolder>,
        /// The codes that were issued there, the latest first; so many at most.
        pub codes: Vec<LostCode>,
        /// How many there are in all.
        pub code_count: u64,
        /// How many of them were used after that moment.
        pub late_count: u64,
        /// Numbers of which nothing is known, by who could have used them.
        pub numbers: Vec<LostNumbers>,
        /// Whom it concerns, without the reader; so many at most.
        pub concerned: Vec<LostConcerned>,
        /// How many there are in all.
        pub concerned_count: u64,
        /// How many of them were not told yet.
        pub to_tell: u64,
        /// When some of them were told, the last time.
        pub told_at: Option<i64>,
    }
    /// How many were told that a device was lost.
    struct LostTold {
        /// Now.
        pub told: u64,
        /// When others were told before, the last time.
        pub before: Option<i64>,
    }
}

requests! {
    /// Pairs a desktop. Without a session: the header that proves devices shows that it has the other half of its key.
    struct PairDevice {
        /// The pairing code, without the part that the server is known by.
        #[cfg_attr(feature = "bindings", ts(type = "string"))]
        #[serde(serialize_with = "crate::secret::sent")]
        #[cfg_attr(feature = "schemas", schemars(with = "crate::secret::Typed"))]
        pub code: SecretString,
        /// What the desktop calls itself; empty for the name that it was invited by.
        #[serde(default)]
        pub name: String,
        /// Its Ed25519 public key, in Base64.
        pub key: String,
    }
    /// Invites a device.
    struct InviteDevice {
        /// What it is to be called.
        pub name: String,
        /// Who asks.
        pub proof: Proof,
    }
    /// Lists the devices.
    #[derive(Default)]
    struct ListDevices {
        /// Also those that are of no use any more: taken back, or never paired.
        #[serde(default)]
        pub gone: bool,
        /// `next` of the page before.
        #[serde(default)]
        #[cfg_attr(feature = "bindings", ts(optional))]
        pub after: Option<String>,
    }
    /// Changes the passphrase that opens what this desktop keeps, at this desktop, also without the network.
    struct ChangeDeskPassphrase {
        /// The present one.
        #[cfg_attr(feature = "bindings", ts(type = "string"))]
        #[serde(serialize_with = "crate::secret::sent")]
        #[cfg_attr(feature = "schemas", schemars(with = "crate::secret::Typed"))]
        pub present: SecretString,
        /// The new one.
        #[cfg_attr(feature = "bindings", ts(type = "string"))]
        #[serde(serialize_with = "crate::secret::sent")]
        #[cfg_attr(feature = "schemas", schemars(with = "crate::secret::Typed"))]
        pub passphrase: SecretString,
    }
    /// Takes a device back, or the code by which it could be paired.
    struct RevokeDevice {
        /// Which.
        pub device: Uuid,
        /// Who asks.
        pub proof: Proof,
    }
    /// Reads what a device that was lost could have shown and issued, and whom that concerns.
    struct ReadLostDevice {
        /// Which.
        pub device: Uuid,
        /// After which moment the use of a code is remarked upon; where it is absent, after the device was last used.
        #[serde(default)]
        #[cfg_attr(feature = "bindings", ts(optional))]
        pub since: Option<i64>,
    }
    /// Tells those whom it concerns that a device was lost, each of them once. It is taken back first.
    struct TellLostDevice {
        /// Which.
        pub device: Uuid,
    }
}
