//! A drill: a lockout rehearsed on a sample workspace. Nobody in it is real, and neither are its password and codes, which
//! stand on the main page for that reason.

use crate::{ShownOnce, people::PersonName};

words! {
    /// Who calls, and what with.
    enum DrillCall {
        /// Typed wrong codes until it locked.
        Locked,
        /// Lost the phone; the backup codes are out of reach.
        LostPhone,
        /// Lost the phone, and is an administrator.
        Administrator,
        /// Somebody who cannot show who they are, and wants the code by e-mail.
        Stranger,
    }
    /// What the caller is told at the end.
    enum DrillEnd {
        /// That they can come in again.
        Helped,
        /// That an administrator will see to it.
        HandedOn,
        /// That nothing can be done without knowing who they are.
        Declined,
    }
    /// How a finding is to be taken.
    enum DrillTone {
        /// It was right.
        Right,
        /// It was more than was needed, or than was safe.
        TooMuch,
        /// It was missing.
        Missed,
    }
    /// What is said of how the call was taken.
    enum DrillFinding {
        /// Unlocked, and that was all it took.
        Unlocked,
        /// Reset, which it took.
        Reset,
        /// What was ticked holds.
        Checked,
        /// The code went by the phone.
        ByPhone,
        /// The wrong symbol was named, and the code read back whole.
        ReadBack,
        /// Handed on to those whose it is.
        HandedOn,
        /// Turned away somebody who could not show who they are.
        Declined,
        /// Nothing was changed, and nothing was to be.
        NothingChanged,
        /// A reset where unlocking was enough.
        ResetNeedless,
        /// A password code, and nobody had forgotten a password.
        PasswordCodeNeedless,
        /// A way in for somebody who could not show who they are.
        WayInForStranger,
        /// Something was ticked that the caller did not show.
        TickedUnproven,
        /// Somebody else than the caller was changed.
        WrongPerson,
        /// The code was to go another way than by the phone that the caller was on.
        WrongChannel,
        /// It was not unlocked.
        NotUnlocked,
        /// It was not reset.
        NotReset,
        /// The code was not read back whole.
        NotReadBack,
        /// What was typed as read back is not what the caller read.
        NotHeard,
        /// The caller was told that they can come in, and they cannot.
        ToldWrong,
        /// The caller was sent on or away, and could have been helped.
        SentAway,
        /// It was not handed on.
        NotHandedOn,
    }
}

shapes! {
    /// The drill that goes on.
    struct DrillView {
        /// Which call.
        pub call: DrillCall,
        /// Who calls, or says to.
        pub caller: PersonName,
        /// Whom the person at the window plays.
        pub staff: PersonName,
        /// Their password in the sample workspace.
        pub password: String,
        /// What staff check before a reset, in the order in which the caller's answers stand.
        pub checks: Vec<String>,
        /// How it went, once it is finished.
        pub verdict: Option<DrillVerdict>,
    }
    /// How a drill went.
    struct DrillVerdict {
        /// What is said of it.
        pub findings: Vec<DrillFound>,
        /// Seconds from the beginning to the end.
        pub seconds: i64,
    }
    /// One finding.
    struct DrillFound {
        /// How to take it.
        pub tone: DrillTone,
        /// What.
        pub finding: DrillFinding,
    }
    /// What the authenticator in the drill shows.
    struct DrillCode {
        /// Six digits.
        pub code: String,
        /// So many seconds more.
        pub seconds: u32,
    }
}

requests! {
    /// Begins a drill. What is open is locked, and comes back at the end.
    struct BeginDrill {
        /// Which call.
        pub call: DrillCall,
    }
    /// Asks what the authenticator in the drill shows.
    struct ReadDrillCode {}
    /// Ends the call, and asks how it went. The sample workspace stays until the drill ends.
    struct FinishDrill {
        /// What the caller is told.
        pub end: DrillEnd,
    }
    /// Ends the drill: the sample workspace is deleted, and what was open before is there again, locked.
    struct EndDrill {}
}

/// What the caller of a drill reads back. Leaves Rust only towards the sheet that shows the code.
#[derive(Debug, serde::Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct DrillReading {
    /// At first, with one symbol wrong.
    #[cfg_attr(feature = "bindings", ts(type = "string"))]
    pub first: ShownOnce,
    /// Once that has been named.
    #[cfg_attr(feature = "bindings", ts(type = "string"))]
    pub then: ShownOnce,
}
