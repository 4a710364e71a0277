//! Settings → Workspace → Policies.

use uuid::Uuid;

use crate::{RefusalCode, people::PersonName, proof::Proof};

words! {
    /// Who must use a second factor.
    enum RequiredOf {
        /// Nobody: it is recommended.
        Nobody,
        /// Owners, administrators and support staff.
        Staff,
        /// Every member too.
        Everyone,
    }
    /// What a change does to a person.
    enum PolicyEffect {
        /// They enrol before anything else.
        LockedOut,
        /// Newly obliged, with days of grace.
        Obliged,
        /// Obliged already; the days of grace end sooner.
        Sooner,
        /// Their backup codes are no longer accepted.
        LosesBackupCodes,
        /// They can no longer switch their second factor off.
        MayNoLongerDisable,
    }
}

shapes! {
    /// The rules that a workspace sets, or those that hold in a community.
    #[derive(Clone, PartialEq, Eq)]
    struct PolicyValues {
        /// Who must use a second factor.
        pub required: RequiredOf,
        /// Days of grace: 0 to 90.
        pub grace_days: u32,
        /// Whether those who need not use one may switch theirs off.
        pub may_disable: bool,
        /// Whether backup codes are made and accepted.
        pub backup_codes: bool,
        /// Hours that a recovery code is valid: 1 to 24.
        pub recovery_hours: u32,
        /// Time steps accepted either side of now: 0 or 1.
        pub totp_window: u32,
        /// Failures within a minute that lock: 3 to 10.
        pub lock_failures: u32,
        /// Minutes of the first lock: 1 to 1440.
        pub lock_minutes: u32,
        /// Minutes without a sign of life until the window locks: 1 to 60.
        pub idle_minutes: u32,
        /// Whether unlocking asks for a code beside the password.
        pub unlock_asks_code: bool,
        /// Recovery codes that one person may issue at one desktop without the server, within 24 hours: 0 to 50.
        pub offline_budget: u32,
    }
    /// What a community asks beyond the workspace. What is absent is as the workspace has it; a workspace's own change
    /// leaves nothing out.
    #[derive(Clone, PartialEq, Eq)]
    struct PolicyDraft {
        /// Who must use a second factor.
        #[serde(default)]
        pub required: Option<RequiredOf>,
        /// Days of grace.
        #[serde(default)]
        pub grace_days: Option<u32>,
        /// Whether those who need not use one may switch theirs off.
        #[serde(default)]
        pub may_disable: Option<bool>,
        /// Whether backup codes are made and accepted.
        #[serde(default)]
        pub backup_codes: Option<bool>,
        /// Hours that a recovery code is valid.
        #[serde(default)]
        pub recovery_hours: Option<u32>,
        /// Time steps accepted either side of now.
        #[serde(default)]
        pub totp_window: Option<u32>,
        /// Failures within a minute that lock.
        #[serde(default)]
        pub lock_failures: Option<u32>,
        /// Minutes of the first lock.
        #[serde(default)]
        pub lock_minutes: Option<u32>,
        /// Minutes without a sign of life until the window locks.
        #[serde(default)]
        pub idle_minutes: Option<u32>,
        /// Whether unlocking asks for a code beside the password.
        #[serde(default)]
        pub unlock_asks_code: Option<bool>,
        /// Recovery codes that one person may issue at one desktop without the server, within 24 hours.
        #[serde(default)]
        pub offline_budget: Option<u32>,
    }
    /// All policies that the reader may see.
    struct Policies {
        /// The workspace's own.
        pub workspace: PolicyValues,
        /// Whether the reader may change it.
        pub may_change: bool,
        /// The communities whose rules the reader may change, by name.
        pub communities: Vec<CommunityPolicy>,
    }
    /// What a community asks.
    struct CommunityPolicy {
        /// Which.
        pub id: Uuid,
        /// Its name.
        pub name: String,
        /// What it asks beyond the workspace.
        pub asks: PolicyDraft,
        /// What holds in it.
        pub holds: PolicyValues,
    }
    /// What a change would do.
    struct Preflight {
        /// What was shown, to be given back when the change is saved. Absent on later pages and in searches.
        pub seen: Option<String>,
        /// How many people of each effect, in the order of the effects. Absent on later pages and in searches.
        pub counts: Option<Vec<EffectCount>>,
        /// How many people are affected at all.
        pub total: Option<u64>,
        /// Why the change cannot be saved at all.
        pub refused: Option<RefusalCode>,
        /// The people, by name.
        pub rows: Vec<AffectedRow>,
        /// Where the next page begins; absent on the last.
        pub next: Option<String>,
    }
    /// How many people a change affects in one way.
    struct EffectCount {
        /// How.
        pub effect: PolicyEffect,
        /// How many.
        pub people: u64,
    }
    /// One person whom a change affects.
    struct AffectedRow {
        /// Who.
        pub person: PersonName,
        /// How.
        pub effects: Vec<PolicyEffect>,
        /// When their days of grace end, where there are any and they have begun.
        pub until: Option<i64>,
    }
}

requests! {
    /// Reads the policies.
    struct ReadPolicies {}
    /// Asks what a change would do, before it is saved.
    struct PreflightPolicy {
        /// Whose rules; the workspace's when absent.
        #[serde(default)]
        #[cfg_attr(feature = "bindings", ts(optional))]
        pub community: Option<Uuid>,
        /// The rules as they would be.
        pub draft: PolicyDraft,
        /// Part of a name or an e-mail address; empty for everybody.
        #[serde(default)]
        pub search: String,
        /// `next` of the page before.
        #[serde(default)]
        #[cfg_attr(feature = "bindings", ts(optional))]
        pub after: Option<String>,
    }
    /// Saves a change that was shown.
    struct SavePolicy {
        /// Whose rules; the workspace's when absent.
        #[serde(default)]
        #[cfg_attr(feature = "bindings", ts(optional))]
        pub community: Option<Uuid>,
        /// The rules as they are to be.
        pub draft: PolicyDraft,
        /// `seen` of the preflight.
        pub seen: String,
        /// Who asks.
        pub proof: Proof,
    }
}
