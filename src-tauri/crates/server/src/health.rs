//! What is asked of a process by whoever runs it: is it alive, could it do its work, and how much of it.

use std::pin::Pin;

use authority::StoreError;

/// The database, as the one who watches it sees it.
pub trait Health: Send + Sync + 'static {
    /// Whether it answers.
    fn reach(&self) -> Pin<Box<dyn Future<Output = Result<(), StoreError>> + Send + '_>>;

    /// Its connections.
    fn pool(&self) -> Pool;

    /// How many entries of the journal wait for their number.
    fn unnumbered(&self) -> Pin<Box<dyn Future<Output = Result<u64, StoreError>> + Send + '_>>;
}

/// Connections of a process to its database.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pool {
    /// How many there are.
    pub open: u32,
    /// How many of them nobody uses.
    pub idle: u32,
}

impl Health for postgres::Postgres {
    fn reach(&self) -> Pin<Box<dyn Future<Output = Result<(), StoreError>> + Send + '_>> {
        Box::pin(self.ready())
    }

    fn pool(&self) -> Pool {
        let (open, idle) = self.connections();
        Pool { open, idle }
    }

    fn unnumbered(&self) -> Pin<Box<dyn Future<Output = Result<u64, StoreError>> + Send + '_>> {
        Box::pin(Self::unnumbered(self))
    }
}
