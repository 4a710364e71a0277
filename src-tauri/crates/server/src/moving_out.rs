//! `move-out`: two owners at the console let the workspace go, and it becomes a backup file that a desktop restores.
//!
//! The file is made beside its place, in a folder of its own: a vault that takes the workspace in as a server takes one in from a
//! desktop, the vault's backup, and then, once the server has noted that this file is the workspace from now on, its name. Killed
//! before that note, the server goes on refusing everybody and the command makes the file anew; killed after it, the command gives
//! the file its name.

mod place;

use std::{
    io,
    ops::ControlFlow,
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use authority::{
    Authority, Drawing, Surroundings, System,
    moving::{Credentials, Leaving, Outgoing},
};
use clap::Args;
use postgres::Postgres;
use secrecy::{ExposeSecret, SecretString};
use tokio::time::sleep;
use vault::Unpublished;
use wire::{
    Refusal, RefusalCode, SessionToken,
    moving::{Away, Moved},
    window::Language,
};

use crate::{
    asking::Asking,
    commands::{Trouble, go_on, moment, say},
    settings::Given,
    words,
};
use place::Place;

/// How often somebody at a terminal may try.
const TRIES: u32 = 3;
/// How often it is looked again whether every entry has its number, and after how long each time.
const LOOKS: u32 = 40;
const BETWEEN: Duration = Duration::from_millis(250);

#[derive(Args, Debug)]
pub(crate) struct MoveOut {
    /// The file to write. There must be none of that name.
    #[arg(long, value_name = "FILE", required_unless_present = "call_off")]
    to: Option<PathBuf>,
    /// Calls it off: two owners, as for moving out, and the server answers again. Not once the file counts.
    #[arg(long, conflicts_with = "to")]
    call_off: bool,
    /// Calls it off although a file may be whole already: it was destroyed, and nobody restored it.
    #[arg(long, requires = "call_off")]
    certain: bool,
    #[command(flatten)]
    pub(crate) given: Given,
}

/// Why a workspace did not move out, or not yet.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OutError {
    #[error("{0} is there already: nothing is written over it")]
    FileThere(PathBuf),
    #[error("{0} is there, and is not a folder of yours that nobody else may enter: remove it, or write the file somewhere else")]
    NotOurs(PathBuf),
    #[error("{0} cannot be made: {1}")]
    Folder(PathBuf, io::Error),
    #[error("somebody else is moving the workspace to the same file")]
    Busy,
    #[error("nobody answered: the end of the input came before all was said")]
    Unanswered,
    #[error("the two passphrases differ")]
    Differ,
    #[error(
        "this takes two owners of the workspace, and not both of these are. Nobody else reaches all of it, and no recovery kit stands in: those open vaults, and a server has none"
    )]
    NotOwners,
    #[error("more than five minutes have passed since one of the two gave a code: begin again")]
    TooLong,
    #[error("the workspace has left this server, on {1}, into {0}: it lives there now")]
    Left(String, String),
    #[error("the workspace is here: there is nothing to call off")]
    Here,
    #[error("a file may be whole already, in {0} or what stands beside it. Destroy it, and say --certain")]
    MayBeWhole(String),
    #[error("{0} entries of the journal wait for their numbers: begin again in a moment")]
    Unnumbered(u64),
    #[error("what came into the file is not what was in the database ({0} entries of the journal, {1} sealed secrets): look with `verify`")]
    Unsound(u64, u64),
    #[error("another file was first, or it was called off meanwhile: what was made here is gone")]
    Meanwhile,
    #[error("the file was not written: {0}")]
    Vault(#[from] vault::VaultError),
    #[error("the file was not written: {0}")]
    Backup(#[from] vault::ChangeError),
}

pub(crate) async fn carried_out(asked: &MoveOut, store: &Postgres, authority: &Authority<Postgres>) -> Result<(), Trouble> {
    let outgoing = authority.outgoing().await?;
    let Some(to) = asked.to.as_deref().filter(|_| !asked.call_off) else { return call_off(asked, authority, &outgoing).await };
    let place = Place::at(to)?;
    if let Some(away) = outgoing.away.as_ref().filter(|away| away.arrived_at.is_some()) {
        // What stands beside another file may be left of a move that was called off.
        if !place.is_whole() || away.to != place.called() {
            place.leave();
            return Err(left(away).into());
        }
        let file = place.finish()?;
        return done(&outgoing, &file);
    }
    if let Err(trouble) = go(store, authority, &place, &outgoing).await {
        place.leave();
        return Err(trouble);
    }
    let file = place.finish()?;
    done(&authority.outgoing().await?, &file)
}

fn left(away: &Away) -> OutError {
    OutError::Left(away.to.clone(), away.arrived_at.map(moment).unwrap_or_default())
}

async fn go(store: &Postgres, authority: &Authority<Postgres>, place: &Place, outgoing: &Outgoing) -> Result<(), Trouble> {
    announce(outgoing, place)?;
    let asking = Asking::begin();
    let passphrase = new_passphrase(&asking)?;
    let two = two_owners(&asking, authority).await?;
    let begun = authority.move_out([&two[0], &two[1]], &place.called()).await;
    leave(authority, &two).await;
    begun.map_err(why)?;
    say("The workspace is let go: from now on this server answers nobody.")?;
    // Signs what the journal says up to here, and has it numbered.
    authority.keep_checkpoint().await?;
    numbered(store).await?;
    let leaving = authority.leaving().await?;
    let made = vault::prepare(place.folder(), &leaving.name, &passphrase, &mut Drawing(&System)).await.map_err(OutError::from)?;
    let filled = fill(authority, &made, place, &leaving, &passphrase).await;
    made.discard().await;
    filled?;
    match authority.accept_file(leaving.at).await {
        Ok(()) => Ok(()),
        Err(refusal) if refusal.code == RefusalCode::ChangedMeanwhile => {
            place.discard_whole()?;
            Err(OutError::Meanwhile.into())
        }
        Err(refusal) => Err(refusal.into()),
    }
}

/// Carries everything into the vault, looks whether all of it opens there, and makes its backup.
async fn fill(
    authority: &Authority<Postgres>,
    made: &Unpublished,
    place: &Place,
    leaving: &Leaving,
    passphrase: &SecretString,
) -> Result<(), Trouble> {
    let home = Authority::receiving(made.store().clone(), made.sealing_key(), leaving, System);
    let tenths = AtomicU64::new(0);
    let told = |done: u64, total: u64| {
        let now = 10 * done / total.max(1);
        // An error: nobody reads it.
        let _ = if tenths.swap(now, Ordering::Relaxed) < now { say(&format!("    {} % carried", 10 * now)) } else { Ok(()) };
        ControlFlow::Continue(())
    };
    authority.carry_to(&home, &told).await?;
    drop(home);
    let home = Authority::over(made.store().clone(), made.sealing_key(), System, "console").await?;
    let journal = home.examine_journal(&go_on).await?;
    let seals = home.try_seals(&go_on).await?;
    if journal.wrong > 0 || seals.broken > 0 {
        return Err(OutError::Unsound(journal.wrong, seals.broken).into());
    }
    drop(home);
    place.discard_whole()?;
    let backup = made.store().back_up(&place.whole(), passphrase, System.now(), &mut Drawing(&System), vault::unwatched());
    backup.await.map_err(OutError::from)?;
    Ok(())
}

/// Waits until nothing that was committed before the workspace was let go waits for a number: else it would stay behind.
async fn numbered(store: &Postgres) -> Result<(), Trouble> {
    let mut looks = 0;
    loop {
        match store.unnumbered().await? {
            0 => return Ok(()),
            waiting if looks == LOOKS => return Err(OutError::Unnumbered(waiting).into()),
            _ => looks += 1,
        }
        sleep(BETWEEN).await;
    }
}

async fn call_off(asked: &MoveOut, authority: &Authority<Postgres>, outgoing: &Outgoing) -> Result<(), Trouble> {
    let away = outgoing.away.as_ref().ok_or(OutError::Here)?;
    if away.arrived_at.is_some() {
        return Err(left(away).into());
    }
    if away.told && !asked.certain {
        return Err(OutError::MayBeWhole(away.to.clone()).into());
    }
    say(&format!("The workspace {} was let go on {}, into {}. Two owners call that off.", outgoing.name, moment(away.since), away.to))?;
    let two = two_owners(&Asking::begin(), authority).await?;
    let off = authority.call_off_move_out([&two[0], &two[1]], asked.certain).await;
    leave(authority, &two).await;
    off.map_err(why)?;
    say(&format!("It is called off: the server answers again. Delete what stands beside {}, if anything does.", away.to))
}

fn new_passphrase(asking: &Asking) -> Result<SecretString, Trouble> {
    let mut tries = 1;
    loop {
        let read = || -> Result<SecretString, Trouble> {
            let one = asking.secret("Passphrase of the file").map_err(unanswered)?;
            authority::check_passphrase(&one)?;
            let again = asking.secret("The same again").map_err(unanswered)?;
            if one.expose_secret() == again.expose_secret() { Ok(one) } else { Err(OutError::Differ.into()) }
        };
        match read() {
            Err(trouble) if asking.is_terminal() && tries < TRIES => say(&trouble.to_string())?,
            read => return read,
        }
        tries += 1;
    }
}

async fn two_owners(asking: &Asking, authority: &Authority<Postgres>) -> Result<[SessionToken; 2], Trouble> {
    let one = owner(asking, authority, "First owner").await?;
    match owner(asking, authority, "Second owner").await {
        Ok(other) => Ok([one, other]),
        Err(trouble) => {
            authority.leave_console(&one).await;
            Err(trouble)
        }
    }
}

async fn owner(asking: &Asking, authority: &Authority<Postgres>, which: &str) -> Result<SessionToken, Trouble> {
    let mut tries = 1;
    loop {
        say(which)?;
        let who = Credentials {
            email: asking.line("  E-mail").map_err(unanswered)?,
            password: asking.secret("  Password").map_err(unanswered)?,
            code: asking.secret("  Code of the authenticator").map_err(unanswered)?,
        };
        match authority.come_in_at_console(who).await {
            Err(refusal) if asking.is_terminal() && tries < TRIES => say(&words::sentence(Language::En, &refusal))?,
            came_in => return Ok(came_in?),
        }
        tries += 1;
    }
}

async fn leave(authority: &Authority<Postgres>, two: &[SessionToken; 2]) {
    for token in two {
        authority.leave_console(token).await;
    }
}

fn unanswered(error: io::Error) -> Trouble {
    if error.kind() == io::ErrorKind::UnexpectedEof { OutError::Unanswered.into() } else { error.into() }
}

/// As the console says it, where the window has other words.
fn why(refusal: Refusal) -> Trouble {
    match refusal.code {
        RefusalCode::NotAllowed => OutError::NotOwners.into(),
        RefusalCode::FactorNeeded => OutError::TooLong.into(),
        _ => refusal.into(),
    }
}

fn announce(outgoing: &Outgoing, place: &Place) -> Result<(), Trouble> {
    match &outgoing.away {
        None => say(&format!("The workspace {} leaves this server, into {}:", outgoing.name, place.called()))?,
        Some(away) => say(&format!(
            "The workspace {} was let go on {}. Nothing is in a file yet: it goes into {}:",
            outgoing.name,
            moment(away.since),
            place.called()
        ))?,
    }
    compared(&outgoing.carried)?;
    say("Left behind:")?;
    say(&format!("    {} paired desktops, {} programs that ask whether codes are right", outgoing.devices, outgoing.clients))?;
    say("    sessions, invitations and codes on their way, approvals, counts of failures, verdicts on what desktops asked")?;
    say(
        "The file holds every secret of the workspace, sealed by its passphrase alone. Two owners are asked now, each with password and authenticator.",
    )?;
    say("From then on this server answers nobody. Until the file is whole, `move-out --call-off` opens it again; after that nothing does.")
}

fn compared(carried: &Moved) -> Result<(), Trouble> {
    let Moved { people, communities, tokens, messages, others, entries, root, .. } = carried;
    say(&format!("    {people} people, {communities} communities, {tokens} tokens, {messages} messages, {others} other records"))?;
    say(&format!("    {entries} entries of the journal, root {root}"))
}

fn done(outgoing: &Outgoing, file: &Path) -> Result<(), Trouble> {
    say(&format!("The workspace is in {}, and was compared with what it left:", file.display()))?;
    compared(&outgoing.carried)?;
    say(
        "At a desktop: “Restore a backup”, this file and its passphrase. Choose to keep backup codes: the server takes none any more, so that",
    )?;
    say("every one that was used is known. Whoever is enrolled comes in with the next code of their authenticator.")?;
    say("Keep the database until the file was restored; then destroy both. A copy of either opens what it opens now.")
}
