//! `receive`: one workspace moves here from a desktop, over the same connections that a served one has, and nothing else is answered.
//!
//! Whoever hands it over shows the moving code with every request. It is good for this process alone.

use std::{sync::Arc, time::Duration};

use authority::{
    Authority, Drawing, Store, Surroundings, System,
    moving::{self, Leaving, MovingCode, Progress},
};
use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::post,
};
use jiff::Timestamp;
use postgres::Postgres;
use secrecy::ExposeSecret;
use serde::de::DeserializeOwned;
use tokio::{
    signal::unix::{SignalKind, signal},
    sync::{Mutex, watch},
    time::sleep,
};
use wire::{Refusal, RefusalCode, window::Language};

use crate::{
    app::App,
    body,
    commands::{Trouble, say},
    keys::{self, KeyError},
    listen::Listening,
    problem::{Fault, Problem},
    settings::Settings,
    tls, words,
};

/// What is answered.
pub(crate) const PATHS: [&str; 4] = ["/v1/move/look", "/v1/move/begin", "/v1/move/part", "/v1/move/end"];
/// Bytes of a part, and of what begins and ends a move.
const PART: usize = 8 * 1024 * 1024;
const AROUND: usize = 1024 * 1024;
/// How long it still answers once the workspace is here: a desktop whose last answer was lost asks again.
const LINGERS: Duration = Duration::from_secs(5);

type House<S> = Box<dyn Fn(&Leaving) -> Result<Authority<S>, KeyError> + Send + Sync>;

/// What is known of the one who may hand a workspace over, and of how far that has come.
pub(crate) struct Receiving<S> {
    code: MovingCode,
    /// Makes the house that it comes to, of the keys that are kept here and those that come along.
    house: House<S>,
    /// The house that it comes to, once its keys are here.
    home: Mutex<Option<Arc<Authority<S>>>>,
    /// Says that it has arrived.
    arrived: watch::Sender<bool>,
}

/// Waits for one workspace, until it has arrived or somebody stops it.
pub(crate) async fn receive(settings: Settings) -> Result<(), Trouble> {
    // Refused now, not when somebody is at the desktop.
    drop(keys::keys(settings.key_file.as_deref())?);
    let tls = settings.tls.as_ref().map(|(certificate, key)| tls::configured(certificate, key)).transpose()?;
    let public_key = settings.tls.as_ref().map(|(certificate, _)| tls::public_key(certificate)).transpose()?;
    let mut terminated = signal(SignalKind::terminate())?;
    let mut interrupted = signal(SignalKind::interrupt())?;
    let of_database = postgres::Settings { connections: settings.database_connections, ..postgres::Settings::default() };
    let store = Postgres::open(&settings.database, &of_database).await?;
    let arrival = store.arrival().await?.map(|found| found.record);
    if store.workspace().await?.is_some() && arrival.is_none() {
        return Err(Trouble::Taken);
    }
    let (code, typed) = MovingCode::drawn(public_key.as_deref(), System.now(), &mut Drawing(&System));
    let until = code.until();
    let (arrived, mut hears) = watch::channel(false);
    let (asks, stop) = watch::channel(false);
    let (key_file, at) = (settings.key_file.clone(), store.clone());
    let house = move |leaving: &Leaving| Ok(Authority::receiving(at.clone(), keys::keys(key_file.as_deref())?.sealing, leaving, System));
    let receiving = Receiving { code, house: Box::new(house), home: Mutex::new(None), arrived };
    // Of no workspace yet: nobody asks it anything.
    let nobody = Authority::new(store.clone(), keys::keys(settings.key_file.as_deref())?.sealing, System, "console");
    let app = App::new(nobody, store.clone(), settings.bounds, tls.is_some())
        .believing(settings.trusted_proxies)
        .watched_from(settings.metrics_from)
        .receiving(receiving);
    let listening = Listening::begin(settings.listen, tls, Arc::new(app)).await.map_err(|error| Trouble::Listen(settings.listen, error))?;
    begun(arrival.map(|arrival| (arrival.parts, arrival.arrived)), &listening.address()?.to_string())?;
    let day = Timestamp::from_second(until.0).map(|at| at.strftime("%Y-%m-%d %H:%M UTC").to_string()).unwrap_or_default();
    say(&format!("Moving code, valid until {day}, for one workspace:\n    {}", typed.expose_secret()))?;
    let serving = listening.run(stop);
    tokio::pin!(serving);
    tokio::select! {
        _stopped = &mut serving => {}
        () = async {
            // An error: nobody is left who could say so.
            let _ = hears.wait_for(|arrived| *arrived).await;
            sleep(LINGERS).await;
        } => {}
        _signal = terminated.recv() => {}
        _signal = interrupted.recv() => {}
    }
    // An error: it has ended. Whoever is being answered still is.
    let _ = asks.send(true);
    serving.await;
    let whole = store.arrival().await?.is_some_and(|found| found.record.arrived);
    store.close().await;
    if whole {
        return say("The workspace has arrived, and is compared with what left. Start the server now: sallyport-server serve");
    }
    say("The workspace is not here yet. Begin `receive` again to go on, or throw away what is here: sallyport-server receive --discard")
}

fn begun(arrival: Option<(u64, bool)>, address: &str) -> Result<(), Trouble> {
    say(&match arrival {
        None => format!("Waiting at {address} for a workspace to move here."),
        Some((_, true)) => {
            format!(
                "The workspace has arrived. Waiting at {address} for a desktop that has not heard of it; otherwise stop this and serve."
            )
        }
        Some((parts, false)) => format!("Waiting at {address} for the rest of a workspace: {parts} parts are here."),
    })
}

/// Throws away what is here of a move that was not finished.
pub(crate) async fn discard(store: &Postgres) -> Result<(), Trouble> {
    if store.workspace().await?.is_none() && !moving::arriving::is_unfinished(store).await? {
        return Err(Trouble::NothingToDiscard);
    }
    moving::arriving::discard(store).await?;
    store.close().await;
    say("What was here of the move is gone. The desktop that it came from still has everything: call the move off there, or begin anew.")
}

pub(crate) fn routes<S: Store>(router: Router<Arc<App<S>>>) -> Router<Arc<App<S>>> {
    let [look, begin, part, end] = PATHS;
    router
        .route(look, post(|State(app): State<Arc<App<S>>>, request: Request| answer(app, Step::Look, request)))
        .route(begin, post(|State(app): State<Arc<App<S>>>, request: Request| answer(app, Step::Begin, request)))
        .route(part, post(|State(app): State<Arc<App<S>>>, request: Request| answer(app, Step::Part, request)))
        .route(end, post(|State(app): State<Arc<App<S>>>, request: Request| answer(app, Step::End, request)))
}

#[derive(Clone, Copy)]
enum Step {
    Look,
    Begin,
    Part,
    End,
}

enum Failed {
    Fault(Fault),
    Refused(Refusal),
}

impl From<Fault> for Failed {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<Refusal> for Failed {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

async fn answer<S: Store>(app: Arc<App<S>>, step: Step, request: Request) -> Response {
    let language: Language = words::language(request.headers());
    let Some(receiving) = &app.receiving else { return Fault::NoSuchPath.told(language).into_response() };
    match receiving.taken(&app.authority, step, request).await {
        Ok(progress) => {
            let body = serde_json::to_vec(&progress).unwrap_or_default();
            (StatusCode::OK, [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], body).into_response()
        }
        Err(Failed::Fault(fault)) => fault.told(language).into_response(),
        Err(Failed::Refused(refusal)) => Problem::of(&refusal, language, System.now().0).into_response(),
    }
}

impl<S: Store> Receiving<S> {
    async fn taken(&self, nobody: &Authority<S>, step: Step, request: Request) -> Result<Progress, Failed> {
        let (parts, given) = request.into_parts();
        if !body::is_json(&parts.headers) {
            return Err(Fault::MediaType.into());
        }
        self.admits(&parts.headers)?;
        let limit = if matches!(step, Step::Part) { PART } else { AROUND };
        let read = body::read(&parts.headers, given, limit).await?;
        let progress = match step {
            Step::Look => {
                nobody.would_receive(&document(&read)?).await?;
                return Ok(Progress { parts: 0, next: None, arrived: false });
            }
            Step::Begin => self.begin(&document(&read)?).await?,
            Step::Part => self.home().await?.take_part(document(&read)?).await?,
            Step::End => self.home().await?.take_end(document(&read)?).await?,
        };
        if progress.arrived {
            self.arrived.send_replace(true);
        }
        Ok(progress)
    }

    /// Whether whoever asks has the moving code.
    fn admits(&self, headers: &HeaderMap) -> Result<(), Refusal> {
        let wrong = || Refusal::from(RefusalCode::MoveCodeWrong);
        let value = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).ok_or_else(wrong)?;
        let (scheme, text) = value.split_once(' ').ok_or_else(wrong)?;
        let right = scheme.eq_ignore_ascii_case("bearer") && self.code.is(text, System.now());
        if right { Ok(()) } else { Err(wrong()) }
    }

    async fn begin(&self, leaving: &Leaving) -> Result<Progress, Refusal> {
        let mut home = self.home.lock().await;
        let authority = (self.house)(leaving).map_err(|error| {
            tracing::error!(%error, "the key file cannot be read");
            RefusalCode::Unexpected
        })?;
        let progress = authority.receive(leaving).await?;
        *home = Some(Arc::new(authority));
        Ok(progress)
    }

    /// The house, for whoever has begun in this process.
    async fn home(&self) -> Result<Arc<Authority<S>>, Refusal> {
        self.home.lock().await.clone().ok_or_else(|| RefusalCode::MoveOutOfOrder.into())
    }
}

fn document<T: DeserializeOwned>(body: &[u8]) -> Result<T, Fault> {
    serde_json::from_slice(body).map_err(|_| Fault::Malformed)
}
