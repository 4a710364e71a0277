//! Secrets on the clipboard: marked as such, emptied after a minute, on lock and on quit, if they are still there.

use std::{sync::Mutex, time::Duration};

use secrecy::{ExposeSecret, SecretString};
use wire::{Refusal, RefusalCode};

/// How long a secret stays.
pub(crate) const STAYS: Duration = Duration::from_secs(60);

/// The clipboard, and the secret that was put there last.
#[derive(Default)]
pub(crate) struct Clipboard(Mutex<Held>);

#[derive(Default)]
struct Held {
    /// Kept open while a secret is there: on X11 the content goes with its owner.
    system: Option<arboard::Clipboard>,
    secret: Option<SecretString>,
    copies: u64,
}

/// One copy, so that an older copy's minute does not empty a newer one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Copy(u64);

impl Clipboard {
    /// Copies a secret, and asks clipboard histories not to keep it.
    pub(crate) fn put(&self, secret: SecretString) -> Result<Copy, Refusal> {
        let mut held = self.0.lock().map_err(|_| RefusalCode::Unexpected)?;
        let unavailable = |error: arboard::Error| {
            tracing::warn!(%error, "the clipboard could not be reached");
            Refusal::from(RefusalCode::ClipboardUnavailable)
        };
        if held.system.is_none() {
            held.system = Some(arboard::Clipboard::new().map_err(unavailable)?);
        }
        if let Some(system) = &mut held.system {
            set_secret(system, secret.expose_secret()).map_err(unavailable)?;
        }
        held.secret = Some(secret);
        held.copies += 1;
        Ok(Copy(held.copies))
    }

    /// Empties the clipboard if it still holds what this copy put there.
    pub(crate) fn empty_after(&self, copy: Copy) {
        let current = self.0.lock().is_ok_and(|held| held.copies == copy.0);
        if current {
            self.empty();
        }
    }

    /// Empties the clipboard if it still holds a secret of ours. What somebody else put there since stays.
    pub(crate) fn empty(&self) {
        let Ok(mut held) = self.0.lock() else { return };
        let Some(secret) = held.secret.take() else { return };
        // Let go of after that: what it has answered other programs with stays in its buffers until it is.
        let Some(mut system) = held.system.take() else { return };
        if system.get_text().is_ok_and(|text| text == secret.expose_secret())
            && let Err(error) = system.clear()
        {
            tracing::warn!(%error, "the clipboard could not be emptied");
        }
    }
}

#[cfg(target_os = "linux")]
fn set_secret(system: &mut arboard::Clipboard, text: &str) -> Result<(), arboard::Error> {
    use arboard::SetExtLinux;
    system.set().exclude_from_history().text(text)
}

#[cfg(not(target_os = "linux"))]
fn set_secret(system: &mut arboard::Clipboard, text: &str) -> Result<(), arboard::Error> {
    system.set_text(text)
}
