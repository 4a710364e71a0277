//! Imports of people: their records, whoever they touched, and the removal of whom they added.

use authority::{
    CommitError, StoreError,
    store::{ImportedPerson, ImportedQuery, RecordKey, Versioned},
};
use domain::{
    account::Account,
    id::{AccountId, ImportId},
    import::{Batch, Item, Person},
};
use sqlx::{PgConnection, PgPool, Postgres, QueryBuilder, query, query_as, query_scalar};

use super::{
    commit::{Work, body},
    number, record,
    records::run,
    versioned,
};
use crate::failure::{of_commit, of_database};

pub(super) async fn accounts(pool: &PgPool, folded: &[String]) -> Result<Vec<Versioned<Account>>, StoreError> {
    let rows: Vec<super::Row> = query_as("SELECT version, body FROM accounts WHERE email_folded = ANY($1)")
        .bind(folded)
        .fetch_all(pool)
        .await
        .map_err(of_database)?;
    rows.into_iter().map(versioned).collect()
}

pub(super) async fn batches(pool: &PgPool, by: Option<AccountId>, limit: u32) -> Result<Vec<Batch>, StoreError> {
    let rows: Vec<(String,)> = query_as("SELECT body FROM imports WHERE $1 IS NULL OR importer = $1 ORDER BY at DESC, id DESC LIMIT $2")
        .bind(by.map(|by| by.0))
        .bind(i64::from(limit))
        .fetch_all(pool)
        .await
        .map_err(of_database)?;
    rows.iter().map(|(body,)| record(body)).collect()
}

/// What else names an account, but its own records: it cannot be removed then.
const NAMED: &str = "(EXISTS (SELECT 1 FROM cases WHERE cases.target = people.account OR cases.opener = people.account)
    OR EXISTS (SELECT 1 FROM tokens WHERE tokens.holder = people.account))";

type Touched = (String, bool, Option<i64>, Option<String>);

pub(super) async fn people(pool: &PgPool, asked: &ImportedQuery) -> Result<Vec<ImportedPerson>, StoreError> {
    let mut sql = QueryBuilder::<Postgres>::new("SELECT people.body, ");
    sql.push(NAMED).push(" AS named, accounts.version, accounts.body FROM import_people AS people");
    sql.push(" LEFT JOIN accounts ON accounts.id = people.account WHERE people.import = ").push_bind(asked.import.0);
    if asked.written_since {
        sql.push(" AND (accounts.version IS NULL OR accounts.version <> people.version OR ").push(NAMED).push(")");
    }
    if let Some(after) = asked.after {
        sql.push(" AND people.account > ").push_bind(after.0);
    }
    sql.push(" ORDER BY people.account LIMIT ").push_bind(i64::from(asked.limit));
    let rows: Vec<Touched> = sql.build_query_as().fetch_all(pool).await.map_err(of_database)?;
    let person = |(item, named, version, account): Touched| {
        let account = account.as_deref().map(record).transpose()?;
        let person = Person { item: record(&item)?, account, named };
        Ok(ImportedPerson { person, version: version.map(number).transpose()? })
    };
    rows.into_iter().map(person).collect()
}

pub(super) async fn write_batch(work: &mut Work<'_>, batch: &Batch) -> Result<(), CommitError> {
    let statement = query_scalar(
        "INSERT INTO imports (id, version, importer, at, body) VALUES ($1, 1, $2, $3, $4)
         ON CONFLICT (id) DO UPDATE SET version = imports.version + 1, body = excluded.body RETURNING version",
    );
    let statement = statement.bind(batch.id.0).bind(batch.by.0).bind(batch.at.0).bind(body(batch)?);
    work.put(RecordKey::Import(batch.id), statement).await?;
    if batch.undone.is_some() {
        run(work.connection, query("DELETE FROM import_people WHERE import = $1").bind(batch.id.0)).await?;
    }
    Ok(())
}

pub(super) async fn write_item(connection: &mut PgConnection, import: ImportId, item: &Item) -> Result<(), CommitError> {
    let statement =
        query("INSERT INTO import_people (import, account, version, body) SELECT $1, id, version, $2 FROM accounts WHERE id = $3");
    run(connection, statement.bind(import.0).bind(body(item)?).bind(item.account.0)).await
}

/// What belongs to an account and goes with it.
const OWN: [&str; 7] = [
    "DELETE FROM memberships WHERE account = $1",
    "DELETE FROM sessions WHERE account = $1",
    "DELETE FROM help_requests WHERE account = $1",
    "DELETE FROM notices WHERE account = $1 OR about = $1",
    "DELETE FROM reports WHERE account = $1",
    "UPDATE throttle SET account = NULL WHERE account = $1",
    "DELETE FROM people WHERE account = $1",
];

pub(super) async fn remove_account(connection: &mut PgConnection, account: AccountId) -> Result<(), CommitError> {
    let mut sql = QueryBuilder::<Postgres>::new("SELECT ");
    sql.push(NAMED).push(" FROM (SELECT ").push_bind(account.0).push(" AS account) AS people");
    let named: bool = sql.build_query_scalar().fetch_one(&mut *connection).await.map_err(of_commit)?;
    if named {
        return Err(CommitError::Conflict);
    }
    let called = query("INSERT INTO removed_accounts (id, name, email) SELECT account, name, email FROM people WHERE account = $1");
    run(&mut *connection, called.bind(account.0)).await?;
    for statement in OWN {
        run(&mut *connection, query(statement).bind(account.0)).await?;
    }
    let removed = query("DELETE FROM accounts WHERE id = $1").bind(account.0).execute(connection).await.map_err(of_commit)?;
    if removed.rows_affected() == 1 { Ok(()) } else { Err(CommitError::Conflict) }
}
