//! Copying a database under another key, and checking the copy.

use std::{
    fs::{self, File},
    ops::ControlFlow,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use authority::StoreError;
use sqlx::{Connection, SqliteConnection, query, query_scalar, raw_sql};

use crate::{
    connection::{Key, connect, raw, unkeyed},
    failure::{CopyError, of_database},
};

/// What a long change is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Copies the database under another key.
    Copying,
    /// Reads the copy and checks it.
    Checking,
    /// Puts the file together, or takes it apart.
    Writing,
}

/// How far a long change has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// What it is doing.
    pub stage: Stage,
    /// Bytes done, about.
    pub done: u64,
    /// Bytes in all, about.
    pub total: u64,
}

/// Told of progress, now and then and on other threads; answers whether to go on. A change that has come to the point
/// where it counts goes on whatever the answer.
pub type Watch = Arc<dyn Fn(Progress) -> ControlFlow<()> + Send + Sync>;

/// Watches nothing and stops nothing.
#[must_use]
pub fn unwatched() -> Watch {
    Arc::new(|_| ControlFlow::Continue(()))
}

/// Steps of SQLite's machine between two looks at the watch: a few hundred rows.
const STEPS: i32 = 1_000;

pub(crate) fn ask(watch: &Watch, stage: Stage, done: u64, total: u64) -> Result<(), CopyError> {
    match watch(Progress { stage, done: done.min(total), total }) {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(()) => Err(CopyError::Cancelled),
    }
}

/// A database and its key.
#[derive(Clone)]
pub(crate) struct Keyed {
    pub(crate) file: PathBuf,
    pub(crate) key: Key,
}

/// What was copied, to be found again in the copy.
#[derive(PartialEq, Eq)]
struct Contents(Vec<(String, i64)>);

/// Copies all of a database into a new file under another key, as it was at one moment, while others go on writing.
/// When this returns, the copy was read back and checked, and is on the disk. A copy that failed is removed.
pub(crate) async fn copy(from: &Keyed, to: &Keyed, watch: &Watch) -> Result<(), CopyError> {
    let copied = match write(from, to, watch).await {
        Ok(contents) => check(to, &contents, watch).await.and_then(|()| Ok(File::open(&to.file)?.sync_all()?)),
        Err(error) => Err(error),
    };
    if copied.is_err() {
        let _gone = fs::remove_file(&to.file);
    }
    copied
}

fn size(file: &Path) -> u64 {
    fs::metadata(file).map_or(0, |metadata| metadata.len())
}

async fn write(from: &Keyed, to: &Keyed, watch: &Watch) -> Result<Contents, CopyError> {
    drop(File::create_new(&to.file)?);
    let mut connection = connect(unkeyed(&from.file), &from.key, "").await.map_err(of_database)?;
    let stopped = Arc::new(AtomicBool::new(false));
    let (total, copy) = (size(&from.file), to.file.clone());
    watching(&mut connection, watch, &stopped, Stage::Copying, total, move || size(&copy)).await?;
    let written = attach_and_export(&mut connection, to).await;
    let closed = connection.close().await.map_err(of_database);
    match written {
        Err(_) if stopped.load(Ordering::Relaxed) => Err(CopyError::Cancelled),
        Err(error) => Err(error.into()),
        Ok(contents) => Ok(closed.map(|()| contents)?),
    }
}

async fn attach_and_export(connection: &mut SqliteConnection, to: &Keyed) -> Result<Contents, StoreError> {
    let file = to.file.to_str().ok_or_else(|| StoreError::Failed("the file's name cannot be written".into()))?;
    query("ATTACH DATABASE $1 AS copy KEY $2")
        .bind(file)
        .bind(raw(&to.key).as_str())
        .execute(&mut *connection)
        .await
        .map_err(of_database)?;
    // The file counts only once it was read back and put on the disk. A small cache, so that its growth can be watched.
    let quick = "PRAGMA copy.journal_mode = OFF; PRAGMA copy.synchronous = OFF; PRAGMA copy.cache_size = -4096; BEGIN;";
    raw_sql(quick).execute(&mut *connection).await.map_err(of_database)?;
    raw_sql("SELECT sqlcipher_export('copy')").execute(&mut *connection).await.map_err(of_database)?;
    let contents = contents(connection).await?;
    raw_sql("COMMIT; DETACH DATABASE copy").execute(&mut *connection).await.map_err(of_database)?;
    Ok(contents)
}

/// Calls the watch every now and then while SQLite works, and interrupts it when the watch says so.
async fn watching(
    connection: &mut SqliteConnection,
    watch: &Watch,
    stopped: &Arc<AtomicBool>,
    stage: Stage,
    total: u64,
    done: impl Fn() -> u64 + Send + 'static,
) -> Result<(), CopyError> {
    ask(watch, stage, 0, total)?;
    let (watch, stopped) = (Arc::clone(watch), Arc::clone(stopped));
    let mut handle = connection.lock_handle().await.map_err(of_database)?;
    handle.set_progress_handler(STEPS, move || {
        let goes_on = ask(&watch, stage, done(), total).is_ok();
        stopped.fetch_or(!goes_on, Ordering::Relaxed);
        goes_on
    });
    Ok(())
}

/// The tables of the main database and how many rows each has.
async fn contents(connection: &mut SqliteConnection) -> Result<Contents, StoreError> {
    let names = "SELECT name FROM main.sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name";
    let tables: Vec<String> = query_scalar(names).fetch_all(&mut *connection).await.map_err(of_database)?;
    let mut contents = Vec::with_capacity(tables.len());
    for table in tables {
        let counting = format!("SELECT count(*) FROM main.\"{}\"", table.replace('"', "\"\""));
        let rows = query_scalar(sqlx::AssertSqlSafe(counting)).fetch_one(&mut *connection).await.map_err(of_database)?;
        contents.push((table, rows));
    }
    Ok(Contents(contents))
}

/// Reads a copy back: every page under its key, every table and index, and as many rows as were copied.
async fn check(copy: &Keyed, expected: &Contents, watch: &Watch) -> Result<(), CopyError> {
    let mut connection = connect(unkeyed(&copy.file).immutable(true).read_only(true), &copy.key, "").await.map_err(of_database)?;
    let found = sound(&mut connection, size(&copy.file), watch).await;
    let counted = match &found {
        Ok(()) => contents(&mut connection).await.map_err(CopyError::from),
        Err(_) => Ok(Contents(Vec::new())),
    };
    connection.close().await.map_err(of_database)?;
    found?;
    if counted? == *expected { Ok(()) } else { Err(StoreError::Failed("the copy is not like the original".into()).into()) }
}

/// Whether a database that nobody has open is sound: every page under this key, and every table and index.
pub(crate) async fn verify(database: &Keyed, watch: &Watch) -> Result<(), CopyError> {
    let options = unkeyed(&database.file).immutable(true).read_only(true);
    let mut connection = connect(options, &database.key, "").await.map_err(of_database)?;
    let found = sound(&mut connection, size(&database.file), watch).await;
    connection.close().await.map_err(of_database)?;
    found
}

async fn sound(connection: &mut SqliteConnection, total: u64, watch: &Watch) -> Result<(), CopyError> {
    let stopped = Arc::new(AtomicBool::new(false));
    watching(connection, watch, &stopped, Stage::Checking, total, move || total / 2).await?;
    for (check, good) in [("PRAGMA cipher_integrity_check", None), ("PRAGMA quick_check", Some("ok"))] {
        let found: Result<Vec<String>, _> = query_scalar(check).fetch_all(&mut *connection).await;
        match found {
            Err(_) if stopped.load(Ordering::Relaxed) => return Err(CopyError::Cancelled),
            Err(error) => return Err(of_database(error).into()),
            Ok(said) if said.iter().map(String::as_str).eq(good) => {}
            Ok(_) => return Err(StoreError::Damaged("the database does not pass its checks".into()).into()),
        }
    }
    ask(watch, Stage::Checking, total, total)
}
