//! What the first screen shows: how this computer stands, and the workspace that is open.

use desk::unreached;
use uuid::Uuid;
use wire::{
    moving::Away,
    sign_in::{Me, WhoAmI},
    window::{KnownWorkspace, OpenWorkspace, Situation},
};

use super::{Open, Program};
use crate::{drill::Drill, place::Place};

impl Program {
    /// Remembers, beside the vault, where its workspace is moving and whether it has arrived.
    pub(crate) fn note_move(&self, id: Uuid, to: Option<(String, bool)>) {
        if self.inner().preferences.moves.get(&id) == to.as_ref() {
            return;
        }
        self.prefer(|preferences| match to {
            Some(to) => drop(preferences.moves.insert(id, to)),
            None => drop(preferences.moves.remove(&id)),
        });
    }

    /// All that the first screen shows. What is to be said once is said to the page that `stays`.
    pub(crate) async fn situation(&self, stays: bool) -> Situation {
        let me = if self.is_entered() { self.me().await } else { None };
        let away = self.away().await;
        let mut inner = self.inner();
        let put_off = inner.open.as_ref().is_some_and(|open| open.put_off);
        let me = me.map(|me| Me { backup_due: me.backup_due.filter(|_| !put_off), ..me });
        let known = vault::known(&self.folders.vaults)
            .into_iter()
            .map(|known| KnownWorkspace {
                moving_to: inner.preferences.moves.get(&known.id).map(|(to, _)| to.clone()),
                moved: inner.preferences.moves.get(&known.id).is_some_and(|(_, arrived)| *arrived),
                id: known.id,
                opened_at: inner.preferences.opened_at.get(&known.id).copied(),
                keyring: known.keyring,
                restored_at: known.restored_at.map(|at| at.0),
                name: known.name,
                server: known.paired.as_ref().map(|paired| paired.server.clone()),
                device: known.paired.and_then(|paired| paired.device),
            })
            .collect();
        let remote = match &mut inner.open {
            Some(Open { place: Place::Server(server), .. }) => Some(server.show()),
            _ => None,
        };
        let open = inner.open.as_ref().map(|open| OpenWorkspace {
            id: open.id,
            name: open.name.clone(),
            me,
            handed_to: open.handed.as_ref().map(|handed| handed.person.clone()),
            drill: inner.drill.as_ref().map(Drill::view),
            remote,
            away,
        });
        Situation {
            language: inner.preferences.language,
            theme: inner.preferences.theme,
            idle_minutes: inner.preferences.idle_minutes,
            profile: self.profile.clone(),
            computer: computer(),
            version: env!("CARGO_PKG_VERSION").into(),
            known,
            open,
            sheet: inner.sheet.as_ref().map(|sheet| sheet.kind),
            told: if stays { inner.told.take() } else { None },
        }
    }

    /// Who is signed in. Where the server is not reached, whoever was when it last was.
    async fn me(&self) -> Option<Me> {
        let asked = self.call(WhoAmI {}).await;
        let mut inner = self.inner();
        let kept = match &mut inner.open.as_mut()?.place {
            Place::Here { .. } => return asked.ok(),
            Place::Server(server) => &mut server.me,
        };
        match asked {
            Ok(me) => *kept = Some(me),
            Err(refusal) if unreached(refusal.code) => {}
            Err(_) => *kept = None,
        }
        kept.clone()
    }

    /// Where the open workspace went, or is going.
    async fn away(&self) -> Option<Away> {
        let authority = self.authority().ok()?;
        let away = authority.away().await.ok()??;
        if !self.drills() {
            self.note_move(authority.store().id(), Some((away.to.clone(), away.arrived_at.is_some())));
        }
        Some(away)
    }

    /// Whether the connection to the server stands otherwise than the page was told.
    pub(crate) fn link_moved(&self) -> bool {
        match &self.inner().open {
            Some(Open { place: Place::Server(server), .. }) => server.moved(),
            _ => false,
        }
    }
}

/// What this computer is called.
fn computer() -> String {
    let said = std::fs::read_to_string("/proc/sys/kernel/hostname").ok();
    let said = said.or_else(|| std::env::var("COMPUTERNAME").ok()).or_else(|| std::env::var("HOSTNAME").ok());
    said.unwrap_or_default().trim().split('.').next().unwrap_or_default().to_owned()
}
