//! What a desktop's replica is told, read in one snapshot.

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
use sqlx::{PgConnection, PgPool, Postgres, QueryBuilder, query_as, query_scalar};
use uuid::Uuid;

use super::{Asked, evidence, record, snapshot, versioned};
use crate::failure::of_database;

pub(super) async fn read(pool: &PgPool, query: &FeedQuery) -> Result<Option<Fed>, StoreError> {
    let mut snapshot = snapshot(pool).await?;
    let fed = feed::read(&mut Reads(&mut snapshot), query).await?;
    snapshot.commit().await.map_err(of_database)?;
    Ok(fed)
}

struct Reads<'a>(&'a mut PgConnection);

impl Reads<'_> {
    async fn all<T: DeserializeOwned>(&mut self, asked: Asked<'_>) -> Result<Vec<Versioned<T>>, StoreError> {
        asked.fetch_all(&mut *self.0).await.map_err(of_database)?.into_iter().map(versioned).collect()
    }

    /// `asked` ends where a list of identifiers is bound.
    async fn of<T: DeserializeOwned>(&mut self, asked: &'static str, ids: &[AccountId]) -> Result<Vec<Versioned<T>>, StoreError> {
        if ids.is_empty() { Ok(Vec::new()) } else { self.all(query_as(asked).bind(plain(ids))).await }
    }
}

fn plain(ids: &[AccountId]) -> Vec<Uuid> {
    ids.iter().map(|id| id.0).collect()
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
        evidence::size(&mut *self.0).await
    }

    async fn entries(&mut self, places: Range<u64>) -> Result<Vec<KeptEntry>, StoreError> {
        evidence::between(self.0, places).await
    }

    async fn accounts(&mut self, ids: &[AccountId]) -> Result<Vec<Versioned<Account>>, StoreError> {
        self.of("SELECT version, body FROM accounts WHERE id = ANY($1) ORDER BY id", ids).await
    }

    async fn owners(&mut self) -> Result<Vec<Versioned<Account>>, StoreError> {
        self.all(query_as("SELECT version, body FROM accounts WHERE id IN (SELECT account FROM people WHERE owner) ORDER BY id")).await
    }

    async fn accounts_after(
        &mut self,
        after: Option<AccountId>,
        communities: Option<&[CommunityId]>,
        limit: u32,
    ) -> Result<Vec<Versioned<Account>>, StoreError> {
        let mut sql = QueryBuilder::<Postgres>::new("SELECT version, body FROM accounts WHERE TRUE");
        if let Some(after) = after {
            sql.push(" AND id > ").push_bind(after.0);
        }
        if let Some(communities) = communities {
            sql.push(" AND ");
            super::of_communities(&mut sql, "accounts.id", communities);
        }
        sql.push(" ORDER BY id LIMIT ").push_bind(i64::from(limit));
        self.all(sql.build_query_as()).await
    }

    async fn failures(&mut self, ids: &[AccountId]) -> Result<Vec<(AccountId, Failures)>, StoreError> {
        let found: Vec<(Uuid, String)> = query_as("SELECT account, body FROM throttle WHERE account = ANY($1)")
            .bind(plain(ids))
            .fetch_all(&mut *self.0)
            .await
            .map_err(of_database)?;
        found.into_iter().map(|(id, body)| Ok((AccountId(id), record(&body)?))).collect()
    }

    async fn requests(&mut self, ids: &[AccountId]) -> Result<Vec<Versioned<HelpRequest>>, StoreError> {
        self.of("SELECT version, body FROM help_requests WHERE account = ANY($1)", ids).await
    }

    async fn reports(&mut self, ids: &[AccountId]) -> Result<Vec<Versioned<Report>>, StoreError> {
        self.of("SELECT version, body FROM reports WHERE account = ANY($1)", ids).await
    }

    async fn cases(&mut self, ids: &[AccountId]) -> Result<Vec<Versioned<Case>>, StoreError> {
        self.of("SELECT version, body FROM cases WHERE undecided AND target = ANY($1) ORDER BY opened_at, id", ids).await
    }

    async fn open_cases(&mut self) -> Result<Vec<Versioned<Case>>, StoreError> {
        self.all(query_as("SELECT version, body FROM cases WHERE undecided ORDER BY opened_at, id")).await
    }

    async fn staff_of(&mut self, communities: &[CommunityId]) -> Result<Vec<AccountId>, StoreError> {
        let communities: Vec<Uuid> = communities.iter().map(|id| id.0).collect();
        let found: Vec<Uuid> = query_scalar("SELECT DISTINCT account FROM memberships WHERE community = ANY($1) AND role <> 'member'")
            .bind(communities)
            .fetch_all(&mut *self.0)
            .await
            .map_err(of_database)?;
        Ok(found.into_iter().map(AccountId).collect())
    }

    async fn names(&mut self, ids: &[AccountId]) -> Result<Vec<NamedPerson>, StoreError> {
        let found: Vec<(Uuid, String, String)> = query_as(
            "SELECT account, name, email FROM people WHERE account = ANY($1)
             UNION ALL SELECT id, name, email FROM removed_accounts WHERE id = ANY($1)
                AND NOT EXISTS (SELECT 1 FROM people WHERE people.account = removed_accounts.id)",
        )
        .bind(plain(ids))
        .fetch_all(&mut *self.0)
        .await
        .map_err(of_database)?;
        Ok(found.into_iter().map(|(id, name, email)| NamedPerson { id: AccountId(id), name, email }).collect())
    }

    async fn named_in(&mut self, ids: &[AccountId], communities: &[CommunityId], reader: AccountId) -> Result<Vec<AccountId>, StoreError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let communities: Vec<Uuid> = communities.iter().map(|id| id.0).collect();
        // Two looks at two indexes for each: an OR would look at all.
        let found: Vec<Uuid> = query_scalar(
            "SELECT asked.id FROM unnest($1::uuid[]) AS asked (id) WHERE
                EXISTS (SELECT 1 FROM journal JOIN journal_communities AS filed ON filed.idx = journal.idx
                        WHERE journal.subject = asked.id AND filed.community = ANY($2))
                OR EXISTS (SELECT 1 FROM journal JOIN journal_communities AS filed ON filed.idx = journal.idx
                        WHERE journal.actor = asked.id AND filed.community = ANY($2))
                OR EXISTS (SELECT 1 FROM journal WHERE subject = asked.id AND actor = $3)
                OR EXISTS (SELECT 1 FROM journal WHERE actor = asked.id AND subject = $3)",
        )
        .bind(plain(ids))
        .bind(communities)
        .bind(reader.0)
        .fetch_all(&mut *self.0)
        .await
        .map_err(of_database)?;
        Ok(found.into_iter().map(AccountId).collect())
    }
}
