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
    /// What a list of people can be narrowed to, beside community and role. Several may hold of one person.
    enum PeopleState {
        /// As [`AccountState::Invited`].
        Invited,
        /// As [`AccountState::Protected`].
        Protected,
        /// As [`AccountState::NoSecondFactor`].
        NoSecondFactor,
        /// As [`AccountState::RecoveryPending`].
        RecoveryPending,
        /// Nothing they type is looked at now.
        Locked,
        /// Protected, with three backup codes left or fewer.
        FewCodes,
        /// Protected, with backup codes that were never saved.
        UnsavedCodes,
        /// Protected by one authenticator alone.
        OneAuthenticator,
        /// In the middle of an enrolment.
        UnfinishedEnrolment,
        /// As [`AccountState::Deactivated`].
        Deactivated,
        /// As [`AccountState::SignsInElsewhere`].
        SignsInElsewhere,
    }
    /// What a list of people is ordered by. Whoever is alike in it is ordered by name.
    #[derive(Default)]
    enum PeopleOrder {
        /// The name.
        #[default]
        Name,
        /// The e-mail address.
        Email,
        /// The state: what asks for something to be done first.
        State,
        /// When they last came in; whoever never did comes first.
        SignedIn,
        /// When the account was made.
        Added,
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
    /// A page of people.
    struct PeoplePage {
        /// The rows.
        pub rows: Vec<PersonRow>,
        /// The position of the first row, from 0.
        pub from: u64,
        /// How many match in all.
        pub total: u64,
        /// Where the reader may add people, and as what.
        pub grants: Vec<Grant>,
        /// Whether the reader may add owners.
        pub grants_owner: bool,
        /// The communities that the list may be narrowed to, by name.
        pub communities: Vec<CommunityName>,
        /// Whether the reader may take the list, or the part of it that they administer, out of the program.
        pub may_export: bool,
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
        /// Whether nothing they type is looked at now.
        pub locked: bool,
        /// Until when; absent when they are not locked, and when only staff can end it.
        pub locked_until: Option<i64>,
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
    /// How well people are prepared for losing something. Every number is the total of the list narrowed to that state.
    struct Readiness {
        /// Everybody who signs in here: neither deactivated nor signing in elsewhere.
        pub people: u64,
        /// [`PeopleState::Protected`].
        pub protected: u64,
        /// [`PeopleState::NoSecondFactor`].
        pub no_second_factor: u64,
        /// [`PeopleState::RecoveryPending`].
        pub recovery_pending: u64,
        /// [`PeopleState::Invited`]. With the three before, they are all the people.
        pub invited: u64,
        /// [`PeopleState::OneAuthenticator`].
        pub one_authenticator: u64,
        /// [`PeopleState::FewCodes`].
        pub few_codes: u64,
        /// [`PeopleState::UnsavedCodes`].
        pub unsaved_codes: u64,
        /// [`PeopleState::UnfinishedEnrolment`].
        pub unfinished_enrolment: u64,
        /// [`PeopleState::Locked`].
        pub locked: u64,
    }
    /// A list that was saved as a file.
    struct PeopleExport {
        /// The file's name; absent where none was chosen.
        pub file: Option<String>,
        /// How many people are in it.
        pub people: u64,
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
        /// The position of the first row that is asked for, from 0. Past the end there are no rows.
        #[serde(default)]
        #[cfg_attr(feature = "bindings", ts(optional, as = "Option<u64>"))]
        pub from: u64,
        /// Rows at most: 1 to 200, and 100 where nothing is said.
        #[serde(default)]
        #[cfg_attr(feature = "bindings", ts(optional))]
        pub limit: Option<u32>,
        /// What the list is ordered by.
        #[serde(default)]
        #[cfg_attr(feature = "bindings", ts(optional, as = "Option<PeopleOrder>"))]
        pub order: PeopleOrder,
        /// Whether the order is turned round.
        #[serde(default)]
        #[cfg_attr(feature = "bindings", ts(optional, as = "Option<bool>"))]
        pub descending: bool,
        /// Only people of this community.
        #[serde(default)]
        #[cfg_attr(feature = "bindings", ts(optional))]
        pub community: Option<Uuid>,
        /// Only people who are this.
        #[serde(default)]
        #[cfg_attr(feature = "bindings", ts(optional))]
        pub being: Option<Being>,
        /// Only people of whom this holds.
        #[serde(default)]
        #[cfg_attr(feature = "bindings", ts(optional))]
        pub state: Option<PeopleState>,
    }
    /// Counts how well people within reach are prepared for losing something.
    #[derive(Default)]
    struct ReadReadiness {
        /// Only people of this community.
        #[serde(default)]
        #[cfg_attr(feature = "bindings", ts(optional))]
        pub community: Option<Uuid>,
    }
    /// Saves a list of people as a CSV file, where the system's dialog says.
    struct ExportPeople {
        /// As in [`ListPeople`].
        #[serde(default)]
        pub search: String,
        /// As in [`ListPeople`].
        #[serde(default)]
        #[cfg_attr(feature = "bindings", ts(optional, as = "Option<PeopleOrder>"))]
        pub order: PeopleOrder,
        /// As in [`ListPeople`].
        #[serde(default)]
        #[cfg_attr(feature = "bindings", ts(optional, as = "Option<bool>"))]
        pub descending: bool,
        /// As in [`ListPeople`].
        #[serde(default)]
        #[cfg_attr(feature = "bindings", ts(optional))]
        pub community: Option<Uuid>,
        /// As in [`ListPeople`].
        #[serde(default)]
        #[cfg_attr(feature = "bindings", ts(optional))]
        pub being: Option<Being>,
        /// As in [`ListPeople`].
        #[serde(default)]
        #[cfg_attr(feature = "bindings", ts(optional))]
        pub state: Option<PeopleState>,
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

/// A code that was issued for somebody. Leaves Rust only towards the window that shows it, on whichever machine.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
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

/// People, for a file. Leaves Rust only towards the disk.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
pub struct PeopleLines(pub Vec<PersonLine>);

/// One person, for a file.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct PersonLine {
    /// The name.
    pub name: String,
    /// The e-mail address.
    pub email: String,
    /// Owns the workspace.
    pub owner: bool,
    /// Roles held in the communities that the list is of.
    pub roles: Vec<(RoleName, String)>,
    /// The language that papers speak to them in.
    pub language: Language,
    /// The state, as [`AccountState`] is spelled.
    pub state: String,
    /// Whether nothing they type is looked at now.
    pub locked: bool,
    /// Authenticators, where the second factor is on.
    pub authenticators: Option<usize>,
    /// Backup codes left, where the second factor is on.
    pub codes_left: Option<usize>,
    /// Whether those were ever saved.
    pub codes_saved: Option<bool>,
    /// Last came in.
    pub signed_in_at: Option<i64>,
    /// When the account was made.
    pub added_at: i64,
}
