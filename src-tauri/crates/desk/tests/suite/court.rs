//! What happens at the server between two pages: random acts, decided by the rules.

use authority::Store;
use domain::{
    Change, Event, EventKind,
    account::Account,
    address,
    case::{Brings, Case, CaseAct, CaseState},
    community,
    erasure::{self, Erasing},
    factor::SecondFactor,
    gate::{Membership, Role},
    id::{AccountId, CaseId, CommunityId},
    invitation::{self, NewPerson},
    policy::Policy,
    recovery,
    report::{Pointed, Report},
    request::HelpRequest,
    roles::{self, OwnerChange, RoleChange},
    support::SupportNote,
    suspension::{self, Closing},
    throttle::Failures,
    words::{Email, Language, Name},
    workspace::Workspace,
};

use crate::world::{Dice, World, cheap, proof};

/// Whom nobody takes out of the workspace: the desktops are theirs.
pub(crate) type Staff = [AccountId; 3];

const NAMES: [&str; 8] = ["Ada", "Bo", "Chidi", "Dörte", "Émile", "Fatou", "Göran", "Hana"];

pub(crate) fn note() -> SupportNote {
    serde_json::from_value(serde_json::json!({ "asked_by": "Ada", "checked": ["face"], "reason": "lost", "channel": "in-person" }))
        .expect("a note")
}

impl<S: Store> World<S> {
    /// One act of the owner, or of somebody at the door. Whether anything came of it.
    pub(crate) async fn act(&self, dice: &mut Dice, staff: &Staff) -> bool {
        let now = self.now();
        let owner = self.account(staff[0]).await.expect("the owner");
        let session = self.session(&owner);
        let (people, communities, policy) = (self.people().await, self.communities().await, Policy::default());
        let anybody = dice.one(&people).expect("somebody").clone();
        let others: Vec<Account> = people.iter().filter(|one| !staff.contains(&one.id)).cloned().collect();
        let somebody = dice.one(&others).cloned();
        let place = dice.one(&communities).expect("a community").clone();
        let name = Name::read(&format!("{} {}", NAMES[dice.below(NAMES.len())], dice.below(1000))).expect("a name");
        match dice.below(24) {
            0 | 1 => {
                let role = [Role::Member, Role::Member, Role::Support, Role::Administrator][dice.below(4)];
                let id = AccountId::random(dice);
                let membership = Some(Membership { community: place.id, role, since: now });
                let email = Email::read(&format!("p{}@example.org", id.0.simple())).expect("an address");
                let person = NewPerson { id, name, email, language: Language::En, membership };
                self.settle(invitation::invite(&owner, person, false, cheap(dice), now)).await
            }
            2..=6 => {
                // Anybody but the owner, the other desktops' people too.
                let Some(target) = Some(anybody).filter(|one| one.id != owner.id) else { return false };
                let role = [None, Some(Role::Member), Some(Role::Support), Some(Role::Administrator)][dice.below(4)];
                let change = RoleChange { target, community: &place, role };
                self.settle(roles::change_role(&policy, owner, session, change, &proof(), now)).await
            }
            7 => {
                let Some(target) = somebody else { return false };
                let (workspace, owners) = (self.workspace().await, self.owners().await);
                let change = OwnerChange { workspace, owner: !target.owner, target, owners: &owners };
                self.settle(roles::change_owner(&policy, owner, session, change, &proof(), now)).await
            }
            8 | 9 => self.settle(address::correct_name(&owner, &session, anybody, name, None)).await,
            10 => {
                if dice.below(2) == 0 {
                    self.settle(community::rename(&owner, &communities, place.id, name)).await
                } else {
                    self.settle(community::make(&owner, &communities, CommunityId::random(dice), name)).await
                }
            }
            11 => {
                let held = people.iter().filter(|one| one.memberships.iter().any(|m| m.community == place.id)).count();
                self.settle(community::remove(&owner, &communities, place.id, held as u64)).await
            }
            12 => {
                let Some(target) = somebody else { return false };
                if target.deactivated_at.is_some() {
                    self.settle(suspension::open(&policy, owner, session, target, Closing::Deactivated, &proof(), now)).await
                } else {
                    let (workspace, owners) = (self.workspace().await, self.owners().await);
                    let how = [Closing::Deactivated, Closing::Elsewhere][dice.below(2)];
                    self.settle(suspension::close(workspace, &owner, target, &owners, how, now)).await
                }
            }
            13 | 14 => {
                let Some(target) = somebody else { return false };
                let (workspace, owners) = (self.workspace().await, self.owners().await);
                let traces = self.authority.store().traces(target.id).await.expect("traces");
                let typed = target.name.as_str().to_owned();
                let erasing = Erasing { workspace, target, owners: &owners, tokens: Vec::new(), traces: &traces, typed: &typed };
                self.settle(erasure::erase(&policy, owner, session, erasing, &proof(), now)).await
            }
            15 => {
                let Some(target) = somebody else { return false };
                let (hash, note) = (cheap(dice), note());
                self.settle(recovery::reset(&policy, owner, session, target, &proof(), (hash, &note), now)).await
            }
            16 => self.swap_addresses(dice, &others, &owner).await,
            17 => self.at_the_door(dice, anybody).await,
            18 | 19 => self.at_the_desk(dice, &people, anybody, staff).await,
            20 => self.ask_otherwise(dice, &owner).await,
            21 => self.take_back(dice, &others, &owner).await,
            22 => {
                let mut target = anybody;
                target.signed_in_at = Some(now);
                let event = Event::own(EventKind::SignedInWithAuthenticator, &target);
                self.write(vec![Change::Account(Box::new(target))], &[event]).await
            }
            _ => {
                // By somebody who may be erased, about somebody who stays.
                let (Some(actor), target) = (somebody, anybody) else { return false };
                let target = Account { second_email: Email::read(&format!("s{}@example.org", dice.below(99))).ok(), ..target };
                let event = Event::on(EventKind::SecondEmailSet, actor.id, &target);
                self.write(vec![Change::Account(Box::new(target))], &[event]).await
            }
        }
    }

    /// Two people get each other's addresses, in three steps.
    async fn swap_addresses(&self, dice: &mut Dice, others: &[Account], owner: &Account) -> bool {
        let (Some(one), Some(two)) = (dice.one(others).cloned(), dice.one(others).cloned()) else { return false };
        if one.id == two.id {
            return false;
        }
        let third = Email::read(&format!("x{}@example.org", dice.next())).expect("an address");
        for (account, email) in [(&one, third), (&two, one.email.clone()), (&one, two.email.clone())] {
            let account = Account { email, ..account.clone() };
            let event = Event::on(EventKind::EmailChanged, owner.id, &account);
            // What is counted for the address is theirs who has it.
            let key = self.authority.count_key(&account.email.folded());
            let changes = vec![Change::Account(Box::new(account.clone())), Change::CountsOf(Some(account.id), [key, [9; 32]])];
            assert!(self.write(changes, &[event]).await, "a free address");
        }
        true
    }

    /// Somebody fails until they wait, or staff end the wait.
    async fn at_the_door(&self, dice: &mut Dice, account: Account) -> bool {
        let folded = account.email.folded();
        let key = self.authority.count_key(&folded);
        let mut failures = Failures::default();
        let kind = if dice.below(3) > 0 {
            for _ in 0..5 {
                failures.fail(&Policy::default().limits.for_passwords(), self.now());
            }
            EventKind::FailuresLocked
        } else {
            EventKind::Unlocked
        };
        let changes = vec![Change::Throttle(key, failures), Change::CountsOf(Some(account.id), [key, [9; 32]])];
        self.write(changes, &[Event::own(kind, &account)]).await
    }

    /// Something comes to the support desk, or goes.
    async fn at_the_desk(&self, dice: &mut Dice, people: &[Account], target: Account, staff: &Staff) -> bool {
        let (now, store) = (self.now(), self.authority.store());
        match dice.below(4) {
            0 => {
                let earlier = store.help_request(target.id).await.expect("reads").map(|found| found.record);
                let dismissed_at = earlier.as_ref().filter(|one| one.dismissed_at.is_none()).map(|_| now);
                let kind = if dismissed_at.is_some() { EventKind::HelpDismissed } else { EventKind::HelpAsked };
                let request = HelpRequest { account: target.id, asked_at: now, dismissed_at };
                self.write(vec![Change::HelpRequest(request)], &[Event::own(kind, &target)]).await
            }
            1 => {
                let earlier = store.report(target.id).await.expect("reads").map(|found| found.record);
                let settled = earlier.as_ref().filter(|one| one.settled.is_none()).map(|_| (staff[0], now));
                let kind = if settled.is_some() { EventKind::ReportSettled } else { EventKind::NotMeReported };
                let pointed = Pointed::Entry(1);
                let report = Report {
                    account: target.id,
                    first_at: now,
                    last_at: now,
                    count: 1,
                    pointed,
                    entries: vec![1],
                    signed_in: true,
                    settled,
                };
                self.write(vec![Change::Report(Box::new(report))], &[Event::own(kind, &target)]).await
            }
            _ => {
                let open = store.cases_about(target.id).await.expect("reads").pop().map(|found| found.record);
                let actor = dice.one(people).expect("somebody").id;
                let (case, kind) = match open {
                    None => {
                        let (id, note) = (CaseId::random(dice), note());
                        let (opener, act) = (actor, CaseAct::Password);
                        let case = Case {
                            id,
                            target: target.id,
                            act,
                            brings: Brings::Nothing,
                            opener,
                            opened_at: now,
                            note,
                            state: CaseState::Open,
                        };
                        (case, EventKind::CaseOpened)
                    }
                    Some(case) if matches!(case.state, CaseState::Open) && dice.below(2) == 0 => {
                        let state = CaseState::Approved { by: Some(actor), at: now, password: Some(cheap(dice)) };
                        (Case { state, ..case }, EventKind::CaseApproved)
                    }
                    Some(case) => (Case { state: CaseState::Withdrawn { by: actor, at: now }, ..case }, EventKind::CaseWithdrawn),
                };
                self.write(vec![Change::Case(Box::new(case))], &[Event::on(kind, actor, &target)]).await
            }
        }
    }

    /// The workspace or a community asks something else.
    async fn ask_otherwise(&self, dice: &mut Dice, owner: &Account) -> bool {
        if dice.below(2) == 0 {
            let mut workspace: Workspace = self.workspace().await;
            workspace.policy.totp_window = u8::try_from(dice.below(2)).expect("small");
            workspace.policy.backup_codes = dice.below(2) == 0;
            let event = Event { subject: None, ..Event::own(EventKind::PolicyChanged, owner) };
            return self.write(vec![Change::Workspace(Box::new(workspace))], &[event]).await;
        }
        let Some(mut place) = dice.one(&self.communities().await).cloned() else { return false };
        place.tightening.no_backup_codes = dice.below(2) == 0;
        let event = Event { subject: None, communities: vec![place.id], ..Event::own(EventKind::CommunityPolicyChanged, owner) };
        self.write(vec![Change::Community(place)], &[event]).await
    }

    /// Somebody who never came in is removed again, as an import that is taken back does.
    async fn take_back(&self, dice: &mut Dice, others: &[Account], owner: &Account) -> bool {
        let never: Vec<Account> =
            others.iter().filter(|one| one.password.is_none() && matches!(one.second_factor, SecondFactor::None)).cloned().collect();
        let Some(target) = dice.one(&never) else { return false };
        let event = Event::on(EventKind::PersonImportUndone, owner.id, target);
        self.write(vec![Change::RemoveAccount(target.id)], &[event]).await
    }
}
