//! Connections: how they are made, and what is set for each.

use std::{net::IpAddr, str::FromStr, time::Duration};

use sqlx::{
    ConnectOptions, Connection, PgConnection, PgPool,
    migrate::Migrator,
    postgres::{PgConnectOptions, PgPoolOptions, PgSslMode},
    query_scalar,
};

use crate::failure::OpenError;

static MIGRATIONS: Migrator = sqlx::migrate!("./migrations");

/// Whoever lay idle longer is asked before being used: the database may have been restarted.
const FRESH: Duration = Duration::from_secs(1);

/// Seen by whoever looks who is connected.
const NAME: &str = "sallyport";

/// Prepared at most by each connection. There are fewer, but for what lists put together.
const STATEMENTS: usize = 256;

// A statement that runs longer than this is not one of ours; neither is a transaction that nobody goes on with. What is
// answered as done must be on the disk, whatever the database is set to otherwise.
const SETTINGS: [(&str, &str); 6] = [
    ("statement_timeout", "30s"),
    ("lock_timeout", "10s"),
    ("idle_in_transaction_session_timeout", "60s"),
    ("synchronous_commit", "on"),
    ("default_transaction_isolation", "read committed"),
    // Milliseconds of compiling for queries that take less.
    ("jit", "off"),
];

/// Reads an address.
pub(crate) fn options(url: &str) -> Result<PgConnectOptions, OpenError> {
    // The library takes whatever has the form of a URL.
    if !["postgres://", "postgresql://"].iter().any(|scheme| url.starts_with(scheme)) {
        return Err(OpenError::Address);
    }
    let options = PgConnectOptions::from_str(url).map_err(|_| OpenError::Address)?;
    let options = match options.get_ssl_mode() {
        // What is not asked for could be talked out of on the way.
        PgSslMode::Prefer | PgSslMode::Allow if !is_local(&options) => options.ssl_mode(PgSslMode::VerifyFull),
        _ => options,
    };
    // The library would log statements, with what is bound to them.
    Ok(options.application_name(NAME).statement_cache_capacity(STATEMENTS).disable_statement_logging())
}

fn is_local(options: &PgConnectOptions) -> bool {
    let host = options.get_host();
    options.get_socket().is_some()
        || host.starts_with('/')
        || host == "localhost"
        || host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Looks whether the database can be used, and brings its schema up to date. The migrator holds a lock meanwhile, so that of
/// several processes one does it and the others wait.
pub(crate) async fn bring_up(options: &PgConnectOptions) -> Result<(), OpenError> {
    // Whatever the database is set to: a migration of many rows takes its time.
    let mut connection = options.clone().options([("statement_timeout", "0")]).connect().await?;
    let brought = migrate(&mut connection).await;
    let closed = connection.close().await;
    brought?;
    Ok(closed?)
}

async fn migrate(connection: &mut PgConnection) -> Result<(), OpenError> {
    let encoding: String = query_scalar("SHOW server_encoding").fetch_one(&mut *connection).await?;
    if encoding != "UTF8" {
        return Err(OpenError::NotUnicode);
    }
    let standby: bool = query_scalar("SELECT pg_is_in_recovery()").fetch_one(&mut *connection).await?;
    if standby {
        return Err(OpenError::ReadOnly);
    }
    // As `run`, whose future cannot be sent between threads.
    MIGRATIONS.run_direct(None, connection, false).await?;
    Ok(())
}

/// The number of the schema that this program knows.
pub(crate) fn schema() -> i64 {
    MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or(0)
}

/// Makes a pool; the first connection is made when it is needed.
pub(crate) fn pool(options: &PgConnectOptions, connections: u32, patience: Duration) -> PgPool {
    PgPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(patience)
        .test_before_acquire(false)
        .before_acquire(|connection, known| {
            Box::pin(async move {
                if known.idle_for > FRESH {
                    connection.ping().await?;
                }
                Ok(true)
            })
        })
        .connect_lazy_with(options.clone().options(SETTINGS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_leaves_the_machine_asks_for_a_certificate_unless_told_otherwise() {
        let cases = [
            ("postgres://a@db.example.org/s", PgSslMode::VerifyFull),
            ("postgres://a@db.example.org/s?sslmode=prefer", PgSslMode::VerifyFull),
            ("postgres://a@192.0.2.1/s", PgSslMode::VerifyFull),
            ("postgres://a@db.example.org/s?sslmode=require", PgSslMode::Require),
            ("postgres://a@db.example.org/s?sslmode=disable", PgSslMode::Disable),
            ("postgres://a@127.0.0.1/s", PgSslMode::Prefer),
            ("postgres://a@[::1]/s", PgSslMode::Prefer),
            ("postgres://a@localhost/s", PgSslMode::Prefer),
            ("postgres:///s?host=/run/postgresql", PgSslMode::Prefer),
        ];
        for (url, expected) in cases {
            let options = options(url).expect("an address");
            assert_eq!(format!("{:?}", options.get_ssl_mode()), format!("{expected:?}"), "{url}");
        }
        assert_eq!(options("mysql:/x").err(), Some(OpenError::Address));
    }
}
