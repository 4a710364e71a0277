//! Every path there is, and what holds for each of them.

use std::{sync::Arc, time::Duration};

use authority::{Authority, OpenError, Store};
use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderValue, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde_json::Value;
use tokio::time::{Instant, timeout};
use wire::seam::UseCaseName;

use crate::{
    check,
    health::Health,
    metrics::{Asked, Metrics},
    network::Network,
    openapi,
    problem::Fault,
    receiving::{self, Receiving},
    seam,
    source::Peer,
    words,
};

pub(crate) const ALIVE: &str = "/healthz";
pub(crate) const READY: &str = "/readyz";
pub(crate) const METRICS: &str = "/metrics";
/// Where other programs ask.
pub(crate) const CHECK: &str = "/v1/check";
pub(crate) const VALIDATE: &str = "/validate/check";
/// What answers here, described.
pub(crate) const OPENAPI: &str = "/openapi.json";
/// How long the database may take to answer those who watch it.
const WATCHED: Duration = Duration::from_secs(5);

/// What everybody who connects is held to.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// How long a request may take, its body included.
    pub request: Duration,
    /// How long the head of a request may take, and how long a connection may rest between two.
    pub head: Duration,
    /// How long a connection may live.
    pub connection: Duration,
    /// How long those that are being answered have left once the server is to stop.
    pub grace: Duration,
    /// Connections at once.
    pub connections: usize,
    /// Connections at once of one address; those of proxies are not counted so.
    pub connections_of_one: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            request: Duration::from_secs(30),
            head: Duration::from_secs(10),
            connection: Duration::from_secs(600),
            grace: Duration::from_secs(20),
            connections: 1_024,
            connections_of_one: 64,
        }
    }
}

/// A workspace as it is served.
pub struct App<S> {
    pub(crate) authority: Authority<S>,
    pub(crate) health: Box<dyn Health>,
    pub(crate) metrics: Metrics,
    pub(crate) bounds: Bounds,
    /// Whose forwarded addresses are believed.
    pub(crate) proxies: Vec<Network>,
    /// Who may read the numbers.
    pub(crate) watchers: Vec<Network>,
    /// Whether whoever connects does so in TLS.
    pub(crate) tls: bool,
    /// A workspace that is to move here: nothing else is answered then.
    pub(crate) receiving: Option<Receiving<S>>,
}

impl<S: Store> App<S> {
    /// A workspace, with nothing believed of anybody.
    pub fn new(authority: Authority<S>, health: impl Health, bounds: Bounds, tls: bool) -> Self {
        let own = [ALIVE, READY, METRICS, CHECK, VALIDATE, OPENAPI].into_iter().chain(receiving::PATHS).map(str::to_owned);
        let metrics = Metrics::new(UseCaseName::ALL.iter().map(|name| path(*name)).chain(own));
        Self { authority, health: Box::new(health), metrics, bounds, proxies: Vec::new(), watchers: Vec::new(), tls, receiving: None }
    }

    /// Believes these networks what they say of where requests come from.
    #[must_use]
    pub fn believing(self, proxies: Vec<Network>) -> Self {
        Self { proxies, ..self }
    }

    /// Takes in a workspace, and answers nothing else.
    #[must_use]
    pub(crate) fn receiving(self, receiving: Receiving<S>) -> Self {
        Self { receiving: Some(receiving), ..self }
    }

    /// Lets these networks read the numbers.
    #[must_use]
    pub fn watched_from(self, watchers: Vec<Network>) -> Self {
        Self { watchers, ..self }
    }
}

/// The path of a use case.
pub(crate) fn path(name: UseCaseName) -> String {
    match serde_json::to_value(name) {
        Ok(Value::String(name)) => format!("/v1/{name}"),
        _ => String::new(),
    }
}

/// The paths, and what answers them.
pub fn router<S: Store>(app: &Arc<App<S>>) -> Router {
    let mut router = Router::new();
    if app.receiving.is_some() {
        router = receiving::routes(router);
    }
    for name in UseCaseName::ALL.iter().filter(|_| app.receiving.is_none()) {
        let carry_out = move |State(app): State<Arc<App<S>>>, request: Request| seam::call(app, *name, request);
        router = router.route(&path(*name), post(carry_out));
    }
    let ask = |State(app): State<Arc<App<S>>>, request: Request| check::plain(app, request);
    let validate = |State(app): State<Arc<App<S>>>, request: Request| check::validate(app, request);
    router
        .route(CHECK, post(ask))
        .route(VALIDATE, post(validate).fallback(check::not_posted))
        .route(ALIVE, get(|| async { "alive\n" }))
        .route(READY, get(ready::<S>))
        .route(METRICS, get(numbers::<S>))
        .route(OPENAPI, get(|request: Request| async move { openapi::answered(request.headers()) }))
        .fallback(|request: Request| async move { Fault::NoSuchPath.told(words::language(request.headers())) })
        .method_not_allowed_fallback(|request: Request| async move { Fault::Method.told(words::language(request.headers())) })
        .layer(middleware::from_fn_with_state(Arc::clone(app), held_to::<S>))
        .with_state(Arc::clone(app))
}

/// Bounds a request, counts it, and keeps its answer out of caches unless it says otherwise.
async fn held_to<S: Store>(State(app): State<Arc<App<S>>>, request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let path = request.uri().path().to_owned();
    let language = words::language(request.headers());
    let answered = timeout(app.bounds.request, next.run(request)).await;
    let mut response = answered.unwrap_or_else(|_| Fault::TooSlow.told(language).into_response());
    let took = begun.elapsed();
    let status = response.status().as_u16();
    app.metrics.answered(&path, status, took);
    if status >= 500 {
        // The path of a request that was routed is one of ours; whatever else somebody typed is not written down.
        tracing::warn!(status, took_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX), "a request failed");
    }
    let headers = response.headers_mut();
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if app.tls {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    response
}

/// Whether this process could carry out a use case now: the database answers, its schema is ours, and the keys are its own.
async fn ready<S: Store>(State(app): State<Arc<App<S>>>) -> Response {
    let tried = async {
        app.health.reach().await.map_err(|error| error.to_string())?;
        match app.authority.ready().await {
            Ok(()) => Ok(true),
            Err(OpenError::MovedOut) => Ok(false),
            Err(error) => Err(error.to_string()),
        }
    };
    match timeout(WATCHED, tried).await {
        Ok(Ok(true)) => "ready\n".into_response(),
        // Everybody who asks for anything is told so.
        Ok(Ok(false)) => (StatusCode::SERVICE_UNAVAILABLE, "moved out\n").into_response(),
        Ok(Err(why)) => {
            // Why is for the log: whoever asks may be anybody.
            tracing::warn!(why, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "not ready\n").into_response()
        }
        Err(_) => {
            tracing::warn!(why = "the database does not answer", "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "not ready\n").into_response()
        }
    }
}

/// The numbers, for those who may read them. Whoever else asks finds nothing.
async fn numbers<S: Store>(State(app): State<Arc<App<S>>>, request: Request) -> Response {
    let peer = request.extensions().get::<Peer>().map(|peer| peer.0.ip());
    if !peer.is_some_and(|peer| app.watchers.iter().any(|network| network.contains(peer))) {
        return Fault::NoSuchPath.told(words::language(request.headers())).into_response();
    }
    let outbox = async { app.authority.outbox_size().await.ok() };
    let unnumbered = async { app.health.unnumbered().await.ok() };
    let (outbox, unnumbered) = timeout(WATCHED, async { (outbox.await, unnumbered.await) }).await.unwrap_or_default();
    let asked = Asked { pool: app.health.pool(), unnumbered, outbox };
    let text = app.metrics.text(&asked);
    ([(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; version=0.0.4"))], text).into_response()
}
