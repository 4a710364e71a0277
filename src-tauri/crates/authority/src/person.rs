//! One person, as staff see and change them.

use domain::{
    Decision, Refusal as DomainRefusal,
    account::Account,
    address::{may_change, may_correct_name, may_set_second},
    decision::ThrottleKey,
    erasure::may_erase,
    gate::{self, Act, Role, Standing},
    id::{AccountId, CommunityId},
    lockout::{self, Why, locked_until, may_unlock, why},
    password_code,
    policy::{ENROLMENT_VALIDITY, Obligation, Policy, obligation},
    recovery::may_reset,
    report::Report,
    roles,
    suspension::{self, Closing, may_close, may_open},
    throttle::Failures,
    time::Moment,
    workspace::Community,
};
use wire::{
    Refusal, SessionToken,
    journal::JournalRow,
    people::RoleName,
    person::{
        ActionView, ChangeOwner, ChangeRole, DeactivatePerson, MarkElsewhere, PersonAction, PersonView, ReactivatePerson, ReadPerson,
        RoleChoice, SignOutPerson, UnlockPerson, UnmarkElsewhere, WhyCode, WhyView,
    },
    proof::Proof,
    sign_in::Done,
};

use crate::{
    ground::{Acting, Ground},
    local::{Authority, Counted, settle},
    refusals,
    store::{JournalQuery, Store},
    views,
};

/// Entries looked through for those about a person, and of these shown.
const LOOKED_AT: u32 = 60;
const RECENT: usize = 8;

/// All that a look at a person rests on.
struct Seen {
    acting: Acting,
    target: Account,
    /// What holds for them.
    policy: Policy,
    communities: Vec<Community>,
    owners: Vec<Account>,
    passwords: Vec<Failures>,
    report: Option<Report>,
    now: Moment,
}

impl<S: Store> Authority<S> {
    pub(crate) async fn read_person(&self, token: Option<&SessionToken>, request: ReadPerson) -> Result<PersonView, Refusal> {
        let id = AccountId(request.account);
        let seen = settle!(self, ground => async { self.see(&mut ground, token, id).await.map(Decision::accept) })?;
        let query = JournalQuery {
            person: Some(id),
            communities: seen.acting.account.standing().reach(Role::Support),
            before: None,
            limit: LOOKED_AT,
        };
        let lines = self.store.journal(&query).await.map_err(refusals::store)?;
        let mut recent = views::journal(&lines, query.limit).rows;
        recent.retain(|row| row.subject.as_ref().is_some_and(|subject| subject.id == request.account));
        recent.truncate(RECENT);
        Ok(view(&seen, recent))
    }

    async fn see(&self, ground: &mut Ground<'_, S>, token: Option<&SessionToken>, id: AccountId) -> Result<Seen, Refusal> {
        let acting = ground.acting_fully(token).await?;
        let target = ground.target(id).await?;
        let standing = acting.account.standing();
        gate::may(&standing, Act::See(target.standing())).map_err(|denied| refusals::domain(denied.into()))?;
        let policy = ground.policy_of(&acting.workspace, &target).await?;
        let reach = standing.reach(Role::Support);
        let communities = views::within(ground.communities().await?, reach.as_deref());
        let owners = ground.owners().await?;
        let passwords = self.password_failures(ground, &target).await?.into_iter().map(|(_, failures)| failures).collect();
        let report = ground.report(target.id).await?;
        let now = ground.now;
        Ok(Seen { report, acting, target, policy, communities, owners, passwords, now })
    }

    /// What was counted against somebody's password, and against the code in place of a forgotten one, from every source.
    /// A local workspace has one source: this computer.
    async fn password_failures(&self, ground: &mut Ground<'_, S>, target: &Account) -> Result<Vec<(ThrottleKey, Failures)>, Refusal> {
        let mut counted = Vec::new();
        for what in [Counted::Password, Counted::PasswordCode] {
            let key = self.throttle_key_of(what, &target.email.folded());
            counted.push((key, ground.throttle(key).await?));
        }
        Ok(counted)
    }

    pub(crate) async fn unlock_person(&self, token: Option<&SessionToken>, request: UnlockPerson) -> Result<Done, Refusal> {
        settle!(self, ground => async {
            let acting = ground.acting_fully(token).await?;
            let target = ground.target(AccountId(request.account)).await?;
            let policy = ground.policy_of(&acting.workspace, &target).await?;
            let passwords = self.password_failures(&mut ground, &target).await?;
            Ok(lockout::unlock(&acting.account, target, &policy, passwords, ground.now))
        })?;
        Ok(Done {})
    }

    pub(crate) async fn sign_out_person(&self, token: Option<&SessionToken>, request: SignOutPerson) -> Result<Done, Refusal> {
        settle!(self, ground => async {
            let acting = ground.acting_fully(token).await?;
            let target = ground.target(AccountId(request.account)).await?;
            Ok(suspension::sign_out(&acting.account, &target))
        })?;
        Ok(Done {})
    }

    pub(crate) async fn deactivate_person(&self, token: Option<&SessionToken>, request: DeactivatePerson) -> Result<Done, Refusal> {
        self.close_account(token, AccountId(request.account), Closing::Deactivated).await
    }

    pub(crate) async fn mark_elsewhere(&self, token: Option<&SessionToken>, request: MarkElsewhere) -> Result<Done, Refusal> {
        self.close_account(token, AccountId(request.account), Closing::Elsewhere).await
    }

    async fn close_account(&self, token: Option<&SessionToken>, id: AccountId, how: Closing) -> Result<Done, Refusal> {
        settle!(self, ground => async {
            let acting = ground.acting_fully(token).await?;
            let target = ground.target(id).await?;
            let owners = ground.owners().await?;
            Ok(suspension::close(acting.workspace, &acting.account, target, &owners, how, ground.now))
        })?;
        Ok(Done {})
    }

    pub(crate) async fn reactivate_person(&self, token: Option<&SessionToken>, request: ReactivatePerson) -> Result<Done, Refusal> {
        self.open_account(token, AccountId(request.account), &request.proof, Closing::Deactivated).await
    }

    pub(crate) async fn unmark_elsewhere(&self, token: Option<&SessionToken>, request: UnmarkElsewhere) -> Result<Done, Refusal> {
        self.open_account(token, AccountId(request.account), &request.proof, Closing::Elsewhere).await
    }

    async fn open_account(&self, token: Option<&SessionToken>, id: AccountId, proof: &Proof, how: Closing) -> Result<Done, Refusal> {
        settle!(self, ground => async {
            let acting = ground.acting_fully(token).await?;
            let target = ground.target(id).await?;
            // What is refused anyhow asks for no password, and hashes none.
            may_open(&acting.account, &target, how, ground.now).map_err(refusals::domain)?;
            let proof = self.prove(&mut ground, &acting, proof).await?;
            Ok(suspension::open(&acting.policy, acting.account, acting.session, target, how, &proof, ground.now))
        })?;
        Ok(Done {})
    }

    pub(crate) async fn change_role(&self, token: Option<&SessionToken>, request: ChangeRole) -> Result<Done, Refusal> {
        let role = request.role.map(|role| match role {
            RoleName::Member => Role::Member,
            RoleName::Support => Role::Support,
            RoleName::Administrator => Role::Administrator,
        });
        settle!(self, ground => async {
            let acting = ground.acting_fully(token).await?;
            let target = ground.target(AccountId(request.account)).await?;
            let communities = ground.communities().await?;
            let community = communities.iter().find(|community| community.id == CommunityId(request.community));
            let Some(community) = community else { return Err(refusals::domain(DomainRefusal::NotAllowed)) };
            let act = Act::ChangeRole { target: target.standing(), community: community.id, role };
            gate::may(&acting.account.standing(), act).map_err(|denied| refusals::domain(denied.into()))?;
            let proof = self.prove(&mut ground, &acting, &request.proof).await?;
            let change = roles::RoleChange { target, community, role };
            Ok(roles::change_role(&acting.policy, acting.account, acting.session, change, &proof, ground.now))
        })?;
        Ok(Done {})
    }

    pub(crate) async fn change_owner(&self, token: Option<&SessionToken>, request: ChangeOwner) -> Result<Done, Refusal> {
        settle!(self, ground => async {
            let acting = ground.acting_fully(token).await?;
            let target = ground.target(AccountId(request.account)).await?;
            let owners = ground.owners().await?;
            gate::may(&acting.account.standing(), Act::ChangeOwner(target.standing())).map_err(|denied| refusals::domain(denied.into()))?;
            let proof = self.prove(&mut ground, &acting, &request.proof).await?;
            let change = roles::OwnerChange { workspace: acting.workspace, target, owners: &owners, owner: request.owner };
            Ok(roles::change_owner(&acting.policy, acting.account, acting.session, change, &proof, ground.now))
        })?;
        Ok(Done {})
    }
}

fn view(seen: &Seen, recent: Vec<JournalRow>) -> PersonView {
    let Seen { acting, target, policy, communities, passwords, report, now, .. } = seen;
    let reader = acting.account.standing();
    let must_enrol = obligation(policy, target, *now) == Obligation::Now;
    let begun = target.pending.as_ref().filter(|pending| now.since(pending.begun_at) < ENROLMENT_VALIDITY);
    PersonView {
        person: views::person(target),
        second_email: target.second_email.as_ref().map(|email| email.as_str().into()),
        owner: target.owner,
        roles: views::roles(&target.memberships, communities),
        state: views::state(target),
        why: why_view(why(target, policy, must_enrol, passwords, *now)),
        locked_until: locked_until(target, policy, passwords, *now).map(|at| at.0),
        code_failures: target.second_factor.failures().map_or(0, Failures::in_a_row),
        password_failures: passwords.iter().map(Failures::in_a_row).max().unwrap_or(0),
        factor: views::factor(target),
        enrolment_begun_at: begun.map(|pending| pending.begun_at.0),
        created_at: target.created_at.0,
        signed_in_at: target.signed_in_at.map(|at| at.0),
        actions: actions(seen),
        role_choices: communities.iter().filter_map(|community| choice(&reader, target, community)).collect(),
        may_change_owner: gate::may(&reader, Act::ChangeOwner(target.standing())).is_ok(),
        recent,
        report: report.as_ref().and_then(|report| crate::mail::reports::view(&acting.account, target, report)),
    }
}

/// What makes sense to do with this person as they are, whoever reads; and why the reader cannot, where they cannot.
fn actions(seen: &Seen) -> Vec<ActionView> {
    let Seen { acting, target, policy, owners, passwords, now, .. } = seen;
    let reader = &acting.account;
    let mut actions = Vec::new();
    let mut add = |action: PersonAction, outcome: Result<(), DomainRefusal>| {
        actions.push(ActionView { action, refused: outcome.err().map(refusals::domain) });
    };
    let open = target.admits().is_ok();
    let gate = |act: Act<'_>| gate::may(&reader.standing(), act).map_err(DomainRefusal::from);
    let locked = locked_until(target, policy, passwords, *now).is_some();
    if locked {
        add(PersonAction::Unlock, may_unlock(reader, target, policy, passwords, *now));
    }
    if open && target.password.is_some() {
        add(PersonAction::ResetSecondFactor, may_reset(reader, target, *now));
        add(PersonAction::IssuePasswordCode, password_code::may_issue(reader, target, *now));
    }
    if open && target.password.is_none() {
        add(PersonAction::InviteAgain, gate(Act::InviteAgain(target.standing())));
        add(PersonAction::HandOver, gate(Act::InviteAgain(target.standing())));
    }
    // Nobody else is told that it could be done.
    let erase = |add: &mut dyn FnMut(PersonAction, Result<(), DomainRefusal>)| {
        if reader.owner {
            add(PersonAction::Erase, may_erase(reader, target, owners));
        }
    };
    // What opens a closed account is what staff came for.
    if target.deactivated_at.is_some() {
        add(PersonAction::Reactivate, may_open(reader, target, Closing::Deactivated, *now));
    } else if target.elsewhere {
        add(PersonAction::UnmarkElsewhere, may_open(reader, target, Closing::Elsewhere, *now));
    }
    add(PersonAction::CorrectName, may_correct_name(reader, target));
    add(PersonAction::ChangeEmail, may_change(reader, target, *now));
    if open && target.password.is_some() {
        add(PersonAction::ChangeSecondEmail, may_set_second(reader, target));
    }
    if target.deactivated_at.is_some() {
        erase(&mut add);
        return actions;
    }
    if open && target.password.is_some() {
        add(PersonAction::SignOut, gate(Act::SignOut(target.standing())));
    }
    if !target.elsewhere {
        add(PersonAction::MarkElsewhere, may_close(reader, target, owners, Closing::Elsewhere));
    }
    add(PersonAction::Deactivate, may_close(reader, target, owners, Closing::Deactivated));
    erase(&mut add);
    actions
}

fn choice(reader: &Standing<'_>, target: &Account, community: &Community) -> Option<RoleChoice> {
    let may = |role| gate::may(reader, Act::ChangeRole { target: target.standing(), community: community.id, role }).is_ok();
    let held = target.standing().role_in(community.id);
    let may_give: Vec<RoleName> = [Role::Member, Role::Support, Role::Administrator]
        .into_iter()
        .filter(|role| Some(*role) == held || may(Some(*role)))
        .map(views::role)
        .collect();
    let may_take = held.is_some() && may(None);
    let changes = may_take || may_give.len() > usize::from(held.is_some());
    changes.then(|| RoleChoice {
        community: community.id.0,
        community_name: community.name.as_str().into(),
        held: held.map(views::role),
        may_give,
        may_take,
    })
}

fn why_view(why: Why) -> WhyView {
    let plain = |code| WhyView { code, at: None, number: None };
    let at = |code, at: Moment| WhyView { at: Some(at.0), ..plain(code) };
    match why {
        Why::Deactivated(since) => at(WhyCode::Deactivated, since),
        Why::SignsInElsewhere => plain(WhyCode::SignsInElsewhere),
        Why::PasswordWait(until) => at(WhyCode::PasswordWait, until),
        Why::Invited(until) => at(WhyCode::Invited, until),
        Why::InvitationExpired(since) => at(WhyCode::InvitationExpired, since),
        Why::NotInvited => plain(WhyCode::NotInvited),
        Why::CodeWait(until) => at(WhyCode::CodeWait, until),
        Why::MethodDisabled => plain(WhyCode::MethodDisabled),
        Why::RecoveryWaits(until) => at(WhyCode::RecoveryWaits, until),
        Why::RecoveryClaimed(until) => at(WhyCode::RecoveryClaimed, until),
        Why::RecoveryExpired(since) => at(WhyCode::RecoveryExpired, since),
        Why::RecoveryExhausted => plain(WhyCode::RecoveryExhausted),
        Why::EnrolmentBegun(since) => at(WhyCode::EnrolmentBegun, since),
        Why::MustEnrol => plain(WhyCode::MustEnrol),
        Why::ClockOff(seconds) => WhyView { number: Some(seconds), ..plain(WhyCode::ClockOff) },
        Why::Nothing => plain(WhyCode::Nothing),
    }
}
