//! The inventory of tokens: known again by secret and serial number, listed by stock, holder and import.

use std::sync::Arc;

use domain::{
    Change,
    factor::{Clock, Counter},
    id::{BatchId, CommunityId, TokenId},
    oath::Parameters,
    token::{Origin, Token, TokenState},
    words::Name,
};
use uuid::Uuid;

use super::ground::*;
use crate::store::{CommitError, RecordKey, Store, TokenQuery, known_as};

fn token(number: u8, community: Option<CommunityId>, state: TokenState) -> Token {
    Token {
        id: TokenId(Uuid::from_u128(0x70_0000 + u128::from(number))),
        origin: Origin::Hardware,
        community,
        serial: Some(Name::read(&format!("SN-{number:02}")).expect("a name")),
        label: None,
        maker: Some(Name::read("100 % Keys").expect("a name")),
        parameters: Parameters::default(),
        sealed: None,
        fingerprint: [number; 32],
        batch: BatchId(Uuid::from_u128(u128::from(number / 3))),
        imported_at: NOW,
        imported_by: account_id(1),
        state,
        since: NOW,
        last_holder: None,
        used: false,
        clock: Clock::default(),
        counter: Counter::at(u64::from(number)),
    }
}

fn write_token(token: &Token) -> Change {
    Change::Token(Box::new(token.clone()))
}

async fn listed(store: &impl Store, query: TokenQuery) -> Vec<u64> {
    let (mut query, mut all, mut total) = (TokenQuery { limit: 2, ..query }, Vec::new(), None);
    loop {
        let page = store.tokens(&query).await.expect("a read");
        assert_eq!(*total.get_or_insert(page.total), page.total);
        all.extend(page.rows.iter().map(|found| found.record.counter.next()));
        match page.next {
            Some(next) => query.after = Some(next),
            None => break,
        }
    }
    assert_eq!(total, Some(all.len() as u64));
    all
}

/// A token comes back as written, under growing versions; one with the secret or the serial number of another is a conflict, and
/// a removed one leaves nothing.
pub async fn tokens_are_known_again<S: Store>(store: &Arc<S>) {
    found(&**store).await;
    let first = token(1, Some(NORTH), TokenState::Free);
    write(&**store, vec![write_token(&first)]).await;
    let found = store.token(first.id).await.expect("a read").expect("there");
    assert_eq!((found.version, found.record.fingerprint, found.record.counter.next()), (1, [1; 32], 1));

    let same_secret = Token { fingerprint: [1; 32], ..token(2, None, TokenState::Free) };
    let same_serial = Token { serial: Some(Name::read("sn-01").expect("a name")), ..token(2, None, TokenState::Free) };
    for twin in [same_secret, same_serial] {
        let refused = store.commit(commit_of(vec![write_token(&twin)])).await;
        assert!(matches!(refused, Err(CommitError::Conflict)), "{refused:?}");
        assert!(store.token_like(twin.fingerprint, known_as(&twin).as_deref()).await.expect("a read").is_some());
    }
    let other = token(2, None, TokenState::Free);
    assert!(store.token_like(other.fingerprint, known_as(&other).as_deref()).await.expect("a read").is_none());
    // Without a serial number nothing is known but the secret.
    let unnamed = |number| Token { serial: None, ..token(number, None, TokenState::Free) };
    write(&**store, vec![write_token(&unnamed(3)), write_token(&unnamed(4))]).await;

    write(&**store, vec![write_token(&Token { state: TokenState::Retired, ..first.clone() })]).await;
    let mut stale = commit_of(vec![write_token(&first)]);
    stale.read = vec![(RecordKey::Token(first.id), Some(1))];
    assert!(matches!(store.commit(stale).await, Err(CommitError::Conflict)));
    write(&**store, vec![Change::RemoveToken(first.id)]).await;
    assert!(store.token(first.id).await.expect("a read").is_none());
    write(&**store, vec![write_token(&first)]).await;
}

/// Lists are bounded by stock, and narrowed by state, holder, import and words; pages miss none and repeat none.
pub async fn tokens_are_listed_by_what_they_are<S: Store>(store: &Arc<S>) {
    found(&**store).await;
    let holder = person(5, "Zoë O'Hara", &[NORTH]);
    let assigned = TokenState::Assigned { to: holder.id, wrong: 0 };
    let tokens = [
        token(1, Some(NORTH), TokenState::Free),
        token(2, Some(SOUTH), TokenState::Free),
        token(3, Some(NORTH), assigned),
        token(4, None, TokenState::Retired),
        Token { origin: Origin::Brought, ..token(5, None, assigned) },
    ];
    let mut changes = vec![Change::Account(Box::new(holder.clone()))];
    changes.extend(tokens.iter().map(write_token));
    write(&**store, changes).await;
    let all = || TokenQuery::all(10);
    let word = |search: &str| TokenQuery { search: search.into(), ..all() };
    let cases: [(TokenQuery, &[u64]); 12] = [
        (all(), &[1, 2, 3, 4, 5]),
        (TokenQuery { stocks: Some(vec![NORTH]), ..all() }, &[1, 3]),
        (TokenQuery { stocks: Some(vec![NORTH, SOUTH]), ..all() }, &[1, 2, 3]),
        (TokenQuery { stocks: Some(Vec::new()), ..all() }, &[]),
        (TokenQuery { origin: Some(Origin::Hardware), ..all() }, &[1, 2, 3, 4]),
        (TokenQuery { state: Some("free"), ..all() }, &[1, 2]),
        (TokenQuery { holder: Some(holder.id), ..all() }, &[3, 5]),
        (TokenQuery { batch: Some(BatchId(Uuid::from_u128(1))), ..all() }, &[3, 4, 5]),
        (word("n-0"), &[1, 2, 3, 4, 5]),
        (word("100 % k"), &[1, 2, 3, 4, 5]),
        (word("o'hara"), &[3, 5]),
        (word("%o%"), &[]),
    ];
    for (query, expected) in cases {
        assert_eq!(listed(&**store, query.clone()).await, expected, "{query:?}");
    }
}
