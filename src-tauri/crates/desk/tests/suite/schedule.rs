//! Random schedules: three desktops of different people, one server, and everything that can happen between two pages. At the end
//! every replica says what the server says to its person. `SALLYPORT_SCHEDULES=10000` runs more of them, `SALLYPORT_SEED=7` one, both together so many from there.

use std::{
    collections::BTreeSet,
    sync::{Mutex, PoisonError},
};

use authority::{Authority, Store, store::PeopleQuery};
use desk::sync::{Feed, Pages, Step, SyncError};
use domain::{
    Change,
    case::CaseState,
    gate::{self, Act, Role},
    id::{AccountId, CommunityId},
    policy::Tightening,
    readiness::Hour,
    words::Name,
    workspace::Community,
};
use serde_json::{Value, json};
use wire::{
    Refusal, RefusalCode, Request, Response, Workspace as _,
    communities::ListCommunities,
    journal::{ReadJournal, ReadMyActivity, SearchJournal},
    people::{ListPeople, ReadReadiness},
    person::ReadPerson,
    policies::ReadPolicies,
    support::{ReadChecklist, ReadDesk},
};

use crate::{
    posting::Post,
    world::{Clock, Desktop, Dice, Line, NOW, Vaults, World},
};

/// What happens in a schedule: at the server or at a desktop.
const TURNS: usize = 32;

/// What goes wrong with one question.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fault {
    None,
    /// The question does not arrive.
    Cut,
    /// The answer does not arrive; it may come instead of a later one.
    Lost,
    /// An answer to an earlier question comes in place of this one's.
    Late,
    /// The answer comes, and once more later.
    Twice,
}

/// A line that loses answers, repeats them and brings them late.
struct Faulty<'a, S> {
    line: Line<'a, S>,
    late: &'a Mutex<Vec<Response>>,
    fault: Fault,
}

impl<S: Store> Faulty<'_, S> {
    fn keep(&self, response: Response) {
        self.late.lock().unwrap_or_else(PoisonError::into_inner).push(response);
    }
}

impl<S: Store> Feed for Faulty<'_, S> {
    async fn ask(&self, request: Request) -> Result<Response, Refusal> {
        match self.fault {
            Fault::None => self.line.ask(request).await,
            Fault::Cut => Err(RefusalCode::Offline.into()),
            Fault::Lost => {
                let response = self.line.ask(request).await?;
                self.keep(response);
                Err(RefusalCode::AnswerLost.into())
            }
            Fault::Late => {
                let earlier = self.late.lock().unwrap_or_else(PoisonError::into_inner).pop();
                match earlier {
                    Some(response) => Ok(response),
                    None => self.line.ask(request).await,
                }
            }
            Fault::Twice => {
                let (name, response) = (request.name(), self.line.ask(request).await?);
                let text = serde_json::to_string(&response).expect("written");
                self.keep(name.read_reply(&mut serde_json::Deserializer::from_str(&text)).expect("read"));
                Ok(response)
            }
        }
    }
}

/// Runs one schedule. Whatever it finds wrong it panics with.
pub(crate) async fn schedule<S: Store + Clone>(seed: u64, store: S, vaults: &Vaults, root: &std::path::Path) {
    let dice = &mut Dice(seed);
    let clock = Clock::at(NOW);
    let world = World::founded(store, clock.clone()).await;
    let staff = settled(&world, dice).await;
    let mut desktops = Vec::new();
    let mut late = Vec::new();
    for (number, person) in staff.iter().enumerate() {
        let paired = world.pair(dice, *person).await;
        let pages =
            Pages { people: 1 + u32::try_from(dice.below(6)).expect("few"), leaves: 1 + u32::try_from(dice.below(9)).expect("few") };
        desktops.push(Some(Desktop::begin(vaults, root.join(format!("{seed}-{number}")), &world, paired, pages).await));
        late.push(Mutex::new(Vec::new()));
    }
    let post = Post::default();
    let mut now = NOW;
    for _ in 0..TURNS {
        now += i64::try_from(dice.below(6)).expect("seconds");
        clock.set(now);
        if dice.below(2) == 0 {
            world.act(dice, &staff).await;
            post.arrive(dice, &world).await;
            continue;
        }
        let which = dice.below(desktops.len());
        let desktop = desktops[which].take().expect("there");
        // A desktop's clock is what it is.
        desktop.clock.set(now + i64::try_from(dice.below(200_000)).expect("seconds") - 100_000);
        let desktop = if dice.below(12) == 0 {
            late[which].lock().expect("one task").clear();
            desktop.restart(vaults).await
        } else {
            desktop
        };
        for _ in 0..dice.below(5) {
            let fault = [Fault::None, Fault::None, Fault::None, Fault::Cut, Fault::Lost, Fault::Late, Fault::Twice][dice.below(7)];
            let line = Line { authority: world.through(&desktop.paired), token: &desktop.paired.token };
            match desktop.sync.step(&Faulty { line, late: &late[which], fault }).await {
                Ok(_) => {}
                Err(SyncError::Refused(_)) if fault != Fault::None => {}
                Err(error) => panic!("desktop {which}: {error:?}"),
            }
        }
        if dice.below(2) == 0 {
            let people: Vec<AccountId> = world.people().await.iter().map(|one| one.id).collect();
            post.keep(dice, which, &desktop, &people).await;
        }
        let died = dice.below(2) == 0 && post.send(dice, &world, &desktop).await;
        desktops[which] = Some(if died { desktop.restart(vaults).await } else { desktop });
    }
    if let [Some(one), Some(two), Some(three)] = &desktops[..] {
        post.settle(&world, [one, two, three], dice).await;
    }
    for (which, desktop) in desktops.into_iter().enumerate() {
        let desktop = desktop.expect("there");
        desktop.clock.set(now);
        current(&world, &desktop).await;
        same(&world, &desktop, true, &format!("desktop {which}")).await;
        nothing_else(&world, &desktop, &format!("desktop {which}")).await;
        // And so it stands on the disk.
        let desktop = desktop.restart(vaults).await;
        same(&world, &desktop, false, &format!("desktop {which}, started again")).await;
        desktop.close().await;
    }
}

/// An owner, somebody of support in one community and an administrator of two, with a few people.
pub(crate) async fn settled<S: Store>(world: &World<S>, dice: &mut Dice) -> [AccountId; 3] {
    let owner = world.owners().await.pop().expect("an owner");
    let mut places: Vec<CommunityId> = world.communities().await.iter().map(|one| one.id).collect();
    let mut changes = Vec::new();
    for name in ["South", "West"] {
        let id = CommunityId::random(dice);
        places.push(id);
        changes.push(Change::Community(Community { id, name: Name::read(name).expect("a name"), tightening: Tightening::default() }));
    }
    let support = world.somebody(dice, "Sam Support", Some((places[0], Role::Support)));
    let mut administrator = world.somebody(dice, "Alma Administrator", Some((places[1], Role::Administrator)));
    administrator.memberships.push(domain::gate::Membership { community: places[2], ..administrator.memberships[0] });
    administrator.memberships[1].role = Role::Administrator;
    let staff = [owner.id, support.id, administrator.id];
    let mut people = vec![support, administrator];
    for number in 0..6 {
        let role = [Role::Member, Role::Member, Role::Support][dice.below(3)];
        let place = *dice.one(&places).expect("a community");
        people.push(world.somebody(dice, &format!("Person {number}"), Some((place, role))));
    }
    let events: Vec<_> = people
        .iter()
        .map(|one| domain::Event::on(domain::EventKind::PersonInvited, owner.id, one).word("name", one.name.as_str()))
        .collect();
    changes.extend(people.into_iter().map(|one| Change::Account(Box::new(one))));
    assert!(world.write(changes, &events).await, "settled");
    staff
}

pub(crate) async fn current<S: Store>(world: &World<S>, desktop: &Desktop) {
    for _ in 0..10_000 {
        let line = Line { authority: world.through(&desktop.paired), token: &desktop.paired.token };
        if let Step::Current { .. } = desktop.sync.step(&line).await.expect("a page") {
            return;
        }
    }
    panic!("it never ends");
}

/// The server's answer to a person. One that is refused is asked of nobody who would write that down: it would change what is compared.
async fn told<S: Store>(
    world: &World<S>,
    quiet: &Authority<S>,
    desktop: &Desktop,
    question: &(dyn Fn() -> Request + Send + Sync),
) -> Value {
    let refused = as_value(quiet.call(None, question()).await.map(|outcome| outcome.response));
    if refused.get("refused").is_some() {
        return refused;
    }
    let authority = world.through(&desktop.paired);
    as_value(authority.call(Some(&desktop.paired.token), question()).await.map(|outcome| outcome.response))
}

fn as_value(answer: Result<Response, Refusal>) -> Value {
    match answer {
        Ok(response) => serde_json::to_value(response).expect("written"),
        Err(refusal) => json!({ "refused": refusal.code }),
    }
}

/// What is asked on both sides.
fn questions(people: &BTreeSet<AccountId>, own: AccountId) -> Vec<Box<dyn Fn() -> Request + Send + Sync>> {
    let search = || SearchJournal { limit: Some(100), ..SearchJournal::default() };
    let mut all: Vec<Box<dyn Fn() -> Request + Send + Sync>> = vec![
        Box::new(|| ListPeople { limit: Some(200), ..ListPeople::default() }.into()),
        Box::new(|| ListPeople { limit: Some(200), search: "ad".into(), ..ListPeople::default() }.into()),
        Box::new(|| ReadReadiness::default().into()),
        Box::new(move || search().into()),
        Box::new(move || SearchJournal { kinds: vec!["role.given".into(), "role.taken".into()], ..search() }.into()),
        Box::new(move || SearchJournal { until: Some(NOW + 400), ..search() }.into()),
        Box::new(|| ReadJournal { person: None, before: None }.into()),
        Box::new(|| ListCommunities {}.into()),
        Box::new(|| ReadPolicies {}.into()),
        Box::new(|| ReadChecklist {}.into()),
        Box::new(|| ReadDesk {}.into()),
        Box::new(|| ReadMyActivity { before: None }.into()),
    ];
    for id in people.iter().copied().chain([own]) {
        all.push(Box::new(move || ReadPerson { account: id.0 }.into()));
        all.push(Box::new(move || SearchJournal { person: Some(id.0), ..search() }.into()));
    }
    all
}

/// Whatever is asked of the replica is answered as the server answers it; also of each person there is, if that is asked.
pub(crate) async fn same<S: Store + Clone>(world: &World<S>, desktop: &Desktop, each: bool, what: &str) {
    let quiet = Authority::over_replica(world.authority.store().clone(), world.clock.clone(), desktop.paired.person);
    let everybody: BTreeSet<AccountId> = if each { world.people().await.iter().map(|one| one.id).collect() } else { BTreeSet::new() };
    for question in questions(&everybody, desktop.paired.person) {
        let mut there = told(world, &quiet, desktop, &*question).await;
        let mut here = as_value(desktop.replica.call(question()).await.map(|outcome| outcome.response));
        for answer in [&mut there, &mut here] {
            // The outbox is the server's alone.
            if let Some(desk) = answer.as_object_mut() {
                desk.remove("letters");
            }
        }
        assert_eq!(here, there, "{what}: {:?}", question());
    }
}

/// Nobody is in the replica whom its person does not see, but those who work with them; and no entry that they may not read.
async fn nothing_else<S: Store>(world: &World<S>, desktop: &Desktop, what: &str) {
    let reader = world.account(desktop.paired.person).await.expect("its person");
    let standing = reader.standing();
    let everybody = world.people().await;
    let mut allowed: BTreeSet<AccountId> = BTreeSet::new();
    for account in &everybody {
        let seen = gate::may(&standing, Act::See(account.standing())).is_ok();
        if seen || (account.owner && standing.is_staff()) {
            allowed.insert(account.id);
        }
        for case in world.authority.store().cases_about(account.id).await.expect("reads") {
            if standing.is_staff() && (seen || case.record.opener == reader.id) {
                allowed.extend([account.id, case.record.opener]);
                if let CaseState::Approved { by: Some(by), .. } = case.record.state {
                    allowed.insert(by);
                }
                // Whoever could be its second person.
                let beside = |one: &&domain::account::Account| {
                    one.memberships.iter().any(|held| held.role > Role::Member && account.standing().role_in(held.community).is_some())
                };
                allowed.extend(everybody.iter().filter(beside).map(|one| one.id));
            }
        }
    }
    let query = PeopleQuery::everybody(Hour::plain(world.now()), 100_000);
    let held = desktop.vault().people(&query).await.expect("reads").rows;
    let beyond: Vec<_> = held.iter().filter(|one| !allowed.contains(&one.id)).map(|one| one.name.as_str()).collect();
    assert!(beyond.is_empty(), "{what} still holds {beyond:?}");
    let reach = standing.reach(Role::Support);
    let query = authority::store::JournalQuery { person: None, communities: None, before: None, limit: 100_000 };
    for line in desktop.vault().journal(&query).await.expect("reads") {
        let entry = &line.entry;
        let within = reach.as_ref().is_none_or(|reach| entry.communities().iter().any(|(id, _)| reach.contains(&CommunityId(*id))));
        let own = [entry.actor(), entry.subject()].contains(&Some(reader.id.0));
        // An entry of one's own that was emptied since names nobody any more.
        assert!(within || own || entry.actor().is_none(), "{what} holds entry {} of {}", entry.index(), entry.kind());
    }
}

pub(crate) fn seeds(usual: u64) -> Vec<u64> {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse().ok());
    let (first, count) = (number("SALLYPORT_SEED"), number("SALLYPORT_SCHEDULES"));
    let count = count.unwrap_or(if first.is_some() { 1 } else { usual });
    (first.unwrap_or(0)..).take(usize::try_from(count).expect("so many fit")).collect()
}
