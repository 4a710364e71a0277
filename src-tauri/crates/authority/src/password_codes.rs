//! Password codes: issued by staff to somebody who forgot their password.

use domain::{code::Kind, id::AccountId, password_code};
use wire::{
    Refusal, SessionToken,
    people::{IssuePasswordCode, IssuedCode},
};

use crate::{
    desk::note,
    local::{Authority, settle},
    refusals,
    store::Store,
};

impl<S: Store> Authority<S> {
    pub(crate) async fn issue_password_code(
        &self,
        token: Option<&SessionToken>,
        request: IssuePasswordCode,
    ) -> Result<IssuedCode, Refusal> {
        let (code, hash) = self.issue(Kind::Password).await?;
        let id = AccountId(request.account);
        let expires_at = settle!(self, ground => async {
            let acting = ground.acting_fully(token).await?;
            let target = ground.target(id).await?;
            // Asked before the proof is hashed: what cannot be done costs no code.
            password_code::may_issue(&acting.account, &target, ground.now).map_err(refusals::domain)?;
            let note = note(&acting.workspace, &request.support)?;
            let proof = self.prove(&mut ground, &acting, &request.proof).await?;
            Ok(password_code::issue(&acting.policy, acting.account, acting.session, target, &proof, (hash, &note), ground.now))
        })?;
        let issued = self.issued(id, code, 0).await?;
        Ok(IssuedCode { expires_at: expires_at.0, ..issued })
    }
}
