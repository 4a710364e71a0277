use super::*;
use crate::{code::Kind, gate::Role, secret_hash::Recipe, sign_in::with_password, testing::*, time::MINUTE};

fn kit(number: u64) -> Code {
    Code::random(Kind::Kit, &mut Counting(number))
}

fn held(number: u64) -> HeldKit {
    HeldKit::drawn(Uuid::from_u128(number.into()), OwnerVerifier::of(&kit(number)).expect("a kit"), NOW)
}

/// A workspace whose kit number 1 was kept.
fn workspace() -> Workspace {
    let kits = Kits { held: Some(HeldKit { kept_at: Some(NOW), ..held(1) }), ..Kits::default() };
    Workspace { kits, ..crate::testing::workspace(crate::policy::Policy::default()) }
}

fn written_kits<T>(decision: &Decision<T>) -> Option<Kits> {
    decision.changes.iter().rev().find_map(|change| match change {
        Change::Workspace(workspace) => Some(workspace.kits.clone()),
        _ => None,
    })
}

fn try_kit(code: &Code, failures: Failures) -> KitTry {
    let hash = |text: &str, seed| Recipe::random(CHEAP, &mut Counting(seed)).hash(&text.into());
    KitTry {
        code: code.clone(),
        key: [7; 32],
        failures,
        password: Password { hash: hash("a new password", 3), stands_alone: true },
        closed: hash("nobody has it", 4),
        session: session_id(8),
    }
}

fn concerned() -> Concerned {
    Concerned { people: vec![person(1, None).id, person(2, Some(Role::Administrator)).id], communities: vec![COMMUNITY] }
}

fn recover(workspace: Workspace, account: Option<Account>, code: &Code) -> Decision<Next> {
    recover_owner(workspace, account, try_kit(code, Failures::default()), &concerned(), NOW)
}

fn kinds<T>(decision: &Decision<T>) -> Vec<EventKind> {
    decision.events.iter().map(|event| event.kind).collect()
}

#[test]
fn an_owner_with_the_kit_enrols_again_and_nothing_of_before_is_left() {
    let owner = enrolled(person(1, None)).account;
    let decision = recover(workspace(), Some(owner.clone()), &kit(1));
    assert_eq!(decision.verdict, Ok(Next::Enrol));
    let after = written(&decision).expect("the owner");
    assert!(matches!(after.second_factor, SecondFactor::Reset(_)) && after.pending.is_none() && after.invitation.is_none());
    assert!(ends_sessions_of(&decision, owner.id));
    assert_eq!(written_session(&decision).expect("a session").stage, Stage::Enrol { by_recovery: true });
    assert_eq!(kinds(&decision), [EventKind::OwnerRecovered]);
    assert_eq!(decision.events[0].communities, [COMMUNITY], "administrators read of it too");
    let told: Vec<_> = decision.notices.iter().map(|notice| (notice.to, notice.kind)).collect();
    assert_eq!(told, concerned().people.into_iter().map(|to| (to, NoticeKind::KitUsed)).collect::<Vec<_>>());
    let kits = written_kits(&decision).expect("the record");
    assert_eq!((kits.trouble(), kits.uses), (Some(Trouble::Used), 1));
    assert_eq!(kits.untold(&after).and_then(|last| last.owner), Some(owner.id));
}

#[test]
fn killed_before_the_new_authenticator_the_password_alone_opens_nothing() {
    let decision = recover(workspace(), Some(enrolled(person(1, None)).account), &kit(1));
    let owner = written(&decision).expect("the owner");
    let door = with_password(&workspace().policy, Some(owner), password_try(true), session_id(3), NOW);
    assert_eq!(door.verdict, Ok(Next::RecoveryCode));
    assert_eq!(written_session(&door).expect("a session").stage, Stage::SecondFactor);
}

#[test]
fn a_wrong_kit_an_old_kit_and_whoever_is_no_owner_hear_the_same_words() {
    let owner = enrolled(person(1, None)).account;
    let member = person(2, Some(Role::Member));
    let administrator = person(3, Some(Role::Administrator));
    let mut renewed = workspace();
    renewed.kits.held = Some(held(2));
    let tries = [
        ("another kit", workspace(), Some(owner.clone()), kit(5)),
        ("the kit from before", renewed, Some(owner.clone()), kit(1)),
        ("a recovery code", workspace(), Some(owner), recovery_code(1)),
        ("a member", workspace(), Some(member), kit(1)),
        ("an administrator", workspace(), Some(administrator), kit(1)),
        ("nobody", workspace(), None, kit(1)),
    ];
    for (who, workspace, account, code) in tries {
        let decision = recover(workspace, account, &code);
        assert_eq!(decision.verdict, Err(Refusal::WrongKit), "{who}");
        assert!(written(&decision).is_none() && written_session(&decision).is_none(), "{who}");
        assert!(matches!(&decision.changes[..], [Change::Throttle(_, failures)] if failures.in_a_row() == 1), "{who}");
    }
}

#[test]
fn a_kit_that_is_not_yet_in_force_proves_nobody() {
    let mut workspace = workspace();
    workspace.kits.next = Some(HeldKit { kept_at: Some(NOW), ..held(2) });
    let owner = person(1, None);
    assert_eq!(recover(workspace.clone(), Some(owner.clone()), &kit(2)).verdict, Err(Refusal::WrongKit));
    assert_eq!(recover(workspace, Some(owner.clone()), &kit(1)).verdict, Ok(Next::Enrol));
    let mut without = self::workspace();
    without.kits = Kits::default();
    assert_eq!(recover(without, Some(owner), &kit(1)).verdict, Err(Refusal::KitMissing));
}

#[test]
fn five_wrong_kits_wait_and_the_right_one_waits_with_them() {
    let owner = person(1, None);
    let mut failures = Failures::default();
    for number in 0..5 {
        let tried = try_kit(&kit(10 + number), failures.clone());
        let decision = recover_owner(workspace(), Some(owner.clone()), tried, &concerned(), NOW);
        let Some(Change::Throttle(_, counted)) = decision.changes.first() else { panic!("counted") };
        failures = counted.clone();
        assert_eq!(matches!(decision.verdict, Err(Refusal::Wait(_))), number == 4);
    }
    let right = recover_owner(workspace(), Some(owner.clone()), try_kit(&kit(1), failures.clone()), &concerned(), NOW);
    assert!(matches!(right.verdict, Err(Refusal::Wait(_))) && right.changes.is_empty());
    let later = NOW.plus(31 * MINUTE);
    assert_eq!(recover_owner(workspace(), Some(owner), try_kit(&kit(1), failures), &concerned(), later).verdict, Ok(Next::Enrol));
}

#[test]
fn only_an_owner_who_proves_it_has_a_new_kit_drawn() {
    let begin_by = |account: &Account, proof: &Proof| {
        let session = Session { factor_at: Some(NOW), ..session(account, Stage::Full) };
        begin(workspace(), account.clone(), session, proof, held(2), Some(EventKind::KeyringRemoved), NOW)
    };
    let owner = enrolled(person(1, None)).account;
    let begun = begin_by(&owner, &proof(true, None));
    assert_eq!((begun.verdict.clone(), kinds(&begun)), (Ok(()), vec![EventKind::KitBegun, EventKind::KeyringRemoved]));
    let kits = written_kits(&begun).expect("the record");
    assert!(kits.held.is_some_and(|held| held.slot == Uuid::from_u128(1)), "the one before holds");
    assert_eq!(begin_by(&owner, &proof(false, None)).verdict, Err(Refusal::WrongPassword));
    for role in [Role::Administrator, Role::Support, Role::Member] {
        assert_eq!(begin_by(&person(2, Some(role)), &proof(true, None)).verdict, Err(Refusal::NotAllowed));
    }
}

#[test]
fn the_founder_keeps_the_first_kit_before_enrolling_and_nobody_keeps_anothers() {
    let mut unkept = workspace();
    unkept.kits.held = Some(held(1));
    assert_eq!(unkept.kits.trouble(), Some(Trouble::NotKept));
    let owner = person(1, None);
    let keep = |account: &Account, stage, slot| {
        note_kept(unkept.clone(), account, &session(account, stage), Uuid::from_u128(slot), Saved::PdfFile, NOW)
    };
    let kept = keep(&owner, Stage::Enrol { by_recovery: false }, 1);
    assert_eq!(kinds(&kept), [EventKind::KitKept]);
    assert_eq!(written_kits(&kept).expect("the record").trouble(), None);
    assert_eq!(keep(&owner, Stage::Full, 4).verdict, Err(Refusal::KitMissing));
    for stage in [Stage::SecondFactor, Stage::Locked, Stage::Enrol { by_recovery: true }] {
        assert_eq!(keep(&owner, stage, 1).verdict, Err(Refusal::SessionStage));
    }
    assert_eq!(keep(&person(2, Some(Role::Administrator)), Stage::Full, 1).verdict, Err(Refusal::NotAllowed));
}

/// Killed at any step of a renewal, the record follows the header to the old kit or to the new one.
#[test]
fn the_record_follows_the_header() {
    let mut renewing = workspace();
    renewing.kits.next = Some(HeldKit { kept_at: Some(NOW), ..held(2) });
    let slot = |number: u128| Some(Uuid::from_u128(number));

    let before = settle(renewing.clone(), slot(1));
    assert!(before.changes.is_empty(), "the rotation did not come to count: the old kit holds");
    assert_eq!(renewing.kits.trouble(), Some(Trouble::Unfinished), "and the paper of the new one is told as worthless");

    let after = settle(renewing.clone(), slot(2));
    assert_eq!(kinds(&after), [EventKind::KitRenewed]);
    let kits = written_kits(&after).expect("the record");
    assert!(kits.held.as_ref().is_some_and(|held| held.slot == Uuid::from_u128(2)) && kits.next.is_none());
    assert_eq!(kits.trouble(), None);

    let restored = settle(workspace(), slot(3));
    let moved = written_kits(&restored).expect("the record").held.expect("the same kit");
    assert_eq!((moved.slot, moved.verifier), (Uuid::from_u128(3), held(1).verifier));
    assert!(restored.events.is_empty());

    let gone = settle(workspace(), None);
    assert_eq!((kinds(&gone), written_kits(&gone).expect("the record").trouble()), (vec![EventKind::KitGone], Some(Trouble::Missing)));
}

#[test]
fn a_use_is_told_to_those_who_administer_until_each_has_said_so() {
    let used = opened_vault(workspace(), &concerned(), NOW);
    assert_eq!((kinds(&used), used.notices.len()), (vec![EventKind::KitOpenedVault], 2));
    let kits = written_kits(&used).expect("the record");
    for (role, told) in [(None, true), (Some(Role::Administrator), true), (Some(Role::Support), false), (Some(Role::Member), false)] {
        assert_eq!(kits.untold(&person(1, role)).is_some(), told, "{role:?}");
    }
    let newcomer = Account { created_at: NOW.plus(1), ..person(3, None) };
    assert!(kits.untold(&newcomer).is_none(), "nobody is told of what was before them");

    let owner = person(1, None);
    let knows = written(&acknowledge(&kits, owner.clone(), &session(&owner, Stage::Full))).expect("the owner");
    assert!(kits.untold(&knows).is_none());
    let again = opened_vault(Workspace { kits, ..workspace() }, &concerned(), NOW.plus(60));
    assert!(written_kits(&again).expect("the record").untold(&knows).is_some(), "the next use is told again");
    assert_eq!(acknowledge(&Kits::default(), owner.clone(), &session(&owner, Stage::Locked)).verdict, Err(Refusal::SessionStage));
}
