//! Sign-in checks in a second: an authenticator code judged, its step spent, and all of it on the disk.

use crate::played::{Played, secret};
use crate::rows::Row;
use crate::{timed, wait_for};
use authority::Store;
use sallyport_tests::{Error, Result};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, SqliteConnection, query};
use std::path::Path;
use std::time::Duration;
use wire::sign_in::GiveCode;

const CHECKS: u32 = 300;

/// The password's Argon2id is left out: it runs before the code is asked. The reference is what SQLCipher itself can
/// commit: one record of the same size and one journal row, with the same settings, on the same disk, taking turns.
pub(crate) fn rows() -> Result<Vec<Row>> {
    let folder = tempfile::tempdir()?;
    let (ours, reference) = wait_for(measure(folder.path()))??;
    let rate = |time: Duration| f64::from(CHECKS) / time.as_secs_f64();
    Ok(vec![Row::new("sign-in checks", rate(ours), Some(rate(reference)), "/s")])
}

async fn measure(folder: &Path) -> Result<(Duration, Duration)> {
    let (played, owner) = Played::found(folder, "Bench", 1_800_000_000).await;
    let account = played.authority.store().account_by_email(&owner.email).await.map_err(|error| Error::said(error.to_string()))?;
    let account = account.ok_or_else(|| Error::said("The owner has no account."))?;
    let body = serde_json::to_string(&account.record)?;
    let mut bare = bare(&folder.join("bare.db"), &body).await.map_err(of_database)?;
    let (mut ours, mut reference) = (Duration::ZERO, Duration::ZERO);
    for check in 0..CHECKS {
        let (_, door) = played.first_door(&owner.email).await.map_err(|refusal| Error::said(refusal.to_string()))?;
        let code = secret(&owner.phone.code(played.clock.now()));
        let (time, step) = timed(played.call(Some(&door), GiveCode { code })).await;
        step.map_err(|refusal| Error::said(refusal.to_string()))?;
        ours += time;
        let (time, done) = timed(commit(&mut bare, i64::from(check), &body)).await;
        done.map_err(of_database)?;
        reference += time;
        played.clock.turn(30);
    }
    played.close().await;
    Ok((ours, reference))
}

fn of_database(error: sqlx::Error) -> Error {
    Error::said(error.to_string())
}

async fn bare(file: &Path, body: &str) -> std::result::Result<SqliteConnection, sqlx::Error> {
    let mut connection = SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(true)
        .disable_statement_logging()
        .pragma("key", format!("\"x'{}'\"", "5a".repeat(32)))
        .pragma("cipher_memory_security", "ON")
        .pragma("temp_store", "MEMORY")
        .pragma("cache_size", "-65536")
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .connect()
        .await?;
    for table in [
        "CREATE TABLE records (id INTEGER PRIMARY KEY, version BIGINT, body TEXT)",
        "CREATE TABLE journal (idx BIGINT PRIMARY KEY, facts TEXT, leaf BLOB)",
    ] {
        query(table).execute(&mut connection).await?;
    }
    query("INSERT INTO records VALUES (1, 1, $1)").bind(body).execute(&mut connection).await?;
    Ok(connection)
}

async fn commit(connection: &mut SqliteConnection, index: i64, body: &str) -> std::result::Result<(), sqlx::Error> {
    let mut writing = connection.begin_with("BEGIN IMMEDIATE").await?;
    query("UPDATE records SET version = version + 1, body = $1 WHERE id = 1").bind(body).execute(&mut *writing).await?;
    let facts = "{\"at\":1800000000,\"communities\":[],\"kind\":\"sign-in.authenticator\",\"v\":1}";
    query("INSERT INTO journal VALUES ($1, $2, $3)").bind(index).bind(facts).bind(vec![7_u8; 81]).execute(&mut *writing).await?;
    writing.commit().await
}
