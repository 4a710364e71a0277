use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::Value;

use super::*;
use crate::{
    case::{Brings, CaseAct},
    client::{Client, Realms},
    evidence::begin_signing,
    factor::{Factors, Recovery, Sealed, SecondFactor},
    gate::Role,
    id::CaseId,
    kit::record::Kits,
    lockout::{self, Why},
    mail::{MailSettings, Security, Server},
    policy::{Policy, Tightening},
    readiness::{Hour, Traits},
    secret_hash::{Opaque, Recipe},
    support::SupportNote,
    testing::*,
    throttle::Failures,
    time::Moment,
    words::Email,
};

fn hash(number: u64) -> Hashed {
    Recipe::random(CHEAP, &mut Counting(number)).hash(&"secret".into())
}

fn sealed(number: u8) -> Sealed {
    Sealed((0..40).map(|byte| byte ^ number).collect())
}

fn note() -> SupportNote {
    serde_json::from_value(serde_json::json!({ "asked_by": "Ada", "checked": ["face"], "reason": "lost", "channel": "in-person" }))
        .expect("a note")
}

/// Somebody with everything that an account can hold at once, and a few who stand otherwise.
fn people() -> Vec<Account> {
    let mut rich = enrolled(person(1, Some(Role::Member))).account;
    rich.invitation = Some(Invitation::new(hash(1), NOW));
    rich.password_code = Some(PasswordCode { hash: hash(2), issued_at: NOW, by_mail: false });
    rich.pending = Some(PendingEnrolment {
        sealed: sealed(9),
        session: Opaque([77; 32]),
        ..begun_enrolment(&session(&rich, crate::session::Stage::Full), NOW)
    });
    let SecondFactor::Active(factors) = &mut rich.second_factor else { panic!("enrolled") };
    factors.authenticators[0].sealed = sealed(1);
    factors.authenticators[0].clock.drift = 9;
    factors.backup.spend(&hash(3), NOW);
    for _ in 0..7 {
        factors.failures.fail(&Policy::default().limits, NOW);
    }
    let few: Factors = factors.clone();
    let calm = Account { second_factor: SecondFactor::Active(Factors { failures: Failures::default(), ..few }), ..rich.clone() };
    let recovery = Recovery {
        hash: hash(4),
        issued_at: NOW,
        expires_at: NOW.plus(600),
        claims: 2,
        claimed_by: Some(Opaque([78; 32])),
        failures: Failures::default(),
        out_of_reach: None,
    };
    let reset = Account { second_factor: SecondFactor::Reset(recovery), pending: None, ..rich.clone() };
    let invited = Account { password: None, second_factor: SecondFactor::None, ..rich.clone() };
    let closed = Account { deactivated_at: Some(NOW), ..rich.clone() };
    let owner = Account { owner: true, ..person(2, Some(Role::Administrator)) };
    vec![rich, calm, reset, invited, closed, owner]
}

fn everything() -> Workspace {
    let mut all = workspace(Policy::default());
    let begun = begin_signing(all.clone(), "one".into(), sealed(20));
    let Some(crate::Change::Workspace(signing)) = begun.changes.into_iter().next() else { panic!("signs") };
    all = *signing;
    all.naming_key = Some(sealed(21));
    all.clients = vec![Client {
        id: crate::id::ClientId(uuid::Uuid::from_u128(4)),
        name: Name::read("VPN").expect("a name"),
        key: Opaque([83; 32]),
        realms: Realms::Workspace,
        made_at: NOW,
        used_at: None,
    }];
    let kit = |byte| Some(HeldKit::drawn(uuid::Uuid::from_u128(3), OwnerVerifier::from_bytes([byte; 32]), NOW));
    all.kits = Kits { held: kit(81), next: kit(82), ..Kits::default() };
    all.mail = Some(MailSettings {
        server: Server::read("mail.example.org", 587, Security::Tls, "sally").expect("a server"),
        password: Some(sealed(22)),
        sender: Email::read("sally@example.org").expect("an address"),
        sender_name: None,
        contact: None,
        on: true,
        set_at: NOW,
    });
    all
}

fn is_base64(text: &str) -> bool {
    data_encoding::BASE64.decode(text.as_bytes()).is_ok_and(|bytes| bytes.len() >= 16 && bytes.iter().any(|byte| *byte != 0))
}

/// Every byte string of a record: what is written as Base64, and what is written as a list of bytes.
fn byte_strings(record: &impl Serialize) -> BTreeSet<String> {
    fn walk(value: &Value, found: &mut BTreeSet<String>) {
        match value {
            Value::String(text) if is_base64(text) => {
                found.insert(value.to_string());
            }
            Value::Array(items) => {
                let bytes = items.len() >= 16 && items.iter().all(|item| item.as_u64().is_some_and(|byte| byte < 256));
                if bytes {
                    found.insert(value.to_string());
                }
                items.iter().for_each(|item| walk(item, found));
            }
            Value::Object(fields) => fields.values().for_each(|field| walk(field, found)),
            _ => {}
        }
    }
    let mut found = BTreeSet::new();
    walk(&serde_json::to_value(record).expect("written"), &mut found);
    found
}

#[test]
fn no_hash_no_salt_no_sealed_secret_and_no_code_survives() {
    let mut secrets = 0;
    let mut check = |whole: &dyn Fn() -> BTreeSet<String>, redacted: &dyn Fn() -> (BTreeSet<String>, String)| {
        let (left, text) = redacted();
        let held = whole();
        secrets += held.len();
        assert!(left.is_empty(), "{left:?}");
        assert!(held.iter().all(|secret| !text.contains(secret.trim_matches('"'))), "{text}");
    };
    for account in people() {
        let redacted = account.for_replica();
        check(&|| byte_strings(&account), &|| (byte_strings(&redacted), serde_json::to_string(&redacted).expect("written")));
    }
    let (all, redacted) = (everything(), everything().for_replica());
    check(&|| byte_strings(&all), &|| (byte_strings(&redacted), serde_json::to_string(&redacted).expect("written")));
    assert!(redacted.mail.is_none());
    let case = Case {
        id: CaseId(uuid::Uuid::from_u128(1)),
        target: people()[0].id,
        act: CaseAct::Both,
        brings: Brings::Nothing,
        opener: people()[5].id,
        opened_at: NOW,
        note: note(),
        state: CaseState::Approved { by: None, at: NOW, password: Some(hash(30)) },
    };
    let without = case.for_replica();
    check(&|| byte_strings(&case), &|| (byte_strings(&without), serde_json::to_string(&without).expect("written")));
    assert!(secrets > 60, "only {secrets} secrets were looked for");
}

#[test]
fn what_lists_and_pages_say_is_unchanged() {
    let policy = Policy::default();
    let hour = Hour::plain(NOW);
    let mut told = Vec::new();
    for account in people() {
        let redacted = account.for_replica();
        assert_eq!(redacted.state(), account.state());
        assert_eq!(Traits::from(&redacted), Traits::from(&account));
        assert_eq!(Traits::from(&redacted).locked(None, &hour), Traits::from(&account).locked(None, &hour));
        assert_eq!(redacted.password.is_some(), account.password.is_some());
        assert_eq!(redacted.can_own(), account.can_own());
        for now in [NOW, NOW.plus(300), NOW.plus(90_000)] {
            let why = |account: &Account| lockout::why(account, &policy, true, &[], now);
            assert_eq!(why(&redacted), why(&account));
            told.push(why(&account));
        }
        let again: Account = serde_json::from_str(&serde_json::to_string(&redacted).expect("written")).expect("read");
        assert_eq!(Traits::from(&again), Traits::from(&account));
    }
    assert!(told.iter().any(|why| matches!(why, Why::ClockOff(_))) && told.iter().any(|why| matches!(why, Why::CodeWait(_))), "{told:?}");
    assert!(told.iter().any(|why| matches!(why, Why::RecoveryClaimed(_))), "{told:?}");
}

#[test]
fn nobody_comes_in_by_what_is_blank() {
    let redacted = people()[0].for_replica();
    let password = redacted.password.expect("there is one").hash;
    for guess in ["", "password", "secret"] {
        assert!(!password.matches(&password.recipe().hash(&guess.into())));
    }
    let SecondFactor::Active(mut factors) = redacted.second_factor else { panic!("enrolled") };
    let recipe = *SecondFactor::Active(factors.clone()).recipe(crate::code::Kind::Backup).as_ref().expect("a recipe");
    assert_eq!(factors.backup.spend(&recipe.hash(&"".into()), Moment(0)), crate::factor::CodeVerdict::Wrong);
}

#[test]
fn a_community_out_of_reach_keeps_what_it_asks_and_no_name() {
    let strict = community(COMMUNITY, Tightening { no_backup_codes: true, ..Tightening::default() });
    let (near, far) = (strict.for_replica(true), strict.for_replica(false));
    assert_eq!((near.name.as_str(), far.name.as_str()), ("North", "—"));
    assert!(far.tightening.no_backup_codes);
}
