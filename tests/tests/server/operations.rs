//! Operations: what a paired desktop asks with a key of its own is done once, whoever asks again and wherever.

use data_encoding::HEXLOWER;
use domain::operation::{VALIDITY, new_key};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    client::{Answer, Client},
    desktop::Desktop,
    served::{Harbour, OWNER, PASSWORD, Person, code_below, well},
};

fn now() -> domain::time::Moment {
    authority::Surroundings::now(&authority::System)
}

/// Keys that are drawn now, by number.
fn keys() -> impl Fn(u8) -> String {
    let now = now();
    move |number| new_key(now, &[number; 10]).to_string()
}

fn console_code(harbour: &Harbour, name: &str) -> String {
    code_below(&well(&harbour.run(&["pair", "--name", name])), "Pairing code")
}

/// Asks through a desktop with a key.
fn once(desktop: &Desktop, client: &Client, session: &str, key: &str, name: &str, request: &Value) -> Answer {
    let header = format!("{}\r\nIdempotency-Key: {key}", desktop.header(name, Some(session), request));
    client.call_with(name, Some(session), &header, request)
}

fn own(client: &Client, owner: &Person) -> Value {
    client.call("list-people", Some(&owner.session), &json!({})).reply()["rows"][0]["person"].clone()
}

fn corrections(client: &Client, owner: &Person) -> usize {
    let found = client.call("search-journal", Some(&owner.session), &json!({ "kinds": ["person.name-corrected"] })).reply();
    found["rows"].as_array().expect("rows").len()
}

#[test]
fn a_second_use_of_a_key_changes_nothing_and_is_answered_alike() {
    let key = keys();
    let (harbour, invitation) = Harbour::founded();
    let served = harbour.serve(&[]);
    let (owner, client) = (served.owner(&invitation), &served.client);
    let desktop = Desktop::paired(client, 1, &console_code(&harbour, "One"));
    let other = Desktop::paired(client, 2, &console_code(&harbour, "Two"));
    let session = desktop.sign_in(client, OWNER, PASSWORD, &owner.code(1));
    let person = own(client, &owner);
    let (id, was) = (person["id"].clone(), person["name"].clone());
    let correct = |name: &str| json!({ "account": id, "name": name, "was": was });
    let asked = correct("Olive Once");

    let first = once(&desktop, client, &session, &key(1), "correct-name", &asked);
    assert_eq!(first.status, 200, "{first:?}");
    let place = first.json()["journalled"].as_u64().expect("an entry tells of it");
    // Somebody else calls her otherwise meanwhile: what was done is not done again.
    client.call("correct-name", Some(&owner.session), &json!({ "account": id, "name": "Olive Later" })).reply();
    let size = corrections(client, &owner);
    for _ in 0..3 {
        let again = once(&desktop, client, &session, &key(1), "correct-name", &asked);
        assert_eq!((again.status, &again.text), (200, &first.text));
    }
    assert_eq!((own(client, &owner)["name"].as_str(), corrections(client, &owner)), (Some("Olive Later"), size));
    let told = client.call("search-journal", Some(&owner.session), &json!({ "kinds": ["person.name-corrected"] })).reply();
    assert!(told["rows"].as_array().expect("rows").iter().any(|row| row["index"] == place), "{place}: {told}");

    // The same key with another body, or for another use case, is refused with a code of its own.
    let changed = once(&desktop, client, &session, &key(1), "correct-name", &correct("Olive Otherwise"));
    assert_eq!(changed.problem(), (422, "operation-differs".into()));
    let elsewhere = once(&desktop, client, &session, &key(1), "dismiss-request", &asked);
    assert_eq!(elsewhere.problem(), (422, "operation-differs".into()));

    // What was refused stays refused, also once it would be carried out.
    let stale = once(&desktop, client, &session, &key(2), "correct-name", &correct("Olive Stale"));
    assert_eq!(stale.problem(), (409, "changed-meanwhile".into()));
    client.call("correct-name", Some(&owner.session), &json!({ "account": id, "name": was })).reply();
    let still = once(&desktop, client, &session, &key(2), "correct-name", &correct("Olive Stale"));
    assert_eq!((still.problem(), &still.text), ((409, "changed-meanwhile".into()), &stale.text));
    let empty = once(&desktop, client, &session, &key(3), "correct-name", &correct(" "));
    assert_eq!(empty.problem(), (422, "name-empty".into()));
    assert_eq!(once(&desktop, client, &session, &key(3), "correct-name", &correct("X")).problem(), (422, "operation-differs".into()));

    // Another device's key is another key.
    let through = other.sign_in(client, OWNER, PASSWORD, &owner.codes[0]);
    let theirs = once(&other, client, &through, &key(1), "correct-name", &asked);
    assert_eq!(theirs.status, 200);
    assert_ne!(theirs.json()["journalled"], place, "it was carried out for itself");
    // A session of another device proves nothing, and the key says nothing.
    assert_eq!(once(&other, client, &session, &key(1), "correct-name", &asked).problem(), (401, "session-ended".into()));
    assert!(!served.log().contains("Olive"));
}

#[test]
fn a_key_is_refused_where_there_can_be_none() {
    let key = keys();
    let (harbour, invitation) = Harbour::founded();
    let served = harbour.serve(&[]);
    let (owner, client) = (served.owner(&invitation), &served.client);
    let desktop = Desktop::paired(client, 1, &console_code(&harbour, "One"));
    let session = desktop.sign_in(client, OWNER, PASSWORD, &owner.code(1));
    let person = own(client, &owner);
    let asked = json!({ "account": person["id"], "name": "Olive Once" });
    // By no device.
    let header = format!("\r\nIdempotency-Key: {}", key(1));
    assert_eq!(client.call_with("correct-name", Some(&owner.session), &header, &asked).problem(), (400, "idempotency-key".into()));
    // Of a use case that cannot wait.
    assert_eq!(once(&desktop, client, &session, &key(1), "touch", &json!({})).problem(), (400, "idempotency-key".into()));
    // No key.
    for wrong in
        ["", "1", &Uuid::nil().to_string(), &Uuid::max().to_string(), "8c6b2f7e-8f5e-4b5e-9d7e-0f3c1d2e4a5b", &key(1).replace('-', "")]
    {
        assert_eq!(once(&desktop, client, &session, wrong, "correct-name", &asked).problem(), (400, "idempotency-key".into()), "{wrong}");
    }
    let twice = format!("{}\r\nIdempotency-Key: {}", key(1), key(2));
    assert_eq!(once(&desktop, client, &session, &twice, "correct-name", &asked).problem(), (400, "idempotency-key".into()));
    // Of a change that was made too long ago, or is yet to be made.
    for far in [-VALIDITY - 60, 3 * 24 * 3600] {
        let old = new_key(now().plus(far), &[1; 10]).to_string();
        assert_eq!(once(&desktop, client, &session, &old, "correct-name", &asked).problem(), (409, "operation-expired".into()));
    }
    assert_eq!((own(client, &owner)["name"].clone(), corrections(client, &owner)), (person["name"].clone(), 0), "nothing was changed");
    // Whoever is not signed in decides nothing: the key is as good as before.
    let header = format!("{}\r\nIdempotency-Key: {}", desktop.header("correct-name", None, &asked), key(1));
    assert_eq!(client.call_with("correct-name", None, &header, &asked).problem(), (401, "session-ended".into()));
    assert_eq!(once(&desktop, client, &session, &key(1), "correct-name", &asked).status, 200);
    let rows = harbour.database.psql("SELECT encode(id, 'hex') FROM operations").expect("rows");
    assert!(rows.contains(&HEXLOWER.encode(Uuid::parse_str(&key(1)).expect("a key").as_bytes()[6..].as_ref())), "{rows}");
}

#[test]
fn of_one_key_at_two_servers_at_once_one_change_is_made() {
    let key = keys();
    let (harbour, invitation) = Harbour::founded();
    let (one, two) = (harbour.serve(&[]), harbour.serve(&[]));
    let owner = one.owner(&invitation);
    let desktop = Desktop::paired(&one.client, 1, &console_code(&harbour, "One"));
    let session = desktop.sign_in(&one.client, OWNER, PASSWORD, &owner.code(1));
    let id = own(&one.client, &owner)["id"].clone();
    for round in 0..4u8 {
        let asked = json!({ "account": id, "name": format!("Olive {round}") });
        let key = key(round);
        let before = corrections(&one.client, &owner);
        let answers: Vec<Answer> = std::thread::scope(|scope| {
            let racing: Vec<_> = (0..12)
                .map(|number| {
                    let client = if number % 2 == 0 { &one.client } else { &two.client };
                    let (desktop, session, key, asked) = (&desktop, &session, &key, &asked);
                    scope.spawn(move || once(desktop, client, session, key, "correct-name", asked))
                })
                .collect();
            racing.into_iter().map(|one| one.join().expect("an answer")).collect()
        });
        for answer in &answers {
            assert_eq!((answer.status, &answer.text), (200, &answers[0].text), "each is told the same");
        }
        assert_eq!(corrections(&one.client, &owner), before + 1);
    }
}

#[test]
fn a_key_is_one_person_s() {
    let key = keys();
    let (harbour, invitation) = Harbour::founded();
    let served = harbour.serve(&[]);
    let (owner, client) = (served.owner(&invitation), &served.client);
    let grants = client.call("list-people", Some(&owner.session), &json!({})).reply();
    let community = grants["grants"][0]["community"].clone();
    let invited = json!({ "name": "Ada", "email": "ada@example.org", "community": community, "role": "administrator" });
    let issued = client.call("invite", Some(&owner.session), &invited).reply();
    let ada = served.accept("ada@example.org", issued["code"].as_str().expect("a code"));
    let desktop = Desktop::paired(client, 1, &console_code(&harbour, "One"));
    let hers = desktop.sign_in(client, OWNER, PASSWORD, &owner.code(1));
    let theirs = desktop.sign_in(client, "ada@example.org", PASSWORD, &ada.code(1));
    let asked = json!({ "entries": ["A face that staff know"] });
    once(&desktop, client, &hers, &key(1), "set-checklist", &asked).reply();
    let told = once(&desktop, client, &theirs, &key(1), "set-checklist", &asked);
    assert_eq!(told.problem(), (422, "operation-differs".into()), "not even what became of it is told");
    // Their own rules are asked for what they ask, and what became of that is theirs.
    assert_eq!(once(&desktop, client, &theirs, &key(2), "set-checklist", &asked).problem(), (403, "not-allowed".into()));
    assert_eq!(once(&desktop, client, &theirs, &key(2), "set-checklist", &asked).problem(), (403, "not-allowed".into()));
    assert_eq!(once(&desktop, client, &hers, &key(2), "set-checklist", &asked).problem(), (422, "operation-differs".into()));
    let refused = client.call("search-journal", Some(&owner.session), &json!({ "kinds": ["gate.refused"] })).reply();
    assert_eq!(refused["rows"].as_array().map(Vec::len), Some(1), "written down once: {refused}");
}
