//! Devices: the desktops that are paired.

use authority::{
    CommitError, StoreError,
    store::{DeviceQuery, Devices, RecordKey},
};
use domain::{
    device::Device,
    id::{AccountId, DeviceId},
};
use sqlx::{PgConnection, PgPool, QueryBuilder, query, query_as, query_scalar};
use uuid::Uuid;

use super::{
    Row,
    commit::{Work, body},
    number,
    records::run,
    snapshot, versioned,
};
use crate::failure::{of_database, unless_taken};

pub(super) async fn page(pool: &PgPool, asked: &DeviceQuery) -> Result<Devices, StoreError> {
    // The counts are those of this list.
    let mut snapshot = snapshot(pool).await?;
    let (all, live): (i64, i64) = query_as("SELECT count(*), count(*) FILTER (WHERE live_until > $1) FROM devices")
        .bind(asked.at.0)
        .fetch_one(&mut *snapshot)
        .await
        .map_err(of_database)?;
    let mut listing = QueryBuilder::new("SELECT version, body FROM devices WHERE TRUE");
    if !asked.gone {
        listing.push(" AND live_until > ").push_bind(asked.at.0);
    }
    if let Some((at, id)) = &asked.after {
        listing.push(" AND (invited_at, id) < (").push_bind(at.0).push(", ").push_bind(id.0).push(")");
    }
    let limit = asked.limit.max(1) as usize;
    listing.push(" ORDER BY invited_at DESC, id DESC LIMIT ").push_bind(i64::from(asked.limit.max(1)) + 1);
    let found: Vec<Row> = listing.build_query_as().fetch_all(&mut *snapshot).await.map_err(of_database)?;
    snapshot.commit().await.map_err(of_database)?;
    let more = found.len() > limit;
    let rows = found.into_iter().take(limit).map(|row| versioned::<Device>(row).map(|found| found.record));
    let rows = rows.collect::<Result<Vec<_>, _>>()?;
    let next = rows.last().map(|last| (last.invited_at, last.id)).filter(|_| more);
    Ok(Devices { rows, total: number(if asked.gone { all } else { live })?, gone: number(all - live)?, next })
}

pub(super) async fn write(work: &mut Work<'_>, device: &Device) -> Result<(), CommitError> {
    let statement = query_scalar(
        "INSERT INTO devices (id, version, invited_at, live_until, code, person, body) VALUES ($1, 1, $2, $3, $4, $5, $6)
         ON CONFLICT (id) DO UPDATE SET version = devices.version + 1, live_until = excluded.live_until, code = excluded.code,
            person = excluded.person, body = excluded.body
         RETURNING version",
    );
    let statement = statement
        .bind(device.id.0)
        .bind(device.invited_at.0)
        .bind(device.live_until().0)
        .bind(device.code_hash().map(|hash| hash.0.to_vec()))
        .bind(device.person.map(|person| person.0))
        .bind(body(device)?);
    work.put_unless(RecordKey::Device(device.id), statement, |error| unless_taken(error, CommitError::Conflict)).await
}

pub(super) async fn signed_in(pool: &PgPool, device: DeviceId, limit: u32) -> Result<Vec<AccountId>, StoreError> {
    let found: Vec<Uuid> = query_scalar("SELECT DISTINCT account FROM sessions WHERE device = $1 ORDER BY account LIMIT $2")
        .bind(device.0)
        .bind(i64::from(limit))
        .fetch_all(pool)
        .await
        .map_err(of_database)?;
    Ok(found.into_iter().map(AccountId).collect())
}

pub(super) async fn end_sessions(connection: &mut PgConnection, device: DeviceId) -> Result<(), CommitError> {
    run(connection, query("DELETE FROM sessions WHERE device = $1").bind(device.0)).await
}
