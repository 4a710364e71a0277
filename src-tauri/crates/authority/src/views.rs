//! From records to what the wire shows of them.

use domain::{
    Refusal as DomainRefusal,
    account::{Account, AccountState as State},
    backup,
    factor::SecondFactor,
    gate::{self, Act, Membership, Role},
    id::{AccountId, CommunityId},
    kit::record::Trouble,
    lockout::Locked,
    password_code,
    policy::{Obligation, forbids_disabling, obligation},
    profile::may_disable,
    readiness::PeopleState,
    recovery::may_reset,
    session::Stage,
    sign_in::Next,
    time::Moment,
    words,
    workspace::Community,
};
use uuid::Uuid;
use wire::{
    account::{AuthenticatorView, FactorView, Profile},
    backup::BackupDue,
    journal::{JournalPage, JournalRow},
    keeping::KitTrouble,
    people::{AccountState, CommunityName, Grant, PeopleOrder, PeoplePage, PersonName, PersonRow, Readiness, RoleHeld, RoleName},
    sign_in::{self, Me, Reach},
    window::Language,
};

use crate::{
    ground::Acting,
    refusals,
    store::{Being, By, Counts, JournalLine, NamedPerson, Only, People},
};

pub(crate) fn next(next: Next) -> sign_in::Next {
    match next {
        Next::Code => sign_in::Next::Code,
        Next::RecoveryCode => sign_in::Next::RecoveryCode,
        Next::Enrol => sign_in::Next::Enrol,
        Next::In => sign_in::Next::In,
    }
}

/// Somebody, as they are named to others.
#[must_use]
pub fn person(account: &Account) -> PersonName {
    PersonName { id: account.id.0, name: account.name.as_str().into(), email: account.email.as_str().into() }
}

/// A language, as the wire has it.
#[must_use]
pub fn language(language: words::Language) -> Language {
    match language {
        words::Language::En => Language::En,
        words::Language::Fr => Language::Fr,
    }
}

pub(crate) fn backup_due(acting: &Acting, now: Moment) -> Option<BackupDue> {
    gate::may(&acting.account.standing(), Act::KeepVault).ok()?;
    Some(match backup::due(&acting.workspace, now)? {
        backup::Due::Never => BackupDue::Never,
        backup::Due::Old => BackupDue::Old,
    })
}

pub(crate) fn me(acting: &Acting, own_device: bool, now: Moment) -> Me {
    let standing = acting.account.standing();
    let reach = match (acting.session.stage, &acting.account.second_factor) {
        (Stage::SecondFactor, SecondFactor::Reset(_)) => Reach::RecoveryCode,
        (Stage::SecondFactor, _) => Reach::Code,
        (Stage::Enrol { by_recovery: true }, _) => Reach::EnrolAgain,
        (Stage::Enrol { by_recovery: false }, _) => Reach::Enrol,
        (Stage::Full, _) => Reach::Full,
        (Stage::Locked, _) => Reach::Locked,
    };
    Me {
        person: person(&acting.account),
        language: language(acting.account.language),
        reach,
        lists_people: gate::may(&standing, Act::ListPeople).is_ok(),
        keeps_communities: gate::may(&standing, Act::KeepCommunities).is_ok(),
        keeps_tokens: standing.is_privileged(),
        keeps_mail: gate::may(&standing, Act::KeepMail).is_ok(),
        keeps_devices: gate::may(&standing, Act::KeepDevices).is_ok(),
        reads_outbox: gate::may(&standing, Act::ReadOutbox).is_ok(),
        keeps_vault: gate::may(&standing, Act::KeepVault).is_ok(),
        backup_due: backup_due(acting, now),
        imports_people: gate::may(&standing, Act::Import).is_ok(),
        reads_journal: gate::may(&standing, Act::ReadJournal).is_ok(),
        backup_codes: acting.policy.backup_codes,
        unlock_asks_code: acting.policy.unlock_asks_code && matches!(acting.account.second_factor, SecondFactor::Active(_)),
        sets_policy: gate::may(&standing, Act::SetPolicy).is_ok()
            || acting.account.memberships.iter().any(|m| m.role == Role::Administrator),
        asks: match (&acting.session.stage, &acting.account.second_factor) {
            (Stage::SecondFactor, SecondFactor::Active(factors)) if factors.authenticators.len() > 1 => {
                factors.first_asked().map(|first| first.name.as_str().into())
            }
            _ => None,
        },
        idle_seconds: acting.policy().idle,
        workspace: acting.workspace.name.as_str().into(),
        own_device,
    }
}

pub(crate) fn profile(acting: &Acting, communities: &[Community], now: Moment) -> Profile {
    let account = &acting.account;
    let factor = factor(account);
    let asks_code = factor.is_some() && !acting.session.factor_is_fresh(now);
    Profile {
        name: account.name.as_str().into(),
        email: account.email.as_str().into(),
        second_email: account.second_email.as_ref().map(|email| email.as_str().into()),
        owner: account.owner,
        roles: roles(&account.memberships, communities),
        factor,
        factor_required: account.must_have_factor(acting.policy()),
        grace_until: match obligation(acting.policy(), account, now) {
            Obligation::Until(until) => Some(until.0),
            Obligation::None | Obligation::Now => None,
        },
        backup_codes: acting.policy.backup_codes,
        disable_refused_by: forbids_disabling(&acting.workspace, communities, account)
            .iter()
            .filter_map(|id| communities.iter().find(|community| community.id == *id))
            .map(|community| community.name.as_str().into())
            .collect(),
        disable_refused: may_disable(acting.policy(), account).err().map(refusals::code),
        kit_trouble: if account.owner { acting.workspace.kits.trouble().map(kit_trouble) } else { None },
        kit_used: None,
        asks_code,
    }
}

/// What somebody can answer with. Never a secret.
pub(crate) fn factor(account: &Account) -> Option<FactorView> {
    match &account.second_factor {
        SecondFactor::Active(factors) => {
            let mut authenticators: Vec<AuthenticatorView> = factors
                .authenticators
                .iter()
                .map(|authenticator| AuthenticatorView {
                    id: authenticator.id.0,
                    name: authenticator.name.as_str().into(),
                    added_at: authenticator.added_at.0,
                    used_at: authenticator.used_at.map(|at| at.0),
                    drift_seconds: authenticator.drift_seconds(),
                    token: authenticator.token.is_some(),
                    digits: authenticator.parameters.digits.count(),
                    preferred: authenticator.id == factors.preferred,
                })
                .collect();
            authenticators.sort_by_key(|authenticator| !authenticator.preferred);
            Some(FactorView {
                authenticators,
                codes_left: factors.backup.left().try_into().unwrap_or(u32::MAX),
                codes_made_at: factors.backup.made_at.0,
                codes_saved: factors.backup.saved.is_some(),
            })
        }
        _ => None,
    }
}

fn kit_trouble(trouble: Trouble) -> KitTrouble {
    match trouble {
        Trouble::Missing => KitTrouble::Missing,
        Trouble::NotKept => KitTrouble::NotKept,
        Trouble::Used => KitTrouble::Used,
        Trouble::Unfinished => KitTrouble::Unfinished,
    }
}

pub(crate) fn roles(memberships: &[Membership], communities: &[Community]) -> Vec<RoleHeld> {
    memberships
        .iter()
        .filter_map(|membership| {
            let community = communities.iter().find(|community| community.id == membership.community)?;
            Some(RoleHeld { community: community.id.0, community_name: community.name.as_str().into(), role: role(membership.role) })
        })
        .collect()
}

pub(crate) fn role(role: Role) -> RoleName {
    match role {
        Role::Member => RoleName::Member,
        Role::Support => RoleName::Support,
        Role::Administrator => RoleName::Administrator,
    }
}

/// The communities of a list within somebody's reach, and what bounds it: one of them, where one is asked for.
///
/// # Errors
/// [`DomainRefusal::NotAllowed`] for one that is out of reach, or is none.
pub(crate) fn bounds(
    all: Vec<Community>,
    reach: Option<Vec<CommunityId>>,
    asked: Option<Uuid>,
) -> Result<(Vec<Community>, Option<Vec<CommunityId>>), DomainRefusal> {
    let communities = within(all, reach.as_deref());
    let asked = asked.map(CommunityId);
    if asked.is_some_and(|id| communities.iter().all(|community| community.id != id)) {
        return Err(DomainRefusal::NotAllowed);
    }
    Ok((communities, asked.map(|id| vec![id]).or(reach)))
}

/// The communities that somebody reaches; `None` is all of them.
pub(crate) fn within(communities: Vec<Community>, reach: Option<&[CommunityId]>) -> Vec<Community> {
    communities.into_iter().filter(|community| reach.is_none_or(|reach| reach.contains(&community.id))).collect()
}

pub(crate) fn only(being: Option<wire::people::Being>, state: Option<wire::people::PeopleState>) -> Only {
    use wire::people::Being as Word;
    Only {
        being: being.map(|being| match being {
            Word::Owner => Being::Owner,
            Word::Member => Being::Holding(Role::Member),
            Word::Support => Being::Holding(Role::Support),
            Word::Administrator => Being::Holding(Role::Administrator),
        }),
        state: state.map(people_state),
    }
}

fn people_state(state: wire::people::PeopleState) -> PeopleState {
    use wire::people::PeopleState as Word;
    match state {
        Word::Invited => PeopleState::Is(State::Invited),
        Word::Protected => PeopleState::Is(State::Protected),
        Word::NoSecondFactor => PeopleState::Is(State::NoSecondFactor),
        Word::RecoveryPending => PeopleState::Is(State::RecoveryPending),
        Word::Deactivated => PeopleState::Is(State::Deactivated),
        Word::SignsInElsewhere => PeopleState::Is(State::SignsInElsewhere),
        Word::Locked => PeopleState::Locked,
        Word::FewCodes => PeopleState::FewCodes,
        Word::UnsavedCodes => PeopleState::UnsavedCodes,
        Word::OneAuthenticator => PeopleState::OneAuthenticator,
        Word::UnfinishedEnrolment => PeopleState::UnfinishedEnrolment,
    }
}

pub(crate) fn by(order: PeopleOrder) -> By {
    match order {
        PeopleOrder::Name => By::Name,
        PeopleOrder::Email => By::Email,
        PeopleOrder::State => By::State,
        PeopleOrder::SignedIn => By::SignedIn,
        PeopleOrder::Added => By::Added,
    }
}

pub(crate) fn readiness(counts: &Counts) -> Readiness {
    let is = |state| counts.of(PeopleState::Is(state));
    let (protected, no_second_factor) = (is(State::Protected), is(State::NoSecondFactor));
    let (recovery_pending, invited) = (is(State::RecoveryPending), is(State::Invited));
    Readiness {
        people: protected + no_second_factor + recovery_pending + invited,
        protected,
        no_second_factor,
        recovery_pending,
        invited,
        one_authenticator: counts.of(PeopleState::OneAuthenticator),
        few_codes: counts.of(PeopleState::FewCodes),
        unsaved_codes: counts.of(PeopleState::UnsavedCodes),
        unfinished_enrolment: counts.of(PeopleState::UnfinishedEnrolment),
        locked: counts.of(PeopleState::Locked),
    }
}

/// A page of people. `communities` are those that the reader reaches: roles held in others are not shown.
pub(crate) fn people(reader: &Account, communities: &[Community], people: People, now: Moment) -> PeoplePage {
    let standing = reader.standing();
    let grants = communities
        .iter()
        .map(|community| Grant {
            community: community.id.0,
            community_name: community.name.as_str().into(),
            roles: [Role::Member, Role::Support, Role::Administrator]
                .into_iter()
                .filter(|role| gate::may(&standing, Act::Invite(*role, community.id)).is_ok())
                .map(role)
                .collect(),
        })
        .filter(|grant: &Grant| !grant.roles.is_empty())
        .collect();
    PeoplePage {
        rows: people
            .rows
            .iter()
            .zip(&people.locked)
            .map(|(account, locked)| person_row(reader, account, *locked, communities, now))
            .collect(),
        from: people.from,
        total: people.total,
        grants,
        grants_owner: gate::may(&standing, Act::InviteOwner).is_ok(),
        communities: communities.iter().map(|c| CommunityName { id: c.id.0, name: c.name.as_str().into() }).collect(),
        may_export: gate::may(&standing, Act::ExportPeople).is_ok(),
    }
}

fn person_row(reader: &Account, account: &Account, locked: Option<Locked>, communities: &[Community], now: Moment) -> PersonRow {
    let may_invite_again = account.password.is_none()
        && account.admits().is_ok()
        && gate::may(&reader.standing(), Act::InviteAgain(account.standing())).is_ok();
    PersonRow {
        person: person(account),
        owner: account.owner,
        roles: roles(&account.memberships, communities),
        state: state(account),
        locked: locked.is_some(),
        locked_until: match locked {
            Some(Locked::Until(until)) => Some(until.0),
            Some(Locked::UntilStaffAct) | None => None,
        },
        codes_left: match &account.second_factor {
            SecondFactor::Active(factors) => Some(factors.backup.left().try_into().unwrap_or(u32::MAX)),
            _ => None,
        },
        signed_in_at: account.signed_in_at.map(|at| at.0),
        reset_refused: may_reset(reader, account, now).err().map(refusals::domain),
        password_code_refused: password_code::may_issue(reader, account, now).err().map(refusals::domain),
        may_invite_again,
    }
}

pub(crate) fn state(account: &Account) -> AccountState {
    match account.state() {
        State::Invited => AccountState::Invited,
        State::Protected => AccountState::Protected,
        State::NoSecondFactor => AccountState::NoSecondFactor,
        State::RecoveryPending => AccountState::RecoveryPending,
        State::Deactivated => AccountState::Deactivated,
        State::SignsInElsewhere => AccountState::SignsInElsewhere,
    }
}

const CURSOR_SEPARATOR: char = '\u{1f}';

pub(crate) fn write_cursor((name, id): &(String, AccountId)) -> String {
    format!("{id}{CURSOR_SEPARATOR}{name}")
}

/// A cursor that cannot be read begins at the first page: it only ever came from here.
pub(crate) fn read_cursor(text: &str) -> Option<(String, AccountId)> {
    let (id, name) = text.split_once(CURSOR_SEPARATOR)?;
    Some((name.into(), AccountId(id.parse().ok()?)))
}

pub(crate) fn journal(lines: &[JournalLine], limit: u32) -> JournalPage {
    let full = lines.len() == limit as usize;
    let rows = journal_rows(lines);
    let next = rows.last().filter(|_| full).map(|row| row.index);
    JournalPage { rows, next }
}

pub(crate) fn journal_rows(lines: &[JournalLine]) -> Vec<JournalRow> {
    let named = |person: &Option<NamedPerson>| {
        person.as_ref().map(|person| PersonName { id: person.id.0, name: person.name.clone(), email: person.email.clone() })
    };
    lines
        .iter()
        .map(|line| JournalRow {
            index: line.entry.index(),
            at: line.entry.at(),
            kind: line.entry.kind().into(),
            communities: line.entry.communities().iter().map(|(community, _)| *community).collect(),
            actor: named(&line.actor),
            subject: named(&line.subject),
            erased: matches!(line.entry.persons(), journal::Persons::Erased),
            words: match line.entry.persons() {
                // Which entries an erasure emptied is for the verifier: there may be thousands.
                journal::Persons::Named(named) => named
                    .words()
                    .iter()
                    .filter(|(word, _)| line.entry.kind() != domain::EventKind::PersonErased.as_str() || *word != "entries")
                    .map(|(word, said)| (word.clone(), said.clone()))
                    .collect(),
                journal::Persons::Erased => std::collections::BTreeMap::new(),
            },
        })
        .collect()
}
