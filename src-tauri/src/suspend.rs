//! Locking before the computer sleeps, as logind announces it.

use futures_util::StreamExt;
use tauri::{AppHandle, Manager};
use wire::window::Told;
use zbus::{Connection, proxy, zvariant::OwnedFd};

use crate::{program::Program, window};

#[proxy(interface = "org.freedesktop.login1.Manager", default_service = "org.freedesktop.login1", default_path = "/org/freedesktop/login1")]
trait Logind {
    /// Holds sleep back until the descriptor is closed.
    fn inhibit(&self, what: &str, who: &str, why: &str, mode: &str) -> zbus::Result<OwnedFd>;

    /// `true` before the computer sleeps, `false` once it is awake again.
    #[zbus(signal)]
    fn prepare_for_sleep(&self, start: bool) -> zbus::Result<()>;
}

/// Listens for as long as the program runs. Without logind nothing announces sleep, and idleness locks.
pub(crate) fn begin(app: AppHandle) {
    tauri::async_runtime::spawn(async move {
        if let Err(error) = listen(&app).await {
            tracing::info!(%error, "nothing here announces sleep");
        }
    });
}

async fn listen(app: &AppHandle) -> zbus::Result<()> {
    let logind = LogindProxy::new(&Connection::system().await?).await?;
    let mut announced = logind.receive_prepare_for_sleep().await?;
    // Held until the lock is done, so that the memory that sleeps is a locked one.
    let mut delay = hold_back(&logind).await;
    while let Some(signal) = announced.next().await {
        if signal.args()?.start {
            lock(app).await;
            drop(delay.take());
        } else {
            delay = hold_back(&logind).await;
        }
    }
    Ok(())
}

async fn hold_back(logind: &LogindProxy<'_>) -> Option<OwnedFd> {
    logind.inhibit("sleep", "Sallyport", "Locking the session", "delay").await.ok()
}

async fn lock(app: &AppHandle) {
    let program = app.state::<Program>();
    if program.is_entered() {
        program.lock().await;
        program.tell(Told::LockedSleep);
        window::renew(app);
    }
}
