//! Programs that ask whether codes are right, at the real server: who may ask, about whom, how often, and what they are told.

use serde_json::{Value, json};

use crate::{
    client::{Answer, Client},
    served::{Harbour, OWNER, PASSWORD, Person, Serving, refused, well},
};

/// Adds a program; its key.
pub(crate) fn add_client(harbour: &Harbour, name: &str, realms: &[&str]) -> String {
    let realms = realms.iter().flat_map(|realm| ["--realm", realm]);
    let arguments: Vec<&str> = ["client", "add", "--name", name].into_iter().chain(realms).collect();
    crate::served::code_below(&well(&harbour.run(&arguments)), "Key of")
}

/// Asks on the path of ours.
fn ask(client: &Client, key: &str, request: &Value) -> Answer {
    let head = format!("POST /v1/check HTTP/1.1\r\nContent-Type: application/json\r\nAuthorization: Bearer {key}");
    client.send(&head, request.to_string().as_bytes())
}

fn about(user: &str, code: &str) -> Value {
    json!({ "user": user, "code": code })
}

/// What may differ between two answers that are the same: nothing.
fn seen(answer: &Answer) -> (u16, String, String) {
    let head = answer.head.lines().filter(|line| !line.to_ascii_lowercase().starts_with("date:")).collect::<Vec<_>>().join("\n");
    (answer.status, head, answer.text.clone())
}

const WRONG: &str = "000000";

/// Somebody in a new community.
fn member(served: &Serving, owner: &Person, email: &str, community: &str) -> Person {
    let community = community_id(served, owner, community);
    let request = json!({ "name": "Mia Member", "email": email, "community": community, "role": "member" });
    let issued = served.client.call("invite", Some(&owner.session), &request).reply();
    served.accept(email, issued["code"].as_str().expect("a code"))
}

fn community_id(served: &Serving, owner: &Person, name: &str) -> String {
    let find = || {
        let rows = served.client.call("list-communities", Some(&owner.session), &json!({})).reply()["rows"].clone();
        let found = rows.as_array().expect("rows").iter().find(|row| row["name"] == name).map(|row| row["id"].clone());
        found.and_then(|id| id.as_str().map(str::to_owned))
    };
    find().unwrap_or_else(|| {
        served.client.call("make-community", Some(&owner.session), &json!({ "name": name })).reply();
        find().expect("made")
    })
}

#[test]
fn a_program_is_added_listed_and_removed_at_the_console_and_told_in_the_journal() {
    let (harbour, invitation) = Harbour::founded();
    let served = harbour.serve(&[]);
    let owner = served.owner(&invitation);
    community_id(&served, &owner, "North");
    assert!(well(&harbour.run(&["client", "list"])).contains("There are none."));
    let (_, said) = refused(&harbour.run(&["client", "add", "--name", "VPN", "--realm", "West"]));
    assert!(said.contains("no community of this name"), "{said}");
    let key = add_client(&harbour, "VPN", &["North"]);
    let (_, said) = refused(&harbour.run(&["client", "add", "--name", "vpn"]));
    assert!(said.contains("this name already"), "{said}");
    let everywhere = add_client(&harbour, "Proxy", &[]);
    assert_eq!(ask(&served.client, &everywhere, &about(OWNER, &owner.code(1))).status, 204);
    let listed = well(&harbour.run(&["client", "list"]));
    let line = |name: &str| listed.lines().find(|line| line.contains(name)).unwrap_or_else(|| panic!("{name}: {listed}")).to_owned();
    assert!(line("VPN").contains(": North;") && line("VPN").contains("never used"), "{listed}");
    assert!(line("Proxy").contains("the whole workspace") && line("Proxy").contains("last used 20"), "{listed}");
    for secret in [&key, &everywhere] {
        assert!(!listed.contains(secret.as_str()) && !served.log().contains(secret.as_str()));
        assert!(!harbour.database.psql("SELECT body FROM workspace").expect("a row").contains(secret.as_str()), "kept nowhere");
    }
    well(&harbour.run(&["client", "remove", "--name", "Proxy"]));
    refused(&harbour.run(&["client", "remove", "--name", "Proxy"]));
    assert_eq!(
        ask(&served.client, &everywhere, &about(OWNER, WRONG)).problem(),
        (401, "client-unknown".into()),
        "at once, in a running server"
    );
    let journal = served.client.call("read-journal", Some(&owner.session), &json!({})).reply().to_string();
    for kind in ["client.added", "client.removed", "check.authenticator"] {
        assert!(journal.contains(kind), "{kind}: {journal}");
    }
    assert!(well(&harbour.run(&["verify"])).contains("Nothing is wrong."));
}

#[test]
fn whoever_has_no_key_of_a_program_is_told_nothing() {
    let (harbour, invitation) = Harbour::founded();
    let served = harbour.serve(&[]);
    let owner = served.owner(&invitation);
    let key = add_client(&harbour, "VPN", &[]);
    let code = owner.code(1);
    for wrong in ["A".repeat(43), owner.session.clone(), String::new(), format!("{key}A")] {
        assert_eq!(ask(&served.client, &wrong, &about(OWNER, &code)).problem(), (401, "client-unknown".into()), "{wrong}");
    }
    let none = served.client.send("POST /v1/check HTTP/1.1\r\nContent-Type: application/json", about(OWNER, &code).to_string().as_bytes());
    assert_eq!((none.problem(), none.header("www-authenticate")), ((401, "client-unknown".into()), Some("Bearer")));
    assert_eq!(served.client.call("who-am-i", Some(&key), &json!({})).problem(), (401, "session-ended".into()), "it is no session");
    assert_eq!(ask(&served.client, &key, &about(OWNER, &code)).status, 204, "and none of that used the code up");
}

#[test]
fn a_code_is_right_once_and_wherever_it_was_used() {
    let (harbour, invitation) = Harbour::founded();
    let served = harbour.serve(&[]);
    let owner = served.owner(&invitation);
    let (key, other) = (add_client(&harbour, "VPN", &[]), add_client(&harbour, "Proxy", &[]));
    let code = owner.code(1);
    let right = ask(&served.client, &key, &about(" Olive@Example.ORG ", &code));
    assert_eq!((right.status, right.text.as_str()), (204, ""));
    for asker in [&key, &other] {
        assert_eq!(ask(&served.client, asker, &about(OWNER, &code)).problem(), (401, "check-refused".into()), "a replay");
    }
    let session = served.client.sign_in(OWNER, PASSWORD).session();
    let window = served.client.call("give-code", Some(&session), &json!({ "code": code }));
    assert_eq!(window.problem(), (422, "code-used".into()));
    assert_eq!(ask(&served.client, &key, &about(OWNER, &owner.codes[0])).status, 204);
    assert_eq!(ask(&served.client, &key, &about(OWNER, &owner.codes[0])).problem(), (401, "check-refused".into()));
    let profile = served.client.call("give-code", Some(&session), &json!({ "code": owner.codes[0] }));
    assert_ne!(profile.status, 200, "a backup code that was used elsewhere is used");
}

#[test]
fn a_program_asks_about_its_realms_and_others_are_nobody() {
    let (harbour, invitation) = Harbour::founded();
    let served = harbour.serve(&[]);
    let owner = served.owner(&invitation);
    let mia = member(&served, &owner, "mia@example.org", "North");
    community_id(&served, &owner, "South");
    let (north, south) = (add_client(&harbour, "North VPN", &["North"]), add_client(&harbour, "South VPN", &["South"]));
    let everywhere = add_client(&harbour, "Proxy", &[]);
    let code = mia.code(1);
    let named = |realm: &str| json!({ "user": "mia@example.org", "code": code, "realm": realm });
    for (key, realm) in [
        (&south, ""),
        (&south, "North"),
        (&south, "South"),
        (&south, "Harbour"),
        (&north, "South"),
        (&north, "Harbour"),
        (&everywhere, "South"),
        (&everywhere, "West"),
    ] {
        assert_eq!(ask(&served.client, key, &named(realm)).problem(), (401, "check-refused".into()), "{realm}");
    }
    assert_eq!(ask(&served.client, &north, &named("north")).status, 204);
}

#[test]
fn unknown_inactive_without_a_method_and_of_another_realm_are_one_and_the_same() {
    let (harbour, invitation) = Harbour::founded();
    let served = harbour.serve(&[]);
    let owner = served.owner(&invitation);
    let community = community_id(&served, &owner, "North");
    let _mia = member(&served, &owner, "mia@example.org", "North");
    let gone = member(&served, &owner, "gone@example.org", "North");
    let people = served.client.call("list-people", Some(&owner.session), &json!({})).reply();
    let row =
        people["rows"].as_array().expect("rows").iter().find(|row| row["person"]["email"] == "gone@example.org").expect("there").clone();
    let request = json!({ "account": row["person"]["id"], "proof": { "password": PASSWORD, "code": owner.code(1) } });
    served.client.call("deactivate-person", Some(&owner.session), &request).reply();
    let invited = json!({ "name": "Ivo Invited", "email": "ivo@example.org", "community": community, "role": "member" });
    served.client.call("invite", Some(&owner.session), &invited).reply();

    let key = add_client(&harbour, "North VPN", &["North"]);
    let everybody = ["mia@example.org", "gone@example.org", "ivo@example.org", OWNER, "nobody@example.org", "no address at all"];
    let backup = "00000-00000-00000";
    let asked = |code: &str| everybody.map(|user| seen(&ask(&served.client, &key, &about(user, code))));
    let first = asked(WRONG);
    assert_eq!(first[0].0, 401);
    for code in [WRONG, &gone.code(1), backup, &gone.codes[0], "1234", ""] {
        for (user, answer) in everybody.iter().zip(asked(code)) {
            assert_eq!(answer, first[0], "{user} {code}");
        }
    }
    // Five were counted of each, and nothing of what has no form of a code.
    let counted = harbour.database.psql("SELECT count(*), min(body::json->>'in_a_row'), max(body::json->>'in_a_row') FROM throttle");
    assert_eq!(counted.expect("rows"), format!("{}|5|5", everybody.len()));
}

#[test]
fn too_many_wrong_codes_wait_at_every_process_and_close_neither_the_window_nor_another_program() {
    let (harbour, invitation) = Harbour::founded();
    let servers = [harbour.serve(&[]), harbour.serve(&[])];
    let owner = servers[0].owner(&invitation);
    let (key, other) = (add_client(&harbour, "VPN", &[]), add_client(&harbour, "Proxy", &[]));
    for number in 0..5 {
        let answer = ask(&servers[number % 2].client, &key, &about(OWNER, WRONG));
        assert_eq!(answer.problem(), (401, "check-refused".into()));
    }
    for served in &servers {
        let right = ask(&served.client, &key, &about(OWNER, &owner.code(1)));
        assert_eq!(right.problem(), (401, "check-refused".into()), "during a wait nothing is evaluated");
    }
    assert_eq!(ask(&servers[1].client, &other, &about(OWNER, &owner.code(1))).status, 204, "neither is another program closed");
    let session = servers[0].client.sign_in(OWNER, PASSWORD).session();
    let through = servers[0].client.call("give-code", Some(&session), &json!({ "code": owner.codes[0] }));
    assert_eq!(through.reply()["next"], "in", "nor the window");
    let journal = servers[0].client.call("read-journal", Some(&owner.session), &json!({})).reply().to_string();
    assert!(journal.contains("check.locked"), "{journal}");
}

#[test]
fn recovery_codes_open_nothing_at_a_program() {
    let (harbour, invitation) = Harbour::founded();
    let served = harbour.serve(&[]);
    let owner = served.owner(&invitation);
    let key = add_client(&harbour, "VPN", &[]);
    let said = well(&harbour.run(&["recover-owner", "--email", OWNER]));
    let recovery = crate::served::code_below(&said, "Recovery code");
    for code in [&recovery, &owner.code(1), &owner.codes[0]] {
        assert_eq!(ask(&served.client, &key, &about(OWNER, code)).problem(), (401, "check-refused".into()), "{code}");
    }
    let session = served.client.sign_in(OWNER, PASSWORD).session();
    let claimed = served.client.call("give-code", Some(&session), &json!({ "code": recovery }));
    assert_eq!(claimed.reply()["next"], "enrol", "it is still good where it belongs, and no failure was counted for it");
}

#[test]
fn of_a_hundred_who_ask_about_one_code_at_two_servers_one_is_told_yes() {
    let (harbour, invitation) = Harbour::founded();
    let servers = [harbour.serve(&[]), harbour.serve(&[])];
    let owner = servers[0].owner(&invitation);
    // A backup code costs a slow hash each time.
    for (code, askers) in [(owner.code(1), 100), (owner.codes[0].clone(), 20)] {
        // Each has its own allowance, so that many are looked at.
        let keys: Vec<String> = (0..4).map(|number| add_client(&harbour, &format!("VPN {number} {}", code.len()), &[])).collect();
        let answers: Vec<_> = std::thread::scope(|scope| {
            let asked: Vec<_> = (0..askers)
                .map(|place| {
                    let (client, key, code) = (servers[place % 2].client.clone(), &keys[place % keys.len()], &code);
                    scope.spawn(move || ask(&client, key, &about(OWNER, code)).status)
                })
                .collect();
            asked.into_iter().map(|asked| asked.join().expect("answered")).collect()
        });
        assert_eq!(answers.iter().filter(|status| **status == 204).count(), 1, "{answers:?}");
        assert!(answers.iter().all(|status| [204, 401, 503].contains(status)), "{answers:?}");
    }
}

#[test]
fn what_is_no_question_is_told_and_costs_nothing() {
    let (harbour, invitation) = Harbour::founded();
    let served = harbour.serve(&[]);
    let owner = served.owner(&invitation);
    let key = add_client(&harbour, "VPN", &[]);
    let client = &served.client;
    for path in ["/v1/check", "/validate/check"] {
        let head = |kind: &str| format!("POST {path} HTTP/1.1\r\nContent-Type: {kind}\r\nAuthorization: {key}");
        let (form, json) = (head("application/x-www-form-urlencoded"), head("application/json"));
        for torn in [&b""[..], b"user=olive", b"pass=1", b"user=a&user=b&pass=1", &[0xff; 8]] {
            assert_eq!(client.send(&form, torn).status, 400, "{torn:?}");
        }
        for torn in [&b""[..], b"{", b"[1]", br#"{"user":"a"}"#, br#"{"user":1,"pass":"1"}"#] {
            assert_eq!(client.send(&json, torn).status, 400, "{torn:?}");
        }
        assert_eq!(client.send(&head("text/plain"), b"user=a&pass=1").status, 415);
        let long = format!("user={}&pass=1", "a".repeat(70_000));
        assert_eq!(client.send(&form, long.as_bytes()).status, 413);
        // Megabytes are announced, and nothing of them is read from a stranger.
        let announced = format!("POST {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 20000000\r\n\r\n");
        assert_eq!(crate::client::parsed(&client.raw(announced.as_bytes()).expect("an answer")).status, 401);
        let get = client.get(&format!("{path}?user={OWNER}&pass={}", owner.code(1)));
        assert_eq!((get.status, get.header("allow")), (405, Some("POST")), "a code does not belong in an address");
    }
    assert_eq!(ask(client, &key, &about(OWNER, &owner.code(1))).status, 204, "and it goes on");
    assert!(!served.log().contains("olive"), "{}", served.log());
}

/// Every path of members, with the type of what is there.
fn members(value: &Value, under: &str, into: &mut Vec<(String, &'static str)>) {
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    into.push((under.to_owned(), kind));
    if let Value::Object(inner) = value {
        for (name, value) in inner {
            members(value, &format!("{under}.{name}"), into);
        }
    }
}

fn shape(value: &Value) -> Vec<(String, &'static str)> {
    let mut all = Vec::new();
    members(value, "", &mut all);
    all.sort_unstable();
    all
}

#[test]
fn what_was_written_for_privacyidea_asks_and_reads_here_as_it_does_there() {
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors/privacyidea/exchanges.json");
    let recorded: Value = serde_json::from_str(&std::fs::read_to_string(file).expect("vectors")).expect("JSON");
    let (harbour, invitation) = Harbour::founded();
    let served = harbour.serve(&[]);
    let owner = served.owner(&invitation);
    let key = add_client(&harbour, "Plugins", &[]);
    let left_out: Vec<String> =
        recorded["left_out"].as_array().expect("a list").iter().map(|one| format!(".{}", one.as_str().expect("text"))).collect();
    let same = |answer: &Answer, name: &str| {
        let expected = &recorded["answers"][name];
        assert_eq!(answer.status, expected["status"], "{name}: {answer:?}");
        assert_eq!(answer.header("content-type"), Some("application/json"));
        let mut shape_there = shape(&expected["body"]);
        shape_there.retain(|(path, _)| !left_out.contains(path));
        let shape_here: Vec<_> = shape(&answer.json())
            .into_iter()
            .filter(|(path, _)| *path != ".versionnumber" || expected["body"]["versionnumber"].is_string())
            .collect();
        assert_eq!(shape_here, shape_there, "{name}");
        for place in ["/result/status", "/result/value", "/result/authentication", "/result/error/code", "/id", "/jsonrpc"] {
            assert_eq!(answer.json().pointer(place), expected["body"].pointer(place), "{name} {place}");
        }
    };
    let requests = recorded["requests"].as_array().expect("requests");
    for (number, request) in requests.iter().enumerate() {
        let code = if number == 0 { owner.code(1) } else { owner.codes[number].clone() };
        let fill = |text: &str| {
            let once = OWNER.replace('@', "%40");
            let text = text.replace("{key}", &key).replace("{user}", &once).replace("{user-twice}", &once.replace('%', "%25"));
            text.replace("{user-plain}", OWNER).replace("{code}", &code).replace("{realm}", "Harbour")
        };
        let headers: String = request["headers"]
            .as_object()
            .expect("headers")
            .iter()
            .map(|(name, value)| format!("\r\n{name}: {}", fill(value.as_str().expect("text"))))
            .collect();
        let head = format!("POST /validate/check HTTP/1.1{headers}");
        let body = fill(request["body"].as_str().expect("text"));
        same(&served.client.send(&head, body.as_bytes()), "accepted");
        same(&served.client.send(&head, body.as_bytes()), "rejected");
    }
    let form = "POST /validate/check HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded";
    same(&served.client.send(form, b"user=a&pass=1"), "no-authorization");
    same(&served.client.send(&format!("{form}\r\nAuthorization: {key}"), b"user=a"), "missing-parameter");
}
