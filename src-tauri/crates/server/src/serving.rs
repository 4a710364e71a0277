//! `serve`: everything that stands between the settings and the last answer.

use std::{sync::Arc, time::Duration};

use authority::{Authority, System};
use postgres::Postgres;
use tokio::{
    signal::unix::{SignalKind, signal},
    sync::watch,
};

use crate::{
    app::App,
    chores::Chores,
    commands::Trouble,
    keys,
    listen::{Listening, Stopped},
    settings::Settings,
    tls,
};

/// How long mail that is on its way has to be answered once the server is to stop.
const MAIL: Duration = Duration::from_secs(5);

/// Serves until SIGTERM or SIGINT.
pub(crate) async fn serve(settings: Settings) -> Result<(), Trouble> {
    let keys = keys::keys(settings.key_file.as_deref())?;
    let tls = settings.tls.as_ref().map(|(certificate, key)| tls::configured(certificate, key)).transpose()?;
    let mut terminated = signal(SignalKind::terminate())?;
    let mut interrupted = signal(SignalKind::interrupt())?;
    let of_database = postgres::Settings { connections: settings.database_connections, ..postgres::Settings::default() };
    let store = Postgres::open(&settings.database, &of_database).await?;
    let authority = Authority::open(store.clone(), keys.sealing, System).await?.issuing_with(keys.issuing);
    let authority = match &settings.tls {
        Some((certificate, _)) => authority.known_by(&tls::public_key(certificate)?),
        None => authority,
    };
    let app = App::new(authority.at("server"), store.clone(), settings.bounds, tls.is_some())
        .believing(settings.trusted_proxies)
        .watched_from(settings.metrics_from);
    let encrypted = tls.is_some();
    let listening = Listening::begin(settings.listen, tls, Arc::new(app)).await.map_err(|error| Trouble::Listen(settings.listen, error))?;
    tracing::info!(address = %listening.address()?, tls = encrypted, "listening");
    let (asks, hears) = watch::channel(false);
    let chores = Chores::begin(&authority, hears.clone());
    let serving = listening.run(hears);
    tokio::pin!(serving);
    let stopped = tokio::select! {
        stopped = &mut serving => stopped,
        _signal = terminated.recv() => stop(&asks, serving).await,
        _signal = interrupted.recv() => stop(&asks, serving).await,
    };
    chores.end(MAIL).await;
    drop(authority);
    store.close().await;
    match stopped {
        Stopped::Whole => tracing::info!("stopped"),
        Stopped::Cut(connections) => tracing::warn!(connections, "stopped, and cut off whoever took too long"),
    }
    Ok(())
}

async fn stop(asks: &watch::Sender<bool>, serving: impl Future<Output = Stopped>) -> Stopped {
    tracing::info!("stopping");
    // An error: it has ended.
    let _ = asks.send(true);
    serving.await
}
