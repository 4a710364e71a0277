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

use super::commit::body;
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

pub(super) async fn write_item(connection: &mut SqliteConnection, import: ImportId, item: &Item) -> Result<(), StoreError> {
    query(
        "INSERT INTO import_people (import, account, version, body)
         SELECT $1, id, version, $2 FROM accounts WHERE id = $3",
    )
    .bind(import.to_string())
    .bind(body(item)?)
    .bind(item.account.to_string())
    .execute(connection)
    .await
    .map(drop)
    .map_err(of_database)
}

/// What belongs to an account and goes with it.
const OWN: [&str; 6] = [
    "DELETE FROM memberships WHERE account = $1",
    "DELETE FROM sessions WHERE account = $1",
    "DELETE FROM help_requests WHERE account = $1",
    "DELETE FROM notices WHERE account = $1 OR about = $1",
    "DELETE FROM reports WHERE account = $1",
    "UPDATE throttle SET account = NULL WHERE account = $1",
];

pub(super) async fn remove_account(connection: &mut SqliteConnection, account: AccountId) -> Result<(), CommitError> {
    let id = account.to_string();
    let mut sql = QueryBuilder::<Sqlite>::new("SELECT ");
    sql.push(NAMED).push(" FROM (SELECT ").push_bind(&id).push(" AS account) AS people");
    let named: bool = sql.build_query_scalar().fetch_one(&mut *connection).await.map_err(of_database)?;
    if named {
        return Err(CommitError::Conflict);
    }
    query("INSERT INTO removed_accounts (id, name, email) SELECT id, name, email FROM accounts WHERE id = $1")
        .bind(&id)
        .execute(&mut *connection)
        .await
        .map_err(of_database)?;
    for statement in OWN {
        query(statement).bind(&id).execute(&mut *connection).await.map_err(of_database)?;
    }
    let removed = query("DELETE FROM accounts WHERE id = $1").bind(&id).execute(connection).await.map_err(of_database)?;
    if removed.rows_affected() == 1 { Ok(()) } else { Err(CommitError::Conflict) }
}
