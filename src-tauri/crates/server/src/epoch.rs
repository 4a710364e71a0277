//! `begin-epoch`: what a database that came out of a backup needs before anybody is let in.

use std::time::Duration;

use authority::{Authority, Surroundings, System};
use clap::Args;
use jiff::Timestamp;
use postgres::Postgres;
use tokio::time::sleep;

use crate::{
    commands::{Trouble, moment, say},
    settings::Given,
};

/// How often it is looked again whether everybody is gone, and after how long each time.
const LOOKS: u32 = 12;
const BETWEEN: Duration = Duration::from_millis(250);

#[derive(Args, Debug)]
pub(crate) struct BeginEpoch {
    /// Does it. Without this nothing is changed.
    #[arg(long)]
    yes: bool,
    /// Backup codes that were unused when the backup was taken open again, also if they were used since.
    #[arg(long)]
    keep_backup_codes: bool,
    /// When the backup was taken; the time of the last entry of the journal where nothing is said.
    #[arg(long, value_name = "2026-01-31T08:00:00Z")]
    taken_at: Option<Timestamp>,
    #[command(flatten)]
    pub(crate) given: Given,
}

/// Begins it, in a database that nothing else uses.
pub(crate) async fn begin(store: &Postgres, authority: &Authority<Postgres>, asked: &BeginEpoch) -> Result<(), Trouble> {
    let last = authority.last_entry_at().await?;
    let taken_at = asked.taken_at.map(Timestamp::as_second).or(last).unwrap_or_else(|| System.now().0);
    say(&format!("The backup was taken at {}.", moment(taken_at)))?;
    say(
        "Sessions, invitations, codes on their way, approvals, unfinished enrolments and paired devices of before are void, time steps up to now are spent.",
    )?;
    say(if asked.keep_backup_codes {
        "Backup codes that were unused then open again, also those used since."
    } else {
        "Backup codes are void; whoever had some is told."
    })?;
    left_alone(store).await?;
    if !asked.yes {
        return Err(Trouble::Unconfirmed);
    }
    authority.begin_epoch_at_console(taken_at, asked.keep_backup_codes).await?;
    say("The epoch has begun. Start the servers.")
}

/// PostgreSQL lets go of the connections of a server that was stopped a moment later.
async fn left_alone(store: &Postgres) -> Result<(), Trouble> {
    let mut looks = 0;
    loop {
        match store.others().await? {
            0 => return Ok(()),
            others if looks == LOOKS => return Err(Trouble::Served(others)),
            _ => looks += 1,
        }
        sleep(BETWEEN).await;
    }
}
