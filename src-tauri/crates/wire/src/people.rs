//! Settings → Workspace → Users.

use uuid::Uuid;

use crate::{Refusal, ShownOnce, proof::Proof, support::SupportAnswers, window::Language};

words! {
    /// What a person is in a community.
    enum RoleName {
        /// Looks after their own account.
        Member,
        /// Helps members who are locked out.
        Support,
        /// Runs the community.
        Administrator,
    }
    /// What somebody is, to narrow a list by.
    enum Being {
        /// An owner of the workspace.
        Owner,
        /// A member somewhere in the list's communities.
        Member,
        /// Support staff there.
        Support,
        /// An administrator there.
        Administrator,
    }
    /// An account's state in one word.
    enum AccountState {
        /// Never signed in.
        Invited,
        /// Password and second factor.
        Protected,
        /// Password alone.
        NoSecondFactor,
        /// Reset, and not enrolled again.
        RecoveryPending,
        /// Nobody signs in to it any more.
        Deactivated,
        /// Takes no password here.
        SignsInElsewhere,
    }
}

shapes! {
    /// A person, as named in lists and sentences.
    #[derive(Clone)]
    struct PersonName {
        /// The account.
        pub id: Uuid,
        /// The name.
        pub name: String,
        /// The e-mail address.
        pub email: String,
    }
    /// A role held in a community.
    struct RoleHeld {
        /// The community.
        pub community: Uuid,
        /// Its name.
        pub community_name: String,
        /// The role.
        pub role: RoleName,
    }
    /// A page of people, by name.
    struct PeoplePage {
        /// The rows.
        pub rows: Vec<PersonRow>,
        /// Where the next page begins; absent on the last.
        pub next: Option<String>,
        /// How many match in all.
        pub total: u64,
        /// Where the reader may add people, and as what.
        pub grants: Vec<Grant>,
        /// Whether the reader may add owners.
        pub grants_owner: bool,
        /// The communities that the list may be narrowed to, by name.
        pub communities: Vec<CommunityName>,
    }
    /// A community, as named in lists.
    struct CommunityName {
        /// Which.
        pub id: Uuid,
        /// Its name.
        pub name: String,
    }
    /// One person.
    struct PersonRow {
        /// Who.
        pub person: PersonName,
        /// Owns the workspace.
        pub owner: bool,
        /// Roles held.
        pub roles: Vec<RoleHeld>,
        /// The state.
        pub state: AccountState,
        /// Backup codes left, where there are any.
        pub codes_left: Option<u32>,
        /// Last came in.
        pub signed_in_at: Option<i64>,
        /// Why the second factor cannot be reset by the reader; absent when it can.
        pub reset_refused: Option<Refusal>,
        /// Why no password code can be issued by the reader; absent when it can.
        pub password_code_refused: Option<Refusal>,
        /// Whether the reader may make a new invitation or hand over the keyboard.
        pub may_invite_again: bool,
    }
    /// A community in which the reader may add people.
    struct Grant {
        /// The community.
        pub community: Uuid,
        /// Its name.
        pub community_name: String,
        /// As what.
        pub roles: Vec<RoleName>,
    }
}

requests! {
    /// Lists people.
    #[derive(Default)]
    struct ListPeople {
        /// Part of a name or an e-mail address; empty for everybody.
        #[serde(default)]
        pub search: String,
        /// `next` of the page before.
        #[serde(default)]
        #[cfg_attr(feature = "bindings", ts(optional))]
        pub after: Option<String>,
        /// Only people of this community.
        #[serde(default)]
        #[cfg_attr(feature = "bindings", ts(optional))]
        pub community: Option<Uuid>,
        /// Only people who are this.
        #[serde(default)]
        #[cfg_attr(feature = "bindings", ts(optional))]
        pub being: Option<Being>,
        /// Only people in this state.
        #[serde(default)]
        #[cfg_attr(feature = "bindings", ts(optional))]
        pub state: Option<AccountState>,
    }
    /// Adds a person.
    struct Invite {
        /// The name.
        pub name: String,
        /// The e-mail address.
        pub email: String,
        /// Where; absent for an owner.
        #[cfg_attr(feature = "bindings", ts(optional))]
        pub community: Option<Uuid>,
        /// As what; ignored for an owner.
        pub role: RoleName,
    }
    /// Makes a new invitation; the earlier one is dead.
    struct InviteAgain {
        /// For whom.
        pub account: Uuid,
    }
    /// Ends the own session and hands the keyboard over for a first sign-in.
    struct HandOver {
        /// To whom.
        pub account: Uuid,
    }
    /// Resets somebody's second factor.
    struct ResetSecondFactor {
        /// Whose.
        pub account: Uuid,
        /// What staff filled in.
        pub support: SupportAnswers,
        /// Who asks: the password, and a code when enrolled.
        pub proof: Proof,
    }
}

requests! {
    /// Issues a code to choose another password with.
    struct IssuePasswordCode {
        /// For whom.
        pub account: Uuid,
        /// What staff filled in.
        pub support: SupportAnswers,
        /// Who asks: the password, and a code when enrolled.
        pub proof: Proof,
    }
}

/// A code that was issued for somebody. Leaves Rust only towards the window that shows it.
#[derive(Debug)]
pub struct IssuedCode {
    /// For whom.
    pub person: PersonName,
    /// The language that papers speak to them in.
    pub language: Language,
    /// The code, in groups.
    pub code: ShownOnce,
    /// When it dies.
    pub expires_at: i64,
}
