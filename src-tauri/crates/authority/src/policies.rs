//! Policies: reading them, what a change would do to whom, and the change.

use domain::{
    Decision, Refusal as DomainRefusal,
    account::Account,
    gate::{self, Act},
    id::{AccountId, CommunityId},
    policy::{DAY, Policy, Required, Tightening},
    preflight::{self, Affected, Effect, Found, Proposal, Rules},
    readiness::Hour,
    throttle::Limits,
    time::{HOUR, MINUTE, Moment},
};
use sha2::{Digest, Sha256};
use wire::{
    Refusal, RefusalCode, SessionToken,
    policies::{
        AffectedRow, CommunityPolicy, EffectCount, Policies, PolicyDraft, PolicyEffect, PolicyValues, Preflight, PreflightPolicy,
        RequiredOf, SavePolicy,
    },
    sign_in::Done,
};

use crate::{
    ground::{Acting, Ground},
    local::{Authority, settle},
    refusals,
    store::{Begin, PeopleQuery, Store, folded},
    views,
};

/// People read from the store at a time.
const STRIDE: u32 = 500;
/// People shown at a time.
const PAGE: usize = 60;

/// A change that somebody proposed, with the rules before and after it.
struct Proposed {
    acting: Acting,
    proposal: Proposal,
    before: Rules,
    after: Rules,
}

/// What going through everybody found.
#[derive(Default)]
struct Gone {
    counts: [u64; Effect::ALL.len()],
    total: u64,
    digest: Sha256,
    rows: Vec<AffectedRow>,
    /// The last row shown, when there are more.
    next: Option<(String, AccountId)>,
    /// Somebody who can still administer afterwards.
    administrator: Option<AccountId>,
}

impl<S: Store> Authority<S> {
    pub(crate) async fn read_policies(&self, token: Option<&SessionToken>) -> Result<Policies, Refusal> {
        let mut ground = self.ground();
        let acting = ground.acting_fully(token).await?;
        let standing = acting.account.standing();
        let may_change = gate::may(&standing, Act::SetPolicy).is_ok();
        let mut communities = ground.communities().await?;
        communities.retain(|community| gate::may(&standing, Act::TightenPolicy(community.id)).is_ok());
        if !may_change && communities.is_empty() {
            return Err(self.turned_away(ground, DomainRefusal::NotAllowed).await);
        }
        let workspace = &acting.workspace.policy;
        let communities = communities.into_iter().map(|community| CommunityPolicy {
            id: community.id.0,
            name: community.name.as_str().into(),
            asks: asks(&community.tightening),
            holds: values(&workspace.clone().and(&community.tightening)),
        });
        Ok(Policies { workspace: values(workspace), may_change, communities: communities.collect() })
    }

    pub(crate) async fn preflight_policy(&self, token: Option<&SessionToken>, request: PreflightPolicy) -> Result<Preflight, Refusal> {
        let mut ground = self.ground();
        let proposed = match self.proposed(&mut ground, token, request.community.map(CommunityId), &request.draft).await {
            Ok(proposed) => proposed,
            Err(refusal) if refusal.code == RefusalCode::NotAllowed => {
                return Err(self.turned_away(ground, DomainRefusal::NotAllowed).await);
            }
            Err(refusal) => return Err(refusal),
        };
        let search = folded(request.search.trim());
        let after = request.after.as_deref().and_then(views::read_cursor);
        let whole = search.is_empty() && after.is_none();
        let gone = self.go_through(&proposed, search, after, whole, ground.now).await?;
        let counts = Effect::ALL.iter().zip(gone.counts).map(|(of, people)| EffectCount { effect: effect(*of), people }).collect();
        Ok(Preflight {
            refused: (whole && gone.administrator.is_none()).then_some(RefusalCode::LastAdministrator),
            seen: whole.then(|| hex(&gone.digest.finalize())),
            counts: whole.then_some(counts),
            total: whole.then_some(gone.total),
            rows: gone.rows,
            next: gone.next.as_ref().map(views::write_cursor),
        })
    }

    pub(crate) async fn save_policy(&self, token: Option<&SessionToken>, request: SavePolicy) -> Result<Done, Refusal> {
        settle!(self, ground => self.save_policy_once(&mut ground, token, &request))?;
        Ok(Done {})
    }

    async fn save_policy_once(
        &self,
        ground: &mut Ground<'_, S>,
        token: Option<&SessionToken>,
        request: &SavePolicy,
    ) -> Result<Decision<()>, Refusal> {
        let proposed = self.proposed(ground, token, request.community.map(CommunityId), &request.draft).await?;
        let proof = self.prove(ground, &proposed.acting, &request.proof).await?;
        let gone = self.go_through(&proposed, String::new(), None, true, ground.now).await?;
        // Read with its version: should the last one able to administer change meanwhile, the decision is made anew.
        let administered = match gone.administrator {
            Some(id) => ground
                .account(id)
                .await?
                .is_some_and(|person| preflight::can_administer(&proposed.after, &proposed.proposal, &person, ground.now)),
            None => false,
        };
        let Proposed { acting, proposal, before, .. } = proposed;
        let as_shown = hex(&gone.digest.finalize()) == request.seen;
        let found = Found { before: &before, proposal: &proposal, as_shown, administered };
        let Acting { account, session, policy, .. } = acting;
        Ok(preflight::save(&policy, account, session, &proof, found, ground.now))
    }

    async fn proposed(
        &self,
        ground: &mut Ground<'_, S>,
        token: Option<&SessionToken>,
        community: Option<CommunityId>,
        draft: &PolicyDraft,
    ) -> Result<Proposed, Refusal> {
        let acting = ground.acting_fully(token).await?;
        // Who may not is told so before anything is said of the numbers.
        let act = community.map_or(Act::SetPolicy, Act::TightenPolicy);
        gate::may(&acting.account.standing(), act).map_err(|denied| refusals::domain(denied.into()))?;
        let before = Rules { workspace: acting.workspace.clone(), communities: ground.communities().await? };
        let proposal = read(draft, community, &before.workspace.policy).map_err(refusals::domain)?;
        let after = before.with(&acting.account, &proposal, ground.now).map_err(refusals::domain)?;
        Ok(Proposed { acting, proposal, before, after })
    }

    /// Goes through everybody whom the proposal could touch, a stride at a time. `whole` goes on to the end and counts.
    async fn go_through(
        &self,
        proposed: &Proposed,
        search: String,
        after: Option<(String, AccountId)>,
        whole: bool,
        now: Moment,
    ) -> Result<Gone, Refusal> {
        let communities = match proposed.proposal {
            Proposal::Workspace(_) => None,
            Proposal::Community(id, _) => Some(vec![id]),
        };
        let mut gone = Gone::default();
        gone.digest.update(format!("{:?}{:?}{:?}", proposed.before.workspace.policy, proposed.before.communities, proposed.proposal));
        // An owner need not belong to the community.
        let actor = &proposed.acting.account;
        if preflight::can_administer(&proposed.after, &proposed.proposal, actor, now) {
            gone.administrator = Some(actor.id);
        }
        let begin = after.map_or(Begin::At(0), |(name, id)| Begin::After(name, id));
        let mut query = PeopleQuery { search, communities, begin, ..PeopleQuery::everybody(Hour::plain(now), STRIDE) };
        loop {
            let page = self.store.people(&query).await.map_err(refusals::store)?;
            for person in &page.rows {
                gone.meet(proposed, person, now);
                if !whole && gone.next.is_some() {
                    return Ok(gone);
                }
            }
            match page.next {
                Some((name, id)) => query.begin = Begin::After(name, id),
                None => return Ok(gone),
            }
        }
    }
}

impl Gone {
    fn meet(&mut self, proposed: &Proposed, person: &Account, now: Moment) {
        let Proposed { before, after, proposal, .. } = proposed;
        if self.administrator.is_none() && preflight::can_administer(after, proposal, person, now) {
            self.administrator = Some(person.id);
        }
        let Some(affected) = preflight::affects(before, after, person, now) else { return };
        self.total += 1;
        self.note(person.id, &affected, now);
        if self.rows.len() < PAGE {
            let effects = affected.effects.iter().map(|of| effect(*of)).collect();
            self.rows.push(AffectedRow { person: views::person(person), effects, until: affected.until.map(|until| until.0) });
        } else if self.next.is_none() {
            self.next = self.rows.last().map(|row| (folded(&row.person.name), AccountId(row.person.id)));
        }
    }

    fn note(&mut self, id: AccountId, affected: &Affected, now: Moment) {
        for effect in &affected.effects {
            let at = Effect::ALL.iter().position(|of| of == effect).expect("every effect is listed");
            self.counts[at] += 1;
            self.digest.update([u8::try_from(at).expect("five")]);
        }
        // Days, as they are shown: a person who becomes obliged by saving has as many a minute later.
        let days = affected.until.map_or(-1, |until| (until.since(now) + DAY - 1) / DAY);
        self.digest.update(id.0.as_bytes());
        self.digest.update(days.to_be_bytes());
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn effect(effect: Effect) -> PolicyEffect {
    match effect {
        Effect::LockedOut => PolicyEffect::LockedOut,
        Effect::Obliged => PolicyEffect::Obliged,
        Effect::Sooner => PolicyEffect::Sooner,
        Effect::LosesBackupCodes => PolicyEffect::LosesBackupCodes,
        Effect::MayNoLongerDisable => PolicyEffect::MayNoLongerDisable,
    }
}

fn required(required: Required) -> RequiredOf {
    match required {
        Required::Nobody => RequiredOf::Nobody,
        Required::Staff => RequiredOf::Staff,
        Required::Everyone => RequiredOf::Everyone,
    }
}

fn whole(seconds: i64, unit: i64) -> u32 {
    u32::try_from(seconds / unit).unwrap_or(u32::MAX)
}

fn values(policy: &Policy) -> PolicyValues {
    PolicyValues {
        required: required(policy.required),
        grace_days: policy.grace_days.into(),
        may_disable: policy.may_disable,
        backup_codes: policy.backup_codes,
        recovery_hours: whole(policy.recovery_validity, HOUR),
        totp_window: policy.totp_window.into(),
        lock_failures: policy.limits.per_minute.into(),
        lock_minutes: whole(policy.limits.wait, MINUTE),
        idle_minutes: whole(policy.idle, MINUTE),
        unlock_asks_code: policy.unlock_asks_code,
        offline_budget: policy.offline_budget.into(),
    }
}

fn asks(tightening: &Tightening) -> PolicyDraft {
    PolicyDraft {
        required: tightening.required.map(required),
        grace_days: tightening.grace_days.map(u32::from),
        may_disable: tightening.no_disabling.then_some(false),
        backup_codes: tightening.no_backup_codes.then_some(false),
        recovery_hours: tightening.recovery_validity.map(|seconds| whole(seconds, HOUR)),
        totp_window: tightening.exact_step.then_some(0),
        lock_failures: tightening.per_minute.map(u32::from),
        lock_minutes: tightening.wait.map(|seconds| whole(seconds, MINUTE)),
        idle_minutes: tightening.idle.map(|seconds| whole(seconds, MINUTE)),
        unlock_asks_code: tightening.unlock_asks_code.then_some(true),
        offline_budget: tightening.offline_budget.map(u32::from),
    }
}

/// What was typed, as a proposal. A workspace's own change must say everything; a community may not ask for less.
fn read(draft: &PolicyDraft, community: Option<CommunityId>, workspace: &Policy) -> Result<Proposal, DomainRefusal> {
    let missing = DomainRefusal::PolicyOutOfBounds;
    let small = |number: u32| u8::try_from(number).map_err(|_| missing.clone());
    let asked = draft.required.map(|asked| match asked {
        RequiredOf::Nobody => Required::Nobody,
        RequiredOf::Staff => Required::Staff,
        RequiredOf::Everyone => Required::Everyone,
    });
    let seconds = |number: Option<u32>, unit: i64| number.map(|number| i64::from(number) * unit);
    let recovery_validity = seconds(draft.recovery_hours, HOUR);
    let wait = seconds(draft.lock_minutes, MINUTE);
    let idle = seconds(draft.idle_minutes, MINUTE);
    let grace_days = draft.grace_days.map(small).transpose()?;
    let per_minute = draft.lock_failures.map(small).transpose()?;
    let totp_window = draft.totp_window.map(small).transpose()?;
    let offline_budget = draft.offline_budget.map(|codes| u16::try_from(codes).map_err(|_| missing.clone())).transpose()?;
    let Some(community) = community else {
        let said = || {
            Some(Policy {
                required: asked?,
                since: workspace.since,
                grace_days: grace_days?,
                may_disable: draft.may_disable?,
                backup_codes: draft.backup_codes?,
                recovery_validity: recovery_validity?,
                totp_window: totp_window?,
                limits: Limits { per_minute: per_minute?, wait: wait?, in_a_row: workspace.limits.in_a_row },
                idle: idle?,
                unlock_asks_code: draft.unlock_asks_code?,
                // A program of before does not know of it.
                offline_budget: offline_budget.unwrap_or(workspace.offline_budget),
            })
        };
        return said().map(Proposal::Workspace).ok_or(missing);
    };
    let looser = (draft.may_disable == Some(true) && !workspace.may_disable)
        || (draft.backup_codes == Some(true) && !workspace.backup_codes)
        || totp_window.is_some_and(|window| window > workspace.totp_window)
        || (draft.unlock_asks_code == Some(false) && workspace.unlock_asks_code);
    if looser {
        return Err(DomainRefusal::PolicyLoosened);
    }
    Ok(Proposal::Community(
        community,
        Tightening {
            required: asked,
            since: domain::policy::Since::default(),
            grace_days,
            no_disabling: draft.may_disable == Some(false),
            no_backup_codes: draft.backup_codes == Some(false),
            recovery_validity,
            exact_step: totp_window == Some(0),
            per_minute,
            wait,
            idle,
            unlock_asks_code: draft.unlock_asks_code == Some(true),
            offline_budget,
        },
    ))
}
