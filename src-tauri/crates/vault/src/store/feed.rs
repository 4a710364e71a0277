//! What a desktop's replica is told, read in one transaction.

use std::ops::Range;

use authority::{
    StoreError,
    store::{
        KeptEntry, NamedPerson, Versioned,
        feed::{self, Fed, FeedQuery, FeedReads},
    },
};
use domain::{
    account::Account,
    case::Case,
    id::{AccountId, CommunityId},
    report::Report,
    request::HelpRequest,
    throttle::Failures,
    workspace::{Community, Workspace},
};
use serde::de::DeserializeOwned;
use sqlx::{QueryBuilder, Sqlite, SqliteConnection, SqlitePool, query_as, query_scalar, sqlite::SqliteArguments};

use super::{Row, evidence, number, record, rows, versioned};
use crate::failure::of_database;

pub(super) async fn read(readers: &SqlitePool, query: &FeedQuery) -> Result<Option<Fed>, StoreError> {
    // From its first read on, a transaction sees one moment.
    let mut transaction = readers.begin().await.map_err(of_database)?;
    let fed = feed::read(&mut Reads(&mut transaction), query).await?;
    transaction.commit().await.map_err(of_database)?;
    Ok(fed)
}

struct Reads<'a>(&'a mut SqliteConnection);

type Asked<'q> = sqlx::query::QueryAs<'q, Sqlite, Row, SqliteArguments>;

impl Reads<'_> {
    async fn all<T: DeserializeOwned>(&mut self, asked: Asked<'_>) -> Result<Vec<Versioned<T>>, StoreError> {
        asked.fetch_all(&mut *self.0).await.map_err(of_database)?.into_iter().map(versioned).collect()
    }

    /// `asked` ends where a list of identifiers is bound.
    async fn of<T: DeserializeOwned>(&mut self, asked: &'static str, ids: &[AccountId]) -> Result<Vec<Versioned<T>>, StoreError> {
        if ids.is_empty() { Ok(Vec::new()) } else { self.all(query_as(asked).bind(rows::list(ids))).await }
    }
}

impl FeedReads for Reads<'_> {
    async fn workspace(&mut self) -> Result<Versioned<Workspace>, StoreError> {
        let found = self.all(query_as(super::WORKSPACE)).await?.pop();
        found.ok_or_else(|| StoreError::Failed("there is no workspace".into()))
    }

    async fn communities(&mut self) -> Result<Vec<Versioned<Community>>, StoreError> {
        self.all(query_as("SELECT version, body FROM communities ORDER BY name_folded, id")).await
    }

    async fn size(&mut self) -> Result<u64, StoreError> {
        let size: i64 = query_scalar("SELECT coalesce(max(idx) + 1, 0) FROM journal").fetch_one(&mut *self.0).await.map_err(of_database)?;
        number(size)
    }

    async fn entries(&mut self, places: Range<u64>) -> Result<Vec<KeptEntry>, StoreError> {
        evidence::between(self.0, places).await
    }

    async fn accounts(&mut self, ids: &[AccountId]) -> Result<Vec<Versioned<Account>>, StoreError> {
        self.of("SELECT version, body FROM accounts WHERE id IN (SELECT value FROM json_each($1)) ORDER BY id", ids).await
    }

    async fn owners(&mut self) -> Result<Vec<Versioned<Account>>, StoreError> {
        self.all(query_as("SELECT version, body FROM accounts WHERE owner = 1 ORDER BY id")).await
    }

    async fn accounts_after(
        &mut self,
        after: Option<AccountId>,
        communities: Option<&[CommunityId]>,
        limit: u32,
    ) -> Result<Vec<Versioned<Account>>, StoreError> {
        let mut sql = QueryBuilder::<Sqlite>::new("SELECT version, body FROM accounts WHERE id > ");
        sql.push_bind(after.map(|id| id.to_string()).unwrap_or_default());
        if let Some(communities) = communities {
            sql.push(" AND EXISTS (SELECT 1 FROM memberships WHERE memberships.account = accounts.id AND memberships.community IN (SELECT value FROM json_each(");
            sql.push_bind(rows::list(communities)).push(")))");
        }
        sql.push(" ORDER BY id LIMIT ").push_bind(i64::from(limit));
        self.all(sql.build_query_as()).await
    }

    async fn failures(&mut self, ids: &[AccountId]) -> Result<Vec<(AccountId, Failures)>, StoreError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let found: Vec<(String, String)> =
            query_as("SELECT account, body FROM throttle WHERE account IN (SELECT value FROM json_each($1))")
                .bind(rows::list(ids))
                .fetch_all(&mut *self.0)
                .await
                .map_err(of_database)?;
        let one = |(id, body): (String, String)| Ok((account(&id)?, record(&body)?));
        found.into_iter().map(one).collect()
    }

    async fn requests(&mut self, ids: &[AccountId]) -> Result<Vec<Versioned<HelpRequest>>, StoreError> {
        self.of("SELECT version, body FROM help_requests WHERE account IN (SELECT value FROM json_each($1))", ids).await
    }

    async fn reports(&mut self, ids: &[AccountId]) -> Result<Vec<Versioned<Report>>, StoreError> {
        self.of("SELECT version, body FROM reports WHERE account IN (SELECT value FROM json_each($1))", ids).await
    }

    async fn cases(&mut self, ids: &[AccountId]) -> Result<Vec<Versioned<Case>>, StoreError> {
        self.of(
            "SELECT version, body FROM cases WHERE undecided = 1 AND target IN (SELECT value FROM json_each($1)) ORDER BY opened_at, id",
            ids,
        )
        .await
    }

    async fn open_cases(&mut self) -> Result<Vec<Versioned<Case>>, StoreError> {
        self.all(query_as("SELECT version, body FROM cases WHERE undecided = 1 ORDER BY opened_at, id")).await
    }

    async fn staff_of(&mut self, communities: &[CommunityId]) -> Result<Vec<AccountId>, StoreError> {
        let found: Vec<String> = query_scalar(
            "SELECT DISTINCT account FROM memberships WHERE community IN (SELECT value FROM json_each($1)) AND role <> 'member'",
        )
        .bind(rows::list(communities))
        .fetch_all(&mut *self.0)
        .await
        .map_err(of_database)?;
        found.iter().map(|id| account(id)).collect()
    }

    async fn names(&mut self, ids: &[AccountId]) -> Result<Vec<NamedPerson>, StoreError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let found: Vec<(String, String, String)> = query_as(
            "SELECT id, name, email FROM accounts WHERE id IN (SELECT value FROM json_each($1))
             UNION ALL SELECT id, name, email FROM removed_accounts WHERE id IN (SELECT value FROM json_each($1))
                AND id NOT IN (SELECT id FROM accounts)",
        )
        .bind(rows::list(ids))
        .fetch_all(&mut *self.0)
        .await
        .map_err(of_database)?;
        let one = |(id, name, email): (String, String, String)| Ok(NamedPerson { id: account(&id)?, name, email });
        found.into_iter().map(one).collect()
    }

    async fn named_in(&mut self, ids: &[AccountId], communities: &[CommunityId], reader: AccountId) -> Result<Vec<AccountId>, StoreError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        // Two looks at two indexes for each: an OR would look at all.
        let found: Vec<String> = query_scalar(
            "SELECT asked.value FROM json_each($1) AS asked WHERE
                EXISTS (SELECT 1 FROM journal JOIN journal_communities AS filed ON filed.idx = journal.idx
                        WHERE journal.subject = asked.value AND filed.community IN (SELECT value FROM json_each($2)))
                OR EXISTS (SELECT 1 FROM journal JOIN journal_communities AS filed ON filed.idx = journal.idx
                        WHERE journal.actor = asked.value AND filed.community IN (SELECT value FROM json_each($2)))
                OR EXISTS (SELECT 1 FROM journal WHERE subject = asked.value AND actor = $3)
                OR EXISTS (SELECT 1 FROM journal WHERE actor = asked.value AND subject = $3)",
        )
        .bind(rows::list(ids))
        .bind(rows::list(communities))
        .bind(reader.to_string())
        .fetch_all(&mut *self.0)
        .await
        .map_err(of_database)?;
        found.iter().map(|id| account(id)).collect()
    }
}

fn account(id: &str) -> Result<AccountId, StoreError> {
    id.parse().map(AccountId).map_err(|_| StoreError::Damaged("an account has no identifier".into()))
}
