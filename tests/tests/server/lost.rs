//! A desktop that is lost: what it could have shown and issued, and those whom that concerns told, each once.

use domain::offline::Tick;
use serde_json::{Value, json};

use crate::{
    client::Answer,
    issuing::{MEMBER, SUPPORT, Scene, now},
    served::{OWNER, PASSWORD, Person},
};

const ADMINISTRATOR: &str = "ada@example.org";

impl Scene {
    fn lost(&self, since: Option<i64>) -> Value {
        let request = json!({ "device": self.desktop.device.0, "since": since });
        self.client().call("read-lost-device", Some(&self.owner.session), &request).reply()
    }

    fn tell(&self) -> Answer {
        self.client().call("tell-lost-device", Some(&self.owner.session), &json!({ "device": self.desktop.device.0 }))
    }

    fn revoke(&self) {
        let request = json!({ "device": self.desktop.device.0, "proof": { "password": PASSWORD } });
        self.client().call("revoke-device", Some(&self.owner.session), &request).reply();
    }

    fn joined(&self, email: &str, role: &str) -> Person {
        let lists = self.client().call("list-people", Some(&self.owner.session), &json!({})).reply();
        let request = json!({ "name": "Somebody Else", "email": email, "community": lists["grants"][0]["community"], "role": role });
        let issued = self.client().call("invite", Some(&self.owner.session), &request).reply();
        self.served.accept(email, issued["code"].as_str().expect("a code"))
    }

    /// To whom notices of it went.
    fn notices(&self) -> Vec<String> {
        let outbox = self.client().call("read-outbox", Some(&self.owner.session), &json!({})).reply();
        let rows = outbox["rows"].as_array().expect("rows");
        let mut told: Vec<String> = rows
            .iter()
            .filter(|row| row["kind"] == "device-lost")
            .map(|row| row["person"]["email"].as_str().expect("an address").to_owned())
            .collect();
        told.sort();
        told
    }
}

fn reasons<'a>(rows: &'a Value) -> Vec<[&'a str; 2]> {
    let row = |row: &'a Value| [&row["person"]["email"], &row["why"]].map(|value| value.as_str().expect("text"));
    rows.as_array().expect("rows").iter().map(row).collect()
}

/// Granted, used, told of, revoked: each is said as it is, and stays said once the desktop is taken back.
#[test]
fn what_it_could_have_shown_and_issued_is_said_before_and_after_it_is_revoked() {
    let scene = Scene::begin();
    let grant = scene.grant();
    let (before, tick) = (now(), now());
    scene.gives(&scene.code(&grant, 0, tick)).1.reply();
    scene.renew(&json!([scene.report(&grant, 0, tick), scene.report(&grant, 1, Tick::new(tick.get() - 1))]));

    let lost = scene.lost(Some(before.begins().0 - 3_600));
    assert_eq!((&lost["device"]["state"], &lost["device"]["person"]["email"]), (&json!("paired"), &json!(SUPPORT)));
    let communities = scene.client().call("list-communities", Some(&scene.owner.session), &json!({})).reply();
    let (name, people) = (&communities["rows"][0]["name"], &communities["rows"][0]["people"]);
    let holders = lost["holders"].as_array().expect("holders");
    assert_eq!(holders.len(), 1);
    assert_eq!(holders[0]["communities"], json!([{ "name": name, "role": "support", "people": people }]));
    let flags = ["own", "issues", "signedIn"].map(|flag| holders[0][flag] == true);
    assert_eq!((flags, &holders[0]["person"]["email"]), ([true; 3], &json!(SUPPORT)));

    let codes = |lost: &Value| -> Vec<(String, u64, bool)> {
        let rows = lost["codes"].as_array().expect("codes").iter();
        rows.map(|row| {
            let code = &row["code"];
            (code["state"].as_str().expect("a state").to_owned(), code["sequence"].as_u64().expect("a number"), row["late"] == true)
        })
        .collect()
    };
    // The reset that the first did overtook what was issued before it.
    assert_eq!(codes(&lost), [("used".into(), 0, true), ("void".into(), 1, false)]);
    assert_eq!((&lost["codeCount"], &lost["lateCount"]), (&json!(2), &json!(1)));
    let later = scene.lost(Some(tick.begins().0 + 7_200));
    assert_eq!((&later["codeCount"], &later["lateCount"], codes(&later)[0].2), (&json!(2), &json!(0), false));
    let seen = scene.lost(None);
    assert_eq!((&seen["since"], &seen["device"]["seenAt"]), (&seen["device"]["seenAt"], &lost["device"]["seenAt"]));

    let window = scene.renew(&json!([]))["grant"].clone();
    let last = Tick::of(domain::time::Moment(window["until"].as_i64().expect("a moment"))).begins().0;
    let numbers = scene.lost(None)["numbers"].clone();
    assert_eq!(numbers[0]["staff"]["email"], SUPPORT);
    assert_eq!((&numbers[0]["untold"], &window["count"]), (&json!(18), &json!(18)));
    assert_eq!(numbers[0]["until"].as_i64(), Some(last + window["validity"].as_i64().expect("seconds")));

    scene.revoke();
    let lost = scene.lost(Some(before.begins().0 - 3_600));
    assert_eq!((&lost["device"]["state"], &lost["device"]["revokedBy"]["email"]), (&json!("revoked"), &json!(OWNER)));
    assert_eq!(codes(&lost), [("used".into(), 0, true), ("void".into(), 1, false)]);
    assert_eq!(lost["holders"], json!(holders), "also that they were signed in");
    assert_eq!(lost["numbers"], numbers);
    assert_eq!(scene.gives(&scene.code(&grant, 5, now())).1.problem().1, "offline-code-unfit");
}

#[test]
fn those_whom_it_concerns_are_told_once_after_it_was_revoked() {
    let scene = Scene::begin();
    let grant = scene.grant();
    scene.renew(&json!([scene.report(&grant, 0, now())]));
    scene.joined(ADMINISTRATOR, "administrator");
    scene.joined("bystander@example.org", "member");
    let expected = [[SUPPORT, "staff"], [MEMBER, "issued"], [ADMINISTRATOR, "administers"]];
    let lost = scene.lost(None);
    assert_eq!(reasons(&lost["concerned"]), expected, "not whoever reads it, and nobody else");
    assert_eq!((&lost["concernedCount"], &lost["toTell"], &lost["toldAt"]), (&json!(3), &json!(3), &Value::Null));
    assert_eq!(scene.tell().problem(), (409, "device-still-paired".into()), "what the notice says must be true");
    assert!(scene.notices().is_empty());

    scene.revoke();
    assert_eq!(scene.tell().reply(), json!({ "told": 3, "before": null }));
    assert_eq!(scene.notices(), [ADMINISTRATOR, MEMBER, SUPPORT]);
    let entries = scene.entries(&["device.lost-told"]);
    assert_eq!(
        (entries.len(), &entries[0]["actor"]["email"], &entries[0]["words"]),
        (1, &json!(OWNER), &json!({ "name": "Quay", "people": "3" }))
    );
    let lost = scene.lost(None);
    assert_eq!((&lost["toTell"], lost["toldAt"].is_i64()), (&json!(0), true));

    let again = scene.tell().reply();
    assert_eq!((&again["told"], &again["before"]), (&json!(0), &lost["toldAt"]));
    assert_eq!((scene.notices().len(), scene.entries(&["device.lost-told"]).len()), (3, 1), "nobody twice");

    scene.joined("new@example.org", "administrator");
    assert_eq!(scene.lost(None)["toTell"], 1);
    assert_eq!(scene.tell().reply()["told"], 1);
    assert_eq!(scene.notices(), [ADMINISTRATOR, MEMBER, "new@example.org", SUPPORT]);
}

/// Of many who press at once, at two servers, one tells.
#[test]
fn many_who_tell_at_once_tell_each_person_once() {
    let scene = Scene::begin();
    scene.grant();
    scene.revoke();
    let other = scene.harbour.serve(&[]);
    let request = json!({ "device": scene.desktop.device.0 });
    let told: u64 = std::thread::scope(|scope| {
        let asked: Vec<_> = [scene.client(), &other.client, scene.client(), &other.client]
            .into_iter()
            .map(|client| {
                let (client, session, request) = (client.clone(), &scene.owner.session, &request);
                scope.spawn(move || client.call("tell-lost-device", Some(session), request))
            })
            .collect();
        asked.into_iter().filter_map(|asked| asked.join().expect("answered").reply()["told"].as_u64()).sum()
    });
    assert_eq!((told, scene.notices()), (1, vec![SUPPORT.to_owned()]));
}

#[test]
fn only_an_owner_looks_and_tells_and_only_of_a_device_that_somebody_had() {
    let scene = Scene::begin();
    let administrator = scene.joined(ADMINISTRATOR, "administrator");
    let support = scene.joined("other@example.org", "support");
    for session in [&administrator.session, &support.session, &scene.member.session] {
        for name in ["read-lost-device", "tell-lost-device"] {
            let answer = scene.client().call(name, Some(session), &json!({ "device": scene.desktop.device.0 }));
            assert_eq!(answer.problem(), (403, "not-allowed".into()), "{name}");
        }
    }
    let here = scene.desktop.call(scene.client(), "read-lost-device", Some(&scene.support), &json!({ "device": scene.desktop.device.0 }));
    assert_eq!(here.problem(), (403, "not-allowed".into()), "nor at the desktop itself");
    assert_eq!(scene.entries(&["gate.refused"]).len(), 7, "each try is written down");

    let owner = &scene.owner.session;
    let invited = json!({ "name": "Front desk", "proof": { "password": PASSWORD } });
    let never = scene.client().call("invite-device", Some(owner), &invited).reply()["device"].clone();
    let proof = json!({ "password": PASSWORD });
    for (device, name) in [(json!(uuid::Uuid::from_u128(7)), "nobody's"), (never, "never paired")] {
        for operation in ["read-lost-device", "tell-lost-device"] {
            let answer = scene.client().call(operation, Some(owner), &json!({ "device": device }));
            assert_eq!(answer.problem(), (404, "device-gone".into()), "{operation}, {name}");
        }
    }
    let gone = json!({ "device": uuid::Uuid::from_u128(7), "proof": proof });
    let answer = scene.client().call("revoke-device", Some(owner), &gone);
    assert_eq!(answer.problem(), (404, "device-gone".into()), "a desktop that is itself unknown wipes what it keeps: this is not that");
}
