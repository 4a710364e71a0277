//! The running program: the open workspace, who holds its session, and what the sheet shows.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use authority::{Authority, Surroundings, System};
use desk::{Remote, unreached};
use uuid::Uuid;
use vault::Vault;
use wire::{
    Refusal, RefusalCode, SessionToken, ShownOnce, UseCase, Workspace,
    moving::Away,
    people::PersonName,
    sign_in::{Lock, Me, SignOut, WhoAmI},
    window::{KnownWorkspace, Language, OpenWorkspace, Situation, Told},
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

    /// The workspace behind the seam, and the session of whoever is signed in.
    fn seam(&self) -> Result<(Arc<dyn Workspace>, Option<SessionToken>), Refusal> {
        let inner = self.inner();
        let open = inner.open.as_ref().ok_or(RefusalCode::NoWorkspace)?;
        let workspace: Arc<dyn Workspace> = match &open.place {
            Place::Here { authority, .. } => authority.clone(),
            Place::Server(server) => server.remote.clone(),
        };
        Ok((workspace, open.session.clone()))
    }

    /// The server that the open workspace is on; none for one whose data lies on this computer.
    pub(crate) fn remote(&self) -> Option<Arc<Remote>> {
        match &self.inner().open.as_ref()?.place {
            Place::Here { .. } => None,
            Place::Server(server) => Some(server.remote.clone()),
        }
    }

    /// The server that the open workspace is on, and the session of whoever is signed in.
    ///
    /// # Errors
    /// [`RefusalCode::OnlyOnServer`].
    pub(crate) fn desk(&self) -> Result<(Arc<Remote>, Option<SessionToken>), Refusal> {
        let remote = self.remote().ok_or(RefusalCode::OnlyOnServer)?;
        let session = self.inner().open.as_ref().and_then(|open| open.session.clone());
        Ok((remote, session))
    }

    /// The authority over the open vault, for what only a workspace on this computer does.
    ///
    /// # Errors
    /// [`RefusalCode::NoWorkspace`]; [`RefusalCode::NotOnServer`] for one on a server.
    pub(crate) fn authority(&self) -> Result<Arc<Authority<Vault>>, Refusal> {
        let inner = self.inner();
        match &inner.open.as_ref().ok_or(RefusalCode::NoWorkspace)?.place {
            Place::Here { authority, .. } => Ok(authority.clone()),
            Place::Server(_) => Err(RefusalCode::NotOnServer.into()),
        }
    }

    /// As [`authority`](Self::authority), with the session of whoever is signed in.
    pub(crate) fn acting(&self) -> Result<(Arc<Authority<Vault>>, Option<SessionToken>), Refusal> {
        let session = self.inner().open.as_ref().and_then(|open| open.session.clone());
        Ok((self.authority()?, session))
    }

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

    /// Where the open workspace went, or is going.
    async fn away(&self) -> Option<Away> {
        let authority = self.authority().ok()?;
        let away = authority.away().await.ok()??;
        if !self.drills() {
            self.note_move(authority.store().id(), Some((away.to.clone(), away.arrived_at.is_some())));
        }
        Some(away)
    }

    /// The vault that the data of the open workspace lies in, for what changes how it opens.
    ///
    /// # Errors
    /// As [`authority`](Self::authority).
    pub(crate) fn vault(&self) -> Result<Vault, Refusal> {
        Ok(self.authority()?.store().clone())
    }

    /// The vault of the desk: what this computer keeps of a workspace on a server.
    ///
    /// # Errors
    /// [`RefusalCode::OnlyOnServer`].
    pub(crate) fn desk_vault(&self) -> Result<Vault, Refusal> {
        match self.inner().open.as_ref().map(|open| &open.place) {
            Some(Place::Server(server)) => Ok(server.vault.clone()),
            _ => Err(RefusalCode::OnlyOnServer.into()),
        }
    }

    /// Carries out one use case for whoever is signed in, and keeps the session that it may have opened.
    pub(crate) async fn call<U: UseCase>(&self, request: U) -> Result<U::Reply, Refusal> {
        let (workspace, session) = self.seam()?;
        let outcome = workspace.call(session.as_ref(), request.into()).await?;
        if let Some(token) = outcome.opened {
            self.hold(Some(token));
        }
        if outcome.journalled.is_some() {
            self.inner().journalled = outcome.journalled;
        }
        U::reply(outcome.response)
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

    /// Whether the connection to the server stands otherwise than the page was told.
    pub(crate) fn link_moved(&self) -> bool {
        match &self.inner().open {
            Some(Open { place: Place::Server(server), .. }) => server.moved(),
            _ => false,
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

/// What this computer is called.
fn computer() -> String {
    let said = std::fs::read_to_string("/proc/sys/kernel/hostname").ok();
    let said = said.or_else(|| std::env::var("COMPUTERNAME").ok()).or_else(|| std::env::var("HOSTNAME").ok());
    said.unwrap_or_default().trim().split('.').next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests;
