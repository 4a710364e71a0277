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
    words::Name,
};
use sqlx::{SqlitePool, query_scalar};

use super::directory::Directory;
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
    let mut records = records(&open.readers, page.rows.iter().map(|(id, _)| *id)).await?;
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

async fn records(readers: &SqlitePool, ids: impl Iterator<Item = AccountId>) -> Result<HashMap<AccountId, Account>, StoreError> {
    let ids = serde_json::to_string(&ids.collect::<Vec<_>>()).map_err(|_| StoreError::Failed("a list could not be written".into()))?;
    // One statement for pages of every length, which is prepared once.
    let bodies: Vec<String> = query_scalar("SELECT accounts.body FROM json_each($1) AS listed JOIN accounts ON accounts.id = listed.value")
        .bind(ids)
        .fetch_all(readers)
        .await
        .map_err(of_database)?;
    bodies.iter().map(|body| super::record::<Account>(body).map(|account| (account.id, account))).collect()
}
