//! Recovery codes that are issued out of the server's reach: who may, what was issued, and what became of it.

use wire::{
    Refusal, RefusalCode, SessionToken,
    offline::{GrantRenewed, ListOfflineCodes, OfflineCodes, RenewGrant, VoidOfflineCode},
    sign_in::Done,
};

use crate::{local::Authority, store::Store};

impl<S: Store> Authority<S> {
    pub(crate) async fn renew_grant(&self, _token: Option<&SessionToken>, _request: RenewGrant) -> Result<GrantRenewed, Refusal> {
        Err(RefusalCode::OnlyOnServer.into())
    }

    pub(crate) async fn list_offline_codes(&self, _token: Option<&SessionToken>, _request: ListOfflineCodes) -> Result<OfflineCodes, Refusal> {
        Err(RefusalCode::OnlyOnServer.into())
    }

    pub(crate) async fn void_offline_code(&self, _token: Option<&SessionToken>, _request: VoidOfflineCode) -> Result<Done, Refusal> {
        Err(RefusalCode::OnlyOnServer.into())
    }
}
