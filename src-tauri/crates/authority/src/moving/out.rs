//! A workspace leaves its server: what would go along, the two owners who let it go at the console, and that the file counts.

use domain::{
    Decision,
    code::{self, Typed},
    moving::{
        Extent,
        out::{self, Present},
    },
    time::Moment,
    workspace::Workspace,
};
use journal::tree::Span;
use secrecy::{ExposeSecret, SecretString};
use wire::{
    Refusal, RefusalCode, SessionToken,
    moving::{Away, Moved},
    sign_in::{GiveCode, Next, SignIn},
};

use super::told::shown;
use crate::{
    ground::Ground,
    local::{Authority, settle},
    refusals,
    store::{DeviceQuery, Store},
};

/// Devices that are counted at once.
const BATCH: u32 = 1_000;

/// What an owner proves at the console who they are with.
#[derive(Debug)]
pub struct Credentials {
    /// The address that they sign in with.
    pub email: String,
    /// Their password.
    pub password: SecretString,
    /// The code that their authenticator shows.
    pub code: SecretString,
}

/// What of a workspace goes along when it leaves its server, and what does not.
#[derive(Debug)]
pub struct Outgoing {
    /// What it is called.
    pub name: String,
    /// How much of it there is, and the journal as it is now; once it was let go, what of it goes along.
    pub carried: Moved,
    /// Desktops that are paired with the server: they stay behind.
    pub devices: u64,
    /// Programs that ask the server whether codes are right: they stay behind.
    pub clients: u64,
    /// How far it has come already.
    pub away: Option<Away>,
}

impl<S: Store> Authority<S> {
    /// What would go along.
    ///
    /// # Errors
    /// A refusal of the store.
    pub async fn outgoing(&self) -> Result<Outgoing, Refusal> {
        let workspace = self.ground().workspace().await?;
        let to = workspace.away.as_ref().map(|away| away.to.clone()).unwrap_or_default();
        let journal = match workspace.away.as_ref().and_then(|away| away.journal) {
            Some(settled) => settled,
            None => {
                let size = self.store.journal_size().await.map_err(refusals::store)?;
                Extent { size, root: *self.tree_hash(Span::first(size)).await?.as_bytes() }
            }
        };
        let (carried, devices) = (self.summed(to, &journal).await?, self.devices_in_use().await?);
        let (name, clients, away) = (workspace.name.as_str().to_owned(), workspace.clients.len() as u64, workspace.away.map(shown));
        Ok(Outgoing { name, carried, devices, clients, away })
    }

    async fn devices_in_use(&self) -> Result<u64, Refusal> {
        let mut query = DeviceQuery { at: self.ground().now, gone: false, after: None, limit: BATCH };
        let mut count = 0;
        loop {
            let page = self.store.devices(&query).await.map_err(refusals::store)?;
            count += page.rows.len() as u64;
            match page.next {
                Some(next) => query.after = Some(next),
                None => return Ok(count),
            }
        }
    }

    /// Somebody comes in at the console, through both doors and by the same rules as anywhere: failures are counted, a code is spent.
    /// Only by an authenticator: whoever is there has it with them, and a backup code that was spent after the workspace was let go
    /// would open it again where it arrives.
    ///
    /// # Errors
    /// Those of signing in; [`RefusalCode::ApprovalNeedsFactor`] for whoever has no authenticator.
    pub async fn come_in_at_console(&self, who: Credentials) -> Result<SessionToken, Refusal> {
        if !matches!(code::read(who.code.expose_secret()).map_err(refusals::form)?, Typed::Totp(_)) {
            return Err(RefusalCode::CodeKind.into());
        }
        let (step, token) = self.sign_in(SignIn { email: who.email, password: who.password }).await?;
        let token = token.ok_or(RefusalCode::Unexpected)?;
        let through = match step.next {
            Next::Code => self.give_code(Some(&token), GiveCode { code: who.code }).await.map(drop),
            _ => Err(RefusalCode::ApprovalNeedsFactor.into()),
        };
        if let Err(refusal) = through {
            self.leave_console(&token).await;
            return Err(refusal);
        }
        Ok(token)
    }

    /// Ends what somebody began at the console. That this fails changes nothing: it ends by itself, and nobody else has it.
    pub async fn leave_console(&self, token: &SessionToken) {
        if let Err(refusal) = self.sign_out(Some(token)).await {
            tracing::warn!(%refusal, "a session of the console was not ended");
        }
    }

    async fn present(ground: &mut Ground<'_, S>, two: [&SessionToken; 2]) -> Result<(Workspace, [Present; 2]), Refusal> {
        let [one, other] = two;
        let one = ground.acting_fully(Some(one)).await?;
        let other = ground.acting_fully(Some(other)).await?;
        let two = [Present { account: one.account, session: one.session }, Present { account: other.account, session: other.session }];
        Ok((other.workspace, two))
    }

    /// Two owners let the workspace go to a place that people call so. From here on nobody is answered here, in no process, until it
    /// is called off. Begun already, it goes on.
    ///
    /// # Errors
    /// A refusal of the rules, or of the store.
    pub async fn move_out(&self, two: [&SessionToken; 2], to: &str) -> Result<(), Refusal> {
        settle!(self, ground => async {
            let (workspace, two) = Self::present(&mut ground, two).await?;
            ground.moving = true;
            Ok::<_, Refusal>(out::begin(workspace, &two, to, ground.now))
        })
    }

    /// Two owners call it off. `certain` is for whoever knows that nobody restores a file that may be whole.
    ///
    /// # Errors
    /// A refusal of the rules, or of the store.
    pub async fn call_off_move_out(&self, two: [&SessionToken; 2], certain: bool) -> Result<(), Refusal> {
        settle!(self, ground => async {
            let (workspace, two) = Self::present(&mut ground, two).await?;
            ground.moving = true;
            Ok::<_, Refusal>(out::call_off(workspace, &two, certain, ground.now))
        })
    }

    /// The file of the move that began then is whole, and is the workspace from now on.
    ///
    /// # Errors
    /// [`RefusalCode::ChangedMeanwhile`] where another file was first, or the move was called off: this one counts for nothing.
    pub async fn accept_file(&self, began: Moment) -> Result<(), Refusal> {
        settle!(self, ground => async {
            let workspace = ground.workspace().await?;
            ground.moving = true;
            Ok::<Decision<()>, Refusal>(out::accept(workspace, began, ground.now))
        })
    }
}
