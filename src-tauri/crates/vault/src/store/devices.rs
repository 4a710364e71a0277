//! Devices. A vault has some only where its workspace was a server's.

use authority::{
    CommitError, StoreError,
    store::{DeviceQuery, Devices},
};
use domain::{
    device::Device,
    id::{AccountId, DeviceId},
};
use sqlx::{QueryBuilder, SqliteConnection, SqlitePool, query, query_as, query_scalar};

use super::{Row, number, versioned};
use crate::failure::of_database;

pub(super) async fn page(readers: &SqlitePool, asked: &DeviceQuery) -> Result<Devices, StoreError> {
    // All of it is read in one transaction, so that the counts are those of this list.
    let mut transaction = readers.begin().await.map_err(of_database)?;
    let (all, live): (i64, i64) = query_as("SELECT count(*), coalesce(sum(live_until > $1), 0) FROM devices")
        .bind(asked.at.0)
        .fetch_one(&mut *transaction)
        .await
        .map_err(of_database)?;
    let mut listing = QueryBuilder::new("SELECT version, body FROM devices WHERE 1 = 1");
    if !asked.gone {
        listing.push(" AND live_until > ").push_bind(asked.at.0);
    }
    if let Some((at, id)) = &asked.after {
        listing.push(" AND (invited_at, id) < (").push_bind(at.0).push(", ").push_bind(id.to_string()).push(")");
    }
    let limit = asked.limit.max(1) as usize;
    listing.push(" ORDER BY invited_at DESC, id DESC LIMIT ").push_bind(i64::from(asked.limit.max(1)) + 1);
    let found: Vec<Row> = listing.build_query_as().fetch_all(&mut *transaction).await.map_err(of_database)?;
    transaction.commit().await.map_err(of_database)?;
    let more = found.len() > limit;
    let rows = found.into_iter().take(limit).map(|row| versioned::<Device>(row).map(|found| found.record));
    let rows = rows.collect::<Result<Vec<_>, _>>()?;
    let next = rows.last().map(|last| (last.invited_at, last.id)).filter(|_| more);
    Ok(Devices { rows, total: number(if asked.gone { all } else { live })?, gone: number(all - live)?, next })
}

pub(super) async fn write(connection: &mut SqliteConnection, device: &Device) -> Result<(), CommitError> {
    let written = query(
        "INSERT INTO devices (id, version, invited_at, live_until, code, person, body) VALUES ($1, 1, $2, $3, $4, $5, $6)
         ON CONFLICT (id) DO UPDATE SET version = devices.version + 1, live_until = excluded.live_until, code = excluded.code,
            person = excluded.person, body = excluded.body",
    )
    .bind(device.id.to_string())
    .bind(device.invited_at.0)
    .bind(device.live_until().0)
    .bind(device.code_hash().map(|hash| hash.0.to_vec()))
    .bind(device.person.map(|person: AccountId| person.to_string()))
    .bind(super::commit::body(device)?);
    written.execute(connection).await.map(drop).map_err(|error| {
        let here = error.as_database_error().is_some_and(sqlx::error::DatabaseError::is_unique_violation);
        if here { CommitError::Conflict } else { of_database(error).into() }
    })
}

pub(super) async fn signed_in(readers: &SqlitePool, device: DeviceId, limit: u32) -> Result<Vec<AccountId>, StoreError> {
    let found: Vec<String> = query_scalar("SELECT DISTINCT account FROM sessions WHERE device = $1 ORDER BY account LIMIT $2")
        .bind(device.to_string())
        .bind(i64::from(limit))
        .fetch_all(readers)
        .await
        .map_err(of_database)?;
    super::replica::ids(found)
}

pub(super) async fn end_sessions(connection: &mut SqliteConnection, device: DeviceId) -> Result<(), StoreError> {
    let ended = query("DELETE FROM sessions WHERE device = $1").bind(device.to_string());
    ended.execute(connection).await.map(drop).map_err(of_database)
}
