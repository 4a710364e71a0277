//! Recovery codes that a desktop issues without the server: made here of a real grant, and typed at a real server that never heard of them.

use authority::{Store as _, Surroundings};
use data_encoding::BASE64;
use domain::{
    Change,
    account::{Account, OutOfReach},
    id::AccountId,
    offline::{IssuerNumber, IssuingKey, KeyEpoch, Number, Sequence, Tick, Way},
};
use secrecy::{ExposeSecret, zeroize::Zeroizing};
use serde_json::{Value, json};

use crate::{
    client::{Answer, Client},
    desktop::Desktop,
    ground::{commit_of, open},
    served::{Harbour, PASSWORD, Person, Serving, code_below, well},
};

pub(crate) const SUPPORT: &str = "sam@example.org";
pub(crate) const MEMBER: &str = "mia@example.org";

/// A support person at a desktop of their own, and a member who enrolled.
pub(crate) struct Scene {
    pub(crate) harbour: Harbour,
    pub(crate) served: Serving,
    pub(crate) owner: Person,
    pub(crate) desktop: Desktop,
    pub(crate) support: String,
    pub(crate) member: Person,
    pub(crate) account: AccountId,
}

/// What a desktop makes codes with.
pub(crate) struct Grant {
    key: IssuingKey,
    number: Number,
    pub(crate) reply: Value,
}

impl Scene {
    pub(crate) fn begin() -> Self {
        let (harbour, invitation) = Harbour::founded();
        let served = harbour.serve(&[]);
        let owner = served.owner(&invitation);
        let invited = |name: &str, email: &str, role: &str| {
            let lists = served.client.call("list-people", Some(&owner.session), &json!({})).reply();
            let request = json!({ "name": name, "email": email, "community": lists["grants"][0]["community"], "role": role });
            let issued = served.client.call("invite", Some(&owner.session), &request).reply();
            served.accept(email, issued["code"].as_str().expect("a code"))
        };
        let sam = invited("Sam Support", SUPPORT, "support");
        let member = invited("Mia Member", MEMBER, "member");
        let desktop = Desktop::paired(&served.client, 7, &code_below(&well(&harbour.run(&["pair", "--name", "Quay"])), "Pairing code"));
        let support = desktop.sign_in(&served.client, SUPPORT, PASSWORD, &sam.codes[0]);
        let people = served.client.call("list-people", Some(&owner.session), &json!({ "search": MEMBER })).reply();
        let account = AccountId(people["rows"][0]["person"]["id"].as_str().and_then(|id| id.parse().ok()).expect("an id"));
        let scene = Self { harbour, served, owner, desktop, support, member, account };
        scene.enrolled_long_ago();
        scene
    }

    /// Whoever enrolled within the last twenty minutes has made void what was issued meanwhile.
    fn enrolled_long_ago(&self) {
        tokio::runtime::Runtime::new().expect("a runtime").block_on(async {
            let store = open(&self.harbour.database).await;
            let found = store.account(self.account).await.expect("read").expect("there").record;
            let account = Account { out_of_reach: OutOfReach::default(), ..found };
            store.commit(commit_of(vec![Change::Account(Box::new(account))])).await.expect("written");
            store.close().await;
        });
    }

    pub(crate) fn client(&self) -> &Client {
        &self.served.client
    }

    pub(crate) fn renew(&self, issued: &Value) -> Value {
        self.desktop.call(self.client(), "renew-grant", Some(&self.support), &json!({ "issued": issued })).reply()
    }

    pub(crate) fn grant(&self) -> Grant {
        let reply = self.renew(&json!([]))["grant"].clone();
        let small = |name: &str| u16::try_from(reply[name].as_u64().unwrap_or_else(|| panic!("no {name}: {reply}"))).expect("small");
        let bytes = BASE64.decode(reply["key"].as_str().expect("a key").as_bytes()).expect("Base64");
        let number = Number {
            epoch: KeyEpoch::new(small("epoch")).expect("an epoch"),
            issuer: IssuerNumber::new(small("issuer")).expect("a number"),
            sequence: Sequence::new(small("first")).expect("a number"),
        };
        Grant { key: IssuingKey::new(Zeroizing::new(bytes.try_into().expect("32 bytes"))), number, reply }
    }

    pub(crate) fn code(&self, grant: &Grant, sequence: u16, tick: Tick) -> String {
        let number = Number { sequence: Sequence::new(sequence).expect("a number"), ..grant.number };
        grant.key.issue(Way::Grant, number, self.desktop.workspace, self.account, tick).grouped().expose_secret().to_owned()
    }

    /// The member, with their password, gives a code.
    pub(crate) fn gives(&self, code: &str) -> (String, Answer) {
        let session = self.client().sign_in(MEMBER, PASSWORD).session();
        let answer = self.client().call("give-code", Some(&session), &json!({ "code": code }));
        (session, answer)
    }

    pub(crate) fn report(&self, grant: &Grant, sequence: u16, tick: Tick) -> Value {
        let support = json!({ "askedBy": "Mia herself", "checked": ["I saw a photo identity document"], "reason": "Ticket 4711", "channel": "phone" });
        json!({
            "epoch": grant.number.epoch.get(), "issuer": grant.number.issuer.get(), "sequence": sequence, "tick": tick.get(),
            "account": self.account.0, "support": support,
        })
    }

    pub(crate) fn entries(&self, kinds: &[&str]) -> Vec<Value> {
        let found = self.client().call("search-journal", Some(&self.owner.session), &json!({ "kinds": kinds })).reply();
        found["rows"].as_array().expect("rows").clone()
    }

    fn listed(&self) -> Vec<Value> {
        self.client().call("list-offline-codes", Some(&self.owner.session), &json!({})).reply()["rows"].as_array().expect("rows").clone()
    }
}

pub(crate) fn now() -> Tick {
    Tick::of(authority::System.now())
}

#[test]
fn a_code_that_the_server_never_heard_of_lets_its_person_in_to_enrol_and_the_case_is_joined_later() {
    let scene = Scene::begin();
    let grant = scene.grant();
    assert_eq!((&grant.reply["first"], &grant.reply["count"], &grant.reply["budget"]), (&json!(0), &json!(20), &json!(20)));
    let code = scene.code(&grant, 0, now());
    let (session, answer) = scene.gives(&code);
    assert_eq!(answer.reply()["next"], "enrol");
    assert_eq!(
        scene.client().call("read-profile", Some(&scene.member.session), &json!({})).problem().1,
        "session-ended",
        "everywhere else"
    );
    // Typed once more it is the same recovery code, claimed again.
    let (session, _) = match scene.gives(&code) {
        (again, answer) if answer.status == 200 => (again, answer),
        other => panic!("{:?}", (session, other.1)),
    };
    let enrolled = scene.served.enrol(&session);
    assert_eq!(enrolled.codes.len(), 10);
    assert_eq!(scene.gives(&code).1.problem(), (422, "code-used".into()), "and after that never again");

    let used = scene.entries(&["offline.code-used"]);
    assert_eq!(used.len(), 1);
    assert_eq!(
        (&used[0]["actor"]["email"], &used[0]["subject"]["email"], &used[0]["words"]["device"]),
        (&json!(SUPPORT), &json!(MEMBER), &json!("Quay"))
    );
    let report = scene.report(&grant, 0, now());
    let renewed = scene.renew(&json!([report]));
    assert_eq!((&renewed["grant"]["first"], &renewed["grant"]["count"]), (&json!(1), &json!(19)));
    scene.renew(&json!([report]));
    let told = scene.entries(&["offline.code-told"]);
    assert_eq!(told.len(), 1, "told twice, written down once");
    assert_eq!((&told[0]["words"]["reason"], &told[0]["actor"]["email"]), (&json!("Ticket 4711"), &json!(SUPPORT)));
    assert_eq!(scene.listed()[0]["state"], "used");
}

#[test]
fn of_many_who_type_one_code_at_two_servers_at_once_one_comes_in() {
    let scene = Scene::begin();
    let other = scene.harbour.serve(&[]);
    let code = scene.code(&scene.grant(), 0, now());
    let clients = [scene.client(), &other.client];
    let sessions: Vec<String> = (0..12).map(|number| clients[number % 2].sign_in(MEMBER, PASSWORD).session()).collect();
    let answers: Vec<Answer> = std::thread::scope(|scope| {
        let asked: Vec<_> = sessions
            .iter()
            .enumerate()
            .map(|(number, session)| {
                let (client, code) = (clients[number % 2].clone(), &code);
                scope.spawn(move || client.call("give-code", Some(session), &json!({ "code": code })))
            })
            .collect();
        asked.into_iter().map(|asked| asked.join().expect("answered")).collect()
    });
    let statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
    assert_eq!(scene.entries(&["offline.code-used"]).len(), 1);
}

#[test]
fn a_desktop_that_was_taken_back_has_issued_nothing_that_is_good() {
    let scene = Scene::begin();
    let grant = scene.grant();
    let code = scene.code(&grant, 0, now());
    let request = json!({ "device": scene.desktop.device.0, "proof": { "password": PASSWORD } });
    scene.client().call("revoke-device", Some(&scene.owner.session), &request).reply();
    assert_eq!(scene.gives(&code).1.problem(), (422, "offline-code-unfit".into()));
    let refused = scene.entries(&["offline.code-refused"]);
    assert_eq!((refused.len(), &refused[0]["words"]["why"]), (1, &json!("unfit")));
}

#[test]
fn codes_that_are_late_early_or_of_nobody_let_nobody_in() {
    let scene = Scene::begin();
    let grant = scene.grant();
    let ahead = Tick::new(now().get() + 12);
    let (_, answer) = scene.gives(&scene.code(&grant, 0, ahead));
    assert_eq!((answer.problem().1.as_str(), answer.json()["at"].as_i64()), ("offline-code-ahead", Some(ahead.begins().0)));
    assert_eq!(scene.gives(&scene.code(&grant, 20, now())).1.problem().1, "offline-code-unfit", "a number that was not granted");
    let stranger = Grant { key: IssuingKey::new(Zeroizing::new([9; 32])), ..scene.grant() };
    assert_eq!(scene.gives(&scene.code(&stranger, 0, now())).1.problem().1, "code-wrong");
    let nobody = Number { issuer: IssuerNumber::new(4_000).expect("a number"), ..grant.number };
    assert_eq!(scene.gives(&scene.code(&Grant { number: nobody, ..scene.grant() }, 0, now())).1.problem().1, "code-wrong");
    let mistyped = scene.code(&grant, 0, now()).replacen(['0', '1'], "2", 1);
    assert_ne!(scene.gives(&mistyped).1.status, 200);
    assert_eq!(scene.gives(&scene.code(&grant, 0, now())).1.reply()["next"], "enrol", "and the right one still does");
}

#[test]
fn a_code_that_was_told_of_and_taken_back_is_void() {
    let scene = Scene::begin();
    let grant = scene.grant();
    let code = scene.code(&grant, 0, now());
    scene.renew(&json!([scene.report(&grant, 0, now())]));
    let row = scene.listed().remove(0);
    assert_eq!(
        (&row["state"], &row["person"]["email"], &row["staff"]["email"], &row["mayVoid"]),
        (&json!("issued"), &json!(MEMBER), &json!(SUPPORT), &json!(true))
    );
    let which = json!({ "epoch": row["epoch"], "issuer": row["issuer"], "sequence": row["sequence"] });
    let by_member = scene.client().call("void-offline-code", Some(&scene.member.session), &which);
    assert_eq!(by_member.problem(), (403, "on-self".into()));
    scene.client().call("void-offline-code", Some(&scene.owner.session), &which).reply();
    assert_eq!(scene.gives(&code).1.problem(), (422, "offline-code-void".into()));
    assert_eq!(scene.listed()[0]["state"], "void");
}

#[test]
fn grants_are_for_staff_through_their_device_and_only_where_there_is_a_key() {
    let scene = Scene::begin();
    let ask = |session: &str| scene.client().call("renew-grant", Some(session), &json!({}));
    assert_eq!(ask(&scene.member.session).problem(), (403, "not-allowed".into()), "a member");
    assert_eq!(ask(&scene.owner.session).problem(), (403, "not-allowed".into()), "through no device");
    let code = scene.code(&scene.grant(), 0, now());
    let seals = scene.harbour.keys().lines().next().expect("a key").to_owned();
    scene.harbour.keep_keys(&[&seals]);
    let without = scene.harbour.serve(&[]);
    let renewed = scene.desktop.call(&without.client, "renew-grant", Some(&scene.support), &json!({})).reply();
    assert_eq!((&renewed["grant"], &renewed["refused"]["code"]), (&Value::Null, &json!("offline-no-grant")));
    let session = without.client.sign_in(MEMBER, PASSWORD).session();
    let answer = without.client.call("give-code", Some(&session), &json!({ "code": code }));
    assert_eq!(answer.problem(), (422, "code-kind".into()), "it says which kind it is of, and costs nothing");
}

#[test]
fn a_new_key_is_issued_with_and_what_the_one_before_issued_stays_good() {
    let scene = Scene::begin();
    let before = scene.grant();
    let keys = scene.harbour.keys();
    let (seals, first) = keys.split_once('\n').expect("two lines");
    scene.harbour.keep_keys(&[seals, &scene.harbour.new_epoch_key(1), first]);
    let rotated = scene.harbour.serve(&[]);
    let renewed = scene.desktop.call(&rotated.client, "renew-grant", Some(&scene.support), &json!({})).reply();
    assert_eq!((&renewed["grant"]["epoch"], &before.reply["epoch"]), (&json!(1), &json!(0)));
    let session = rotated.client.sign_in(MEMBER, PASSWORD).session();
    let answer = rotated.client.call("give-code", Some(&session), &json!({ "code": scene.code(&before, 0, now()) }));
    assert_eq!(answer.reply()["next"], "enrol");
}
