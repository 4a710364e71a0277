use super::*;
use crate::{
    NoticeKind,
    code::{Code, Kind},
    effect,
    gate::{Membership, Role},
    id::CommunityId,
    oath::OathSecret,
    recovery::close_until_recovered,
    secret_hash::Recipe,
    session::Stage,
    sign_in::CodeTry,
    suspension,
    testing::*,
};

mod brings;
mod kit;

/// Long after the workspace of the tests was made: nothing is waived.
const LATER: Moment = Moment(NOW.0 + 10 * 24 * HOUR);

fn policy() -> Policy {
    Policy::default()
}

/// Somebody with a second factor, and the backup codes to prove it with.
fn enrolled_person(number: u64, role: Option<Role>) -> Held {
    let held = enrolled(person(number, role));
    Held { account: Account { id: person(number, role).id, ..held.account }, ..held }
}

fn hashed(number: u64) -> Hashed {
    Recipe::random(CHEAP, &mut Counting(number)).hash(recovery_code(number).canonical())
}

fn proves(held: &Held, code: usize) -> Proof {
    proof(true, Some(lookup(&held.account, &held.codes[code])))
}

fn full(account: &Account) -> Session {
    session(account, Stage::Full)
}

fn written_case<T>(decision: &Decision<T>) -> Case {
    decision
        .changes
        .iter()
        .rev()
        .find_map(|change| if let Change::Case(case) = change { Some((**case).clone()) } else { None })
        .expect("a case")
}

fn case_id() -> CaseId {
    CaseId::random(&mut Counting(400))
}

fn opened_by(opener: &Held, target: &Account, asked: CaseAct, now: Moment) -> Decision<CaseAct> {
    opened_bringing(opener, target, (asked, Bringing::Nothing), now)
}

fn opened_bringing(opener: &Held, target: &Account, (asked, bringing): (CaseAct, Bringing), now: Moment) -> Decision<CaseAct> {
    let opening = Opening { id: case_id(), target: target.clone(), asked, bringing, note: note(), others: &[] };
    open(&policy(), opener.account.clone(), full(&opener.account), opening, &proves(opener, 0), now)
}

fn approved_by(approver: &Held, opener: &Account, target: &Account, case: &Case, now: Moment) -> Decision<Option<Moment>> {
    let workspace = workspace(policy());
    let people = People { workspace: &workspace, opener: Some(opener), target };
    let approving = Approving { case: case.clone(), people, password: hashed(51) };
    approve(&policy(), approver.account.clone(), full(&approver.account), approving, &proves(approver, 1), now)
}

fn carried_out_by(opener: &Held, approver: Option<&Account>, target: &Account, case: &Case, now: Moment) -> Decision<Option<Moment>> {
    carried_out_bringing(opener, approver, target, (case, Bringing::Nothing), now)
}

fn carried_out_bringing(
    opener: &Held,
    approver: Option<&Account>,
    target: &Account,
    (case, bringing): (&Case, Bringing),
    now: Moment,
) -> Decision<Option<Moment>> {
    let workspace = workspace(policy());
    let carrying_out = CarryingOut {
        case: case.clone(),
        workspace: &workspace,
        approver,
        target: target.clone(),
        bringing,
        code: hashed(52),
        recovery_validity: 3600,
    };
    carry_out(&policy(), opener.account.clone(), full(&opener.account), carrying_out, &proves(opener, 2), now)
}

/// An owner, another owner and an administrator whose phone is gone.
struct Played {
    opener: Held,
    approver: Held,
    target: Account,
}

fn played() -> Played {
    Played {
        opener: enrolled_person(1, None),
        approver: enrolled_person(2, None),
        target: enrolled_person(3, Some(Role::Administrator)).account,
    }
}

fn open_case(played: &Played, asked: CaseAct) -> Case {
    written_case(&opened_by(&played.opener, &played.target, asked, LATER))
}

fn approved_case(played: &Played, asked: CaseAct) -> Case {
    let case = open_case(played, asked);
    let approved = approved_by(&played.approver, &played.opener.account, &played.target, &case, LATER);
    assert!(approved.verdict.is_ok(), "{:?}", approved.verdict);
    written_case(&approved)
}

fn kinds<T>(decision: &Decision<T>) -> Vec<EventKind> {
    decision.events.iter().map(|event| event.kind).collect()
}

#[test]
fn two_people_reset_an_administrator_together() {
    let played = played();
    let opened = opened_by(&played.opener, &played.target, CaseAct::SecondFactor, LATER);
    assert_eq!(opened.verdict, Ok(CaseAct::SecondFactor));
    assert!(
        matches!(written(&opened).expect("the target is written last").second_factor, SecondFactor::Active(_)),
        "nothing has changed yet"
    );
    assert_eq!(kinds(&opened), [EventKind::CaseOpened]);
    assert_eq!(opened.events[0].words["reason"], "New phone, ticket 4711");
    let case = approved_case(&played, CaseAct::SecondFactor);
    let done = carried_out_by(&played.opener, Some(&played.approver.account), &played.target, &case, LATER.plus(HOUR));
    assert_eq!(done.verdict, Ok(Some(LATER.plus(HOUR + 3600))));
    let target = written(&done).expect("the target is written last");
    assert!(matches!(target.second_factor, SecondFactor::Reset(_)) && target.password_code.is_none());
    assert!(ends_sessions_of(&done, target.id));
    assert_eq!(kinds(&done), [EventKind::CaseCarriedOut, EventKind::SecondFactorReset]);
    assert_eq!(done.notices.iter().map(|notice| notice.to).collect::<Vec<_>>(), [target.id]);
    // A second use.
    let again = carried_out_by(&played.opener, Some(&played.approver.account), &target, &written_case(&done), LATER.plus(HOUR + 60));
    assert_eq!(again.verdict, Err(Refusal::CaseOver));
    assert!(again.changes.is_empty());
}

#[test]
fn a_double_loss_gives_two_codes_and_neither_person_sees_both() {
    let played = Played { target: enrolled_person(3, Some(Role::Member)).account, ..played() };
    let case = open_case(&played, CaseAct::Both);
    let approved = approved_by(&played.approver, &played.opener.account, &played.target, &case, LATER);
    assert_eq!(approved.verdict, Ok(Some(LATER.plus(24 * HOUR))), "the approver is shown the password code");
    assert!(
        approved.changes.iter().all(|change| !matches!(change, Change::Account(account) if account.id == played.target.id)),
        "it opens nothing yet"
    );
    let done = carried_out_by(&played.opener, Some(&played.approver.account), &played.target, &written_case(&approved), LATER.plus(HOUR));
    let target = written(&done).expect("the target");
    let code = target.password_code.as_ref().expect("a password code");
    assert!(code.hash.matches(&hashed(51)), "the approver's");
    assert_eq!(code.issued_at, LATER, "it dies when the approver was told");
    let SecondFactor::Reset(recovery) = &target.second_factor else { panic!("reset") };
    assert!(recovery.hash.matches(&hashed(52)), "the opener's");
    assert_eq!(
        approved_by(&played.approver, &played.opener.account, &played.target, &open_case(&played, CaseAct::SecondFactor), LATER).verdict,
        Ok(None)
    );
}

#[test]
fn what_follows_an_act_of_one_person_gives_two_codes() {
    let plain = enrolled_person(3, Some(Role::Member)).account;
    let mut reset = plain.clone();
    close_until_recovered(&mut reset, hashed(1), 3600, LATER);
    let mut marked = plain.clone();
    effect::mark(&mut marked, Effect::Password, LATER.plus(-HOUR));
    let no_factor = person(3, Some(Role::Member));
    let table = [
        (&plain, CaseAct::SecondFactor, CaseAct::SecondFactor),
        (&plain, CaseAct::Password, CaseAct::Password),
        (&plain, CaseAct::Both, CaseAct::Both),
        (&reset, CaseAct::Password, CaseAct::Both),
        (&reset, CaseAct::SecondFactor, CaseAct::SecondFactor),
        (&marked, CaseAct::SecondFactor, CaseAct::Both),
        (&marked, CaseAct::Password, CaseAct::Password),
        (&no_factor, CaseAct::Password, CaseAct::Password),
    ];
    for (n, (target, asked, act)) in table.into_iter().enumerate() {
        assert_eq!(act_for(target, asked, LATER), act, "row {n}");
    }
}

#[test]
fn a_case_is_opened_by_whoever_reaches_the_target() {
    let mut elsewhere = person(1, Some(Role::Administrator));
    elsewhere.memberships[0].community = CommunityId(uuid::Uuid::from_u128(77));
    let target = |role| enrolled_person(3, role).account;
    let (member, support, administrator) = (target(Some(Role::Member)), target(Some(Role::Support)), target(Some(Role::Administrator)));
    let (owner, never) = (target(None), Account { password: None, ..target(Some(Role::Member)) });
    let bare = person(3, Some(Role::Member));
    let gone = Account { deactivated_at: Some(NOW), ..member.clone() };
    let by = |role| person(1, role);
    let table = [
        (by(None), &administrator, Ok(())),
        (by(None), &owner, Ok(())),
        (by(None), &gone, Err(Refusal::AccountDeactivated)),
        (by(None), &never, Err(Refusal::NeverSignedIn)),
        (by(None), &bare, Err(Refusal::NothingToReset)),
        (by(Some(Role::Administrator)), &administrator, Ok(())),
        (by(Some(Role::Administrator)), &owner, Err(Refusal::NotAllowed)),
        (by(Some(Role::Support)), &member, Ok(())),
        (by(Some(Role::Support)), &support, Err(Refusal::NotAllowed)),
        (by(Some(Role::Support)), &administrator, Err(Refusal::NotAllowed)),
        (by(Some(Role::Member)), &member, Err(Refusal::NotAllowed)),
        (elsewhere, &member, Err(Refusal::NotAllowed)),
        (member.clone(), &member, Err(Refusal::OnSelf)),
    ];
    for (n, (actor, target, expected)) in table.into_iter().enumerate() {
        assert_eq!(may_open(&actor, target, CaseAct::SecondFactor, &[], LATER), expected, "row {n}");
    }
    let played = played();
    let case = open_case(&played, CaseAct::SecondFactor);
    let second = |others: &[Case], now| may_open(&played.approver.account, &played.target, CaseAct::Both, others, now);
    assert_eq!(second(std::slice::from_ref(&case), LATER), Err(Refusal::CaseOpen));
    assert_eq!(second(&[case], LATER.plus(CASE_VALIDITY)), Ok(()));
}

#[test]
fn who_may_approve() {
    let played = played();
    let case = open_case(&played, CaseAct::SecondFactor);
    let workspace = workspace(policy());
    let may = |approver: &Account, case: &Case, now| {
        may_approve(approver, case, People { workspace: &workspace, opener: Some(&played.opener.account), target: &played.target }, now)
    };
    let mut elsewhere = enrolled_person(5, Some(Role::Administrator)).account;
    elsewhere.memberships[0].community = CommunityId(uuid::Uuid::from_u128(77));
    let administrator = enrolled_person(6, Some(Role::Administrator)).account;
    let fresh =
        Account { memberships: vec![Membership { since: LATER.plus(-HOUR), ..administrator.memberships[0] }], ..administrator.clone() };
    let fresh_owner = Account { owner_since: Some(LATER.plus(-HOUR)), ..played.approver.account.clone() };
    let table = [
        (&played.approver.account, Ok(())),
        (&administrator, Ok(())),
        (&played.opener.account, Err(Refusal::OwnCase)),
        (&played.target, Err(Refusal::OnSelf)),
        (&elsewhere, Err(Refusal::NotAllowed)),
        (&enrolled_person(7, Some(Role::Support)).account, Err(Refusal::NotAllowed)),
        (&enrolled_person(8, Some(Role::Member)).account, Err(Refusal::NotAllowed)),
        (&fresh, Err(Refusal::RoleTooYoung(LATER.plus(71 * HOUR)))),
        (&fresh_owner, Err(Refusal::RoleTooYoung(LATER.plus(71 * HOUR)))),
        (&person(9, None), Err(Refusal::ApprovalNeedsFactor)),
    ];
    for (n, (approver, expected)) in table.into_iter().enumerate() {
        assert_eq!(may(approver, &case, LATER), expected, "row {n}");
    }
    for now in [LATER.plus(CASE_VALIDITY), LATER.plus(-CASE_VALIDITY)] {
        assert_eq!(may(&played.approver.account, &case, now), Err(Refusal::CaseExpired));
    }
    // The later of two approvers finds the case approved.
    assert_eq!(may(&administrator, &approved_case(&played, CaseAct::SecondFactor), LATER), Err(Refusal::CaseOver));
}

#[test]
fn approving_asks_for_the_password_and_a_code_given_now() {
    let played = played();
    let case = open_case(&played, CaseAct::Both);
    let workspace = workspace(policy());
    let people = People { workspace: &workspace, opener: Some(&played.opener.account), target: &played.target };
    let mut session = full(&played.approver.account);
    session.factor_at = Some(LATER);
    let attempt = |proof: &Proof| {
        let approving = Approving { case: case.clone(), people, password: hashed(51) };
        approve(&policy(), played.approver.account.clone(), session.clone(), approving, proof, LATER)
    };
    let foreign: CodeTry = lookup(&played.approver.account, &Code::random(Kind::Backup, &mut Counting(909)));
    for (proof, refused) in [
        (proof(true, None), Refusal::FactorNeeded),
        (proof(false, None), Refusal::WrongPassword),
        (proof(true, Some(foreign)), Refusal::CodeWrong),
    ] {
        let decision = attempt(&proof);
        assert_eq!(decision.verdict, Err(refused));
        assert!(!decision.changes.iter().any(|change| matches!(change, Change::Case(_))));
    }
}

#[test]
fn in_a_young_workspace_nobody_waits_for_a_role_to_age() {
    let played = played();
    let founded = workspace(policy());
    let fresh = Account { owner_since: Some(NOW), created_at: NOW, ..played.approver.account.clone() };
    for (now, expected) in [(NOW, None), (NOW.plus(second::SEASONING - 1), None), (NOW.plus(-HOUR), Some(NOW.plus(second::SEASONING)))] {
        assert_eq!(second::unseasoned_until(&founded, &fresh, &played.target, CaseAct::Both, now), expected, "{now:?}");
    }
    let late = Account { owner_since: Some(NOW.plus(second::SEASONING)), ..fresh };
    let now = NOW.plus(second::SEASONING + 5);
    assert_eq!(second::unseasoned_until(&founded, &late, &played.target, CaseAct::Both, now), Some(NOW.plus(2 * second::SEASONING)));
}

#[test]
fn a_role_lost_on_the_way_voids_the_case() {
    let played = played();
    let member = Account { owner: false, memberships: person(1, Some(Role::Member)).memberships, ..played.opener.account.clone() };
    // The opener, before the approval.
    let case = open_case(&played, CaseAct::SecondFactor);
    let voided = approved_by(&played.approver, &member, &played.target, &case, LATER);
    assert_eq!(voided.verdict, Err(Refusal::CaseVoid));
    assert!(matches!(written_case(&voided).state, CaseState::Void { .. }));
    assert_eq!(kinds(&voided), [EventKind::CaseVoided]);
    // The approver, before the approval and after it.
    let demoted = Account { owner: false, memberships: person(2, Some(Role::Member)).memberships, ..played.approver.account.clone() };
    let held = Held { account: demoted.clone(), secret: OathSecret::random(&mut Counting(1)), codes: played.approver.codes.clone() };
    assert_eq!(approved_by(&held, &played.opener.account, &played.target, &case, LATER).verdict, Err(Refusal::NotAllowed));
    let case = approved_case(&played, CaseAct::SecondFactor);
    let deactivated = Account { deactivated_at: Some(LATER), ..played.approver.account.clone() };
    // Demoted and made an owner again: the role is young.
    let again = Account { owner_since: Some(LATER), ..played.approver.account.clone() };
    for approver in [Some(&demoted), Some(&deactivated), Some(&again), None] {
        let voided = carried_out_by(&played.opener, approver, &played.target, &case, LATER.plus(60));
        assert_eq!(voided.verdict, Err(Refusal::CaseVoid));
        assert!(matches!(written_case(&voided).state, CaseState::Void { .. }));
        assert!(written(&voided).is_none(), "nobody is reset");
    }
    // The opener, after it.
    let opener = Held { account: member, secret: OathSecret::random(&mut Counting(1)), codes: played.opener.codes.clone() };
    let voided = carried_out_by(&opener, Some(&played.approver.account), &played.target, &case, LATER.plus(60));
    assert_eq!(voided.verdict, Err(Refusal::CaseVoid));
}

#[test]
fn only_the_opener_carries_out_what_was_approved_and_not_too_late() {
    let played = played();
    let open = open_case(&played, CaseAct::SecondFactor);
    let case = approved_case(&played, CaseAct::SecondFactor);
    let by = |actor: &Account, case: &Case, now| may_carry_out(actor, case, now);
    assert_eq!(by(&played.opener.account, &open, LATER), Err(Refusal::CaseUnapproved));
    assert_eq!(by(&played.approver.account, &case, LATER), Err(Refusal::NotAllowed));
    assert_eq!(by(&played.opener.account, &case, LATER.plus(CASE_VALIDITY - 1)), Ok(()));
    assert_eq!(by(&played.opener.account, &case, LATER.plus(CASE_VALIDITY)), Err(Refusal::CaseExpired));
}

#[test]
fn a_withdrawn_case_is_over() {
    let played = played();
    let case = approved_case(&played, CaseAct::Both);
    let stranger = person(9, Some(Role::Member));
    assert_eq!(withdraw(&stranger, case.clone(), &played.target, LATER).verdict, Err(Refusal::NotAllowed));
    assert_eq!(withdraw(&played.target, case.clone(), &played.target, LATER).verdict, Err(Refusal::OnSelf));
    assert_eq!(withdraw(&played.approver.account, case.clone(), &played.target, LATER).verdict, Ok(()));
    let withdrawn = withdraw(&played.opener.account, case, &played.target, LATER);
    assert_eq!(withdrawn.verdict, Ok(()));
    let case = written_case(&withdrawn);
    assert!(!case.is_waiting(LATER));
    assert_eq!(withdraw(&played.opener.account, case.clone(), &played.target, LATER).verdict, Err(Refusal::CaseOver));
    let late = carried_out_by(&played.opener, Some(&played.approver.account), &played.target, &case, LATER);
    assert_eq!(late.verdict, Err(Refusal::CaseOver));
}

#[test]
fn where_nobody_else_may_approve_the_kit_is_the_second_person() {
    let played = played();
    let workspace = workspace(policy());
    let (opener, approver, target) = (&played.opener.account, &played.approver.account, &played.target);
    let case = open_case(&played, CaseAct::SecondFactor);
    let among = |staff: &[Account]| second_person(&workspace, staff, &case, target, LATER);
    assert_eq!(among(&[opener.clone(), approver.clone(), target.clone()]), SecondPerson::Eligible(vec![approver.id]));
    assert_eq!(among(&[opener.clone(), target.clone(), person(5, Some(Role::Support))]), SecondPerson::OnlyTheKit);
    let fresh = Account { owner_since: Some(LATER.plus(-HOUR)), ..approver.clone() };
    assert_eq!(among(&[opener.clone(), fresh]), SecondPerson::NobodyYet(LATER.plus(71 * HOUR)));
    let gone = Account { deactivated_at: Some(NOW), ..approver.clone() };
    assert_eq!(among(&[opener.clone(), gone]), SecondPerson::OnlyTheKit);
    // Locked out themselves, they could not approve: they stand in nobody's way.
    let mut reset = approver.clone();
    close_until_recovered(&mut reset, hashed(1), 3600, LATER);
    for second_factor in [SecondFactor::None, reset.second_factor] {
        let unable = Account { second_factor, ..approver.clone() };
        assert_eq!(among(&[opener.clone(), unable]), SecondPerson::OnlyTheKit);
    }
}

#[test]
fn support_staff_are_no_second_person_for_what_support_staff_cannot_do() {
    let support = enrolled_person(5, Some(Role::Support)).account;
    let target = Account { deactivated_at: Some(NOW), ..enrolled_person(3, Some(Role::Member)).account };
    let case = |act| Case {
        id: case_id(),
        target: target.id,
        act,
        brings: Brings::Nothing,
        opener: person(1, None).id,
        opened_at: LATER,
        note: note(),
        state: CaseState::Open,
    };
    let among = |act| second_person(&workspace(policy()), std::slice::from_ref(&support), &case(act), &target, LATER);
    assert_eq!(among(CaseAct::Both), SecondPerson::Eligible(vec![support.id]));
    assert_eq!(among(CaseAct::Reactivation), SecondPerson::OnlyTheKit);
    assert_eq!(may_open(&support, &target, CaseAct::Reactivation, &[], LATER), Err(Refusal::NotAllowed));
    let workspace = workspace(policy());
    let people = People { workspace: &workspace, opener: None, target: &target };
    assert_eq!(may_approve(&support, &case(CaseAct::Reactivation), people, LATER), Err(Refusal::NotAllowed));
    // Support staff for long, and an administrator since an hour: what only the younger role reaches counts from that.
    let mut both = enrolled_person(5, Some(Role::Support)).account;
    let south = CommunityId(uuid::Uuid::from_u128(77));
    both.memberships.push(Membership { community: south, role: Role::Administrator, since: LATER.plus(-HOUR) });
    let mut shared = target.clone();
    shared.memberships.push(Membership { community: south, role: Role::Member, since: NOW });
    let people = People { target: &shared, ..people };
    let young = Err(Refusal::RoleTooYoung(LATER.plus(71 * HOUR)));
    assert_eq!(may_approve(&both, &case(CaseAct::Reactivation), people, LATER), young);
    assert_eq!(may_approve(&both, &case(CaseAct::Both), people, LATER), Ok(()));
}

#[test]
fn two_people_open_an_account_again() {
    let played = played();
    let deactivated = Account { deactivated_at: Some(NOW), ..played.target.clone() };
    let elsewhere = Account { elsewhere: true, ..played.target.clone() };
    for (target, act, event) in
        [(&deactivated, CaseAct::Reactivation, EventKind::Reactivated), (&elsewhere, CaseAct::SignsInHere, EventKind::UnmarkedElsewhere)]
    {
        let alone = suspension::may_open(&played.opener.account, target, act.reopens().expect("a way"), LATER);
        assert_eq!(alone, Err(Refusal::TakesTwo));
        let opened = opened_by(&played.opener, target, act, LATER);
        assert_eq!(opened.verdict, Ok(act), "{:?}", opened.verdict);
        let case = written_case(&opened);
        let approved = approved_by(&played.approver, &played.opener.account, target, &case, LATER);
        assert_eq!(approved.verdict, Ok(None), "there is no code");
        let case = written_case(&approved);
        let done = carried_out_by(&played.opener, Some(&played.approver.account), target, &case, LATER);
        assert_eq!(done.verdict, Ok(None));
        assert_eq!(kinds(&done), [EventKind::CaseCarriedOut, event]);
        let open = written(&done).expect("the target is written last");
        assert!(open.admits().is_ok() && matches!(open.second_factor, SecondFactor::Active(_)) && open.password_code.is_none());
        assert!(open.way_in_changed.lately(Effect::Reactivation, LATER), "what one person may do next is counted from here");
        // Opened meanwhile in another way: nothing is left to do.
        let void = carried_out_by(&played.opener, Some(&played.approver.account), &played.target, &case, LATER);
        assert_eq!(void.verdict, Err(Refusal::CaseVoid));
        assert_eq!(may_open(&played.opener.account, &open, act, &[], LATER), Err(Refusal::AccountOpen));
    }
    // What gives codes is not for a closed account, nor the other way round.
    let may = |target: &Account, act| may_open(&played.opener.account, target, act, &[], LATER);
    assert_eq!(may(&deactivated, CaseAct::SecondFactor), Err(Refusal::AccountDeactivated));
    assert_eq!(may(&deactivated, CaseAct::SignsInHere), Err(Refusal::AccountDeactivated));
    assert_eq!(may(&elsewhere, CaseAct::Reactivation), Err(Refusal::AccountOpen));
    // Somebody who never signed in can be let in again, too.
    assert_eq!(may(&Account { password: None, ..deactivated.clone() }, CaseAct::Reactivation), Ok(()));
}

#[test]
fn the_words_at_rest_are_frozen() {
    use CaseAct::{Both, Email, Password, Reactivation, SecondFactor, SignsInHere, Token};
    let words = [SecondFactor, Password, Both, Reactivation, SignsInHere, Email, Token];
    let text = serde_json::to_string(&words).expect("text");
    assert_eq!(text, r#"["second-factor","password","both","reactivation","signs-in-here","email","token"]"#);
    assert!(words.iter().all(|act| text.contains(&format!("\"{}\"", act.as_str()))));
}
