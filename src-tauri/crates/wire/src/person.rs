//! One person, as staff see and change them.

use uuid::Uuid;

use crate::{
    Refusal,
    account::FactorView,
    journal::JournalRow,
    mail::ReportView,
    people::{AccountState, PersonName, RoleHeld, RoleName},
    proof::Proof,
};

words! {
    /// Why somebody cannot come in, or what they are in the middle of.
    enum WhyCode {
        /// Deactivated at `at`.
        Deactivated,
        /// Signs in elsewhere.
        SignsInElsewhere,
        /// Too many wrong passwords: waits until `at`.
        PasswordWait,
        /// Never signed in; the invitation ends at `at`.
        Invited,
        /// Never signed in; the invitation ended at `at`.
        InvitationExpired,
        /// Never signed in, and has no invitation.
        NotInvited,
        /// Too many wrong codes: waits until `at`.
        CodeWait,
        /// A hundred wrong codes in a row.
        MethodDisabled,
        /// Reset; the recovery code was not used and ends at `at`.
        RecoveryWaits,
        /// Reset; the recovery code was used, no authenticator set up; it ends at `at`.
        RecoveryClaimed,
        /// Reset; the recovery code ended at `at`.
        RecoveryExpired,
        /// Reset; the recovery code was used five times.
        RecoveryExhausted,
        /// An enrolment begun at `at` is not finished.
        EnrolmentBegun,
        /// Must set up a second factor first.
        MustEnrol,
        /// The phone's clock is off by `number` seconds; positive when it is ahead.
        ClockOff,
        /// Nothing is wrong here.
        Nothing,
    }
    /// What staff may do with somebody.
    enum PersonAction {
        /// Reset the second factor.
        ResetSecondFactor,
        /// Issue a code for a forgotten password.
        IssuePasswordCode,
        /// Make a new invitation.
        InviteAgain,
        /// Hand over the keyboard for a first sign-in.
        HandOver,
        /// End the waits that failures began.
        Unlock,
        /// End every session.
        SignOut,
        /// Let nobody sign in to the account.
        Deactivate,
        /// Erase them.
        Erase,
        /// Let them sign in again.
        Reactivate,
        /// Take no password here.
        MarkElsewhere,
        /// Take their password here again.
        UnmarkElsewhere,
        /// Change the address that they sign in with.
        ChangeEmail,
        /// Set or remove their second address.
        ChangeSecondEmail,
        /// Correct how they are called.
        CorrectName,
    }
}

shapes! {
    /// Why somebody cannot come in.
    struct WhyView {
        /// Why.
        pub code: WhyCode,
        /// The moment that the sentence names.
        pub at: Option<i64>,
        /// The number that the sentence names.
        pub number: Option<i64>,
    }
    /// Something that makes sense to do with a person.
    struct ActionView {
        /// What.
        pub action: PersonAction,
        /// Why the reader cannot; absent when they can.
        pub refused: Option<Refusal>,
    }
    /// What the reader may make of a person in one community.
    struct RoleChoice {
        /// The community.
        pub community: Uuid,
        /// Its name.
        pub community_name: String,
        /// The role held now.
        pub held: Option<RoleName>,
        /// The roles that may be given.
        pub may_give: Vec<RoleName>,
        /// Whether the role may be taken.
        pub may_take: bool,
    }
    /// One person.
    struct PersonView {
        /// Who.
        pub person: PersonName,
        /// The second address that their notices go to.
        pub second_email: Option<String>,
        /// Owns the workspace.
        pub owner: bool,
        /// Roles held in the reader's communities.
        pub roles: Vec<RoleHeld>,
        /// The state.
        pub state: AccountState,
        /// Why they cannot come in.
        pub why: WhyView,
        /// Until when nothing they type is looked at.
        pub locked_until: Option<i64>,
        /// Wrong codes since the last right one.
        pub code_failures: u32,
        /// Wrong passwords since the last right one.
        pub password_failures: u32,
        /// The second factor, where there is one. Never a secret.
        pub factor: Option<FactorView>,
        /// When an enrolment was begun that is not finished.
        pub enrolment_begun_at: Option<i64>,
        /// When the account was made.
        pub created_at: i64,
        /// Last came in.
        pub signed_in_at: Option<i64>,
        /// What there is to do, the likeliest first.
        pub actions: Vec<ActionView>,
        /// Where the reader may change the role.
        pub role_choices: Vec<RoleChoice>,
        /// Whether the reader may make them an owner, or no longer one.
        pub may_change_owner: bool,
        /// The last entries about them, newest first.
        pub recent: Vec<JournalRow>,
        /// What they say was not them, until it is settled.
        pub report: Option<ReportView>,
    }
}

requests! {
    /// Reads one person.
    struct ReadPerson {
        /// Who.
        pub account: Uuid,
    }
    /// Gives somebody another role in a community, or takes it.
    struct ChangeRole {
        /// Whose.
        pub account: Uuid,
        /// Where.
        pub community: Uuid,
        /// As what; absent to take the role.
        #[serde(default)]
        #[cfg_attr(feature = "bindings", ts(optional))]
        pub role: Option<RoleName>,
        /// Who asks.
        pub proof: Proof,
    }
    /// Makes somebody an owner, or no longer one.
    struct ChangeOwner {
        /// Who.
        pub account: Uuid,
        /// Which of the two.
        pub owner: bool,
        /// Who asks.
        pub proof: Proof,
    }
    /// Ends the waits that somebody's failures began.
    struct UnlockPerson {
        /// Whose.
        pub account: Uuid,
    }
    /// Ends every session of somebody.
    struct SignOutPerson {
        /// Whose.
        pub account: Uuid,
    }
    /// Lets nobody sign in to an account any more.
    struct DeactivatePerson {
        /// Whose.
        pub account: Uuid,
    }
    /// Lets somebody sign in again.
    struct ReactivatePerson {
        /// Who.
        pub account: Uuid,
        /// Who asks.
        pub proof: Proof,
    }
    /// Takes no password of somebody here any more.
    struct MarkElsewhere {
        /// Whose.
        pub account: Uuid,
    }
    /// Takes somebody's password here again.
    struct UnmarkElsewhere {
        /// Whose.
        pub account: Uuid,
        /// Who asks.
        pub proof: Proof,
    }
}
