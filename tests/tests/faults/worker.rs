//! The process that is killed: it changes the workspace without end, and tells what it asks and what it was answered.

use crate::played::{Clock, PASSPHRASE, PASSWORD, Person, Played, phone, secret};
use authority::{Drawing, System};
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use std::path::Path;
use uuid::Uuid;
use vault::{KitAfter, Rotation, Vault, unwatched};
use wire::{
    SessionToken,
    account::RenewBackupCodes,
    people::RoleName,
    proof::Proof,
    sign_in::{AcceptInvitation, Touch},
};

pub(crate) const NAME: &str = "worker::changes_the_workspace_without_end";
/// Before each line of ours, so that the test runner's own are told apart.
pub(crate) const MARK: &str = "~ ";

/// Where the worker works, in its environment.
#[derive(Serialize, Deserialize)]
pub(crate) struct Place {
    pub(crate) root: String,
    pub(crate) vault: Uuid,
    pub(crate) at: i64,
    pub(crate) round: u32,
    pub(crate) owner_phone: String,
    /// Whether the key of the vault is changed meanwhile, again and again.
    pub(crate) rotates: bool,
}

impl Place {
    pub(crate) const VARIABLE: &str = "WORKER_PLACE";
}

/// How far a person has come. The number orders them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum Stage {
    Unknown,
    Invited,
    Accepted,
    Enrolled,
    Renewed,
    Reset,
}

/// What is told of a person: what is asked for, or what was answered.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Word {
    pub(crate) email: String,
    pub(crate) stage: Stage,
    pub(crate) answered: bool,
    /// The worker's clock.
    pub(crate) at: i64,
    pub(crate) session: Option<Vec<u8>>,
    /// The codes that were answered last.
    pub(crate) codes: Vec<String>,
}

/// A line of the worker's.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum Said {
    /// Of a person.
    Word(Word),
    /// A rotation of the vault's key begins.
    Rotating,
    /// It was answered.
    Rotated,
}

#[expect(clippy::print_stdout, reason = "a pipe to whoever kills this process")]
fn say(said: &Said) {
    println!("{MARK}{}", serde_json::to_string(said).expect("plain words"));
}

struct Told<'a> {
    played: &'a Played,
    word: Word,
}

impl Told<'_> {
    fn asks(&mut self, stage: Stage) {
        self.word = Word { stage, answered: false, ..self.word.clone() };
        self.say();
    }

    fn answered(&mut self, codes: Vec<String>) {
        self.word = Word { answered: true, codes, at: self.played.clock.now().0, ..self.word.clone() };
        self.say();
    }

    fn say(&self) {
        say(&Said::Word(self.word.clone()));
    }
}

/// Not a test: the process that is killed.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "run by the tests of kills, in a process of its own"]
async fn changes_the_workspace_without_end() {
    let Ok(place) = std::env::var(Place::VARIABLE) else { return };
    let place: Place = serde_json::from_str(&place).expect("a place");
    let played = Played::open(Path::new(&place.root), place.vault, Clock::at(place.at)).await;
    let owner_phone = phone(&place.owner_phone);
    let code = owner_phone.code(played.clock.now());
    let session = played.sign_in("olive@example.org", &code).await.expect("the owner comes in");
    let owner = Person { email: "olive@example.org".into(), session, phone: owner_phone, codes: Vec::new() };
    if place.rotates {
        tokio::spawn(rotate_without_end(played.authority.store().clone(), played.clock.clone()));
    }
    for number in 0.. {
        live(&played, &owner, format!("p{}-{number}@example.org", place.round)).await;
        played.call(Some(&owner.session), Touch {}).await.expect("the owner is still there");
    }
}

async fn rotate_without_end(vault: Vault, clock: Clock) {
    loop {
        say(&Said::Rotating);
        let rotation = Rotation { passphrase: secret(PASSPHRASE), without: Vec::new(), kit: KitAfter::None };
        let dropped = vault.rotate(rotation, clock.now(), &mut Drawing(&System), unwatched()).await.expect("rotated");
        assert_eq!(dropped, []);
        say(&Said::Rotated);
    }
}

async fn live(played: &Played, owner: &Person, email: String) {
    let word = Word { email: email.clone(), stage: Stage::Unknown, answered: false, at: 0, session: None, codes: Vec::new() };
    let mut told = Told { played, word };
    told.asks(Stage::Invited);
    let (id, invitation) = played.invite(owner, &email, RoleName::Member).await;
    told.answered(vec![invitation.clone()]);

    told.asks(Stage::Accepted);
    let request = AcceptInvitation { email: email.clone(), code: secret(&invitation), password: secret(PASSWORD) };
    let (_, session) = played.call_opening(None, request).await.expect("accepted");
    let session: SessionToken = session.expect("a session");
    told.word.session = Some(session.expose_secret().to_vec());
    told.answered(Vec::new());

    told.asks(Stage::Enrolled);
    let member = played.enrol(&email, session).await;
    told.answered(member.codes);

    told.asks(Stage::Renewed);
    let proof = Proof { password: secret(PASSWORD), code: None };
    let renewed = played.call(Some(&member.session), RenewBackupCodes { proof }).await.expect("renewed");
    told.answered(renewed.codes.iter().map(|code| code.expose().to_owned()).collect());

    told.asks(Stage::Reset);
    let code = played.reset(owner, id).await.expect("reset");
    told.answered(vec![code]);
}
