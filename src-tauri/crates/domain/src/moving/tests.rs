use super::*;
use crate::{
    client::{Client, Realms},
    gate::Role,
    id::ClientId,
    secret_hash::Opaque,
    session::Stage,
    testing::*,
    words::Name,
};

const ROOT: Extent = Extent { size: 7, root: [9; 32] };

fn letting_go(workspace: Workspace, account: &Account, factor_at: Option<Moment>, proof: &Proof, to: &str) -> Decision<()> {
    let session = Session { factor_at, ..session(account, Stage::Full) };
    begin(&Policy::default(), workspace, account.clone(), session, proof, to, NOW)
}

fn left(decision: &Decision<()>) -> Workspace {
    let found = decision.changes.iter().find_map(|change| if let Change::Workspace(workspace) = change { Some(workspace) } else { None });
    (**found.expect("the workspace is written")).clone()
}

fn moving() -> (Account, Workspace) {
    let owner = enrolled(person(1, None)).account;
    let workspace = left(&letting_go(workspace(Policy::default()), &owner, Some(NOW), &proof(true, None), "harbour"));
    (owner, workspace)
}

fn calling_off(workspace: Workspace, account: &Account, certain: bool) -> Decision<()> {
    let session = Session { factor_at: Some(NOW), ..session(account, Stage::Full) };
    call_off(&Policy::default(), workspace, account.clone(), session, &proof(true, None), certain, NOW)
}

#[test]
fn only_an_owner_with_password_and_a_fresh_factor_lets_a_workspace_go() {
    let owner = enrolled(person(1, None)).account;
    let tried = |account: &Account, factor_at, right| {
        letting_go(workspace(Policy::default()), account, factor_at, &proof(right, None), "harbour").verdict
    };
    assert_eq!(tried(&owner, Some(NOW), true), Ok(()));
    assert_eq!(tried(&owner, Some(NOW), false), Err(Refusal::WrongPassword));
    assert_eq!(tried(&owner, None, true), Err(Refusal::FactorNeeded));
    for role in [Role::Administrator, Role::Support, Role::Member] {
        let other = enrolled(person(2, Some(role))).account;
        assert_eq!(tried(&other, Some(NOW), true), Err(Refusal::NotAllowed));
        assert_eq!(calling_off(moving().1, &other, true).verdict, Err(Refusal::NotAllowed));
    }
}

#[test]
fn a_move_goes_on_to_the_same_place_and_to_no_other() {
    let (owner, workspace) = moving();
    assert_eq!(is_here(&workspace), Err(Refusal::WorkspaceMoving));
    let again = letting_go(workspace.clone(), &owner, Some(NOW), &proof(true, None), "harbour");
    assert_eq!((again.verdict, again.events.len()), (Ok(()), 0), "it is told of once");
    let other = letting_go(workspace.clone(), &owner, Some(NOW), &proof(true, None), "elsewhere");
    assert_eq!(other.verdict, Err(Refusal::WorkspaceMoving));
    let settled = left(&settle_journal(workspace, ROOT));
    let longer = Extent { size: 8, ..ROOT };
    assert!(settle_journal(settled.clone(), longer).changes.is_empty(), "what goes along is settled once");
    assert_eq!(settled.away.and_then(|away| away.journal), Some(ROOT));
}

#[test]
fn what_may_have_arrived_is_called_off_by_somebody_who_is_certain_and_what_has_by_nobody() {
    let (owner, workspace) = moving();
    let off = calling_off(workspace.clone(), &owner, false);
    assert_eq!(off.verdict, Ok(()));
    assert!(is_here(&left(&off)).is_ok());
    assert_eq!(off.events[0].kind, EventKind::WorkspaceMoveCalledOff);
    let told = left(&tell(workspace));
    assert_eq!(calling_off(told.clone(), &owner, false).verdict, Err(Refusal::MoveMayHaveArrived));
    assert_eq!(calling_off(told.clone(), &owner, true).verdict, Ok(()));
    let moved = left(&has_arrived(told, NOW));
    assert_eq!(is_here(&moved), Err(Refusal::WorkspaceMoved));
    assert_eq!(calling_off(moved, &owner, true).verdict, Err(Refusal::WorkspaceMoved));
}

#[test]
fn a_new_home_begins_an_epoch_without_kits_programs_and_the_mark() {
    let (_, mut workspace) = moving();
    workspace.clients.push(Client {
        id: ClientId(uuid::Uuid::from_u128(1)),
        name: Name::read("VPN").expect("a name"),
        key: Opaque([1; 32]),
        realms: Realms::Workspace,
        made_at: NOW,
        used_at: None,
    });
    let epoch = workspace.epoch;
    let decision = arrive(workspace, &ROOT);
    let here = left(&decision);
    assert!(is_here(&here).is_ok() && here.kits.held.is_none());
    assert!(here.clients.is_empty(), "a key that was another server's opens nothing here");
    assert_eq!(here.epoch, epoch + 1);
    let event = &decision.events[0];
    assert_eq!((event.kind, event.words["size"].as_str(), event.words["to"].as_str()), (EventKind::WorkspaceMovedHere, "7", "harbour"));
}

#[test]
fn reading_goes_on_and_changing_does_not() {
    let (owner, workspace) = moving();
    let event = |kind| vec![Event::own(kind, &owner)];
    let accounts = vec![Change::Account(Box::new(owner.clone()))];
    assert!(is_reading(&accounts, &event(EventKind::SignedInWithAuthenticator)));
    assert!(!is_reading(&accounts, &event(EventKind::SignedInWithBackupCode)), "it would still be good in the new home");
    assert!(!is_reading(&accounts, &event(EventKind::NameCorrected)));
    assert!(!is_reading(&[Change::Workspace(Box::new(workspace))], &[]));
}

#[test]
fn the_kinds_go_over_in_one_order() {
    let mut kinds = vec![Kind::Communities];
    while let Some(next) = kinds.last().and_then(|last| last.next()) {
        kinds.push(next);
    }
    assert_eq!(kinds, Kind::ALL);
}
