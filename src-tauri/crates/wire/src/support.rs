//! Settings → Workspace → Support desk: the case behind every reset, what takes two people, and who has asked for help.

use secrecy::SecretString;
use uuid::Uuid;

use crate::{
    Refusal,
    mail::ReportView,
    people::{IssuedCode, PersonName},
    proof::Proof,
};

words! {
    /// How a code reaches its person. Closed: e-mail is none of them.
    enum Channel {
        /// Face to face.
        InPerson,
        /// Read out over the phone.
        Phone,
        /// Read out in a video call.
        Video,
        /// In a sealed letter.
        Letter,
        /// Through other staff, who see the person.
        OtherStaff,
    }
    /// What two people do together.
    enum CaseAct {
        /// Reset the second factor.
        SecondFactor,
        /// Issue a code for a forgotten password.
        Password,
        /// Both: the opener is shown the recovery code, the approver the password code.
        Both,
        /// Open a deactivated account again. Nobody is shown a code.
        Reactivation,
        /// Take the password of somebody who signs in elsewhere here again. Nobody is shown a code.
        SignsInHere,
        /// Change the address that they sign in with. Nobody is shown a code.
        Email,
        /// Assign a token. Nobody is shown a code.
        Token,
    }
}

shapes! {
    /// Who could approve a case.
    struct SecondPerson {
        /// Anybody of these; some of them where there are many.
        pub people: Vec<PersonName>,
        /// Where there is nobody: from when on somebody could. Absent where nobody could as things are.
        pub at: Option<i64>,
        /// Why the opener cannot approve with the recovery kit either. Where there is nobody and this is absent, they can now.
        pub kit_refused: Option<Refusal>,
    }
    /// A case that waits.
    struct CaseRow {
        /// Which.
        pub id: Uuid,
        /// About whom.
        pub person: PersonName,
        /// What is done.
        pub act: CaseAct,
        /// What it brings: the new address, or what the token is called.
        pub brings: Option<String>,
        /// Who opened it.
        pub opener: PersonName,
        /// When.
        pub opened_at: i64,
        /// When it ends.
        pub expires_at: i64,
        /// Who approved it.
        pub approver: Option<PersonName>,
        /// When it was approved; absent while it waits for a second person.
        pub approved_at: Option<i64>,
        /// Who asked.
        pub asked_by: String,
        /// What was checked.
        pub checked: Vec<String>,
        /// Why.
        pub reason: String,
        /// How the code is handed over.
        pub channel: Channel,
        /// Whether the reader opened it.
        pub mine: bool,
        /// Who could approve it, while it waits for that.
        pub second: Option<SecondPerson>,
        /// Whether the reader may approve it now.
        pub may_approve: bool,
        /// Why the reader cannot approve it, while it waits for that.
        pub approve_refused: Option<Refusal>,
        /// Whether the reader may approve it with the recovery kit now.
        pub may_use_kit: bool,
        /// Whether the reader may carry it out now.
        pub may_carry_out: bool,
    }
    /// Somebody who cannot use their authenticator and asked.
    struct RequestRow {
        /// Who.
        pub person: PersonName,
        /// When.
        pub asked_at: i64,
        /// Whether the reader may put it away.
        pub may_dismiss: bool,
    }
    /// What waits.
    struct Desk {
        /// Requests, oldest first.
        pub requests: Vec<RequestRow>,
        /// Cases, oldest first.
        pub cases: Vec<CaseRow>,
        /// What staff check.
        pub checklist: Vec<String>,
        /// Whether the reader may change that.
        pub may_set_checklist: bool,
        /// Who says that something on their account was not them, the oldest first.
        pub reports: Vec<ReportView>,
        /// Letters that wait to be handed over, within the communities in which the reader may; absent for whoever may not.
        pub letters: Option<u64>,
    }
    /// What staff check before a reset.
    struct Checklist {
        /// The entries, in their order.
        pub entries: Vec<String>,
    }
    /// A case was opened.
    struct CaseOpened {
        /// What it will do: both, where the other way in was changed lately.
        pub act: CaseAct,
    }
}

requests! {
    /// What staff fill in on the way to a reset.
    struct SupportAnswers {
        /// Who asked.
        pub asked_by: String,
        /// The entries of the checklist that hold.
        pub checked: Vec<String>,
        /// The reason, or the number of a ticket.
        pub reason: String,
        /// How the code is handed over.
        pub channel: Channel,
    }
    /// Reads what waits on the support desk.
    struct ReadDesk {}
    /// Reads what staff check.
    struct ReadChecklist {}
    /// Writes what staff check.
    struct SetChecklist {
        /// The entries; empty ones are left out.
        pub entries: Vec<String>,
        /// The entries that were changed. Where they are given and no longer stand so, nothing is changed.
        #[serde(default)]
        #[cfg_attr(feature = "bindings", ts(optional))]
        pub was: Option<Vec<String>>,
    }
    /// Opens a case.
    struct OpenCase {
        /// About whom.
        pub account: Uuid,
        /// What is asked for.
        pub act: CaseAct,
        /// The new address, where that is what it is about.
        #[serde(default)]
        #[cfg_attr(feature = "bindings", ts(optional))]
        pub email: Option<String>,
        /// The token, where that is what it is about.
        #[serde(default)]
        #[cfg_attr(feature = "bindings", ts(optional))]
        pub token: Option<Uuid>,
        /// What staff filled in.
        pub support: SupportAnswers,
        /// Who asks.
        pub proof: Proof,
    }
    /// Approves a case.
    struct ApproveCase {
        /// Which.
        pub case: Uuid,
        /// Who approves.
        pub proof: Proof,
    }
    /// Approves a case with the owner key of the recovery kit, where there is nobody else.
    struct ApproveCaseByKit {
        /// Which.
        pub case: Uuid,
        /// The code on the paper, as typed.
        #[cfg_attr(feature = "bindings", ts(type = "string"))]
        #[serde(serialize_with = "crate::secret::sent")]
        #[cfg_attr(feature = "schemas", schemars(with = "crate::secret::Typed"))]
        pub code: SecretString,
        /// Who opened it.
        pub proof: Proof,
    }
    /// Calls a case off.
    struct WithdrawCase {
        /// Which.
        pub case: Uuid,
    }
    /// Carries a case out.
    struct CarryOutCase {
        /// Which.
        pub case: Uuid,
        /// Who does.
        pub proof: Proof,
    }
    /// Asks staff for help at the second door.
    struct AskStaff {}
    /// Puts a request for help away.
    struct DismissRequest {
        /// Whose.
        pub account: Uuid,
        /// When they asked. Where it is given and they asked again since, nothing is changed.
        #[serde(default)]
        #[cfg_attr(feature = "bindings", ts(optional))]
        pub asked_at: Option<i64>,
    }
}

/// A case was approved.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CaseApproved {
    /// The password code, where the case gives two codes.
    pub code: Option<IssuedCode>,
}

/// A case was carried out.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CaseCarriedOut {
    /// What was done.
    pub act: CaseAct,
    /// The code, where there is one: a password code where nothing else was done, or else a recovery code.
    pub code: Option<IssuedCode>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn e_mail_is_no_channel_however_it_is_spelled() {
        for word in ["email", "e-mail", "E-Mail", "EMAIL", "mail", "e_mail", "e mail", "courriel", "Phone", ""] {
            assert!(serde_json::from_value::<Channel>(serde_json::json!(word)).is_err(), "{word}");
        }
        assert_eq!(serde_json::from_value::<Channel>(serde_json::json!("phone")).expect("a channel"), Channel::Phone);
    }
}
