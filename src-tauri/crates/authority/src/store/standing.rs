//! What a decision begins with, read at once.

use domain::{
    account::Account,
    session::{Session, SessionId},
    workspace::{Community, Workspace},
};

use super::{Store, StoreError, Versioned};

/// By what somebody is known who asks for something.
#[derive(Clone, Copy, Debug)]
pub enum Whose<'a> {
    /// By a session of theirs.
    Session(SessionId),
    /// By their folded address.
    Email(&'a str),
}

/// Who asks, and what holds where they do.
#[derive(Debug)]
pub struct Standing {
    /// The workspace's own record. `None` before it was founded.
    pub workspace: Option<Versioned<Workspace>>,
    /// Every community, by name.
    pub communities: Vec<Versioned<Community>>,
    /// The session, if it was asked by one and it is there.
    pub session: Option<Versioned<Session>>,
    /// Whose it is, or who has the address.
    pub account: Option<Versioned<Account>>,
}

/// Each record by itself, for a store that is not far away.
pub(super) async fn one_by_one(store: &impl Store, whose: Whose<'_>) -> Result<Standing, StoreError> {
    let (session, account) = match whose {
        Whose::Email(folded) => (None, store.account_by_email(folded).await?),
        Whose::Session(id) => match store.session(id).await? {
            None => (None, None),
            Some(session) => {
                let account = store.account(session.record.account).await?;
                (Some(session), account)
            }
        },
    };
    Ok(Standing { workspace: store.workspace().await?, communities: store.communities().await?, session, account })
}
