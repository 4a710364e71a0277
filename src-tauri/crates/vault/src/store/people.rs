//! Lists of people: who is on a page is for the directory to say, their records come from the database.

use std::collections::HashMap;

use authority::{
    StoreError,
    store::{Counts, People, PeopleQuery, folded},
};
use domain::{
    Refusal,
    account::Account,
    id::{AccountId, CommunityId},
    readiness::{Hour, Traits},
    time::Moment,
    words::Name,
};
use serde::Serialize;
use sqlx::{SqlitePool, query_scalar};
use tokio::task::spawn_blocking;

use super::directory::{Directory, Page};
use crate::{connection::Connections, failure::of_database};

pub(super) async fn page(directory: &Directory, open: &Connections, query: &PeopleQuery) -> Result<People, StoreError> {
    // A search is written as names are: the same accents in the same form, the same white space.
    let words = match Name::read(&query.search) {
        Ok(name) => Some(folded(name.as_str())),
        Err(Refusal::NameEmpty) => None,
        Err(_) => return Ok(People { rows: Vec::new(), locked: Vec::new(), from: 0, total: 0, next: None }),
    };
    let reading = directory.reading(&open.source()).await?;
    let (page, reading) = directory.page(reading, words, query).await?;
    let mut records = records(&open.readers, &page).await?;
    drop(reading);
    let mut people = People { rows: Vec::new(), locked: Vec::new(), from: page.from, total: page.total, next: page.next };
    for (id, passwords_until) in page.rows {
        let account = records.remove(&id).ok_or_else(|| StoreError::Damaged("somebody who is listed has no record".into()))?;
        people.locked.push(Traits::from(&account).locked(passwords_until, &query.hour));
        people.rows.push(account);
    }
    Ok(people)
}

pub(super) async fn count(
    directory: &Directory,
    open: &Connections,
    communities: Option<&[CommunityId]>,
    hour: &Hour,
) -> Result<Counts, StoreError> {
    let reading = directory.reading(&open.source()).await?;
    directory.count(reading, communities, hour).await
}

type Records = HashMap<AccountId, Account>;

/// From so many people on, they are read by two at once.
const MANY: usize = 250;

async fn records(readers: &SqlitePool, page: &Page) -> Result<Records, StoreError> {
    let half = if page.rows.len() < MANY { page.rows.len() } else { page.rows.len() / 2 };
    let ((one, other), (rows, others)) = (page.places.split_at(half), page.rows.split_at(half));
    if others.is_empty() {
        return found(readers, one, rows).await;
    }
    let (mut records, rest) = tokio::try_join!(found(readers, one, rows), found(readers, other, others))?;
    records.extend(rest);
    Ok(records)
}

async fn found(readers: &SqlitePool, places: &[u32], people: &[(AccountId, Option<Moment>)]) -> Result<Records, StoreError> {
    let known: Vec<u32> = places.iter().copied().filter(|place| *place != 0).collect();
    let mut records = read(readers, BY_ROW, &known).await?;
    // Whose row is not known, or is another's by now. Whoever else was found is not asked for.
    let missing: Vec<AccountId> = people.iter().map(|(id, _)| *id).filter(|id| !records.contains_key(id)).collect();
    if !missing.is_empty() {
        records.extend(read(readers, BY_IDENTIFIER, &missing).await?);
    }
    Ok(records)
}

// Documents joined into one text: a row for each would be handed from thread to thread. A list as one parameter is one
// statement for pages of every length, which is prepared once. With many people the index of identifiers is larger than
// the cache, so that a row that is known saves a look into it.
const BY_ROW: &str = "
    SELECT group_concat(accounts.body, char(10)) FROM json_each($1) AS listed CROSS JOIN accounts ON accounts.rowid = listed.value";
const BY_IDENTIFIER: &str = "
    SELECT group_concat(accounts.body, char(10)) FROM json_each($1) AS listed CROSS JOIN accounts ON accounts.id = listed.value";

async fn read(readers: &SqlitePool, statement: &'static str, of: &[impl Serialize]) -> Result<Records, StoreError> {
    if of.is_empty() {
        return Ok(Records::new());
    }
    let list = serde_json::to_string(of).map_err(|_| StoreError::Failed("a list could not be written".into()))?;
    let bodies: Option<String> = query_scalar(statement).bind(list).fetch_one(readers).await.map_err(of_database)?;
    let Some(bodies) = bodies else { return Ok(Records::new()) };
    if of.len() < MANY / 2 {
        return parsed(&bodies);
    }
    spawn_blocking(move || parsed(&bodies)).await.map_err(|_| StoreError::Failed("the people could not be read".into()))?
}

fn parsed(bodies: &str) -> Result<Records, StoreError> {
    let accounts = serde_json::Deserializer::from_str(bodies).into_iter::<Account>();
    accounts.map(|account| account.map(|account| (account.id, account)).map_err(|_| super::unreadable())).collect()
}
