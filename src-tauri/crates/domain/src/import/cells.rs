//! Words of a cell, as people write them in English and French.

use crate::{gate::Role, words::Language};

/// What a role's cell asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    /// An owner of the workspace.
    Owner,
    /// A role in a community.
    In(Role),
}

/// An empty cell is `Ok(None)`.
pub(super) fn role(cell: &str) -> Result<Option<Asked>, ()> {
    Ok(Some(match cell.trim().to_lowercase().as_str() {
        "" => return Ok(None),
        "member" | "membre" | "user" | "utilisateur" | "utilisatrice" => Asked::In(Role::Member),
        "support" | "support staff" | "assistance" => Asked::In(Role::Support),
        "administrator" | "admin" | "administrateur" | "administratrice" => Asked::In(Role::Administrator),
        "owner" | "propriétaire" => Asked::Owner,
        _ => return Err(()),
    }))
}

/// An empty cell is `Ok(None)`. A region, as in `fr-CA`, changes nothing.
pub(super) fn language(cell: &str) -> Result<Option<Language>, ()> {
    let cell = cell.trim().to_lowercase();
    Ok(Some(match cell.split(['-', '_']).next().unwrap_or_default() {
        "" if cell.is_empty() => return Ok(None),
        "en" | "english" | "anglais" => Language::En,
        "fr" | "french" | "français" | "francais" => Language::Fr,
        _ => return Err(()),
    }))
}
