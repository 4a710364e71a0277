use super::*;
use crate::{
    case::{Brings, CaseAct, CaseState},
    gate::Role,
    id::{BatchId, CaseId, TokenId},
    kit::record::KitUse,
    oath::{Algorithm, Digits, Moving, Parameters},
    session::Stage,
    testing::*,
    time::HOUR,
    token::{Origin, TokenState},
};

struct Scene {
    owner: Account,
    target: Account,
    owners: Vec<Account>,
    tokens: Vec<Token>,
    traces: Traces,
    workspace: Workspace,
    typed: &'static str,
    matched: bool,
}

impl Scene {
    fn with(target: Account) -> Self {
        let owner = person(1, None);
        let owners = vec![owner.clone()];
        let traces = Traces { entries: Places::read("2-3,9"), ..Traces::default() };
        Self { owner, target, owners, tokens: Vec::new(), traces, workspace: workspace(Policy::default()), typed: "Ada", matched: true }
    }

    fn play(&self) -> Decision<u64> {
        let erasing = Erasing {
            workspace: self.workspace.clone(),
            target: self.target.clone(),
            owners: &self.owners,
            tokens: self.tokens.clone(),
            traces: &self.traces,
            typed: self.typed,
        };
        let session = session(&self.owner, Stage::Full);
        erase(&Policy::default(), self.owner.clone(), session, erasing, &proof(self.matched, None), NOW)
    }
}

fn erased(decision: &Decision<u64>) -> Option<&Erase> {
    decision.changes.iter().find_map(|change| if let Change::Erase(erase) = change { Some(&**erase) } else { None })
}

fn waiting(target: &Account, opener: &Account, state: CaseState) -> Case {
    Case {
        id: CaseId::random(&mut Counting(3)),
        target: target.id,
        act: CaseAct::Both,
        brings: Brings::Nothing,
        opener: opener.id,
        opened_at: NOW,
        note: note(),
        state,
    }
}

fn token(state: TokenState, origin: Origin) -> Token {
    Token {
        id: TokenId::random(&mut Counting(40)),
        origin,
        community: None,
        serial: None,
        label: None,
        maker: None,
        parameters: Parameters { moving: Moving::Time(30), digits: Digits::Six, algorithm: Algorithm::Sha1 },
        sealed: None,
        fingerprint: [4; 32],
        batch: BatchId::random(&mut Counting(41)),
        imported_at: NOW,
        imported_by: person(9, None).id,
        state,
        since: NOW,
        last_holder: None,
        used: true,
        clock: crate::factor::Clock::default(),
        counter: crate::factor::Counter::at(5),
    }
}

#[test]
fn the_account_goes_last_and_the_journal_declares_it_without_naming_anybody() {
    let scene = Scene::with(person(2, Some(Role::Member)));
    let decision = scene.play();
    assert_eq!(decision.verdict, Ok(3));
    assert_eq!(erased(&decision), Some(&Erase { account: scene.target.id, entries: Places::read("2-3,9") }));
    assert!(!decision.changes.iter().any(|change| matches!(change, Change::Account(account) if account.id == scene.target.id)));
    let [event] = &decision.events[..] else { panic!("one entry") };
    assert_eq!((event.kind, event.actor, event.subject), (EventKind::PersonErased, Some(scene.owner.id), None));
    assert_eq!((&*event.words["entries"], &*event.words["count"], event.words.len()), ("2-3,9", "3", 2));
    assert_eq!(event.communities, [COMMUNITY], "those who administered them learn that it happened");
    let said = format!("{event:?}");
    assert!(!said.contains(&scene.target.id.to_string()) && !said.contains("p2@"), "{said}");
    assert!(decision.notices.is_empty(), "nobody is left to be told");
}

#[test]
fn nobody_but_an_owner_erases_and_nobody_themselves() {
    for role in [Role::Administrator, Role::Support, Role::Member] {
        let actor = person(5, Some(role));
        let scene = Scene { owner: actor, ..Scene::with(person(2, Some(Role::Member))) };
        let decision = scene.play();
        assert_eq!(decision.verdict, Err(Refusal::NotAllowed), "{role:?}");
        assert!(decision.changes.is_empty() && decision.events.is_empty());
    }
    let owner = person(1, None);
    assert_eq!(Scene { owners: vec![owner.clone(), person(3, None)], ..Scene::with(owner) }.play().verdict, Err(Refusal::OnSelf));
}

#[test]
fn the_last_owner_who_could_sign_in_is_not_erased() {
    let other = person(2, None);
    let mut scene = Scene::with(other.clone());
    scene.owners = vec![Account { deactivated_at: Some(NOW), ..scene.owner.clone() }, other.clone()];
    assert_eq!(scene.play().verdict, Err(Refusal::LastOwner));
    scene.owners = vec![scene.owner.clone(), other];
    let decision = scene.play();
    assert!(decision.verdict.is_ok());
    assert!(decision.changes.iter().any(|change| matches!(change, Change::Workspace(_))), "of two at once one decides again");
}

#[test]
fn the_name_is_typed_the_password_is_asked_and_a_second_factor() {
    let mut scene = Scene::with(person(2, Some(Role::Member)));
    for typed in ["", "Ad", "ada", "Ada Lovelace"] {
        scene.typed = typed;
        assert_eq!(scene.play().verdict, Err(Refusal::ErasureNameDiffers), "{typed}");
    }
    scene.typed = "  Ada ";
    assert!(scene.play().verdict.is_ok(), "white space around a name is none of it");
    scene.matched = false;
    let wrong = scene.play();
    assert_eq!(wrong.verdict, Err(Refusal::WrongPassword));
    assert!(erased(&wrong).is_none());
    let enrolled = Scene { owner: enrolled(person(1, None)).account, matched: true, ..scene };
    assert_eq!(enrolled.play().verdict, Err(Refusal::FactorNeeded));
}

#[test]
fn a_case_that_somebody_waits_for_stands_in_the_way_and_one_that_is_over_does_not() {
    let (target, other) = (person(2, Some(Role::Administrator)), person(3, Some(Role::Member)));
    let approved = CaseState::Approved { by: Some(target.id), at: NOW, password: None };
    let cases =
        [waiting(&target, &other, CaseState::Open), waiting(&other, &target, CaseState::Open), waiting(&other, &person(4, None), approved)];
    for case in cases {
        let mut scene = Scene::with(target.clone());
        scene.traces.undecided = vec![case.clone()];
        assert_eq!(scene.play().verdict, Err(Refusal::ErasureCaseWaits));
        scene.traces.undecided = vec![Case { opened_at: NOW.plus(-24 * HOUR), ..case }];
        assert!(scene.play().verdict.is_ok(), "its day has passed");
    }
}

/// Otherwise the erasures of an owner who was erased would look like entries emptied unseen.
#[test]
fn what_the_person_had_declared_erased_is_declared_anew() {
    let mut scene = Scene::with(person(2, None));
    scene.owners.push(scene.target.clone());
    scene.traces.declared = Places::read("0-1,4");
    let decision = scene.play();
    assert_eq!(decision.verdict, Ok(3), "as many as go now");
    assert_eq!(decision.events[0].words["entries"], "0-4,9");
    assert_eq!(erased(&decision).expect("erased").entries, Places::read("2-3,9"), "nothing is emptied twice");
}

#[test]
fn who_is_in_thousands_of_entries_is_declared_by_several() {
    let mut scene = Scene::with(person(2, Some(Role::Member)));
    scene.traces.entries = Places::of((0..9_000).map(|index| index * 2).collect());
    let decision = scene.play();
    assert_eq!(decision.events.len(), 5);
    let all = decision.events.iter().fold(Places::default(), |all, event| all.and(&Places::read(&event.words["entries"])));
    assert_eq!(all, scene.traces.entries);
    assert!(decision.events.iter().all(|event| event.words["entries"].len() < 20_000));
}

#[test]
fn tokens_of_the_stock_go_back_to_it_and_seeds_that_were_brought_go() {
    let target = person(2, Some(Role::Member));
    let mut scene = Scene::with(target.clone());
    scene.tokens = vec![token(TokenState::Assigned { to: target.id, wrong: 0 }, Origin::Hardware)];
    let free = |decision: &Decision<u64>| {
        decision.changes.iter().any(|change| matches!(change, Change::Token(token) if token.state == TokenState::Free))
    };
    assert!(free(&scene.play()));
    scene.tokens = vec![token(TokenState::Assigned { to: target.id, wrong: 0 }, Origin::Brought)];
    assert!(scene.play().changes.iter().any(|change| matches!(change, Change::RemoveToken(_))));
}

#[test]
fn the_last_use_of_the_kit_names_them_no_more() {
    let mut scene = Scene::with(person(2, Some(Role::Member)));
    scene.workspace.kits.last_use = Some(KitUse { at: NOW, owner: Some(person(1, None).id), case_of: Some(scene.target.id) });
    let decision = scene.play();
    let written = decision.changes.iter().find_map(|change| if let Change::Workspace(workspace) = change { Some(workspace) } else { None });
    let last = written.and_then(|workspace| workspace.kits.last_use.clone()).expect("a use");
    assert_eq!((last.owner, last.case_of), (Some(person(1, None).id), Some(ERASED)), "that there was one stays");
}
