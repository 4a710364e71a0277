//! Erasing a person: what it comes to, and doing it.

use domain::{
    Refusal as DomainRefusal,
    account::Account,
    erasure::{self, Erasing, Traces},
    factor::SecondFactor,
    id::AccountId,
    token::Token,
};
use wire::{
    Refusal, RefusalCode, SessionToken,
    erasure::{ErasePerson, Erased, ErasureView, ReadErasure},
};

use crate::{
    ground::{Acting, Ground},
    local::{Authority, tries},
    refusals,
    store::{Store, TokenQuery},
    views,
};

/// Tokens of one person, at most.
const TOKENS: u32 = 10_000;

/// Everything that erasing rests on.
struct Looked {
    acting: Acting,
    target: Account,
    owners: Vec<Account>,
    tokens: Vec<Token>,
    traces: Traces,
}

impl<S: Store> Authority<S> {
    pub(crate) async fn read_erasure(&self, token: Option<&SessionToken>, request: ReadErasure) -> Result<ErasureView, Refusal> {
        let mut ground = self.ground();
        let looked = match self.look_at_erasure(&mut ground, token, AccountId(request.account)).await {
            Err(refusal) if refusal.code == RefusalCode::NotAllowed => {
                return Err(self.turned_away(ground, DomainRefusal::NotAllowed).await);
            }
            looked => looked?,
        };
        let Looked { target, tokens, traces, .. } = looked;
        let (authenticators, codes) = match &target.second_factor {
            SecondFactor::Active(factors) => (factors.authenticators.len(), factors.backup.left()),
            SecondFactor::None | SecondFactor::Reset(_) => (0, 0),
        };
        let small = |count: usize| count.try_into().unwrap_or(u32::MAX);
        Ok(ErasureView {
            person: views::person(&target),
            refused: erasure::no_case_waits(&traces, ground.now).err().map(refusals::domain),
            authenticators: small(authenticators),
            codes: small(codes),
            sessions: traces.sessions,
            tokens: tokens.len() as u64,
            asked: traces.asked,
            cases: traces.cases,
            imports: traces.imports,
            notices: traces.notices,
            entries: traces.entries.count(),
            shared: traces.shared,
        })
    }

    /// Whoever may not is told so before anything is counted.
    async fn look_at_erasure(&self, ground: &mut Ground<'_, S>, token: Option<&SessionToken>, id: AccountId) -> Result<Looked, Refusal> {
        let acting = ground.acting_fully(token).await?;
        let target = ground.target(id).await?;
        let owners = ground.owners().await?;
        erasure::may_erase(&acting.account, &target, &owners).map_err(refusals::domain)?;
        let tokens = ground.tokens(&TokenQuery { holder: Some(id), ..TokenQuery::all(TOKENS) }).await?;
        let traces = self.store.traces(id).await.map_err(refusals::store)?;
        Ok(Looked { acting, target, owners, tokens, traces })
    }

    pub(crate) async fn erase_person(&self, token: Option<&SessionToken>, request: ErasePerson) -> Result<Erased, Refusal> {
        let told = request.told.clone();
        let watch = move |done: u64, total: u64| told.tell(done, total);
        let mut tried = 0;
        loop {
            let mut ground = self.ground();
            let decision = async {
                let Looked { acting, target, owners, tokens, traces } =
                    self.look_at_erasure(&mut ground, token, AccountId(request.account)).await?;
                // What is refused anyhow asks for no password, and hashes none.
                erasure::no_case_waits(&traces, ground.now).map_err(refusals::domain)?;
                let proof = self.prove(&mut ground, &acting, &request.proof).await?;
                let Acting { workspace, account, session, policy } = acting;
                let erasing = Erasing { workspace, target, owners: &owners, tokens, traces: &traces, typed: &request.name };
                let mut decision = erasure::erase(&policy, account, session, erasing, &proof, ground.now);
                if decision.verdict.is_ok() {
                    let without = self.issuers_without(&mut ground, AccountId(request.account)).await?;
                    decision.changes.splice(0..0, without);
                }
                Ok(decision)
            }
            .await;
            match self.commit_watched(ground, decision, &watch).await? {
                Some(verdict) => return verdict.map(|entries| Erased { entries }).map_err(refusals::domain),
                None if tried < tries() => tried += 1,
                None => return Err(RefusalCode::Busy.into()),
            }
        }
    }
}
