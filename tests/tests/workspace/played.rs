//! A played workspace: a real vault, people with phones, and a clock that the test turns.

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use authority::{Authority, Drawing, Founding, Surroundings, System};
use domain::{oath::OathSecret, time::Moment};
use secrecy::SecretString;
use tempfile::TempDir;
use uuid::Uuid;
use vault::{Kit, Vault};
use wire::{
    Refusal, Request, Response, SessionToken, UseCase, Workspace,
    account::{BeginEnrolment, SavedAs, VerifyEnrolment},
    keeping::NoteKitKept,
    people::{Invite, ListPeople, ResetSecondFactor, RoleName},
    proof::Proof,
    seam::UseCaseName,
    sign_in::{AcceptInvitation, GiveCode, Next, SignIn, WhoAmI},
    support::{Channel, SupportAnswers},
};

pub(crate) const PASSPHRASE: &str = "a passphrase for the vault";
pub(crate) const PASSWORD: &str = "a password long enough alone";

/// The system's randomness under a clock of the test's own.
#[derive(Clone)]
pub(crate) struct Clock(Arc<AtomicI64>);

impl Clock {
    pub(crate) fn at(seconds: i64) -> Self {
        Self(Arc::new(AtomicI64::new(seconds)))
    }

    pub(crate) fn now(&self) -> Moment {
        Moment(self.0.load(Ordering::SeqCst))
    }

    pub(crate) fn turn(&self, seconds: i64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }
}

impl Surroundings for Clock {
    fn now(&self) -> Moment {
        Clock::now(self)
    }

    fn fill(&self, bytes: &mut [u8]) {
        System.fill(bytes);
    }
}

/// The authenticator app on somebody's phone, by the secret that was typed into it.
pub(crate) struct Phone {
    pub(crate) base32: String,
}

impl Phone {
    pub(crate) fn code(&self, at: Moment) -> String {
        let bytes = data_encoding::BASE32_NOPAD.decode(self.base32.as_bytes()).expect("unpadded Base32");
        let secret = OathSecret::from_bytes(&bytes).expect("160 bits");
        secrecy::ExposeSecret::expose_secret(&secret.code_at(at)).to_owned()
    }
}

/// Somebody who has enrolled.
pub(crate) struct Person {
    pub(crate) email: String,
    pub(crate) session: SessionToken,
    pub(crate) phone: Phone,
    pub(crate) codes: Vec<String>,
}

pub(crate) struct Played {
    pub(crate) authority: Arc<Authority<Vault>>,
    pub(crate) clock: Clock,
    pub(crate) id: Uuid,
    /// The recovery kit it was founded with.
    pub(crate) kit: Option<Kit>,
    root: PathBuf,
    // Held so that it is deleted at the end.
    folder: Option<TempDir>,
}

pub(crate) fn secret(text: &str) -> SecretString {
    text.into()
}

/// Whatever is asked in these tests can be asked over a network: what is written of it is read as the same.
fn crosses(request: &Request) -> UseCaseName {
    let (name, text) = (request.name(), serde_json::to_string(request).expect("written"));
    let read = name.read(&mut serde_json::Deserializer::from_str(&text)).unwrap_or_else(|error| panic!("{name:?}: {error}"));
    assert_eq!(serde_json::to_string(&read).expect("written"), text, "{name:?}");
    name
}

/// And whatever is answered comes through, what is shown once too.
fn crossed(name: UseCaseName, response: &Response) -> Response {
    let text = serde_json::to_string(response).expect("written");
    let read = name.read_reply(&mut serde_json::Deserializer::from_str(&text)).unwrap_or_else(|error| panic!("{name:?}: {error}"));
    assert_eq!(serde_json::to_string(&read).expect("written"), text, "{name:?}");
    read
}

impl Played {
    /// A workspace whose owner has enrolled.
    pub(crate) async fn begin() -> (Self, Person) {
        let folder = tempfile::tempdir().expect("a folder");
        let (played, owner) = Self::found(folder.path(), "Harbour", 1_800_000_000).await;
        (Self { folder: Some(folder), ..played }, owner)
    }

    /// The same among the vaults of a folder, at this hour.
    pub(crate) async fn found(root: &Path, name: &str, at: i64) -> (Self, Person) {
        Self::found_speaking(false, root, name, at).await
    }

    /// The same in French, or in English.
    pub(crate) async fn found_speaking(french: bool, root: &Path, name: &str, at: i64) -> (Self, Person) {
        let clock = Clock::at(at);
        let unpublished = vault::prepare(root, name, &secret(PASSPHRASE), &mut Drawing(&System)).await.expect("a vault");
        let authority = Authority::new(unpublished.store().clone(), unpublished.sealing_key(), clock.clone(), "test");
        let kit = Kit::draw(&mut Drawing(&System));
        unpublished.store().add_kit(&kit, clock.now(), &mut Drawing(&System)).await.expect("a kit");
        let founding = Founding::read(french, name, "Olive Owner", "olive@example.org", &secret(PASSWORD)).expect("words");
        let founding = founding.with_kit(kit.slot(), kit.verifier());
        let session = authority.found(founding).await.expect("founded");
        let vault = unpublished.publish().await.expect("published");
        let played = Self { authority: Arc::new(authority), clock, id: vault.id(), kit: Some(kit), root: root.to_owned(), folder: None };
        let kept = NoteKitKept { slot: played.kit.as_ref().expect("a kit").slot(), how: SavedAs::Printed };
        played.call(Some(&session), kept).await.expect("kept");
        let owner = played.enrol("olive@example.org", session).await;
        (played, owner)
    }

    /// Opens a workspace that is closed.
    pub(crate) async fn open(root: &Path, id: Uuid, clock: Clock) -> Self {
        let vault = vault::open(root, id, &secret(PASSPHRASE)).await.expect("opens again");
        let key = vault.sealing_key().expect("open");
        let authority = Arc::new(Authority::new(vault, key, clock.clone(), "test"));
        Self { authority, clock, id, kit: None, root: root.to_owned(), folder: None }
    }

    /// Closes the vault as a killed process would leave it, and opens it again.
    pub(crate) async fn reopen(self) -> Self {
        self.close().await;
        let Self { clock, id, kit, root, folder, .. } = self;
        Self { folder, kit, ..Self::open(&root, id, clock).await }
    }

    /// The folder in which its vault lies.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Closes the vault.
    pub(crate) async fn close(&self) {
        self.authority.store().close().await;
    }

    pub(crate) async fn call<U: UseCase>(&self, session: Option<&SessionToken>, request: U) -> Result<U::Reply, Refusal> {
        self.call_opening(session, request).await.map(|(reply, _)| reply)
    }

    pub(crate) async fn call_opening<U: UseCase>(
        &self,
        session: Option<&SessionToken>,
        request: U,
    ) -> Result<(U::Reply, Option<SessionToken>), Refusal> {
        let request = request.into();
        let name = crosses(&request);
        let outcome = self.authority.call(session, request).await?;
        Ok((U::reply(crossed(name, &outcome.response))?, outcome.opened))
    }

    /// Enrols whoever holds the session; a full session proves itself with the password.
    pub(crate) async fn enrol(&self, email: &str, session: SessionToken) -> Person {
        let proof = Some(Proof { password: secret(PASSWORD), code: None });
        let offer = self.call(Some(&session), BeginEnrolment { name: "Phone".into(), proof }).await.expect("begun");
        let phone = phone(offer.secret.expose());
        let code = secret(&phone.code(self.clock.now()));
        let enrolled = self.call(Some(&session), VerifyEnrolment { code }).await.expect("verified");
        let codes = enrolled.codes.iter().map(|code| code.expose().to_owned()).collect();
        self.clock.turn(60);
        Person { email: email.into(), session, phone, codes }
    }

    pub(crate) async fn community(&self, session: &SessionToken) -> Uuid {
        let page = self.call(Some(session), ListPeople::default()).await.expect("a page");
        page.grants[0].community
    }

    /// Invites somebody; the code is the invitation.
    pub(crate) async fn invite(&self, by: &Person, email: &str, role: RoleName) -> (Uuid, String) {
        let community = Some(self.community(&by.session).await);
        let request = Invite { name: "Mia Member".into(), email: email.into(), community, role };
        let issued = self.call(Some(&by.session), request).await.expect("invited");
        (issued.person.id, issued.code.expose().to_owned())
    }

    /// Somebody who was invited, came in and enrolled.
    pub(crate) async fn join(&self, by: &Person, email: &str, role: RoleName) -> (Uuid, Person) {
        let (id, code) = self.invite(by, email, role).await;
        let request = AcceptInvitation { email: email.into(), code: secret(&code), password: secret(PASSWORD) };
        let (_, session) = self.call_opening(None, request).await.expect("accepted");
        (id, self.enrol(email, session.expect("a session")).await)
    }

    pub(crate) async fn first_door(&self, email: &str) -> Result<(Next, SessionToken), Refusal> {
        let request = SignIn { email: email.into(), password: secret(PASSWORD) };
        let (step, session) = self.call_opening(None, request).await?;
        Ok((step.next, session.expect("a session")))
    }

    /// Both doors.
    pub(crate) async fn sign_in(&self, email: &str, code: &str) -> Result<SessionToken, Refusal> {
        let (_, session) = self.first_door(email).await?;
        self.call(Some(&session), GiveCode { code: secret(code) }).await?;
        Ok(session)
    }

    /// Both doors, with a code of the phone; the clock moves on, so that the next code is another.
    pub(crate) async fn sign_in_with_phone(&self, person: &Person) -> Result<SessionToken, Refusal> {
        let code = person.phone.code(self.clock.now());
        let session = self.sign_in(&person.email, &code).await;
        self.clock.turn(30);
        session
    }

    /// A proof with a code that was never used.
    pub(crate) fn proof(&self, person: &Person) -> Proof {
        self.clock.turn(30);
        Proof { password: secret(PASSWORD), code: Some(secret(&person.phone.code(self.clock.now()))) }
    }

    pub(crate) async fn reset(&self, by: &Person, account: Uuid) -> Result<String, Refusal> {
        let proof = self.proof(by);
        let issued = self.call(Some(&by.session), ResetSecondFactor { account, support: support(), proof }).await?;
        Ok(issued.code.expose().to_owned())
    }

    pub(crate) async fn is_signed_in(&self, session: &SessionToken) -> bool {
        self.call(Some(session), WhoAmI {}).await.is_ok()
    }
}

/// A support case that is filled in.
pub(crate) fn support() -> SupportAnswers {
    let checked = vec!["I called back on the number we have on file".into()];
    SupportAnswers { asked_by: "Mia herself".into(), checked, reason: "New phone, ticket 4711".into(), channel: Channel::Phone }
}

/// Types a secret into a phone.
pub(crate) fn phone(base32: &str) -> Phone {
    Phone { base32: base32.to_owned() }
}
