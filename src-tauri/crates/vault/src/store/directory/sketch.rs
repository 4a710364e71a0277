//! What the directory reads of an account: the database picks it out of the document and keeps it in an index, so that sealed
//! secrets and hashes, which are most of a document, are not read for it.

use authority::store::folded;
use domain::{
    account::AccountState,
    gate::Membership,
    id::AccountId,
    readiness::{FEW_CODES, Traits},
    throttle::Failures,
    time::Moment,
    words::{Email, Name},
};
use serde::{Deserialize, de::IgnoredAny};

use super::book::Entry;

/// The fields of a [`Sketch`], in their order; NULL for a document that is none. The index `accounts_listed` is over this very
/// expression.
macro_rules! listed {
    () => {
        "CASE WHEN json_valid(body) THEN json_array(body -> '$.id', body -> '$.name', body -> '$.email', body -> '$.second_email', \
         body -> '$.owner', body -> '$.memberships', body -> '$.created_at', body -> '$.password.stands_alone', \
         body -> '$.invitation.failures', body -> '$.second_factor.active.failures', body -> '$.second_factor.reset.failures', \
         json_array_length(body, '$.second_factor.active.authenticators'), body -> '$.second_factor.active.backup.used', \
         body -> '$.second_factor.active.backup.saved', body -> '$.pending.begun_at', body -> '$.signed_in_at', \
         body -> '$.deactivated_at', body -> '$.elsewhere') END"
    };
}
pub(super) use listed;

/// Part of an [`Account`](domain::account::Account), which is what it must agree with.
#[derive(Deserialize)]
pub(super) struct Sketch {
    id: AccountId,
    name: Name,
    email: Email,
    second_email: Option<Email>,
    owner: bool,
    memberships: Vec<Membership>,
    created_at: Moment,
    /// Whether their password stands alone; `None` where there is none.
    password: Option<bool>,
    /// Of their invitation.
    invited: Option<Failures>,
    /// Of their second factor, where they have one.
    active: Option<Failures>,
    /// Of their recovery codes, where they were reset.
    reset: Option<Failures>,
    authenticators: Option<u32>,
    used: Option<Vec<Option<Moment>>>,
    saved: Option<IgnoredAny>,
    begun_at: Option<Moment>,
    signed_in_at: Option<Moment>,
    deactivated_at: Option<Moment>,
    elsewhere: Option<bool>,
}

impl Sketch {
    fn state(&self) -> AccountState {
        if self.deactivated_at.is_some() {
            AccountState::Deactivated
        } else if self.elsewhere == Some(true) {
            AccountState::SignsInElsewhere
        } else if self.password.is_none() {
            AccountState::Invited
        } else if self.active.is_some() {
            AccountState::Protected
        } else if self.reset.is_some() {
            AccountState::RecoveryPending
        } else {
            AccountState::NoSecondFactor
        }
    }

    fn traits(&self) -> Traits {
        let state = self.state();
        let failures = self.active.as_ref().or(self.reset.as_ref());
        let of_codes = if self.password.is_none() { self.invited.as_ref() } else { failures };
        let protected = state == AccountState::Protected;
        let left = self.used.iter().flatten().filter(|used| used.is_none()).count();
        Traits {
            state,
            few_codes: protected && left <= FEW_CODES,
            unsaved_codes: protected && left > 0 && self.saved.is_none(),
            one_authenticator: protected && self.authenticators == Some(1),
            in_a_row: failures.map_or(0, Failures::in_a_row),
            waits_until: of_codes.and_then(Failures::until),
            begun_at: self.begun_at,
        }
    }
}

impl From<Sketch> for Entry {
    fn from(sketch: Sketch) -> Self {
        Self {
            id: sketch.id,
            name: folded(sketch.name.as_str()),
            email: sketch.email.folded(),
            second: sketch.second_email.as_ref().map(Email::folded),
            traits: sketch.traits(),
            owner: sketch.owner,
            signed_in_at: sketch.signed_in_at,
            created_at: sketch.created_at,
            memberships: sketch.memberships,
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::account::Account;
    use proptest::prelude::*;
    use serde_json::{Value, json};
    use sqlx::{ConnectOptions, Connection, SqliteConnection, query_as, query_scalar, sqlite::SqliteConnectOptions};
    use uuid::Uuid;

    use crate::{connection::MIGRATIONS, store::directory::loading::NEXT};

    use super::*;

    fn moment() -> impl Strategy<Value = Value> {
        prop_oneof![Just(Value::Null), (0i64..5).prop_map(|at| json!(at * 1_000))]
    }

    fn failures() -> impl Strategy<Value = Value> {
        let numbers = (0u32..200, 0u32..9, moment());
        numbers.prop_map(|(in_a_row, locks, until)| json!({ "recent": [7], "in_a_row": in_a_row, "locks": locks, "until": until }))
    }

    fn hash() -> Value {
        json!({
            "recipe": { "cost": { "memory": 19_456, "passes": 2, "lanes": 1 }, "salt": "esJspAsCSpdXpoklsjj39g==" },
            "hash": "SaXyilEmDbGDGN9/3L3DktBhqMzwPpb4fsXQcV7/bZI=",
        })
    }

    fn authenticator() -> Value {
        json!({
            "id": Uuid::nil(), "name": "Phone, \"the blue one\"", "sealed": [1, 101, 13], "added_at": 5, "used_at": null,
            "clock": { "accepted": 1, "spent_ahead": [], "late": null, "drift": 0, "allowed": 0 },
            "parameters": { "moving": { "time": 30 }, "digits": "six", "algorithm": "sha1" },
        })
    }

    fn factor() -> impl Strategy<Value = Value> {
        let active =
            (1usize..4, prop::collection::vec(moment(), 0..11), any::<bool>(), failures()).prop_map(|(count, used, saved, failures)| {
                let (hash, recipe) = (&hash()["hash"], &hash()["recipe"]);
                json!({ "active": {
                "authenticators": vec![authenticator(); count],
                "preferred": Uuid::nil(),
                "backup": {
                    "set": { "recipe": recipe, "hashes": vec![hash; used.len()] },
                    "used": used, "made_at": 3, "saved": if saved { json!(["text-file", 4]) } else { Value::Null },
                },
                "failures": failures,
            } })
            });
        let reset = failures().prop_map(|failures| {
            json!({ "reset": { "hash": hash(), "issued_at": 1, "expires_at": 9, "claims": 0, "claimed_by": null, "failures": failures } })
        });
        prop_oneof![Just(json!("none")), active, reset]
    }

    fn name() -> impl Strategy<Value = &'static str> {
        prop::sample::select(vec!["Ada", "ÉLODIE", "O\"Hara \\ Sons", "דנה 🦀", "İpek"])
    }

    fn account() -> impl Strategy<Value = Value> {
        let words = (name(), any::<[bool; 5]>(), prop::collection::vec((any::<u8>(), 0usize..3), 0..4));
        let doors = (prop::option::of(failures()), factor(), prop::option::of(0i64..9));
        (words, doors, moment(), moment()).prop_map(|((name, flags, roles), (invitation, second_factor, begun), signed_in, gone)| {
            let [owner, password, elsewhere, second, leaves] = flags;
            let held = |(community, role): &(u8, usize)| {
                let role = ["member", "support", "administrator"][*role];
                json!({ "community": Uuid::from_u128(u128::from(*community)), "role": role, "since": 1 })
            };
            json!({
                "id": Uuid::from_u128(77), "name": name, "email": "Ada.Lovelace@Example.org",
                "second_email": second.then_some("Ada@HOME.example"), "language": "en", "owner": owner,
                "memberships": roles.iter().map(held).collect::<Vec<_>>(), "created_at": 12,
                "password": password.then(|| json!({ "hash": hash(), "stands_alone": true })),
                "invitation": invitation.map(|failures| json!({ "hash": hash(), "issued_at": 4, "failures": failures })),
                "second_factor": second_factor,
                "pending": begun.map(|at| json!({
                    "id": Uuid::nil(), "name": "Phone", "sealed": [1], "begun_at": at, "session": format!("{}=", "A".repeat(43)), "wrong": 0,
                })),
                "signed_in_at": signed_in, "elsewhere": elsewhere,
                "deactivated_at": if leaves { gone } else { Value::Null },
            })
        })
    }

    async fn memory() -> SqliteConnection {
        SqliteConnectOptions::new().in_memory(true).connect().await.expect("a database in memory")
    }

    /// What the database picks out of a document.
    async fn sketched(connection: &mut SqliteConnection, document: &str) -> Entry {
        let picked: String = query_scalar(concat!("SELECT ", listed!(), " FROM (SELECT $1 AS body)"))
            .bind(document)
            .fetch_one(connection)
            .await
            .expect("a part of it");
        serde_json::from_str::<Sketch>(&picked).expect("a sketch").into()
    }

    proptest! {
        /// The directory is told the same of an account whether it was read from the vault or has just been written.
        #[test]
        fn a_document_says_of_somebody_what_the_account_says(written in prop::collection::vec(account(), 16)) {
            let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
            runtime.block_on(async {
                let mut connection = memory().await;
                for written in written {
                    let account: Account = serde_json::from_value(written).expect("an account");
                    let text = serde_json::to_string(&account).expect("a document");
                    prop_assert_eq!(sketched(&mut connection, &text).await, Entry::from(&account));
                }
                Ok(())
            })?;
        }
    }

    /// Accounts of the first vaults lack what came later.
    #[tokio::test]
    async fn what_came_later_may_be_missing() {
        let first = json!({
            "id": Uuid::nil(), "name": "Ada", "email": "ada@example.org", "language": "en", "owner": true, "memberships": [],
            "created_at": 1, "password": null, "invitation": null, "second_factor": "none", "pending": null, "signed_in_at": null,
        });
        let account: Account = serde_json::from_value(first.clone()).expect("an account");
        assert_eq!(sketched(&mut memory().await, &first.to_string()).await, Entry::from(&account));
    }

    /// With a word more or less than the index has, every document would be read.
    #[tokio::test]
    async fn everybody_is_read_out_of_the_index() {
        let mut connection = memory().await;
        MIGRATIONS.run_direct(None, &mut connection, false).await.expect("the tables");
        let plan: Vec<(i64, i64, i64, String)> = query_as(sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {NEXT}")))
            .bind("")
            .bind(10)
            .fetch_all(&mut connection)
            .await
            .expect("a plan");
        assert!(plan.iter().any(|(.., step)| step.contains("USING COVERING INDEX accounts_listed")), "{plan:?}");
        connection.close().await.expect("closed");
    }
}
