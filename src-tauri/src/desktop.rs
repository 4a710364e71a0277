//! The desktop's own colours, for those who chose "as the system": asked of the desktop portal while the page loads, and
//! heard when they change. Nothing waits for the answer: a portal that never gives one holds nothing up.

use futures_util::StreamExt;
use tauri::{AppHandle, Manager};
use zbus::{Connection, proxy, zvariant::OwnedValue};

use crate::{program::Program, window};

const NAMESPACE: &str = "org.freedesktop.appearance";
const KEY: &str = "color-scheme";
/// The portal's words for no preference, dark and light are 0, 1 and 2.
const DARK: u32 = 1;

#[proxy(
    interface = "org.freedesktop.portal.Settings",
    default_service = "org.freedesktop.portal.Desktop",
    default_path = "/org/freedesktop/portal/desktop"
)]
trait Settings {
    /// Answers with a value in a value. Portals since 2023 have a better one, older ones only this.
    fn read(&self, namespace: &str, key: &str) -> zbus::Result<OwnedValue>;

    #[zbus(signal)]
    fn setting_changed(&self, namespace: &str, key: &str, value: OwnedValue) -> zbus::Result<()>;
}

/// Asks, and listens for as long as the program runs. Without a portal the system's colours are GTK's.
pub(crate) fn begin(app: AppHandle) {
    tauri::async_runtime::spawn(async move {
        if let Err(error) = listen(&app).await {
            tracing::info!(%error, "nothing here tells the desktop's colours");
        }
    });
}

async fn listen(app: &AppHandle) -> zbus::Result<()> {
    let settings = SettingsProxy::new(&Connection::session().await?).await?;
    let mut changes = settings.receive_setting_changed().await?;
    match settings.read(NAMESPACE, KEY).await {
        Ok(value) => take(app, value),
        Err(error) => tracing::info!(%error, "the desktop does not tell its colours yet"),
    }
    while let Some(signal) = changes.next().await {
        let change = signal.args()?;
        if change.namespace == NAMESPACE && change.key == KEY {
            take(app, change.value);
        }
    }
    Ok(())
}

fn take(app: &AppHandle, value: OwnedValue) {
    let program = app.state::<Program>();
    let dark = number(&value) == Some(DARK);
    if program.dark_desktop() != dark {
        program.desktop_is_dark(dark);
        window::colour(app);
    }
}

fn number(value: &zbus::zvariant::Value<'_>) -> Option<u32> {
    match value {
        zbus::zvariant::Value::U32(number) => Some(*number),
        zbus::zvariant::Value::Value(inner) => number(inner),
        _ => None,
    }
}
