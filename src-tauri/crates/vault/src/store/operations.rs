//! Verdicts on operations of desktops.

use authority::{
    StoreError,
    store::{Decided, Versioned},
};
use domain::{
    operation::{Operation, OperationKey, kept_since},
    time::Moment,
};
use sqlx::{SqliteConnection, query, query_as};

use super::commit::body;
use crate::{Vault, failure::of_database};

/// How many that are kept no longer go with one that is written.
const LET_GO: i64 = 20;

pub(super) async fn one(vault: &Vault, key: OperationKey) -> Result<Option<Versioned<Operation>>, StoreError> {
    vault.one(query_as("SELECT version, body FROM operations WHERE id = $1").bind(key.bytes().to_vec())).await
}

/// Keeps verdicts, and lets a few go that are too old.
pub(super) async fn write(
    connection: &mut SqliteConnection,
    operations: Vec<Decided>,
    first: Option<u64>,
    now: Moment,
) -> Result<(), StoreError> {
    if operations.is_empty() {
        return Ok(());
    }
    query("DELETE FROM operations WHERE id IN (SELECT id FROM operations WHERE decided_at < $1 ORDER BY decided_at LIMIT $2)")
        .bind(kept_since(now).0)
        .bind(LET_GO)
        .execute(&mut *connection)
        .await
        .map_err(of_database)?;
    for (operation, place) in operations {
        let operation = Operation { journalled: first.zip(place).map(|(first, place)| first + place), ..*operation };
        query(
            "INSERT INTO operations (id, version, person, decided_at, body) VALUES ($1, 1, $2, $3, $4)
             ON CONFLICT (id) DO UPDATE SET version = operations.version + 1, person = excluded.person,
                decided_at = excluded.decided_at, body = excluded.body",
        )
        .bind(operation.id.bytes().to_vec())
        .bind(operation.person.to_string())
        .bind(operation.at.0)
        .bind(body(&operation)?)
        .execute(&mut *connection)
        .await
        .map_err(of_database)?;
    }
    Ok(())
}
