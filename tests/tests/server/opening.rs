//! Opening a database: several at once, a newer one, one that may not be used.

use postgres::{OpenError, Postgres, Settings};
use sallyport_tests::{Cluster, Database};
use tokio::task::JoinSet;

async fn refused(url: String) -> OpenError {
    Postgres::open(&url.into(), &Settings::default()).await.expect_err("it cannot be used")
}

fn tables(database: &Database<'_>) -> String {
    database.psql("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").expect("a count")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn several_servers_start_on_an_empty_database_at_once() {
    let database = Cluster::shared().database();
    let mut starting = JoinSet::new();
    for _ in 0..6 {
        let url = database.url();
        starting.spawn(async move { Postgres::open(&url.into(), &Settings::default()).await });
    }
    for outcome in starting.join_all().await {
        outcome.expect("each of them starts").ready().await.expect("each of them finds its own schema");
    }
    let migrations = concat!(env!("CARGO_MANIFEST_DIR"), "/../src-tauri/crates/postgres/migrations");
    let written = std::fs::read_dir(migrations).expect("the migrations").count().to_string();
    assert_eq!(database.psql("SELECT count(*) FROM _sqlx_migrations WHERE success").expect("a count"), written, "each of them, once");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_newer_database_is_left_alone() {
    let database = Cluster::shared().database();
    let store = Postgres::open(&database.url().into(), &Settings::default()).await.expect("opened");
    store.ready().await.expect("ready");
    let newer = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) VALUES (9999, 'x', TRUE, '', 0)";
    database.psql(newer).expect("a newer schema");
    assert_eq!(refused(database.url()).await, OpenError::Newer);
    assert!(store.ready().await.is_err(), "who was there before is not ready any more");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn why_a_database_cannot_be_used_is_told() {
    let cluster = Cluster::shared();
    let database = cluster.database();
    assert!(matches!(refused("postgres:///x?host=/nonexistent&user=postgres".into()).await, OpenError::Unreachable(_)));
    assert!(matches!(refused(format!("{}x", database.url())).await, OpenError::NotAdmitted(_)));
    assert!(matches!(refused(database.url_as("stranger")).await, OpenError::NotAdmitted(_)));
    assert_eq!(refused("file:/x".into()).await, OpenError::Address);

    database.psql("CREATE ROLE reader LOGIN").expect("a role");
    assert!(matches!(refused(database.url_as("reader")).await, OpenError::NotAllowed(_)), "who may make no tables");

    database.psql("CREATE DATABASE ascii ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0").expect("a database");
    assert_eq!(refused(database.url().replace(database.name(), "ascii")).await, OpenError::NotUnicode);
    assert_eq!(tables(&database), "0", "nothing was changed");
}
