//! The suite that every store must pass.

use std::sync::Arc;

use postgres::Postgres;
use sallyport_tests::{Cluster, Database};

use crate::ground::open;

async fn fresh() -> (Arc<Postgres>, Database<'static>) {
    let database = Cluster::shared().database();
    (Arc::new(open(&database).await), database)
}

authority::contract_of_a_store!(fresh);
