//! Imports of people: their records, whoever they touched, and the removal of whom they added.

use authority::{
    CommitError, StoreError,
    store::{ImportedPerson, ImportedQuery, Versioned},
};
use domain::{
    account::Account,
    id::{AccountId, ImportId},
    import::{Batch, Item, Person},
};
use sqlx::{QueryBuilder, Sqlite, SqliteConnection, SqlitePool, query, query_as};

use super::{commit::body, rows};
use crate::failure::of_database;

/// Addresses of one statement.
const ADDRESSES: usize = 500;

pub(super) async fn accounts(readers: &SqlitePool, folded: &[String]) -> Result<Vec<Versioned<Account>>, StoreError> {
    let mut found = Vec::new();
    let mut transaction = readers.begin().await.map_err(of_database)?;
    for chunk in folded.chunks(ADDRESSES) {
        let mut sql = QueryBuilder::<Sqlite>::new("SELECT version, body FROM accounts WHERE email_folded IN (");
        let mut list = sql.separated(", ");
        for address in chunk {
            list.push_bind(address);
        }
        sql.push(")");
        let rows: Vec<super::Row> = sql.build_query_as().fetch_all(&mut *transaction).await.map_err(of_database)?;
        for row in rows {
            found.push(super::versioned(row)?);
        }
    }
    transaction.commit().await.map_err(of_database)?;
    Ok(found)
}

pub(super) async fn batches(readers: &SqlitePool, by: Option<AccountId>, limit: u32) -> Result<Vec<Batch>, StoreError> {
    let by = by.map(|by| by.to_string());
    let rows: Vec<(String,)> = query_as("SELECT body FROM imports WHERE $1 IS NULL OR importer = $1 ORDER BY at DESC, id DESC LIMIT $2")
        .bind(by)
        .bind(i64::from(limit))
        .fetch_all(readers)
        .await
        .map_err(of_database)?;
    rows.iter().map(|(body,)| super::record(body)).collect()
}

/// What else names an account, but its own records: it cannot be removed then.
const NAMED: &str = "(EXISTS (SELECT 1 FROM cases WHERE cases.target = people.account OR cases.opener = people.account)
    OR EXISTS (SELECT 1 FROM tokens WHERE tokens.holder = people.account))";

type Touched = (String, bool, Option<i64>, Option<String>);

pub(super) async fn people(readers: &SqlitePool, asked: &ImportedQuery) -> Result<Vec<ImportedPerson>, StoreError> {
    let mut sql = QueryBuilder::<Sqlite>::new("SELECT people.body, ");
    sql.push(NAMED).push(" AS named, accounts.version, accounts.body FROM import_people AS people");
    sql.push(" LEFT JOIN accounts ON accounts.id = people.account WHERE people.import = ").push_bind(asked.import.to_string());
    if asked.written_since {
        sql.push(" AND (accounts.version IS NULL OR accounts.version <> people.version OR ").push(NAMED).push(")");
    }
    if let Some(after) = asked.after {
        sql.push(" AND people.account > ").push_bind(after.to_string());
    }
    sql.push(" ORDER BY people.account LIMIT ").push_bind(i64::from(asked.limit));
    let rows: Vec<Touched> = sql.build_query_as().fetch_all(readers).await.map_err(of_database)?;
    let person = |(item, named, version, account): Touched| {
        let account = account.as_deref().map(super::record).transpose()?;
        let person = Person { item: super::record(&item)?, account, named };
        Ok(ImportedPerson { person, version: version.map(super::number).transpose()? })
    };
    rows.into_iter().map(person).collect()
}

pub(super) async fn write_batch(connection: &mut SqliteConnection, batch: &Batch) -> Result<(), StoreError> {
    let id = batch.id.to_string();
    query(
        "INSERT INTO imports (id, version, importer, at, body) VALUES ($1, 1, $2, $3, $4)
         ON CONFLICT (id) DO UPDATE SET version = imports.version + 1, body = excluded.body",
    )
    .bind(&id)
    .bind(batch.by.to_string())
    .bind(batch.at.0)
    .bind(body(batch)?)
    .execute(&mut *connection)
    .await
    .map_err(of_database)?;
    if batch.undone.is_some() {
        query("DELETE FROM import_people WHERE import = $1").bind(&id).execute(connection).await.map_err(of_database)?;
    }
    Ok(())
}

/// Notes what imports did to people, with the versions that their accounts have now.
pub(super) async fn write_items(connection: &mut SqliteConnection, items: &[(ImportId, Item)]) -> Result<(), StoreError> {
    let mut documents = Vec::with_capacity(items.len());
    for (import, item) in items {
        documents.push((import, item.account, body(item)?));
    }
    rows::write(
        connection,
        "INSERT OR FAIL INTO import_people (import, account, version, body)
         SELECT item.column1, accounts.id, accounts.version, item.column3 FROM (",
        &documents,
        |row, (import, account, body)| {
            row.push_bind(import.to_string()).push_bind(account.to_string()).push_bind(body.as_str());
        },
        ") AS item CROSS JOIN accounts ON accounts.id = item.column2",
    )
    .await
    .map_err(of_database)
}

/// What belongs to accounts and goes with them.
const OWN: [&str; 7] = [
    "DELETE FROM memberships WHERE account IN (SELECT value FROM json_each($1))",
    "DELETE FROM sessions WHERE account IN (SELECT value FROM json_each($1))",
    "DELETE FROM help_requests WHERE account IN (SELECT value FROM json_each($1))",
    "DELETE FROM notices WHERE account IN (SELECT value FROM json_each($1))",
    "DELETE FROM notices WHERE about IN (SELECT value FROM json_each($1))",
    "DELETE FROM reports WHERE account IN (SELECT value FROM json_each($1))",
    "UPDATE throttle SET account = NULL WHERE account IN (SELECT value FROM json_each($1))",
];

/// Removes accounts. One that is named by then, or gone, is a conflict.
pub(super) async fn remove_accounts(connection: &mut SqliteConnection, accounts: &[AccountId]) -> Result<(), CommitError> {
    let ids = rows::list(accounts);
    let mut sql = QueryBuilder::<Sqlite>::new("SELECT count(*) FROM (SELECT value AS account FROM json_each(");
    sql.push_bind(&ids).push(")) AS people WHERE ").push(NAMED);
    let named: i64 = sql.build_query_scalar().fetch_one(&mut *connection).await.map_err(of_database)?;
    if named > 0 {
        return Err(CommitError::Conflict);
    }
    query(
        "INSERT INTO removed_accounts (id, name, email)
         SELECT id, name, email FROM accounts WHERE id IN (SELECT value FROM json_each($1))",
    )
    .bind(&ids)
    .execute(&mut *connection)
    .await
    .map_err(of_database)?;
    for statement in OWN {
        query(statement).bind(&ids).execute(&mut *connection).await.map_err(of_database)?;
    }
    let removed = query("DELETE FROM accounts WHERE id IN (SELECT value FROM json_each($1))")
        .bind(ids)
        .execute(connection)
        .await
        .map_err(of_database)?;
    if removed.rows_affected() == accounts.len() as u64 { Ok(()) } else { Err(CommitError::Conflict) }
}
