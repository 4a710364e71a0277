//! Reading the directory out of the database.

use std::{
    collections::HashMap,
    sync::atomic::{AtomicBool, Ordering},
};

use authority::{StoreError, store::By};
use domain::{id::AccountId, throttle::Failures, time::Moment};
use sqlx::{Connection, SqliteConnection, query_as, query_scalar};
use tokio::task::{JoinError, JoinHandle, spawn_blocking};

use super::{
    book::{Book, Effects, Entry},
    sketch::{Sketch, listed},
};
use crate::{
    connection::Source,
    failure::of_database,
    store::{record, unreadable},
};

/// Accounts that are taken in at once, while the next are read.
const BATCH: i64 = 1_024;

/// The accounts after one, joined into one text: a row for each would be handed from thread to thread, which takes longer
/// than all else.
pub(super) const NEXT: &str = concat!(
    "SELECT json_group_array(place), group_concat(sketch, char(10)) FROM (SELECT rowid AS place, ",
    listed!(),
    " AS sketch FROM accounts WHERE ",
    listed!(),
    " > $1 ORDER BY ",
    listed!(),
    " LIMIT $2)"
);
const UNREADABLE: &str = concat!("SELECT count(*) FROM accounts WHERE ", listed!(), " IS NULL");
const ONE: &str = concat!("SELECT coalesce(", listed!(), ", '') FROM accounts WHERE id = $1");

/// Everybody.
pub(super) async fn load(source: &Source, stopped: &AtomicBool) -> Result<Book, StoreError> {
    // A connection of its own: going through everybody would fill the cache of one that stays, and keep it full.
    let mut connection = source.connect().await?;
    let read = read(&mut connection, stopped).await;
    let closed = connection.close().await.map_err(of_database);
    let book = read?;
    closed?;
    Ok(book)
}

async fn read(connection: &mut SqliteConnection, stopping: &AtomicBool) -> Result<Book, StoreError> {
    let mut transaction = connection.begin().await.map_err(of_database)?;
    let waits: Vec<(String, String)> =
        query_as("SELECT account, body FROM throttle WHERE account IS NOT NULL").fetch_all(&mut *transaction).await.map_err(of_database)?;
    let waits = latest(waits)?;
    let unreadable_ones: i64 = query_scalar(UNREADABLE).fetch_one(&mut *transaction).await.map_err(of_database)?;
    if unreadable_ones > 0 {
        return Err(unreadable());
    }
    let mut taking: Taking = spawn_blocking(|| Ok(Book::default()));
    let mut after = String::new();
    loop {
        if stopping.load(Ordering::Acquire) {
            return Err(StoreError::Failed("the vault is closed".into()));
        }
        let (places, sketches): (String, Option<String>) =
            query_as(NEXT).bind(&after).bind(BATCH).fetch_one(&mut *transaction).await.map_err(of_database)?;
        let mut book = taking.await.map_err(broken_off)??;
        let Some(sketches) = sketches else {
            // Nothing was written: there is nothing to lose by it.
            transaction.rollback().await.map_err(of_database)?;
            return ordered(book, waits).await;
        };
        sketches.rsplit('\n').next().unwrap_or_default().clone_into(&mut after);
        taking = spawn_blocking(move || {
            book.fill(entries(&places, &sketches)?);
            Ok(book)
        });
    }
}

type Waits = HashMap<AccountId, Moment>;
type Taking = JoinHandle<Result<Book, StoreError>>;

async fn ordered(mut book: Book, waits: Waits) -> Result<Book, StoreError> {
    let work = spawn_blocking(move || {
        let mut effects = Effects::default();
        waits.into_iter().for_each(|(account, until)| effects.wait(account, Some(until)));
        book.apply(effects);
        // What everybody asks for first.
        book.order(By::Name);
        book
    });
    work.await.map_err(broken_off)
}

fn entries(places: &str, sketches: &str) -> Result<Vec<(i64, Entry)>, StoreError> {
    let places: Vec<i64> = record(places)?;
    let sketches: Vec<Sketch> =
        serde_json::Deserializer::from_str(sketches).into_iter().collect::<Result<_, _>>().map_err(|_| unreadable())?;
    if places.len() != sketches.len() {
        return Err(unreadable());
    }
    Ok(places.into_iter().zip(sketches.into_iter().map(Entry::from)).collect())
}

/// What the database says now of these, and of nobody else.
pub(super) async fn again(connection: &mut SqliteConnection, people: &[AccountId]) -> Result<Effects, StoreError> {
    let mut effects = Effects::default();
    for id in people {
        let sketch: Option<String> = query_scalar(ONE).bind(id.to_string()).fetch_optional(&mut *connection).await.map_err(of_database)?;
        let Some(sketch) = sketch else {
            effects.remove(*id);
            continue;
        };
        effects.enter(record::<Sketch>(&sketch)?.into());
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

fn latest(counts: Vec<(String, String)>) -> Result<Waits, StoreError> {
    let mut latest = Waits::new();
    for (account, body) in counts {
        let id = account.parse().map_err(|_| StoreError::Damaged("a count names nobody".into()))?;
        if let Some(until) = record::<Failures>(&body)?.until() {
            let known = latest.entry(AccountId(id)).or_insert(until);
            *known = until.max(*known);
        }
    }
    Ok(latest)
}

fn broken_off(_: JoinError) -> StoreError {
    StoreError::Failed("the people could not be read".into())
}
