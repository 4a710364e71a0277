//! Issuers of codes. A vault has some only where its workspace was a server's, or hands codes over itself.

use authority::{
    CommitError, StoreError,
    store::{Versioned, issuer_id},
};
use domain::{
    id::{AccountId, DeviceId},
    offline::{EpochKeyId, IssuerId, IssuerRecord},
    time::Moment,
};
use sqlx::{SqliteConnection, SqlitePool, query, query_as, query_scalar};

use super::{Row, versioned};
use crate::failure::of_database;

pub(super) async fn of(
    readers: &SqlitePool,
    key: EpochKeyId,
    device: DeviceId,
    staff: AccountId,
) -> Result<Option<Versioned<IssuerRecord>>, StoreError> {
    let [first, last] = IssuerId::bounds(key).map(Vec::from);
    let found: Option<Row> =
        query_as("SELECT version, body FROM issuers WHERE device = $1 AND staff = $2 AND id >= $3 AND id <= $4 ORDER BY id DESC LIMIT 1")
            .bind(device.to_string())
            .bind(staff.to_string())
            .bind(first)
            .bind(last)
            .fetch_optional(readers)
            .await
            .map_err(of_database)?;
    found.map(versioned).transpose()
}

pub(super) async fn last(readers: &SqlitePool, key: EpochKeyId) -> Result<Option<IssuerId>, StoreError> {
    let [first, last] = IssuerId::bounds(key).map(Vec::from);
    let found: Option<Vec<u8>> = query_scalar("SELECT max(id) FROM issuers WHERE id >= $1 AND id <= $2")
        .bind(first)
        .bind(last)
        .fetch_one(readers)
        .await
        .map_err(of_database)?;
    found.as_deref().map(issuer_id).transpose()
}

pub(super) async fn since(readers: &SqlitePool, since: Moment, limit: u32) -> Result<Vec<Versioned<IssuerRecord>>, StoreError> {
    let found: Vec<Row> = query_as("SELECT version, body FROM issuers WHERE touched_at >= $1 ORDER BY touched_at DESC, id DESC LIMIT $2")
        .bind(since.0)
        .bind(i64::from(limit))
        .fetch_all(readers)
        .await
        .map_err(of_database)?;
    found.into_iter().map(versioned).collect()
}

pub(super) async fn at(readers: &SqlitePool, device: DeviceId, limit: u32) -> Result<Vec<IssuerRecord>, StoreError> {
    let found: Vec<Row> = query_as("SELECT version, body FROM issuers WHERE device = $1 ORDER BY touched_at DESC, id DESC LIMIT $2")
        .bind(device.to_string())
        .bind(i64::from(limit))
        .fetch_all(readers)
        .await
        .map_err(of_database)?;
    found.into_iter().map(|row| versioned(row).map(|found| found.record)).collect()
}

pub(super) async fn write(connection: &mut SqliteConnection, issuer: &IssuerRecord) -> Result<(), CommitError> {
    query(
        "INSERT INTO issuers (id, version, device, staff, touched_at, body) VALUES ($1, 1, $2, $3, $4, $5)
         ON CONFLICT (id) DO UPDATE SET version = issuers.version + 1, staff = excluded.staff, touched_at = excluded.touched_at, body = excluded.body",
    )
    .bind(issuer.id().bytes().to_vec())
    .bind(issuer.device.to_string())
    .bind(issuer.staff.to_string())
    .bind(issuer.touched_at().0)
    .bind(super::commit::body(issuer)?)
    .execute(connection)
    .await
    .map(drop)
    .map_err(|error| of_database(error).into())
}
