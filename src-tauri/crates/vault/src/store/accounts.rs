//! Writing accounts, with what lists and rules find them by.

use std::collections::HashSet;

use authority::{CommitError, StoreError, store::Projection};
use domain::account::Account;
use serde::Serialize;
use sqlx::{Sqlite, SqliteConnection, query, query_builder::Separated, query_scalar};

use super::{commit::body, rows};
use crate::failure::of_database;

/// From so many on it is asked first which are there: a statement of many rows that either makes or replaces them would keep
/// every page as it was, to undo itself alone.
const MANY: usize = 8;

struct Document<'a> {
    account: &'a Account,
    /// Where it is not the next one.
    version: Option<i64>,
    columns: Projection,
    body: String,
}

/// Makes or replaces accounts. None may come twice.
pub(super) async fn write(connection: &mut SqliteConnection, accounts: &[Account]) -> Result<(), CommitError> {
    let mut documents = Vec::with_capacity(accounts.len());
    for account in accounts {
        documents.push(Document { account, version: None, columns: Projection::from(account), body: body(account)? });
    }
    if documents.len() < MANY {
        make_or_replace(connection, &documents).await.map_err(taken)?;
        write_memberships(connection, accounts.iter().map(|account| account.id), accounts).await?;
    } else {
        let there = there(connection, accounts).await?;
        make_and_replace(connection, documents, &there).await?;
        write_memberships(connection, there, accounts).await?;
    }
    Ok(())
}

/// Makes or replaces accounts that have their versions from elsewhere. `there` are those that are replaced.
pub(super) async fn write_as(
    connection: &mut SqliteConnection,
    accounts: &[(Account, i64)],
    there: &HashSet<String>,
) -> Result<(), CommitError> {
    let mut documents = Vec::with_capacity(accounts.len());
    for (account, version) in accounts {
        documents.push(Document { account, version: Some(*version), columns: Projection::from(account), body: body(account)? });
    }
    make_and_replace(connection, documents, there).await?;
    write_memberships(connection, there, accounts.iter().map(|(account, _)| account)).await
}

async fn make_and_replace(
    connection: &mut SqliteConnection,
    documents: Vec<Document<'_>>,
    there: &HashSet<String>,
) -> Result<(), CommitError> {
    let (old, new): (Vec<_>, Vec<_>) = documents.into_iter().partition(|document| there.contains(&document.account.id.to_string()));
    // Whoever is there may give up the address of somebody who is new.
    replace(connection, &old).await.map_err(taken)?;
    make(connection, &new).await.map_err(taken)
}

/// Their roles, in place of those that whoever was `there` held.
async fn write_memberships<'a>(
    connection: &mut SqliteConnection,
    there: impl IntoIterator<Item: Serialize>,
    accounts: impl IntoIterator<Item = &'a Account>,
) -> Result<(), CommitError> {
    query("DELETE FROM memberships WHERE account IN (SELECT value FROM json_each($1))")
        .bind(rows::list(there))
        .execute(&mut *connection)
        .await
        .map_err(of_database)?;
    let memberships: Vec<_> = accounts.into_iter().flat_map(|account| account.memberships.iter().map(|held| (account.id, held))).collect();
    rows::write(
        connection,
        "INSERT OR FAIL INTO memberships (account, community, role) ",
        &memberships,
        |row, (account, held)| {
            row.push_bind(account.to_string()).push_bind(held.community.to_string()).push_bind(held.role.as_str());
        },
        "",
    )
    .await
    .map_err(|error| of_database(error).into())
}

fn taken(error: sqlx::Error) -> CommitError {
    let taken = error.as_database_error().is_some_and(sqlx::error::DatabaseError::is_unique_violation);
    if taken { CommitError::EmailTaken } else { of_database(error).into() }
}

async fn there(connection: &mut SqliteConnection, accounts: &[Account]) -> Result<HashSet<String>, StoreError> {
    // One text: handing over row by row would take longer than reading them.
    let there: Option<String> = query_scalar("SELECT group_concat(id, ' ') FROM accounts WHERE id IN (SELECT value FROM json_each($1))")
        .bind(rows::list(accounts.iter().map(|account| account.id)))
        .fetch_one(connection)
        .await
        .map_err(of_database)?;
    Ok(there.unwrap_or_default().split_whitespace().map(str::to_owned).collect())
}

/// `next`: the version of one that has none from elsewhere.
fn columns(row: &mut Separated<'_, Sqlite, &'static str>, document: &Document<'_>, next: &'static str) {
    let Document { account, version, columns, body } = document;
    row.push_bind(account.id.to_string());
    match version {
        Some(version) => row.push_bind(*version),
        None => row.push(next),
    };
    row.push_bind(account.name.as_str()).push_bind(columns.name.as_str());
    row.push_bind(account.email.as_str()).push_bind(columns.email.as_str()).push_bind(columns.state.as_str());
    row.push_bind(account.created_at.0).push_bind(i64::from(columns.owner)).push_bind(body.as_str());
    // What SQLite joins ends in a zero byte, and what is bound does not: the index of lists reads the document two dozen times,
    // and would copy it each time to end it in one.
    row.push_unseparated(" || ''");
}

async fn make_or_replace(connection: &mut SqliteConnection, documents: &[Document<'_>]) -> Result<(), sqlx::Error> {
    rows::write(
        connection,
        "INSERT INTO accounts (id, version, name, name_folded, email, email_folded, state, created_at, owner, body) ",
        documents,
        |row, document| columns(row, document, "1"),
        " ON CONFLICT (id) DO UPDATE SET version = accounts.version + 1, name = excluded.name, name_folded = excluded.name_folded,
            email = excluded.email, email_folded = excluded.email_folded, state = excluded.state, owner = excluded.owner, body = excluded.body",
    )
    .await
}

async fn make(connection: &mut SqliteConnection, documents: &[Document<'_>]) -> Result<(), sqlx::Error> {
    rows::write_each(
        connection,
        "INSERT INTO accounts (id, version, name, name_folded, email, email_folded, state, created_at, owner, body) ",
        documents,
        |row, document| columns(row, document, "1"),
    )
    .await
}

async fn replace(connection: &mut SqliteConnection, documents: &[Document<'_>]) -> Result<(), sqlx::Error> {
    rows::write(
        connection,
        "UPDATE OR FAIL accounts SET version = coalesce(new.column2, accounts.version + 1), name = new.column3, name_folded = new.column4,
            email = new.column5, email_folded = new.column6, state = new.column7, owner = new.column9, body = new.column10 || ''
         FROM (",
        documents,
        |row, document| columns(row, document, "NULL"),
        ") AS new WHERE accounts.id = new.column1",
    )
    .await
}
