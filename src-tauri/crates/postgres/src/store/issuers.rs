//! Issuers of codes.

use authority::{
    CommitError, StoreError,
    store::{RecordKey, Versioned, issuer_id},
};
use domain::{
    id::{AccountId, DeviceId},
    offline::{EpochKeyId, IssuerId, IssuerRecord},
    time::Moment,
};
use sqlx::{PgPool, query_as, query_scalar};

use super::{
    Row,
    commit::{Work, body},
    versioned,
};
use crate::failure::of_database;

pub(super) async fn of(
    pool: &PgPool,
    key: EpochKeyId,
    device: DeviceId,
    staff: AccountId,
) -> Result<Option<Versioned<IssuerRecord>>, StoreError> {
    let [first, last] = IssuerId::bounds(key).map(Vec::from);
    let found: Option<Row> =
        query_as("SELECT version, body FROM issuers WHERE device = $1 AND staff = $2 AND id >= $3 AND id <= $4 ORDER BY id DESC LIMIT 1")
            .bind(device.0)
            .bind(staff.0)
            .bind(first)
            .bind(last)
            .fetch_optional(pool)
            .await
            .map_err(of_database)?;
    found.map(versioned).transpose()
}

pub(super) async fn last(pool: &PgPool, key: EpochKeyId) -> Result<Option<IssuerId>, StoreError> {
    let [first, last] = IssuerId::bounds(key).map(Vec::from);
    let found: Option<Vec<u8>> = query_scalar("SELECT id FROM issuers WHERE id >= $1 AND id <= $2 ORDER BY id DESC LIMIT 1")
        .bind(first)
        .bind(last)
        .fetch_optional(pool)
        .await
        .map_err(of_database)?;
    found.as_deref().map(issuer_id).transpose()
}

pub(super) async fn since(pool: &PgPool, since: Moment, limit: u32) -> Result<Vec<Versioned<IssuerRecord>>, StoreError> {
    let found: Vec<Row> = query_as("SELECT version, body FROM issuers WHERE touched_at >= $1 ORDER BY touched_at DESC, id DESC LIMIT $2")
        .bind(since.0)
        .bind(i64::from(limit))
        .fetch_all(pool)
        .await
        .map_err(of_database)?;
    found.into_iter().map(versioned).collect()
}

pub(super) async fn at(pool: &PgPool, device: DeviceId, limit: u32) -> Result<Vec<IssuerRecord>, StoreError> {
    let found: Vec<Row> = query_as("SELECT version, body FROM issuers WHERE device = $1 ORDER BY touched_at DESC, id DESC LIMIT $2")
        .bind(device.0)
        .bind(i64::from(limit))
        .fetch_all(pool)
        .await
        .map_err(of_database)?;
    found.into_iter().map(|row| versioned(row).map(|found| found.record)).collect()
}

pub(super) async fn write(work: &mut Work<'_>, issuer: &IssuerRecord) -> Result<(), CommitError> {
    let statement = query_scalar(
        "INSERT INTO issuers (id, version, device, staff, touched_at, body) VALUES ($1, 1, $2, $3, $4, $5)
         ON CONFLICT (id) DO UPDATE SET version = issuers.version + 1, staff = excluded.staff, touched_at = excluded.touched_at, body = excluded.body
         RETURNING version",
    );
    let statement = statement.bind(issuer.id().bytes().to_vec()).bind(issuer.device.0).bind(issuer.staff.0);
    work.put(RecordKey::Issuer(issuer.id()), statement.bind(issuer.touched_at().0).bind(body(issuer)?)).await
}
