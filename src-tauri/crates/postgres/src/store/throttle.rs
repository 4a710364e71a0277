//! Counts of failures: whose they are, and letting go of dead ones.

use authority::{CommitError, store::RecordKey};
use domain::{decision::ThrottleKey, id::AccountId, throttle::Failures, time::Moment};
use sqlx::{PgConnection, query, query_as, query_scalar};
use uuid::Uuid;

use super::{
    commit::{Work, body},
    records::run,
};
use crate::failure::of_commit;

pub(super) async fn write(work: &mut Work<'_>, key: ThrottleKey, failures: &Failures) -> Result<(), CommitError> {
    let statement = query_scalar(
        "INSERT INTO throttle (id, version, waits_until, body) VALUES ($1, 1, $2, $3)
         ON CONFLICT (id) DO UPDATE SET version = throttle.version + 1, waits_until = excluded.waits_until, body = excluded.body
         RETURNING version",
    );
    let statement = statement.bind(key.to_vec()).bind(failures.until().map(|until| until.0)).bind(body(failures)?);
    work.put(RecordKey::Throttle(key), statement).await
}

/// Stands for whoever an address that is nobody's might be: the same statements run, and find nobody.
const NOBODY: AccountId = AccountId(Uuid::nil());

/// Says whose counts these are, and that no others are theirs.
pub(super) async fn name(connection: &mut PgConnection, account: Option<AccountId>, keys: [ThrottleKey; 2]) -> Result<(), CommitError> {
    let keys: Vec<Vec<u8>> = keys.iter().map(|key| key.to_vec()).collect();
    let others = query("UPDATE throttle SET account = NULL WHERE account = $1 AND id <> ALL($2)");
    run(&mut *connection, others.bind(account.unwrap_or(NOBODY).0).bind(&keys)).await?;
    let these = query("UPDATE throttle SET account = $1 WHERE id = ANY($2)");
    run(connection, these.bind(account.map(|account| account.0)).bind(&keys)).await
}

/// How many neighbours of a count are looked at when it is written.
const NEIGHBOURS: i64 = 8;

/// Lets go of dead counts among the neighbours of one that was written. The keys are as good as random, so that every count
/// is looked at sooner or later, and no write ever looks at many.
pub(super) async fn forget(connection: &mut PgConnection, key: &ThrottleKey, now: Moment) -> Result<(), CommitError> {
    // Around the end, to the first.
    let found: Vec<(Vec<u8>, i64, String)> = query_as(
        "(SELECT id, version, body FROM throttle WHERE id > $1 ORDER BY id LIMIT $2)
         UNION ALL (SELECT id, version, body FROM throttle WHERE id < $1 ORDER BY id LIMIT $2) LIMIT $2",
    )
    .bind(key.to_vec())
    .bind(NEIGHBOURS)
    .fetch_all(&mut *connection)
    .await
    .map_err(of_commit)?;
    // One that cannot be read stays: whoever asks for it is told.
    let is_dead = |body: &str| serde_json::from_str::<Failures>(body).is_ok_and(|failures| failures.is_dead(now));
    let (ids, versions): (Vec<Vec<u8>>, Vec<i64>) =
        found.into_iter().filter(|(.., body)| is_dead(body)).map(|(id, version, _)| (id, version)).unzip();
    if ids.is_empty() {
        return Ok(());
    }
    // One that somebody writes at this moment is not dead any more, and is not waited for.
    let dead = query(
        "DELETE FROM throttle WHERE id IN (
             SELECT throttle.id FROM throttle JOIN unnest($1::bytea[], $2::int8[]) AS dead (id, version) USING (id, version)
             FOR UPDATE OF throttle SKIP LOCKED)",
    );
    run(connection, dead.bind(ids).bind(versions)).await
}
