//! Devices: paired by a code, proved with every request, and revoked.

use authority::{Commit, Store};
use domain::{
    Change,
    device::{Asked, Fingerprint, HEADER, PairingCode, State},
    id::{DeviceId, WorkspaceId},
};
use ed25519_dalek::SigningKey;
use postgres::{Postgres, Settings};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{
    client::{Answer, Client},
    desktop::{Desktop, digest, line, request, sent, session_id, try_pairing},
    served::{Harbour, OWNER, PASSWORD, Person, Serving, code_below, refused, well},
};

fn console_code(harbour: &Harbour, name: &str) -> String {
    code_below(&well(&harbour.run(&["pair", "--name", name])), "Pairing code")
}

fn key(number: u8) -> SigningKey {
    SigningKey::from_bytes(&[number; 32])
}

fn entries(client: &Client, owner: &Person, kinds: &[&str]) -> Vec<Value> {
    let found = client.call("search-journal", Some(&owner.session), &json!({ "kinds": kinds })).reply();
    found["rows"].as_array().unwrap_or_else(|| panic!("no rows: {found}")).clone()
}

fn devices(client: &Client, owner: &Person, gone: bool) -> Vec<Value> {
    let page = client.call("list-devices", Some(&owner.session), &json!({ "gone": gone })).reply();
    page["rows"].as_array().expect("rows").clone()
}

fn revoke(client: &Client, owner: &Person, device: DeviceId) -> Answer {
    client.call("revoke-device", Some(&owner.session), &json!({ "device": device.0, "proof": { "password": PASSWORD } }))
}

/// Changes the device of that name in the database, as if something had been otherwise.
fn tamper(harbour: &Harbour, name: &str, change: impl Fn(&mut State)) {
    tokio::runtime::Runtime::new().expect("a runtime").block_on(async {
        let store = Postgres::open(&harbour.database.url().into(), &Settings::default()).await.expect("opened");
        let query = authority::store::DeviceQuery { at: domain::time::Moment(0), gone: true, after: None, limit: 50 };
        let found = store.devices(&query).await.expect("a page").rows;
        let mut device = found.into_iter().find(|device| device.name.as_str() == name).expect("a device of that name");
        change(&mut device.state);
        let changes = vec![Change::Device(Box::new(device))];
        store
            .commit(Commit { at: domain::time::Moment(0), read: Vec::new(), changes, entries: Vec::new(), notices: Vec::new() })
            .await
            .expect("written");
        store.close().await;
    });
}

#[test]
fn a_desktop_is_paired_by_the_code_of_the_console_and_its_person_comes_in_by_it() {
    let (harbour, invitation) = Harbour::founded();
    let served = harbour.serve_tls();
    let owner = served.owner(&invitation);
    let certificate = harbour.path("tls.crt");
    let said = well(&harbour.run(&["pair", "--name", "Desk of Sam", "--tls-cert", certificate.to_str().expect("text")]));
    let code = code_below(&said, "Pairing code for Desk of Sam, valid for 15 minutes");
    let read = PairingCode::read(&code).expect("a pairing code");
    let spki: [u8; 32] = Sha256::digest(harbour.public_key()).into();
    assert_eq!(read.server(), Some(&Fingerprint::of(&spki)), "the key of the certificate that it serves with");

    let desktop = Desktop::paired(&served.client, 1, &code);
    let session = desktop.sign_in(&served.client, OWNER, PASSWORD, &owner.code(1));
    assert_eq!(desktop.call(&served.client, "who-am-i", Some(&session), &json!({})).reply()["reach"], "full");
    let rows = devices(&served.client, &owner, false);
    assert_eq!((rows.len(), &rows[0]["name"], &rows[0]["state"]), (1, &json!("Desk of Sam"), &json!("paired")));
    assert_eq!((&rows[0]["person"]["email"], rows[0]["invitedBy"].is_null()), (&json!(OWNER), true), "by the console");
    assert!(rows[0]["seenAt"].is_i64() && rows[0]["pairedAt"].is_i64());

    let told = entries(&served.client, &owner, &["device.invited", "device.paired"]);
    let kinds: Vec<_> = told.iter().map(|entry| (entry["kind"].as_str().expect("a kind"), entry["words"]["name"].clone())).collect();
    assert_eq!(kinds, [("device.paired", json!("Desk of Sam")), ("device.invited", json!("Desk of Sam"))], "{told:?}");
    let outbox = served.client.call("read-outbox", Some(&owner.session), &json!({})).reply();
    assert!(outbox["rows"].as_array().expect("rows").iter().any(|row| row["kind"] == "device-paired"), "the owner is told: {outbox}");

    let log = served.log();
    let database = harbour.database.psql("SELECT * FROM devices").expect("rows");
    for secret in [code.as_str(), &sent(&code), &session] {
        assert!(!log.contains(secret) && !database.contains(secret), "{secret}");
    }
}

#[test]
fn codes_that_do_not_pair_are_refused_alike_and_counted_and_a_mistyped_one_is_neither() {
    let (harbour, invitation) = Harbour::founded();
    let served = harbour.serve(&[]);
    let owner = served.owner(&invitation);
    let client = &served.client;
    let used = console_code(&harbour, "Used");
    assert_eq!(used.len(), 29, "a server without a certificate of its own has none to tell");
    Desktop::paired(client, 1, &used);
    let unknown = {
        let (elsewhere, _) = Harbour::founded();
        console_code(&elsewhere, "Elsewhere")
    };
    for _ in 0..8 {
        let mistyped = format!("{}{}", if sent(&used).ends_with('7') { "8" } else { "7" }, &sent(&used)[1..]);
        assert_eq!(try_pairing(client, &key(2), &mistyped).problem(), (422, "code-mistyped".into()));
    }
    let late = console_code(&harbour, "Late");
    tamper(&harbour, "Late", |state| {
        if let State::Invited { expires_at, .. } = state {
            *expires_at = expires_at.plus(-15 * 60);
        }
    });
    let rows = devices(client, &owner, true);
    assert_eq!(rows.iter().find(|row| row["name"] == "Late").expect("listed")["state"], "expired");
    let taken_back = console_code(&harbour, "Taken back");
    let device = devices(client, &owner, false).iter().find(|row| row["state"] == "invited").expect("waits")["id"].clone();
    assert_eq!(revoke(client, &owner, DeviceId(serde_json::from_value(device).expect("an id"))).status, 200);

    let answers: Vec<_> = [&unknown, &used, &late, &taken_back].map(|code| try_pairing(client, &key(2), code)).into_iter().collect();
    for answer in &answers {
        assert_eq!(answer.problem(), (422, "pairing-code-wrong".into()));
        assert_eq!(answer.text, answers[0].text, "not a letter differs");
    }
    let good = console_code(&harbour, "Good");
    assert_eq!(try_pairing(client, &key(2), &unknown).problem(), (429, "wait".into()), "the fifth");
    assert_eq!(try_pairing(client, &key(2), &good).problem(), (429, "wait".into()), "a right one is not looked at meanwhile");
    assert_eq!(entries(client, &owner, &["device.paired"]).len(), 1);
}

#[test]
fn nobody_is_paired_who_does_not_show_the_other_half_of_the_key() {
    let (harbour, invitation) = Harbour::founded();
    let served = harbour.serve(&[]);
    let owner = served.owner(&invitation);
    let code = console_code(&harbour, "Desk");
    let (own, stolen) = (key(1), key(2));
    let asked = request(&own, &code);
    let body = digest(&asked.to_string());
    let nil = DeviceId(Uuid::nil());
    let pairing = Asked::pairing("/v1/pair-device", body);
    let other_body = Asked::pairing("/v1/pair-device", digest("{}"));
    let shown = Asked { path: "/v1/sign-in", ..pairing };
    let weak = json!({ "code": sent(&code), "key": data_encoding::BASE64.encode(&{ let mut one = [0; 32]; one[0] = 1; one }) });
    let weak_body = digest(&weak.to_string());
    for (request, header) in [
        (&asked, String::new()),
        (&asked, line(nil, &stolen, &pairing)),
        (&asked, line(nil, &own, &other_body)),
        (&asked, line(nil, &own, &shown)),
        (&asked, line(DeviceId(Uuid::from_u128(7)), &own, &pairing)),
        (&weak, line(nil, &own, &Asked::pairing("/v1/pair-device", weak_body))),
    ] {
        let answer = served.client.call_with("pair-device", None, &header, request);
        assert_eq!(answer.problem(), (401, "device-unknown".into()), "{header:?}");
    }
    // The code is as good as before, and a key that was never paired does nothing but pair.
    let who = json!({});
    let header = line(nil, &own, &Asked::pairing("/v1/who-am-i", digest(&who.to_string())));
    assert_eq!(served.client.call_with("who-am-i", Some(&owner.session), &header, &who).problem(), (401, "device-unknown".into()));
    Desktop::paired(&served.client, 1, &code);
}

#[test]
fn a_proof_is_good_for_one_device_and_one_request() {
    let (harbour, invitation) = Harbour::founded();
    let served = harbour.serve(&[]);
    let owner = served.owner(&invitation);
    let client = &served.client;
    let desktop = Desktop::paired(client, 1, &console_code(&harbour, "One"));
    let other = Desktop::paired(client, 2, &console_code(&harbour, "Two"));
    let session = desktop.sign_in(client, OWNER, PASSWORD, &owner.code(1));
    let request = json!({ "search": "zoë" });
    let path = "/v1/list-people";
    let asked = Asked {
        workspace: desktop.workspace,
        device: desktop.device,
        path,
        body: digest(&request.to_string()),
        session: Some(session_id(&session)),
    };
    let list = |header: &str| client.call_with("list-people", Some(&session), header, &request);
    assert_eq!(list(&line(desktop.device, &desktop.key, &asked)).status, 200);
    let wrong = [
        line(desktop.device, &other.key, &asked),
        line(desktop.device, &desktop.key, &Asked { workspace: WorkspaceId(Uuid::nil()), ..asked }),
        line(desktop.device, &desktop.key, &Asked { path: "/v1/list-devices", ..asked }),
        line(desktop.device, &desktop.key, &Asked { body: digest("{}"), ..asked }),
        line(desktop.device, &desktop.key, &Asked { session: None, ..asked }),
        line(desktop.device, &desktop.key, &Asked { session: Some(session_id(&owner.session)), ..asked }),
        line(other.device, &desktop.key, &asked),
        line(DeviceId(Uuid::from_u128(7)), &desktop.key, &asked),
        format!("\r\n{HEADER}: nonsense"),
        format!("\r\n{HEADER}: "),
        format!("{0}{0}", line(desktop.device, &desktop.key, &asked)),
    ];
    for header in &wrong {
        assert_eq!(list(header).problem(), (401, "device-unknown".into()), "{header}");
    }
    // Before anything is decided: a wrong password that came so is counted nowhere.
    for _ in 0..8 {
        let guess = json!({ "email": OWNER, "password": "not the password" });
        let header = other.header("sign-in", None, &json!({}));
        assert_eq!(client.call_with("sign-in", None, &header, &guess).problem(), (401, "device-unknown".into()));
    }
    assert_eq!(client.sign_in(OWNER, PASSWORD).status, 200);
}

#[test]
fn a_session_is_good_through_the_device_that_it_began_through_alone() {
    let (harbour, invitation) = Harbour::founded();
    let servers = [harbour.serve(&[]), harbour.serve(&[])];
    let owner = servers[0].owner(&invitation);
    let client = &servers[0].client;
    let one = Desktop::paired(client, 1, &console_code(&harbour, "One"));
    let two = Desktop::paired(client, 2, &console_code(&harbour, "Two"));
    let session = one.sign_in(client, OWNER, PASSWORD, &owner.code(1));
    let who = json!({});
    for served in &servers {
        assert_eq!(one.call(&served.client, "who-am-i", Some(&session), &who).status, 200);
        assert_eq!(two.call(&served.client, "who-am-i", Some(&session), &who).problem(), (401, "session-ended".into()), "another device");
        assert_eq!(served.client.call("who-am-i", Some(&session), &who).problem(), (401, "session-ended".into()), "none");
        let plain = one.call(&served.client, "who-am-i", Some(&owner.session), &who);
        assert_eq!(plain.problem(), (401, "session-ended".into()), "a session that began without one");
    }
    // Not at any door either: half a session is not finished elsewhere, and nobody ends another's.
    let half = one.call(client, "sign-in", None, &json!({ "email": OWNER, "password": PASSWORD })).session();
    assert_eq!(two.call(client, "give-code", Some(&half), &json!({ "code": owner.code(0) })).problem(), (401, "session-ended".into()));
    assert_eq!(two.call(client, "sign-out", Some(&session), &who).problem(), (401, "session-ended".into()));
    assert_eq!(one.call(client, "who-am-i", Some(&session), &who).status, 200);
    // A list of megabytes is read of whoever has a session through their device, and of nobody else.
    let announced = |header: &str| {
        let head = format!(
            "POST /v1/import-people HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\nAuthorization: Bearer {session}{header}\r\nContent-Length: 20000000\r\n\r\n"
        );
        client.raw(head.as_bytes()).expect("an answer")
    };
    assert!(announced(&two.header("import-people", Some(&session), &who)).contains("session-ended"));
}

#[test]
fn a_revoked_device_is_out_at_once_at_every_server() {
    let (harbour, invitation) = Harbour::founded();
    let servers = [harbour.serve(&[]), harbour.serve(&[])];
    let owner = servers[0].owner(&invitation);
    let desktop = Desktop::paired(&servers[0].client, 1, &console_code(&harbour, "Lost"));
    let other = Desktop::paired(&servers[0].client, 2, &console_code(&harbour, "Kept"));
    let (lost, kept) = (
        desktop.sign_in(&servers[0].client, OWNER, PASSWORD, &owner.code(1)),
        other.call(&servers[0].client, "sign-in", None, &json!({ "email": OWNER, "password": PASSWORD })).session(),
    );
    let who = json!({});
    assert_eq!(desktop.call(&servers[1].client, "who-am-i", Some(&lost), &who).status, 200);
    let wrong = json!({ "device": desktop.device.0, "proof": { "password": "not the password" } });
    assert_eq!(servers[0].client.call("revoke-device", Some(&owner.session), &wrong).problem(), (422, "wrong-password".into()));
    assert_eq!(revoke(&servers[0].client, &owner, desktop.device).status, 200);

    let sign_in = json!({ "email": OWNER, "password": PASSWORD });
    for served in &servers {
        assert_eq!(desktop.call(&served.client, "who-am-i", Some(&lost), &who).problem(), (401, "device-revoked".into()));
        assert_eq!(desktop.call(&served.client, "sign-in", None, &sign_in).problem(), (401, "device-revoked".into()));
        assert_eq!(served.client.call("who-am-i", Some(&lost), &who).problem(), (401, "session-ended".into()), "nor without it");
        assert_eq!(other.call(&served.client, "who-am-i", Some(&kept), &who).status, 200, "the others go on");
        let stranger = Desktop { key: key(9), device: desktop.device, workspace: desktop.workspace };
        let told = stranger.call(&served.client, "who-am-i", Some(&lost), &who);
        assert_eq!(told.problem(), (401, "device-unknown".into()), "whoever has not its key learns nothing");
    }
    let french = servers[0].client.call_with(
        "who-am-i",
        Some(&lost),
        &format!("{}\r\nAccept-Language: fr", desktop.header("who-am-i", Some(&lost), &who)),
        &who,
    );
    assert!(french.json()["detail"].as_str().is_some_and(|text| text.starts_with("Cet appareil a été révoqué")), "{french:?}");
    let sessions = harbour.database.psql(&format!("SELECT count(*) FROM sessions WHERE device = '{}'", desktop.device)).expect("a count");
    assert!(sessions.contains('0'), "{sessions}");
    let told = entries(&servers[1].client, &owner, &["device.revoked"]);
    assert_eq!((told.len(), &told[0]["words"]["name"], &told[0]["actor"]["email"]), (1, &json!("Lost"), &json!(OWNER)));
    assert_eq!(devices(&servers[1].client, &owner, false).len(), 1);
    assert_eq!(devices(&servers[1].client, &owner, true).len(), 2);
}

/// What is noted of its use at that moment must not bring it back.
#[test]
fn a_device_that_is_revoked_through_itself_stays_so() {
    let (harbour, invitation) = Harbour::founded();
    let served = harbour.serve(&[]);
    let owner = served.owner(&invitation);
    let desktop = Desktop::paired(&served.client, 1, &console_code(&harbour, "Own"));
    let session = desktop.sign_in(&served.client, OWNER, PASSWORD, &owner.code(1));
    // Its hour is over, so that something is to be noted.
    harbour.database.psql("UPDATE devices SET body = regexp_replace(body, '\"seen_at\":[0-9]+', '\"seen_at\":1')").expect("changed");
    let request = json!({ "device": desktop.device.0, "proof": { "password": PASSWORD } });
    assert_eq!(desktop.call(&served.client, "revoke-device", Some(&session), &request).status, 200);
    assert_eq!(desktop.call(&served.client, "who-am-i", Some(&session), &json!({})).problem(), (401, "device-revoked".into()));
    assert_eq!(devices(&served.client, &owner, true)[0]["state"], "revoked");
}

#[test]
fn of_many_who_use_one_code_at_two_servers_one_is_paired() {
    let (harbour, invitation) = Harbour::founded();
    let servers = [harbour.serve(&[]), harbour.serve(&[])];
    let owner = servers[0].owner(&invitation);
    let code = console_code(&harbour, "Desk");
    let answers: Vec<Answer> = std::thread::scope(|scope| {
        let asked: Vec<_> = (0..20u8)
            .map(|number| {
                let (client, code) = (servers[usize::from(number) % 2].client.clone(), &code);
                scope.spawn(move || try_pairing(&client, &key(number + 1), code))
            })
            .collect();
        asked.into_iter().map(|asked| asked.join().expect("answered")).collect()
    });
    let paired: Vec<_> = answers.iter().filter(|answer| answer.status == 200).collect();
    assert_eq!(paired.len(), 1, "{:?}", answers.iter().map(|answer| answer.status).collect::<Vec<_>>());
    // Whoever lost too often against the others is told to come again.
    assert!(answers.iter().all(|answer| [200, 422, 429, 503].contains(&answer.status)), "{answers:?}");
    assert_eq!(entries(&servers[0].client, &owner, &["device.paired"]).len(), 1);
}

fn joined(served: &Serving, owner: &Person, email: &str, role: &str) -> Person {
    let grants = served.client.call("list-people", Some(&owner.session), &json!({})).reply();
    let community = grants["grants"][0]["community"].clone();
    let request = json!({ "name": "Ad Ministrator", "email": email, "community": community, "role": role });
    let issued = served.client.call("invite", Some(&owner.session), &request).reply();
    served.accept(email, issued["code"].as_str().expect("a code"))
}

#[test]
fn owners_alone_look_after_devices_and_invite_them_from_their_window() {
    let (harbour, invitation) = Harbour::founded();
    let served = harbour.serve_tls();
    let owner = served.owner(&invitation);
    let client = &served.client;
    let other = joined(&served, &owner, "ada@example.org", "administrator");
    let invite = |person: &Person, password: &str| {
        client.call("invite-device", Some(&person.session), &json!({ "name": " Front  desk ", "proof": { "password": password } }))
    };
    assert_eq!(invite(&other, PASSWORD).problem(), (403, "not-allowed".into()));
    assert_eq!(client.call("list-devices", Some(&other.session), &json!({})).problem(), (403, "not-allowed".into()));
    assert_eq!(invite(&owner, "not the password").problem(), (422, "wrong-password".into()));
    assert!(devices(client, &owner, true).is_empty());

    let invited = invite(&owner, PASSWORD).reply();
    let code = PairingCode::read(invited["code"].as_str().expect("a code")).expect("a pairing code");
    assert!(code.server().is_some_and(|server| server.is_of(&Sha256::digest(harbour.public_key()).into())));
    assert_eq!(invited["name"], "Front desk");
    let rows = devices(client, &owner, false);
    assert_eq!((&rows[0]["state"], &rows[0]["invitedBy"]["email"]), (&json!("invited"), &json!(OWNER)));
    let desktop = Desktop::paired(client, 1, invited["code"].as_str().expect("a code"));
    let session = desktop.sign_in(client, "ada@example.org", PASSWORD, &other.code(1));
    assert_eq!(devices(client, &owner, false)[0]["person"]["email"], "ada@example.org");
    let revoking = json!({ "device": desktop.device.0, "proof": { "password": PASSWORD } });
    assert_eq!(desktop.call(client, "revoke-device", Some(&session), &revoking).problem(), (403, "not-allowed".into()));
    // The device stays its first person's, whoever comes in by it after them.
    desktop.sign_in(client, OWNER, PASSWORD, &owner.code(1));
    assert_eq!(devices(client, &owner, false)[0]["person"]["email"], "ada@example.org");
}

#[test]
fn the_console_says_what_is_wrong_before_it_makes_a_code() {
    let (harbour, invitation) = Harbour::founded();
    let served = harbour.serve(&[]);
    let owner = served.owner(&invitation);
    let (_, said) = refused(&harbour.run(&["pair", "--name", " "]));
    assert!(said.contains("name"), "{said}");
    let keys = harbour.path("keys");
    let (_, said) = refused(&harbour.run(&["pair", "--name", "Desk", "--tls-cert", keys.to_str().expect("text")]));
    assert!(said.contains("no certificate or key could be read"), "{said}");
    assert!(devices(&served.client, &owner, true).is_empty());
}
