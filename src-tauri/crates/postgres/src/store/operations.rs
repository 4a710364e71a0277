//! Verdicts on operations of desktops.

use authority::{
    CommitError,
    store::{Decided, RecordKey},
};
use domain::{
    operation::{Operation, kept_since},
    time::Moment,
};
use sqlx::{query, query_scalar};

use super::{
    commit::{Work, body},
    records::run,
};

/// How many that are kept no longer go with one that is written.
const LET_GO: i64 = 20;

/// Keeps verdicts, and lets a few go that are too old.
pub(super) async fn write(work: &mut Work<'_>, operations: Vec<Decided>, first: Option<u64>, now: Moment) -> Result<(), CommitError> {
    // One that another commit lets go at this moment is not waited for.
    let old = query(
        "DELETE FROM operations WHERE id IN (
             SELECT id FROM operations WHERE decided_at < $1 ORDER BY decided_at LIMIT $2 FOR UPDATE SKIP LOCKED)",
    );
    run(work.connection, old.bind(kept_since(now).0).bind(LET_GO)).await?;
    for (operation, place) in operations {
        let operation = Operation { journalled: first.zip(place).map(|(first, place)| first + place), ..*operation };
        let statement = query_scalar(
            "INSERT INTO operations (id, version, person, decided_at, body) VALUES ($1, 1, $2, $3, $4)
             ON CONFLICT (id) DO UPDATE SET version = operations.version + 1, person = excluded.person,
                decided_at = excluded.decided_at, body = excluded.body
             RETURNING version",
        );
        let statement = statement.bind(operation.id.bytes().to_vec()).bind(operation.person.0).bind(operation.at.0);
        work.put(RecordKey::Operation(operation.id), statement.bind(body(&operation)?)).await?;
    }
    Ok(())
}
