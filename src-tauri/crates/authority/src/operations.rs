//! Operations: what a desktop asks with a key of its own is carried out once, and answered alike whenever it is asked again.

use domain::{
    Change, Verdict,
    id::AccountId,
    operation::{Operation, OperationKey, RefusedAs},
    secret_hash::Opaque,
    session::Stage,
};
use serde::Deserialize;
use serde::de::{IntoDeserializer, value::Error as Unknown};
use sha2::{Digest, Sha256};
use uuid::Uuid;
use wire::{
    Refusal, RefusalCode, Request, SessionToken,
    outbox::{can_wait, decides},
    seam::{Outcome, UseCaseName},
};

use crate::{
    devices::Through,
    local::Authority,
    refusals,
    store::{Commit, CommitError, Store},
};

/// Reads the key of an operation, as a header says it.
pub use domain::operation::read_key as read_operation_key;

/// How often it is looked again whether somebody else carried it out at the same time.
const LOOKS: usize = 8;

/// What is to be done once.
#[derive(Clone, Debug)]
pub(crate) struct Once {
    pub(crate) key: OperationKey,
    digest: Opaque<32>,
}

impl Once {
    /// The verdict on it, as it is kept.
    pub(crate) fn decided<T>(&self, person: AccountId, at: domain::time::Moment, verdict: &Verdict<T>) -> Operation {
        let refused = verdict.as_ref().err().map(|refusal| written(&refusals::domain(refusal.clone())));
        self.came_to(person, at, refused)
    }

    fn came_to(&self, person: AccountId, at: domain::time::Moment, refused: Option<RefusedAs>) -> Operation {
        Operation { id: self.key, person, digest: self.digest, at, refused, journalled: None }
    }
}

impl<S: Store> Authority<S> {
    /// The same workspace, asked with this idempotency key for what this path and this body say. `None` where it is called through no
    /// device: a key is one device's own.
    #[must_use]
    pub fn once(&self, key: Uuid, path: &str, body: &[u8]) -> Option<Self> {
        let Through::Device(device) = &self.through else { return None };
        let mut asked = self.coming_by(self.through.clone());
        let digest = Sha256::new().chain_update(path).chain_update([0]).chain_update(body).finalize();
        asked.once = Some(Once { key: OperationKey { device: *device, key }, digest: Opaque(digest.into()) });
        Some(asked)
    }

    /// Carries out what was asked with a key, unless that was done before.
    pub(crate) async fn call_once(&self, once: &Once, session: Option<&SessionToken>, request: Request) -> Result<Outcome, Refusal> {
        let name = request.name();
        if !can_wait(name) {
            return Err(RefusalCode::Unexpected.into());
        }
        once.key.in_time(self.surroundings.now()).map_err(refusals::domain)?;
        if let Some(kept) = self.kept(once, session, name).await? {
            return kept;
        }
        let refusal = match self.carry_out(session, request).await {
            Ok(outcome) => return Ok(outcome),
            Err(refusal) => refusal,
        };
        for _ in 0..LOOKS {
            // Refused, or done by somebody else at the same time.
            if let Some(kept) = self.kept(once, session, name).await? {
                return kept;
            }
            if !decides(refusal.code) {
                return Err(refusal);
            }
            let mut ground = self.ground();
            let acting = match ground.acting_fully(session).await {
                Ok(acting) => acting,
                // It is there by now.
                Err(refusal) if refusal.code == RefusalCode::Busy => continue,
                Err(refusal) => return Err(refusal),
            };
            let operation = once.came_to(acting.account.id, ground.now, Some(written(&refusal)));
            let changes = vec![Change::Operation(Box::new(operation), None)];
            let commit = Commit { at: ground.now, read: ground.read, changes, entries: Vec::new(), notices: Vec::new() };
            match self.store.commit_unasked(commit).await {
                Ok(()) => return Err(refusal),
                Err(CommitError::Store(error)) => return Err(refusals::store(error)),
                Err(_) => {}
            }
        }
        Err(RefusalCode::Busy.into())
    }

    /// What was decided before, for whoever asked it.
    async fn kept(
        &self,
        once: &Once,
        session: Option<&SessionToken>,
        name: UseCaseName,
    ) -> Result<Option<Result<Outcome, Refusal>>, Refusal> {
        let Some(found) = self.store.operation(once.key).await.map_err(refusals::store)? else { return Ok(None) };
        let acting = self.ground().asking_again().acting(session).await?;
        if acting.session.stage != Stage::Full {
            return Err(RefusalCode::SessionStage.into());
        }
        let kept = found.record;
        kept.is_asked_again(acting.account.id, &once.digest).map_err(refusals::domain)?;
        Ok(Some(match &kept.refused {
            Some(refused) => Err(read(refused)),
            None => {
                let response = name.read_reply(&mut serde_json::Deserializer::from_str("{}"));
                let response = response.map_err(|_| Refusal::from(RefusalCode::Unexpected))?;
                Ok(Outcome { response, opened: None, journalled: kept.journalled })
            }
        }))
    }
}

fn written(refusal: &Refusal) -> RefusedAs {
    let code = serde_json::to_value(refusal.code).ok().and_then(|code| code.as_str().map(str::to_owned)).unwrap_or_default();
    RefusedAs { code, at: refusal.at, number: refusal.number }
}

fn read(refused: &RefusedAs) -> Refusal {
    let known: Result<RefusalCode, Unknown> =
        RefusalCode::deserialize(IntoDeserializer::<Unknown>::into_deserializer(refused.code.as_str()));
    Refusal { code: known.unwrap_or(RefusalCode::Unexpected), at: refused.at, number: refused.number }
}
