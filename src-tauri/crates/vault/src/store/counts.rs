//! Counts of failed passwords: whose they are, and letting go of dead ones.

use std::collections::HashSet;

use authority::StoreError;
use domain::{decision::ThrottleKey, id::AccountId, throttle::Failures, time::Moment};
use sqlx::{QueryBuilder, SqliteConnection, query, query_as, query_scalar};
use uuid::Uuid;

use super::{
    directory::{Effects, waits_until},
    rows::parts,
};
use crate::failure::of_database;

/// Under which keys failures for the address of an account, or of nobody, are counted.
pub(super) type CountsOf = (Option<AccountId>, [ThrottleKey; 2]);

/// Stands for whoever an address that is nobody's might be: the same statements run, and find nobody.
const NOBODY: AccountId = AccountId(Uuid::nil());

/// From so many on it is asked first for which of them anything is counted: for hardly anybody who is imported. Where it is
/// about one sign-in, the same statements run whoever it is.
const MANY: usize = 8;

/// Says whose these counts are, and that no others are theirs. No account may come twice.
pub(super) async fn name(connection: &mut SqliteConnection, counts: &[CountsOf], effects: &mut Effects) -> Result<(), StoreError> {
    let known = if counts.len() < MANY { None } else { Some(known(connection, counts).await?) };
    for (account, keys) in counts {
        let id = account.unwrap_or(NOBODY);
        if known.as_ref().is_some_and(|known| known.is_nothing(id, keys)) {
            effects.wait(id, None);
            continue;
        }
        let mut named = named_by(connection, keys).await?;
        named.push(id);
        name_one(connection, *account, *keys).await?;
        for account in named {
            effects.wait(account, waits_until(connection, account).await?);
        }
    }
    Ok(())
}

/// What is counted under some keys or said to be some accounts'.
struct Counted {
    keys: HashSet<Vec<u8>>,
    accounts: HashSet<String>,
}

impl Counted {
    fn is_nothing(&self, account: AccountId, keys: &[ThrottleKey; 2]) -> bool {
        keys.iter().all(|key| !self.keys.contains(key.as_slice())) && !self.accounts.contains(&account.to_string())
    }
}

async fn known(connection: &mut SqliteConnection, counts: &[CountsOf]) -> Result<Counted, StoreError> {
    let mut known = Counted { keys: HashSet::new(), accounts: HashSet::new() };
    let keys: Vec<&ThrottleKey> = counts.iter().flat_map(|(_, keys)| keys).collect();
    for part in parts(&keys) {
        let mut sql = QueryBuilder::new("SELECT id FROM throttle WHERE id IN (");
        sql.push_values(part, |mut row, key| {
            row.push_bind(key.as_slice());
        })
        .push(")");
        let found: Vec<Vec<u8>> = sql.build_query_scalar().fetch_all(&mut *connection).await.map_err(of_database)?;
        known.keys.extend(found);
    }
    let accounts = super::rows::list(counts.iter().filter_map(|(account, _)| *account));
    let found: Vec<String> = query_scalar("SELECT account FROM throttle WHERE account IN (SELECT value FROM json_each($1))")
        .bind(accounts)
        .fetch_all(connection)
        .await
        .map_err(of_database)?;
    known.accounts.extend(found);
    Ok(known)
}

/// Whose counts these were said to be.
async fn named_by(connection: &mut SqliteConnection, keys: &[ThrottleKey; 2]) -> Result<Vec<AccountId>, StoreError> {
    let [first, second] = keys.map(|key| key.to_vec());
    let named: Vec<String> = query_scalar("SELECT account FROM throttle WHERE id IN ($1, $2) AND account IS NOT NULL")
        .bind(first)
        .bind(second)
        .fetch_all(connection)
        .await
        .map_err(of_database)?;
    let id = |text: String| text.parse().map(AccountId).map_err(|_| StoreError::Damaged("a count names nobody".into()));
    named.into_iter().map(id).collect()
}

async fn name_one(connection: &mut SqliteConnection, account: Option<AccountId>, keys: [ThrottleKey; 2]) -> Result<(), StoreError> {
    let [first, second] = keys.map(|key| key.to_vec());
    query("UPDATE throttle SET account = NULL WHERE account = $1 AND id NOT IN ($2, $3)")
        .bind(account.unwrap_or(NOBODY).to_string())
        .bind(first.clone())
        .bind(second.clone())
        .execute(&mut *connection)
        .await
        .map_err(of_database)?;
    query("UPDATE throttle SET account = $1 WHERE id IN ($2, $3)")
        .bind(account.map(|account| account.to_string()))
        .bind(first)
        .bind(second)
        .execute(&mut *connection)
        .await
        .map(drop)
        .map_err(of_database)
}

/// How many neighbours of a count are looked at when it is written.
const NEIGHBOURS: i64 = 8;

/// Lets go of dead counts among the neighbours of one that was written. The keys are as good as random, so that every count
/// is looked at sooner or later, and no write ever looks at many.
pub(super) async fn forget(connection: &mut SqliteConnection, key: &ThrottleKey, now: Moment) -> Result<(), StoreError> {
    let mut found: Vec<(Vec<u8>, String)> = query_as("SELECT id, body FROM throttle WHERE id > $1 ORDER BY id LIMIT $2")
        .bind(key.to_vec())
        .bind(NEIGHBOURS)
        .fetch_all(&mut *connection)
        .await
        .map_err(of_database)?;
    let left = NEIGHBOURS - i64::try_from(found.len()).unwrap_or(NEIGHBOURS);
    // Around the end, to the first.
    let first: Vec<(Vec<u8>, String)> = query_as("SELECT id, body FROM throttle WHERE id < $1 ORDER BY id LIMIT $2")
        .bind(key.to_vec())
        .bind(left)
        .fetch_all(&mut *connection)
        .await
        .map_err(of_database)?;
    found.extend(first);
    for (id, body) in found {
        // One that cannot be read stays: whoever asks for it is told.
        if serde_json::from_str::<Failures>(&body).is_ok_and(|failures| failures.is_dead(now)) {
            query("DELETE FROM throttle WHERE id = $1").bind(id).execute(&mut *connection).await.map_err(of_database)?;
        }
    }
    Ok(())
}
