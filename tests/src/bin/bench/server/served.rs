//! A server before a durable database, with a crowd that has authenticators whose secrets are known here.

use super::said;
use authority::seal::Place;
use authority::{Commit, Drawing, SealingKey, Store, Surroundings, System};
use domain::account::Account;
use domain::factor::{Clock, SecondFactor};
use domain::id::AccountId;
use domain::invitation::NewPerson;
use domain::oath::OathSecret;
use domain::time::Moment;
use domain::words::{Email, Language, Name};
use domain::{Change, draw};
use postgres::Postgres;
use sallyport_tests::{Cluster, Database, Error, Result, built_program};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use uuid::Uuid;

const OWNER: &str = "olive@example.org";
const PASSWORD: &str = "a password long enough alone";

/// Somebody of the crowd.
pub(super) struct Person {
    pub(super) email: String,
    pub(super) secret: OathSecret,
}

/// A running server. It ends when this is dropped.
pub(super) struct Served<'a> {
    pub(super) database: Database<'a>,
    keys: String,
    child: Child,
    pub(super) address: SocketAddr,
}

impl Drop for Served<'_> {
    fn drop(&mut self) {
        // An error: it has ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn command(url: &str, keys: &str, arguments: &[&str]) -> Result<Command> {
    let mut command = Command::new(built_program("sallyport-server")?);
    command.args(arguments).env_clear().env("SALLYPORT_DATABASE", url).env("SALLYPORT_KEYS", keys);
    Ok(command)
}

fn output(mut command: Command) -> Result<String> {
    let output = command.output()?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    Err(Error::said(format!("The server's console said: {}", String::from_utf8_lossy(&output.stderr).trim())))
}

/// The line that stands indented.
fn indented(said: &str) -> Result<String> {
    let line = said.lines().find_map(|line| line.strip_prefix("    "));
    line.map(|line| line.trim().to_owned()).ok_or_else(|| Error::said(format!("Nothing was shown: {said}")))
}

impl<'a> Served<'a> {
    /// Founds a workspace and serves it. Answers the owner's invitation besides.
    pub(super) fn begin(cluster: &'a Cluster) -> Result<(Self, String)> {
        let database = cluster.database();
        let (url, keys) = (database.url(), output(command("", "", &["new-key"])?)?.trim().to_owned());
        let founding = ["init", "--name", "Bench", "--owner-name", "Olive Owner", "--owner-email", OWNER];
        let invitation = indented(&output(command(&url, &keys, &founding)?)?)?;
        let mut serving = command(&url, &keys, &["serve", "--insecure-loopback", "--listen", "127.0.0.1:0"])?;
        let mut child = serving.env("SALLYPORT_LOG", "info").stderr(Stdio::piped()).spawn()?;
        let mut lines = BufReader::new(child.stderr.take().ok_or_else(|| Error::said("It is not piped."))?).lines();
        let said = lines.by_ref().map_while(std::result::Result::ok).find_map(|line| {
            let said: Value = serde_json::from_str(&line).ok()?;
            said["fields"]["address"].as_str()?.parse().ok()
        });
        // Whatever it says from now on: a pipe that nobody reads would stop it.
        std::thread::spawn(move || lines.for_each(drop));
        let address = said.ok_or_else(|| Error::said("The server does not start."))?;
        Ok((Self { database, keys, child, address }, invitation))
    }

    pub(super) fn id(&self) -> u32 {
        self.child.id()
    }

    /// The key of a program that may ask.
    pub(super) fn client(&self) -> Result<String> {
        indented(&output(command(&self.database.url(), &self.keys, &["client", "add", "--name", "Bench"])?)?)
    }

    fn call(&self, name: &str, session: Option<&str>, request: &Value) -> Result<Value> {
        let mut asked = ureq::post(format!("http://{}/v1/{name}", self.address)).content_type("application/json");
        if let Some(session) = session {
            asked = asked.header("Authorization", format!("Bearer {session}"));
        }
        let text = asked.send(request.to_string()).map_err(said)?.body_mut().read_to_string().map_err(said)?;
        Ok(serde_json::from_str(&text)?)
    }

    /// The owner comes in and enrols. Answers their backup codes, which are everybody's.
    pub(super) fn enrol(&self, invitation: &str) -> Result<Vec<String>> {
        let text = |value: &Value| value.as_str().map(str::to_owned).ok_or_else(|| Error::said("The server answers something else."));
        let accepted = self.call("accept-invitation", None, &json!({ "email": OWNER, "code": invitation, "password": PASSWORD }))?;
        let session = text(&accepted["session"])?;
        let begun = json!({ "name": "Phone", "proof": { "password": PASSWORD } });
        let offer = self.call("begin-enrolment", Some(&session), &begun)?;
        let secret: SecretString = text(&offer["reply"]["secret"])?.replace(' ', "").into();
        let secret = OathSecret::from_base32(&secret).ok_or_else(|| Error::said("The server offers no secret."))?;
        let code = secret.code_at(System.now());
        let enrolled = self.call("verify-enrolment", Some(&session), &json!({ "code": code.expose_secret() }))?;
        enrolled["reply"]["codes"].as_array().into_iter().flatten().map(text).collect()
    }

    /// So many people like the owner, each with an authenticator of their own.
    pub(super) async fn crowd(&self, people: u32) -> Result<Vec<Person>> {
        let key = server::read_keys(&self.keys).map_err(said)?.sealing;
        let store = Postgres::open(&self.database.url().into(), &postgres::Settings::default()).await.map_err(said)?;
        let workspace = store.workspace().await.map_err(said)?.ok_or_else(|| Error::said("No workspace."))?.record.id;
        let owner = store.account_by_email(OWNER).await.map_err(said)?.ok_or_else(|| Error::said("No owner."))?.record;
        let (mut crowd, mut changes) = (Vec::new(), Vec::new());
        for number in 0..people {
            let secret = OathSecret::from_bytes(&draw::<20>(&mut Drawing(&System))).ok_or_else(|| Error::said("No secret."))?;
            let account = person(number, &owner, &key, |account, authenticator| {
                (Place::Authenticator { workspace, account, authenticator }, &secret)
            })?;
            crowd.push(Person { email: account.email.as_str().to_owned(), secret });
            changes.push(Change::Account(Box::new(account)));
        }
        while !changes.is_empty() {
            let some = changes.split_off(changes.len().saturating_sub(5_000));
            let commit = Commit { at: System.now(), read: Vec::new(), changes: some, entries: Vec::new(), notices: Vec::new() };
            store.commit(commit).await.map_err(said)?;
        }
        store.close().await;
        self.database.psql("VACUUM ANALYZE")?;
        Ok(crowd)
    }
}

fn person<'s>(
    number: u32,
    like: &Account,
    key: &SealingKey,
    of: impl Fn(AccountId, domain::id::AuthenticatorId) -> (Place, &'s OathSecret),
) -> Result<Account> {
    let made = NewPerson {
        id: AccountId(Uuid::from_u128((u128::from(number.wrapping_mul(0x9e37_79b1)) << 96) | u128::from(number))),
        name: Name::read(&format!("Person {number}")).map_err(said)?,
        email: Email::read(&format!("person{number}@example.org")).map_err(said)?,
        language: Language::En,
        membership: None,
    };
    let mut account = made.account(None, Moment(like.created_at.0));
    account.password.clone_from(&like.password);
    account.first_in_at = like.first_in_at;
    account.second_factor = like.second_factor.clone();
    let SecondFactor::Active(factors) = &mut account.second_factor else { return Err(Error::said("The owner has not enrolled.")) };
    for authenticator in &mut factors.authenticators {
        let (place, secret) = of(account.id, authenticator.id);
        authenticator.sealed = key.seal(secret, place, &mut Drawing(&System));
        authenticator.clock = Clock::default();
    }
    Ok(account)
}
