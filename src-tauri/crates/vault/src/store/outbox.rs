//! What a desk keeps for its server: one document each, in the order in which they came.

use authority::StoreError;
use sqlx::{query, query_as};
use uuid::Uuid;

use crate::{Vault, failure::of_database};

impl Vault {
    /// What the desk keeps for its server, the oldest first: keys and documents.
    ///
    /// # Errors
    /// Whatever kept it from reading.
    pub async fn desk_operations(&self) -> Result<Vec<(Uuid, String)>, StoreError> {
        let rows: Vec<(String, String)> = query_as("SELECT key, body FROM desk_operations ORDER BY place")
            .fetch_all(&self.open().await.readers)
            .await
            .map_err(of_database)?;
        let key = |text: &str| Uuid::try_parse(text).map_err(|_| StoreError::Damaged("an operation has no key".into()));
        rows.into_iter().map(|(text, body)| Ok((key(&text)?, body))).collect()
    }

    /// Keeps a document under a new key, after all others, unless there are so many already. Whether it was.
    ///
    /// # Errors
    /// Whatever kept it from writing.
    pub async fn add_desk_operation(&self, key: Uuid, body: &str, most: u32) -> Result<bool, StoreError> {
        let _gate = self.0.gate.read().await;
        let added = query("INSERT INTO desk_operations (key, body) SELECT $1, $2 WHERE (SELECT count(*) FROM desk_operations) < $3")
            .bind(key.to_string())
            .bind(body.to_owned())
            .bind(most)
            .execute(&self.open().await.writer)
            .await
            .map_err(of_database)?;
        Ok(added.rows_affected() == 1)
    }

    /// Replaces the document of a key, if it is still `was`. Whether it was.
    ///
    /// # Errors
    /// Whatever kept it from writing.
    pub async fn change_desk_operation(&self, key: Uuid, was: &str, body: &str) -> Result<bool, StoreError> {
        let _gate = self.0.gate.read().await;
        let changed = query("UPDATE desk_operations SET body = $3 WHERE key = $1 AND body = $2")
            .bind(key.to_string())
            .bind(was.to_owned())
            .bind(body.to_owned())
            .execute(&self.open().await.writer)
            .await
            .map_err(of_database)?;
        Ok(changed.rows_affected() == 1)
    }

    /// Lets the document of a key go, if it is still `was`. Whether it was.
    ///
    /// # Errors
    /// Whatever kept it from writing.
    pub async fn remove_desk_operation(&self, key: Uuid, was: &str) -> Result<bool, StoreError> {
        let _gate = self.0.gate.read().await;
        let removed = query("DELETE FROM desk_operations WHERE key = $1 AND body = $2")
            .bind(key.to_string())
            .bind(was.to_owned())
            .execute(&self.open().await.writer)
            .await
            .map_err(of_database)?;
        Ok(removed.rows_affected() == 1)
    }
}
