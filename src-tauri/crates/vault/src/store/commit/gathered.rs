//! Changes that are written together: of an import, thousands of a few kinds come one after the other.

use std::collections::HashSet;

use authority::{CommitError, store::Steps};
use domain::{
    Change,
    account::Account,
    id::{AccountId, ImportId},
    import::Item,
    token::Token,
};
use sqlx::SqliteConnection;

use super::super::{accounts, counts, directory::Effects, import, rows::GATHERED, tokens};

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Kind {
    #[default]
    People,
    Counts,
    Tokens,
}

/// Changes of one kind, none of which is written yet.
#[derive(Default)]
pub(super) struct Gathered {
    kind: Kind,
    count: usize,
    /// Whom they are about. Of two changes of one account, the second waits until the first is written.
    about: HashSet<AccountId>,
    removed: Vec<AccountId>,
    accounts: Vec<Account>,
    items: Vec<(ImportId, Item)>,
    counts: Vec<counts::CountsOf>,
    tokens: Vec<Token>,
}

impl Gathered {
    /// Takes a change in, or gives it back: what is here is to be written first, or it is one of those that stand alone.
    pub(super) fn take(&mut self, change: Change) -> Option<Change> {
        let (kind, once) = match &change {
            Change::Account(account) => (Kind::People, Some(account.id)),
            Change::RemoveAccount(account) => (Kind::People, Some(*account)),
            Change::ImportItem(..) => (Kind::People, None),
            Change::CountsOf(account, _) => (Kind::Counts, *account),
            Change::Token(_) => (Kind::Tokens, None),
            _ => return Some(change),
        };
        let other = self.count > 0 && self.kind != kind;
        if other || self.count == GATHERED || once.is_some_and(|account| !self.about.insert(account)) {
            return Some(change);
        }
        self.kind = kind;
        self.count += 1;
        match change {
            Change::Account(account) => self.accounts.push(*account),
            Change::RemoveAccount(account) => self.removed.push(account),
            Change::ImportItem(import, item) => {
                self.about.insert(item.account);
                self.items.push((import, item));
            }
            Change::CountsOf(account, keys) => self.counts.push((account, keys)),
            Change::Token(token) => self.tokens.push(*token),
            other => return Some(other),
        }
        None
    }

    /// Writes what is here. Whoever goes does so first: their address may be somebody's who comes.
    pub(super) async fn write(
        &mut self,
        connection: &mut SqliteConnection,
        effects: &mut Effects,
        steps: &mut Steps<'_>,
    ) -> Result<(), CommitError> {
        let Self { kind: _, count, about: _, removed, accounts, items, counts, tokens } = std::mem::take(self);
        if count == 0 {
            return Ok(());
        }
        if !removed.is_empty() {
            import::remove_accounts(connection, &removed).await?;
            removed.iter().for_each(|account| effects.remove(*account));
        }
        if !accounts.is_empty() {
            accounts::write(connection, &accounts).await?;
            accounts.iter().for_each(|account| effects.put(account));
        }
        // With the versions that their accounts have by now.
        import::write_items(connection, &items).await?;
        counts::name(connection, &counts, effects).await?;
        tokens::write(connection, &tokens).await?;
        steps.step(count as u64)
    }
}
