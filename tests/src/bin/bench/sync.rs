//! What keeping a replica costs: the first sync of everybody, and the sync after one change, against a server's store on PostgreSQL.
//! Pages are written and read as they travel; the way over the network is not in it.

use crate::rows::Row;
use crate::wait_for;
use authority::{Authority, Commit, Drawing, Founding, SealingKey, Store, Surroundings, System};
use desk::replica::{Replica, Whose};
use desk::sync::{Feed, Step, Sync};
use domain::account::Account;
use domain::device::Device;
use domain::gate::{Membership, Role};
use domain::id::{AccountId, CommunityId, DeviceId};
use domain::invitation::NewPerson;
use domain::policy::Tightening;
use domain::secret_hash::Opaque;
use domain::session::{Session, Stage};
use domain::time::Moment;
use domain::words::{Email, Language, Name};
use domain::workspace::Community;
use domain::{Change, EventKind, evidence};
use journal::{CommitmentKey, Draft};
use postgres::Postgres;
use sallyport_tests::measure::median;
use sallyport_tests::{Cluster, Database, Error, Result};
use secrecy::{ExposeSecret, SecretBox};
use sha2::{Digest, Sha256};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;
use uuid::Uuid;
use wire::{Refusal, RefusalCode, Request, Response, SessionToken, Workspace as _};

const PLACE: CommunityId = CommunityId(Uuid::from_u128(7));
const CHANGES: u32 = 15;
/// Written in one commit at most.
const CHUNK: u32 = 5_000;

/// The aims are those of a hundred thousand people; the reference is a tenth of them: the first sync grows with people, the one
/// after a change must not. A million where it is asked for.
pub(crate) fn rows() -> Result<Vec<Row>> {
    let cluster = Cluster::start(&[("max_wal_size", "8GB")])?;
    let many: u32 = std::env::var("SALLYPORT_BENCH_PEOPLE").ok().and_then(|text| text.parse().ok()).unwrap_or(100_000);
    let few = wait_for(measured(&cluster.database(), many / 10))??;
    let all = wait_for(measured(&cluster.database(), many))??;
    let row = |what: &str, ours: f64, reference: f64, unit| Row::new(format!("{what}, {many} people"), ours, Some(reference), unit);
    Ok(vec![
        row("first sync (aim 5000)", all.first, few.first, "ms"),
        row("sync after one change (aim 20)", all.change, few.change, "ms"),
        row("its answer (aim 4)", all.bytes / 1024.0, few.bytes / 1024.0, "KiB"),
    ])
}

struct Measured {
    /// Milliseconds.
    first: f64,
    change: f64,
    /// Of the largest answer.
    bytes: f64,
}

fn said(error: impl std::fmt::Debug) -> Error {
    Error::said(format!("{error:?}"))
}

async fn measured(database: &Database<'_>, people: u32) -> Result<Measured> {
    let store = Postgres::open(&database.url().into(), &postgres::Settings::default()).await.map_err(said)?;
    let authority = Authority::new(store, SealingKey::new(SecretBox::new(Box::new([3; 32]))), System, "server");
    let password = "a password long enough alone".into();
    let founding = Founding::read(false, "Harbour", "Olive Owner", "olive@example.org", &password).map_err(said)?;
    authority.found(founding).await.map_err(said)?;
    let owner = authority.store().owners().await.map_err(said)?.pop().ok_or_else(|| said("no owner"))?.record.id;
    let north = Community { id: PLACE, name: Name::read("North").map_err(said)?, tightening: Tightening::default() };
    write(&authority, vec![Change::Community(north)], Vec::new()).await?;
    for first in (0..people).step_by(CHUNK as usize) {
        let some: Vec<Account> = (first..people.min(first + CHUNK)).map(person).collect();
        let entries = some.iter().map(|one| entry(owner, one.id)).collect();
        write(&authority, some.into_iter().map(|one| Change::Account(Box::new(one))).collect(), entries).await?;
    }
    authority.keep_checkpoint().await.map_err(said)?;
    database.psql("VACUUM ANALYZE")?;

    let line = Line::begin(&authority, owner).await?;
    let folder = tempfile::tempdir()?;
    let made = vault::prepare(folder.path(), "Desk", &"a passphrase for the vault".into(), &mut Drawing(&System)).await.map_err(said)?;
    let vault = made.publish().await.map_err(said)?;
    let workspace = authority.store().workspace().await.map_err(said)?.ok_or_else(|| said("no workspace"))?.record;
    let journal_key = evidence::key(&workspace).ok_or_else(|| said("no key"))?.public.clone();
    let whose = Whose { workspace: workspace.id.0, person: owner.0, journal_key };
    let sync = Sync::new(Replica::begin(vault.clone(), whose, System).await.map_err(said)?);
    let (first, _) = synced(&sync, &line).await?;
    let (mut took, mut most) = (Vec::new(), 0.0_f64);
    for number in 0..CHANGES {
        let found = authority.store().account(person(number * 31 % people).id).await.map_err(said)?.ok_or_else(|| said("nobody"))?.record;
        let renamed = Account { name: Name::read(&format!("Another {number}")).map_err(said)?, ..found };
        let entries = vec![entry(owner, renamed.id)];
        write(&authority, vec![Change::Account(Box::new(renamed))], entries).await?;
        let (one, bytes) = synced(&sync, &line).await?;
        took.push(one);
        most = most.max(bytes);
    }
    vault.close().await;
    authority.store().close().await;
    Ok(Measured { first, change: median(took)?, bytes: most })
}

/// Asks until nothing is left to ask. Answers milliseconds, and bytes of what was answered.
async fn synced(sync: &Sync, line: &Line) -> Result<(f64, f64)> {
    line.bytes.store(0, Ordering::Relaxed);
    let begun = Instant::now();
    while !matches!(sync.step(line).await.map_err(said)?, Step::Current { .. }) {}
    let took = crate::milliseconds(begun.elapsed());
    #[allow(clippy::cast_precision_loss, reason = "far below 2^52")]
    let bytes = line.bytes.load(Ordering::Relaxed) as f64;
    Ok((took, bytes))
}

async fn write(authority: &Authority<Postgres>, changes: Vec<Change>, entries: Vec<Draft>) -> Result<()> {
    let commit = Commit { at: System.now(), read: Vec::new(), changes, entries, notices: Vec::new() };
    authority.store().commit(commit).await.map(drop).map_err(said)
}

fn person(number: u32) -> Account {
    let membership = Membership { community: PLACE, role: Role::Member, since: Moment(0) };
    let made = NewPerson {
        id: AccountId(Uuid::from_u128((u128::from(number.wrapping_mul(0x9e37_79b1)) << 96) | u128::from(number))),
        name: Name::read(&format!("Person {number}")).expect("a name"),
        email: Email::read(&format!("person{number}@example.org")).expect("an address"),
        language: Language::En,
        membership: Some(membership),
    };
    made.account(None, Moment(0))
}

fn entry(actor: AccountId, subject: AccountId) -> Draft {
    let key = |first| CommitmentKey::from([first; 32]);
    Draft {
        at: System.now().0,
        kind: EventKind::PersonInvited.as_str().into(),
        communities: vec![PLACE.0],
        actor: Some(actor.0),
        subject: Some(subject.0),
        words: std::collections::BTreeMap::new(),
        facts_key: key(1),
        persons_key: key(2),
    }
}

/// The way of a paired desktop to the server, without a network.
struct Line {
    authority: Authority<Postgres>,
    token: SessionToken,
    bytes: AtomicUsize,
}

impl Line {
    async fn begin(authority: &Authority<Postgres>, person: AccountId) -> Result<Self> {
        let device = DeviceId(Uuid::from_u128(9));
        let key = data_encoding::BASE64.encode(&[9; 32]);
        let record: Device = serde_json::from_value(serde_json::json!({
            "id": device.0, "name": "Desk", "state": { "paired": { "key": key, "paired_at": System.now().0 } }, "invited_by": null,
            "invited_at": System.now().0, "person": person.0, "seen_at": System.now().0,
        }))?;
        let token = SessionToken::from(vec![8; 32]);
        let id = Opaque(Sha256::digest(token.expose_secret()).into());
        let session = Session { device: Some(device), ..Session::begin(id, person, Stage::Full, System.now()) };
        write(authority, vec![Change::Device(Box::new(record)), Change::Session(session)], Vec::new()).await?;
        let header = format!("{} {}", device.0, data_encoding::BASE64.encode(&[0; 64]));
        let authority = authority.said_to_come_through(&header).map_err(said)?;
        Ok(Self { authority, token, bytes: AtomicUsize::new(0) })
    }
}

impl Feed for Line {
    async fn ask(&self, request: Request) -> std::result::Result<Response, Refusal> {
        let unread = |_: serde_json::Error| Refusal::from(RefusalCode::Unexpected);
        let name = request.name();
        let response = self.authority.call(Some(&self.token), request).await?.response;
        let sent = serde_json::to_string(&response).map_err(unread)?;
        self.bytes.fetch_add(sent.len(), Ordering::Relaxed);
        name.read_reply(&mut serde_json::Deserializer::from_str(&sent)).map_err(unread)
    }
}
