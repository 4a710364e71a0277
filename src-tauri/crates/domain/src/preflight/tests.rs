use super::*;
use crate::{
    account::Password,
    policy::{DAY, Required, Since},
    session::Stage,
    testing::*,
};

const ELSEWHERE: CommunityId = CommunityId(uuid::Uuid::from_u128(2));

fn rules(policy: Policy) -> Rules {
    Rules { workspace: workspace(policy), communities: vec![community(COMMUNITY, Tightening::default())] }
}

/// Nobody need use a second factor.
fn free() -> Policy {
    Policy { required: Required::Nobody, grace_days: 5, ..Policy::default() }
}

fn after(before: &Rules, proposal: &Proposal) -> Rules {
    before.with(&person(9, None), proposal, NOW).expect("allowed")
}

fn effects(before: &Rules, proposal: &Proposal, person: &Account) -> Vec<Effect> {
    affects(before, &after(before, proposal), person, NOW).map_or_else(Vec::new, |affected| affected.effects)
}

fn short(account: Account) -> Account {
    Account { password: account.password.clone().map(|password| Password { stands_alone: false, ..password }), ..account }
}

#[test]
fn what_a_change_does_follows_the_table() {
    use Effect::{LockedOut, LosesBackupCodes, MayNoLongerDisable, Obliged, Sooner};
    let everyone = |grace_days| Proposal::Workspace(Policy { required: Required::Everyone, grace_days, ..free() });
    let staff = Proposal::Workspace(Policy { required: Required::Staff, ..free() });
    let no_codes = Proposal::Workspace(Policy { backup_codes: false, ..free() });
    let no_disabling = Proposal::Workspace(Policy { may_disable: false, ..free() });
    let in_grace = Policy { required: Required::Everyone, since: Since { staff: NOW, everyone: NOW }, ..free() };
    let (member, support) = (person(1, Some(Role::Member)), person(2, Some(Role::Support)));
    let safe = enrolled(member.clone()).account;
    let invited = Account { password: None, ..member.clone() };
    let gone = Account { deactivated_at: Some(NOW), ..member.clone() };
    let table: [(&str, Policy, &Proposal, &Account, &[Effect]); 15] = [
        ("with days of grace", free(), &everyone(5), &member, &[Obliged]),
        ("without", free(), &everyone(0), &member, &[LockedOut]),
        ("a short password has none, and enrols already", free(), &everyone(5), &short(member.clone()), &[]),
        ("staff", free(), &staff, &support, &[Obliged]),
        ("not a member", free(), &staff, &member, &[]),
        ("who has one may no longer disable", free(), &everyone(0), &safe, &[MayNoLongerDisable]),
        ("forbidden to all", free(), &no_disabling, &safe, &[MayNoLongerDisable]),
        ("who has none disables nothing", free(), &no_disabling, &member, &[]),
        ("backup codes", free(), &no_codes, &safe, &[LosesBackupCodes]),
        ("who has none loses none", free(), &no_codes, &member, &[]),
        ("fewer days left", in_grace.clone(), &everyone(2), &member, &[Sooner]),
        ("none left", in_grace.clone(), &everyone(0), &member, &[LockedOut]),
        ("more days", in_grace, &everyone(9), &member, &[]),
        ("who never came in", free(), &everyone(0), &invited, &[Obliged]),
        ("who cannot come in", free(), &everyone(0), &gone, &[]),
    ];
    for (what, policy, proposal, person, expected) in table {
        assert_eq!(effects(&rules(policy), proposal, person), expected, "{what}");
    }
}

#[test]
fn the_day_that_is_shown_is_the_day_that_holds() {
    let before = rules(free());
    let proposal = Proposal::Workspace(Policy { required: Required::Everyone, ..free() });
    let member = person(1, Some(Role::Member));
    let after = after(&before, &proposal);
    let shown = affects(&before, &after, &member, NOW).and_then(|affected| affected.until).expect("a day");
    assert_eq!(shown, NOW.plus(5 * DAY));
    assert_eq!(crate::policy::obligation(&after.of(&member), &member, shown.plus(-1)), Obligation::Until(shown));
    assert_eq!(crate::policy::obligation(&after.of(&member), &member, shown), Obligation::Now);
}

#[test]
fn a_community_touches_its_own_people_and_never_loosens() {
    let before = rules(free());
    let tight = Tightening { required: Some(Required::Everyone), ..Tightening::default() };
    let proposal = Proposal::Community(COMMUNITY, tight);
    let mut stranger = person(1, Some(Role::Member));
    assert_eq!(effects(&before, &proposal, &stranger), [Effect::Obliged]);
    stranger.memberships[0].community = ELSEWHERE;
    assert_eq!(effects(&before, &proposal, &stranger), []);
    let looser = [
        Tightening { grace_days: Some(6), ..Tightening::default() },
        Tightening { idle: Some(11 * MINUTE), ..Tightening::default() },
        Tightening { per_minute: Some(6), ..Tightening::default() },
        Tightening { wait: Some(29 * MINUTE), ..Tightening::default() },
    ];
    for asked in looser {
        let refused = before.with(&person(9, None), &Proposal::Community(COMMUNITY, asked.clone()), NOW);
        assert_eq!(refused.err(), Some(Refusal::PolicyLoosened), "{asked:?}");
    }
}

#[test]
fn only_who_may_changes_the_rules() {
    let before = rules(free());
    let (whole, own) = (Proposal::Workspace(free()), Proposal::Community(COMMUNITY, Tightening::default()));
    let other = Proposal::Community(ELSEWHERE, Tightening::default());
    let may = |role, proposal: &Proposal| {
        before.with(&person(1, role), proposal, NOW).map(|_| ()).map_err(|refusal| refusal == Refusal::NotAllowed)
    };
    assert_eq!(may(None, &whole), Ok(()));
    assert_eq!(may(Some(Role::Administrator), &own), Ok(()));
    for (role, proposal) in [
        (Some(Role::Administrator), &whole),
        (Some(Role::Administrator), &other),
        (Some(Role::Support), &own),
        (Some(Role::Member), &own),
        (None, &other),
    ] {
        assert_eq!(may(role, proposal), Err(true), "{role:?} {proposal:?}");
    }
}

#[test]
fn who_is_locked_out_cannot_administer() {
    let before = rules(free());
    let proposal = Proposal::Workspace(Policy { required: Required::Staff, grace_days: 0, ..free() });
    let locks = after(&before, &proposal);
    let owner = person(1, None);
    assert!(can_administer(&before, &proposal, &owner, NOW));
    assert!(!can_administer(&locks, &proposal, &owner, NOW));
    assert!(can_administer(&locks, &proposal, &enrolled(owner.clone()).account, NOW));
    assert!(!can_administer(&before, &proposal, &Account { deactivated_at: Some(NOW), ..owner }, NOW));
    assert!(!can_administer(&before, &proposal, &person(2, Some(Role::Administrator)), NOW));
}

fn try_save(as_shown: bool, administered: bool, proof: &Proof, proposal: &Proposal) -> Decision<()> {
    let owner = enrolled(person(1, None)).account;
    let session = Session { factor_at: Some(NOW), ..session(&owner, Stage::Full) };
    let found = Found { before: &rules(free()), proposal, as_shown, administered };
    save(&Policy::default(), owner, session, proof, found, NOW)
}

#[test]
fn a_change_is_saved_as_it_was_shown_and_told_in_words() {
    let proposal = Proposal::Workspace(Policy { required: Required::Everyone, grace_days: 3, ..free() });
    let saved = try_save(true, true, &proof(true, None), &proposal);
    assert_eq!(saved.verdict, Ok(()));
    let Some(Change::Workspace(workspace)) = saved.changes.iter().find(|change| matches!(change, Change::Workspace(_))) else {
        panic!("nothing saved")
    };
    assert_eq!((workspace.policy.required, workspace.policy.since.everyone), (Required::Everyone, NOW));
    let said: Vec<_> = saved.events[0].words.iter().map(|(key, word)| (key.as_str(), word.as_str())).collect();
    assert_eq!(said, [("graceDays", "5 → 3"), ("required", "nobody → everyone")]);
}

#[test]
fn nothing_is_saved_after_a_stale_preflight_a_wrong_password_or_without_anybody_left() {
    let proposal = Proposal::Workspace(Policy { required: Required::Everyone, ..free() });
    let cases = [
        (false, true, true, Refusal::PreflightStale),
        (true, false, true, Refusal::LastAdministrator),
        (true, true, false, Refusal::WrongPassword),
    ];
    for (as_shown, administered, matched, refusal) in cases {
        let refused = try_save(as_shown, administered, &proof(matched, None), &proposal);
        assert_eq!(refused.verdict, Err(refusal));
        assert!(!refused.changes.iter().any(|change| matches!(change, Change::Workspace(_) | Change::Community(_))));
    }
}

#[test]
fn saving_what_is_there_already_says_nothing() {
    let same = try_save(true, true, &proof(true, None), &Proposal::Workspace(free()));
    assert_eq!(same.verdict, Ok(()));
    assert!(same.events.is_empty());
}
