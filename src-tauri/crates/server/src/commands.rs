//! The commands of `sallyport-server`, and what they say at the console.

use std::{
    io::{self, Write},
    ops::ControlFlow,
    path::PathBuf,
    process::ExitCode,
};

use authority::{Authority, Finding, KeyEpoch, LetIn, Names, PAIRING_VALIDITY, Seals, Store, System, moving};
use clap::{Args, Parser, Subcommand, ValueEnum};
use jiff::Timestamp;
use postgres::Postgres;
use tracing_subscriber::EnvFilter;
use wire::{Refusal, people::IssuedCode, window::Language};

use crate::{
    clients::{self, ClientCommand},
    epoch::{self, BeginEpoch},
    keys::{self, KeyError},
    moving_out::{self, MoveOut, OutError},
    receiving, serving,
    settings::{Given, SettingsError},
    tls::{self, TlsError},
    words,
};

/// What may be logged, as `tracing` writes it.
const LOG: &str = "SALLYPORT_LOG";

/// The server of a Sallyport workspace.
#[derive(Debug, Parser)]
#[command(name = "sallyport-server", version, about, arg_required_else_help = true)]
pub struct Cli {
    /// A file of settings in TOML, named as the flags are. Flags and environment come first.
    #[arg(long, global = true, env = "SALLYPORT_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Answers until it is told to stop.
    Serve(Said),
    /// Founds a workspace in an empty database, and shows its owner's invitation once.
    Init(Init),
    /// Takes in one workspace that moves here from a desktop, into an empty database. Stopped or killed, it goes on when it is
    /// begun again.
    Receive(Receive),
    /// Moves the workspace out of this server, into an encrypted file that a desktop restores: two owners, each with password and
    /// authenticator, at this console. From then on nobody is answered here. Stopped or killed, it goes on when it is begun again.
    MoveOut(MoveOut),
    /// Lets an owner in again who has lost everything, and tells everybody who administers anything.
    RecoverOwner(RecoverOwner),
    /// Invites a desktop, and shows its pairing code once.
    Pair(Pair),
    /// Reads the whole journal and every sealed secret, and says what is wrong. Changes nothing.
    Verify(Said),
    /// Makes void what a restored backup would open again. For a restored database, before any server is started.
    BeginEpoch(BeginEpoch),
    /// Seals anew by the first key whatever the others sealed. It can be stopped, and goes on when it is begun again.
    RotateKey(Said),
    /// Keeps the programs that may ask whether codes are right.
    #[command(subcommand)]
    Client(ClientCommand),
    /// Writes a new key, as a line for the key file: one that seals, or one for codes. Needs no database.
    NewKey(NewKey),
    /// Shows the settings that hold, without passwords.
    Settings(Said),
}

#[derive(Args, Debug)]
struct NewKey {
    /// A key that recovery codes are issued with by desktops that do not reach the server, for this epoch: 0 to 7, and none of which
    /// there is a key in use.
    #[arg(long, value_name = "EPOCH")]
    offline: Option<u8>,
}

#[derive(Args, Debug)]
struct Said {
    #[command(flatten)]
    given: Given,
}

#[derive(Args, Debug)]
struct Init {
    /// What the workspace is called.
    #[arg(long)]
    name: String,
    /// What its owner is called.
    #[arg(long)]
    owner_name: String,
    /// The address that the owner signs in with.
    #[arg(long)]
    owner_email: String,
    /// The language of new accounts.
    #[arg(long, value_enum, default_value = "en")]
    language: Tongue,
    #[command(flatten)]
    given: Given,
}

#[derive(Args, Debug)]
struct Receive {
    /// Throws away what is here of a move that was not finished, and waits for nobody.
    #[arg(long)]
    discard: bool,
    #[command(flatten)]
    given: Given,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Tongue {
    En,
    Fr,
}

#[derive(Args, Debug)]
struct RecoverOwner {
    /// The address that the owner signs in with.
    #[arg(long)]
    email: String,
    #[command(flatten)]
    given: Given,
}

#[derive(Args, Debug)]
struct Pair {
    /// What the desktop is to be called. The journal keeps the name.
    #[arg(long)]
    name: String,
    #[command(flatten)]
    given: Given,
}

/// Why a command came to nothing.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Trouble {
    #[error(transparent)]
    Settings(#[from] SettingsError),
    #[error(transparent)]
    Keys(#[from] KeyError),
    #[error("an epoch is a number from 0 to 7")]
    Epoch,
    #[error(transparent)]
    Tls(#[from] TlsError),
    #[error(transparent)]
    Database(#[from] postgres::OpenError),
    #[error("{0}")]
    Workspace(#[from] authority::OpenError),
    #[error(transparent)]
    Store(#[from] authority::StoreError),
    #[error("{}", words::sentence(Language::En, .0))]
    Refused(Refusal),
    #[error(transparent)]
    Out(#[from] OutError),
    #[error("nobody who owns this workspace and may sign in here has this address")]
    NoOwner,
    #[error("there is a workspace in this database already")]
    Founded,
    #[error("{0} sealed secrets open with none of the keys: add the key that sealed them, or restore a backup")]
    Broken(u64),
    #[error("there is no move here that was not finished")]
    NothingToDiscard,
    #[error("the workspace of this database was founded here: nothing can move to it")]
    Taken,
    #[error("somebody uses this database ({0} connections): stop every server first")]
    Served(u64),
    #[error("nothing was changed: say --yes to do it")]
    Unconfirmed,
    #[error("something is wrong: see above")]
    Unsound,
    #[error("{0} cannot be listened at: {1}")]
    Listen(std::net::SocketAddr, io::Error),
    #[error(transparent)]
    Io(#[from] io::Error),
}

impl From<Refusal> for Trouble {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// Carries out a command.
#[must_use]
pub fn run(cli: Cli) -> ExitCode {
    let done = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Trouble::Io);
    match done.and_then(|runtime| runtime.block_on(carried_out(cli))) {
        Ok(()) => ExitCode::SUCCESS,
        Err(trouble) => {
            // An error: nobody reads it.
            let _ = writeln!(io::stderr(), "sallyport-server: {trouble}");
            ExitCode::from(if matches!(trouble, Trouble::Settings(_)) { 2 } else { 1 })
        }
    }
}

async fn carried_out(cli: Cli) -> Result<(), Trouble> {
    let file = || cli.config.as_deref().map_or_else(|| Ok(Given::default()), Given::of_file);
    match cli.command {
        Command::Serve(said) => {
            log("info");
            serving::serve(said.given.or(file()?).settled()?).await
        }
        Command::Init(init) => {
            log("warn");
            let given = init.given.clone().or(file()?);
            found(&init, given).await
        }
        Command::Receive(receive) => {
            log("warn");
            let given = receive.given.or(file()?);
            if receive.discard { receiving::discard(&opened(&given).await?).await } else { receiving::receive(given.settled()?).await }
        }
        Command::MoveOut(asked) => {
            log("warn");
            let opened = Opened::of(&asked.given.clone().or(file()?)).await?;
            let done = moving_out::carried_out(&asked, &opened.store, &opened.authority).await;
            opened.closing(done).await
        }
        Command::RecoverOwner(recover) => {
            log("warn");
            let opened = Opened::of(&recover.given.or(file()?)).await?;
            let done = let_in(&opened.authority, &recover.email).await;
            opened.closing(done).await
        }
        Command::Pair(pair) => {
            log("warn");
            let given = pair.given.or(file()?);
            // Looked at first: a code without the server's key would be of no use to anybody.
            let public_key = given.tls_cert.as_deref().map(tls::public_key).transpose()?;
            let opened = Opened::of(&given).await?;
            let done = invite_device(opened.authority.at("console"), public_key.as_deref(), &pair.name).await;
            opened.closing(done).await
        }
        Command::Verify(said) => {
            log("warn");
            let opened = Opened::of(&said.given.or(file()?)).await?;
            let done = verify(&opened.authority).await;
            opened.closing(done).await
        }
        Command::BeginEpoch(asked) => {
            log("warn");
            let opened = Opened::of(&asked.given.clone().or(file()?)).await?;
            let done = epoch::begin(&opened.store, &opened.authority, &asked).await;
            opened.closing(done).await
        }
        Command::RotateKey(said) => {
            log("warn");
            let opened = Opened::of(&said.given.or(file()?)).await?;
            let done = seal_anew(&opened.authority).await;
            opened.closing(done).await
        }
        Command::Client(command) => {
            log("warn");
            let opened = Opened::of(&command.given().clone().or(file()?)).await?;
            let done = clients::carried_out(&command, &opened.authority).await;
            opened.closing(done).await
        }
        Command::NewKey(NewKey { offline: None }) => {
            let (line, id) = keys::drawn();
            say(&format!("{}  # {id}", *line))
        }
        Command::NewKey(NewKey { offline: Some(epoch) }) => {
            let epoch = KeyEpoch::new(epoch.into()).ok_or(Trouble::Epoch)?;
            let (line, id) = keys::drawn_offline(epoch);
            say(&format!("{}  # {id}", *line))
        }
        Command::Settings(said) => {
            let settings = said.given.or(file()?).settled()?;
            say(settings.to_string().trim_end())
        }
    }
}

/// To standard error, one object a line; nothing of a body, a header or a query is ever in it.
fn log(usual: &str) {
    let filter = EnvFilter::try_from_env(LOG).unwrap_or_else(|_| EnvFilter::new(usual));
    // An error: somebody logs already.
    let _ = tracing_subscriber::fmt().json().with_env_filter(filter).with_writer(io::stderr).try_init();
}

pub(crate) fn say(line: &str) -> Result<(), Trouble> {
    Ok(writeln!(io::stdout(), "{line}")?)
}

/// A workspace that the console works on.
struct Opened {
    store: Postgres,
    authority: Authority<Postgres>,
}

impl Opened {
    async fn of(given: &Given) -> Result<Self, Trouble> {
        let keys = keys::keys(given.key_file.as_deref())?;
        let store = opened(given).await?;
        let authority = Authority::open(store.clone(), keys.sealing, System).await?.issuing_with(keys.issuing);
        Ok(Self { store, authority })
    }

    async fn closing(self, done: Result<(), Trouble>) -> Result<(), Trouble> {
        drop(self.authority);
        self.store.close().await;
        done
    }
}

async fn opened(given: &Given) -> Result<Postgres, Trouble> {
    let (url, connections) = given.database()?;
    Ok(Postgres::open(&url, &postgres::Settings { connections, ..postgres::Settings::default() }).await?)
}

async fn found(init: &Init, given: Given) -> Result<(), Trouble> {
    let keys = keys::founding(keys::keys(given.key_file.as_deref())?.sealing);
    let names = Names::read(matches!(init.language, Tongue::Fr), &init.name, &init.owner_name, &init.owner_email)?;
    let store = opened(&given).await?;
    if store.workspace().await?.is_some() {
        return Err(Trouble::Founded);
    }
    if moving::arriving::is_unfinished(&store).await? {
        return Err(Trouble::Workspace(authority::OpenError::Arriving));
    }
    let authority = Authority::new(store.clone(), keys, System, "console");
    let invitation = authority.found_inviting(&names).await?;
    drop(authority);
    say(&format!("The workspace {} is founded.", init.name))?;
    told(&invitation, "Invitation code")?;
    say("It is shown this once. The owner chooses “I have an invitation” on the sign-in page; recover-owner makes another.")?;
    store.close().await;
    Ok(())
}

async fn let_in(authority: &Authority<Postgres>, email: &str) -> Result<(), Trouble> {
    let codes = authority.recover_owner_at_console(email).await;
    let codes = codes.map_err(|refusal| if refusal.code == wire::RefusalCode::NotAllowed { Trouble::NoOwner } else { refusal.into() })?;
    match codes {
        LetIn::Invited(invitation) => told(&invitation, "Invitation code")?,
        LetIn::Both { password, recovery } => {
            told(&password, "Password code")?;
            told(&recovery, "Recovery code")?;
            say("The owner chooses a password with the first (“Forgotten your password?”), is asked for the second, and enrols anew.")?;
        }
    }
    say("Codes are shown this once. Everybody who administers anything is told.")
}

async fn invite_device(authority: Authority<Postgres>, public_key: Option<&[u8]>, name: &str) -> Result<(), Trouble> {
    let authority = match public_key {
        Some(public_key) => authority.known_by(public_key),
        None => authority,
    };
    let invited = authority.invite_device_at_console(name).await?;
    let until = moment(invited.expires_at);
    say(&format!("Pairing code for {}, valid for {} minutes, until {until}:", invited.name, PAIRING_VALIDITY / 60))?;
    say(&format!("    {}", invited.code.expose()))?;
    say(match public_key {
        Some(_) => "It is shown this once, and good for one desktop. It says by which key this server is known.",
        None => "It is shown this once, and good for one desktop. Desktops check the certificate against the roots of their system.",
    })?;
    say("At the desktop: “Pair with a server”, the server's address, and this code. Every owner is told.")
}

/// A moment as the console writes it.
pub(crate) fn moment(at: i64) -> String {
    Timestamp::from_second(at).map(|at| at.strftime("%Y-%m-%d %H:%M UTC").to_string()).unwrap_or_default()
}

fn told(issued: &IssuedCode, what: &str) -> Result<(), Trouble> {
    let until = moment(issued.expires_at);
    say(&format!("{what} for {} ({}), valid until {until}:\n    {}", issued.person.name, issued.person.email, issued.code.expose()))
}

pub(crate) fn go_on(_done: u64, _total: u64) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

async fn verify(authority: &Authority<Postgres>) -> Result<(), Trouble> {
    let journal = authority.examine_journal(&go_on).await?;
    say(&format!("Journal: {} entries, held against {} checkpoints.", journal.entries, journal.checkpoints))?;
    for finding in &journal.findings {
        say(&match finding {
            Finding::Entry(index) => format!("Entry {index} is not what was sealed."),
            Finding::Missing(index) => format!("Entry {index} is missing."),
            Finding::Tree => "The remembered tree does not come from the entries.".to_owned(),
            Finding::Checkpoint(size) => format!("The checkpoint of {size} entries does not hold."),
        })?;
    }
    if journal.wrong > journal.findings.len() as u64 {
        say(&format!("{} findings in all.", journal.wrong))?;
    }
    let seals = authority.try_seals(&go_on).await?;
    counted(&seals)?;
    match (journal.wrong, seals.broken) {
        (0, 0) => say("Nothing is wrong."),
        (_, 0) => Err(Trouble::Unsound),
        (_, broken) => Err(Trouble::Broken(broken)),
    }
}

async fn seal_anew(authority: &Authority<Postgres>) -> Result<(), Trouble> {
    let seals = authority.seal_anew(&go_on).await?;
    say(&format!("Sealed anew: {}.", seals.anew))?;
    counted(&seals)?;
    if seals.broken > 0 { Err(Trouble::Broken(seals.broken)) } else { Ok(()) }
}

fn counted(seals: &Seals) -> Result<(), Trouble> {
    for (key, count) in &seals.keys {
        say(&format!("Sealed secrets under key {key}: {count}."))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_flags_are_what_clap_takes() {
        Cli::command().debug_assert();
    }
}
