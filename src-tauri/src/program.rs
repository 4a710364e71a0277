//! The running program: the open workspace, who holds its session, and what the sheet shows.

use std::{
    path::PathBuf,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use authority::{Authority, Surroundings, System};
use desk::Remote;
use uuid::Uuid;
use vault::Vault;
use wire::{
    Refusal, RefusalCode, SessionToken, ShownOnce,
    people::PersonName,
    sign_in::{Lock, SignOut, WhoAmI},
    window::{Language, Told},
};

use crate::{
    clipboard::Clipboard,
    drill::Drill,
    folders::Folders,
    imports::Imports,
    outbox::Moved,
    place::{OnServer, Place},
    preferences::{Preferences, WindowSize},
    seeds::Seeds,
    sheet::SheetState,
    work::Work,
};

/// How long locking waits to be written down. A desktop that goes to sleep waits five seconds for it.
const PATIENCE: Duration = Duration::from_secs(4);
/// The same while a long change is under way.
const PATIENCE_WITH_WORK: Duration = Duration::from_millis(500);

/// All that the windows share.
pub(crate) struct Program {
    pub(crate) folders: Folders,
    pub(crate) clipboard: Clipboard,
    pub(crate) work: Work,
    pub(crate) imports: Imports,
    pub(crate) seeds: Seeds,
    /// Whether something in the outbox moved.
    pub(crate) mail_moved: Moved,
    profile: Option<String>,
    inner: Mutex<Inner>,
}

struct Inner {
    preferences: Preferences,
    /// The main window's size now, kept by the watch.
    window: WindowSize,
    /// Whether the desktop asks for dark colours.
    dark_desktop: bool,
    open: Option<Open>,
    sheet: Option<SheetState>,
    told: Option<Told>,
    /// The entry that tells of what was done last, until the page asks.
    journalled: Option<u64>,
    backup: Option<PathBuf>,
    /// The drill for which the open workspace was made.
    drill: Option<Drill>,
    /// What was open when the drill began.
    aside: Option<Open>,
}

/// The open workspace.
struct Open {
    id: Uuid,
    name: String,
    place: Place,
    session: Option<SessionToken>,
    handed: Option<HandedOver>,
    /// Whether the reminder of backups was put off for this session.
    put_off: bool,
}

/// A first sign-in to which the keyboard was handed. The code never reaches the page.
#[derive(Clone, Debug)]
pub(crate) struct HandedOver {
    pub(crate) person: PersonName,
    pub(crate) code: ShownOnce,
}

impl Program {
    pub(crate) fn begin(folders: Folders, profile: Option<String>) -> Self {
        let preferences = Preferences::read(&folders.preferences);
        let window = preferences.window;
        let (open, sheet, told, backup, drill, aside) = (None, None, None, None, None, None);
        let inner = Inner { preferences, window, dark_desktop: false, open, sheet, told, journalled: None, backup, drill, aside };
        Self {
            folders,
            clipboard: Clipboard::default(),
            work: Work::default(),
            imports: Imports::default(),
            seeds: Seeds::default(),
            mail_moved: Moved::default(),
            profile,
            inner: Mutex::new(inner),
        }
    }

    /// Never held across an await; a panic elsewhere leaves it usable, because each change under it is a single assignment.
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn preferences(&self) -> Preferences {
        self.inner().preferences.clone()
    }

    pub(crate) fn language(&self) -> Language {
        self.inner().preferences.language
    }

    /// Changes the preferences and keeps them.
    pub(crate) fn prefer(&self, change: impl FnOnce(&mut Preferences)) {
        let mut inner = self.inner();
        change(&mut inner.preferences);
        inner.preferences.keep(&self.folders.preferences);
        if let Some(open) = &inner.open {
            open.place.lock_after(inner.preferences.idle_seconds());
        }
    }

    /// Notes how large the main window is now.
    pub(crate) fn sized(&self, change: impl FnOnce(&mut WindowSize)) {
        change(&mut self.inner().window);
    }

    /// Keeps the size of the main window, if it has changed.
    pub(crate) fn keep_size(&self) {
        let (now, kept) = {
            let inner = self.inner();
            (inner.window, inner.preferences.window)
        };
        if now != kept {
            self.prefer(|preferences| preferences.window = now);
        }
    }

    pub(crate) fn dark_desktop(&self) -> bool {
        self.inner().dark_desktop
    }

    pub(crate) fn desktop_is_dark(&self, dark: bool) {
        self.inner().dark_desktop = dark;
    }

    /// Holds this session from now on, or none.
    pub(crate) fn hold(&self, session: Option<SessionToken>) {
        self.imports.hold(None);
        self.seeds.wipe();
        let mut inner = self.inner();
        if session.is_none() {
            // Whoever comes next did not do it.
            inner.journalled = None;
        }
        if let Some(open) = &mut inner.open {
            if let Place::Server(server) = &mut open.place {
                server.held(session.is_some());
            }
            open.session = session;
            open.put_off = false;
        }
    }

    /// Whether somebody is in: with a session, or reading without the network.
    pub(crate) fn is_entered(&self) -> bool {
        self.has_session() || self.reads_alone()
    }

    pub(crate) fn reads_alone(&self) -> bool {
        self.remote().is_some_and(|remote| remote.kept().alone)
    }

    /// Reading without the network begins, where the desk passphrase was given a moment ago and nobody was signed in since. Otherwise
    /// the desk is closed, and its passphrase is asked for first.
    ///
    /// # Errors
    /// [`RefusalCode::NoWorkspace`]; whatever keeps what is kept here from being read.
    pub(crate) async fn read_alone(&self) -> Result<(), Refusal> {
        let remote = self.remote().ok_or(RefusalCode::NoWorkspace)?;
        if remote.link().connected {
            // It is there again: the page finds out, and asks for a sign-in.
            return Ok(());
        }
        let entrusted = match &self.inner().open {
            Some(Open { place: Place::Server(server), session: None, .. }) => server.is_just_opened(),
            _ => false,
        };
        if !entrusted {
            self.close().await;
            self.tell(Told::DeskPassphrase);
            return Ok(());
        }
        remote.read_alone().await
    }

    pub(crate) fn has_session(&self) -> bool {
        self.inner().open.as_ref().is_some_and(|open| open.session.is_some())
    }

    pub(crate) fn opened(&self, id: Uuid, name: String, authority: Authority<Vault>, session: Option<SessionToken>) {
        self.opens(id, name, Place::here(authority, Some(&self.mail_moved)), session);
    }

    /// As [`opened`](Self::opened), for a workspace on a server. Nobody is signed in.
    pub(crate) fn opened_remote(&self, vault: Vault, remote: Remote) {
        let (id, name) = (vault.id(), vault.name().to_owned());
        self.opens(id, name, Place::Server(OnServer::opened(remote, vault)), None);
    }

    fn opens(&self, id: Uuid, name: String, place: Place, session: Option<SessionToken>) {
        let now = System.now().0;
        self.prefer(|preferences| {
            preferences.opened_at.insert(id, now);
        });
        let mut inner = self.inner();
        place.lock_after(inner.preferences.idle_seconds());
        inner.open = Some(Open { id, name, place, session, handed: None, put_off: false });
    }

    pub(crate) fn hand_over(&self, handed: Option<HandedOver>) {
        if let Some(open) = &mut self.inner().open {
            open.handed = handed;
        }
    }

    pub(crate) fn handed(&self) -> Option<HandedOver> {
        self.inner().open.as_ref().and_then(|open| open.handed.clone())
    }

    /// The entry that tells of what was done last; once.
    pub(crate) fn receipt(&self) -> Option<u64> {
        self.inner().journalled.take()
    }

    pub(crate) fn tell(&self, told: Told) {
        self.inner().told = Some(told);
    }

    /// Says no more of backups in this session.
    pub(crate) fn put_off_backup(&self) {
        if let Some(open) = &mut self.inner().open {
            open.put_off = true;
        }
    }

    /// Holds the backup that was chosen to be restored, or none.
    pub(crate) fn choose_backup(&self, file: Option<PathBuf>) {
        self.inner().backup = file;
    }

    pub(crate) fn chosen_backup(&self) -> Option<PathBuf> {
        self.inner().backup.clone()
    }

    /// What the sheet shows, changed in place.
    pub(crate) fn with_sheet<T>(&self, change: impl FnOnce(&mut Option<SheetState>) -> T) -> T {
        change(&mut self.inner().sheet)
    }

    /// Locks: the session ends until the same person returns. What it showed is wiped.
    ///
    /// A vault that changes its key takes no word until it is done. Whoever leaves meanwhile is not kept waiting: the session
    /// is let go here, so that its person signs in again, and is written down as locked afterwards.
    pub(crate) async fn lock(&self) {
        self.imports.hold(None);
        self.with_sheet(|sheet| *sheet = None);
        self.seeds.wipe();
        self.clipboard.empty();
        if self.reads_alone() {
            // Nothing but the desk passphrase stood before what was read: it is asked for again.
            Box::pin(self.close()).await;
            return;
        }
        let Ok((workspace, session)) = self.seam() else { return };
        if self.remote().is_some_and(|remote| !remote.link().connected) {
            // The server ends it by its own clock. Nobody waits for that here.
            self.hold(None);
            return;
        }
        let locking = tokio::spawn(async move { workspace.call(session.as_ref(), Lock {}.into()).await.is_ok() });
        let patience = if self.work.is_under_way() { PATIENCE_WITH_WORK } else { PATIENCE };
        if !matches!(tokio::time::timeout(patience, locking).await, Ok(Ok(true))) {
            self.hold(None);
        }
    }

    /// Puts the sample workspace of a drill in the place of what is open, which waits until the drill ends. The drill that
    /// went on before is given back, to be thrown away.
    pub(crate) fn rehearse(&self, drill: Drill, authority: Authority<Vault>, session: SessionToken) -> Option<Drill> {
        let mut inner = self.inner();
        authority.lock_after(inner.preferences.idle_seconds());
        let (id, name) = (drill.vault().id(), drill.vault().name().to_owned());
        let open = Open { id, name, place: Place::here(authority, None), session: Some(session), handed: None, put_off: true };
        let before = inner.open.replace(open);
        let ended = inner.drill.replace(drill);
        if ended.is_none() {
            inner.aside = before;
        }
        inner.sheet = None;
        ended
    }

    /// Puts what waited back in its place.
    pub(crate) fn stop_rehearsing(&self) -> Option<Drill> {
        let mut inner = self.inner();
        let ended = inner.drill.take()?;
        inner.sheet = None;
        inner.open = inner.aside.take();
        Some(ended)
    }

    /// The drill that goes on, if one does.
    pub(crate) fn with_drill<T>(&self, look: impl FnOnce(&mut Drill) -> T) -> Option<T> {
        self.inner().drill.as_mut().map(look)
    }

    /// Closes the workspace: the session ends and the keys are wiped from memory. A drill over it ends before.
    pub(crate) async fn close(&self) {
        self.end_drill().await;
        self.work.stop();
        if let Some(Open { place: Place::Here { post: Some(post), .. }, .. }) = &self.inner().open {
            post.ask_to_stop();
        }
        self.imports.hold(None);
        self.seeds.wipe();
        if self.has_session() {
            self.leave().await;
        }
        self.clipboard.empty();
        let open = {
            let mut inner = self.inner();
            inner.sheet = None;
            inner.open.take()
        };
        match open.map(|open| open.place) {
            None => {}
            Some(Place::Here { authority, post }) => {
                if let Some(post) = post {
                    post.end().await;
                }
                if let Err(refusal) = authority.keep_checkpoint().await {
                    tracing::warn!(%refusal, "the journal has no checkpoint of its end");
                }
                authority.store().close().await;
            }
            Some(Place::Server(server)) => server.close().await,
        }
    }

    /// Ends the session of a workspace that is closed: on this computer it is locked, on a server it is signed out.
    async fn leave(&self) {
        let connected = self.remote().is_some_and(|remote| remote.link().connected);
        if connected && let Ok((workspace, session)) = self.seam() {
            let leaving = async move { workspace.call(session.as_ref(), SignOut {}.into()).await.is_ok() };
            if !tokio::time::timeout(PATIENCE, leaving).await.unwrap_or_default() {
                tracing::info!("the server was not told of the end of a session: it ends by its own clock");
            }
            self.hold(None);
        }
        self.lock().await;
    }

    /// Takes a checkpoint of the open workspace's journal where the last one is a day old.
    pub(crate) async fn keep_daily_checkpoint(&self) {
        let authority = if self.work.is_under_way() { None } else { self.authority().ok() };
        if let Some(authority) = authority
            && let Err(refusal) = authority.keep_daily_checkpoint().await
        {
            tracing::warn!(%refusal, "the journal's daily checkpoint was not taken");
        }
    }

    /// Looks whether the session has ended by itself; then lets it go, or locks it. `true` when it has: the page that
    /// belonged to it must end too. `far` says whether a server is asked too: that costs a request.
    pub(crate) async fn session_is_over(&self, far: bool) -> bool {
        if !self.is_entered() {
            return self.lost_its_reader().await;
        }
        if let Some(remote) = self.remote() {
            if remote.is_idle() {
                return self.leave_session(RefusalCode::SessionIdle).await;
            }
            if !far || remote.kept().alone {
                return false;
            }
        }
        match self.call(WhoAmI {}).await {
            Ok(_) => false,
            Err(refusal) => self.leave_session(refusal.code).await,
        }
    }

    /// Whether somebody read without the network, and what was read is wiped: this device was taken back.
    async fn lost_its_reader(&self) -> bool {
        let read = matches!(&self.inner().open, Some(Open { place: Place::Server(server), .. }) if server.me.is_some());
        read && self.leave_session(RefusalCode::DeviceRevoked).await
    }

    /// Acts on a session that ended by itself, and says so. `false` when it has not.
    async fn leave_session(&self, code: RefusalCode) -> bool {
        match code {
            RefusalCode::SessionIdle => {
                self.lock().await;
                self.tell(Told::LockedIdle);
                true
            }
            RefusalCode::SessionEnded | RefusalCode::DeviceRevoked | RefusalCode::DeviceUnknown => {
                self.with_sheet(|sheet| *sheet = None);
                self.clipboard.empty();
                self.hold(None);
                self.tell(if code == RefusalCode::SessionEnded { Told::SessionEnded } else { Told::DeviceRevoked });
                true
            }
            _ => false,
        }
    }
}

mod behind;
mod situation;

#[cfg(test)]
mod tests;
