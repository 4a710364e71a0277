//! Settings → Workspace → Devices, and the pairing of a desktop with a server.

use secrecy::SecretString;
use uuid::Uuid;

use crate::{people::PersonName, proof::Proof, secret::ShownOnce};

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
}
