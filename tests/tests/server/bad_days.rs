//! Bad days of a server: a database in TLS that is not the right one, a program killed in the middle of something, a database
//! that came out of a backup, and mail that two processes would send.

use std::{fs, process::Command, thread};

use ed25519_dalek::SigningKey;
use postgres::{OpenError, Postgres, Settings};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use sallyport_tests::{
    Cluster, Database, PATIENCE,
    smtp::{self, MailServer, Setup},
    until,
};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    desktop::{Desktop, try_pairing},
    served::{Harbour, OWNER, PASSWORD, Person, Serving, code_below, refused, well},
};

/// An authority, and a server's certificate by it for one address, as files that PostgreSQL reads.
struct Papers {
    folder: TempDir,
}

impl Papers {
    fn of(address: &str) -> Self {
        let folder = tempfile::Builder::new().prefix("sallyport-tls-").tempdir_in("/tmp").expect("a folder");
        let authority_key = KeyPair::generate().expect("a key");
        let mut authority = CertificateParams::new(Vec::new()).expect("no names");
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        fs::write(folder.path().join("ca.pem"), authority.self_signed(&authority_key).expect("an authority").pem()).expect("written");
        let key = KeyPair::generate().expect("a key");
        let issuer = Issuer::new(authority, authority_key);
        let certificate = CertificateParams::new(vec![address.to_owned()]).expect("a name").signed_by(&key, &issuer).expect("signed");
        fs::write(folder.path().join("server.pem"), certificate.pem()).expect("written");
        fs::write(folder.path().join("server.key"), key.serialize_pem()).expect("written");
        fs::write(folder.path().join("hba"), "local all all trust\nhostssl all all 127.0.0.0/8 trust\n").expect("written");
        let papers = Self { folder };
        // Whoever PostgreSQL runs as, its key is theirs alone.
        if std::os::unix::fs::MetadataExt::uid(&fs::metadata(papers.folder.path()).expect("there")) == 0 {
            assert!(Command::new("chown").args(["-R", "nobody"]).arg(papers.folder.path()).status().expect("chown").success());
        }
        assert!(Command::new("chmod").arg("600").arg(papers.path("server.key")).status().expect("chmod").success());
        papers
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_over_the_network_is_believed_by_its_authority_and_its_name_alone() {
    // An address of this run's own: somebody else's database may have the usual one.
    let number = std::process::id();
    let address = format!("127.{}.{}.7", 64 + number / 256 % 128, number % 256);
    let elsewhere = format!("127.{}.{}.8", 64 + number / 256 % 128, number % 256);
    let both = format!("{address},{elsewhere}");
    let (papers, strangers) = (Papers::of(&address), Papers::of(&address));
    let (certificate, key, hba) = (papers.path("server.pem"), papers.path("server.key"), papers.path("hba"));
    let settings =
        [("listen_addresses", both.as_str()), ("ssl", "on"), ("ssl_cert_file", &certificate), ("ssl_key_file", &key), ("hba_file", &hba)];
    let cluster = Cluster::start(&settings).expect("a cluster");
    let database = cluster.database();
    let url = |host: &str, more: &str| format!("postgres://postgres@{host}/{}?{more}", database.name());
    let verified = |ca: &str| format!("sslmode=verify-full&sslrootcert={ca}");

    let store = Postgres::open(&url(&address, &verified(&papers.path("ca.pem"))).into(), &Settings::default()).await.expect("believed");
    store.ready().await.expect("ready");
    let connected = "SELECT DISTINCT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE application_name = 'sallyport'";
    assert_eq!(database.psql(connected).expect("a look"), "t");
    store.close().await;

    // By another authority; by none that the system knows; for another name.
    for (host, more) in [
        (&address, verified(&strangers.path("ca.pem"))),
        (&address, "sslmode=verify-full".to_owned()),
        (&elsewhere, verified(&papers.path("ca.pem"))),
    ] {
        let outcome = Postgres::open(&url(host, &more).into(), &Settings::default()).await;
        assert!(matches!(outcome, Err(OpenError::Certificate(_))), "{host} {more}: {outcome:?}");
    }
    let (harbour, _) = Harbour::founded();
    let mut wrong = harbour.command(&["verify"]);
    wrong.env("SALLYPORT_DATABASE", url(&address, &verified(&strangers.path("ca.pem"))));
    let (code, said) = refused(&wrong.output().expect("run"));
    assert!(code == 1 && said.starts_with("sallyport-server: the certificate of the database is not good: "), "{said}");
    assert_eq!(said.lines().count(), 1, "one sentence: {said}");
    let mut plain = harbour.command(&["verify"]);
    plain.env("SALLYPORT_DATABASE", url(&address, "sslmode=disable"));
    let (_, said) = refused(&plain.output().expect("run"));
    assert!(said.contains("lets nobody in"), "{said}");
}

/// Waits until somebody waits for a lock in this database.
fn until_somebody_waits(database: &Database<'_>) {
    let waits = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    until(PATIENCE, "somebody to wait for a lock", || {
        Ok(if database.psql(waits)? == "0" { Err("Nobody waits.".to_owned()) } else { Ok(()) })
    })
    .expect("somebody waits");
}

/// How many entries of this kind there are, numbered or not.
fn entries(database: &Database<'_>, kind: &str) -> u32 {
    let sql = format!(
        "SELECT (SELECT count(*) FROM journal WHERE kind = '{kind}') + (SELECT count(*) FROM journal_pending WHERE position('{kind}' in draft) > 0)"
    );
    database.psql(&sql).expect("a count").parse().expect("a number")
}

#[test]
fn a_rotation_killed_in_the_middle_is_gone_on_with() {
    let (harbour, invitation) = Harbour::founded();
    let served = harbour.serve(&[]);
    let owner = served.owner(&invitation);
    let (old, new) = (harbour.keys(), harbour.new_key());
    harbour.keep_keys(&[&new, &old]);
    // The workspace's own seals come first; the owner's authenticator is not to be had.
    let mut holder = harbour.database.session().expect("a session");
    holder.say("BEGIN; SELECT id FROM accounts FOR UPDATE;").expect("held");
    let mut rotating = harbour.command(&["rotate-key"]).stdout(std::process::Stdio::null()).spawn().expect("run");
    until_somebody_waits(&harbour.database);
    rotating.kill().expect("killed");
    rotating.wait().expect("ended");
    // As with its machine: PostgreSQL would still write what it was asked for whole.
    let waits = "SELECT bool_and(pg_terminate_backend(pid, 10000)) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    assert_eq!(harbour.database.psql(waits).expect("ended"), "t");
    let midway = well(&harbour.run(&["verify"]));
    assert_eq!(midway.matches("Sealed secrets under key").count(), 2, "some under each: {midway}");
    assert!(midway.contains("Nothing is wrong."), "{midway}");
    holder.say("ROLLBACK;").expect("let go");

    let said = well(&harbour.run(&["rotate-key"]));
    assert!(said.contains("Sealed anew: 1."), "what was left: {said}");
    harbour.keep_keys(&[&new]);
    let said = well(&harbour.run(&["verify"]));
    assert!(said.contains("Nothing is wrong.") && said.matches("Sealed secrets under key").count() == 1, "{said}");
    let after = harbour.serve(&[]);
    let session = after.client.sign_in(OWNER, PASSWORD).session();
    let through = after.client.call("give-code", Some(&session), &json!({ "code": owner.code(1) }));
    assert_eq!(through.reply()["next"], "in", "the same phone");
}

/// Whether the request came through or not, its code is good once and its entry there once.
#[test]
fn a_server_killed_in_the_middle_of_a_request_leaves_nothing_half_done() {
    let (harbour, invitation) = Harbour::founded();
    let mut first = harbour.serve(&[]);
    let owner = first.owner(&invitation);
    let session = first.client.sign_in(OWNER, PASSWORD).session();
    let code = owner.code(1);
    // The account, which the code is spent in; and then the journal, once the account was written.
    for (held, count) in [("SELECT id FROM accounts FOR UPDATE", 0), ("LOCK TABLE journal, journal_pending IN EXCLUSIVE MODE", 0)] {
        let before = harbour.database.psql("SELECT sum(version) FROM accounts").expect("a version");
        let mut holder = harbour.database.session().expect("a session");
        holder.say(&format!("BEGIN; {held};")).expect("held");
        let asking = {
            let (client, session, code) = (first.client.clone(), session.clone(), code.clone());
            thread::spawn(move || {
                let body = json!({ "code": code }).to_string();
                let head = format!(
                    "POST /v1/give-code HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nAuthorization: Bearer {session}"
                );
                client.raw(format!("{head}\r\nContent-Length: {}\r\n\r\n{body}", body.len()).as_bytes())
            })
        };
        until_somebody_waits(&harbour.database);
        first.kill();
        let answered = asking.join().expect("no panic");
        assert!(answered.as_ref().map_or(true, String::is_empty), "nothing was answered: {answered:?}");
        holder.say("ROLLBACK;").expect("let go");
        // Whatever PostgreSQL goes on with of it ends.
        let gone = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'sallyport'";
        until(PATIENCE, "its connections to end", || {
            Ok(if harbour.database.psql(gone)? == "0" { Ok(()) } else { Err("They are there.".to_owned()) })
        })
        .expect("they end");
        let after = harbour.database.psql("SELECT sum(version) FROM accounts").expect("a version");
        assert_eq!((after, entries(&harbour.database, "sign-in.authenticator")), (before, count), "nothing of it: {held}");
        first = harbour.serve(&[]);
    }
    let through = first.client.call("give-code", Some(&session), &json!({ "code": code }));
    assert_eq!(through.reply()["next"], "in", "the code was not spent");
    assert_eq!(entries(&harbour.database, "sign-in.authenticator"), 1);
    assert!(well(&harbour.run(&["verify"])).contains("Nothing is wrong."));
}

#[test]
fn a_restored_database_opens_nothing_of_before_once_its_epoch_has_begun() {
    let (harbour, invitation) = Harbour::founded();
    let mut served = harbour.serve(&[]);
    let owner = served.owner(&invitation);
    let issued = invite(&served, &owner, 1);
    let code = issued["code"].as_str().expect("a code").to_owned();
    let half = served.client.sign_in(OWNER, PASSWORD).session();
    let pairing = |name| code_below(&well(&harbour.run(&["pair", "--name", name])), "Pairing code");
    let desktop = Desktop::paired(&served.client, 1, &pairing("Desk of Sam"));
    let waits = pairing("Desk of Noa");

    let (_, said) = refused(&harbour.run(&["begin-epoch", "--yes"]));
    assert!(said.contains("stop every server first"), "{said}");
    served.terminate();
    served.ended();
    let before = harbour.database.psql("SELECT body FROM workspace").expect("a record");
    let (_, said) = refused(&harbour.run(&["begin-epoch"]));
    assert!(said.contains("say --yes"), "{said}");
    assert_eq!(harbour.database.psql("SELECT body FROM workspace").expect("a record"), before, "nothing was changed");

    let said = well(&harbour.run(&["begin-epoch", "--yes", "--taken-at", "2026-01-31T08:00:00Z"]));
    assert!(said.contains("2026-01-31 08:00 UTC") && said.contains("The epoch has begun."), "{said}");
    assert_eq!(entries(&harbour.database, "workspace.restored"), 1);
    let said = well(&harbour.run(&["verify"]));
    assert!(said.contains("Nothing is wrong.") && said.contains("against 2 checkpoints"), "{said}");

    let served = harbour.serve(&[]);
    for session in [&owner.session, &half] {
        assert_eq!(served.client.call("who-am-i", Some(session), &json!({})).status, 401, "whoever was in is out");
    }
    let stranger = desktop.call(&served.client, "sign-in", None, &json!({ "email": OWNER, "password": PASSWORD }));
    assert_eq!(stranger.problem(), (401, "device-revoked".into()));
    assert_eq!(try_pairing(&served.client, &SigningKey::from_bytes(&[2; 32]), &waits).problem().1, "pairing-code-wrong");
    let accepted =
        served.client.call("accept-invitation", None, &json!({ "email": "person1@example.org", "code": code, "password": PASSWORD }));
    assert_ne!(accepted.status, 200, "{accepted:?}");
    let session = served.client.sign_in(OWNER, PASSWORD).session();
    for spent in [owner.code(0), owner.code(1), owner.codes[0].clone()] {
        let tried = served.client.call("give-code", Some(&session), &json!({ "code": spent }));
        assert_ne!(tried.status, 200, "{tried:?}");
    }
}

fn invite(served: &Serving, owner: &Person, number: usize) -> Value {
    let communities = served.client.call("list-communities", Some(&owner.session), &json!({})).reply();
    let community = communities["rows"][0]["id"].as_str().expect("a community");
    let request = json!({ "name": format!("Person {number}"), "email": format!("person{number}@example.org"), "community": community, "role": "member" });
    served.client.call("invite", Some(&owner.session), &request).reply()
}

#[test]
fn two_servers_send_each_notice_once() {
    const PEOPLE: usize = 12;
    let post = MailServer::start(Setup::default()).expect("a mail server");
    let (_, authority) = post.authority().expect("its authority");
    let (harbour, invitation) = Harbour::founded();
    let serving = || {
        let mut command = harbour.command(&["serve", "--insecure-loopback", "--listen", "127.0.0.1:0"]);
        // What this system trusts, for the two of them.
        Serving::start(command.env("SSL_CERT_FILE", &authority), None)
    };
    let servers = [serving(), serving()];
    let owner = servers[0].owner(&invitation);
    let setting = json!({
        "host": "localhost", "port": post.port, "security": "starttls", "user": smtp::USER, "password": smtp::PASSWORD,
        "sender": "sallyport@example.org", "senderName": "Harbour", "on": true, "proof": { "password": PASSWORD },
    });
    assert_eq!(servers[0].client.call("set-mail", Some(&owner.session), &setting).status, 200);
    for number in 0..PEOPLE {
        invite(&servers[number % 2], &owner, number);
    }
    let unsent = "SELECT count(*) FROM notices WHERE state NOT IN ('sent', 'letter')";
    until(4 * PATIENCE, "everything to be sent", || {
        let count = harbour.database.psql(unsent)?;
        Ok(if count == "0" { Ok(()) } else { Err(format!("{count} are not. {}", post.log())) })
    })
    .expect("sent");
    let delivered = post.delivered().expect("read back");
    let mut to: Vec<&str> =
        delivered.iter().filter(|mail| mail.one("Subject").contains("nvit")).map(|mail| mail.one("Envelope-to")).collect();
    to.sort_unstable();
    let mut expected: Vec<String> = (0..PEOPLE).map(|number| format!("person{number}@example.org")).collect();
    expected.sort_unstable();
    assert_eq!(to, expected, "each once: {:?}", delivered.iter().map(|mail| mail.one("Subject")).collect::<Vec<_>>());
    let notices: usize =
        harbour.database.psql("SELECT count(*) FROM notices WHERE state = 'sent'").expect("a count").parse().expect("a number");
    assert_eq!(delivered.len(), notices);
}
