//! A desktop's replica, synced from a server whose store is a real PostgreSQL. What is played is played over a vault, too, in the
//! tests of the desk.

#[path = "../../../src-tauri/crates/desk/tests/suite/court.rs"]
mod court;
#[path = "../../../src-tauri/crates/desk/tests/suite/posting.rs"]
mod posting;
#[path = "../../../src-tauri/crates/desk/tests/suite/schedule.rs"]
mod schedule;
#[path = "../../../src-tauri/crates/desk/tests/suite/world.rs"]
#[allow(dead_code, reason = "shared with the tests of the desk")]
mod world;

use sallyport_tests::Cluster;

#[tokio::test(flavor = "multi_thread")]
async fn replicas_of_a_server_on_postgresql_say_what_it_says() {
    let vaults = world::Vaults::new().await;
    let root = tempfile::tempdir().expect("a folder");
    for seed in schedule::seeds(6) {
        let database = Cluster::shared().database();
        let store = postgres::Postgres::open(&database.url().into(), &postgres::Settings::default()).await.expect("a database");
        schedule::schedule(seed, store.clone(), &vaults, root.path()).await;
        store.close().await;
    }
}
