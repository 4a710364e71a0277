//! What a decision begins with, in one statement. The workspace and its communities, which nearly nobody changes, are remembered;
//! whether they are still the same is read with everything else.

use std::sync::{Arc, PoisonError, RwLock};

use authority::{
    StoreError,
    store::{Standing, Versioned, Whose},
};
use domain::workspace::{Community, Workspace};
use sqlx::{PgPool, query_as};
use uuid::Uuid;

use super::{number, record, versioned};
use crate::failure::of_database;

/// The workspace and its communities as they were at a stamp.
#[derive(Default)]
pub(crate) struct Remembered(RwLock<Option<(Uuid, Arc<Surrounding>)>>);

#[derive(Default)]
struct Surrounding {
    workspace: Option<Versioned<Workspace>>,
    communities: Vec<Versioned<Community>>,
}

impl Remembered {
    fn at(&self, stamp: Uuid) -> Option<Arc<Surrounding>> {
        let remembered = self.0.read().unwrap_or_else(PoisonError::into_inner);
        remembered.as_ref().filter(|(of, _)| *of == stamp).map(|(_, surrounding)| Arc::clone(surrounding))
    }

    fn keep(&self, stamp: Uuid, surrounding: &Arc<Surrounding>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Some((stamp, Arc::clone(surrounding)));
    }
}

const BY_SESSION: &str = "
    SELECT ground.stamp, sessions.version, sessions.body, accounts.version, accounts.body
    FROM ground LEFT JOIN sessions ON sessions.id = $1 LEFT JOIN accounts ON accounts.id = sessions.account WHERE ground.id = 1";
const BY_EMAIL: &str = "
    SELECT ground.stamp, NULL::int8, NULL::text, accounts.version, accounts.body
    FROM ground LEFT JOIN accounts ON accounts.email_folded = $1 WHERE ground.id = 1";
/// The workspace's own row has no name.
const SURROUNDING: &str = "
    SELECT ground.stamp, place, version, body FROM ground LEFT JOIN (
        SELECT 0 AS place, '' COLLATE \"C\" AS name, NULL::uuid AS id, version, body FROM workspace
        UNION ALL SELECT 1, name_folded, id, version, body FROM communities) AS records ON TRUE
    WHERE ground.id = 1 ORDER BY place, name, records.id";

/// Only the stamp is there before a workspace was founded.
type Around = (Uuid, Option<i32>, Option<i64>, Option<String>);
type Row = (Uuid, Option<i64>, Option<String>, Option<i64>, Option<String>);

pub(super) async fn standing(pool: &PgPool, remembered: &Remembered, whose: Whose<'_>) -> Result<Standing, StoreError> {
    let asked = match whose {
        Whose::Session(id) => query_as(BY_SESSION).bind(id.0.to_vec()),
        // Nobody has an address with a NUL, which the database does not take.
        Whose::Email(folded) => query_as(BY_EMAIL).bind(if folded.contains('\0') { String::new() } else { folded.to_owned() }),
    };
    let (stamp, session, session_body, account, account_body): Row = asked.fetch_one(pool).await.map_err(of_database)?;
    let surrounding = match remembered.at(stamp) {
        Some(surrounding) => surrounding,
        None => surrounding(pool, remembered).await?,
    };
    Ok(Standing {
        workspace: surrounding.workspace.clone(),
        communities: surrounding.communities.clone(),
        session: session.zip(session_body).map(versioned).transpose()?,
        account: account.zip(account_body).map(versioned).transpose()?,
    })
}

async fn surrounding(pool: &PgPool, remembered: &Remembered) -> Result<Arc<Surrounding>, StoreError> {
    let rows: Vec<Around> = query_as(SURROUNDING).fetch_all(pool).await.map_err(of_database)?;
    let (mut surrounding, mut stamp) = (Surrounding::default(), None);
    for (of, place, version, body) in rows {
        stamp = Some(of);
        let (Some(place), Some(version), Some(body)) = (place, version, body) else { continue };
        let version = number(version)?;
        if place == 0 {
            surrounding.workspace = Some(Versioned { record: record(&body)?, version });
        } else {
            surrounding.communities.push(Versioned { record: record(&body)?, version });
        }
    }
    let surrounding = Arc::new(surrounding);
    if let Some(stamp) = stamp {
        remembered.keep(stamp, &surrounding);
    }
    Ok(surrounding)
}
