//! A workspace on a server, behind the seam.

mod issuing;
mod keeping;

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use authority::Surroundings;
use domain::secret_hash::Opaque;
use secrecy::ExposeSecret;
use tokio::{sync::watch, task::JoinHandle};
use uuid::Uuid;
use vault::Vault;
use wire::{
    Refusal, RefusalCode, Request, Response, SessionToken, Workspace,
    outbox::{CanWait, Waiting},
    seam::{Outcome, Reply, UseCaseName},
    sign_in::{Done, Reach, WhoAmI},
};

use crate::{
    asking::{again, changes, exchange_once},
    line::{Line, Patience},
    link::{Link, Standing},
    offline::{Boots, Offline, ThisComputer},
    outbox::{Outbox, Sends},
    pairing::{Pairing, digest},
    reading::{Kept, Own, Reading, Source},
    sync::{Feed, Step, SyncError},
};

/// How often it is tried whether the server is there, and asked for what is new.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// While it is, and nobody asks it anything.
    pub rest: Duration,
    /// After it was lost; twice as long after each time that nobody answered.
    pub soon: Duration,
    /// And never longer than this.
    pub late: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self { rest: Duration::from_secs(15), soon: Duration::from_secs(2), late: Duration::from_secs(30) }
    }
}

/// A workspace on the server that this desktop was paired with.
pub struct Remote {
    held: Arc<Held>,
    knocking: JoinHandle<()>,
    syncing: JoinHandle<()>,
}

struct Held {
    line: Line,
    pairing: Pairing,
    standing: Standing,
    surroundings: Arc<dyn Surroundings>,
    life: Mutex<Life>,
    reading: Reading,
    outbox: Outbox,
    offline: Offline,
}

/// When somebody last gave a sign of life, and how long this computer waits for the next.
#[derive(Clone, Copy, Debug, Default)]
struct Life {
    seen_at: Option<i64>,
    idle: Option<i64>,
    /// What the policy of whoever reads here allows: without the server nobody else minds it.
    policy: Option<i64>,
}

impl Drop for Remote {
    fn drop(&mut self) {
        self.knocking.abort();
        self.syncing.abort();
    }
}

impl Remote {
    /// The workspace of a pairing, and what the desk's vault keeps of it for reading. From here on it is tried now and then whether
    /// the server is there.
    ///
    /// # Errors
    /// When there can be no TLS on this computer, and when the vault cannot be read.
    pub async fn begin(
        pairing: Pairing,
        vault: Vault,
        surroundings: impl Surroundings,
        patience: Patience,
        pace: Pace,
    ) -> Result<Self, Refusal> {
        Self::begin_on(pairing, vault, surroundings, ThisComputer, patience, pace).await
    }

    /// As [`begin`](Self::begin), on a computer that runs for as long as this says.
    ///
    /// # Errors
    /// As [`begin`](Self::begin).
    pub async fn begin_on(
        pairing: Pairing,
        vault: Vault,
        surroundings: impl Surroundings,
        boots: impl Boots,
        patience: Patience,
        pace: Pace,
    ) -> Result<Self, Refusal> {
        let line = Line::new(pairing.address.clone(), &pairing.trust, patience)?;
        let surroundings: Arc<dyn Surroundings> = Arc::new(surroundings);
        let reading = Reading::open(vault, pairing.workspace(), pairing.journal_key().to_owned(), Arc::clone(&surroundings)).await?;
        let outbox = Outbox::open(reading.vault().clone(), Arc::clone(&surroundings)).await?;
        let standing = Standing::new(&*surroundings);
        let desk = (pairing.workspace, pairing.device);
        let offline = Offline::new(reading.vault().clone(), desk, Arc::clone(&surroundings), Arc::new(boots));
        let held = Arc::new(Held { line, pairing, standing, surroundings, life: Mutex::default(), reading, outbox, offline });
        let knocking = tokio::spawn(keeping::knock_now_and_then(Arc::clone(&held), pace));
        let syncing = tokio::spawn(keeping::keep_current(Arc::clone(&held), pace));
        Ok(Self { held, knocking, syncing })
    }

    /// With which server, and as which device.
    #[must_use]
    pub fn pairing(&self) -> &Pairing {
        &self.held.pairing
    }

    /// How the connection stands.
    #[must_use]
    pub fn link(&self) -> Link {
        self.held.standing.now()
    }

    /// Tells of each change of it.
    #[must_use]
    pub fn watch(&self) -> watch::Receiver<Link> {
        self.held.standing.watch()
    }

    /// Tries now whether the server is there.
    pub async fn knock(&self) -> Link {
        self.held.knock().await;
        self.link()
    }

    /// Locks a session that nobody gave a sign of life for after so many seconds, where the policy allows more.
    pub fn lock_after(&self, seconds: Option<i64>) {
        self.held.life().idle = seconds.filter(|seconds| *seconds > 0);
    }

    /// Whether nobody gave a sign of life for as long as this computer waits; for as long as the policy allows, where the server is not
    /// there to mind it.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.held.is_idle()
    }

    /// How what is kept here for reading stands.
    #[must_use]
    pub fn kept(&self) -> Kept {
        self.held.reading.stands()
    }

    /// Reading begins without the network and without a session, by the device's own person: whoever calls this has just been given
    /// the desk passphrase.
    ///
    /// # Errors
    /// [`RefusalCode::Offline`] where nothing can be read here.
    pub async fn read_alone(&self) -> Result<(), Refusal> {
        let me = self.held.reading.read_alone().await?;
        let mut life = self.held.life();
        (life.seen_at, life.policy) = (Some(self.held.surroundings.now().0), Some(me.idle_seconds));
        Ok(())
    }

    /// Nobody reads here any more: until the server says again who is signed in, or the desk passphrase is given.
    pub fn let_go(&self) {
        self.held.reading.let_go(None);
        self.held.life().seen_at = None;
    }

    /// How many changes wait here for the server.
    #[must_use]
    pub fn waiting(&self) -> u32 {
        self.held.outbox.undecided()
    }

    /// Whether it is the desk's own person who asks, signed in or reading alone.
    ///
    /// # Errors
    /// [`RefusalCode::NotAllowed`] for anybody else; [`RefusalCode::SessionIdle`].
    pub fn is_own(&self, session: Option<&SessionToken>) -> Result<(), Refusal> {
        self.held.own(session).map(drop)
    }

    /// How many of them the server refused, and are still listed.
    #[must_use]
    pub fn refused(&self) -> u32 {
        self.held.outbox.refused()
    }

    /// The outbox, for its own person.
    ///
    /// # Errors
    /// [`RefusalCode::NotAllowed`] for anybody else; [`RefusalCode::SessionIdle`].
    pub async fn read_waiting(&self, session: Option<&SessionToken>) -> Result<Waiting, Refusal> {
        self.held.own(session)?;
        self.held.outbox.list().await
    }

    /// Sends what waits.
    ///
    /// # Errors
    /// Why it still waits; [`RefusalCode::ReadingAlone`] without a session.
    pub async fn send_waiting(&self, session: Option<&SessionToken>) -> Result<(), Refusal> {
        if self.held.own(session)?.alone {
            return Err(if self.link().connected { RefusalCode::ReadingAlone } else { RefusalCode::Offline }.into());
        }
        self.held.send_waiting().await
    }

    /// Takes a change out of the outbox.
    ///
    /// # Errors
    /// As [`Outbox::put_aside`], and for anybody but its own person.
    pub async fn put_aside(&self, session: Option<&SessionToken>, key: Uuid) -> Result<(), Refusal> {
        self.held.own(session)?;
        self.held.outbox.put_aside(key).await
    }

    /// Asks anew for what was refused; sent at once where the server is there.
    ///
    /// # Errors
    /// As [`Outbox::ask_again`], and for anybody but its own person.
    pub async fn ask_again(&self, session: Option<&SessionToken>, key: Uuid) -> Result<(), Refusal> {
        let own = self.held.own(session)?;
        if !own.alone && self.link().connected {
            // What it changes is what the server has now; where that is not to be had, what is known here.
            let _current = self.held.catch_up().await;
        }
        self.held.outbox.ask_again(&own.replica, key).await?;
        if !own.alone && self.link().connected {
            // Where it cannot be sent, it waits: the list says so.
            let _waits = self.held.send_waiting().await;
        }
        Ok(())
    }

    /// Asks the server, whatever the replica knows.
    ///
    /// # Errors
    /// What the server refuses, and why it was not reached.
    pub async fn ask(&self, session: Option<&SessionToken>, request: Request) -> Result<Outcome, Refusal> {
        self.held.ask(session, request).await
    }
}

impl Workspace for Remote {
    fn call<'a>(&'a self, session: Option<&'a SessionToken>, request: Request) -> Reply<'a, Outcome> {
        Box::pin(self.held.call(session, request))
    }
}

/// Whether a refusal says that no server was there to ask.
#[must_use]
pub fn unreached(code: RefusalCode) -> bool {
    use RefusalCode as Code;
    matches!(
        code,
        Code::Offline | Code::AnswerLost | Code::ServerKeyChanged | Code::ServerUntrusted | Code::ServerClock | Code::ServerStrange
    )
}

/// The server as sync asks it, in the name of whoever is signed in.
struct Asking<'a> {
    held: &'a Held,
    session: SessionToken,
}

impl Feed for Asking<'_> {
    async fn ask(&self, request: Request) -> Result<Response, Refusal> {
        Ok(self.held.send(Some(&self.session), request).await?.response)
    }
}

/// The server as the outbox asks it.
struct Once<'a> {
    held: &'a Held,
    session: SessionToken,
}

impl Sends for Once<'_> {
    async fn send(&self, key: Uuid, request: Request) -> Result<Outcome, Refusal> {
        let sent = self.held.send_once(Some(&self.session), request, Some(key)).await;
        match &sent {
            Ok(outcome) => {
                if let Some(entry) = outcome.journalled {
                    self.held.reading.journalled(Some(&self.session), entry);
                }
            }
            Err(refusal) => self.held.refused(Some(&self.session), refusal.code).await,
        }
        sent
    }
}

impl Held {
    async fn call(&self, session: Option<&SessionToken>, request: Request) -> Result<Outcome, Refusal> {
        let request = match CanWait::of(request) {
            Ok(asked) => return self.ask_or_keep(session, asked).await,
            Err(request) => request,
        };
        let connected = self.standing.now().connected;
        match self.reading.source(&request, session, connected, self.is_idle()) {
            Source::Refused(code) => Err(code.into()),
            Source::Life => {
                self.life().seen_at = Some(self.surroundings.now().0);
                Ok(Outcome { response: Response::Touch(Done {}), opened: None, journalled: None })
            }
            Source::Kept => self.reading.answer(request).await,
            Source::Current => {
                if self.reading.is_news() || self.catch_up().await {
                    // What is refused here the server refuses too, and writes down.
                    if let Some(again) = again(&request)
                        && let Ok(outcome) = self.reading.answer(again).await
                    {
                        return Ok(outcome);
                    }
                }
                self.ask_or_read(session, request).await
            }
            Source::Server => self.ask_or_read(session, request).await,
        }
    }

    /// Asks the server for what can wait, or keeps it where the server is not reached.
    async fn ask_or_keep(&self, session: Option<&SessionToken>, asked: CanWait) -> Result<Outcome, Refusal> {
        let Some(own) = self.reading.own(session) else { return self.ask(session, asked.into()).await };
        if (own.alone || !self.standing.now().connected) && self.is_idle() {
            return Err(RefusalCode::SessionIdle.into());
        }
        // What was kept before goes first.
        let is_next = !own.alone && self.standing.now().connected && (self.outbox.undecided() == 0 || self.send_waiting().await.is_ok());
        if is_next {
            match self.ask(session, asked.clone().into()).await {
                Err(refusal) if refusal.code == RefusalCode::Offline => {}
                answered => return answered,
            }
        }
        let kept = asked.reply_kept();
        self.outbox.keep(&own.replica, asked).await?;
        Ok(Outcome { response: kept, opened: None, journalled: None })
    }

    /// Sends what waits in the outbox, if its person is signed in.
    async fn send_waiting(&self) -> Result<(), Refusal> {
        let Some(session) = self.reading.session() else { return Ok(()) };
        let Some(own) = self.reading.own(Some(&session)) else { return Ok(()) };
        self.outbox.send(own.replica.person(), &Once { held: self, session }).await
    }

    /// Asks the server, and reads here what can be where it turns out not to be reached.
    async fn ask_or_read(&self, session: Option<&SessionToken>, request: Request) -> Result<Outcome, Refusal> {
        let again = again(&request);
        match self.ask(session, request).await {
            Err(refusal) if unreached(refusal.code) => match again {
                Some(request) if self.reading.source(&request, session, false, self.is_idle()) == Source::Kept => {
                    self.reading.answer(request).await
                }
                _ => Err(refusal),
            },
            asked => asked,
        }
    }

    /// Asks the server, and minds what its answer says of who may read here.
    async fn ask(&self, session: Option<&SessionToken>, request: Request) -> Result<Outcome, Refusal> {
        use UseCaseName as Name;
        let name = request.name();
        if matches!(name, Name::Lock | Name::SignOut) {
            self.reading.let_go(session);
        }
        let asked = self.send(session, request).await;
        match &asked {
            Ok(outcome) => {
                if let (Some(session), Response::WhoAmI(me)) = (session, &outcome.response) {
                    if me.reach == Reach::Full {
                        self.life().policy = Some(me.idle_seconds);
                    }
                    self.reading.recognise(session, me).await;
                }
                if let Some(entry) = outcome.journalled {
                    self.reading.journalled(session, entry);
                }
            }
            Err(refusal) => self.refused(session, refusal.code).await,
        }
        asked
    }

    /// What a refusal of the server says of who may read here.
    async fn refused(&self, session: Option<&SessionToken>, code: RefusalCode) {
        use RefusalCode as Code;
        match code {
            Code::DeviceRevoked | Code::DeviceUnknown => {
                self.offline.apart(self.reading.forget()).await;
                self.outbox.recount().await;
            }
            Code::SessionEnded | Code::SessionIdle | Code::SessionStage if session.is_some() => self.reading.let_go(session),
            _ => {}
        }
    }

    async fn send(&self, session: Option<&SessionToken>, request: Request) -> Result<Outcome, Refusal> {
        self.send_once(session, request, None).await
    }

    async fn send_once(&self, session: Option<&SessionToken>, request: Request, key: Option<Uuid>) -> Result<Outcome, Refusal> {
        let name = request.name();
        let id = session.map(|token| Opaque(digest(token.expose_secret())));
        let asked = exchange_once(&self.line, &request, session, key, |path, body| self.pairing.show(path, body, id)).await;
        drop(request);
        match asked {
            Ok(outcome) => {
                self.standing.tried(None, &*self.surroundings);
                if let Ok(outcome) = &outcome {
                    self.lives(name, outcome);
                }
                outcome
            }
            Err(lost) => {
                self.standing.tried(Some(lost.refusal(false).code), &*self.surroundings);
                Err(lost.refusal(changes(name)))
            }
        }
    }

    async fn catch_up(&self) -> bool {
        let caught = self.reading.catch_up(|session| Asking { held: self, session }).await;
        if let Err(code) = caught {
            self.refused(None, code).await;
        }
        caught.unwrap_or(false)
    }

    /// Asks for one page of what is new. `None`: there is nothing to ask for.
    async fn step(&self) -> Option<Result<Step, SyncError>> {
        let stepped = self.reading.step(&|session| Asking { held: self, session }).await;
        if let Some(Err(SyncError::Refused(refusal))) = &stepped {
            self.refused(None, refusal.code).await;
        }
        stepped
    }

    /// Whose the outbox is, and nobody else.
    fn own(&self, session: Option<&SessionToken>) -> Result<Own, Refusal> {
        let own = self.reading.own(session).ok_or(RefusalCode::NotAllowed)?;
        if self.is_idle() { Err(RefusalCode::SessionIdle.into()) } else { Ok(own) }
    }

    fn is_idle(&self) -> bool {
        let (life, now) = (*self.life(), self.surroundings.now().0);
        let minds = self.standing.now().connected && !self.reading.stands().alone;
        let waits = if minds { life.idle } else { life.idle.into_iter().chain(life.policy).min() };
        matches!((life.seen_at, waits), (Some(seen), Some(waits)) if now - seen >= waits)
    }

    fn life(&self) -> std::sync::MutexGuard<'_, Life> {
        self.life.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes signs of life, and that there is nobody any more whose they could be.
    fn lives(&self, name: UseCaseName, outcome: &Outcome) {
        use UseCaseName as Name;
        let here = outcome.opened.is_some() || matches!(name, Name::Touch | Name::Unlock);
        let gone = matches!(name, Name::Lock | Name::SignOut);
        if here {
            self.life().seen_at = Some(self.surroundings.now().0);
        } else if gone {
            self.life().seen_at = None;
        }
    }

    async fn knock(&self) {
        let came = self.line.knock().await;
        let is_there = came.is_ok();
        self.standing.tried(came.err().map(|lost| lost.refusal(false).code), &*self.surroundings);
        if is_there && self.reading.waits_for_word() {
            // Nobody is signed in, and it is no matter: a device that was taken back hears of it.
            let _nobody = self.ask(None, WhoAmI {}.into()).await;
        }
    }
}
