//! The workspace itself and its communities.

use serde::{Deserialize, Serialize};

use crate::{
    id::{CommunityId, WorkspaceId},
    policy::{Policy, Tightening},
    support::Checklist,
    time::Moment,
    words::{Language, Name},
};

/// One organisation's installation.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Workspace {
    /// Its identifier.
    pub id: WorkspaceId,
    /// Its name.
    pub name: Name,
    /// The language of new accounts.
    pub language: Language,
    /// What it asks of its people.
    pub policy: Policy,
    /// When it was made.
    pub created_at: Moment,
    /// What its staff check before they reset somebody, once it has written its own list.
    #[serde(default)]
    pub checklist: Option<Checklist>,
}

/// A part of a workspace in which roles are held.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Community {
    /// Its identifier.
    pub id: CommunityId,
    /// Its name.
    pub name: Name,
    /// What it asks beyond the workspace's policy.
    #[serde(default)]
    pub tightening: Tightening,
}
