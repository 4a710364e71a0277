//! `client`: the programs that may ask, at the console.

use authority::{Authority, Store};
use clap::{Args, Subcommand};
use jiff::Timestamp;

use crate::{
    check,
    commands::{Trouble, say},
    settings::Given,
};

#[derive(Debug, Subcommand)]
pub(crate) enum ClientCommand {
    /// Adds a program, and shows its key once.
    Add(Add),
    /// Lists the programs, what they may ask about, and when they last did.
    List(List),
    /// Removes a program. Its key asks nothing any more, in every process at once.
    Remove(Remove),
}

#[derive(Args, Debug)]
pub(crate) struct Add {
    /// What it is called, in the journal too: “VPN”.
    #[arg(long)]
    name: String,
    /// A community that it may ask about, by name or identifier; several may be named. The whole workspace where none is.
    #[arg(long = "realm", value_name = "COMMUNITY")]
    realms: Vec<String>,
    #[command(flatten)]
    given: Given,
}

#[derive(Args, Debug)]
pub(crate) struct List {
    #[command(flatten)]
    given: Given,
}

#[derive(Args, Debug)]
pub(crate) struct Remove {
    /// Its name, or its identifier.
    #[arg(long)]
    name: String,
    #[command(flatten)]
    given: Given,
}

impl ClientCommand {
    pub(crate) fn given(&self) -> &Given {
        match self {
            Self::Add(Add { given, .. }) | Self::List(List { given }) | Self::Remove(Remove { given, .. }) => given,
        }
    }
}

pub(crate) async fn carried_out<S: Store>(command: &ClientCommand, authority: &Authority<S>) -> Result<(), Trouble> {
    match command {
        ClientCommand::Add(add) => {
            let key = authority.add_client(&add.name, &add.realms).await?;
            say(&format!("Key of {}:\n    {}", add.name, check::shown(&key)))?;
            say("It is shown this once, and kept nowhere. The program sends it as “Authorization: Bearer …”.")
        }
        ClientCommand::List(_) => {
            let clients = authority.clients().await?;
            if clients.is_empty() {
                return say("There are none.");
            }
            for client in clients {
                let realms = match client.realms {
                    None => "the whole workspace".to_owned(),
                    Some(realms) if realms.is_empty() => "communities that are gone".to_owned(),
                    Some(realms) => realms.join(", "),
                };
                let used = client.used_at.map_or_else(|| "never used".to_owned(), |at| format!("last used {}", day(at)));
                say(&format!("{}  {}: {realms}; added {}, {used}", client.id, client.name, day(client.made_at)))?;
            }
            Ok(())
        }
        ClientCommand::Remove(remove) => {
            authority.remove_client(&remove.name).await?;
            say("It is removed: its key asks nothing any more.")
        }
    }
}

fn day(at: i64) -> String {
    Timestamp::from_second(at).map(|at| at.strftime("%Y-%m-%d").to_string()).unwrap_or_default()
}
