//! Reading the directory out of the database.

use std::{
    collections::HashMap,
    sync::atomic::{AtomicBool, Ordering},
};

use authority::StoreError;
use domain::{account::Account, id::AccountId, throttle::Failures, time::Moment};
use sqlx::{Connection, SqliteConnection, query_as, query_scalar};
use tokio::task::{JoinError, spawn_blocking};

use super::book::{Book, Effects, Entry};
use crate::{connection::Source, failure::of_database, store::record};

/// Accounts that are taken in at once, while the next are read.
const BATCH: i64 = 2_048;

/// Everybody.
pub(super) async fn load(source: &Source, stopped: &AtomicBool) -> Result<Book, StoreError> {
    // A connection of its own: going through everybody would fill the cache of one that stays, and keep it full.
    let mut connection = source.connect().await?;
    let read = read(&mut connection, stopped).await;
    connection.close().await.map_err(of_database)?;
    read
}

async fn read(connection: &mut SqliteConnection, stopping: &AtomicBool) -> Result<Book, StoreError> {
    let mut transaction = connection.begin().await.map_err(of_database)?;
    let waits: Vec<(String, String)> =
        query_as("SELECT account, body FROM throttle WHERE account IS NOT NULL").fetch_all(&mut *transaction).await.map_err(of_database)?;
    let mut taking = spawn_blocking(|| Ok(Book::default()));
    let mut after = i64::MIN;
    loop {
        if stopping.load(Ordering::Acquire) {
            return Err(StoreError::Failed("the vault is closed".into()));
        }
        let rows: Vec<(i64, String)> = query_as("SELECT rowid, body FROM accounts WHERE rowid > $1 ORDER BY rowid LIMIT $2")
            .bind(after)
            .bind(BATCH)
            .fetch_all(&mut *transaction)
            .await
            .map_err(of_database)?;
        let mut book = taking.await.map_err(stopped)??;
        let Some((last, _)) = rows.last() else {
            let mut effects = Effects::default();
            latest(waits)?.into_iter().for_each(|(account, until)| effects.wait(account, Some(until)));
            book.apply(effects);
            // Nothing was written: there is nothing to lose by it.
            transaction.rollback().await.map_err(of_database)?;
            return Ok(book);
        };
        after = *last;
        taking = spawn_blocking(move || {
            book.fill(rows.iter().map(|(_, body)| entry(body)).collect::<Result<Vec<Entry>, StoreError>>()?);
            Ok(book)
        });
    }
}

/// What the database says now of these, and of nobody else.
pub(super) async fn again(connection: &mut SqliteConnection, people: &[AccountId]) -> Result<Effects, StoreError> {
    let mut effects = Effects::default();
    for id in people {
        let body: Option<String> = query_scalar("SELECT body FROM accounts WHERE id = $1")
            .bind(id.to_string())
            .fetch_optional(&mut *connection)
            .await
            .map_err(of_database)?;
        let Some(body) = body else {
            effects.remove(*id);
            continue;
        };
        effects.put.push(entry(&body)?);
        effects.wait(*id, waits_until(connection, *id).await?);
    }
    Ok(effects)
}

/// Until when the password of somebody waits: the latest of what is counted.
pub(crate) async fn waits_until(connection: &mut SqliteConnection, account: AccountId) -> Result<Option<Moment>, StoreError> {
    let counts: Vec<(String, String)> = query_as("SELECT account, body FROM throttle WHERE account = $1")
        .bind(account.to_string())
        .fetch_all(connection)
        .await
        .map_err(of_database)?;
    Ok(latest(counts)?.into_values().max())
}

fn latest(counts: Vec<(String, String)>) -> Result<HashMap<AccountId, Moment>, StoreError> {
    let mut latest: HashMap<AccountId, Moment> = HashMap::new();
    for (account, body) in counts {
        let id = account.parse().map_err(|_| StoreError::Damaged("a count names nobody".into()))?;
        if let Some(until) = record::<Failures>(&body)?.until() {
            let known = latest.entry(AccountId(id)).or_insert(until);
            *known = until.max(*known);
        }
    }
    Ok(latest)
}

fn entry(body: &str) -> Result<Entry, StoreError> {
    record::<Account>(body).map(|account| Entry::from(&account))
}

fn stopped(_: JoinError) -> StoreError {
    StoreError::Failed("the people could not be read".into())
}
