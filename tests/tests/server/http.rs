//! The use cases over HTTP: the same verdicts as in the window, and what the network adds to them.

use std::io::Write;

use authority::{Authority, SealingKey, System};
use postgres::{Postgres, Settings};
use sallyport_tests::{PATIENCE, until};
use secrecy::SecretSlice;
use serde_json::{Value, json};
use wire::{Workspace, people::ListPeople, person::ReadPerson, seam::UseCaseName};

use crate::{
    client::{Client, parsed, rest},
    served::{Harbour, OWNER, PASSWORD, Person, Serving},
};

#[test]
fn an_owner_comes_in_over_https_enrols_and_comes_back_with_a_code() {
    let (harbour, invitation) = Harbour::founded();
    let served = harbour.serve_tls();
    let owner = served.owner(&invitation);
    let me = served.client.call("who-am-i", Some(&owner.session), &json!({})).reply();
    assert_eq!((me["reach"].as_str(), me["workspace"].as_str()), (Some("full"), Some("Harbour")), "{me}");
    assert_eq!(owner.codes.len(), 10);

    assert_eq!(served.client.call("sign-out", Some(&owner.session), &json!({})).status, 200);
    assert_eq!(served.client.call("who-am-i", Some(&owner.session), &json!({})).problem(), (401, "session-ended".into()));

    let door = served.client.sign_in(OWNER, PASSWORD);
    assert_eq!(door.reply()["next"], "code");
    let session = door.session();
    let early = served.client.call("list-people", Some(&session), &json!({}));
    assert_eq!(early.problem(), (403, "session-stage".into()), "one door is not two");
    let code = owner.code(1);
    let through = served.client.call("give-code", Some(&session), &json!({ "code": code }));
    assert_eq!(through.reply()["next"], "in");
    assert!(through.json()["journalled"].is_u64(), "the entry that tells of it: {through:?}");
    for (header, value) in [("cache-control", "no-store"), ("x-content-type-options", "nosniff")] {
        assert_eq!(through.header(header), Some(value));
    }
    assert!(through.header("strict-transport-security").is_some());
    let again = served.client.call("give-code", Some(&served.client.sign_in(OWNER, PASSWORD).session()), &json!({ "code": code }));
    assert_eq!(again.problem(), (422, "code-used".into()), "a code is good once");
}

#[test]
fn plain_words_are_refused_where_tls_is_spoken_and_tls_is_the_rule() {
    let (harbour, _) = Harbour::founded();
    let served = harbour.serve_tls();
    let answered = Client::plain(served.client.address).raw(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
    assert!(!answered.unwrap_or_default().contains("alive"), "nothing is said in plain words");
    let other = Harbour::empty();
    let stranger = other.stranger_to(&served);
    assert!(stranger.raw(b"GET /healthz HTTP/1.1\r\n\r\n").map_or(true, |said| said.is_empty()), "another certificate is not believed");
}

#[test]
fn what_is_no_session_and_what_is_no_request_is_told_and_costs_nothing() {
    let (harbour, invitation) = Harbour::founded();
    let served = harbour.serve(&[]);
    let owner = served.owner(&invitation);
    let client = &served.client;
    let problem = |name: &str, session: Option<&str>| client.call(name, session, &json!({})).problem();
    assert_eq!(problem("list-people", None), (401, "session-ended".into()));
    assert_eq!(problem("list-people", Some("nonsense")), (401, "authorization".into()));
    assert_eq!(problem("list-people", Some(&"A".repeat(43))), (401, "session-ended".into()));
    assert_eq!(client.call("list-people", None, &json!({})).header("www-authenticate"), Some("Bearer"));
    assert_eq!(problem("make-coffee", Some(&owner.session)), (404, "no-such-path".into()));
    let get = client.get("/v1/list-people");
    assert_eq!((get.problem(), get.header("allow").is_some()), ((405, "method-not-allowed".into()), true));

    let head = "POST /v1/sign-in HTTP/1.1";
    let json_head = format!("{head}\r\nContent-Type: application/json");
    assert_eq!(client.send(head, b"{}").problem(), (415, "media-type".into()));
    for torn in [&b""[..], b"{", b"[]", br#"{"email":"a"}"#, &[0xff; 8]] {
        assert_eq!(client.send(&json_head, torn).problem(), (400, "malformed".into()), "{torn:?}");
    }
    let long = format!("{{\"email\":\"{}\",\"password\":\"x\"}}", "a".repeat(70_000));
    assert_eq!(client.send(&json_head, long.as_bytes()).problem(), (413, "too-large".into()));
    let chunked = format!(
        "{json_head}\r\nHost: localhost\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n11170\r\n{}\r\n0\r\n\r\n",
        "a".repeat(70_000)
    );
    assert_eq!(parsed(&client.raw(chunked.as_bytes()).expect("an answer")).problem(), (413, "too-large".into()));
    // A list of megabytes is announced, and nothing of it is read from a stranger.
    let announced = b"POST /v1/import-people HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: 20000000\r\n\r\n";
    assert_eq!(parsed(&client.raw(announced).expect("an answer")).problem(), (401, "session-ended".into()));
    let heavy = format!("GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Long: {}\r\n\r\n", "a".repeat(40_000));
    assert!(client.raw(heavy.as_bytes()).map_or(true, |said| said.is_empty() || said.starts_with("HTTP/1.1 431")));

    let french = client.call_with("list-people", None, "\r\nAccept-Language: fr-CA", &json!({})).json();
    assert_eq!(french["detail"], "Votre session a pris fin. Reconnectez-vous.");
    assert_eq!(client.get("/healthz").text, "alive\n", "and it goes on");
}

#[test]
fn what_is_about_a_file_on_ones_own_computer_is_refused_as_such() {
    let (harbour, invitation) = Harbour::founded();
    let served = harbour.serve(&[]);
    let owner = served.owner(&invitation);
    let local: Vec<_> = UseCaseName::ALL.iter().filter(|name| server::why_local(**name).is_some()).collect();
    assert!(!local.is_empty());
    for name in local {
        let name = serde_json::to_value(name).expect("a name");
        let refused = served.client.call(name.as_str().expect("text"), Some(&owner.session), &json!({}));
        assert_eq!(refused.problem(), (403, "not-on-server".into()), "{name}");
    }
}

/// Somebody in the owner's community.
fn joined(served: &Serving, owner: &Person, email: &str, role: &str) -> Person {
    let grants = served.client.call("list-people", Some(&owner.session), &json!({})).reply();
    let community = grants["grants"][0]["community"].clone();
    let request = json!({ "name": "Mia Member", "email": email, "community": community, "role": role });
    let issued = served.client.call("invite", Some(&owner.session), &request).reply();
    served.accept(email, issued["code"].as_str().expect("a code"))
}

#[test]
fn a_role_reaches_as_far_over_http_as_it_does_without() {
    let (harbour, invitation) = Harbour::founded();
    let served = harbour.serve(&[]);
    let owner = served.owner(&invitation);
    let member = joined(&served, &owner, "mia@example.org", "member");
    let people = served.client.call("list-people", Some(&owner.session), &json!({})).reply();
    let account = people["rows"].as_array().expect("rows").iter().find(|row| row["person"]["email"] == OWNER).expect("the owner")["person"]
        ["id"]
        .clone();
    let over_http = [
        served.client.call("list-people", Some(&member.session), &json!({})),
        served.client.call("read-person", Some(&member.session), &json!({ "account": account })),
    ];

    let here = tokio::runtime::Runtime::new().expect("a runtime").block_on(async {
        let store = Postgres::open(&harbour.database.url().into(), &Settings::default()).await.expect("opened");
        let keys: SealingKey = server::read_keys(&harbour.keys()).expect("keys").sealing;
        let authority = Authority::open(store, keys, System).await.expect("the same workspace");
        let token = data_encoding::BASE64URL_NOPAD.decode(member.session.as_bytes()).expect("a token");
        let token = SecretSlice::from(token);
        let account = serde_json::from_value(account).expect("an account");
        [
            authority.call(Some(&token), ListPeople::default().into()).await.expect_err("a member lists nobody"),
            authority.call(Some(&token), ReadPerson { account }.into()).await.expect_err("nor reads anybody"),
        ]
    });
    for (there, here) in over_http.iter().zip(here) {
        let code = serde_json::to_value(here.code).expect("a code");
        assert_eq!(there.problem(), (server::status(here.code).as_u16(), code.as_str().expect("text").to_owned()));
        assert_eq!(there.problem(), (403, "not-allowed".into()));
    }
}

#[test]
fn failures_are_counted_by_where_they_come_from() {
    let (harbour, invitation) = Harbour::founded();
    let (behind, open) = (harbour.serve(&["--trusted-proxies", "127.0.0.1"]), harbour.serve(&[]));
    let _owner = open.owner(&invitation);
    let from = |served: &Serving, address: &str, password: &str| {
        let request = json!({ "email": OWNER, "password": password });
        served.client.call_with("sign-in", None, &format!("\r\nX-Forwarded-For: {address}"), &request)
    };
    let until_waiting = |served: &Serving, address: &dyn Fn(u32) -> String| {
        (0..10).find(|count| from(served, &address(*count), "not the password").status == 429)
    };
    // Through a proxy that is believed, a stranger is slowed down where they are, and the owner is not.
    assert!(until_waiting(&behind, &|_| "203.0.113.9".into()).is_some());
    let waiting = from(&behind, "203.0.113.9", PASSWORD);
    assert_eq!(waiting.problem(), (429, "wait".into()), "during a wait the right password is not looked at");
    let seconds: i64 = waiting.header("retry-after").expect("how long").parse().expect("seconds");
    assert!((1..=1_800).contains(&seconds), "{seconds}");
    assert_eq!(from(&behind, "192.0.2.1", PASSWORD).status, 200);
    // Believed of nobody, an address that is made up each time is no other source.
    assert!(until_waiting(&open, &|count| format!("198.51.100.{count}")).is_some());
    assert_eq!(from(&behind, "198.51.100.3", PASSWORD).status, 200, "that was the address of this machine");
    assert_eq!(behind.client.sign_in(OWNER, PASSWORD).status, 429, "and it holds in every process");
}

#[test]
fn of_a_hundred_who_use_one_code_at_two_servers_one_comes_in() {
    let (harbour, invitation) = Harbour::founded();
    let servers = [harbour.serve(&[]), harbour.serve(&[])];
    let owner = servers[0].owner(&invitation);
    let sessions: Vec<String> = (0..10).map(|_| servers[0].client.sign_in(OWNER, PASSWORD).session()).collect();
    let code = owner.code(1);
    let answers: Vec<_> = std::thread::scope(|scope| {
        let asked: Vec<_> = (0..100)
            .map(|place| {
                let (client, session, code) = (servers[place % 2].client.clone(), &sessions[place % sessions.len()], &code);
                scope.spawn(move || client.call("give-code", Some(session), &json!({ "code": code })))
            })
            .collect();
        asked.into_iter().map(|asked| asked.join().expect("answered")).collect()
    });
    let accepted = answers.iter().filter(|answer| answer.status == 200).count();
    assert_eq!(accepted, 1, "{:?}", answers.iter().map(|answer| answer.status).collect::<Vec<_>>());
    let full = |session: &String| servers[1].client.call("who-am-i", Some(session), &json!({})).json()["reply"]["reach"] == "full";
    assert_eq!(sessions.iter().filter(|session| full(session)).count(), 1);
}

#[test]
fn a_server_that_is_to_stop_answers_whom_it_is_answering() {
    let (harbour, invitation) = Harbour::founded();
    let mut served = harbour.serve(&[]);
    let owner = served.owner(&invitation);
    let client = served.client.clone();
    let mut line = client.connect().expect("connected");
    let head = format!(
        "POST /v1/who-am-i HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{{",
        owner.session
    );
    line.write_all(head.as_bytes()).expect("sent");
    // It has been read as far as that once another one that came later is answered.
    assert_eq!(client.get("/healthz").status, 200);
    served.terminate();
    let closed = || Ok(client.connect().err().map(drop).ok_or_else(|| "somebody new is taken".to_owned()));
    until(PATIENCE, "an end of new connections", closed).expect("nobody new is taken");
    line.write_all(b"}").expect("sent");
    let answer = parsed(&rest(line.as_mut()));
    assert_eq!(answer.reply()["reach"], "full", "{answer:?}");
    assert!(served.ended().success());
    assert!(served.log().contains("\"stopped\""), "{}", served.log());
}

#[test]
fn who_runs_it_sees_how_it_is_and_nobody_in_it() {
    let (harbour, invitation) = Harbour::founded();
    let served = harbour.serve(&[]);
    let owner = served.owner(&invitation);
    served.client.sign_in(OWNER, "hunter2hunter2hunter2");
    served.client.get("/v1/olive@example.org?password=hunter2");
    assert_eq!(served.client.get("/readyz").text, "ready\n");
    let numbers = served.client.get("/metrics").text;
    assert!(numbers.contains("sallyport_requests_total{route=\"/v1/sign-in\",status=\"4xx\"} 1"), "{numbers}");
    assert!(numbers.contains("sallyport_outbox "), "{numbers}");
    let log = served.log();
    for secret in ["olive", "hunter2", PASSWORD, &invitation, &owner.session, &owner.secret, &owner.codes[0]] {
        assert!(!numbers.contains(secret) && !log.contains(secret), "{secret} is told: {log} {numbers}");
    }
    assert!(log.lines().all(|line| serde_json::from_str::<Value>(line).is_ok()), "{log}");
    let elsewhere = harbour.serve(&["--metrics-from", "192.0.2.1"]);
    assert_eq!(elsewhere.client.get("/metrics").problem(), (404, "no-such-path".into()));
}
