//! Lists of people, by the columns beside their records.

use authority::{
    StoreError,
    store::{Begin, Being, By, Counts, Only, Order, People, PeopleQuery, folded},
};
use domain::{
    Refusal,
    account::{Account, AccountState},
    id::CommunityId,
    policy::ENROLMENT_VALIDITY,
    readiness::{Hour, PeopleState, Traits},
    time::Moment,
    words::Name,
};
use sqlx::{PgPool, Postgres, QueryBuilder, Row as _};
use uuid::Uuid;

use super::{containing, number, record, snapshot};
use crate::failure::of_database;

/// Until when the password of somebody waits: the latest of what is counted.
const PASSWORDS_UNTIL: &str = "(SELECT max(throttle.waits_until) FROM throttle WHERE throttle.account = people.account)";

pub(super) async fn page(pool: &PgPool, query: &PeopleQuery) -> Result<People, StoreError> {
    let nobody = || People { rows: Vec::new(), locked: Vec::new(), from: 0, total: 0, next: None };
    // A search is written as names are: the same accents in the same form, the same white space.
    let words = match Name::read(&query.search) {
        Ok(name) => Some(folded(name.as_str())),
        Err(Refusal::NameEmpty) => None,
        Err(_) => return Ok(nobody()),
    };
    let by_name = query.order == Order { by: By::Name, descending: false };
    let after = match &query.begin {
        Begin::After(name, id) if by_name => Some((name, id.0)),
        _ => None,
    };
    let mut snapshot = snapshot(pool).await?;

    let mut counting = QueryBuilder::<Postgres>::new("SELECT count(*), count(*) FILTER (WHERE ");
    match after {
        Some((name, id)) => {
            counting.push("(name_folded, account) <= (").push_bind(name.clone()).push(", ").push_bind(id).push(")");
        }
        None => {
            counting.push("FALSE");
        }
    }
    counting.push(") FROM people WHERE TRUE");
    filter(&mut counting, words.as_deref(), query);
    let (total, before): (i64, i64) = counting.build_query_as().fetch_one(&mut *snapshot).await.map_err(of_database)?;
    let total = number(total)?;
    let from = match query.begin {
        Begin::At(from) => from.min(total),
        Begin::After(..) => number(before)?,
    };

    let mut listing = QueryBuilder::<Postgres>::new("SELECT accounts.body, people.name_folded, ");
    listing.push(PASSWORDS_UNTIL).push(" AS passwords_until FROM (SELECT * FROM people WHERE TRUE");
    filter(&mut listing, words.as_deref(), query);
    if let Some((name, id)) = after {
        listing.push(" AND (name_folded, account) > (").push_bind(name.clone()).push(", ").push_bind(id).push(")");
    }
    ordered(&mut listing, query.order);
    let limit = i64::from(query.limit.max(1));
    listing.push(" LIMIT ").push_bind(limit);
    if after.is_none() {
        listing.push(" OFFSET ").push_bind(i64::try_from(from).unwrap_or(i64::MAX));
    }
    listing.push(") AS people JOIN accounts ON accounts.id = people.account");
    ordered(&mut listing, query.order);
    let found = listing.build().fetch_all(&mut *snapshot).await.map_err(of_database)?;
    snapshot.commit().await.map_err(of_database)?;

    let mut people = People { from, total, ..nobody() };
    let mut last = None;
    for row in found {
        let body: String = row.try_get(0).map_err(of_database)?;
        let name: String = row.try_get(1).map_err(of_database)?;
        let passwords_until: Option<i64> = row.try_get(2).map_err(of_database)?;
        let account: Account = record(&body)?;
        people.locked.push(Traits::from(&account).locked(passwords_until.map(Moment), &query.hour));
        last = Some((name, account.id));
        people.rows.push(account);
    }
    people.next = last.filter(|_| by_name && from + (people.rows.len() as u64) < total);
    Ok(people)
}

pub(super) async fn count(pool: &PgPool, communities: Option<&[CommunityId]>, hour: &Hour) -> Result<Counts, StoreError> {
    let mut sql = QueryBuilder::<Postgres>::new("SELECT ");
    for (at, state) in PeopleState::ALL.into_iter().enumerate() {
        sql.push(if at == 0 { "count(*) FILTER (WHERE " } else { ", count(*) FILTER (WHERE " });
        being(&mut sql, state, hour);
        sql.push(")");
    }
    sql.push(" FROM people WHERE TRUE");
    within(&mut sql, communities, None);
    let row = sql.build().fetch_one(pool).await.map_err(of_database)?;
    let mut counts = Counts::default();
    for (at, count) in counts.0.iter_mut().enumerate() {
        *count = number(row.try_get(at).map_err(of_database)?)?;
    }
    Ok(counts)
}

fn filter(sql: &mut QueryBuilder<Postgres>, words: Option<&str>, query: &PeopleQuery) {
    if let Some(words) = words {
        sql.push(" AND searched LIKE ").push_bind(containing(words));
    }
    let Only { being: what, state } = query.only;
    let role = match what {
        Some(Being::Owner) => {
            sql.push(" AND owner");
            None
        }
        Some(Being::Holding(role)) => Some(role.as_str()),
        None => None,
    };
    within(sql, query.communities.as_deref(), role);
    if let Some(state) = state {
        sql.push(" AND ");
        being(sql, state, &query.hour);
    }
}

/// Within the bounds of the list. A role counts among the communities that the list is of.
fn within(sql: &mut QueryBuilder<Postgres>, communities: Option<&[CommunityId]>, role: Option<&'static str>) {
    if communities.is_none() && role.is_none() {
        return;
    }
    sql.push(" AND EXISTS (SELECT 1 FROM memberships WHERE memberships.account = people.account");
    if let Some(communities) = communities {
        sql.push(" AND memberships.community = ANY(").push_bind(identifiers(communities)).push(")");
    }
    if let Some(role) = role {
        sql.push(" AND memberships.role = ").push_bind(role);
    }
    sql.push(")");
}

const OPEN: &str = "state NOT IN ('deactivated', 'signs-in-elsewhere')";

/// As [`Traits::are`] and whether backup codes are in force for the person.
fn being(sql: &mut QueryBuilder<Postgres>, state: PeopleState, hour: &Hour) {
    match state {
        PeopleState::Is(state) => {
            sql.push("state = ").push_bind(state.as_str());
        }
        PeopleState::Locked => {
            sql.push("(").push(OPEN).push(" AND ((state <> ").push_bind(AccountState::Invited.as_str());
            sql.push(" AND in_a_row >= ").push_bind(i64::from(hour.in_a_row)).push(") OR waits_until > ").push_bind(hour.now.0);
            // One look at all counts, not one a person.
            sql.push(
                " OR account IN (SELECT throttle.account FROM throttle WHERE throttle.account IS NOT NULL AND throttle.waits_until > ",
            );
            sql.push_bind(hour.now.0).push(")))");
        }
        PeopleState::FewCodes => with_codes(sql, "few_codes", hour),
        PeopleState::UnsavedCodes => with_codes(sql, "unsaved_codes", hour),
        PeopleState::OneAuthenticator => {
            sql.push("one_authenticator");
        }
        PeopleState::UnfinishedEnrolment => {
            sql.push("(").push(OPEN).push(" AND begun_at > ").push_bind(hour.now.plus(-ENROLMENT_VALIDITY).0).push(")");
        }
    }
}

fn with_codes(sql: &mut QueryBuilder<Postgres>, column: &str, hour: &Hour) {
    let Some(without) = &hour.without_codes else {
        sql.push("FALSE");
        return;
    };
    sql.push("(").push(column);
    if !without.is_empty() {
        sql.push(" AND NOT EXISTS (SELECT 1 FROM memberships WHERE memberships.account = people.account AND memberships.community = ANY(");
        sql.push_bind(identifiers(without)).push("))");
    }
    sql.push(")");
}

fn ordered(sql: &mut QueryBuilder<Postgres>, order: Order) {
    let first = match order.by {
        By::Name => None,
        By::Email => Some("people.email_folded"),
        By::State => Some("people.rank"),
        By::SignedIn => Some("people.signed_in_at"),
        By::Added => Some("people.created_at"),
    };
    // Whoever never came in comes first.
    let direction = if order.descending { " DESC NULLS LAST" } else { " ASC NULLS FIRST" };
    let keys = first.into_iter().chain(["people.name_folded", "people.account"]);
    for (at, key) in keys.enumerate() {
        sql.push(if at == 0 { " ORDER BY " } else { ", " }).push(key);
        // Of columns that are never NULL nothing is said of it: an index that has their order would not be found.
        sql.push(if key == "people.signed_in_at" {
            direction
        } else if order.descending {
            " DESC"
        } else {
            ""
        });
    }
}

fn identifiers(communities: &[CommunityId]) -> Vec<Uuid> {
    communities.iter().map(|id| id.0).collect()
}
