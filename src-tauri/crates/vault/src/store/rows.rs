//! Many rows with few statements. A statement is handed to the thread of its connection, which takes longer than a row.

use serde::Serialize;
use sqlx::{QueryBuilder, Sqlite, SqliteConnection, query_builder::Separated};

/// Records that are gathered and then written together. Whoever watches may stop a commit between two lots of them.
pub(super) const GATHERED: usize = 256;

/// Rows of one statement. A few sizes only: a connection keeps statements prepared by their text.
const SIZES: [usize; 3] = [64, 8, 1];

/// Rows in parts of such sizes, in their order.
pub(super) fn parts<T>(rows: &[T]) -> impl Iterator<Item = &[T]> {
    in_sizes(rows, SIZES)
}

fn in_sizes<T>(mut rows: &[T], sizes: [usize; 3]) -> impl Iterator<Item = &[T]> {
    std::iter::from_fn(move || {
        let size = sizes.into_iter().find(|size| *size <= rows.len())?;
        let (part, rest) = rows.split_at(size);
        rows = rest;
        Some(part)
    })
}

/// Runs `before VALUES (…), (…) after`, as often as the rows need it.
///
/// With `OR FAIL` a statement of many rows that fails leaves what it wrote, for the transaction to undo. Without, SQLite keeps
/// every page that it changes as it was, which takes as long as the rest.
pub(super) async fn write<T: Sync>(
    connection: &mut SqliteConnection,
    before: &'static str,
    rows: &[T],
    row: impl Fn(&mut Separated<'_, Sqlite, &'static str>, &T) + Send + Sync,
    after: &'static str,
) -> Result<(), sqlx::Error> {
    for part in parts(rows) {
        let mut sql = QueryBuilder::new(before);
        sql.push_values(part, |mut values, one| row(&mut values, one)).push(after);
        sql.build().execute(&mut *connection).await?;
    }
    Ok(())
}

/// Statements that are handed over together.
const TOGETHER: [usize; 3] = [16, 4, 1];

/// Runs `before VALUES (…)` for every row by itself, many handed over together. For tables with an index on what a function says:
/// that may fail, and so a statement of many rows keeps every page as it was, `OR FAIL` or not.
pub(super) async fn write_each<T: Sync>(
    connection: &mut SqliteConnection,
    before: &'static str,
    rows: &[T],
    row: impl Fn(&mut Separated<'_, Sqlite, &'static str>, &T) + Send + Sync,
) -> Result<(), sqlx::Error> {
    for part in in_sizes(rows, TOGETHER) {
        let mut sql = QueryBuilder::new("");
        for one in part {
            sql.push(before).push_values([one], |mut values, one| row(&mut values, one)).push("; ");
        }
        sql.build().execute(&mut *connection).await?;
    }
    Ok(())
}

/// What `SELECT value FROM json_each(…)` gives back one by one.
pub(super) fn list<T: Serialize>(values: impl IntoIterator<Item = T>) -> String {
    let values: Vec<T> = values.into_iter().collect();
    serde_json::to_string(&values).expect("identifiers and numbers can be written")
}
