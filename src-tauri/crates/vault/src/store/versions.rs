//! Whether what a commit rests on is still as it was read.

use std::collections::BTreeMap;

use authority::{StoreError, store::RecordKey};
use sqlx::{QueryBuilder, SqliteConnection};

use super::rows::parts;
use crate::failure::of_database;

enum Id {
    Number(i64),
    Text(String),
    Bytes(Vec<u8>),
}

/// Which record, and the version that it had.
type Read = (Id, Option<i64>);

/// Where the version of a record stands: table, column and identifier.
fn place(key: &RecordKey) -> (&'static str, &'static str, Id) {
    let text = |id: &dyn ToString| Id::Text(id.to_string());
    match key {
        RecordKey::Workspace => ("workspace", "id", Id::Number(1)),
        RecordKey::Community(id) => ("communities", "id", text(id)),
        RecordKey::Account(id) => ("accounts", "id", text(id)),
        RecordKey::Session(id) => ("sessions", "id", Id::Bytes(id.0.to_vec())),
        RecordKey::Throttle(key) => ("throttle", "id", Id::Bytes(key.to_vec())),
        RecordKey::Case(id) => ("cases", "id", text(id)),
        RecordKey::Import(id) => ("imports", "id", text(id)),
        RecordKey::Mail(id) => ("notices", "id", text(id)),
        RecordKey::Report(id) => ("reports", "account", text(id)),
        RecordKey::Token(id) => ("tokens", "id", text(id)),
        RecordKey::Device(id) => ("devices", "id", text(id)),
        RecordKey::Issuer(id) => ("issuers", "id", Id::Bytes(id.bytes().to_vec())),
        RecordKey::Operation(key) => ("operations", "id", Id::Bytes(key.bytes().to_vec())),
        RecordKey::HelpRequest(id) => ("help_requests", "account", text(id)),
    }
}

/// Whether one of these has another version by now, is gone, or is there though it was not.
pub(super) async fn changed(connection: &mut SqliteConnection, read: &[(RecordKey, Option<u64>)]) -> Result<bool, StoreError> {
    let mut tables: BTreeMap<(&str, &str), Vec<Read>> = BTreeMap::new();
    for (key, version) in read {
        let (table, column, id) = place(key);
        // No record has a version beyond what its column holds.
        let version = version.map(|version| i64::try_from(version).unwrap_or(i64::MAX));
        tables.entry((table, column)).or_default().push((id, version));
    }
    for ((table, column), records) in tables {
        for part in parts(&records) {
            let mut sql = QueryBuilder::new("SELECT count(*) FROM (");
            sql.push_values(part, |mut row, (id, version)| {
                match id {
                    Id::Number(id) => row.push_bind(*id),
                    Id::Text(id) => row.push_bind(id.as_str()),
                    Id::Bytes(id) => row.push_bind(id.as_slice()),
                };
                row.push_bind(*version);
            });
            sql.push(") AS read WHERE (SELECT version FROM ").push(table).push(" WHERE ").push(column);
            sql.push(" = read.column1) IS NOT read.column2");
            let changed: i64 = sql.build_query_scalar().fetch_one(&mut *connection).await.map_err(of_database)?;
            if changed > 0 {
                return Ok(true);
            }
        }
    }
    Ok(false)
}
